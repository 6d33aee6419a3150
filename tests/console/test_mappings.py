"""The page of mappings: fields declared, changed and deleted, and what accounts map them to."""

from typing import Any

from playwright.async_api import Page

from tests.console.accounts import EVIL
from tests.console.conftest import Console, Visitor

NOTICE = {"key": "noticePeriod", "label": "Notice period", "owner": "CANDIDATE"}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def declare(visitor: Visitor, **fields: Any) -> str:
    """Send the form; the page that follows."""
    sent = NOTICE | {"new": "1"} | fields
    await visitor.post("/mappings/fields/put", sent, seen_on="/mappings")
    return (await visitor.get("/mappings")).text


async def notice(console: Console, integration: str, label: str = "Notice period") -> str:
    """The id of a custom field of candidates."""
    answer = await console.service.get("ats.customField.list", integration, owner="CANDIDATE")
    fields = answer.json()["data"]["customFields"]
    return str(next(one["id"] for one in fields if one["label"] == label))


async def mapped(console: Console, integration: str) -> list[Any]:
    data = (await console.service.get("mapping.list", integration)).json()["data"]
    return [one["mappedTo"] and one["mappedTo"]["label"] for one in data["mappings"]]


async def test_an_admin_declares_changes_and_deletes_a_field(
    console: Console, admin: Visitor
) -> None:
    declared = await declare(admin, app=["ashby"])
    changed = await declare(admin, new="", label="Notice", owner="JOB")
    await admin.post("/mappings/fields/noticePeriod/delete", seen_on="/mappings")
    deleted = (await admin.get("/mappings")).text
    audited = (await admin.get("/audit")).text

    assert "Declared: customers are asked for “Notice period” when they connect." in declared
    assert "Kept: “Notice”." in changed
    assert "Deleted, and unmapped at 0 accounts." in deleted
    assert "No field is declared yet." in deleted
    assert audited.count("mapping.field.put") == 2
    assert "mapping.field.delete" in audited


async def test_a_new_field_never_takes_the_place_of_another(admin: Visitor) -> None:
    await declare(admin)

    text = await declare(admin, label="Something else")

    assert "There is a declared field &#39;noticePeriod&#39; already." in text
    assert "Something else" not in text


async def test_what_is_wrong_with_a_field_is_said(admin: Visitor) -> None:
    key = await declare(admin, key="notice period")
    label = await declare(admin, label="")

    assert "key: is a letter, then letters, digits and underscores" in key
    assert "label: is needed" in label


async def test_every_vendor_ticked_means_those_to_come_as_well(
    console: Console, admin: Visitor
) -> None:
    await declare(admin, app=["ashby", "greenhouse", "lever"])

    (field,) = (await console.service.get("mapping.field.list")).json()["data"]["fields"]

    assert field["appIds"] == []


async def test_an_admin_maps_and_unmaps_an_account(console: Console, admin: Visitor) -> None:
    ashby = await console.service.connect("ashby")
    await declare(admin)
    page = f"/mappings/{ashby}"
    before = (await admin.get("/mappings")).text

    form = {"key": "noticePeriod", "field": await notice(console, ashby)}
    await admin.post(page, form, seen_on=page)
    shown = (await admin.get(page)).text
    after = (await admin.get("/mappings")).text
    kept = await mapped(console, ashby)
    await admin.post(page, {"key": "noticePeriod", "field": ""}, seen_on=page)

    assert "0 of 1" in before
    assert "1 to map" in before
    assert "Mapped: the next run of its syncs reads everything." in shown
    assert "selected>Notice period (text)" in shown
    assert "1 of 1" in after
    assert kept == ["Notice period"]
    assert await mapped(console, ashby) == [None]


async def test_what_a_vendor_lost_is_seen_and_a_vendor_that_fails_is_named(
    console: Console, admin: Visitor
) -> None:
    ashby = await console.service.connect("ashby")
    await declare(admin)
    page = f"/mappings/{ashby}"
    form = {"key": "noticePeriod", "field": await notice(console, ashby)}
    await admin.post(page, form, seen_on=page)
    async with console.service.desk.pool.acquire() as conn:
        await conn.execute("update mappings set custom_field_id = 'gone', label = 'Old notice'")

    await admin.get(page)
    overview = (await admin.get("/mappings")).text
    console.service.faults({"vendor": "ashby", "path": "*", "kind": "status", "status": 401})
    failing = (await admin.get(page)).text
    console.service.faults()

    assert "1 no longer in the ATS" in overview
    assert "The vendor's fields cannot be listed now" in failing
    assert "Old notice" in failing


async def test_support_reads_and_changes_nothing(
    console: Console, admin: Visitor, support: Visitor
) -> None:
    ashby = await console.service.connect("ashby")
    await declare(admin)
    form = {"key": "noticePeriod", "field": await notice(console, ashby)}
    page = "/mappings"

    pages = [(await support.get(path)).text for path in ("/mappings", f"/mappings/{ashby}")]
    refused = [
        await support.post("/mappings/fields/put", NOTICE, seen_on=page),
        await support.post("/mappings/fields/noticePeriod/delete", seen_on=page),
        await support.post(f"/mappings/{ashby}", form, seen_on=page),
    ]

    assert all("Notice period" in text and "<select" not in text for text in pages)
    assert [one.status_code for one in refused] == [403, 403, 403]
    assert await mapped(console, ashby) == [None]


async def test_a_form_of_another_site_changes_nothing(console: Console, admin: Visitor) -> None:
    ashby = await console.service.connect("ashby")
    await declare(admin)
    form = {"key": "noticePeriod", "field": await notice(console, ashby), "csrf": "x"}

    answers = [
        await admin.post("/mappings/fields/put", NOTICE | {"csrf": "x"}, seen_on="/mappings"),
        await admin.post(f"/mappings/{ashby}", form, seen_on="/mappings"),
    ]

    assert [one.status_code for one in answers] == [403, 403]
    assert await mapped(console, ashby) == [None]


async def test_labels_are_text_and_no_value_of_a_candidate_is_shown(
    console: Console, admin: Visitor
) -> None:
    greenhouse = await console.service.connect("greenhouse")
    await declare(admin, label=EVIL, description=EVIL)
    listed = await console.service.get("ats.candidate.list", greenhouse)
    names = {one["info"]["lastName"] for one in listed.json()["data"]["candidates"]}
    page = f"/mappings/{greenhouse}"
    form = {"key": "noticePeriod", "field": await notice(console, greenhouse, "Seniority")}
    await admin.post(page, form, seen_on=page)

    shown = (await admin.get("/mappings")).text + (await admin.get(page)).text

    assert "<script>document" not in shown
    assert "<img" not in shown
    assert not [name for name in names if f">{name}<" in shown]
    assert "Senior<" not in shown


async def test_the_pages_fit_a_phone(console: Console, admin: Visitor, page: Page) -> None:
    ashby = await console.service.connect("ashby")
    await declare(admin, description="How long until they can start, in weeks or months")
    await page.set_viewport_size({"width": 360, "height": 740})

    wide = []
    for path in ("/console/mappings", f"/console/mappings/{ashby}"):
        await page.goto(path)
        for summary in await page.locator("main summary").all():
            await summary.click()
        wide.append(await page.evaluate(TOO_WIDE))
        assert await page.locator("h1").count() == 1

    assert wide == [0, 0]

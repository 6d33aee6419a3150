"""The step in which a customer matches their custom fields, in a browser and without scripts."""

from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from tests.chromium import PATIENCE
from tests.connect.conftest import GOOD, Link, accounts, enter
from tests.service import Service

SAFE = "Notice period"
EVIL = "<script>document.title='taken'</script><img src=x onerror=alert(1)>"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# A vendor, a field of it that is filled, and whose it is.
FILLED = pytest.mark.parametrize(
    "field",
    [
        ("ashby", "Notice period", "CANDIDATE"),
        ("greenhouse", "Seniority", "CANDIDATE"),
        ("lever", "Cost centre", "JOB"),
    ],
)


async def declare(service: Service, **field: Any) -> None:
    wanted = {"key": "noticePeriod", "label": SAFE, "owner": "CANDIDATE", **field}
    answer = await service.post("mapping.field.put", body=wanted)
    assert answer.status_code == 200, answer.text


async def reach(tab: Page, address: str, app: str) -> None:
    """Connect an account, up to the step."""
    await tab.goto(address)
    await tab.click("a.button")
    if app == "lever":
        await tab.select_option("[name='settings.jobs']", "requisitions")
    await enter(tab, GOOD[app])
    if app == "lever":
        await tab.wait_for_selector("#user")
        await tab.click("a.quiet")
    await tab.wait_for_selector("text=Match your fields")
    await tab.wait_for_load_state()


async def mapped(service: Service) -> dict[str, str | None]:
    """What each declared field is matched to, by label."""
    (account,) = await accounts(service)
    data = (await service.get("mapping.list", account["integrationId"])).json()["data"]
    return {one["key"]: one["mappedTo"] and one["mappedTo"]["label"] for one in data["mappings"]}


async def set_notice(service: Service, text: str) -> None:
    """The notice period of every candidate at Ashby."""
    doors = f"{service.sandbox.url}/_sandbox/ashby"
    async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
        rows = (await http.get(f"{doors}/state", params={"kind": "candidates"})).json()
        for row in rows:
            change = {"kind": "set_custom_field", "field": SAFE, "value": text}
            answer = await http.post(f"{doors}/change", json={**change, "candidate": row["id"]})
            assert answer.status_code == 200, answer.text


@FILLED
async def test_a_field_called_the_same_is_guessed_shown_with_values_and_kept(
    field: tuple[str, str, str], service: Service, link: Link, tab: Page
) -> None:
    app, label, owner = field
    await declare(service, label=label.upper(), owner=owner, description="Asked by payroll")

    await reach(tab, await link(app), app)
    await tab.wait_for_selector("#values\\.noticePeriod q")
    shown = await tab.locator("#values\\.noticePeriod q").all_text_contents()
    await tab.click("button:has-text('Continue')")
    await tab.wait_for_selector("text=is connected")

    assert 1 <= len(shown) == len(set(shown)) <= 3
    assert await mapped(service) == {"noticePeriod": label}


async def test_without_scripts_a_button_shows_the_values(
    service: Service, link: Link, browser: Browser
) -> None:
    await declare(service, label="When can you start", owner="CANDIDATE")
    context = await browser.new_context(java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    tab = await context.new_page()

    await reach(tab, await link("ashby"), "ashby")
    await tab.select_option("#field\\.noticePeriod", label="Notice period (text)")
    await tab.click("button:has-text('Show values')")
    shown = await tab.locator("#values\\.noticePeriod q").all_text_contents()
    chosen = await tab.locator("#field\\.noticePeriod option:checked").text_content()
    kept_before = await mapped(service)
    await tab.click("button:has-text('Continue')")
    await tab.wait_for_selector("text=Ashby is connected")
    await context.close()

    assert shown
    assert chosen == "Notice period (text)"
    assert kept_before == {"noticePeriod": None}
    assert await mapped(service) == {"noticePeriod": "Notice period"}


async def test_a_choice_shows_its_values_at_once_or_that_there_are_none(
    service: Service, link: Link, tab: Page
) -> None:
    await declare(service, label="Level")

    await reach(tab, await link("greenhouse"), "greenhouse")
    await tab.select_option("#field\\.noticePeriod", label="Seniority (one of a list)")
    place = tab.locator("#values\\.noticePeriod")
    await expect(place.locator("q").first).to_be_visible()
    await tab.select_option("#field\\.noticePeriod", label="Notice period (text)")
    await expect(place).to_have_text("No value in the 50 records that we looked at.")
    await tab.select_option("#field\\.noticePeriod", "")

    await expect(place).to_have_text("")
    assert await tab.is_hidden("button:has-text('Show values')")


async def test_the_step_is_left_out_where_there_is_nothing_to_match(
    service: Service, link: Link, tab: Page
) -> None:
    await declare(service, appIds=["greenhouse"])
    await declare(service, key="costCentre", label="Cost centre", owner="JOB", appIds=["lever"])

    await tab.goto(await link("ashby"))
    await tab.click("a.button")
    await enter(tab, GOOD["ashby"])
    await tab.wait_for_selector("text=Ashby is connected")
    await tab.goto(await link("lever"))
    await tab.click("a.button")
    await enter(tab, GOOD["lever"])
    await tab.wait_for_selector("#user")
    await tab.click("a.quiet")

    await tab.wait_for_selector("text=Lever is connected")


async def test_skipping_keeps_the_connection_and_matches_nothing(
    service: Service, link: Link, tab: Page
) -> None:
    await declare(service)

    await reach(tab, await link("ashby"), "ashby")
    await tab.click("text=Skip this step")
    await tab.wait_for_selector("text=Ashby is connected")

    assert await mapped(service) == {"noticePeriod": None}


async def test_a_vendor_that_fails_does_not_spoil_the_connection(
    service: Service, link: Link, tab: Page
) -> None:
    await declare(service)
    service.faults(
        {"vendor": "ashby", "path": "/customField.list", "kind": "status", "status": 500}
    )

    await tab.goto(await link("ashby"))
    await tab.click("a.button")
    await enter(tab, GOOD["ashby"])
    await tab.wait_for_selector("#trouble")
    told = await tab.text_content("#trouble")
    service.faults()
    await tab.click("a.button")
    await tab.wait_for_selector("#field\\.noticePeriod")
    service.faults({"vendor": "ashby", "path": "/candidate.list", "kind": "status", "status": 500})
    await tab.select_option("#field\\.noticePeriod", label="Languages (several of a list)")
    await expect(tab.locator("#values\\.noticePeriod")).to_have_text(
        "Ashby shows us no values right now"
    )
    service.faults()
    await tab.click("button:has-text('Continue')")
    await tab.wait_for_selector("text=Ashby is connected")

    assert told is not None
    assert "does not tell us its fields" in told
    assert "Your connection is made" in told
    assert await mapped(service) == {"noticePeriod": "Languages"}


async def test_values_are_text_whatever_they_hold(service: Service, link: Link, tab: Page) -> None:
    await declare(service)
    await set_notice(service, EVIL)

    await reach(tab, await link("ashby"), "ashby")
    shown = await tab.locator("#values\\.noticePeriod q").all_text_contents()
    await expect(tab.locator("#values\\.noticePeriod q")).to_have_text(f"{EVIL[:59]}…")

    assert len(shown) <= 1
    assert await tab.title() == "Match your fields"
    assert await tab.locator("main script, main img").count() == 0


async def test_labels_of_the_user_and_of_the_vendor_are_text(
    service: Service, link: Link, tab: Page
) -> None:
    await declare(service, label=EVIL, description=EVIL)

    await reach(tab, await link("ashby"), "ashby")

    assert await tab.text_content("label[for='field.noticePeriod']") == EVIL
    assert await tab.title() == "Match your fields"


async def test_back_reload_and_a_second_tab_are_harmless(
    service: Service, link: Link, tab: Page
) -> None:
    await declare(service)
    await reach(tab, await link("ashby"), "ashby")
    address = tab.url
    other = await tab.context.new_page()

    await tab.reload()
    await other.goto(address)
    await other.select_option("#field\\.noticePeriod", label="Languages (several of a list)")
    await other.click("button:has-text('Continue')")
    await other.wait_for_selector("text=Ashby is connected")
    await tab.click("button:has-text('Continue')")
    await tab.wait_for_selector("text=Ashby is connected")
    await tab.go_back()
    await tab.wait_for_selector("#field\\.noticePeriod")

    assert await mapped(service) == {"noticePeriod": "Notice period"}
    assert len(await accounts(service)) == 1


async def test_connecting_again_shows_the_former_choice(
    service: Service, link: Link, tab: Page
) -> None:
    await declare(service)
    await reach(tab, await link("ashby"), "ashby")
    await tab.select_option("#field\\.noticePeriod", label="Languages (several of a list)")
    await tab.click("button:has-text('Continue')")
    await tab.wait_for_selector("text=Ashby is connected")

    await reach(tab, await link("ashby"), "ashby")

    chosen = await tab.locator("#field\\.noticePeriod option:checked").text_content()
    assert chosen == "Languages (several of a list)"


async def test_a_field_that_is_gone_is_named(service: Service, link: Link, tab: Page) -> None:
    await declare(service)
    await reach(tab, await link("ashby"), "ashby")
    await tab.click("button:has-text('Continue')")
    await tab.wait_for_selector("text=Ashby is connected")
    async with service.desk.pool.acquire() as conn:
        await conn.execute("update mappings set custom_field_id = 'gone', label = 'Old notice'")

    await reach(tab, await link("ashby"), "ashby")
    told = await tab.text_content("p.note")
    (account,) = await accounts(service)
    data = (await service.get("mapping.list", account["integrationId"])).json()["data"]

    assert told == "“Old notice”, chosen before, is no longer there. Choose another."
    assert data["mappings"][0]["mappedTo"]["exists"] is False


async def test_the_step_is_nobody_elses(
    service: Service, link: Link, tab: Page, person: httpx.AsyncClient
) -> None:
    await declare(service)
    fresh = await link("ashby")
    await reach(tab, fresh, "ashby")
    form = {"act": "keep", "field.noticePeriod": ""}

    before = await person.get(f"{await link('ashby')}/fields")
    stranger = await person.get(f"{fresh}/fields")
    posted = await person.post(f"{fresh}/fields", data=form)
    unknown = await person.get(f"{fresh}x/fields")

    assert before.status_code == 303
    assert before.headers["location"].startswith("/connect/")
    assert [stranger.status_code, posted.status_code, unknown.status_code] == [410, 403, 410]
    assert SAFE not in stranger.text


async def test_after_the_end_of_the_link_the_step_can_be_ended_and_not_begun(
    service: Service, link: Link, tab: Page, person: httpx.AsyncClient
) -> None:
    await declare(service)
    fresh = await link("ashby")
    await reach(tab, await link("ashby"), "ashby")
    await service.desk.pool.execute("update connect_sessions set expires_at = now()")

    unused = await person.get(f"{fresh}/fields")
    await tab.click("button:has-text('Continue')")
    await tab.wait_for_selector("text=Ashby is connected")

    assert unused.status_code == 410
    assert "This link has expired" in unused.text
    assert await mapped(service) == {"noticePeriod": SAFE}


async def test_pages_with_values_are_not_kept_by_browsers_and_not_logged(
    service: Service, link: Link, tab: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    await declare(service)
    await set_notice(service, "Seventeen fortnights")
    answers: list[Any] = []
    tab.on("response", lambda one: answers.append(one) if "/fields" in one.url else None)

    await reach(tab, await link("ashby"), "ashby")
    await expect(tab.locator("#values\\.noticePeriod q")).to_have_text("Seventeen fortnights")
    await service.desk.ledger.flush()
    async with service.desk.pool.acquire() as conn:
        tables = ("calls", "audit", "mappings", "mapping_fields")
        kept = [str(row) for name in tables for row in await conn.fetch(f"table {name}")]

    assert len(answers) >= 2
    assert {one.headers["cache-control"] for one in answers} == {"no-store"}
    assert "Seventeen" not in "".join(kept)
    assert "Seventeen" not in capsys.readouterr().out


async def test_the_keyboard_is_enough(service: Service, link: Link, tab: Page) -> None:
    await declare(service, label="Level")
    await reach(tab, await link("greenhouse"), "greenhouse")

    await tab.keyboard.press("Tab")
    first = await tab.evaluate("document.activeElement.id")
    await tab.keyboard.type("Seni")
    await expect(tab.locator("#values\\.noticePeriod q").first).to_be_visible()
    await tab.keyboard.press("Tab")
    await tab.keyboard.press("Enter")
    await tab.wait_for_selector("text=Greenhouse is connected")

    assert first == "field.noticePeriod"
    assert await mapped(service) == {"noticePeriod": "Seniority"}


@pytest.mark.parametrize("language", ["en", "de", "fr"])
async def test_it_fits_a_phone_in_every_language(
    language: str, service: Service, link: Link, tab: Page
) -> None:
    await tab.set_viewport_size({"width": 360, "height": 740})
    await declare(service, description="How long until they can start, in weeks or months")
    await declare(service, key="costCentre", label="Cost centre", owner="JOB")
    await tab.goto(await link("ashby", language=language))
    await tab.click("a.button")
    await enter(tab, GOOD["ashby"])

    await tab.wait_for_selector("#values\\.noticePeriod q")

    wide = await tab.evaluate(TOO_WIDE)
    unnamed = await tab.evaluate(
        "[...document.querySelectorAll('select')].filter((one) => !one.labels.length).length"
    )
    assert (wide, unnamed) == (0, 0)

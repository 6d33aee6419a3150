"""The console's switch for capturing details, and the pages of what was captured."""

import re
from datetime import UTC, datetime, timedelta

import msgspec
from playwright.async_api import Page, expect

from hireloom.kit.exchanges import Outlined
from hireloom.store import audit, captures, masters
from hireloom.store.captures import Captured
from tests.console.accounts import EVIL
from tests.console.conftest import Console, Visitor
from tests.console.test_browser import PALE, TOO_WIDE, UNHEARD

CAPTURED = re.compile(r'href="/console(/integrations/\w+/captures/\w+)"')


async def capturing(console: Console, admin: Visitor, app: str = "ashby") -> str:
    """An account with a capture on, started by hand."""
    integration = await console.service.connect(app)
    answer = await admin.post(
        f"/integrations/{integration}/capture", seen_on=f"/integrations/{integration}"
    )
    assert answer.status_code == 303
    return integration


async def list_jobs(console: Console, integration: str) -> str:
    """A call that is captured; its execution id."""
    answer = await console.service.get("ats.job.list", integration, pageSize=2)
    await console.service.desk.accounts.recorder.flush()
    return answer.headers["X-Execution-Id"]


async def actions(console: Console, integration: str) -> list[str]:
    async with console.service.desk.pool.acquire() as conn:
        return [one.action for one in await audit.page(conn, integration_id=integration)]


async def test_an_admin_captures_calls_and_looks_at_one(console: Console, admin: Visitor) -> None:
    integration = await capturing(console, admin)
    execution = await list_jobs(console, integration)

    section = (await admin.get(f"/integrations/{integration}")).text
    listed = (await admin.get(f"/integrations/{integration}/captures")).text
    paths = CAPTURED.findall(listed)
    shown = (await admin.get(paths[-1])).text

    assert "Capturing" in section
    assert "captured calls" in section
    assert len(paths) > 2
    assert "job.list" in listed
    assert "https://api.ashbyhq.com/job.list" in shown
    assert "‹text, " in shown
    assert f"/console/logs?execution={execution}" in shown
    assert "Request" in shown
    assert "Answer" in shown


async def test_from_the_log_it_is_one_click_to_what_was_captured(
    console: Console, admin: Visitor
) -> None:
    integration = await capturing(console, admin)
    execution = await list_jobs(console, integration)
    await list_jobs(console, integration)

    log = (await admin.get("/logs", execution=execution)).text
    other = (await admin.get("/logs", execution="ex_unknown")).text
    path = f"/integrations/{integration}/captures"
    listed = (await admin.get(path, execution=execution)).text

    assert f"/console{path}?execution={execution}" in log
    assert "captures?" not in other
    assert 2 < len(CAPTURED.findall(listed)) < len(CAPTURED.findall((await admin.get(path)).text))


async def test_support_reads_and_does_not_switch(
    console: Console, admin: Visitor, support: Visitor
) -> None:
    integration = await capturing(console, admin)
    await list_jobs(console, integration)
    path = f"/integrations/{integration}"

    page = (await support.get(path)).text
    listed = await support.get(f"{path}/captures")
    shown = await support.get(CAPTURED.findall(listed.text)[0])
    started = await support.post(f"{path}/capture", seen_on=path)
    stopped = await support.post(f"{path}/capture/stop", {"erase": "yes"}, seen_on=path)

    assert (listed.status_code, shown.status_code) == (200, 200)
    assert "/capture/stop" not in page + listed.text
    assert (started.status_code, stopped.status_code) == (403, 403)
    async with console.service.desk.pool.acquire() as conn:
        capture = await captures.latest(conn, integration)
    assert capture is not None
    assert capture.is_on


async def test_a_form_of_another_page_starts_and_erases_nothing(
    console: Console, admin: Visitor
) -> None:
    integration = await console.service.connect("ashby")
    path = f"/integrations/{integration}/capture"

    forged = await admin.http.post(f"/console{path}", data={"csrf": "guessed"})
    elsewhere = await admin.http.post(
        f"/console{path}/stop",
        data={"csrf": await admin.token(), "erase": "yes"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert (forged.status_code, elsewhere.status_code) == (403, 403)
    assert "Nothing is captured" in (await admin.get(f"/integrations/{integration}")).text
    assert "integration.capture.start" not in await actions(console, integration)


async def test_stop_and_erase_leaves_nothing(console: Console, admin: Visitor) -> None:
    integration = await capturing(console, admin)
    await list_jobs(console, integration)
    path = f"/integrations/{integration}"
    one = CAPTURED.findall((await admin.get(f"{path}/captures")).text)[0]

    answer = await admin.post(f"{path}/capture/stop", {"erase": "yes"}, seen_on=path)

    assert answer.status_code == 303
    assert "Nothing is captured" in (await admin.get(path)).text
    assert (await admin.get(one)).status_code == 404
    async with console.service.desk.pool.acquire() as conn:
        assert await conn.fetchval("select count(*) from captured") == 0


async def test_stopping_keeps_what_is_there(console: Console, admin: Visitor) -> None:
    integration = await capturing(console, admin)
    await list_jobs(console, integration)
    path = f"/integrations/{integration}"
    before = CAPTURED.findall((await admin.get(f"{path}/captures")).text)

    await admin.post(f"{path}/capture/stop", seen_on=path)
    await list_jobs(console, integration)

    assert CAPTURED.findall((await admin.get(f"{path}/captures")).text) == before


async def test_start_reading_and_stop_are_audited_by_name(console: Console, admin: Visitor) -> None:
    integration = await capturing(console, admin)
    await list_jobs(console, integration)
    path = f"/integrations/{integration}"
    await admin.get(CAPTURED.findall((await admin.get(f"{path}/captures")).text)[0])
    await admin.post(f"{path}/capture/stop", seen_on=path)

    done = await actions(console, integration)

    prefix = "integration.capture."
    mine = [one for one in done if one.startswith(prefix)]
    assert mine == [f"{prefix}stop", f"{prefix}read", f"{prefix}start"]


async def test_another_account_s_calls_are_not_found_here(console: Console, admin: Visitor) -> None:
    integration = await capturing(console, admin)
    await list_jobs(console, integration)
    other = await console.service.connect("lever")
    found = CAPTURED.findall((await admin.get(f"/integrations/{integration}/captures")).text)[0]

    answer = await admin.get(found.replace(integration, other))

    assert answer.status_code == 404


async def evil(console: Console, integration: str) -> str:
    """A captured call in which a vendor sent what no page may run."""
    outlined = Outlined(
        address=f"https://api.ashbyhq.com/{EVIL}",
        sent_headers={"accept": EVIL},
        sent=EVIL,
        answered_headers={EVIL: EVIL},
        answered=EVIL + "\n" + "x" * 600,
    )
    call = Captured(
        at=datetime.now(UTC), direction="out", execution_id="ex_evil", operation=EVIL,
        method="GET", status=500, code="x<b>", content=msgspec.json.encode(outlined),
    )  # fmt: skip
    desk = console.service.desk
    async with desk.pool.acquire() as conn, conn.transaction():
        key = await masters.data_key(conn, desk.vault, integration)
        capture = await captures.start(conn, integration, EVIL, timedelta(minutes=15))
        lately = timedelta(seconds=5)
        await captures.add(conn, key, integration, capture.id, [call], left_out=3, lately=lately)
    return f"/integrations/{integration}/captures"


async def test_what_a_vendor_sent_is_shown_and_never_run(console: Console, admin: Visitor) -> None:
    path = await evil(console, await console.service.connect("ashby"))

    listed = (await admin.get(path)).text
    shown = (await admin.get(CAPTURED.findall(listed)[0])).text

    assert "<script>document" not in listed + shown
    assert "<img" not in listed + shown
    assert shown.count("&lt;script&gt;document") > 4
    assert "no room for 3 more" in listed


async def test_its_pages_fit_and_can_be_read(console: Console, admin: Visitor, page: Page) -> None:
    integration = await capturing(console, admin)
    await list_jobs(console, integration)
    some = CAPTURED.findall((await admin.get(f"/integrations/{integration}/captures")).text)[1]
    path = await evil(console, integration)
    odd = CAPTURED.findall((await admin.get(path)).text)[0]

    for one in (f"/integrations/{integration}", path, some, odd):
        for width in (360, 1440):
            await page.set_viewport_size({"width": width, "height": 800})
            await page.goto(f"/console{one}")
            assert await page.evaluate(TOO_WIDE) <= 0, (one, width)
        assert await page.evaluate(UNHEARD) == [], one
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            assert await page.evaluate(PALE) == [], (one, scheme)


async def test_erasing_is_asked_first(console: Console, admin: Visitor, page: Page) -> None:
    integration = await capturing(console, admin)
    await page.goto(f"/console/integrations/{integration}")

    await page.get_by_role("button", name="Stop and erase").click()
    await page.get_by_role("button", name="Leave it").click()
    await expect(page.get_by_text("Capturing", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Stop and erase").click()
    await page.get_by_role("dialog").get_by_role("button", name="Stop and erase").click()

    await expect(page.get_by_text("Nothing is captured")).to_be_visible()
    await page.get_by_role("button", name="Capture for 15 minutes").click()
    await expect(page.get_by_text("Capturing", exact=True)).to_be_visible()

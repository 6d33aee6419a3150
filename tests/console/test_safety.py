"""Whatever vendors, receivers and customers say is text, and what other sites try does nothing."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from hireloom.settings import Settings
from tests.connect.host import hosting
from tests.console.accounts import furnished, log
from tests.console.conftest import Console, Visitor
from tests.console.test_pages import LOOKED_AT
from tests.console.trouble import account, in_trouble
from tests.service import Service, running
from tests.spite import HARM, nothing_ran, spiteful, watched

FORGED = """<!doctype html><html lang="en"><title>Other</title><body><script>
const send = (path) => fetch("{target}/console" + path, {{
  method: "POST", mode: "no-cors", credentials: "include",
  headers: {{ "Content-Type": "application/x-www-form-urlencoded" }}, body: "name=mine&scope=admin",
}}).catch(() => null);
Promise.all([send("/logout/everywhere"), send("/keys"), send("/webhooks")])
  .then(() => {{ document.title = "sent"; }});
</script></body></html>"""


@pytest.fixture
async def service(settings: Settings) -> AsyncIterator[Service]:
    async with spiteful() as vendor, running(settings, vendor) as found:
        yield found


async def test_a_vendor_s_reason_is_text_when_an_account_is_tested(
    console: Console, page: Page
) -> None:
    async with console.service.desk.pool.acquire() as conn:
        made = await account(
            console.service.desk, conn, HARM, "ashby", b'{"fields": {"apiKey": "k"}}'
        )
    await watched(page)
    await page.goto(f"/console/integrations/{made}")
    await page.get_by_role("button", name="Test now").click()

    await expect(page.get_by_role("status")).to_contain_text("<script>window.harmed=1</script>")
    await nothing_ran(page, "test now")


async def test_nothing_that_others_said_runs_on_any_page(console: Console, page: Page) -> None:
    desk = console.service.desk
    scene = await furnished(desk, HARM)
    async with desk.pool.acquire() as conn:
        await log(conn, 1, operation=HARM, code=HARM, integration_id=HARM, status=500)
    await in_trouble(desk, HARM)
    async with desk.pool.acquire() as conn:
        issues = await conn.fetch("select id from issues where opened_at is not null")
        runs = await conn.fetch("select integration_id, sync_id from sync_runs")
        letters = await conn.fetch("select id from outbox")
    await watched(page)
    shown = 0

    for path in (
        *(path for path in LOOKED_AT if not path.endswith("/rows")),
        f"/console/integrations/{scene.account}",
        *(f"/console/issues/{one['id']}" for one in issues),
        *(f"/console/syncs/{one['integration_id']}/{one['sync_id']}" for one in runs),
        *(f"/console/deliveries/dlv_{one['id']}" for one in letters),
    ):
        await page.goto(path)
        await nothing_ran(page, path)
        text = await page.locator("body").inner_text()
        shown += "<script>window.harmed=1</script>" in text
        assert (await page.title()).endswith("· Hireloom"), path

    assert shown >= 15


async def test_what_a_page_fetches_while_it_is_looked_at_runs_nothing(
    console: Console, page: Page
) -> None:
    await watched(page)
    await page.goto("/console/logs")
    await page.get_by_label("Follow live").check()
    async with console.service.desk.pool.acquire() as conn:
        await log(conn, 1, operation=HARM, code=HARM, status=500)

    await expect(page.locator("tbody tr", has_text="harmed").first).to_be_visible()
    await nothing_ran(page, "the followed log")


async def test_a_script_of_another_site_changes_nothing(
    console: Console, page: Page, admin: Visitor
) -> None:
    async with hosting({"/": FORGED.format(target=console.service.url)}) as host:
        other = await page.context.new_page()
        await other.goto(host)
        await other.wait_for_function("() => document.title === 'sent'")
        await other.close()

    assert (await admin.get("")).status_code == 200
    async with console.service.desk.pool.acquire() as conn:
        assert await conn.fetchval("select count(*) from webhooks") == 0
        assert await conn.fetchval("select count(*) from api_keys where name = 'mine'") == 0

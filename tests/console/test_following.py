"""From an issue to its lines of the log, to the delivery or the run, and back: two clicks each."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from hireloom.issues.kinds import KINDS
from hireloom.store import issues
from tests.console.accounts import log
from tests.console.conftest import Console, Visitor
from tests.console.trouble import in_trouble

PART_OF = "Part of the issue"


async def issue_of(console: Console, kind: str) -> issues.Issue:
    async with console.service.desk.pool.acquire() as conn:
        (found,) = await issues.page(conn, kind=kind)
    return found


def main(page: Page) -> Locator:
    return page.get_by_role("main")


async def test_every_kind_of_issue_is_followed_to_what_failed_and_back(
    console: Console, page: Page
) -> None:
    await in_trouble(console.service.desk)
    for kind in KINDS.values():
        here = f"/console/issues/{(await issue_of(console, kind.name)).id}"
        await page.goto(here)
        title = await page.get_by_role("heading", level=1).inner_text()
        if kind.lines is None:
            await expect(main(page).get_by_role("link", name="syncs that wait")).to_be_visible()
            continue

        await page.get_by_role("link", name="Its lines of the log").click()
        line = page.locator("tbody tr").first
        await expect(line.locator("[data-label=Method]")).not_to_be_empty()
        if kind.about == "account":
            back = main(page).get_by_text(PART_OF).get_by_role("link", name=title)
        else:
            thing = "run" if kind.about == "sync" else "delivery"
            await line.get_by_role("link", name=thing, exact=True).click()
            await expect(page).to_have_url(re.compile("/deliveries/dlv_|/syncs/"))
            back = main(page).get_by_text(PART_OF).get_by_role("link", name=title)
        await back.click()

        await expect(page).to_have_url(f"{console.service.url}{here}")


async def test_a_failed_line_of_the_log_names_its_issue(console: Console, admin: Visitor) -> None:
    await in_trouble(console.service.desk)
    failing = await issue_of(console, "call_failing")

    line = (await admin.get("/logs", execution="ex_down")).text
    async with console.service.desk.pool.acquire() as conn:
        await log(conn, 1, integration_id=failing.integration_id, execution_id="ex_well")
        await log(conn, 1, integration_id=failing.integration_id, execution_id="ex_other",
                  status=404, code="resource.not_found")  # fmt: skip
    others = [
        (await admin.get("/logs", execution="ex_well")).text,
        (await admin.get("/logs", execution="ex_other")).text,
    ]

    assert f'href="/console/issues/{failing.id}" title="ats.job.list fails with' in line
    assert not any(failing.id in text for text in others)


async def test_a_line_that_may_be_of_several_issues_names_none(
    console: Console, admin: Visitor
) -> None:
    await in_trouble(console.service.desk)
    busy = await issue_of(console, "rate_limited")
    async with console.service.desk.pool.acquire() as conn:
        await conn.execute(
            "insert into issues select integration_id, 'permission_missing', cause, 'iss_other',"
            " 'upstream.rate_limited', subject, detail, count, first_seen_at, last_seen_at, least,"
            " lasting, opened_at, opening + 100, is_over from issues where id = $1",
            busy.id,
        )
        await log(conn, 1, integration_id=busy.integration_id, status=429,
                  code="upstream.rate_limited", execution_id="ex_both")  # fmt: skip

    text = (await admin.get("/logs", execution="ex_both")).text

    assert ">issue</a>" not in text


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/deliveries", "webhook_failing"), ("/deliveries?state=dead", "dead_letters")],
)
async def test_a_list_of_deliveries_names_their_issues(
    console: Console, admin: Visitor, path: str, kind: str
) -> None:
    await in_trouble(console.service.desk)

    text = (await admin.http.get(f"/console{path}")).text

    assert f'href="/console/issues/{(await issue_of(console, kind)).id}"' in text


async def test_steps_name_the_console_s_pages_and_lead_there(console: Console, page: Page) -> None:
    await in_trouble(console.service.desk)
    dead = await issue_of(console, "dead_letters")
    listed = await console.service.get("issue.get", issueId=dead.id)

    await page.goto(f"/console/issues/{dead.id}")
    await page.get_by_role("link", name="the list of those given up").click()

    await expect(page.locator("tbody tr")).to_have_count(1)
    await expect(page.locator("tbody tr")).to_contain_text("Given up")
    assert "delivery.list with state dead" in listed.json()["data"]["issue"]["steps"][0]


async def test_the_overview_lists_issues_with_the_same_words(console: Console, page: Page) -> None:
    await in_trouble(console.service.desk)
    refused = await issue_of(console, "credentials_invalid")

    await page.goto("/console")
    await main(page).get_by_role("link", name="All issues").click()
    await main(page).get_by_role("link", name="The ATS no longer accepts").click()

    await expect(page).to_have_url(f"{console.service.url}/console/issues/{refused.id}")
    await expect(main(page)).not_to_contain_text("auth.createSession")
    await page.get_by_role("link", name="New magic link").click()
    await expect(page).to_have_url(
        f"{console.service.url}/console/integrations/{refused.integration_id}"
    )


async def test_an_attempt_that_was_repeated_since_leads_nowhere_and_says_so(
    console: Console, admin: Visitor
) -> None:
    answer = await admin.get("/deliveries/of/ex_none")

    assert answer.status_code == 404
    assert "A later attempt has a line of its own." in answer.text

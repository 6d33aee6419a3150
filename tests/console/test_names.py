"""Names of others: whatever they hold, they change nothing around them, and can be told apart."""

from playwright.async_api import Page

from tests.console.accounts import furnished
from tests.console.conftest import Console, Visitor
from tests.console.test_following import issue_of
from tests.console.trouble import in_trouble

TURNED = "Good\u202elive\u0007 Ltd"
TOO_FAR = """() => [...document.querySelectorAll('thead th')]
    .filter((e) => e.getBoundingClientRect().right > innerWidth).map((e) => e.textContent)"""
CUT = """() => [...document.querySelectorAll('.tabs a, td code')]
    .filter((e) => e.getBoundingClientRect().right > innerWidth).map((e) => e.textContent)"""


async def test_a_name_turns_nothing_round_and_stands_apart(
    console: Console, admin: Visitor
) -> None:
    scene = await furnished(console.service.desk, TURNED)

    for path in ("", "/integrations", f"/integrations/{scene.account}", "/syncs", "/deliveries",
                 f"/syncs/{scene.account}/{scene.sync.id}", "/webhooks", "/logs", "/mappings",
                 f"/deliveries/dlv_{scene.delivery}"):  # fmt: skip
        text = (await admin.get(path)).text
        assert not {"\u202e", "\u0007"} & set(text), path
        if path not in ("", "/logs"):
            assert "<bdi>Good live Ltd</bdi>" in text, path


async def test_a_long_name_leaves_the_other_columns_in_sight(console: Console, page: Page) -> None:
    await furnished(console.service.desk, "N" * 500)

    for path in ("/console/integrations", "/console/syncs", "/console/deliveries"):
        await page.set_viewport_size({"width": 1440, "height": 800})
        await page.goto(path)
        assert await page.evaluate(TOO_FAR) == [], path
        row = await page.locator("tbody tr").first.bounding_box()
        assert row is not None
        assert row["height"] < 180, path
    await page.set_viewport_size({"width": 360, "height": 800})
    for path in ("/console/syncs", "/console/deliveries", "/console/support"):
        await page.goto(path)
        assert await page.evaluate(CUT) == [], path
    assert await page.evaluate(TOO_FAR) == []


async def test_accounts_and_webhooks_can_be_told_apart(console: Console, admin: Visitor) -> None:
    scene = await furnished(console.service.desk, "Northwind")
    await in_trouble(console.service.desk)
    failing = await issue_of(console, "webhook_failing")

    listed = (await admin.get("/integrations")).text
    overview = (await admin.get("")).text
    issues = (await admin.get("/issues")).text
    issue = (await admin.get(f"/issues/{failing.id}")).text

    assert "<bdi>org-evil</bdi>" in listed
    assert "org-Slow River" in issues
    assert "The webhook waiting.example acknowledges nothing" in overview + issues
    for text in (issues, issue):
        assert f'<a href="/console/webhooks#{failing.subject}"><bdi>waiting.example</bdi>' in text
    assert "<title>The webhook waiting.example" in issue
    assert scene.account in listed


async def test_waiting_is_said_without_the_name_of_a_header(
    console: Console, admin: Visitor
) -> None:
    scene = await furnished(console.service.desk, "Northwind")
    async with console.service.desk.pool.acquire() as conn:
        hint = {"msg": "Down", "hint": "Try again after Retry-After seconds.", "category": "vendor"}
        await conn.execute("update sync_runs set error = $1", hint)

    text = (await admin.get(f"/syncs/{scene.account}/{scene.sync.id}")).text

    assert "Try again after a while." in text
    assert "Retry-After" not in text

"""A whole login through a provider in a real browser, with its rules about cookies and forms."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.barriers import DRAWN
from tests.chromium import PATIENCE
from tests.console.conftest import Console
from tests.console.provider import Provider
from tests.console.test_browser import PALE, TOO_WIDE, UNHEARD

BEYOND = """() => [...document.querySelectorAll('.card *')].filter((one) =>
  one.getBoundingClientRect().right > one.closest('.card').getBoundingClientRect().right
).map((one) => one.outerHTML)"""


@pytest.fixture
async def fresh(browser: Browser, joined: Console) -> AsyncIterator[Page]:
    """A browser that nobody is logged in with; whatever it complains of fails the test."""
    context = await browser.new_context(base_url=joined.service.url)
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(f"{line.type} {line.text}"))
    yield page
    await context.close()
    assert [one for one in complaints if "status of 403" not in one] == []


def elsewhere(provider: Provider) -> None:
    """Let the provider be another site than the console: `localhost`, which is not 127.0.0.1."""
    other = provider.url.replace("127.0.0.1", "localhost")
    provider.document = {
        "authorization_endpoint": f"{other}/authorize",
        "end_session_endpoint": f"{other}/logout",
    }


async def test_somebody_comes_in_through_the_provider_and_logs_out_of_both(
    fresh: Page, provider: Provider, joined: Console
) -> None:
    elsewhere(provider)
    await fresh.goto("/console/logs?method=ats.job.list")

    await fresh.get_by_role("button", name="Log in through").click()
    await fresh.get_by_role("button", name="I am Ada").click()
    await expect(fresh.get_by_role("heading", name="Logs")).to_be_visible()
    assert fresh.url == f"{joined.service.url}/console/logs?method=ats.job.list"
    await expect(fresh.get_by_text("Ada Lovelace")).to_be_visible()
    await fresh.reload()
    await expect(fresh.get_by_role("heading", name="Logs")).to_be_visible()
    await fresh.get_by_role("button", name="Log out").click()
    await fresh.get_by_role("link", name="too").click()

    await expect(fresh.get_by_role("heading", name="Log in")).to_be_visible()
    assert "logout" in provider.calls
    assert [one["name"] for one in await fresh.context.cookies()] == ["hireloom_visitor"]


async def test_without_script_the_way_is_the_same(
    browser: Browser, joined: Console, provider: Provider
) -> None:
    elsewhere(provider)
    context = await browser.new_context(base_url=joined.service.url, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    await page.goto("/console/login")

    await page.get_by_role("button", name="Log in through").click()
    await page.get_by_role("button", name="I am Ada").click()

    await expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    await context.close()


async def test_who_goes_back_or_reloads_is_not_let_in_twice_and_sees_what_to_do(
    fresh: Page, provider: Provider
) -> None:
    elsewhere(provider)
    provider.person["groups"] = []
    await fresh.goto("/console/login")

    await fresh.get_by_role("button", name="Log in through").click()
    await fresh.get_by_role("button", name="I am Ada").click()
    await expect(fresh.get_by_role("alert")).to_contain_text("It looks at: groups.")
    await fresh.reload()
    await expect(fresh.get_by_role("alert")).to_contain_text("was used already")
    provider.person["groups"] = ["hireloom-support"]
    await fresh.get_by_role("button", name="Log in through").click()
    await fresh.get_by_role("button", name="I am Ada").click()

    await expect(fresh.get_by_role("heading", name="Overview")).to_be_visible()


async def test_the_pages_of_a_login_fit_and_can_be_read(
    fresh: Page, provider: Provider, joined: Console
) -> None:
    async def look() -> None:
        await fresh.wait_for_load_state()
        for width in (360, 1440):
            await fresh.set_viewport_size({"width": width, "height": 800})
            await fresh.wait_for_function(DRAWN, arg=[width, "light"])
            assert await fresh.evaluate(TOO_WIDE) <= 0, fresh.url
            assert await fresh.evaluate(BEYOND) == [], fresh.url
        assert await fresh.evaluate(UNHEARD) == [], fresh.url
        for scheme in ("dark", "light"):
            await fresh.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            assert await fresh.evaluate(PALE) == [], (fresh.url, scheme)

    await fresh.goto("/console/login")
    await look()
    provider.fault = "denied"
    await fresh.get_by_role("button", name="Log in through").click()
    await fresh.get_by_role("button", name="I am Ada").click()
    await expect(fresh.get_by_role("alert")).to_be_visible()
    await look()
    provider.fault = ""
    await fresh.get_by_role("button", name="Log in through").click()
    await fresh.get_by_role("button", name="I am Ada").click()
    await expect(fresh.get_by_role("heading", name="Overview")).to_be_visible()
    await fresh.goto("/console/people")
    await look()
    await fresh.goto("/console/settings")
    await look()
    await fresh.get_by_role("button", name="Log out", exact=True).click()
    await expect(fresh.get_by_role("heading", name="You are logged out here")).to_be_visible()
    await look()

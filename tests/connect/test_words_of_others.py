"""What a vendor says while a connection is verified is text, and nothing but text."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from hireloom.settings import Settings
from tests.connect.conftest import Link
from tests.service import Service, running
from tests.spite import HARM, nothing_ran, spiteful, watched


@pytest.fixture
async def service(settings: Settings) -> AsyncIterator[Service]:
    async with spiteful() as vendor, running(settings, vendor) as found:
        yield found


async def test_a_vendor_s_reason_is_shown_and_never_run(link: Link, tab: Page) -> None:
    await watched(tab)
    await tab.goto(await link("ashby", originOrgName=HARM))
    await nothing_ran(tab, "intro")
    await tab.click("text=Continue")
    await tab.fill("[name='credentials.apiKey']", "a-key-of-nobody")
    await tab.click("button[type=submit]")
    await tab.click("#trouble summary")

    await expect(tab.locator("#trouble")).to_contain_text("window.harmed=1")
    await nothing_ran(tab, "trouble")

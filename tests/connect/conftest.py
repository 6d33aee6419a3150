"""What the tests of the connect window share: links, a tab, credentials that work."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page

from tests.chromium import PATIENCE
from tests.service import Service

Link = Callable[..., Awaitable[str]]

GOOD = {
    "ashby": {"apiKey": "sandbox-ashby-key"},
    "greenhouse": {
        "clientId": "sandbox-greenhouse-client",
        "clientSecret": "sandbox-greenhouse-secret-not-real",
    },
    "lever": {"apiKey": "lever-sandbox-api-key"},
}


@pytest.fixture
def link(service: Service) -> Link:
    async def make(*apps: str, **request: Any) -> str:
        body = {
            "originOrgId": "org-77",
            "originOrgName": "Example & Sons",
            "originUserEmail": "hr@example.com",
            "originUserName": "Kim Example",
            "filters": [{"category": "ATS", "apps": apps}] if apps else [],
            **request,
        }
        answer = await service.post("auth.createSession", body=body)
        assert answer.status_code == 200, answer.text
        found: str = answer.json()["data"]["url"]
        return found

    return make


@pytest.fixture
async def tab(browser: Browser) -> AsyncIterator[Page]:
    """A tab of a person who was never here; what its scripts complain of fails the test."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    await context.close()
    assert complaints == []


@pytest.fixture
async def person(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    """A browser's bare requests, with its cookies."""
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        yield http


async def follow(page: Page, what: str) -> None:
    """Click what leads to another page, and wait until that is there with its scripts."""
    async with page.expect_navigation():
        await page.click(what)


async def enter(page: Page, credentials: dict[str, str]) -> None:
    for name, value in credentials.items():
        await page.fill(f"[name='credentials.{name}']", value)
    await follow(page, "button[type=submit]")


async def accounts(service: Service, org: str = "org-77") -> list[dict[str, Any]]:
    answer = await service.get("integration.list", originOrgId=org)
    found: list[dict[str, Any]] = answer.json()["data"]["integrations"]
    return found

"""A vendor that answers with scripts, and a browser's page that notices when one runs."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

import msgspec
from playwright.async_api import Page

from hireloom.sandbox.app import Running
from tests.receiver import Receiver, Reply

HARM = """<script>window.harmed=1</script>"><img src=x onerror="window.harmed=1">'&"""
WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.blockedURI));
"""


@dataclass(frozen=True)
class Spiteful:
    """In the sandbox's place: where the vendors are."""

    origins: Mapping[str, str]


@asynccontextmanager
async def spiteful() -> AsyncIterator[Running]:
    """An Ashby that refuses everything, with a script as the reason."""
    body = msgspec.json.encode({"success": False, "errors": [HARM]})
    async with Receiver() as receiver:
        receiver.answer = lambda _: Reply(200, {"Content-Type": "application/json"}, body)
        yield cast(Running, Spiteful({"https://api.ashbyhq.com": receiver.url}))


async def watched(page: Page) -> None:
    """From its next address on."""
    await page.add_init_script(WATCH)


async def nothing_ran(page: Page, where: str) -> None:
    """Neither a script of others, nor one that only the page's policy held back."""
    assert await page.evaluate("() => window.harmed") is None, where
    assert await page.evaluate("() => window.violations") == [], where

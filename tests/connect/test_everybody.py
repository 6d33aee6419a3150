"""Everybody can connect: no step has a barrier, at any width, by day and by night."""

import pytest
from playwright.async_api import Page

from tests.barriers import barriers, tab_barriers
from tests.connect.conftest import GOOD, Link, follow


@pytest.mark.parametrize("language", ["en", "de", "fr"])
async def test_no_step_has_a_barrier(link: Link, tab: Page, language: str) -> None:
    found: list[str] = []

    async def look(step: str) -> None:
        found.extend(await barriers(tab, step) + await tab_barriers(tab, step))

    await tab.goto(await link(language=language))
    await look("choose")
    await follow(tab, "text=Lever")
    await tab.click("summary")
    await look("intro")
    await follow(tab, "a.button")
    await look("form")
    await tab.fill("[name='credentials.apiKey']", "wrong")
    await follow(tab, "button[type=submit]")
    await tab.click("#trouble summary")
    await look("trouble")
    await tab.fill("[name='credentials.apiKey']", GOOD["lever"]["apiKey"])
    await follow(tab, "button[type=submit]")
    await tab.wait_for_selector("#user")
    await look("actor")
    await follow(tab, "a.quiet")
    await look("done")
    await follow(tab, "a.quiet")
    await look("off")
    await follow(tab, "button.danger")
    await tab.wait_for_selector(".sign.off")
    await look("disconnected")
    await tab.goto(f"{await link()}x")
    await look("ended")

    assert not found, "\n".join(found)

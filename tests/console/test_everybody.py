"""Everybody can use the console: by ear, by keyboard, with weak eyes, on a telephone, at night."""

import pytest
from playwright.async_api import Page

from tests.barriers import barriers, tab_barriers
from tests.console.accounts import furnished, log
from tests.console.conftest import Console
from tests.console.test_pages import LOOKED_AT
from tests.console.trouble import in_trouble

EMPTY = [path for path in LOOKED_AT if not path.endswith("/rows")]


async def with_something(console: Console) -> list[str]:
    """The paths of every page that shows one thing of an installation with trouble."""
    desk = console.service.desk
    scene = await furnished(desk, "A name that is as long as names of organisations can be GmbH")
    await in_trouble(desk)
    async with desk.pool.acquire() as conn:
        await log(conn, 20, integration_id=scene.account)
        issue = await conn.fetchval("select id from issues where kind = 'dead_letters' limit 1")
    return [
        f"/console/issues/{issue}",
        f"/console/integrations/{scene.account}",
        f"/console/syncs/{scene.account}/{scene.sync.id}",
        f"/console/deliveries/dlv_{scene.delivery}",
    ]


@pytest.mark.parametrize("half", [0, 1])
async def test_no_page_has_a_barrier(console: Console, page: Page, half: int) -> None:
    paths = [*await with_something(console), *EMPTY]
    found: list[str] = []

    for path in paths[half::2]:
        await page.goto(path)
        found += await barriers(page, path)

    assert not found, "\n".join(found)


async def test_every_page_is_walked_through_by_the_keyboard(console: Console, page: Page) -> None:
    await page.set_viewport_size({"width": 1440, "height": 800})
    found: list[str] = []

    for path in [*await with_something(console), *EMPTY]:
        await page.goto(path)
        found += await tab_barriers(page, path)

    assert not found, "\n".join(found)


async def test_the_door_has_no_barrier(console: Console, page: Page) -> None:
    await page.context.clear_cookies()
    found: list[str] = []

    for path in ("/console/login", f"/console/start/{await console.link()}"):
        await page.goto(path)
        found += await barriers(page, path) + await tab_barriers(page, path)

    assert not found, "\n".join(found)

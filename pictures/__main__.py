"""Makes every picture of docs/img anew, from an installation that lasts as long as this takes."""

import argparse
import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from benchmarks.environments import free_port
from benchmarks.installation import installed
from playwright.async_api import Browser, Page, async_playwright
from tests import chromium

from hireloom import web
from hireloom.console import pages
from hireloom.console.visit import SESSION
from hireloom.desk import Desk
from hireloom.sandbox.app import Running
from hireloom.store import keys, operators
from pictures import shots
from pictures.scene import furnish
from pictures.smaller import smaller

FOLDER = Path(__file__).parent.parent / "docs" / "img"
WIDTH, HEIGHT, TALLEST = 1280, 800, 1300
LARGEST = 120_000  # bytes
SCHEMES = ("light", "dark")


class Camera:
    """Takes pictures of what a page shows, and keeps them under a name."""

    def __init__(self, page: Page, folder: Path, only: str) -> None:
        self._page, self._folder, self._only = page, folder, only
        self.scheme = "light"

    async def prepare(self) -> None:
        devtools = await self._page.context.new_cdp_session(self._page)
        await devtools.send("Emulation.setScrollbarsHidden", {"hidden": True})

    async def take(self, name: str) -> None:
        file = self._folder / f"{name}-{self.scheme}.png"
        if self._only not in file.name:
            return
        await self._page.mouse.move(0, 0)
        await self._page.evaluate("() => document.fonts.ready.then(() => scrollTo(0, 0))")
        tall = await self._page.evaluate("() => document.documentElement.scrollHeight")
        high = max(HEIGHT, min(tall, TALLEST))
        await self._page.set_viewport_size({"width": WIDTH, "height": high})
        raw = await self._page.screenshot(animations="disabled")
        await self._page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        content = await smaller(self._page.context, raw)
        if len(content) > LARGEST:
            raise ValueError(f"{file.name} has {len(content):,} bytes, more than {LARGEST:,}")
        file.write_bytes(content)
        print(f"{file.name} {len(content):,}", file=sys.stderr)

    async def take_step(self, name: str) -> None:
        await self.take(f"connect-{name}")

    async def turn(self, scheme: str) -> None:
        self.scheme = scheme
        await self._page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")


@asynccontextmanager
async def listening(desk: Desk, port: int) -> AsyncIterator[httpx.AsyncClient]:
    """Serve on a port; yields a client of the API with a key."""
    stopped = asyncio.Event()
    serving = asyncio.create_task(web.listen(web.make_app(desk), "127.0.0.1", port, stopped))
    async with desk.pool.acquire() as conn:
        key = (await keys.create(conn, "pictures", ["read", "write", "admin"])).secret
    url, headers = f"http://127.0.0.1:{port}", {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as http:
        for _ in range(500):
            with contextlib.suppress(httpx.TransportError):
                await http.get("/health")
                break
            await asyncio.sleep(0.02)
        yield http
    stopped.set()
    await serving


async def log_in(desk: Desk, page: Page, url: str) -> None:
    async with desk.pool.acquire() as conn, conn.transaction():
        people: tuple[tuple[str, operators.Role], ...] = (("Sam", "support"), ("Ada", "admin"))
        for name, role in people:
            link = await operators.make_link(conn, "terminal", role, "the pictures")
            operator = await operators.join(conn, link, name, "")
        assert operator is not None
        token = await operators.open_session(conn, operator.id)
    await page.context.add_cookies([{"name": SESSION, "value": token, "url": f"{url}/console"}])


async def take_all(browser: Browser, folder: Path, only: str) -> None:
    with Running(size=120, seed=11, limits=False) as sandbox, installed(sandbox.origins) as home:
        async with home.desk() as desk, listening(desk, free_port()) as http:
            scene = await furnish(desk)
            context = await browser.new_context(
                base_url=str(http.base_url), viewport={"width": WIDTH, "height": HEIGHT}
            )
            page = await context.new_page()
            camera = Camera(page, folder, only)
            await camera.prepare()
            for scheme in SCHEMES:
                await camera.turn(scheme)
                await page.goto("/console/login")
                await camera.take("console-login")
            await log_in(desk, page, str(http.base_url).rstrip("/"))
            paths = {route.path for route in pages.ROUTES}
            for scheme in SCHEMES:
                await camera.turn(scheme)
                for name, path in shots.console_pages(scene, paths).items():
                    await page.goto(path)
                    await camera.take(f"console-{name}")
            for scheme in SCHEMES:
                await camera.turn(scheme)
                await shots.connect_steps(page, http, sandbox, camera.take_step)
                await shots.consent_step(page, http, camera.take_step)
                await shots.fields_step(page, http, sandbox, camera.take_step)
                async with shots.embedded(page, http):
                    await camera.take_step("embedded")


async def run(folder: Path, only: str) -> None:
    path = chromium.found()
    if path is None:
        raise SystemExit(f"There is no Chromium; name one with {chromium.VARIABLE}.")
    with chromium.started(path) as address:
        async with async_playwright() as playwright:
            await take_all(await playwright.chromium.connect_over_cdp(address), folder, only)


def main() -> None:
    """Take all, or those whose name holds some letters."""
    parser = argparse.ArgumentParser(prog="scripts/pictures", description=__doc__)
    parser.add_argument("only", nargs="?", default="", help="a part of the names of those to take")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(run(options.folder, options.only))


main()

"""The page of a product that embeds the connect window, on an origin of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from playwright.async_api import Page

PRODUCT = """<!doctype html><html lang="en"><head><title>Product</title>
<style>hireloom-connect {{ --hireloom-primary: rgb(10, 90, 60) }}</style>
<script type="module" src="{url}/connect.js"></script></head>
<body><{name} id="connect" authsessiontoken="{token}"{more}>
<button slot="trigger">Connect</button></{name}>
<script>
window.events = [];
for (const name of ["onNewSession", "onFinish", "onDeactivate", "onKnitClose"]) {{
  document.addEventListener(name, (event) => events.push([name, event.detail]));
}}
</script></body></html>"""
STRANGER = """<!doctype html><html lang="en"><head><title>Stranger</title></head>
<body><iframe src="{address}" width="400" height="400"></iframe>
<script>
window.heard = [];
addEventListener("message", (event) => heard.push(event.data));
</script></body></html>"""


@asynccontextmanager
async def hosting(pages: dict[str, str], name: str = "localhost") -> AsyncIterator[str]:
    """Serve pages by their paths; by this name another site than the API's, as browsers see it."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        body = pages.get(request.path, "")
        return web.Response(text=body, content_type="text/html", status=200 if body else 404)

    # Browsers open connections in advance, and leave them open: it closes them all.
    runner = web.ServerRunner(web.Server(answer), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://{name}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def framed(tab: Page) -> None:
    """Wait until the scripts of the page that is seen in the frame have run."""
    (frame,) = [one for one in tab.frames if one.parent_frame]
    await frame.wait_for_load_state()


async def heard(tab: Page, number: int) -> None:
    """Wait until the product's page heard so many events."""
    await tab.wait_for_function("number => window.events.length >= number", arg=number)


def product(url: str, token: str, name: str = "hireloom-connect", more: str = "") -> str:
    return PRODUCT.format(url=url, token=token, name=name, more=more)


def stranger(address: str) -> str:
    return STRANGER.format(address=address)

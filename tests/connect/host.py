"""The page of a product that embeds the connect window, on an origin of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

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
async def hosting(pages: dict[str, str]) -> AsyncIterator[str]:
    """Serve pages by their paths; another site than the API's, as browsers see it."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
        body = pages.get(asked.partition("?")[0], "").encode()
        status = "200 OK" if body else "404 Not Found"
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n"
        writer.write(
            f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://localhost:{server.sockets[0].getsockname()[1]}"


def product(url: str, token: str, name: str = "hireloom-connect", more: str = "") -> str:
    return PRODUCT.format(url=url, token=token, name=name, more=more)


def stranger(address: str) -> str:
    return STRANGER.format(address=address)

"""Files that stream through: whole, at the client's pace, and not for a client that is gone."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from hireloom.kit.origins import Origins
from tests.outage import until
from tests.service import Service

MIB = 1024 * 1024


class Vendor:
    """A vendor whose every answer is one long file; `state` says how that went."""

    def __init__(self) -> None:
        self.sent = 0
        self.state = "open"
        self.headers = ""
        self.content: bytes | None = None

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = self.content
        length = 200 * MIB if body is None else len(body)
        writer.write(f"HTTP/1.1 200 OK\r\n{self.headers}Content-Length: {length}\r\n\r\n".encode())
        try:
            if body is not None:
                writer.write(body)
            while body is None and self.sent < 200:
                writer.write(bytes(MIB))
                await writer.drain()
                self.sent += 1
            await writer.drain()
            self.state = "finished"
        except ConnectionError:
            self.state = "cut off"
        finally:
            writer.close()


@asynccontextmanager
async def plugged_in(service: Service, vendor: Vendor) -> AsyncIterator[str]:
    integration = await service.connect("lever")
    server = await asyncio.start_server(vendor.answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    http = service.desk.accounts.http
    before = http.origins
    http.origins = Origins({**before.targets, "https://api.lever.co": f"http://127.0.0.1:{port}"})
    yield integration
    await until(lambda: vendor.state != "open")
    http.origins = before
    server.close()


async def open_stream(
    service: Service, integration: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    url = httpx.URL(service.url)
    body = json.dumps({"method": "GET", "path": "/x"}).encode()
    headers = service.headers(integration) | {
        "Host": "test",
        "Accept": "application/octet-stream",
        "Content-Length": str(len(body)),
    }
    told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    reader, writer = await asyncio.open_connection(url.host, url.port, limit=65536)
    writer.write(f"POST /v1.0/passthrough HTTP/1.1\r\n{told}\r\n".encode() + body)
    await reader.readuntil(b"\r\n\r\n")
    return reader, writer


async def for_a_while(is_so: Callable[[], bool]) -> None:
    """Let it happen, if it does."""
    for _ in range(250):
        if is_so():
            return
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("reads", [0, 2 * MIB])
async def test_a_client_that_hangs_up_ends_the_vendor_s_stream(
    service: Service, reads: int
) -> None:
    vendor = Vendor()
    async with plugged_in(service, vendor) as integration:
        reader, writer = await open_stream(service, integration)
        got = 0
        while got < reads:
            got += len(await reader.read(65536))
        writer.transport.abort()

        await until(lambda: vendor.state != "open")
        assert vendor.state == "cut off"
        assert vendor.sent < 200


async def test_a_client_that_does_not_read_holds_the_vendor_back(service: Service) -> None:
    vendor = Vendor()
    async with plugged_in(service, vendor) as integration:
        _, writer = await open_stream(service, integration)
        await for_a_while(lambda: vendor.sent >= 40)

        assert vendor.sent < 40
        writer.transport.abort()


async def test_a_compressed_file_arrives_whole(service: Service) -> None:
    vendor = Vendor()
    content = b"the same line again and again\n" * 500
    vendor.content = gzip.compress(content)
    vendor.headers = "Content-Encoding: gzip\r\n"
    async with plugged_in(service, vendor) as integration:
        answer = await service.post(
            "passthrough",
            integration,
            {"method": "GET", "path": "/x"},
            headers={"Accept": "application/octet-stream"},
        )

    assert answer.content == content

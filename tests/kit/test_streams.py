"""Files on their way from a vendor: how long they are said to be, and how long they may take."""

import asyncio
import gzip
import time
from collections.abc import AsyncIterator

import pytest

from hireloom.errors import TimedOutError, TooLargeError
from hireloom.kit import Stream, connector
from hireloom.kit.message import Request
from hireloom.kit.trip import Trip, travel
from hireloom.models import FileDraft
from tests.kit.conftest import Way
from tests.kit.harbor import FILES, HOME, Call, Harbor, Reply, Vendor

TEXT = b"a long letter, " * 1000
PACKED = gzip.compress(TEXT)


async def no_chunks() -> AsyncIterator[bytes]:
    if False:
        yield b""


def head(**headers: str) -> Stream:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Stream(200, named, no_chunks())


async def test_a_file_is_asked_for_as_it_is(way: Way, vendor: Vendor) -> None:
    vendor.script(Reply(body=TEXT))
    harbor = way.to(Harbor)
    request = harbor.request("GET", "/files/1").with_header("Accept-encoding", "gzip, br")

    stream = await harbor.channel.stream(request)

    assert vendor.calls[0].headers["accept-encoding"] == "identity"
    assert stream.size == len(TEXT)
    assert b"".join([chunk async for chunk in stream.chunks]) == TEXT


async def test_a_file_that_comes_compressed_all_the_same_is_whole(way: Way, vendor: Vendor) -> None:
    vendor.script(Reply(body=PACKED).with_headers(Content_Encoding="gzip"))

    stream = await way.to(Harbor).open("/files/1")

    assert stream.size is None
    assert b"".join([chunk async for chunk in stream.chunks]) == TEXT


async def test_an_answer_to_head_is_as_long_as_it_is(way: Way, vendor: Vendor) -> None:
    vendor.script(Reply(body=TEXT))

    stream = await way.to(Harbor).channel.stream(Request("HEAD", f"{HOME}/files/1"))

    assert stream.size == 0
    assert b"".join([chunk async for chunk in stream.chunks]) == b""


@pytest.mark.parametrize("length", ["", "-1", "1.5", "²", "9" * 16, "9" * 5000, "1, 1"])
def test_a_length_that_cannot_be_is_not_passed_on(length: str) -> None:
    assert head(content_length=length).size is None


def test_a_length_is_that_of_the_bytes() -> None:
    assert head(content_length="42").size == 42
    assert head(content_length="42", content_encoding="Identity").size == 42
    assert head(content_length="42", content_encoding="br").size is None
    assert head().size is None


def test_a_file_of_no_type_is_bytes() -> None:
    assert head(content_type="text/plain; charset=x").content_type == "text/plain; charset=x"
    assert head(content_type="").content_type == "application/octet-stream"
    assert head().content_type == "application/octet-stream"


def by_link(name: str) -> FileDraft:
    return FileDraft(name="cv.pdf", url=f"{FILES}/{name}")


@pytest.mark.parametrize("slow", [Reply(hang=True, silent=True), Reply(length=9, hang=True)])
async def test_a_file_by_link_arrives_within_the_operation(
    way: Way, vendor: Vendor, slow: Reply
) -> None:
    vendor.script(slow)

    async with asyncio.timeout(120):
        with travel(Trip(ends=time.monotonic() + 0.4)), pytest.raises(TimedOutError) as caught:
            await way.to(Harbor).content_of(by_link("cv.pdf"))

    assert not caught.value.may_have_arrived


async def test_a_file_that_drips_has_no_time_of_its_own(way: Way) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        begun.set()
        try:
            while True:
                writer.write(b".")
                await writer.drain()
                await asyncio.sleep(0.05)
        except ConnectionError:
            writer.close()
            ended.set()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    harbor = way.to(Harbor)
    target = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    object.__setattr__(way.open[0].origins, "targets", {FILES: target})

    with travel(Trip(ends=time.monotonic() + 1)), pytest.raises(TimedOutError, match="link"):
        await harbor.content_of(by_link("cv.pdf"))

    if begun.is_set():  # a slow machine may not come to open the link at all
        async with asyncio.timeout(120):
            await ended.wait()  # the link was let go, not only forgotten
    server.close()


async def test_a_file_by_link_has_a_largest_size(
    way: Way, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connector, "LARGEST_FILE", 1000)
    vendor.answer = lambda call: Reply(body=b"." * (1000 if is_small(call) else 1001))
    harbor = way.to(Harbor)

    assert len(await harbor.content_of(by_link("small"))) == 1000
    with pytest.raises(TooLargeError):
        await harbor.content_of(by_link("large"))


def is_small(call: Call) -> bool:
    return call.target.endswith("/small")

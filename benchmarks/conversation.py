"""HTTP as the benchmarks' own servers speak it: httptools reads, uvloop writes, one process.

An answer is a head and a body that lie ready in memory; it may be due later, or never.
"""

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import httptools
import uvloop

Answer = tuple[bytes, bytes]
REASONS = {200: b"OK", 400: b"Bad Request", 401: b"Unauthorized", 404: b"Not Found"}


@dataclass
class Request:
    """One request; of its headers, those that the server wants, in lower case."""

    method: bytes = b""
    target: bytes = b""
    headers: dict[bytes, bytes] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Later:
    """An answer that keeps its client waiting; without seconds it never comes."""

    answer: Answer
    seconds: float | None


Respond = Callable[[Request], Answer | Later]


def answer(status: int, body: bytes, headers: bytes = b"") -> Answer:
    """Render a JSON answer; `headers` are whole lines."""
    reason = REASONS.get(status, b"Unprocessable Entity")
    head = b"HTTP/1.1 %d %s\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n"
    return head % (status, reason, headers, len(body)), body


class Conversation(asyncio.Protocol):
    """One client's connection, kept open."""

    def __init__(self, respond: Respond, wanted: frozenset[bytes]) -> None:
        self._respond = respond
        self._wanted = wanted
        self._parser = httptools.HttpRequestParser(self)
        self._request = Request()
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's, though they have all its methods
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserCallbackError:
            raise  # ours; the event loop shows it and closes the connection
        except httptools.HttpParserError:
            self._transport.close()

    def on_message_begin(self) -> None:
        self._request = Request()

    def on_url(self, url: bytes) -> None:
        self._request.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        lower = name.lower()
        if lower in self._wanted:
            self._request.headers[lower] = value

    def on_body(self, body: bytes) -> None:
        self._request.body += body

    def on_message_complete(self) -> None:
        self._request.method = self._parser.get_method()
        found = self._respond(self._request)
        if not isinstance(found, Later):
            self._write(found)
        elif found.seconds is not None:
            loop = asyncio.get_running_loop()
            loop.call_later(found.seconds, self._write, found.answer)

    def _write(self, found: Answer) -> None:
        if self._transport.is_closing():
            return
        self._transport.writelines(found)
        if not self._parser.should_keep_alive():
            self._transport.close()


def listen(port: int = 0) -> tuple[socket.socket, str]:
    """Take a port of the loopback address; return it with the base URL."""
    listener = socket.create_server(("127.0.0.1", port), backlog=4096)
    return listener, f"http://127.0.0.1:{listener.getsockname()[1]}"


def run(listener: socket.socket, base_url: str, respond: Respond, *wanted: bytes) -> None:
    """Serve until told to stop; print the base URL when ready."""
    uvloop.run(_serve(listener, base_url, respond, frozenset(wanted)))


async def _serve(
    listener: socket.socket, base_url: str, respond: Respond, wanted: frozenset[bytes]
) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(ending, stop.set)
    server = await loop.create_server(lambda: Conversation(respond, wanted), sock=listener)
    os.write(1, base_url.encode() + b"\n")
    await stop.wait()
    server.close()

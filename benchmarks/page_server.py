"""A local stand-in for Greenhouse's Harvest v3 that no contender can outrun.

Pages are rendered before the first request and written as they lie in memory, by one process.
One connection on two shared cores draws 5,600 to 6,900 pages of 500 a second from uvloop with
httptools (2,950 to 3,400 from aiohttp.web, 2,800 to 3,100 from granian's RSGI), some twenty times
what the fastest contender parses. Filters other than `ids` and `…_ids` are accepted and ignored.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import sys
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import cast
from urllib.parse import parse_qsl

import httptools
import uvloop

from benchmarks import greenhouse_account as account

PAGE_SIZE = 500
MOST_IDS = 50
TOKEN = "a-token-of-the-page-server"
EXPIRES_AT = "2099-12-31T23:59:59Z"
REASONS = {200: b"OK", 400: b"Bad Request", 401: b"Unauthorized", 404: b"Not Found"}

# As the vendor says it; generous, so that no contender that keeps to limits has to wait here.
LIMIT = b"X-RateLimit-Limit: 1000000\r\nX-RateLimit-Remaining: 999999\r\n"

Answer = tuple[bytes, bytes]


class Account:
    """Answers for every path of the account; the same question twice is answered from memory."""

    def __init__(self, records: int, base_url: str) -> None:
        self._base_url = base_url
        self._tables = _tables(records)
        self._pages: dict[tuple[str, int], list[Answer]] = {}
        self._first_request: float | None = None
        self._paged("applications", PAGE_SIZE)

    def answer(self, method: bytes, target: bytes, authorization: bytes, body: bytes) -> Answer:
        """Return the head and the body for one request."""
        path, _, query = target.decode().partition("?")
        if path == "/clock":
            return self._clock()
        if self._first_request is None:
            self._first_request = time.monotonic()
        if path == "/token" and method == b"POST":
            return _token(body)
        if path == "/v3/notes" and method == b"POST":
            return NOTE
        if not path.startswith("/v3/") or method != b"GET":
            return _error(404, "Resource not found")
        if authorization != b"Bearer " + TOKEN.encode():
            return _error(401, "Invalid access token")
        return self._list(path.removeprefix("/v3/"), dict(parse_qsl(query)))

    def _clock(self) -> Answer:
        """Tell when the first request since the last such question came in, and forget it."""
        first, self._first_request = self._first_request, None
        return _ok(json.dumps({"first_request": first}).encode())

    def _list(self, name: str, query: dict[str, str]) -> Answer:
        if "cursor" in query:
            if len(query) > 1:
                return _error(422, "When passing a cursor, do not include other query params.")
            return self._at(query["cursor"])
        table = self._tables.get(name)
        if table is None:
            return _ok(b"[]")
        for parameter, values in query.items():
            if parameter.endswith("ids"):
                return _filtered(table, parameter, values.encode().split(b","))
        return self._paged(name, int(query.get("per_page", 100)))[0]

    def _at(self, cursor: str) -> Answer:
        try:
            name, size, number = urlsafe_b64decode(cursor).decode().split(":")
            return self._paged(name, int(size))[int(number)]
        except (ValueError, LookupError):
            return _error(422, "Invalid cursor")

    def _paged(self, name: str, size: int) -> list[Answer]:
        ready = self._pages.get((name, size))
        if ready is None:
            bodies = self._tables[name].pages(size)
            links = [self._link(name, size, number) for number in range(1, len(bodies))]
            ready = [_ok(body, link) for body, link in zip(bodies, [*links, b""], strict=True)]
            self._pages[name, size] = ready
        return ready

    def _link(self, name: str, size: int, number: int) -> bytes:
        cursor = urlsafe_b64encode(f"{name}:{size}:{number}".encode()).decode()
        return f'Link: <{self._base_url}/v3/{name}?cursor={cursor}>; rel="next"\r\n'.encode()


def _tables(records: int) -> dict[str, account.Table]:
    small = account.reference_tables()
    tables = {name: account.Table(rows) for name, rows in small.items()}
    tables["job_interview_stages"] = account.Table(small["job_interview_stages"], ["job_id"])
    tables["applications"] = account.Table(account.applications(records), ["candidate_id"])
    tables["candidates"] = account.Table(account.candidates(records))
    for name, made_from in (
        ("application_stages", account.application_stages),
        ("rejection_details", account.rejection_details),
    ):
        rows = made_from(account.applications(records))
        tables[name] = account.Table(rows, ["application_id"])
    return tables


def _filtered(table: account.Table, parameter: str, ids: list[bytes]) -> Answer:
    if len(ids) > MOST_IDS:
        return _error(422, f"{parameter} takes at most {MOST_IDS} ids")
    body = table.find(parameter.removesuffix("s"), ids)
    return _error(422, f"Invalid filter: {parameter}") if body is None else _ok(body)


def _token(body: bytes) -> Answer:
    if dict(parse_qsl(body.decode())).get("grant_type") != "client_credentials":
        return _error(400, "unsupported_grant_type")
    token = {"access_token": TOKEN, "token_type": "Bearer", "expires_at": EXPIRES_AT}
    return _ok(json.dumps(token).encode())


def _ok(body: bytes, headers: bytes = b"") -> Answer:
    return _head(200, headers, body), body


def _error(status: int, message: str) -> Answer:
    body = json.dumps({"errors": [message]}).encode()
    return _head(status, b"", body), body


def _head(status: int, headers: bytes, body: bytes) -> bytes:
    reason = REASONS.get(status, b"Unprocessable Entity")
    always = b"Content-Type: application/json\r\n" + LIMIT
    return b"HTTP/1.1 %d %s\r\n%s%sContent-Length: %d\r\n\r\n" % (
        status,
        reason,
        always,
        headers,
        len(body),
    )


NOTE = _ok(b'{"id": 1, "candidate_id": 1, "application_id": 1, "body": "noted", "type": "NOTE"}')


class Conversation(asyncio.Protocol):
    """One client's connection, kept open: httptools reads, uvloop writes."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._parser = httptools.HttpRequestParser(self)
        self._target = self._authorization = self._body = b""
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
        self._target = self._authorization = self._body = b""

    def on_url(self, url: bytes) -> None:
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"authorization":
            self._authorization = value

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        method = self._parser.get_method()
        answer = self._account.answer(method, self._target, self._authorization, self._body)
        self._transport.writelines(answer)
        if not self._parser.should_keep_alive():
            self._transport.close()


async def _serve(listener: socket.socket, account: Account, base_url: str) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(ending, stop.set)
    server = await loop.create_server(lambda: Conversation(account), sock=listener)
    os.write(1, base_url.encode() + b"\n")
    await stop.wait()
    server.close()


def run(arguments: list[str]) -> None:
    """Serve an account on a free port of the loopback address and print the base URL."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page_server", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args(arguments)
    listener = socket.create_server(("127.0.0.1", options.port))
    base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    uvloop.run(_serve(listener, Account(options.records, base_url), base_url))


if __name__ == "__main__":
    run(sys.argv[1:])

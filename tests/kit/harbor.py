"""Harbor, an invented vendor: its connector, and a server that can answer anything at all."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qs

from hireloom import kit
from hireloom.errors import HireloomError
from hireloom.kit.auth import Auth
from hireloom.kit.paging import Paging

HOME = "https://api.harbor.example/v2"
FILES = "https://files.harbor.example"
TOKEN_URL = "https://login.harbor.example/token"


@dataclass(frozen=True)
class Call:
    method: str
    target: str  # path and query as they came
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b"{}"
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    length: int | None = None  # a Content-Length that is not the body's
    hang: bool = False  # say nothing more after what there is
    silent: bool = False  # hang up without a word

    def with_headers(self, **headers: str) -> "Reply":
        added = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return Reply(self.status, self.body, self.headers + added, self.length)


Answer = Callable[[Call], Reply | Awaitable[Reply]]
SILENCE = Reply(silent=True)
HANGING = Reply(silent=True, hang=True)


def says(body: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(body).encode())


@dataclass
class Vendor:
    """Answers as `answer` says; each call is kept."""

    answer: Answer = lambda _: Reply()
    calls: list[Call] = field(default_factory=list)
    url: str = ""
    _server: asyncio.Server | None = None
    _talks: set[asyncio.Task[None]] = field(default_factory=set)

    def script(self, *replies: Reply) -> None:
        """One after the other; the last for ever."""
        waiting = list(replies)
        self.answer = lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]

    @property
    def paths(self) -> list[str]:
        return [call.target.partition("?")[0] for call in self.calls]

    @property
    def counts(self) -> Counter[str]:
        return Counter(self.paths)

    async def __aenter__(self) -> "Vendor":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1000)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        try:
            while call := await _read(reader):
                self.calls.append(call)
                given = self.answer(call)
                reply = given if isinstance(given, Reply) else await given
                if not reply.silent:
                    writer.write(_written(reply, call))
                    await writer.drain()
                if reply.hang:
                    await asyncio.Event().wait()
                if reply.silent or reply.length is not None:
                    return
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._talks.discard(task)
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Call | None:
    line = await reader.readline()
    if not line:
        return None
    method, target, _ = line.decode("latin-1").split(" ", 2)
    headers: dict[str, str] = {}
    while (line := await reader.readline()).strip():
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Call(method, target, headers, body)


def _written(reply: Reply, call: Call) -> bytes:
    length = len(reply.body) if reply.length is None else reply.length
    head = [f"HTTP/1.1 {reply.status} Whatever", f"Content-Length: {length}"]
    head += [f"{name}: {value}" for name, value in reply.headers]
    body = b"" if call.method == "HEAD" else reply.body
    return "\r\n".join([*head, "", ""]).encode() + body


class Ship(kit.VendorStruct, frozen=True):
    id: int
    name: str


class Harbor(kit.Connector):
    name = "harbor"
    title = "Harbor"
    docs = "https://docs.harbor.example"
    category = "ats"
    origins = (HOME, FILES)
    auth: ClassVar[Auth] = kit.BearerKey(where="Settings")
    paging: ClassVar[Paging] = kit.CursorPaging(
        items="data", next="next", more="more", send_as="after", size=("limit", 50)
    )
    rate_limit = kit.RateLimit(calls=1000, seconds=1)

    def list_ships(self) -> kit.Pages[Ship]:
        return self.pages("/ships", Ship)

    async def get_ship(self, ship_id: str) -> Ship:
        return await self.get(kit.path("/ships/{}", ship_id), Ship)

    async def create_ship(self, name: str) -> Ship:
        return await self.post("/ships", {"name": name}, Ship)

    async def rename_ship(self, ship_id: str, name: str) -> Ship:
        return await self.put(kit.path("/ships/{}", ship_id), {"name": name}, Ship)

    def permission(self, request: kit.Request) -> str:
        return "ships:read" if request.reads else "ships:write"


class LinkedHarbor(Harbor):
    """Its pages are linked by a header."""

    paging = kit.LinkPaging(size=("per_page", 50))


class RotatingHarbor(Harbor):
    """Its refresh tokens work once."""

    auth = kit.AuthorizationCode(
        authorize_url="https://login.harbor.example/authorize",
        token_url=TOKEN_URL,
        scopes=("ships",),
        where="Settings",
    )


class ClientHarbor(Harbor):
    """It gives tokens to a client with a secret."""

    auth = kit.ClientCredentials(token_url=TOKEN_URL, where="Settings")


class TightHarbor(Harbor):
    """It says how many calls there are only in its answers."""

    rate_limit = kit.RateLimit(calls=40, seconds=30, size_header="X-Limit")


SHIP = {"id": 7, "name": "Aurora"}
KEY = kit.Secrets(fields={"apiKey": "key-of-harbor"})
CLIENT = {"clientId": "c-1", "clientSecret": "s-1"}


def rotating(**tokens: Any) -> kit.Secrets:
    """The secrets of a rotating account, its newest refresh token the door's first one."""
    fields = {**CLIENT, "refreshToken": "r-consent"}
    return kit.Secrets(**{"fields": fields, "refresh_token": "r-0"} | tokens)


@dataclass
class Door:
    """Harbor's token endpoint with rotating refresh tokens, and the ships behind it."""

    refresh_token: str = "r-0"
    access_token: str = ""
    given: int = 0
    pause: float = 0.02
    voided: int = 0  # refusals of a refresh token that was spent

    async def __call__(self, call: Call) -> Reply:
        if call.target != "/login/token":
            fine = call.headers.get("authorization") == f"Bearer {self.access_token}"
            return says(SHIP) if fine and self.access_token else says({"error": "token"}, 401)
        await asyncio.sleep(self.pause)
        if call.form["refresh_token"] != self.refresh_token:
            self.voided += 1
            return says({"error": "invalid_grant"}, 400)
        self.given += 1
        self.refresh_token, self.access_token = f"r-{self.given}", f"a-{self.given}"
        return says(
            {
                "access_token": self.access_token,
                "refresh_token": self.refresh_token,
                "expires_in": 3600,
            }
        )


def origins(vendor: Vendor) -> dict[str, str]:
    return {
        HOME: f"{vendor.url}/v2",
        FILES: f"{vendor.url}/files",
        "https://login.harbor.example": f"{vendor.url}/login",
    }


def seen(error: HireloomError) -> str:
    """All that an error shows or logs."""
    body = error.upstream.body if error.upstream else ""
    return f"{error.msg} {error.hint} {error.detail} {body} {error.fields}"

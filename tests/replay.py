"""A vendor played back from files and dicts: it answers requests and remembers them.

    replay = Replay({
        "GET /applications": fixture("harbor", "applications.list.json"),  # a file
        ("GET", "/users"): [{"id": 7}],                                    # JSON, status 200
        "POST /notes": Reply({"error": "no"}, status=422),                 # status and headers
        "GET /pages": (Reply([1], headers={...}), Reply([2])),             # one after the other
        "POST /list": lambda request: {"cursor": ...},                     # made from the request
    })
    harbor = replay.connect(Harbor, {"region": "eu"})

A key is a method and how the address ends, with or without its query; the longest that fits wins.
A tuple of answers is used up in order and its last one stays. What no key fits fails the test.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote_plus, urlsplit

import msgspec

from hireloom.errors import Upstream
from hireloom.kit import Answer, Connector, Request, Stream

C = TypeVar("C", bound=Connector)
FIXTURES = Path(__file__).parent / "connectors" / "ats"


def fixture(connector: str, name: str) -> Path:
    """A fixture file of a connector: `tests/connectors/ats/<connector>/<name>`."""
    return FIXTURES / connector / name


@dataclass(frozen=True)
class Reply:
    """What the vendor answers: a file, bytes, or anything that JSON can hold."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        if isinstance(self.body, Path):
            return self.body.read_bytes()
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else msgspec.json.encode(self.body)


@dataclass(frozen=True)
class Sent:
    """A request as a test looks at it."""

    method: str
    path: str  # as in the address, with the base path
    params: dict[str, str]  # a name that comes twice is joined with commas
    body: Any  # decoded JSON, or None


@dataclass
class Replay:
    """A `kit.Channel` that answers by itself."""

    answers: Mapping[Any, Any]
    requests: list[Request] = field(default_factory=list)
    connector: Connector | None = None
    fields: Mapping[str, str] = field(default_factory=dict)  # that the customer entered
    _used: dict[str, int] = field(default_factory=dict)

    def connect(self, kind: type[C], settings: Mapping[str, str] | None = None) -> C:
        """A connector that speaks to this replay, which also asks it what refusals mean."""
        connector = kind(self, settings)
        self.connector = connector
        return connector

    @property
    def sent(self) -> list[Sent]:
        return [sent(request) for request in self.requests]

    @property
    def writes(self) -> list[Sent]:
        return [sent(request) for request in self.requests if not request.reads]

    async def send(self, request: Request) -> Answer:
        reply = self._reply(request)
        headers = {name.lower(): value for name, value in reply.headers.items()}
        answer = Answer(reply.status, headers, reply.content, request)
        error = None if self.connector is None else self.connector.refusal(answer)
        if error is not None and self.connector is not None:
            if error.upstream is None:
                said = self.connector.message(answer)
                error.upstream = Upstream(status=answer.status, body=said)
            raise error
        return answer

    async def stream(self, request: Request) -> Stream:
        answer = await self.send(request)
        return Stream(answer.status, answer.headers, _chunks(answer.body))

    async def entered(self, field: str) -> str | None:
        return self.fields.get(field)

    async def ask_token(self, request: Request) -> Answer:
        return await self.send(request)

    def _reply(self, request: Request) -> Reply:
        self.requests.append(request)
        fitting = [key for key in self.answers if _fits(_ending(key), request)]
        if not fitting:
            raise AssertionError(f"the test has no answer to {request.method} {request.full_url}")
        key = max(fitting, key=lambda one: len(_ending(one)[1]))
        answer = self.answers[key]
        if isinstance(answer, tuple):
            turn = self._used.get(str(key), 0)
            self._used[str(key)] = turn + 1
            answer = answer[min(turn, len(answer) - 1)]
        if callable(answer):
            made: Callable[[Request], Any] = answer
            answer = made(request)
        return answer if isinstance(answer, Reply) else Reply(answer)


def sent(request: Request) -> Sent:
    params: dict[str, str] = {}
    for name, value in request.params:
        params[name] = f"{params[name]},{value}" if name in params else value
    is_json = request.body is not None and request.content_type == "application/json"
    return Sent(
        method=request.method,
        path=urlsplit(request.url).path,
        params=params,
        body=json.loads(request.body or b"null") if is_json else request.body,
    )


def _ending(key: str | tuple[str, str]) -> tuple[str, str]:
    if isinstance(key, tuple):
        return key
    method, _, ending = key.partition(" ")
    return method, ending


def _fits(key: tuple[str, str], request: Request) -> bool:
    method, ending = key
    if method != request.method:
        return False
    where = request.full_url if "?" in ending else request.url.partition("?")[0]
    return unquote_plus(where).endswith(ending) or where.endswith(ending)


async def _chunks(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 65536):
        yield body[start : start + 65536]

"""What goes to a vendor and what comes back, as plain values."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import msgspec

from hireloom.errors import RequestInvalidError
from hireloom.kit.convert import to_count, to_iso

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
IDEMPOTENT_METHODS = SAFE_METHODS | {"PUT", "DELETE"}
BINARY = "application/octet-stream"

Params = Mapping[str, Any]


class Path(str):
    """A path whose parts are quoted; `template` is the same without ids, for logs."""

    __slots__ = ("template",)
    template: str


def path(template: str, *parts: str) -> Path:
    """Fill `{}` with parts, each quoted whole, so that no part can climb or add a segment."""
    for part in parts:
        if part in {"", ".", ".."}:
            raise RequestInvalidError(f"{part!r} cannot be an id")
    filled = Path(template.format(*(quote(part, safe="") for part in parts)))
    filled.template = template
    return filled


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart form."""

    name: str
    content: bytes
    filename: str | None = None
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A call at the vendor's own address; `kit.http` decides where it really goes."""

    method: str
    url: str
    params: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    content_type: str | None = None
    parts: tuple[Part, ...] = ()
    template: str = ""  # the path without ids, for logs and metrics
    signed: bool = True  # False: a link that carries its own permission; no credentials go along
    reading: bool = False  # True: it reads, though it may be a POST
    raw_answer: bool = False  # True: an answer of any status comes back as it is (passthrough)
    # Of an unsigned call that brings a key of its own: the vendor's addresses that may get it,
    # there or on the host of a simulator that stands in for them. It goes nowhere else.
    homes: tuple[str, ...] = ()

    def with_header(self, name: str, value: str) -> "Request":
        return replace(self, headers={**self.headers, name: value})

    def with_params(self, *pairs: tuple[str, str]) -> "Request":
        names = {name for name, _ in pairs}
        kept = tuple(pair for pair in self.params if pair[0] not in names)
        return replace(self, params=kept + pairs)

    @property
    def full_url(self) -> str:
        if not self.params:
            return self.url
        glue = "&" if "?" in self.url else "?"
        return f"{self.url}{glue}{urlencode(self.params)}"

    @property
    def reads(self) -> bool:
        return self.reading or self.method in SAFE_METHODS

    @property
    def repeatable(self) -> bool:
        """Sending it twice does no harm."""
        return self.reads or self.method in IDEMPOTENT_METHODS


@dataclass(frozen=True, slots=True)
class Answer:
    """A vendor's answer, read whole; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    request: Request

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Stream:
    """A vendor's answer whose body is still on its way, unpacked where it came compressed."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]
    bodiless: bool = False  # as the answer to HEAD is, whatever its head says

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type") or BINARY

    @property
    def size(self) -> int | None:
        """How many bytes the chunks hold, where the head says so."""
        if self.bodiless:
            return 0
        if self.headers.get("content-encoding", "identity").strip().lower() != "identity":
            return None  # the length is that of the compressed body
        return to_count(self.headers.get("content-length", ""))


class Rehearsed(Enum):
    """What a dry run answers instead of a vendor: the write was noted and not sent."""

    YES = "yes"


class Channel(Protocol):
    """The way to one customer's account at a vendor."""

    async def send(self, request: Request) -> Answer | Rehearsed: ...

    async def stream(self, request: Request) -> Stream: ...

    async def entered(self, field: str) -> str | None:
        """What the customer entered in a field of the credentials that is no secret."""
        ...

    async def ask_token(self, request: Request) -> Answer:
        """Exchange a code for a token; what the vendor refuses is CredentialsInvalidError."""
        ...


def to_params(params: Params | None) -> tuple[tuple[str, str], ...]:
    """Query pairs: None is left out, a list repeats its name, booleans are true and false."""
    pairs: list[tuple[str, str]] = []
    for name, value in (params or {}).items():
        several: Iterable[Any] = value if isinstance(value, list | tuple) else (value,)
        pairs.extend((name, to_text(one)) for one in several if one is not None)
    return tuple(pairs)


def to_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return to_iso(value)
    return str(value)


def to_json(body: Any) -> bytes:
    """JSON with what is None left out: vendors tell "empty it" and "leave it" apart."""
    if isinstance(body, Mapping):
        body = {name: value for name, value in body.items() if value is not None}
    return JSON.encode(body)


JSON = msgspec.json.Encoder(decimal_format="number")

"""A call before it is sent and after it is answered; nothing here waits."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from hireloom.client.answers import LAST_CALL, LastCall, Meta
from hireloom.client.errors import (
    EXECUTION_ID,
    AnswerUnreadableError,
    ServerUnreachableError,
    refusal,
)
from hireloom.models import UNSET, Request

T = TypeVar("T")
Several: TypeAlias = T | Sequence[T]  # one value or several

ENCODER = msgspec.json.Encoder(decimal_format="number")
BINARY = "application/octet-stream"
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


@dataclass(frozen=True)
class Ask:
    """One call of a method; a GET has a query, a POST a body."""

    method: str  # "ats.job.list"
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    idempotency_key: str | None = None
    accept: str = "application/json"
    repeatable: bool = True

    @property
    def verb(self) -> Literal["GET", "POST"]:
        return "GET" if self.body is None else "POST"

    def request(self, http: httpx.Client | httpx.AsyncClient, integration: str) -> httpx.Request:
        headers = {"Accept": self.accept}
        if integration:
            headers["X-Integration-Id"] = integration
        if self.idempotency_key:
            headers["Idempotency-Key"] = self.idempotency_key
        if self.body is not None:
            headers["Content-Type"] = "application/json"
        return http.build_request(
            self.verb,
            f"/v1.0/{self.method}",
            params=httpx.QueryParams(self.query),
            content=self.body,
            headers=headers,
        )


def reading(method: str, request: Request | None, extras: Mapping[str, Any] | None = None) -> Ask:
    values = wire(request) | {
        name: value for name, value in (extras or {}).items() if value is not None
    }
    return Ask(method, query=tuple(pairs(values)))


def asking(method: str, request: Request | None) -> Ask:
    """A read whose question is a JSON body."""
    return Ask(method, body=ENCODER.encode(wire(request)))


def writing(
    method: str,
    request: Request | None,
    idempotency_key: str | None = None,
    *,
    dry_run: bool = False,
    accept: str = "application/json",
) -> Ask:
    values = wire(request) | ({"dryRun": True} if dry_run else {})
    return Ask(
        method,
        body=ENCODER.encode(values),
        idempotency_key=idempotency_key,
        accept=accept,
        repeatable=dry_run or idempotency_key is not None,
    )


def several(values: Several[T]) -> tuple[T, ...]:
    """One value or several as a tuple; a text is one value and not its letters."""
    if isinstance(values, Sequence) and not isinstance(values, str):
        return tuple(values)
    return (values,)


def wire(value: Any) -> Any:
    """Only what differs from its default, so that an older server knows every field sent."""
    if value is None:
        return {}
    if isinstance(value, msgspec.Struct):
        return {
            field.encode_name: wire_value(getattr(value, field.name))
            for field in msgspec.structs.fields(value)
            if not _is_default(field, getattr(value, field.name))
        }
    return value


def wire_value(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return wire(value)
    if isinstance(value, list | tuple):
        return [wire_value(one) for one in value]
    return value


def _is_default(field: msgspec.structs.FieldInfo, value: Any) -> bool:
    if value is UNSET:
        return True
    if field.default is not msgspec.NODEFAULT:
        return bool(value is field.default or value == field.default)
    if field.default_factory is not msgspec.NODEFAULT:
        return bool(value == field.default_factory())
    return False


def pairs(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The parameters of a query; a list is a parameter that is repeated."""
    for name, value in msgspec.to_builtins(values).items():
        for one in value if isinstance(value, list | tuple) else [value]:
            yield name, str(one).lower() if isinstance(one, bool) else str(one)


def data(ask: Ask, response: httpx.Response, kind: type[T]) -> T:
    """The `data` of a success; its meta becomes that of the last call."""
    anything: Any = kind  # lru_cache and type[T] do not agree
    shape = _envelope(anything)
    try:
        read = msgspec.json.decode(response.content, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise AnswerUnreadableError(
            f"The answer to {ask.method} cannot be read ({error}). Is the client older than the "
            "server, or is this another server?"
        ) from None
    LAST_CALL.set(
        LastCall(ask.method, response.status_code, response.headers.get(EXECUTION_ID), read.meta)
    )
    found: T = read.data
    return found


def check(response: httpx.Response) -> None:
    """Raise HireloomApiError for anything but a success."""
    if response.is_success:
        return
    raise refusal(
        response.status_code,
        response.content,
        response.headers.get("Retry-After"),
        response.headers.get(EXECUTION_ID),
    )


@cache
def _envelope(kind: Any) -> Any:
    return msgspec.defstruct("Success", [("data", kind), ("meta", Meta, Meta())])


@contextmanager
def reaching(url: httpx.URL) -> Iterator[None]:
    """Failures of the network as our own; what httpx calls them is the cause."""
    try:
        yield
    except (httpx.TransportError, httpx.DecodingError) as error:
        server = f"{url.scheme}://{url.netloc.decode()}"
        late = isinstance(error, httpx.TimeoutException)
        told = "did not answer in time" if late else "cannot be reached, or broke off"
        raise ServerUnreachableError(
            f"The server at {server} {told} ({type(error).__name__})",
            may_have_arrived=not isinstance(error, NOT_SENT),
            timed_out=late,
        ) from error


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in {"localhost", "::1"} or host.startswith("127.")

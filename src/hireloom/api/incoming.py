"""A request as the web hands it over, and what it asks for."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from hireloom.api.operation import Operation
from hireloom.api.reading import invalid, read_body
from hireloom.errors import RequestInvalidError


@dataclass(frozen=True)
class Headers:
    authorization: str = ""
    integration_id: str = ""
    idempotency_key: str = ""
    accept: str = "application/json"


@dataclass(frozen=True)
class Incoming:
    """A request as the web hands it over."""

    query: Sequence[tuple[str, str]]
    body: bytes
    headers: Headers
    form: dict[str, Any] | None = None  # of multipart/form-data


def same_query(asked: Any, sealed: bytes) -> Any:
    """The query that a page token goes on with; filters may be repeated but not changed."""
    before = msgspec.json.decode(sealed, type=type(asked))
    if asked not in (type(asked)(), before):
        raise RequestInvalidError.at("pageToken", "goes on with other filters than are sent")
    return before


def read_request(operation: Operation, incoming: Incoming) -> tuple[Any, bool]:
    """The request struct out of the body, and whether it is only to be rehearsed."""
    if not operation.rehearses:
        return read_body(incoming.body, operation.request), False
    shape = with_dry_run(operation.request)
    read = read_body(incoming.body, shape) if incoming.form is None else from_form(incoming, shape)
    names = operation.request.__struct_fields__
    return operation.request(**{name: getattr(read, name) for name in names}), read.dry_run


def from_form(incoming: Incoming, shape: Any) -> Any:
    try:
        return msgspec.convert(incoming.form, shape, strict=False)
    except msgspec.ValidationError as error:
        raise invalid(error) from None


@functools.cache
def with_dry_run(kind: Any) -> Any:
    return msgspec.defstruct(
        kind.__name__, [("dry_run", bool, False)], bases=(kind,), kw_only=True, frozen=True
    )


def fingerprinted(incoming: Incoming, operation: Operation) -> bytes:
    """What makes two requests the same request; an account that may be named is part of it."""
    if incoming.form is None:
        named = "" if operation.on_integration else incoming.headers.integration_id
        return incoming.body + named.encode()
    return msgspec.msgpack.encode(incoming.form, order="deterministic")

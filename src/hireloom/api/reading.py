"""From a request's bytes to typed values, with an answer that says what is wrong and where."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from hireloom.errors import FieldProblem, RequestInvalidError
from hireloom.models import Request

R = TypeVar("R")

DEFAULT_PAGE = 100
LARGEST_PAGE = 500

_AT = re.compile(r"^(?P<reason>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)
_FIELD = re.compile(
    r"^Object (?:contains unknown|missing required) field `(?P<name>[^`]*)`", re.DOTALL
)
PLAINER = {
    "Invalid RFC3339 encoded datetime": "must be an instant such as 2026-11-21T10:00:00Z",
    "Expected `datetime` with a timezone component": (
        "must say its time zone, such as 2026-11-21T10:00:00Z"
    ),
    "Invalid RFC3339 encoded date": "must be a date such as 2026-11-21",
    "Invalid base64 encoded string": "must be base64",
}
WITHOUT_COMMAS = frozenset({"tag", "email", "candidateEmail"})


class Extras(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What every read takes beside its own parameters."""

    raw: bool = False
    fields: tuple[str, ...] = ()
    page_size: int = DEFAULT_PAGE
    page_token: str | None = None


EXTRAS = dict(zip(Extras.__struct_fields__, Extras.__struct_encode_fields__, strict=True))


def invalid(error: msgspec.ValidationError, start: str = "$") -> RequestInvalidError:
    """The error that names the field. msgspec's words name types and allowed values, which may be

    shown; it quotes what was sent only for wrong words of an enum, which is the caller's own.
    """
    match = _AT.match(str(error))
    reason = match["reason"] if match else str(error)
    path = ((match["path"] if match else None) or "$").removeprefix("$").removeprefix(".")
    prefix = start.removeprefix("$").removeprefix(".")
    where = ".".join(part for part in (prefix, path) if part)
    named = _FIELD.match(reason)
    if named:
        where = f"{where}.{named['name']}" if where else named["name"]
        reason = "is required" if "missing" in reason else "is not known here"
    where = where or "(body)"
    reason = PLAINER.get(reason, reason)
    problem = FieldProblem(path=where, msg=reason)
    return RequestInvalidError(f"{where}: {reason}", fields=(problem,))


def read_body(body: bytes, kind: type[R]) -> R:
    try:
        return msgspec.json.decode(body or b"{}", type=kind)
    except msgspec.ValidationError as error:
        raise invalid(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise RequestInvalidError.at("(body)", "is not valid JSON") from None
    except RecursionError:
        raise RequestInvalidError.at("(body)", "is nested too deeply") from None


def read_query(query: Sequence[tuple[str, str]], kind: type[R]) -> R:
    """A struct out of query parameters; unknown ones are an error as in a body."""
    values: dict[str, Any] = {}
    shape: Any = kind
    several = _lists(shape)
    for name, value in query:
        if name in several:
            parts = [value] if name in WITHOUT_COMMAS else value.split(",")
            values.setdefault(name, []).extend(part for part in parts if part)
        elif name in values:
            raise RequestInvalidError.at(name, "may be given once")
        else:
            values[name] = value
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise invalid(error) from None


def split_extras(
    query: Sequence[tuple[str, str]], *, paged: bool
) -> tuple[Extras, list[tuple[str, str]]]:
    """The parameters that every read takes, and the rest."""
    mine = {"raw", "fields"} | ({"pageSize", "pageToken"} if paged else set())
    extras = read_query([pair for pair in query if pair[0] in mine], Extras)
    if not 1 <= extras.page_size <= LARGEST_PAGE:
        raise RequestInvalidError.at("pageSize", f"is a number from 1 to {LARGEST_PAGE}")
    return extras, [pair for pair in query if pair[0] not in mine]


@cache
def _lists(kind: Any) -> frozenset[str]:
    return frozenset(
        field.encode_name
        for field in msgspec.structs.fields(kind)
        if get_origin(field.type) is tuple and get_args(field.type)
    )


def to_query(request: Request) -> bytes:
    """A query's canonical bytes, for a page token."""
    return msgspec.json.encode(request, order="deterministic")

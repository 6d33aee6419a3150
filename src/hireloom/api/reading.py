"""From a request's bytes to typed values, with an answer that says what is wrong and where."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from hireloom.errors import FieldProblem, RequestInvalidError, near
from hireloom.models import Request

R = TypeVar("R")

DEFAULT_PAGE = 100
LARGEST_PAGE = 500

_AT = re.compile(r"^(?P<reason>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)
_EXPECTED = re.compile(r"^Expected `(?P<wanted>[^`]*)`, got `(?P<got>[^`]*)`$")
_FIELD = re.compile(
    r"^Object (?:contains unknown|missing required) field `(?P<name>[^`]*)`", re.DOTALL
)
TYPES = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
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


def invalid(error: msgspec.ValidationError, known: Iterable[str] = ()) -> RequestInvalidError:
    """The error that names the field. msgspec's words name types and allowed values, which may be

    shown; it quotes what was sent only for wrong words of an enum, which is the caller's own.
    """
    match = _AT.match(str(error))
    reason = match["reason"] if match else str(error)
    where = ((match["path"] if match else None) or "$").removeprefix("$").removeprefix(".")
    named = _FIELD.match(reason)
    if named:
        where = f"{where}.{named['name']}" if where else named["name"]
        unknown = f"is not known here{near(named['name'], known)}"
        reason = "is required" if "missing" in reason else unknown
    where = where or "(body)"
    reason = plainer(reason)
    problem = FieldProblem(path=where, msg=reason)
    return RequestInvalidError(f"{where}: {reason}", fields=(problem,))


def plainer(reason: str) -> str:
    """msgspec's words for people who do not write Python."""
    if reason in PLAINER:
        return PLAINER[reason]
    expected = _EXPECTED.match(reason)
    if not expected:
        return reason
    wanted = " or ".join(TYPES.get(one, one) for one in expected["wanted"].split(" | "))
    return f"must be {wanted}, not {TYPES.get(expected['got'], expected['got'])}"


def names_of(kind: Any) -> list[str]:
    return [field.encode_name for field in msgspec.structs.fields(kind)]


def in_words(error: RequestInvalidError, kind: Any) -> RequestInvalidError:
    """A wrong word of a closed list: name the list."""
    (problem,) = error.fields
    name = problem.path.partition("[")[0]
    if not problem.msg.startswith("Invalid enum value"):
        return error
    words = enum_words(kind, name)
    return RequestInvalidError.at(problem.path, f"one of: {', '.join(words)}") if words else error


def enum_words(kind: Any, name: str) -> list[str]:
    """The words that a field of a request takes, if they are a closed list."""
    for field in msgspec.structs.fields(kind):
        info = msgspec.inspect.type_info(field.type)
        inner = getattr(info, "item_type", info)
        if field.encode_name == name and isinstance(inner, msgspec.inspect.EnumType):
            return [str(word.value) for word in inner.cls]
    return []


def read_body(body: bytes, kind: type[R]) -> R:
    if b"\\u0000" in body:
        raise RequestInvalidError.at("(body)", "must not contain the character NUL")
    try:
        return msgspec.json.decode(body or b"{}", type=kind)
    except msgspec.ValidationError as error:
        raise in_words(invalid(error, names_of(kind)), kind) from None
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
        if "\0" in value:
            raise RequestInvalidError.at(name, "must not contain the character NUL")
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
        raise in_words(invalid(error, names_of(kind)), kind) from None


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

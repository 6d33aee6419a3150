"""Greenhouse Harvest v3: how a list is asked for, and how a refusal reads.

Sources: harvestdocs.greenhouse.io/docs/pagination, the Harvest v3 OpenAPI document, and what
production connectors do. Stricter than documented where the documents are silent: a query
parameter that the list does not have is refused, so that a filter cannot be lost unseen.
"""

import base64
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

PER_PAGE = 100
MOST_PER_PAGE = 500
MOST_IDS = 50
MOST_FIELDS = 50
_BOUNDS = ("gte", "lte", "gt", "lt")


class RefusalError(Exception):
    """An answer that is not a success."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


def refusal(status: int, message: str, *errors: tuple[str, str]) -> RefusalError:
    """The usual shape: a message, and per field what is wrong with it."""
    listed = [{"message": text, "field": field} for text, field in errors]
    return RefusalError(status, {"message": message, "errors": listed})


def invalid(text: str, field: str) -> RefusalError:
    """422 for one field of a body or one parameter."""
    return refusal(422, "Your request included invalid JSON.", (text, field))


def missing(kind: str, number: int) -> RefusalError:
    return refusal(404, "Resource not found", (f"Could not find {kind} with id {number}", "id"))


class Window(msgspec.Struct, frozen=True):
    """A date filter: `gte|2026-01-01T00:00:00Z|lte|…`; bounds as their stamps."""

    low: str = ""
    low_open: bool = False
    high: str = "9999"
    high_open: bool = False

    def holds(self, stamp: str | None) -> bool:
        if stamp is None or stamp < self.low or stamp > self.high:
            return False
        return not (self.low_open and stamp == self.low) and not (
            self.high_open and stamp == self.high
        )


class Ids(msgspec.Struct, frozen=True):
    """Comma separated numbers, looked for in a field that holds one or a list."""

    field: str


class Flag(msgspec.Struct, frozen=True):
    """true or false; `default` is what an absent parameter means."""

    field: str
    default: bool | None = None


class Text(msgspec.Struct, frozen=True):
    """The very value of a field, or one of a field's list."""

    field: str
    choices: Mapping[str, str] | None = None  # the filter's word -> the field's word
    fold: bool = False  # letters' case does not matter


class Dates(msgspec.Struct, frozen=True):
    field: str


Filter = Ids | Flag | Text | Dates
Wanted = frozenset[int] | bool | str | Window


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """A list request, read and checked."""

    raw: dict[str, str]
    wanted: dict[str, Wanted]
    per_page: int
    fields: tuple[str, ...] | None
    below: int | None  # ids below this one only


def read_query(params: Mapping[str, str], filters: Mapping[str, Filter]) -> Query:
    """Read a list's parameters; RefusalError 422 tells what the vendor would not accept."""
    below = None
    raw = dict(params)
    if "cursor" in raw:
        if len(raw) > 1:
            text = "When passing a cursor, do not include other query params."
            raise RefusalError(422, {"errors": [text]})
        raw, below = _open_cursor(raw["cursor"])
    wanted: dict[str, Wanted] = {}
    for name, text in raw.items():
        if name in {"per_page", "fields"}:
            continue
        if name not in filters:
            raise refusal(422, "Invalid parameters", (f"Invalid parameter: {name}", name))
        wanted[name] = _read_filter(name, text, filters[name])
    for name, kind in filters.items():
        if isinstance(kind, Flag) and kind.default is not None:
            wanted.setdefault(name, kind.default)
    return Query(
        raw=raw,
        wanted=wanted,
        per_page=_per_page(raw.get("per_page")),
        fields=_fields(raw.get("fields")),
        below=below,
    )


def cursor_after(query: Query, last: int) -> str:
    """The cursor that goes on below this id, with the filters of the first request."""
    content = msgspec.json.encode({"q": query.raw, "b": last})
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def matches(
    record: dict[str, Any], wanted: Mapping[str, Wanted], filters: Mapping[str, Filter]
) -> bool:
    """Whether a record passes every filter."""
    return all(_passes(record, filters[name], value) for name, value in wanted.items())


def stamp(at: datetime) -> str:
    """As Greenhouse writes times: UTC with milliseconds."""
    return at.isoformat(timespec="milliseconds")[:-6] + "Z"


def read_time(text: str, field: str) -> datetime:
    """An ISO 8601 time or date."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise refusal(422, "Invalid parameters", (f"Invalid date: {text}", field)) from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _open_cursor(cursor: str) -> tuple[dict[str, str], int]:
    try:
        content = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        opened = msgspec.json.decode(content)
        return dict(opened["q"]), int(opened["b"])
    except (ValueError, KeyError, TypeError, msgspec.DecodeError):
        raise RefusalError(422, {"errors": ["Invalid cursor."]}) from None


def _read_filter(name: str, text: str, kind: Filter) -> Wanted:
    if isinstance(kind, Ids):
        return _ids(name, text)
    if isinstance(kind, Flag):
        if text not in {"true", "false"}:
            raise refusal(422, "Invalid parameters", (f"Must be true or false: {text}", name))
        return text == "true"
    if isinstance(kind, Dates):
        return _window(name, text)
    if kind.choices is None:
        return text.casefold() if kind.fold else text
    if text not in kind.choices:
        known = ", ".join(kind.choices)
        raise refusal(422, "Invalid parameters", (f"Must be one of: {known}", name))
    return kind.choices[text]


def _ids(name: str, text: str) -> frozenset[int]:
    parts = text.split(",")
    if len(parts) > MOST_IDS:
        raise refusal(422, "Invalid parameters", (f"At most {MOST_IDS} values", name))
    if not all(re.fullmatch(r"\d{1,18}", part) for part in parts):
        raise refusal(422, "Invalid parameters", (f"Must be comma separated ids: {text}", name))
    return frozenset(int(part) for part in parts)


def _window(name: str, text: str) -> Window:
    parts = text.split("|")
    bounds = dict(zip(parts[::2], parts[1::2], strict=False))
    if len(parts) % 2 or not set(bounds) <= set(_BOUNDS):
        raise refusal(422, "Invalid parameters", (f"Invalid date filter: {text}", name))
    stamps = {key: stamp(read_time(value, name)) for key, value in bounds.items()}
    return Window(
        low=stamps.get("gte", stamps.get("gt", "")),
        low_open="gt" in stamps and "gte" not in stamps,
        high=stamps.get("lte", stamps.get("lt", "9999")),
        high_open="lt" in stamps and "lte" not in stamps,
    )


def _per_page(text: str | None) -> int:
    if text is None:
        return PER_PAGE
    if not re.fullmatch(r"\d{1,9}", text) or not 1 <= int(text) <= MOST_PER_PAGE:
        raise refusal(422, "Invalid parameters", (f"Must be 1 to {MOST_PER_PAGE}", "per_page"))
    return int(text)


def _fields(text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    names = tuple(text.split(","))
    if len(names) > MOST_FIELDS or not all(
        re.fullmatch(r"[a-z]+(_[a-z]+)*", each) for each in names
    ):
        raise refusal(422, "Invalid parameters", (f"Invalid fields: {text}", "fields"))
    return names


def _passes(record: dict[str, Any], kind: Filter, value: Wanted) -> bool:
    held = record.get(kind.field)
    if isinstance(value, Window):
        return value.holds(held)
    if isinstance(value, frozenset):
        return not value.isdisjoint(held) if isinstance(held, list) else held in value
    if isinstance(kind, Text) and kind.fold:
        return any(str(each["value"]).casefold() == value for each in held or ())
    if isinstance(held, list):
        return value in held
    return bool(held == value)

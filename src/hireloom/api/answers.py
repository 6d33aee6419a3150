"""What goes back: the envelope, errors, and the trimming that a caller asks for."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from hireloom.api.listing import Cut
from hireloom.errors import HireloomError, RequestInvalidError, near
from hireloom.kit.support import paths
from hireloom.kit.trip import Trip
from hireloom.models import Model

ENCODER = msgspec.json.Encoder(decimal_format="number")
SHORTEST_WAIT = 0.005  # seconds; below that nobody waited, it was looked up
FREE_FORM = frozenset(
    {"info.customFields", "info.mappedFields"}
)  # whose members are the customer's own
EXECUTION_HEADERS = ("X-Execution-Id", "X-Knit-Execution-Id")


def success(
    data: Any, meta: Mapping[str, Any] | None = None, beside: Mapping[str, Any] | None = None
) -> bytes:
    body: dict[str, Any] = {"success": True, **(beside or {}), "data": data}
    if meta:
        body["meta"] = meta
    return ENCODER.encode(body)


def failure(error: HireloomError, execution_id: str) -> bytes:
    return ENCODER.encode({"success": False, "error": told(error, execution_id)})


def told(error: HireloomError, execution_id: str) -> dict[str, Any]:
    """An error as a caller sees it."""
    found: dict[str, Any] = {
        "msg": error.msg,
        "code": error.code,
        "category": error.category,
        # Whoever repeats a write that may have arrived writes it twice: that is a person's choice.
        "retryable": error.retryable and not error.may_have_arrived,
        "hint": error.hint,
        "executionId": execution_id,
    }
    if error.fields:
        found["fields"] = error.fields
    if error.upstream is not None:
        found["upstream"] = error.upstream
    return found


def headers(execution_id: str, error: HireloomError | None = None) -> dict[str, str]:
    found = dict.fromkeys(EXECUTION_HEADERS, execution_id)
    found["Cache-Control"] = "no-store"
    if error is not None and error.retry_after is not None:
        found["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    if error is not None and error.status == 401:
        found["WWW-Authenticate"] = "Bearer"
    return found


def costs(trip: Trip) -> dict[str, Any]:
    """What the call cost at the vendor, and which records could not be read."""
    meta: dict[str, Any] = {
        "upstreamCalls": trip.calls,
        "upstreamMs": round(trip.seconds * 1000, 1),
    }
    if trip.waited >= SHORTEST_WAIT:
        meta["rateLimitWaitMs"] = round(trip.waited * 1000, 1)
    if trip.set_aside:
        meta["setAside"] = [
            {"id": one.id, "path": one.path, "reason": one.reason} for one in trip.set_aside
        ]
    return meta


def records(page: Cut[Any], fields: Sequence[str]) -> list[Any]:
    """The records of a page, with their raw values and trimmed where the caller asked for it."""
    if page.raws is None and not fields:
        return list(page.records)
    shown = [plain(record) for record in page.records]
    if page.raws is not None:
        for record, raw in zip(shown, page.raws, strict=True):
            record["rawValues"] = raw
    return [trimmed(record, fields) for record in shown] if fields else shown


def plain(record: Any) -> dict[str, Any]:
    built: dict[str, Any] = msgspec.json.decode(ENCODER.encode(record))
    return built


def trimmed(record: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """Only the dotted paths that were asked for; a list is looked into."""
    kept: dict[str, Any] = {}
    for path in fields:
        _copy(record, kept, path.split("."))
    if "rawValues" in record:
        kept["rawValues"] = record["rawValues"]
    return kept


def _copy(source: Mapping[str, Any], target: dict[str, Any], path: Sequence[str]) -> None:
    name, rest = path[0], path[1:]
    if name not in source:
        return
    value = source[name]
    if not rest:
        target[name] = value
    elif isinstance(value, Mapping):
        inner = target.setdefault(name, {})
        if isinstance(inner, dict):
            _copy(value, inner, rest)
    elif isinstance(value, list):
        several = target.setdefault(name, [{} for _ in value])
        for one, kept in zip(value, several, strict=True):
            if isinstance(one, Mapping):
                _copy(one, kept, rest)
    else:
        target[name] = value


def known_fields(fields: Sequence[str], model: type[Model]) -> None:
    """Refuse a `fields` path that is none of the model's, and name the nearest."""
    known = paths(model)
    for path in fields:
        inside_free_form = any(path.startswith(f"{one}.") for one in known if one in FREE_FORM)
        if path not in known and path != "rawValues" and not inside_free_form:
            raise RequestInvalidError.at(
                "fields", f"'{path}' is no field of this answer{near(path, known)}"
            )

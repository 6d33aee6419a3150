"""A table of scores: which column holds what, and a row of it as the API takes a score."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from hireloom.errors import near

TEXTS = (
    "candidateId",
    "applicationId",
    "externalId",
    "orderId",
    "assessment.name",
    "assessment.type",
    "assessment.id",
    "assessment.provider",
    "status",
    "completedAt",
    "score.label",
    "result",
    "reportUrl",
    "evaluator",
    "notes",
    "language",
    "timeZone",
)
NUMBERS = ("score.value", "score.max", "score.min", "score.percentile")
WORDS = ("status", "result")  # in whatever case
BREAKDOWN, ATTRIBUTES = "breakdown.", "attributes."
PREFIXES = (BREAKDOWN, ATTRIBUTES)
KNOWN = (*TEXTS, *NUMBERS, *(f"{prefix}<Label>" for prefix in PREFIXES))

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"([+-]?\d+),(\d+)", re.ASCII)


class CellError(ValueError):
    """A table or a cell that cannot be read, in a sentence without its content."""


def columns_of(header: Sequence[str]) -> tuple[str, ...]:
    """The columns by their names. Raises CellError for one that is unknown or there twice."""
    columns = tuple(name.strip() for name in header)
    problems = [_unknown(name) for name in columns if not _is_known(name)]
    problems += [
        f"'{name}' is there twice" for name, count in Counter(columns).items() if count > 1
    ]
    if problems:
        raise CellError("; ".join(problems))
    return columns


def body_of(columns: Sequence[str], cells: Sequence[str], *, decimal_comma: bool) -> dict[str, Any]:
    """A row as `ats.application.score.create` takes it; an empty cell says nothing.

    `decimal_comma`: the table is of a country where 89.5 is written 89,5.
    """
    if len(cells) != len(columns):
        raise CellError(f"it has {len(cells)} cells, and the header has {len(columns)}")
    held = {name: cell.strip() for name, cell in zip(columns, cells, strict=True) if cell.strip()}
    body: dict[str, Any] = {}
    for name in (*TEXTS, *NUMBERS):
        if name in held:
            _put(body, name, _value(name, held[name], decimal_comma=decimal_comma))
    body |= _parts(held, decimal_comma=decimal_comma)
    return body


def _is_known(name: str) -> bool:
    labelled = any(name.startswith(prefix) and name != prefix for prefix in PREFIXES)
    return labelled or name in TEXTS or name in NUMBERS


def _unknown(name: str) -> str:
    if not name:
        return "a column has no name"
    return f"there is no column '{name}'{near(name, KNOWN)}"


def _put(body: dict[str, Any], name: str, value: Any) -> None:
    whole, _, part = name.partition(".")
    if part:
        body.setdefault(whole, {})[part] = value
    else:
        body[name] = value


def _value(name: str, cell: str, *, decimal_comma: bool) -> Any:
    if name in NUMBERS:
        return _number(name, cell, decimal_comma=decimal_comma)
    return cell.upper() if name in WORDS else cell


def _parts(held: Mapping[str, str], *, decimal_comma: bool) -> dict[str, Any]:
    breakdown = [
        {"label": name.removeprefix(BREAKDOWN), **_points(name, cell, decimal_comma=decimal_comma)}
        for name, cell in held.items()
        if name.startswith(BREAKDOWN)
    ]
    attributes = [
        {"label": name.removeprefix(ATTRIBUTES), "value": cell}
        for name, cell in held.items()
        if name.startswith(ATTRIBUTES)
    ]
    parts = {"breakdown": breakdown, "attributes": attributes}
    return {name: rows for name, rows in parts.items() if rows}


def _points(name: str, cell: str, *, decimal_comma: bool) -> dict[str, Any]:
    value, slash, most = cell.partition("/")
    if not slash:
        raise CellError(f"{name}: write the points and their maximum, such as 87/100")
    return {
        "value": _number(name, value.strip(), decimal_comma=decimal_comma),
        "max": _number(name, most.strip(), decimal_comma=decimal_comma),
    }


def _number(name: str, cell: str, *, decimal_comma: bool) -> int | float:
    if decimal_comma:
        cell = _DECIMAL_COMMA.sub(r"\1.\2", cell) if _DECIMAL_COMMA.fullmatch(cell) else cell
    if not _NUMBER.fullmatch(cell):
        raise CellError(f"{name}: it is no number such as 89 or 89.5")
    return float(cell) if "." in cell else int(cell)

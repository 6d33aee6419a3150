"""The rows of a file of scores, one after the other: CSV with a header, or JSON lines."""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

import msgspec

from hireloom.api.reading import in_words, invalid, names_of
from hireloom.bulk.cells import CellError, body_of, columns_of
from hireloom.errors import RequestInvalidError
from hireloom.models import ScoreDraft
from hireloom.scores import validate

TABLES = (".csv", ".tsv")
LINES = (".jsonl", ".ndjson")
SEPARATORS = ",;\t"
LONGEST_CELL = 1_000_000  # characters; more than a score's notes may have
MADE = "hireloom-"  # begins an externalId that is made here
ENDS_NEVER = "a quotation mark is opened here and not closed properly"


class Broken(NamedTuple):
    """A row that is no score, with the `externalId` where that could be read."""

    problem: str
    external_id: str | None = None


Read = tuple[int, bytes, Mapping[str, Any] | Broken]  # the line, what stands there, what it is


class FileError(Exception):
    """The file as a whole cannot be used; nothing of it is sent."""

    def __init__(self, what: str, todo: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.todo = todo


@dataclass(frozen=True)
class Row:
    """`line` is where it begins; `mark` tells it from what stood in the same line before.

    `body` has an `externalId` in any case. `problem` says why a row cannot be sent.
    """

    line: int
    mark: int
    body: Mapping[str, Any] = field(repr=False)
    problem: str | None = None

    @property
    def external_id(self) -> str | None:
        named = self.body.get("externalId")
        return named if isinstance(named, str) else None


def count_rows(path: Path) -> int:
    """How many rows there are. Raises FileError for a file that cannot be read to its end."""
    return sum(1 for _ in _read(path))


def print_of(path: Path) -> str:
    """The hash of all that is in the file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror}.") from None


def rows_of(path: Path, seed: str) -> Iterator[Row]:
    """The rows, checked as the server does it. `seed` goes into each externalId made here."""
    for line, text, content in _read(path):
        mark = int.from_bytes(hashlib.sha256(text).digest()[:8]) or 1
        if isinstance(content, Broken):
            yield Row(line, mark, {"externalId": content.external_id}, content.problem)
        else:
            body = content if content.get("externalId") else {**content, **_named(content, seed)}
            yield Row(line, mark, body, problem_of(body))


def problem_of(body: Mapping[str, Any]) -> str | None:
    """What is wrong with a score, in a sentence; None where it can be sent."""
    try:
        validate.check(msgspec.convert(body, ScoreDraft), datetime.now(UTC))
    except msgspec.ValidationError as error:
        return in_words(invalid(error, names_of(ScoreDraft)), ScoreDraft).msg
    except RequestInvalidError as error:
        return error.msg
    return None


def _named(body: Mapping[str, Any], seed: str) -> dict[str, str]:
    """The same row of the same file always gets the same id. An order is one result's own."""
    of = [body["orderId"]] if body.get("orderId") else [seed, body]
    told = msgspec.json.encode(of, order="deterministic")
    return {"externalId": MADE + hashlib.sha256(told).hexdigest()[:32]}


def _read(path: Path) -> Iterator[Read]:
    kind = path.suffix.lower()
    if kind not in (*TABLES, *LINES):
        raise FileError(
            f"{path} is neither CSV nor JSON lines.",
            f"Its name has to end in {', '.join(TABLES)}, {' or '.join(LINES)}.",
        )
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            yield from _table(path, text) if kind in TABLES else _lines(text)
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise FileError(
            f"{path} is not UTF-8.", "Save it anew, in a spreadsheet as “CSV UTF-8”."
        ) from None


def _table(path: Path, text: IO[str]) -> Iterator[Read]:
    csv.field_size_limit(LONGEST_CELL)
    separator = _separator(text)
    reader = csv.reader(text, delimiter=separator, strict=True)
    try:
        columns = columns_of(next(reader, []))
    except (CellError, csv.Error) as error:
        raise FileError(f"The header of {path}: {error}.", "See `hireloom scores push`.") from None
    if not columns:
        raise FileError(f"{path} is empty.")
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            yield line, str(line).encode(), Broken(ENDS_NEVER)
            continue
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, msgspec.json.encode([columns, cells]), _body(columns, cells, separator)


def _separator(text: IO[str]) -> str:
    """By the header; a header of one column has none."""
    header = text.readline()
    text.seek(0)
    try:
        return csv.Sniffer().sniff(header, delimiters=SEPARATORS).delimiter
    except csv.Error:
        return SEPARATORS[0]


def _body(columns: tuple[str, ...], cells: list[str], separator: str) -> Mapping[str, Any] | Broken:
    try:
        return body_of(columns, cells, decimal_comma=separator == ";")
    except CellError as error:
        named = dict(zip(columns, cells, strict=False)).get("externalId", "").strip()
        return Broken(str(error), named or None)


def _lines(text: IO[str]) -> Iterator[Read]:
    for number, line in enumerate(text, start=1):
        if line.strip():
            yield number, line.strip().encode(), _object(line)


def _object(line: str) -> Mapping[str, Any] | Broken:
    try:
        found = msgspec.json.decode(line)
    except msgspec.DecodeError:
        return Broken("it is no valid JSON")
    return found if isinstance(found, dict) else Broken("it is no JSON object")

"""JSONPath (RFC 9535) as callers may write it, and the records that it finds in a vendor's answer.

A path comes from a caller and runs over every record, so what can take long is refused: regular
expressions, a second `..`, several selectors in one bracket, and filters that start again at `$`.
"""

from dataclasses import dataclass
from typing import Any

import msgspec
from jsonpath import JSONPath, JSONPathEnvironment, JSONPathError
from jsonpath.segments import JSONPathRecursiveDescentSegment
from jsonpath.selectors import NameSelector

from hireloom.errors import RequestInvalidError

LONGEST_PATH = 200
LONGEST_ID = 200
COSTLY = ("match", "search")  # their regular expressions can take for ever

_canonical = msgspec.json.Encoder(order="deterministic").encode


def _environment() -> JSONPathEnvironment:
    environment = JSONPathEnvironment(strict=True)
    for name in COSTLY:
        del environment.function_extensions[name]
    return environment


ENVIRONMENT = _environment()


@dataclass(frozen=True)
class Path:
    """A compiled path. `names` are its steps, where it goes from object to object by name."""

    text: str
    query: JSONPath
    names: tuple[str, ...] | None

    def find(self, document: Any) -> list[Any]:
        """Everything that the path finds in a JSON object or list."""
        if self.names is None:
            return list(self.query.findall(document))
        for name in self.names:
            if not isinstance(document, dict) or name not in document:
                return []
            document = document[name]
        return [document]


def compile_path(text: Any, where: str) -> Path:
    """A path that is safe to run; raises RequestInvalidError at `where`."""
    if not isinstance(text, str) or not text.startswith("$"):
        raise RequestInvalidError.at(
            where, "is a JSONPath that starts with $, such as $.info.status"
        )
    if len(text) > LONGEST_PATH:
        raise RequestInvalidError.at(where, f"has at most {LONGEST_PATH} characters")
    try:
        query = ENVIRONMENT.compile(text)
    except RecursionError:
        raise RequestInvalidError.at(where, "is nested too deeply") from None
    except (JSONPathError, ValueError) as error:
        raise RequestInvalidError.at(
            where, f"is no JSONPath (RFC 9535): {_reason(error)}"
        ) from None
    if not isinstance(query, JSONPath):
        raise RequestInvalidError.at(where, "is one path; give several as a list")
    _refuse_costly(query, where)
    return Path(text, query, _names(query))


def _reason(error: Exception) -> str:
    return str(getattr(error, "message", error)).partition("\n")[0]


def _refuse_costly(query: JSONPath, where: str) -> None:
    text = str(query)
    if any(len(segment.selectors) != 1 for segment in query.segments):
        raise RequestInvalidError.at(where, "takes one selector in a bracket; give each its path")
    if text.count("..") > 1:
        raise RequestInvalidError.at(where, "may contain .. once")
    if "$" in text[1:] and _names(query) is None:
        raise RequestInvalidError.at(where, "may contain $ only at its start")


def _names(query: JSONPath) -> tuple[str, ...] | None:
    names = []
    for segment in query.segments:
        (selector,) = segment.selectors
        if not isinstance(selector, NameSelector) or is_deep(segment):
            return None
        names.append(selector.name)
    return tuple(names)


def is_deep(segment: Any) -> bool:
    """Whether a step looks on every level below (`..`)."""
    return isinstance(segment, JSONPathRecursiveDescentSegment)


@dataclass(frozen=True)
class Listed:
    """Where a vendor's answer has its records, and where a record has its id.

    `base` is what must be there even when there are no records: the list itself.
    """

    list_at: Path
    base: Path
    id_at: Path

    def records(self, answer: Any) -> list[tuple[str, bytes]]:
        """Each record's id and canonical JSON; raises RequestInvalidError where paths don't fit."""
        found: dict[str, bytes] = {}
        for number, record in enumerate(self._list(answer), 1):
            name = self._id(record, number)
            if name in found:
                raise RequestInvalidError.at(
                    "recordIdentifier",
                    f"finds an id in record {number} that an earlier record has as well;"
                    " it must be different for each",
                )
            found[name] = _canonical(record)
        return list(found.items())

    def _list(self, answer: Any) -> list[Any]:
        if not isinstance(answer, dict | list) or not self.base.find(answer):
            raise RequestInvalidError.at("listIdentifier", "finds nothing in the vendor's answer")
        found = self.list_at.find(answer)
        if self.base is not self.list_at:
            return found
        records: list[Any] = []
        for listed in found:
            if not isinstance(listed, list | None):
                raise RequestInvalidError.at(
                    "listIdentifier", f"finds {_kind(listed)} in the vendor's answer, not a list"
                )
            records += listed or []
        return records

    def _id(self, record: Any, number: int) -> str:
        if not isinstance(record, dict):
            raise RequestInvalidError.at(
                "listIdentifier",
                f"finds a list whose record {number} is {_kind(record)}, not an object",
            )
        found = self.id_at.find(record)
        if len(found) != 1:
            count = "no id" if not found else f"{len(found)} ids"
            raise RequestInvalidError.at("recordIdentifier", f"finds {count} in record {number}")
        name = str(found[0]) if _is_whole(found[0]) else found[0]
        if not isinstance(name, str):
            raise RequestInvalidError.at(
                "recordIdentifier",
                f"finds {_kind(name)} in record {number}; an id is text or a whole number",
            )
        if not name or len(name) > LONGEST_ID or "\0" in name:
            raise RequestInvalidError.at(
                "recordIdentifier",
                f"finds an id in record {number} that is empty, has more than {LONGEST_ID}"
                " characters or has the character NUL",
            )
        return name


def parse(list_identifier: Any, record_identifier: Any) -> Listed:
    """The paths of a custom sync; raises RequestInvalidError at the one that is wrong."""
    list_at = compile_path(list_identifier, "listIdentifier")
    id_at = compile_path(record_identifier, "recordIdentifier")
    if not id_at.query.segments:
        raise RequestInvalidError.at("recordIdentifier", "names a field of a record, such as $.id")
    return Listed(list_at, _base(list_at), id_at)


def _base(list_at: Path) -> Path:
    """The path without its last step, where that step picks records (`$.items[*]`)."""
    segments = list_at.query.segments
    if not segments or isinstance(segments[-1].selectors[0], NameSelector):
        return list_at
    shorter = JSONPath(env=ENVIRONMENT, segments=segments[:-1])
    return Path(str(shorter), shorter, _names(shorter))


KINDS: tuple[tuple[type, str], ...] = (
    (dict, "an object"),
    (list, "a list"),
    (str, "text"),
    (bool, "true or false"),
    (type(None), "null"),
)


def _kind(value: Any) -> str:
    return next((word for kind, word in KINDS if isinstance(value, kind)), "a number")


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)

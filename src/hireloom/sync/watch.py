"""Watch fields: a change counts only where one of these JSON paths finds something else.

Paths are looked up in the record as it is on the wire, without what changes by itself
(`hireloom.sync.prints.steady`); only a path that names `updatedAt` gets to see it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import msgspec
from jsonpath.selectors import (
    IndexSelector,
    NameSelector,
    SliceSelector,
)

from hireloom.errors import RequestInvalidError, near
from hireloom.kit.support import paths
from hireloom.models import UNSET, Model
from hireloom.sync.fields import Kind, Trail, fields_of, follow, reader
from hireloom.sync.paths import Path, compile_path, is_deep
from hireloom.sync.prints import steadier_of, steady

MOST_PATHS = 50
LINKS = frozenset({"link", "linkExpiresAt"})
UPDATED = "updatedAt"

_json = msgspec.json.Encoder(decimal_format="number", order="deterministic").encode


class _Views:
    """One record in the forms that paths look at, each made when it is first asked for."""

    def __init__(self, record: Model) -> None:
        self.record = record

    @cached_property
    def whole(self) -> Any:
        return msgspec.to_builtins(self.record, builtin_types=(Decimal,))

    @cached_property
    def steady(self) -> Any:
        return msgspec.to_builtins(steady(self.record), builtin_types=(Decimal,))


Value = Callable[[_Views], bytes]


@dataclass(frozen=True)
class Watch:
    """`sections` are the fields of a record that the paths look into: `info`, `currentStage`."""

    paths: tuple[str, ...]
    sections: frozenset[str]
    _values: tuple[Value, ...]

    def values(self, record: Model) -> list[bytes]:
        """Canonical JSON of what each path finds, nothing where it finds nothing."""
        views = _Views(record)
        return [value(views) for value in self._values]


def parse(json_paths: Any, model: type[Model], where: str = "jsonPaths") -> Watch:
    """The watch of some paths; raises RequestInvalidError where one cannot find anything."""
    if not isinstance(json_paths, list | tuple) or not 1 <= len(json_paths) <= MOST_PATHS:
        raise RequestInvalidError.at(where, f"is a list of 1 to {MOST_PATHS} JSON paths")
    compiled: dict[str, Path] = {}
    sections: set[str] = set()
    for index, text in enumerate(json_paths):
        at = f"{where}[{index}]"
        path = compile_path(text, at)
        if path.text in compiled:
            raise RequestInvalidError.at(at, "is given twice")
        compiled[path.text] = path
        sections |= _check(path, model, at)
    values = tuple(_value(path, model) for path in compiled.values())
    return Watch(tuple(compiled), frozenset(sections), values)


def _check(path: Path, model: type[Model], where: str) -> set[str]:
    """The sections that a path looks into, once it is sure that it can find something."""
    names: list[str] = []
    trail: Trail | None = None
    in_list = False
    for segment in path.query.segments:
        (selector,) = segment.selectors
        if is_deep(segment):
            _check_deep(selector, model, where)
            break
        if isinstance(selector, NameSelector):
            _refuse_in_list(names, selector.name, where, in_list=in_list)
            names.append(selector.name)
            trail = follow(model, names, where)
            in_list = trail.fields[-1].many
        elif in_list:
            in_list = False
        elif isinstance(selector, IndexSelector | SliceSelector):
            raise RequestInvalidError.at(where, f"'{'.'.join(names) or '$'}' is not a list")
        else:
            break
        if trail is not None and trail.kind is Kind.OPEN:
            break
    if names and names[-1] in LINKS:
        raise RequestInvalidError.at(
            where, f"'{'.'.join(names)}' is signed anew at each reading and cannot be watched"
        )
    return {names[0]} if names else set(fields_of(model))


def _refuse_in_list(names: Sequence[str], name: str, where: str, *, in_list: bool) -> None:
    if in_list:
        listed = ".".join(names)
        raise RequestInvalidError.at(
            where, f"'{listed}' is a list; for each of its records write $.{listed}[*].{name}"
        )


def _check_deep(selector: Any, model: type[Model], where: str) -> None:
    if not isinstance(selector, NameSelector):
        return
    known = {path.rpartition(".")[2] for path in paths(model)}
    if selector.name in LINKS or selector.name not in known:
        raise RequestInvalidError.at(
            where,
            f"'{selector.name}' is no field that can be watched anywhere"
            f"{near(selector.name, known - LINKS)}",
        )


def _value(path: Path, model: type[Model]) -> Value:
    if not path.names:
        return _searched(path)
    return _read(follow(model, path.names, path.text))


def _searched(path: Path) -> Value:
    last = path.query.segments[-1].selectors[0] if path.query.segments else None
    if isinstance(last, NameSelector) and last.name == UPDATED:
        return lambda views: _found(path.find(views.whole))
    return lambda views: _found(path.find(views.steady))


def _found(values: list[Any]) -> bytes:
    return _json(values) if values else b""


def _read(trail: Trail) -> Value:
    get = reader(trail.fields)
    steadier = steadier_of(trail.fields[-1])

    def value(views: _Views) -> bytes:
        found = get(views.record)
        for name in trail.inside:
            if not isinstance(found, dict) or name not in found:
                return b""
            found = found[name]
        if found is UNSET:
            return b""
        return _json(found if steadier is None or not found else steadier(found))

    return value

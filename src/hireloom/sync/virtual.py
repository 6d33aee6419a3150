"""Virtual filters: a tree of comparisons that decides which records a sync emits.

A node is `{type, data, left, right}`. Comparisons have a `key` on the left (a dotted path into the
record as it is on the wire) and a value on the right; logical operators have nodes. Of several
values at a path any has to fit. A missing value fits nothing but the absence that `isNull` and
`not` ask for. Text is compared letter by letter. A date without a time is midnight UTC, and as the
end of a range that whole day.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hireloom.errors import RequestInvalidError, near
from hireloom.models import UNSET, Model
from hireloom.sync.fields import Field, Kind, Trail, follow, reader
from hireloom.sync.operators import FAMILIES, Family, Given, Operator, Shape, Test

DEEPEST = 20
MOST_NODES = 200
LONGEST_KEY = 200
MEMBERS = ("type", "data", "left", "right")
LOGICAL = "logical_operator"
LOGICAL_WORDS = ("and", "or", "not")
VALUES = ("value_string", "value_date", "value_number", "value_boolean", "value_list")
TYPES = (LOGICAL, *FAMILIES, "key", *VALUES)
SUITED: Mapping[Kind, str] = {
    Kind.TEXT: "string_operator",
    Kind.NUMBER: "number_operator",
    Kind.INSTANT: "date_operator",
    Kind.DATE: "date_operator",
    Kind.BOOLEAN: "boolean_operator",
}

Fits = Callable[[Any, datetime], bool]


@dataclass(frozen=True)
class Filter:
    """A filter that is ready to run. `sections` are the fields of a record that it looks into."""

    sections: frozenset[str]
    fits: Fits  # of a record, now


@dataclass(frozen=True)
class _Node:
    type: str
    data: Any
    left: Any
    right: Any
    where: str
    depth: int

    def wrong(self, member: str, sentence: str) -> RequestInvalidError:
        return RequestInvalidError.at(f"{self.where}.{member}", sentence)


def parse(tree: Any, model: type[Model], where: str = "filter") -> Filter:
    """The filter of an expression tree; raises RequestInvalidError with the path of what is wrong.

    Custom fields may be compared with anything; of all other fields the type is known.
    """
    parser = _Parser(model)
    fits = parser.condition(tree, where, 1)
    return Filter(frozenset(parser.sections), fits)


class _Parser:
    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.sections: set[str] = set()
        self.nodes = 0

    def condition(self, tree: Any, where: str, depth: int) -> Fits:
        node = self._node(tree, where, depth)
        if node.type == LOGICAL:
            return self._logical(node)
        if node.type in FAMILIES:
            return self._comparison(node, FAMILIES[node.type])
        allowed = ", ".join((LOGICAL, *FAMILIES))
        raise node.wrong("type", f"is one of {allowed} here, not '{node.type}'")

    def _node(self, tree: Any, where: str, depth: int) -> _Node:
        self.nodes += 1
        if not isinstance(tree, dict):
            raise RequestInvalidError.at(where, "is a node: an object with type, data, left, right")
        if depth > DEEPEST or self.nodes > MOST_NODES:
            raise RequestInvalidError.at(
                where, f"is too large a filter: at most {DEEPEST} levels and {MOST_NODES} nodes"
            )
        for name in tree:
            if name not in MEMBERS:
                raise RequestInvalidError.at(
                    where,
                    f"has a member that is none of {', '.join(MEMBERS)}{_near(name, MEMBERS)}",
                )
        kind = tree.get("type")
        if not isinstance(kind, str) or kind not in TYPES:
            raise RequestInvalidError.at(
                f"{where}.type", f"is one of {', '.join(TYPES)}{_near(kind, TYPES)}"
            )
        return _Node(kind, tree.get("data"), tree.get("left"), tree.get("right"), where, depth)

    def _logical(self, node: _Node) -> Fits:
        word = node.data.casefold() if isinstance(node.data, str) else None
        if word not in LOGICAL_WORDS:
            raise node.wrong("data", f"is one of {', '.join(LOGICAL_WORDS)}")
        left = self.condition(node.left, f"{node.where}.left", node.depth + 1)
        if word == "not":
            if node.right is not None:
                raise node.wrong("right", "is null: 'not' has one node, on the left")
            return lambda record, now: not left(record, now)
        right = self.condition(node.right, f"{node.where}.right", node.depth + 1)
        if word == "and":
            return lambda record, now: left(record, now) and right(record, now)
        return lambda record, now: left(record, now) or right(record, now)

    def _comparison(self, node: _Node, family: Family) -> Fits:
        operator = family.find(node.data) if isinstance(node.data, str) else None
        if operator is None:
            names = [one.name for one in family.operators]
            raise node.wrong("data", f"is one of {', '.join(names)}{_near(node.data, names)}")
        trail = self._key(node)
        _check_kind(node, family, operator, trail)
        if operator.make is None:
            if node.right is not None:
                raise node.wrong("right", f"is null: '{operator.name}' compares with nothing")
            return _absence(operator.shape, trail)
        given = self._value(node, operator)
        test = operator.make(given)
        _check_words(trail, operator, given)
        return _compared(operator.shape, trail, test)

    def _key(self, node: _Node) -> Trail:
        key = self._node(node.left, f"{node.where}.left", node.depth + 1)
        if key.type != "key":
            raise key.wrong("type", f"is key: the path of a field, not '{key.type}'")
        self._refuse_children(key)
        if not isinstance(key.data, str) or not 1 <= len(key.data) <= LONGEST_KEY:
            raise key.wrong("data", "is the path of a field, such as info.appliedAt")
        names = key.data.removeprefix("$.").split(".")
        trail = follow(self.model, names, f"{key.where}.data")
        self.sections.add(names[0])
        return trail

    def _value(self, node: _Node, operator: Operator) -> Given:
        value = self._node(node.right, f"{node.where}.right", node.depth + 1)
        if value.type not in operator.takes:
            allowed = " or ".join(operator.takes)
            raise value.wrong("type", f"is {allowed} beside '{operator.name}', not '{value.type}'")
        self._refuse_children(value)
        return Given(value.type, value.data, value.where)

    def _refuse_children(self, leaf: _Node) -> None:
        for member in ("left", "right"):
            if getattr(leaf, member) is not None:
                raise leaf.wrong(member, f"is null: a {leaf.type} stands alone")


def _near(word: Any, known: tuple[str, ...] | list[str]) -> str:
    return near(word, known) if isinstance(word, str) and len(word) <= LONGEST_KEY else ""


def _check_kind(node: _Node, family: Family, operator: Operator, trail: Trail) -> None:
    path = node.left["data"]
    if node.type == "array_operator" and not (trail.fields[-1].many or trail.kind is Kind.OPEN):
        raise node.wrong("type", f"compares lists, and {path} is {trail.kind}")
    if trail.kind not in family.kinds:
        suited = SUITED.get(trail.kind)
        use = f"use {suited}" if suited else "name one of its fields, or use presence_operator"
        raise node.wrong("type", f"cannot compare {path}, which is {trail.kind}: {use}")
    if trail.kind is Kind.RECORD and operator.make is not None:
        raise node.wrong("data", f"cannot compare {path}, whose elements are records: use isEmpty")


def _check_words(trail: Trail, operator: Operator, given: Given) -> None:
    """A word that is none of a field's would never fit: say so at once."""
    if not trail.words or not operator.whole:
        return
    one = operator.takes[0] == "value_string"
    for word in (given.text(),) if one else given.texts():
        if word not in trail.words:
            raise given.wrong(f"is one of {', '.join(trail.words)}{_near(word, list(trail.words))}")


def _compared(shape: Shape, trail: Trail, test: Test) -> Fits:
    if not trail.many and trail.kind is not Kind.OPEN:
        read = reader(trail.fields)
        if shape is Shape.ANY:
            return lambda record, now: test(read(record), now)
        return lambda record, now: _is_there(said := read(record)) and not test(said, now)
    values = _values(trail)
    if shape is Shape.ANY:
        return lambda record, now: any(test(said, now) for said in values(record))
    return lambda record, now: (
        bool(said := values(record)) and not any(test(one, now) for one in said)
    )


def _absence(shape: Shape, trail: Trail) -> Fits:
    if shape is Shape.EXISTS:
        values = _values(trail)
        return lambda record, _: bool(values(record))
    ends = _ends(trail)
    wanted: list[Any] | None = [] if shape is Shape.EMPTY else None
    return lambda record, _: any(said == wanted for said in ends(record))


def _is_there(said: Any) -> bool:
    return said is not None and said is not UNSET


def _values(trail: Trail) -> Callable[[Any], list[Any]]:
    """Every value at the end of a trail, lists taken apart."""
    ends = _ends(trail)

    def values(record: Any) -> list[Any]:
        found: list[Any] = []
        for end in ends(record):
            found += end if isinstance(end, list) else (end,)
        return [one for one in found if _is_there(one)]

    return values


def _ends(trail: Trail) -> Callable[[Any], list[Any]]:
    """What stands at the end of a trail, a list as it is, for each record on the way."""
    *way, last = trail.fields

    def ends(record: Any) -> list[Any]:
        owners = [record]
        for field in way:
            owners = [inner for owner in owners for inner in _inside(owner, field)]
        found = [getattr(owner, last.attribute) for owner in owners]
        return [_open(one, trail.inside) for one in found] if trail.inside else found

    return ends


def _inside(owner: Any, field: Field) -> list[Any]:
    inner = getattr(owner, field.attribute)
    if not _is_there(inner):
        return []
    return [one for one in inner if _is_there(one)] if field.many else [inner]


def _open(value: Any, names: tuple[str, ...]) -> Any:
    """A member of a customer's own field; a name may itself contain dots."""
    for index, name in enumerate(names):
        if not isinstance(value, dict):
            return UNSET
        whole = ".".join(names[index:])
        if whole in value:
            return value[whole]
        value = value.get(name, UNSET)
    return value

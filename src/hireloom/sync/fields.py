"""The fields of the unified records by their names on the wire: what a path may say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import inspect

from hireloom.errors import RequestInvalidError, near
from hireloom.kit.support import paths
from hireloom.models import UNSET, Model


class Kind(StrEnum):
    """What a field holds, in the words of error messages."""

    TEXT = "text"
    NUMBER = "a number"
    INSTANT = "an instant"
    DATE = "a date"
    BOOLEAN = "true or false"
    RECORD = "a record"
    OPEN = "anything"  # the customer's own, or a list or record of them


SCALARS: Mapping[type[inspect.Type], Kind] = {
    inspect.StrType: Kind.TEXT,
    inspect.EnumType: Kind.TEXT,
    inspect.IntType: Kind.NUMBER,
    inspect.FloatType: Kind.NUMBER,
    inspect.DecimalType: Kind.NUMBER,
    inspect.DateTimeType: Kind.INSTANT,
    inspect.DateType: Kind.DATE,
    inspect.BoolType: Kind.BOOLEAN,
    inspect.StructType: Kind.RECORD,
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a model; `words` are those of a closed list."""

    wire: str
    attribute: str
    kind: Kind
    many: bool = False
    model: type[Model] | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trail:
    """The fields that a path goes through, and the names below the last, where it is open."""

    fields: tuple[Field, ...]
    inside: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        return self.fields[-1].kind

    @property
    def words(self) -> tuple[str, ...]:
        return self.fields[-1].words

    @property
    def many(self) -> bool:
        """Whether the path leads to several values."""
        return any(field.many for field in self.fields)


@cache
def fields_of(model: type[Model]) -> Mapping[str, Field]:
    return {
        field.encode_name: _field(field.encode_name, field.name, inspect.type_info(field.type))
        for field in msgspec.structs.fields(model)
    }


def follow(model: type[Model], names: Sequence[str], where: str) -> Trail:
    """The trail of a path; raises RequestInvalidError at `where` for one that leads nowhere."""
    found: list[Field] = []
    inner: type[Model] | None = model
    for index, name in enumerate(names):
        field = fields_of(inner).get(name) if inner is not None else None
        if field is None:
            raise _nowhere(model, found, names, where)
        found.append(field)
        if field.kind is Kind.OPEN:
            return Trail(tuple(found), tuple(names[index + 1 :]))
        inner = field.model
    return Trail(tuple(found))


def reader(fields: Sequence[Field]) -> Callable[[Any], Any]:
    """Reads the value at the end of a trail without lists: UNSET where a record is missing."""
    attributes = [field.attribute for field in fields]
    if attributes[:-1] in ([], ["info"]):  # every record has its info
        return attrgetter(".".join(attributes))

    def read(record: Any) -> Any:
        for attribute in attributes:
            if record is None or record is UNSET:
                return UNSET
            record = getattr(record, attribute)
        return record

    return read


def _nowhere(
    model: type[Model], found: Sequence[Field], names: Sequence[str], where: str
) -> RequestInvalidError:
    path = ".".join(names)
    if found and found[-1].model is None:
        last = ".".join(field.wire for field in found)
        return RequestInvalidError.at(
            where, f"'{path}' is no field: {last} is {found[-1].kind} and has no fields of its own"
        )
    return RequestInvalidError.at(
        where, f"'{path}' is no field of {_title(model)}{near(path, paths(model))}"
    )


def _title(model: type[Model]) -> str:
    return f"{'an' if model.__name__[0] in 'AEIO' else 'a'} {model.__name__.lower()}"


def _field(wire: str, attribute: str, info: inspect.Type) -> Field:
    many = False
    (option,) = [one for one in _options(info) if not _is_nothing(one)]
    if isinstance(option, inspect.ListType):
        many, option = True, option.item_type
    kind = SCALARS.get(type(option), Kind.OPEN)
    model: Any = option.cls if isinstance(option, inspect.StructType) else None
    words: tuple[str, ...] = ()
    if isinstance(option, inspect.EnumType):
        words = tuple(str(word.value) for word in option.cls)
    return Field(wire, attribute, kind, many, model, words)


def _options(info: inspect.Type) -> Sequence[inspect.Type]:
    return info.types if isinstance(info, inspect.UnionType) else (info,)


def _is_nothing(info: inspect.Type) -> bool:
    unset = isinstance(info, inspect.CustomType) and info.cls is msgspec.UnsetType
    return unset or isinstance(info, inspect.NoneType)

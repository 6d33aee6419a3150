"""What every model and request is built on.

A field is in one of three states: a value, `None` (the ATS says that it is empty) or UNSET (this
vendor cannot say). UNSET fields are left out of the JSON and named in `meta.unsupportedFields`.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

__all__ = ["UNSET", "Id", "Instant", "Maybe", "Model", "Request", "UnsetType", "Word", "given"]

T = TypeVar("T")
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]  # always with its zone, UTC when sent
Maybe: TypeAlias = T | UnsetType | None


class Word(StrEnum):
    """A closed list of words, UPPER_SNAKE on the wire."""


class Model(msgspec.Struct, rename="camel", frozen=True, kw_only=True):
    """An answer; camelCase on the wire."""


class Request(
    msgspec.Struct, rename="camel", forbid_unknown_fields=True, frozen=True, kw_only=True
):
    """Something that a caller sends; an unknown field is an error with its path."""


def given(value: T | UnsetType | None) -> T | None:
    """The value, or None where it is empty or cannot be known."""
    return None if value is UNSET or isinstance(value, UnsetType) else value

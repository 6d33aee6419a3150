"""Mapped fields: a customer's custom fields under the keys that the user declared."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias, TypeVar

import msgspec

from hireloom.errors import RequestInvalidError, near
from hireloom.models import (
    UNSET,
    Application,
    Candidate,
    CandidateChanges,
    CandidateDraft,
    Job,
    MappingOwner,
    Model,
    UnsetType,
)

R = TypeVar("R", Application, Candidate, Job)
D = TypeVar("D", CandidateDraft, CandidateChanges)

# By whose record it is, then by declared key: the custom field's name in `customFields`.
Mapped: TypeAlias = Mapping[type[Model], Mapping[str, str]]

MODELS: Mapping[str, type[Model]] = {
    MappingOwner.APPLICATION: Application,
    MappingOwner.CANDIDATE: Candidate,
    MappingOwner.JOB: Job,
}


def by_model(mappings: Iterable[tuple[str, str, str]]) -> Mapped:
    """Out of owners, declared keys and names in `customFields`."""
    found: dict[type[Model], dict[str, str]] = {}
    for owner, key, name in mappings:
        found.setdefault(MODELS[owner], {})[key] = name
    return found


def with_mapped(records: Sequence[R], mapped: Mapped) -> list[R]:
    """Records of one model with their mapped fields, where any are mapped for that model."""
    names = mapped.get(type(records[0])) if records else None
    return list(records) if not names else [_with(record, names) for record in records]


def _with(record: R, names: Mapping[str, str]) -> R:
    """Empty where the record has no value; left out where the vendor says nothing of them."""
    custom = record.info.custom_fields
    if custom is UNSET or isinstance(custom, UnsetType):
        return record
    values = {key: (custom or {}).get(name) for key, name in names.items()}
    info = msgspec.structs.replace(record.info, mapped_fields=values)
    return msgspec.structs.replace(record, info=info)


def unmapped(draft: D, mapped: Mapped, where: str = "mappedFields") -> D:
    """A draft whose mapped fields stand among the custom fields, as connectors take them.

    Raises RequestInvalidError for a key that is mapped to nothing at this account.
    """
    if not draft.mapped_fields:
        return draft
    names = mapped.get(Candidate, {})
    found = dict(draft.custom_fields)
    for key, value in draft.mapped_fields.items():
        if key not in names:
            raise RequestInvalidError.at(
                f"{where}.{key}",
                f"is mapped to no field of this account; see mapping.list{near(key, names)}",
            )
        if names[key] in draft.custom_fields:
            raise RequestInvalidError.at(f"{where}.{key}", "is given in customFields as well")
        found[names[key]] = value
    return msgspec.structs.replace(draft, custom_fields=found, mapped_fields={})

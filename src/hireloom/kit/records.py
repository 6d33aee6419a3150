"""Between a vendor's records and ours: what is kept of a page, and what a write could not take."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

import msgspec

from hireloom.errors import ResourceNotFoundError, UnexpectedAnswerError
from hireloom.kit.trip import SetAside, current
from hireloom.models import Dropped

S = TypeVar("S")
M = TypeVar("M")

UNREADABLE = (ValueError, TypeError, LookupError, ArithmeticError)


def ours(
    models: Sequence[M | None], raws: list[msgspec.Raw] | None
) -> tuple[list[M], list[msgspec.Raw] | None]:
    """The records that a mapping kept, and their raw JSON beside them."""
    kept = [model for model in models if model is not None]
    if raws is None:
        return kept, None
    return kept, [raw for raw, model in zip(raws, models, strict=True) if model is not None]


def same(record: S) -> S:
    return record


def mapped(structs: Sequence[S], to_model: Callable[[S], M | None]) -> list[M | None]:
    """Map a page; a record that cannot be mapped is set aside, the rest goes on."""
    try:
        return [to_model(struct) for struct in structs]
    except UNREADABLE:
        return [_map_one(struct, to_model) for struct in structs]


def _map_one(struct: S, to_model: Callable[[S], M | None]) -> M | None:
    try:
        return to_model(struct)
    except UNREADABLE as error:
        identity = getattr(struct, "id", None)
        reason = f"a value could not be translated ({type(error).__name__})"
        current().set_aside.append(
            SetAside(None if identity is None else str(identity), "$", reason)
        )
        return None


def dropped(draft: Any, *, sent: Collection[str], title: str, prefix: str = "") -> list[Dropped]:
    """What the caller gave beyond the fields that were sent: a receipt names each of them."""
    reason = f"{title} has no place for it"
    return [
        Dropped(field=prefix + field.encode_name, reason=reason)
        for field in msgspec.structs.fields(draft)
        if field.name not in sent
        and getattr(draft, field.name) not in (None, (), {}, False, field.default)
    ]


def only(records: Sequence[M], what: str) -> M:
    """The record of a list that was asked for one id."""
    if not records:
        raise ResourceNotFoundError(f"There is no such {what}")
    if len(records) > 1:
        raise UnexpectedAnswerError(f"The vendor sent several records for one {what}")
    return records[0]

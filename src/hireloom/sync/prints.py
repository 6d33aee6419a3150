"""Fingerprints: enough to notice that a record changed and where, too little to read it back.

A record is cut into parts, and each part has a keyed digest of eight bytes. What changes without
the record changing is left out: links to files, which are signed anew at each reading, and the
time of the last update, which vendors also move when nothing that a record shows has changed.
Neither counts the order of tags, nor of records in a list that have ids of their own; the order
of e-mails, phones, stages, schools and questions does.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter, getitem
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from hireloom.kit.sections import MEMBERS
from hireloom.models import (
    UNSET,
    Application,
    ApplicationModel,
    Candidate,
    CandidateModel,
    Job,
    JobModel,
    Model,
    Word,
)
from hireloom.sync.fields import Field, fields_of

M = TypeVar("M", bound=Model)
Steadier = Callable[[Any], Any]

DIGEST_BYTES = 8
REMEMBERED = 512  # digests of a part, as many applications share a job, an owner and a status
SHORT = 128  # bytes; longer values are rarely shared
CANNOT_SAY = b"\xc1"  # a byte that MessagePack never uses

# Fields of `info` with digests of their own, because people ask for them; the rest has one.
ALONE: Mapping[type[Model], tuple[str, ...]] = {
    Application: (
        "status",
        "status_source",
        "candidate",
        "source",
        "job_id",
        "owner",
        "tags",
        "custom_fields",
        "mapped_fields",
    ),
    Candidate: (
        "emails",
        "phones",
        "source",
        "owner",
        "tags",
        "applications",
        "custom_fields",
        "mapped_fields",
    ),
    Job: (
        "title",
        "status",
        "status_source",
        "openings",
        "tags",
        "custom_fields",
        "mapped_fields",
    ),
}
BY_THEMSELVES = frozenset({"link", "link_expires_at", "updated_at"})  # how these change
SETS = frozenset({"tags", "applications", "job_ids"})
IN_ORDER = frozenset({"stages", "questions"})
INFO = frozenset({ApplicationModel.INFO, CandidateModel.INFO, JobModel.INFO})

# MessagePack gives one instant the same bytes in every zone; keys of custom fields are sorted.
_pack = msgspec.msgpack.Encoder(order="deterministic").encode


@dataclass(frozen=True)
class Parts:
    """How the records of a model are cut. `names` are JSON paths: `$.info.status`, `$.offers`."""

    names: tuple[str, ...]
    cutters: tuple[Callable[[Any], list[bytes]], ...]

    def split(self, record: Model) -> list[bytes]:
        """The record's parts, one for each name."""
        parts: list[bytes] = []
        for cutter in self.cutters:
            parts += cutter(record)
        return parts


def parts_of(model: type[Model], models: Iterable[Word] = ()) -> Parts:
    """The parts of a model's records: of the models that are subscribed; none named means all."""
    wanted = frozenset(models)
    fields = [field for field in fields_of(model).values() if field.attribute != "info"]
    if wanted:
        members = {MEMBERS[one] for one in wanted if one in MEMBERS}
        fields = [field for field in fields if field.attribute in members]
    names: list[str] = []
    cutters: list[Callable[[Any], list[bytes]]] = []
    if not wanted or wanted & INFO:
        info = _info_fields(model)
        names += [*(f"$.info.{info[name].wire}" for name in ALONE[model]), "$.info"]
        cutters.append(_info_cutter(ALONE[model]))
    if fields:
        names += [f"$.{field.wire}" for field in fields]
        cutters.append(_section_cutter(fields))
    return Parts(tuple(names), tuple(cutters))


def steady(record: M) -> M:
    """The record without what changes by itself, and with sets in a fixed order."""
    model = type(record)
    kept = {
        field.attribute: steadier(getattr(record, field.attribute))
        for field in fields_of(model).values()
        if (steadier := steadier_of(field)) is not None
    }
    return replace(record, **kept)


def steadier_of(field: Field) -> Steadier | None:
    """What makes a field's value steady, where there is anything to do."""
    if field.model is None:
        return in_order if field.attribute in SETS else None
    inner = {one.attribute for one in fields_of(field.model).values()}
    gone: dict[str, Any] = dict.fromkeys(inner & BY_THEMSELVES, UNSET)
    if not field.many:
        return _record_steadier(gone, inner & SETS) if gone or inner & SETS else None
    unordered = "id" in inner and field.attribute not in IN_ORDER
    return _list_steadier(gone, unordered=unordered) if gone or unordered else None


def in_order(words: Any) -> Any:
    return sorted(words) if words else words


class _Digests(dict[bytes, bytes]):
    """The digests of one part: those of short values are remembered, the others made each time."""

    def __init__(self, key: bytes, name: str) -> None:
        person = hashlib.blake2b(name.encode(), digest_size=hashlib.blake2b.PERSON_SIZE).digest()
        self._hasher = hashlib.blake2b(key=key, digest_size=DIGEST_BYTES, person=person)

    def __missing__(self, part: bytes) -> bytes:
        hasher = self._hasher.copy()
        hasher.update(part)
        digest = hasher.digest()
        if len(part) <= SHORT and len(self) < REMEMBERED:
            self[part] = digest
        return digest


class Prints:
    """Makes fingerprints of parts: one keyed BLAKE2b digest for each, bound to its part's name.

    `key` is 32 bytes of the integration's own. Digests of short parts are remembered, so keep one
    of these for a run and not for ever.
    """

    def __init__(self, key: bytes, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._digests = [_Digests(key, name) for name in self.names]

    def of(self, parts: Sequence[bytes]) -> bytes:
        """The fingerprint of a record, from its parts in the order of the names."""
        if len(parts) != len(self.names):
            raise ValueError(f"{len(parts)} parts for {len(self.names)} names")
        return b"".join(map(getitem, self._digests, parts))

    def changed(self, before: bytes, after: bytes) -> tuple[str, ...]:
        """The names of the parts that differ: all of them, where there was no such fingerprint."""
        if len(before) != len(after):
            return self.names
        return tuple(
            name
            for name, old, new in zip(self.names, _cut(before), _cut(after), strict=True)
            if old != new
        )

    def merged(self, before: bytes, after: bytes, skipped: Collection[str]) -> bytes:
        """What to keep when some parts could not be read this time: their digests as before."""
        if len(before) != len(after):
            return after
        kept = zip(self.names, _cut(before), _cut(after), strict=True)
        return b"".join(old if name in skipped else new for name, old, new in kept)


def _cut(fingerprint: bytes) -> list[bytes]:
    starts = range(0, len(fingerprint), DIGEST_BYTES)
    return [fingerprint[start : start + DIGEST_BYTES] for start in starts]


def _info_fields(model: type[Model]) -> Mapping[str, Field]:
    info = fields_of(model)["info"].model or model
    return {field.attribute: field for field in fields_of(info).values()}


def _info_cutter(alone: tuple[str, ...]) -> Callable[[Any], list[bytes]]:
    values = attrgetter(*alone)
    sets = [index for index, name in enumerate(alone) if name in SETS]
    mapped = alone.index("mapped_fields")
    gone = dict.fromkeys((*alone, "updated_at"), UNSET)

    def cut(record: Any) -> list[bytes]:
        info = record.info
        found = [*values(info), replace(info, **gone)]
        for index in sets:
            found[index] = in_order(found[index])
        found[mapped] = _filled(found[mapped])
        return [CANNOT_SAY if value is UNSET else _pack(value) for value in found]

    return cut


def _filled(mapped: Any) -> Any:
    """Mapped fields that hold something: what is mapped but empty here makes no other record."""
    filled = {key: value for key, value in (mapped or {}).items() if value is not None}
    return filled or UNSET


def _section_cutter(fields: Sequence[Field]) -> Callable[[Any], list[bytes]]:
    names = [field.attribute for field in fields]
    values: Any = attrgetter(*names) if len(names) > 1 else _only(names[0])
    steadiers = [
        (index, steadier)
        for index, field in enumerate(fields)
        if (steadier := steadier_of(field)) is not None
    ]

    def cut(record: Any) -> list[bytes]:
        found = [*values(record)]
        for index, steadier in steadiers:
            if found[index]:
                found[index] = steadier(found[index])
        return [CANNOT_SAY if value is UNSET else _pack(value) for value in found]

    return cut


def _only(name: str) -> Callable[[Any], tuple[Any]]:
    return lambda record: (getattr(record, name),)


def _record_steadier(gone: Mapping[str, Any], sets: Collection[str]) -> Steadier:
    def steadier(record: Any) -> Any:
        if not record:
            return record
        return replace(record, **gone, **{name: in_order(getattr(record, name)) for name in sets})

    return steadier


def _list_steadier(gone: Mapping[str, Any], *, unordered: bool) -> Steadier:
    def steadier(records: Any) -> Any:
        if not records:
            return records
        kept = [replace(record, **gone) for record in records] if gone else records
        return sorted(kept, key=_id) if unordered and len(kept) > 1 else kept

    return steadier


def _id(record: Any) -> str:
    return record.id or ""

"""How the fingerprint of a sync's records is laid out: its models, then the fields it watches.

Four bytes in front tell by which models and which watched fields it was made. So when somebody
changes what is watched, a record that did not change since is still known to be unchanged.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from hireloom.kit.sections import MEMBERS
from hireloom.models import JobModel
from hireloom.store.seal import Key
from hireloom.store.syncs import Sync
from hireloom.sync import watch
from hireloom.sync.kinds import Kind, words
from hireloom.sync.prints import DIGEST_BYTES, Parts, Prints, parts_of

RAW = "$.rawValues"
MODELS_BYTES = HEAD_BYTES = 2
START = MODELS_BYTES + HEAD_BYTES


@dataclass(frozen=True)
class Layout:
    parts: Parts
    prints: Prints
    watch: watch.Watch | None
    watched: Prints | None
    skipped: frozenset[str]  # parts of models that could not be read this time
    unwatched: frozenset[str]  # watched paths that look into those
    head: bytes

    @classmethod
    def of_sync(cls, kind: Kind, sync: Sync, readable: Sequence[str], key: Key) -> "Layout":
        """`readable`: the models of the sync that this run reads."""
        secret = key.derive("fingerprints")
        parts = parts_of(kind.model, words(kind, sync.models))
        names = (*parts.names, RAW) if JobModel.RAW_VALUES in sync.models else parts.names
        watching = watch.parse(sync.watch, kind.model) if sync.watch else None
        missing = set(sync.models) - set(readable)
        gone = {f"$.{kind.section(one)}" for one in words(kind, sorted(missing)) if one in MEMBERS}
        return cls(
            parts,
            Prints(secret, names),
            watching,
            Prints(secret, [f"watch {path}" for path in sync.watch]) if watching else None,
            frozenset(gone | ({RAW} if JobModel.RAW_VALUES in missing else set())),
            frozenset(
                f"watch {path}"
                for path in sync.watch
                if {f"$.{one}" for one in watch.parse([path], kind.model).sections} & gone
            ),
            _mark(names) + _mark(sync.watch),
        )

    def of(self, record: Any, raw: msgspec.Raw | None, old: bytes) -> bytes:
        """The fingerprint of a record, given the one that is known (empty: none)."""
        parts = self.parts.split(record)
        if RAW in self.prints.names:
            parts.append(b"" if raw is None else bytes(raw))
        print_ = self.prints.of(parts)
        if self.skipped and self._same_models(old):
            print_ = self.prints.merged(self._base(old), print_, self.skipped)
        if self.watch is None or self.watched is None:
            return self.head + print_
        watched = self.watched.of(self.watch.values(record))
        if self.unwatched and old[:START] == self.head:
            watched = self.watched.merged(self._watched(old), watched, self.unwatched)
        return self.head + print_ + watched

    def changed(self, old: bytes, new: bytes) -> tuple[str, ...] | None:
        """The paths that differ; None where there is nothing to tell."""
        if not self._same_models(old):
            return self.prints.names
        changed = self.prints.changed(self._base(old), self._base(new))
        if not changed:
            return None
        if self.watched is None or old[MODELS_BYTES:START] != new[MODELS_BYTES:START]:
            return changed
        seen = self.watched.changed(self._watched(old), self._watched(new))
        return tuple(name.removeprefix("watch ") for name in seen) or None

    def _same_models(self, old: bytes) -> bool:
        return old[:MODELS_BYTES] == self.head[:MODELS_BYTES]

    def _base(self, print_: bytes) -> bytes:
        return print_[START : START + DIGEST_BYTES * len(self.prints.names)]

    def _watched(self, print_: bytes) -> bytes:
        return print_[START + DIGEST_BYTES * len(self.prints.names) :]


def _mark(names: Sequence[str]) -> bytes:
    return hashlib.blake2b("\n".join(names).encode(), digest_size=MODELS_BYTES).digest()

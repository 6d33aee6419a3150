"""Which records a sync tells of: its filters, and whether they are still active."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hireloom.completion import Verdict
from hireloom.store.syncs import Sync
from hireloom.sync import native, virtual
from hireloom.sync.kinds import Kind


@dataclass(frozen=True)
class Selection:
    kind: Kind
    tree: virtual.Filter | None
    verdict: Verdict
    include_inactive: bool

    @classmethod
    def of_sync(cls, kind: Kind, sync: Sync, query: native.Query | None) -> "Selection":
        """Native filters are judged in full, because most records are not read by the vendor's

        filtered list.
        """
        tree = sync.virtual_filter
        return cls(
            kind,
            None if tree is None else virtual.parse(tree, kind.model),
            Verdict() if query is None else native.judged(query),
            sync.include_inactive,
        )

    def takes(self, record: Any, now: datetime, *, told: bool) -> bool:
        """`told`: the receiver knows it already, so that it became inactive is news."""
        if not (told or self.include_inactive) and self.kind.is_inactive(record):
            return False
        if not self.verdict.fits(record):
            return False
        return self.tree is None or self.tree.fits(record, now)

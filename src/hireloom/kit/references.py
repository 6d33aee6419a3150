"""Reference records of one account, remembered for a while: stages, users, reasons and the like."""

import asyncio
import time
from collections.abc import Collection, Mapping
from itertools import takewhile
from typing import Any

SECONDS = 300.0


class References:
    """Records by table and id; None is one that the vendor does not have."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[float, Any]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    def __len__(self) -> int:
        return len(self._known)

    def learning(self, table: str) -> asyncio.Lock:
        """Held by whoever looks records of the table up, so that others find them here."""
        return self._locks.setdefault(table, asyncio.Lock())

    def recall(self, table: str, ids: Collection[str]) -> dict[str, Any]:
        now = time.monotonic()
        found = {one: self._known.get((table, one), (0.0, None)) for one in ids}
        return {one: record for one, (ends, record) in found.items() if ends > now}

    def learn(self, table: str, records: Mapping[str, Any]) -> None:
        """Keep these, and drop all that is too old: some of it is about people."""
        now = time.monotonic()
        for one, record in records.items():
            self._known.pop((table, one), None)  # so that the oldest stay in front
            self._known[table, one] = now + SECONDS, record
        for key in list(takewhile(lambda key: self._known[key][0] <= now, self._known)):
            del self._known[key]

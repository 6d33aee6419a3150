"""Where the Ashby simulator keeps records: made on demand from the world, or written over it."""

import functools
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Generic, TypeVar

from hireloom.sandbox._ashby_wire import Ledger
from hireloom.sandbox.world import World

Held = TypeVar("Held")
FIRST_WRITTEN = 1 << 40  # below a parent, made records have lower positions: no world is so big


class Clock:
    """The company's time: the real one, but never before the world's last day."""

    def now(self) -> datetime:
        return max(datetime.now(UTC), World.now)

    def seconds(self) -> float:
        return time.time()


class Shelf(Generic[Held]):
    """Records of one kind in the order of their index; nothing here grows with `count`."""

    def __init__(
        self,
        kind: str,
        world: World,
        ledger: Ledger,
        count: int,
        make: Callable[[int], Held | None],
    ) -> None:
        self.kind = kind
        self.count = count  # so many come from the world
        self.end = count
        self.kept: dict[int, Held] = {}
        self.gone: set[int] = set()
        # Made records are shared: whoever writes takes a copy first.
        self._make = functools.lru_cache(maxsize=2048)(make)
        self._world = world
        self._ledger = ledger
        self.id = functools.lru_cache(maxsize=8192)(self._id)
        self._changed: dict[int, int] = {}  # index: its last change, oldest first

    def _id(self, index: int) -> str:
        return self._world.uuid(f"ashby-{self.kind}", index)

    def index(self, record_id: str) -> int | None:
        """The index of a record that exists; None for every other id."""
        index = self._world.index_of(f"ashby-{self.kind}", record_id)
        return index if index is not None and self.at(index) is not None else None

    def at(self, index: int) -> Held | None:
        if index in self.gone or not self._known(index):
            return None
        kept = self.kept.get(index)
        return kept if kept is not None or index >= self.count else self._make(index)

    def get(self, record_id: str | None) -> Held | None:
        index = None if record_id is None else self.index(record_id)
        return None if index is None else self.at(index)

    def put(self, index: int, record: Held) -> Held:
        """Keep the record as it is now, and note that it changed."""
        self.kept[index] = record
        self._changed.pop(index, None)
        self._changed[index] = self._ledger.next()
        return record

    def next_index(self) -> int:
        """Take an index for a record that somebody creates."""
        self.end += 1
        return self.end - 1

    def delete(self, index: int) -> None:
        """Forget the record; a sync does not tell of it."""
        self.kept.pop(index, None)
        self._changed.pop(index, None)
        self.gone.add(index)

    def rows(self, start: int = 0) -> Iterator[tuple[int, Held]]:
        return self._found(iter(range(start, self.end)))

    def rows_from(self, start: int, made: int) -> Iterator[tuple[int, Held]]:
        """As `rows`, without those of the world below `made` that nobody touched."""
        early = sorted(index for index in self.kept if start <= index < made)
        yield from self._found(iter(early))
        yield from self.rows(max(start, made))

    def first_made(self, key: Callable[[int], datetime], at: datetime) -> int:
        """The first index of the world whose time is not before `at`; times must ascend."""
        return bisect_left(range(self.count), at, key=key)

    def changed(self, after: int) -> Iterator[tuple[int, Held]]:
        """What was put after a change, each with its own change, oldest first."""
        for index, change in list(self._changed.items()):
            record = self.at(index) if change > after else None
            if record is not None:
                yield change, record

    def _known(self, index: int) -> bool:
        return 0 <= index < self.end

    def _found(self, indexes: Iterator[int]) -> Iterator[tuple[int, Held]]:
        for index in indexes:
            record = self.at(index)
            if record is not None:
                yield index, record


class Branch(Shelf[Held]):
    """Records below a parent: `each` places for those of the world, then what was written."""

    def __init__(
        self,
        kind: str,
        world: World,
        ledger: Ledger,
        parents: int,
        *,
        each: int,
        make: Callable[[int], list[tuple[int, Held]]],
    ) -> None:
        super().__init__(kind, world, ledger, parents * each, self._one)
        self.end = FIRST_WRITTEN
        self._each = each
        self._make_all = make
        self._written: dict[int, list[int]] = {}

    def add(self, parent: int, index: int, record: Held) -> Held:
        self._written.setdefault(parent, []).append(index)
        return self.put(index, record)

    def of(self, parent: int) -> Iterator[tuple[int, Held]]:
        """The parent's records, those of the world first."""
        if parent * self._each < self.count:
            yield from self._laid(parent)
        yield from self._found(iter(self._written.get(parent, [])))

    def rows(self, start: int = 0) -> Iterator[tuple[int, Held]]:
        for parent in range(start // self._each, self.count // self._each):
            for index, record in self._laid(parent):
                if index >= start:
                    yield index, record
        yield from self._found(iter(range(max(start, FIRST_WRITTEN), self.end)))

    def delete_of(self, parent: int) -> None:
        for index, _ in list(self.of(parent)):
            self.delete(index)

    def _laid(self, parent: int) -> Iterator[tuple[int, Held]]:
        for index, record in self._make_all(parent):
            if index not in self.gone:
                yield index, self.kept.get(index, record)

    def _one(self, index: int) -> Held | None:
        return dict(self._make_all(index // self._each)).get(index)

    def _known(self, index: int) -> bool:
        return 0 <= index < self.count or FIRST_WRITTEN <= index < self.end

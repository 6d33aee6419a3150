"""Where the Lever simulator keeps records: made on demand from the world, or written by clients."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

Json = dict[str, Any]


class Source(Protocol):
    """What a list endpoint pages through; `after` is the position of the last row sent."""

    def position(self, key: str) -> int | None: ...

    def rows(self, after: int | None) -> Iterator[tuple[str, Json]]: ...


class Ids(Protocol):
    """How the world makes UUIDs that hold an index, and reads them back."""

    def uuid(self, kind: str, index: int) -> str: ...

    def index_of(self, kind: str, uuid: str) -> int | None: ...


class Rows:
    """A list that is small enough to be whole, as a source of pages."""

    def __init__(self, rows: list[Json], key: str = "id") -> None:
        self._rows = rows
        self._key = key

    def position(self, key: str) -> int | None:
        places = (place for place, row in enumerate(self._rows) if row[self._key] == key)
        return next(places, None)

    def rows(self, after: int | None) -> Iterator[tuple[str, Json]]:
        start = 0 if after is None else after + 1
        return ((row[self._key], row) for row in self._rows[start:])


class Shelf:
    """Records of one kind, newest (highest index) first.

    The first `count` are made by `make`; a written record is kept whole and hides the made one.
    Nothing here grows with `count`.
    """

    def __init__(self, kind: str, count: int, make: Callable[[int], Json | None], ids: Ids) -> None:
        self.kind = kind
        self.count = count
        self.end = count
        self.kept: dict[int, Json] = {}
        self.gone: dict[int, int] = {}  # index: when it was deleted, Unix milliseconds
        self._make = make
        self._ids = ids

    def id(self, index: int) -> str:
        return self._ids.uuid(f"lever-{self.kind}", index)

    def index(self, record_id: str) -> int | None:
        """The index in an id of this kind, whether or not the record is still there."""
        index = self._ids.index_of(f"lever-{self.kind}", record_id)
        return index if index is not None and 0 <= index < self.end else None

    def at(self, index: int) -> Json | None:
        if index in self.gone or not 0 <= index < self.end:
            return None
        kept = self.kept.get(index)
        return kept if kept is not None else self._make(index)

    def get(self, record_id: str) -> Json | None:
        index = self.index(record_id)
        return None if index is None else self.at(index)

    def put(self, index: int, record: Json) -> Json:
        self.kept[index] = record
        return record

    def add(self, record: Json) -> Json:
        """Keep a new record under the next id."""
        index = self.end
        self.end += 1
        return self.put(index, {"id": self.id(index), **record})

    def delete(self, index: int, when: int) -> None:
        self.gone[index] = when

    def position(self, key: str) -> int | None:
        index = self.index(key)
        return None if index is None or index in self.gone else index

    def indexes(self, after: int | None = None) -> Iterator[int]:
        return iter(range((self.end if after is None else after) - 1, -1, -1))

    def written(self) -> Iterator[int]:
        """Indexes of records that clients created."""
        return iter(range(self.end - 1, self.count - 1, -1))

    def rows(self, after: int | None) -> Iterator[tuple[str, Json]]:
        for index in self.indexes(after):
            record = self.at(index)
            if record is not None:
                yield record["id"], record


class Branch:
    """Records of one kind below an opportunity; `make` gives those of the world."""

    FIRST_WRITTEN = 1 << 40  # no world holds so many

    def __init__(
        self, kind: str, make: Callable[[int], list[Json]], ids: Ids, each: int = 1
    ) -> None:
        self.kind = kind
        self._make = make
        self._ids = ids
        self._each = each  # at most so many come from the world below one parent
        self._added: dict[int, list[str]] = {}
        self._parents: dict[str, int] = {}  # of what was added
        self._by_recruiters: set[str] = set()
        self._kept: dict[str, Json | None] = {}  # None: deleted
        self._count = 0

    def of(self, parent: int) -> list[Json]:
        return [row for row in self.ever_of(parent) if not row.get("deletedAt")]

    def ever_of(self, parent: int) -> list[Json]:
        """Also what is only marked as deleted."""
        made = [self._kept.get(row["id"], row) for row in self._make(parent)]
        added = [self._kept[record_id] for record_id in self._added.get(parent, [])]
        return [row for row in made + added if row is not None]

    def get(self, parent: int, record_id: str) -> Json | None:
        return next((row for row in self.of(parent) if row["id"] == record_id), None)

    def parent_of(self, record_id: str) -> int | None:
        """The opportunity's index, whether or not the record is still there."""
        if record_id in self._parents:
            return self._parents[record_id]
        index = self._ids.index_of(f"lever-{self.kind}", record_id)
        return None if index is None or index >= self.FIRST_WRITTEN else index // self._each

    def add(self, parent: int, record: Json, *, by_recruiter: bool = False) -> Json:
        record_id = self._ids.uuid(f"lever-{self.kind}", self.FIRST_WRITTEN + self._count)
        self._count += 1
        self._parents[record_id] = parent
        if by_recruiter:
            self._by_recruiters.add(record_id)
        self._added.setdefault(parent, []).append(record_id)
        return self.put({"id": record_id, **record})

    def put(self, record: Json) -> Json:
        self._kept[record["id"]] = record
        return record

    def delete(self, record_id: str) -> None:
        self._kept[record_id] = None

    def written(self, record_id: str) -> bool:
        """Whether a client created the record, not a recruiter."""
        return record_id in self._parents and record_id not in self._by_recruiters

    def of_written(self) -> Iterator[tuple[int, Json]]:
        """What clients created and is still there, with its parent."""
        for parent, ids in self._added.items():
            for record_id in ids:
                record = self._kept[record_id]
                there = record is not None and not record.get("deletedAt")
                if record is not None and there and record_id not in self._by_recruiters:
                    yield parent, record

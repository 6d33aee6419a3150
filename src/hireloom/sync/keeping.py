"""Compare what was read with what is known, and put what changed: one transaction per page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from hireloom.store import fingerprints, integrations, outbox, webhooks
from hireloom.store.fingerprints import Known
from hireloom.store.outbox import Event
from hireloom.store.pool import Connection
from hireloom.store.seal import Key
from hireloom.store.syncs import Sync
from hireloom.sync.custom import CustomKind, Everything, WholeLayout
from hireloom.sync.events import Sender, deletion_data, record_data
from hireloom.sync.kinds import Kind
from hireloom.sync.layout import Layout
from hireloom.sync.reading import Batch
from hireloom.sync.selection import Selection

DELETED, FILTERED = "DELETED", "FILTERED"
KEPT_BACK = b""


@dataclass
class Counts:
    processed: int = 0
    added: int = 0
    modified: int = 0
    deleted: int = 0

    @property
    def emitted(self) -> int:
        return self.added + self.modified + self.deleted


@dataclass(frozen=True)
class Keeping:
    """What one sync keeps of records, and tells of them."""

    kind: Kind | CustomKind
    sync: Sync
    sender: Sender
    key: Key
    layout: Layout | WholeLayout
    selection: Selection | Everything

    async def keep(self, conn: Connection, batch: Batch, *, wakes: bool = True) -> Counts:
        """Remember a page and put its events, in the caller's transaction."""
        number = self.sync.number
        await integrations.hold(conn, self.sync.integration_id)
        await fingerprints.lock(conn, number)
        pairs = _by_id(batch)
        known = await fingerprints.known(conn, number, list(pairs))
        found = _Comparison(self, batch.read_at, datetime.now(UTC))
        for id_, (record, raw) in pairs.items():
            found.judge(id_, record, raw, known.get(id_))
        await fingerprints.remember(conn, number, found.prints, found.parents, batch.read_at)
        if batch.gone:
            dropped = await fingerprints.drop(conn, number, batch.gone)
            for id_, before in dropped.items():
                found.deleted(id_, before.parents, DELETED)
        await self.put(conn, found.events, wakes=wakes)
        return found.counts

    async def keep_back(self, conn: Connection, ids: Sequence[str], read_at: float) -> None:
        """Remember ids that are listed but cannot be read, so that not every sweep tries again."""
        await fingerprints.lock(conn, self.sync.number)
        known = await fingerprints.known(conn, self.sync.number, ids)
        prints = {id_: KEPT_BACK for id_ in ids if id_ not in known}
        await fingerprints.remember(conn, self.sync.number, prints, {}, read_at)

    async def wake(self, conn: Connection) -> None:
        """Let whoever may want its events look."""
        to = await webhooks.wanting(
            conn, self.sync.integration_id, None, self.sync.data_type, only=self.sync.webhook_id
        )
        await outbox.wake(conn, to)

    async def put(self, conn: Connection, events: Sequence[Event], *, wakes: bool = True) -> None:
        """Into the letterbox, for whoever wants them."""
        by_type: dict[str, list[Event]] = {}
        for event in events:
            by_type.setdefault(event.event_type, []).append(event)
        for event_type, several in by_type.items():
            to = await webhooks.wanting(
                conn,
                self.sync.integration_id,
                event_type,
                self.sync.data_type,
                only=self.sync.webhook_id,
            )
            await outbox.put(conn, self.key, several, to, wakes=wakes)


@dataclass
class _Comparison:
    """What a page comes to, record by record."""

    keeping: Keeping
    read_at: float
    now: datetime
    counts: Counts = field(default_factory=Counts)
    events: list[Event] = field(default_factory=list)
    prints: dict[str, bytes] = field(default_factory=dict)
    parents: dict[str, tuple[str | None, ...]] = field(default_factory=dict)

    def judge(self, id_: str, record: Any, raw: msgspec.Raw | None, before: Known | None) -> None:
        self.counts.processed += 1
        if before is not None and before.read_at > self.read_at:
            return  # what is known was read later than this
        old = before.print if before is not None else KEPT_BACK
        if not self.keeping.selection.takes(record, self.now, told=old != KEPT_BACK):
            self._keep_back(id_, before)
            return
        new = self.keeping.layout.of(record, raw, old)
        if new == old:
            return
        self.prints[id_] = new
        self.parents[id_] = self.keeping.kind.parents(record)
        if old == KEPT_BACK:
            self.counts.added += 1
            self._tell("record.new", id_, record_data(record, raw))
        elif (changed := self.keeping.layout.changed(old, new)) is not None:
            self.counts.modified += 1
            self._tell("record.modified", id_, record_data(record, raw), changed)

    def _keep_back(self, id_: str, before: Known | None) -> None:
        if before is None:
            self.prints[id_] = KEPT_BACK
        elif before.print != KEPT_BACK:
            self.prints[id_] = KEPT_BACK
            self.deleted(id_, before.parents, FILTERED)

    def deleted(self, id_: str, parents: tuple[str | None, ...], reason: str) -> None:
        self.counts.deleted += 1
        data = deletion_data(self.keeping.kind, id_, parents, reason)
        self._tell("record.deleted", id_, data)

    def _tell(self, event_type: str, id_: str, data: Any, changed: tuple[str, ...] = ()) -> None:
        sender = self.keeping.sender
        event = sender.event(event_type, data, self.now, record_id=id_, changed=changed)
        self.events.append(event)


def _by_id(batch: Batch) -> Mapping[str, tuple[Any, msgspec.Raw | None]]:
    """The records of a page by id; of one that comes twice, the later."""
    raws: Sequence[msgspec.Raw | None] = batch.raws or [None] * len(batch.records)
    return {record.info.id: (record, raw) for record, raw in zip(batch.records, raws, strict=True)}

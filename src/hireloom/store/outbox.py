"""The letterbox: events that wait for their receivers, the one place where a record rests.

So it is the one that seals: a body is bound to its event and its integration, opened just before it
is sent, and gone when it is acknowledged, or a week after it was written.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from hireloom.store import queue, receipts
from hireloom.store.pool import Connection
from hireloom.store.seal import Key
from hireloom.store.webhooks import Target

KEPT = timedelta(days=7)  # an event that nobody acknowledged
WINDOW_BYTES = 8 * 1024 * 1024  # that are read at once
NEVER_COUNTED = "sync.events.allConsumed"  # it says that the others were acknowledged


class Event(msgspec.Struct, frozen=True, kw_only=True):
    event_id: str
    event_type: str
    integration_id: str
    body: bytes  # the finished envelope, with the event's id inside
    data_type: str | None = None
    sync_id: str | None = None
    run_id: str | None = None
    record_id: str | None = None

    def __repr__(self) -> str:
        return f"Event({self.event_id}, {self.event_type})"


class Letter(msgspec.Struct, frozen=True):
    """One event for one webhook, as it lies in the box."""

    id: int
    integration_id: str
    event_id: str
    event_type: str
    data_type: str | None
    record_id: str | None
    run_id: str | None
    sealed: bytes
    created_at: datetime
    attempts: int
    first_attempt_at: datetime | None

    @property
    def line(self) -> tuple[str, str] | int:
        """Letters of one line go out one after the other."""
        return self.id if self.record_id is None else (self.integration_id, self.record_id)

    def open(self, key: Key) -> bytes:
        """Raises SealBrokenError."""
        return key.open(self.integration_id, purpose(self.event_id), self.sealed)

    def __repr__(self) -> str:
        return f"Letter({self.id}, {self.event_id})"


def purpose(event_id: str) -> str:
    return f"outbox.sealed {event_id}"


COLUMNS = (
    "integration_id", "webhook_id", "event_id", "event_type", "data_type", "record_id", "run_id",
    "sealed",
)  # fmt: skip


async def put(
    conn: Connection,
    key: Key,
    events: Sequence[Event],
    to: Sequence[Target],
    *,
    wakes: bool = True,
) -> int:
    """Put events in for those of the webhooks that want them, in the caller's transaction.

    `key` is the data key of their integration. Who puts page after page need not wake the senders
    (`wake`) each time. Returns how many letters that makes.
    """
    rows = []
    emitted: Counter[tuple[str, str, str]] = Counter()
    used: dict[str, Target] = {}
    for event in events:
        sealed = None
        for target in to:
            if not target.wants(event.event_type, event.data_type):
                continue
            if sealed is None:
                sealed = key.seal(event.integration_id, purpose(event.event_id), event.body)
            rows.append((
                event.integration_id, target.id, event.event_id, event.event_type,
                event.data_type, event.record_id, event.run_id, sealed,
            ))  # fmt: skip
            used[target.id] = target
            if event.run_id is not None and event.event_type != NEVER_COUNTED:
                emitted[event.integration_id, event.run_id, target.id] += 1
    if not rows:
        return 0
    await conn.copy_records_to_table("outbox", records=rows, columns=COLUMNS)
    await receipts.emit(conn, emitted)
    if wakes:
        await wake(conn, list(used.values()))
    return len(rows)


async def wake(conn: Connection, targets: Sequence[Target]) -> None:
    """Let their senders look."""
    await queue.put(conn, [job(target.id, target.integration_id) for target in targets])


def job(webhook_id: str, integration_id: str, after: timedelta | None = None) -> queue.Job:
    """Look at what waits for a webhook.

    A job for now is put every time: it becomes visible together with what it is about. One for
    later is put once, and brought forward (`queue.put_by`).
    """
    return queue.Job(
        "deliver", webhook_id, integration_id or queue.NOBODY, after=after, once=after is not None
    )


FRESH = """
select id, integration_id, event_id, event_type, data_type, record_id, run_id, sealed, created_at,
       attempts, first_attempt_at, (
        select count(*) from outbox
         where webhook_id = $1 and state = 'waiting' and attempts = 0 and id <= $2
       ) as passed
  from (
    select *, sum(octet_length(sealed)) over (order by id) - octet_length(sealed) as bytes_before
      from outbox as fresh
     where webhook_id = $1 and state = 'waiting' and attempts = 0 and id > $2
       and (not (
        select exists (
            select from outbox
             where webhook_id = $1 and state = 'waiting' and attempts > 0
        )
       ) or not exists (
        select from outbox as failed
         where failed.webhook_id = $1 and failed.integration_id = fresh.integration_id
           and failed.record_id = fresh.record_id and failed.id < fresh.id
           and failed.state = 'waiting' and failed.attempts > 0
       ))
     order by id limit $3
  ) as page
 where bytes_before < $4
 order by id
"""


class Page(msgspec.Struct, frozen=True):
    letters: list[Letter]
    more: bool  # there may be others behind them
    passed: int  # how many that were never sent lie before them


async def fresh(conn: Connection, webhook_id: str, after: int, size: int) -> Page:
    """Letters never sent yet, the oldest first, but none behind one of its record that failed.

    At most `size` and about WINDOW_BYTES of them, one at least. Where there are none, nothing is
    said of those before.
    """
    rows = await conn.fetch(FRESH, webhook_id, after, size, WINDOW_BYTES)
    letters = [Letter(*fields) for *fields, _ in rows]
    is_full = sum(len(letter.sealed) for letter in letters) >= WINDOW_BYTES
    return Page(letters, len(rows) == size or is_full, rows[0]["passed"] if rows else 0)


FAILED = """
select id, integration_id, event_id, event_type, data_type, record_id, run_id, sealed, created_at,
       attempts, first_attempt_at
  from outbox as later
 where webhook_id = $1 and state = 'waiting' and attempts > 0 and next_at <= now()
   and not exists (
    select from outbox as failed
     where failed.webhook_id = $1 and failed.integration_id = later.integration_id
       and failed.record_id = later.record_id and failed.id < later.id
       and failed.state = 'waiting' and failed.attempts > 0
   )
 order by next_at, id limit $2
"""


async def failed(conn: Connection, webhook_id: str, size: int) -> list[Letter]:
    """Letters whose next attempt is due, the first of each record only."""
    return [Letter(*row) for row in await conn.fetch(FAILED, webhook_id, size)]


class Due(msgspec.Struct, frozen=True, kw_only=True):
    fresh: bool
    failed_in: float | None  # seconds until the next attempt of one that failed


DUE = """
select exists (
    select from outbox as fresh
     where webhook_id = $1 and state = 'waiting' and attempts = 0
       and not exists (
        select from outbox as failed
         where failed.webhook_id = $1 and failed.integration_id = fresh.integration_id
           and failed.record_id = fresh.record_id and failed.id < fresh.id
           and failed.state = 'waiting' and failed.attempts > 0
       )
) as fresh, (
    select extract(epoch from next_at - now())::float8
      from outbox as later
     where webhook_id = $1 and state = 'waiting' and attempts > 0
       and not exists (
        select from outbox as failed
         where failed.webhook_id = $1 and failed.integration_id = later.integration_id
           and failed.record_id = later.record_id and failed.id < later.id
           and failed.state = 'waiting' and failed.attempts > 0
       )
     order by next_at limit 1
) as failed_in
"""


async def due(conn: Connection, webhook_id: str) -> Due:
    """What could be sent now, and when the next retry is."""
    return Due(**await conn.fetchrow(DUE, webhook_id))


ERASE = """
delete from outbox
 using unnest($1::text[], $2::bigint[]) as acknowledged (integration_id, id)
 where outbox.integration_id = acknowledged.integration_id and outbox.id = acknowledged.id
returning outbox.id
"""


async def erase(conn: Connection, letters: Sequence[Letter]) -> set[int]:
    """They were acknowledged; returns those that were still there."""
    rows = await conn.fetch(
        ERASE, [one.integration_id for one in letters], [one.id for one in letters]
    )
    return {row["id"] for row in rows}


class Failure(msgspec.Struct, frozen=True):
    letter: Letter
    at: datetime
    status: int | None
    reason: str
    delay: float | None  # seconds until the next attempt; None: it is given up
    execution_id: str | None  # of the attempt; None: there was none


FAIL = """
update outbox
   set attempts = attempts + 1, next_at = now() + make_interval(secs => failure.delay),
       state = case when failure.delay is null then 'dead' else state end,
       first_attempt_at = coalesce(first_attempt_at, failure.at), last_attempt_at = failure.at,
       last_status = failure.status, last_reason = failure.reason,
       last_execution_id = failure.execution_id
  from unnest(
    $1::text[], $2::bigint[], $3::timestamptz[], $4::integer[], $5::text[], $6::float8[],
    $7::text[]
  ) as failure (integration_id, id, at, status, reason, delay, execution_id)
 where outbox.integration_id = failure.integration_id and outbox.id = failure.id
   and outbox.state = 'waiting'
"""


async def fail(conn: Connection, failures: Sequence[Failure]) -> None:
    """They were not acknowledged: note why, and when to try again."""
    await conn.execute(
        FAIL,
        [one.letter.integration_id for one in failures],
        [one.letter.id for one in failures],
        [one.at for one in failures],
        [one.status for one in failures],
        [one.reason for one in failures],
        [one.delay for one in failures],
        [one.execution_id for one in failures],
    )


EXPIRE = """
update outbox set state = 'expired', sealed = null, next_at = null
 where sealed is not null and created_at < now() - $1::interval
"""


async def expire(conn: Connection) -> int:
    """Erase what nobody acknowledged in a week; its metadata stay. Returns how many."""
    return _count(await conn.execute(EXPIRE, KEPT))


DROP_OLD = """
delete from outbox where state <> 'waiting' and created_at < now() - make_interval(days => $1)
   and sealed is null
"""


async def drop_old(conn: Connection, days: int) -> int:
    """Drop the metadata of what expired long ago; returns how many."""
    return _count(await conn.execute(DROP_OLD, days))


STUCK = """
select id, integration_id from webhooks
 where state = 'active' and exists (
    select from outbox where webhook_id = webhooks.id and outbox.state = 'waiting'
 )
"""


async def waited_for(conn: Connection) -> list[Mapping[str, Any]]:
    """The active webhooks for which something waits, by id and integration."""
    return list(await conn.fetch(STUCK))


def _count(done: str) -> int:
    return int(done.rpartition(" ")[2])

"""Deliveries: what became of each event, metadata only.

Those that wait, fail or were given up lie in the letterbox; those acknowledged here, a partition
per day. Both are numbered by the letterbox, so a delivery keeps its id when it is acknowledged.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from hireloom.store import days
from hireloom.store.outbox import Letter
from hireloom.store.pool import Connection

State = Literal["waiting", "failing", "delivered", "dead", "expired"]


class Delivered(msgspec.Struct, frozen=True):
    letter: Letter
    webhook_id: str
    at: datetime
    status: int | None
    duration_ms: float
    execution_id: str  # of the attempt


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    integration_id: str
    webhook_id: str
    event_id: str
    event_type: str
    data_type: str | None
    record_id: str | None
    run_id: str | None
    state: State
    attempts: int
    status: int | None
    reason: str | None
    created_at: datetime
    first_attempt_at: datetime | None
    last_attempt_at: datetime | None
    next_at: datetime | None
    delivered_at: datetime | None
    duration_ms: float | None
    execution_id: str | None  # of the last attempt, as the log has it


COLUMNS = (
    "integration_id", "at", "number", "webhook_id", "event_id", "event_type", "data_type",
    "record_id", "run_id", "created_at", "attempts", "status", "duration_ms",
    "execution_id",
)  # fmt: skip


async def add(conn: Connection, delivered: Sequence[Delivered]) -> None:
    """Note what was acknowledged, in the caller's transaction."""
    rows = [
        (
            one.letter.integration_id, one.at, one.letter.id, one.webhook_id, one.letter.event_id,
            one.letter.event_type, one.letter.data_type, one.letter.record_id, one.letter.run_id,
            one.letter.created_at, one.letter.attempts + 1, one.status, one.duration_ms,
            one.execution_id,
        )
        for one in delivered
    ]  # fmt: skip
    await days.copy(conn, "deliveries", COLUMNS, rows, [one.at for one in delivered])


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    webhook_id: str | None = None
    integration_id: str | None = None
    run_id: str | None = None
    record_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    numbers: Sequence[int] | None = None


PAGE = """
select * from (
    (select id as number, integration_id, webhook_id, event_id, event_type, data_type, record_id,
            run_id, case when state = 'waiting' and attempts > 0 then 'failing' else state end
            as state, attempts, last_status as status, last_reason as reason, created_at,
            first_attempt_at, last_attempt_at, next_at, null::timestamptz as delivered_at,
            null::real as duration_ms, last_execution_id as execution_id
       from outbox
      where id < $1
        and ($3::text is null or webhook_id = $3) and ($4::text is null or integration_id = $4)
        and ($5::text is null or run_id = $5) and ($6::text is null or record_id = $6)
        and created_at >= coalesce($7, '-infinity'::timestamptz)
        and created_at < coalesce($8, 'infinity'::timestamptz)
        and ($9::bigint[] is null or id = any ($9))
        and ($10::text is null or $10 =
             case when state = 'waiting' and attempts > 0 then 'failing' else state end)
      order by id desc limit $2)
    union all
    (select number, integration_id, webhook_id, event_id, event_type, data_type, record_id,
            run_id, 'delivered', attempts, status, null, created_at, null, at, null, at,
            duration_ms, execution_id
       from deliveries
      where number < $1
        and ($3::text is null or webhook_id = $3) and ($4::text is null or integration_id = $4)
        and ($5::text is null or run_id = $5) and ($6::text is null or record_id = $6)
        and created_at >= coalesce($7, '-infinity'::timestamptz)
        and created_at < coalesce($8, 'infinity'::timestamptz)
        and ($9::bigint[] is null or number = any ($9))
        and ($10::text is null or $10 = 'delivered')
      order by number desc limit $2)
) as delivery
order by number desc limit $2
"""

LAST = 2**63 - 1


async def page(
    conn: Connection,
    wanted: Filter,
    *,
    state: State | None = None,
    before: int = LAST,
    size: int = 100,
) -> list[Delivery]:
    """Deliveries, the newest event first; go on before the number of the last one."""
    rows = await conn.fetch(PAGE, before, size, *_plain(wanted), state)
    return [Delivery(**row) for row in rows]


async def get(conn: Connection, number: int) -> Delivery | None:
    found = await page(conn, Filter(numbers=[number]), size=1)
    return found[0] if found else None


PUT_AGAIN = """
update outbox
   set state = 'waiting', attempts = 0, next_at = null, first_attempt_at = null
 where sealed is not null and (state = 'dead' or attempts > 0)
   and ($1::text is null or webhook_id = $1) and ($2::text is null or integration_id = $2)
   and ($3::text is null or run_id = $3) and ($4::text is null or record_id = $4)
   and created_at >= coalesce($5, '-infinity'::timestamptz)
   and created_at < coalesce($6, 'infinity'::timestamptz)
   and ($7::bigint[] is null or id = any ($7))
returning webhook_id
"""


async def put_again(conn: Connection, wanted: Filter) -> dict[str, int]:
    """Let those that failed or were given up begin anew; how many, by webhook."""
    counts: dict[str, int] = {}
    for row in await conn.fetch(PUT_AGAIN, *_plain(wanted)):
        counts[row["webhook_id"]] = counts.get(row["webhook_id"], 0) + 1
    return counts


ERASED = """
select (
    select count(*) from deliveries
     where ($1::text is null or webhook_id = $1) and ($2::text is null or integration_id = $2)
       and ($3::text is null or run_id = $3) and ($4::text is null or record_id = $4)
       and created_at >= coalesce($5, '-infinity'::timestamptz)
       and created_at < coalesce($6, 'infinity'::timestamptz)
       and ($7::bigint[] is null or number = any ($7))
) + (
    select count(*) from outbox
     where state = 'expired'
       and ($1::text is null or webhook_id = $1) and ($2::text is null or integration_id = $2)
       and ($3::text is null or run_id = $3) and ($4::text is null or record_id = $4)
       and created_at >= coalesce($5, '-infinity'::timestamptz)
       and created_at < coalesce($6, 'infinity'::timestamptz)
       and ($7::bigint[] is null or id = any ($7))
)
"""


async def erased(conn: Connection, wanted: Filter) -> int:
    """How many have no content any more: acknowledged, or expired."""
    count: int = await conn.fetchval(ERASED, *_plain(wanted))
    return count


def _plain(wanted: Filter) -> tuple[Any, ...]:
    return msgspec.structs.astuple(wanted)

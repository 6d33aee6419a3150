"""Receipts: how many events of a run each webhook was to get, and how many it acknowledged."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from hireloom.store.pool import Connection

Counts = Mapping[tuple[str, str, str], int]  # by integration, run and webhook

EMIT = """
insert into sync_receipts (integration_id, run_id, webhook_id, emitted)
select integration_id, run_id, webhook_id, number
  from unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
    as more (integration_id, run_id, webhook_id, number)
 order by 1, 2, 3
on conflict (integration_id, run_id, webhook_id)
do update set emitted = sync_receipts.emitted + excluded.emitted
"""


async def emit(conn: Connection, emitted: Counts) -> None:
    if emitted:
        await conn.execute(EMIT, *_columns(emitted))


LOCK = """
select from sync_receipts
 where (integration_id, run_id, webhook_id) in (
    select * from unnest($1::text[], $2::text[], $3::text[])
 )
 order by integration_id, run_id, webhook_id for update
"""

CONSUME = """
update sync_receipts set consumed = consumed + number
  from unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
    as more (integration_id, run_id, webhook_id, number)
 where sync_receipts.integration_id = more.integration_id
   and sync_receipts.run_id = more.run_id and sync_receipts.webhook_id = more.webhook_id
returning sync_receipts.integration_id, sync_receipts.run_id, consumed >= emitted as complete
"""


async def consume(conn: Connection, consumed: Counts) -> list[tuple[str, str]]:
    """Count what was acknowledged; returns the runs, by integration, of which all is by now."""
    if not consumed:
        return []
    columns = _columns(consumed)
    await conn.execute(LOCK, *columns[:3])
    rows = await conn.fetch(CONSUME, *columns)
    return [(row["integration_id"], row["run_id"]) for row in rows if row["complete"]]


def _columns(counts: Counts) -> tuple[list[str], list[str], list[str], list[int]]:
    keys = sorted(counts)
    return (
        [key[0] for key in keys],
        [key[1] for key in keys],
        [key[2] for key in keys],
        [counts[key] for key in keys],
    )


OF_RUN = """
select webhook_id, emitted, consumed from sync_receipts
 where integration_id = $1 and run_id = $2 order by webhook_id
"""


async def of_run(conn: Connection, integration_id: str, run_id: str) -> list[tuple[str, int, int]]:
    """By webhook: how many events of a run it was to get, and how many it acknowledged."""
    rows = await conn.fetch(OF_RUN, integration_id, run_id)
    return [(row["webhook_id"], row["emitted"], row["consumed"]) for row in rows]


LOCK_RUN = """
select webhook_id from sync_receipts
 where integration_id = $1 and run_id = $2
 order by webhook_id for update
"""

TELL = """
update sync_receipts set told = true
 where integration_id = $1 and run_id = $2 and consumed >= emitted and not told
returning webhook_id, emitted
"""

TELL_OTHERS = """
insert into sync_receipts (integration_id, run_id, webhook_id, told)
select $1, $2, webhook_id, true from unnest($3::text[]) as webhook_id
on conflict (integration_id, run_id, webhook_id) do nothing
returning webhook_id, emitted
"""


async def tell(
    conn: Connection, integration_id: str, run_id: str, others: list[str]
) -> dict[str, int]:
    """The webhooks that have acknowledged all of a finished run and were not told yet, with how

    much that was. `others` are webhooks to tell although the run had nothing for them. The locks
    make the last acknowledgement and the end of a run wait for each other: one of them sees both.
    """
    await conn.fetch(LOCK_RUN, integration_id, run_id)
    rows = await conn.fetch(TELL, integration_id, run_id)
    if others:
        rows += await conn.fetch(TELL_OTHERS, integration_id, run_id, sorted(others))
    return {row["webhook_id"]: row["emitted"] for row in rows}


FINISHED = """
select sync_runs.kind, sync_runs.sync_id, syncs.data_type, syncs.webhook_id,
       integrations.connector, integrations.origin_org_id, sync_runs.state,
       sync_runs.started_at, sync_runs.finished_at
  from sync_runs
  join syncs on syncs.integration_id = sync_runs.integration_id and syncs.id = sync_runs.sync_id
  join integrations on integrations.id = sync_runs.integration_id
 where sync_runs.integration_id = $1 and sync_runs.id = $2
   and sync_runs.finished_at is not null and sync_runs.state in ('complete', 'partial')
"""


class FinishedRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run that has read all it was to read, and what its events say of it."""

    kind: str
    sync_id: str
    data_type: str
    webhook_id: str | None  # the only one that the sync sends to
    connector: str
    origin_org_id: str
    state: str
    started_at: datetime | None
    finished_at: datetime


async def finished(conn: Connection, integration_id: str, run_id: str) -> FinishedRun | None:
    row = await conn.fetchrow(FINISHED, integration_id, run_id)
    return None if row is None else FinishedRun(**row)

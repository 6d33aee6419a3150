"""The console's lists: accounts and syncs of all, each with what is worth knowing of it."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from hireloom.store.console import LATE
from hireloom.store.pool import Connection
from hireloom.store.runs import Run, of_row


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    connector: str
    origin_org_id: str
    origin_org_name: str
    state: str
    test_account: bool
    verified_at: datetime | None
    syncs: int
    last_sync_at: datetime | None
    lacking: int  # permissions
    error: dict[str, Any] | None  # of the newest run that failed and was followed by none


ACCOUNTS = """
select id, connector, origin_org_id, origin_org_name, state, test_account, verified_at,
       (select count(*) from jsonb_object_keys(permissions)) as lacking,
       coalesce(sync.syncs, 0) as syncs, sync.last_sync_at, failed.error
  from integrations
  left join lateral (
    select count(*) as syncs, max(completed_at) as last_sync_at from syncs
     where integration_id = integrations.id and state = 'active'
  ) as sync on true
  left join lateral (
    select run.error from syncs join lateral (
        select state, error from sync_runs
         where integration_id = integrations.id and sync_id = syncs.id
         order by number desc limit 1
    ) as run on run.state = 'failed'
     where integration_id = integrations.id and syncs.state = 'active' limit 1
  ) as failed on true
 where ($1::text is null or state = $1) and ($2::text is null or connector = $2)
   and ($3::text is null or strpos(lower(origin_org_name), lower($3)) > 0
        or origin_org_id = $3 or id = $3)
   and (lower(origin_org_name), id) > ($4, $5)
 order by lower(origin_org_name), id limit $6
"""


async def accounts(
    conn: Connection,
    *,
    state: str | None,
    connector: str | None,
    text: str | None,
    after: tuple[str, str] = ("", ""),
    size: int,
) -> list[AccountRow]:
    """Accounts by the name of the organisation; go on after the last one's name and id."""
    rows = await conn.fetch(ACCOUNTS, state, connector, text, *after, size)
    return [AccountRow(**row) for row in rows]


class SyncRow(msgspec.Struct, frozen=True, kw_only=True):
    integration_id: str
    id: str
    number: int
    org_name: str
    connector: str
    data_type: str
    models: list[str]
    state: str
    frequency: int
    completed_at: datetime | None
    next_run_at: datetime | None
    is_late: bool
    run_id: str | None
    run_state: str | None
    run_kind: str | None
    run_step: str | None
    processed: int | None
    emitted: int | None
    error: dict[str, Any] | None
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def shown(self) -> str:
        """The state to show: of the sync where it is stopped, or else of its last run."""
        if self.state == "stopped":
            return "stopped"
        if self.run_state in ("queued", "running", "failed"):
            return self.run_state
        return "late" if self.is_late else self.run_state or "never"


SYNCS = """
select syncs.integration_id, syncs.id, syncs.number, coalesce(origin_org_name, '') as org_name,
       coalesce(connector, '') as connector, data_type, syncs.models, syncs.state, frequency,
       completed_at, next_run_at, coalesce(next_run_at < now() - $4::interval, false) as is_late,
       run.id as run_id, run.state as run_state, run.kind as run_kind, run.step as run_step,
       run.processed, run.emitted, run.error, run.started_at, run.finished_at
  from syncs left join integrations on integrations.id = syncs.integration_id
  left join lateral (
    select * from sync_runs
     where integration_id = syncs.integration_id and sync_id = syncs.id
     order by number desc limit 1
  ) as run on true
 where ($1::text is null or syncs.integration_id = $1) and syncs.number < $3
   and ($2::text is null
        or $2 = 'open' and run.state in ('queued', 'running')
        or $2 = 'stopped' and syncs.state = 'stopped'
        or syncs.state = 'active' and (
            $2 = 'failed' and run.state = 'failed'
            or $2 = 'late' and next_run_at < now() - $4::interval
               and coalesce(run.state, '') not in ('queued', 'running')))
 order by syncs.number desc limit $5
"""
LAST = 2**31 - 1


async def syncs(
    conn: Connection,
    *,
    integration_id: str | None = None,
    wanted: str | None = None,
    before: int = LAST,
    size: int = 50,
    late: timedelta = LATE,
) -> list[SyncRow]:
    """Syncs, the newest first; `wanted` is open, failed, late or stopped."""
    rows = await conn.fetch(SYNCS, integration_id, wanted, before, late, size)
    return [SyncRow(**row) for row in rows]


RUN_OF = "select * from sync_runs where id = $1"


async def run(conn: Connection, run_id: str) -> Run | None:
    row = await conn.fetchrow(RUN_OF, run_id)
    return None if row is None else of_row(row)


NAMES = """
select id, origin_org_name, connector from integrations where id = any ($1::text[])
"""


async def names(conn: Connection, ids: set[str]) -> dict[str, tuple[str, str]]:
    """The organisation and the vendor of accounts, by id."""
    rows = await conn.fetch(NAMES, sorted(ids))
    return {row["id"]: (row["origin_org_name"], row["connector"]) for row in rows}


CHOICES = """
select id, origin_org_name, connector from integrations order by lower(origin_org_name) limit $1
"""


async def choices(conn: Connection, size: int = 200) -> list[tuple[str, str, str]]:
    """Accounts to choose from, the first of them."""
    rows = await conn.fetch(CHOICES, size)
    return [(row["id"], row["origin_org_name"], row["connector"]) for row in rows]


WAITING = """
select webhook_id, count(*) filter (where state = 'waiting') as waiting,
       count(*) filter (where state = 'dead') as dead
  from outbox group by webhook_id
"""


async def waiting(conn: Connection) -> dict[str, tuple[int, int]]:
    """By webhook: how many events wait for it, and how many were given up."""
    rows = await conn.fetch(WAITING)
    return {row["webhook_id"]: (row["waiting"], row["dead"]) for row in rows}


# The letter or delivery whose last attempt this line of the log is; of a batch, any of it. One that
# was acknowledged is found by its time, which is that of the line but for what noting it took.
ATTEMPT = """
select number from (
    select id as number from outbox where last_execution_id = $1
    union all
    select number from (
        select at + make_interval(secs => duration_ms / 1000) as over from calls
         where execution_id = $1 and operation = 'webhook' and direction = 'out'
         order by at desc limit 1
    ) as line cross join lateral (
        select number from deliveries
         where deliveries.at >= over - interval '10 seconds'
           and deliveries.at < over + interval '10 minutes' and deliveries.execution_id = $1
         order by deliveries.at limit 1
    ) as delivered
) as found limit 1
"""


async def attempt(conn: Connection, execution_id: str) -> int | None:
    """The number of a delivery that was sent in this line of the log and not again since."""
    number: int | None = await conn.fetchval(ATTEMPT, execution_id)
    return number

"""Runs of syncs: one after the other reads, compares and puts; where one is, its row says.

A run is held by one worker at a time. Each step of it is one transaction that ends with `advance`,
which does nothing for a worker that no longer holds the run: its work is then rolled back.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from hireloom.errors import RunNotFoundError
from hireloom.store.keys import new_id
from hireloom.store.pool import Connection
from hireloom.store.syncs import Sync

Kind = Literal["initial_sync", "delta_sync"]
Cause = Literal["api", "schedule", "replay"]
State = Literal["queued", "running", "complete", "partial", "failed", "stopped"]
Step = Literal["read", "sweep", "settle", "finish"]

OPEN = ("queued", "running")


class Run(msgspec.Struct, frozen=True, kw_only=True):
    integration_id: str
    id: str
    sync_id: str
    number: int
    kind: Kind
    cause: Cause
    state: State
    step: Step
    cursor: str | None
    models: list[str]
    since: datetime | None
    marks_before: dict[str, str]
    marks: dict[str, str]
    sweeps: bool
    allow_deletes: bool
    keeps_schedule: bool
    processed: int
    emitted: int
    added: int
    modified: int
    deleted: int
    unreadable: int
    upstream_calls: int
    listed: int
    failures: int
    restarts: int
    failed_models: list[dict[str, Any]]
    error: dict[str, Any] | None
    created_at: datetime
    started_at: datetime | None
    sweep_started_at: datetime | None
    finished_at: datetime | None


def of_row(row: Mapping[str, Any]) -> Run:
    return Run(**{name: row[name] for name in Run.__struct_fields__})


def found(row: Mapping[str, Any] | None) -> Run:
    if row is None:
        raise RunNotFoundError("This integration has no such run of a sync.")
    return of_row(row)


# Of two that ask at once, one makes the run and the other joins it.
START = """
insert into sync_runs (
    integration_id, id, sync_id, kind, cause, models, since, marks_before, sweeps, keeps_schedule
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (integration_id, sync_id) where state in ('queued', 'running') do nothing
returning *
"""

OPEN_RUN = """
select *
  from sync_runs
 where integration_id = $1 and sync_id = $2 and state in ('queued', 'running')
"""


async def start(
    conn: Connection,
    sync: Sync,
    kind: Kind,
    cause: Cause,
    *,
    since: datetime | None = None,
    sweeps: bool = True,
    keeps_schedule: bool = True,
) -> tuple[Run, bool]:
    """A new run, or the one that is open; and whether it is new."""
    while True:
        row = await conn.fetchrow(
            START, sync.integration_id, new_id("sr"), sync.id, kind, cause, sync.models, since,
            sync.marks if kind == "delta_sync" else {}, sweeps, keeps_schedule,
        )  # fmt: skip
        if row is not None:
            return of_row(row), True
        if (joined := await open_run(conn, sync)) is not None:
            return joined, False
        # It ended between the two statements.


async def open_run(conn: Connection, sync: Sync) -> Run | None:
    row = await conn.fetchrow(OPEN_RUN, sync.integration_id, sync.id)
    return None if row is None else of_row(row)


GET = "select * from sync_runs where integration_id = $1 and id = $2"


async def get(conn: Connection, integration_id: str, run_id: str) -> Run:
    """Raises RunNotFoundError."""
    return found(await conn.fetchrow(GET, integration_id, run_id))


PAGE = """
select *
  from sync_runs
 where integration_id = $1 and ($2::text is null or sync_id = $2)
   and ($3::text is null or state = $3) and number < $4
 order by number desc limit $5
"""
LAST = 2**62


async def page(
    conn: Connection,
    integration_id: str,
    *,
    sync_id: str | None = None,
    state: str | None = None,
    before: int | None = None,
    size: int = 100,
) -> list[Run]:
    """Runs, the newest first; go on before the number of the last one."""
    rows = await conn.fetch(PAGE, integration_id, sync_id, state, before or LAST, size)
    return [of_row(row) for row in rows]


LAST_COMPLETE = """
select * from sync_runs
 where integration_id = $1 and sync_id = $2 and state in ('complete', 'partial')
 order by number desc limit 1
"""


async def last_complete(conn: Connection, sync: Sync) -> Run | None:
    row = await conn.fetchrow(LAST_COMPLETE, sync.integration_id, sync.id)
    return None if row is None else of_row(row)


HOLD = """
update sync_runs
   set holder = $3, held_until = now() + $4::interval, state = 'running',
       started_at = coalesce(started_at, now())
 where integration_id = $1 and id = $2 and state in ('queued', 'running')
   and (holder is null or holder = $3 or held_until < now())
returning *
"""


async def hold(
    conn: Connection, integration_id: str, run_id: str, holder: str, lease: timedelta
) -> Run | None:
    """Take a run to work on; None where it is over, or another worker holds it."""
    row = await conn.fetchrow(HOLD, integration_id, run_id, holder, lease)
    return None if row is None else of_row(row)


IS_OPEN = """
select exists (
    select from sync_runs
     where integration_id = $1 and id = $2 and state in ('queued', 'running')
)
"""


async def is_open(conn: Connection, integration_id: str, run_id: str) -> bool:
    return bool(await conn.fetchval(IS_OPEN, integration_id, run_id))


KEEP = """
update sync_runs set held_until = now() + $4::interval
 where integration_id = $1 and id = $2 and holder = $3 and state = 'running'
"""


async def keep(
    conn: Connection, integration_id: str, run_id: str, holder: str, lease: timedelta
) -> bool:
    """Go on holding it; False where it was taken away or stopped."""
    done: str = await conn.execute(KEEP, integration_id, run_id, holder, lease)
    return done == "UPDATE 1"


RELEASE = """
update sync_runs set holder = null, held_until = null
 where integration_id = $1 and id = $2 and holder = $3
"""


async def release(conn: Connection, integration_id: str, run_id: str, holder: str) -> None:
    await conn.execute(RELEASE, integration_id, run_id, holder)


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """What one step of a run did."""

    step: Step
    cursor: str | None = None
    marks: Mapping[str, str] = {}
    processed: int = 0
    emitted: int = 0
    added: int = 0
    modified: int = 0
    deleted: int = 0
    unreadable: int = 0
    upstream_calls: int = 0
    listed: int = 0


ADVANCE = """
update sync_runs
   set step = $4, cursor = $5, marks = marks || $6::jsonb, processed = processed + $7,
       emitted = emitted + $8, added = added + $9, modified = modified + $10,
       deleted = deleted + $11, unreadable = unreadable + $12,
       upstream_calls = upstream_calls + $13, listed = listed + $14, failures = 0, error = null,
       sweep_started_at = case when $4 = 'sweep' then coalesce(sweep_started_at, now())
                               else sweep_started_at end
 where integration_id = $1 and id = $2 and holder = $3 and state = 'running'
"""


class NotHeldError(Exception):
    """The run was stopped, or another worker took it over: what was done is not kept."""


async def advance(conn: Connection, run: Run, holder: str, progress: Progress) -> None:
    """The last statement of a step's transaction; raises NotHeldError, which rolls it back."""
    done = await conn.execute(
        ADVANCE, run.integration_id, run.id, holder, progress.step, progress.cursor,
        progress.marks, progress.processed, progress.emitted, progress.added, progress.modified,
        progress.deleted, progress.unreadable, progress.upstream_calls, progress.listed,
    )  # fmt: skip
    if done != "UPDATE 1":
        raise NotHeldError(run.id)


FAILED_ONCE = """
update sync_runs set failures = failures + 1, error = $4, holder = null, held_until = null
 where integration_id = $1 and id = $2 and holder = $3 and state = 'running'
returning failures
"""


async def failed_once(
    conn: Connection, run: Run, holder: str, error: Mapping[str, Any]
) -> int | None:
    """Note a failure that may pass; how many there were in a row, None where it is not held."""
    count: int | None = await conn.fetchval(FAILED_ONCE, run.integration_id, run.id, holder, error)
    return count


LEFT_OUT = """
update sync_runs set models = $4, failed_models = failed_models || $5::jsonb
 where integration_id = $1 and id = $2 and holder = $3 and state = 'running'
"""


async def leave_out(
    conn: Connection,
    run: Run,
    holder: str,
    models: Sequence[str],
    failed: Sequence[Mapping[str, Any]],
) -> None:
    """Go on without models that cannot be read."""
    await conn.execute(LEFT_OUT, run.integration_id, run.id, holder, list(models), list(failed))


AGAIN = """
update sync_runs
   set step = $4, cursor = null, listed = 0, restarts = restarts + 1, sweep_started_at = null
 where integration_id = $1 and id = $2 and holder = $3 and state = 'running'
"""


async def begin_again(conn: Connection, run: Run, holder: str, step: Step) -> None:
    """Start a step from its beginning."""
    await conn.execute(AGAIN, run.integration_id, run.id, holder, step)
    await drop_swept(conn, run)


BECOME_FULL = """
update sync_runs
   set kind = 'initial_sync', since = null, marks_before = '{}', step = 'read', cursor = null,
       sweeps = true
 where integration_id = $1 and id = $2 and holder = $3 and state = 'running'
"""


async def become_full(conn: Connection, run: Run, holder: str) -> None:
    """The vendor no longer knows where the delta started: everything is read."""
    await conn.execute(BECOME_FULL, run.integration_id, run.id, holder)


END = """
update sync_runs
   set state = $4, error = $5, finished_at = now(), holder = null, held_until = null
 where integration_id = $1 and id = $2 and holder = $3 and state = 'running'
returning *
"""


async def end(
    conn: Connection,
    run: Run,
    holder: str,
    state: State,
    error: Mapping[str, Any] | None = None,
) -> Run:
    """Raises NotHeldError."""
    row = await conn.fetchrow(END, run.integration_id, run.id, holder, state, error)
    if row is None:
        raise NotHeldError(run.id)
    return of_row(row)


STOP = """
update sync_runs set state = 'stopped', finished_at = now(), holder = null
 where integration_id = $1 and sync_id = $2 and state in ('queued', 'running')
"""


async def stop(conn: Connection, sync: Sync) -> None:
    """Whoever works on it notices at its next step."""
    await conn.execute(STOP, sync.integration_id, sync.id)


DROP_SWEPT = "delete from swept_ids where run_number = $1"


async def drop_swept(conn: Connection, run: Run) -> None:
    await conn.execute(DROP_SWEPT, run.number)


ABANDONED = """
select integration_id, id from sync_runs
 where state in ('queued', 'running') and coalesce(held_until, created_at) < now() - $1::interval
 limit $2
"""


async def abandoned(conn: Connection, idle: timedelta, limit: int = 500) -> list[tuple[str, str]]:
    """Open runs that nobody has held for a while: whatever lost their job, they get another."""
    rows = await conn.fetch(ABANDONED, idle, limit)
    return [(row["integration_id"], row["id"]) for row in rows]


TIDY = """
delete from sync_runs where finished_at < now() - $1::interval
   and state not in ('queued', 'running')
"""
TIDY_RECEIPTS = """
delete from sync_receipts
 where not exists (
    select from sync_runs
     where sync_runs.integration_id = sync_receipts.integration_id
       and sync_runs.id = sync_receipts.run_id
 )
"""


async def tidy(conn: Connection, keep_for: timedelta) -> None:
    """Drop what is told of runs that ended long ago."""
    await conn.execute(TIDY, keep_for)
    await conn.execute(TIDY_RECEIPTS)

"""Starting runs: by somebody's wish, by the schedule, and again where a job was lost."""

from datetime import UTC, datetime, timedelta

from hireloom.store import queue, reopening, runs, syncs
from hireloom.store.pool import Connection
from hireloom.store.runs import Cause, Kind, Run
from hireloom.store.syncs import Sync
from hireloom.sync import schedule

LOOK_BACK = timedelta(hours=1)  # a vendor's clock may be off, and its lists may lag by minutes
DUE_AT_ONCE = 100
IDLE = timedelta(minutes=1)  # an open run that nobody held for so long lost its job
SWEEPS_SHARE = 20  # a sweep may take a twentieth of the time


def job(
    integration_id: str, run_id: str, after: timedelta | None = None, *, mark: str = ""
) -> queue.Job:
    return queue.Job("sync", run_id, integration_id, after, mark=mark)


async def start(
    conn: Connection,
    sync: Sync,
    kind: Kind,
    cause: Cause,
    *,
    keeps_schedule: bool = True,
    sweeps: bool = True,
) -> Run:
    """A run and its job, or the run that is open. A delta of what was never read is whole."""
    if sync.marked_at is None:
        kind = "initial_sync"
    since = sync.marked_at - LOOK_BACK if kind == "delta_sync" and sync.marked_at else None
    run, _ = await runs.start(
        conn,
        sync,
        kind,
        cause,
        since=since,
        sweeps=sweeps or kind == "initial_sync",
        keeps_schedule=keeps_schedule,
    )
    await queue.put(conn, [job(sync.integration_id, run.id)])
    return run


async def start_anew(
    conn: Connection, sync: Sync, cause: Cause, *, keeps_schedule: bool = True
) -> Run:
    """A run that reads everything; one that is open begins again as such."""
    run = await reopening.begin_anew(conn, sync)
    if run is None:
        return await start(conn, sync, "initial_sync", cause, keeps_schedule=keeps_schedule)
    await queue.put(conn, [job(sync.integration_id, run.id)])
    return run


async def start_due(conn: Connection) -> int:
    """Start what the schedule wants now, some of it; how many those were."""
    now = datetime.now(UTC)
    due = await syncs.due(conn, DUE_AT_ONCE)
    for sync in due:
        await start(conn, sync, "delta_sync", "schedule", sweeps=is_time_to_sweep(sync, now))
        planned = schedule.following(
            sync.id, sync.frequency, sync.start_minute, sync.next_run_at, now, keeps=True
        )
        await syncs.plan(conn, sync, planned)
    return len(due)


def is_time_to_sweep(sync: Sync, now: datetime) -> bool:
    """Whether listing all ids again is worth its calls."""
    if sync.swept_at is None:
        return True
    return (now - sync.swept_at).total_seconds() >= SWEEPS_SHARE * sync.sweep_seconds


async def resume_for_customer(conn: Connection, integration_id: str) -> None:
    """The customer acted: syncs that failed for want of that go on where they stopped."""
    for sync in await syncs.every(conn, integration_id):
        last = await runs.page(conn, integration_id, sync_id=sync.id, size=1)
        if sync.state != "active" or not last or last[0].state != "failed":
            continue
        if last[0].error and last[0].error["category"] == "customer":
            run = await reopening.resume(conn, integration_id, last[0].id, allow_deletes=False)
            await queue.put(conn, [job(integration_id, run.id)])


async def pick_up(conn: Connection) -> int:
    """Give open runs whose job was lost another one; how many those were."""
    lost = await runs.abandoned(conn, IDLE)
    await queue.put(conn, [job(integration_id, run_id) for integration_id, run_id in lost])
    return len(lost)

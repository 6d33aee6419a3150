"""How a run ends: what is kept for the next one, and what its receivers are told."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hireloom.accounts import Accounts
from hireloom.errors import CredentialsInvalidError, HireloomError
from hireloom.store import credentials, integrations, outbox, runs, syncs, webhooks
from hireloom.store.pool import Connection
from hireloom.store.runs import Run
from hireloom.store.syncs import Sync
from hireloom.sync import notices, schedule
from hireloom.sync.events import Sender, processed_data
from hireloom.sync.opening import Opened
from hireloom.sync.trouble import told

EXPIRED: notices.Notice = "integration.credentials_expired"
LATEST_RETRY = timedelta(hours=1)  # of a first run that failed and was never planned again


async def complete(conn: Connection, run: Run, holder: str, opened: Opened) -> Run:
    """Keep where the next delta starts, and tell what this run read."""
    now = datetime.now(UTC)
    sync = await syncs.lock(conn, run.integration_id, run.sync_id)
    sweep_seconds = None
    if run.sweep_started_at is not None:
        sweep_seconds = (now - run.sweep_started_at).total_seconds()
    state: runs.State = "partial" if run.failed_models else "complete"
    ended = await runs.end(conn, run, holder, state)
    await syncs.completed(
        conn,
        sync,
        marked_at=run.started_at or run.created_at,
        marks=run.marks,
        sweep_seconds=sweep_seconds,
        next_run_at=_next(sync, run, now),
    )
    await integrations.turn(conn, run.integration_id, "credentials_invalid", "active")
    event = opened.keeping.sender.event("sync.events.processed", processed_data(ended, now), now)
    await opened.keeping.put(conn, [event])
    return ended


def _next(sync: Sync, run: Run, now: datetime) -> datetime | None:
    """None: it stays as it was planned when the run was started."""
    if run.keeps_schedule and sync.next_run_at is not None:
        return None
    return schedule.following(
        sync.id, sync.frequency, sync.start_minute, sync.next_run_at, now, keeps=False
    )


async def fail(
    conn: Connection, accounts: Accounts, run: Run, holder: str, error: HireloomError
) -> None:
    """Give up: the next run of the schedule, or a replay, goes on from here."""
    now = datetime.now(UTC)
    sync = await syncs.lock(conn, run.integration_id, run.sync_id)
    deactivated = error.code == "integration.deactivated"
    ended = await runs.end(conn, run, holder, "stopped" if deactivated else "failed", told(error))
    if sync.next_run_at is None and sync.state == "active":
        soon = min(timedelta(minutes=sync.frequency), LATEST_RETRY)
        await syncs.plan(conn, sync, now + soon)
    opened = await credentials.opened(conn, accounts.vault, run.integration_id)
    stored = opened.integration
    sender = Sender(stored.id, stored.connector, stored.origin_org_id, sync, run.id, run.kind)
    event = sender.event("sync.failed", failed_data(ended, error, now), now)
    to = await webhooks.wanting(
        conn, stored.id, event.event_type, event.data_type, only=sync.webhook_id
    )
    await outbox.put(conn, opened.data_key, [event], to)
    if isinstance(error, CredentialsInvalidError) and await integrations.turn(
        conn, stored.id, "active", "credentials_invalid"
    ):
        await notices.tell(conn, accounts.vault, stored, EXPIRED, expired(error))
        accounts.forget(stored.id)


def expired(error: HireloomError) -> dict[str, Any]:
    """`integration.credentials_expired`: since when, who has to act, and what to do."""
    return {**told(error), "since": datetime.now(UTC)}


def failed_data(run: Run, error: HireloomError, now: datetime) -> dict[str, Any]:
    """`sync.failed`: what failed, since when, who has to act, and what to do."""
    return {
        **told(error),
        "status": run.state,
        "step": run.step,
        "processed": run.processed,
        "emitted": run.emitted,
        "startedAt": run.started_at or run.created_at,
        "failedAt": now,
        "resumable": run.state == "failed",
    }

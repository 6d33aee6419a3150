"""Captures as they are started, stopped and read, whoever asks for it: the API or the console."""

from collections.abc import Sequence
from datetime import timedelta

import asyncpg

from hireloom.desk import Desk
from hireloom.store import audit, captures, integrations
from hireloom.store.captures import Capture, Captured
from hireloom.store.pool import Connection

PREFIX = "integration.capture."  # of the operations, which are not captured themselves
START = f"{PREFIX}start"
STOP = f"{PREFIX}stop"
READ = f"{PREFIX}read"


async def start(desk: Desk, actor: str, integration_id: str, length: timedelta) -> Capture:
    """Raises IntegrationNotFoundError."""
    async with desk.pool.acquire() as conn, conn.transaction():
        await integrations.hold(conn, integration_id)
        found = await captures.start(conn, integration_id, actor, length)
        detail = {"captureId": found.id, "minutes": length // timedelta(minutes=1)}
        await audit.add(conn, actor, START, integration_id=integration_id, detail=detail)
    desk.accounts.forget(integration_id)
    return found


async def stop(desk: Desk, actor: str, integration_id: str, *, erase: bool) -> Capture | None:
    """What is left of the latest capture. Raises IntegrationNotFoundError."""
    async with desk.pool.acquire() as conn, conn.transaction():
        await integrations.hold(conn, integration_id)
        await captures.stop(conn, integration_id)
        if erase:
            await captures.erase(conn, integration_id)
        detail = {"erase": erase}
        await audit.add(conn, actor, STOP, integration_id=integration_id, detail=detail)
        found = await captures.latest(conn, integration_id)
    desk.accounts.forget(integration_id)
    return found


async def note_reading(
    conn: Connection, actor: str, integration_id: str, calls: Sequence[Captured]
) -> None:
    """Audit that somebody looked at captured calls."""
    if not calls:
        return
    detail: dict[str, object] = {"calls": len(calls)}
    executions = {one.execution_id for one in calls}
    if len(executions) == 1:
        detail["executionId"] = executions.pop()
    await audit.add(conn, actor, READ, integration_id=integration_id, detail=detail)


async def tidy(pool: asyncpg.Pool) -> None:
    """Every few minutes: erase what is past its time."""
    async with pool.acquire() as conn:
        await captures.tidy(conn)

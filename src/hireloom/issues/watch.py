"""The look, once a minute: what fails by now, what is new, what has resolved itself.

All of it is one transaction under one lock, so it does not matter how many workers look, and an
event is there exactly when its issue is.
"""

import asyncio
from collections.abc import Sequence

import asyncpg
import structlog

from hireloom.issues.kinds import KINDS
from hireloom.issues.telling import tell
from hireloom.models import EventType
from hireloom.store import failures, issues
from hireloom.store.issues import Finding, Issue
from hireloom.store.pool import Connection
from hireloom.store.seal import Vault

log = structlog.get_logger()

SETTLING_SECONDS = 1.0  # until lines of the log that got their numbers already are committed


async def look(pool: asyncpg.Pool, vault: Vault, *, settling: float = SETTLING_SECONDS) -> None:
    """Bring the issues up to date and tell the webhooks that named these events."""
    async with pool.acquire() as conn:
        number = await failures.last_number(conn)
    await asyncio.sleep(settling)
    async with pool.acquire() as conn, conn.transaction():
        if not await issues.alone(conn):
            return
        findings = await _found(conn, number)
        await issues.find(conn, findings)
        resolved = await _resolved(conn, findings)
        opened = await issues.open_due(conn)
        await _sampled(conn, opened)
        await issues.look(conn, number)
        told = await tell(conn, vault, EventType.ISSUE_OPENED, opened)
        told += await tell(conn, vault, EventType.ISSUE_RESOLVED, resolved)
    if opened or resolved:
        log.info("Issues changed", opened=len(opened), resolved=len(resolved), events=told)


async def _found(conn: Connection, number: int) -> list[Finding]:
    last = await issues.looked(conn)
    calls = await failures.of_calls(conn, last.number, number)
    return [found for kind in KINDS.values() for found in await kind.find(conn, calls)]


async def _resolved(conn: Connection, findings: Sequence[Finding]) -> list[Issue]:
    last = await issues.looked(conn)
    kinds = KINDS.values()
    standing = [kind.name for kind in kinds if kind.quiet is None]
    found = await issues.gone(conn, standing, findings)
    with_success = [kind.name for kind in kinds if kind.ends_with_success]
    found += await issues.succeeded(conn, with_success, last.at)
    return found + await issues.quiet(
        conn, {kind.name: kind.quiet for kind in kinds if kind.quiet is not None}
    )


async def _sampled(conn: Connection, opened: Sequence[Issue]) -> None:
    for one in opened:
        if one.execution_id is None:
            await issues.look_for_sample(conn, one)


async def tidy(pool: asyncpg.Pool) -> None:
    """Every hour: forget what was resolved long ago."""
    async with pool.acquire() as conn:
        await issues.tidy(conn)

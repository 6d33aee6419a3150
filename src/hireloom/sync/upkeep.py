"""What is done every so often: due syncs, lost jobs, tokens that would die unused, old rows."""

from datetime import timedelta

import asyncpg
import structlog

from hireloom.accounts import Accounts
from hireloom.errors import CredentialsInvalidError, HireloomError
from hireloom.store import fingerprints, hooks, integrations, queue, runs
from hireloom.sync import starting

log = structlog.get_logger()

PAGE = 200
KEEP_RUNS = timedelta(days=62)  # twice the longest frequency
KEEP_JOBS = timedelta(days=1)


async def tick(pool: asyncpg.Pool) -> None:
    """Every minute: start what is due, and pick up what lost its job."""
    while True:
        async with pool.acquire() as conn, conn.transaction():
            started = await starting.start_due(conn)
        if started < starting.DUE_AT_ONCE:
            break
    async with pool.acquire() as conn, conn.transaction():
        lost = await starting.pick_up(conn)
    if lost:
        log.info("Runs without a job got another", count=lost)


async def tidy(pool: asyncpg.Pool) -> None:
    """Every hour: drop what is told of runs and jobs that ended long ago."""
    async with pool.acquire() as conn:
        await runs.tidy(conn, KEEP_RUNS)
        await fingerprints.tidy(conn)
        await queue.tidy(conn, KEEP_JOBS)
        await hooks.tidy(conn)


async def keep_tokens_alive(pool: asyncpg.Pool, accounts: Accounts) -> None:
    """Every few hours: renew tokens that ended, because a refresh token dies when it rests."""
    after = ""
    while True:
        async with pool.acquire() as conn:
            page = await integrations.page(conn, after=after, size=PAGE)
        for stored in page:
            if stored.state == "active":
                await _keep_alive(accounts, stored.id)
        if len(page) < PAGE:
            return
        after = page[-1].id


async def _keep_alive(accounts: Accounts, integration_id: str) -> None:
    try:
        await accounts.keep_alive(integration_id)
    except CredentialsInvalidError as error:
        log.warning("A token can no longer be renewed", integration=integration_id, code=error.code)
    except HireloomError as error:
        log.info("A token was not renewed", integration=integration_id, code=error.code)

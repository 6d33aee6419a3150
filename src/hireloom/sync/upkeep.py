"""What is done every so often: due syncs, lost jobs, tokens that would die unused, old rows."""

from datetime import timedelta

import asyncpg
import structlog

from hireloom.accounts import Accounts
from hireloom.errors import CredentialsInvalidError, HireloomError
from hireloom.store import (
    fingerprints,
    hooks,
    integrations,
    orders,
    partners,
    queue,
    runs,
    score_places,
    traffic,
)
from hireloom.store.seal import Vault
from hireloom.sync import ordering, starting

log = structlog.get_logger()

PAGE = 200
KEEP_RUNS = timedelta(days=62)  # twice the longest frequency
LATECOMERS = timedelta(minutes=30)  # by then all is over that was under way
KEEP_JOBS = timedelta(days=1)


async def tick(pool: asyncpg.Pool) -> None:
    """Every minute: start what is due, pick up what lost its job, erase what came too late."""
    while True:
        async with pool.acquire() as conn, conn.transaction():
            started = await starting.start_due(conn)
        if started < starting.DUE_AT_ONCE:
            break
    async with pool.acquire() as conn, conn.transaction():
        await integrations.erase_latecomers(conn, LATECOMERS)
        lost = await starting.pick_up(conn)
    if lost:
        log.info("Runs without a job got another", count=lost)


async def count_traffic(pool: asyncpg.Pool, log_days: int) -> None:
    """Every minute: count what came into the log, and forget what the log has dropped."""
    is_behind = True
    while is_behind:
        async with pool.acquire() as conn, conn.transaction():
            is_behind = await traffic.count(conn)
            await traffic.drop_old(conn, log_days)


async def tidy(pool: asyncpg.Pool) -> None:
    """Every hour: drop what is told of runs and jobs that ended long ago."""
    async with pool.acquire() as conn:
        await runs.tidy(conn, KEEP_RUNS)
        await fingerprints.tidy(conn)
        await queue.tidy(conn, KEEP_JOBS)
        await hooks.tidy(conn)
        await score_places.clean_up(conn)


async def expire_orders(pool: asyncpg.Pool, vault: Vault) -> None:
    """Every hour: close orders past their time, erase results that nobody fetches any more."""
    while True:
        async with pool.acquire() as conn, conn.transaction():
            overdue = await orders.overdue(conn, PAGE)
            for order in overdue:
                stored = await integrations.get(conn, order.integration_id)
                await ordering.close(conn, vault, stored, order, ordering.expiry(order))
        if len(overdue) < PAGE:
            break
    async with pool.acquire() as conn:
        await orders.erase_results(conn)
        await partners.forget_previous(conn)


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

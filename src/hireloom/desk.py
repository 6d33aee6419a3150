"""What a process works with: the database, the vault, the accounts and the settings."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from hireloom.accounts import Accounts
from hireloom.ledger import Ledger
from hireloom.recorder import Recorder
from hireloom.settings import Settings
from hireloom.store import days, keyfile, masters, migrate, watch
from hireloom.store import pool as pools
from hireloom.store.patience import at_start
from hireloom.store.seal import Vault

MOST_RENEWALS = 24  # tokens that are being renewed at the same time, of all accounts

Needs = Mapping[str, tuple[type, ...]]  # by operation the capabilities of which any will do


@dataclass
class Desk:
    """The process's own: one of it, made by the root."""

    settings: Settings
    pool: asyncpg.Pool
    vault: Vault
    accounts: Accounts
    ledger: Ledger
    public_url: str
    database_url: str
    needs: Needs = field(default_factory=dict)  # told by the root that has the operations


@asynccontextmanager
async def open_desk(settings: Settings, public_url: str) -> AsyncIterator[Desk]:
    """Database, vault and accounts, ready; raises StartError with what to do about it.

    Inside, an embedded server that dies is started again.
    """
    async with watch.kept_server(settings) as url:
        await at_start(lambda: migrate.migrate(url))
        async with (
            _pool(url) as pool,
            _pool(url, size=MOST_RENEWALS) as renewals,
            _furnished(settings, pool, renewals, url, public_url) as desk,
        ):
            yield desk


@asynccontextmanager
async def _pool(url: str, **options: Any) -> AsyncIterator[asyncpg.Pool]:
    pool = await at_start(lambda: pools.connect_pool(url, **options))
    try:
        yield pool
    finally:
        await pool.close()


@asynccontextmanager
async def _furnished(
    settings: Settings, pool: asyncpg.Pool, renewals: asyncpg.Pool, url: str, public_url: str
) -> AsyncIterator[Desk]:
    vault = keyfile.open_vault(settings)

    async def check_in() -> None:
        async with pool.acquire() as conn:
            await masters.check_in(conn, vault)
            await days.keep_coming(conn, "calls")

    await at_start(check_in)
    ledger = Ledger(pool, settings.log_days)
    recorder = Recorder(pool)
    accounts = Accounts(
        pool,
        renewals,
        vault,
        origins=settings.origins,
        report=ledger.called,
        recorder=recorder,
    )
    ledger.start()
    recorder.start()
    try:
        yield Desk(settings, pool, vault, accounts, ledger, settings.public_url or public_url, url)
    finally:
        await accounts.close()
        await recorder.close()
        await ledger.close()

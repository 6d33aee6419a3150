"""What operations work with: the accounts, the settings, and the journey of one call."""

import copy
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from hireloom.accounts import Account, Accounts
from hireloom.api.ledger import Ledger
from hireloom.errors import HireloomError, RequestInvalidError
from hireloom.kit import Integration
from hireloom.kit.rehearsal import Rehearsal, is_complete, shown
from hireloom.kit.trip import Trip
from hireloom.models import CreatedNote, CreatedScore, Dropped
from hireloom.settings import Settings
from hireloom.store import calls, keyfile, masters, migrate, watch
from hireloom.store import pool as pools
from hireloom.store.keys import ApiKey
from hireloom.store.seal import Vault

MOST_RENEWALS = 24  # tokens that are being renewed at the same time, of all accounts


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


@asynccontextmanager
async def open_desk(settings: Settings, public_url: str) -> AsyncIterator[Desk]:
    """Database, vault and accounts, ready; raises StartError with what to do about it.

    Inside, an embedded server that dies is started again.
    """
    async with watch.kept_server(settings) as url:
        await migrate.migrate(url)
        async with _furnished(settings, url, public_url) as desk:
            yield desk


@asynccontextmanager
async def _furnished(settings: Settings, url: str, public_url: str) -> AsyncIterator[Desk]:
    pool = await pools.connect_pool(url)
    renewals = await pools.connect_pool(url, size=MOST_RENEWALS)
    try:
        vault = keyfile.open_vault(settings)
        async with pool.acquire() as conn:
            await masters.check_in(conn, vault)
            await calls.keep_coming_days(conn)
        ledger = Ledger(pool, settings.log_days)
        accounts = Accounts(pool, renewals, vault, origins=settings.origins, report=ledger.called)
        ledger.start()
        try:
            yield Desk(
                settings, pool, vault, accounts, ledger, settings.public_url or public_url, url
            )
        finally:
            await accounts.close()
            await ledger.close()
    finally:
        await renewals.close()
        await pool.close()


def dropped_in(receipt: Any) -> list[Dropped]:
    """What a receipt names as left out, a note's receipt within its answer too."""
    inner = receipt
    if isinstance(receipt, CreatedNote):
        inner = receipt.note
    elif isinstance(receipt, CreatedScore):
        inner = receipt.receipt
    found: list[Dropped] = getattr(inner, "fields_dropped", [])
    return found


new_execution_id = calls.new_execution_id


@dataclass
class Call:
    """One call of the API: who makes it, for which account, what it costs."""

    desk: Desk
    key: ApiKey
    execution_id: str
    trip: Trip
    account: Account | None = None
    started: float = field(default_factory=time.monotonic)
    beside: dict[str, Any] = field(default_factory=dict)  # members of the envelope beside `data`
    accept: str = "application/json"
    origin_integration_id: str | None = None  # the header, for operations that may take it

    @property
    def actor(self) -> str:
        return f"key {self.key.id} ({self.key.name})"


@dataclass(frozen=True)
class DryRun:
    """What would have been sent; `complete` is false where the rest hangs on real answers."""

    requests: list[dict[str, Any]]
    complete: bool
    fields_dropped: list[Dropped]


async def rehearse(integration: Integration, act: Callable[[Integration], Any]) -> DryRun:
    """Carry out a write on a connector whose writes are noted and not sent."""
    connector = copy.copy(integration.connector)
    rehearsal = Rehearsal(connector.channel)
    connector.channel = rehearsal
    complete = True
    receipt: Any = None
    try:
        receipt = await act(Integration(integration.id, connector))
    except RequestInvalidError:
        raise
    except HireloomError:
        if not rehearsal.writes:
            raise
        complete = False
    known = all(is_complete(request) for request in rehearsal.writes)
    left = dropped_in(receipt)
    return DryRun([shown(request) for request in rehearsal.writes], complete and known, left)

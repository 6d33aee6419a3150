"""What a run needs before it can begin: the account, its sync, and everything made from them."""

import copy
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import asyncpg

from hireloom.accounts import Account, Accounts, mapped_of
from hireloom.kit import Integration
from hireloom.kit.extra import Extra
from hireloom.store import pool as pools
from hireloom.store.pool import Connection
from hireloom.store.syncs import Sync
from hireloom.sync import native, paths
from hireloom.sync.custom import CustomKind, CustomReading, Everything, WholeLayout
from hireloom.sync.events import Sender
from hireloom.sync.keeping import Keeping
from hireloom.sync.kinds import Kind, kind_of
from hireloom.sync.layout import Layout
from hireloom.sync.reading import Clock, Reading
from hireloom.sync.selection import Selection

SOON = 0.1  # seconds
TRIES = 5


@dataclass(frozen=True)
class Opened:
    account: Account
    sync: Sync
    kind: Kind | CustomKind
    reading: Reading | CustomReading
    keeping: Keeping


class DatabaseClock:
    """The database's time without asking it every time: one clock for all workers."""

    def __init__(self) -> None:
        self._ahead = 0.0

    async def set(self, conn: Connection) -> None:
        """By the best of a few answers: one that was long under way is old, and what is read now

        would count as read before what is known.
        """
        self._ahead = -math.inf
        for _ in range(TRIES):
            asked = time.monotonic()
            self._ahead = max(self._ahead, await pools.clock(conn) - time.time())
            if time.monotonic() - asked < SOON:
                return

    def __call__(self) -> float:
        return time.time() + self._ahead


async def open_sync(
    accounts: Accounts,
    pool: asyncpg.Pool,
    sync: Sync,
    models: list[str],
    *,
    run_id: str | None = None,
    sync_type: str | None = None,
) -> Opened:
    """Raises IntegrationNotFoundError, IntegrationDeactivatedError, NotSupportedError."""
    account = await accounts.open(sync.integration_id)
    clock = DatabaseClock()
    async with pool.acquire() as conn:
        await clock.set(conn)
        # An account may be remembered from before a mapping changed, and what a run read is told.
        mapped = await mapped_of(conn, account.id)
    sender = Sender(
        account.id,
        account.stored.connector,
        account.stored.origin_org_id,
        sync,
        run_id,
        sync_type,
    )
    if sync.custom is not None:
        return _open_custom(account, sync, sync.custom, sender, clock)
    kind = kind_of(sync.data_type)
    query = None
    if sync.native_filter:
        query = native.parse(kind.data_type, sync.native_filter)
    reading = Reading(
        integration=replace(_own(account, sync.passthrough_filter), mapped=mapped),
        kind=kind,
        models=tuple(models),
        # Of what was told once, it has to be seen that it no longer fits.
        native=query if sync.completed_at is None else None,
        extra=extra_of(sync.passthrough_filter),
        clock=clock,
    )
    keeping = Keeping(
        kind,
        sync,
        sender,
        account.data_key,
        Layout.of_sync(kind, sync, models, account.data_key),
        Selection.of_sync(kind, sync, query),
    )
    return Opened(account, sync, kind, reading, keeping)


def _open_custom(
    account: Account, sync: Sync, custom: Mapping[str, Any], sender: Sender, clock: Clock
) -> Opened:
    listed = paths.parse(custom["listIdentifier"], custom["recordIdentifier"])
    kind = CustomKind()
    reading = CustomReading(account.integration, custom, listed, clock)
    layout = WholeLayout.of_key(account.data_key)
    keeping = Keeping(kind, sync, sender, account.data_key, layout, Everything())
    return Opened(account, sync, kind, reading, keeping)


def _own(account: Account, extra: Any) -> Integration:
    """The account; with a connector of its own where its channel is going to be replaced."""
    if not extra:
        return account.integration
    return Integration(account.id, copy.copy(account.integration.connector))


def extra_of(passthrough: Any) -> Extra | None:
    if not passthrough:
        return None
    return Extra(
        query=passthrough.get("query") or {},
        body=passthrough.get("body") or {},
        headers=passthrough.get("headers") or {},
    )

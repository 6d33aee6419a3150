"""Customers' accounts, ready to be called: what is stored of them joined to their connector.

The roots build one `Accounts`; operations, and whatever runs in the background, open accounts with
it. Here the kit, which knows no database, is given its keeper of secrets and its shelf of budgets.
"""

import contextlib
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import asyncpg
import msgspec

from hireloom import connectors
from hireloom.errors import (
    ConflictError,
    CredentialsInvalidError,
    IntegrationDeactivatedError,
    IntegrationNotFoundError,
    RequestInvalidError,
)
from hireloom.kit import Connector, Integration, Secrets
from hireloom.kit.auth import AuthorizationCode
from hireloom.kit.http import Http, Line
from hireloom.kit.limits import Change, Memory
from hireloom.kit.mapping import Mapped, by_model
from hireloom.kit.message import Request
from hireloom.kit.origins import Origins
from hireloom.kit.permissions import examined
from hireloom.kit.ports import Held, MemoryKeeper, Report
from hireloom.kit.trip import Trip, travel
from hireloom.recorder import Recorder
from hireloom.store import budgets, credentials, integrations, mappings
from hireloom.store.patience import insist
from hireloom.store.pool import LOST_CONNECTION
from hireloom.store.seal import Key, Vault

R = TypeVar("R")

FRESH_SECONDS = 1.0  # how long another process's change of an account may go unseen
REMEMBERED = 1000
INSIST_SECONDS = 30.0


@dataclass(frozen=True)
class Tried:
    """Credentials that were verified, as they are to be sealed, with the token that they gave."""

    secrets: bytes
    lacks: Mapping[str, str]  # by a connector's method the permission, as `kit.permissions` tells

    def __repr__(self) -> str:
        return "Tried(…)"


@dataclass(frozen=True)
class Account:
    """One customer's account: what is stored of it, its connector, and its sealing key."""

    stored: integrations.Integration
    integration: Integration
    data_key: Key

    @property
    def id(self) -> str:
        return self.stored.id


@dataclass
class _Holding:
    """Secrets under the lock of `credentials.locked`."""

    conn: asyncpg.Connection
    pool: asyncpg.Pool
    vault: Vault
    opened: credentials.Opened
    secrets: Secrets
    saved: bool = False
    uncommitted: Secrets | None = None

    async def save(self, secrets: Secrets) -> None:
        """Keep what may be the only valid token: if the connection that holds the lock broke while

        the vendor took its time, over others, until the database is back.
        """
        try:
            await self._save(self.conn, secrets)
            self.uncommitted = secrets
        except LOST_CONNECTION:
            await self._insist(secrets)
        self.saved = True

    async def settle(self) -> None:
        """The connection broke after `save`: see to it that what was saved is there."""
        if self.uncommitted is None:
            return
        with contextlib.suppress(ConflictError):  # it was committed all the same
            await self._insist(self.uncommitted)

    async def _insist(self, secrets: Secrets) -> None:
        async def save() -> None:
            async with self.pool.acquire(timeout=5) as conn:
                await self._save(conn, secrets)

        await insist(save, seconds=INSIST_SECONDS)

    async def _save(self, conn: asyncpg.Connection, secrets: Secrets) -> None:
        await credentials.save(
            conn,
            self.vault,
            self.opened.data_key,
            self.opened.integration.id,
            to_stored(secrets),
            version=self.opened.integration.credentials_version,
        )


@dataclass(frozen=True)
class StoredSecrets:
    """The kit's keeper: secrets lie sealed in the database."""

    pool: asyncpg.Pool
    renewals: asyncpg.Pool  # of its own: each connection waits while a vendor takes its time
    vault: Vault

    async def load(self, integration_id: str) -> Secrets:
        async with self.pool.acquire() as conn:
            opened = await credentials.opened(conn, self.vault, integration_id)
        return from_stored(opened.credentials)

    @asynccontextmanager
    async def hold(self, integration_id: str) -> AsyncIterator[Held]:
        holding: _Holding | None = None
        async with self.renewals.acquire() as conn:
            try:
                async with credentials.locked(conn, integration_id):
                    opened = await credentials.opened(conn, self.vault, integration_id)
                    secrets = from_stored(opened.credentials)
                    holding = _Holding(conn, self.pool, self.vault, opened, secrets)
                    yield holding
            except LOST_CONNECTION:
                if holding is None or not holding.saved:
                    raise
                await holding.settle()


class StoredBudgets:
    """The kit's shelf: budgets lie in the database, one clock and one lock for all processes.

    A process that changed a budget last most likely changes it next, so it first tries to swap the
    state that it left there, and only takes the lock where another process came in between.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        # The state that was left, and how far the database's clock is ahead of ours.
        self._left: OrderedDict[tuple[str, str], tuple[bytes, float]] = OrderedDict()

    async def change(self, integration_id: str, name: str, f: Change[R]) -> R:
        key = integration_id, name
        async with self._pool.acquire() as conn:
            if (left := self._left.get(key)) is not None:
                before, ahead = left
                after, result = f(before, time.monotonic() + ahead)
                now = await budgets.swap(conn, integration_id, name, before, after)
                if now is not None:
                    self._leave(key, after, now)
                    return result
            return await self._locked(conn, key, f)

    async def _locked(self, conn: asyncpg.Connection, key: tuple[str, str], f: Change[R]) -> R:
        seen: list[tuple[bytes, float]] = []

        def noting(state: bytes | None, now: float) -> tuple[bytes, R]:
            after, result = f(state, now)
            seen.append((after, now))
            return after, result

        result: R = await budgets.change(conn, *key, noting)
        self._leave(key, *seen[-1])
        return result

    def _leave(self, key: tuple[str, str], state: bytes, now: float) -> None:
        self._left[key] = state, now - time.monotonic()
        self._left.move_to_end(key)
        while len(self._left) > REMEMBERED:
            self._left.popitem(last=False)


class Accounts:
    def __init__(
        self,
        pool: asyncpg.Pool,
        renewals: asyncpg.Pool,
        vault: Vault,
        *,
        origins: Mapping[str, str],
        report: Report,
        recorder: Recorder | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.pool = pool
        self.vault = vault
        self.recorder = recorder or Recorder(pool)
        self.http = Http(
            StoredSecrets(pool, renewals, vault),
            StoredBudgets(pool),
            report,
            Origins(dict(origins)),
            witness=self.recorder,
        )
        self._clock = clock
        self._open: OrderedDict[str, tuple[float, Account]] = OrderedDict()

    async def open(self, integration_id: str, *, even_inactive: bool = False) -> Account:
        """An account to call. One whose credentials failed is tried all the same: the vendor may

        have been wrong. Raises IntegrationNotFoundError, IntegrationDeactivatedError.
        """
        account = self._remembered(integration_id) or await self._load(integration_id)
        if not even_inactive:
            refuse_inactive(account.stored)
        return account

    def forget(self, integration_id: str) -> None:
        """Something of it changed: the next call reads it again, but keeps its connector."""
        if integration_id in self._open:
            self._open[integration_id] = -FRESH_SECONDS, self._open[integration_id][1]

    def replace(self, integration_id: str) -> None:
        """Its credentials or settings changed, or it is gone: the next call starts afresh."""
        self._open.pop(integration_id, None)

    async def verified(
        self,
        kind: type[Connector],
        secrets: Secrets,
        settings: Mapping[str, str],
        *,
        trying: bool = False,
    ) -> Tried:
        """Credentials that the vendor accepts, and what they lack.

        Raises what the vendor says of them. They are in memory only until they are sealed.
        """
        keeper = MemoryKeeper(secrets)
        connector = self.http.connect("", kind, settings, keeper=keeper, shelf=Memory())
        with travel(Trip()):
            lacks = await examined(connector, trying=trying)
        return Tried(to_stored(keeper.secrets), lacks)

    async def exchanged(
        self,
        kind: type[Connector],
        way: AuthorizationCode,
        client: tuple[str, str],
        exchange: Request,
        settings: Mapping[str, str],
    ) -> Secrets:
        """What a consent's code is exchanged for, with the client's id and secret beside it.

        Raises CredentialsInvalidError, also where the vendor gives no refresh token.
        """
        keeper = MemoryKeeper(Secrets())
        connector = self.http.connect("", kind, settings, keeper=keeper, shelf=Memory())
        answer = await connector.channel.ask_token(exchange)
        found = way.read_token(answer, Secrets(), time.time())
        if not found.refresh_token:
            raise CredentialsInvalidError(f"{kind.title} gave no token that can be renewed")
        fields = {
            "clientId": client[0],
            "clientSecret": client[1],
            "refreshToken": found.refresh_token,
        }
        return msgspec.structs.replace(found, fields=fields)

    async def keep_alive(self, integration_id: str) -> None:
        """Renew its token if it has ended, as a call would. Raises what the vendor says."""
        account = await self.open(integration_id)
        if isinstance(account.integration.connector.channel, Line):
            await account.integration.connector.channel.keep_alive()

    async def close(self) -> None:
        await self.http.close()

    def _remembered(self, integration_id: str) -> Account | None:
        found = self._open.get(integration_id)
        if found is None or self._clock() - found[0] >= FRESH_SECONDS:
            return None
        self._open.move_to_end(integration_id)
        return found[1]

    async def _load(self, integration_id: str) -> Account:
        try:
            async with self.pool.acquire() as conn:
                opened = await credentials.opened(conn, self.vault, integration_id)
                mapped = await mapped_of(conn, integration_id)
        except IntegrationNotFoundError:  # perhaps another process deleted it: nothing stays here
            self._open.pop(integration_id, None)
            self.vault.forget(integration_id)
            self.recorder.forget(integration_id)
            raise
        stored = opened.integration
        self.recorder.heed(opened)
        _, before = self._open.get(integration_id, (0.0, None))
        if before is not None and _same(before.stored, stored):
            # The same account: its connector goes on, with its connections and what it remembers.
            connector = before.integration.connector
        else:
            kind = connectors.load(stored.connector)
            connector = self.http.connect(stored.id, kind, stored.settings)
        integration = Integration(stored.id, connector, mapped)
        account = Account(stored, integration, opened.data_key)
        self._open[integration_id] = self._clock(), account
        self._open.move_to_end(integration_id)
        while len(self._open) > REMEMBERED:
            self._open.popitem(last=False)
        return account


def _same(before: integrations.Integration, now: integrations.Integration) -> bool:
    # A renewed token makes no other account; credentials that somebody entered may.
    return (before.connector, before.settings, before.connected_at) == (
        now.connector,
        now.settings,
        now.connected_at,
    )


async def mapped_of(conn: asyncpg.Connection, integration_id: str) -> Mapped:
    """Which custom fields are mapped at an account, as it is in this moment."""
    return by_model(await mappings.in_force(conn, integration_id))


def refuse_inactive(stored: integrations.Integration) -> None:
    if stored.state == "deactivated":
        raise IntegrationDeactivatedError(
            f"This {title(stored.connector)} integration was deactivated on "
            f"{stored.deactivated_at:%Y-%m-%d}"
            if stored.deactivated_at
            else f"This {title(stored.connector)} integration is deactivated"
        )


def title(connector: str) -> str:
    """The vendor's name as people write it."""
    try:
        return connectors.load(connector).title
    except RequestInvalidError:  # its package was uninstalled; the account is still there
        return connector


def to_stored(secrets: Secrets) -> bytes:
    return msgspec.json.encode(secrets)


def from_stored(content: bytes) -> Secrets:
    return msgspec.json.decode(content, type=Secrets)

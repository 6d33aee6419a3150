"""An account's registration with its vendor's webhooks: one address, its secrets, what is

registered by API. It is held while it is changed, so that nothing is registered twice.
"""

import asyncio
import secrets as random
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from hireloom.accounts import Account
from hireloom.desk import Desk
from hireloom.errors import (
    ConflictError,
    CredentialsInvalidError,
    HireloomError,
    PermissionMissingError,
    RejectedError,
    RequestInvalidError,
    ResourceNotFoundError,
)
from hireloom.kit import Hooks, RegistersHooks, RemovesHooks
from hireloom.models import Happening
from hireloom.store import hooks
from hireloom.store.hooks import Subscription

EVERY = ""  # stands for all of the vendor's events where they share one secret
PATIENCE_SECONDS = 25.0  # with another call that changes the same
PAUSE_SECONDS = 0.1


def address(desk: Desk, stored: Subscription) -> str:
    return f"{desk.public_url}/hooks/{stored.integration_id}/{stored.token}"


@asynccontextmanager
async def held(desk: Desk, account: Account, heard: Hooks) -> AsyncIterator["Book"]:
    """The registration, to be changed by nobody else meanwhile. Raises ConflictError."""
    stored = await _hold(desk, account)
    try:
        yield Book(desk, account, heard, stored)
    finally:
        async with desk.pool.acquire() as conn, conn.transaction():
            await hooks.release(conn, account.id)


async def _hold(desk: Desk, account: Account) -> Subscription:
    token, ends = random.token_urlsafe(24), time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        async with desk.pool.acquire() as conn:
            stored = await hooks.hold(conn, account.data_key, account.id, token)
        if stored is not None:
            return stored
        await asyncio.sleep(PAUSE_SECONDS)
    raise ConflictError(
        "Another call is changing which events of this integration are subscribed",
        hint="Wait two minutes and send the call again.",
    )


@dataclass
class Book:
    """What stands in the registration; each step with the vendor is kept at once."""

    desk: Desk
    account: Account
    heard: Hooks
    stored: Subscription

    async def add(self, events: Iterable[Happening], secrets: Mapping[str, str]) -> None:
        """Listen to more. Kept before it is registered: some vendors try the address at once."""
        happenings = {*map(Happening, self.stored.happenings), *events}
        known = {**self.stored.secrets, **secrets}
        if self.heard.secrets == "ours":
            known.setdefault(EVERY, random.token_hex(32))
        await self._keep(happenings, known, self.stored.registered)

    async def register(self) -> None:
        """Register by API what is not yet; where the vendor does not let us, a person has to."""
        registrar = self.account.integration.able_to(RegistersHooks)
        url = address(self.desk, self.stored)
        if self.stored.registered and self.stored.url != url:
            await self._remove(self.stored.registered)
        if registrar is None or self._is_done_by_hand:
            return
        for event in self.heard.meaning(frozenset(map(Happening, self.stored.happenings))):
            if event not in self.stored.registered:
                try:
                    await self._register(registrar, event, url)
                except PermissionMissingError:
                    return
                except (RejectedError, RequestInvalidError) as error:
                    if not self.stored.registered:
                        raise refused(error) from error
                    # The vendor takes others: this one is left to a person.

    async def remove(self, events: Iterable[Happening]) -> None:
        """Give up some; with the vendor, too, as far as it lets us."""
        left = {*map(Happening, self.stored.happenings)} - {*events}
        wanted = set(self.heard.meaning(frozenset(left)))
        await self._remove(event for event in self.stored.registered if event not in wanted)
        secrets = {
            name: one for name, one in self.stored.secrets.items() if name in {EVERY, *wanted}
        }
        await self._keep(left, secrets, self.stored.registered)

    @property
    def _is_done_by_hand(self) -> bool:
        theirs = self.heard.secrets == "theirs"
        return theirs and not self.stored.registered and bool(self.stored.secrets)

    async def _register(self, registrar: RegistersHooks, event: str, url: str) -> None:
        secret = self.stored.secrets.get(EVERY, "")
        made = await registrar.register_hook(event, url, secret)
        secrets = self.stored.secrets | ({} if made.secret is None else {event: made.secret})
        registered = {**self.stored.registered, event: made.id}
        await self._keep(map(Happening, self.stored.happenings), secrets, registered, url)

    async def _remove(self, events: Iterable[str]) -> None:
        remover = self.account.integration.able_to(RemovesHooks)
        for event in list(events):
            if remover is not None:
                # Gone already, or no longer ours to remove: what it still sends gets a 404.
                gone = (ResourceNotFoundError, PermissionMissingError, CredentialsInvalidError)
                with suppress(*gone):
                    await remover.remove_hook(self.stored.registered[event])
            secrets = {name: one for name, one in self.stored.secrets.items() if name != event}
            registered = {
                name: id_ for name, id_ in self.stored.registered.items() if name != event
            }
            await self._keep(map(Happening, self.stored.happenings), secrets, registered)

    async def _keep(
        self,
        happenings: Iterable[Happening],
        secrets: Mapping[str, str],
        registered: Mapping[str, str],
        url: str | None = None,
    ) -> None:
        async with self.desk.pool.acquire() as conn:
            kept = await hooks.keep(
                conn,
                self.account.data_key,
                self.account.id,
                happenings=sorted(happenings),
                secrets=secrets,
                registered=registered,
                url=url or self.stored.url,
            )
        if kept is None:
            raise gone()
        self.stored = kept


def refused(error: HireloomError) -> HireloomError:
    return RejectedError(
        error.msg,
        detail=error.detail,
        upstream=error.upstream,
        hint="Some vendors try the address first. See that HIRELOOM_PUBLIC_URL is reachable from"
        " the internet by https, then subscribe again.",
    )


def gone() -> HireloomError:
    return ConflictError("The integration was deleted while its events were being subscribed")

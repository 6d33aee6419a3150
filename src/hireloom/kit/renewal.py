"""One account's secrets as a process holds them; an ended token is renewed once for all who ask."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeGuard

from hireloom.errors import TimedOutError
from hireloom.kit.auth import Auth, Secrets, TokenAuth
from hireloom.kit.message import Answer, Request
from hireloom.kit.ports import Keeper
from hireloom.kit.trip import Trip, current, travel


class Renewal:
    """The newest secrets. `auth` says which way to sign they are for, `send` asks for a token."""

    def __init__(
        self,
        integration_id: str,
        keeper: Keeper,
        auth: Callable[[Secrets], Auth],
        send: Callable[[Request], Awaitable[Answer]],
    ) -> None:
        self._id = integration_id
        self._keeper = keeper
        self._auth = auth
        self._send = send
        self._secrets: Secrets | None = None
        self._running: asyncio.Task[Secrets] | None = None

    async def fresh(self) -> Secrets:
        """The account's secrets, with a token that still lives where tokens are used."""
        if self._secrets is None:
            self._secrets = await self._keeper.load(self._id)
        return await self._living(self._secrets)

    async def after_refusal(self, refused: Secrets) -> Secrets | None:
        """After a 401: a new token, or the key that the customer entered meanwhile elsewhere."""
        if _by_token(self._auth(refused)):
            return await self._renewed(refused)
        self._secrets = await self._keeper.load(self._id)
        return await self._living(self._secrets) if self._secrets.fields != refused.fields else None

    async def _living(self, secrets: Secrets) -> Secrets:
        if secrets.expired(time.time()) and _by_token(self._auth(secrets)):
            return await self._renewed(secrets)
        return secrets

    async def _renewed(self, stale: Secrets) -> Secrets:
        """What the one renewal under way brings. A caller who leaves does not stop it: the vendor

        may have spent the old refresh token already, so the new one has to be saved.
        """
        known = self._secrets
        if known is not None and known.access_token not in {None, stale.access_token}:
            return known
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._renew(stale))
            self._running.add_done_callback(_seen)
        try:
            async with asyncio.timeout(current().left):
                return await asyncio.shield(self._running)
        except TimeoutError:
            raise TimedOutError("The vendor did not give a token in time") from None

    async def _renew(self, stale: Secrets) -> Secrets:
        """Whoever comes second, in whatever process, finds the new token saved and takes it."""
        caller = current()
        async with self._keeper.hold(self._id) as held:
            secrets = held.secrets
            auth = self._auth(secrets)
            ended = secrets.access_token == stale.access_token or secrets.expired(time.time())
            if ended and _by_token(auth):
                # Others wait for it, too: it has its own time, not what its first caller has left.
                with travel(Trip(caller.execution_id)) as own:
                    answer = await self._send(auth.token_request(secrets))
                caller.calls += own.calls
                caller.seconds += own.seconds
                secrets = auth.read_token(answer, secrets, time.time())
                await held.save(secrets)
        self._secrets = secrets
        return secrets


def _by_token(auth: Auth) -> TypeGuard[TokenAuth]:
    return hasattr(auth, "token_request")  # isinstance costs more than all else of a call's start


def _seen(renewal: asyncio.Task[Secrets]) -> None:
    """Look at the outcome, lest asyncio complains where every caller has left."""
    if not renewal.cancelled():
        renewal.exception()

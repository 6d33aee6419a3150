"""Who may come in: API keys, their scopes, and our own rate limit."""

import time
from collections import OrderedDict

import asyncpg

from hireloom.api.operation import Scope
from hireloom.errors import KeyInvalidError, RateLimitedError, ScopeMissingError
from hireloom.store import keys
from hireloom.store.keys import ApiKey, hash_of

FRESH_SECONDS = 1.0  # how long a revoked key may still be let in by another process
REMEMBERED = 1000


class Guard:
    def __init__(self, pool: asyncpg.Pool, calls_a_minute: int) -> None:
        self._pool = pool
        self._calls_a_minute = calls_a_minute
        self._known: OrderedDict[bytes, tuple[float, ApiKey]] = OrderedDict()
        self._counts: dict[str, tuple[int, int]] = {}

    async def admit(self, authorization: str, scope: Scope) -> ApiKey:
        """The key behind an `Authorization` header, if it may do this."""
        kind, _, secret = authorization.strip().partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            raise KeyInvalidError("No API key was sent")
        key = await self._find(secret.strip())
        if key is None:
            raise KeyInvalidError("This API key is unknown, revoked or expired")
        if scope not in key.scopes:
            raise ScopeMissingError(
                f"The API key '{key.name}' lacks the scope '{scope}'",
                hint=f"It has: {', '.join(key.scopes) or 'none'}. Make one that has '{scope}'.",
            )
        self._count(key)
        return key

    async def _find(self, secret: str) -> ApiKey | None:
        print_ = hash_of(secret)
        now = time.monotonic()
        known = self._known.get(print_)
        if known is not None and now - known[0] < FRESH_SECONDS:
            return known[1]
        async with self._pool.acquire() as conn:
            key = await keys.find(conn, secret)
        if key is None:
            self._known.pop(print_, None)
            return None
        self._known[print_] = now, key
        self._known.move_to_end(print_)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return key

    def _count(self, key: ApiKey) -> None:
        """A fixed minute per key and process: a brake against runaway clients, no accounting."""
        if not self._calls_a_minute:
            return
        minute, second = divmod(time.time(), 60)
        counted_minute, count = self._counts.get(key.id, (0, 0))
        count = count + 1 if counted_minute == int(minute) else 1
        self._counts[key.id] = int(minute), count
        if count > self._calls_a_minute:
            raise RateLimitedError(
                f"This API key may make {self._calls_a_minute} calls a minute",
                retry_after=60 - second,
            )

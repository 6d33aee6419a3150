"""Idempotency keys: a request that is sent again gets the first answer."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg

from hireloom.errors import (
    ConflictError,
    HireloomError,
    IdempotencyMismatchError,
    RequestInvalidError,
    TimedOutError,
    UnavailableError,
)
from hireloom.store import idempotency
from hireloom.store.idempotency import Attempt, Fresh, Mismatch, Replay
from hireloom.store.seal import Key

LONGEST_KEY = 255
PATIENCE = 35.0  # seconds for the same request that is being carried out at the moment
LOOK_AGAIN = 0.1


@dataclass(frozen=True)
class Answered:
    status: int
    body: bytes
    error: HireloomError | None = None
    replayed: bool = False


async def once(
    pool: asyncpg.Pool, data_key: Key, attempt: Attempt, act: Callable[[], Awaitable[Answered]]
) -> Answered:
    """Carry a request out, or give the answer that it got before.

    Refusals are kept like successes. A failure that may pass is forgotten, so that the key can be
    used again, unless the write may have arrived at the vendor.
    """
    if len(attempt.key) > LONGEST_KEY or not attempt.key.isprintable():
        raise RequestInvalidError.at("Idempotency-Key", f"is at most {LONGEST_KEY} characters")
    claim = await _claim(pool, data_key, attempt)
    if claim is not None:
        return claim
    answered: Answered | None = None
    try:
        answered = await act()
        return answered
    finally:
        await _settle(pool, data_key, attempt, answered)


async def _claim(pool: asyncpg.Pool, data_key: Key, attempt: Attempt) -> Answered | None:
    ends = time.monotonic() + PATIENCE
    while True:
        async with pool.acquire() as conn:
            found = await idempotency.begin(conn, data_key, attempt)
        if isinstance(found, Replay):
            return Answered(found.status, found.answer, replayed=True)
        if isinstance(found, Mismatch):
            raise IdempotencyMismatchError("This Idempotency-Key came with another body before")
        if isinstance(found, Fresh):
            if found.interrupted:
                raise ConflictError(
                    "An attempt with this Idempotency-Key was cut off and may have arrived",
                    hint="Look in the ATS; if it is not there, send it with a new key.",
                )
            return None
        if time.monotonic() > ends:
            raise ConflictError(
                "The same request is still being carried out",
                hint="Send it again with the same Idempotency-Key in a moment.",
            )
        await asyncio.sleep(LOOK_AGAIN)


async def _settle(
    pool: asyncpg.Pool, data_key: Key, attempt: Attempt, answered: Answered | None
) -> None:
    async with pool.acquire() as conn:
        if answered is not None and _is_final(answered.error):
            await idempotency.finish(conn, data_key, attempt, answered.status, answered.body)
        else:
            await idempotency.forget(conn, data_key, attempt)


def _is_final(error: HireloomError | None) -> bool:
    if error is None or not error.retryable:
        return True
    may_have_arrived = isinstance(error, UnavailableError) and "arrived" in error.hint
    return isinstance(error, TimedOutError) or may_have_arrived

"""Idempotency keys: a request that is sent again gets the first answer."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg
import structlog

from hireloom.errors import (
    ConflictError,
    HireloomError,
    IdempotencyMismatchError,
    RequestInvalidError,
)
from hireloom.store import idempotency
from hireloom.store.idempotency import Attempt, Fresh, Mismatch, Replay
from hireloom.store.patience import insist
from hireloom.store.pool import LOST_CONNECTION
from hireloom.store.seal import Key

log = structlog.get_logger()

LONGEST_KEY = 255
PATIENCE = 35.0  # seconds for the same request that is being carried out at the moment
LOOK_AGAIN = 0.1
SETTLE_SECONDS = 5.0  # that an answer waits for a database that went away meanwhile
CUT_OFF = ConflictError(
    "An attempt with this Idempotency-Key was cut off and may have arrived",
    hint="Look in the ATS; if it is not there, send it with a new key.",
)


@dataclass(frozen=True)
class Answered:
    """`final`: the same key gets this answer again; otherwise it may be tried anew."""

    status: int
    body: bytes
    error: HireloomError | None = None
    final: bool = True
    replayed: bool = False


async def once(
    pool: asyncpg.Pool,
    data_key: Key,
    attempt: Attempt,
    act: Callable[[], Awaitable[Answered]],
    refuse: Callable[[HireloomError], Answered],
) -> Answered:
    """Carry a request out by `act`, or give the answer that it got before.

    Refusals are kept like successes. A failure that may pass is forgotten, so that the key can be
    used again, unless the write may have arrived at the vendor. `refuse` words our own refusals.
    """
    if len(attempt.key) > LONGEST_KEY or not attempt.key.isprintable():
        raise RequestInvalidError.at("Idempotency-Key", f"is at most {LONGEST_KEY} characters")
    claim = await _claim(pool, data_key, attempt)
    if isinstance(claim, Answered):
        return claim
    answered = refuse(CUT_OFF) if claim.interrupted else await act()
    try:
        await insist(lambda: _settle(pool, data_key, attempt, answered), seconds=SETTLE_SECONDS)
    except LOST_CONNECTION as error:
        # The key stays open: whoever uses it again hears that the attempt was cut off.
        log.warning("An answer is not kept for repeats", error=type(error).__name__)
    return answered


async def _settle(pool: asyncpg.Pool, data_key: Key, attempt: Attempt, answered: Answered) -> None:
    async with pool.acquire() as conn:
        if answered.final:
            await idempotency.finish(conn, data_key, attempt, answered.status, answered.body)
        else:
            await idempotency.forget(conn, data_key, attempt)


async def _claim(pool: asyncpg.Pool, data_key: Key, attempt: Attempt) -> Answered | Fresh:
    ends = time.monotonic() + PATIENCE
    while True:
        async with pool.acquire() as conn:
            found = await idempotency.begin(conn, data_key, attempt)
        if isinstance(found, Replay):
            return Answered(found.status, found.answer, replayed=True)
        if isinstance(found, Mismatch):
            raise IdempotencyMismatchError("This Idempotency-Key came with another body before")
        if isinstance(found, Fresh):
            return found
        if time.monotonic() > ends:
            raise ConflictError(
                "The same request is still being carried out",
                hint="Send it again with the same Idempotency-Key in a moment.",
            )
        await asyncio.sleep(LOOK_AGAIN)

"""A score is written once: who comes while it is being written waits, and hears what was done."""

import asyncio
import secrets
import time

import asyncpg
import msgspec

from hireloom.errors import ConflictError
from hireloom.models import ScoreDraft
from hireloom.store import score_places
from hireloom.store.score_places import Hold
from hireloom.store.seal import Key

PATIENCE = 35.0  # seconds, for the same score that is being written at this moment
LOOK_AGAIN = 0.05
LATER = 0.5

ENCODER = msgspec.json.Encoder(decimal_format="number")


def content_of(key: Key, score: ScoreDraft) -> str:
    """A keyed fingerprint of all that was sent."""
    return key.fingerprint("score content", ENCODER.encode(score)).hex()


def identity_of(key: Key, score: ScoreDraft) -> bytes:
    """By the caller's own id, or by the order, or, without either, by all that was sent.

    So the same score that is sent again by a caller without an id leaves no second one.
    """
    if score.external_id is not None:
        return key.fingerprint("score externalId", score.external_id.encode())
    if score.order_id is not None:
        return key.fingerprint("score orderId", score.order_id.encode())
    return key.fingerprint("score", ENCODER.encode(score))


async def hold(pool: asyncpg.Pool, key: Key, integration_id: str, score: ScoreDraft) -> Hold:
    """The right to write this score, after whoever has it now. Raises ConflictError."""
    identity, holder = identity_of(key, score), secrets.token_hex(8)
    is_named = score.external_id is not None or score.order_id is not None
    ends = time.monotonic() + PATIENCE
    pause = LOOK_AGAIN
    while True:
        async with pool.acquire() as conn:
            found = await score_places.hold(
                conn, key, integration_id, identity, holder, is_named=is_named
            )
        if found is not None:
            return found
        if time.monotonic() > ends:
            raise ConflictError(
                "The same score is still being written",
                hint="Send it again in a moment; it will not be written twice.",
            )
        await asyncio.sleep(pause)
        pause = min(LATER, pause * 1.5)

"""Idempotency keys: one request, sent as often as need be, is carried out once.

The key and the body are kept as keyed fingerprints and the answer is sealed, so a day's writes
leave nothing to read here.
"""

import msgspec

from hireloom.store.pool import Connection
from hireloom.store.seal import Key

PURPOSE = "idempotency.answer"


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it came in. `integration_id` is empty where the method needs none."""

    integration_id: str
    api_key_id: str
    method: str
    key: str
    body: bytes


class Fresh(msgspec.Struct, frozen=True, kw_only=True):
    """Carry it out, then `finish` or `forget`. `interrupted`: an attempt before came to no end,
    so what it wrote may have arrived."""

    interrupted: bool = False


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """It was carried out already; this was the answer."""

    status: int
    answer: bytes


class Mismatch(msgspec.Struct, frozen=True):
    """The same key came with another body before."""


class Running(msgspec.Struct, frozen=True):
    """The same request is being carried out at this moment."""


BEGIN = """
insert into idempotency as kept (integration_id, api_key_id, method, key_hash, body_hash)
values ($1, $2, $3, $4, $5)
on conflict (integration_id, api_key_id, method, key_hash) do update
   set body_hash = excluded.body_hash, state = 'running', status = null, answer = null,
       created_at = now(),
       interrupted = kept.state = 'running' and kept.body_hash = excluded.body_hash
 where kept.created_at < now() - interval '24 hours'
    or (kept.state = 'running' and kept.body_hash = excluded.body_hash
        and kept.created_at < now() - interval '10 minutes')
returning interrupted
"""

LOOK = """
select body_hash, state, status, answer from idempotency
 where integration_id = $1 and api_key_id = $2 and method = $3 and key_hash = $4
"""


async def begin(
    conn: Connection, data_key: Key, attempt: Attempt
) -> Fresh | Replay | Mismatch | Running:
    """Claim a request; commit at once, so that others see the claim.

    One that has been running for ten minutes, far longer than any call may take, was killed.
    """
    place = _place(data_key, attempt)
    body = data_key.fingerprint("idempotency body", attempt.body)
    while True:
        claim = await conn.fetchrow(BEGIN, *place, body)
        if claim is not None:
            return Fresh(interrupted=claim["interrupted"])
        row = await conn.fetchrow(LOOK, *place)
        if row is not None:  # else it was forgotten in this very moment
            break
    if row["body_hash"] != body:
        return Mismatch()
    if row["state"] == "running":
        return Running()
    answer = data_key.open(attempt.integration_id, _purpose(place[-1]), row["answer"])
    return Replay(status=row["status"], answer=answer)


FINISH = """
update idempotency set state = 'done', status = $5, answer = $6
 where integration_id = $1 and api_key_id = $2 and method = $3 and key_hash = $4
"""


async def finish(
    conn: Connection, data_key: Key, attempt: Attempt, status: int, answer: bytes
) -> None:
    """Keep the answer for whoever repeats the request within 24 hours."""
    place = _place(data_key, attempt)
    sealed = data_key.seal(attempt.integration_id, _purpose(place[-1]), answer)
    await conn.execute(FINISH, *place, status, sealed)


FORGET = """
delete from idempotency
 where integration_id = $1 and api_key_id = $2 and method = $3 and key_hash = $4
   and state = 'running'
"""


async def forget(conn: Connection, data_key: Key, attempt: Attempt) -> None:
    """Let the request be tried again, after a failure that may pass."""
    await conn.execute(FORGET, *_place(data_key, attempt))


CLEAN_UP = """
delete from idempotency where created_at < now() - interval '24 hours' returning 1
"""


async def clean_up(conn: Connection) -> int:
    """Drop what is older than a day; return how many."""
    return len(await conn.fetch(CLEAN_UP))


def _place(data_key: Key, attempt: Attempt) -> tuple[str, str, str, bytes]:
    key = data_key.fingerprint("idempotency key", attempt.key.encode())
    return attempt.integration_id, attempt.api_key_id, attempt.method, key


def _purpose(key_hash: bytes) -> str:
    return f"{PURPOSE} {key_hash.hex()}"

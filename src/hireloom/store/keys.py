"""API keys: shown once, kept as SHA-256 of 32 random bytes, which nobody can guess back."""

import hashlib
import secrets
import string
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from hireloom.store.pool import Connection

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
KEY_START = "hl_"
SHOWN = 9  # "hl_" and six characters: enough to tell keys apart


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


class NewApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key just made: `secret` is in no other place and cannot be shown again."""

    secret: str
    api_key: ApiKey

    def __repr__(self) -> str:
        return f"NewApiKey({self.api_key.prefix}…)"


def base62(content: bytes, length: int) -> str:
    number, digits = int.from_bytes(content), ""
    while number:
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits.rjust(length, ALPHABET[0])


def new_id(start: str) -> str:
    """A new opaque id of 128 random bits, such as `int_…`."""
    return f"{start}_{base62(secrets.token_bytes(16), 22)}"


def hash_of(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


CREATE = """
insert into api_keys (id, name, key_hash, prefix, scopes, expires_at)
values ($1, $2, $3, $4, $5, $6)
returning id, name, prefix, scopes, created_at, expires_at, revoked_at, last_used_at
"""


async def create(
    conn: Connection, name: str, scopes: Sequence[str], expires_at: datetime | None = None
) -> NewApiKey:
    secret = KEY_START + base62(secrets.token_bytes(32), 43)
    row = await conn.fetchrow(
        CREATE, new_id("key"), name, hash_of(secret), secret[:SHOWN], list(scopes), expires_at
    )
    return NewApiKey(secret=secret, api_key=ApiKey(**row))


FIND = """
select id, name, prefix, scopes, created_at, expires_at, revoked_at, last_used_at
  from api_keys
 where key_hash = $1 and revoked_at is null and (expires_at is null or expires_at > now())
"""


async def find(conn: Connection, secret: str) -> ApiKey | None:
    """The key that is meant, unless it is unknown, revoked or expired."""
    row = await conn.fetchrow(FIND, hash_of(secret))
    return None if row is None else ApiKey(**row)


EVERY = """
select id, name, prefix, scopes, created_at, expires_at, revoked_at, last_used_at
  from api_keys order by created_at, id
"""


async def every(conn: Connection) -> list[ApiKey]:
    """All keys, the oldest first, revoked ones as well."""
    return [ApiKey(**row) for row in await conn.fetch(EVERY)]


ANY_IN_FORCE = """
select exists (
    select from api_keys where revoked_at is null and (expires_at is null or expires_at > now())
)
"""


async def any_in_force(conn: Connection) -> bool:
    return bool(await conn.fetchval(ANY_IN_FORCE))


REVOKE = """
update api_keys set revoked_at = now() where id = $1 and revoked_at is null returning id
"""


async def revoke(conn: Connection, key_id: str) -> bool:
    """Whether there was such a key in force."""
    return await conn.fetchval(REVOKE, key_id) is not None


TOUCH = """
update api_keys set last_used_at = now()
 where id = any ($1) and (last_used_at is null or last_used_at < now() - interval '1 minute')
"""


async def touch(conn: Connection, key_ids: Iterable[str]) -> None:
    """Note that keys were used; to the minute, so that a busy key costs no write per call."""
    await conn.execute(TOUCH, list(key_ids))

"""Partner access: the address and the key by which an ATS orders tests for an account."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from hireloom.store.keys import ALPHABET, base62, hash_of
from hireloom.store.pool import Connection
from hireloom.store.seal import Key

BOTH_VALID = timedelta(hours=24)  # the key before, after a rotation
SEALED = "assessment_partners.key"
LETTERS = frozenset(ALPHABET + "_")


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    integration_id: str
    token: str  # the part of the address that nobody can guess; the key says who calls
    key_hash: bytes
    key: bytes  # sealed
    key_used: bool  # the ATS has called with it
    previous_hash: bytes | None
    previous_key: bytes | None
    previous_until: datetime | None
    created_at: datetime
    updated_at: datetime
    last_called_at: datetime | None

    def __repr__(self) -> str:
        return f"Partner({self.integration_id})"

    @property
    def _previous_is_valid(self) -> bool:
        return self.previous_until is not None and self.previous_until > datetime.now(UTC)

    def accepts(self, given: str) -> bool:
        """Whether it is the key, or for a day the one before; takes as long either way."""
        found = hash_of(given)
        current = secrets.compare_digest(found, self.key_hash)
        before = secrets.compare_digest(found, self.previous_hash or bytes(len(found)))
        return current or (before and self._previous_is_valid)

    def is_current(self, given: str) -> bool:
        return secrets.compare_digest(hash_of(given), self.key_hash)

    def open_key(self, data_key: Key) -> str:
        """The key that the ATS holds: the one before, until the ATS has called with the new one."""
        waits = self._previous_is_valid and not self.key_used
        sealed = self.previous_key if waits and self.previous_key is not None else self.key
        return data_key.open(self.integration_id, SEALED, sealed).decode()


def _found(row: Mapping[str, Any]) -> Partner:
    return Partner(**row)


def new_token(integration_id: str) -> str:
    """It names the account, because every look-up begins with that."""
    return f"{integration_id}.{base62(secrets.token_bytes(16), 22)}"


def new_key(integration_id: str) -> str:
    """It names the account, too: an ATS may call for all its customers at one address."""
    return f"{integration_id}.{base62(secrets.token_bytes(32), 43)}"


def account_of(word: str) -> str:
    """Of which account a token or a key is; empty where it is neither."""
    integration_id, _, rest = word.partition(".")
    known = rest and all(letter in LETTERS for letter in integration_id)
    return integration_id if known else ""


GET = "select * from assessment_partners where integration_id = $1"


async def get(conn: Connection, integration_id: str) -> Partner | None:
    row = await conn.fetchrow(GET, integration_id)
    return None if row is None else _found(row)


CREATE = """
insert into assessment_partners (integration_id, token, key_hash, key) values ($1, $2, $3, $4)
on conflict (integration_id) do nothing
returning *
"""


async def create(
    conn: Connection, data_key: Key, integration_id: str
) -> tuple[Partner, str | None]:
    """The access of an account, made where there is none; the key only where it was made now."""
    key = new_key(integration_id)
    sealed = data_key.seal(integration_id, SEALED, key.encode())
    token = new_token(integration_id)
    row = await conn.fetchrow(CREATE, integration_id, token, hash_of(key), sealed)
    if row is not None:
        return _found(row), key
    return _found(await conn.fetchrow(GET, integration_id)), None


ROTATE = """
update assessment_partners
   set previous_hash = key_hash, previous_key = key, previous_until = now() + $4::interval,
       key_hash = $2, key = $3, key_used = false, updated_at = now()
 where integration_id = $1
returning *
"""


async def rotate(conn: Connection, data_key: Key, integration_id: str) -> tuple[Partner, str]:
    """A new key for an access that there is; the one before is valid for another day."""
    key = new_key(integration_id)
    sealed = data_key.seal(integration_id, SEALED, key.encode())
    row = await conn.fetchrow(ROTATE, integration_id, hash_of(key), sealed, BOTH_VALID)
    return _found(row), key


CALLED = """
update assessment_partners set last_called_at = now(), key_used = key_used or $2
 where integration_id = $1
   and (last_called_at is null or last_called_at < now() - interval '1 minute' or key_used < $2)
"""


async def called(conn: Connection, integration_id: str, *, with_current: bool) -> None:
    """The ATS called, with the current key or the one before; noted to the minute."""
    await conn.execute(CALLED, integration_id, with_current)


HOLD = "select integration_id from assessment_partners where integration_id = $1 for update"


async def hold(conn: Connection, integration_id: str) -> bool:
    """Let orders of an account be placed one after the other; False where there is no access."""
    return await conn.fetchrow(HOLD, integration_id) is not None


PAGE = """
select * from assessment_partners where $1::text is null or integration_id = $1
 order by integration_id
"""


async def every(conn: Connection, integration_id: str | None = None) -> list[Partner]:
    return [_found(row) for row in await conn.fetch(PAGE, integration_id)]


DELETE = "delete from assessment_partners where integration_id = $1 returning integration_id"


async def delete(conn: Connection, integration_id: str) -> bool:
    return await conn.fetchval(DELETE, integration_id) is not None


FORGET = """
update assessment_partners set previous_hash = null, previous_key = null, previous_until = null
 where previous_until < now()
"""


async def forget_previous(conn: Connection) -> None:
    """Drop the keys that are no longer valid."""
    await conn.execute(FORGET)

"""API keys: shown once, found by hash, gone when revoked or expired."""

import re
from datetime import UTC, datetime, timedelta

from asyncpg import Connection

from hireloom.store import keys


async def test_a_new_key_is_found_by_its_secret(conn: Connection) -> None:
    new = await keys.create(conn, "backend", ["read", "write"])

    found = await keys.find(conn, new.secret)

    assert found == new.api_key
    assert (found.name, found.scopes) == ("backend", ["read", "write"])
    assert re.fullmatch(r"hl_[0-9A-Za-z]{43}", new.secret)
    assert found.prefix == new.secret[:9]


async def test_the_secret_is_kept_nowhere(conn: Connection) -> None:
    new = await keys.create(conn, "backend", ["read"])

    kept = await conn.fetchval("select api_keys::text from api_keys")

    assert new.secret not in kept
    assert new.secret[12:] not in kept
    assert new.secret not in repr(new)


async def test_an_unknown_key_is_not_found(conn: Connection) -> None:
    new = await keys.create(conn, "backend", ["read"])

    assert await keys.find(conn, new.secret[:-1] + "~") is None
    assert await keys.find(conn, "") is None


async def test_a_revoked_key_is_not_found_and_stays_listed(conn: Connection) -> None:
    new = await keys.create(conn, "backend", ["read"])

    assert await keys.revoke(conn, new.api_key.id)

    assert await keys.find(conn, new.secret) is None
    assert (await keys.every(conn))[0].revoked_at is not None
    assert not await keys.revoke(conn, new.api_key.id)
    assert not await keys.any_in_force(conn)


async def test_an_expired_key_is_not_found(conn: Connection) -> None:
    now = datetime.now(UTC)
    expired = await keys.create(conn, "old", ["read"], now - timedelta(seconds=1))
    assert not await keys.any_in_force(conn)
    lasting = await keys.create(conn, "new", ["read"], now + timedelta(hours=1))

    assert await keys.find(conn, expired.secret) is None
    assert await keys.find(conn, lasting.secret) == lasting.api_key
    assert await keys.any_in_force(conn)


async def test_use_is_noted_once_a_minute(conn: Connection) -> None:
    new = await keys.create(conn, "backend", ["read"])

    await keys.touch(conn, [new.api_key.id])
    first = (await keys.every(conn))[0].last_used_at
    await keys.touch(conn, [new.api_key.id])
    second = (await keys.every(conn))[0].last_used_at
    await conn.execute("update api_keys set last_used_at = now() - interval '2 minutes'")
    await keys.touch(conn, [new.api_key.id])
    third = (await keys.every(conn))[0].last_used_at

    assert first is not None
    assert third is not None
    assert first == second
    assert third > first

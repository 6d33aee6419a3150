"""OAuth clients: one per vendor, the secret sealed."""

import asyncpg
import pytest

from hireloom.store import oauth_clients
from hireloom.store.seal import SealBrokenError, new_key


async def test_another_client_takes_the_place_of_the_one_before(conn: asyncpg.Connection) -> None:
    key = new_key()
    await oauth_clients.put(conn, key, "lever", "first", "secret")

    await oauth_clients.put(conn, key, "lever", "second", "other")

    assert await oauth_clients.get(conn, key, "lever") == ("second", "other")
    assert [one.client_id for one in await oauth_clients.every(conn)] == ["second"]
    assert await oauth_clients.delete(conn, "lever")
    assert await oauth_clients.get(conn, key, "lever") is None
    assert not await oauth_clients.delete(conn, "lever")


async def test_a_secret_opens_for_its_own_vendor_only(conn: asyncpg.Connection) -> None:
    key = new_key()
    await oauth_clients.put(conn, key, "lever", "id", "secret")

    await conn.execute("update oauth_clients set connector = 'other'")

    with pytest.raises(SealBrokenError):
        await oauth_clients.get(conn, key, "other")

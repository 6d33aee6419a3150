"""Master keys in the database: a wrong one is found at start."""

import pytest
from asyncpg import Connection

from hireloom.errors import IntegrationNotFoundError
from hireloom.store import masters
from hireloom.store.problems import MasterKeyError
from hireloom.store.seal import OURS, Key, Vault, new_key


def vault_of(*keys: Key) -> Vault:
    return Vault(lambda: keys)


async def test_the_right_key_checks_in_again_and_again(conn: Connection) -> None:
    vault = vault_of(new_key())

    await masters.check_in(conn, vault)
    await masters.check_in(conn, vault)

    assert await conn.fetchval("select count(*) from master_keys") == 1


async def test_a_wrong_master_key_is_found_at_start(conn: Connection) -> None:
    await masters.check_in(conn, vault_of(new_key()))

    with pytest.raises(MasterKeyError, match="not the one"):
        await masters.check_in(conn, vault_of(new_key()))

    assert await conn.fetchval("select count(*) from master_keys") == 1


async def test_a_check_value_that_was_exchanged_is_found(conn: Connection) -> None:
    vault = vault_of(new_key())
    await masters.check_in(conn, vault)
    await conn.execute("update master_keys set check_value = $1", new_key().seal("", "x", b"y"))

    with pytest.raises(MasterKeyError):
        await masters.check_in(conn, vault)


async def test_both_keys_of_a_rotation_check_in(conn: Connection) -> None:
    old, new = new_key(), new_key()
    await masters.check_in(conn, vault_of(old))

    await masters.check_in(conn, vault_of(new, old))

    with pytest.raises(MasterKeyError):  # the new one alone opens nothing yet
        await masters.check_in(conn, vault_of(new))


async def test_an_integration_has_one_data_key(conn: Connection, vault: Vault) -> None:
    first = await masters.put(conn, vault, "int_1")
    second = await masters.put(conn, vault, "int_1")

    assert first.id == second.id
    assert (await masters.data_key(conn, vault, "int_1")).id == first.id


async def test_an_unknown_integration_has_no_data_key(conn: Connection, vault: Vault) -> None:
    with pytest.raises(IntegrationNotFoundError):
        await masters.data_key(conn, vault, "int_1")


async def test_the_installation_has_a_key_of_its_own(conn: Connection, vault: Vault) -> None:
    first = await masters.own_key(conn, vault)

    assert (await masters.own_key(conn, vault)).id == first.id
    assert await conn.fetchval("select integration_id from integration_keys") == OURS


async def test_a_retired_key_wraps_nothing_new(conn: Connection, vault: Vault) -> None:
    await conn.execute("update master_keys set retired_at = now()")

    with pytest.raises(MasterKeyError, match="retired"):
        await masters.put(conn, vault, "int_1")

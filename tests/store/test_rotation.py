"""Rotation of the master key, with other processes at work all the time."""

import asyncio

import asyncpg
import pytest
from msgspec.structs import replace

from hireloom.settings import Settings
from hireloom.store import credentials, integrations, keyfile, masters, rotation
from hireloom.store.integrations import NewIntegration
from hireloom.store.problems import MasterKeyError
from hireloom.store.seal import Key, Vault, new_key

NEW = NewIntegration(
    connector="harbor", category="ats", origin_org_id="org_1", origin_org_name="Initech"
)


async def test_a_rotation_goes_through_while_another_process_seals_and_opens(
    pool: asyncpg.Pool, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 3)
    other = keyfile.open_vault(settings)  # what a second process on this HOME holds
    old = other.master
    made: list[str] = []
    async with pool.acquire() as conn:
        await masters.check_in(conn, other)
        made += [(await integrations.create(conn, other, NEW, b"s3cret")).id for _ in range(20)]
    ended = asyncio.Event()

    async def work() -> int:
        rounds = 0
        async with pool.acquire() as conn:
            while not ended.is_set() or rounds < 5:
                opened = await credentials.opened(conn, other, made[rounds % len(made)])
                assert opened.credentials == b"s3cret"
                made.append((await integrations.create(conn, other, NEW, b"s3cret")).id)
                rounds += 1
        return rounds

    async def rotate() -> int:
        async with pool.acquire() as conn:
            count = await rotation.rotate_installation(conn, settings)
        ended.set()
        return count

    rounds, count = await asyncio.gather(work(), rotate())

    assert rounds >= 5
    assert count >= 20
    after = keyfile.open_vault(settings)
    assert len(after.masters) == 1
    assert after.master.id != old.id
    async with pool.acquire() as conn:
        await masters.check_in(conn, after)
        for integration_id in made:
            opened = await credentials.opened(conn, after, integration_id)
            assert opened.credentials == b"s3cret"
        left = "select count(*) from integration_keys where master_key_id = $1"
        assert await conn.fetchval(left, old.id) == 0


async def test_a_transaction_under_way_leaves_nothing_under_the_old_key(
    pool: asyncpg.Pool, vault: Vault
) -> None:
    old, new = vault.master, new_key()
    async with pool.acquire() as first, pool.acquire() as second:
        async with first.transaction():
            await masters.put(first, vault, "int_late")
            rotating = asyncio.create_task(rotation.rotate(second, old, new))
            await asyncio.sleep(0.1)
            assert not rotating.done()

        assert await rotating == 1
        both = Vault(lambda: (new,))
        assert (await masters.data_key(second, both, "int_late")).id


async def test_a_process_that_holds_both_keys_opens_all_of_it_at_any_moment(
    conn: asyncpg.Connection, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = vault.master, new_key()
    for number in range(5):
        await masters.put(conn, vault, f"int_{number}")
    await masters.introduce(conn, new)
    monkeypatch.setattr(rotation, "BATCH", 2)

    await rotation.rewrap(conn, old, new)  # and then the power went

    holds_both = Vault(lambda: (new, old))
    for number in range(5):
        assert (await masters.data_key(conn, holds_both, f"int_{number}")).id
    assert await rotation.rotate_all(conn, holds_both) == 3
    assert await rotation.rotate_all(conn, holds_both) == 0


async def test_with_keys_from_the_environment_both_are_needed(
    conn: asyncpg.Connection, settings: Settings
) -> None:
    old, new = bytes(32), bytes(range(32))
    before = replace(settings, master_keys=(old,))
    vault = keyfile.open_vault(before)
    await masters.check_in(conn, vault)
    kept = await masters.put(conn, vault, "int_1")

    with pytest.raises(MasterKeyError, match="one key only"):
        await rotation.rotate_installation(conn, before)
    during = replace(settings, master_keys=(new, old))

    assert await rotation.rotate_installation(conn, during) == 1
    after = Vault(lambda: (Key(new),))
    await masters.check_in(conn, after)
    assert (await masters.data_key(conn, after, "int_1")).id == kept.id


async def test_a_wrong_key_file_is_not_rotated(
    conn: asyncpg.Connection, settings: Settings, vault: Vault
) -> None:
    keyfile.write(settings.home / "master.key", bytes(32), replace=True)

    with pytest.raises(MasterKeyError):
        await rotation.rotate_installation(conn, settings)

    assert not (settings.home / "master.key.previous").exists()
    assert keyfile.held(settings.home)[0].id == Key(bytes(32)).id

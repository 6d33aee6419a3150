"""Credentials: sealed to their row, versioned, refreshed by one at a time."""

import asyncio

import asyncpg
import pytest

from hireloom.errors import ConflictError, IntegrationNotFoundError
from hireloom.store import credentials, integrations
from hireloom.store.integrations import NewIntegration
from hireloom.store.seal import SealBrokenError, Vault

NEW = NewIntegration(
    connector="harbor", category="ats", origin_org_id="org_1", origin_org_name="Initech"
)


async def test_credentials_come_back_with_their_integration(
    conn: asyncpg.Connection, vault: Vault
) -> None:
    created = await integrations.create(conn, vault, NEW, b"first")

    opened = await credentials.opened(conn, vault, created.id)

    assert opened.credentials == b"first"
    assert opened.integration == created
    assert "first" not in repr(opened)


async def test_saved_credentials_have_the_next_version(
    conn: asyncpg.Connection, vault: Vault
) -> None:
    created = await integrations.create(conn, vault, NEW, b"first")
    await integrations.set_state(conn, created.id, "credentials_invalid")
    opened = await credentials.opened(conn, vault, created.id)

    version = await credentials.save(conn, vault, opened.data_key, created.id, b"second", version=1)

    again = await credentials.opened(conn, vault, created.id)
    assert again.credentials == b"second"
    assert again.integration.credentials_version == version == 2
    assert again.integration.state == "active"


async def test_whoever_read_an_older_version_does_not_overwrite_the_newer(
    conn: asyncpg.Connection, vault: Vault
) -> None:
    created = await integrations.create(conn, vault, NEW, b"first")
    opened = await credentials.opened(conn, vault, created.id)
    key = opened.data_key
    await credentials.save(conn, vault, key, created.id, b"second", version=1)

    with pytest.raises(ConflictError):
        await credentials.save(conn, vault, key, created.id, b"late", version=1)

    assert (await credentials.opened(conn, vault, created.id)).credentials == b"second"


async def test_saving_does_not_wake_a_deactivated_integration(
    conn: asyncpg.Connection, vault: Vault
) -> None:
    created = await integrations.create(conn, vault, NEW, b"first")
    await integrations.set_state(conn, created.id, "deactivated")
    key = (await credentials.opened(conn, vault, created.id)).data_key

    await credentials.save(conn, vault, key, created.id, b"second", version=1)

    assert (await integrations.get(conn, created.id)).state == "deactivated"


async def test_credentials_moved_to_another_integration_do_not_open(
    conn: asyncpg.Connection, vault: Vault
) -> None:
    mine = await integrations.create(conn, vault, NEW, b"mine")
    yours = await integrations.create(conn, vault, NEW, b"yours")
    await conn.execute(
        """
        update integrations set credentials = other.credentials from integrations as other
         where integrations.id = $1 and other.id = $2
        """,
        yours.id,
        mine.id,
    )
    with pytest.raises(SealBrokenError):
        await credentials.opened(conn, vault, yours.id)

    await conn.execute(
        """
        update integration_keys set wrapped = other.wrapped from integration_keys as other
         where integration_keys.integration_id = $1 and other.integration_id = $2
        """,
        yours.id,
        mine.id,
    )
    with pytest.raises(SealBrokenError):
        await credentials.opened(conn, vault, yours.id)


async def test_an_unknown_integration_has_none(conn: asyncpg.Connection, vault: Vault) -> None:
    with pytest.raises(IntegrationNotFoundError):
        await credentials.opened(conn, vault, "int_none")


async def test_credentials_are_refreshed_by_one_at_a_time(pool: asyncpg.Pool, vault: Vault) -> None:
    async with pool.acquire() as conn:
        created = await integrations.create(conn, vault, NEW, b"expired")
    refreshed = 0

    async def refresh() -> bytes:
        nonlocal refreshed
        async with pool.acquire() as conn, credentials.locked(conn, created.id):
            opened = await credentials.opened(conn, vault, created.id)
            if opened.credentials != b"expired":
                return opened.credentials
            refreshed += 1
            await asyncio.sleep(0.05)  # the vendor takes its time
            await credentials.save(
                conn, vault, opened.data_key, created.id, b"fresh",
                version=opened.integration.credentials_version,
            )  # fmt: skip
            return b"fresh"

    answers = await asyncio.gather(*[refresh() for _ in range(8)])

    assert answers == [b"fresh"] * 8
    assert refreshed == 1


async def test_a_refresh_does_not_hold_up_another_integration_or_other_changes(
    pool: asyncpg.Pool, vault: Vault
) -> None:
    async with pool.acquire() as conn:
        mine = await integrations.create(conn, vault, NEW, b"")
        yours = await integrations.create(conn, vault, NEW, b"")

    async with (
        pool.acquire() as first,
        pool.acquire() as second,
        credentials.locked(first, mine.id),
        asyncio.timeout(60),
    ):
        await integrations.update(second, mine.id, verified=True)
        async with credentials.locked(second, yours.id):
            await credentials.opened(second, vault, yours.id)

"""Captures in the database: sealed, bounded, and gone when their time is over."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from hireloom.errors import IntegrationNotFoundError, ResourceNotFoundError
from hireloom.store import captures, credentials, integrations, masters
from hireloom.store.captures import Capture, Captured
from hireloom.store.integrations import NewIntegration
from hireloom.store.seal import SealBrokenError, Vault

LENGTH = timedelta(minutes=15)
LATELY = timedelta(seconds=5)


async def account(conn: asyncpg.Connection, vault: Vault) -> str:
    new = NewIntegration(
        connector="ashby", category="ats", origin_org_id="o", origin_org_name="Example & Sons"
    )
    return (await integrations.create(conn, vault, new, b"{}")).id


def call(content: bytes = b"{}", execution_id: str = "ex_1") -> Captured:
    return Captured(
        at=datetime.now(UTC),
        direction="out",
        execution_id=execution_id,
        operation="/people",
        method="GET",
        status=200,
        code=None,
        content=content,
    )


async def keep(
    conn: asyncpg.Connection, vault: Vault, integration: str, capture: Capture, *calls: Captured
) -> None:
    key = await masters.data_key(conn, vault, integration)
    async with conn.transaction():
        await captures.add(conn, key, integration, capture.id, calls, left_out=0, lately=LATELY)


async def kept(conn: asyncpg.Connection, vault: Vault, integration: str) -> list[bytes]:
    key = await masters.data_key(conn, vault, integration)
    return [one.content for one in await captures.page(conn, key, integration)]


async def test_what_is_kept_lies_sealed_and_opens_in_its_place_alone(
    conn: asyncpg.Connection, vault: Vault
) -> None:
    integration = await account(conn, vault)
    capture = await captures.start(conn, integration, "a test", LENGTH)
    await keep(conn, vault, integration, capture, call(b"first"), call(b"second"))

    assert await kept(conn, vault, integration) == [b"second", b"first"]
    assert b"first" not in (await conn.fetchval("select sealed from captured order by number"))

    await conn.execute(
        "update captured set sealed = (select sealed from captured order by number limit 1)"
    )
    with pytest.raises(SealBrokenError):
        await kept(conn, vault, integration)


async def test_an_account_that_is_opened_says_that_a_capture_is_on(
    conn: asyncpg.Connection, vault: Vault
) -> None:
    integration = await account(conn, vault)
    before = await credentials.opened(conn, vault, integration)

    capture = await captures.start(conn, integration, "a test", LENGTH)
    on = await credentials.opened(conn, vault, integration)
    await captures.stop(conn, integration)
    after = await credentials.opened(conn, vault, integration)

    assert (before.capture_id, on.capture_id, after.capture_id) == (None, capture.id, None)
    assert 14 * 60 < on.capture_seconds <= 15 * 60


async def test_another_capture_takes_the_place_of_the_one_before(
    conn: asyncpg.Connection, vault: Vault
) -> None:
    integration = await account(conn, vault)
    first = await captures.start(conn, integration, "a test", LENGTH)
    second = await captures.start(conn, integration, "a test", LENGTH)

    opened = await credentials.opened(conn, vault, integration)

    assert first.id != second.id
    assert opened.capture_id == second.id


async def test_a_capture_has_room_for_so_many_calls(conn: asyncpg.Connection, vault: Vault) -> None:
    integration = await account(conn, vault)
    capture = await captures.start(conn, integration, "a test", LENGTH)

    await keep(conn, vault, integration, capture, *[call() for _ in range(captures.MOST - 1)])
    await keep(conn, vault, integration, capture, call(), call(), call())

    found = await captures.latest(conn, integration)
    assert found is not None
    assert (found.kept, found.left_out) == (captures.MOST, 2)


async def test_a_capture_has_room_for_so_many_bytes(conn: asyncpg.Connection, vault: Vault) -> None:
    integration = await account(conn, vault)
    capture = await captures.start(conn, integration, "a test", LENGTH)
    large = call(b"x" * (captures.MOST_BYTES // 2))

    await keep(conn, vault, integration, capture, large)
    await keep(conn, vault, integration, capture, call(large.content))

    found = await captures.latest(conn, integration)
    assert found is not None
    assert (found.kept, found.left_out) == (1, 1)


async def test_a_capture_that_ended_takes_no_more(conn: asyncpg.Connection, vault: Vault) -> None:
    integration = await account(conn, vault)
    capture = await captures.start(conn, integration, "a test", LENGTH)
    await conn.execute("update captures set ends_at = now() - interval '1 minute'")

    await keep(conn, vault, integration, capture, call())

    assert await kept(conn, vault, integration) == []


async def test_what_is_past_its_time_is_not_read_though_nobody_tidied(
    conn: asyncpg.Connection, vault: Vault
) -> None:
    integration = await account(conn, vault)
    key = await masters.data_key(conn, vault, integration)
    capture = await captures.start(conn, integration, "a test", LENGTH)
    await keep(conn, vault, integration, capture, call())
    [one] = await captures.page(conn, key, integration)
    await conn.execute("update captures set erased_at = now() - interval '1 second'")

    assert await kept(conn, vault, integration) == []
    assert await captures.listing(conn, integration) == []
    assert await captures.of_execution(conn, "ex_1") == []
    assert await captures.latest(conn, integration) is None
    with pytest.raises(ResourceNotFoundError):
        await captures.get(conn, key, integration, one.id)
    await keep(conn, vault, integration, capture, call())
    assert await conn.fetchval("select count(*) from captured") == 1

    await captures.tidy(conn)

    assert await conn.fetchval("select count(*) from captured") == 0
    assert await conn.fetchval("select count(*) from captures") == 0


async def test_it_is_kept_for_a_day_and_no_longer(conn: asyncpg.Connection, vault: Vault) -> None:
    integration = await account(conn, vault)

    capture = await captures.start(conn, integration, "a test", timedelta(days=30))

    assert capture.erased_at - capture.started_at == timedelta(hours=24)
    assert capture.ends_at == capture.erased_at


async def test_erasing_takes_what_an_account_captured_and_no_other_s(
    conn: asyncpg.Connection, vault: Vault
) -> None:
    one, other = await account(conn, vault), await account(conn, vault)
    for integration in (one, other):
        capture = await captures.start(conn, integration, "a test", LENGTH)
        await keep(conn, vault, integration, capture, call(integration.encode()))

    await captures.erase(conn, one)

    assert await kept(conn, vault, one) == []
    assert await kept(conn, vault, other) == [other.encode()]
    key = await masters.data_key(conn, vault, other)
    [found] = await captures.page(conn, key, other)
    with pytest.raises(ResourceNotFoundError):
        await captures.get(conn, await masters.data_key(conn, vault, one), one, found.id)


async def test_deleting_an_integration_deletes_what_was_captured(
    conn: asyncpg.Connection, vault: Vault
) -> None:
    integration = await account(conn, vault)
    capture = await captures.start(conn, integration, "a test", LENGTH)
    await keep(conn, vault, integration, capture, call())

    async with conn.transaction():
        await integrations.delete(conn, vault, integration, "a test")

    assert await conn.fetchval("select count(*) from captured") == 0
    assert await conn.fetchval("select count(*) from captures") == 0
    with pytest.raises(IntegrationNotFoundError):
        await masters.data_key(conn, vault, integration)

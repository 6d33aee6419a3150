"""What is captured waits in memory for a moment, bounded, and then lies in outline."""

import asyncio

import asyncpg
import msgspec
import pytest

from hireloom.kit.message import Request
from hireloom.kit.ports import Exchange
from hireloom.recorder import MOST_BYTES, MOST_WAITING, Recorder
from hireloom.store import captures, credentials, integrations
from hireloom.store.captures import Capture
from hireloom.store.credentials import Opened
from hireloom.store.integrations import NewIntegration
from hireloom.store.seal import Vault
from tests.outage import until
from tests.store.test_captures import LENGTH


def exchange(integration: str, body: bytes = b"{}") -> Exchange:
    return Exchange(
        integration_id=integration,
        direction="out",
        execution_id="ex_1",
        operation="/people",
        request=Request("GET", "https://api.harbor.example/people", template="/people"),
        status=200,
        headers={"content-type": "application/json"},
        body=body,
        code=None,
    )


@pytest.fixture
async def opened(conn: asyncpg.Connection, vault: Vault) -> Opened:
    """An account with a capture on."""
    new = NewIntegration(
        connector="ashby", category="ats", origin_org_id="o", origin_org_name="Example & Sons"
    )
    made = await integrations.create(conn, vault, new, b"{}")
    await captures.start(conn, made.id, "a test", LENGTH)
    return await credentials.opened(conn, vault, made.id)


@pytest.fixture
def recorder(pool: asyncpg.Pool) -> Recorder:
    return Recorder(pool)


async def latest(conn: asyncpg.Connection, opened: Opened) -> Capture:
    found = await captures.latest(conn, opened.integration.id)
    assert found is not None
    return found


async def test_only_an_account_with_a_capture_is_looked_at(
    recorder: Recorder, opened: Opened
) -> None:
    integration = opened.integration.id
    before = recorder.wants(integration)

    recorder.heed(opened)
    on = recorder.wants(integration)
    recorder.heed(msgspec.structs.replace(opened, capture_id=None, capture_seconds=0.0))

    assert (before, on, recorder.wants(integration)) == (False, True, False)
    assert not recorder.wants("int_other")


async def test_a_capture_is_over_at_its_time_though_nobody_says_so(
    recorder: Recorder, opened: Opened
) -> None:
    recorder.heed(msgspec.structs.replace(opened, capture_seconds=0.0))

    assert not recorder.wants(opened.integration.id)


async def test_what_waited_when_a_capture_ended_is_written_all_the_same(
    conn: asyncpg.Connection, recorder: Recorder, opened: Opened
) -> None:
    recorder.heed(opened)
    recorder.saw(exchange(opened.integration.id))
    recorder.heed(msgspec.structs.replace(opened, capture_id=None, capture_seconds=0.0))

    await recorder.flush()

    assert (await latest(conn, opened)).kept == 1


async def test_no_more_than_so_many_calls_wait_and_the_others_are_counted(
    conn: asyncpg.Connection, recorder: Recorder, opened: Opened
) -> None:
    recorder.heed(opened)
    for _ in range(MOST_WAITING + 3):
        recorder.saw(exchange(opened.integration.id))

    await recorder.flush()

    found = await latest(conn, opened)
    assert (found.kept, found.left_out) == (MOST_WAITING, 3)


async def test_no_more_than_so_many_bytes_wait(
    conn: asyncpg.Connection, recorder: Recorder, opened: Opened
) -> None:
    recorder.heed(opened)
    recorder.saw(exchange(opened.integration.id, b"x" * (MOST_BYTES - 10)))
    recorder.saw(exchange(opened.integration.id, b"x" * 11))
    recorder.saw(exchange(opened.integration.id))

    await recorder.flush()

    found = await latest(conn, opened)
    assert (found.kept, found.left_out) == (2, 1)


async def test_calls_that_could_not_be_written_are_counted_as_left_out(
    conn: asyncpg.Connection, recorder: Recorder, opened: Opened
) -> None:
    recorder.heed(opened)
    recorder.saw(exchange(opened.integration.id))
    await conn.execute("alter table captured rename to captured_elsewhere")
    await recorder.flush()
    await conn.execute("alter table captured_elsewhere rename to captured")

    recorder.saw(exchange(opened.integration.id))
    await recorder.flush()

    found = await latest(conn, opened)
    assert (found.kept, found.left_out) == (1, 1)


async def test_of_an_account_that_is_gone_nothing_is_written(
    conn: asyncpg.Connection, vault: Vault, recorder: Recorder, opened: Opened
) -> None:
    recorder.heed(opened)
    recorder.saw(exchange(opened.integration.id))
    async with conn.transaction():
        await integrations.delete(conn, vault, opened.integration.id, "a test")

    await recorder.flush()

    assert await conn.fetchval("select count(*) from captured") == 0
    recorder.forget(opened.integration.id)
    assert not recorder.wants(opened.integration.id)


async def test_who_writes_waits_for_what_a_turn_before_has_in_hand(
    recorder: Recorder, conn: asyncpg.Connection, opened: Opened
) -> None:
    recorder.heed(opened)
    recorder.saw(exchange(opened.integration.id))
    (capture,) = recorder._captures.values()

    async with conn.transaction():
        await conn.execute("lock table captured in access exclusive mode")
        turn = asyncio.create_task(recorder.flush())
        await until(lambda: not capture.waiting)
        mine = asyncio.create_task(recorder.flush())
        for _ in range(10):
            await asyncio.sleep(0)
        returned = mine.done()
    await mine

    assert not returned
    assert await conn.fetchval("select count(*) from captured") == 1
    await turn

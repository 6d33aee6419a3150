"""The letterbox: sealed, counted, in order; and its job appears with its letters."""

from datetime import timedelta

import asyncpg
import pytest

from hireloom.store import masters, outbox, queue, webhooks
from hireloom.store.outbox import Event
from hireloom.store.seal import Key, SealBrokenError, Vault, new_key
from hireloom.store.webhooks import NewWebhook, Target

DATA_KEY = new_key()


@pytest.fixture
async def own_key(conn: asyncpg.Connection, vault: Vault) -> Key:
    return await masters.own_key(conn, vault)


def event(number: int, **more: str) -> Event:
    given = {"event_type": "record.new", "data_type": "ats_jobs", "run_id": "run_1"} | more
    return Event(
        event_id=f"evt_{number}", integration_id="int_1", body=b"planted %d" % number, **given
    )


async def targets(conn: asyncpg.Connection, own_key: Key, *wanted: list[str]) -> list[Target]:
    for events in wanted:
        new = NewWebhook(url="https://hooks.example.com", events=events)
        await webhooks.create(conn, own_key, new)
    return await webhooks.wanting(conn, "int_1", None, None)


async def test_an_event_lies_there_once_for_each_webhook_that_wants_it(
    conn: asyncpg.Connection, own_key: Key
) -> None:
    to = await targets(conn, own_key, [], ["record.new"], ["record.deleted"])

    count = await outbox.put(conn, DATA_KEY, [event(1), event(2)], to)

    assert count == 4
    everything, new_ones, _ = sorted(to, key=lambda one: sorted(one.events, reverse=True))[:3]
    counts = {
        row["webhook_id"]: row["emitted"]
        for row in await conn.fetch("select webhook_id, emitted from sync_receipts")
    }
    jobs = await conn.fetch("select payload from pgqueuer where entrypoint = 'deliver'")
    named = {queue.read_payload(row["payload"]) for row in jobs}
    assert sorted(counts.values()) == [2, 2]
    assert named == {("-", webhook) for webhook in counts}
    assert everything.id in counts
    assert new_ones.id != everything.id


async def test_a_letter_opens_for_its_event_and_account_only(
    conn: asyncpg.Connection, own_key: Key
) -> None:
    (target,) = await targets(conn, own_key, [])
    await outbox.put(conn, DATA_KEY, [event(1), event(2)], [target])
    assert b"planted" not in b"".join(
        row["sealed"] for row in await conn.fetch("select sealed from outbox")
    )

    await conn.execute("update outbox set event_id = 'evt_2'")
    first, second = (await outbox.fresh(conn, target.id, 0, 10)).letters

    assert second.open(DATA_KEY) == b"planted 2"
    with pytest.raises(SealBrokenError):
        first.open(DATA_KEY)
    with pytest.raises(SealBrokenError):
        second.open(new_key())


async def test_nothing_is_there_when_the_transaction_did_not_commit(
    conn: asyncpg.Connection, own_key: Key
) -> None:
    to = await targets(conn, own_key, [])

    transaction = conn.transaction()
    await transaction.start()
    await outbox.put(conn, DATA_KEY, [event(1)], to)
    await transaction.rollback()

    for table in ("outbox", "sync_receipts", "pgqueuer"):
        assert await conn.fetchval(f"select count(*) from {table}") == 0  # noqa: S608 – our own names


async def test_the_end_of_a_run_is_not_counted_among_its_events(
    conn: asyncpg.Connection, own_key: Key
) -> None:
    to = await targets(conn, own_key, [])

    await outbox.put(conn, DATA_KEY, [event(1, event_type="sync.events.allConsumed")], to)

    assert await conn.fetchval("select count(*) from outbox") == 1
    assert await conn.fetchval("select count(*) from sync_receipts") == 0


async def test_nobody_to_send_to_is_no_letter(conn: asyncpg.Connection) -> None:
    assert await outbox.put(conn, DATA_KEY, [event(1)], []) == 0
    assert await conn.fetchval("select count(*) from pgqueuer") == 0


async def test_a_window_is_bounded_in_bytes_and_has_one_letter_at_least(
    conn: asyncpg.Connection, own_key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    (target,) = await targets(conn, own_key, [])
    await outbox.put(conn, DATA_KEY, [event(n) for n in range(10)], [target])
    size = await conn.fetchval("select octet_length(sealed) from outbox limit 1")

    for room, wanted in ((1, 1), (3 * size, 3), (100 * size, 10)):
        monkeypatch.setattr(outbox, "WINDOW_BYTES", room)
        assert len((await outbox.fresh(conn, target.id, 0, 100)).letters) == wanted


async def test_a_job_for_later_waits_once_and_comes_forward(conn: asyncpg.Connection) -> None:
    async def waits() -> list[timedelta]:
        rows = await conn.fetch("select execute_after - now() as it from pgqueuer")
        return [row["it"] for row in rows]

    async with conn.transaction():  # in which it is always the same time
        for seconds, wanted in ((60, 60), (600, 60), (5, 5)):
            await queue.put_by(conn, outbox.job("wh_1", "", timedelta(seconds=seconds)))
            assert await waits() == [timedelta(seconds=wanted)]

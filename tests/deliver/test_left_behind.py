"""A sender under way looks for what is new; what was left behind must not wait for its end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from hireloom.deliver.run import Deliverer
from hireloom.store import deliveries, masters, outbox, webhooks
from hireloom.store.pool import Connection
from tests.deliver.conftest import Post
from tests.outage import until
from tests.receiver import OK, Receiver, Reply

HANGS, FAILS = Reply(hangs=True), Reply(status=500)


@asynccontextmanager
async def under_way(post: Post, receiver: Receiver, webhook: str) -> AsyncIterator[Deliverer]:
    """A turn that lasts, because of an event that is not answered."""
    receiver.answer = lambda arrival: HANGS if "slow" in arrival.body.decode() else OK
    await post.put(post.event("slow"))
    deliverer = post.deliverer()
    working = asyncio.create_task(deliverer.work(webhook))
    await receiver.until(lambda: len(receiver.arrivals) == 1)
    yield deliverer
    receiver.release()
    await working


async def put(conn: Connection, post: Post, *events: outbox.Event) -> None:
    to = await webhooks.wanting(conn, post.integration, None, None)
    key = await masters.data_key(conn, post.vault, post.integration)
    await outbox.put(conn, key, events, to)


async def test_an_event_that_is_committed_after_a_later_one_goes_out_at_once(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url)

    async with under_way(post, receiver, webhook) as deliverer, post.pool.acquire() as conn:
        async with conn.transaction():
            await put(conn, post, post.event("late"))
            await post.put(post.event("early"))
            await deliverer.work(webhook)
            await receiver.until(lambda: "early" in receiver.by_record())
        await deliverer.work(webhook)

        await receiver.until(lambda: "late" in receiver.by_record())
    assert {name: len(events) for name, events in receiver.by_record().items()} == {
        "slow": 1, "early": 1, "late": 1
    }  # fmt: skip


async def test_what_is_replayed_goes_before_what_came_since_of_its_record(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url)

    async with under_way(post, receiver, webhook) as deliverer:
        receiver.script(FAILS)
        await post.put(post.event("rec_1", 0), post.event("rec_1", 1))
        await deliverer.work(webhook)
        await receiver.until(lambda: receiver.by_record().get("rec_1") == [0])
        async with post.pool.acquire() as conn:
            await has_failed(conn)
            await post.put(post.event("other"))
            await deliverer.work(webhook)
            await receiver.until(lambda: "other" in receiver.by_record())
            async with conn.transaction():
                await deliveries.put_again(conn, deliveries.Filter(webhook_id=webhook))
                await put(conn, post, post.event("rec_1", 2))
        await deliverer.work(webhook)

        await receiver.until(lambda: len(receiver.by_record()["rec_1"]) == 4)
    assert receiver.by_record()["rec_1"] == [0, 0, 1, 2]


async def has_failed(conn: Connection) -> None:
    async def found() -> bool:
        return bool(await conn.fetchval("select count(*) from outbox where attempts = 1"))

    await until(found)


@pytest.mark.parametrize("size", [1, 7])
async def test_a_window_of_large_events_is_read_on_where_it_ended(
    post: Post, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(outbox, "WINDOW_BYTES", 5000)
    webhook, _ = await post.webhook(receiver.url, batch_size=size)
    await post.put(*(post.event(f"rec_{n % 10}", [n, "x" * 2000]) for n in range(40)))

    await post.deliverer().work(webhook)

    found = receiver.by_record()
    assert {name: [each[0] for each in data] for name, data in found.items()} == {
        f"rec_{n}": [n, n + 10, n + 20, n + 30] for n in range(10)
    }
    assert await post.waiting() == []

"""The end of a run: told once, to those who ask, when all of it has been acknowledged."""

import asyncio

import pytest

from hireloom.deliver.consumed import tell_consumed
from hireloom.store import receipts
from tests.deliver.conftest import Post
from tests.receiver import Receiver, Reply

CONSUMED = "sync.events.allConsumed"


async def tell(post: Post, run: str) -> int:
    async with post.pool.acquire() as conn, conn.transaction():
        return await tell_consumed(conn, post.vault, post.integration, run)


def told(receiver: Receiver) -> list[dict[str, object]]:
    return [event for event in receiver.events if event["eventType"] == CONSUMED]


async def test_the_last_acknowledgement_after_the_end_tells_it_once(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    run = await post.run()
    await post.put(*(post.event(f"rec_{n}", run_id=run) for n in range(5)))
    await post.finish(run)
    assert await tell(post, run) == 0

    await post.deliverer().work(webhook)
    await post.deliverer().work(webhook)

    assert await tell(post, run) == 0
    (event,) = told(receiver)
    assert (event["syncRunId"], event["integrationId"]) == (run, post.integration)
    assert event["eventData"]["consumed"] == 5  # type: ignore[index]
    assert (event["appId"], event["syncDataType"]) == ("lever", "ats_applications")


async def test_the_end_after_the_last_acknowledgement_tells_it_once(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    run = await post.run()
    await post.put(post.event("rec_1", run_id=run))
    await post.deliverer().work(webhook)
    assert await tell(post, run) == 0

    await post.finish(run)
    assert await tell(post, run) == 1
    assert await tell(post, run) == 0
    await post.deliverer().work(webhook)

    assert len(told(receiver)) == 1


@pytest.mark.parametrize("_", range(5))
async def test_the_end_and_the_last_acknowledgement_at_once_tell_it_once(
    post: Post, receiver: Receiver, _: int
) -> None:
    webhook, _secret = await post.webhook(receiver.url)
    run = await post.run()
    await post.put(post.event("rec_1", run_id=run))
    deliverer = post.deliverer()

    async with post.pool.acquire() as conn, conn.transaction():
        await post.finish(run, conn)
        working = asyncio.create_task(deliverer.work(webhook))
        await receiver.until(lambda: len(receiver.arrivals) == 1)
        await tell_consumed(conn, post.vault, post.integration, run)
    await working
    await deliverer.work(webhook)

    assert len(told(receiver)) == 1


async def test_the_end_waits_for_an_acknowledgement_that_is_being_written(post: Post) -> None:
    webhook, _ = await post.webhook("http://127.0.0.1:1/")
    run = await post.run()
    await post.put(post.event("rec_1", run_id=run))

    async with post.pool.acquire() as writing, post.pool.acquire() as ending:
        writes, ends = writing.transaction(), ending.transaction()
        await writes.start()
        await receipts.consume(writing, {(post.integration, run, webhook): 1})
        seen_first = await tell_consumed(writing, post.vault, post.integration, run)
        await ends.start()
        await post.finish(run, ending)
        telling = asyncio.create_task(tell_consumed(ending, post.vault, post.integration, run))
        async with post.pool.acquire() as looking:
            await post.until_locked_out(looking)
        await writes.commit()
        seen_second = await telling
        await ends.commit()

    assert (seen_first, seen_second) == (0, 1)


async def test_a_run_that_failed_or_goes_on_is_not_told(post: Post, receiver: Receiver) -> None:
    webhook, _ = await post.webhook(receiver.url)
    failed, going_on = await post.run(), await post.run()
    await post.put(*(post.event("rec_1", run_id=run) for run in (failed, going_on)))
    await post.finish(failed, state="failed")

    await post.deliverer().work(webhook)

    assert [await tell(post, run) for run in (failed, going_on)] == [0, 0]
    assert told(receiver) == []


async def test_only_who_acknowledged_all_is_told(post: Post, receiver: Receiver) -> None:
    async with Receiver() as slow:
        quick_webhook, _ = await post.webhook(receiver.url)
        slow_webhook, _ = await post.webhook(slow.url)
        slow.script(Reply(500))
        run = await post.run()
        await post.put(post.event("rec_1", run_id=run))
        await post.finish(run)

        for _ in range(2):
            for webhook in (quick_webhook, slow_webhook):
                await post.deliverer().work(webhook)
        assert (len(told(receiver)), len(told(slow))) == (1, 0)
        await post.time_passes()
        await post.deliverer().work(slow_webhook)
        await post.deliverer().work(slow_webhook)

        assert (len(told(receiver)), len(told(slow))) == (1, 1)


async def test_a_run_without_an_event_for_a_webhook_is_told_at_its_end(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url, events=[CONSUMED])
    run = await post.run()
    await post.finish(run)

    assert [await tell(post, run), await tell(post, run)] == [1, 0]
    await post.deliverer().work(webhook)

    assert told(receiver)[0]["eventData"]["consumed"] == 0  # type: ignore[index]


async def test_who_does_not_subscribe_is_not_told(post: Post, receiver: Receiver) -> None:
    webhook, _ = await post.webhook(receiver.url, events=["record.modified"])
    run = await post.run()
    await post.put(post.event("rec_1", run_id=run))
    await post.finish(run)

    await post.deliverer().work(webhook)
    await post.deliverer().work(webhook)

    assert [event["eventType"] for event in receiver.events] == ["record.modified"]
    assert await post.waiting() == []

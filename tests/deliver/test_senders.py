"""One sender per webhook, whatever comes at the same time or dies."""

import asyncio
import os
import signal
import sys

import pytest
from asyncpg import Pool

from hireloom.deliver import retries
from hireloom.deliver.run import tidy
from hireloom.store import queue
from hireloom.store.pool import connect_pool
from tests.deliver.conftest import Post
from tests.deliver.failures import FAILS
from tests.receiver import OK, Receiver, Reply


async def test_two_deliverers_send_nothing_twice(
    post: Post, receiver: Receiver, database: str
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    other = await connect_pool(database)
    first, second = post.deliverer(), post.deliverer(other)

    async def putting() -> None:
        for n in range(20):
            await post.put(*(post.event(f"rec_{record}", n) for record in range(20)))
            await asyncio.gather(first.work(webhook), second.work(webhook))

    await asyncio.gather(putting(), *(second.work(webhook) for _ in range(3)))
    await first.work(webhook)
    await other.close()

    assert len(receiver.event_ids) == len(set(receiver.event_ids)) == 400
    assert all(data == list(range(20)) for data in receiver.by_record().values())


async def test_a_job_of_another_process_ends_at_once_and_somebody_comes_later(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    receiver.answer = lambda _: Reply(hangs=True)
    await post.put(post.event("rec_1"))
    working = asyncio.create_task(post.deliverer().work(webhook))
    await receiver.until(lambda: len(receiver.arrivals) == 1)
    await post.pool.execute("delete from pgqueuer")

    async with asyncio.timeout(60):
        await post.deliverer().work(webhook)

    later = await post.jobs()
    receiver.release()
    await working
    assert [seconds > 0 for _, seconds in later] == [True]


async def test_what_comes_while_the_lease_is_released_is_seen(
    post: Post, receiver: Receiver
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    receiver.answer = lambda _: Reply(hangs=True)
    await post.put(post.event("rec_1"))
    first = post.deliverer()
    working = asyncio.create_task(first.work(webhook))
    await receiver.until(lambda: len(receiver.arrivals) == 1)
    first.stop()
    await post.put(post.event("rec_2"))
    await post.deliverer().work(webhook)  # the lease is held
    await post.pool.execute("delete from pgqueuer")

    receiver.release()
    await working

    assert min(seconds for _, seconds in await post.jobs()) <= 0


async def test_a_failed_event_has_a_job_at_its_next_attempt(
    post: Post, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "DELAYS", (10.0,))  # before somebody would look anyway
    webhook, _ = await post.webhook(receiver.url)
    receiver.script(FAILS)
    await post.put(post.event("rec_1"))
    await post.pool.execute("delete from pgqueuer")

    began = await post.clock()
    await post.deliverer().work(webhook)
    took = await post.clock() - began

    (letter,) = await post.waiting()
    (job,) = await post.pool.fetch("select payload, execute_after from pgqueuer")
    assert queue.read_payload(job["payload"])[1] == webhook
    assert letter["next_at"] <= job["execute_after"] <= letter["next_at"] + took


KILLED = """
import asyncio, sys
from datetime import timedelta
from pathlib import Path
from hireloom.deliver.run import Deliverer
from hireloom.settings import Settings
from hireloom.store import keyfile, senders
from hireloom.store.pool import connect_pool

senders.LEASE = timedelta(hours=1)

async def main():
    settings = Settings(
        home=Path(sys.argv[1]), database_url=sys.argv[2], allow_private_webhooks=True
    )
    pool = await connect_pool(sys.argv[2])
    await Deliverer(pool, keyfile.open_vault(settings), settings).work(sys.argv[3])

asyncio.run(main())
"""


async def test_another_sender_goes_on_when_one_is_killed(
    post: Post, receiver: Receiver, database: str
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    receiver.answer = lambda _: Reply(hangs=True)
    await post.put(*(post.event(f"rec_{n}") for n in range(3)))
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, str(post.settings.home), database, webhook, env=os.environ
    )
    await receiver.until(lambda: len(receiver.arrivals) == 3)
    killed.send_signal(signal.SIGKILL)
    await killed.wait()
    seen = set(receiver.event_ids)
    receiver.answer = lambda _: OK

    await post.deliverer().work(webhook)
    assert len(receiver.arrivals) == 3  # its lease is still there
    jobs = await post.jobs()
    await post.pool.execute("update webhooks set lease_until = now()")
    await post.deliverer().work(webhook)

    assert set(receiver.event_ids[3:]) == seen
    assert await post.waiting() == []
    assert any(0 < seconds < 60 for _, seconds in jobs)


async def test_tidying_wakes_whoever_was_forgotten(
    post: Post, receiver: Receiver, pool: Pool
) -> None:
    webhook, _ = await post.webhook(receiver.url)
    await post.put(post.event("rec_1"))
    await pool.execute("delete from pgqueuer")

    await tidy(pool, 30)

    assert [of for of, _ in await post.jobs()] == [webhook]

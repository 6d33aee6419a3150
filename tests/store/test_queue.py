"""Jobs: whoever waits for them hears the first at once, many as few, and never misses the last."""

import itertools
import time
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest
from pgqueuer.domain.settings import db_settings
from pgqueuer.models import Job
from pgqueuer.queries import EntrypointExecutionParameter, Queries
from pgqueuer.types import QueueEntrypoint, QueueManagerId

from hireloom.store import queue
from hireloom.store.pool import connect
from tests.outage import until


@pytest.fixture
async def plain(database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection as the queue has it."""
    conn = await connect(database, plain=True)
    yield conn
    await conn.close()


@pytest.fixture
async def heard(plain: asyncpg.Connection) -> list[float]:
    """When notices of jobs came to a queue manager."""
    times: list[float] = []

    def hear(payload: str | bytes | bytearray) -> None:
        times.append(time.monotonic())

    await queue.Listener(plain).add_listener(db_settings().channel, hear)
    return times


async def test_the_first_job_is_heard_at_once_and_many_as_few_with_the_last_among_them(
    conn: asyncpg.Connection, heard: list[float]
) -> None:
    started = time.monotonic()
    for number in range(150):
        last = time.monotonic()
        await queue.put(conn, [queue.Job("deliver", f"wh_{number}", once=False)])
    await until(lambda: heard[-1] >= last)

    pauses = [later - earlier for earlier, later in itertools.pairwise(heard)]
    assert heard[0] < last
    assert len(heard) <= 2 + (heard[-1] - started) / queue.QUIET
    assert min(pauses, default=1) > queue.QUIET * 0.9


async def test_what_is_not_about_jobs_is_passed_on_as_it_comes(
    plain: asyncpg.Connection, heard: list[float]
) -> None:
    listener = queue.Listener(plain)

    for number in range(20):
        await listener.notify(db_settings().channel, f'{{"type": "health_check_event {number}"}}')

    await until(lambda: len(heard) == 20)


@pytest.mark.parametrize("after", [None, timedelta(milliseconds=20)])
async def test_a_job_that_was_put_for_later_is_told_from_one_for_now(
    conn: asyncpg.Connection, plain: asyncpg.Connection, after: timedelta | None
) -> None:
    await queue.put(conn, [queue.Job("deliver", "wh_1", after=after, once=after is not None)])

    (job,) = await taken(plain)

    assert queue.has_waited(job) is (after is not None)


async def test_a_job_that_was_brought_forward_has_waited(
    conn: asyncpg.Connection, plain: asyncpg.Connection
) -> None:
    await queue.put_by(conn, queue.Job("deliver", "wh_1", after=timedelta(minutes=5)))
    await queue.put_by(conn, queue.Job("deliver", "wh_1", after=timedelta()))

    (job,) = await taken(plain)

    assert queue.has_waited(job)


async def taken(plain: asyncpg.Connection) -> list[Job]:
    """The jobs whose time has come, as a queue manager takes them."""
    queries = Queries(queue.Listener(plain))
    found: list[Job] = []

    async def take() -> bool:
        found.extend(
            await queries.dequeue(
                batch_size=10,
                entrypoints={QueueEntrypoint("deliver"): EntrypointExecutionParameter(0)},
                queue_manager_id=QueueManagerId(uuid.uuid4()),
                global_concurrency_limit=None,
                heartbeat_timeout=timedelta(seconds=30),
            )
        )
        return bool(found)

    await until(take)
    return found

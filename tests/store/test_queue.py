"""Jobs: one that was put for later is told from one for now."""

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest
from pgqueuer.db import AsyncpgDriver
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
    queries = Queries(AsyncpgDriver(plain))
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

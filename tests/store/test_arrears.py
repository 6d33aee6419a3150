"""How far workers are behind: what is due and nobody does."""

from datetime import timedelta

import asyncpg
import msgspec
import pytest

from hireloom.settings import Settings
from hireloom.store import arrears, integrations
from hireloom.store.seal import Vault
from tests.deliver.conftest import ACCOUNT, Post

URL = "https://hooks.example.com/"


@pytest.fixture
async def behind(pool: asyncpg.Pool, vault: Vault, settings: Settings) -> Post:
    """Two events of a record and one of another, an hour old, that nobody delivered."""
    found = Post(pool, vault, msgspec.structs.replace(settings, allow_private_webhooks=True))
    async with pool.acquire() as conn, conn.transaction():
        found.integration = (await integrations.create(conn, vault, ACCOUNT, b"{}")).id
    await found.webhook(URL)
    for record in ("rec_1", "rec_1", "rec_2"):
        await found.put(found.event(record))
    await pool.execute("update outbox set created_at = now() - interval '1 hour'")
    return found


async def oldest_delivery(post: Post) -> float:
    async with post.pool.acquire() as conn:
        return round((await arrears.look(conn)).oldest_delivery / 60)


async def test_where_nothing_is_due_nobody_is_behind(conn: asyncpg.Connection) -> None:
    found = await arrears.look(conn)

    assert found == arrears.Arrears(jobs={}, oldest_delivery=0.0, oldest_run=0.0)


async def test_an_event_is_due_from_the_beginning(behind: Post) -> None:
    assert await oldest_delivery(behind) == 60


async def test_one_that_failed_is_due_when_it_is_tried_again(behind: Post) -> None:
    first = (await behind.waiting())[0]["id"]
    await behind.pool.execute("delete from outbox where record_id = 'rec_2'")
    fails = "update outbox set attempts = 1, next_at = now() + $2::interval where id = $1"

    await behind.pool.execute(fails, first, timedelta(hours=1))
    later = await oldest_delivery(behind)
    await behind.pool.execute(fails, first, timedelta(minutes=-7))

    assert later == 0  # the second of its record waits for it
    assert await oldest_delivery(behind) == 7


@pytest.mark.parametrize(
    "change",
    [
        "update webhooks set state = 'disabled'",
        "update webhooks set paused_until = now() + interval '1 hour'",
    ],
)
async def test_an_endpoint_that_is_not_asked_is_nobodys_arrears(behind: Post, change: str) -> None:
    await behind.pool.execute(change)

    assert await oldest_delivery(behind) == 0


async def test_a_run_that_nobody_begins_is_due(behind: Post) -> None:
    await behind.run()
    await behind.pool.execute(
        "update sync_runs set state = 'queued', created_at = now() - interval '9 minutes'"
    )

    async with behind.pool.acquire() as conn:
        found = await arrears.look(conn)

    assert round(found.oldest_run / 60) == 9


async def test_jobs_count_when_their_time_has_come(behind: Post) -> None:
    async with behind.pool.acquire() as conn:
        before = await arrears.look(conn)
        await conn.execute("update pgqueuer set execute_after = now() + interval '1 hour'")
        after = await arrears.look(conn)

    assert (before.jobs, after.jobs) == ({"deliver": 3}, {})

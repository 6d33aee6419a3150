"""Steps that wait until the database is back."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace

import asyncpg
import pytest
import tenacity
from structlog.testing import capture_logs

from hireloom.store import embedded
from hireloom.store.patience import insist
from hireloom.store.pool import connect_pool
from tests.outage import a_home, kill, until


class Step:
    """A step on the database that counts its tries."""

    def __init__(self, pool: asyncpg.Pool, query: str) -> None:
        self._pool = pool
        self._query = query
        self.tries = 0

    async def __call__(self) -> object:
        self.tries += 1
        found: object = await self._pool.fetchval(self._query)
        return found


@pytest.fixture
async def server() -> AsyncIterator[embedded.Server]:
    with a_home() as home:
        server = embedded.Server(home)
        server.hold()
        yield server
        server.release()


@pytest.fixture
async def pool(server: embedded.Server) -> AsyncIterator[asyncpg.Pool]:
    pool = await connect_pool(embedded.address(server.data, "postgres"))
    yield pool
    await pool.close()


async def test_a_step_is_carried_out_when_the_database_is_back(
    server: embedded.Server, pool: asyncpg.Pool
) -> None:
    kill(server.data.parent)
    await until(lambda: not server.answers())
    step = Step(pool, "select 42")

    with capture_logs() as lines:
        waiting = asyncio.create_task(insist(step, seconds=300))
        await until(lambda: step.tries >= 2)
        await asyncio.to_thread(server.revive)

        assert await waiting == 42
    assert [line["event"] for line in lines] == ["A step waited for the database"]


async def test_a_step_that_breaks_in_the_middle_is_repeated(pool: asyncpg.Pool) -> None:
    step = Step(pool, "select 42 from pg_sleep(case when nextval('tries') = 1 then 60 else 0 end)")
    await pool.execute("create sequence tries")

    waiting = asyncio.create_task(insist(step, seconds=300))
    await until(lambda: cut_off(pool))

    assert await waiting == 42
    assert step.tries == 2


async def cut_off(pool: asyncpg.Pool) -> bool:
    found = await pool.fetch(
        "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'"
    )
    return bool(found)


async def test_what_the_database_is_not_to_blame_for_is_raised_at_once(pool: asyncpg.Pool) -> None:
    step = Step(pool, "select * from missing")

    with pytest.raises(asyncpg.UndefinedTableError):
        await insist(step, seconds=300)

    assert step.tries == 1


async def test_patience_ends(
    server: embedded.Server, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asyncio.to_thread(embedded._stop, server.data)
    step = Step(pool, "select 1")
    # Time passes with the tries, however slow the machine is.
    clock = SimpleNamespace(monotonic=lambda: 100.0 * step.tries)
    monkeypatch.setattr(tenacity, "time", clock)

    async with asyncio.timeout(60):
        with pytest.raises(Exception, match="Nothing listens"):
            await insist(step, seconds=150)

    assert step.tries == 2

"""The database goes away, or is upgraded, under a process that works: it goes on by itself."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from structlog.testing import capture_logs

from hireloom.desk import open_desk
from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from hireloom.store import embedded, pool
from hireloom.store.problems import DatabaseUnavailableError
from tests.outage import a_home, until
from tests.syncing import Syncing, syncing
from tests.truth import Book, differences, truth

LIGHT = ["application_info", "application_stage"]
SIZE = 3000
RESTARTS = 4
REBUILDS = 6

# Plans that were kept for these tables do not hold afterwards.
REBUILD = """
alter table {table} add column if not exists added_{number} text default 'x';
alter table {table} drop column if exists added_{before};
"""
TABLES = (
    "sync_runs", "syncs", "outbox", "fingerprints", "webhooks", "sync_receipts", "integrations",
    "deliveries", "swept_ids", "integration_keys",
)  # fmt: skip


@pytest.fixture
def operators() -> Iterator[embedded.Server]:
    """A server that is not Hireloom's to start again."""
    with a_home() as home:
        server = embedded.Server(home)
        server.hold()
        yield server
        server.release()


@dataclass
class Underway:
    syncing: Syncing
    book: Book
    run_id: str

    async def arrived(self, count: int) -> None:
        await until(lambda: len(self.book.bodies) >= count)

    async def ends_whole(self) -> None:
        await until(lambda: "sync.events.allConsumed" in self.book.ends.get(self.run_id, set()))
        run = await self.syncing.look("sync.run.get", syncRunId=self.run_id)
        assert run["state"] == "COMPLETE"
        assert self.book.wrong == []
        assert differences(self.book.holds(), truth(self.syncing.account)) == {}


@asynccontextmanager
async def under_way(settings: Settings) -> AsyncIterator[Underway]:
    """A first run of a few thousand applications that has just begun."""
    book = Book()
    with Running(size=SIZE, seed=11, limits=False) as sandbox:
        async with syncing(settings, sandbox, "lever") as found:
            found.receiver.answer = book
            run = await found.ask("sync.start", dataType="ats_applications", models=LIGHT)
            yield Underway(found, book, run["syncRunId"])


async def test_a_database_that_restarts_under_syncs_and_deliveries_is_waited_for(
    operators: embedded.Server, tmp_path: Path
) -> None:
    address = embedded.address(operators.data, embedded.DATABASE)
    await pool.make_database(address)

    with capture_logs() as lines:
        async with under_way(Settings(home=tmp_path, database_url=address)) as running:
            for number in range(RESTARTS):
                await running.arrived(1 + number * SIZE // 2 // RESTARTS)
                await asyncio.to_thread(restart, operators)

            await running.ends_whole()

    assert [line for line in lines if line["log_level"] == "error"] == []


def restart(server: embedded.Server) -> None:
    embedded._control(server.data, "stop", "-m", "immediate")
    embedded._start(server.data)


async def test_a_process_that_starts_before_its_database_waits_for_it(
    operators: embedded.Server, tmp_path: Path
) -> None:
    address = embedded.address(operators.data, embedded.DATABASE)
    await pool.make_database(address)
    embedded._control(operators.data, "stop", "-m", "immediate")

    with capture_logs() as lines:
        starting = asyncio.create_task(opened(Settings(home=tmp_path, database_url=address)))
        await until(lambda: "Waiting for the database" in [line["event"] for line in lines])
        embedded._start(operators.data)

        assert await starting == 1
    assert [line["event"] for line in lines] == [
        "Waiting for the database",
        "A step waited for the database",
    ]


async def opened(settings: Settings) -> int:
    async with open_desk(settings, "") as desk:
        found: int = await desk.pool.fetchval("select count(*) from master_keys")
        return found


async def test_a_process_that_starts_does_not_wait_for_what_must_be_corrected(
    database: str, tmp_path: Path
) -> None:
    address = database.replace("//postgres@", "//nobody@")

    with capture_logs() as lines, pytest.raises(DatabaseUnavailableError, match="user or password"):
        await opened(Settings(home=tmp_path, database_url=address))

    assert lines == []


async def test_an_upgrade_of_tables_that_are_in_use_wedges_nothing(settings: Settings) -> None:
    assert settings.database_url is not None
    other = await asyncpg.connect(settings.database_url)

    with capture_logs() as lines:
        async with under_way(settings) as running:
            for number in range(1, 1 + REBUILDS):
                await running.arrived(number * SIZE // 2 // REBUILDS)
                for table in TABLES:
                    await other.execute(
                        REBUILD.format(table=table, number=number, before=number - 1)
                    )

            await running.ends_whole()

    await other.close()
    assert [line for line in lines if line["log_level"] == "error"] == []

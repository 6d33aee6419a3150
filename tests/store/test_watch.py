"""The watch over the embedded PostgreSQL: killed, it comes back; stopped, it stays away."""

import asyncio
import fcntl
import os
import shutil
import signal
import sys
import threading
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from structlog.testing import capture_logs

from hireloom.settings import Settings
from hireloom.store import embedded, watch
from hireloom.store.pool import connect, connect_pool
from hireloom.store.problems import DatabaseUnavailableError
from hireloom.store.watch import Watch, kept_server
from tests.outage import a_home, is_stopped, kill, postmaster, starts, until, works

PROCESS = """
import asyncio, sys
from pathlib import Path
from hireloom.settings import Settings
from hireloom.store.patience import insist
from hireloom.store.pool import connect_pool
from hireloom.store.watch import kept_server

async def main():
    async with kept_server(Settings(home=Path(sys.argv[1]))) as url:
        pool = await connect_pool(url, size=1)
        print("ready", flush=True)
        for _ in range(2):
            await asyncio.to_thread(sys.stdin.readline)
            print(await insist(lambda: pool.fetchval("select 42"), seconds=300), flush=True)
        await pool.close()

asyncio.run(main())
"""


@pytest.fixture
def home() -> Iterator[Path]:
    with a_home() as home:
        yield home


@asynccontextmanager
async def used(home: Path) -> AsyncIterator[asyncpg.Pool]:
    """A pool on a server that is watched over."""
    async with kept_server(Settings(home=home)) as url:
        pool = await connect_pool(url, size=4)
        yield pool
        await pool.close()


async def test_a_killed_server_comes_back_under_the_pool_that_uses_it(home: Path) -> None:
    async with used(home) as pool:
        await pool.execute("create table kept as select 42 as value")
        killed = postmaster(home)

        async with pool.acquire():
            kill(home)
            await until(lambda: pool.get_size() == 0)
        await until(lambda: works(pool))

        assert postmaster(home) != killed
        assert await pool.fetchval("select value from kept") == 42
        assert await asyncio.gather(*(pool.fetchval("select 1") for _ in range(8))) == [1] * 8


async def test_it_comes_back_as_often_as_it_is_killed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "FIRST_PAUSE", 0.05)

    async def started_again() -> None:
        before = starts(home)
        kill(home)
        await until(lambda: starts(home) > before)

    async with used(home) as pool:
        for _ in range(3):
            await started_again()
            await until(lambda: works(pool))

    assert starts(home) == 4


async def test_a_killed_backend_leaves_the_server_to_itself(home: Path) -> None:
    async with used(home) as pool:
        server = postmaster(home)
        async with pool.acquire() as conn:
            os.kill(conn.get_server_pid(), signal.SIGKILL)
            await until(lambda: pool.get_size() == 0)

        await until(lambda: works(pool))

        assert postmaster(home) == server
        assert starts(home) == 1


async def test_of_several_processes_one_starts_it_and_the_last_one_stops_it(home: Path) -> None:
    processes = await asyncio.gather(*(process(home) for _ in range(3)))

    kill(home)
    await until(lambda: starts(home) == 2)
    for one in processes:
        await ask(one)

    for one in processes:
        assert not is_stopped(home)
        last, _ = await one.communicate(b"\n")
        assert b"42\n" in last
        assert b"[error" not in last
        assert one.returncode == 0
    assert is_stopped(home)
    assert starts(home) == 2


async def process(home: Path) -> Process:
    found = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROCESS, str(home), stdin=PIPE, stdout=PIPE
    )
    assert found.stdout is not None
    assert await found.stdout.readline() == b"ready\n"
    return found


async def ask(process: Process) -> None:
    """See that it still reaches its database."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"\n")
    line = b""
    while line != b"42\n":  # between them lines of the log
        line = await process.stdout.readline()
        assert line, "the process has ended"
        assert b"[error" not in line


async def test_what_was_let_go_is_not_started_again(home: Path) -> None:
    server = embedded.Server(home)
    server.hold()
    server.release()

    server.revive()

    assert is_stopped(home)


async def test_leaving_while_it_is_being_started_ends_with_it_stopped(home: Path) -> None:
    with capture_logs() as lines:
        async with kept_server(Settings(home=home)):
            kill(home)
            await until(lambda: bool(lines))

    assert lines[0]["event"].startswith("The embedded database is gone")
    assert is_stopped(home)
    assert not embedded._answers(home / "postgres")


async def test_a_server_that_cannot_start_is_told_once_and_tried_less_and_less(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(watch, "FIRST_PAUSE", 0.01)
    server = embedded.Server(home)
    server.hold()
    control = home / "postgres" / "global" / "pg_control"
    control.rename(home / "pg_control")
    watching = Watch(server)

    with capture_logs() as lines:
        task = asyncio.create_task(watching.run())
        kill(home)
        await until(lambda: said(home, "could not find the database system") >= 3)
        (home / "pg_control").rename(control)
        await until(lambda: len(lines) == 3)
        task.cancel()

    assert [line["log_level"] for line in lines] == ["warning", "error", "info"]
    assert "did not start" in lines[1]["what"]
    assert "disk space" in lines[1]["todo"]
    assert watching._pause >= 0.01 * 2**3
    server.release()


def said(home: Path, words: str) -> int:
    return (home / "postgres" / "log").read_text().count(words)


async def test_data_that_are_gone_are_not_made_anew(home: Path) -> None:
    server = embedded.Server(home)
    server.hold()
    kill(home)
    await until(lambda: not server.answers())
    (home / "postgres").rename(home / "lost")

    with pytest.raises(DatabaseUnavailableError):
        server.revive()

    assert not (home / "postgres" / "PG_VERSION").exists()
    shutil.rmtree(home / "postgres", ignore_errors=True)
    (home / "lost").rename(home / "postgres")
    server.release()


async def test_the_event_loop_goes_on_while_another_process_holds_the_gate(home: Path) -> None:
    async with used(home) as pool:
        with (home / "postgres.gate").open("ab") as gate, capture_logs() as lines:
            fcntl.flock(gate, fcntl.LOCK_EX)
            rescue = threading.Timer(120, fcntl.flock, (gate, fcntl.LOCK_UN))
            rescue.start()
            kill(home)
            await until(lambda: bool(lines))
            await asyncio.sleep(0)
            assert not await works(pool)
            assert rescue.is_alive(), "the loop stood still until it was helped"
            rescue.cancel()
            fcntl.flock(gate, fcntl.LOCK_UN)
            await until(lambda: works(pool))


async def test_a_server_of_the_operator_s_is_left_alone(database: str, tmp_path: Path) -> None:
    home = tmp_path / "home"

    async with kept_server(Settings(home=home, database_url=database)) as url:
        conn = await connect(url)
        assert await conn.fetchval("select 1") == 1
        await conn.close()

    assert url == database
    assert not home.exists()

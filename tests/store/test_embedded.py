"""The PostgreSQL that comes along: shared, and stopped by the last one out."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator
from pathlib import Path

import pytest

from hireloom.settings import Settings
from hireloom.store import embedded
from hireloom.store.pool import connect, find_server
from hireloom.store.problems import DatabaseUnavailableError

PROCESS = """
import asyncio, sys
from pathlib import Path
from hireloom.settings import Settings
from hireloom.store.pool import connect_pool, find_server

async def main():
    url = await find_server(Settings(home=Path(sys.argv[1])))
    pool = await connect_pool(url, size=1)
    print("ready", flush=True)
    sys.stdin.readline()
    print(await pool.fetchval("select current_database()"), flush=True)
    await pool.close()

asyncio.run(main())
"""


@pytest.fixture
def home() -> Iterator[Path]:
    home = Path(tempfile.mkdtemp(prefix="hl-"))
    yield home
    embedded.Server(home).release()  # stops what a failed test left running
    shutil.rmtree(home)


async def start(home: Path) -> Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROCESS, str(home), stdin=PIPE, stdout=PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


async def end(process: Process) -> None:
    answer, _ = await process.communicate(b"\n")
    assert answer == b"hireloom\n"
    assert process.returncode == 0


def runs(home: Path) -> bool:
    return (home / "postgres" / "postmaster.pid").exists()


async def test_the_last_of_several_processes_stops_the_server(home: Path) -> None:
    first, second = await asyncio.gather(start(home), start(home))

    await end(first)
    assert runs(home)
    await end(second)
    assert not runs(home)


async def test_a_killed_process_does_not_hurt_the_others_nor_the_count(home: Path) -> None:
    killed, other = await start(home), await start(home)

    killed.send_signal(signal.SIGKILL)
    await killed.communicate()

    assert runs(home)
    await end(other)
    assert not runs(home)


async def test_a_server_whose_user_was_killed_is_joined_and_stopped(home: Path) -> None:
    killed = await start(home)
    killed.send_signal(signal.SIGKILL)
    await killed.communicate()
    assert runs(home)

    await end(await start(home))

    assert not runs(home)


async def test_a_killed_server_starts_again_with_what_was_committed(home: Path) -> None:
    server = embedded.Server(home)
    server.hold()
    conn = await connect(embedded.address(server.data, "postgres"))
    await conn.execute("create table kept as select 42 as value")
    process_id = int((home / "postgres" / "postmaster.pid").read_text().split()[0])
    os.kill(process_id, signal.SIGKILL)
    while not conn.is_closed():  # noqa: ASYNC110 - a connection has no event for it
        await asyncio.sleep(0.01)

    again = embedded.Server(home)
    again.hold()

    conn = await connect(embedded.address(server.data, "postgres"))
    assert await conn.fetchval("select value from kept") == 42
    await conn.close()
    again.release()
    server.release()


async def test_the_process_id_of_another_program_is_no_running_server(home: Path) -> None:
    server = embedded.Server(home)
    server.hold()
    pid_file = home / "postgres" / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    server.release()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))

    again = embedded.Server(home)
    again.hold()

    assert int(pid_file.read_text().split()[0]) != os.getpid()
    again.release()


async def test_half_a_data_folder_is_made_anew(home: Path) -> None:
    half = home / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")

    server = embedded.Server(home)
    server.hold()

    assert runs(home)
    server.release()
    assert not half.exists()


@pytest.mark.parametrize("name", ["x" * 120, "with space", "ümläut"])
async def test_a_long_or_odd_home_works_as_well(home: Path, name: str) -> None:
    await end(await start(home / name))

    assert not runs(home / name)


async def test_data_of_an_unknown_version_say_so(home: Path) -> None:
    (home / "postgres").mkdir()
    (home / "postgres" / "PG_VERSION").write_text("11\n")

    with pytest.raises(DatabaseUnavailableError, match="PostgreSQL 11"):
        await find_server(Settings(home=home))


async def test_a_home_that_is_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")

    with pytest.raises(DatabaseUnavailableError, match="HIRELOOM_HOME"):
        await find_server(Settings(home=tmp_path / "home"))

"""The master key's file: made once, readable by its owner alone."""

import asyncio
import stat
import sys
import time
from pathlib import Path

import pytest

from hireloom.settings import Settings
from hireloom.store import keyfile
from hireloom.store.problems import MasterKeyError
from hireloom.store.seal import Key


def test_the_first_start_makes_a_key_that_only_its_owner_can_read(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")

    made = keyfile.open_vault(settings).master

    assert keyfile.open_vault(settings).master.id == made.id
    path = settings.home / "master.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [other.name for other in settings.home.iterdir()] == ["master.key"]


START = """
import sys, time
from pathlib import Path
from hireloom.settings import Settings
from hireloom.store import keyfile
while time.time() < float(sys.argv[2]):
    pass
print(keyfile.open_vault(Settings(home=Path(sys.argv[1]))).master.id.hex())
"""


async def test_processes_that_start_at_once_agree_on_the_key(tmp_path: Path) -> None:
    at = str(time.time() + 1.5)
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", START, str(tmp_path / "home"), at, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(4)
    ]

    answers = {(await process.communicate())[0] for process in started}

    assert len(answers) == 1
    assert len(answers.pop().strip()) == 16


def test_whoever_comes_second_leaves_the_first_key_alone(tmp_path: Path) -> None:
    keyfile.write(tmp_path / "master.key", bytes(32))
    keyfile.write(tmp_path / "master.key", bytes(range(32)))

    assert keyfile.read(tmp_path / "master.key").id == Key(bytes(32)).id


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    keyfile.write(path, bytes(32))
    path.chmod(0o640)

    with pytest.raises(MasterKeyError, match=r"chmod 600"):
        keyfile.read(path)


@pytest.mark.parametrize("content", [b"", b"c2hvcnQ=", b"not base64!", b"\xff\xfe"])
def test_a_damaged_key_is_never_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(content)
    path.chmod(0o600)

    with pytest.raises(MasterKeyError, match="backup"):
        keyfile.open_vault(Settings(home=tmp_path))

    assert path.read_bytes() == content


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    current, previous = bytes(32), bytes(range(32))

    vault = keyfile.open_vault(Settings(home=tmp_path, master_keys=(current, previous)))

    assert [key.id for key in vault.masters] == [Key(current).id, Key(previous).id]
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_rotation_keeps_the_key_that_it_made(tmp_path: Path) -> None:
    first = keyfile.held(tmp_path)[0]

    keyfile.begin_rotation(tmp_path)
    second = keyfile.held(tmp_path)
    keyfile.begin_rotation(tmp_path)
    again = keyfile.held(tmp_path)
    keyfile.end_rotation(tmp_path)

    assert [key.id for key in second] == [key.id for key in again]
    assert second[1].id == first.id
    assert second[0].id != first.id
    assert [key.id for key in keyfile.held(tmp_path)] == [second[0].id]

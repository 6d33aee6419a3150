"""The doctor: finds what is wrong, says what to do, changes nothing."""

import os
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import asyncpg
import pytest
from msgspec.structs import replace

from hireloom import doctor
from hireloom.doctor import Finding, examine
from hireloom.settings import Settings
from hireloom.store import keyfile, keys, masters, migrate, queue
from hireloom.store.seal import Vault
from tests.console.conftest import by_provider
from tests.console.provider import SECRET, Provider, providing


@pytest.fixture
async def provider(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Provider]:
    monkeypatch.setattr("hireloom.console.provider.SECONDS", 120)
    async with providing() as found:
        yield found


def by_title(findings: list[Finding]) -> dict[str, Finding]:
    assert all(finding.what for finding in findings)
    assert all(finding.todo for finding in findings if finding.level != "ok")
    return {finding.title: finding for finding in findings}


async def test_a_healthy_installation_has_nothing_to_do(
    conn: asyncpg.Connection, settings: Settings, vault: Vault, free_port: int
) -> None:
    await keys.create(conn, "backend", ["read"])
    healthy = replace(settings, public_url="https://ats.example.com")

    findings = await examine(healthy, "127.0.0.1", free_port)

    assert {finding.level for finding in findings} == {"ok"}
    assert set(by_title(findings)) == {
        "Home folder", "Disk", "Public URL", "Port", "Master key", "Database", "Clock",
        "Migrations", "Sealed credentials", "API keys", "Background jobs",
    }  # fmt: skip


async def test_before_the_first_start_it_says_what_comes_and_makes_nothing(
    empty_database: str, tmp_path: Path, free_port: int
) -> None:
    home = tmp_path / "home"
    fresh = Settings(home=home, database_url=empty_database)

    found = by_title(await examine(fresh, "127.0.0.1", free_port))

    assert found["Migrations"].level == "warning"
    assert f"{len(migrate.known())} migrations" in found["Migrations"].what
    assert found["Master key"].level == "warning"
    assert not home.exists()


async def test_no_api_key_and_no_public_address_are_named(
    settings: Settings, vault: Vault, free_port: int
) -> None:
    found = by_title(await examine(settings, "127.0.0.1", free_port))

    assert found["API keys"].level == "warning"
    assert "hireloom keys create" in found["API keys"].todo
    assert found["Public URL"].level == "warning"


async def test_settings_for_a_sandbox_are_named(settings: Settings, free_port: int) -> None:
    odd = replace(
        settings,
        origins={"https://api.lever.co": "http://127.0.0.1:8500"},
        allow_private_webhooks=True,
        public_url="http://ats.example.com",
    )

    found = by_title(await examine(odd, "127.0.0.1", free_port))

    assert found["Origins"].level == "warning"
    assert "https://api.lever.co" in found["Origins"].what
    assert found["Webhooks"].level == "warning"
    assert found["Public URL"].level == "problem"


async def test_a_database_that_is_away_is_a_problem(tmp_path: Path, free_port: int) -> None:
    url = f"postgresql://me:topsecret@127.0.0.1:{free_port}/x"

    found = by_title(
        await examine(Settings(home=tmp_path, database_url=url), "127.0.0.1", free_port)
    )

    assert found["Database"].level == "problem"
    assert "Nothing listens" in found["Database"].what
    assert "topsecret" not in str(found)


async def test_a_database_newer_than_the_code_is_a_problem(
    conn: asyncpg.Connection, settings: Settings, free_port: int
) -> None:
    await conn.execute("update alembic_version set version_num = '9999'")

    findings = await examine(settings, "127.0.0.1", free_port)

    problems = [finding for finding in findings if finding.level == "problem"]
    assert len(problems) == 1
    assert "newer" in problems[0].what


async def test_a_wrong_master_key_is_a_problem(
    settings: Settings, vault: Vault, free_port: int
) -> None:
    wrong = replace(settings, master_keys=(bytes(32),))

    found = by_title(await examine(wrong, "127.0.0.1", free_port))

    assert found["Master key"].level == "ok"
    assert found["Sealed credentials"].level == "problem"


async def test_a_lost_master_key_is_a_problem_and_no_new_one_is_made(
    settings: Settings, vault: Vault, free_port: int
) -> None:
    path = settings.home / "master.key"
    path.unlink()

    found = by_title(await examine(settings, "127.0.0.1", free_port))

    assert found["Sealed credentials"].level == "problem"
    assert "estore" in found["Sealed credentials"].todo
    assert not path.exists()


async def test_a_key_file_that_others_can_read_is_a_problem(
    settings: Settings, vault: Vault, free_port: int
) -> None:
    path = settings.home / "master.key"
    path.chmod(0o644)

    found = by_title(await examine(settings, "127.0.0.1", free_port))

    assert found["Master key"].level == "problem"
    assert f"chmod 600 {path}" in found["Master key"].todo


def test_a_port_that_is_taken_names_who_has_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        finding = doctor.look_at_port("127.0.0.1", port)

    assert finding.level == "problem"
    assert "is taken" in finding.what
    if Path("/proc/net/tcp").exists():
        assert f"process {os.getpid()}" in finding.what


def test_an_address_of_another_machine_cannot_be_opened() -> None:
    finding = doctor.look_at_port("192.0.2.1", 8400)

    assert finding.level == "problem"
    assert "no address of this machine" in finding.what


@pytest.mark.parametrize(
    ("there", "level"),
    [
        (100.0, "ok"),
        (101.9, "ok"),
        (98.0, "ok"),  # 0.5 s of it may have passed on the way
        (103.0, "warning"),
        (96.0, "warning"),
        (140.0, "problem"),
        (60.0, "problem"),
    ],
)
def test_a_clock_is_judged_by_what_cannot_be_the_way(there: float, level: str) -> None:
    assert doctor.judge_clock(99.75, there, 100.25).level == level


@pytest.mark.parametrize(("free", "level"), [(50, "problem"), (500, "warning"), (5000, "ok")])
def test_a_disk_that_fills_up_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: str
) -> None:
    usage = SimpleNamespace(free=free * 1024 * 1024)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

    found = by_title(list(doctor.look_at_home(tmp_path)))

    assert found["Disk"].level == level
    assert f"{free:,} MiB" in found["Disk"].what


async def test_a_home_that_cannot_be_written_stops_the_look(tmp_path: Path, free_port: int) -> None:
    home = tmp_path / "home"
    home.write_text("a file")

    found = by_title(await examine(Settings(home=home), "127.0.0.1", free_port))

    assert found["Home folder"].level == "problem"
    assert "Not looked at" in found["Database"].what


async def test_during_a_rotation_all_is_well(
    conn: asyncpg.Connection, settings: Settings, vault: Vault, free_port: int
) -> None:
    await masters.own_key(conn, vault)
    keyfile.begin_rotation(settings.home)

    found = by_title(await examine(settings, "127.0.0.1", free_port))

    assert found["Sealed credentials"].level == "ok"


async def test_jobs_that_nobody_carries_out_are_a_problem(
    conn: asyncpg.Connection, settings: Settings, free_port: int
) -> None:
    await queue.put(conn, [queue.Job("sync", "sr_1")])
    fresh = await examine(settings, "127.0.0.1", free_port)
    await conn.execute("update pgqueuer set execute_after = now() - interval '10 minutes'")

    late = await examine(settings, "127.0.0.1", free_port)

    (before,) = [one for one in fresh if one.title == "Background jobs"]
    (after,) = [one for one in late if one.title == "Background jobs"]
    assert before.level == "ok"
    assert after.level == "problem"
    assert "1 jobs wait, the first of them for 10 minutes" in after.what
    assert "hireloom worker" in after.todo


async def test_a_provider_that_people_can_log_in_through_is_told_with_the_way_back(
    settings: Settings, provider: Provider, free_port: int
) -> None:
    public = replace(by_provider(settings, provider), public_url="https://ats.example.com")

    found = by_title(await examine(public, "127.0.0.1", free_port))

    assert found["Login provider"].level == "ok"
    assert "https://ats.example.com/console/oidc/callback" in found["Login provider"].what


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("down", ("it says 503", "SSL_CERT_FILE")),
        ("redirect", ("sends on to another address", "answers by itself")),
        ("no json", ("is not as OpenID Connect has it", "has to be an issuer")),
        ("wrong client", ("does not accept this client's id and secret", "_CLIENT_SECRET")),
    ],
)
async def test_what_is_wrong_with_a_provider_is_told(
    settings: Settings, provider: Provider, free_port: int, fault: str, words: tuple[str, str]
) -> None:
    provider.fault = fault

    found = by_title(await examine(by_provider(settings, provider), "127.0.0.1", free_port))

    assert found["Login provider"].level == "problem"
    assert words[0] in found["Login provider"].what
    assert words[1] in found["Login provider"].todo
    assert SECRET not in str(found)


async def test_another_issuer_and_a_lack_of_keys_are_told(
    settings: Settings, provider: Provider, free_port: int
) -> None:
    named = by_provider(settings, provider)

    provider.document = {"issuer": f"{provider.url}/"}
    other = by_title(await examine(named, "127.0.0.1", free_port))
    provider.document, provider.keys = {}, []
    keyless = by_title(await examine(named, "127.0.0.1", free_port))

    assert f"calls itself {provider.url}/, not" in other["Login provider"].what
    assert "letter by letter" in other["Login provider"].todo
    assert "publishes no key" in keyless["Login provider"].what

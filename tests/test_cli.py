"""The command line as a user runs it: a program, what it prints, its exit code."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from hireloom import terminal
from hireloom.settings import Settings
from hireloom.store import audit, operators
from hireloom.store.pool import connect
from tests.service import Service

HIRELOOM = (sys.executable, "-m", "hireloom")
SECONDS = 300
ID = re.compile(r"\bkey_[0-9A-Za-z]{22}\b")


def environment(**more: str) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("HIRELOOM_")}
    return {**kept, **more}


@pytest.fixture
def environ(settings: Settings) -> dict[str, str]:
    """An installation of its own, on this test's database."""
    return environment(
        HIRELOOM_HOME=str(settings.home), HIRELOOM_DATABASE_URL=str(settings.database_url)
    )


def run(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*HIRELOOM, *words], env=environ, capture_output=True, text=True, timeout=SECONDS,
        check=False,
    )  # fmt: skip


@asynccontextmanager
async def started(
    environ: dict[str, str], *words: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, asyncio.StreamReader]]:
    """A program that stays, and its standard error."""
    program = await asyncio.create_subprocess_exec(
        *HIRELOOM, *words, env=environ,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert program.stderr is not None
    try:
        yield program, program.stderr
    finally:
        if program.returncode is None:
            program.send_signal(signal.SIGTERM)
        await asyncio.wait_for(program.communicate(), SECONDS)


async def line_with(said: asyncio.StreamReader, words: str) -> str:
    async with asyncio.timeout(SECONDS):
        while line := (await said.readline()).decode():
            if words in line:
                return line
    raise AssertionError(f"'{words}' was never said")


async def got(url: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        return await client.get(url)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program has."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


# What changes something is in the audit.


def test_commands_that_change_something_are_in_the_audit(
    environ: dict[str, str], settings: Settings
) -> None:
    async def looked() -> list[tuple[str, str, dict[str, object]]]:
        conn = await connect(str(settings.database_url))
        await operators.join(
            conn, await operators.make_link(conn, "first", "admin", "x"), "Ada", ""
        )
        entries = await audit.page(conn)
        await conn.close()
        return [(one.actor, one.action, one.detail) for one in reversed(entries)]

    made = run(environ, "keys", "create", "nightly", "--scopes", "admin")
    run(environ, "keys", "revoke", "nightly")
    link = run(environ, "console", "link", "--port", "9999")
    entries = asyncio.run(looked())
    renewed = run(
        environ | {"HIRELOOM_URL": "http://h.example/"}, "console", "link", "--name", "ada"
    )
    nobody = run(environ, "console", "link", "--name", "bob")

    assert made.returncode == 0
    assert link.stdout.startswith("http://127.0.0.1:9999/console/start/")
    assert renewed.stdout.startswith("http://h.example/console/start/")
    assert (nobody.returncode, nobody.stdout) == (1, "")
    assert [entry[:2] for entry in entries] == [
        ("cli", "key.create"), ("cli", "key.revoke"), ("cli", "console.link"),
    ]  # fmt: skip
    assert entries[0][2]["scopes"] == ["admin"]
    assert made.stdout.strip() not in str(entries)


# Ports.


async def test_a_second_sandbox_on_the_same_port_is_refused(free_port: int) -> None:
    port = str(free_port)
    async with started(environment(), "sandbox", "--port", port, "--size", "20") as (_, said):
        await line_with(said, "The sandbox listens")
        answer = await got(f"http://127.0.0.1:{port}/")  # it does listen

        second = await asyncio.to_thread(run, environment(), "sandbox", "--port", port)

    assert answer.status_code == 200
    assert second.returncode == 1
    assert second.stdout == ""
    assert f"Port {port} on 127.0.0.1 cannot be used" in second.stderr
    assert f"`hireloom doctor --port {port}` says by what." in second.stderr


@pytest.mark.parametrize("command", ["serve", "web", "sandbox"])
def test_a_taken_port_is_refused_before_anything_is_started(
    command: str, taken: int, tmp_path: Path
) -> None:
    environ = environment(HIRELOOM_HOME=str(tmp_path / "home"))

    refused = run(environ, command, "--port", str(taken))

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Port {taken} on 127.0.0.1 cannot be used: ")
    assert "listens" not in refused.stderr
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("command", ["serve", "web", "sandbox", "doctor"])
@pytest.mark.parametrize("port", ["0", "80000"])
def test_a_number_that_is_no_port_is_refused_in_a_sentence(command: str, port: str) -> None:
    refused = run(environment(), command, "--port", port)

    assert refused.returncode == 2
    assert "Must be" in refused.stdout + refused.stderr
    assert "Traceback" not in refused.stderr


async def test_the_server_says_that_it_listens_when_it_does(
    environ: dict[str, str], free_port: int
) -> None:
    origins = '{"https://api.lever.co": "http://127.0.0.1:9/lever/api"}'

    async with started(
        {**environ, "HIRELOOM_ORIGINS": origins}, "serve", "--port", str(free_port)
    ) as (
        _,
        said,
    ):
        warning = await line_with(said, "HIRELOOM_ORIGINS")
        await line_with(said, "Hireloom listens")
        answer = await got(f"http://127.0.0.1:{free_port}/health")

    assert answer.status_code == 200
    assert "api.lever.co" in warning
    assert "127.0.0.1:9" not in warning


# Keys.


def new_key(environ: dict[str, str], name: str, *options: str) -> str:
    """The id of a new key."""
    assert run(environ, "keys", "create", name, *options).returncode == 0
    ids: list[str] = ID.findall(run(environ, "keys", "list").stdout)
    return ids[-1]


def in_force(environ: dict[str, str]) -> list[str]:
    lines = run(environ, "keys", "list").stdout.splitlines()
    return [found[0] for line in lines if "in force" in line and (found := ID.search(line))]


def test_a_key_is_revoked_by_its_id_a_beginning_or_its_name(environ: dict[str, str]) -> None:
    first, second, third = (new_key(environ, name) for name in ("one", "two", "[b]three[/b]"))

    for words in (first, second[:16], "[b]three[/b]"):
        revoked = run(environ, "keys", "revoke", words)
        assert revoked.returncode == 0, revoked.stderr
        assert "is revoked" in revoked.stdout

    listed = run(environ, "keys", "list").stdout
    assert ID.findall(listed) == [first, second, third]
    assert "[b]three[/b]" in listed
    assert in_force(environ) == []


def test_what_may_mean_several_keys_revokes_none(environ: dict[str, str]) -> None:
    both = {new_key(environ, "backend"), new_key(environ, "backend")}

    refused = run(environ, "keys", "revoke", "backend")
    unknown = [run(environ, "keys", "revoke", words) for words in ("key_", "", "frontend")]

    assert refused.returncode == 1
    assert set(ID.findall(refused.stderr)) == both
    assert all(one.returncode == 1 and "There is no key" in one.stderr for one in unknown)
    assert set(in_force(environ)) == both


def test_a_second_key_of_the_same_name_is_made_with_a_warning(environ: dict[str, str]) -> None:
    first = new_key(environ, "backend")

    second = run(environ, "keys", "create", "backend")

    assert second.returncode == 0
    assert re.fullmatch(r"hl_[0-9A-Za-z]+\n", second.stdout)
    assert f"Also in force under the name 'backend': {first}" in second.stderr


def test_a_key_lasts_a_day_at_least(environ: dict[str, str]) -> None:
    refused = run(environ, "keys", "create", "short", "--days", "0")

    assert refused.returncode == 2
    assert "Must be >= 1" in refused.stdout + refused.stderr


# Calls.


async def call(service: Service, *words: str) -> subprocess.CompletedProcess[str]:
    environ = environment(HIRELOOM_URL=service.url, HIRELOOM_API_KEY=service.key)
    return await asyncio.to_thread(run, environ, "call", *words)


async def test_without_a_terminal_an_answer_is_printed_as_it_came(service: Service) -> None:
    told = await call(service, "connector.list")

    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["success"]
    assert told.stdout.count("\n") == 1


async def test_a_refusal_is_an_answer_with_exit_code_1(service: Service) -> None:
    told = await call(service, "connector.get", "appId=workhorse")

    assert told.returncode == 1
    assert json.loads(told.stdout)["error"]["code"] == "request.invalid"
    assert "appId" in told.stderr


def test_a_message_keeps_its_brackets_and_colons(capsys: pytest.CaptureFixture[str]) -> None:
    error = {"msg": "stages[0]: [bold]x[/bold] :car:", "hint": "See [docs]."}

    assert terminal.show(httpx.Response(400, json={"success": False, "error": error}), {}) == 1
    assert capsys.readouterr().err == "stages[0]: [bold]x[/bold] :car:\nSee [docs].\n"


async def test_text_for_what_is_no_text_is_explained(service: Service) -> None:
    integration = await service.connect("greenhouse")
    words = ("applicationId=1", "stageId=2", "dryRun=true", "--integration", integration)

    told = await call(service, "ats.application.stage.update", *words)

    assert told.returncode == 1
    assert "write `dryRun:=true` for anything but text" in told.stderr


async def test_an_unknown_method_is_hireloom_s_own_refusal(service: Service) -> None:
    told = await call(service, "ats.job.lst")

    assert told.returncode == 1
    assert "no Hireloom" not in told.stderr


def test_the_key_is_missed_before_the_server(taken: int) -> None:
    told = run(environment(HIRELOOM_URL=f"http://127.0.0.1:{taken}"), "call", "ats.job.list")

    assert told.returncode == 2
    assert "HIRELOOM_API_KEY" in told.stderr
    assert "No server" not in told.stderr


def test_no_server_is_told_from_a_wrong_address_and_a_wrong_key(free_port: int) -> None:
    away = f"http://127.0.0.1:{free_port}"

    def said(url: str, key: str = "hl_x") -> str:
        told = run(environment(HIRELOOM_API_KEY=key), "call", "ats.job.list", "--url", url)
        assert told.returncode == 2
        return told.stderr

    assert f"No server answers at {away}" in said(away)
    assert "is no address" in said("localhost:8400")
    assert "cannot be sent" in said(away, "hl_…")


async def test_another_server_is_recognised_as_such() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        environ = environment(HIRELOOM_API_KEY="hl_x", HIRELOOM_URL=url)
        told = await asyncio.to_thread(run, environ, "call", "ats.job.list")

    assert told.returncode == 2
    assert f"What answers at {url} is no Hireloom server" in told.stderr


def test_a_server_that_does_not_answer_is_not_called_absent(
    taken: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(terminal, "SECONDS", 0.2)

    code = terminal.call_and_print(f"http://127.0.0.1:{taken}", "hl_x", "ats.job.list", (), "")

    assert code == 2
    assert "did not answer within 0.2 seconds" in capsys.readouterr().err


def test_on_a_narrow_terminal_a_long_value_stays_in_one_piece(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(terminal, "out", Console(highlight=False, markup=False, width=20))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    answer = httpx.Response(200, json={"success": True, "data": {"url": "x" * 100}})

    assert terminal.show(answer, {}) == 0
    assert json.loads(capsys.readouterr().out)["data"]["url"] == "x" * 100


def test_no_link_for_a_password_is_made_where_passwords_are_switched_off(
    environ: dict[str, str],
) -> None:
    provided = environ | {
        "HIRELOOM_OIDC_ISSUER": "https://login.example.com",
        "HIRELOOM_OIDC_CLIENT_ID": "hireloom",
        "HIRELOOM_OIDC_CLIENT_SECRET": "topsecret",
        "HIRELOOM_OIDC_ROLES": "groups:ops=admin",
    }

    made = run(provided, "console", "link")
    refused = run(provided | {"HIRELOOM_CONSOLE_PASSWORDS": "false"}, "console", "link")

    assert (made.returncode, "/console/start/" in made.stdout) == (0, True)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Passwords are switched off" in refused.stderr

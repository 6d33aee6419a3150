"""An installation that comes and goes with the demo: the sandbox and a real `hireloom serve`.

The server is the command that everybody runs, in a process of its own, with a HOME that is thrown
away afterwards. Nothing of the caller's own Hireloom settings reaches it.
"""

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec

from hireloom import ports
from hireloom.sandbox.app import Running
from hireloom.sandbox.faults import FaultPlan
from hireloom.web import DEFAULT_HOST

HIRELOOM = (sys.executable, "-m", "hireloom")
SCOPES = "read,write,passthrough,admin"
START_SECONDS = 180.0
STOP_SECONDS = 60.0


class NotStartedError(Exception):
    """The installation did not come up; the text ends with what the server said."""


@dataclass(frozen=True)
class Installation:
    url: str
    key: str
    sandbox: Running
    log: Path
    server: Process


@asynccontextmanager
async def installed(
    size: int, vendors: tuple[str, ...], faults: FaultPlan | None
) -> AsyncIterator[Installation]:
    """Everything started on free ports; stopped and removed at the end."""
    home = Path(tempfile.mkdtemp(prefix="hireloom-demo-"))
    try:
        sandbox = Running(size=size, vendors=vendors, faults=faults)
        async with sandbox, serving(home, sandbox.origins) as (url, server, environ):
            key = await new_key(environ)
            yield Installation(url, key, sandbox, home / "serve.log", server)
    finally:
        await asyncio.to_thread(shutil.rmtree, home, ignore_errors=True)


@asynccontextmanager
async def serving(
    home: Path, origins: Mapping[str, str]
) -> AsyncIterator[tuple[str, Process, dict[str, str]]]:
    environ = environment(home, origins)
    with ports.reserved(DEFAULT_HOST) as port:
        with (home / "serve.log").open("wb") as log:
            server = await asyncio.create_subprocess_exec(
                *HIRELOOM, "serve", "--port", str(port),
                env=environ, stdin=DEVNULL, stdout=log, stderr=log,
                start_new_session=True,  # Ctrl-C is for the demo, which then stops the server
            )  # fmt: skip
        url = f"http://{DEFAULT_HOST}:{port}"
        try:
            await ready(url, server, home / "serve.log")
            yield url, server, environ
        finally:
            await stop(server)


def environment(home: Path, origins: Mapping[str, str]) -> dict[str, str]:
    others = {name: text for name, text in os.environ.items() if not name.startswith("HIRELOOM_")}
    return others | {
        "HIRELOOM_HOME": str(home),
        "HIRELOOM_ORIGINS": msgspec.json.encode(dict(origins)).decode(),
        "HIRELOOM_ALLOW_PRIVATE_WEBHOOKS": "1",
        "HIRELOOM_LOG_LEVEL": "error",
    }


async def ready(url: str, server: Process, log: Path) -> None:
    """Wait until calls are answered; raises NotStartedError."""
    latest = time.monotonic() + START_SECONDS
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        while time.monotonic() < latest and server.returncode is None:
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get("/health")).is_success:
                    return
            await asyncio.sleep(0.05)
    how = "ended" if server.returncode is not None else f"did not answer in {START_SECONDS:.0f} s"
    raise NotStartedError(f"The server {how}. {last_words(log)}")


def last_words(log: Path) -> str:
    said = log.read_text(errors="replace").strip()[-2000:]
    return f"It said:\n{said}" if said else "It said nothing."


async def new_key(environ: Mapping[str, str]) -> str:
    """A key for everything, made by the command that an operator uses."""
    command = (*HIRELOOM, "keys", "create", "demo", "--scopes", SCOPES)
    made = await asyncio.create_subprocess_exec(
        *command, env=environ, stdin=DEVNULL, stdout=PIPE, stderr=PIPE
    )
    key, said = await made.communicate()
    if made.returncode:
        raise NotStartedError(f"No API key could be made: {said.decode(errors='replace')}")
    return key.decode().strip()


async def stop(server: Process) -> None:
    if server.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        server.terminate()
    try:
        await asyncio.wait_for(server.wait(), STOP_SECONDS)
    except TimeoutError:
        server.kill()
        await server.wait()

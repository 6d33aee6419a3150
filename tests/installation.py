"""An installation as it runs, for tests: processes on one HOME, killed and started again."""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import asyncpg
import httpx
import msgspec

from hireloom import ports
from hireloom.sandbox.app import Running
from hireloom.store import embedded
from tests.outage import postmaster, until

COMMANDS = ("web", "worker")
SCOPES = "read,write,admin"
TARGETS = (*COMMANDS, "postmaster", "backend")


@dataclass
class Installation:
    """`web` and `worker`, each a process of its own, with the embedded PostgreSQL under them."""

    home: Path
    sandbox: Running
    key: str = ""
    _held: socket.socket = field(default_factory=ports.reserve)
    _processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return ports.port_of(self._held)

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "HIRELOOM_HOME": str(self.home),
            "HIRELOOM_ORIGINS": msgspec.json.encode(self.sandbox.origins).decode(),
            "HIRELOOM_ALLOW_PRIVATE_WEBHOOKS": "true",
            "HIRELOOM_LOG_LEVEL": "debug",
            "HIRELOOM_LOG_FORMAT": "json",
        }

    @property
    def logged(self) -> str:
        """What all processes wrote so far."""
        return (self.home / "output").read_text()

    def start(self, command: str) -> None:
        options = ("--port", str(self.port)) if command == "web" else ()
        with (self.home / "output").open("ab") as output:
            self._processes[command] = subprocess.Popen(
                [sys.executable, "-m", "hireloom", command, *options],
                stdout=output,
                stderr=output,
                env=self.environment,
            )

    def ended(self) -> list[str]:
        """Processes that gave up by themselves."""
        return [name for name, one in self._processes.items() if one.poll() is not None]

    def kill(self, target: str, chance: random.Random) -> None:
        """`kill -9`; what a supervisor looks after is started again at once."""
        if target in COMMANDS:
            self._processes[target].kill()
            self._processes[target].wait()
            self.start(target)
            return
        try:
            victim = postmaster(self.home)
            if target == "backend":
                victim = chance.choice(backends(victim))
            os.kill(victim, signal.SIGKILL)
        except (OSError, IndexError):
            pass  # it has not come back from the last time yet

    async def ask(self, method: str, integration: str = "", /, **body: Any) -> dict[str, Any]:
        """A call that goes well; its `data`."""
        headers = {"Authorization": f"Bearer {self.key}", "X-Integration-Id": integration}
        async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
            url = f"http://127.0.0.1:{self.port}/v1.0/{method}"
            answer = await http.post(url, json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["data"]
        return found

    async def connect(self, vendor: str) -> str:
        credentials = dict(self.sandbox.vendor(vendor).credentials)
        if vendor == "lever":
            credentials = {"apiKey": credentials["apiKey"]}
        org = {"originOrgId": "org-1", "originOrgName": "Example & Sons"}
        made = await self.ask("integration.import", appId=vendor, credentials=credentials, **org)
        found: str = made["integrationId"]
        return found

    async def database(self) -> asyncpg.Connection:
        """A connection past everything; the server is held by the processes, not by this one."""
        return await asyncpg.connect(embedded.address(self.home / "postgres", embedded.DATABASE))

    async def is_well(self) -> bool:
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
                answer = await http.get(f"http://127.0.0.1:{self.port}/health")
        except httpx.TransportError:
            return False
        return answer.status_code == 200

    def _make_key(self) -> str:
        made = subprocess.run(
            [sys.executable, "-m", "hireloom", "keys", "create", "t", "--scopes", SCOPES],
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return made.stdout.strip()

    async def __aenter__(self) -> Self:
        for command in COMMANDS:
            self.start(command)
        try:
            await until(self.is_well)
            self.key = await asyncio.to_thread(self._make_key)
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        for process in self._processes.values():
            process.terminate()
        self._held.close()
        for process in self._processes.values():
            try:
                process.wait(120)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def backends(postmaster: int) -> list[int]:
    """The server's processes that speak to a client."""
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return [
        int(child)
        for child in children
        if b"hireloom" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]

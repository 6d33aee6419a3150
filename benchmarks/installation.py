"""Hireloom as it is run: a home of its own, `hireloom serve` and `hireloom worker` as processes."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.environments import free_port
from hireloom.desk import Desk, open_desk
from hireloom.settings import Settings
from hireloom.store.embedded import Server

COMMAND = (sys.executable, "-m", "hireloom")
PATIENCE = 60.0  # seconds for a start
POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Installation:
    """One home; its processes find each other through the database in it."""

    home: Path
    environ: Mapping[str, str]

    def key(self) -> str:
        """Make an API key that may do everything."""
        create = ("keys", "create", "bench", "--scopes", "read,write,passthrough,admin")
        made = subprocess.run(
            [*COMMAND, *create], env=self.environ, check=True, capture_output=True, text=True
        )
        return made.stdout.strip()

    @contextlib.contextmanager
    def serve(self, command: str = "serve") -> Iterator["Service"]:
        """Run `hireloom serve`, or `hireloom web`, until the context is left."""
        key, port = self.key(), free_port()
        with self._process(command, "--port", str(port)) as process:
            service = Service(f"http://127.0.0.1:{port}", key, process.pid)
            service.wait()
            yield service

    @contextlib.contextmanager
    def worker(self) -> Iterator[int]:
        """Run `hireloom worker` until the context is left; yield its process id."""
        with self._process("worker") as process:
            yield process.pid

    @contextlib.asynccontextmanager
    async def desk(self) -> AsyncIterator[Desk]:
        """Open the same database and the same keys in this process."""
        async with open_desk(Settings.read(self.environ), "") as desk:
            yield desk

    def database_pid(self) -> int:
        """Return the process id of the PostgreSQL that came along."""
        return int((self.home / "postgres" / "postmaster.pid").read_text().split()[0])

    @contextlib.contextmanager
    def database(self) -> Iterator[int]:
        """Keep the PostgreSQL that comes along running; yield its process id."""
        server = Server(self.home)
        server.hold()
        try:
            yield self.database_pid()
        finally:
            server.release()

    @contextlib.contextmanager
    def _process(self, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
        with subprocess.Popen([*COMMAND, *arguments], env=self.environ) as process:
            try:
                yield process
            finally:
                process.terminate()
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()


@dataclass(frozen=True)
class Service:
    """A running API."""

    url: str
    key: str
    pid: int

    def get(self, method: str, integration: str = "", **params: Any) -> Any:
        query = "&".join(f"{name}={value}" for name, value in params.items())
        return self._call("GET", f"{method}?{query}", integration, None)

    def post(self, method: str, integration: str = "", **body: Any) -> Any:
        return self._call("POST", method, integration, json.dumps(body).encode())

    def sync(self, integration: str, **request: Any) -> "Run":
        """Start a sync of applications and wait for its end."""
        return self.ended(integration, self.start(integration, **request))

    def start(self, integration: str, **request: Any) -> str:
        """Start a sync of applications; return the id of its run."""
        started = self.post("sync.start", integration, dataType="ats_applications", **request)
        return str(started["syncRunId"])

    def ended(self, integration: str, run_id: str) -> "Run":
        """Wait for the end of a run."""
        while True:
            found = self.get("sync.run.get", integration, syncRunId=run_id)
            run = found.get("run", found)
            if run["state"] not in {"QUEUED", "RUNNING"}:
                return Run.of(run)
            time.sleep(POLL_SECONDS)

    def webhook(self, url: str, *, batch_size: int = 1) -> None:
        """Register an endpoint for all events."""
        self.post("webhook.create", url=url, batchSize=batch_size)

    def connect(self, app: str, name: str, credentials: Mapping[str, str]) -> str:
        """Connect an account; return the integration's id."""
        made = self.post(
            "integration.import",
            originOrgId=name,
            originOrgName=name,
            appId=app,
            credentials=dict(credentials),
        )
        return str(made["integrationId"])

    def wait(self) -> None:
        """Return when it answers."""
        ends = time.monotonic() + PATIENCE
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/health"):  # noqa: S310
                    return
            except OSError:
                if time.monotonic() > ends:
                    raise
                time.sleep(0.05)

    def _call(self, verb: str, path: str, integration: str, body: bytes | None) -> Any:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        if integration:
            headers["X-Integration-Id"] = integration
        request = urllib.request.Request(  # noqa: S310 – our own server, on loopback
            f"{self.url}/v1.0/{path}", data=body, headers=headers, method=verb
        )
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{path}: {error.code} {error.read()[:2000]!r}") from None


@dataclass(frozen=True)
class Run:
    """What a run of a sync came to."""

    state: str
    seconds: float  # from the call that asked for it to its end
    processed: int
    emitted: int
    calls: int

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Run":
        if told["state"] != "COMPLETE":
            raise RuntimeError(f"a run ended badly: {told}")
        begun, ended = (datetime.fromisoformat(told[at]) for at in ("createdAt", "finishedAt"))
        seconds = (ended - begun).total_seconds()
        return cls(
            told["state"], seconds, told["processed"], told["emitted"], told["upstreamCalls"]
        )


@contextlib.contextmanager
def installed(origins: Mapping[str, str] | None = None) -> Iterator[Installation]:
    """Make a home for as long as this lasts; `origins` leads vendors' addresses elsewhere."""
    with tempfile.TemporaryDirectory(prefix="hl-bench-") as home:
        environ = os.environ | {
            "HIRELOOM_HOME": home,
            "HIRELOOM_ORIGINS": json.dumps(dict(origins or {})),
            "HIRELOOM_ALLOW_PRIVATE_WEBHOOKS": "1",
            "HIRELOOM_LOG_LEVEL": "error",
        }
        yield Installation(Path(home), environ)


GREENHOUSE = ("https://harvest.greenhouse.io", "https://auth.greenhouse.io")
GREENHOUSE_LOGIN = {"clientId": "bench", "clientSecret": "bench"}


def greenhouse_at(base_url: str) -> dict[str, str]:
    """Return the origin map that leads Greenhouse to the page server."""
    return dict.fromkeys(GREENHOUSE, base_url)

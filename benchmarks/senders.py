"""Who delivers in the delivery benchmarks: Hireloom, and what one would build with a task queue.

Each runs its own worker process, and events are put in by another process, as in earnest.
"""

import asyncio
import contextlib
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Protocol

from benchmarks import environments, installation
from benchmarks.environments import ROOT, environment, variables
from benchmarks.installation import Installation
from benchmarks.rivals.letters import SECRET, Plan
from hireloom.store import integrations, masters, webhooks
from hireloom.store.seal import OURS

CONNECTIONS = 64  # to one endpoint at a time; Hireloom allows itself no more
PATIENCE = 180.0  # seconds for all events to come
WARMING = 50  # events before the measurement


@dataclass(frozen=True)
class Put:
    """When events were put in, on the clock that all processes of the machine share."""

    started: float
    ended: float
    times: Mapping[str, float]


@dataclass(frozen=True)
class Sender:
    """A contender that is ready: events can be put in, and its worker can be started."""

    start: Callable[[], AbstractContextManager[int]]  # runs the worker; its process id
    store: int  # the process that keeps the events: Redis or PostgreSQL
    command: Sequence[str]  # puts events in
    environ: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict)  # by address, to verify signatures

    def put(self, plan: Plan) -> Put:
        """Put events in; return when all of them are."""
        done = subprocess.run(
            self.command,
            cwd=ROOT,
            env=self.environ,
            input=json.dumps(asdict(plan)),
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            sys.exit(f"{self.command} failed:\n{done.stderr[-4000:]}")
        return Put(**json.loads(done.stdout.splitlines()[-1]))


class Contender(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def does(self) -> str: ...

    @property
    def times(self) -> int: ...

    def ready(self, urls: Sequence[str]) -> AbstractContextManager[Sender]: ...


@dataclass(frozen=True)
class Rival:
    """A task queue on Redis."""

    name: str
    does: str
    environment: str
    fsync: str
    worker: tuple[str, ...]  # the module that runs the worker, and its options
    times: int = 1  # as many events as the slowest gets, so that the fast ones run for seconds

    @contextlib.contextmanager
    def ready(self, urls: Sequence[str]) -> Iterator[Sender]:
        python = str(environment(self.environment))
        with environments.redis(self.fsync) as (url, store):
            environ = variables() | {"BENCH_REDIS": url, "BENCH_CONNECTIONS": str(CONNECTIONS)}
            command = [python, "-m", f"benchmarks.rivals.{self.environment}_deliver"]
            secrets = dict.fromkeys(urls, SECRET)
            start = partial(self._work, [python, "-m", *self.worker], environ)
            yield Sender(start, store, command, environ, secrets)

    @contextlib.contextmanager
    def _work(self, command: Sequence[str], environ: Mapping[str, str]) -> Iterator[int]:
        quiet = subprocess.DEVNULL
        with subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=quiet, stderr=quiet
        ) as process:
            try:
                yield process.pid
            finally:
                process.kill()


def celery(fsync: str) -> Rival:
    options = "--pool threads --without-gossip --without-mingle --without-heartbeat"
    app = "-A benchmarks.rivals.celery_deliver"
    worker = f"celery {app} worker {options} --concurrency {CONNECTIONS} --loglevel ERROR"
    name = f"Celery, fsync {fsync}"
    return Rival(name, "threads, acks_late, requests", "celery", fsync, tuple(worker.split()))


def arq(fsync: str) -> Rival:
    worker = ("arq", "benchmarks.rivals.arq_deliver.WorkerSettings")
    return Rival(f"arq, fsync {fsync}", "asyncio, aiohttp", "arq", fsync, worker)


@dataclass(frozen=True)
class Hireloom:
    """`hireloom worker` with the PostgreSQL that comes along."""

    name: str = "Hireloom"
    does: str = "sealed, in order per record, with a log"
    batch_size: int = 1
    times: int = 5

    @contextlib.contextmanager
    def ready(self, urls: Sequence[str]) -> Iterator[Sender]:
        with installation.installed() as home, home.database() as store:
            integration_id, made = asyncio.run(self._register(home, urls))
            targets = home.home / "targets.json"
            targets.write_text(
                json.dumps({url: webhook_id for url, (webhook_id, _) in made.items()})
            )
            environ = {
                **home.environ,
                "BENCH_INTEGRATION": integration_id,
                "BENCH_TARGETS": str(targets),
            }
            command = [sys.executable, "-m", "benchmarks.rivals.hireloom_deliver"]
            secrets = {url: secret for url, (_, secret) in made.items()}
            yield Sender(home.worker, store, command, environ, secrets)

    async def _register(
        self, home: Installation, urls: Sequence[str]
    ) -> tuple[str, dict[str, tuple[str, str]]]:
        """Make an account and a webhook per address; return their ids and secrets."""
        account = integrations.NewIntegration(
            connector="greenhouse",
            category="ats",
            origin_org_id="bench",
            origin_org_name="Bench",
        )
        made = {}
        async with home.desk() as desk, desk.pool.acquire() as conn:
            kept = await integrations.create(conn, desk.vault, account, b"{}")
            key = await masters.own_key(conn, desk.vault)
            for url in urls:
                new = webhooks.NewWebhook(url=url, integration_id=OURS, batch_size=self.batch_size)
                webhook, secret = await webhooks.create(conn, key, new)
                made[url] = (webhook.id, secret)
        return kept.id, made


@dataclass(frozen=True)
class Receiver:
    """The receiver as its users see it."""

    url: str

    def hook(self, name: str, after: str = "") -> str:
        return f"{self.url}/hook/{name}" + (f"?after={after}" if after else "")

    def tally(self, name: str) -> dict[str, Any]:
        return self._get(f"tally/{name}")

    def arrivals(self, name: str) -> dict[str, float]:
        return self._get(f"arrivals/{name}")

    def records(self, name: str) -> dict[str, list[float]]:
        found: dict[str, list[float]] = self._get(f"records/{name}")
        return found

    def forget(self) -> None:
        request = urllib.request.Request(f"{self.url}/forget", data=b"")  # noqa: S310 – loopback
        urllib.request.urlopen(request).close()  # noqa: S310 – loopback

    def wait(self, name: str, events: int, patience: float = PATIENCE) -> dict[str, Any]:
        """Return the tally when so many different events have come."""
        ends = time.monotonic() + patience
        while True:
            tally = self.tally(name)
            if tally["distinct"] >= events:
                return tally
            if time.monotonic() > ends:
                sys.exit(f"only {tally['distinct']} of {events} events came to {name}")
            time.sleep(0.05)

    def _get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.url}/{path}") as answer:  # noqa: S310 – loopback
            return json.load(answer)


def warmed(sender: Sender, receiver: Receiver, name: str, url: str) -> None:
    """Let a worker that was just started send a little, until it is idle again."""
    sender.put(Plan(f"warm{time.monotonic_ns()}-", [url], WARMING))
    receiver.wait(name, WARMING, 60.0)
    receiver.forget()

"""A worker's figures for Prometheus: what it did, and how far all workers are behind."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge

from hireloom.deliver.courier import Outcome
from hireloom.ledger import AWAY, Ledger
from hireloom.settings import Address
from hireloom.store import arrears
from hireloom.store.problems import StartError

LOOK_SECONDS = 5.0  # for the database to say what is due; then those figures are not known

log = structlog.get_logger()


class Figures:
    """Counters of this process; the gauges are of the whole installation, at the time of asking."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self.registry = CollectorRegistry()
        self._jobs = Counter(
            "hireloom_jobs",
            "Background jobs that this process carried out: done, put_back (the database was away)"
            " or defect.",
            ("entrypoint", "outcome"),
            registry=self.registry,
        )
        self._slices = Counter(
            "hireloom_run_slices",
            "Slices of syncs' runs: done, or the code of the error that stopped one.",
            ("outcome",),
            registry=self.registry,
        )
        self._deliveries = Counter(
            "hireloom_deliveries",
            "Attempts to deliver an event: acknowledged, refused or unanswered.",
            ("outcome",),
            registry=self.registry,
        )
        self._due = Gauge(
            "hireloom_jobs_due",
            "Background jobs whose time has come and that no worker has taken.",
            ("entrypoint",),
            registry=self.registry,
        )
        self._oldest_delivery = Gauge(
            "hireloom_oldest_due_delivery_seconds",
            "How long the oldest event that could be delivered has waited for it.",
            registry=self.registry,
        )
        self._oldest_run = Gauge(
            "hireloom_oldest_due_run_seconds",
            "How long the oldest run of a sync has waited for a worker.",
            registry=self.registry,
        )

    def worked(self, entrypoint: str, outcome: str) -> None:
        self._jobs.labels(entrypoint, outcome).inc()

    def sliced(self, outcome: str) -> None:
        self._slices.labels(outcome).inc()

    def delivered(self, letters: int, outcome: Outcome) -> None:
        self._deliveries.labels(outcome.kind).inc(letters)

    async def look(self) -> None:
        """Ask the database what is due."""
        try:
            async with asyncio.timeout(LOOK_SECONDS), self._pool.acquire() as conn:
                found = await arrears.look(conn)
        except AWAY:
            found = arrears.Arrears(jobs={}, oldest_delivery=math.nan, oldest_run=math.nan)
        self._due.clear()
        for entrypoint, waiting in found.jobs.items():
            self._due.labels(entrypoint).set(waiting)
        self._oldest_delivery.set(found.oldest_delivery)
        self._oldest_run.set(found.oldest_run)


@asynccontextmanager
async def listening(ledger: Ledger, address: Address | None) -> AsyncIterator[None]:
    """Offer `/metrics` where the settings name an address for it. Raises StartError."""
    if address is None:
        yield
        return

    async def tell(_: web.Request) -> web.Response:
        return web.Response(body=await ledger.told(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.router.add_get("/metrics", tell)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, address.host, address.port).start()
        except OSError as error:
            raise StartError(
                f"Metrics cannot be offered on {address}: {error.strerror}.",
                "Name another address in HIRELOOM_METRICS_ADDRESS, or stop what uses it.",
            ) from None
        log.info("Metrics are offered", url=f"http://{address}/metrics")
        yield
    finally:
        await runner.cleanup()

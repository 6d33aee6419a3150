"""More worker processes where vendors are the bottleneck, and what a slow vendor costs the others.

Every page of the vendor takes two seconds, so that workers wait most of the time. 96 accounts of
100 applications are read by 1, 2 and 4 processes of `hireloom worker`, each run telling of every
record anew; measured from the start of the first run to the end of the last one. Then 48 accounts
by one worker, alone and beside 48 accounts at a vendor whose lists take ten seconds a page.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from benchmarks import measure
from benchmarks.environments import ROOT, free_port, serving
from benchmarks.installation import (
    GREENHOUSE_LOGIN,
    Installation,
    Service,
    greenhouse_at,
    installed,
)
from hireloom.desk import Desk

LATENCY = 2.0
RECORDS = 100  # of an account: one page, and one of bare ids
ACCOUNTS = 96
STARTING = 4.0  # seconds for the workers to come up
BESIDE = 48
WORKERS = (1, 2, 4)
MODELS = ["application_questionResponses"]
AT_ONCE = 16  # accounts that are connected side by side
PATIENCE = 300.0
LEVER = "https://api.lever.co"

OPEN = """
select count(*) from sync_runs join integrations on integrations.id = integration_id
 where connector = 'greenhouse' and sync_runs.state in ('queued', 'running')
"""
TIMES = """
select extract(epoch from max(finished_at) - min(started_at))::float8, sum(emitted)::bigint
  from sync_runs where id = any ($1)
"""


@dataclass(frozen=True)
class Fleet:
    """One installation with its accounts."""

    home: Installation
    greenhouse: Sequence[str]
    lever: Sequence[str]

    def rate(self, workers: int, *, slow: bool = False) -> float:
        """Read all accounts at Greenhouse with so many workers; return the records per second."""
        with ExitStack() as stack:
            service = stack.enter_context(self.home.serve("web"))
            for _ in range(workers):
                stack.enter_context(self.home.worker())
            time.sleep(STARTING)
            if slow:
                self._start(service, self.lever)
            runs = self._start(service, self.greenhouse)
            seconds, events = asyncio.run(self._ended(runs))
        if events != len(runs) * RECORDS:
            sys.exit(f"{events:,} events instead of {len(runs) * RECORDS:,}")
        return events / seconds

    def _start(self, service: Service, accounts: Sequence[str]) -> list[str]:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(
                pool.map(lambda one: service.start(one, models=MODELS, resend=True), accounts)
            )

    async def _ended(self, runs: Sequence[str]) -> tuple[float, int]:
        ends = time.monotonic() + PATIENCE
        async with self.home.desk() as desk:
            while await self._open(desk):
                if time.monotonic() > ends:
                    sys.exit("the syncs did not end")
                await asyncio.sleep(0.25)
            row = await desk.pool.fetchrow(TIMES, runs)
            return row[0], row[1]

    async def _open(self, desk: Desk) -> int:
        return int(await desk.pool.fetchval(OPEN))


@contextmanager
def fleet(greenhouse: int, lever: int = 0) -> Iterator[Fleet]:
    """Connect so many accounts at each vendor, and register an endpoint that is down."""
    with ExitStack() as stack:
        vendor = stack.enter_context(serving(RECORDS, latency=LATENCY))
        origins = greenhouse_at(vendor) | {LEVER: f"{vendor}/slow"}
        home = stack.enter_context(installed(origins))
        stack.enter_context(home.database())
        with home.serve("web") as service, ThreadPoolExecutor(AT_ONCE) as pool:
            service.webhook(f"http://127.0.0.1:{free_port()}/")

            def connect(number: int) -> str:
                if number < greenhouse:
                    return service.connect("greenhouse", f"org-{number}", GREENHOUSE_LOGIN)
                return service.connect("lever", f"org-{number}", {"apiKey": "bench"})

            made = list(pool.map(connect, range(greenhouse + lever)))
        yield Fleet(home, made[:greenhouse], made[greenhouse:])


def scaled(rounds: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {f"{workers} workers": [] for workers in WORKERS}
    for number in range(rounds):
        with fleet(ACCOUNTS) as accounts:
            for name, workers in zip(found, WORKERS, strict=True):
                note(found, name, number, accounts.rate(workers))
    return found


def beside_slow(rounds: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"alone": [], "beside a slow vendor": []}
    for number in range(rounds):
        with fleet(BESIDE, BESIDE) as accounts:
            for name, slow in zip(found, (False, True), strict=True):
                note(found, name, number, accounts.rate(1, slow=slow))
    return found


def note(found: dict[str, list[float]], name: str, number: int, rate: float) -> None:
    found[name].append(rate)
    print(f"round {number + 1}: {name}: {rate:,.0f} records/s", file=sys.stderr)


def report(title: str, found: dict[str, list[float]]) -> None:
    """Print a table: the first line is what the others are compared with."""
    base = measure.median(next(iter(found.values())))
    rows = [
        [
            name,
            f"{measure.median(rates):,.0f}",
            measure.spread(rates),
            f"{measure.median(rates) / base:.2f} ×",
        ]
        for name, rates in found.items()
    ]
    columns = ["", "records/s", "lowest to highest", "of the first line"]
    measure.show(title, columns, rows, measure.machine_line())


def main(arguments: list[str]) -> None:
    """Run both, print the tables and write benchmarks/results/scale.json."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks scale", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    workers, slow = scaled(options.rounds), beside_slow(options.rounds)
    rounds = f"median of {options.rounds} rounds"
    report(f"{ACCOUNTS} accounts, {LATENCY:.0f} s a page, {rounds}", workers)
    report(f"{BESIDE} accounts, one worker, {rounds}", slow)
    path = measure.save("scale", {"workers": workers, "beside_a_slow_vendor": slow})
    print(f"written to {path.relative_to(ROOT)}")

"""Sync an account of Greenhouse's: the whole path, beside dlt's whole pipeline into DuckDB.

Whole path: fetch, map, fingerprint, seal and commit each page's events to the outbox, with a
receiver that is down, so that nothing is delivered meanwhile; one line has a receiver and counts
until it has everything. Both sides read the same pages from the same local server; Hireloom with
the model `application_questionResponses`, which takes no look-ups, as `extract` does. The second
runs follow on the first one: nothing changed, then one in a hundred applications.
"""

import argparse
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks import measure
from benchmarks.environments import ROOT, environment, free_port, receiving, serving, variables
from benchmarks.greenhouse_account import application_ids
from benchmarks.installation import (
    GREENHOUSE_LOGIN,
    Installation,
    Service,
    greenhouse_at,
    installed,
)
from benchmarks.rivals import contract
from benchmarks.senders import Receiver

MODELS = ("application_questionResponses",)
BATCH = 100
FIRST = "first run, into the outbox"
DELIVERED = "first run, delivered in batches"
UNCHANGED = "full run, nothing changed"
DELTA = "delta run, nothing changed"
DELTA_CHANGED = "delta run, 1 % changed"
FULL_CHANGED = "full run, 1 % changed"


@dataclass
class Line:
    """What the rounds of one contender, or of one kind of run, came to."""

    records: int
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)  # seconds of all processes of the contender
    peaks: list[float] = field(default_factory=list)
    requests: int = 0
    read: int = 0
    ids: int = 0
    events: int = 0

    @property
    def rates(self) -> list[float]:
        return [self.records / seconds for seconds in self.seconds]

    @property
    def rate(self) -> float:
        return measure.median(self.rates)


Lines = dict[str, Line]


@dataclass(frozen=True)
class Vendor:
    """The page server as the benchmark sees it."""

    url: str

    def tally(self) -> dict[str, int]:
        with urllib.request.urlopen(f"{self.url}/tally") as answer:  # noqa: S310 – loopback
            found: dict[str, int] = json.load(answer)
            return found

    def touch(self, share: float) -> None:
        request = urllib.request.Request(  # noqa: S310 – loopback
            f"{self.url}/touch?share={share}", data=b"", method="POST"
        )
        urllib.request.urlopen(request).close()  # noqa: S310 – loopback


@dataclass(frozen=True)
class Side:
    """Hireloom at work on one account."""

    vendor: Vendor
    home: Installation
    service: Service
    account: str
    lines: Lines
    records: int

    def line(self, name: str) -> Line:
        return self.lines.setdefault(name, Line(self.records))

    @contextmanager
    def measured(self, name: str) -> Iterator[Line]:
        """Count what a run costs, on this side and on the vendor's."""
        line = self.line(name)
        processes = (self.service.pid, self.home.database_pid())
        self.vendor.tally()
        before = sum(map(measure.cpu_seconds, processes))
        yield line
        line.cpu.append(sum(map(measure.cpu_seconds, processes)) - before)
        line.peaks.append(measure.peak_mb_of(self.service.pid))
        tally = self.vendor.tally()
        line.requests, line.read, line.ids = tally["requests"], tally["records"], tally["ids"]
        told(name, line)

    def run(self, name: str, sync_type: str) -> None:
        with self.measured(name) as line:
            run = self.service.sync(self.account, syncType=sync_type, models=list(MODELS))
            line.seconds.append(run.seconds)
            line.events = run.emitted


def told(name: str, line: Line) -> None:
    seconds, rate = line.seconds[-1], line.rates[-1]
    print(f"{name}: {seconds:.1f} s, {rate:,.0f} records/s", file=sys.stderr)


@contextmanager
def side(vendor: Vendor, hook: str, batch: int, lines: Lines, records: int) -> Iterator[Side]:
    """Start Hireloom, connect the account and register an endpoint."""
    with ExitStack() as stack:
        home = stack.enter_context(installed(greenhouse_at(vendor.url)))
        service = stack.enter_context(home.serve())
        service.webhook(hook, batch_size=batch)
        account = service.connect("greenhouse", "bench", GREENHOUSE_LOGIN)
        yield Side(vendor, home, service, account, lines, records)


def all_runs(vendor: Vendor, lines: Lines, records: int) -> None:
    """The first run and those that follow, into an outbox that nobody empties."""
    down = f"http://127.0.0.1:{free_port()}/"
    with side(vendor, down, 1, lines, records) as ours:
        ours.run(FIRST, "initial_sync")
        ours.run(UNCHANGED, "initial_sync")
        ours.run(DELTA, "delta_sync")
        vendor.touch(0.01)
        ours.run(DELTA_CHANGED, "delta_sync")
        vendor.touch(0.01)
        ours.run(FULL_CHANGED, "initial_sync")
    if lines[FIRST].events != records:
        sys.exit(f"Hireloom told of {lines[FIRST].events} of {records} applications")


def delivered(vendor: Vendor, receiver: Receiver, lines: Lines, records: int) -> None:
    """The first run with a receiver that is there, until it has everything."""
    receiver.forget()
    with (
        side(vendor, receiver.hook("user"), BATCH, lines, records) as ours,
        ours.measured(DELIVERED) as line,
    ):
        started = time.monotonic()
        run = ours.service.sync(ours.account, models=list(MODELS))
        tally = receiver.wait("user", records)
        line.seconds.append(tally["last"] - started)
        line.events = run.emitted


def dlt(vendor: Vendor, file_format: str, lines: Lines, records: int) -> None:
    """dlt's whole pipeline into DuckDB; refuse its figures unless it read every application."""
    name = "dlt, tuned to Parquet" if file_format == "parquet" else "dlt as it comes"
    command = [str(environment("dlt")), "-m", "benchmarks.rivals.dlt_extract"]
    options = ["--url", vendor.url, "--whole", file_format]
    done = subprocess.run(
        [*command, *options], cwd=ROOT, env=variables(), check=False, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"dlt failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    checksum = contract.fingerprint(application_ids(records))
    if (figures["records"], figures["checksum"]) != (records, checksum):
        sys.exit(f"dlt did not read the {records:,} applications: {figures}")
    line = lines.setdefault(name, Line(records))
    line.seconds.append(figures["seconds"])
    line.cpu.append(figures["cpu_seconds"])
    line.peaks.append(figures["peak_rss_mb"])
    tally = vendor.tally()
    line.requests, line.read = tally["requests"], tally["records"]
    told(name, line)


def report(lines: Lines, title: str) -> None:
    """Print the table, and how the first run compares with the rivals."""
    rows = [
        [
            name,
            f"{measure.median(line.seconds):.1f}",
            f"{line.rate:,.0f}",
            f"{line.requests:,}",
            f"{line.read:,}",
            f"{line.ids:,}",
            f"{line.events:,}",
            f"{measure.median(line.cpu):.1f}",
            f"{max(line.peaks):,.0f}",
        ]
        for name, line in lines.items()
    ]
    columns = [
        "run", "s", "records/s", "requests", "read", "ids", "events", "CPU s", "peak MB",
    ]  # fmt: skip
    note = f"{measure.machine_line()}; CPU of serve and PostgreSQL, memory of serve alone"
    measure.show(title, columns, rows, note)
    ours = lines[FIRST]
    for name, line in lines.items():
        print(f"{name}: {measure.spread(line.rates)} records/s", end="")
        print(f"; {FIRST} is {ours.rate / line.rate:.1f} times that" if "dlt" in name else "")


def main(arguments: Sequence[str]) -> None:
    """Run the competition, print the table and write benchmarks/results/sync.json."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks sync", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--untuned", action="store_true", help="dlt as it comes, too: slow")
    parser.add_argument("--alone", action="store_true", help="Hireloom alone")
    options = parser.parse_args(arguments)
    formats = [] if options.alone else ["parquet", *(["default"] if options.untuned else [])]
    lines: Lines = {}
    for _ in range(options.rounds):
        # A vendor of its own for each round: the runs with changes alter the account.
        with serving(options.records) as url, receiving() as receiver:
            vendor = Vendor(url)
            for file_format in formats:
                dlt(vendor, file_format, lines, options.records)
            delivered(vendor, Receiver(receiver), lines, options.records)
            all_runs(vendor, lines, options.records)
    title = f"{options.records:,} Greenhouse applications, median of {options.rounds} rounds"
    report(lines, title)
    found = {name: asdict(line) for name, line in lines.items()}
    path = measure.save("sync", {"records": options.records, "lines": found})
    print(f"written to {path.relative_to(ROOT)}")

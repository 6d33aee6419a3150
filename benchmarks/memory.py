"""The peak memory of `hireloom serve`, or of `web` and `worker` apart, for accounts of any size.

Each size has a new installation, which syncs the account once (the model
`application_questionResponses`) to a receiver that takes batches of 100, so that every event is
also delivered; the peak is the highest resident memory that the kernel noted (VmHWM).
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from benchmarks import measure
from benchmarks.environments import ROOT, receiving, serving
from benchmarks.installation import (
    GREENHOUSE_LOGIN,
    Installation,
    Service,
    greenhouse_at,
    installed,
)
from benchmarks.senders import Receiver

SIZES = (10_000, 100_000, 1_000_000)
MODELS = ["application_questionResponses"]
BATCH = 100


@dataclass
class Peaks:
    """Of one size, by process, in MB; and how long the sync took."""

    by_process: dict[str, list[float]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)


@contextmanager
def running(home: Installation, split: bool) -> Iterator[tuple[Service, dict[str, int]]]:
    """Run it in one process, or in two; yield the API and the process ids by command."""
    with ExitStack() as stack:
        service = stack.enter_context(home.serve("web" if split else "serve"))
        if not split:
            yield service, {"serve": service.pid}
            return
        worker = stack.enter_context(home.worker())
        yield service, {"web": service.pid, "worker": worker}


def run(records: int, split: bool, peaks: Peaks) -> None:
    """Sync an account of this size once, until everything is delivered."""
    with ExitStack() as stack:
        vendor = stack.enter_context(serving(records))
        receiver = Receiver(stack.enter_context(receiving()))
        home = stack.enter_context(installed(greenhouse_at(vendor)))
        service, processes = stack.enter_context(running(home, split))
        service.webhook(receiver.hook("user"), batch_size=BATCH)
        account = service.connect("greenhouse", "bench", GREENHOUSE_LOGIN)
        done = service.sync(account, models=MODELS)
        receiver.wait("user", records, patience=600.0)
        for name, pid in processes.items():
            peaks.by_process.setdefault(name, []).append(measure.peak_mb_of(pid))
        peaks.seconds.append(done.seconds)
    found = {name: round(of[-1]) for name, of in peaks.by_process.items()}
    print(f"{records:,} applications in {done.seconds:.0f} s: {found} MB", file=sys.stderr)


def report(found: dict[int, Peaks], rounds: int) -> None:
    """Print the table."""
    names = list(next(iter(found.values())).by_process)
    rows = [
        [
            f"{size:,}",
            *(f"{max(peaks.by_process[name]):,.0f}" for name in names),
            f"{measure.median(peaks.seconds):,.0f}",
        ]
        for size, peaks in found.items()
    ]
    columns = ["applications", *(f"{name}, peak MB" for name in names), "seconds to read"]
    title = f"Peak memory of a sync with delivery, highest of {rounds} rounds"
    measure.show(title, columns, rows, measure.machine_line())


def main(arguments: list[str]) -> None:
    """Run every size, print the table and write benchmarks/results/memory.json."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks memory", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--split", action="store_true", help="web and worker as two processes")
    options = parser.parse_args(arguments)
    found = {size: Peaks() for size in options.sizes}
    for _ in range(options.rounds):
        for size, peaks in found.items():
            run(size, options.split, peaks)
    report(found, options.rounds)
    result = {
        str(size): {"peak_mb": peaks.by_process, "seconds": peaks.seconds}
        for size, peaks in found.items()
    }
    path = measure.save("memory", {"split": options.split, "sizes": result})
    print(f"written to {path.relative_to(ROOT)}")

"""Deliver signed webhooks: Hireloom, Celery on Redis and arq on Redis, to the same receiver.

All send the same events of 2 kB, signed as Standard Webhooks has it, with up to 64 connections to
an endpoint, and try again what fails. What was put in survives the loss of power with each of
them: Redis syncs its file with every write, as PostgreSQL does with every commit. Measured from
the first event put in to the last one received; who goes first changes with every round.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook

from benchmarks import measure, senders
from benchmarks.environments import ROOT, receiving
from benchmarks.rivals.letters import Plan
from benchmarks.senders import Contender, Hireloom, Receiver, Sender

DELAYS = (0.0, 0.1)  # seconds that the receiver takes to acknowledge


@dataclass
class Runs:
    """What one contender's rounds came to."""

    rates: list[float] = field(default_factory=list)  # events/s from the first put on
    sending: list[float] = field(default_factory=list)  # events/s from the first arrival on
    worker: list[float] = field(default_factory=list)  # processor time per event, in ms
    store: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return measure.median(self.rates)


def run(contender: Contender, receiver: Receiver, delay: float, events: int, runs: Runs) -> None:
    """Let a contender deliver so many events; refuse its figures where a signature is wrong."""
    name = contender.name.lower().replace(" ", "-")
    url = receiver.hook(name, str(delay) if delay else "")
    receiver.forget()
    with contender.sending([url]) as sender:
        senders.warmed(sender, receiver, name, url)
        receiver.forget()
        worker, store = measure.cpu_seconds(sender.worker), measure.cpu_seconds(sender.store)
        put = sender.put(Plan(f"evt{time.monotonic_ns()}", [url], events))
        tally = receiver.wait(name, events)
        time.sleep(0.5)  # what is noted after the last answer counts as well
        worker = measure.cpu_seconds(sender.worker) - worker
        store = measure.cpu_seconds(sender.store) - store
        verify(tally, sender, url)
    runs.rates.append(events / (tally["last"] - put.started))
    runs.sending.append(events / (tally["last"] - tally["first"]))
    runs.worker.append(worker * 1000 / events)
    runs.store.append(store * 1000 / events)


def verify(tally: dict[str, Any], sender: Sender, url: str) -> None:
    """Raise where a message that was kept is not signed."""
    for sample in tally["samples"]:
        Webhook(sender.secrets[url]).verify(sample.pop("body"), sample)


def compete(
    contenders: Sequence[Contender], delay: float, events: int, rounds: int
) -> dict[str, Runs]:
    """Run every contender in every round, in rotating order."""
    results = {contender.name: Runs() for contender in contenders}
    with receiving() as url:
        receiver = Receiver(url)
        for number in range(rounds):
            first = number % len(contenders)
            for contender in (*contenders[first:], *contenders[:first]):
                others = measure.busy()
                runs = results[contender.name]
                run(contender, receiver, delay, events, runs)
                told = f"{runs.rates[-1]:,.0f} events/s, others {others:.0%}"
                print(f"round {number + 1}: {contender.name}: {told}", file=sys.stderr)
    return results


def report(contenders: Sequence[Contender], results: dict[str, Runs], title: str) -> None:
    """Print the table."""
    ours = results.get("Hireloom")
    rows = []
    for contender in contenders:
        runs = results[contender.name]
        rows.append(
            [
                contender.name,
                contender.does,
                f"{runs.rate:,.0f}",
                measure.spread(runs.rates),
                f"{ours.rate / runs.rate:.2f} ×" if ours else "",
                f"{measure.median(runs.sending):,.0f}",
                f"{measure.median(runs.worker):.2f}",
                f"{measure.median(runs.store):.2f}",
            ]
        )
    columns = [
        "contender", "does", "events/s", "lowest to highest", "Hireloom is",
        "sending alone", "worker ms/event", "store ms/event",
    ]  # fmt: skip
    measure.show(title, columns, rows, measure.machine_line())


def known(fsync: str) -> list[Contender]:
    """Return everybody who can take part."""
    batched = Hireloom("Hireloom batched", "up to 100 events a POST", 100)
    return [senders.celery(fsync), senders.arq(fsync), Hireloom(), batched]


def main(arguments: list[str]) -> None:
    """Run the competition, print the tables and write benchmarks/results/deliver.json."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks deliver", description=__doc__)
    parser.add_argument("--events", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--fsync", choices=("always", "everysec"), default="always")
    parser.add_argument("--only", metavar="NAMES", help="contenders, separated by commas")
    options = parser.parse_args(arguments)
    contenders = known(options.fsync)
    if options.only:
        contenders = [one for one in contenders if one.name in options.only.split(",")]
    found = {}
    for delay in DELAYS:
        results = compete(contenders, delay, options.events, options.rounds)
        title = (
            f"{options.events:,} events to a receiver that takes {delay * 1000:.0f} ms, median of "
            f"{options.rounds} rounds; Redis with appendfsync {options.fsync}"
        )
        report(contenders, results, title)
        found[f"{delay * 1000:.0f} ms"] = {
            name: {
                "events_per_second": round(runs.rate),
                "rounds": [round(rate) for rate in runs.rates],
                "sending_alone": round(measure.median(runs.sending)),
                "worker_ms": round(measure.median(runs.worker), 3),
                "store_ms": round(measure.median(runs.store), 3),
            }
            for name, runs in results.items()
        }
    path = measure.save("deliver", {"events": options.events, "receivers": found})
    print(f"written to {path.relative_to(ROOT)}")

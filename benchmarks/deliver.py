"""Deliver signed webhooks: Hireloom, Celery on Redis and arq on Redis, to the same receiver.

All send the same events of 2 kB, signed as Standard Webhooks has it, with up to 64 connections to
an endpoint, and try again what fails. PostgreSQL syncs every commit to the disk; Redis does so
with every write (`appendfsync always`), or as most run it, every second. Measured from the first
event put in to the last one received, and for a backlog that waits when the worker starts, from
its first event received to its last; who goes first changes with every round.
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

FSYNC = ("everysec", "always")  # what Redis may lose: a second, or nothing
DELAYS = (0.0, 0.1)  # seconds that the receiver takes to acknowledge


@dataclass
class Runs:
    """What one contender's rounds came to."""

    rates: list[float] = field(default_factory=list)  # events/s from the first put on
    waiting: list[float] = field(default_factory=list)  # events/s of those that wait already
    worker: list[float] = field(default_factory=list)  # processor time per event, in ms
    store: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return measure.median(self.rates)


def run(contender: Contender, receiver: Receiver, delay: float, events: int, runs: Runs) -> None:
    """Let a contender deliver so many events, twice; refuse its figures if a signature is wrong."""
    name = contender.name.lower().replace(" ", "-").replace(",", "")
    url = receiver.hook(name, str(delay) if delay else "")
    with contender.ready([url]) as sender:
        with sender.start() as worker:
            senders.warmed(sender, receiver, name, url)
            while_put(sender, receiver, Work(name, url, worker, events), runs)
        if not delay:
            runs.waiting.append(of_a_backlog(sender, receiver, name, url, events))


def of_a_backlog(sender: Sender, receiver: Receiver, name: str, url: str, events: int) -> float:
    """Send what waits when the worker starts; return the events per second."""
    receiver.forget()
    sender.put(Plan(f"evt{time.monotonic_ns()}-", [url], events))
    with sender.start():
        tally = receiver.wait(name, events)
    return events / float(tally["last"] - tally["first"])


@dataclass(frozen=True)
class Work:
    """What is to be done in one run."""

    name: str
    url: str
    worker: int
    events: int


def while_put(sender: Sender, receiver: Receiver, work: Work, runs: Runs) -> None:
    """Send while events are put in."""
    spent = measure.cpu_seconds(work.worker), measure.cpu_seconds(sender.store)
    put = sender.put(Plan(f"evt{time.monotonic_ns()}-", [work.url], work.events))
    tally = receiver.wait(work.name, work.events)
    time.sleep(0.5)  # what is noted after the last answer counts as well
    for kept, pid, before in (
        (runs.worker, work.worker, spent[0]),
        (runs.store, sender.store, spent[1]),
    ):
        kept.append((measure.cpu_seconds(pid) - before) * 1000 / work.events)
    runs.rates.append(work.events / (tally["last"] - put.started))
    verify(tally, sender, work.url)


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
                run(contender, receiver, delay, events * contender.times, runs)
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
                f"{measure.median(runs.waiting):,.0f}" if runs.waiting else "",
                f"{measure.median(runs.worker):.2f}",
                f"{measure.median(runs.store):.2f}",
            ]
        )
    columns = [
        "contender", "does", "events/s", "lowest to highest", "Hireloom is",
        "of a backlog", "worker ms/event", "store ms/event",
    ]  # fmt: skip
    measure.show(title, columns, rows, measure.machine_line())


def known() -> list[Contender]:
    """Return everybody who can take part."""
    rivals = [act(fsync) for act in (senders.celery, senders.arq) for fsync in FSYNC]
    return [*rivals, Hireloom(), Hireloom("Hireloom batched", "up to 100 events a POST", 100, 20)]


def main(arguments: list[str]) -> None:
    """Run the competition, print the tables and write benchmarks/results/deliver.json."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks deliver", description=__doc__)
    parser.add_argument("--events", type=int, default=1_500, help="for the slowest")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", metavar="WORD", help="contenders whose name has this word")
    options = parser.parse_args(arguments)
    contenders = [one for one in known() if (options.only or "") in one.name]
    found = {}
    for delay in DELAYS:
        results = compete(contenders, delay, options.events, options.rounds)
        title = (
            f"Events of 2 kB to a receiver that takes {delay * 1000:.0f} ms, median of "
            f"{options.rounds} rounds"
        )
        report(contenders, results, title)
        found[f"{delay * 1000:.0f} ms"] = {
            name: {
                "events_per_second": round(runs.rate),
                "rounds": [round(rate) for rate in runs.rates],
                "of_a_backlog": round(measure.median(runs.waiting or [0])),
                "worker_ms": round(measure.median(runs.worker), 3),
                "store_ms": round(measure.median(runs.store), 3),
            }
            for name, runs in results.items()
        }
    path = measure.save("deliver", {"events": options.events, "receivers": found})
    print(f"written to {path.relative_to(ROOT)}")

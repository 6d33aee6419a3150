"""What a healthy endpoint notices of the sick ones: of a tenth that hang, and of 1,000 dead ones.

Hanging: 50 endpoints, 200 events a second in turn for five seconds; five of the endpoints take a
request and never answer. The delay of an event is from putting it in to its arrival at one of the
other 45. The rivals are those of `deliver`, with as many connections or threads (64).

Dead: one endpoint gets all its events at once; the same beside 1,000 endpoints where nobody
listens, with three events waiting for each of them, put in at the same time or half a minute ago.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks import measure, senders
from benchmarks.environments import ROOT, free_port, receiving
from benchmarks.rivals.letters import Plan
from benchmarks.senders import Contender, Hireloom, Receiver

ENDPOINTS = 50
PER_SECOND = 200
SECONDS = 5
DEAD = 1_000
WAITING = 3  # events for each dead endpoint
KNOWN = 30.0  # seconds


@dataclass
class Delays:
    """What one contender's rounds came to, in ms."""

    medians: list[float] = field(default_factory=list)
    p99s: list[float] = field(default_factory=list)
    highest: list[float] = field(default_factory=list)

    def note(self, delays: Sequence[float]) -> None:
        self.medians.append(measure.median(delays))
        self.p99s.append(measure.percentile(delays, 99))
        self.highest.append(max(delays))


def addresses(receiver: Receiver, sick: int) -> list[str]:
    """Return the endpoints' addresses, the sick ones spread among the others."""
    every = ENDPOINTS // sick if sick else ENDPOINTS + 1
    return [
        receiver.hook(f"sick-{number}", "never")
        if number % every == every - 1
        else receiver.hook(f"healthy/{number}")
        for number in range(ENDPOINTS)
    ]


def delays_of(contender: Contender, receiver: Receiver, sick: int) -> list[float]:
    """Return the delays of the events for healthy endpoints, in ms."""
    urls = addresses(receiver, sick)
    receiver.forget()
    with contender.ready(urls) as sender, sender.start():
        senders.warmed(sender, receiver, "healthy/0", urls[0])
        prefix = f"evt{time.monotonic_ns()}-"
        put = sender.put(Plan(prefix, urls, PER_SECOND * SECONDS, PER_SECOND))
        share = PER_SECOND * SECONDS // ENDPOINTS
        arrivals: dict[str, float] = {}
        for url in urls:
            if "/healthy/" in url:
                name = url.partition("/hook/")[2]
                receiver.wait(name, share)
                arrivals |= receiver.arrivals(name)
    return [(at - put.times[event_id]) * 1000 for event_id, at in arrivals.items()]


def hanging(rounds: int) -> dict[str, Delays]:
    """Run everybody with sick endpoints, and Hireloom without them, too."""
    rivals = [senders.celery("everysec"), senders.arq("everysec")]
    runs: list[tuple[str, Contender, int]] = [
        *((rival.name, rival, ENDPOINTS // 10) for rival in rivals),
        ("Hireloom", Hireloom(), ENDPOINTS // 10),
        ("Hireloom, none hangs", Hireloom(), 0),
    ]
    found = {name: Delays() for name, _, _ in runs}
    with receiving() as url:
        for number in range(rounds):
            first = number % len(runs)
            for name, contender, sick in (*runs[first:], *runs[:first]):
                found[name].note(delays_of(contender, Receiver(url), sick))
                print(
                    f"round {number + 1}: {name}: {found[name].p99s[-1]:,.0f} ms", file=sys.stderr
                )
    return found


def rate_beside(receiver: Receiver, dead: int, known: float, events: int) -> float:
    """Return the events per second that a healthy endpoint gets beside so many dead ones.

    They are known to be dead for so many seconds, or their first events come at the same time.
    """
    healthy = receiver.hook("healthy")
    nobody = free_port()
    urls = [f"http://127.0.0.1:{nobody}/{number}" for number in range(dead)]
    receiver.forget()
    with Hireloom().ready([healthy, *urls]) as sender, sender.start():
        senders.warmed(sender, receiver, "healthy", healthy)
        if dead:
            sender.put(Plan("dead", urls, dead * WAITING))
            time.sleep(known)
        put = sender.put(Plan(f"evt{time.monotonic_ns()}-", [healthy], events))
        tally = receiver.wait("healthy", events)
    return events / float(tally["last"] - put.started)


BESIDE = {
    "alone": (0, 0.0),
    f"beside {DEAD:,} that turn out to be dead": (DEAD, 0.0),
    f"beside {DEAD:,} that are known to be dead": (DEAD, KNOWN),
}


def beside_dead(rounds: int, events: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in BESIDE}
    with receiving() as url:
        for number in range(rounds):
            for name, (dead, known) in BESIDE.items():
                found[name].append(rate_beside(Receiver(url), dead, known, events))
                told = f"{found[name][-1]:,.0f} events/s"
                print(f"round {number + 1}: {name}: {told}", file=sys.stderr)
    return found


def report(found: dict[str, Delays], rates: dict[str, list[float]], rounds: int) -> None:
    """Print both tables."""
    rows = [
        [
            name,
            *(f"{measure.median(one):,.0f}" for one in (of.medians, of.p99s, of.highest)),
            measure.spread(of.p99s),
        ]
        for name, of in found.items()
    ]
    measure.show(
        f"Delay of a healthy endpoint while a tenth hangs, median of {rounds} rounds",
        ["contender", "p50 ms", "p99 ms", "highest ms", "p99, lowest to highest"],
        rows,
        measure.machine_line(),
    )
    alone = measure.median(next(iter(rates.values())))
    rows = [
        [
            name,
            f"{measure.median(of):,.0f}",
            measure.spread(of),
            f"{measure.median(of) / alone:.0%}",
        ]
        for name, of in rates.items()
    ]
    measure.show(
        f"A healthy endpoint of Hireloom, median of {rounds} rounds",
        ["", "events/s", "lowest to highest", "of alone"],
        rows,
        measure.machine_line(),
    )


def main(arguments: list[str]) -> None:
    """Run both, print the tables and write benchmarks/results/hanging.json."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks hanging", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--events", type=int, default=10_000, help="beside dead endpoints")
    options = parser.parse_args(arguments)
    rates = beside_dead(options.rounds, options.events)
    found = hanging(options.rounds)
    report(found, rates, options.rounds)
    result = {
        "hanging": {
            name: {"p50_ms": of.medians, "p99_ms": of.p99s, "highest_ms": of.highest}
            for name, of in found.items()
        },
        "beside_dead": rates,
    }
    path = measure.save("hanging", result)
    print(f"written to {path.relative_to(ROOT)}")

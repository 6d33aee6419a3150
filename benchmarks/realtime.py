"""From a change at the vendor to the event at the user's receiver, by the vendor's own webhook.

The sandbox plays the vendors. A recruiter moves an application to another stage; the vendor sends
its signed webhook, which `hireloom serve` verifies; it reads the record again with its look-ups,
compares it and delivers a signed event. Measured one change after the other, from just before the
change is made to the event's arrival, over several hundred changes.
"""

import argparse
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks import measure
from benchmarks.environments import ROOT, free_port, receiving, wait_for
from benchmarks.installation import COMMAND, Service, installed
from benchmarks.senders import Receiver

VENDORS = ("greenhouse", "lever", "ashby")
SIZE = 500  # applications of each account
MODELS = ["application_info", "application_stage"]
EVENTS = ["ats_applications_new", "ats_applications_modified"]
PATIENCE = 20.0  # seconds for one event
POLL_SECONDS = 0.005
PAUSE = 0.05


@dataclass(frozen=True)
class Sandbox:
    """The simulated vendors."""

    url: str

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data=data)  # noqa: S310 – loopback
        with urllib.request.urlopen(request) as answer:  # noqa: S310 – loopback
            return json.load(answer)

    def active(self, vendor: str) -> list[str]:
        """Return the ids of the applications that can be moved."""
        rows = self.ask(f"/_sandbox/{vendor}/state?kind=applications")
        return [str(row["id"]) for row in rows]

    def move(self, vendor: str, application: str) -> bool:
        """Move an application to its next stage; False where it has none."""
        named: str | int = int(application) if vendor == "greenhouse" else application
        try:
            self.ask(
                f"/_sandbox/{vendor}/change", {"kind": "move_application", "application": named}
            )
        except urllib.error.HTTPError as error:
            error.close()
            return False
        return True


@contextmanager
def sandbox() -> Iterator[Sandbox]:
    port = free_port()
    options = ["--port", str(port), "--size", str(SIZE), "--no-limits"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen([*COMMAND, "sandbox", *options], stdout=quiet, stderr=quiet) as process:
        try:
            wait_for(port, 30.0)
            yield Sandbox(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()


def connect(service: Service, vendors: Sandbox, vendor: str) -> str:
    """Connect an account, hear of its changes, and read it once; return the integration's id."""
    about = vendors.ask("/")["vendors"][vendor]
    account = service.connect(vendor, vendor, about["credentials"])
    told = service.post("events.subscribe", account, events=EVENTS)
    if told["registered"] == "MANUAL":
        by_hand(vendors, vendor, told)
        told = service.post("events.subscribe", account, events=EVENTS)
    service.sync(account, models=MODELS)
    return account


def by_hand(vendors: Sandbox, vendor: str, told: dict[str, Any]) -> None:
    """Do what the answer tells a person to do at the vendor."""
    secret = next(field["value"] for field in told["secretFields"] if field["value"])
    vendors.ask(
        f"/_sandbox/{vendor}/webhooks",
        {"url": told["webhookUrl"], "events": told["upstreamEvents"], "secret": secret},
    )


def delays(vendors: Sandbox, receiver: Receiver, vendor: str, changes: int) -> list[float]:
    """Move applications one after the other; return the delays of their events, in ms."""
    found: list[float] = []
    for application in vendors.active(vendor):
        if len(found) == changes:
            break
        before = len(receiver.records("user").get(application, ()))
        moved = time.monotonic()
        if vendors.move(vendor, application):
            arrived = arrival(receiver, application, before)
            found.append((arrived - moved) * 1000)
            time.sleep(PAUSE)
    return found


def arrival(receiver: Receiver, application: str, before: int) -> float:
    """Wait for one more event about a record; return when it came."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        times = receiver.records("user").get(application, ())
        if len(times) > before:
            return times[before]
        time.sleep(POLL_SECONDS)
    sys.exit(f"no event about {application} came within {PATIENCE:.0f} s")


def measured(changes: int, rounds: int) -> dict[str, list[list[float]]]:
    """Return the delays by vendor and round."""
    found: dict[str, list[list[float]]] = {vendor: [] for vendor in VENDORS}
    for number in range(rounds):
        with ExitStack() as stack:
            vendors = stack.enter_context(sandbox())
            receiver = Receiver(stack.enter_context(receiving()))
            home = stack.enter_context(installed(vendors.ask("/")["origins"]))
            service = stack.enter_context(home.serve())
            service.webhook(f"{receiver.url}/watch/user")
            for vendor in VENDORS:
                connect(service, vendors, vendor)
                receiver.wait("user", 1)
                settle(receiver)
                one = delays(vendors, receiver, vendor, changes)
                found[vendor].append(one)
                told = f"p50 {measure.median(one):.0f} ms of {len(one)} changes"
                print(f"round {number + 1}: {vendor}: {told}", file=sys.stderr)
    return found


def settle(receiver: Receiver) -> None:
    """Wait until the first run's events are all there, and forget them."""
    count = -1
    while (now := receiver.tally("user")["events"]) != count:
        count = now
        time.sleep(1.0)
    receiver.forget()


def report(found: dict[str, list[list[float]]]) -> None:
    """Print the table."""
    rows = []
    for vendor, rounds in found.items():
        medians = [measure.median(one) for one in rounds]
        p99s = [measure.percentile(one, 99) for one in rounds]
        rows.append(
            [
                vendor,
                f"{sum(map(len, rounds)):,}",
                f"{measure.median(medians):,.0f}",
                f"{measure.median(p99s):,.0f}",
                measure.spread(p99s),
            ]
        )
    columns = ["vendor", "changes", "p50 ms", "p99 ms", "p99, lowest to highest"]
    measure.show(
        "From a change at the vendor to the receiver", columns, rows, measure.machine_line()
    )


def main(arguments: list[str]) -> None:
    """Run all vendors, print the table and write benchmarks/results/realtime.json."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks realtime", description=__doc__)
    parser.add_argument("--changes", type=int, default=100, help="at each vendor, per round")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    found = measured(options.changes, options.rounds)
    report(found)
    path = measure.save("realtime", {"delays_ms": found})
    print(f"written to {path.relative_to(ROOT)}")

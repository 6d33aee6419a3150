"""What every sender of the delivery benchmark is given: events of 2 kB, addresses and a pace.

Only the standard library, because each contender runs in an environment of its own.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

BODY_BYTES = 2048
SECRET = "whsec_c2l4dGVlbiBieXRlcyBhdCBsZWFzdCwgb3IgbW9yZQ=="
SECONDS = 15.0  # to acknowledge
ENVELOPE = {
    "eventId": "",
    "eventType": "record.new",
    "eventData": {
        "info": {
            "id": "",
            "status": "ACTIVE",
            "appliedAt": "2026-09-01T09:00:00Z",
            "updatedAt": "2026-09-03T11:24:00Z",
            "jobId": "5000017",
            "isProspect": False,
            "candidate": {"id": "36000000011", "firstName": "Amara", "lastName": "Achterberg"},
        },
        "currentStage": {"id": "9000171", "text": "Phone Screen", "type": "SCREEN", "order": 2},
        "questionResponses": [{"questionText": "Why do you want to join us?", "answer": {}}],
    },
    "syncType": "initial_sync",
    "syncDataType": "ats_applications",
    "triggeredAt": "2026-11-21T10:00:00Z",
    "schemaVersion": "1.0",
}


@dataclass(frozen=True)
class Event:
    """One event for one address."""

    id: str
    url: str
    body: str


@dataclass(frozen=True)
class Plan:
    """How many events, to which addresses in turn, and how many of them a second (0: at once)."""

    prefix: str
    urls: list[str]
    events: int
    per_second: float = 0.0

    def all(self) -> Iterator[Event]:
        for number in range(self.events):
            event_id = f"{self.prefix}{number:07}"
            yield Event(event_id, self.urls[number % len(self.urls)], body_of(event_id))

    def pause(self, number: int, started: float) -> float:
        """Return the seconds until the event of this number is due."""
        if not self.per_second:
            return 0.0
        return max(0.0, started + number / self.per_second - time.monotonic())


def body_of(event_id: str) -> str:
    """Render the event, filled up to its size by the applicant's answer."""
    data = ENVELOPE | {"eventId": event_id, "recordId": event_id}
    text = json.dumps(data, separators=(",", ":"))
    marker = '"answer":{}'
    filling = "x" * (BODY_BYTES - len(text) - len('"text":""'))
    return text.replace(marker, f'"answer":{{"text":"{filling}"}}')


def read_plan() -> Plan:
    """Read the plan that the benchmark gives on standard input."""
    return Plan(**json.load(sys.stdin))


def report(started: float, times: dict[str, float]) -> None:
    """Tell when each event was put in, on the clock that all processes of the machine share."""
    print(json.dumps({"started": started, "ended": time.monotonic(), "times": times}))


def put_in_turn(plan: Plan, put: Callable[[Event], object]) -> None:
    """Put the events in one after the other, at the plan's pace, and report."""
    times: dict[str, float] = {}
    started = time.monotonic()
    for number, event in enumerate(plan.all()):
        if pause := plan.pause(number, started):
            time.sleep(pause)
        times[event.id] = time.monotonic()
        put(event)
    report(started, times)

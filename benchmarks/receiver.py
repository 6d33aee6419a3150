"""A user's endpoint that no sender can outrun: it notes which events came, and when.

`POST /hook/NAME` is acknowledged at once, `POST /hook/NAME?after=0.1` after that many seconds and
`POST /hook/NAME?after=never` not at all. `GET /tally/NAME` tells what came under a name;
`GET /arrivals/NAME` tells when each event came first, on the clock that all processes of the
machine share; `POST /forget` forgets everything. Events of a batch are found by their `eventId`.
`POST /watch/NAME` also notes of which record an event tells: `GET /records/NAME` has the times.
"""

import argparse
import json
import sys
import time
from dataclasses import dataclass, field

from benchmarks import conversation
from benchmarks.conversation import Answer, Later, Request

HEADERS = (b"webhook-id", b"webhook-timestamp", b"webhook-signature")
SAMPLES = 3  # messages that are kept whole, so that their signatures can be verified
ID_STARTS = b'"eventId":"'
ACKNOWLEDGED = conversation.answer(200, b"")
NOT_FOUND = conversation.answer(404, b"")


@dataclass
class Letterbox:
    """What came under one name."""

    arrivals: dict[bytes, float] = field(default_factory=dict)
    posts: int = 0
    events: int = 0
    last: float = 0.0  # when the latest event came that was not here before
    samples: list[dict[str, str]] = field(default_factory=list)
    records: dict[str, list[float]] = field(default_factory=dict)

    def take(self, request: Request) -> None:
        now = time.monotonic()
        self.posts += 1
        ids = [request.headers.get(b"webhook-id", b"")]
        if request.body.startswith(b'{"events":'):
            parts = request.body.split(ID_STARTS)[1:]
            ids = [part[: part.index(b'"')] for part in parts]
        before = len(self.arrivals)
        for event_id in ids:
            self.arrivals.setdefault(event_id, now)
        self.events += len(ids)
        if len(self.arrivals) > before:
            self.last = now
        if len(self.samples) < SAMPLES:
            headers = {name.decode(): value.decode() for name, value in request.headers.items()}
            self.samples.append({**headers, "body": request.body.decode()})

    def watch(self, request: Request) -> None:
        self.take(request)
        record = json.loads(request.body).get("recordId")
        self.records.setdefault(str(record), []).append(self.last)

    def tally(self) -> dict[str, object]:
        first = min(self.arrivals.values(), default=0.0)
        return {
            "posts": self.posts,
            "events": self.events,
            "distinct": len(self.arrivals),
            "first": first,
            "last": self.last,
            "samples": self.samples,
        }


class Receiver:
    def __init__(self) -> None:
        self._boxes: dict[str, Letterbox] = {}

    def answer(self, request: Request) -> Answer | Later:
        path, _, query = request.target.decode().partition("?")
        act, _, name = path.strip("/").partition("/")
        if act == "hook":
            self._boxes.setdefault(name, Letterbox()).take(request)
            return later(query)
        if act == "watch":
            self._boxes.setdefault(name, Letterbox()).watch(request)
            return ACKNOWLEDGED
        box = self._boxes.get(name, Letterbox())
        if act == "tally":
            return conversation.answer(200, json.dumps(box.tally()).encode())
        if act == "arrivals":
            found = {event_id.decode(): at for event_id, at in box.arrivals.items()}
            return conversation.answer(200, json.dumps(found).encode())
        if act == "records":
            return conversation.answer(200, json.dumps(box.records).encode())
        if act == "forget":
            self._boxes.clear()
            return ACKNOWLEDGED
        return NOT_FOUND


def later(query: str) -> Answer | Later:
    _, _, seconds = query.partition("after=")
    if not seconds:
        return ACKNOWLEDGED
    return Later(ACKNOWLEDGED, None if seconds == "never" else float(seconds))


def run(arguments: list[str]) -> None:
    """Serve on a free port of the loopback address and print the base URL."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.receiver", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args(arguments)
    listener, base_url = conversation.listen(options.port)
    conversation.run(listener, base_url, Receiver().answer, *HEADERS)


if __name__ == "__main__":
    run(sys.argv[1:])

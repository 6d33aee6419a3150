"""The demo's own endpoint for webhooks: real HTTP, every signature checked as a user would."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
from standardwebhooks import Webhook, WebhookVerificationError

from hireloom.demo.calls import Json
from hireloom.web import DEFAULT_HOST


@dataclass(frozen=True)
class Arrival:
    event: Json
    at: float  # of the monotonic clock


@dataclass
class Receiver:
    """What arrived, each event once; `url` is where to, `secret` comes from webhook.create."""

    url: str = ""
    secret: str = ""
    arrivals: list[Arrival] = field(default_factory=list)
    posts: int = 0
    refused: int = 0  # whose signature was not right
    repeated: int = 0  # events that had come before
    _records: dict[str, set[str]] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, headers: dict[str, str], body: bytes) -> bool:
        """Keep an event; False where its signature is not that of our secret."""
        with self._lock:
            self.posts += 1
            if not self._is_genuine(headers, body):
                self.refused += 1
                return False
            event: Json = msgspec.json.decode(body)
            if event["eventId"] in self._seen:
                self.repeated += 1
            else:
                self._seen.add(event["eventId"])
                self.arrivals.append(Arrival(event, time.monotonic()))
                if event["eventType"] == "record.new":
                    self._records.setdefault(event.get("syncRunId", ""), set()).add(
                        event["recordId"]
                    )
            return True

    def _is_genuine(self, headers: dict[str, str], body: bytes) -> bool:
        if not self.secret:
            return False
        try:
            Webhook(self.secret).verify(body, headers)
        except WebhookVerificationError:
            return False
        return True

    def records_of(self, run_id: str) -> set[str]:
        """The ids of the new records that a run told of, as far as they are here."""
        with self._lock:
            return set(self._records.get(run_id, ()))

    def first(self, fits: Callable[[Json], bool], after: int = 0) -> Arrival | None:
        """The first that fits of what came after so many."""
        return next((one for one in self.arrivals[after:] if fits(one.event)), None)


class Endpoint(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, receiver: Receiver) -> None:
        super().__init__((DEFAULT_HOST, 0), Taking)
        self.receiver = receiver


class Taking(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept
    disable_nagle_algorithm = True
    server: Endpoint

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        is_ours = self.server.receiver.take(headers, body)
        self.send_response(HTTPStatus.NO_CONTENT if is_ours else HTTPStatus.BAD_REQUEST)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: the demo shows what arrives by itself."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    with Endpoint(receiver) as endpoint:
        receiver.url = f"http://{DEFAULT_HOST}:{endpoint.server_address[1]}/hireloom"
        serving = threading.Thread(target=endpoint.serve_forever, args=(0.05,), daemon=True)
        serving.start()
        try:
            yield receiver
        finally:
            endpoint.shutdown()
            serving.join()

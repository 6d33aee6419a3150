"""An endpoint for webhooks on a free port, which answers as a test wants."""

import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import msgspec

Json = dict[str, Any]


class Got(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        found: Json = msgspec.json.decode(self.body)
        return found


class Receiver:
    """`statuses` are used up first, then every answer is 200; None holds an answer back."""

    def __init__(self) -> None:
        self.got: queue.Queue[Got] = queue.Queue()
        self.statuses: list[int | None] = []
        self.released = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = False
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook"

    def __enter__(self) -> "Receiver":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()

    def next(self) -> Got:
        """The next delivery; queue.Empty where none comes for long."""
        return self.got.get(timeout=120)

    def events(self, count: int, key: str) -> list[str]:
        """What `key` says in so many deliveries."""
        return [str(self.next().json[key]) for _ in range(count)]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                status = receiver.statuses.pop(0) if receiver.statuses else 200
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.got.put(Got(self.path, headers, body))
                if status is None:
                    receiver.released.wait(600)
                    status = 200
                try:
                    self.send_response(status)
                    self.send_header("content-length", "0")
                    self.end_headers()
                except OSError:  # whoever was held back did not wait for it
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                """Be quiet."""

        return Handler

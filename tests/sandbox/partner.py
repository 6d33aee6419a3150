"""A partner for tests on a free port, which says what a test wants it to say."""

import base64
import threading
from collections import defaultdict, deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import msgspec

from tests.sandbox.receiver import Json

KEY = "partner-key"


class Asked(NamedTuple):
    method: str
    name: str
    query: dict[str, str]
    body: Any
    key: str  # with the colon, as Basic authentication has it


class PartnerStub:
    """`says[name]` are answers (status, JSON), used up but for the last; None hangs up.

    While `free` is not set, answers are held back.
    """

    def __init__(self) -> None:
        self.says: dict[str, deque[tuple[int, Any] | None]] = defaultdict(deque)
        self.asked: list[Asked] = []
        self.free = threading.Event()
        self.free.set()
        self._news = threading.Condition()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/for/hireloom"

    def __enter__(self) -> "PartnerStub":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.free.set()
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()

    def will(self, name: str, *answers: tuple[int, Any] | None) -> None:
        self.says[name] = deque(answers)

    def calls(self, name: str) -> list[Asked]:
        return [each for each in self.asked if each.name == name]

    def wait_for(self, name: str, count: int = 1) -> Asked:
        """The call of this name that is the so-manieth; AssertionError where none comes."""
        with self._news:
            came = self._news.wait_for(lambda: len(self.calls(name)) >= count, 120)
        assert came, f"{name} was not called"
        return self.calls(name)[count - 1]

    def _answer(self, asked: Asked) -> tuple[int, Any] | None:
        with self._news:
            self.asked.append(asked)
            self._news.notify_all()
            waiting = self.says[asked.name]
            if not waiting:
                return 200, {}
            return waiting.popleft() if len(waiting) > 1 else waiting[0]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.serve()

            def do_POST(self) -> None:
                self.serve()

            def serve(self) -> None:
                content = self.rfile.read(int(self.headers.get("content-length") or 0))
                parts = urlsplit(self.path)
                query: Json = dict(parse_qsl(parts.query))
                given = self.headers.get("authorization", "").removeprefix("Basic ")
                asked = Asked(
                    self.command,
                    parts.path.removeprefix("/for/hireloom/"),
                    query,
                    msgspec.json.decode(content) if content else None,
                    base64.b64decode(given).decode(),
                )
                answer = stub._answer(asked)
                stub.free.wait(600)
                if answer is None:
                    self.close_connection = True
                    return
                status, said = answer
                body = msgspec.json.encode(said)
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Be quiet."""

        return Handler

"""A server that answers what a test tells it to, one answer after the other."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

Json = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: Mapping[str, str]
    body: Any


@dataclass
class Reply:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut_off: int | None = None  # bytes that are sent before the connection breaks


def success(data: Json, **beside: Any) -> Reply:
    return Reply(200, json.dumps({"success": True, "data": data, **beside}).encode())


def failure(status: int, code: str, retry_after: str | None = None, **beside: Any) -> Reply:
    told = {"msg": "No", "code": code, "category": "you", "retryable": False, "hint": "Do so."}
    body = {"success": False, "error": {**told, "executionId": "ex_1", **beside}}
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Reply(status, json.dumps(body).encode(), headers)


class Stub:
    """`replies` go out in order, the last of them for ever; `seen` is what came in."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.seen: list[Seen] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def answers(self, *replies: Reply) -> None:
        self.replies = list(replies)

    def __enter__(self) -> "Stub":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                split = urlsplit(self.path)
                stub.seen.append(
                    Seen(
                        self.command,
                        split.path,
                        parse_qs(split.query),
                        dict(self.headers.items()),
                        json.loads(body) if body else None,
                    )
                )
                reply = stub.replies.pop(0) if len(stub.replies) > 1 else stub.replies[0]
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body[: reply.cut_off])

            do_GET = do_POST = answer  # noqa: N815 – http.server's names

            def log_message(self, *_: Any) -> None:
                """Silent."""

        return Handler

"""Sends calls and waits for their answers: what the generated methods of `Hireloom` stand on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import httpx
from tenacity import Retrying

from hireloom.client import asks, shapes
from hireloom.client.answers import DryRun
from hireloom.client.asks import Ask
from hireloom.client.downloads import Download
from hireloom.client.pages import Page, Records
from hireloom.client.retries import policy
from hireloom.models import Request

T = TypeVar("T")


class Sender:
    """Connections to one server, speaking for one integration or for none."""

    def __init__(self, http: httpx.Client, integration: str, retries: int, *, owned: bool) -> None:
        self.http = http
        self.integration = integration
        self.retries = retries
        self.owned = owned

    def on(self, integration: str) -> "Sender":
        return Sender(self.http, integration, self.retries, owned=False)

    def close(self) -> None:
        """Close the connections, where they are not another's."""
        if self.owned:
            self.http.close()

    def read(self, method: str, request: Request | None, kind: type[T], member: str | None) -> T:
        shape = shapes.of_one(kind, member)
        found: T = shapes.one(self.answer(asks.reading(method, request), shape), member)
        return found

    def ask(self, method: str, request: Request | None, kind: type[T]) -> T:
        return self.answer(asks.asking(method, request), kind)

    def pages(
        self, method: str, request: Request | None, kind: type[T], member: str,
        *, page_size: int | None, page_token: str | None,
    ) -> Records[T]:  # fmt: skip
        def fetch(token: str | None) -> Page[T]:
            extras = {"pageSize": page_size, "pageToken": token}
            shape = shapes.of_page(kind, member)
            return shapes.page(self.answer(asks.reading(method, request, extras), shape))

        return Records(fetch, page_token)

    def search(self, method: str, request: Request | None, kind: type[T], member: str) -> Page[T]:
        return shapes.page(self.answer(asks.asking(method, request), shapes.of_page(kind, member)))

    def write(
        self, method: str, request: Request | None, kind: type[T], idempotency_key: str | None
    ) -> T:
        return self.answer(asks.writing(method, request, idempotency_key), kind)

    def rehearse(self, method: str, request: Request | None) -> DryRun:
        return self.answer(asks.writing(method, request, dry_run=True), DryRun)

    def download(self, ask: Ask) -> Download:
        @contextmanager
        def start() -> Iterator[httpx.Response]:
            response = self.send(ask, stream=True)
            try:
                yield response
            finally:
                response.close()

        return Download(start)

    def answer(self, ask: Ask, kind: type[T]) -> T:
        return asks.data(ask, self.send(ask), kind)

    def send(self, ask: Ask, *, stream: bool = False) -> httpx.Response:
        """A success; raises HireloomApiError or ServerUnreachableError when all is tried."""
        retrying = Retrying(**policy(self.retries, repeatable=ask.repeatable))
        return retrying(self._send_once, ask, stream)

    def _send_once(self, ask: Ask, stream: bool) -> httpx.Response:
        request = ask.request(self.http, self.integration)
        with asks.reaching(self.http.base_url):
            response = self.http.send(request, stream=stream)
            if stream and not response.is_success:
                response.read()
        asks.check(response)
        return response

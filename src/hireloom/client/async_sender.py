"""The same as `sender`, for asyncio: what the methods of `AsyncHireloom` stand on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

import httpx
from tenacity import AsyncRetrying

from hireloom.client import asks, shapes
from hireloom.client.answers import DryRun
from hireloom.client.asks import Ask
from hireloom.client.downloads import AsyncDownload
from hireloom.client.pages import AsyncRecords, Page
from hireloom.client.retries import policy
from hireloom.models import Request

T = TypeVar("T")


class AsyncSender:
    """Connections to one server, speaking for one integration or for none."""

    def __init__(
        self, http: httpx.AsyncClient, integration: str, retries: int, *, owned: bool
    ) -> None:
        self.http = http
        self.integration = integration
        self.retries = retries
        self.owned = owned

    def on(self, integration: str) -> "AsyncSender":
        return AsyncSender(self.http, integration, self.retries, owned=False)

    async def close(self) -> None:
        """Close the connections, where they are not another's."""
        if self.owned:
            await self.http.aclose()

    async def read(
        self, method: str, request: Request | None, kind: type[T], member: str | None
    ) -> T:
        shape = shapes.of_one(kind, member)
        found: T = shapes.one(await self.answer(asks.reading(method, request), shape), member)
        return found

    async def ask(self, method: str, request: Request | None, kind: type[T]) -> T:
        return await self.answer(asks.asking(method, request), kind)

    def pages(
        self, method: str, request: Request | None, kind: type[T], member: str,
        *, page_size: int | None, page_token: str | None,
    ) -> AsyncRecords[T]:  # fmt: skip
        async def fetch(token: str | None) -> Page[T]:
            extras = {"pageSize": page_size, "pageToken": token}
            shape = shapes.of_page(kind, member)
            return shapes.page(await self.answer(asks.reading(method, request, extras), shape))

        return AsyncRecords(fetch, page_token)

    async def search(
        self, method: str, request: Request | None, kind: type[T], member: str
    ) -> Page[T]:
        return shapes.page(
            await self.answer(asks.asking(method, request), shapes.of_page(kind, member))
        )

    async def write(
        self, method: str, request: Request | None, kind: type[T], idempotency_key: str | None
    ) -> T:
        return await self.answer(asks.writing(method, request, idempotency_key), kind)

    async def rehearse(self, method: str, request: Request | None) -> DryRun:
        return await self.answer(asks.writing(method, request, dry_run=True), DryRun)

    def download(self, ask: Ask) -> AsyncDownload:
        @asynccontextmanager
        async def start() -> AsyncIterator[httpx.Response]:
            response = await self.send(ask, stream=True)
            try:
                yield response
            finally:
                await response.aclose()

        return AsyncDownload(start)

    async def answer(self, ask: Ask, kind: type[T]) -> T:
        return asks.data(ask, await self.send(ask), kind)

    async def send(self, ask: Ask, *, stream: bool = False) -> httpx.Response:
        """A success; raises HireloomApiError or ServerUnreachableError when all is tried."""
        retrying = AsyncRetrying(**policy(self.retries, repeatable=ask.repeatable))
        return await retrying(self._send_once, ask, stream)

    async def _send_once(self, ask: Ask, stream: bool) -> httpx.Response:
        request = ask.request(self.http, self.integration)
        with asks.reaching(self.http.base_url):
            response = await self.http.send(request, stream=stream)
            if stream and not response.is_success:
                await response.aread()
        asks.check(response)
        return response

"""Lists: records one after another across pages, or page by page."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from hireloom.client.answers import Meta

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page. It may be short, even empty, and still have a next one."""

    records: list[T]
    next_page_token: str | None
    meta: Meta

    def __iter__(self) -> Iterator[T]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)


class Records(Generic[T]):
    """The records of a list; each loop over it asks the server anew."""

    def __init__(self, fetch: Callable[[str | None], Page[T]], start: str | None = None) -> None:
        self._fetch = fetch
        self._start = start

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.records

    def pages(self) -> Iterator[Page[T]]:
        page = self.first_page()
        yield page
        while page.next_page_token is not None:
            page = self._fetch(page.next_page_token)
            yield page

    def first_page(self) -> Page[T]:
        return self._fetch(self._start)


class AsyncRecords(Generic[T]):
    """The same for `async for`."""

    def __init__(
        self, fetch: Callable[[str | None], Awaitable[Page[T]]], start: str | None = None
    ) -> None:
        self._fetch = fetch
        self._start = start

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for record in page.records:
                yield record

    async def pages(self) -> AsyncIterator[Page[T]]:
        page = await self.first_page()
        yield page
        while page.next_page_token is not None:
            page = await self._fetch(page.next_page_token)
            yield page

    async def first_page(self) -> Page[T]:
        return await self._fetch(self._start)

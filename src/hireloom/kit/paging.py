"""How vendors cut a list into pages. All pure: a request in, the next request out.

A cursor is text that leads to a page: the vendor's own token, or the link that it gave. It can be
kept and used later, so it holds all that is needed beside the first request.
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import parse_qsl, urljoin, urlsplit

import msgspec

from hireloom.errors import UnexpectedAnswerError
from hireloom.kit.decode import UNREADABLE_JSON, decoder, unreadable
from hireloom.kit.message import JSON, Answer, Request

T = TypeVar("T")

_LINK = re.compile(
    r"""<([^>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)"""
)
_PARAMETER = re.compile(r""";\s*([\w!#$&+.^`|~*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*))""")


@dataclass(frozen=True)
class Page(Generic[T]):
    records: list[T]
    next: str | None = None  # the cursor of the page after this one
    raws: list[msgspec.Raw] | None = None
    print: int = 0  # tells a page that comes twice
    sync_token: str | None = None  # where the next delta starts, at vendors that say so
    marks: Mapping[str, str] = field(default_factory=dict)  # the same of several lists, by name
    gone: tuple[str, ...] = ()  # ids of records that the vendor says were deleted

    def __iter__(self) -> Iterator[T]:
        return iter(self.records)


@dataclass(frozen=True)
class Pages(Generic[T]):
    """A list at the vendor, page by page. `applied` names the filters that the vendor does."""

    fetch: Callable[[str | None], Awaitable[Page[T]]]
    applied: frozenset[str] = frozenset()

    async def page(self, cursor: str | None = None) -> Page[T]:
        found = await self.fetch(cursor)
        if found.next is not None and found.next == cursor:
            raise UnexpectedAnswerError("The vendor's paging cursor does not move")
        return found

    async def __aiter__(self) -> AsyncIterator[Page[T]]:
        async for page in self.after(None):
            yield page

    async def after(self, cursor: str | None) -> AsyncGenerator[Page[T], None]:
        """The pages from a cursor on; one that comes twice ends in an error, not in a loop."""
        import asyncio

        seen = set() if cursor is None else {cursor}
        before = 0
        ahead = asyncio.ensure_future(self.page(cursor))
        try:
            while True:
                page = await ahead
                if page.next in seen or (page.records and page.print and page.print == before):
                    raise UnexpectedAnswerError("The vendor sent the same page twice")
                before = page.print
                if page.next is None:
                    yield page
                    return
                seen.add(page.next)
                ahead = asyncio.ensure_future(self.page(page.next))
                yield page
        finally:
            ahead.cancel()
            with suppress(BaseException):
                await ahead

    async def all(self) -> list[T]:
        return [record async for page in self for record in page]


class Paging(Protocol):
    @property
    def items(self) -> str | None: ...

    def start(self, request: Request, size: int | None) -> Request: ...

    def at(self, request: Request, cursor: str) -> Request: ...

    def follow(self, request: Request, answer: Answer) -> str | None: ...

    def sync_token(self, answer: Answer) -> str | None: ...

    @property
    def largest(self) -> int | None: ...


class Footer(msgspec.Struct, frozen=True):
    """The part of a page that says whether and how it goes on."""

    next: str | int | None = None
    more: bool | None = None
    sync: str | None = None


@dataclass(frozen=True)
class LinkPaging:
    """`Link: <…>; rel="next"` (RFC 8288), absent on the last page; followed as it is."""

    size: tuple[str, int]
    items: str | None = None

    @property
    def largest(self) -> int | None:
        return self.size[1]

    def start(self, request: Request, size: int | None) -> Request:
        name, largest = self.size
        return request.with_params((name, str(min(size or largest, largest))))

    def at(self, request: Request, cursor: str) -> Request:
        parts = urlsplit(cursor)
        url = parts._replace(query="", fragment="").geturl()
        return replace(request, url=url, params=tuple(parse_qsl(parts.query, True)))

    def follow(self, request: Request, answer: Answer) -> str | None:
        for target, parameters in _LINK.findall(answer.headers.get("link", "")):
            for name, quoted, word in _PARAMETER.findall(parameters):
                if name.lower() == "rel" and "next" in (quoted or word).lower().split():
                    return _joined(request.url, target)
        return None

    def sync_token(self, answer: Answer) -> str | None:
        return None


@dataclass(frozen=True)
class CursorPaging:
    """A token in the answer (`next`, with or without a flag `more`) that goes back as `send_as`.

    `in_body`: the vendor reads by POST, so token and size are fields of the JSON body.
    """

    items: str
    next: str
    send_as: str
    size: tuple[str, int]
    more: str | None = None
    in_body: bool = False
    sync: str | None = None
    footer: Any = field(init=False, compare=False)

    def __post_init__(self) -> None:
        names = {"next": self.next, "more": self.more or "more", "sync": self.sync or "sync"}
        shape = msgspec.defstruct(
            "Footer",
            [
                ("next", str | int | None, None),
                ("more", bool | None, None),
                ("sync", str | None, None),
            ],
            rename=names,
            frozen=True,
        )
        object.__setattr__(self, "footer", shape)

    @property
    def largest(self) -> int | None:
        return self.size[1]

    def start(self, request: Request, size: int | None) -> Request:
        name, largest = self.size
        return self._put(request, name, min(size or largest, largest))

    def at(self, request: Request, cursor: str) -> Request:
        return self._put(request, self.send_as, cursor)

    def follow(self, request: Request, answer: Answer) -> str | None:
        footer = self._footer(answer)
        if footer.next is None or footer.next == "" or footer.more is False:
            if footer.more:
                raise UnexpectedAnswerError("The vendor says that more follows but not where")
            return None
        return str(footer.next)

    def sync_token(self, answer: Answer) -> str | None:
        return self._footer(answer).sync if self.sync else None

    def _footer(self, answer: Answer) -> Footer:
        try:
            footer: Footer = decoder(self.footer).decode(answer.body)
        except UNREADABLE_JSON as error:
            raise unreadable(answer, error) from None
        return footer

    def _put(self, request: Request, name: str, value: int | str) -> Request:
        if not self.in_body:
            return request.with_params((name, str(value)))
        body = msgspec.json.decode(request.body or b"{}")
        return replace(request, body=JSON.encode({**body, name: value}))


@dataclass(frozen=True)
class WholePaging:
    """No pages: the vendor sends the whole list at once."""

    items: str | None = None

    @property
    def largest(self) -> int | None:
        return None

    def start(self, request: Request, size: int | None) -> Request:
        return request

    def at(self, request: Request, cursor: str) -> Request:
        raise UnexpectedAnswerError("This list has one page")

    def follow(self, request: Request, answer: Answer) -> str | None:
        return None

    def sync_token(self, answer: Answer) -> str | None:
        return None


def _joined(base: str, target: str) -> str:
    try:
        return urljoin(base, target)
    except ValueError:
        raise UnexpectedAnswerError("The vendor's link to the next page is no address") from None


def fingerprint(body: bytes) -> int:
    """Good within this process only; a cryptographic hash would cost a tenth of the reading."""
    return hash(body)


def whole(records: list[T]) -> Pages[T]:
    """A list that is already there, as one page."""

    async def fetch(_: str | None) -> Page[T]:
        return Page(records)

    return Pages(fetch)


def in_turn(lists: Mapping[str, Pages[T]]) -> Pages[T]:
    """Lists one after the other as one; the sync token of each becomes the mark of its name.

    What a cursor leads to is found again by name, so it survives a list more or less in between.
    """
    names = list(lists)

    async def fetch(cursor: str | None) -> Page[T]:
        name, _, inner = (cursor or f"{names[0]} ").partition(" ")
        if name not in lists:
            raise UnexpectedAnswerError("This cursor leads to a list that is no longer read")
        page = await lists[name].fetch(inner or None)
        marks = {**page.marks, name: page.sync_token} if page.sync_token else page.marks
        if page.next is not None:
            following: str | None = f"{name} {page.next}"
        else:
            later = names[names.index(name) + 1 :]
            following = f"{later[0]} " if later else None
        # Two lists may well have equal pages: what is the same is so within one list.
        told_apart = hash((name, page.print)) if page.print else 0
        return replace(page, next=following, sync_token=None, marks=marks, print=told_apart)

    first = next(iter(lists.values()))
    return Pages(fetch, first.applied)

"""What a caller adds to a vendor's own list as it is: query parameters, body members, headers.

Only the first request of a page carries it: that is the list itself, the others are look-ups.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from hireloom.kit.connector import Connector
from hireloom.kit.message import JSON, Answer, Channel, Rehearsed, Request, Stream
from hireloom.kit.paging import LinkPaging, Page

Fetch = Callable[[str | None], Awaitable[Page[Any]]]


@dataclass(frozen=True)
class Extra:
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


class Adding:
    """A channel that adds it to the next request, once it is armed."""

    def __init__(self, inner: Channel, extra: Extra) -> None:
        self._inner = inner
        self._extra = extra
        self.is_armed = False

    async def send(self, request: Request) -> Answer | Rehearsed:
        if self.is_armed:
            self.is_armed = False
            request = self._added(request)
        return await self._inner.send(request)

    async def stream(self, request: Request) -> Stream:
        return await self._inner.stream(request)

    async def entered(self, field: str) -> str | None:
        return await self._inner.entered(field)

    async def ask_token(self, request: Request) -> Answer:
        return await self._inner.ask_token(request)

    def _added(self, request: Request) -> Request:
        added = request.with_params(*self._extra.query.items()) if self._extra.query else request
        if self._extra.body:
            body = {**msgspec.json.decode(added.body or b"{}"), **self._extra.body}
            added = replace(added, body=JSON.encode(body), content_type="application/json")
        for name, value in self._extra.headers.items():
            added = added.with_header(name, value)
        return added


def with_extra(connector: Connector, extra: Extra, fetch: Fetch) -> Fetch:
    """Fetch pages with it. The connector's channel is replaced: give it a connector of its own."""
    adding = Adding(connector.channel, extra)
    connector.channel = adding

    async def armed(cursor: str | None) -> Page[Any]:
        # A link to the next page holds all that it needs, and may hold nothing beside it.
        adding.is_armed = cursor is None or not isinstance(connector.paging, LinkPaging)
        return await fetch(cursor)

    return armed

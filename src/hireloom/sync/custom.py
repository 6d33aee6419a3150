"""Custom syncs: any call of a vendor's own API, polled whole and compared record by record.

A record is whatever JSON the list holds, told as it is. The vendor's own paging is followed where
the answer has it; a list that is not all there ends in an error before anything is deleted.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from hireloom.errors import HireloomError, RequestInvalidError, UnexpectedAnswerError
from hireloom.kit import CursorPaging, Integration, Page, Pages, Since
from hireloom.kit import Request as VendorRequest
from hireloom.kit.message import Answer
from hireloom.kit.passthrough import request
from hireloom.kit.trip import Trip
from hireloom.store.seal import Key
from hireloom.sync import paths
from hireloom.sync.prints import Prints
from hireloom.sync.reading import Batch, Clock

DATA_TYPE = "custom"
EVENTS = (
    "record.new",
    "record.modified",
    "record.deleted",
    "sync.events.processed",
    "sync.events.allConsumed",
    "sync.failed",
)
WHOLE = "$"


@dataclass(frozen=True)
class CustomKind:
    """Takes the place of a data type's own facts."""

    data_type: str = DATA_TYPE
    deleted: tuple[str, ...] = ("recordId",)

    def parents(self, record: Any) -> tuple[str | None, ...]:
        return ()


class Identity(msgspec.Struct, frozen=True):
    id: str


class CustomRecord(msgspec.Struct, frozen=True):
    info: Identity
    data: msgspec.Raw


@dataclass(frozen=True)
class Everything:
    """No filter."""

    def takes(self, record: Any, now: Any, *, told: bool) -> bool:
        return True


@dataclass(frozen=True)
class WholeLayout:
    """One print for the whole record."""

    prints: Prints

    @classmethod
    def of_key(cls, key: Key) -> "WholeLayout":
        return cls(Prints(key.derive("fingerprints"), (WHOLE,)))

    def of(self, record: CustomRecord, raw: Any, old: bytes) -> bytes:
        return self.prints.of([bytes(record.data)])

    def changed(self, old: bytes, new: bytes) -> tuple[str, ...] | None:
        return (WHOLE,)


def asked(integration: Integration, details: Mapping[str, Any]) -> VendorRequest:
    """The call, checked as passthrough checks it; raises RequestInvalidError."""
    connector = integration.connector
    body = details.get("body")
    if isinstance(body, str) and body:
        body = _decoded(body)
    by_post = isinstance(connector.paging, CursorPaging) and connector.paging.in_body
    found = request(
        connector.addresses,
        connector.headers,
        method=details["method"],
        path=details["path"],
        base_url=details.get("baseUrl"),
        params=details.get("params") or {},
        headers=details.get("headers") or {},
        body={} if body is None and by_post else body,
        content_type="application/json",
    )
    # A read whose refusals are errors, as those of a list are.
    return replace(found, reading=True, raw_answer=False, template="(custom sync)")


def _decoded(text: str) -> Any:
    try:
        return msgspec.json.decode(text.encode())
    except msgspec.DecodeError:
        raise RequestInvalidError.at("apiDetails.body", "is text that is no JSON") from None


@dataclass(frozen=True)
class CustomReading:
    """What a run needs of a reading, of a list that only its caller knows."""

    integration: Integration
    details: Mapping[str, Any]
    listed: paths.Listed
    clock: Clock
    models: tuple[str, ...] = ()
    native: None = None
    gets_by_id: bool = False

    def trip(self, seconds: float) -> Trip:
        found = Trip(in_background=True)
        found.ends += seconds
        return found

    def whole(self) -> Pages[Any]:
        first = asked(self.integration, self.details)
        paging = self.integration.connector.paging

        async def fetch(cursor: str | None) -> Page[Any]:
            call = first if cursor is None else paging.at(first, cursor)
            answer = await self.integration.connector.channel.send(call)
            if not isinstance(answer, Answer):
                raise TypeError("a read is never rehearsed")
            return Page(self._records(answer), _next(paging, call, answer))

        return Pages(fetch)

    def changed(self, since: Since) -> None:
        """Only the vendor's own lists can tell."""

    def ids(self) -> None:
        """They come with the records."""

    async def batches(self, pages: Pages[Any], cursor: str | None) -> AsyncIterator[Batch]:
        read_at = self.clock()
        async with aclosing(pages.after(cursor)) as found:
            async for page in found:
                yield Batch(page.records, None, read_at, next=page.next)
                read_at = self.clock()

    async def get(self, ids: Any) -> Batch:
        raise TypeError("records of a custom sync cannot be read by id")

    get_readable = get

    def _records(self, answer: Answer) -> list[CustomRecord]:
        try:
            content = msgspec.json.decode(answer.body)
        except msgspec.DecodeError:
            raise UnexpectedAnswerError("The vendor's answer is no JSON") from None
        return [
            CustomRecord(Identity(id_), msgspec.Raw(data))
            for id_, data in self.listed.records(content)
        ]


def _next(paging: Any, call: VendorRequest, answer: Answer) -> str | None:
    """Where the list goes on, if the answer says so in the vendor's usual way."""
    try:
        following: str | None = paging.follow(call, answer)
    except HireloomError:
        return None
    return following

"""How a sync reads an account: whole, what changed, which ids there are, and records by id."""

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from hireloom.errors import ResourceNotFoundError, UnexpectedAnswerError
from hireloom.kit import MAIN, Integration, Page, Pages, Since, gather
from hireloom.kit.capabilities import method
from hireloom.kit.extra import Extra, Fetch, with_extra
from hireloom.kit.integration import has
from hireloom.kit.sections import with_sections
from hireloom.kit.trip import SetAside, Trip, current, travel
from hireloom.models import JobModel, Request
from hireloom.sync.kinds import Kind, words

Clock = Callable[[], float]


@dataclass(frozen=True)
class Batch:
    """Records that were read together, and when the reading began."""

    records: list[Any]
    raws: list[msgspec.Raw] | None
    read_at: float  # Unix seconds of the database's clock
    gone: tuple[str, ...] = ()
    next: str | None = None
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """One account as one sync reads it. `models` are those that are read, which may be fewer than

    those subscribed where some cannot be read.
    """

    integration: Integration
    kind: Kind
    models: tuple[str, ...]
    native: Request | None = None  # filters that the vendor may apply to the whole list
    extra: Extra | None = None  # what is added to the vendor's own whole list as it is
    clock: Clock = lambda: 0.0

    @property
    def query(self) -> Any:
        return self.kind.query(models=words(self.kind, self.models))

    @property
    def keeps_raw(self) -> bool:
        return JobModel.RAW_VALUES in self.models

    def trip(self, seconds: float, *, in_background: bool = True) -> Trip:
        found = Trip(keep_raw=self.keeps_raw, in_background=in_background)
        found.ends += seconds
        return found

    # Lists.

    def whole(self) -> Pages[Any]:
        lister = self._verb(self.integration.must(self.kind.lists), self.kind.lists)
        query = self.query
        if self.native is not None:
            query = msgspec.structs.replace(self.native, models=query.models)
        pages: Pages[Any] = lister(query)
        return pages

    def changed(self, since: Since) -> Pages[Any] | None:
        """What changed since then; None where this vendor can tell it by no means, or where only

        its whole list knows which records are wanted.
        """
        if self.extra is not None:
            return None
        able = self.integration.able_to(self.kind.lists_changed)
        if able is not None:
            pages: Pages[Any] = self._verb(able, self.kind.lists_changed)(since, self.query)
            return pages
        lister = self._verb(self.integration.must(self.kind.lists), self.kind.lists)
        narrowed: Pages[Any] = lister(msgspec.structs.replace(self.query, updated_after=since.at))
        return narrowed if "updated_after" in narrowed.applied else None

    def ids(self) -> Pages[str] | None:
        able = self.integration.able_to(self.kind.lists_ids)
        if able is None:
            return None
        pages: Pages[str] = self._verb(able, self.kind.lists_ids)()
        return pages

    async def batches(self, pages: Pages[Any], cursor: str | None) -> AsyncIterator[Batch]:
        """The pages from a cursor on, with all their sections; the next is read ahead."""
        began: deque[float] = deque()

        async def fetch(at: str | None) -> Page[Any]:
            began.append(self.clock())
            return await pages.fetch(at)

        fetches: Fetch = fetch
        if self.extra is not None:
            fetches = with_extra(self.integration.connector, self.extra, fetch)
        async with aclosing(replace(pages, fetch=fetches).after(cursor)) as found:
            async for page in found:
                read_at = began.popleft()
                records = await self._complete(page.records)
                marks = page.marks
                if page.sync_token:
                    marks = {**marks, MAIN: page.sync_token}
                yield Batch(records, page.raws, read_at, page.gone, page.next, marks)

    # By id.

    async def get(self, ids: Sequence[str]) -> Batch:
        """The records with these ids that there still are."""
        read_at = self.clock()
        many = self.integration.able_to(self.kind.gets_many)
        if many is not None and not self.keeps_raw:
            found = await self._verb(many, self.kind.gets_many)(ids, self.query)
            return Batch(await self._complete(found), None, read_at)
        get = self._verb(self.integration.must(self.kind.gets), self.kind.gets)
        each = await gather(*(self._one(get, id_) for id_ in ids))
        got = [record for record, _ in filter(None, each)]
        raws = [raw for _, raw in filter(None, each)]
        complete = await self._complete(got)
        return Batch(complete, raws if self.keeps_raw else None, read_at)

    async def get_readable(self, ids: Sequence[str]) -> Batch:
        """The same, one by one: those that cannot be understood are set aside."""
        read_at, records, raws = self.clock(), [], []
        for id_ in ids:
            try:
                batch = await self.get([id_])
            except UnexpectedAnswerError as error:
                current().set_aside.append(SetAside(id_, "$", error.msg))
                continue
            records += batch.records
            raws += batch.raws or []
        return Batch(records, raws if self.keeps_raw else None, read_at)

    @property
    def gets_by_id(self) -> bool:
        kind = type(self.integration.connector)
        return has(kind, self.kind.gets_many) or has(kind, self.kind.gets)

    async def _one(
        self, get: Callable[[str], Awaitable[Any]], id_: str
    ) -> tuple[Any, msgspec.Raw] | None:
        whole = current()
        with travel(self.trip(60.0, in_background=whole.in_background)) as trip:
            try:
                record = await get(id_)
            except ResourceNotFoundError:
                return None
            finally:
                whole.calls += trip.calls
                whole.set_aside += trip.set_aside
            raw = trip.raw[0] if trip.raw else msgspec.Raw(b"null")
            return record, raw

    async def _complete(self, records: list[Any]) -> list[Any]:
        """With the sections that come from calls of their own, and none that is not wanted."""
        return await with_sections(self.integration, records, words(self.kind, self.models))

    def _verb(self, able: Any, capability: type) -> Callable[..., Any]:
        verb: Callable[..., Any] = getattr(able, method(capability))
        return verb

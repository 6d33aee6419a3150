"""A customer's account at the simulated Ashby: the connector before it, a recruiter behind it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from hireloom import kit
from hireloom.connectors.ats.ashby import Ashby
from hireloom.kit.http import Http
from hireloom.kit.limits import Memory
from hireloom.kit.origins import Origins
from hireloom.kit.ports import CallReport, MemoryKeeper
from tests.sandbox.ashby_client import API_KEY, Caller

BEFORE = datetime.now(UTC) - timedelta(minutes=5)


class Unhurried(Ashby):
    """Without the wait between calls; what is waited for here is nobody's limit."""

    rate_limit = kit.RateLimit(calls=100_000, seconds=1)


@dataclass
class Run:
    """What a list gave: each record as its fingerprint would be taken, the last one by id."""

    records: dict[str, bytes] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    pages: int = 0

    def take(self, page: kit.Page[Any]) -> None:
        self.records |= {one.info.id: msgspec.json.encode(one) for one in page.records}
        self.marks |= page.marks
        if page.sync_token is not None:
            self.marks[kit.MAIN] = page.sync_token
        self.pages += 1

    @property
    def since(self) -> kit.Since:
        return kit.Since(at=BEFORE, marks=self.marks)


@dataclass
class Account:
    recruiter: Caller
    reports: list[CallReport] = field(default_factory=list)
    _open: list[Http] = field(default_factory=list)

    def connect(self) -> Ashby:
        """As another process would: it remembers nothing."""
        http = Http(
            MemoryKeeper(kit.Secrets(fields={"apiKey": API_KEY})),
            Memory(),
            self.reports.append,
            Origins(self.recruiter.sandbox.origins),
        )
        self._open.append(http)
        return http.connect("int_1", Unhurried)

    async def run(self, pages: Callable[[Ashby], kit.Pages[Any]]) -> Run:
        """A list, each page of it by a connector of its own."""
        run, cursor = Run(), None
        while True:
            page = await pages(self.connect()).page(cursor)
            run.take(page)
            cursor = page.next
            if cursor is None:
                return run

    async def sync(self, noun: str, query: Any, since: kit.Since | None = None) -> Run:
        """A full run, or since then."""
        if since is None:
            return await self.run(lambda ashby: getattr(ashby, f"list_{noun}")(query))
        return await self.run(lambda ashby: getattr(ashby, f"list_changed_{noun}")(since, query))

    async def calls(self, noun: str, query: Any, since: kit.Since) -> list[str]:
        """What a run since then asks of Ashby."""
        before = len(self.reports)
        await self.sync(noun, query, since)
        return [report.template.removeprefix("/") for report in self.reports[before:]]

    def put(self, shelf: str, record_id: str, **fields: Any) -> None:
        """Alter reference data, which the API cannot."""
        company = self.recruiter.sandbox.app.vendors["ashby"].company  # type: ignore[attr-defined]
        kept = getattr(company, shelf)
        kept.put(kept.index(record_id), {**kept.get(record_id), **fields})

    async def close(self) -> None:
        for http in self._open:
            await http.close()


@asynccontextmanager
async def account_of(recruiter: Caller) -> AsyncIterator[Account]:
    account = Account(recruiter)
    try:
        yield account
    finally:
        await account.close()

"""Syncs as they run, for tests: the API and its worker, a sandbox, and a receiver that listens."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import msgspec

from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from hireloom.worker import working
from tests.receiver import Receiver
from tests.sandbox.account import Account
from tests.service import Service, running

PATIENCE = 300.0  # seconds, with what a run waits for a vendor that fails
ENDS = frozenset({"sync.events.allConsumed", "sync.failed"})
HOLD_UP = "select from integrations where id = $1 for update"
IS_HELD_UP = """
select exists (
    select from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'
       and query like 'select from integrations%'
)
"""


@dataclass
class Syncing:
    """One connected account with a webhook at the receiver."""

    service: Service
    receiver: Receiver
    account: Account  # the vendor's own side of it
    integration: str
    secret: str
    webhook: str

    async def ask(self, method: str, /, **body: Any) -> dict[str, Any]:
        """A call that goes well; its `data`."""
        answer = await self.service.post(method, self.integration, body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["data"]
        return found

    async def look(self, method: str, /, **params: Any) -> dict[str, Any]:
        answer = await self.service.get(method, self.integration, **params)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["data"]
        return found

    async def sync(
        self, data_type: str = "ats_applications", *, seconds: float = PATIENCE, **body: Any
    ) -> "Told":
        """Start a run and wait until all of it was acknowledged, or it failed."""
        before = len(self.receiver.events)
        started = await self.ask("sync.start", dataType=data_type, **body)
        return await self.told(started["syncRunId"], before, seconds)

    async def told(self, run_id: str, before: int = 0, seconds: float = PATIENCE) -> "Told":
        """What arrives of a run, once it has come to its end."""

        def of_run() -> list[dict[str, Any]]:
            found = self.receiver.events[before:]
            return [event for event in found if event.get("syncRunId") == run_id]

        await self.receiver.until(
            lambda: any(event["eventType"] in ENDS for event in of_run()), seconds
        )
        return Told(run_id, of_run())

    @asynccontextmanager
    async def held_up(self) -> AsyncIterator[None]:
        """Runs read meanwhile, and cannot keep a page before this is over."""
        async with self.service.desk.pool.acquire() as conn, conn.transaction():
            await conn.execute(HOLD_UP, self.integration)
            yield

    async def until_held_up(self) -> None:
        """A run has read its first page."""
        pool = self.service.desk.pool
        async with asyncio.timeout(PATIENCE):
            while not await pool.fetchval(IS_HELD_UP):  # noqa: ASYNC110 – of the database
                await asyncio.sleep(0.02)

    async def run(self, run_id: str) -> dict[str, Any]:
        return await self.look("sync.run.get", syncRunId=run_id)

    async def refused(self, method: str, /, **body: Any) -> dict[str, Any]:
        """A call that goes wrong; its `error`, and in it the status."""
        answer = await self.service.post(method, self.integration, body)
        assert answer.status_code >= 400, answer.text
        return {**answer.json()["error"], "status": answer.status_code}

    def calls(self) -> dict[str, Any]:
        return self.service.calls(self.account.vendor)

    def counts(self) -> dict[str, int]:
        """How often each path of the vendor was called."""
        found: dict[str, int] = self.calls()["counts"]
        return found

    def faults(self, *faults: Mapping[str, Any]) -> None:
        """Let this vendor misbehave as the plan says, from now on."""
        self.service.faults(*({"vendor": self.account.vendor, **fault} for fault in faults))

    def open_applications(self, count: int) -> list[dict[str, Any]]:
        """Applications under way, each of another person and to a job."""
        found: dict[Any, dict[str, Any]] = {}
        for row in self.account.state().values():
            if row["status"] in {"in_process", "active", "Active"} and row["jobId"]:
                found.setdefault(row["candidateId"], row)
        assert len(found) >= count
        return list(found.values())[:count]


@dataclass
class Told:
    """The events of one run, in the order of their arrival."""

    run_id: str
    events: list[dict[str, Any]]

    def of(self, event_type: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["eventType"] == event_type]

    @property
    def new(self) -> list[dict[str, Any]]:
        return self.of("record.new")

    @property
    def modified(self) -> list[dict[str, Any]]:
        return self.of("record.modified")

    @property
    def deleted(self) -> list[dict[str, Any]]:
        return self.of("record.deleted")

    @property
    def paths(self) -> dict[str, set[str]]:
        """What is said to have changed, of each record that was modified."""
        return {event["recordId"]: set(event["changedPaths"]) for event in self.modified}

    @property
    def processed(self) -> dict[str, Any]:
        (event,) = self.of("sync.events.processed")
        found: dict[str, Any] = event["eventData"]
        return found

    @property
    def failed(self) -> dict[str, Any]:
        (event,) = self.of("sync.failed")
        found: dict[str, Any] = event["eventData"]
        return found


@asynccontextmanager
async def syncing(settings: Settings, sandbox: Running, vendor: str) -> AsyncIterator[Syncing]:
    allowed = msgspec.structs.replace(settings, allow_private_webhooks=True)
    async with (
        Receiver() as receiver,
        running(allowed, sandbox) as service,
        working(service.desk),
    ):
        integration = await service.connect(vendor)
        made = await service.post("webhook.create", body={"url": receiver.url})
        assert made.status_code == 200, made.text
        with Account(sandbox, vendor) as account:
            data = made.json()["data"]
            webhook = data["webhook"]["webhookId"]
            yield Syncing(service, receiver, account, integration, data["secret"], webhook)

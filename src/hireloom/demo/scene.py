"""What the steps of the demo work with: the accounts, the API, the sandbox and the receiver."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec

from hireloom.demo.calls import Api, Json
from hireloom.demo.receiver import Receiver
from hireloom.demo.show import Show
from hireloom.sandbox.faults import FaultPlan

VENDORS = ("greenhouse", "lever", "ashby")


@dataclass
class Account:
    """A connected sandbox account, and what the steps so far found or made there."""

    app: str
    title: str
    id: str
    operations: dict[str, str]
    acts_as: str = ""
    jobs: list[Json] = field(default_factory=list)
    job: Json = field(default_factory=dict)
    applications: list[Json] = field(default_factory=list)
    candidate_id: str = ""
    application_id: str = ""
    run_id: str = ""
    deleted_id: str = ""
    deletions_by_run: bool = False  # no webhook of the vendor's tells of them
    receipt: Json = field(default_factory=dict)  # of the score that was pushed first
    order: Json = field(default_factory=dict)  # of a test, as the ATS placed it


@dataclass
class Scene:
    """What every step works with."""

    api: Api
    show: Show
    sandbox_url: str
    receiver: Receiver
    faults: FaultPlan = field(default_factory=FaultPlan)  # the caller's own
    latencies: list[float] = field(default_factory=list)  # seconds from a change to its webhook
    accounts: list[Account] = field(default_factory=list)
    evaluator: dict[str, str] = field(default_factory=dict)  # a user of all three
    scores: int = 0  # pushed, and seen on a page of the ATS

    async def get(self, account: Account, method: str, **query: Any) -> Json:
        return await self.api.get(account.title, method, account.id, **query)

    async def post(self, account: Account, method: str, body: Json) -> Json:
        return await self.api.post(account.title, method, body, account.id)

    async def each(self, look: Callable[[Account], Awaitable[dict[str, str]]]) -> None:
        """One table of what is to be shown of each account."""
        self.show.table({account.title: await look(account) for account in self.accounts})

    async def sandbox(self, path: str) -> Json:
        async with httpx.AsyncClient(base_url=self.sandbox_url, trust_env=False) as client:
            answer = await client.get(path)
            told: Json = answer.raise_for_status().json()
            return told

    async def change(self, account: Account, kind: str, **what: Any) -> Json:
        """What somebody does in the ATS itself; the record as it is then."""
        return await self.click(f"/_sandbox/{account.app}/change", {"kind": kind, **what})

    async def click(self, path: str, body: Json) -> Json:
        async with httpx.AsyncClient(
            base_url=self.sandbox_url, timeout=60, trust_env=False
        ) as client:
            answer = await client.post(path, json=body)
            told: Json = answer.raise_for_status().json()
            return told

    async def break_also(self, faults: list[Json]) -> None:
        """Let these things go wrong beside those of the caller's own plan; begins it anew."""
        own = msgspec.to_builtins(self.faults)
        await self.click("/_sandbox/faults", {**own, "fault": [*faults, *own["fault"]]})

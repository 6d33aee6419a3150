"""Orders that recruiters place in a simulated vendor, and a receiver that hears of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec

from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from hireloom.worker import working
from tests.outage import until
from tests.receiver import Receiver
from tests.scores.pushing import Json, candidates, connected, lines, page
from tests.service import Service, running


@dataclass
class Ordering:
    """A connected account whose vendor knows the address and key of its partner."""

    service: Service
    receiver: Receiver
    vendor: str
    integration: str
    people: list[dict[str, str]]

    async def recruiter(self, act: str, **what: Any) -> Json:
        """What is done in the vendor's own windows; what our side answered to it."""
        async with httpx.AsyncClient(trust_env=False, timeout=120) as http:
            url = f"{self.service.sandbox.url}/_sandbox/{self.vendor}/partner"
            answer = await http.post(url, json={"act": act, **what})
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    async def order(self, whom: Json, package: str = "java", **what: Any) -> str:
        """An order that is taken; our id of it, from the event."""
        said = await self.recruiter(
            "order", application=whom["applicationId"], package=package, **what
        )
        assert said["errors"] == [], said
        answer = said["answer"].get("results", said["answer"])
        found: str = answer.get("assessment_id") or answer["partner_interview_id"]
        return found

    async def events(self, kind: str, count: int) -> list[Json]:
        """So many events of a kind, once they have arrived."""

        def of_kind() -> list[Json]:
            return [one for one in self.receiver.events if one["eventType"] == kind]

        await self.receiver.until(lambda: len(of_kind()) >= count)
        return of_kind()

    async def ask(self, method: str, **body: Any) -> Json:
        answer = await self.service.post(method, self.integration, body)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()["data"]
        return found

    async def refused(self, method: str, **body: Any) -> Json:
        answer = await self.service.post(method, self.integration, body)
        assert answer.status_code >= 400, answer.text
        found: Json = answer.json()["error"]
        return found

    async def result(self, **score: Any) -> Json:
        found: Json = (await self.ask("assessment.result.push", **score))["receipt"]
        return found

    async def shown(self, order: str) -> Json:
        answer = await self.service.get("assessment.order.get", self.integration, orderId=order)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()["data"]["order"]
        return found

    async def comes_to_be(self, order: str, state: str) -> None:
        async def is_so() -> bool:
            return bool((await self.shown(order))["state"] == state)

        await until(is_so)

    async def shows(self, whom: Json, line: str, times: int = 1) -> str:
        """The tests of an application as text, once a line is there so many times."""

        def is_so() -> bool:
            return lines(self.tab(whom)).splitlines().count(line) == times

        await until(is_so)
        return lines(self.tab(whom))

    def tab(self, whom: Json) -> list[Json]:
        """The tests of an application, as the vendor shows them."""
        name = {"greenhouse": "Take Home Tests", "ashby": "Assessments"}[self.vendor]
        return page(self.service, self.vendor, whom["applicationId"])[name]


@asynccontextmanager
async def ordering(settings: Settings, sandbox: Running, vendor: str) -> AsyncIterator[Ordering]:
    allowed = msgspec.structs.replace(settings, allow_private_webhooks=True)
    async with (
        Receiver() as receiver,
        running(allowed, sandbox) as service,
        working(service.desk),
    ):
        integration = await connected(service, vendor)
        people = await candidates(service, vendor, integration)
        side = Ordering(service, receiver, vendor, integration, people)
        made = await service.post("webhook.create", body={"url": receiver.url})
        assert made.status_code == 200, made.text
        await side.ask("assessment.package.put", packageId="java", name="Java, 60 minutes")
        access = await side.ask("assessment.partner.create")
        await side.recruiter("connect", base_url=access["baseUrl"], secret_key=access["secretKey"])
        listed = await side.recruiter("list")
        assert listed["errors"] == [], listed
        yield side

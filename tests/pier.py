"""Pier, an invented ATS in which tests are ordered: its connector, plugged in as packages do, and

its own side of an account.
"""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, cast

import httpx
import msgspec
import pytest

from hireloom import kit
from hireloom.errors import HireloomError, InternalError
from hireloom.kit.auth import Auth
from hireloom.kit.paging import Paging
from hireloom.models import WrittenScore
from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from tests.kit.harbor import Vendor
from tests.service import Service, running

HOME = "https://api.pier.example"
PERSON = {
    "first": "Ines",
    "last": "Duarte",
    "email": "ines.duarte@example.com",
    "phone": "+44 20 7946 0018",
    "page": "https://pier.example/people/9",
    "resume": "https://pier.example/resumes/9",
}


class PierPerson(kit.VendorStruct, frozen=True):
    first: str | None = None
    last: str | None = None
    email: str | None = None
    phone: str | None = None
    page: str | None = None
    resume: str | None = None


class PierOrder(kit.VendorStruct, frozen=True):
    test: str
    person: PierPerson = PierPerson()
    person_id: str | None = None
    application_id: str | None = None
    job_id: str | None = None
    job: str | None = None
    recruiter: str | None = None
    reply_to: str | None = None


class PierTrouble(kit.VendorStruct, frozen=True):
    about: str
    errors: list[str]
    order: str | None = None


class PierReason(kit.VendorStruct, frozen=True):
    reason: str | None = None


class Pier(kit.Connector):
    name = "pier"
    title = "Pier"
    docs = "https://docs.pier.example"
    category = "ats"
    origins = (HOME,)
    auth: ClassVar[Auth] = kit.BearerKey(where="Settings")
    paging: ClassVar[Paging] = kit.WholePaging()
    rate_limit = kit.RateLimit(calls=1000, seconds=1)
    partner = kit.Partner(
        steps=("Enter {baseUrl} as the address of the tests.", "Enter {secretKey} as the key."),
        fetches_results=True,
        life_days=30,
    )

    async def verify(self) -> None:
        await self.get("/me")

    def read_partner_call(self, call: kit.PartnerCall) -> kit.PartnerAsk:
        parts = call.path.split("/")
        if (call.method, call.path) == ("GET", "tests"):
            return kit.PackagesWanted()
        if (call.method, call.path) == ("POST", "orders"):
            return placed(read(call, PierOrder))
        if (call.method, call.path) == ("POST", "trouble"):
            trouble = read(call, PierTrouble)
            return kit.TroubleTold(trouble.about, tuple(trouble.errors), trouble.order)
        if call.method == "GET" and parts[0] == "orders" and len(parts) == 2:
            return kit.StatusWanted(parts[1])
        if call.method == "POST" and parts[0] == "orders" and parts[2:] == ["cancel"]:
            return kit.CancellationTold(parts[1], read(call, PierReason).reason)
        if call.path == "wreck":
            raise ZeroDivisionError
        raise kit.ResourceNotFoundError(f"Pier has no call {call.path}")

    def answer_partner(self, ask: kit.PartnerAsk, reply: kit.PartnerReply) -> kit.PartnerAnswer:
        if isinstance(reply, kit.PackagesOffered):
            tests = [{"id": one.id, "name": one.name} for one in reply.packages]
            return says(200, {"tests": tests})
        if not isinstance(reply, kit.OrderStands):
            return says(200, {"order": getattr(reply, "order_id", None)})
        found: dict[str, Any] = {"order": reply.order_id, "status": str(reply.status)}
        score = reply.score
        if score is None or score.score is None:
            return says(200, found)
        return says(200, {**found, "points": score.score.value}, "status", "score")

    def refuse_partner(self, call: kit.PartnerCall, error: HireloomError) -> kit.PartnerAnswer:
        status = 500 if isinstance(error, InternalError) else 422
        return says(status, {"wrong": error.msg})

    async def create_assessment_result(
        self, paper: kit.Paper, order: kit.OpenOrder | None
    ) -> WrittenScore:
        if order is None:
            raise kit.NoPlaceError("Pier takes results of its own orders alone")
        await self.post(kit.path("/ready/{}", order.id), {})
        return WrittenScore(remote_id=order.id, fields_pending=list(paper.given))

    async def cancel_assessment_order(self, order: kit.OpenOrder, reason: str) -> None:
        await self.post(kit.path("/cancelled/{}", order.id), {"reason": reason, "key": order.key})


def read(call: kit.PartnerCall, shape: Any) -> Any:
    try:
        return msgspec.json.decode(call.body, type=shape)
    except msgspec.DecodeError:
        raise kit.RequestInvalidError("This is not what Pier sends") from None


def placed(order: PierOrder) -> kit.OrderPlaced:
    who = order.person
    return kit.OrderPlaced(
        package_id=order.test,
        candidate=kit.OrderedCandidate(
            first_name=who.first,
            last_name=who.last,
            email=who.email,
            phone=who.phone,
            profile_url=who.page,
            resume_url=who.resume,
        ),
        candidate_id=order.person_id,
        application_id=order.application_id,
        job_id=order.job_id,
        job_title=order.job,
        ordered_by=order.recruiter,
        callback=order.reply_to,
    )


def says(status: int, body: Any, *fields_told: str) -> kit.PartnerAnswer:
    return kit.PartnerAnswer(status, json.dumps(body).encode(), fields_told)


def plug(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What installing a package with this connector does."""
    package = folder / "pier_for_tests-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: pier-for-tests\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text("[hireloom.connectors]\npier = tests.pier:Pier\n")
    monkeypatch.syspath_prepend(str(folder))


@dataclass
class Pierside:
    """The API with an account of Pier, and Pier's recruiters."""

    service: Service
    vendor: Vendor
    integration: str = ""
    base_url: str = ""
    key: str = ""

    async def ask(self, method: str, /, **body: Any) -> dict[str, Any]:
        """A call that goes well; its `data`."""
        return self._data(await self.service.post(method, self.integration, body))

    async def ask_for_all(self, method: str, /, **body: Any) -> dict[str, Any]:
        """The same without naming the account."""
        return self._data(await self.service.post(method, body=body))

    async def look(self, method: str, /, **params: Any) -> dict[str, Any]:
        return self._data(await self.service.get(method, self.integration, **params))

    def _data(self, answer: httpx.Response) -> dict[str, Any]:
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["data"]
        return found

    async def refused(self, method: str, /, **body: Any) -> dict[str, Any]:
        answer = await self.service.post(method, self.integration, body)
        assert answer.status_code >= 400, answer.text
        return {**answer.json()["error"], "status": answer.status_code}

    async def enter(self, **request: Any) -> dict[str, Any]:
        """Make the access, and enter it in Pier."""
        made = await self.ask("assessment.partner.create", **request)
        self.base_url = made["baseUrl"]
        self.key = made["secretKey"] or self.key
        return made

    async def call(
        self, method: str, path: str, body: Any = None, key: str | None = None
    ) -> httpx.Response:
        """Pier calls its partner."""
        secret = base64.b64encode(f"{self.key if key is None else key}:".encode()).decode()
        return await self.service.http.request(
            method,
            f"{self.base_url}/{path}",
            content=b"" if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Basic {secret}"},
        )

    async def order(self, test: str = "java", **more: Any) -> httpx.Response:
        return await self.call("POST", "orders", {"test": test, "application_id": "77", **more})

    async def ordered(self, test: str = "java", **more: Any) -> str:
        answer = await self.order(test, **more)
        assert answer.status_code == 200, answer.text
        found: str = answer.json()["order"]
        return found

    async def shown(self, order_id: str) -> dict[str, Any]:
        found = await self.look("assessment.order.get", orderId=order_id)
        order: dict[str, Any] = found["order"]
        return order

    async def events(self, event_type: str) -> list[dict[str, Any]]:
        """What waits for the webhook, opened, in order."""
        desk = self.service.desk
        account = await desk.accounts.open(self.integration)
        rows = await desk.pool.fetch("select event_id, event_type, sealed from outbox order by id")
        opened = [
            json.loads(
                account.data_key.open(
                    self.integration, f"outbox.sealed {row['event_id']}", row["sealed"]
                )
            )
            for row in rows
            if row["event_type"] == event_type
        ]
        return [one["eventData"] for one in opened]


@dataclass
class _Origins:
    """A sandbox with one vendor more."""

    sandbox: Running
    origins: dict[str, str]

    def vendor(self, name: str) -> Any:
        return self.sandbox.vendor(name)


@asynccontextmanager
async def pierside(settings: Settings, vendors: Running) -> AsyncIterator[Pierside]:
    """An account that is connected, with a package to order and a webhook that is never sent to."""
    allowed = msgspec.structs.replace(settings, allow_private_webhooks=True)
    async with Vendor() as vendor:
        mapped = cast(Running, _Origins(vendors, {**vendors.origins, HOME: vendor.url}))
        async with running(allowed, mapped) as service:
            side = Pierside(service, vendor)
            made = await side.ask_for_all(
                "integration.import",
                originOrgId="org-pier",
                originOrgName="Example & Sons",
                appId="pier",
                credentials={"apiKey": "key-of-pier"},
            )
            side.integration = made["integrationId"]
            await side.ask_for_all("webhook.create", url="http://127.0.0.1:1/hook")
            await side.ask_for_all(
                "assessment.package.put", packageId="java", name="Java", expiresAfterDays=7
            )
            await side.enter()
            yield side

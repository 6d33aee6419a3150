"""Scores on their way into the simulated vendors, for tests, and what their windows then show."""

from typing import Any

import httpx

from hireloom.sandbox._ashby_assessments import PARTNER
from hireloom.sandbox._greenhouse_numbers import number
from tests.service import Service

Json = dict[str, Any]
VENDORS = ("greenhouse", "lever", "ashby")
CODING: Json = {
    "assessment": {"name": "Typing and Logic", "type": "coding"},
    "completedAt": "2025-01-15T14:30:00Z",
    "score": {"value": 89, "max": 100},
    "breakdown": [
        {"label": "Algorithm Design", "value": 87, "max": 100},
        {"label": "Code Quality", "value": 92, "max": 100},
    ],
    "result": "PASS",
    "reportUrl": "https://testbench.example/reports/7f3a",
    "notes": "Quick and sure with data structures.",
}
ALL = {
    "assessment", "completedAt", "score", "breakdown", "result", "reportUrl", "notes",
}  # fmt: skip
BETTER = {**CODING, "score": {"value": 91, "max": 100}}


async def applicants(service: Service, integration: str) -> list[Json]:
    """Applications in process that are for a job."""
    answer = await service.get("ats.application.list", integration, status="ACTIVE", pageSize="50")
    found = [one["info"] for one in answer.json()["data"]["applications"]]
    return [one for one in found if one["jobId"]]


async def connected(service: Service, vendor: str) -> str:
    if vendor == "ashby":
        return await service.connect(vendor, {"partnerId": PARTNER})
    return await service.connect_for_writes(vendor)


async def candidates(service: Service, vendor: str, integration: str) -> list[dict[str, str]]:
    """Whom to push for; at Greenhouse those whose job has the interview with the kit."""
    people = await applicants(service, integration)
    if vendor == "greenhouse":
        first = number("jobs", 0)
        people = [one for one in people if (int(one["jobId"]) - first) % 2 == 0]
    return [{"applicationId": one["id"], "candidateId": one["candidate"]["id"]} for one in people]


async def someone(service: Service, integration: str) -> dict[str, str]:
    """An application in process, and its candidate."""
    one = (await applicants(service, integration))[0]
    return {"applicationId": one["id"], "candidateId": one["candidate"]["id"]}


def page(service: Service, vendor: str, application: str) -> dict[str, list[Json]]:
    """The tabs of an application in that vendor's windows."""
    url = f"{service.sandbox.url}/_sandbox/{vendor}/screen"
    answer = httpx.get(url, params={"application": application}, timeout=120)
    assert answer.status_code == 200, answer.text
    return {tab["name"]: tab["entries"] for tab in answer.json()["tabs"]}


def lines(entries: list[Json]) -> str:
    return "\n".join(
        "\n".join([str(entry.get("title") or ""), *entry["lines"]]) for entry in entries
    )


def whole_page(service: Service, vendor: str, whom: Json) -> str:
    return "\n".join(map(lines, page(service, vendor, whom["applicationId"]).values()))


async def push(service: Service, integration: str, **score: Any) -> Json:
    """A push that goes well; its receipt."""
    answer = await service.post("ats.application.score.create", integration, body=score)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()["data"]["receipt"]
    return found


async def refused(service: Service, integration: str, **score: Any) -> Json:
    """A push that goes wrong; its error, and in it the status."""
    answer = await service.post("ats.application.score.create", integration, body=score)
    assert answer.status_code >= 400, answer.text
    return {**answer.json()["error"], "status": answer.status_code}


def written(service: Service, vendor: str) -> list[Json]:
    """The writes that reached a vendor, as its log has them."""
    return [one for one in service.calls(vendor)["calls"] if one["method"] != "GET"]

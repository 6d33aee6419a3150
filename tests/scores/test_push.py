"""Scores pushed into the three simulated vendors, and what is then seen in their windows."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.service import Service

VENDORS = ("greenhouse", "lever", "ashby")
CODING: dict[str, Any] = {
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


async def someone(service: Service, integration: str) -> dict[str, str]:
    """An application in process, and its candidate."""
    answer = await service.get("ats.application.list", integration, status="ACTIVE", pageSize="20")
    for one in answer.json()["data"]["applications"]:
        if one["info"]["jobId"]:
            return {
                "applicationId": one["info"]["id"],
                "candidateId": one["info"]["candidate"]["id"],
            }
    raise LookupError("nobody applies")


def page(service: Service, vendor: str, application: str) -> dict[str, list[dict[str, Any]]]:
    """The tabs of an application in that vendor's windows."""
    url = f"{service.sandbox.url}/_sandbox/{vendor}/screen"
    answer = httpx.get(url, params={"application": application})
    assert answer.status_code == 200, answer.text
    return {tab["name"]: tab["entries"] for tab in answer.json()["tabs"]}


def whole_page(service: Service, vendor: str, whom: dict[str, str]) -> str:
    return "\n".join(map(lines, page(service, vendor, whom["applicationId"]).values()))


def lines(entries: list[dict[str, Any]]) -> str:
    return "\n".join(
        "\n".join([str(entry.get("title") or ""), *entry["lines"]]) for entry in entries
    )


async def push(service: Service, integration: str, **score: Any) -> dict[str, Any]:
    answer = await service.post("ats.application.score.create", integration, body=score)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["data"]["receipt"]
    return found


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_score_lands_where_a_recruiter_looks(service: Service, vendor: str) -> None:
    integration = await service.connect_for_writes(vendor)
    whom = await someone(service, integration)

    receipt = await push(service, integration, **whom, **CODING)

    assert set(receipt["fieldsWritten"]) == ALL
    assert receipt["fieldsDropped"] == receipt["fieldsPending"] == []
    assert receipt["change"] == "CREATED"
    assert receipt["attempts"][-1] == {
        "channel": receipt["channel"], "outcome": "WRITTEN", "reason": None,
    }  # fmt: skip
    seen = "\n".join(
        lines(entries) for entries in page(service, vendor, whom["applicationId"]).values()
    )
    for piece in ("Typing and Logic", "89/100", "87/100", "data structures", "reports/7f3a"):
        assert piece in seen


@pytest.mark.parametrize("vendor", VENDORS)
async def test_the_same_id_corrects_what_was_written(service: Service, vendor: str) -> None:
    integration = await service.connect_for_writes(vendor)
    whom = await someone(service, integration)
    first = await push(service, integration, **whom, **CODING, externalId="attempt-1")

    again = await push(service, integration, **whom, **CODING, externalId="attempt-1")
    better = {**CODING, "score": {"value": 91, "max": 100}}
    corrected = await push(service, integration, **whom, **better, externalId="attempt-1")

    assert again["change"] == "UNCHANGED"
    assert again["remoteId"] == first["remoteId"]
    seen = "\n".join(
        lines(entries) for entries in page(service, vendor, whom["applicationId"]).values()
    )
    assert "91/100" in seen
    if corrected["change"] == "UPDATED":
        assert corrected["remoteId"] == first["remoteId"]
        assert "89/100" not in seen
    else:
        assert corrected["change"] == "CORRECTED"
        assert seen.count("Correction: Overall Score") == 1
        assert seen.count("89/100") == 1


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_hundred_pushes_at_once_leave_one_result(service: Service, vendor: str) -> None:
    integration = await service.connect_for_writes(vendor)
    whom = await someone(service, integration)

    receipts = await asyncio.gather(
        *(push(service, integration, **whom, **CODING, externalId="x") for _ in range(100))
    )

    assert {one["remoteId"] for one in receipts} == {receipts[0]["remoteId"]}
    assert sorted(one["change"] for one in receipts) == ["CREATED"] + ["UNCHANGED"] * 99
    seen = "\n".join(
        lines(entries) for entries in page(service, vendor, whom["applicationId"]).values()
    )
    assert seen.count("89/100") == 1


async def test_a_refused_scorecard_becomes_a_note_and_the_receipt_says_why(
    service: Service,
) -> None:
    integration = await service.connect_for_writes("lever")
    whom = await someone(service, integration)
    service.faults(
        {"kind": "status", "status": 403, "vendor": "lever", "path": "*/feedback", "method": "POST"}
    )

    receipt = await push(service, integration, **whom, **CODING)

    assert receipt["channel"] == "APPLICATION_NOTE"
    refused = next(one for one in receipt["attempts"] if one["outcome"] == "REFUSED")
    assert refused["channel"] == "SCORECARD"
    assert "permission" in refused["reason"]
    assert set(receipt["fieldsWritten"]) == ALL
    assert "89/100" in lines(page(service, "lever", whom["applicationId"])["Notes"])


async def test_without_a_user_to_act_a_score_is_a_note(service: Service) -> None:
    integration = await service.connect("lever")
    whom = await someone(service, integration)

    receipt = await push(service, integration, **whom, **CODING)

    assert receipt["channel"] == "APPLICATION_NOTE"
    assert set(receipt["fieldsWritten"]) == ALL
    (scorecard,) = (one for one in receipt["attempts"] if one["channel"] == "SCORECARD")
    assert scorecard["outcome"] == "NOT_AVAILABLE"
    assert "performAs" in scorecard["reason"]


@pytest.mark.parametrize("vendor", VENDORS)
async def test_an_id_of_somebody_elses_score_is_refused(service: Service, vendor: str) -> None:
    integration = await service.connect_for_writes(vendor)
    whom, other = await two_people(service, integration)
    await push(service, integration, **whom, **CODING, externalId="attempt-1")
    before = whole_page(service, vendor, whom), whole_page(service, vendor, other)

    answer = await service.post(
        "ats.application.score.create",
        integration,
        body={**other, **CODING, "score": {"value": 12, "max": 100}, "externalId": "attempt-1"},
    )

    assert answer.status_code == 409
    assert "another application" in answer.json()["error"]["msg"]
    assert (whole_page(service, vendor, whom), whole_page(service, vendor, other)) == before


async def two_people(service: Service, integration: str) -> list[dict[str, str]]:
    answer = await service.get("ats.application.list", integration, status="ACTIVE", pageSize="40")
    found = {
        one["info"]["candidate"]["id"]: one["info"]["id"]
        for one in answer.json()["data"]["applications"]
        if one["info"]["jobId"]
    }
    pairs = [{"candidateId": who, "applicationId": what} for who, what in found.items()]
    return pairs[:2]


NOTE_PATHS = {
    "greenhouse": ("*/notes", "GET", "*/applications*"),
    "lever": ("*/notes", "GET", "*/opportunities/*"),
    "ashby": ("*/candidate.createNote", "POST", "*/application.info"),
}
AS_NOTE = {"channels": ["APPLICATION_NOTE", "CANDIDATE_NOTE"], "externalId": "attempt-1"}


def notes_taken(service: Service, vendor: str, whom: dict[str, str]) -> int:
    return whole_page(service, vendor, whom).count("data structures")


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_push_that_was_cut_off_outlives_failures_of_the_next(
    service: Service, vendor: str
) -> None:
    integration = await service.connect_for_writes(vendor)
    whom = await someone(service, integration)
    path, method, read = NOTE_PATHS[vendor]
    body = {**whom, **CODING, **AS_NOTE}
    lost = {"kind": "status", "status": 500, "performed": True, "times": 1, "vendor": vendor}
    service.faults({**lost, "path": path, "method": "POST"})
    cut_off = await service.post("ats.application.score.create", integration, body=body)
    service.faults(
        {"kind": "status", "status": 422, "vendor": vendor, "path": read, "method": method}
    )
    failed = await service.post("ats.application.score.create", integration, body=body)
    service.faults()

    receipt = await push(service, integration, **body)

    assert (cut_off.status_code, failed.status_code) == (503, 422)
    assert "earlier push" in receipt["attempts"][0]["reason"]
    assert receipt["channel"] == ("CANDIDATE_NOTE" if vendor == "ashby" else "APPLICATION_NOTE")
    assert notes_taken(service, vendor, whom) == 1


async def test_an_older_note_that_says_the_same_is_another_score_s(service: Service) -> None:
    integration = await service.connect_for_writes("lever")
    whom = await someone(service, integration)
    body = {**whom, **CODING, **AS_NOTE}
    await push(service, integration, **body)
    second = {**body, "externalId": "attempt-2"}
    service.faults({"kind": "drop", "times": 1, "vendor": "lever", "path": "*/notes"})
    await service.post("ats.application.score.create", integration, body=second)
    service.faults()
    await service.desk.pool.execute(
        "update score_places set created_at = created_at + interval '1 hour'"
    )

    answer = await service.post("ats.application.score.create", integration, body=second)

    assert answer.status_code == 409
    assert "cut off" in answer.json()["error"]["msg"]


@pytest.mark.parametrize("vendor", VENDORS)
async def test_what_was_answered_unreadably_is_not_written_twice(
    service: Service, vendor: str
) -> None:
    integration = await service.connect_for_writes(vendor)
    whom = await someone(service, integration)
    body = {**whom, **CODING, **AS_NOTE}
    page_instead = {"kind": "html", "performed": True, "times": 1, "vendor": vendor}
    service.faults({**page_instead, "path": NOTE_PATHS[vendor][0], "method": "POST"})
    unread = await service.post("ats.application.score.create", integration, body=body)

    receipt = await push(service, integration, **body)

    assert unread.status_code == 502
    assert "look in the ATS" in unread.json()["error"]["hint"]
    assert "earlier push" in receipt["attempts"][0]["reason"]
    assert notes_taken(service, vendor, whom) == 1


async def test_files_of_a_push_that_was_cut_off_are_not_claimed(service: Service) -> None:
    integration = await service.connect_for_writes("lever")
    whom = await someone(service, integration)
    file = {"name": "report.txt", "contentType": "text/plain", "data": "aGVsbG8="}
    body = {**whom, **CODING, **AS_NOTE, "attachments": [file]}
    lost = {"kind": "status", "status": 500, "performed": True, "times": 1, "vendor": "lever"}
    service.faults({**lost, "path": "*/notes", "method": "POST"})
    await service.post("ats.application.score.create", integration, body=body)

    receipt = await push(service, integration, **body)

    assert "attachments" not in receipt["fieldsWritten"]
    assert [one["field"] for one in receipt["fieldsDropped"]] == ["attachments[0]"]


async def test_a_file_that_was_refused_goes_with_the_correction_and_no_other(
    service: Service,
) -> None:
    integration = await service.connect_for_writes("lever")
    whom = await someone(service, integration)
    file = {"name": "report.txt", "contentType": "text/plain", "data": "aGVsbG8="}
    body = {**whom, **CODING, **AS_NOTE, "attachments": [file]}
    service.faults(
        {"kind": "status", "status": 422, "vendor": "lever", "path": "*/files", "method": "POST"}
    )
    refused = await push(service, integration, **body)
    service.faults()

    added = await push(service, integration, **{**body, "notes": "Better words."})
    kept = await push(service, integration, **{**body, "notes": "The best words."})

    assert [one["field"] for one in refused["fieldsDropped"]] == ["attachments[0]"]
    assert "attachments" not in refused["fieldsWritten"]
    assert "attachments" in added["fieldsWritten"]
    assert "attachments" in kept["fieldsWritten"]
    assert whole_page(service, "lever", whom).count("report.txt") == 1


@pytest.mark.parametrize("vendor", VENDORS)
async def test_what_a_note_had_no_room_for_is_told_with_the_reason(
    service: Service, vendor: str
) -> None:
    integration = await service.connect_for_writes(vendor)
    whom = await someone(service, integration)

    receipt = await push(
        service, integration, **whom, **{**CODING, "notes": "word " * 39_000}, **AS_NOTE
    )

    (dropped,) = receipt["fieldsDropped"]
    assert dropped["field"] == "notes"
    assert "cut at" in dropped["reason"]


async def test_details_that_a_template_leaves_out_are_told(service: Service) -> None:
    integration = await service.connect_for_writes("lever")
    whom = await someone(service, integration)
    template = "<p>{{ assessment.name }} {% if score %}{{ score.text }}{% endif %}</p>"
    answer = await service.post(
        "score.layout.put", integration, body={"assessmentType": "coding", "template": template}
    )
    assert answer.status_code == 200, answer.text
    points = {"value": 89, "max": 100, "label": "Strong"}

    receipt = await push(service, integration, **whom, **{**CODING, "score": points}, **AS_NOTE)

    assert receipt["fieldsWritten"] == ["assessment", "score"]
    assert "score.label" in {one["field"] for one in receipt["fieldsDropped"]}


async def test_a_custom_field_that_was_found_by_its_name_is_corrected(service: Service) -> None:
    integration = await service.connect_for_writes("ashby")
    whom = await someone(service, integration)
    fields = (await service.get("ats.customField.list", integration)).json()["data"]["customFields"]
    label = next(
        one["label"]
        for one in fields
        if one["owner"] == "APPLICATION" and one["type"] in {"TEXT", "NUMBER"}
    )
    score = {**whom, "assessment": {"name": label}, "externalId": "attempt-1"}
    first = await push(
        service, integration, **score, score={"value": 89, "max": 100}, channels=["CUSTOM_FIELD"]
    )

    corrected = await push(service, integration, **score, score={"value": 91, "max": 100})

    assert (first["channel"], corrected["channel"]) == ("CUSTOM_FIELD", "CUSTOM_FIELD")
    assert corrected["change"] == "UPDATED"
    assert "score" in corrected["fieldsWritten"]

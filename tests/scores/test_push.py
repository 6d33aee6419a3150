"""Scores pushed into the three simulated vendors, and what is then seen in their windows."""

import asyncio

import pytest

from tests.scores.pushing import (
    ALL,
    BETTER,
    CODING,
    VENDORS,
    lines,
    page,
    push,
    someone,
    whole_page,
)
from tests.service import Service


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
    seen = whole_page(service, vendor, whom)
    for piece in ("Typing and Logic", "89/100", "87/100", "data structures", "reports/7f3a"):
        assert piece in seen


@pytest.mark.parametrize("vendor", VENDORS)
async def test_the_same_id_corrects_what_was_written(service: Service, vendor: str) -> None:
    integration = await service.connect_for_writes(vendor)
    whom = await someone(service, integration)
    first = await push(service, integration, **whom, **CODING, externalId="attempt-1")

    again = await push(service, integration, **whom, **CODING, externalId="attempt-1")
    corrected = await push(service, integration, **whom, **BETTER, externalId="attempt-1")

    assert again["change"] == "UNCHANGED"
    assert again["remoteId"] == first["remoteId"]
    seen = whole_page(service, vendor, whom)
    assert "91/100" in seen
    if corrected["change"] == "UPDATED":
        assert corrected["remoteId"] == first["remoteId"]
        assert "89/100" not in seen
    else:
        assert corrected["change"] == "CORRECTED"
        assert seen.count("Correction: Overall Score") == 1
        assert seen.count("89/100") == 1


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_hundred_pushes_at_once_leave_one_result(
    service: Service, vendor: str, patient: None
) -> None:
    integration = await service.connect_for_writes(vendor)
    whom = await someone(service, integration)

    receipts = await asyncio.gather(
        *(push(service, integration, **whom, **CODING, externalId="x") for _ in range(100))
    )

    assert {one["remoteId"] for one in receipts} == {receipts[0]["remoteId"]}
    assert sorted(one["change"] for one in receipts) == ["CREATED"] + ["UNCHANGED"] * 99
    seen = whole_page(service, vendor, whom)
    assert seen.count("89/100") == 1


@pytest.mark.parametrize("vendor", VENDORS)
async def test_the_id_of_one_application_s_result_cannot_be_used_for_another(
    service: Service, vendor: str
) -> None:
    integration = await service.connect_for_writes(vendor)
    answer = await service.get("ats.application.list", integration, status="ACTIVE", pageSize="20")
    ids = [one["info"]["id"] for one in answer.json()["data"]["applications"]]
    first, second = ids[:2]
    await push(service, integration, applicationId=first, **CODING, externalId="attempt-1")
    before = page(service, vendor, second)

    body = {**CODING, "applicationId": second, "externalId": "attempt-1"}
    answer = await service.post("ats.application.score.create", integration, body=body)
    better = {**CODING, "score": {"value": 91, "max": 100}, "externalId": "attempt-1"}
    corrected = await push(service, integration, applicationId=first, **better)

    assert answer.json()["error"]["code"] == "resource.conflict"
    assert page(service, vendor, second) == before
    assert corrected["change"] in {"UPDATED", "CORRECTED"}


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


async def test_a_bare_403_where_scorecards_go_leads_to_a_note_and_not_to_a_lost_account(
    service: Service,
) -> None:
    integration = await service.connect_for_writes("ashby")
    whom = await someone(service, integration)
    coding = {**CODING, "assessment": {"name": "Technical Coding Assessment", "type": "coding"}}
    path = "/applicationFeedback.submit"
    service.faults({"kind": "status", "status": 403, "vendor": "ashby", "path": path})

    receipt = await push(service, integration, **whom, **coding)

    assert receipt["channel"] == "CANDIDATE_NOTE"
    refused = next(one for one in receipt["attempts"] if one["outcome"] == "REFUSED")
    assert refused["channel"] == "SCORECARD"
    assert refused["reason"].startswith("the ATS answered 403 there")
    assert set(receipt["fieldsWritten"]) == ALL
    assert "89/100" in lines(page(service, "ashby", whom["applicationId"])["Feed"])


async def test_a_key_that_is_refused_everywhere_is_told_as_such(service: Service) -> None:
    integration = await service.connect_for_writes("ashby")
    whom = await someone(service, integration)
    fault = {"kind": "status", "status": 403, "vendor": "ashby", "method": "POST"}
    service.faults(
        {**fault, "path": "/applicationFeedback.submit"},
        {**fault, "path": "/candidate.createNote"},
    )
    coding = {**CODING, "assessment": {"name": "Technical Coding Assessment"}}

    answer = await service.post(
        "ats.application.score.create", integration, body={**whom, **coding}
    )

    assert answer.json()["error"]["code"] == "integration.credentials_invalid"


async def test_without_a_user_to_act_a_score_is_a_note(service: Service) -> None:
    integration = await service.connect("lever")
    whom = await someone(service, integration)

    receipt = await push(service, integration, **whom, **CODING)

    assert receipt["channel"] == "APPLICATION_NOTE"
    assert set(receipt["fieldsWritten"]) == ALL
    (scorecard,) = (one for one in receipt["attempts"] if one["channel"] == "SCORECARD")
    assert scorecard["outcome"] == "NOT_AVAILABLE"
    assert "performAs" in scorecard["reason"]

"""Scores of which something is doubtful: what a receipt then says, and what it does not."""

import pytest

from tests.scores.pushing import CODING, VENDORS, push, someone, whole_page
from tests.service import Service

AS_NOTE = {"channels": ["APPLICATION_NOTE", "CANDIDATE_NOTE"], "externalId": "attempt-1"}
NOTE_PATHS = {
    "greenhouse": ("*/notes", "GET", "*/applications*"),
    "lever": ("*/notes", "GET", "*/opportunities/*"),
    "ashby": ("*/candidate.createNote", "POST", "*/application.info"),
}


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

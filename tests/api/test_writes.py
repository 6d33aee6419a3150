"""Writes: the whole way to each vendor, once, rehearsed, and with nothing dropped silently."""

import asyncio
from typing import Any

import httpx
import pytest

from hireloom import connectors
from hireloom.api import once
from tests.service import Service

every_connector = pytest.mark.parametrize("app", connectors.names())

PERSON = {
    "firstName": "Ines",
    "lastName": "Duarte",
    "emails": [{"type": "PERSONAL", "email": "ines.duarte@example.com"}],
    "phones": [{"type": "MOBILE", "phoneNumber": "+351 21 000 0017"}],
}


OURS = {"ORGANIZATION", "NOT_SPECIFIED"}  # Lever does not say whose reason one is


def screen(service: Service, app: str) -> dict[str, Any]:
    """What a recruiter sees of what was written."""
    answer = httpx.get(f"{service.sandbox.url}/_sandbox/{app}/screen", timeout=120)
    found: dict[str, Any] = answer.json()
    return found


async def some_job(service: Service, integration: str) -> dict[str, Any]:
    answer = await service.get("ats.job.list", integration, status="OPEN", pageSize=5)
    found: dict[str, Any] = answer.json()["data"]["jobs"][0]
    return found


async def apply(service: Service, integration: str, person: Any = PERSON) -> dict[str, Any]:
    job = await some_job(service, integration)
    body = {"jobId": job["info"]["id"], "candidate": person}
    answer = await service.post("ats.application.create", integration, body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["data"]
    return found


@every_connector
async def test_somebody_applies_and_is_there(service: Service, app: str) -> None:
    integration = await service.connect_for_writes(app)

    created = await apply(service, integration)

    answer = await service.get(
        "ats.application.get", integration, applicationId=created["applicationId"]
    )
    info = answer.json()["data"]["application"]["info"]
    assert info["candidate"]["id"] == created["candidateId"]
    assert (info["candidate"]["firstName"], info["candidate"]["lastName"]) == ("Ines", "Duarte")
    assert info["jobId"] == created["jobId"]


@every_connector
async def test_an_application_moves_to_another_stage_with_a_note(
    service: Service, app: str
) -> None:
    integration = await service.connect_for_writes(app)
    created = await apply(service, integration)
    listed = await service.get("ats.stage.list", integration, jobId=created["jobId"])
    stages = sorted(listed.json()["data"]["stages"], key=lambda one: one.get("order") or 0)
    target = next(one for one in stages[1:] if one["type"] not in {"HIRED", "REJECTED"})

    moved = await service.post(
        "ats.application.stage.update",
        integration,
        {
            "applicationId": created["applicationId"],
            "stageId": target["id"],
            "note": "Went very well.",
        },
    )

    assert moved.status_code == 200, moved.text
    answer = await service.get(
        "ats.application.get", integration, applicationId=created["applicationId"]
    )
    assert answer.json()["data"]["application"]["currentStage"]["id"] == target["id"]
    assert "Went very well." in str(screen(service, app)["notes"])


async def test_a_move_stays_done_though_its_note_failed(service: Service) -> None:
    integration = await service.connect_for_writes("lever")
    created = await apply(service, integration)
    listed = await service.get("ats.stage.list", integration)
    target = listed.json()["data"]["stages"][2]["id"]
    service.faults(
        {"vendor": "lever", "path": "/v1/opportunities/*/notes", "kind": "status", "status": 400}
    )

    moved = await service.post(
        "ats.application.stage.update",
        integration,
        {"applicationId": created["applicationId"], "stageId": target, "note": "Well done."},
    )

    data = moved.json()["data"]
    assert (moved.status_code, data["stageId"], data["noteId"]) == (200, target, None)
    assert [one["field"] for one in data["fieldsDropped"]] == ["note"]


@every_connector
async def test_a_rejected_application_is_rejected_for_its_reason(
    service: Service, app: str
) -> None:
    integration = await service.connect_for_writes(app)
    created = await apply(service, integration)
    listed = (await service.get("ats.rejectionReason.list", integration)).json()["data"]
    reason = next(one for one in listed["rejectionReasons"] if one["side"] in OURS)

    rejected = await service.post(
        "ats.application.reject",
        integration,
        {"applicationId": created["applicationId"], "rejectionReasonId": reason["id"]},
    )

    assert rejected.status_code == 200, rejected.text
    answer = await service.get(
        "ats.application.get", integration, applicationId=created["applicationId"]
    )
    application = answer.json()["data"]["application"]
    assert application["info"]["status"] == "REJECTED"
    assert application["rejection"]["id"] == reason["id"]


@every_connector
async def test_an_html_note_arrives_as_that_vendor_shows_it(service: Service, app: str) -> None:
    integration = await service.connect_for_writes(app)
    created = await apply(service, integration)
    content = (
        "<p><b>Coding assessment</b></p><ul><li>Tests: 92</li></ul>"
        '<a href="https://example.com/r/1">Report</a><script>alert(1)</script>'
    )

    answer = await service.post(
        "ats.candidate.note.create",
        integration,
        {
            "candidateId": created["candidateId"],
            "applicationId": created["applicationId"],
            "content": content,
        },
    )

    note = answer.json()["data"]["note"]
    seen = str(screen(service, app)["notes"])
    assert "alert" not in seen
    if note["format"] == "PLAIN":
        assert "• Tests: 92" in seen
        assert "Report (https://example.com/r/1)" in seen
        assert "<b>" not in seen
    else:
        assert "<li>Tests: 92</li>" in seen
    assert note["placement"] == ("CANDIDATE" if app == "ashby" else "APPLICATION")


@every_connector
async def test_a_file_is_attached_and_comes_back_byte_for_byte(service: Service, app: str) -> None:
    integration = await service.connect_for_writes(app)
    created = await apply(service, integration)
    content = bytes(range(256)) * 40

    added = await service.http.post(
        "/v1.0/ats.application.attachment.add",
        headers=service.headers(integration),
        data={"applicationId": created["applicationId"], "fileType": "ASSESSMENT_REPORT"},
        files={"file": ("report.bin", content, "application/octet-stream")},
    )

    assert added.status_code == 200, added.text
    attachment = added.json()["data"]["attachment"]
    downloaded = await service.get(
        "ats.attachment.download",
        integration,
        attachmentId=attachment["id"],
        applicationId=created["applicationId"],
        candidateId=created["candidateId"],
    )
    assert downloaded.status_code == 200, downloaded.text
    assert downloaded.content == content
    assert downloaded.headers["content-disposition"].startswith("attachment")


@every_connector
async def test_a_tag_is_put_on_and_taken_off(service: Service, app: str) -> None:
    integration = await service.connect_for_writes(app)
    created = await apply(service, integration)
    change = {"candidateId": created["candidateId"], "tag": "silver medalist"}

    added = await service.post("ats.candidate.tag.add", integration, change)
    tagged = await service.get("ats.candidate.get", integration, candidateId=created["candidateId"])
    removed = await service.post("ats.candidate.tag.remove", integration, change)
    bare = await service.get("ats.candidate.get", integration, candidateId=created["candidateId"])

    assert (added.status_code, removed.status_code) == (200, 200), added.text + removed.text
    assert "silver medalist" in tagged.json()["data"]["candidate"]["info"]["tags"]
    assert "silver medalist" not in bare.json()["data"]["candidate"]["info"]["tags"]


@every_connector
async def test_a_dry_run_shows_the_requests_and_writes_nothing(service: Service, app: str) -> None:
    integration = await service.connect_for_writes(app)
    job = await some_job(service, integration)
    before = screen(service, app)

    answer = await service.post(
        "ats.application.create",
        integration,
        {"jobId": job["info"]["id"], "candidate": PERSON, "dryRun": True},
    )

    data = answer.json()["data"]
    assert data["dryRun"] is True
    assert isinstance(data["fieldsDropped"], list)
    assert any("ines.duarte@example.com" in str(one["body"]) for one in data["requests"])
    assert all(one["url"].startswith("https://") for one in data["requests"])
    assert "authorization" not in str(data).lower()
    assert screen(service, app) == before


@every_connector
async def test_what_the_vendor_has_no_place_for_is_named(service: Service, app: str) -> None:
    integration = await service.connect_for_writes(app)
    person = PERSON | {"education": [{"institute": "Example University"}], "headline": "Builder"}

    created = await apply(service, integration, person)

    dropped = {one["field"].rpartition(".")[2] for one in created["fieldsDropped"]}
    assert "education" in dropped
    assert all(one["reason"] for one in created["fieldsDropped"])


async def test_a_hundred_identical_writes_leave_one_candidate(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "PATIENCE", 600.0)
    integration = await service.connect_for_writes("ashby")
    headers = {"Idempotency-Key": "apply-ines-once"}

    answers = await asyncio.gather(
        *(
            service.post("ats.candidate.create", integration, PERSON, headers=headers)
            for _ in range(100)
        )
    )

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["data"]["candidateId"] for answer in answers}) == 1
    assert len(screen(service, "ashby")["candidates"]) == 1
    replays = [answer for answer in answers if answer.headers.get("Idempotent-Replayed")]
    assert len(replays) == 99


async def test_the_same_key_with_another_body_is_409(service: Service) -> None:
    integration = await service.connect_for_writes("ashby")
    headers = {"Idempotency-Key": "k-1"}
    await service.post("ats.candidate.create", integration, PERSON, headers=headers)

    answer = await service.post(
        "ats.candidate.create", integration, PERSON | {"lastName": "Other"}, headers=headers
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "idempotency.mismatch")


async def test_a_key_can_be_used_again_after_a_failure_that_passed(service: Service) -> None:
    integration = await service.connect_for_writes("ashby")
    headers = {"Idempotency-Key": "k-2"}
    service.faults(
        {"vendor": "ashby", "path": "/candidate.create", "kind": "status", "status": 503}
    )
    failed = await service.post("ats.candidate.create", integration, PERSON, headers=headers)
    service.faults()

    answer = await service.post("ats.candidate.create", integration, PERSON, headers=headers)

    assert failed.status_code == 503
    assert answer.status_code == 200
    assert len(screen(service, "ashby")["candidates"]) == 1


async def test_an_operation_that_a_vendor_lacks_names_the_nearest(service: Service) -> None:
    for app in connectors.names():
        integration = await service.connect(app)
        details = (await service.get("connector.get", appId=app)).json()["data"]["connector"]
        missing = [name for name, state in details["operations"].items() if state == "UNSUPPORTED"]

        for name in missing:
            verb = service.get if name.endswith((".list", ".get")) else service.post
            answer = await verb(name, integration)
            error = answer.json()["error"]
            assert (answer.status_code, error["code"]) == (404, "operation.not_supported")
            assert details["title"] in error["hint"]

"""Lever's published samples, read by the connector's own decoding and mapping."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats.lever import Lever
from hireloom.kit.trip import Trip, travel
from hireloom.models import (
    ApplicationQuery,
    ApplicationStatus,
    AttachmentQuery,
    CandidateQuery,
    CustomFieldQuery,
    EeocQuery,
    InterviewStatus,
    JobQuery,
    JobStatus,
    NoteQuery,
    OfApplications,
    Recommendation,
    StageQuery,
)
from tests.conformance.conftest import Samples, samples_of
from tests.replay import Replay

SAMPLES: Samples = samples_of("lever")
OPPORTUNITY = "6408dc54-7015-4e5b-8d60-23afff2b1efc"
ONE = OfApplications(application_id=(OPPORTUNITY,))


@pytest.fixture(autouse=True)
def nothing_is_set_aside() -> Iterator[None]:
    with travel(Trip()) as trip:
        yield
    assert trip.set_aside == []


def ended(name: str) -> Any:
    """A list's sample as its last page: the recorded ones were cut."""
    sample = SAMPLES[name]
    return {"data": sample["data"], "hasNext": False}


def listed(name: str) -> Any:
    """A single record's sample as a list of one."""
    return {"data": [SAMPLES[name]["data"]], "hasNext": False}


def lever(settings: dict[str, str] | None = None, /, **answers: Any) -> Lever:
    tables = {
        "GET /v1/users": ended("users.list.json"),
        "GET /v1/disposition_stages": SAMPLES["disposition_stages.list.json"],
        "GET /v1/archive_reasons": SAMPLES["archive_reasons.list.json"],
        "GET /v1/postings": ended("postings.list.json"),
        "GET /v1/requisitions": ended("requisitions.list.json"),
        "GET /applications": listed("applications.get.json"),
    }
    return Replay({**tables, **answers}).connect(Lever, settings)


@pytest.mark.parametrize("name", ["opportunities.list.json", "opportunities.amp.list.json"])
async def test_opportunities(name: str) -> None:
    found = (
        await lever(**{"GET /v1/opportunities": ended(name)})
        .list_applications(ApplicationQuery())
        .all()
    )

    assert len(found) == len(SAMPLES[name]["data"])
    for application in found:
        assert application.info.status is ApplicationStatus.ACTIVE
        assert application.info.candidate
        assert application.info.candidate.id
        assert application.info.job_id
        assert application.info.applied_at
        assert application.current_stage
        assert application.current_stage.text == "New lead"
        assert application.current_stage.entered_at


async def test_an_archived_opportunity() -> None:
    connector = lever(**{f"GET /opportunities/{OPPORTUNITY}": SAMPLES["opportunities.get.json"]})

    found = await connector.get_application(OPPORTUNITY)

    assert found.info.status is ApplicationStatus.REJECTED
    assert found.rejection
    assert found.rejection.text == "Timing"
    assert found.rejection.rejected_at == found.info.rejected_at


WRITTEN = [name for name in SAMPLES.names("opportunities.*.json") if ".update." in name]


@pytest.mark.parametrize("name", [name for name in WRITTEN if "request" not in name])
async def test_opportunities_as_writes_answer_them(name: str) -> None:
    connector = lever(**{f"GET /opportunities/{OPPORTUNITY}": SAMPLES[name]})

    assert (await connector.get_application(OPPORTUNITY)).info.id == OPPORTUNITY


async def test_people() -> None:
    contact = SAMPLES["contacts.get.json"]
    connector = lever(
        **{
            "GET /v1/opportunities": listed("opportunities.get.json"),
            f"GET /contacts/{contact['data']['id']}": contact,
            "GET /resumes": SAMPLES["resumes.list_empty.json"],
        }
    )

    [found] = await connector.list_candidates(CandidateQuery()).all()
    read = await connector.get_candidate(contact["data"]["id"])

    assert found.info == read.info
    assert read.info.emails
    assert read.info.applications == [OPPORTUNITY]


async def test_postings() -> None:
    jobs = await lever().list_jobs(JobQuery()).all()

    assert [job.info.status for job in jobs] == [JobStatus.OPEN, JobStatus.DRAFT, JobStatus.OPEN]
    assert all(job.info.title and job.departments and job.offices and job.stages for job in jobs)
    assert jobs[2].compensation
    assert jobs[2].compensation[0].currency == "AUD"


@pytest.mark.parametrize("name", ["postings.get.json", "postings.update.json"])
async def test_a_posting_and_its_form(name: str) -> None:
    connector = lever(
        **{
            "GET /postings/p": SAMPLES[name],
            "GET /apply": SAMPLES["postings.apply_questions.get.json"],
        }
    )

    job = await connector.get_job("p")

    assert job.info.title
    assert job.questions == []


async def test_requisitions() -> None:
    jobs = await lever({"jobs": "requisitions"}).list_jobs(JobQuery()).all()

    assert [job.info.status for job in jobs] == [JobStatus.OPEN, JobStatus.CLOSED, JobStatus.OPEN]
    unlimited = jobs[0].info.openings
    assert unlimited
    assert (unlimited.total, unlimited.filled) == (None, 2)


REQUISITIONS = [
    name
    for name in SAMPLES.names("requisitions.*.json")
    if "list" not in name and "request" not in name
]


@pytest.mark.parametrize("name", REQUISITIONS)
async def test_a_requisition(name: str) -> None:
    connector = lever({"jobs": "requisitions"}, **{"GET /requisitions/r": SAMPLES[name]})

    job = await connector.get_job("r")

    assert job.info.status is JobStatus.OPEN
    assert job.info.openings
    assert job.info.openings.total


async def test_interviews() -> None:
    connector = lever(**{"GET /interviews": listed("interviews.get.json")})

    [found] = await connector.list_interviews(ONE).all()

    assert found.scheduled_start
    assert found.scheduled_end
    assert found.interviewers
    assert found.status in {InterviewStatus.COMPLETE, InterviewStatus.SCHEDULED}
    assert found.stage
    assert found.stage.text == "Reached out"


FEEDBACK = {
    "feedback.create.json": Recommendation.NOT_SPECIFIED,
    "feedback.update.json": Recommendation.YES,
}


@pytest.mark.parametrize("name", FEEDBACK)
async def test_feedback(name: str) -> None:
    [found] = await lever(**{"GET /feedback": listed(name)}).list_scorecards(ONE).all()

    assert found.recommendation is FEEDBACK[name]
    assert found.sections
    assert found.sections[0].fields


async def test_deleted_feedback_is_left_out() -> None:
    connector = lever(**{"GET /feedback": listed("feedback.get.json")})

    assert await connector.list_scorecards(ONE).all() == []


@pytest.mark.parametrize("name", ["notes.get.json", "notes.create.json"])
async def test_notes(name: str) -> None:
    connector = lever(**{"GET /notes": listed(name)})

    [found] = await connector.list_notes(NoteQuery(application_id=(OPPORTUNITY,))).all()

    assert found.body
    assert found.author
    assert found.created_at


async def test_empty_lists() -> None:
    empty = SAMPLES["resumes.list_empty.json"]
    connector = lever(**{"GET /resumes": empty, "GET /files": empty})

    query = AttachmentQuery(application_id=(OPPORTUNITY,))
    assert await connector.list_attachments(query).all() == []


async def test_survey_answers() -> None:
    connector = lever(**{"GET /pii": SAMPLES["eeo_responses_pii.list.json"]})

    found = await connector.list_eeoc(EeocQuery()).all()

    assert len(found) == 3
    assert all(one.application_id and one.candidate_id and one.submitted_at for one in found)


async def test_stages_are_those_of_both_lists() -> None:
    stages = await lever().list_stages(StageQuery()).all()

    assert [one.id for one in stages] == [one["id"] for one in SAMPLES["stages.list.json"]["data"]]
    assert [one.order for one in stages] == list(range(len(stages)))


async def test_archive_reasons() -> None:
    reasons = await lever().list_rejection_reasons().all()

    assert len(reasons) == len(SAMPLES["archive_reasons.list.json"]["data"]) - 1
    assert [one.text for one in reasons if not one.active] == ["No Response - OLD"]


@pytest.mark.parametrize("name", ["users.list.json", "users.amp.list.json"])
async def test_users(name: str) -> None:
    users = await lever(**{"GET /v1/users": ended(name)}).list_users().all()

    assert len(users) == len(SAMPLES[name]["data"])
    assert all(user.id and user.email and user.roles and user.active for user in users)


@pytest.mark.parametrize(
    "name", ["requisition_fields.list.json", "requisition_fields.amp.list.json"]
)
async def test_requisition_fields(name: str) -> None:
    connector = lever(**{"GET /requisition_fields": SAMPLES[name]})

    fields = await connector.list_custom_fields(CustomFieldQuery()).all()

    assert all(one.key and one.label and one.type != "NOT_SPECIFIED" for one in fields)


async def test_tags_and_sources() -> None:
    connector = lever(
        **{"GET /tags": SAMPLES["tags.list.json"], "GET /sources": SAMPLES["sources.list.json"]}
    )

    assert len(await connector.list_tags().all()) == len(SAMPLES["tags.list.json"]["data"])
    assert len(await connector.list_sources().all()) == len(SAMPLES["sources.list.json"]["data"])


async def test_a_registered_webhook() -> None:
    sample = SAMPLES["webhooks.create.json"]
    connector = lever(**{"POST /v1/webhooks": sample})

    made = await connector.register_hook(
        sample["data"]["event"], SAMPLES["webhooks.create.request.json"]["data"]["url"], ""
    )

    expected = sample["data"]["configuration"]["signatureToken"]
    assert made == kit.Registered(sample["data"]["id"], expected)
    assert sample["data"]["event"] in connector.hooks.events


async def test_empty_lists_of_deletions() -> None:
    connector = lever(
        **{
            "GET /v1/opportunities": {"data": [], "hasNext": False},
            "GET /opportunities/deleted": SAMPLES["opportunities.deleted.list.json"],
            "GET /applications/deleted": SAMPLES["applications.deleted.list.json"],
        }
    )
    since = kit.Since(datetime.now(UTC))

    pages = [page async for page in connector.list_changed_applications(since, ApplicationQuery())]

    assert [record for page in pages for record in page] == []
    assert [identity for page in pages for identity in page.gone] == []


async def test_ids_are_of_the_shape_that_records_are_asked_for_by() -> None:
    opportunity = SAMPLES["opportunities.get.json"]
    contact = opportunity["data"]["contact"]
    posting = SAMPLES["postings.list.json"]["data"][0]
    connector = lever(
        **{
            f"GET /opportunities/{OPPORTUNITY}": opportunity,
            "GET /v1/opportunities": listed("opportunities.get.json"),
            f"GET /postings/{posting['id']}": {"data": posting},
        }
    )

    applications = await connector.get_applications([OPPORTUNITY], ApplicationQuery())
    candidates = await connector.get_candidates([contact], CandidateQuery())
    jobs = await connector.get_jobs([posting["id"]], JobQuery())

    assert [one.info.id for one in applications] == [OPPORTUNITY]
    assert [one.info.id for one in candidates] == [contact]
    assert [one.info.id for one in jobs] == [posting["id"]]

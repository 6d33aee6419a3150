"""Ashby's published samples, recorded at a real organisation, through the connector's own reads."""

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from hireloom import kit
from hireloom.connectors.ats.ashby import Ashby
from hireloom.kit.trip import Trip, travel
from hireloom.models import (
    UNSET,
    ApplicationDraft,
    ApplicationQuery,
    ApplicationStatus,
    CandidateChanges,
    CandidateDraft,
    CandidateQuery,
    JobModel,
    JobQuery,
    JobStatus,
    NoteDraft,
    OfApplications,
    StageMove,
)
from tests.conformance.conftest import Samples
from tests.replay import Replay

LISTS = {
    "POST /application.list": "application.list.json",
    "POST /application.info": "application.info.get.json",
    "POST /candidate.list": "candidate.list.json",
    "POST /candidate.search": "candidate.list.json",
    "POST /candidate.info": "candidate.info.get.json",
    "POST /department.list": "department.list.json",
    "POST /interview.list": "interview.list.json",
    "POST /job.info": "job.info.get.json",
    "POST /job.list": "job.list.json",
    "POST /jobPosting.info": "jobPosting.info.get.json",
    "POST /jobPosting.list": "jobPosting.list.json",
    "POST /source.list": "source.list.json",
    "POST /user.info": "user.info.get.json",
    "POST /user.list": "user.list.json",
    "POST /application.changeStage": "application.changeStage.json",
    "POST /application.create": "application.create.json",
    "POST /candidate.create": "candidate.create.json",
    "POST /candidate.createNote": "candidate.createNote.create.json",
    "POST /candidate.update": "candidate.update.json",
}


@pytest.fixture
def recorded(samples: Callable[[str], Samples]) -> Samples:
    return samples("ashby")


def replay_of(recorded: Samples, **more: Any) -> Replay:
    """The samples as they are, each as the only page of its list."""
    answers: dict[str, Any] = {}
    for key, name in LISTS.items():
        body = recorded[name]
        body.pop("nextCursor", None)
        answers[key] = {**body, "moreDataAvailable": False}
    answers["POST /location.list"] = {"success": True, "results": []}
    answers["POST /interviewStage.list"] = {"success": True, "results": []}
    return Replay(answers | more)


async def test_every_sample_is_the_answer_to_a_call_of_ours_or_known_not_to_be(
    recorded: Samples,
) -> None:
    answers = {name for name in recorded.names() if not name.endswith(".request.json")}

    assert answers - set(LISTS.values()) == {
        "application.changeSource.json",
        "application.update.json",
        "department.info.get.json",
        "interview.info.get.json",
    }


async def test_recorded_applications(recorded: Samples) -> None:
    trip = Trip()

    with travel(trip):
        ashby = replay_of(recorded).connect(Ashby)
        found = await ashby.list_applications(ApplicationQuery()).all()
        archived = await ashby.get_application("a")

    assert trip.set_aside == []
    assert [one.info.status for one in found] == [
        ApplicationStatus.REJECTED,
        ApplicationStatus.ACTIVE,
        ApplicationStatus.REJECTED,
    ]
    for one in found:
        info, stage = one.info, one.current_stage
        assert info.candidate not in (None, UNSET)
        assert None not in (info.applied_at, info.updated_at, info.job_id, info.source)
        assert stage not in (None, UNSET)
    shown = msgspec.to_builtins(archived)
    sample = recorded["application.info.get.json"]["results"]
    before, _ = sample["applicationHistory"]
    assert shown["rejection"]["text"] == sample["archiveReason"]["text"]
    assert shown["rejection"]["stage"]["text"] == before["title"]
    assert shown["currentStage"]["enteredAt"] == shown["rejection"]["rejectedAt"]
    assert shown["info"]["origin"] == "EXTERNAL"


async def test_recorded_candidates(recorded: Samples) -> None:
    trip = Trip()

    with travel(trip):
        ashby = replay_of(recorded).connect(Ashby)
        found = await ashby.list_candidates(CandidateQuery()).all()
        found.append(await ashby.get_candidate("c"))
        found += await ashby.list_candidates(CandidateQuery(email=("anybody",))).all()

    assert trip.set_aside == []
    assert len(found) == 7
    for one in found:
        assert one.info.first_name
        assert one.info.emails
        assert one.info.applications
        assert one.attachments
    places = [one["location"] for one in recorded["candidate.list.json"]["results"][1:]]
    mapped = [msgspec.to_builtins(one.locations)[0]["raw"] for one in found[1:3]]
    assert mapped == [place["locationSummary"] for place in places]


async def test_recorded_jobs_and_postings(recorded: Samples) -> None:
    trip = Trip()
    job = recorded["job.info.get.json"]
    job["results"]["jobPostingIds"] = [recorded["jobPosting.info.get.json"]["results"]["id"]]
    replay = replay_of(recorded, **{"POST /job.info": job})

    with travel(trip):
        ashby = replay.connect(Ashby)
        found = await ashby.list_jobs(JobQuery(models=tuple(JobModel))).all()
        whole = await ashby.get_job("j")

    assert trip.set_aside == []
    assert [one.info.status for one in found] == [JobStatus.CLOSED] * 3
    assert all(one.info.opened_at and one.info.closed_at for one in found)
    shown = msgspec.to_builtins(whole)
    assert shown["posts"][0]["status"] == "PUBLISHED"
    assert shown["info"]["description"].startswith("<p>")
    assert [one["period"] for one in shown["compensation"]] == ["YEAR"]
    assert [one["type"] for one in shown["questions"]] == [
        "TEXT",
        "TEXT",
        "TEXT",
        "SINGLE_CHOICE",
        "TEXT",
        "TEXT",
        "TEXT",
    ]


async def test_recorded_reference_data(recorded: Samples) -> None:
    trip = Trip()
    schedule = {
        "id": "s",
        "interviewEvents": [
            {"id": "e", "interviewId": recorded["interview.list.json"]["results"][0]["id"]}
        ],
    }
    schedules = {"success": True, "results": [schedule]}
    replay = replay_of(recorded, **{"POST /interviewSchedule.list": schedules})

    with travel(trip):
        ashby = replay.connect(Ashby)
        departments = await ashby.list_departments().all()
        sources = await ashby.list_sources().all()
        users = await ashby.list_users().all()
        interviews = await ashby.list_interviews(OfApplications()).all()

    assert trip.set_aside == []
    assert (len(departments), len(sources), len(users)) == (1, 3, 3)
    assert [one.type for one in sources] == ["Referral", "Referral", "Sourced"]
    assert all(user.email and user.active for user in users)
    assert interviews[0].type == recorded["interview.list.json"]["results"][0]["title"]


async def test_recorded_writes(recorded: Samples) -> None:
    """Bodies as they were accepted, but for the note, which we send as HTML."""
    replay = replay_of(recorded)
    ashby = replay.connect(Ashby)

    def accepted(name: str) -> Any:
        return recorded[f"{name}.request.json"]["data"]

    move = accepted("application.changeStage")
    await ashby.move_application(
        StageMove(application_id=move["applicationId"], stage_id=move["interviewStageId"])
    )
    application = accepted("application.create")
    made = await ashby.create_application(
        ApplicationDraft(job_id=application["jobId"], candidate_id=application["candidateId"])
    )
    first, _, last = accepted("candidate.create")["name"].rpartition(" ")
    created = await ashby.create_candidate(CandidateDraft(first_name=first, last_name=last))
    update = accepted("candidate.update")
    first, _, last = update["name"].rpartition(" ")
    await ashby.update_candidate(
        CandidateChanges(candidate_id=update["candidateId"], first_name=first, last_name=last)
    )
    note = accepted("candidate.createNote.create")
    written = await ashby.create_candidate_note(
        note["candidateId"], NoteDraft(candidate_id=note["candidateId"], content=note["note"])
    )

    bodies = [one.body for one in replay.writes]
    assert bodies[:4] == [move, application, accepted("candidate.create"), update]
    assert set(bodies[4]) >= set(note)
    assert made.application_id == recorded["application.create.json"]["results"]["id"]
    assert created.candidate_id == recorded["candidate.create.json"]["results"]["id"]
    assert written.id == recorded["candidate.createNote.create.json"]["results"]["id"]


async def test_recorded_records_as_webhooks_carry_them(recorded: Samples) -> None:
    """No body of a webhook is published; its `data` has these records as the calls give them."""
    application = recorded["application.info.get.json"]["results"]
    posting = recorded["jobPosting.list.json"]["results"][0]
    job = recorded["job.info.get.json"]["results"]
    ashby = replay_of(recorded).connect(Ashby)

    def read(action: str, **data: Any) -> list[tuple[str, str]]:
        body = json.dumps({"webhookActionId": "w", "action": action, "data": data}).encode()
        digest = hmac.new(b"secret", body, hashlib.sha256).hexdigest()
        hook = kit.Hook({"ashby-signature": f"sha256={digest}"}, body)
        news = ashby.read_hook(hook, {"": "secret"})
        return [(one.data_type.value, one.id) for one in news.touched]

    assert read("applicationSubmit", application=application) == [
        ("ats_applications", application["id"]),
        ("ats_candidates", application["candidate"]["id"]),
    ]
    assert read("jobPostingUpdate", jobPosting=posting) == [("ats_jobs", posting["jobId"])]
    assert read("jobUpdate", job=job) == [("ats_jobs", job["id"])]


async def test_recorded_lists_say_when_to_start_the_next_delta(recorded: Samples) -> None:
    page = recorded["job.list.json"]

    listed = await replay_of(recorded).connect(Ashby).list_jobs(JobQuery()).page()

    assert listed.sync_token == page["syncToken"]


async def test_a_recorded_record_is_the_same_from_the_list_and_by_id(recorded: Samples) -> None:
    """As far as the samples show: the application has more by id, which a list's record lacks."""
    whole = recorded["application.info.get.json"]["results"]
    listed = {
        name: value
        for name, value in whole.items()
        if name in recorded["application.list.json"]["results"][0]
        or name in {"archivedAt", "archiveReason"}
    }
    page = {"success": True, "results": [listed], "moreDataAvailable": False}
    ashby = replay_of(recorded, **{"POST /application.list": page}).connect(Ashby)

    from_list = await ashby.list_applications(ApplicationQuery()).all()
    by_id = await ashby.get_applications([whole["id"]], ApplicationQuery())

    assert msgspec.json.encode(from_list) == msgspec.json.encode(by_id)

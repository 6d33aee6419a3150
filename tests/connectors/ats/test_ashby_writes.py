"""What is written to Ashby about applications, interviews and jobs: the exact bodies."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats.ashby import Ashby
from hireloom.errors import UnavailableError
from hireloom.models import (
    AnswerDraft,
    ApplicationDraft,
    AttachmentDraft,
    AttachmentType,
    CandidateDraft,
    CreatedApplication,
    Dropped,
    FileDraft,
    FileType,
    InterviewCancellation,
    InterviewChanges,
    InterviewDraft,
    InterviewStatus,
    JobDraft,
    JobStatus,
    RejectionDraft,
    StageMove,
)
from tests.connectors.ats.ashby_organisation import RINA_RECORD, done, file, refused, uid
from tests.replay import Replay, Reply

NO_PLACE = "Ashby has no place for it"
NINE = datetime(2026, 4, 1, 9, tzinfo=UTC)
TEN = datetime(2026, 4, 1, 10, tzinfo=UTC)
DONE = {"success": True, "results": {"id": "new"}}


def bodies(replay: Replay) -> dict[str, Any]:
    return {one.path: one.body for one in replay.writes}


# Applications.


async def test_an_application_of_a_new_candidate_names_what_is_dropped_of_both() -> None:
    made = {"id": "app", "candidate": {"id": "new", "name": "Nora Vik"}, "job": {"id": "j"}}
    replay = Replay(
        {
            "POST /candidate.create": DONE,
            "POST /application.create": done(made),
            "POST /candidate.uploadResume": done({"id": "new"}),
        }
    )
    draft = ApplicationDraft(
        job_id="j",
        candidate=CandidateDraft(first_name="Nora", last_name="Vik", headline="Hm"),
        initial_stage_id="s",
        answers=(AnswerDraft(id="why", answer="The view."),),
        attachments=(FileDraft(name="cv.pdf", data=b"%PDF", file_type=FileType.RESUME),),
    )

    created = await replay.connect(Ashby).create_application(draft)

    assert created == CreatedApplication(
        application_id="app",
        candidate_id="new",
        job_id="j",
        fields_dropped=[
            Dropped(field="answers", reason=NO_PLACE),
            Dropped(field="candidate.headline", reason=NO_PLACE),
        ],
    )
    assert bodies(replay)["/application.create"] == {
        "candidateId": "new",
        "jobId": "j",
        "interviewStageId": "s",
    }
    assert [(part.name, part.content, part.filename) for part in replay.requests[2].parts] == [
        ("candidateId", b"new", None),
        ("resume", b"%PDF", "cv.pdf"),
    ]


async def test_a_candidate_that_was_made_for_nothing_is_not_forgotten() -> None:
    refused = Reply({"success": False, "errors": ["job_not_found"]})
    replay = Replay({"POST /candidate.create": DONE, "POST /application.create": refused})
    draft = ApplicationDraft(
        job_id="j", candidate=CandidateDraft(first_name="Nora", last_name="Vik")
    )

    with pytest.raises(kit.ResourceNotFoundError) as caught:
        await replay.connect(Ashby).create_application(draft)

    assert "candidateId new" in caught.value.hint
    assert not caught.value.may_have_arrived


async def test_an_application_that_may_have_arrived_is_looked_for_first() -> None:
    def cut_off(_: kit.Request) -> None:
        error = UnavailableError("Ashby broke the connection off", hint="Look in the ATS first.")
        error.may_have_arrived = True
        raise error

    replay = Replay({"POST /candidate.create": DONE, "POST /application.create": cut_off})
    draft = ApplicationDraft(
        job_id="j", candidate=CandidateDraft(first_name="Nora", last_name="Vik")
    )

    with pytest.raises(UnavailableError) as caught:
        await replay.connect(Ashby).create_application(draft)

    assert caught.value.may_have_arrived
    assert caught.value.hint.startswith("Look in the ATS first.")
    assert "candidateId new" in caught.value.hint


async def test_a_move_is_a_change_of_stage() -> None:
    replay = Replay({"POST /application.changeStage": DONE})
    move = StageMove(application_id="a", stage_id="s", note="Well done")

    receipt = await replay.connect(Ashby).move_application(move)

    assert bodies(replay) == {
        "/application.changeStage": {"applicationId": "a", "interviewStageId": "s"}
    }
    assert receipt.fields_dropped == [Dropped(field="note", reason=NO_PLACE)]


async def test_a_rejection_goes_to_the_plans_archive_for_a_reason_of_the_organisation() -> None:
    stage = {"id": uid("stage", 3), "type": "Active", "interviewPlanId": uid("plan", 1)}
    replay = Replay(
        {
            "POST /application.info": done({"id": "a", "currentInterviewStage": stage}),
            "POST /interviewStage.list": file("stages.list.json"),
            "POST /archiveReason.list": file("reasons.list.json"),
            "POST /application.changeStage": DONE,
        }
    )
    rejection = RejectionDraft(application_id="a", note="Sorry", notify=True)

    receipt = await replay.connect(Ashby).reject_application(rejection)

    assert bodies(replay) == {
        "/application.changeStage": {
            "applicationId": "a",
            "interviewStageId": uid("stage", 6),
            "archiveReasonId": uid("reason", 1),
        }
    }
    assert [one.field for one in receipt.fields_dropped] == ["note", "notify"]


async def test_a_rejection_finds_the_plan_by_the_job_and_takes_the_reason_given() -> None:
    application = {"id": "a", "currentInterviewStage": {"id": "s"}, "job": {"id": "j"}}
    replay = Replay(
        {
            "POST /application.info": done(application),
            "POST /job.info": file("job.info.json"),
            "POST /interviewStage.list": file("stages.list.json"),
            "POST /application.changeStage": DONE,
        }
    )
    rejection = RejectionDraft(application_id="a", rejection_reason_id="r")

    await replay.connect(Ashby).reject_application(rejection)

    body = bodies(replay)["/application.changeStage"]
    assert (body["interviewStageId"], body["archiveReasonId"]) == (uid("stage", 6), "r")


async def test_a_plan_without_an_archive_is_said() -> None:
    stage = {"id": "s", "type": "Active", "interviewPlanId": "p"}
    replay = Replay(
        {
            "POST /application.info": done({"id": "a", "currentInterviewStage": stage}),
            "POST /interviewStage.list": done([stage]),
        }
    )

    with pytest.raises(kit.RejectedError, match="no stage of type Archived"):
        await replay.connect(Ashby).reject_application(RejectionDraft(application_id="a"))


async def test_an_attachment_lands_on_the_candidate_of_the_application() -> None:
    replay = Replay(
        {
            "POST /application.info": file("application.info.json"),
            "POST /candidate.uploadFile": done({"id": uid("candidate", 1)}),
            "POST /candidate.info": file("candidate.info.json"),
        }
    )
    draft = AttachmentDraft(
        application_id=uid("application", 1), name="letter.pdf", data=b"Dear harbour"
    )

    attachment = (await replay.connect(Ashby).add_attachment(draft)).attachment

    assert (attachment.id, attachment.candidate_id, attachment.type) == (
        uid("file", 2),
        uid("candidate", 1),
        AttachmentType.NOT_SPECIFIED,
    )
    parts = replay.requests[1].parts
    assert [(part.name, part.content) for part in parts] == [
        ("candidateId", uid("candidate", 1).encode()),
        ("file", b"Dear harbour"),
    ]


# Interviews.


async def test_interviewers_are_invited_by_email() -> None:
    schedule = {"id": "sch", "status": "Scheduled", "interviewEvents": [{"id": "ev"}]}
    replay = Replay(
        {
            "POST /user.info": done({"id": "u", "email": "olav@harbor.example"}),
            "POST /interviewSchedule.create": done(schedule),
        }
    )
    draft = InterviewDraft(
        application_id="a",
        interview_type_id="tpl",
        scheduled_start=NINE,
        scheduled_end=TEN,
        interviewer_ids=("u",),
        interviewer_emails=("rina@harbor.example", "olav@harbor.example"),
    )

    interview = (await replay.connect(Ashby).create_interview(draft)).interview

    assert (interview.id, interview.status) == ("ev", InterviewStatus.SCHEDULED)
    assert bodies(replay) == {
        "/interviewSchedule.create": {
            "applicationId": "a",
            "interviewEvents": [
                {
                    "startTime": "2026-04-01T09:00:00.000Z",
                    "endTime": "2026-04-01T10:00:00.000Z",
                    "interviewers": [
                        {"email": "olav@harbor.example"},
                        {"email": "rina@harbor.example"},
                    ],
                    "interviewId": "tpl",
                }
            ],
        }
    }


async def test_a_changed_interview_keeps_what_was_not_given() -> None:
    replay = Replay(
        {
            "POST /interviewSchedule.list": file("schedules.list.json"),
            "POST /interviewSchedule.update": done({"id": uid("schedule", 1)}),
        }
    )
    changes = InterviewChanges(
        interview_id=uid("event", 1), application_id=uid("application", 1), scheduled_end=NINE
    )

    await replay.connect(Ashby).update_interview(changes)

    assert bodies(replay) == {
        "/interviewSchedule.update": {
            "interviewScheduleId": uid("schedule", 1),
            "interviewEvent": {
                "interviewEventId": uid("event", 1),
                "startTime": "2026-03-05T09:00:00.000Z",
                "endTime": "2026-04-01T09:00:00.000Z",
                "interviewers": [{"email": "olav@harbor.example"}],
                "interviewId": uid("template", 1),
            },
        }
    }


@pytest.mark.parametrize(
    ("answer", "sent"),
    [
        (done(RINA_RECORD), {"interviewers": [{"email": "rina@harbor.example"}]}),
        (done({**RINA_RECORD, "email": None}), {}),
        (refused("user_not_found"), {}),
        (refused("missing_endpoint_permission", 403), {}),
    ],
)
async def test_new_times_send_no_interviewer_away_of_whom_only_the_id_is_known(
    answer: Any, sent: dict[str, Any]
) -> None:
    replay = Replay(
        {
            "POST /interviewSchedule.list": file("schedules.list.json"),
            "POST /user.info": answer,
            "POST /interviewSchedule.update": done({"id": uid("schedule", 1)}),
        }
    )
    changes = InterviewChanges(
        interview_id=uid("event", 2), application_id=uid("application", 1), scheduled_end=TEN
    )

    await replay.connect(Ashby).update_interview(changes)

    event = bodies(replay)["/interviewSchedule.update"]["interviewEvent"]
    assert {name: event[name] for name in event if name == "interviewers"} == sent


async def test_interviewers_can_be_sent_away_in_so_many_words() -> None:
    replay = Replay(
        {
            "POST /interviewSchedule.list": file("schedules.list.json"),
            "POST /interviewSchedule.update": done({"id": uid("schedule", 1)}),
        }
    )
    changes = InterviewChanges(
        interview_id=uid("event", 1), application_id="a", interviewer_emails=()
    )

    await replay.connect(Ashby).update_interview(changes)

    assert bodies(replay)["/interviewSchedule.update"]["interviewEvent"]["interviewers"] == []


async def test_the_last_event_takes_its_schedule_along() -> None:
    replay = Replay(
        {
            "POST /interviewSchedule.list": file("schedules.list.json"),
            "POST /interviewSchedule.update": DONE,
            "POST /interviewSchedule.cancel": DONE,
        }
    )
    ashby = replay.connect(Ashby)

    await ashby.cancel_interview(
        InterviewCancellation(interview_id=uid("event", 2), application_id="a")
    )
    await ashby.cancel_interview(
        InterviewCancellation(interview_id=uid("schedule", 2), application_id="a")
    )

    assert bodies(replay) == {
        "/interviewSchedule.update": {
            "interviewScheduleId": uid("schedule", 1),
            "interviewEventIdToCancel": uid("event", 2),
        },
        "/interviewSchedule.cancel": {"id": uid("schedule", 2), "allowReschedule": False},
    }


async def test_an_interview_is_found_by_its_application_only() -> None:
    replay = Replay({"POST /interviewSchedule.list": done([])})
    ashby = replay.connect(Ashby)

    with pytest.raises(kit.RequestInvalidError, match="applicationId"):
        await ashby.cancel_interview(InterviewCancellation(interview_id="e"))
    with pytest.raises(kit.ResourceNotFoundError):
        await ashby.cancel_interview(InterviewCancellation(interview_id="e", application_id="a"))


# Jobs.


async def test_a_new_job_is_opened_in_a_second_step() -> None:
    replay = Replay({"POST /job.create": DONE, "POST /job.setStatus": DONE})
    draft = JobDraft(
        title="Pilot", department_id="d", office_id="l", status=JobStatus.OPEN, code="REQ-8"
    )

    created = await replay.connect(Ashby).create_job(draft)

    assert bodies(replay) == {
        "/job.create": {"title": "Pilot", "teamId": "d", "locationId": "l"},
        "/job.setStatus": {"jobId": "new", "status": "Open"},
    }
    assert (created.job_id, created.fields_dropped) == (
        "new",
        [Dropped(field="code", reason=NO_PLACE)],
    )

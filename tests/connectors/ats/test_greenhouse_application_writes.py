"""Greenhouse: what is written about applications, interviews and jobs."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from hireloom import kit
from hireloom.connectors.ats.greenhouse import Greenhouse
from hireloom.kit.rehearsal import Rehearsal
from hireloom.models import (
    AttachmentDraft,
    AttachmentType,
    FileType,
    InterviewCancellation,
    InterviewChanges,
    InterviewDraft,
    JobDraft,
    RejectionDraft,
    StageMove,
)
from tests.connectors.ats.greenhouse import TABLES, account, asked
from tests.replay import Reply, Sent, sent

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


async def test_a_move_says_which_stage_is_left() -> None:
    greenhouse, replay = account(
        {
            "GET /v3/applications": [TABLES["applications"][1]],
            "POST /v3/applications/701/move": Reply(status=204),
        }
    )

    move = StageMove(application_id="701", stage_id="41", note="back again")
    receipt = await greenhouse.move_application(move)

    assert replay.writes == [
        Sent("POST", "/v3/applications/701/move", {}, {"from_stage_id": 42, "to_stage_id": 41})
    ]
    assert [one.field for one in receipt.fields_dropped] == ["note"]


async def test_an_application_in_no_stage_cannot_be_moved() -> None:
    greenhouse, replay = account({"GET /v3/applications": [TABLES["applications"][0]]})

    with pytest.raises(kit.ConflictError, match="no stage"):
        await greenhouse.move_application(StageMove(application_id="702", stage_id="41"))

    assert replay.writes == []


async def test_a_rejection_goes_with_its_reason() -> None:
    greenhouse, replay = account({"POST /v3/applications/701/reject": Reply(status=204)})
    rejection = RejectionDraft(
        application_id="701", rejection_reason_id="62", note="Sorry", notify=True
    )

    receipt = await greenhouse.reject_application(rejection)

    assert replay.sent == [
        Sent(
            "POST",
            "/v3/applications/701/reject",
            {},
            {"rejection_reason_id": 62, "notes": "Sorry"},
        )
    ]
    assert [one.field for one in receipt.fields_dropped] == ["notify"]


@pytest.mark.parametrize(
    ("more", "taken"),
    [
        ([], 63),
        ([{"id": 64, "name": "Other (see notes)", "type": {"name": "We rejected them"}}], 64),
        ([{"id": 65, "name": "Other", "type": {"name": "They rejected us"}}], 63),
    ],
    ids=["of no type", "called other", "the candidate's is not taken"],
)
async def test_a_rejection_without_a_reason_takes_the_most_neutral_one(
    more: list[Any], taken: int
) -> None:
    greenhouse, replay = account(
        {
            "GET /v3/rejection_reasons": [*TABLES["rejection_reasons"], *more],
            "POST /v3/applications/701/reject": Reply(status=204),
        }
    )

    await greenhouse.reject_application(RejectionDraft(application_id="701"))

    assert replay.writes[0].body == {"rejection_reason_id": taken}


async def test_without_a_neutral_reason_the_caller_has_to_choose() -> None:
    greenhouse, replay = account({"GET /v3/rejection_reasons": TABLES["rejection_reasons"][:2]})

    with pytest.raises(kit.RequestInvalidError) as caught:
        await greenhouse.reject_application(RejectionDraft(application_id="701"))

    assert [one.path for one in caught.value.fields] == ["rejectionReasonId"]
    assert replay.writes == []


async def test_a_public_url_is_fetched_by_greenhouse_itself() -> None:
    made = {"id": 103, "application_id": 701, "type": "cover_letter", "filename": "why.pdf"}
    greenhouse, replay = account({"POST /v3/attachments": Reply(made, status=201)})
    draft = AttachmentDraft(
        application_id="701",
        name="why.pdf",
        url="https://files.example/why",
        file_type=FileType.COVER_LETTER,
    )

    attachment = (await greenhouse.add_attachment(draft)).attachment

    assert replay.writes[0].body == {
        "application_id": 701,
        "filename": "why.pdf",
        "type": "cover_letter",
        "visibility": "public",
        "url": "https://files.example/why",
    }
    assert (attachment.id, attachment.type) == ("103", AttachmentType.COVER_LETTER)


async def test_an_interview_takes_the_first_slot_of_the_current_stage() -> None:
    greenhouse, replay = account(
        {
            "GET /v3/applications": [TABLES["applications"][1]],
            "POST /v3/interviews": Reply(TABLES["interviews"][0], status=201),
        }
    )
    draft = InterviewDraft(
        application_id="701",
        scheduled_start=NOON,
        scheduled_end=NOON + timedelta(hours=1),
        interviewer_ids=("12",),
        interviewer_emails=("guest@far.example",),
        location="Room 2",
    )

    interview = (await greenhouse.create_interview(draft)).interview

    body = replay.writes[0].body
    assert body.pop("external_event_id")
    assert body == {
        "application_id": 701,
        "job_interview_id": 451,
        "interviewers": [
            {"user_id": 12, "response_status": "needs_action"},
            {"email": "guest@far.example", "response_status": "needs_action"},
        ],
        "starts_at": "2026-06-01T12:00:00.000Z",
        "ends_at": "2026-06-01T13:00:00.000Z",
        "location": "Room 2",
    }
    assert (interview.id, interview.subject) == ("401", "Call with the yard")


async def test_a_stage_without_a_slot_needs_one_named() -> None:
    greenhouse, _ = account(
        {"GET /v3/applications": [TABLES["applications"][1]], "GET /v3/job_interviews": []}
    )
    draft = InterviewDraft(
        application_id="701", scheduled_start=NOON, scheduled_end=NOON, interviewer_ids=("12",)
    )

    with pytest.raises(kit.RequestInvalidError, match="interviewTypeId"):
        await greenhouse.create_interview(draft)


async def test_an_interview_that_nobody_holds_is_refused_before_any_call() -> None:
    greenhouse, replay = account()
    draft = InterviewDraft(application_id="701", scheduled_start=NOON, scheduled_end=NOON)

    with pytest.raises(kit.RequestInvalidError) as caught:
        await greenhouse.create_interview(draft)

    assert [one.path for one in caught.value.fields] == ["interviewerIds"]
    assert replay.sent == []


async def test_a_dry_run_of_an_interview_shows_the_very_body_that_is_sent() -> None:
    greenhouse, replay = account(
        {
            "GET /v3/applications": [TABLES["applications"][1]],
            "POST /v3/interviews": Reply(TABLES["interviews"][0], status=201),
        }
    )
    rehearsal = Rehearsal(replay)
    draft = InterviewDraft(
        application_id="701", scheduled_start=NOON, scheduled_end=NOON, interviewer_ids=("12",)
    )

    await Greenhouse(rehearsal).create_interview(draft)
    assert asked(replay, "interviewers") == []  # nobody asks about what is not there yet
    await greenhouse.create_interview(draft)
    later = replace(draft, scheduled_start=NOON - timedelta(hours=1))
    await greenhouse.create_interview(later)

    shown, (first, second) = sent(rehearsal.writes[0]), replay.writes
    assert shown.body == first.body
    assert first.body["external_event_id"] != second.body["external_event_id"]


async def test_an_interview_is_changed_and_called_off() -> None:
    greenhouse, replay = account(
        {
            "PATCH /v3/interviews/401": TABLES["interviews"][0],
            "DELETE /v3/interviews/401": {"message": "done"},
        }
    )

    await greenhouse.update_interview(
        InterviewChanges(interview_id="401", scheduled_start=NOON, interviewer_ids=("11",))
    )
    await greenhouse.cancel_interview(InterviewCancellation(interview_id="401"))

    change, deletion = replay.writes
    assert change.body == {
        "starts_at": "2026-06-01T12:00:00.000Z",
        "interviewers": [{"user_id": 11, "response_status": "needs_action"}],
    }
    assert (deletion.method, deletion.path) == ("DELETE", "/v3/interviews/401")


async def test_a_job_is_copied_from_a_template() -> None:
    greenhouse, replay = account({"POST /v3/jobs": Reply({"id": 23}, status=201)})
    draft = JobDraft(
        title="Painter",
        template_id="22",
        description="<p>x</p>",
        department_id="71",
        office_id="75",
        salary_min=Decimal(1),
    )

    created = await greenhouse.create_job(draft)

    assert replay.writes[0].body == {
        "template_job_id": 22,
        "number_of_openings": 1,
        "job_name": "Painter",
        "notes": "<p>x</p>",
        "department_id": 71,
        "office_ids": [75],
    }
    assert created.job_id == "23"
    assert [one.field for one in created.fields_dropped] == ["salaryMin"]
    with pytest.raises(kit.RequestInvalidError, match="templateId"):
        await greenhouse.create_job(JobDraft(title="Painter"))

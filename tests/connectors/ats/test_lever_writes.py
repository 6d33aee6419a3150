"""What is written to Lever: the exact bodies, who acts, and what is named as dropped."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest

from hireloom import kit
from hireloom.connectors.ats.lever import Lever
from hireloom.models import (
    AnswerDraft,
    ApplicationDraft,
    Attachment,
    AttachmentDraft,
    CandidateChanges,
    CandidateDraft,
    CreatedApplication,
    CreatedCandidate,
    CreatedJob,
    Dropped,
    Email,
    EmailType,
    FileDraft,
    FileType,
    InterviewCancellation,
    InterviewChanges,
    InterviewDraft,
    JobDraft,
    JobStatus,
    Origin,
    Phone,
    PhoneType,
    PostalAddress,
    Receipt,
    RejectionDraft,
    StageMove,
    TagChange,
    WorkplaceType,
)
from tests.connectors.ats.lever_account import DAY, MILLIS, MINUTE, START, account, page, rows
from tests.connectors.ats.lever_acting import only_write, writing
from tests.replay import Reply

MADE = {"deduped": True, "data": {"id": "opp-new", "contact": "contact-new", "name": ""}}
REFUSED = Reply({"code": "BadRequestError", "message": "no"}, status=400)
NO_PLACE = "Lever has no place for it"


async def test_a_candidate_is_created_with_a_first_opportunity() -> None:
    lever, replay = writing(**{"POST /v1/opportunities": MADE})

    made = await lever.create_candidate(
        CandidateDraft(
            first_name="Ines",
            last_name="Vega",
            emails=(Email(email="ines@mail.example", type=EmailType.WORK),),
            phones=(
                Phone(phone_number="1", type=PhoneType.MOBILE),
                Phone(phone_number="2", type=PhoneType.FAX),
            ),
            links=("https://ines.example",),
            tags=("sea",),
            headline="Mate",
            company="Northlight",
            source_id="Harbour fair",
            present_address=PostalAddress(city="Bergen", country="NO"),
        )
    )

    sent = only_write(replay)
    assert (sent.path, sent.params) == ("/v1/opportunities", {"perform_as": "user-olga"})
    assert sent.body == {
        "name": "Ines Vega",
        "headline": "Mate",
        "location": "Bergen, NO",
        "emails": ["ines@mail.example"],
        "phones": [{"value": "1", "type": "mobile"}, {"value": "2"}],
        "links": ["https://ines.example"],
        "tags": ["sea"],
        "sources": ["Harbour fair"],
    }
    assert made == CreatedCandidate(
        candidate_id="contact-new",
        application_id="opp-new",
        fields_dropped=[
            Dropped(field="company", reason=NO_PLACE),
            Dropped(field="emails.type", reason="Lever keeps e-mails bare"),
            Dropped(field="phones.type", reason="Lever has no such kind"),
        ],
    )


async def test_half_a_name_keeps_the_other_half() -> None:
    contact = {"data": {"id": "contact-ines", "name": "Ines Vega"}}
    lever, replay = writing(
        **{"GET /contacts/contact-ines": contact, "PUT /contacts/contact-ines": contact}
    )

    receipt = await lever.update_candidate(
        CandidateChanges(candidate_id="contact-ines", last_name="Vik", title="Mate")
    )

    sent = only_write(replay)
    assert (sent.method, sent.params, sent.body) == ("PUT", {}, {"name": "Ines Vik"})
    assert receipt.fields_dropped == [Dropped(field="title", reason=NO_PLACE)]


async def test_links_of_a_person_change_through_an_opportunity() -> None:
    answer = {"data": {"id": "opp-1"}}
    lever, replay = writing(
        **{
            "GET /v1/opportunities": page(rows()[0]),
            "POST /opportunities/opp-1/addLinks": answer,
            "POST /opportunities/opp-1/removeLinks": answer,
        }
    )

    await lever.update_candidate(
        CandidateChanges(candidate_id="contact-ines", links=("https://new.example",))
    )

    added, removed = replay.writes
    assert (added.path, added.body) == (
        "/v1/opportunities/opp-1/addLinks",
        {"links": ["https://new.example"]},
    )
    assert removed.body == {"links": ["https://ines.example"]}


async def test_an_application_is_a_new_opportunity_with_its_files() -> None:
    lever, replay = writing(
        **{
            "POST /v1/opportunities": MADE,
            "POST /opportunities/opp-new/files": ({"data": {"id": "file-1"}}, REFUSED),
        }
    )

    made = await lever.create_application(
        ApplicationDraft(
            job_id="posting-deck",
            candidate_id="contact-ines",
            initial_stage_id="applicant-new",
            origin=Origin.REFERRAL,
            answers=(AnswerDraft(question="Knots?", answer="Many"),),
            attachments=(
                FileDraft(name="a.pdf", data=b"%PDF", content_type="application/pdf"),
                FileDraft(name="b.pdf", data=b"%PDF"),
            ),
            meta_data={"x": 1},
        )
    )

    created, first, _ = replay.writes
    assert created.body == {
        "contact": "contact-ines",
        "postings": ["posting-deck"],
        "stage": "applicant-new",
        "origin": "referred",
    }
    assert first.params == {"perform_as": "user-olga"}
    assert replay.requests[1].parts == (
        kit.Part("file", b"%PDF", filename="a.pdf", content_type="application/pdf"),
    )
    assert (made.application_id, made.candidate_id, made.job_id) == (
        "opp-new",
        "contact-new",
        "posting-deck",
    )
    assert [one.field for one in made.fields_dropped] == ["metaData", "answers", "attachments.1"]


async def test_an_application_for_a_requisition_goes_to_a_posting_that_takes_it() -> None:
    requisition = {"data": {"id": "req-1", "postings": ["posting-cook", "posting-deck"]}}
    lever, replay = writing(
        {"jobs": "requisitions"},
        **{"GET /requisitions/req-1": requisition, "POST /v1/opportunities": MADE},
    )

    made = await lever.create_application(ApplicationDraft(job_id="req-1", candidate_id="c"))

    assert only_write(replay).body == {"contact": "c", "postings": ["posting-deck"]}
    assert made == CreatedApplication(
        application_id="opp-new", candidate_id="contact-new", job_id="req-1"
    )


async def test_a_requisition_without_a_posting_takes_no_application() -> None:
    requisition = {"data": {"id": "req-1", "postings": []}}
    lever, _ = writing({"jobs": "requisitions"}, **{"GET /requisitions/req-1": requisition})

    with pytest.raises(kit.RequestInvalidError, match="no posting"):
        await lever.create_application(ApplicationDraft(job_id="req-1", candidate_id="c"))


async def test_a_move_leaves_its_note_to_be_written_as_a_note() -> None:
    lever, replay = writing(**{"PUT /opportunities/opp-1/stage": {"data": {"id": "opp-1"}}})

    plain = await lever.move_application(MOVE)
    noted = await lever.move_application(
        StageMove(application_id="opp-1", stage_id="stage-phone", note="Passed")
    )

    moved = replay.writes[0]
    assert (moved.body, moved.params) == ({"stage": "stage-phone"}, {"perform_as": "user-olga"})
    assert plain == Receipt()
    assert [one.field for one in noted.fields_dropped] == ["note"]
    assert [sent.method for sent in replay.writes] == ["PUT", "PUT"]


async def test_a_rejection_archives_with_a_reason() -> None:
    lever, replay = writing(**{"PUT /opportunities/opp-1/archived": {"data": {"id": "opp-1"}}})

    receipt = await lever.reject_application(
        RejectionDraft(
            application_id="opp-1", rejection_reason_id="reason-skills", notify=True, note="Sorry"
        )
    )

    sent = only_write(replay)
    assert (sent.body, sent.params) == ({"reason": "reason-skills"}, {"perform_as": "user-olga"})
    assert receipt.fields_dropped == [
        Dropped(field="note", reason=NO_PLACE),
        Dropped(field="notify", reason=NO_PLACE),
    ]


def reason(identity: str, text: str, **changed: str) -> dict[str, str]:
    return {"id": identity, "text": text, "status": "active", "type": "non-hired", **changed}


HIRES = reason("hires", "Other", type="hired")
OLD = reason("old", "Other", status="inactive")
FULL = reason("full", "Crew is complete")
OTHER = reason("other", "Other ")


@pytest.mark.parametrize(
    ("reasons", "taken"), [([HIRES, OLD, FULL, OTHER], "other"), ([HIRES, OLD, FULL], "full")]
)
async def test_a_rejection_without_a_reason_takes_one_that_says_little(
    reasons: list[dict[str, str]], taken: str
) -> None:
    lever, replay = writing(
        **{
            "GET /v1/archive_reasons": page(*reasons),
            "PUT /opportunities/opp-1/archived": {"data": {"id": "opp-1"}},
        }
    )

    receipt = await lever.reject_application(RejectionDraft(application_id="opp-1"))

    assert only_write(replay).body == {"reason": taken}
    assert [one.field for one in receipt.fields_dropped] == ["rejectionReasonId"]


@pytest.mark.parametrize("asked", [None, "hires"])
async def test_a_rejection_never_hires_and_never_lacks_a_reason(asked: str | None) -> None:
    lever, replay = writing(**{"GET /v1/archive_reasons": page(HIRES, OLD)})

    with pytest.raises(kit.RequestInvalidError) as caught:
        await lever.reject_application(
            RejectionDraft(application_id="opp-1", rejection_reason_id=asked)
        )

    assert caught.value.fields[0].path == "rejectionReasonId"
    assert replay.writes == []


async def test_a_file_is_uploaded_as_a_form() -> None:
    made = {"data": {"id": "file-9", "name": "report.pdf", "uploadedAt": str(MILLIS)}}
    lever, replay = writing(**{"POST /opportunities/opp-1/files": made})

    found = (
        await lever.add_attachment(
            AttachmentDraft(
                application_id="opp-1",
                name="report.pdf",
                content_type="application/pdf",
                data=b"%PDF",
                file_type=FileType.ASSESSMENT_REPORT,
            )
        )
    ).attachment

    assert found == Attachment(
        id="file-9",
        application_id="opp-1",
        name="report.pdf",
        content_type="application/pdf",
        created_at=START,
    )
    [request] = replay.requests
    assert request.parts == (
        kit.Part("file", b"%PDF", filename="report.pdf", content_type="application/pdf"),
    )


PANEL = {
    "data": {
        "id": "panel-9",
        "timezone": "Europe/Oslo",
        "user": "user-olga",
        "stage": "stage-phone",
        "interviews": [{"id": "int-9", "subject": "Rope test", "date": MILLIS * 2, "duration": 45}],
    }
}


async def test_an_interview_is_a_panel_of_one() -> None:
    lever, replay = writing(**{"POST /opportunities/opp-1/panels": PANEL})

    made = (
        await lever.create_interview(
            InterviewDraft(
                application_id="opp-1",
                subject="Rope test",
                scheduled_start=START,
                scheduled_end=START + 45 * MINUTE,
                timezone="Europe/Oslo",
                interviewer_ids=("user-piet",),
                interviewer_emails=("OLGA@fjord.example",),
                organizer_id="user-piet",
                location="Pier 4",
                meeting_url="https://meet.example/rope",
                note="Gloves",
            )
        )
    ).interview

    sent = only_write(replay)
    assert sent.params == {"perform_as": "user-piet"}
    assert sent.body == {
        "timezone": "Europe/Oslo",
        "externalUrl": "https://meet.example/rope",
        "interviews": [
            {
                "subject": "Rope test",
                "note": "Gloves",
                "interviewers": [{"id": "user-piet"}, {"id": "user-olga"}],
                "date": MILLIS,
                "duration": 45,
                "location": "Pier 4, https://meet.example/rope",
            }
        ],
    }
    assert (made.id, made.timezone, made.status) == ("int-9", "Europe/Oslo", "SCHEDULED")
    assert made.organizer is not None


async def test_an_interviewer_who_is_no_user_is_named() -> None:
    lever, replay = writing()

    with pytest.raises(kit.RequestInvalidError) as caught:
        await lever.create_interview(
            InterviewDraft(
                application_id="opp-1",
                scheduled_start=START,
                scheduled_end=START + DAY,
                interviewer_emails=("nobody@fjord.example",),
            )
        )

    assert caught.value.fields[0].path == "interviewerEmails.0"
    assert replay.writes == []


async def test_a_changed_interview_is_written_whole() -> None:
    before = {
        "data": {
            "id": "int-1",
            "panel": "panel-1",
            "subject": "Rope test",
            "note": "Gloves",
            "interviewers": [{"id": "user-olga", "feedbackTemplate": "tpl-1"}],
            "timezone": "Europe/Oslo",
            "date": MILLIS,
            "duration": 45,
            "location": "Pier 4",
            "feedbackTemplate": "tpl-1",
            "feedbackReminder": "daily",
        }
    }
    path = "/opportunities/opp-1/interviews/int-1"
    lever, replay = writing(**{f"GET {path}": before, f"PUT {path}": before})

    changed = await lever.update_interview(
        InterviewChanges(
            interview_id="int-1",
            application_id="opp-1",
            subject="Knots",
            timezone="Europe/Berlin",
            scheduled_end=START + 60 * MINUTE,
        )
    )

    assert only_write(replay).body == {
        "subject": "Knots",
        "note": "Gloves",
        "interviewers": [{"id": "user-olga", "feedbackTemplate": "tpl-1"}],
        "date": MILLIS,
        "duration": 60,
        "location": "Pier 4",
        "feedbackTemplate": "tpl-1",
    }
    assert changed.fields_dropped == [Dropped(field="timezone", reason=NO_PLACE)]


async def test_a_cancelled_interview_is_deleted() -> None:
    path = "/opportunities/opp-1/interviews/int-1"
    lever, replay = writing(**{f"DELETE {path}": Reply(None, status=204)})

    await lever.cancel_interview(
        InterviewCancellation(interview_id="int-1", application_id="opp-1")
    )

    assert (only_write(replay).method, only_write(replay).params) == (
        "DELETE",
        {"perform_as": "user-olga"},
    )
    with pytest.raises(kit.RequestInvalidError, match="applicationId"):
        await lever.cancel_interview(InterviewCancellation(interview_id="int-1"))


async def test_a_posting_is_a_draft_unless_it_is_said_to_be_open() -> None:
    lever, replay = writing(**{"POST /v1/postings": {"data": {"id": "posting-9"}}})

    made = await lever.create_job(
        JobDraft(
            title="Cook",
            description="<p>Soup</p>",
            code="COOK-1",
            department_id="Galley",
            office_id="Oslo",
            workplace_type=WorkplaceType.ON_SITE,
            openings=2,
            hiring_manager_id="user-piet",
            salary_min=Decimal("1.5"),
            salary_max=Decimal(2),
            salary_currency="NOK",
        )
    )

    assert only_write(replay).body == {
        "text": "Cook",
        "state": "draft",
        "content": {"descriptionHtml": "<p>Soup</p>"},
        "categories": {"department": "Galley", "location": "Oslo"},
        "workplaceType": "onsite",
        "hiringManager": "user-piet",
        "requisitionCodes": ["COOK-1"],
        "salaryRange": {"min": 1.5, "max": 2, "currency": "NOK", "interval": "per-year-salary"},
    }
    assert made == CreatedJob(
        job_id="posting-9", fields_dropped=[Dropped(field="openings", reason=NO_PLACE)]
    )


async def test_a_requisition_needs_no_acting_user() -> None:
    lever, replay = account(
        {"jobs": "requisitions"}, answers={"POST /v1/requisitions": {"data": {"id": "req-9"}}}
    )

    made = await lever.create_job(
        JobDraft(
            title="Cook",
            code="COOK-1",
            openings=2,
            status=JobStatus.ON_HOLD,
            description="x",
            salary_min=Decimal(1),
        )
    )

    sent = only_write(replay)
    assert sent.params == {}
    assert sent.body == {
        "name": "Cook",
        "requisitionCode": "COOK-1",
        "headcountTotal": 2,
        "status": "onHold",
    }
    assert [one.field for one in made.fields_dropped] == ["description", "salaryMin"]


MOVE = StageMove(application_id="opp-1", stage_id="stage-phone")
WRITES: list[Callable[[Lever], Awaitable[object]]] = [
    lambda lever: lever.move_application(MOVE),
    lambda lever: lever.create_candidate(CandidateDraft(first_name="A", last_name="B")),
    lambda lever: lever.create_application(ApplicationDraft(job_id="j", candidate_id="c")),
    lambda lever: lever.add_candidate_tag(TagChange(candidate_id="c", tag="t")),
    lambda lever: lever.create_job(JobDraft(title="Cook")),
    lambda lever: lever.add_attachment(
        AttachmentDraft(application_id="opp-1", name="a", data=b"a")
    ),
]


@pytest.mark.parametrize("write", WRITES)
async def test_a_write_without_an_acting_user_says_how_to_set_one(
    write: Callable[[Lever], Awaitable[object]],
) -> None:
    lever, replay = account()

    with pytest.raises(kit.RequestInvalidError, match=r"ats\.user\.list") as caught:
        await write(lever)

    assert caught.value.fields[0].path == "settings.performAs"
    assert replay.sent == []

"""Lever: what hangs on an opportunity."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from hireloom import kit
from hireloom.models import (
    Attachment,
    AttachmentQuery,
    AttachmentType,
    Compensation,
    CompensationPeriod,
    Interview,
    InterviewStatus,
    Note,
    NoteQuery,
    OfApplications,
    Offer,
    OfferStatus,
    Recommendation,
    Scorecard,
    ScorecardField,
    ScorecardSection,
    ScoreValue,
    Stage,
    StageType,
    User,
    Visibility,
)
from tests.connectors.ats.lever_account import (
    DAY,
    MINUTE,
    OLGA,
    PHONE_CALL,
    START,
    account,
    page,
    rows,
)
from tests.replay import Reply, fixture

ONE = OfApplications(application_id=("opp-1",))


async def test_an_interview_has_no_status_but_its_times() -> None:
    answers = {"GET /opportunities/opp-1/interviews": fixture("lever", "interviews.list.json")}
    lever, _ = account(answers=answers)

    rope, sea = await lever.list_interviews(ONE).all()

    assert rope == Interview(
        id="int-1",
        application_id="opp-1",
        subject="Rope test",
        status=(
            InterviewStatus.COMPLETE
            if datetime.now(UTC) > START + DAY + 45 * MINUTE
            else InterviewStatus.SCHEDULED
        ),
        scheduled_start=START + DAY,
        scheduled_end=START + DAY + 45 * MINUTE,
        timezone="Europe/Oslo",
        location="Pier 4, https://meet.example/rope",
        meeting_url="https://meet.example/rope",
        stage=Stage(
            id="stage-phone",
            text="Phone call",
            type=StageType.SCREEN,
            type_source="screen",
            order=PHONE_CALL.order,
            entered_at=None,
        ),
        interviewers=[
            User(
                id="user-olga",
                email="olga@fjord.example",
                first_name="Olga Maria",
                last_name="Brandt",
            )
        ],
        organizer=OLGA,
        created_at=START,
    )
    assert sea.status is InterviewStatus.CANCELLED


async def test_feedback_is_a_scorecard() -> None:
    answers = {"GET /opportunities/opp-1/feedback": fixture("lever", "feedback.list.json")}
    lever, _ = account(answers=answers)

    [found] = await lever.list_scorecards(ONE).all()

    assert found == Scorecard(
        id="fb-1",
        application_id="opp-1",
        interview_id="int-1",
        author=OLGA,
        recommendation=Recommendation.YES,
        recommendation_source="3 - Hire",
        score=ScoreValue(value=Decimal(3), min=Decimal(1), max=Decimal(4)),
        sections=[
            ScorecardSection(
                label="Deck feedback",
                fields=[
                    ScorecardField(
                        label="Overall",
                        value="3 - Hire",
                        score=ScoreValue(value=Decimal(3), min=Decimal(1), max=Decimal(4)),
                    ),
                    ScorecardField(
                        label="Knots",
                        value="4",
                        score=ScoreValue(value=Decimal(4), min=Decimal(1), max=Decimal(4)),
                        note="quick hands",
                    ),
                    ScorecardField(label="Balance"),
                    ScorecardField(label="Remarks", value="Calm in wind"),
                    ScorecardField(label="Sailed on", value="2026-01-01"),
                ],
            )
        ],
        submitted_at=START + MINUTE,
    )


async def test_an_offer_s_terms_are_fields_of_a_form() -> None:
    answers = {"GET /opportunities/opp-1/offers": fixture("lever", "offers.list.json")}
    lever, _ = account(answers=answers)

    assert await lever.list_offers(ONE).all() == [
        Offer(
            id="offer-1",
            application_id="opp-1",
            status=OfferStatus.SIGNED,
            status_source="signed",
            sent_at=START + 2 * DAY,
            accepted_at=START + 6 * DAY,
            start_date=date(2026, 2, 10),
            compensation=[
                Compensation(
                    min=Decimal(410000),
                    max=Decimal(410000),
                    currency="NOK",
                    period=CompensationPeriod.YEAR,
                    period_source="per-year-salary",
                )
            ],
            created_at=START,
        )
    ]


FILES = {
    "GET /opportunities/opp-1/resumes": fixture("lever", "resumes.list.json"),
    "GET /opportunities/opp-1/files": fixture("lever", "files.list.json"),
}


async def test_resumes_and_files_are_attachments() -> None:
    lever, _ = account(answers=FILES)

    resume, letter = await lever.list_attachments(AttachmentQuery(application_id=("opp-1",))).all()

    assert resume == Attachment(
        id="resume-1",
        application_id="opp-1",
        type=AttachmentType.RESUME,
        name="ines.pdf",
        content_type="application/pdf",
        created_at=datetime(2026, 1, 1, 10, 0, 1, tzinfo=UTC),
    )
    assert (letter.id, letter.type) == ("file-1", AttachmentType.NOT_SPECIFIED)
    assert letter.created_at == datetime(2026, 1, 1, 10, 0, 2, tzinfo=UTC)


async def test_a_person_s_attachments_are_those_of_the_candidacies() -> None:
    lever, replay = account(answers={**FILES, "GET /v1/opportunities": page(rows()[0])})
    query = AttachmentQuery(candidate_id=("contact-ines",))

    found = await lever.list_attachments(query).all()

    assert {one.candidate_id for one in found} == {"contact-ines"}
    assert replay.sent[0].params["contact_id"] == "contact-ines"


async def test_a_file_is_looked_for_after_the_resumes() -> None:
    missing = Reply({"code": "NotFoundError", "message": "no"}, status=404)
    headers = {
        "Content-Type": "application/pdf",
        "Content-Disposition": 'attachment; filename="letter.pdf"',
        "Content-Length": "4",
    }
    lever, replay = account(
        answers={
            "GET /resumes/file-1/download": missing,
            "GET /files/file-1/download": Reply(b"ahoy", headers=headers),
        }
    )

    found = await lever.download_attachment("file-1", "opp-1", None)

    assert (found.name, found.content_type, found.size) == ("letter.pdf", "application/pdf", 4)
    assert b"".join([chunk async for chunk in found.chunks]) == b"ahoy"
    assert len(replay.sent) == 2


async def test_a_file_that_lever_has_not_processed_says_so() -> None:
    busy = Reply({"code": "UnprocessableEntityError", "message": "no"}, status=422)
    lever, _ = account(answers={"GET /resumes/resume-1/download": busy})

    with pytest.raises(kit.ConflictError):
        await lever.download_attachment("resume-1", "opp-1", None)


async def test_a_note_is_its_first_field_and_deleted_ones_are_left_out() -> None:
    answers = {"GET /opportunities/opp-1/notes": fixture("lever", "notes.list.json")}
    lever, _ = account(answers=answers)

    assert await lever.list_notes(NoteQuery(application_id=("opp-1",))).all() == [
        Note(
            id="note-1",
            application_id="opp-1",
            body="Good hands",
            visibility=Visibility.PRIVATE,
            author=OLGA,
            created_at=START,
        )
    ]


async def test_what_is_listed_per_application_needs_one() -> None:
    lever, _ = account()

    with pytest.raises(kit.RequestInvalidError, match="per application: give one or more"):
        lever.list_interviews(OfApplications())


async def test_an_application_that_is_gone_does_not_hide_the_others() -> None:
    missing = Reply({"code": "NotFoundError", "message": "no"}, status=404)
    lever, _ = account(
        answers={
            "GET /opportunities/opp-gone/offers": missing,
            "GET /opportunities/opp-1/offers": fixture("lever", "offers.list.json"),
        }
    )

    both = lever.list_offers(OfApplications(application_id=("opp-gone", "opp-1")))

    assert [offer.id for offer in await both.all()] == ["offer-1"]
    with pytest.raises(kit.ResourceNotFoundError):
        await lever.list_offers(OfApplications(application_id=("opp-gone",))).all()

"""Greenhouse: what hangs on an application."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from hireloom.models import (
    Attachment,
    AttachmentQuery,
    AttachmentType,
    Compensation,
    CompensationKind,
    Eeoc,
    EeocQuery,
    Gender,
    Interview,
    InterviewStatus,
    Note,
    NoteQuery,
    NoteType,
    OfApplications,
    Offer,
    OfferStatus,
    Race,
    Recommendation,
    Scorecard,
    ScorecardField,
    ScorecardSection,
    Stage,
    TextFormat,
    User,
    Visibility,
    YesNoDeclined,
)
from tests.connectors.ats.greenhouse import TABLES, account, asked, having
from tests.connectors.ats.greenhouse_people import IDA, NOON, OLE
from tests.replay import Reply


async def test_an_interview_has_its_slot_stage_and_people() -> None:
    greenhouse, replay = account()

    first, second = await greenhouse.list_interviews(
        OfApplications(application_id=("701", "702"))
    ).all()

    assert asked(replay, "interviews") == [{"application_ids": "701,702", "per_page": "500"}]
    assert first == Interview(
        id="401",
        application_id="701",
        subject="Call with the yard",
        type="needs_scheduling",
        status=InterviewStatus.AWAITING_FEEDBACK,
        status_source="awaiting_feedback",
        scheduled_start=datetime(2026, 3, 12, 9, tzinfo=UTC),
        scheduled_end=datetime(2026, 3, 12, 10, tzinfo=UTC),
        location="Room 2",
        meeting_url="https://meet.example/2",
        stage=Stage(id="42", text="Phone call", order=1, job_id="21"),
        interviewers=[OLE, User(email="guest@far.example")],
        organizer=IDA,
        created_at=datetime(2026, 3, 10, 9, tzinfo=UTC),
        updated_at=datetime(2026, 3, 11, 9, tzinfo=UTC),
    )
    assert (second.status, second.status_source) == (InterviewStatus.NOT_SPECIFIED, "to_be_sent")
    assert second.scheduled_start == datetime(2026, 3, 13, tzinfo=UTC)


async def test_more_ids_than_a_filter_takes_go_in_groups() -> None:
    greenhouse, replay = account({"GET /v3/offers": []})
    ids = tuple(str(number) for number in range(120))

    await greenhouse.list_offers(OfApplications(application_id=ids)).all()

    groups = [one["application_ids"].split(",") for one in asked(replay, "offers")]
    assert sorted(len(group) for group in groups) == [20, 50, 50]


async def test_what_belongs_to_others_is_dropped_where_greenhouse_ignores_the_filter() -> None:
    greenhouse, _ = account()

    notes = await greenhouse.list_notes(NoteQuery(candidate_id=("52",))).all()

    assert [one.id for one in notes] == ["971"]


async def test_a_scorecard_shows_attributes_answers_and_notes() -> None:
    greenhouse, _ = account()

    (card,) = await greenhouse.list_scorecards(OfApplications(application_id=("701",))).all()

    assert card == Scorecard(
        id="301",
        application_id="701",
        candidate_id="51",
        interview_id="401",
        author=OLE,
        recommendation=Recommendation.STRONG_YES,
        recommendation_source="strong_yes",
        sections=[
            ScorecardSection(
                label="Attributes",
                fields=[ScorecardField(label="Care", value="yes", note="neat seams")],
            ),
            ScorecardSection(
                label="Questions",
                fields=[
                    ScorecardField(label="Which methods?", value="TIG and MIG"),
                    ScorecardField(label="Own helmet?", value="No"),
                    ScorecardField(label="Shifts", value="Early, Late"),
                ],
            ),
            ScorecardSection(
                label="Notes",
                fields=[ScorecardField(label="Private notes", value="Ask about nights")],
            ),
        ],
        comment="Steady hand",
        submitted_at=datetime(2026, 3, 12, 11, tzinfo=UTC),
    )


async def test_an_offer_reads_its_amounts_from_custom_fields() -> None:
    greenhouse, _ = account()

    offer, older = await greenhouse.list_offers(OfApplications()).all()

    assert offer == Offer(
        id="202",
        application_id="701",
        status=OfferStatus.SENT,
        status_source="Created",
        sent_at=datetime(2026, 3, 15, tzinfo=UTC),
        closed_at=None,
        accepted_at=None,
        start_date=date(2026, 5, 1),
        offer_date=date(2026, 3, 15),
        compensation=[
            Compensation(min=Decimal(54000), max=Decimal(54000), currency="EUR"),
            Compensation(
                min=Decimal("1000.50"),
                max=Decimal("1000.50"),
                currency="EUR",
                kind=CompensationKind.BONUS,
            ),
        ],
        version=2,
        created_at=datetime(2026, 3, 14, 9, tzinfo=UTC),
        updated_at=datetime(2026, 3, 15, 9, tzinfo=UTC),
    )
    assert (older.status, older.accepted_at) == (OfferStatus.SUPERSEDED, None)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Accepted", OfferStatus.ACCEPTED),
        ("Rejected", OfferStatus.DECLINED),
        ("Deprecated", OfferStatus.SUPERSEDED),
        ("Vanished", OfferStatus.NOT_SPECIFIED),
    ],
)
async def test_every_offer_status_is_translated(word: str, status: OfferStatus) -> None:
    greenhouse, _ = account({"GET /v3/offers": having("offers", 202, status=word)})

    offer, _ = await greenhouse.list_offers(OfApplications()).all()

    assert (offer.status, offer.status_source) == (status, word)


async def test_an_attachment_says_until_when_its_link_lives() -> None:
    greenhouse, _ = account()

    resume, other = await greenhouse.list_attachments(AttachmentQuery()).all()

    assert resume == Attachment(
        id="101",
        application_id="701",
        candidate_id="51",
        type=AttachmentType.RESUME,
        type_source="resume",
        name="falk.pdf",
        link=TABLES["attachments"][0]["url"],
        link_expires_at=datetime(2026, 3, 17, 9, tzinfo=UTC),
        created_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
    )
    assert (other.type, other.type_source) == (AttachmentType.NOT_SPECIFIED, "hologram")
    assert other.link_expires_at is None


async def test_a_download_goes_by_a_fresh_link_and_without_credentials() -> None:
    file = Reply(b"%PDF", headers={"Content-Type": "application/pdf", "Content-Length": "4"})
    greenhouse, replay = account(
        {"GET /v3/attachments": TABLES["attachments"][:1], "GET /falk.pdf": file}
    )

    download = await greenhouse.download_attachment("101", None, None)

    assert b"".join([chunk async for chunk in download.chunks]) == b"%PDF"
    assert (download.name, download.content_type, download.size) == (
        "falk.pdf", "application/pdf", 4
    )  # fmt: skip
    assert not replay.requests[-1].signed


async def test_a_note_is_plain_text_with_its_author() -> None:
    greenhouse, _ = account()

    note, inmail = await greenhouse.list_notes(NoteQuery()).all()

    assert note == Note(
        id="971",
        candidate_id="52",
        application_id="702",
        type=NoteType.NOTE,
        type_source="NOTE",
        subject=None,
        body="Went to the rivals",
        format=TextFormat.PLAIN,
        visibility=Visibility.PRIVATE,
        visibility_source="privately_visible",
        author=OLE,
        created_at=datetime(2026, 4, 1, 12, tzinfo=UTC),
    )
    assert (inmail.type, inmail.type_source, inmail.author) == (
        NoteType.OTHER, "LINKEDIN_INMAIL", User(id="99")
    )  # fmt: skip


async def test_equal_opportunity_answers_keep_their_texts() -> None:
    greenhouse, replay = account()

    first, second = await greenhouse.list_eeoc(EeocQuery(submitted_after=NOON)).all()

    assert asked(replay, "eeoc")[0]["submitted_at"] == "gte|2026-06-01T12:00:00.000Z"
    assert first == Eeoc(
        id="1101",
        application_id="701",
        candidate_id="51",
        gender=Gender.DECLINED,
        gender_source="Decline To Self Identify",
        race=[Race.TWO_OR_MORE_RACES],
        race_source=["Two or More Races"],
        veteran_status=YesNoDeclined.NO,
        veteran_status_source="I am not a protected veteran",
        disability_status=YesNoDeclined.YES,
        disability_status_source="Yes, I have a disability, or have had one in the past",
        submitted_at=datetime(2026, 3, 2, 8, 5, tzinfo=UTC),
    )
    assert second == Eeoc(
        id="702",
        application_id="702",
        candidate_id="52",
        gender_source=None,
        race_source=None,
        veteran_status=YesNoDeclined.DECLINED,
        veteran_status_source="I don't wish to answer",
        disability_status_source=None,
        submitted_at=None,
    )


@pytest.mark.parametrize(
    "answers",
    [TABLES["eeoc"], (Reply({"errors": ["Invalid parameter"]}, status=422), Reply(TABLES["eeoc"]))],
    ids=["with everybody's", "after a refusal"],
)
async def test_one_equal_opportunity_answer_is_found_whatever_the_filter_does(
    answers: Any,
) -> None:
    greenhouse, _ = account({"GET /v3/eeoc": answers})

    assert (await greenhouse.get_eeoc("702")).veteran_status is YesNoDeclined.DECLINED

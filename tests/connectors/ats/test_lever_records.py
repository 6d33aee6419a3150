"""Lever's jobs, the account's tables, and what hangs on an opportunity."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from hireloom import kit
from hireloom.models import (
    UNSET,
    Attachment,
    AttachmentQuery,
    AttachmentType,
    Compensation,
    CompensationPeriod,
    CustomField,
    CustomFieldOption,
    CustomFieldOwner,
    CustomFieldQuery,
    CustomFieldType,
    Department,
    Eeoc,
    EeocQuery,
    EmploymentType,
    Gender,
    Interview,
    InterviewStatus,
    Job,
    JobInfo,
    JobModel,
    JobPost,
    JobQuery,
    JobQuestion,
    JobStatus,
    Location,
    Note,
    NoteQuery,
    OfApplications,
    Offer,
    OfferStatus,
    Office,
    Openings,
    PostStatus,
    QuestionOption,
    QuestionType,
    Race,
    Recommendation,
    RejectionReason,
    Scorecard,
    ScorecardField,
    ScorecardSection,
    ScoreValue,
    Source,
    Stage,
    StageQuery,
    StageType,
    Tag,
    User,
    Visibility,
    WorkplaceType,
    YesNoDeclined,
)
from tests.connectors.ats.lever_account import (
    DAY,
    MILLIS,
    MINUTE,
    OLGA,
    PHONE_CALL,
    PIET,
    START,
    account,
    page,
    paths,
    rows,
)
from tests.replay import Reply, fixture

DECK = JobInfo(
    id="posting-deck",
    title="Deckhand",
    code="DECK-1",
    description="<div>Hold the rope.</div><h3>You bring</h3><ul><li>Hands</li></ul><div>Ahoy</div>",
    status=JobStatus.OPEN,
    status_source="internal",
    confidential=False,
    employment_type=EmploymentType.FULL_TIME,
    employment_type_source="Full-time",
    workplace_type=WorkplaceType.ON_SITE,
    workplace_type_source="onsite",
    tags=["sea"],
    created_at=START,
    updated_at=START + DAY,
    info_url="https://jobs.lever.example/deck",
    apply_url="https://jobs.lever.example/deck/apply",
)
DECK_POST = JobPost(
    id="posting-deck",
    title="Deckhand",
    status=PostStatus.UNPUBLISHED,
    status_source="internal",
    url="https://jobs.lever.example/deck",
    apply_url="https://jobs.lever.example/deck/apply",
    content=DECK.description,
    locations=[Location(raw="Bergen"), Location(raw="Oslo")],
    internal=True,
)
BERGEN = Office(id="Bergen", name="Bergen", location=Location(raw="Bergen"))
OSLO = Office(id="Oslo", name="Oslo", location=Location(raw="Oslo"))


def pipeline(job_id: str) -> list[Stage]:
    return [
        Stage(
            id="lead-new",
            text="New lead",
            type=StageType.LEAD,
            type_source="lead",
            order=0,
            job_id=job_id,
        ),
        Stage(
            id="applicant-new",
            text="New applicant",
            type=StageType.NEW,
            type_source="applicant",
            order=1,
            job_id=job_id,
        ),
        Stage(
            id="stage-phone",
            text="Phone call",
            type=StageType.SCREEN,
            type_source="screen",
            order=2,
            job_id=job_id,
        ),
        Stage(
            id="stage-harbour",
            text="Harbour walk",
            type=StageType.NOT_SPECIFIED,
            type_source="promenade",
            order=3,
            job_id=job_id,
        ),
    ]


async def test_a_posting_is_a_job() -> None:
    lever, replay = account()

    deck, cook = await lever.list_jobs(JobQuery()).all()

    assert deck == Job(
        info=DECK,
        departments=[Department(id="Deck", name="Deck")],
        offices=[BERGEN, OSLO],
        hiring_managers=[PIET],
        recruiters=[OLGA],
        stages=pipeline("posting-deck"),
        posts=[DECK_POST],
        compensation=[
            Compensation(
                min=Decimal(400000),
                max=Decimal("450000.5"),
                currency="NOK",
                period=CompensationPeriod.YEAR,
                period_source="per-year-salary",
            )
        ],
    )
    assert (cook.info.status, cook.info.status_source) == (JobStatus.NOT_SPECIFIED, "paused")
    assert cook.info.employment_type is EmploymentType.NOT_SPECIFIED
    assert (cook.info.confidential, cook.info.description) == (True, UNSET)
    assert replay.sent[0].params == {"include": "content", "limit": "100"}


@pytest.mark.parametrize("jobs", ["postings", "requisitions"])
async def test_a_filter_reads_its_section_though_it_is_not_wanted(jobs: str) -> None:
    lever, _ = account({"jobs": jobs})
    info = (JobModel.INFO,)

    by_office = (await lever.list_jobs(JobQuery(models=info, office_id=("a",))).all())[0]
    query = JobQuery(models=info, department_id=("a", "b"))
    by_department = (await lever.list_jobs(query).all())[0]

    assert (by_office.offices != UNSET, by_office.departments) == (True, UNSET)
    assert (by_department.departments != UNSET, by_department.offices) == (True, UNSET)
    assert by_office.stages == UNSET


async def test_only_wanted_sections_of_a_job_are_looked_up() -> None:
    lever, replay = account()

    deck, _ = await lever.list_jobs(JobQuery(models=(JobModel.INFO, JobModel.OFFICES))).all()

    assert (deck.offices, deck.stages, deck.hiring_managers) == ([BERGEN, OSLO], UNSET, UNSET)
    assert paths(replay) == ["/postings"]


async def test_a_job_read_by_its_id_has_its_questions() -> None:
    lever, _ = account(
        answers={
            "GET /postings/posting-deck": {"data": {"id": "posting-deck", "text": "Deckhand"}},
            "GET /postings/posting-deck/apply": fixture("lever", "posting_form.json"),
        }
    )

    deck = await lever.get_job("posting-deck")

    assert deck.questions == [
        JobQuestion(
            id="q1",
            text="Knots?",
            type=QuestionType.SINGLE_CHOICE,
            type_source="multiple-choice",
            required=True,
            options=[QuestionOption(id="o1", text="Many"), QuestionOption(id=None, text="None")],
        )
    ]


async def test_a_time_of_change_goes_to_postings_without_another_filter() -> None:
    refused = Reply({"code": "BadRequestError", "message": "include"}, status=400)
    lever, replay = account(answers={"GET /v1/postings": (refused, page())})
    query = JobQuery(updated_after=START, status=(JobStatus.DRAFT,), department_id=("Deck",))

    pages = lever.list_jobs(query)
    await pages.all()

    assert pages.applied == {"updated_after"}
    first, second = (sent.params for sent in replay.sent)
    assert first == {"updated_at_start": str(MILLIS), "include": "content", "limit": "100"}
    assert second == {"updated_at_start": str(MILLIS), "limit": "100"}


async def test_other_filters_go_to_postings_where_one_word_says_it() -> None:
    lever, replay = account()

    draft = lever.list_jobs(JobQuery(status=(JobStatus.DRAFT,), department_id=("Deck",)))
    still_open = lever.list_jobs(JobQuery(status=(JobStatus.OPEN,)))
    await draft.all()

    assert draft.applied == {"status", "department_id"}
    assert still_open.applied == frozenset()
    assert replay.sent[0].params["state"] == "draft"
    assert replay.sent[0].params["department"] == "Deck"


async def test_a_requisition_is_a_job_where_the_customer_says_so() -> None:
    lever, _ = account({"jobs": "requisitions"})

    _, deck, many = await lever.list_jobs(JobQuery()).all()

    assert deck == Job(
        info=JobInfo(
            id="req-open",
            title="Deck crew",
            code="DECK-1",
            status=JobStatus.OPEN,
            status_source="open",
            confidential=False,
            employment_type=EmploymentType.TEMPORARY,
            employment_type_source="temp-worker",
            openings=Openings(total=5, filled=2, open=3),
            created_at=START,
            updated_at=START + DAY,
            closed_at=None,
            custom_fields={"pier": "4"},
        ),
        departments=[Department(id="Deck", name="Deck")],
        offices=[BERGEN],
        hiring_managers=[PIET],
        recruiters=[OLGA],
        stages=pipeline("req-open"),
        posts=[DECK_POST, JobPost(id="posting-gone")],
        compensation=[
            Compensation(min=Decimal(1), max=Decimal(2), currency="NOK", period_source="per-fathom")
        ],
    )
    assert many.info.status is JobStatus.ON_HOLD
    assert many.info.openings == Openings(total=None, filled=2, open=None)


async def test_requisitions_are_filtered_by_their_time_of_creation() -> None:
    lever, replay = account({"jobs": "requisitions"})

    pages = lever.list_jobs(JobQuery(created_after=START, status=(JobStatus.OPEN,)))
    await pages.all()

    assert pages.applied == {"created_after", "status"}
    assert replay.sent[0].params["created_at_start"] == str(MILLIS)
    assert replay.sent[0].params["status"] == "open"


# The account's tables.


@pytest.mark.parametrize(
    ("identity", "text", "pipeline", "kind"),
    [
        ("offer", "Contract out", "interview", StageType.OFFER),
        ("stage-1", "Offer", "interview", StageType.OFFER),
        ("stage-1", "Counter-offer talk", "interview", StageType.INTERVIEW),
        ("lead-responded", "Answered", "interview", StageType.LEAD),
        ("applicant-new", "Hello", "screen", StageType.NEW),
        ("stage-1", "Signing", "offer", StageType.OFFER),
    ],
)
async def test_a_default_stage_is_known_by_its_id(
    identity: str, text: str, pipeline: str, kind: StageType
) -> None:
    stage = {"id": identity, "text": text, "pipeline": pipeline, "rank": 1}
    lever, _ = account(answers={"GET /v1/disposition_stages": {"data": {"stages": [stage]}}})

    [found] = await lever.list_stages(StageQuery()).all()

    assert (found.type, found.type_source) == (kind, pipeline)


async def test_every_job_has_the_one_pipeline_of_the_account() -> None:
    lever, _ = account()

    plain = await lever.list_stages(StageQuery()).all()
    both = await lever.list_stages(StageQuery(job_id=("a", "b"))).all()

    assert plain[2] == Stage(
        id="stage-phone", text="Phone call", type=StageType.SCREEN, type_source="screen", order=2
    )
    assert both == [*pipeline("a"), *pipeline("b")]


async def test_a_reason_that_hires_is_no_rejection_reason() -> None:
    lever, _ = account()

    assert await lever.list_rejection_reasons().all() == [
        RejectionReason(id="reason-skills", text="Cannot sail", active=True),
        RejectionReason(id="reason-old", text="Paper form", active=False),
    ]


async def test_users_who_left_are_listed_too() -> None:
    lever, replay = account()

    assert await lever.list_users().all() == [OLGA, PIET]
    assert replay.sent[0].params["includeDeactivated"] == "true"


async def test_departments_and_locations_are_those_that_jobs_name() -> None:
    lever, _ = account()

    assert await lever.list_departments().all() == [Department(id="Deck", name="Deck")]
    assert await lever.list_offices().all() == [BERGEN, OSLO]


async def test_tags_and_sources_are_known_by_their_texts() -> None:
    texts = {"data": [{"text": "sea", "count": 3}], "hasNext": False}
    lever, _ = account(answers={"GET /v1/tags": texts, "GET /v1/sources": texts})

    assert await lever.list_tags().all() == [Tag(id="sea", name="sea")]
    assert await lever.list_sources().all() == [Source(id="sea", name="sea")]


async def test_the_fields_of_requisitions_are_custom_fields() -> None:
    answers = {"GET /requisition_fields": fixture("lever", "requisition_fields.list.json")}
    lever, _ = account(answers=answers)

    pier, depth = await lever.list_custom_fields(CustomFieldQuery()).all()

    assert pier == CustomField(
        id="pier",
        key="pier",
        label="Pier",
        type=CustomFieldType.SINGLE_SELECT,
        type_source="dropdown",
        owner=CustomFieldOwner.OPENING,
        owner_source="requisition",
        required=True,
        options=[CustomFieldOption(id="p4", label="4")],
    )
    assert (depth.type, depth.type_source) == (CustomFieldType.NOT_SPECIFIED, "sounding")


async def test_survey_answers_are_asked_for_from_the_beginning_of_time() -> None:
    lever, replay = account(
        answers={"GET /eeo/responses/pii": fixture("lever", "eeo_responses_pii.list.json")}
    )

    ines, tove = await lever.list_eeoc(EeocQuery(submitted_after=START)).all()

    assert ines == Eeoc(
        id="eeo-1",
        application_id="opp-1",
        candidate_id="contact-ines",
        gender=Gender.FEMALE,
        gender_source="Female",
        race=[Race.WHITE],
        race_source=["White (Not Hispanic or Latino)"],
        veteran_status=YesNoDeclined.DECLINED,
        veteran_status_source="Decline to self-identify",
        disability_status=YesNoDeclined.NO,
        disability_status_source=(
            "No, I don't have a disability, or a history/record of having a disability"
        ),
        submitted_at=START + MINUTE,
    )
    assert (tove.gender, tove.race, tove.race_source) == (Gender.NOT_SPECIFIED, [], [])
    assert replay.sent[0].params == {"created_at_start": "1", "limit": "100"}


# What hangs on an opportunity.

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

"""Lever's jobs, and the account's tables."""

from decimal import Decimal

import pytest

from hireloom.models import (
    UNSET,
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
    Job,
    JobInfo,
    JobModel,
    JobPost,
    JobQuery,
    JobQuestion,
    JobStatus,
    Location,
    Office,
    Openings,
    PostStatus,
    QuestionOption,
    QuestionType,
    Race,
    RejectionReason,
    Source,
    Stage,
    StageQuery,
    StageType,
    Tag,
    WorkplaceType,
    YesNoDeclined,
)
from tests.connectors.ats.lever_account import (
    DAY,
    MILLIS,
    MINUTE,
    OLGA,
    PIET,
    START,
    account,
    page,
    paths,
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

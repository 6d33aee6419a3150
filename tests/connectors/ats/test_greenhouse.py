"""Greenhouse: a small account (greenhouse/account.json, one member per table) read and written."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from hireloom import kit
from hireloom.kit.trip import Trip, travel
from hireloom.models import (
    UNSET,
    Answer,
    Applicant,
    Application,
    ApplicationInfo,
    ApplicationModel,
    ApplicationQuery,
    ApplicationStatus,
    Attachment,
    AttachmentQuery,
    AttachmentType,
    Candidate,
    CandidateInfo,
    CandidateModel,
    CandidateQuery,
    CandidateSearch,
    Compensation,
    CompensationKind,
    CustomField,
    CustomFieldOption,
    CustomFieldOwner,
    CustomFieldQuery,
    CustomFieldType,
    Department,
    Education,
    Eeoc,
    EeocQuery,
    Email,
    EmailType,
    EmploymentType,
    Experience,
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
    NoteType,
    OfApplications,
    Offer,
    OfferStatus,
    Office,
    Openings,
    Origin,
    Phone,
    PhoneType,
    PostStatus,
    QuestionOption,
    QuestionResponse,
    QuestionType,
    Race,
    Recommendation,
    Rejection,
    RejectionReason,
    RejectionSide,
    Scorecard,
    ScorecardField,
    ScorecardSection,
    Source,
    Stage,
    StageQuery,
    Tag,
    TextFormat,
    User,
    Visibility,
    YesNoDeclined,
)
from tests.connectors.ats.greenhouse import TABLES, account, asked, having
from tests.replay import Reply

IDA = User(
    id="11",
    email="ida.moor@weser.example",
    employee_id="E11",
    first_name="Ida",
    last_name="Moor",
    roles=["site_admin"],
    active=True,
)
OLE = User(
    id="12",
    email="ole.brandt@weser.example",
    employee_id=None,
    first_name="Ole",
    last_name="Brandt",
    roles=UNSET,
    active=False,
)
PHONE_CALL = Stage(
    id="42",
    text="Phone call",
    order=1,
    job_id="21",
    entered_at=datetime(2026, 3, 6, 9, tzinfo=UTC),
)
RUNA_EMAILS = [
    Email(email="runa.falk@mail.example", type=EmailType.PERSONAL),
    Email(email="falk@weser.example", type=EmailType.WORK),
    Email(email="ru@old.example", type=EmailType.NOT_SPECIFIED),
]
RUNA_PHONES = [
    Phone(phone_number="+49 421 3331234", type=PhoneType.MOBILE, e164="+494213331234"),
    Phone(phone_number="0421 98", type=PhoneType.NOT_SPECIFIED, e164=None),
]
RUNA_LINKS = ["falk.example", "linkedin.com/in/runafalk"]
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


async def test_an_application_is_put_together_from_its_tables() -> None:
    greenhouse, _ = account()

    _, application = await greenhouse.list_applications(ApplicationQuery()).all()

    assert application == Application(
        info=ApplicationInfo(
            id="701",
            status=ApplicationStatus.ACTIVE,
            status_source="in_process",
            candidate=Applicant(
                id="51",
                first_name="Runa",
                last_name="Falk",
                emails=RUNA_EMAILS,
                phones=RUNA_PHONES,
                links=RUNA_LINKS,
                location=Location(raw="Hafenstrasse 3, Bremen"),
            ),
            origin=Origin.REFERRAL,
            origin_source="Referrals",
            source=Source(id="81", name="Staff tip", type="Referrals"),
            applied_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
            updated_at=datetime(2026, 3, 9, 10, 30, tzinfo=UTC),
            rejected_at=None,
            job_id="21",
            job_posting_id="31",
            owner=IDA,
            credited_to=OLE,
            is_prospect=False,
            tags=["night shift"],
            url="https://app.greenhouse.io/people/51?application_id=701",
            custom_fields={"test_score": "87.5", "hobby": None},
        ),
        current_stage=PHONE_CALL,
        rejection=None,
        question_responses=[
            QuestionResponse(question_text="May you work in Germany?", answer=Answer(text="Yes"))
        ],
    )


async def test_a_rejected_application_was_last_in_the_stage_that_it_entered_last() -> None:
    greenhouse, _ = account()

    rejected, _ = await greenhouse.list_applications(ApplicationQuery()).all()

    assert rejected.current_stage is None
    assert rejected.rejection == Rejection(
        id="61",
        text="Took another offer",
        side=RejectionSide.CANDIDATE,
        side_source="They rejected us",
        rejected_at=datetime(2026, 4, 1, 12, tzinfo=UTC),
        stage=Stage(
            id="42",
            text="Phone call",
            order=1,
            job_id="21",
            entered_at=datetime(2026, 3, 20, 9, tzinfo=UTC),
        ),
        job_id="21",
        by=OLE,
        note="Went to the rivals",
    )


@pytest.mark.parametrize(
    ("fields", "stays"),
    [
        ({"job_interview_stage_id": 42, "stage_id": 901}, TABLES["application_stages"]),
        ({"job_interview_stage_id": 42, "stage_id": None}, []),
        ({"stage_id": 901}, TABLES["application_stages"]),
        ({"stage_id": 42}, TABLES["application_stages"]),
        ({"stage_id": 42}, []),
    ],
    ids=["both", "the job's stage", "the row's id", "the job's id", "no rows"],
)
async def test_whichever_stage_id_greenhouse_gives_the_jobs_stage_comes_out(
    fields: dict[str, Any], stays: list[Any]
) -> None:
    greenhouse, _ = account(
        {
            "GET /v3/applications": [{**TABLES["applications"][1], **fields}],
            "GET /v3/application_stages": stays,
        }
    )

    application = await greenhouse.get_application("701")

    stage = application.current_stage
    assert isinstance(stage, Stage)
    assert (stage.id, stage.text, stage.order) == ("42", "Phone call", 1)


async def test_rows_that_are_missing_leave_ids_without_names() -> None:
    nothing: dict[str, list[Any]] = {
        f"GET /v3/{table}": []
        for table in ("candidates", "users", "sources", "referrers", "job_interview_stages")
    }
    greenhouse, _ = account(nothing)

    _, application = await greenhouse.list_applications(ApplicationQuery()).all()

    info = application.info
    assert info.candidate == Applicant(id="51")
    assert (info.owner, info.source) == (User(id="11"), Source(id="81"))
    assert (info.origin, info.credited_to) == (Origin.NOT_SPECIFIED, UNSET)
    assert application.current_stage == Stage(
        id="42",
        text="Phone call",
        order=None,
        job_id="21",
        entered_at=datetime(2026, 3, 6, 9, tzinfo=UTC),
    )


async def test_a_referrer_may_be_a_name_and_no_user() -> None:
    greenhouse, _ = account({"GET /v3/applications": having("applications", 701, referrer_id=92)})

    _, application = await greenhouse.list_applications(ApplicationQuery()).all()

    assert application.info.credited_to == User(first_name="Grandmother of", last_name="Runa")


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("in_process", ApplicationStatus.ACTIVE),
        ("rejected", ApplicationStatus.REJECTED),
        ("hired", ApplicationStatus.HIRED),
        ("converted", ApplicationStatus.CONVERTED),
        ("parked", ApplicationStatus.NOT_SPECIFIED),
    ],
)
async def test_every_status_is_translated_and_kept(word: str, status: ApplicationStatus) -> None:
    greenhouse, _ = account({"GET /v3/applications": having("applications", 701, status=word)})

    _, application = await greenhouse.list_applications(ApplicationQuery()).all()

    assert (application.info.status, application.info.status_source) == (status, word)


async def test_sections_that_nobody_wants_cost_no_call() -> None:
    greenhouse, replay = account()

    wanted = ApplicationQuery(models=(ApplicationModel.QUESTION_RESPONSES,))
    _, application = await greenhouse.list_applications(wanted).all()

    assert [one.path for one in replay.sent] == ["/v3/applications"]
    assert (application.current_stage, application.rejection) == (UNSET, UNSET)
    assert application.info.candidate == Applicant(id="51")
    assert application.question_responses


async def test_filters_go_to_greenhouse_in_its_words() -> None:
    greenhouse, replay = account()
    query = ApplicationQuery(
        created_before=NOON,
        updated_after=datetime(2026, 1, 1, tzinfo=UTC),
        updated_before=NOON,
        job_id=("21", "22"),
        candidate_id=("51",),
        status=(ApplicationStatus.ACTIVE,),
        stage_id=("42",),
        tag=("night shift",),
    )

    pages = greenhouse.list_applications(query)
    await pages.all()

    assert asked(replay, "applications") == [
        {
            "created_at": "lte|2026-06-01T12:00:00.000Z",
            "updated_at": "gte|2026-01-01T00:00:00.000Z|lte|2026-06-01T12:00:00.000Z",
            "status": "active",
            "job_ids": "21,22",
            "candidate_ids": "51",
            "per_page": "500",
        }
    ]
    assert pages.applied == {
        "created_before", "updated_after", "updated_before", "job_id", "candidate_id", "status"
    }  # fmt: skip


async def test_what_one_parameter_cannot_say_is_left_to_us() -> None:
    greenhouse, replay = account()
    query = ApplicationQuery(
        status=(ApplicationStatus.ACTIVE, ApplicationStatus.HIRED),
        job_id=tuple(str(number) for number in range(51)),
    )

    pages = greenhouse.list_applications(query)
    await pages.all()

    assert pages.applied == frozenset()
    assert asked(replay, "applications") == [{"per_page": "500"}]


async def test_applications_of_an_email_are_found_by_its_owners() -> None:
    greenhouse, replay = account({"GET /v3/candidates": [TABLES["candidates"][1]]})

    pages = greenhouse.list_applications(ApplicationQuery(candidate_email=("Falk@weser.example",)))
    await pages.all()

    assert pages.applied == {"candidate_email"}
    assert asked(replay, "candidates")[0]["email"] == "Falk@weser.example"
    assert asked(replay, "applications") == [{"candidate_ids": "51", "per_page": "500"}]


@pytest.mark.parametrize(
    ("window", "found"),
    [
        ({"changed_stage_after": datetime(2026, 3, 20, 9, tzinfo=UTC)}, ["702"]),
        ({"changed_stage_after": datetime(2026, 3, 20, 10, tzinfo=UTC)}, []),
        ({"changed_stage_before": datetime(2026, 3, 6, 9, tzinfo=UTC)}, ["701"]),
        ({"changed_stage_after": datetime(2026, 3, 1, tzinfo=UTC)}, ["702", "701"]),
    ],
    ids=["since", "too late", "until", "all that ever entered one"],
)
async def test_a_stage_change_is_found_whatever_became_of_the_application(
    window: dict[str, Any], found: list[str]
) -> None:
    stageless = {"id": 703, "candidate_id": 51, "prospect": True, "status": "in_process"}
    greenhouse, replay = account(
        {"GET /v3/applications": [*TABLES["applications"], stageless], "GET /v3/candidates": []}
    )

    with travel(Trip(page_size=5)):
        pages = greenhouse.list_applications(
            ApplicationQuery(models=(ApplicationModel.INFO,), **window)
        )
        applications = await pages.all()

    assert [one.info.id for one in applications] == found
    assert pages.applied == set(window)
    assert asked(replay, "applications") == [{"per_page": "500"}]
    assert asked(replay, "application_stages") == [
        {"application_ids": "701,702,703", "per_page": "500"}
    ]


async def test_an_email_that_nobody_has_asks_for_no_applications() -> None:
    greenhouse, replay = account({"GET /v3/candidates": []})

    query = ApplicationQuery(candidate_email=("nobody@far.example",))

    assert await greenhouse.list_applications(query).all() == []
    assert asked(replay, "applications") == []


async def test_a_cursor_goes_alone() -> None:
    following = "https://harvest.greenhouse.io/v3/applications?cursor=abc%3D"
    pages = (
        Reply(TABLES["applications"][:1], headers={"Link": f'<{following}>; rel="next"'}),
        Reply(TABLES["applications"][1:]),
    )
    greenhouse, replay = account({"GET /v3/applications": pages})

    query = ApplicationQuery(status=(ApplicationStatus.ACTIVE,))
    found = await greenhouse.list_applications(query).all()

    assert [one.info.id for one in found] == ["702", "701"]
    assert asked(replay, "applications") == [
        {"status": "active", "per_page": "500"},
        {"cursor": "abc="},
    ]


async def test_look_ups_take_fifty_ids_at_once() -> None:
    many = [{**TABLES["applications"][1], "id": n, "candidate_id": n} for n in range(1000, 1120)]
    greenhouse, replay = account({"GET /v3/applications": many})

    query = ApplicationQuery(models=(ApplicationModel.INFO,))
    await greenhouse.list_applications(query).all()

    asked_ids = [one["ids"].split(",") for one in asked(replay, "candidates")]
    assert sorted(len(ids) for ids in asked_ids) == [20, 50, 50]


async def test_a_wrong_type_sets_that_record_aside() -> None:
    rows = having("applications", 702, created_at={"at": "noon"})
    greenhouse, _ = account({"GET /v3/applications": rows})
    trip = Trip()

    with travel(trip):
        found = await greenhouse.list_applications(ApplicationQuery()).all()

    assert [one.info.id for one in found] == ["701"]
    assert [(one.id, one.path) for one in trip.set_aside] == [("702", "$[0].created_at")]


async def test_a_candidate_has_schools_jobs_and_applications() -> None:
    greenhouse, _ = account({"GET /v3/candidates": [TABLES["candidates"][1]]})

    assert await greenhouse.get_candidate("51") == Candidate(
        info=CandidateInfo(
            id="51",
            first_name="Runa",
            last_name="Falk",
            emails=RUNA_EMAILS,
            phones=RUNA_PHONES,
            links=RUNA_LINKS,
            tags=["night shift"],
            title="Welder",
            company="Weser Ltd",
            created_at=datetime(2026, 3, 1, 7, tzinfo=UTC),
            updated_at=datetime(2026, 3, 9, 10, 30, tzinfo=UTC),
            applications=["701"],
            job_ids=["21"],
            is_private=False,
            url="https://app.greenhouse.io/people/51",
            custom_fields={
                "notice": "four weeks",
                "wish": {"amount": "52000.0", "unit": "EUR"},
                "years": "9",
                "empty": None,
            },
        ),
        education=[
            Education(
                institute="Harbour College",
                degree="Apprenticeship",
                major=None,
                start_date=date(2014, 10, 1),
                end_date=None,
            )
        ],
        locations=[Location(raw="Am Wall 1\nBremen"), Location(raw="Kai 5")],
        experiences=[
            Experience(
                company="Weser Ltd", title="Welder", start_date=date(2018, 5, 1), end_date=None
            )
        ],
    )


async def test_a_tag_is_asked_for_as_the_organisation_spells_it() -> None:
    greenhouse, replay = account()

    pages = greenhouse.list_candidates(
        CandidateQuery(
            tag=("night shift",), email=("a@b.example",), models=(CandidateModel.LOCATIONS,)
        )
    )
    await pages.all()

    assert pages.applied == {"tag", "email"}
    assert asked(replay, "candidates") == [
        {"email": "a@b.example", "tag": "Night Shift", "per_page": "500"}
    ]


async def test_a_tag_that_nobody_knows_is_on_nobody() -> None:
    greenhouse, _ = account()

    assert await greenhouse.list_candidates(CandidateQuery(tag=("unheard of",))).all() == []


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (CandidateSearch(first_name="runa"), ["51"]),
        (CandidateSearch(first_name="runa", last_name="Moor"), []),
        (CandidateSearch(emails=("FALK@weser.example", "x@y.example")), ["51"]),
        (CandidateSearch(phones=("+494213331234",)), ["51"]),
        (CandidateSearch(phones=("0421-98",)), ["51"]),
        (CandidateSearch(first_name="Mo"), ["52"]),
        (CandidateSearch(emails=("FALK@weser.example",), first_name="Mo"), []),
    ],
)
async def test_a_search_finds_who_fits_all_of_it(search: CandidateSearch, found: list[str]) -> None:
    greenhouse, _ = account()

    people = await greenhouse.search_candidates(search).all()

    assert [one.info.id for one in people] == found


async def test_a_job_is_put_together_from_its_tables() -> None:
    greenhouse, _ = account()

    (job,) = await greenhouse.list_jobs(JobQuery()).all()

    assert job == Job(
        info=JobInfo(
            id="21",
            title="Welder",
            code="REQ-7",
            description="<p>Weld with us</p>",
            status=JobStatus.OPEN,
            status_source="open",
            confidential=False,
            employment_type=EmploymentType.FULL_TIME,
            employment_type_source="Full-time",
            openings=Openings(total=3, filled=1, open=1),
            created_at=datetime(2026, 2, 1, 9, tzinfo=UTC),
            updated_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
            opened_at=datetime(2026, 2, 2, 9, tzinfo=UTC),
            closed_at=None,
            info_url="https://jobs.weser.example/31",
            custom_fields={
                "employment_type": "Full-time",
                "range": {"min_value": "48000", "max_value": "60000", "unit": "EUR"},
            },
        ),
        departments=[Department(id="71", name="Yard", parent_id="70")],
        offices=[
            Office(
                id="75", name="Bremen", location=Location(raw="Bremen, Germany"), parent_id=None
            ),
            Office(id="76"),
        ],
        hiring_managers=[OLE],
        recruiters=[IDA, OLE],
        stages=[
            Stage(id="41", text="Application review", order=0, job_id="21"),
            Stage(id="42", text="Phone call", order=1, job_id="21"),
        ],
        posts=[
            JobPost(
                id="31",
                title="Welder wanted",
                status=PostStatus.PUBLISHED,
                status_source="live",
                url="https://jobs.weser.example/31",
                content="<p>Weld with us</p>",
                locations=[Location(raw="Bremen, Germany")],
                internal=False,
                published_at=datetime(2026, 2, 3, 9, tzinfo=UTC),
            ),
            JobPost(
                id="32",
                title="Welder (internal)",
                status=PostStatus.PUBLISHED,
                status_source="live",
                url=None,
                content="<p>Colleagues!</p>",
                locations=[Location(raw="Bremen")],
                internal=True,
                published_at=None,
            ),
        ],
        compensation=[
            Compensation(min=Decimal("48000.50"), max=Decimal(60000), currency="EUR"),
            Compensation(min=Decimal(48000), max=Decimal(60000), currency="EUR"),
        ],
        questions=[
            JobQuestion(
                id="first_name",
                text="First name",
                type=QuestionType.TEXT,
                type_source="short_text",
                required=True,
                options=[],
            ),
            JobQuestion(
                id="331",
                text="Which shift?",
                type=QuestionType.SINGLE_CHOICE,
                type_source="single_select",
                required=None,
                options=[QuestionOption(id="1", text="Day"), QuestionOption(id="2", text="Night")],
            ),
        ],
    )


def refusing(parameter: str, rows: list[dict[str, Any]]) -> Any:
    """A table that takes every parameter but one."""

    def answer(request: kit.Request) -> Reply:
        if parameter in dict(request.params):
            return Reply({"message": f"Unknown parameter {parameter}"}, status=422)
        return Reply(rows)

    return answer


async def test_a_table_that_refuses_our_filter_is_read_whole_once() -> None:
    foreign = {"id": 39, "job_id": 29, "title": "Of another job", "active": True}
    greenhouse, replay = account(
        {
            "GET /v3/job_posts": refusing("job_ids", [foreign, *TABLES["job_posts"]]),
            "GET /v3/pay_input_ranges": refusing("job_post_ids", TABLES["pay_input_ranges"]),
        }
    )
    plain, _ = account()
    expected = await plain.list_jobs(JobQuery()).all()

    assert await greenhouse.list_jobs(JobQuery()).all() == expected
    assert await greenhouse.list_jobs(JobQuery()).all() == expected

    refused, whole = asked(replay, "job_posts")
    assert (refused.get("job_ids"), whole) == ("21", {"per_page": "500"})
    assert [one.get("job_post_ids") for one in asked(replay, "pay_input_ranges")][1:] == [None]


async def test_what_scorecards_say_about_people_is_not_kept_in_memory() -> None:
    table = "scorecard_question_answers"
    greenhouse, replay = account({f"GET /v3/{table}": refusing("scorecard_ids", TABLES[table])})
    plain, _ = account()
    expected = await plain.list_scorecards(OfApplications()).all()

    assert await greenhouse.list_scorecards(OfApplications()).all() == expected
    assert await greenhouse.list_scorecards(OfApplications()).all() == expected

    assert ["scorecard_ids" in one for one in asked(replay, table)] == [True, False, False]


async def test_a_table_that_cannot_be_read_at_all_is_told() -> None:
    greenhouse, _ = account({"GET /v3/job_posts": Reply({"errors": ["Closed."]}, status=422)})

    with pytest.raises(kit.RejectedError):
        await greenhouse.list_jobs(JobQuery()).all()


async def test_a_template_is_no_job() -> None:
    greenhouse, _ = account({"GET /v3/jobs": [TABLES["jobs"][0]]})

    assert await greenhouse.list_jobs(JobQuery()).all() == []
    with pytest.raises(kit.ResourceNotFoundError, match="template"):
        await greenhouse.get_job("22")


async def test_an_account_without_pay_ranges_has_jobs_all_the_same() -> None:
    greenhouse, _ = account({"GET /v3/pay_input_ranges": Reply(status=404)})

    (job,) = await greenhouse.list_jobs(JobQuery(models=(JobModel.COMPENSATION,))).all()

    assert job.compensation == [
        Compensation(min=Decimal(48000), max=Decimal(60000), currency="EUR")
    ]


async def test_jobs_are_filtered_by_one_status_and_by_dates() -> None:
    greenhouse, replay = account()

    pages = greenhouse.list_jobs(
        JobQuery(status=(JobStatus.OPEN,), created_after=NOON, models=(JobModel.DEPARTMENTS,))
    )
    await pages.all()

    assert pages.applied == {"status", "created_after"}
    assert asked(replay, "jobs") == [
        {"created_at": "gte|2026-06-01T12:00:00.000Z", "status": "open", "per_page": "500"}
    ]


async def test_stages_that_were_taken_away_are_left_out() -> None:
    greenhouse, replay = account()

    stages = await greenhouse.list_stages(StageQuery(job_id=("21",))).all()

    assert [one.id for one in stages] == ["41", "42"]
    assert asked(replay, "job_interview_stages")[0] == {
        "active": "true",
        "job_ids": "21",
        "per_page": "500",
    }


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


async def test_the_companys_lists_come_as_they_are() -> None:
    greenhouse, replay = account()

    assert await greenhouse.list_departments().all() == [
        Department(id="71", name="Yard", parent_id="70")
    ]
    assert (await greenhouse.list_offices().all())[0].location == Location(raw="Bremen, Germany")
    assert await greenhouse.list_users().all() == [IDA, OLE]
    assert asked(replay, "users") == [{"show_service_accounts": "true", "per_page": "500"}]
    assert await greenhouse.list_tags().all() == [
        Tag(id="131", name="Night Shift"),
        Tag(id="132", name="harbour"),
    ]
    assert (await greenhouse.list_sources().all())[1] == Source(
        id="82", name="Job fair", type="Attend events"
    )
    assert (await greenhouse.list_rejection_reasons().all())[1] == RejectionReason(
        id="62",
        text="Missing skills",
        side=RejectionSide.ORGANIZATION,
        side_source="We rejected them",
    )


async def test_custom_fields_have_options_but_not_all_schools() -> None:
    greenhouse, replay = account()

    school, colour, budget = await greenhouse.list_custom_fields(
        CustomFieldQuery(owner=(CustomFieldOwner.CANDIDATE,))
    ).all()

    assert asked(replay, "custom_fields")[0]["field_type"] == "candidate"
    assert asked(replay, "custom_field_options")[0]["custom_field_ids"] == "502"
    assert school.options is UNSET
    assert colour == CustomField(
        id="502",
        key="colour",
        label="Colour",
        type=CustomFieldType.SINGLE_SELECT,
        type_source="single_select",
        owner=CustomFieldOwner.CANDIDATE,
        owner_source="candidate",
        required=True,
        active=True,
        options=[CustomFieldOption(id="1003", label="Red")],
    )
    assert (budget.type, budget.owner) == (
        CustomFieldType.NOT_SPECIFIED, CustomFieldOwner.NOT_SPECIFIED
    )  # fmt: skip

"""Greenhouse: a small account (greenhouse/account.json, one member per table) read and written."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

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
    Candidate,
    CandidateInfo,
    CandidateModel,
    CandidateQuery,
    CandidateSearch,
    Education,
    Email,
    EmailType,
    Experience,
    Location,
    Origin,
    Phone,
    PhoneType,
    QuestionResponse,
    Rejection,
    RejectionSide,
    Source,
    Stage,
    User,
)
from tests.connectors.ats.greenhouse import TABLES, account, asked, having
from tests.connectors.ats.greenhouse_people import IDA, NOON, OLE
from tests.replay import Reply

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

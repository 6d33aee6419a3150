"""Lever's opportunities as applications, and the people behind them as candidates."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats.lever import Lever
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
    Email,
    Location,
    Origin,
    QuestionResponse,
    QuestionType,
    Rejection,
    Stage,
    User,
)
from tests.connectors.ats.lever_account import (
    DAY,
    FAIR,
    INES_PHONES,
    MILLIS,
    OLGA,
    PHONE_CALL,
    PIET,
    START,
    account,
    page,
    paths,
    rows,
    with_link,
)
from tests.replay import Reply


async def test_an_opportunity_is_an_application() -> None:
    lever, _ = account()

    ines, _ = await lever.list_applications(ApplicationQuery()).all()

    assert ines.info == ApplicationInfo(
        id="opp-1",
        status=ApplicationStatus.ACTIVE,
        status_source=None,
        candidate=Applicant(
            id="contact-ines",
            first_name="Ines",
            last_name="Vega",
            phones=INES_PHONES,
            emails=[Email(email="ines@mail.example")],
            links=["https://ines.example"],
            location=Location(raw="Bergen"),
        ),
        origin=Origin.EXTERNAL,
        origin_source="applied",
        source=FAIR,
        applied_at=START,
        updated_at=START + 2 * DAY,
        rejected_at=None,
        hired_at=None,
        job_id="posting-deck",
        job_posting_id="posting-deck",
        owner=OLGA,
        credited_to=PIET,
        is_prospect=False,
        tags=["Deckhand", "sea legs"],
        url="https://hire.lever.example/opp-1",
    )
    assert ines.current_stage == PHONE_CALL
    assert ines.rejection is None
    assert (ines.interviews, ines.offers, ines.attachments) == (UNSET, UNSET, UNSET)


async def test_the_answers_of_a_form_are_its_question_responses() -> None:
    lever, _ = account()

    ines, _ = await lever.list_applications(ApplicationQuery()).all()

    assert isinstance(ines.question_responses, list)
    assert ines.question_responses[0] == QuestionResponse(
        question_id="q1",
        question_text="Why the sea?",
        question_type=QuestionType.TEXT,
        question_type_source="textarea",
        answer=Answer(text="It is calm."),
    )
    assert [one.answer for one in ines.question_responses[1:]] == [
        Answer(selected_options=["Spanish", "Norwegian"]),
        Answer(bool_value=False),
        Answer(selected_option="Night"),
        Answer(date_value=date(2026, 1, 1)),
        Answer(number_value=Decimal("52000.5")),
        Answer(text="licence.pdf"),
        Answer(text="hello"),
        None,
    ]
    assert ines.question_responses[7].question_type is QuestionType.NOT_SPECIFIED


async def test_a_lead_is_an_application_without_a_job() -> None:
    lever, _ = account()

    _, tove = await lever.list_applications(ApplicationQuery()).all()

    assert tove == Application(
        info=ApplicationInfo(
            id="opp-2",
            status=ApplicationStatus.REJECTED,
            status_source="non-hired",
            candidate=Applicant(
                id="contact-tove",
                first_name="Tove",
                last_name=None,
                phones=[],
                emails=[],
                links=[],
                location=None,
            ),
            origin=Origin.NOT_SPECIFIED,
            origin_source="university",
            source=None,
            applied_at=START,
            updated_at=None,
            rejected_at=START + 3 * DAY,
            hired_at=None,
            job_id=None,
            job_posting_id=None,
            owner=User(id="user-gone"),
            credited_to=None,
            is_prospect=True,
            tags=[],
            url=None,
        ),
        current_stage=PHONE_CALL,
        rejection=Rejection(
            id="reason-skills",
            text="Cannot sail",
            rejected_at=START + 3 * DAY,
            stage=Stage(
                id=PHONE_CALL.id,
                text=PHONE_CALL.text,
                type=PHONE_CALL.type,
                type_source=PHONE_CALL.type_source,
                order=PHONE_CALL.order,
                entered_at=None,
            ),
            job_id=None,
        ),
        question_responses=[],
    )


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("reason-skills", ApplicationStatus.REJECTED),
        ("reason-old", ApplicationStatus.REJECTED),
        ("reason-hired", ApplicationStatus.HIRED),
        ("reason-nobody-knows", ApplicationStatus.REJECTED),
    ],
)
async def test_the_type_of_the_archive_reason_decides_the_status(
    reason: str, status: ApplicationStatus
) -> None:
    row = {**rows()[0], "archived": {"reason": reason, "archivedAt": MILLIS}}
    lever, _ = account(answers={"GET /v1/opportunities": page(row)})

    [found] = await lever.list_applications(ApplicationQuery()).all()

    assert found.info.status is status
    hired = status is ApplicationStatus.HIRED
    assert found.info.hired_at == (START if hired else None)
    assert found.info.rejected_at == (None if hired else START)
    assert (found.rejection is None) is hired


async def test_a_reason_that_is_in_no_list_stays_readable() -> None:
    row = {**rows()[0], "archived": {"reason": "reason-nobody-knows", "archivedAt": MILLIS}}
    lever, _ = account(answers={"GET /v1/opportunities": page(row)})

    [found] = await lever.list_applications(ApplicationQuery()).all()

    assert found.info.status_source == "reason-nobody-knows"
    assert found.rejection
    assert (found.rejection.id, found.rejection.text) == ("reason-nobody-knows", None)


@pytest.mark.parametrize(
    "query",
    [
        ApplicationQuery(models=(ApplicationModel.INFO,), stage_id=("stage-phone", "x")),
        ApplicationQuery(models=(ApplicationModel.INFO,), changed_stage_before=START),
        ApplicationQuery(models=(ApplicationModel.INFO,), changed_stage_after=START),
    ],
)
async def test_a_filter_by_stage_reads_the_stage_though_it_is_not_wanted(
    query: ApplicationQuery,
) -> None:
    lever, _ = account()

    found = (await lever.list_applications(query).all())[0]

    assert found.current_stage == PHONE_CALL
    assert found.question_responses == UNSET


async def test_ids_where_lever_was_asked_to_expand_are_looked_up() -> None:
    row = {**rows()[0], "stage": "stage-phone", "owner": "user-olga", "applications": ["app-1"]}
    link = rows()[0]["applications"][0]
    lever, replay = account(
        answers={
            "GET /v1/opportunities": page(row),
            "GET /opportunities/opp-1/applications": page(link),
        }
    )

    [found] = await lever.list_applications(ApplicationQuery()).all()

    assert (found.info.job_id, found.info.owner, found.current_stage) == (
        "posting-deck",
        OLGA,
        PHONE_CALL,
    )
    assert "/opportunities/opp-1/applications" in paths(replay)


async def test_sections_that_are_not_wanted_cost_no_call() -> None:
    lever, replay = account(
        answers={"GET /v1/opportunities": page({**rows()[0], "sourcedBy": None})}
    )

    [found] = await lever.list_applications(ApplicationQuery(models=(ApplicationModel.INFO,))).all()

    assert (found.current_stage, found.rejection, found.question_responses) == (UNSET,) * 3
    assert paths(replay) == ["/opportunities"]


async def test_the_token_of_the_next_page_goes_back_as_it_came() -> None:
    token = "%5B3%2C1491%2C%22x%22%5D"
    first, second = rows()
    lever, replay = account(
        answers={"GET /v1/opportunities": (page(first, following=token), page(second))}
    )

    found = await lever.list_applications(ApplicationQuery()).all()

    assert [one.info.id for one in found] == ["opp-1", "opp-2"]
    lists = [sent for sent in replay.requests if sent.url.endswith("/opportunities")]
    assert dict(lists[1].params)["offset"] == token
    assert "offset=%255B3%252C1491%252C%2522x%2522%255D" in lists[1].full_url


async def test_filters_that_lever_knows_are_pushed() -> None:
    lever, replay = account(answers={"GET /v1/tags": {"data": [{"text": "Sea Legs", "count": 1}]}})
    query = ApplicationQuery(
        updated_after=START,
        updated_before=START + DAY,
        changed_stage_after=START - DAY,
        stage_id=("stage-phone",),
        status=(ApplicationStatus.ACTIVE,),
        tag=("sea legs",),
        candidate_id=("contact-ines",),
        candidate_email=("ines@mail.example",),
    )

    pages = lever.list_applications(query)
    await pages.all()

    assert pages.applied == {
        "updated_after",
        "updated_before",
        "changed_stage_after",
        "stage_id",
        "status",
        "candidate_id",
        "candidate_email",
    }
    [sent] = [one for one in replay.sent if one.path == "/v1/opportunities"]
    assert sent.params == {
        "updated_at_start": str(MILLIS),
        "updated_at_end": str(MILLIS + 86_400_000),
        "advanced_at_start": str(MILLIS - 86_400_000),
        "stage_id": "stage-phone",
        "archived": "false",
        "contact_id": "contact-ines",
        "email": "ines@mail.example",
        "expand": "applications,owner,sourcedBy,stage",
        "tag": "Sea Legs",
        "limit": "100",
    }


async def test_what_lever_would_understand_more_narrowly_is_not_pushed() -> None:
    lever, replay = account(
        answers={"GET /v1/tags": {"data": [{"text": "Sea"}, {"text": "SEA"}], "hasNext": False}}
    )
    query = ApplicationQuery(
        created_before=START,
        changed_stage_before=START,
        stage_id=("a", "b"),
        tag=("sea",),
        status=(ApplicationStatus.HIRED,),
    )

    pages = lever.list_applications(query)
    await pages.all()

    assert pages.applied == frozenset()
    [sent] = [one for one in replay.sent if one.path == "/v1/opportunities"]
    assert sent.params.keys() == {"archived", "expand", "limit"}


async def test_a_time_of_application_narrows_the_time_of_change() -> None:
    lever, replay = account()

    pages = lever.list_applications(ApplicationQuery(created_after=START))
    await pages.all()
    await lever.list_applications(ApplicationQuery(created_after=START.replace(year=2019))).all()

    lists = [one for one in replay.sent if one.path == "/v1/opportunities"]
    assert pages.applied == frozenset()
    assert lists[0].params["updated_at_start"] == str(MILLIS)
    assert "updated_at_start" not in lists[1].params


async def test_a_job_s_archived_applications_come_after_its_open_ones() -> None:
    archived = with_link(rows()[1], archived={"reason": "reason-skills", "archivedAt": MILLIS})
    lever, _ = account(
        answers={
            "GET /opportunities?posting_id=posting-deck": page(rows()[0]),
            "GET /v1/opportunities": lambda request: (
                page(archived)
                if ("archived_posting_id", "posting-deck") in request.params
                else page(rows()[0])
            ),
        }
    )

    pages = lever.list_applications(ApplicationQuery(job_id=("posting-deck",)))

    assert [one.info.id for one in await pages.all()] == ["opp-1", "opp-2"]
    assert pages.applied == {"job_id"}


async def test_a_job_s_archived_applications_do_not_come_twice() -> None:
    archived = with_link(rows()[1], archived={"reason": "reason-skills", "archivedAt": MILLIS})
    lever, replay = account(
        answers={
            "GET /v1/opportunities": (page(archived, following="more"), page(rows()[0])),
        }
    )

    found = await lever.list_applications(ApplicationQuery(job_id=("posting-deck",))).all()

    assert [one.info.id for one in found] == ["opp-2", "opp-1"]
    assert all("archived_posting_id" not in sent.params for sent in replay.sent)


async def test_a_stale_token_says_to_start_again() -> None:
    refused = Reply({"code": "BadRequestError", "message": "Invalid offset token"}, status=400)
    lever, _ = account(answers={"GET /v1/opportunities": refused})

    with pytest.raises(kit.RequestInvalidError) as caught:
        await lever.list_applications(ApplicationQuery()).page("applied:stale")

    assert caught.value.hint.startswith("Start again")


async def test_a_record_with_a_wrong_type_is_set_aside() -> None:
    strange = {**rows()[0], "id": "opp-odd", "createdAt": {"value": 1}}
    lever, _ = account(answers={"GET /v1/opportunities": page(strange, rows()[1])})

    with travel(Trip()) as trip:
        found = await lever.list_applications(ApplicationQuery()).all()

    assert [one.info.id for one in found] == ["opp-2"]
    assert [(aside.id, aside.path) for aside in trip.set_aside] == [
        ("opp-odd", "$.data[0].createdAt")
    ]


async def test_with_requisitions_as_jobs_a_posting_stands_for_its_open_requisition() -> None:
    lever, _ = account({"jobs": "requisitions"})

    ines, tove = await lever.list_applications(ApplicationQuery()).all()

    assert (ines.info.job_id, ines.info.job_posting_id) == ("req-open", "posting-deck")
    assert tove.info.job_id is None


async def test_who_was_hired_for_a_requisition_belongs_to_that_one() -> None:
    hired = with_link(rows()[0], requisitionForHire={"id": "req-closed"})
    lever, _ = account({"jobs": "requisitions"}, answers={"GET /v1/opportunities": page(hired)})

    [found] = await lever.list_applications(ApplicationQuery()).all()

    assert found.info.job_id == "req-closed"


async def test_an_application_is_read_by_its_id() -> None:
    lever, _ = account(answers={"GET /opportunities/opp-1": {"data": rows()[0]}})

    [listed, _] = await lever.list_applications(ApplicationQuery()).all()

    assert await lever.get_application("opp-1") == listed


# Connecting.


async def test_verifying_reads_one_user() -> None:
    lever, replay = account()

    await lever.verify()

    [sent] = replay.sent
    assert (sent.path, sent.params) == ("/v1/users", {"limit": "1"})


@pytest.mark.parametrize(
    "answer",
    [
        Reply({"code": "NotFoundError", "message": "no"}, status=404),
        {"data": {"id": "user-piet", "deactivatedAt": MILLIS}},
    ],
)
async def test_verifying_tells_of_an_acting_user_who_cannot_act(answer: Any) -> None:
    lever, _ = account({"performAs": "user-piet"}, answers={"GET /users/user-piet": answer})

    with pytest.raises(kit.RequestInvalidError) as caught:
        await lever.verify()

    assert caught.value.fields[0].path == "settings.performAs"


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/opportunities/{}/notes", "notes:read:admin"),
        ("/disposition_stages", "stages:read:admin"),
        ("/contacts/{}", "contact:read:admin"),
        ("/opportunities/{}/resumes/{}/download", "resumes:read:admin"),
        ("/eeo/responses/pii", "eeo_responses_pii:read:admin"),
        ("/postings/deleted", "postings:read:admin"),
    ],
)
async def test_a_missing_permission_is_named_by_its_scope(path: str, scope: str) -> None:
    lever, _ = account()
    request = kit.Request("GET", "https://api.lever.co/v1", template=path)
    answer = kit.Answer(403, {}, b'{"code": "ForbiddenError", "message": "no"}', request)

    error = lever.refusal(answer)

    assert isinstance(error, kit.PermissionMissingError)
    assert scope in error.msg
    assert lever.message(answer) == "ForbiddenError: no"


def test_each_environment_has_its_own_addresses() -> None:
    sandbox, _ = account({"environment": "sandbox"})
    europe, _ = account({"environment": "eu"})

    ways = sandbox.authentication
    assert isinstance(ways, kit.AnyOf)
    oauth = ways.ways[0]
    assert isinstance(oauth, kit.AuthorizationCode)
    assert sandbox.addresses == ("https://api.sandbox.lever.co/v1",)
    assert oauth.audience == "https://api.sandbox.lever.co/v1/"
    assert oauth.token_url == "https://sandbox-lever.auth0.com/oauth/token"
    assert europe.addresses == ("https://api.eu.lever.co/v1",)
    assert Lever.rate_limit == kit.RateLimit(calls=10, seconds=1, burst=20)

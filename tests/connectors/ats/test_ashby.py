"""Ashby's applications: what its pages become, and what is asked of it."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from hireloom.connectors.ats.ashby import Ashby
from hireloom.kit.support import unsupported
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
    EmailType,
    Origin,
    Phone,
    PhoneType,
    QuestionResponse,
    QuestionType,
    Rejection,
    RejectionSide,
    Stage,
    StageType,
    User,
    given,
)
from tests.connectors.ats.ashby_organisation import CAREERS, RECRUITER, RINA, at, done, file, uid
from tests.replay import Replay, Reply


async def test_an_archived_application_with_its_history_and_answers() -> None:
    replay = Replay(
        {
            "POST /application.info": file("application.info.json"),
            "POST /interviewStage.list": file("stages.list.json"),
        }
    )

    application = await replay.connect(Ashby).get_application(uid("application", 1))

    assert application == Application(
        info=ApplicationInfo(
            id=uid("application", 1),
            status=ApplicationStatus.REJECTED,
            status_source="Archived",
            candidate=Applicant(
                id=uid("candidate", 1),
                first_name="Tomasz van der",
                last_name="Meer",
                phones=[
                    Phone(phone_number="+31 20 555 0101", type=PhoneType.WORK, e164="+31205550101")
                ],
                emails=[Email(email="tomasz@mail.example", type=EmailType.PERSONAL)],
            ),
            origin=Origin.EXTERNAL,
            origin_source="Inbound",
            source=CAREERS,
            applied_at=at(1, 8),
            updated_at=datetime(2026, 3, 9, 10, 30, 0, 250000, tzinfo=UTC),
            rejected_at=at(9, 10, 30),
            hired_at=None,
            job_id=uid("job", 1),
            job_posting_id=uid("posting", 1),
            owner=RECRUITER,
            credited_to=RINA,
            is_prospect=False,
            custom_fields={
                uid("field", 1): True,
                uid("field", 2): {"value": 52000, "currencyCode": "EUR"},
            },
        ),
        current_stage=Stage(
            id=uid("stage", 6),
            text="Archived",
            type=StageType.REJECTED,
            type_source="Archived",
            order=5,
            job_id=uid("job", 1),
            entered_at=at(9, 10, 30),
        ),
        rejection=Rejection(
            id=uid("reason", 1),
            text="Afraid of heights",
            side=RejectionSide.ORGANIZATION,
            side_source="RejectedByOrg",
            rejected_at=at(9, 10, 30),
            stage=Stage(
                id=uid("stage", 3),
                text="Harbour tour",
                type=StageType.INTERVIEW,
                type_source="Active",
                order=2,
                job_id=uid("job", 1),
                entered_at=at(3, 9),
            ),
            job_id=uid("job", 1),
            by=User(id=uid("user", 1)),
        ),
        question_responses=[
            response("why", "Why cranes?", "LongText", Answer(text="The view.")),
            response(
                "licence", "Which licence?", "ValueSelect", Answer(selected_option="Above 60 t")
            ),
            response(
                "harbours",
                "Where?",
                "MultiValueSelect",
                Answer(selected_options=["Rotterdam", "Oslo"]),
            ),
            response("nights", "Nights?", "Boolean", Answer(bool_value=True)),
            response("years", "Years?", "Number", Answer(number_value=Decimal("7.5"))),
            response("start", "From when?", "Date", Answer(date_value=date(2026, 5, 1))),
            response("odd", "Odd?", "Hologram", Answer(text="?")),
        ],
    )
    assert replay.sent[0].body == {
        "applicationId": uid("application", 1),
        "expand": ["applicationFormSubmissions"],
    }


def response(path: str, title: str, kind: str, answer: Answer) -> QuestionResponse:
    types = {
        "LongText": QuestionType.TEXT,
        "ValueSelect": QuestionType.SINGLE_CHOICE,
        "MultiValueSelect": QuestionType.MULTIPLE_CHOICE,
        "Boolean": QuestionType.YES_NO,
        "Number": QuestionType.NUMBER,
        "Date": QuestionType.DATE,
    }
    return QuestionResponse(
        question_id=path,
        question_text=title,
        question_type=types.get(kind, QuestionType.NOT_SPECIFIED),
        question_type_source=kind,
        answer=answer,
    )


async def test_a_list_goes_on_with_the_same_body_and_the_cursor() -> None:
    replay = Replay(
        {
            "POST /application.list": (
                file("applications.list.json"),
                file("applications.list.last.json"),
            )
        }
    )
    pages = replay.connect(Ashby).list_applications(
        ApplicationQuery(created_after=at(1), job_id=(uid("job", 1),))
    )
    trip = Trip()

    with travel(trip):
        found = [page async for page in pages]

    first = {"createdAfter": 1772323199999, "jobId": uid("job", 1), "limit": 100}
    assert [one.body for one in replay.sent] == [first, {**first, "cursor": "page-two"}]
    assert pages.applied == {"created_after", "job_id"}
    assert [page.sync_token for page in found] == [None, "sync-1"]
    assert [(one.id, one.path) for one in trip.set_aside] == [
        (uid("application", 7), "$.results[4].updatedAt")
    ]


async def test_what_became_of_an_application_is_told_by_status_and_reason() -> None:
    replay = Replay(
        {
            "POST /application.list": (
                file("applications.list.json"),
                file("applications.list.last.json"),
            )
        }
    )

    found = await replay.connect(Ashby).list_applications(ApplicationQuery()).all()

    assert [(one.info.status, one.info.status_source, one.info.is_prospect) for one in found] == [
        (ApplicationStatus.REJECTED, "Archived", False),
        (ApplicationStatus.ACTIVE, "Lead", True),
        (ApplicationStatus.HIRED, "Hired", False),
        (ApplicationStatus.WITHDRAWN, "Archived", False),
        (ApplicationStatus.ARCHIVED, "Archived", False),
        (ApplicationStatus.NOT_SPECIFIED, "Dormant", False),
    ]
    sides = [one.rejection and one.rejection.side for one in found]
    assert sides == [
        RejectionSide.ORGANIZATION,
        None,
        None,
        RejectionSide.CANDIDATE,
        RejectionSide.OTHER,
        None,
    ]


async def test_a_list_does_not_say_what_only_the_history_knows() -> None:
    replay = Replay({"POST /application.list": file("applications.list.last.json")})

    hired, withdrawn, *_ = await replay.connect(Ashby).list_applications(ApplicationQuery()).all()

    assert hired.info.hired_at is UNSET
    assert isinstance(withdrawn.current_stage, Stage)
    assert withdrawn.current_stage.entered_at is UNSET
    assert isinstance(withdrawn.rejection, Rejection)
    assert (withdrawn.rejection.stage, withdrawn.rejection.by) == (UNSET, UNSET)
    assert withdrawn.question_responses is UNSET


@pytest.mark.parametrize(
    ("statuses", "word", "applied"),
    [
        ((ApplicationStatus.HIRED,), "Hired", {"status"}),
        ((ApplicationStatus.REJECTED, ApplicationStatus.WITHDRAWN), "Archived", set()),
        ((ApplicationStatus.ACTIVE,), None, set()),
        ((ApplicationStatus.HIRED, ApplicationStatus.REJECTED), None, set()),
    ],
)
async def test_a_status_is_asked_for_where_one_word_covers_it(
    statuses: tuple[ApplicationStatus, ...], word: str | None, applied: set[str]
) -> None:
    replay = Replay({"POST /application.list": done([])})
    pages = replay.connect(Ashby).list_applications(ApplicationQuery(status=statuses))

    await pages.all()

    assert replay.sent[0].body.get("status") == word
    assert pages.applied == applied


async def test_several_jobs_are_listed_one_after_the_other() -> None:
    replay = Replay(
        {
            "POST /application.list": (
                file("applications.list.json"),
                file("applications.list.last.json"),
                done([]),
            )
        }
    )
    pages = replay.connect(Ashby).list_applications(ApplicationQuery(job_id=("j1", "j2")))

    found = await pages.all()

    asked = [(one.body["jobId"], one.body.get("cursor")) for one in replay.sent]
    assert asked == [("j1", None), ("j1", "page-two"), ("j2", None)]
    assert len(found) == 6
    assert pages.applied == {"job_id"}


async def test_the_applications_of_an_email_come_with_all_emails_of_the_candidate() -> None:
    candidate = {"id": "c", "name": "Bo", "applicationIds": ["a1", "gone"]}
    emails = [{"value": "a@x.example"}, {"value": "b@x.example", "isPrimary": True}]
    gone = Reply({"success": False, "errors": ["application_not_found"]})
    replay = Replay(
        {
            "POST /candidate.search": done([{**candidate, "emailAddresses": emails}]),
            "POST /application.info": lambda request: (
                done({"id": "a1", "status": "Active"}) if b'"a1"' in (request.body or b"") else gone
            ),
        }
    )
    pages = replay.connect(Ashby).list_applications(
        ApplicationQuery(candidate_email=("b@x.example",))
    )

    (application,) = await pages.all()

    assert isinstance(application.info.candidate, Applicant)
    assert application.info.candidate.emails == [
        Email(email="b@x.example"),
        Email(email="a@x.example"),
    ]
    assert pages.applied == {"candidate_email"}
    assert replay.sent[0].body == {"email": "b@x.example"}


async def test_a_candidate_that_is_gone_has_no_applications() -> None:
    gone = Reply({"success": False, "errors": ["candidate_not_found"]})
    replay = Replay({"POST /candidate.info": gone})
    query = ApplicationQuery(candidate_id=(uid("candidate", 9),))

    assert await replay.connect(Ashby).list_applications(query).all() == []


async def test_stage_changes_are_looked_up_only_where_they_may_fit() -> None:
    replay = Replay(
        {
            "POST /application.list": file("applications.list.json"),
            "POST /application.info": file("application.info.json"),
            "POST /interviewStage.list": file("stages.list.json"),
        }
    )
    query = ApplicationQuery(changed_stage_after=at(9))

    page = await replay.connect(Ashby).list_applications(query).page()

    stages = [one.current_stage for one in page.records]
    assert [stage.entered_at for stage in stages if isinstance(stage, Stage)] == [
        at(9, 10, 30),
        UNSET,
    ]
    assert len([one for one in replay.sent if one.path == "/application.info"]) == 1


async def test_answers_are_fetched_where_they_are_asked_for_by_name_and_a_few_at_once() -> None:
    replay = Replay(
        {
            "POST /application.list": file("applications.list.last.json"),
            "POST /application.info": file("application.info.json"),
            "POST /interviewStage.list": file("stages.list.json"),
        }
    )
    query = ApplicationQuery(models=(ApplicationModel.QUESTION_RESPONSES,))

    found = await replay.connect(Ashby).list_applications(query).all()

    assert found
    assert all(len(given(one.question_responses) or ()) == 7 for one in found)
    assert replay.sent[0].body["limit"] == 8
    asked = [one.body for one in replay.sent if one.path == "/application.info"]
    assert len(asked) == len(found)
    assert {tuple(body["expand"]) for body in asked} == {("applicationFormSubmissions",)}


async def test_answers_come_with_the_applications_of_a_candidate_too() -> None:
    replay = Replay(
        {
            "POST /candidate.info": file("candidate.info.json"),
            "POST /application.info": file("application.info.json"),
            "POST /interviewStage.list": file("stages.list.json"),
        }
    )
    models = (ApplicationModel.QUESTION_RESPONSES,)
    query = ApplicationQuery(candidate_id=(uid("candidate", 1),), models=models)

    first, _ = await replay.connect(Ashby).list_applications(query).all()

    assert len(given(first.question_responses) or ()) == 7
    assert first.info.tags == ["Silver medal"]


async def test_tagged_applications_are_found_through_the_candidates_that_carry_the_tag() -> None:
    def candidate(number: int, *tags: str) -> dict[str, object]:
        listed = [{"id": tag, "title": tag} for tag in tags]
        return {"id": f"c{number}", "tags": listed, "applicationIds": [f"a{number}"]}

    tagged = [candidate(number, "Silver Medal") for number in range(9)]
    replay = Replay(
        {
            "POST /candidate.list": done([candidate(20), *tagged, candidate(21, "Gold")]),
            "POST /application.info": lambda request: done(
                {"id": json.loads(request.body or b"")["applicationId"], "status": "Active"}
            ),
        }
    )
    pages = replay.connect(Ashby).list_applications(ApplicationQuery(tag=("silver medal",)))

    found = [page.records async for page in pages]

    assert [[one.info.id for one in page] for page in found] == [
        [f"a{number}" for number in range(8)],
        ["a8"],
    ]
    assert found[0][0].info.tags == ["Silver Medal"]
    assert (pages.applied, replay.sent[0].body) == (frozenset(), {"limit": 100})
    assert "info.tags" not in unsupported(Ashby, Application)


async def test_a_list_says_nothing_of_tags_where_nobody_asks_for_them() -> None:
    replay = Replay({"POST /application.list": file("applications.list.last.json")})

    found = await replay.connect(Ashby).list_applications(ApplicationQuery()).all()

    assert {one.info.tags for one in found} == {UNSET}
    assert len(replay.sent) == 1

"""Greenhouse: scores as scorecards and in custom fields, and what is confirmed of them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats._greenhouse_records import CustomValue
from hireloom.connectors.ats._greenhouse_scores import holds
from hireloom.connectors.ats.greenhouse import Greenhouse
from hireloom.kit.rehearsal import Rehearsal
from hireloom.kit.score_fields import FieldValue
from hireloom.models import (
    AssessmentNamed,
    AssessmentStatus,
    CustomField,
    CustomFieldOption,
    CustomFieldType,
    Evaluator,
    Verdict,
    WrittenScore,
)
from tests.connectors.ats.greenhouse import TABLES, account, asked, having
from tests.connectors.ats.greenhouse.paper import ALL, TEXT, paper
from tests.replay import Replay, Reply, Sent, sent

SLOTS = [
    {"id": 454, "name": "Seam  Test", "job_id": 21, "sort_order": 2, "active": True},
    {"id": 455, "name": "seam test", "job_id": 21, "sort_order": 1, "active": False},
    {"id": 456, "name": "Welding", "job_id": 21, "sort_order": 0, "active": True},
    {"id": 457, "name": "Seam test", "job_id": 22, "sort_order": 0, "active": True},
]
KITS = [
    {"id": 1, "job_id": 21, "job_interview_id": 456},
    {"id": 2, "job_id": 21, "job_interview_id": 454},
    {"id": 3, "job_id": 22, "job_interview_id": 457},
]
QUESTIONS = [
    {"id": 331, "interview_kit_id": 2, "question": "<p><b>TIG</b>?</p>", "answer_type": "text"},
    {"id": 332, "interview_kit_id": 2, "question": "Own helmet?", "answer_type": "yes_no"},
    {"id": 333, "interview_kit_id": 2, "question": "Result", "answer_type": "yes_no"},
    {"id": 334, "interview_kit_id": 2, "question": "Overall score", "answer_type": "single_select"},
    {"id": 335, "interview_kit_id": 2, "question": "Result", "answer_type": "multi_select"},
    {"id": 336, "interview_kit_id": 2, "question": "MIG", "answer_type": "text", "active": False},
    {"id": 337, "interview_kit_id": 2, "question": "Shoe size", "answer_type": "text"},
    {"id": 338, "interview_kit_id": 2, "question": "MIG", "answer_type": "yes_no"},
    {"id": 339, "interview_kit_id": 1, "question": "TIG", "answer_type": "text"},
]
CHOICES = [
    {"id": 71, "scorecard_question_id": 334, "name": "80", "active": True},
    {"id": 72, "scorecard_question_id": 334, "name": "81", "active": True},
    {"id": 73, "scorecard_question_id": 335, "name": "Pass", "active": True},
    {"id": 74, "scorecard_question_id": 335, "name": "Fail", "active": True},
]


def made(request: kit.Request) -> Reply:
    """The scorecard as it was sent."""
    return Reply({"id": 302, **sent(request).body}, status=201)


def hiring(changed: dict[str, Any] | None = None) -> tuple[Greenhouse, Replay]:
    """An account whose job 21 has plans for seam tests."""
    return account(
        {
            "GET /v3/job_interviews": SLOTS,
            "GET /v3/interview_kits": KITS,
            "GET /v3/scorecard_questions": [],
            "POST /v3/scorecards": made,
            **(changed or {}),
        }
    )


# Scorecards.


async def test_a_score_is_a_complete_scorecard_of_the_interview_called_like_the_test() -> None:
    greenhouse, replay = hiring()

    written = await greenhouse.create_scorecard(paper())

    assert replay.writes == [
        Sent(
            "POST",
            "/v3/scorecards",
            {},
            {
                "application_id": 701,
                "interview_kit_id": 2,
                "interviewer_id": 11,
                "submitter_id": 11,
                "interviewed_at": "2026-05-04T09:30:00.000Z",
                "candidate_rating": "yes",
                "notes": TEXT,
                "status": "complete",
            },
        )
    ]
    assert written == WrittenScore(remote_id="302", url=None, fields_written=ALL)


@pytest.mark.parametrize(
    ("name", "interview_kit"),
    [("Numeracy", 1), ("WELDING", 1), ("Seamtest", 2)],
    ids=["by the type", "by the name", "spaces do not count"],
)
async def test_the_interview_may_be_called_like_the_type(name: str, interview_kit: int) -> None:
    greenhouse, replay = hiring()
    test = AssessmentNamed(name=name, type="welding")

    await greenhouse.create_scorecard(paper({"assessment": test}))

    assert replay.writes[0].body["interview_kit_id"] == interview_kit


async def test_the_application_is_asked_for_the_job_that_nobody_named() -> None:
    greenhouse, replay = hiring({"GET /v3/applications": [TABLES["applications"][1]]})

    await greenhouse.create_scorecard(paper(job_id=None))

    assert asked(replay, "applications")[0]["ids"] == "701"
    assert replay.writes[0].body["interview_kit_id"] == 2


@pytest.mark.parametrize(
    ("tables", "changed", "reason"),
    [
        ({"GET /v3/job_interviews": SLOTS[3:]}, {}, "called “Seam test” or “welding”"),
        ({"GET /v3/interview_kits": KITS[:1]}, {}, "has no interview kit"),
        ({}, {"application_id": None}, "hangs on an application"),
        ({}, {"form_id": "the welding form"}, "no interview kit's id"),
        (
            {"GET /v3/applications": having("applications", 701, job_id=None)[1:2]},
            {"job_id": None},
            "for no job",
        ),
    ],
    ids=["no interview", "no kit", "no application", "no number", "no job"],
)
async def test_without_a_place_nothing_is_written(
    tables: dict[str, Any], changed: dict[str, Any], reason: str
) -> None:
    greenhouse, replay = hiring(tables)

    with pytest.raises(kit.NoPlaceError, match=reason):
        await greenhouse.create_scorecard(paper(**changed))

    assert replay.writes == []


async def test_a_test_that_is_not_finished_makes_no_scorecard() -> None:
    greenhouse, replay = hiring()
    started = paper({"status": AssessmentStatus.STARTED})

    with pytest.raises(kit.NoPlaceError, match="not finished"):
        await greenhouse.create_scorecard(started)

    assert replay.writes == []


async def test_a_test_without_a_time_was_taken_now() -> None:
    greenhouse, replay = hiring()
    before = datetime.now(UTC) - timedelta(milliseconds=1)

    await greenhouse.create_scorecard(paper({"completed_at": None}))

    said = datetime.fromisoformat(replay.writes[0].body["interviewed_at"])
    assert before <= said <= datetime.now(UTC)


async def test_a_kit_that_is_laid_down_is_taken_without_looking_at_the_plan() -> None:
    greenhouse, replay = hiring()

    await greenhouse.create_scorecard(paper(form_id="7"))

    assert replay.writes[0].body["interview_kit_id"] == 7
    assert asked(replay, "job_interviews") == []


async def test_kits_are_read_whole_where_they_cannot_be_asked_for_by_job() -> None:
    def kits(request: kit.Request) -> Reply:
        by_job = "job_ids" in sent(request).params
        return Reply({"errors": ["Unknown"]}, status=422) if by_job else Reply(KITS)

    greenhouse, replay = hiring({"GET /v3/interview_kits": kits})

    await greenhouse.create_scorecard(paper())

    assert replay.writes[0].body["interview_kit_id"] == 2


@pytest.mark.parametrize(
    ("evaluator", "user"),
    [
        (Evaluator(id="11"), 11),
        (Evaluator(id="rec-7", email="IDA.MOOR@weser.example"), 11),
        ("ida.moor@weser.example", 11),
        (Evaluator(id="12"), 99),
        ("Ida Moor", 99),
        (Evaluator(email="stranger@weser.example"), 99),
        (None, 99),
    ],
    ids=["id", "e-mail", "text", "deactivated", "a mere name", "a stranger", "nobody"],
)
async def test_the_author_is_the_evaluator_or_else_whom_the_credentials_act_as(
    evaluator: Any, user: int
) -> None:
    greenhouse, replay = hiring()
    replay.fields = {"userId": "99"}

    await greenhouse.create_scorecard(paper({"evaluator": evaluator}))

    body = replay.writes[0].body
    assert (body["interviewer_id"], body["submitter_id"]) == (user, user)


async def test_users_that_may_not_be_read_are_no_obstacle() -> None:
    greenhouse, replay = hiring({"GET /v3/users": Reply({"errors": ["no"]}, status=403)})
    replay.fields = {"userId": "99"}

    await greenhouse.create_scorecard(paper())

    assert replay.writes[0].body["submitter_id"] == 99


async def test_without_an_author_it_is_said_what_to_set() -> None:
    greenhouse, replay = hiring()

    with pytest.raises(kit.NoPlaceError, match="connect the account with a User ID"):
        await greenhouse.create_scorecard(paper({"evaluator": "Ida Moor"}))

    assert replay.writes == []


@pytest.mark.parametrize(
    ("result", "rating"),
    [
        (Verdict.PASS, "yes"),
        (Verdict.FAIL, "no"),
        (Verdict.REVIEW, "no_decision"),
        (Verdict.NOT_SPECIFIED, "no_decision"),
    ],
)
async def test_the_result_becomes_a_rating(result: Verdict, rating: str) -> None:
    greenhouse, replay = hiring()

    await greenhouse.create_scorecard(paper({"result": result}))

    assert replay.writes[0].body["candidate_rating"] == rating


async def test_what_the_scorecard_does_not_show_was_not_written() -> None:
    cut = {"id": 302, "notes": TEXT.partition("TIG")[0], "candidate_rating": "yes"}
    greenhouse, _ = hiring({"POST /v3/scorecards": Reply(cut, status=201)})

    written = await greenhouse.create_scorecard(paper())

    assert written.fields_written == ["assessment", "completedAt", "score", "result"]
    assert {one.field for one in written.fields_dropped} == set(ALL) - set(written.fields_written)


@pytest.mark.parametrize(
    ("listed", "fields"),
    [
        ([{"id": 302, "notes": TEXT, "candidate_rating": "no_decision"}], ALL),
        ([{"id": 303, "notes": TEXT, "candidate_rating": "yes"}], []),
        (Reply({"errors": ["no"]}, status=403), []),
    ],
    ids=["read again", "somebody else's", "may not be read"],
)
async def test_an_answer_without_the_text_is_looked_at_again(
    listed: Any, fields: list[str]
) -> None:
    greenhouse, replay = hiring(
        {"POST /v3/scorecards": Reply({"id": 302}, status=201), "GET /v3/scorecards": listed}
    )

    written = await greenhouse.create_scorecard(paper())

    assert asked(replay, "scorecards")[-1] == {"ids": "302"}
    assert (written.remote_id, written.fields_written) == ("302", fields)


async def test_questions_that_name_a_part_of_the_score_are_answered() -> None:
    greenhouse, replay = hiring(
        {
            "GET /v3/scorecard_questions": QUESTIONS,
            "GET /v3/scorecard_question_options": CHOICES,
        }
    )

    await greenhouse.create_scorecard(paper())

    assert replay.writes[0].body["question_answers"] == [
        {"scorecard_question_id": 331, "value": "18/20 – steady"},
        {"scorecard_question_id": 332, "value": True},
        {"scorecard_question_id": 333, "value": True},
        {"scorecard_question_id": 334, "value": 72},
        {"scorecard_question_id": 335, "value": [73]},
    ]


async def test_questions_that_may_not_be_read_are_left_out() -> None:
    refused = Reply({"errors": ["no"]}, status=403)
    greenhouse, replay = hiring({"GET /v3/scorecard_questions": refused})

    written = await greenhouse.create_scorecard(paper())

    assert "question_answers" not in replay.writes[0].body
    assert written.fields_written == ALL


async def test_a_rehearsed_scorecard_confirms_nothing() -> None:
    _, replay = hiring()
    rehearsal = Rehearsal(replay)

    written = await Greenhouse(rehearsal).create_scorecard(paper())

    assert [one.template for one in rehearsal.writes] == ["/scorecards"]
    assert written.fields_written == []


# Custom fields.

FIELDS = [
    {"id": 601, "name": "Score", "name_key": "score", "value_type": "number"},
    {"id": 602, "name": "Verdict", "name_key": "verdict", "value_type": "single_select"},
    {"id": 603, "name": "Seam test report", "name_key": "report", "value_type": "url"},
    {"id": 604, "name": "Marks", "name_key": "marks", "value_type": "multi_select"},
    {"id": 605, "name": "Old", "name_key": "old", "value_type": "url", "active": False},
]
OPTIONS = [
    {"id": 1011, "custom_field_id": 602, "name": "Pass"},
    {"id": 1012, "custom_field_id": 602, "name": "Fail"},
    {"id": 1013, "custom_field_id": 604, "name": "good"},
]
LAID_DOWN = {"score": "601", "result": "602", "reportUrl": "report", "score.label": "604"}
BEFORE = {
    "colour": {"type": "single_select", "value": "Red"},
    "score": {"type": "number", "value": "12.0"},
}
AFTER = {
    "colour": {"type": "single_select", "value": "Red"},
    "score": {"type": "number", "value": "81.0"},
    "verdict": {"type": "single_select", "value": "Pass"},
    "report": {"type": "url", "value": "https://tests.example/r/9"},
    "marks": {"type": "multi_select", "value": ["good"]},
}
ITEMS = [
    {"custom_field_id": 601, "value": 81},
    {"custom_field_id": 602, "value": 1011},
    {"custom_field_id": 603, "value": "https://tests.example/r/9"},
    {"custom_field_id": 604, "value": [1013]},
]


def with_fields(owner: str, changed: dict[str, Any] | None = None) -> tuple[Greenhouse, Replay]:
    """An account whose applications, or candidates, have the fields."""

    def fields(request: kit.Request) -> list[dict[str, Any]]:
        return [{"active": True, **one, "field_type": owner} for one in FIELDS]

    return account(
        {
            "GET /v3/custom_fields": fields,
            "GET /v3/custom_field_options": OPTIONS,
            "GET /v3/applications": [{"id": 701, "candidate_id": 51, "custom_fields": AFTER}],
            "GET /v3/candidates": (
                [{"id": 51, "custom_fields": BEFORE}],
                [{"id": 51, "custom_fields": AFTER}],
            ),
            "PATCH /v3/applications/701": Reply({"id": 701}),
            "PATCH /v3/candidates/51": Reply({"id": 51}),
            **(changed or {}),
        }
    )


async def test_an_application_s_fields_take_what_is_laid_down_for_them() -> None:
    greenhouse, replay = with_fields("application")

    written = await greenhouse.update_score_fields(paper(custom_fields=LAID_DOWN))

    assert replay.writes == [
        Sent("PATCH", "/v3/applications/701", {}, {"custom_fields": ITEMS}),
    ]
    assert written.remote_id == "701"
    assert written.fields_written == ["score", "result", "reportUrl"]
    assert "score.percentile" in {one.field for one in written.fields_dropped}
    assert "score.label" not in {one.field for one in written.fields_dropped}


async def test_a_value_that_did_not_stay_was_not_written() -> None:
    kept = {**AFTER, "score": {"type": "number", "value": "12.0"}, "report": {"value": None}}
    greenhouse, _ = with_fields(
        "application", {"GET /v3/applications": [{"id": 701, "custom_fields": kept}]}
    )

    written = await greenhouse.update_score_fields(paper(custom_fields=LAID_DOWN))

    assert written.fields_written == ["result"]


async def test_a_candidate_s_value_that_did_not_stay_was_not_written() -> None:
    greenhouse, _ = with_fields(
        "candidate", {"GET /v3/candidates": [{"id": 51, "custom_fields": BEFORE}]}
    )

    written = await greenhouse.update_score_fields(paper(custom_fields=LAID_DOWN))

    assert written.fields_written == []


@pytest.mark.parametrize(
    "listed",
    [Reply({"errors": ["no"]}, status=403), [{"id": 702, "custom_fields": AFTER}], []],
    ids=["forbidden", "somebody else's", "gone"],
)
async def test_values_that_cannot_be_read_again_are_not_confirmed(listed: Any) -> None:
    greenhouse, _ = with_fields("application", {"GET /v3/applications": listed})

    written = await greenhouse.update_score_fields(paper(custom_fields=LAID_DOWN))

    assert written.fields_written == []


@pytest.mark.parametrize(
    "changed",
    [{"application_id": None}, {}, {"candidate_id": None}],
    ids=["no application", "fields of candidates", "the application says whose it is"],
)
async def test_a_candidate_s_fields_are_taken_where_the_application_has_none(
    changed: dict[str, Any],
) -> None:
    greenhouse, replay = with_fields("candidate")

    written = await greenhouse.update_score_fields(paper(custom_fields=LAID_DOWN, **changed))

    kept = {"name_key": "colour", "value": "Red"}
    assert replay.writes == [
        Sent("PATCH", "/v3/candidates/51", {}, {"custom_fields": [kept, *ITEMS]}),
    ]
    assert (written.remote_id, written.fields_written) == ("51", ["score", "result", "reportUrl"])


async def test_a_field_is_found_by_its_name_where_the_caller_wants_that() -> None:
    greenhouse, replay = with_fields("application")

    written = await greenhouse.update_score_fields(paper(by_name=True))

    assert replay.writes[0].body == {"custom_fields": [ITEMS[2]]}
    assert written.fields_written == ["reportUrl"]


@pytest.mark.parametrize("laid_down", [{}, {"score": "999"}, {"reportUrl": "605"}])
async def test_where_no_field_suits_nothing_is_written(laid_down: dict[str, str]) -> None:
    greenhouse, replay = with_fields("application")

    with pytest.raises(kit.NoPlaceError):
        await greenhouse.update_score_fields(paper(custom_fields=laid_down))

    assert replay.writes == []


@pytest.mark.parametrize(
    ("status", "error"), [(403, kit.PermissionMissingError), (422, kit.RejectedError)]
)
async def test_a_plan_without_fields_of_applications_is_an_ordinary_refusal(
    status: int, error: type[kit.HireloomError]
) -> None:
    refused = Reply({"errors": ["Enterprise only"]}, status=status)
    greenhouse, _ = with_fields("application", {"PATCH /v3/applications/701": refused})

    with pytest.raises(error):
        await greenhouse.update_score_fields(paper(custom_fields=LAID_DOWN))


def a_field(kind: CustomFieldType) -> CustomField:
    options = [CustomFieldOption(id="5", label="Pass")]
    return CustomField(id="1", key="it", label="It", type=kind, options=options)


@pytest.mark.parametrize(
    ("kind", "wanted", "held", "same"),
    [
        (CustomFieldType.NUMBER, 81, "81.0", True),
        (CustomFieldType.NUMBER, 81, 81, True),
        (CustomFieldType.NUMBER, 81, "18", False),
        (CustomFieldType.NUMBER, 81, "many", False),
        (CustomFieldType.BOOLEAN, True, True, True),
        (CustomFieldType.BOOLEAN, False, "No", True),
        (CustomFieldType.BOOLEAN, False, True, False),
        (CustomFieldType.DATE, "2026-05-04", "2026-05-04T00:00:00.000Z", True),
        (CustomFieldType.DATE, "2026-05-04", "2026-05-05", False),
        (CustomFieldType.LONG_TEXT, "a\n\nb", "a\nb", True),
        (CustomFieldType.LONG_TEXT, "a b c", "a b", False),
        (CustomFieldType.LONG_TEXT, "a\nb", "<p>a</p><p>b</p>", True),
        (CustomFieldType.LONG_TEXT, "a < b", "a < b", True),
        (CustomFieldType.TEXT, "2026-05-04", "2026-05-04 or so", False),
        (CustomFieldType.SINGLE_SELECT, "Pass", "Pass", True),
        (CustomFieldType.SINGLE_SELECT, "Pass", 5, True),
        (CustomFieldType.SINGLE_SELECT, "Pass", "Fail", False),
        (CustomFieldType.MULTI_SELECT, "Pass", ["Pass", "Fail"], False),
        (CustomFieldType.MULTI_SELECT, "Pass", [5], True),
        (CustomFieldType.URL, "https://a.example/1", None, False),
    ],
)
def test_a_value_is_compared_as_greenhouse_shows_it(
    kind: CustomFieldType, wanted: Any, held: Any, same: bool
) -> None:
    is_select = kind in (CustomFieldType.SINGLE_SELECT, CustomFieldType.MULTI_SELECT)
    value = FieldValue(a_field(kind), "result", wanted, "5" if is_select else None)

    assert holds({"it": CustomValue(value=held)}, value) is same
    assert not holds({"other": CustomValue(value=held)}, value)


# What is not there in every account.


@pytest.mark.parametrize(
    ("table", "scope", "call"),
    [
        (
            "POST /v3/scorecards",
            "harvest:scorecards:create",
            lambda one: one.create_scorecard(paper()),
        ),
        (
            "GET /v3/interview_kits",
            "harvest:interview_kits:list",
            lambda one: one.create_scorecard(paper()),
        ),
        (
            "GET /v3/custom_fields",
            "harvest:custom_fields:list",
            lambda one: one.update_score_fields(paper(custom_fields=LAID_DOWN)),
        ),
    ],
)
async def test_a_missing_scope_is_named(
    table: str, scope: str, call: Callable[[Greenhouse], Any]
) -> None:
    greenhouse, _ = hiring({table: Reply({"errors": ["no"]}, status=403)})

    with pytest.raises(kit.PermissionMissingError, match=scope):
        await call(greenhouse)

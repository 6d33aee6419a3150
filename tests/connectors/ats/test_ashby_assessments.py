"""Results that go to Ashby's assessments: the exact calls, and what counts as written."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats._ashby_assessments import slug
from hireloom.connectors.ats.ashby import Ashby
from hireloom.kit.rehearsal import Rehearsal
from hireloom.models import (
    AssessmentNamed,
    AssessmentStatus,
    BreakdownPart,
    Evaluator,
    Points,
    ScoreAttribute,
    ScoreChannel,
    ScoreDraft,
    Verdict,
)
from tests.connectors.ats.ashby_organisation import done, refused
from tests.connectors.ats.ashby_papers import REPORT, altered, bare, paper, reasons
from tests.replay import Replay, Sent, sent

UNCONFIRMED = "Ashby did not confirm it"
ORDER = kit.OpenOrder(id="order-1", package_id="sailing")
UPDATE = "POST /assessment.update"
ADD = "POST /assessment.addCompletedToCandidate"
PARTNER = {"partnerId": "partner-9"}


def echoed(request: kit.Request) -> Any:
    return done(sent(request).body)


def string(identifier: str, label: str, value: str) -> dict[str, Any]:
    return {"identifier": identifier, "label": label, "type": "string", "value": value}


async def update(score: ScoreDraft, answer: Any = echoed) -> tuple[dict[str, Any], Any]:
    replay = Replay({UPDATE: answer})
    written = await replay.connect(Ashby).create_assessment_result(paper(score), ORDER)
    return only(replay).body, written


def only(replay: Replay) -> Sent:
    (call,) = replay.sent
    return call


async def test_an_order_gets_its_result_with_every_field_of_the_score() -> None:
    body, written = await update(altered())

    assert body.pop("timestamp") > 1_700_000_000_000
    assert body == {
        "assessment_id": "order-1",
        "assessment_status": string("assessment_status", "Status", "Completed"),
        "assessment_result": {
            "identifier": "assessment_result",
            "label": "Score",
            "description": "89/100",
            "type": "numeric_score",
            "value": 89,
        },
        "assessment_profile_url": {
            "identifier": "assessment_profile_url",
            "label": "Report",
            "type": "url",
            "value": REPORT,
        },
        "metadata": [
            string("assessment", "Assessment", "Sailing Test"),
            string("score_label", "Score label", "Strong"),
            {
                "identifier": "percentile",
                "label": "Percentile",
                "type": "numeric_score",
                "value": 92.5,
            },
            {
                "identifier": "knots",
                "label": "Knots",
                "description": "8/10 – Quick hands",
                "type": "numeric_score",
                "value": 8,
            },
            {
                "identifier": "balance",
                "label": "Balance",
                "description": "3/4 (from 1)",
                "type": "numeric_score",
                "value": 3,
            },
            {
                "identifier": "result",
                "label": "Result",
                "type": "boolean_success",
                "value": True,
            },
            {
                "identifier": "completed_at",
                "label": "Completed",
                "type": "numeric_timestamp_milliseconds",
                "value": 1775034000000,
            },
            string("evaluator", "Evaluator", "Olav Berg (olav@harbor.example)"),
            string("notes", "Notes", "Kept calm\nin a storm."),
            string("boat", "Boat", "Dinghy"),
        ],
    }
    assert (written.remote_id, written.fields_dropped) == ("order-1", [])
    assert written.fields_written == list(paper().given)


@pytest.mark.parametrize(
    ("score", "result"),
    [
        (bare(result=Verdict.FAIL), ("boolean_success", False)),
        (bare(result=Verdict.REVIEW), ("string", "REVIEW")),
        (bare(notes="Well done"), ("string", "Completed")),
        (bare(result=Verdict.PASS, score=Points(value=4.5, max=5)), ("numeric_score", 4.5)),
    ],
)
async def test_a_test_is_completed_by_its_score_or_else_by_what_came_out(
    score: ScoreDraft, result: tuple[str, Any]
) -> None:
    body, written = await update(score)

    assert (body["assessment_result"]["type"], body["assessment_result"]["value"]) == result
    assert written.fields_written == list(paper(score).given)


async def test_two_parts_of_one_name_stay_two() -> None:
    score = bare(
        breakdown=(
            BreakdownPart(label="Notes", value=1, max=2),
            BreakdownPart(label="Café", value=1, max=2),
            BreakdownPart(label="Cafe!", value=2, max=2),
            BreakdownPart(label="結び目", value=2, max=2),
        ),
        notes="Calm",
        attributes=(ScoreAttribute(label="Assessment result", value=7.0),),
    )

    body, _ = await update(score)

    names = [one["identifier"] for one in body["metadata"]]
    assert names == [
        "assessment",
        "notes",
        "cafe",
        "cafe_2",
        "part",
        "notes_2",
        "assessment_result_2",
    ]
    assert body["metadata"][-1]["value"] == "7"


def test_an_identifier_has_latin_letters_and_digits() -> None:
    assert slug("  Problem-Solving (2) ") == "problem_solving_2"


@pytest.mark.parametrize("status", [AssessmentStatus.STARTED, AssessmentStatus.IN_PROGRESS])
async def test_a_test_under_way_gets_no_result_since_that_would_complete_it(
    status: AssessmentStatus,
) -> None:
    body, written = await update(altered(status=status))

    assert set(body) == {"assessment_id", "timestamp", "assessment_status"}
    assert written.fields_written == ["status"]
    assert set(reasons(written)) == set(paper(altered()).given)


@pytest.mark.parametrize(
    ("score", "reason", "fields"),
    [
        (bare(status=AssessmentStatus.EXPIRED), "Expired", ["status"]),
        (bare(status=AssessmentStatus.CANCELLED, notes="Ill"), "Ill", ["status", "notes"]),
    ],
)
async def test_a_test_that_was_given_up_says_why(
    score: ScoreDraft, reason: str, fields: list[str]
) -> None:
    body, written = await update(score)

    assert body["cancelled_reason"] == string("cancelled_reason", "Reason", reason)
    assert "assessment_result" not in body
    assert written.fields_written == fields


async def test_an_update_is_later_than_the_one_before_and_than_now() -> None:
    ahead = 9_999_999_999_999
    replay = Replay({UPDATE: done({})})
    ashby = replay.connect(Ashby)
    before = kit.to_millis(datetime.now(UTC)) or 0

    await ashby.create_assessment_result(
        paper(), kit.OpenOrder(id="o", package_id="p", after=ahead)
    )
    await ashby.create_assessment_result(paper(), kit.OpenOrder(id="o", package_id="p", after=5))

    first, second = (one.body["timestamp"] for one in replay.sent)
    assert first == ahead + 1
    assert before <= second <= (kit.to_millis(datetime.now(UTC)) or 0)


# What counts.


@pytest.mark.parametrize(
    "answer", [{"success": True}, done({}), done({"assessment_id": "order-1"})]
)
async def test_an_answer_that_says_only_success_took_the_whole_call(answer: Any) -> None:
    _, written = await update(altered(), answer)

    assert written.fields_written == list(paper().given)
    assert written.fields_dropped == []


async def test_what_the_answer_does_not_show_is_not_written() -> None:
    def some(request: kit.Request) -> Any:
        body = sent(request).body
        kept = [one for one in body["metadata"] if one["identifier"] in {"knots", "notes"}]
        result = {**body["assessment_result"], "value": 89.0}
        return done({"assessment": {"assessment_result": result, "metadata": kept}})

    _, written = await update(altered(), some)

    assert written.fields_written == ["score", "notes"]
    assert reasons(written) == dict.fromkeys(
        (
            "assessment",
            "completedAt",
            "breakdown",
            "result",
            "reportUrl",
            "evaluator",
            "attributes",
            "score.label",
            "score.percentile",
        ),
        UNCONFIRMED,
    )


async def test_what_ashby_holds_otherwise_than_it_was_sent_is_not_written() -> None:
    def cut(request: kit.Request) -> Any:
        body = sent(request).body
        for one in body["metadata"]:
            if one["identifier"] == "notes":
                one["value"] = one["value"][:4]
        body["assessment_result"]["value"] = 8.9
        return done(body)

    _, written = await update(altered(), cut)

    assert reasons(written) == {"score": UNCONFIRMED, "notes": UNCONFIRMED}


async def test_a_number_without_its_scale_is_said_to_lack_it() -> None:
    def bald(request: kit.Request) -> Any:
        body = sent(request).body
        for one in (body["assessment_result"], *body["metadata"]):
            one.pop("description", None)
        return done(body)

    _, written = await update(altered(), bald)

    assert written.fields_written == list(paper().given)
    assert reasons(written) == dict.fromkeys(
        ("breakdown.max", "breakdown.note", "score.max"), UNCONFIRMED
    )


async def test_members_that_are_echoed_as_bare_values_count() -> None:
    score = bare(score=Points(value=3, max=5), report_url=REPORT)
    answer = done({"assessment_result": 3, "assessment_profile_url": REPORT})

    _, written = await update(score, answer)

    assert written.fields_written == ["score", "reportUrl"]


async def test_a_refusal_is_no_result() -> None:
    replay = Replay({UPDATE: refused("missing_endpoint_permission", 403)})

    with pytest.raises(kit.PermissionMissingError):
        await replay.connect(Ashby).create_assessment_result(paper(), ORDER)

    assert len(replay.sent) == 1


async def test_a_dry_run_sends_nothing_and_counts_what_it_would_send() -> None:
    rehearsal = Rehearsal(Replay({}))

    written = await Ashby(rehearsal).create_assessment_result(paper(), ORDER)

    assert [one.template for one in rehearsal.writes] == ["/assessment.update"]
    assert written.fields_dropped == []


# Without an order.


async def test_a_finished_test_that_nobody_ordered_is_filed_by_a_partner() -> None:
    replay = Replay({ADD: echoed})
    score = altered(
        assessment=AssessmentNamed(name="Sailing Test", id="sailing"), external_id="mine-1"
    )

    written = await replay.connect(Ashby, PARTNER).create_assessment_result(paper(score), None)

    body = only(replay).body
    assert (body["candidateId"], body["partnerId"]) == ("cand", "partner-9")
    assert body["timestamp"] > 1_700_000_000_000
    assessment = body["assessment"]
    assert (assessment["assessmentTypeId"], assessment["assessmentId"]) == ("sailing", "mine-1")
    assert assessment["assessmentName"] == "Sailing Test"
    assert assessment["result"]["value"] == 89
    assert REPORT in [one["value"] for one in assessment["metadata"]]
    assert (written.remote_id, written.fields_dropped) == ("mine-1", [])
    assert written.fields_written == list(paper(score).given)


async def test_a_name_that_ashby_does_not_show_is_not_written() -> None:
    def unnamed(request: kit.Request) -> Any:
        assessment = sent(request).body["assessment"]
        return done({"assessment": {**assessment, "assessmentName": "Another"}})

    replay = Replay({ADD: unnamed})

    written = await replay.connect(Ashby, PARTNER).create_assessment_result(paper(), None)

    assert reasons(written) == {"assessment": UNCONFIRMED}


async def test_the_candidate_of_a_test_is_found_by_the_application() -> None:
    replay = Replay(
        {
            "POST /application.info": done({"id": "app", "candidate": {"id": "found"}}),
            ADD: {"success": True},
        }
    )
    wanted = paper(altered(candidate_id=None))

    written = await replay.connect(Ashby, PARTNER).create_assessment_result(wanted, None)

    (write,) = replay.writes
    assert write.body["candidateId"] == "found"
    assert write.body["assessment"]["assessmentTypeId"] == "sailing_test"
    assert write.body["assessment"]["assessmentId"] == written.remote_id


@pytest.mark.parametrize(
    ("settings", "score"),
    [
        ({}, altered()),
        (PARTNER, altered(status=AssessmentStatus.IN_PROGRESS)),
        (PARTNER, altered(candidate_id=None, application_id=None)),
    ],
)
async def test_without_a_place_for_it_nothing_is_sent(
    settings: dict[str, str], score: ScoreDraft
) -> None:
    replay = Replay({})

    with pytest.raises(kit.NoPlaceError):
        await replay.connect(Ashby, settings).create_assessment_result(paper(score), None)

    assert replay.sent == []


async def test_a_correction_goes_to_the_assessment_that_is_there() -> None:
    replay = Replay({UPDATE: echoed})
    before = kit.Place(channel=ScoreChannel.NATIVE_ASSESSMENT, remote_id="mine-1")

    written = await replay.connect(Ashby, PARTNER).create_assessment_result(
        paper(previous=before), None
    )

    assert only(replay).body["assessment_id"] == written.remote_id == "mine-1"


async def test_an_order_is_cancelled_with_its_reason() -> None:
    replay = Replay({UPDATE: done({})})
    order = kit.OpenOrder(id="order-1", package_id="p", after=9_999_999_999_999)

    await replay.connect(Ashby).cancel_assessment_order(order, "No longer offered")

    assert only(replay).body == {
        "assessment_id": "order-1",
        "timestamp": 10_000_000_000_000,
        "cancelled_reason": string("cancelled_reason", "Reason", "No longer offered"),
    }


@pytest.mark.parametrize(
    ("evaluator", "text"),
    [
        ("Olav", "Olav"),
        (Evaluator(name="Olav"), "Olav"),
        (Evaluator(email="o@x.example"), "o@x.example"),
        (Evaluator(id="u7"), "u7"),
    ],
)
async def test_an_evaluator_is_named_as_far_as_known(evaluator: str | Evaluator, text: str) -> None:
    body, _ = await update(bare(evaluator=evaluator))

    assert string("evaluator", "Evaluator", text) in body["metadata"]

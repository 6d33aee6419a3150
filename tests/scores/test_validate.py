"""What is wrong with a score, in words for a person."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from hireloom.errors import FieldProblem, RequestInvalidError
from hireloom.models import (
    BreakdownPart,
    Points,
    ScoreAttribute,
    ScoreChannel,
    ScoreDraft,
    Verdict,
)
from hireloom.models.drafts import FileDraft
from hireloom.models.score import AssessmentNamed, AssessmentStatus, Evaluator
from hireloom.scores.example import EXAMPLE
from hireloom.scores.validate import check

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def problems(score: ScoreDraft) -> list[tuple[str, str]]:
    with pytest.raises(RequestInvalidError) as caught:
        check(score, NOW)
    return [(one.path, one.msg) for one in caught.value.fields]


def test_the_example_is_fine() -> None:
    check(EXAMPLE, NOW)


FINE: list[dict[str, Any]] = [
    {"candidate_id": None},
    {"candidate_id": None, "application_id": None, "order_id": "o-1"},
    {"score": Points(value=-3, min=-10, max=-1)},
    {"score": Points(value=100, max=100)},
    {"score": Points(value=0, max=1)},
    {"completed_at": NOW + timedelta(minutes=5)},
    {"score": None, "result": Verdict.NOT_SPECIFIED, "notes": None},
    {"score": None, "result": Verdict.NOT_SPECIFIED, "breakdown": ()},
    {"score": None, "breakdown": (), "notes": None},
    {"status": AssessmentStatus.STARTED, "score": None, "result": Verdict.NOT_SPECIFIED,
     "breakdown": (), "notes": None},
    {"report_url": None},
    {"report_url": "http://intranet:8080/r?a=b@c#d"},
    {"report_url": "https://münchen.example/ä"},
    {"language": "fr-CA", "time_zone": "Europe/Berlin"},
    {"language": "pt_BR", "time_zone": "UTC"},
    {"channels": (ScoreChannel.SCORECARD, ScoreChannel.CANDIDATE_NOTE)},
    {"attachments": (FileDraft(name="a", data=b"x"), FileDraft(name="b", url="https://x.example"))},
    {"evaluator": Evaluator(id="u-1")},
    {"evaluator": None},
]  # fmt: skip


@pytest.mark.parametrize("changes", FINE)
def test_what_is_in_order_passes(changes: dict[str, Any]) -> None:
    check(replace(EXAMPLE, **changes), NOW)


NO_NUMBER = "it is no number that a score can have"
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"candidate_id": None, "application_id": None}, "candidateId",
     "give candidateId, applicationId or orderId, to say whose score it is"),
    ({"candidate_id": " "}, "candidateId", "it is blank"),
    ({"application_id": "\t"}, "applicationId", "it is blank"),
    ({"order_id": " "}, "orderId", "it is blank"),
    ({"external_id": " "}, "externalId", "it is blank"),
    ({"assessment": AssessmentNamed(name=" \n")}, "assessment.name", "it is blank"),
    ({"score": Points(value=112, max=100)}, "score.value", "112 is above the maximum of 100"),
    ({"score": Points(value=112.5, max=100.0)}, "score.value",
     "112.5 is above the maximum of 100"),
    ({"score": Points(value=-1, max=100)}, "score.value", "-1 is below the minimum of 0"),
    ({"score": Points(value=1, max=5, min=2)}, "score.value", "1 is below the minimum of 2"),
    ({"score": Points(value=0, max=0)}, "score.max", "0 is not above the minimum of 0"),
    ({"score": Points(value=3, max=1, min=5)}, "score.max", "1 is not above the minimum of 5"),
    ({"score": Points(value=math.nan, max=5)}, "score.value", NO_NUMBER),
    ({"score": Points(value=1, max=math.inf)}, "score.max", NO_NUMBER),
    ({"score": Points(value=1, max=5, min=-math.inf)}, "score.min", NO_NUMBER),
    ({"score": Points(value=1, max=10**400)}, "score.max", NO_NUMBER),
    ({"score": Points(value=1, max=5, percentile=101)}, "score.percentile",
     "a percentile is between 0 and 100"),
    ({"score": Points(value=1, max=5, percentile=math.nan)}, "score.percentile",
     "a percentile is between 0 and 100"),
    ({"breakdown": (BreakdownPart(label="a", value=1, max=5),
                    BreakdownPart(label="b", value=7, max=5))},
     "breakdown[1].value", "7 is above the maximum of 5"),
    ({"breakdown": (BreakdownPart(label=" ", value=1, max=5),)},
     "breakdown[0].label", "it is blank"),
    ({"attributes": (ScoreAttribute(label=" ", value=1),)}, "attributes[0].label", "it is blank"),
    ({"attributes": (ScoreAttribute(label="a", value=math.nan),)}, "attributes[0].value",
     "it is not a finite number"),
    ({"attributes": (ScoreAttribute(label="a", value="x" * 300_000),)}, "notes",
     "all texts of a score together have at most 300000 characters"),
    ({"completed_at": NOW + timedelta(minutes=5, seconds=1)}, "completedAt",
     "it is in the future"),
    ({"score": None, "result": Verdict.NOT_SPECIFIED, "breakdown": (), "notes": " "}, "score",
     "a completed assessment needs a score, a result, a breakdown or notes"),
    ({"report_url": "ftp://x.example/r"}, "reportUrl",
     "it has to be a whole address that begins with https:// or http://"),
    ({"report_url": "javascript:alert(1)"}, "reportUrl",
     "it has to be a whole address that begins with https:// or http://"),
    ({"report_url": ""}, "reportUrl",
     "it has to be a whole address that begins with https:// or http://"),
    ({"report_url": "https:///r"}, "reportUrl",
     "it has to be a whole address that begins with https:// or http://"),
    ({"report_url": "https://[::1/r"}, "reportUrl", "it is not an address"),
    ({"report_url": "https://x.example:port/"}, "reportUrl", "it is not an address"),
    ({"report_url": "https://ada:pw@x.example/"}, "reportUrl",
     "it holds a user name or a password; whoever sees the link would see them"),
    ({"report_url": "https://ada@x.example/"}, "reportUrl",
     "it holds a user name or a password; whoever sees the link would see them"),
    ({"report_url": "https://x.example/a b"}, "reportUrl",
     "it holds white space or a control character"),
    ({"language": "klingon"}, "language",
     "no language is called so; give a code such as en, de or fr-CA"),
    ({"language": ""}, "language",
     "no language is called so; give a code such as en, de or fr-CA"),
    ({"time_zone": "Mars/Olympus"}, "timeZone",
     "no time zone is called so; give a name such as Europe/Berlin"),
    ({"time_zone": "../etc/passwd"}, "timeZone",
     "no time zone is called so; give a name such as Europe/Berlin"),
    ({"channels": ()}, "channels", "it is empty; name a channel, or leave it out to try them all"),
    ({"channels": (ScoreChannel.SCORECARD, ScoreChannel.RESULT_LINK, ScoreChannel.SCORECARD)},
     "channels", "SCORECARD is named more than once"),
    ({"attachments": (FileDraft(name="a", data=b"x"), FileDraft(name="b"))}, "attachments[1]",
     "it has neither data nor url"),
    ({"attachments": (FileDraft(name=" ", data=b"x"),)}, "attachments[0].name", "it is blank"),
    ({"evaluator": " "}, "evaluator", "it is blank; give a name, an email or an id"),
    ({"evaluator": Evaluator()}, "evaluator", "it is blank; give a name, an email or an id"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "path", "msg"), WRONG)
def test_what_is_wrong_is_named_with_its_place(
    changes: dict[str, Any], path: str, msg: str
) -> None:
    assert problems(replace(EXAMPLE, **changes)) == [(path, msg)]


def test_everything_is_told_at_once_and_the_message_names_the_first() -> None:
    wrong = replace(
        EXAMPLE,
        candidate_id=None,
        application_id=None,
        score=Points(value=112, max=100),
        completed_at=NOW + timedelta(days=1),
        channels=(),
        language="xx-none",
    )

    with pytest.raises(RequestInvalidError) as caught:
        check(wrong, NOW)

    assert [one.path for one in caught.value.fields] == [
        "candidateId", "score.value", "completedAt", "language", "channels",
    ]  # fmt: skip
    assert caught.value.msg == (
        "candidateId: give candidateId, applicationId or orderId, to say whose score it is;"
        " score.value: 112 is above the maximum of 100; completedAt: it is in the future;"
        " and 2 more, see fields"
    )


def test_one_problem_reads_as_any_other_wrong_field() -> None:
    with pytest.raises(RequestInvalidError) as caught:
        check(replace(EXAMPLE, score=Points(value=112, max=100)), NOW)

    said = FieldProblem(path="score.value", msg="112 is above the maximum of 100")
    assert caught.value.fields == (said,)
    assert caught.value.msg == "score.value: 112 is above the maximum of 100"


def test_no_message_repeats_what_is_said_of_a_person() -> None:
    private = replace(
        EXAMPLE,
        candidate_id=None,
        application_id=None,
        notes="private",
        evaluator=Evaluator(name=" ", email=" "),
        report_url="https://private:private@x.example/private",
        attributes=(ScoreAttribute(label=" ", value="private"),),
        language="private-private",
        time_zone="private",
        external_id=" ",
        attachments=(FileDraft(name="private"),),
    )

    said = problems(private)

    assert len(said) == 8
    assert "rivate" not in str(said)

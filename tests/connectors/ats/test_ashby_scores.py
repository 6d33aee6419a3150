"""Scores in Ashby's feedback forms: the exact calls, and what counts."""

from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats.ashby import Ashby
from hireloom.kit.rehearsal import Rehearsal
from hireloom.models import (
    BreakdownPart,
    Evaluator,
    Points,
    ScoreAttribute,
    ScoreDraft,
    Verdict,
)
from tests.connectors.ats.ashby_organisation import RINA_RECORD, done, refused, uid
from tests.connectors.ats.ashby_papers import (
    FORBIDDEN,
    PLAIN,
    REPORT,
    UNCONFIRMED,
    altered,
    bare,
    paper,
    reasons,
)
from tests.replay import Replay, Reply, sent

NO_FORM_FIELD = "the form has no field that it fits"
FORMS = "POST /feedbackFormDefinition.list"
SUBMIT = "POST /applicationFeedback.submit"
FOUR = [
    {"label": "Strong No", "value": "1"},
    {"label": "No", "value": "2"},
    {"label": "Yes", "value": "3"},
    {"label": "Strong Yes", "value": "4"},
]


def field(title: str, kind: str = "LongText", required: bool = False, **more: Any) -> Any:
    path = more.pop("path", title.casefold().replace(" ", "-"))
    return {
        "isRequired": required,
        "field": {"id": f"id-{path}", "path": path, "title": title, "type": kind, **more},
    }


def form(*fields: Any, **more: Any) -> dict[str, Any]:
    """In two sections, as forms are."""
    sections = [{"title": "First", "fields": fields[:1]}, {"title": "Rest", "fields": fields[1:]}]
    return {
        "id": "form-1",
        "title": "Sailing  test",
        "isArchived": False,
        "formDefinition": {"sections": sections},
        **more,
    }


def held(request: kit.Request) -> Any:
    """Feedback as it was submitted."""
    body = sent(request).body
    given = {one["path"]: one["value"] for one in body["feedbackForm"]["fieldSubmissions"]}
    user = {"submittedByUser": {"id": body["userId"]}} if "userId" in body else {}
    return done({"id": "feedback-1", "submittedValues": given, **user})


def values(replay: Replay) -> dict[str, Any]:
    (write,) = replay.writes
    return {one["path"]: one["value"] for one in write.body["feedbackForm"]["fieldSubmissions"]}


def account(*fields: Any, answer: Any = held, **more: Any) -> Replay:
    nobody = {"POST /user.search": done([]), "POST /applicationFeedback.list": done([])}
    return Replay({FORMS: done([form(*fields)]), SUBMIT: answer, **nobody, **more})


async def submit(score: ScoreDraft, *fields: Any, answer: Any = held) -> tuple[dict[str, Any], Any]:
    replay = account(*fields, answer=answer)
    written = await replay.connect(Ashby).create_scorecard(paper(score))
    return values(replay), written


@pytest.mark.parametrize("answer", [b"<html>Be right back</html>", b"{}"])
async def test_an_answer_without_a_word_of_success_is_not_taken_for_one(answer: bytes) -> None:
    replay = account(field("Notes"), answer=Reply(answer))

    with pytest.raises(kit.UnexpectedAnswerError) as caught:
        await replay.connect(Ashby).create_scorecard(paper())

    assert caught.value.may_have_arrived


async def test_a_score_fills_the_form_that_is_called_like_the_assessment() -> None:
    other = form(field("Notes"), id="form-0", title="Sailing")
    gone = form(field("Notes"), id="form-9", title="Sailing Test", isArchived=True)
    wanted = form(
        field("Overall", "ValueSelect", path="overall_recommendation", selectableValues=FOUR),
        field("Assessment name", "String"),
        field("Overall Score", "Number"),
        field(
            "Sailing Test result",
            "ValueSelect",
            selectableValues=[{"label": "Passed", "value": "p"}],
        ),
        field("Completed on", "Date"),
        field("Report link", "Url"),
        field("Evaluator", "String"),
        field("Knots", "String"),
        field("Balance", "Score"),
        field("Boat", "MultiValueSelect", selectableValues=[{"label": "dinghy", "value": "d1"}]),
        field("Notes", "RichText"),
        field("Shoe size", "Number"),
    )
    replay = Replay(
        {FORMS: done([other, gone, wanted]), SUBMIT: held, "POST /user.search": done([])}
    )

    written = await replay.connect(Ashby).create_scorecard(paper())

    (write,) = replay.writes
    assert (write.body["applicationId"], write.body["formDefinitionId"]) == ("app", "form-1")
    assert "userId" not in write.body
    assert values(replay) == {
        "assessment-name": "Sailing Test",
        "overall-score": 89,
        "sailing-test-result": "p",
        "completed-on": "2026-04-01",
        "report-link": REPORT,
        "evaluator": "Olav Berg (olav@harbor.example)",
        "knots": "8/10 – Quick hands",
        "balance": {"score": 3},
        "boat": ["d1"],
        "notes": {"type": "PlainText", "value": PLAIN},
    }
    assert (written.remote_id, written.fields_dropped) == ("feedback-1", [])
    assert written.fields_written == list(paper().given)


async def test_a_form_that_is_laid_down_is_the_one_that_is_filled() -> None:
    others = [form(field("Notes")), form(field("Notes"), id="form-2", title="Anything")]
    replay = Replay({FORMS: done(others), SUBMIT: held, "POST /user.search": done([])})

    await replay.connect(Ashby).create_scorecard(paper(form_id="form-2"))

    (write,) = replay.writes
    assert write.body["formDefinitionId"] == "form-2"


async def test_a_listed_form_without_its_fields_is_asked_for_them() -> None:
    listed = {**form(), "formDefinition": None}
    replay = Replay(
        {
            FORMS: done([listed]),
            "POST /feedbackFormDefinition.info": done(form(field("Notes"))),
            SUBMIT: held,
        }
    )

    await replay.connect(Ashby).create_scorecard(paper(bare(notes="Calm")))

    assert replay.sent[1].body == {"feedbackFormDefinitionId": "form-1"}
    assert values(replay) == {"notes": PLAIN}


async def test_the_summary_takes_all_of_it_and_the_notes_only_the_notes() -> None:
    filled, _ = await submit(altered(), field("Comments"), field("Summary"), field("Feedback"))

    assert filled == {
        "comments": "Kept calm\nin a storm.",
        "summary": PLAIN,
        "feedback": "Kept calm\nin a storm.",
    }


async def test_without_notes_only_a_required_remark_is_filled() -> None:
    score = bare(score=Points(value=1, max=2))

    filled, _ = await submit(
        score, field("Summary"), field("Comments"), field("Remarks", required=True)
    )

    assert filled == {"summary": PLAIN, "remarks": PLAIN}


@pytest.mark.parametrize(
    ("part", "value"),
    [
        (BreakdownPart(label="Knots", value=4, min=1, max=4), {"score": 4}),
        (
            BreakdownPart(label="knots", value=2, min=1, max=4, note="Slow"),
            {"score": 2, "comments": {"type": "PlainText", "value": "Slow"}},
        ),
        (BreakdownPart(label="Knots", value=4, max=4), None),
        (BreakdownPart(label="Knots", value=4, min=1, max=5), None),
        (BreakdownPart(label="Knots", value=2.5, min=1, max=4), None),
    ],
)
async def test_a_score_field_is_filled_by_the_same_scale_only(
    part: BreakdownPart, value: Any
) -> None:
    score = bare(breakdown=(part,), score=Points(value=1, max=2))

    filled, written = await submit(score, field("Knots", "Score"), field("Score", "Number"))

    assert filled == {"score": 1} | ({} if value is None else {"knots": value})
    assert written.fields_written == (["score"] if value is None else ["score", "breakdown"])


@pytest.mark.parametrize(("result", "word"), [(Verdict.PASS, "3"), (Verdict.FAIL, "2")])
async def test_a_required_recommendation_follows_from_the_result(
    result: Verdict, word: str
) -> None:
    overall = field(
        "Overall",
        "ValueSelect",
        path="overall_recommendation",
        required=True,
        selectableValues=FOUR,
    )

    filled, written = await submit(bare(result=result), overall, field("Summary"))

    assert filled["overall_recommendation"] == word
    assert "recommendation" not in written.fields_written


@pytest.mark.parametrize(
    ("score", "entry", "missing"),
    [
        (bare(notes="x"), field("Shoe size", "Number", required=True), "Shoe size"),
        (bare(notes="x"), field("Score", "Number", required=True), "Score"),
        (
            bare(score=Points(value=89, max=100)),
            field("Overall score", "Score", required=True),
            "Overall score",
        ),
        (
            bare(result=Verdict.REVIEW),
            field("Overall", "ValueSelect", path="overall_recommendation", required=True),
            "Overall",
        ),
        (
            bare(result=Verdict.PASS),
            field(
                "Overall",
                "ValueSelect",
                path="overall_recommendation",
                required=True,
                selectableValues=FOUR[:2],
            ),
            "Overall",
        ),
        (
            bare(result=Verdict.PASS),
            field(
                "Result",
                "ValueSelect",
                required=True,
                selectableValues=[{"label": "Splendid", "value": "s"}],
            ),
            "Result",
        ),
    ],
)
async def test_a_required_field_that_cannot_be_filled_is_named(
    score: ScoreDraft, entry: Any, missing: str
) -> None:
    replay = account(entry, field("Summary"))

    with pytest.raises(kit.NoPlaceError, match=f'requires "{missing}"'):
        await replay.connect(Ashby).create_scorecard(paper(score))

    assert replay.writes == []


@pytest.mark.parametrize(
    "more",
    [
        {"form_id": "form-7"},
        {"score": altered(application_id=None)},
        {"score": bare(attributes=(ScoreAttribute(label="Boat", value="Dinghy"),))},
    ],
)
async def test_without_a_form_that_fits_nothing_is_sent(more: dict[str, Any]) -> None:
    replay = account(field("Hat size", "Number"), field("Boat", "Number"))

    with pytest.raises(kit.NoPlaceError):
        await replay.connect(Ashby).create_scorecard(paper(**more))

    assert replay.writes == []


async def test_a_form_of_another_name_is_not_taken() -> None:
    replay = Replay({FORMS: done([form(field("Notes"), title="Sailing Tests")])})

    with pytest.raises(kit.NoPlaceError, match="Sailing Test"):
        await replay.connect(Ashby).create_scorecard(paper())


async def test_feedback_that_may_not_be_read_is_written_and_not_claimed() -> None:
    replay = account(
        field("Notes"),
        answer=done({"id": "feedback-1"}),
        **{"POST /applicationFeedback.list": FORBIDDEN},
    )

    written = await replay.connect(Ashby).create_scorecard(paper())

    assert (written.remote_id, written.fields_written) == ("feedback-1", [])
    assert reasons(written)["notes"] == UNCONFIRMED


async def test_feedback_that_is_answered_without_its_id_is_found_by_what_it_holds() -> None:
    listed = [
        {"id": "feedback-1", "submittedValues": {"score": 89}, "submittedAt": "2026-04-01"},
        {"id": "feedback-2", "submittedValues": {"score": 89}, "submittedAt": "2026-04-02"},
        {"id": "feedback-3", "submittedValues": {"score": 12}, "submittedAt": "2026-04-03"},
    ]
    replay = account(
        field("Score", "Number"),
        answer=done({}),
        **{"POST /applicationFeedback.list": done(listed)},
    )

    written = await replay.connect(Ashby).create_scorecard(
        paper(bare(score=Points(value=89, max=99)))
    )

    assert (written.remote_id, written.fields_written) == ("feedback-2", ["score"])


async def test_only_what_the_submitted_values_show_is_written() -> None:
    def some(_: kit.Request) -> Any:
        shown = {"score": "89", "result": False, "report": REPORT[:5], "knots": {"score": 1}}
        return done({"id": "feedback-1", "submittedValues": shown})

    score = altered(
        breakdown=(BreakdownPart(label="Knots", value=4, min=1, max=4),), evaluator=None
    )

    filled, written = await submit(
        score,
        field("Score", "Number"),
        field("Result", "Boolean"),
        field("Report", "Url"),
        field("Knots", "Score"),
        answer=some,
    )

    assert filled == {"score": 89, "result": True, "report": REPORT, "knots": {"score": 4}}
    assert written.fields_written == ["score"]
    assert reasons(written) == {
        "assessment": NO_FORM_FIELD,
        "completedAt": NO_FORM_FIELD,
        "breakdown": UNCONFIRMED,
        "result": UNCONFIRMED,
        "reportUrl": UNCONFIRMED,
        "notes": NO_FORM_FIELD,
        "attributes": NO_FORM_FIELD,
        "score.label": NO_FORM_FIELD,
        "score.percentile": NO_FORM_FIELD,
    }


async def test_a_breakdown_is_written_when_every_part_of_it_is() -> None:
    _, written = await submit(altered(), field("Knots", "String"), field("Score", "Number"))

    assert written.fields_written == ["score"]
    assert reasons(written)["breakdown"] == NO_FORM_FIELD


async def test_a_text_that_was_cut_tells_the_fields_that_are_still_in_it() -> None:
    def cut(_: kit.Request) -> Any:
        html = "<p>Sailing Test</p><p>Score: <b>89</b>/100 (Strong, 92.5th percentile)</p>"
        return done({"id": "feedback-1", "submittedValues": {"summary": html}})

    _, written = await submit(altered(evaluator=None), field("Summary", "RichText"), answer=cut)

    assert written.fields_written == ["assessment", "score"]
    assert set(reasons(written).values()) == {UNCONFIRMED}


async def test_angle_brackets_in_a_text_are_no_html() -> None:
    def plain(_: kit.Request) -> Any:
        return done({"id": "f", "submittedValues": {"summary": "By <i>Olav"}})

    wanted = paper(bare(evaluator="<i>Olav"), shown={"evaluator": ("<i>Olav",)})

    written = await account(field("Summary"), answer=plain).connect(Ashby).create_scorecard(wanted)

    assert written.fields_written == ["evaluator"]


async def test_rich_text_that_comes_back_as_html_is_the_same_text() -> None:
    def as_html(_: kit.Request) -> Any:
        return done({"id": "f", "submittedValues": {"evaluated-by": "<p>Olav <b>Berg</b></p>"}})

    score = bare(evaluator="Olav Berg")

    _, written = await submit(score, field("Evaluated by", "RichText"), answer=as_html)

    assert written.fields_written == ["evaluator"]


async def test_an_answer_that_shows_no_values_is_looked_up() -> None:
    listed = [
        {"id": "feedback-0", "submittedValues": {"score": 1}},
        {"id": "feedback-1", "submittedValues": {"score": 89}},
    ]
    replay = account(
        field("Score", "Number"),
        answer=done({"id": "feedback-1"}),
        **{"POST /applicationFeedback.list": done(listed)},
    )

    written = await replay.connect(Ashby).create_scorecard(
        paper(bare(score=Points(value=89, max=99)))
    )

    assert replay.sent[-1].body["applicationId"] == "app"
    assert (written.remote_id, written.fields_written) == ("feedback-1", ["score"])


async def test_success_alone_shows_no_field_of_a_form() -> None:
    _, written = await submit(
        bare(score=Points(value=1, max=2)), field("Score", "Number"), answer={"success": True}
    )

    assert (written.remote_id, written.fields_written) == (None, [])
    assert reasons(written)["score"] == UNCONFIRMED


@pytest.mark.parametrize(
    ("evaluator", "answers", "author"),
    [
        (
            Evaluator(id=uid("user", 1), email="x@harbor.example"),
            {"POST /user.info": done(RINA_RECORD)},
            uid("user", 1),
        ),
        (
            Evaluator(id="nobody", email="rina@harbor.example"),
            {
                "POST /user.info": refused("user_not_found"),
                "POST /user.search": done([RINA_RECORD]),
            },
            uid("user", 1),
        ),
        (
            Evaluator(email="rina@harbor.example"),
            {"POST /user.search": refused("missing_endpoint_permission", 403)},
            None,
        ),
        (Evaluator(email="x@harbor.example"), {"POST /user.search": done([])}, None),
        (Evaluator(name="Rina"), {}, None),
        ("Rina", {}, None),
    ],
)
async def test_the_evaluator_is_the_author_where_ashby_has_that_user(
    evaluator: str | Evaluator, answers: dict[str, Any], author: str | None
) -> None:
    forms = {FORMS: done([form(field("Score", "Number"))]), SUBMIT: held}
    replay = Replay(forms | answers)
    score = bare(score=Points(value=1, max=2), evaluator=evaluator)

    written = await replay.connect(Ashby).create_scorecard(paper(score))

    (write,) = replay.writes
    assert write.body.get("userId") == author
    assert written.fields_written == ["score"] + (["evaluator"] if author else [])


async def test_an_author_that_the_feedback_does_not_show_is_not_written() -> None:
    replay = account(
        field("Score", "Number"),
        answer=done({"id": "f", "submittedValues": {"score": 1}, "submittedByUser": {"id": "u"}}),
        **{"POST /user.info": done(RINA_RECORD)},
    )
    score = bare(score=Points(value=1, max=2), evaluator=Evaluator(id=uid("user", 1)))

    written = await replay.connect(Ashby).create_scorecard(paper(score))

    assert written.fields_written == ["score"]


@pytest.mark.parametrize("where", [FORMS, SUBMIT])
async def test_a_form_that_the_key_may_not_use_is_said(where: str) -> None:
    answers = {FORMS: done([form(field("Notes"))]), where: refused("missing_endpoint_permission")}
    replay = Replay(answers)

    with pytest.raises(kit.PermissionMissingError):
        await replay.connect(Ashby).create_scorecard(paper(bare(notes="x")))


async def test_a_form_in_a_dry_run_counts_what_would_be_sent() -> None:
    rehearsal = Rehearsal(Replay({FORMS: done([form(field("Summary"))])}))

    written = await Ashby(rehearsal).create_scorecard(paper(altered(evaluator=None)))

    assert [one.template for one in rehearsal.writes] == ["/applicationFeedback.submit"]
    assert written.fields_dropped == []

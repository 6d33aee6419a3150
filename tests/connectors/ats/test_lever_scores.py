"""Scores in Lever's feedback, and what of them is confirmed."""

import asyncio
from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats.lever import Lever
from hireloom.kit.rehearsal import Rehearsal
from hireloom.models import (
    AssessmentNamed,
    BreakdownPart,
    Points,
    ScoreChannel,
    Verdict,
    WrittenScore,
)
from tests.connectors.ats.lever_account import MILLIS, page
from tests.connectors.ats.lever_score import (
    NO_FIELD,
    OWN,
    RATINGS,
    REFUSED,
    REPORT,
    SCORE,
    SHOWN,
    before,
    body_of,
    changed,
    echo,
    field,
    filled,
    lever,
    paper,
    template,
    values,
    why,
)
from tests.replay import Replay, Reply

ALL = [*SHOWN]
UNSEEN = "it was sent, but Lever does not show that it holds it"
FEEDBACK = "/opportunities/opp-1/feedback"
OWN_VALUES = {
    "f-assessment": "Rope test",
    "f-score": "89/100",
    "f-result": "Pass",
    "f-completed": MILLIS,
    "f-breakdown": "Knots: 87/100\nSplices: 92.5/100 – quick",
    "f-report": REPORT,
    "f-evaluator": "Piet",
    "f-notes": "Strong hands",
}


def with_form(form: dict[str, Any], **answers: Any) -> tuple[Lever, Replay]:
    """An account with one feedback template."""
    listed = {"GET /v1/feedback_templates": page(form), f"POST {FEEDBACK}": echo(form)}
    return lever(**{**listed, **answers})


# Feedback.


async def test_a_score_becomes_feedback_with_every_field_of_it() -> None:
    connector, replay = with_form(OWN)

    made = await connector.create_scorecard(paper())

    [sent] = replay.writes
    assert (sent.path, sent.params) == (f"/v1{FEEDBACK}", {"perform_as": "user-olga"})
    assert (sent.body["baseTemplateId"], sent.body["completedAt"]) == ("tpl-1", MILLIS)
    assert values(sent) == OWN_VALUES
    assert made == WrittenScore(remote_id="fb-1", fields_written=ALL)


async def test_an_account_without_a_form_gets_one_that_decides_nothing() -> None:
    connector, replay = lever(
        **{
            "GET /v1/feedback_templates": (page(), page(), page(OWN)),
            "POST /v1/feedback_templates": {"data": OWN},
            f"POST {FEEDBACK}": echo(OWN),
        }
    )

    made = await connector.create_scorecard(paper())

    form, feedback = replay.writes
    asked = {one["text"]: one["type"] for one in form.body["fields"]}
    assert form.body["text"] == "Assessment result"
    assert asked == {one["text"]: one["type"] for one in OWN["fields"]}
    assert not any(one["required"] for one in form.body["fields"])
    assert feedback.body["baseTemplateId"] == "tpl-1"
    assert made.fields_written == ALL


async def test_of_two_forms_made_at_the_same_time_everybody_takes_the_oldest() -> None:
    ours = {**OWN, "id": "tpl-ours", "createdAt": 20}
    theirs = {**OWN, "id": "tpl-theirs", "createdAt": 10}
    connector, replay = lever(
        **{
            "GET /v1/feedback_templates": (page(), page(), page(ours, theirs)),
            "POST /v1/feedback_templates": {"data": ours},
            f"POST {FEEDBACK}": echo(OWN),
        }
    )

    await connector.create_scorecard(paper())

    assert replay.writes[-1].body["baseTemplateId"] == "tpl-theirs"


async def test_many_scores_at_once_make_one_form() -> None:
    made: list[dict[str, Any]] = []

    def make(_: kit.Request) -> Any:
        made.append({**OWN, "id": f"tpl-{len(made)}"})
        return {"data": made[-1]}

    connector, replay = lever(
        **{
            "GET /v1/feedback_templates": lambda _: page(*made),
            "POST /v1/feedback_templates": make,
            f"POST {FEEDBACK}": echo(OWN),
        }
    )

    await asyncio.gather(*(connector.create_scorecard(paper()) for _ in range(20)))

    assert len(made) == 1
    assert len([one for one in replay.writes if one.path.endswith("/feedback")]) == 20


async def test_a_form_called_like_the_assessment_is_taken_before_our_own() -> None:
    theirs = template(field("Score"), name="ROPE  TEST", id="tpl-theirs")
    old = template(field("Score"), id="tpl-old", createdAt=1, deletedAt=2)
    connector, replay = lever(
        **{
            "GET /v1/feedback_templates": page(OWN, old, theirs),
            f"POST {FEEDBACK}": echo(theirs),
        }
    )

    made = await connector.create_scorecard(paper())

    [sent] = replay.writes
    assert sent.body["baseTemplateId"] == "tpl-theirs"
    assert values(sent) == {"f-score": "89/100"}
    assert made.fields_written == ["assessment", "score"]
    assert set(why(made).values()) == {NO_FIELD}


async def test_a_form_that_is_laid_down_is_taken_without_looking_at_others() -> None:
    form = template(field("Outcome:"), name="Phone screen")
    connector, replay = lever(
        **{"GET /feedback_templates/tpl-7": {"data": form}, f"POST {FEEDBACK}": echo(form)}
    )

    made = await connector.create_scorecard(paper(form_id="tpl-7"))

    assert [sent.path for sent in replay.sent][:2] == [
        "/v1/feedback_templates/tpl-7",
        f"/v1{FEEDBACK}",
    ]
    assert made.fields_written == ["result"]


async def test_a_form_that_is_laid_down_and_gone_leaves_no_place() -> None:
    gone = Reply({"code": "NotFound", "message": "no"}, status=404)
    connector, replay = lever(**{"GET /feedback_templates/tpl-7": gone})

    with pytest.raises(kit.NoPlaceError, match="tpl-7"):
        await connector.create_scorecard(paper(form_id="tpl-7"))

    assert replay.writes == []


async def test_a_part_of_the_breakdown_goes_into_the_field_called_like_it() -> None:
    form = template(field("Knots"), field("splices:"), field("Other thoughts?", "textarea"))
    connector, replay = with_form(form)

    made = await connector.create_scorecard(paper())

    assert values(replay.writes[0]) == {"f-knots": "87/100", "f-splices:": "92.5/100 – quick"}
    assert made.fields_written == ["assessment", "breakdown"]


async def test_half_a_breakdown_is_not_the_breakdown() -> None:
    connector, _ = with_form(template(field("Knots"), field("Score")))

    made = await connector.create_scorecard(paper())

    assert made.fields_written == ["assessment", "score"]
    assert why(made)["breakdown"] == NO_FIELD


async def test_parts_that_share_a_label_share_no_field() -> None:
    twice = (*SCORE.breakdown, BreakdownPart(label="knots", value=1, max=2))
    connector, replay = with_form(template(field("Knots"), field("Splices")))

    made = await connector.create_scorecard(paper(changed(breakdown=twice)))

    assert values(replay.writes[0]) == {"f-splices": "92.5/100 – quick"}
    assert "breakdown" in why(made)


async def test_what_stands_beside_the_points_is_where_the_whole_text_is() -> None:
    connector, _ = with_form(OWN)

    made = await connector.create_scorecard(
        paper(changed(score=Points(value=89, max=100, label="Able")))
    )

    assert made.fields_dropped == []


async def test_what_stands_beside_the_points_is_named_where_no_field_takes_it() -> None:
    score = changed(score=Points(value=89, max=100, label="Able", percentile=97.5))
    connector, replay = with_form(template(field("Score"), field("Percentile")))

    made = await connector.create_scorecard(paper(score))

    assert values(replay.writes[0])["f-percentile"] == "97.5"
    assert why(made)["score.label"] == NO_FIELD
    assert "score.percentile" not in why(made)


@pytest.mark.parametrize(
    ("result", "rating"), [(Verdict.PASS, "3 - Hire"), (Verdict.FAIL, "2 - No Hire")]
)
async def test_a_rating_of_the_customer_s_form_follows_the_result(
    result: Verdict, rating: str
) -> None:
    form = template(field("Rating", "score-system", required=True, options=RATINGS))
    connector, replay = with_form(form)

    made = await connector.create_scorecard(paper(changed(result=result)))

    assert values(replay.writes[0]) == {"f-rating": rating}
    assert made.fields_written == ["assessment"]
    assert rating in why(made)["result"]


@pytest.mark.parametrize("result", [Verdict.REVIEW, Verdict.NOT_SPECIFIED])
async def test_a_rating_that_must_be_given_and_cannot_is_named(result: Verdict) -> None:
    form = template(field("Score"), field("Rating", "score-system", required=True, options=RATINGS))
    connector, replay = with_form(form)

    with pytest.raises(kit.NoPlaceError, match="“Rating”"):
        await connector.create_scorecard(paper(changed(result=result)))

    assert replay.writes == []


@pytest.mark.parametrize("kind", ["yes-no", "scorecard", "file-upload", "text"])
async def test_a_required_field_that_a_score_does_not_fill_is_named(kind: str) -> None:
    connector, replay = with_form(template(field("Score"), field("Boots", kind, required=True)))

    with pytest.raises(kit.NoPlaceError, match="“Boots”"):
        await connector.create_scorecard(paper())

    assert replay.writes == []


async def test_a_form_that_has_nothing_to_do_with_scores_is_no_place() -> None:
    connector, replay = with_form(template(field("Boots"), field("Score", "currency")))

    with pytest.raises(kit.NoPlaceError, match="Rope test"):
        await connector.create_scorecard(paper())

    assert replay.writes == []


async def test_a_result_that_is_no_option_of_the_form_is_not_written() -> None:
    outcome = field("Result", "dropdown", options=[{"text": "Yes"}, {"text": "No"}])
    connector, replay = with_form(template(field("Score"), outcome))

    made = await connector.create_scorecard(paper())

    assert values(replay.writes[0]) == {"f-score": "89/100"}
    assert why(made)["result"] == NO_FIELD


async def test_an_assessment_called_like_a_common_label_keeps_the_fields_apart() -> None:
    connector, replay = with_form(template(field("Notes"), name="Notes"))

    await connector.create_scorecard(paper(changed(assessment=AssessmentNamed(name="Notes"))))

    assert replay.writes[0].body["fieldValues"] == [{"id": "f-notes", "value": "Strong hands"}]


async def test_what_the_answer_does_not_show_is_read() -> None:
    connector, _ = with_form(
        OWN,
        **{
            f"POST {FEEDBACK}": {"data": {"id": "fb-1"}},
            f"GET {FEEDBACK}/fb-1": filled(OWN, {"f-score": "89/100", "f-result": "Fail"}),
        },
    )

    made = await connector.create_scorecard(paper())

    assert made.fields_written == ["score"]
    assert why(made)["result"] == UNSEEN


async def test_a_text_that_lever_cut_counts_as_far_as_it_goes() -> None:
    form = template(field("Details", "textarea"), name="Phone screen")
    cut = filled(form, {"f-details": "=== Rope test === 89/100"})
    connector, _ = with_form(
        form,
        **{
            "GET /feedback_templates/tpl-1": {"data": form},
            f"POST {FEEDBACK}": cut,
            f"GET {FEEDBACK}/fb-1": cut,
        },
    )

    made = await connector.create_scorecard(paper(form_id="tpl-1"))

    assert made.fields_written == ["assessment", "score"]
    assert why(made)["notes"] == UNSEEN


async def test_feedback_that_may_not_be_read_is_written_and_nothing_is_claimed() -> None:
    connector, _ = with_form(
        OWN, **{f"POST {FEEDBACK}": {"data": {"id": "fb-1"}}, f"GET {FEEDBACK}/fb-1": REFUSED}
    )

    made = await connector.create_scorecard(paper())

    assert made.remote_id == "fb-1"
    assert made.fields_written == []
    assert set(why(made)) == set(ALL)


@pytest.mark.parametrize("refused", ["GET /v1/feedback_templates", f"POST {FEEDBACK}"])
async def test_a_missing_permission_is_left_to_whoever_tries_the_next_channel(
    refused: str,
) -> None:
    connector, replay = with_form(OWN, **{refused: REFUSED})

    with pytest.raises(kit.PermissionMissingError, match="admin"):
        await connector.create_scorecard(paper())

    assert all(sent.path.startswith(("/v1/feedback", f"/v1{FEEDBACK}")) for sent in replay.sent)


async def test_a_dry_run_shows_the_form_and_the_feedback_and_keeps_nothing() -> None:
    connector, replay = lever(**{"GET /v1/feedback_templates": page()})
    rehearsal = Rehearsal(replay)
    connector.channel = rehearsal

    made = await connector.create_scorecard(paper())

    assert replay.writes == []
    form, feedback = [body_of(one) for one in rehearsal.writes]
    assert form["text"] == "Assessment result"
    assert [one["value"] for one in feedback["fieldValues"]].count("89/100") == 1
    assert made.fields_dropped == []


# Feedback that is corrected.


async def test_a_correction_changes_the_feedback_that_is_there_and_empties_what_is_gone() -> None:
    form = {**OWN, "fields": [*OWN["fields"], field("Boots")]}
    there = filled(form, {**OWN_VALUES, "f-boots": "size 44", "f-evaluator": None})
    path = "/opportunities/opp-old/feedback/fb-1"
    connector, replay = lever(**{f"GET {path}": there, f"PUT {path}": echo(form)})
    score = changed(score=Points(value=91, max=100), report_url=None, breakdown=(), evaluator=None)
    previous = before(ScoreChannel.SCORECARD, "fb-1", "opp-old")

    made = await connector.update_scorecard("fb-1", paper(score, previous=previous))

    [sent] = replay.writes
    assert (sent.method, sent.params) == ("PUT", {"perform_as": "user-olga"})
    assert sent.body["completedAt"] == MILLIS
    kept = {key: value for key, value in OWN_VALUES.items() if key != "f-evaluator"}
    emptied = {"f-report": None, "f-breakdown": None}
    assert values(sent) == {**kept, "f-score": "91/100", **emptied}
    assert (made.remote_id, made.fields_dropped) == ("fb-1", [])


async def test_a_correction_takes_back_a_rating_and_a_part_but_not_what_people_wrote() -> None:
    form = template(
        field("Rating", "score-system", options=RATINGS),
        field("Score"),
        field("Knots"),
        field("Boots"),
    )
    held = {"f-rating": "3 - Hire", "f-score": "1/2", "f-knots": "87/100", "f-boots": "new"}
    path = f"{FEEDBACK}/fb-1"
    connector, replay = lever(**{f"GET {path}": filled(form, held), f"PUT {path}": echo(form)})

    await connector.update_scorecard("fb-1", paper(changed(result=Verdict.REVIEW, breakdown=())))

    assert values(replay.writes[0]) == {"f-rating": None, "f-score": "89/100", "f-knots": None}


async def test_a_correction_that_a_required_field_cannot_take_has_no_place() -> None:
    form = template(field("Score"), field("Report", required=True))
    there = filled(form, {"f-score": "1/2", "f-report": REPORT})
    connector, replay = lever(**{f"GET {FEEDBACK}/fb-1": there})

    with pytest.raises(kit.NoPlaceError, match="“Report”"):
        await connector.update_scorecard("fb-1", paper(changed(report_url=None)))

    assert replay.writes == []


async def test_feedback_that_was_deleted_is_not_corrected() -> None:
    there = filled(OWN, OWN_VALUES)
    there["data"]["deletedAt"] = MILLIS
    connector, replay = lever(**{f"GET {FEEDBACK}/fb-1": there})

    with pytest.raises(kit.ResourceNotFoundError, match="deleted"):
        await connector.update_scorecard("fb-1", paper())

    assert replay.writes == []

"""Scores in Lever: feedback, profile forms, a link with a tag, and what of them is confirmed."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
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
    ScoreDraft,
    Verdict,
    WrittenScore,
)
from tests.connectors.ats.lever_account import MILLIS, START, account, page
from tests.replay import Replay, Reply, Sent

OLGA = {"performAs": "user-olga"}
REPORT = "https://ropes.example/r/7"
SCORE = ScoreDraft(
    assessment=AssessmentNamed(name="Rope test"),
    application_id="opp-1",
    completed_at=START,
    score=Points(value=89, max=100),
    breakdown=(
        BreakdownPart(label="Knots", value=87, max=100),
        BreakdownPart(label="Splices", value=92.5, max=100, note="quick"),
    ),
    result=Verdict.PASS,
    report_url=REPORT,
    evaluator="Piet",
    notes="Strong hands",
)
SHOWN = {
    "assessment": ("Rope test",),
    "completedAt": ("2026-01-01",),
    "score": ("89/100",),
    "breakdown": ("Knots: 87/100", "Splices: 92.5/100"),
    "result": ("PASS",),
    "reportUrl": (REPORT,),
    "evaluator": ("Piet",),
    "notes": ("Strong hands",),
}
TEXT = "\n".join(["=== Rope test ===", *(" ".join(one) for one in SHOWN.values())])
ALL = [*SHOWN]
NO_FIELD = "no field of this form in Lever holds it"
UNSEEN = "it was sent, but Lever does not show that it holds it"
RATINGS = [{"text": text} for text in ("4 - Strong Hire", "3 - Hire", "2 - No Hire", "1 - No")]
REFUSED = Reply({"code": "Forbidden", "message": "no"}, status=403)
FEEDBACK = "/opportunities/opp-1/feedback"


def paper(score: ScoreDraft = SCORE, **more: Any) -> kit.Paper:
    text = kit.NoteText(TEXT, is_html=False)
    return replace(kit.Paper(score, text, SHOWN, application_id="opp-1"), **more)


def changed(**fields: Any) -> ScoreDraft:
    given = {name: getattr(SCORE, name) for name in SCORE.__struct_fields__}
    return ScoreDraft(**{**given, **fields})


def before(channel: ScoreChannel, remote_id: str, application: str = "opp-1") -> kit.Place:
    return kit.Place(channel, remote_id, application_id=application)


def field(text: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    key = f"f-{text.lower().replace(' ', '-')}"
    return {"id": key, "text": text, "type": kind, "required": False, **more}


def template(*fields: dict[str, Any], name: str = "Rope test", **more: Any) -> dict[str, Any]:
    return {"id": "tpl-1", "text": name, "fields": list(fields), "createdAt": 5, **more}


OWN = template(
    field("Assessment"),
    field("Score"),
    field("Grade"),
    field("Percentile"),
    field("Result", "dropdown", options=[{"text": one} for one in ("Pass", "Fail", "Review")]),
    field("Completed", "date"),
    field("Breakdown", "textarea"),
    field("Report"),
    field("Evaluator"),
    field("Notes", "textarea"),
    field("Attributes", "textarea"),
    name="Assessment result",
)
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


def body_of(request: kit.Request) -> Any:
    return json.loads(request.body or b"null")


def filled(form: dict[str, Any], values: Mapping[str, Any], identity: str = "fb-1") -> Any:
    fields = [{**one, "value": values.get(one["id"])} for one in form["fields"]]
    return {"data": {"id": identity, "text": form["text"], "fields": fields}}


def echo(form: dict[str, Any]) -> Callable[[kit.Request], Any]:
    """A Lever that holds what it is sent, and says so."""

    def answer(request: kit.Request) -> Any:
        body = body_of(request)
        sent = body.get("fieldValues") or body.get("fields")
        return filled(form, {one["id"]: one["value"] for one in sent})

    return answer


def lever(settings: dict[str, str] | None = None, /, **answers: Any) -> tuple[Lever, Replay]:
    return account(OLGA if settings is None else settings, answers=answers)


def with_form(form: dict[str, Any], **answers: Any) -> tuple[Lever, Replay]:
    """An account with one feedback template."""
    listed = {"GET /v1/feedback_templates": page(form), f"POST {FEEDBACK}": echo(form)}
    return lever(**{**listed, **answers})


def values(sent: Sent) -> dict[str, Any]:
    rows = sent.body.get("fieldValues") or sent.body["fields"]
    return {one["id"]: one["value"] for one in rows}


def why(made: WrittenScore) -> dict[str, str]:
    return {one.field: one.reason for one in made.fields_dropped}


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


# Profile forms.

FORMS = "/opportunities/opp-1/forms"
LAID_DOWN = {"score": "f-points", "completedAt": "f-day", "result": "f-colour"}
PROFILE = template(
    field("Points"),
    field("Day", "date"),
    field("Colour", "dropdown", options=[{"text": "pass"}, {"text": "fail"}]),
    name="Tests",
    id="tpl-form",
)


def with_profile(*templates: dict[str, Any], **answers: Any) -> tuple[Lever, Replay]:
    listed = {"GET /v1/form_templates": page(*templates), f"POST {FORMS}": echo(templates[-1])}
    return lever(**{**listed, **answers})


async def test_fields_that_are_laid_down_are_filled_in_a_profile_form() -> None:
    less = template(field("Points"), id="tpl-less")
    connector, replay = with_profile(template(field("Shoes")), less, PROFILE)

    made = await connector.update_score_fields(paper(custom_fields=LAID_DOWN))

    asked, sent = replay.sent
    assert asked.params["include"] == "fields"
    assert (sent.path, sent.params) == (f"/v1{FORMS}", {"perform_as": "user-olga"})
    assert sent.body["baseTemplateId"] == "tpl-form"
    assert values(sent) == {"f-points": "89/100", "f-day": MILLIS, "f-colour": "pass"}
    assert made.remote_id == "fb-1"
    assert made.fields_written == ["completedAt", "score", "result"]
    assert why(made)["notes"] == NO_FIELD


async def test_a_profile_form_is_found_by_name_only_for_a_caller_who_asks_for_this_channel() -> (
    None
):
    form = template(field("Rope test score"), name="Tests")
    connector, replay = with_profile(form)

    with pytest.raises(kit.NoPlaceError):
        await connector.update_score_fields(paper())
    made = await connector.update_score_fields(paper(by_name=True))

    assert len(replay.writes) == 1
    assert made.fields_written == ["score"]


async def test_a_profile_form_with_more_to_fill_is_named() -> None:
    form = template(*PROFILE["fields"], field("Boots", required=True), name="Tests")
    connector, replay = with_profile(form)

    with pytest.raises(kit.NoPlaceError, match="“Boots”"):
        await connector.update_score_fields(paper(custom_fields=LAID_DOWN))

    assert replay.writes == []


async def test_an_account_without_profile_forms_has_no_place() -> None:
    connector, _ = lever(**{"GET /v1/form_templates": page()})

    with pytest.raises(kit.NoPlaceError, match="profile forms"):
        await connector.update_score_fields(paper(custom_fields=LAID_DOWN))


async def test_a_correction_is_a_profile_form_of_its_own() -> None:
    connector, replay = with_profile(PROFILE)
    previous = before(ScoreChannel.CUSTOM_FIELD, "form-old")

    made = await connector.update_score_fields(paper(custom_fields=LAID_DOWN, previous=previous))

    assert [sent.method for sent in replay.writes] == ["POST"]
    assert made.remote_id == "fb-1"


# A link and a tag.

TAG = "Rope test: 89/100 PASS"


def opportunity(links: list[str], tags: list[str]) -> dict[str, Any]:
    urls = {"show": "https://hire.lever.example/opp-1"}
    return {"data": {"id": "opp-1", "links": links, "tags": tags, "urls": urls}}


def marking(**answers: Any) -> tuple[Lever, Replay]:
    return lever(
        **{
            "POST /opportunities/opp-1/addLinks": opportunity([REPORT], []),
            "POST /opportunities/opp-1/addTags": opportunity([], ["sea", TAG]),
            "POST /opportunities/opp-1/removeLinks": opportunity([], []),
            "POST /opportunities/opp-1/removeTags": opportunity([], []),
            **answers,
        }
    )


def bodies(replay: Replay) -> dict[str, Any]:
    return {sent.path.rpartition("/")[2]: sent.body for sent in replay.writes}


async def test_a_report_is_linked_and_the_result_is_a_tag() -> None:
    connector, replay = marking()

    made = await connector.add_result_link(paper())

    assert bodies(replay) == {"addLinks": {"links": [REPORT]}, "addTags": {"tags": [TAG]}}
    assert {sent.params["perform_as"] for sent in replay.writes} == {"user-olga"}
    assert made.fields_written == ["assessment", "score", "result", "reportUrl"]
    assert {"breakdown", "notes"} < set(why(made))
    assert made.url == "https://hire.lever.example/opp-1"
    assert json.loads(made.remote_id or "") == [REPORT, TAG]


@pytest.mark.parametrize(
    ("links", "tags", "written"),
    [
        ([REPORT], [TAG], ["assessment", "score", "result", "reportUrl"]),
        ([REPORT], ["sea"], ["reportUrl"]),
        (["https://sea.example"], [TAG], ["assessment", "score", "result"]),
    ],
)
async def test_marks_that_the_answers_do_not_show_are_looked_for(
    links: list[str], tags: list[str], written: list[str]
) -> None:
    connector, _ = marking(
        **{
            "POST /opportunities/opp-1/addLinks": opportunity([], []),
            "POST /opportunities/opp-1/addTags": opportunity([], []),
            "GET /opportunities/opp-1": opportunity(links, tags),
        }
    )

    made = await connector.add_result_link(paper())

    assert made.fields_written == written


async def test_marks_that_may_not_be_read_are_made_and_not_claimed() -> None:
    connector, _ = marking(
        **{
            "POST /opportunities/opp-1/addTags": opportunity([], []),
            "GET /opportunities/opp-1": REFUSED,
        }
    )

    made = await connector.add_result_link(paper())

    assert made.fields_written == ["reportUrl"]


async def test_a_score_without_a_report_has_nothing_to_link() -> None:
    connector, replay = marking()

    with pytest.raises(kit.NoPlaceError, match="reportUrl"):
        await connector.add_result_link(paper(changed(report_url=None)))

    assert replay.sent == []


async def test_a_corrected_result_replaces_the_tag_and_keeps_the_link_that_stays() -> None:
    connector, replay = marking()
    old = json.dumps([REPORT, "Rope test: 12/100 FAIL"])

    await connector.add_result_link(paper(previous=before(ScoreChannel.RESULT_LINK, old)))

    assert [sent.path.rpartition("/")[2] for sent in replay.writes] == [
        "removeTags",
        "addLinks",
        "addTags",
    ]
    assert replay.writes[0].body == {"tags": ["Rope test: 12/100 FAIL"]}


async def test_a_corrected_report_replaces_the_link_where_it_was() -> None:
    connector, replay = marking(**{"POST /opportunities/opp-old/removeLinks": opportunity([], [])})
    old = json.dumps(["https://ropes.example/old", TAG])

    await connector.add_result_link(
        paper(previous=before(ScoreChannel.RESULT_LINK, old, "opp-old"))
    )

    removed = replay.writes[0]
    assert removed.path == "/v1/opportunities/opp-old/removeLinks"
    assert removed.body == {"links": ["https://ropes.example/old"]}


async def test_a_score_that_was_somewhere_else_before_removes_nothing() -> None:
    connector, replay = marking()

    await connector.add_result_link(paper(previous=before(ScoreChannel.APPLICATION_NOTE, "note-9")))

    assert set(bodies(replay)) == {"addLinks", "addTags"}


# All channels.

CHANNELS: list[Callable[[Lever, kit.Paper], Any]] = [
    lambda one, score: one.create_scorecard(score),
    lambda one, score: one.update_scorecard("fb-1", score),
    lambda one, score: one.update_score_fields(score),
    lambda one, score: one.add_result_link(score),
]


async def test_a_tag_counts_for_what_it_says_and_not_for_what_it_leaves_out() -> None:
    connector, _ = marking()
    labelled = {**SHOWN, "score": ("Overall Score: 89/100",), "result": ("Result: PASS",)}
    points = Points(value=89, max=100, label="Strong", percentile=91)

    made = await connector.add_result_link(paper(changed(score=points), shown=labelled))

    assert made.fields_written == ["assessment", "score", "result", "reportUrl"]
    assert {"score.label", "score.percentile"} < set(why(made))


@pytest.mark.parametrize("write", CHANNELS)
async def test_a_score_of_a_person_alone_has_no_application_to_go_to(
    write: Callable[[Lever, kit.Paper], Any],
) -> None:
    connector, replay = lever()

    with pytest.raises(kit.NoPlaceError, match="application"):
        await write(connector, paper(application_id=None))

    assert replay.sent == []


@pytest.mark.parametrize("write", CHANNELS)
async def test_a_score_needs_somebody_who_acts(write: Callable[[Lever, kit.Paper], Any]) -> None:
    connector, replay = lever({})

    with pytest.raises(kit.NoPlaceError, match="performAs"):
        await write(connector, paper())

    assert replay.sent == []

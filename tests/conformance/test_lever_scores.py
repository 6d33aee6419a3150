"""Lever's published samples of feedback, templates, notes, links and tags, as scores meet them."""

import json
from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats.lever import Lever
from hireloom.models import AssessmentNamed, NoteDraft, Points, ScoreDraft, Verdict
from tests.conformance.conftest import Samples, samples_of
from tests.replay import Replay

SAMPLES: Samples = samples_of("lever")
USER = SAMPLES["feedback.create.request.json"]["params"]["perform_as"]
OPPORTUNITY = "6408dc54-7015-4e5b-8d60-23afff2b1efc"
FEEDBACK = f"/opportunities/{OPPORTUNITY}/feedback"
NOTES = f"/opportunities/{OPPORTUNITY}/notes"
LINK = SAMPLES["opportunities.links.update.request.json"]["data"]["links"][0]
TAG = SAMPLES["opportunities.tags.update.request.json"]["data"]["tags"][0]


def lever(**answers: Any) -> tuple[Lever, Replay]:
    replay = Replay(answers)
    return replay.connect(Lever, {"performAs": USER}), replay


def paper(name: str = "Skills", **score: Any) -> kit.Paper:
    """A score whose result is a pass, with what a sample's request holds beside it."""
    draft = ScoreDraft(assessment=AssessmentNamed(name=name), result=Verdict.PASS, **score)
    pieces = {
        "assessment": (name,),
        "result": ("PASS",),
        "notes": (draft.notes or "",),
        "reportUrl": (draft.report_url or "",),
    }
    shown = {one: pieces[one] for one in kit.Paper(draft, TEXT, {}).given if one in pieces}
    return kit.Paper(draft, TEXT, shown, application_id=OPPORTUNITY)


TEXT = kit.NoteText("Passed", is_html=False)


async def test_feedback_is_made_as_recorded() -> None:
    form = SAMPLES["feedback_templates.get.json"]
    made = SAMPLES["feedback.create.json"]
    connector, replay = lever(
        **{
            "GET /v1/feedback_templates": {"data": [form["data"]], "hasNext": False},
            f"POST {FEEDBACK}": made,
            f"GET {FEEDBACK}/{made['data']['id']}": made,
        }
    )

    score = await connector.create_scorecard(paper(form["data"]["text"]))

    recorded = SAMPLES["feedback.create.request.json"]
    [sent] = replay.writes
    rating = form["data"]["fields"][0]["id"]
    assert sent.params == recorded["params"]
    assert sent.body == {
        **recorded["data"],
        "fieldValues": [{"id": rating, "value": "3 - Hire"}],
    }
    assert score.remote_id == made["data"]["id"]
    assert score.fields_written == ["assessment"]  # the recorded feedback holds no rating


async def test_feedback_is_changed_as_recorded() -> None:
    sample = SAMPLES["feedback.update.json"]
    path = f"{FEEDBACK}/{sample['data']['id']}"
    connector, replay = lever(**{f"GET {path}": sample, f"PUT {path}": sample})

    score = await connector.update_scorecard(
        sample["data"]["id"], paper(notes="Strong technical skills")
    )

    recorded = SAMPLES["feedback.update.request.json"]
    [sent] = replay.writes
    assert (sent.params, sent.body) == (recorded["params"], recorded["data"])
    assert score.fields_written == ["notes"]


async def test_deleted_feedback_is_not_changed() -> None:
    sample = SAMPLES["feedback.get.json"]
    path = f"{FEEDBACK}/{sample['data']['id']}"
    connector, _ = lever(**{f"GET {path}": sample})

    with pytest.raises(kit.ResourceNotFoundError):
        await connector.update_scorecard(sample["data"]["id"], paper())


@pytest.mark.parametrize(
    "name", ["feedback_templates.create.json", "feedback_templates.update.json"]
)
async def test_a_required_rating_is_filled_and_languages_are_left_alone(name: str) -> None:
    form = SAMPLES[name]
    identity = form["data"]["id"]
    connector, replay = lever(
        **{
            f"GET /feedback_templates/{identity}": form,
            f"POST {FEEDBACK}": SAMPLES["feedback.create.json"],
            "GET /feedback/e0863d1c-3256-46e2-a8eb-6069fb61268b": SAMPLES["feedback.create.json"],
        }
    )
    laid_down = kit.Paper(paper().score, TEXT, {}, application_id=OPPORTUNITY, form_id=identity)

    await connector.create_scorecard(laid_down)

    [rating] = replay.writes[0].body["fieldValues"]
    assert rating == {"id": form["data"]["fields"][1]["id"], "value": "3 - Hire"}


async def test_a_template_is_made_of_what_the_recorded_one_was_made_of() -> None:
    listed = SAMPLES["feedback_templates.list.json"]
    connector, replay = lever(
        **{
            "GET /v1/feedback_templates": listed,
            "POST /v1/feedback_templates": SAMPLES["feedback_templates.create.json"],
            f"POST {FEEDBACK}": SAMPLES["feedback.create.json"],
            "GET /feedback/e0863d1c-3256-46e2-a8eb-6069fb61268b": SAMPLES["feedback.create.json"],
        }
    )

    await connector.create_scorecard(paper(score=Points(value=1, max=2)))

    recorded = [
        SAMPLES["feedback_templates.create.request.json"]["data"],
        SAMPLES["feedback_templates.update.request.json"]["data"],
    ]
    made = replay.writes[0].body
    known = {key for one in recorded for field in one["fields"] for key in field}
    assert made.keys() <= {key for one in recorded for key in one}
    assert {key for field in made["fields"] for key in field} <= known
    assert replay.writes[0].params == {}
    [options] = [one["options"] for one in made["fields"] if "options" in one]
    assert all(one.keys() == {"text"} for one in options)


async def test_a_note_is_written_as_recorded_and_shown() -> None:
    recorded = SAMPLES["notes.create.request.json"]
    connector, replay = lever(**{f"POST {NOTES}": SAMPLES["notes.create.json"]})
    draft = NoteDraft(candidate_id="c", content=recorded["data"]["value"])

    note = await connector.create_application_note(OPPORTUNITY, draft)

    [sent] = replay.writes
    assert (sent.params, sent.body) == (recorded["params"], recorded["data"])
    assert (note.id, note.body) == (SAMPLES["notes.create.json"]["data"]["id"], draft.content)


async def test_a_changed_note_is_read_as_recorded() -> None:
    sample = SAMPLES["notes.get.json"]["data"]
    path = f"{NOTES}/{sample['id']}"
    connector, _ = lever(
        **{f"PUT {path}": {"data": {"noteId": sample["id"]}}, f"GET {path}": {"data": sample}}
    )
    draft = NoteDraft(candidate_id="c", application_id=OPPORTUNITY, content="Hi")

    note = await connector.update_note(sample["id"], draft)

    assert note.body == sample["fields"][0]["value"]


async def test_a_link_and_a_tag_are_added_as_recorded() -> None:
    links = SAMPLES["opportunities.links.update.request.json"]
    connector, replay = lever(
        **{
            "POST /addLinks": SAMPLES["opportunities.links.update.json"],
            "POST /addTags": SAMPLES["opportunities.tags.update.json"],
            f"GET /opportunities/{OPPORTUNITY}": SAMPLES["opportunities.tags.update.json"],
        }
    )

    score = await connector.add_result_link(paper(report_url=LINK))

    linked, tagged = replay.writes
    assert (linked.params, linked.body) == (links["params"], links["data"])
    assert (tagged.params, tagged.body) == (links["params"], {"tags": ["Skills: PASS"]})
    assert json.loads(score.remote_id or "") == [LINK, "Skills: PASS"]


async def test_a_recorded_link_and_tag_are_found_in_their_answers() -> None:
    connector, _ = lever(
        **{
            "POST /addLinks": SAMPLES["opportunities.links.update.json"],
            "POST /addTags": SAMPLES["opportunities.tags.update.json"],
        }
    )
    unsaid = ScoreDraft(assessment=AssessmentNamed(name=TAG), report_url=LINK)
    shown = {"assessment": (TAG,), "reportUrl": (LINK,)}

    score = await connector.add_result_link(
        kit.Paper(unsaid, TEXT, shown, application_id=OPPORTUNITY)
    )

    assert score.fields_written == ["assessment", "reportUrl"]

"""Scores in Lever beside feedback: profile forms, a link with a tag."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats.lever import Lever
from hireloom.models import (
    ScoreChannel,
)
from tests.connectors.ats.lever_account import MILLIS, page
from tests.connectors.ats.lever_score import (
    NO_FIELD,
    REFUSED,
    REPORT,
    before,
    changed,
    echo,
    field,
    lever,
    paper,
    template,
    values,
    why,
)
from tests.replay import Replay

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

"""Scores in Ashby's custom fields: the exact calls, and what counts."""

from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats.ashby import Ashby
from hireloom.kit.rehearsal import Rehearsal
from hireloom.models import (
    Points,
)
from tests.connectors.ats.ashby_organisation import done, uid
from tests.connectors.ats.ashby_papers import (
    FORBIDDEN,
    REPORT,
    UNCONFIRMED,
    altered,
    bare,
    paper,
    reasons,
)
from tests.replay import Replay, Reply

NO_FIELD = "no custom field holds it"
FIELDS = "POST /customField.list"
SET = "POST /customField.setValues"


def custom(number: int, title: str, kind: str = "String", **more: Any) -> dict[str, Any]:
    return {
        "id": uid("field", number),
        "title": title,
        "objectType": more.pop("owner", "Application"),
        "fieldType": kind,
        "isArchived": False,
        "selectableValues": more.pop("options", None),
        **more,
    }


def option(label: str, value: str) -> dict[str, str]:
    return {"label": label, "value": value}


def record(record_id: str, **held_values: Any) -> Any:
    fields = [{"id": uid("field", int(one[1:])), "value": held_values[one]} for one in held_values]
    return done({"id": record_id, "customFields": fields, "candidate": {"id": "found"}})


def laid_down(**numbers: int) -> dict[str, str]:
    return {name.replace("_", "."): uid("field", number) for name, number in numbers.items()}


async def test_fields_of_the_application_are_set_in_one_call_and_read_again() -> None:
    definitions = [
        custom(1, "Points", "Number"),
        custom(2, "Outcome", "ValueSelect", options=[option("PASS", "o-1")]),
        custom(3, "Day", "Date"),
        custom(4, "Link", "Url"),
        custom(5, "Level", "MultiValueSelect", options=[option("strong", "l-1")]),
        custom(6, "Words", "LongText"),
    ]
    shown = {
        "f1": "89",
        "f2": "o-1",
        "f3": "2026-04-01T00:00:00.000Z",
        "f4": REPORT,
        "f5": ["l-1"],
        "f6": "Kept calm in a storm.",
    }
    replay = Replay(
        {FIELDS: done(definitions), SET: done([]), "POST /application.info": record("app", **shown)}
    )
    layout = {
        **laid_down(score=1, result=2, score_label=5, notes=6),
        "completedAt": uid("field", 3),
        "reportUrl": uid("field", 4),
    }

    written = await replay.connect(Ashby).update_score_fields(paper(custom_fields=layout))

    (write,) = replay.writes
    assert (write.body["objectId"], write.body["objectType"]) == ("app", "Application")
    assert {one["fieldId"]: one["fieldValue"] for one in write.body["values"]} == {
        uid("field", 1): 89,
        uid("field", 2): "o-1",
        uid("field", 3): "2026-04-01",
        uid("field", 4): REPORT,
        uid("field", 5): ["l-1"],
        uid("field", 6): "Kept calm\nin a storm.",
    }
    assert written.remote_id == "app"
    assert written.fields_written == ["completedAt", "score", "result", "reportUrl", "notes"]
    assert reasons(written) == dict.fromkeys(
        ("assessment", "breakdown", "evaluator", "attributes", "score.percentile"), NO_FIELD
    )


@pytest.mark.parametrize("value", [None, 8.9, "98", True])
async def test_a_value_that_the_record_does_not_show_is_not_written(value: Any) -> None:
    definitions = [custom(1, "Points", "Number"), custom(2, "Link", "Url")]
    shown = record("app", f1=value, f2=REPORT)
    replay = Replay({FIELDS: done(definitions), SET: done({}), "POST /application.info": shown})
    layout = {"score": uid("field", 1), "reportUrl": uid("field", 2)}

    written = await replay.connect(Ashby).update_score_fields(paper(custom_fields=layout))

    assert written.fields_written == ["reportUrl"]
    assert reasons(written)["score"] == UNCONFIRMED
    assert reasons(written)["notes"] == NO_FIELD


@pytest.mark.parametrize(("candidate_id", "expected"), [("cand", "cand"), (None, "found")])
async def test_fields_of_the_candidate_are_set_there(
    candidate_id: str | None, expected: str
) -> None:
    replay = Replay(
        {
            FIELDS: done([custom(1, "Points", "Number", owner="Candidate")]),
            "POST /application.info": record("app"),
            SET: done({}),
            "POST /candidate.info": record(expected, f1=89),
        }
    )
    wanted = paper(altered(candidate_id=candidate_id), custom_fields=laid_down(score=1))

    written = await replay.connect(Ashby).update_score_fields(wanted)

    (write,) = replay.writes
    assert (write.body["objectId"], write.body["objectType"]) == (expected, "Candidate")
    assert (written.remote_id, written.fields_written) == (expected, ["score"])


async def test_fields_that_may_not_be_read_are_set_and_not_claimed() -> None:
    replay = Replay(
        {
            FIELDS: done([custom(1, "Points", "Number")]),
            SET: done({}),
            "POST /application.info": FORBIDDEN,
        }
    )

    written = await replay.connect(Ashby).update_score_fields(
        paper(custom_fields=laid_down(score=1))
    )

    assert (written.remote_id, written.fields_written) == ("app", [])
    assert reasons(written)["score"] == UNCONFIRMED


async def test_a_layout_may_have_fields_of_both() -> None:
    replay = Replay(
        {
            FIELDS: done([custom(1, "P", "Number"), custom(2, "N", owner="Candidate")]),
            SET: done({}),
            "POST /application.info": record("app", f1=89),
            "POST /candidate.info": record("cand", f2="Kept calm in a storm."),
        }
    )

    written = await replay.connect(Ashby).update_score_fields(
        paper(custom_fields=laid_down(score=1, notes=2))
    )

    assert [one.body["objectType"] for one in replay.writes] == ["Application", "Candidate"]
    assert (written.remote_id, written.fields_written) == ("app", ["score", "notes"])


async def test_a_field_called_like_the_assessment_is_the_applications_first() -> None:
    definitions = [
        custom(1, "Sailing test score", "Number", owner="Candidate"),
        custom(2, "Sailing Test Score", "Number"),
    ]
    replay = Replay(
        {FIELDS: done(definitions), SET: done({}), "POST /application.info": record("app", f2=89)}
    )

    written = await replay.connect(Ashby).update_score_fields(paper(by_name=True))

    (write,) = replay.writes
    assert write.body["values"] == [{"fieldId": uid("field", 2), "fieldValue": 89}]
    assert written.fields_written == ["score"]


@pytest.mark.parametrize(
    ("definition", "more"),
    [
        (custom(1, "Points", "Number"), {}),
        (custom(1, "Points", "Number"), {"by_name": True}),
        (custom(1, "Points", "Number"), {"custom_fields": laid_down(score=2)}),
        (custom(1, "Points", "Number", owner="Job"), {"custom_fields": laid_down(score=1)}),
        (custom(1, "P", "Number", isArchived=True), {"custom_fields": laid_down(score=1)}),
        (custom(1, "Points", "Date"), {"custom_fields": laid_down(score=1)}),
        (
            custom(1, "Points", "Number"),
            {"custom_fields": laid_down(score=1), "score": altered(application_id=None)},
        ),
    ],
)
async def test_without_a_field_that_suits_nothing_is_set(
    definition: dict[str, Any], more: dict[str, Any]
) -> None:
    replay = Replay({FIELDS: done([definition])})

    with pytest.raises(kit.NoPlaceError):
        await replay.connect(Ashby).update_score_fields(paper(**more))

    assert replay.writes == []


async def test_fields_in_a_dry_run_count_as_they_would_be_set() -> None:
    rehearsal = Rehearsal(Replay({FIELDS: done([custom(1, "Points", "Number")])}))

    written = await Ashby(rehearsal).update_score_fields(
        paper(bare(score=Points(value=1, max=2)), custom_fields=laid_down(score=1))
    )

    assert [one.template for one in rehearsal.writes] == ["/customField.setValues"]
    assert written.fields_written == ["score"]


async def test_fields_that_the_key_may_not_set_are_said() -> None:
    replay = Replay({FIELDS: done([custom(1, "P", "Number")]), SET: Reply(None, status=403)})

    with pytest.raises(kit.HireloomError) as caught:
        await replay.connect(Ashby).update_score_fields(paper(custom_fields=laid_down(score=1)))

    assert not isinstance(caught.value, kit.NoPlaceError)

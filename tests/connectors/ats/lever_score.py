"""A score for Lever, its forms, and what Lever says to it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from hireloom import kit
from hireloom.connectors.ats.lever import Lever
from hireloom.models import (
    AssessmentNamed,
    BreakdownPart,
    Points,
    ScoreChannel,
    ScoreDraft,
    Verdict,
    WrittenScore,
)
from tests.connectors.ats.lever_account import START, account
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
NO_FIELD = "no field of this form in Lever holds it"
RATINGS = [{"text": text} for text in ("4 - Strong Hire", "3 - Hire", "2 - No Hire", "1 - No")]
REFUSED = Reply({"code": "Forbidden", "message": "no"}, status=403)


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


def values(sent: Sent) -> dict[str, Any]:
    rows = sent.body.get("fieldValues") or sent.body["fields"]
    return {one["id"]: one["value"] for one in rows}


def why(made: WrittenScore) -> dict[str, str]:
    return {one.field: one.reason for one in made.fields_dropped}

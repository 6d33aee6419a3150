"""A score on its way to Greenhouse: a welding test that Runa Falk took for application 701."""

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from hireloom import kit
from hireloom.models import (
    AssessmentNamed,
    BreakdownPart,
    Evaluator,
    Points,
    ScoreAttribute,
    ScoreDraft,
    Verdict,
)

SCORE = ScoreDraft(
    assessment=AssessmentNamed(name="Seam test", type="welding"),
    candidate_id="51",
    application_id="701",
    completed_at=datetime(2026, 5, 4, 9, 30, tzinfo=UTC),
    score=Points(value=81, max=100, label="Good", percentile=90.5),
    breakdown=(
        BreakdownPart(label="TIG", value=18, max=20, note="steady"),
        BreakdownPart(label="MIG", value=2.5, max=5, min=1),
    ),
    result=Verdict.PASS,
    report_url="https://tests.example/r/9",
    evaluator=Evaluator(name="Ida Moor", id="11"),
    notes="Neat seams",
    attributes=(ScoreAttribute(label="Own helmet?", value=True),),
)
TEXT = """Seam test
Completed: 4 May 2026
Overall: 81/100 (Good)
TIG: 18/20
MIG: 2.5/5
Result: passed
Evaluator: Ida Moor
Neat seams
Own helmet?: yes
https://tests.example/r/9"""
SHOWN = {
    "assessment": ("Seam test",),
    "completedAt": ("4 May 2026",),
    "score": ("81/100", "Good"),
    "breakdown": ("TIG: 18/20", "MIG: 2.5/5"),
    "result": ("passed",),
    "reportUrl": ("https://tests.example/r/9",),
    "evaluator": ("Ida Moor",),
    "notes": ("Neat seams",),
    "attributes": ("Own helmet?: yes",),
}
ALL = [
    "assessment",
    "completedAt",
    "score",
    "breakdown",
    "result",
    "reportUrl",
    "evaluator",
    "notes",
    "attributes",
]


def paper(score: dict[str, Any] | None = None, **changed: Any) -> kit.Paper:
    """The paper, with changes to the score and to the paper itself."""
    draft = replace(SCORE, **(score or {}))
    base: dict[str, Any] = {
        "application_id": "701",
        "candidate_id": "51",
        "job_id": "21",
        "shown": SHOWN,
    }
    return kit.Paper(score=draft, text=kit.NoteText(TEXT, False), **{**base, **changed})

"""A score on its way to Ashby, as the tests of its channels push it."""

from datetime import UTC, datetime
from typing import Any

import msgspec

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
from tests.replay import Reply

UNCONFIRMED = "Ashby did not confirm it"
FORBIDDEN = Reply({"success": False, "errors": ["missing_endpoint_permission"]}, status=403)
REPORT = "https://tests.example/reports/7"
SCORE = ScoreDraft(
    assessment=AssessmentNamed(name="Sailing Test", type="skills"),
    candidate_id="cand",
    application_id="app",
    completed_at=datetime(2026, 4, 1, 9, tzinfo=UTC),
    score=Points(value=89, max=100, label="Strong", percentile=92.5),
    breakdown=(
        BreakdownPart(label="Knots", value=8, max=10, note="Quick hands"),
        BreakdownPart(label="Balance", value=3, min=1, max=4),
    ),
    result=Verdict.PASS,
    report_url=REPORT,
    evaluator=Evaluator(name="Olav Berg", email="olav@harbor.example"),
    notes="Kept calm\nin a storm.",
    attributes=(ScoreAttribute(label="Boat", value="Dinghy"),),
)
PLAIN = (
    "Sailing Test\n\nCompleted: 1 April 2026\nScore: 89/100 (Strong, 92.5th percentile)\n"
    "• Knots: 8/10 (Quick hands)\n• Balance: 3/4\nResult: PASS\nEvaluator: Olav Berg\n"
    f"Kept calm\nin a storm.\nBoat: Dinghy\nReport: {REPORT}"
)
SHOWN = {
    "assessment": ("Sailing Test",),
    "completedAt": ("1 April 2026",),
    "score": ("89/100", "Strong", "92.5th"),
    "breakdown": ("Knots: 8/10", "Quick hands", "Balance: 3/4"),
    "result": ("PASS",),
    "reportUrl": (REPORT,),
    "evaluator": ("Olav Berg",),
    "notes": ("Kept calm\nin a storm.",),
    "attributes": ("Boat: Dinghy",),
}


def paper(score: ScoreDraft | None = None, **more: Any) -> kit.Paper:
    wanted = score or SCORE
    usual: dict[str, Any] = {
        "text": kit.NoteText(PLAIN, is_html=False),
        "shown": SHOWN,
        "application_id": wanted.application_id,
        "candidate_id": wanted.candidate_id,
    }
    return kit.Paper(score=wanted, **(usual | more))


def altered(**changes: Any) -> ScoreDraft:
    return msgspec.structs.replace(SCORE, **changes)


def bare(**more: Any) -> ScoreDraft:
    """The least that a score is."""
    named = AssessmentNamed(name="Sailing Test")
    return ScoreDraft(assessment=named, candidate_id="cand", application_id="app", **more)


def reasons(written: Any) -> dict[str, str]:
    return {one.field: one.reason for one in written.fields_dropped}

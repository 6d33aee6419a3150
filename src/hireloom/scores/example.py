"""A score to look at: for previews of templates, for documentation, and to try templates with."""

from datetime import UTC, datetime
from typing import Any

from hireloom.models import Evaluator, Points, ScoreAttribute, ScoreDraft, Verdict
from hireloom.models.score import AssessmentNamed, BreakdownPart

EXAMPLE = ScoreDraft(
    assessment=AssessmentNamed(
        name="Technical Coding Assessment", type="coding", id="coding-7", provider="Testbench"
    ),
    candidate_id="cand_789",
    application_id="app_456",
    completed_at=datetime(2025, 1, 15, 14, 30, tzinfo=UTC),
    score=Points(value=89, max=100, label="Strong", percentile=93),
    breakdown=(
        BreakdownPart(label="Algorithm Design", value=87, max=100),
        BreakdownPart(label="Code Quality", value=92, max=100, note="Clear names throughout"),
        BreakdownPart(label="Problem Solving", value=88, max=100),
    ),
    result=Verdict.PASS,
    report_url="https://testbench.example/reports/7f3a",
    evaluator=Evaluator(name="Grace Hopper", email="grace@testbench.example"),
    notes="Quick and sure with data structures.\nHer code explains itself and comes with tests.",
    attributes=(
        ScoreAttribute(label="Language", value="Python"),
        ScoreAttribute(label="Minutes needed", value=52.5),
        ScoreAttribute(label="Camera on", value=True),
    ),
    external_id="attempt-1",
)
PEOPLE = {"candidate": "Ada Lovelace", "job": "Backend Engineer", "evaluator": "Grace Hopper"}
BARE = ScoreDraft(assessment=AssessmentNamed(name="Typing Test"), candidate_id="cand_789")

# The same facts as a caller sends them, for documentation.
REQUEST: dict[str, Any] = {
    "candidateId": "50001",
    "applicationId": "70001",
    "assessment": {"name": "Technical Coding Assessment", "type": "coding"},
    "completedAt": "2025-01-15T14:30:00Z",
    "score": {"value": 89, "max": 100},
    "breakdown": [
        {"label": "Algorithm Design", "value": 87, "max": 100},
        {"label": "Code Quality", "value": 92, "max": 100},
        {"label": "Problem Solving", "value": 88, "max": 100},
    ],
    "result": "PASS",
    "reportUrl": "https://testbench.example/reports/7f3a",
    "notes": "Quick and sure with data structures.",
    "externalId": "attempt-1",
}

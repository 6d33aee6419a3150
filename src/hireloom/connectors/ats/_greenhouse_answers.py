"""Greenhouse Harvest v3: which questions of a scorecard a score answers."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from hireloom import kit
from hireloom.connectors.ats import _greenhouse_records as wire
from hireloom.connectors.ats._greenhouse_joins import children
from hireloom.connectors.ats._greenhouse_partner import lines
from hireloom.models import ScoreDraft, Verdict

_NO_WORD = re.compile(r"[\W_]+")
SELECTS = {"single_select", "multi_select"}


async def answers_for(
    ats: kit.Connector, interview_kit: int, score: ScoreDraft
) -> list[dict[str, Any]]:
    """Answers to the kit's questions that are called like a part of the score, where their type

    can hold it. What may not be read is not answered: the text of the score goes along anyway.
    """
    parts = parts_of(score)
    try:
        held = await children(
            ats,
            "/scorecard_questions",
            wire.GreenhouseScorecardQuestion,
            "interview_kit_id",
            [interview_kit],
        )
        asked = [
            (one, parts[name])
            for one in held.get(interview_kit, ())
            if one.active is not False and (name := key(one.question)) in parts
        ]
        options = await children(
            ats,
            "/scorecard_question_options",
            wire.GreenhouseQuestionChoice,
            "scorecard_question_id",
            [one.id for one, _ in asked if one.answer_type in SELECTS],
        )
    except kit.PermissionMissingError:
        return []
    pairs = [(one.id, answer(one, value, options.get(one.id, ()))) for one, value in asked]
    return [
        {"scorecard_question_id": number, "value": value}
        for number, value in pairs
        if value is not None
    ]


def parts_of(score: ScoreDraft) -> dict[str, Any]:
    """The parts by name, of two with one name the first."""
    named: dict[str, Any] = {}
    for field, label, value in lines(score):
        named.setdefault(key(label), score.result if field == "result" else value)
    if "score" in named:
        named.setdefault("overallscore", named["score"])
    if score.report_url:
        named.setdefault("report", score.report_url)
    return named


def key(text: str | None) -> str:
    """A question's or a part's name: its letters and digits; questions may hold simple HTML."""
    return _NO_WORD.sub("", kit.to_plain(text or "")).casefold()


def answer(
    question: wire.GreenhouseScorecardQuestion,
    value: Any,
    options: Sequence[wire.GreenhouseQuestionChoice],
) -> Any:
    """None where a question of this type cannot hold the value. Options are chosen by number."""
    if question.answer_type == "text":
        return str(value)
    if question.answer_type == "yes_no":
        return value if isinstance(value, bool) else VERDICTS.get(value)
    if question.answer_type not in SELECTS:
        return None
    words = {key(str(value)), key(str(value).partition("/")[0])}
    number = next(
        (one.id for one in options if one.active is not False and key(one.name) in words), None
    )
    if number is None:
        return None
    return [number] if question.answer_type == "multi_select" else number


VERDICTS: Mapping[Any, bool] = {Verdict.PASS: True, Verdict.FAIL: False}

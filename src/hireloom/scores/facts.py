"""A score as templates see it, and as it can be found again in a text."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hireloom.kit.scores import squeezed
from hireloom.models import BreakdownPart, Evaluator, Points, ScoreDraft, Verdict
from hireloom.models.score import AssessmentStatus
from hireloom.scores.words import Reader

LONG = 100  # characters of a piece that is no number any more
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")

# By which variables a template shows a field.
READ_AS: Mapping[str, frozenset[str]] = {
    "assessment": frozenset({"assessment"}),
    "status": frozenset({"status"}),
    "completedAt": frozenset({"completed"}),
    "score": frozenset({"score"}),
    "breakdown": frozenset({"breakdown"}),
    "result": frozenset({"result", "verdict"}),
    "reportUrl": frozenset({"report_url"}),
    "evaluator": frozenset({"evaluator"}),
    "notes": frozenset({"notes"}),
    "attributes": frozenset({"attributes"}),
}
Facts = Mapping[str, Any]
Pieces = tuple[str, ...]


def facts(
    score: ScoreDraft, people: Mapping[str, str], reader: Reader, rest: str | None = None
) -> Facts:
    """The variables of a template; what the score does not say is None or an empty list.

    `people` has the names of the `candidate`, the `job` and the `evaluator`, where they are known.
    `rest` is a sentence for a score that was cut.
    """
    words, verdict, test = reader.words, score.result, score.assessment
    done = score.status is AssessmentStatus.COMPLETED
    return {
        "assessment": {
            "name": seen(test.name),
            "text": seen(test.name),
            "type": seen(test.type),
            "id": seen(test.id),
            "provider": seen(test.provider),
        },
        "status": None if done else words[score.status.value],
        "completed": reader.day(score.completed_at) if score.completed_at else None,
        "score": _points(score.score, reader) if score.score else None,
        "breakdown": tuple(_part(one, reader) for one in score.breakdown),
        "result": None if verdict is Verdict.NOT_SPECIFIED else words[verdict.value],
        "verdict": verdict.value,
        "evaluator": seen(_evaluator(score.evaluator, people.get("evaluator"))),
        "notes": seen(score.notes),
        "rest": rest,
        "report_url": seen(score.report_url),
        "attributes": tuple(
            {"label": seen(one.label), "value": one.value, "text": seen(reader.shown(one.value))}
            for one in score.attributes
        ),
        "candidate": seen(people.get("candidate")),
        "job": seen(people.get("job")),
        "words": words,
    }


def seen(text: str | None) -> str | None:
    """Without control characters, with plain line ends; None for an empty text."""
    if text is None:
        return None
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip() or None


def found(field: str, of: Facts, text: str) -> Pieces | None:
    """The pieces that show this field in a squeezed text; None where it is not all there."""
    ways = (way for way in WAYS[field](of) if way)
    return next((way for way in ways if holds(text, way)), None)


def details(of: Facts) -> list[str]:
    """Parts of fields that a template may leave out though it shows the field."""
    return [name for name in DETAILS if any(WAYS[name](of))]


def holds(text: str, pieces: Pieces) -> bool:
    """Whether every piece is there as often as it is due; a number not as a part of another."""
    due = Counter(squeezed(piece) for piece in pieces)
    return all(_times(text, piece) >= count for piece, count in due.items())


def _times(text: str, piece: str) -> int:
    if len(piece) > LONG or not (piece[:1].isdigit() or piece[-1:].isdigit()):
        return text.count(piece)
    before = r"(?<![\d.,])" if piece[:1].isdigit() else ""
    after = r"(?!\d)" if piece[-1:].isdigit() else ""
    return len(re.findall(before + re.escape(piece) + after, text))


def _points(points: Points, reader: Reader) -> dict[str, Any]:
    words = reader.words
    percentile = None if points.percentile is None else reader.number(points.percentile)
    low, high = reader.number(points.min), reader.number(points.max)
    about = (
        seen(points.label),
        percentile and f"{words['percentile']} {percentile}",
        f"{words['scale']} {low}–{high}" if points.min != 0 else None,
    )
    return {
        "text": f"{reader.number(points.value)}/{high}",
        "value": points.value,
        "value_text": reader.number(points.value),
        "min": points.min,
        "max": points.max,
        "label": seen(points.label),
        "percentile": points.percentile,
        "percentile_text": percentile,
        "details": ", ".join(one for one in about if one) or None,
    }


def _part(part: BreakdownPart, reader: Reader) -> dict[str, Any]:
    return {
        "label": seen(part.label),
        "text": f"{reader.number(part.value)}/{reader.number(part.max)}",
        "value": part.value,
        "value_text": reader.number(part.value),
        "min": part.min,
        "max": part.max,
        "note": seen(part.note),
    }


def _evaluator(who: str | Evaluator | None, name: str | None) -> str | None:
    if isinstance(who, Evaluator):
        return who.name or name or who.email or who.id
    return who


def _one(label: str, name: str) -> Callable[[Facts], Iterator[Pieces]]:
    def ways(of: Facts) -> Iterator[Pieces]:
        value, words = of[name], of["words"]
        if value:
            yield (f"{words[label]}{words['colon']} {value}",)
            yield (value,)

    return ways


def _assessment(of: Facts) -> Iterator[Pieces]:
    yield (of["assessment"]["name"] or "",)


def _score(of: Facts) -> Iterator[Pieces]:
    points, words = of["score"], of["words"]
    yield (f"{words['score']}{words['colon']} {points['text']}",)
    yield (points["text"],)
    yield (points["value_text"],)


def _result(of: Facts) -> Iterator[Pieces]:
    yield from _one("result", "result")(of)
    if of["result"]:
        yield (of["verdict"],)


def _label(of: Facts) -> Iterator[Pieces]:
    if of["score"] and of["score"]["label"]:
        yield (of["score"]["label"],)


def _percentile(of: Facts) -> Iterator[Pieces]:
    if of["score"] and (number := of["score"]["percentile_text"]):
        yield (f"{of['words']['percentile']} {number}",)
        yield (number,)


def _remarks(of: Facts) -> Iterator[Pieces]:
    yield tuple(one["note"] for one in of["breakdown"] if one["note"])


def _rows(name: str) -> Callable[[Facts], Iterator[Pieces]]:
    def ways(of: Facts) -> Iterator[Pieces]:
        rows, colon = of[name], of["words"]["colon"]
        yield tuple(f"{row['label'] or ''}{colon} {row['text'] or ''}" for row in rows)
        for value in ("text", "value_text"):
            if all(value in row for row in rows):
                yield tuple(one for row in rows for one in (row["label"], row[value]) if one)

    return ways


WAYS: Mapping[str, Callable[[Facts], Iterator[Pieces]]] = {
    "assessment": _assessment,
    "status": _one("status", "status"),
    "completedAt": _one("completed", "completed"),
    "score": _score,
    "breakdown": _rows("breakdown"),
    "result": _result,
    "reportUrl": _one("report", "report_url"),
    "evaluator": _one("evaluator", "evaluator"),
    "notes": _one("notes", "notes"),
    "attributes": _rows("attributes"),
    "score.label": _label,
    "score.percentile": _percentile,
    "breakdown.note": _remarks,
}
DETAILS = ("score.label", "score.percentile", "breakdown.note")

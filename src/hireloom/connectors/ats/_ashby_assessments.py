"""A score as Ashby's assessments hold it: every value is a blob with an identifier and a type.

What a blob's `description` is shown as is nowhere said, so it has only what makes a number whole:
its scale, and a remark.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hireloom import kit
from hireloom.connectors.ats._ashby_forms import is_same, text_of
from hireloom.models import (
    AssessmentStatus,
    BreakdownPart,
    Dropped,
    Evaluator,
    Points,
    ScoreDraft,
    Verdict,
    WrittenScore,
)

UNCONFIRMED = "Ashby did not confirm it"
STATUS_NAMES = {
    AssessmentStatus.STARTED: "Started",
    AssessmentStatus.IN_PROGRESS: "In progress",
    AssessmentStatus.COMPLETED: "Completed",
    AssessmentStatus.EXPIRED: "Expired",
    AssessmentStatus.CANCELLED: "Cancelled",
}
GIVEN_UP = (AssessmentStatus.EXPIRED, AssessmentStatus.CANCELLED)
PASSED = {Verdict.PASS: True, Verdict.FAIL: False}
# The members of an update that are blobs themselves, and so have the identifier of their own name.
STATUS = "assessment_status"
RESULT = "assessment_result"
REPORT = "assessment_profile_url"
REASON = "cancelled_reason"
NAME = "assessmentName"  # no blob, but echoed all the same


@dataclass(frozen=True)
class Told:
    """A blob, and the field of the score that it tells; `with_it` are the parts of that field

    which stand in the blob's description.
    """

    field: str
    blob: Mapping[str, Any]
    with_it: tuple[str, ...] = ()


def blob(
    identifier: str, label: str, kind: str, value: Any, description: str | None = None
) -> dict[str, Any]:
    made = {"identifier": identifier, "label": label, "type": kind, "value": value}
    return made if description is None else {**made, "description": description}


def text_blob(identifier: str, label: str, value: str) -> dict[str, Any]:
    return blob(identifier, label, "string", value)


def to_result(score: ScoreDraft) -> Told:
    """What makes an assessment complete: the score, else whether it was passed, else a word."""
    points = score.score
    if points is not None:
        made = blob(RESULT, "Score", "numeric_score", points.value, scale_text(points))
        return Told("score", made, ("score.max",))
    if score.result in PASSED:
        return Told("result", blob(RESULT, "Result", "boolean_success", PASSED[score.result]))
    if score.result is Verdict.REVIEW:
        return Told("result", text_blob(RESULT, "Result", score.result.value))
    return Told("status", text_blob(RESULT, "Result", STATUS_NAMES[score.status]))


def to_status(score: ScoreDraft) -> Told:
    return Told("status", text_blob(STATUS, "Status", STATUS_NAMES[score.status]))


def to_report(url: str) -> Told:
    return Told("reportUrl", blob(REPORT, "Report", "url", url))


def to_reason(score: ScoreDraft) -> Told:
    """Why a test was given up; the notes say so where there are any."""
    field = "notes" if score.notes else "status"
    return Told(field, reason_blob(score.notes or STATUS_NAMES[score.status]))


def reason_blob(reason: str) -> dict[str, Any]:
    return text_blob(REASON, "Reason", reason)


def to_name(score: ScoreDraft) -> Told:
    return Told("assessment", text_blob("assessment", "Assessment", score.assessment.name))


def to_metadata(score: ScoreDraft) -> list[Told]:
    """All of a score but its name, its result and its report, with identifiers that differ."""
    return unique(
        [
            *_of_points(score.score),
            *(_of_part(part) for part in score.breakdown),
            *_of_verdict(score),
            *_of_time(score),
            *_of_words(score),
            *(
                Told("attributes", text_blob(slug(one.label), one.label, plain(one.value)))
                for one in score.attributes
            ),
        ]
    )


def _of_points(points: Points | None) -> Iterator[Told]:
    if points is not None and points.label:
        yield Told("score.label", text_blob("score_label", "Score label", points.label))
    if points is not None and points.percentile is not None:
        value = blob("percentile", "Percentile", "numeric_score", points.percentile)
        yield Told("score.percentile", value)


def _of_part(part: BreakdownPart) -> Told:
    remark = f"{scale_text(part)} – {part.note}" if part.note else scale_text(part)
    with_it = ("breakdown.max", "breakdown.note") if part.note else ("breakdown.max",)
    made = blob(slug(part.label), part.label, "numeric_score", part.value, remark)
    return Told("breakdown", made, with_it)


def _of_verdict(score: ScoreDraft) -> Iterator[Told]:
    if score.score is None or score.result is Verdict.NOT_SPECIFIED:
        return
    if score.result in PASSED:
        yield Told("result", blob("result", "Result", "boolean_success", PASSED[score.result]))
    else:
        yield Told("result", text_blob("result", "Result", score.result.value))


def _of_time(score: ScoreDraft) -> Iterator[Told]:
    millis = kit.to_millis(score.completed_at)
    if millis is not None:
        made = blob("completed_at", "Completed", "numeric_timestamp_milliseconds", millis)
        yield Told("completedAt", made)


def _of_words(score: ScoreDraft) -> Iterator[Told]:
    who = evaluator_text(score.evaluator)
    if who:
        yield Told("evaluator", text_blob("evaluator", "Evaluator", who))
    if score.notes:
        yield Told("notes", text_blob("notes", "Notes", score.notes))


def unique(several: Iterable[Told]) -> list[Told]:
    """The second blob of the same identifier gets a number."""
    taken = {STATUS, RESULT, REPORT, REASON, NAME, "assessment"}
    found: list[Told] = []
    for one in several:
        name = wanted = str(one.blob["identifier"])
        count = 1
        while name in taken:
            count += 1
            name = f"{wanted}_{count}"
        taken.add(name)
        found.append(Told(one.field, {**one.blob, "identifier": name}, one.with_it))
    return found


def slug(label: str) -> str:
    """`Problem solving` as `problem_solving`; a label without Latin letters becomes `part`."""
    plain_letters = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain_letters.lower()).strip("_") or "part"


def plain(value: str | int | float | bool) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return text_of(value) or ""


def scale_text(points: Points | BreakdownPart) -> str:
    """89/100, and where the scale does not begin at zero: 3/5 (from 1)."""
    text = f"{plain(points.value)}/{plain(points.max)}"
    return f"{text} (from {plain(points.min)})" if points.min else text


def evaluator_text(evaluator: str | Evaluator | None) -> str | None:
    if evaluator is None or isinstance(evaluator, str):
        return evaluator
    if evaluator.name and evaluator.email:
        return f"{evaluator.name} ({evaluator.email})"
    return evaluator.name or evaluator.email or evaluator.id


# What Ashby answers.


def to_written(
    paper: kit.Paper, remote_id: str, told: list[Told], held: Mapping[str, Any] | None, unsent: str
) -> WrittenScore:
    """`held` are the values by identifier, None where the answer only said that all was taken."""
    sent = {one.field for one in told}
    lost = {one.field for one in told if held is not None and not is_held(one, held)}
    found = [name for name in paper.given if name in sent - lost]
    left = [
        Dropped(field=name, reason=UNCONFIRMED if name in sent else unsent)
        for name in paper.given
        if name not in found
    ]
    partly = {
        part: None
        for one in told
        for part in one.with_it
        if held is not None and one.field not in lost and not has_description(one, held)
    }
    parts = [*(name for name in lost if "." in name), *partly]
    left += [Dropped(field=name, reason=UNCONFIRMED) for name in sorted(parts)]
    return WrittenScore(remote_id=remote_id, fields_written=found, fields_dropped=left)


def is_held(told: Told, held: Mapping[str, Any]) -> bool:
    there = held.get(told.blob["identifier"])
    return there is not None and is_same(told.blob["value"], there.get("value"))


def has_description(told: Told, held: Mapping[str, Any]) -> bool:
    there = held.get(told.blob["identifier"]) or {}
    return is_same(told.blob.get("description"), there.get("description"))


def blobs_in(results: Any, name: str = "") -> dict[str, Any]:
    """The blobs of an answer by identifier, however deep they lie; where a member of the call is

    echoed as its bare value, that counts as well.
    """
    if isinstance(results, list):
        return {key: one for inner in results for key, one in blobs_in(inner).items()}
    if isinstance(results, Mapping) and "value" in results:
        return {str(results.get("identifier") or name): results}
    if isinstance(results, Mapping):
        return {
            key: one
            for member, inner in results.items()
            for key, one in blobs_in(inner, str(member)).items()
        }
    is_bare = name in {STATUS, RESULT, REPORT, REASON, NAME} and results is not None
    return {name: {"value": results}} if is_bare else {}

"""A score as one of Ashby's feedback forms: which field takes what, and what was then held."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hireloom import kit
from hireloom.connectors.ats._ashby_assessments import (
    PASSED,
    UNCONFIRMED,
    evaluator_text,
    plain,
    scale_text,
)
from hireloom.connectors.ats._ashby_forms import OVERALL, fields_of, is_same, text_of
from hireloom.connectors.ats._ashby_shapes import AshbyForm, AshbyFormEntry, AshbyFormField
from hireloom.models import BreakdownPart, Dropped, Points, Verdict, WrittenScore

NO_FIELD = "the form has no field that it fits"
TEXTS = ("String", "LongText", "RichText")
RECOMMENDED = {  # UNCONFIRMED: a scale of four, as their answers show it
    Verdict.PASS: "3",
    Verdict.FAIL: "2",
}
OUTCOMES = {
    Verdict.PASS: ("pass", "passed"),
    Verdict.FAIL: ("fail", "failed"),
    Verdict.REVIEW: ("review", "needs review"),
}
# What a field may be called, in lower case, for each part of a score.
TITLES: Mapping[str, tuple[str, ...]] = {
    "assessment": ("assessment", "assessment name", "test", "test name"),
    "score": ("score", "overall score", "total score", "assessment score", "{name} score"),
    "score.label": ("score label", "level", "rating"),
    "score.percentile": ("percentile", "score percentile"),
    "result": ("result", "assessment result", "{name} result", "outcome", "verdict"),
    "completedAt": ("completed", "completed at", "completed on", "completion date"),
    "reportUrl": ("report", "report url", "report link", "assessment report", "{name} report"),
    "evaluator": ("evaluator", "evaluated by", "assessor", "reviewer"),
}
SUMMARIES = ("summary", "overall summary", "assessment summary", "{name} summary", "details")
REMARKS = ("notes", "note", "comments", "comment", "remarks", "evaluator notes", "feedback")
SUMMARY = "summary"


class AshbyFeedbackForm(kit.VendorStructCamel, frozen=True):
    id: str
    title: str | None = None
    is_archived: bool | None = None
    form_definition: AshbyForm | None = None


class AshbySubmitted(kit.VendorStructCamel, frozen=True):
    """Feedback as far as it tells what was taken."""

    id: Any = None
    submitted_values: Any = None
    submitted_by_user: Any = None
    submitted_at: Any = None


@dataclass(frozen=True)
class Filled:
    """A field's value, and the part of the score that it is: `score`, `breakdown.0` …"""

    path: str
    value: Any
    part: str


def find_form(paper: kit.Paper, forms: Iterable[AshbyFeedbackForm]) -> AshbyFeedbackForm:
    """The form that is laid down, or else the one that is called like the assessment."""
    there = [one for one in forms if not one.is_archived]
    if paper.form_id is not None:
        for form in there:
            if form.id == paper.form_id:
                return form
        raise kit.NoPlaceError("the feedback form that is laid down for it is not in Ashby")
    name = without_spaces(paper.title)
    for form in there:
        if without_spaces(form.title or "") == name:
            return form
    raise kit.NoPlaceError(f'Ashby has no feedback form called "{paper.title}"')


def without_spaces(text: str) -> str:
    return "".join(text.casefold().split())


def to_filled(paper: kit.Paper, form: AshbyFeedbackForm) -> list[Filled]:
    """Raises NoPlaceError where the form wants what the score has not, or takes nothing of it."""
    entries = [entry for _, entry in fields_of(form.form_definition)]
    parts = parts_of(paper)
    whole = whole_text_in(paper, entries)
    filled: list[Filled] = []
    for entry in entries:
        one = fill(paper, entry, parts, is_whole=entry.field.path == whole)
        if one is not None:
            filled.append(one)
        elif entry.is_required:
            title = entry.field.title or entry.field.path
            raise kit.NoPlaceError(
                f'the form "{form.title}" requires "{title}", which this score cannot fill'
            )
    if not any(one.path != OVERALL for one in filled):
        raise kit.NoPlaceError(f'no field of the form "{form.title}" is called like what it has')
    return filled


def fill(
    paper: kit.Paper, entry: AshbyFormEntry, parts: Mapping[str, tuple[str, Any]], *, is_whole: bool
) -> Filled | None:
    field = entry.field
    if field.path == OVERALL:
        word = RECOMMENDED.get(paper.score.result)
        value = offered(field, word) if entry.is_required and word is not None else None
        return None if value is None else Filled(field.path, value, "recommendation")
    title = normal(field.title or "")
    if title in parts:
        part, content = parts[title]
        value = formed(field, content)
        return None if value is None else Filled(field.path, value, part)
    if field.type not in TEXTS or title not in named(paper, (*SUMMARIES, *REMARKS)):
        return None
    if is_whole or title in named(paper, SUMMARIES):
        return Filled(field.path, as_text(field, paper.text.plain), SUMMARY)
    if paper.score.notes:
        return Filled(field.path, as_text(field, paper.score.notes), "notes")
    # A remark that the form wants, of a score that has none.
    return (
        Filled(field.path, as_text(field, paper.text.plain), SUMMARY) if entry.is_required else None
    )


def whole_text_in(paper: kit.Paper, entries: Sequence[AshbyFormEntry]) -> str | None:
    """The path of the field that takes all of the score as one text, so that nothing is lost."""
    fields = [entry.field for entry in entries if entry.field.type in TEXTS]
    for titles in (named(paper, SUMMARIES), named(paper, REMARKS)):
        for field in fields:
            if normal(field.title or "") in titles:
                return field.path
    return None


def parts_of(paper: kit.Paper) -> dict[str, tuple[str, Any]]:
    """What the score has, by what a field for it is called; its own labels come first."""
    score = paper.score
    contents: dict[str, Any] = {
        "assessment": score.assessment.name,
        "score": score.score,
        "score.label": score.score and score.score.label,
        "score.percentile": score.score and score.score.percentile,
        "result": None if score.result is Verdict.NOT_SPECIFIED else score.result,
        "completedAt": score.completed_at,
        "reportUrl": score.report_url,
        "evaluator": evaluator_text(score.evaluator),
    }
    found: dict[str, tuple[str, Any]] = {}
    for index, part in enumerate(score.breakdown):
        found.setdefault(normal(part.label), (f"breakdown.{index}", part))
    for index, one in enumerate(score.attributes):
        found.setdefault(normal(one.label), (f"attributes.{index}", one.value))
    for name, content in contents.items():
        for title in named(paper, TITLES[name]) if content is not None else ():
            found.setdefault(title, (name, content))
    return found


def named(paper: kit.Paper, titles: Iterable[str]) -> tuple[str, ...]:
    name = normal(paper.title)
    return tuple(title.format_map({"name": name}) for title in titles)


def normal(title: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", title.casefold()).split())


# A field's value.


def formed(field: AshbyFormField, content: Any) -> Any:
    """The content as this type of field takes it; None where it cannot."""
    kind = field.type or ""
    if kind in TEXTS:
        return as_text(field, words(content))
    maker = MAKERS.get(kind)
    return None if maker is None else maker(field, content)


def as_text(field: AshbyFormField, text: str) -> Any:
    return {"type": "PlainText", "value": text} if field.type == "RichText" else text


def words(content: Any) -> str:
    if isinstance(content, BreakdownPart) and content.note:
        return f"{scale_text(content)} – {content.note}"
    if isinstance(content, Points | BreakdownPart):
        return scale_text(content)
    if isinstance(content, datetime):
        return content.date().isoformat()
    return plain(content)


def to_points(_: AshbyFormField, content: Any) -> Any:
    """Ashby's scores go from 1 to 4: others are not pressed into that."""
    if not isinstance(content, Points | BreakdownPart) or (content.min, content.max) != (1, 4):
        return None
    if content.value not in {1, 2, 3, 4}:
        return None
    value: dict[str, Any] = {"score": int(content.value)}
    if isinstance(content, BreakdownPart) and content.note:
        value["comments"] = {"type": "PlainText", "value": content.note}
    return value


def to_number(_: AshbyFormField, content: Any) -> Any:
    value = content.value if isinstance(content, Points | BreakdownPart) else content
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number else None


def to_boolean(_: AshbyFormField, content: Any) -> Any:
    if isinstance(content, bool):
        return content
    return PASSED.get(content) if isinstance(content, Verdict) else None


def to_date(_: AshbyFormField, content: Any) -> Any:
    return content.date().isoformat() if isinstance(content, datetime) else None


def to_link(_: AshbyFormField, content: Any) -> Any:
    is_link = isinstance(content, str) and content.startswith(("http://", "https://"))
    return content if is_link else None


def to_choice(field: AshbyFormField, content: Any) -> Any:
    """The value of the option that is labelled so."""
    labels = OUTCOMES[content] if isinstance(content, Verdict) else (words(content).casefold(),)
    for choice in field.selectable_values or ():
        if (choice.label or "").strip().casefold() in labels:
            return choice.value
    return None


def to_choices(field: AshbyFormField, content: Any) -> Any:
    value = to_choice(field, content)
    return None if value is None else [value]


def offered(field: AshbyFormField, value: str) -> Any:
    """The value as the form offers it; where it lists none, as it is."""
    choices = field.selectable_values
    if not choices:
        return value
    return next((one.value for one in choices if str(one.value) == value), None)


MAKERS = {
    "Score": to_points,
    "Number": to_number,
    "Boolean": to_boolean,
    "Date": to_date,
    "Url": to_link,
    "ValueSelect": to_choice,
    "MultiValueSelect": to_choices,
}


# What Ashby then holds.


def to_scorecard_written(
    paper: kit.Paper, filled: list[Filled], made: AshbySubmitted | None, author: str | None
) -> WrittenScore:
    """`made` is None in a dry run, where all counts that would be sent."""
    if made is None:
        values: Mapping[str, Any] = {one.path: one.value for one in filled}
    else:
        values = made.submitted_values if isinstance(made.submitted_values, Mapping) else {}
    there = set(held_parts(filled, values))
    by_text = set(held_in_text(paper, filled, values))
    if author is not None and (made is None or author_of(made) == author):
        there.add("evaluator")
    found = [name for name in paper.given if name in by_text or is_whole(paper, name, there)]
    sent = {one.part for one in filled}
    tried = {name for name in paper.given if SUMMARY in sent or is_whole(paper, name, sent)}
    left = [
        Dropped(field=name, reason=UNCONFIRMED if name in tried else NO_FIELD)
        for name in paper.given
        if name not in found
    ]
    if "score" in found and "score" not in by_text:
        left += [
            Dropped(field=name, reason=NO_FIELD) for name in details(paper) if name not in there
        ]
    remote_id = None if made is None else text_of(made.id)
    return WrittenScore(remote_id=remote_id, fields_written=found, fields_dropped=left)


def held_parts(filled: Iterable[Filled], values: Mapping[str, Any]) -> Iterator[str]:
    for one in filled:
        if one.part != SUMMARY and holds(one.value, values.get(one.path)):
            yield one.part


def has_all(made: AshbySubmitted, filled: Iterable[Filled]) -> bool:
    values = made.submitted_values
    if not isinstance(values, Mapping):
        return False
    return all(holds(one.value, values.get(one.path)) for one in filled)


def holds(sent: Any, held: Any) -> bool:
    """Rich text is sent as an object and may come back as such, or as text or HTML."""
    if isinstance(sent, Mapping) and "value" in sent:
        text = text_of(held) or ""
        return is_same(sent["value"], text) or is_same(sent["value"], kit.to_plain(text))
    return is_same(sent, held)


def held_in_text(
    paper: kit.Paper, filled: Iterable[Filled], values: Mapping[str, Any]
) -> Iterator[str]:
    for one in filled:
        text = text_of(values.get(one.path)) if one.part == SUMMARY else None
        if text is not None:
            yield from paper.found_in(text)
            yield from paper.found_in(kit.to_plain(text))


def is_whole(paper: kit.Paper, name: str, parts: Iterable[str]) -> bool:
    """A field of many entries is there when each of them is."""
    counts = {"breakdown": len(paper.score.breakdown), "attributes": len(paper.score.attributes)}
    if name in counts:
        return {f"{name}.{index}" for index in range(counts[name])} <= set(parts)
    return name in parts


def details(paper: kit.Paper) -> list[str]:
    points = paper.score.score
    parts = {
        "score.label": points and points.label,
        "score.percentile": points and points.percentile,
    }
    return [name for name, content in parts.items() if content is not None]


def author_of(made: AshbySubmitted) -> str | None:
    user = made.submitted_by_user
    return text_of(user.get("id")) if isinstance(user, Mapping) else None

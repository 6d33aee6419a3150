"""Which field of a Lever form takes what of a score, and what of it Lever then holds.

Feedback and profile forms are both filled-in templates: fields with a text, a type and a value.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hireloom import kit
from hireloom.connectors.ats import _lever_words as words
from hireloom.connectors.ats._lever_records import SCORED
from hireloom.connectors.ats._lever_shapes import LeverField, LeverOption, Time
from hireloom.models import (
    BreakdownPart,
    CustomField,
    CustomFieldOption,
    CustomFieldOwner,
    CustomFieldType,
    Dropped,
    Verdict,
    WrittenScore,
)


class LeverTemplate(kit.VendorStructCamel, frozen=True):
    """What feedback, or a profile form, is made from."""

    id: str
    text: str | None = None
    fields: list[LeverField] | None = None
    created_at: Time = None  # null for the templates that an account has from the start
    deleted_at: Time = None


class LeverFilledForm(kit.VendorStructCamel, frozen=True):
    """Feedback or a profile form, reduced to what shows whether a score arrived."""

    id: str
    text: str | None = None
    fields: list[LeverField] | None = None
    deleted_at: Time = None


OWN_NAME = "Assessment result"
OWN_FIELDS = (  # no required ones, and no hire or no-hire: that verdict is the customer's
    ("Assessment", "text"),
    ("Score", "text"),
    ("Grade", "text"),
    ("Percentile", "text"),
    ("Result", "dropdown"),
    ("Completed", "date"),
    ("Breakdown", "textarea"),
    ("Report", "text"),
    ("Evaluator", "text"),
    ("Notes", "textarea"),
    ("Attributes", "textarea"),
)
OWN_RESULTS = ("Pass", "Fail", "Review")


def own_template() -> dict[str, Any]:
    """The template that is made once in an account, as Lever takes it."""
    options = [{"text": one} for one in OWN_RESULTS]
    return {
        "text": OWN_NAME,
        "instructions": "Filled in with the results of assessments.",
        "fields": [
            {"type": kind, "text": text, "description": "", "required": False}
            | ({"options": options} if kind == "dropdown" else {})
            for text, kind in OWN_FIELDS
        ],
    }


def made_template(made: LeverTemplate) -> LeverTemplate:
    """In a dry run nothing answers, so the template's fields are those that were asked for."""
    if not kit.stands_in(made.id):
        return made
    options = [LeverOption(text=one) for one in OWN_RESULTS]
    fields = [
        LeverField(
            id=f"{made.id} {text}",
            text=text,
            type=kind,
            options=options if kind == "dropdown" else None,
        )
        for text, kind in OWN_FIELDS
    ]
    return LeverTemplate(id=made.id, text=OWN_NAME, fields=fields)


def named(templates: Iterable[LeverTemplate], name: str) -> LeverTemplate | None:
    """Of the templates in use with this name the oldest, so that everybody takes the same."""
    in_use = [one for one in templates if one.deleted_at is None]
    found = [one for one in in_use if folded(one.text) == folded(name) != ""]
    return min(
        found, key=lambda one: (words.instant(one.created_at) or FIRST, one.id), default=None
    )


FIRST = datetime.fromisoformat("1970-01-01T00:00:00Z")


def folded(text: str | None) -> str:
    """Without case, spaces and the mark at the end: "Report URL:" and "report url" are the same."""
    return "".join((text or "").split()).casefold().rstrip(":?.*")


# What a form's field may be called when it is meant for a part of a score; {} is the assessment.
LABELS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("assessment", ("assessment", "assessmentname", "test", "testname")),
    ("score", ("{}score", "score", "overallscore", "totalscore", "assessmentscore")),
    ("score.label", ("scorelabel", "grade")),
    ("score.percentile", ("percentile", "scorepercentile")),
    ("result", ("{}result", "result", "assessmentresult", "outcome")),
    ("completedAt", ("completed", "completedat", "completedon", "completiondate")),
    ("reportUrl", ("{}report", "report", "reporturl", "reportlink", "assessmentreport")),
    ("evaluator", ("evaluator", "evaluatedby", "assessor")),
    ("notes", ("notes", "evaluatornotes", "comments")),
    ("breakdown", ("breakdown", "detailedbreakdown", "scorebreakdown")),
    ("attributes", ("attributes",)),
    ("summary", ("{}summary", "details", "summary", "assessmentsummary")),
    ("score", ("{}",)),
)

KIND = {  # documentation of form fields; a type that is not here is filled by nobody but people
    "text": CustomFieldType.TEXT,
    "textarea": CustomFieldType.LONG_TEXT,
    "date": CustomFieldType.DATE,
    "dropdown": CustomFieldType.SINGLE_SELECT,
    "multiple-choice": CustomFieldType.SINGLE_SELECT,
    "multiple-select": CustomFieldType.MULTI_SELECT,
}
TEXTS = (CustomFieldType.TEXT, CustomFieldType.LONG_TEXT)
RATED = {Verdict.PASS: 3, Verdict.FAIL: 2}  # "3 - Hire", "2 - No Hire" (samples)


def form_field(field: LeverField) -> CustomField:
    return CustomField(
        id=field.id or "",
        key=field.id or "",
        label=field.text or "",
        type=KIND.get(field.type or "", CustomFieldType.NOT_SPECIFIED),
        type_source=field.type,
        owner=CustomFieldOwner.APPLICATION,
        required=field.required,
        options=[
            CustomFieldOption(id=one.id, label=one.text) for one in field.options or [] if one.text
        ],
    )


@dataclass(frozen=True)
class Entry:
    """A value on its way into one field. `parts`: what of the score it shows, if confirmed."""

    field_id: str
    part: str
    value: Any

    @property
    def body(self) -> dict[str, Any]:
        return {"id": self.field_id, "value": self.value}


def entries(paper: kit.Paper, fields: Sequence[LeverField]) -> list[Entry]:
    """The values for a form's fields, by what the fields are called; at most one for each."""
    open_ = [one for one in fields if one.id]
    found = [*_rows(paper, open_), *_rated(paper, open_)]
    taken = {one.field_id for one in found}
    chosen = {
        part: field_id
        for part, field_id in called(paper, open_).items()
        if field_id not in taken and part != "breakdown"
    }
    if not chosen:
        return found
    try:
        return [*found, *valued(replace(paper, custom_fields=chosen), open_)]
    except kit.NoPlaceError:
        return found


def called(paper: kit.Paper, fields: Sequence[LeverField]) -> dict[str, str]:
    """The ids of the fields that can be filled and are called like a part of a score."""
    fillable = [one for one in reversed(fields) if one.id and one.text and one.type in KIND]
    by_label = {folded(one.text): one.id or "" for one in fillable}
    name = folded(paper.title)
    found: dict[str, str] = {}
    for part, patterns in LABELS:
        labels = [pattern.format(name) for pattern in patterns]
        free = {one: key for one, key in by_label.items() if one and key not in found.values()}
        if label := next((one for one in labels if one in free), None):
            found.setdefault(part, free[label])
    return found


def valued(paper: kit.Paper, fields: Iterable[LeverField]) -> list[Entry]:
    """The values for the fields laid down, or called as custom fields are. Raises NoPlaceError."""
    values = kit.field_values(paper, [form_field(one) for one in fields if one.id])
    return [Entry(one.field.id, one.part, _formed(paper, one)) for one in values]


def _formed(paper: kit.Paper, value: kit.FieldValue) -> Any:
    """Dates are Unix milliseconds, as all of Lever's times; options go by their texts."""
    if value.field.type is CustomFieldType.DATE:
        return kit.to_millis(paper.score.completed_at)
    return [value.value] if value.field.type is CustomFieldType.MULTI_SELECT else value.value


def _rows(paper: kit.Paper, fields: Sequence[LeverField]) -> list[Entry]:
    """The breakdown: in one field, and each part of it in the field that is called like it."""
    texts = [one for one in fields if KIND.get(one.type or "") in TEXTS]
    parts = breakdown(paper)
    whole = called(paper, texts).get("breakdown")
    found = [
        Entry(one.id, f"breakdown.{folded(one.text)}", points(part))
        for one in texts
        if one.id and one.id != whole and (part := parts.get(folded(one.text)))
    ]
    if whole and paper.score.breakdown:
        shown = "\n".join(f"{one.label}: {points(one)}" for one in paper.score.breakdown)
        found.append(Entry(whole, "breakdown", shown))
    return found


def breakdown(paper: kit.Paper) -> dict[str, BreakdownPart]:
    """The parts by their labels, but for labels that several have."""
    labels = [folded(one.label) for one in paper.score.breakdown]
    parts = zip(labels, paper.score.breakdown, strict=True)
    return {label: part for label, part in parts if labels.count(label) == 1}


def points(part: BreakdownPart) -> str:
    text = f"{count(part.value)}/{count(part.max)}"
    return f"{text} – {part.note}" if part.note else text


def count(value: float) -> str:
    """89.0 as "89"."""
    return str(int(value)) if float(value).is_integer() else str(value)


def _rated(paper: kit.Paper, fields: Iterable[LeverField]) -> list[Entry]:
    """Lever's own four points, as far as a result has one: nobody is strongly hired by a test."""
    wanted = RATED.get(paper.score.result)
    return [
        Entry(one.id, RATING, option.text)
        for one in fields
        if one.id and one.type in SCORED
        for option in one.options or []
        if wanted is not None and words.rating(option.text) == wanted
    ]


RATING = "rating"


def must_fill(template: LeverTemplate | LeverFilledForm, filled: Collection[Entry]) -> None:
    """Raise where a form has no field for the score, or one that only a person can fill."""
    there = {one.field_id for one in filled}
    lacking = [
        f"“{one.text or one.id}”"
        for one in template.fields or []
        if one.required and one.id not in there
    ]
    title = f"the form “{template.text or template.id}” in Lever"
    if lacking:
        raise kit.NoPlaceError(
            f"{title} requires {', '.join(lacking)}, which this score does not fill"
        )
    if not there:
        raise kit.NoPlaceError(f"{title} has no field that is called like a part of a score")


def emptied(
    paper: kit.Paper, fields: Sequence[LeverField], filled: Iterable[Entry]
) -> list[dict[str, Any]]:
    """The fields of ours that a correction has nothing for any more."""
    there = {one.field_id for one in filled}
    ours = {*called(paper, fields).values(), *(one.id for one in fields if _by_us(one))} - there
    return [
        {"id": one.id, "value": None} for one in fields if one.id in ours and words.shown(one.value)
    ]


POINTS = re.compile(r"-?[\d.]+/-?[\d.]+( – .*)?", re.DOTALL)


def _by_us(field: LeverField) -> bool:
    """A value as only a score of ours would be: a rating out of the table, points of a part."""
    if field.type in SCORED:
        return words.rating(field.value) in RATED.values()
    kind = KIND.get(field.type or "")
    return kind in TEXTS and bool(POINTS.fullmatch(words.shown(field.value) or ""))


# What Lever holds.

Held = Mapping[str, Any]  # values by field


def held(form: LeverFilledForm) -> dict[str, Any]:
    return {one.id: one.value for one in form.fields or [] if one.id}


def arrived(entry: Entry, values: Held) -> bool:
    there = values.get(entry.field_id)
    if isinstance(entry.value, int):
        return words.day(there) == words.day(entry.value)
    return squeezed(words.shown(there)) == squeezed(words.shown(entry.value))


def squeezed(text: str | None) -> str:
    return " ".join((text or "").split())


NO_FIELD = "no field of this form in Lever holds it"
UNSEEN = "it was sent, but Lever does not show that it holds it"


def receipt(
    paper: kit.Paper, name: str | None, form_id: str, sent: Sequence[Entry], values: Held
) -> WrittenScore:
    """What of the score is in a form: the fields with their values, and the text of the whole."""
    there = [one for one in sent if arrived(one, values)]
    told = " ".join(
        words.shown(values.get(one.field_id)) or "" for one in sent if one.part == "summary"
    )
    parts = {one.part for one in there} | _whole(paper, there)
    if folded(name) == folded(paper.title):
        parts.add("assessment")
    found = parts | set(paper.found_in(told))
    written = [one for one in paper.given if one in found]
    aimed = {one.part for one in sent} | _whole(paper, sent)
    if any(one.part == "summary" for one in sent):
        aimed |= set(paper.given)
    left = [
        Dropped(field=one, reason=_why(one, aimed, there))
        for one in (*paper.given, *details(paper, parts, told))
        if one not in found
    ]
    return WrittenScore(remote_id=form_id, fields_written=written, fields_dropped=left)


def _whole(paper: kit.Paper, there: Iterable[Entry]) -> set[str]:
    """`breakdown` where each of its parts is in a field of its own."""
    rows = {one.part.partition(".")[2] for one in there if one.part.startswith("breakdown.")}
    wanted = breakdown(paper).keys()
    every = len(wanted) == len(paper.score.breakdown)
    return {"breakdown"} if wanted and every and wanted <= rows else set()


def details(paper: kit.Paper, parts: Collection[str], told: str) -> list[str]:
    """What belongs to the score beside its points, where only a field for the points has it."""
    score = paper.score.score
    if score is None or "score" not in parts or "score" in paper.found_in(told):
        return []
    given = {"score.label": score.label, "score.percentile": score.percentile}
    return [name for name, value in given.items() if value is not None]


def _why(name: str, aimed: Collection[str], there: Iterable[Entry]) -> str:
    rating = next((one.value for one in there if one.part == RATING), None)
    if name == "result" and rating:
        return f"Lever holds it as “{rating}”, which says more than the result does"
    return UNSEEN if name in aimed else NO_FIELD


# A link and a tag.


def tag_of(paper: kit.Paper) -> str:
    """ "Rope test: 89/100 PASS"; the name alone where there is neither score nor result."""
    score, result = paper.score.score, paper.score.result
    said = [
        f"{count(score.value)}/{count(score.max)}" if score else "",
        "" if result is Verdict.NOT_SPECIFIED else result.value,
    ]
    shown = " ".join(one for one in said if one)
    return f"{paper.title}: {shown}" if shown else paper.title


def marks(link: str, tag: str) -> str:
    """The id of a link and its tag: Lever gives them none, their texts name them."""
    return json.dumps([link, tag], ensure_ascii=False)


def marks_of(remote_id: str) -> tuple[str, str]:
    try:
        link, tag = json.loads(remote_id)
    except (ValueError, TypeError):
        return "", ""
    return str(link), str(tag)

"""Which custom field takes what of a score, and in which form."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hireloom.errors import NoPlaceError
from hireloom.kit.scores import Paper
from hireloom.models import (
    CustomField,
    CustomFieldType,
    Dropped,
    Points,
    ScoreDraft,
    Verdict,
    WrittenScore,
    given,
)

TEXTS = (CustomFieldType.TEXT, CustomFieldType.LONG_TEXT)
NO_FIELD = "no custom field holds it"
SELECTS = (CustomFieldType.SINGLE_SELECT, CustomFieldType.MULTI_SELECT)


@dataclass(frozen=True)
class FieldValue:
    """What goes into one custom field. `part` names it as a layout does: `score`, `result` …

    `value` is a number, a text, a boolean or a date as `YYYY-MM-DD`; `option` is the id of the
    option chosen where the field is a select (its label where options have no ids).
    """

    field: CustomField
    part: str
    value: Any
    option: str | None = None


# Names that a field may have when a caller asks for this channel without a layout, in lower case.
NAMES: Mapping[str, tuple[str, ...]] = {
    "score": ("{name} score", "{name}", "assessment score"),
    "result": ("{name} result", "assessment result"),
    "reportUrl": ("{name} report", "assessment report"),
    "completedAt": ("{name} completed", "assessment completed"),
    "summary": ("{name} summary", "assessment summary"),
}


def field_values(paper: Paper, fields: Iterable[CustomField]) -> list[FieldValue]:
    """The values for the fields of one kind of record. Raises NoPlaceError where there are none."""
    open_ = [one for one in fields if given(one.active) is not False]
    chosen = _laid_down(paper, open_) if paper.custom_fields else _called(paper, open_)
    values = [one for part, field in chosen.items() if (one := _value(paper, part, field))]
    if not values:
        what = "laid down for it" if paper.custom_fields else "named after it"
        raise NoPlaceError(f"no custom field that suits this score is {what}")
    return values


def field_result(
    paper: Paper, remote_id: str | None, confirmed: Iterable[FieldValue], url: str | None = None
) -> WrittenScore:
    """What a channel of custom fields did: those values are at the vendor, the rest is dropped."""
    there = list(confirmed)
    parts = {one.part for one in there}
    whole = {name for one in there if one.part == "summary" for name in paper.found_in(one.value)}
    found = [name for name in paper.given if name in parts | whole]
    details = ("score.label", "score.percentile") if "score" in parts - whole else ()
    left = [one for one in details if one not in parts and PARTS[one](paper.score) is not None]
    return WrittenScore(
        remote_id=remote_id,
        url=url,
        fields_written=found,
        fields_dropped=[
            *paper.dropped(found, NO_FIELD),
            *(Dropped(field=one, reason=NO_FIELD) for one in left),
        ],
    )


def _laid_down(paper: Paper, fields: list[CustomField]) -> dict[str, CustomField]:
    by_id = {key: one for one in fields for key in (one.id, one.key)}
    return {
        part: by_id[field_id] for part, field_id in paper.custom_fields.items() if field_id in by_id
    }


def _called(paper: Paper, fields: list[CustomField]) -> dict[str, CustomField]:
    if not paper.by_name:
        raise NoPlaceError("no custom field is laid down for this type of assessment")
    by_label = {one.label.strip().casefold(): one for one in reversed(fields)}
    name = paper.title.strip().casefold()
    found: dict[str, CustomField] = {}
    for part, patterns in NAMES.items():
        labels = [pattern.format_map({"name": name}) for pattern in patterns]
        if match := next((by_label[one] for one in labels if one in by_label), None):
            found[part] = match
    return found


def _value(paper: Paper, part: str, field: CustomField) -> FieldValue | None:
    """None where the score has no such part, or the field's type cannot hold it."""
    content = _content(paper, part)
    if content is None:
        return None
    if field.type in SELECTS:
        option = next((o for o in given(field.options) or () if _same(o.label, content)), None)
        return FieldValue(field, part, option.label, option.id or option.label) if option else None
    value = _formed(content, field.type)
    return None if value is None else FieldValue(field, part, value)


def _content(paper: Paper, part: str) -> Any:
    maker = PARTS.get(part)
    if part == "summary":
        return paper.text.plain
    return None if maker is None else maker(paper.score)


def _formed(content: Any, kind: CustomFieldType) -> Any:
    if kind is CustomFieldType.NUMBER:
        number = content.value if isinstance(content, Points) else content
        return number if isinstance(number, int | float) else None
    if kind is CustomFieldType.DATE:
        return content.date().isoformat() if isinstance(content, datetime) else None
    if kind is CustomFieldType.BOOLEAN:
        return {Verdict.PASS: True, Verdict.FAIL: False}.get(content)
    if kind is CustomFieldType.URL:
        return content if str(content).startswith(("http://", "https://")) else None
    return as_text(content) if kind in TEXTS else None


def as_text(content: Any) -> str:
    if isinstance(content, Points):
        return f"{plain_number(content.value)}/{plain_number(content.max)}"
    if isinstance(content, datetime):
        return content.date().isoformat()
    return plain_number(content) if isinstance(content, float) else str(content)


def plain_number(value: float) -> str:
    """89.0 as "89"."""
    return str(int(value)) if float(value).is_integer() else str(value)


def _same(label: str, content: Any) -> bool:
    return label.strip().casefold() == as_text(content).strip().casefold()


def _evaluator(score: ScoreDraft) -> str | None:
    who = score.evaluator
    return who if isinstance(who, str) or who is None else who.name or who.email


def _attributes(score: ScoreDraft) -> str | None:
    return "\n".join(f"{one.label}: {as_text(one.value)}" for one in score.attributes) or None


PARTS: Mapping[str, Callable[[ScoreDraft], Any]] = {
    "assessment": lambda score: score.assessment.name,
    "score": lambda score: score.score,
    "score.label": lambda score: score.score and score.score.label,
    "score.percentile": lambda score: score.score and score.score.percentile,
    "result": lambda score: None if score.result is Verdict.NOT_SPECIFIED else score.result,
    "completedAt": lambda score: score.completed_at,
    "reportUrl": lambda score: score.report_url,
    "evaluator": _evaluator,
    "notes": lambda score: score.notes,
    "attributes": _attributes,
}
ALL_PARTS = (*PARTS, "summary")

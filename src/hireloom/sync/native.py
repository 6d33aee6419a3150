"""Native filters of a sync: the filters of the lists, which the vendor applies where it can.

Each has two names: `ats_applications_job_id`, as in the unified vocabulary, and `jobId`, as the
list methods call it. What the vendor did not apply is completed here.
"""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from hireloom.completion import TABLES, Verdict, judge
from hireloom.completion import refuse_blind as refuse_unsaid
from hireloom.errors import RequestInvalidError, near
from hireloom.models import ApplicationQuery, CandidateQuery, DataType, JobQuery, Request
from hireloom.models.base import Instant

Query = ApplicationQuery | CandidateQuery | JobQuery

QUERIES: Mapping[DataType, type[Query]] = {
    DataType.APPLICATIONS: ApplicationQuery,
    DataType.CANDIDATES: CandidateQuery,
    DataType.JOBS: JobQuery,
}
INSTANT: Any = Instant
ALSO = {"ats_applications_stage": "stage_id"}  # beside ats_applications_stage_id
WITHOUT_COMMAS = frozenset({"tag", "email", "candidate_email"})
MOST_VALUES = 500
LONGEST_VALUE = 1000
# A sync reads what changed since its last run. A second window would hide changes for ever.
OWN_WINDOWS = ("updated_", "changed_stage_")
INSTEAD = {"updated_": "info.updatedAt", "changed_stage_": "currentStage.enteredAt"}


def parse(data_type: DataType, given: Any, where: str = "filters") -> Query:
    """The query of a sync's native filters; raises RequestInvalidError for each that is wrong."""
    if not isinstance(given, dict):
        raise RequestInvalidError.at(where, "is an object of filters: their names and values")
    kind = QUERIES[data_type]
    known = _names(data_type)
    values: dict[str, Any] = {}
    for name, value in given.items():
        at = f"{where}.{name}"
        attribute = known.get(name)
        if attribute is None:
            raise RequestInvalidError.at(at, _unknown(name, data_type))
        _refuse_window(attribute, at)
        if attribute in values:
            raise RequestInvalidError.at(at, "is given twice, once by each of its names")
        values[attribute] = _value(kind, attribute, value, at)
    return kind(**values)


def judged(query: Query, applied: Collection[str] = ()) -> Verdict:
    """What is left to check where the vendor applied some filters (`Pages.applied`)."""
    return judge(query, TABLES[type(query)], applied)


def refuse_blind(title: str, query: Query, unsaid: Collection[str], where: str = "filters") -> None:
    """Raises RequestInvalidError for a filter that this vendor's records do not answer.

    What a sync reads by id, or because it changed, was chosen by no filter of the vendor's.
    """
    try:
        refuse_unsaid(title, query, TABLES[type(query)], (), unsaid)
    except RequestInvalidError as error:
        (field,) = error.fields
        raise RequestInvalidError.at(f"{where}.{field.path}", field.msg) from None


def fits(query: Query, record: Any, applied: Collection[str] = ()) -> bool:
    """Whether a record fits; for many records, ask `judged` once."""
    return judged(query, applied).fits(record)


def sections(query: Query) -> frozenset[str]:
    """The fields of a record that the filters look into: `info`, `currentStage`."""
    return frozenset(
        kind.path.partition(".")[0]
        for name, kind in TABLES[type(query)].items()
        if getattr(query, name) not in (None, ())
    )


@cache
def _names(data_type: DataType) -> Mapping[str, str]:
    """The attribute of the query by every name that a filter has."""
    found = dict(ALSO) if data_type is DataType.APPLICATIONS else {}
    for field in msgspec.structs.fields(QUERIES[data_type]):
        if field.name != "models":
            found[f"{data_type}_{field.name}"] = field.name
            found[field.encode_name] = field.name
    return found


def _unknown(name: str, data_type: DataType) -> str:
    if name == "models":
        return "is not a filter; the models of a sync are a setting of their own"
    for other in DataType:
        if other is not data_type and name in _names(other) and name.startswith(other):
            return f"is a filter of {other.value}, and this sync reads {data_type.value}"
    known = [one for one, attribute in _names(data_type).items() if not _window(attribute)]
    return f"is no filter of {data_type.value}{near(name, known)}"


def _window(attribute: str) -> str | None:
    return next((window for window in OWN_WINDOWS if attribute.startswith(window)), None)


def _refuse_window(attribute: str, where: str) -> None:
    if (window := _window(attribute)) is not None:
        raise RequestInvalidError.at(
            where,
            "is set by the sync itself, which reads what changed since its last run;"
            f" to choose by time, use a virtual filter on {INSTEAD[window]}",
        )


def _value(kind: type[Request], attribute: str, value: Any, where: str) -> Any:
    (field,) = [one for one in msgspec.structs.fields(kind) if one.name == attribute]
    info = inspect.type_info(field.type)
    if not isinstance(info, inspect.VarTupleType):
        return _instant(value, where)
    words = _words(attribute, value, where)
    if isinstance(info.item_type, inspect.EnumType):
        return _of_list(info.item_type.cls, words, where)
    return words


def _instant(value: Any, where: str) -> Any:
    try:
        return msgspec.convert(value, INSTANT)
    except msgspec.ValidationError:
        sentence = "is an instant with its time zone, such as 2026-11-21T10:00:00Z"
        raise RequestInvalidError.at(where, sentence) from None


def _words(attribute: str, value: Any, where: str) -> tuple[str, ...]:
    if isinstance(value, str):
        parts = [value] if attribute in WITHOUT_COMMAS else value.split(",")
        value = [part.strip() for part in parts if part.strip()]
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_VALUES:
        raise RequestInvalidError.at(
            where, f"is a list of 1 to {MOST_VALUES} values, or text with commas between them"
        )
    for one in value:
        if not isinstance(one, str) or not 1 <= len(one) <= LONGEST_VALUE or "\0" in one:
            raise RequestInvalidError.at(
                where, f"has values of text, of 1 to {LONGEST_VALUE} characters"
            )
    return tuple(value)


def _of_list(words: Any, given: tuple[str, ...], where: str) -> Any:
    known = [str(word.value) for word in words]
    for one in given:
        if one not in known:
            raise RequestInvalidError.at(where, f"is one of {', '.join(known)}{near(one, known)}")
    return tuple(words(one) for one in given)

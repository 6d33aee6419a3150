"""The Ashby simulator's calls that write results: feedback and custom fields."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from hireloom.sandbox._ashby_candidates import API_USER, WRITE, given_user
from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_lists import Method
from hireloom.sandbox._ashby_people import Application, Candidate, Job, fork
from hireloom.sandbox._ashby_reads import visible_application, visible_candidate, visible_job
from hireloom.sandbox._ashby_wire import (
    Call,
    Json,
    Refusal,
    checked_uuid,
    done,
    instant,
    invalid,
    missing,
)

RACE = 0.02  # seconds between reading an object's values and writing them all back

# Feedback


def submit_feedback(company: Company, call: Call) -> Json:
    application = visible_application(company, call, call.must_uuid("applicationId"))
    form = company.forms.get(call.must_uuid("formDefinitionId"))
    if form is None:
        raise missing("feedback_form_definition")
    if form["isArchived"]:
        raise invalid("The feedback form is archived")
    user = given_user(company, call, "userId")
    event_id = call.uuid("interviewEventId")
    values = _answers(form["formDefinition"], call.part("feedbackForm") or {})
    index = company.feedback.next_index()
    record = {
        "id": company.feedback.id(index),
        "formDefinition": form["formDefinition"],
        "submittedValues": values,
        "submittedByUser": company.users.at(API_USER if user is None else user),
        "interviewId": None,
        "interviewEventId": event_id,
        "applicationId": company.applications.id(application.index),
        "applicationHistoryId": company.history_body(application)[-1]["id"],
        "submittedAt": instant(company.clock.now()),
        "feedbackFormDefinitionId": form["id"],
    }
    company.feedback.add(application.index, index, record)
    company.show("scorecards", {"id": record["id"], **call.body})
    return done(record)


def _answers(definition: Json, form: Json) -> Json:
    fields = {
        each["field"]["path"]: each
        for section in definition["sections"]
        for each in section["fields"]
    }
    submissions = form.get("fieldSubmissions")
    if not isinstance(submissions, list) or not all(isinstance(each, dict) for each in submissions):
        raise invalid("feedbackForm.fieldSubmissions must be an array of objects")
    values: Json = {}
    for submission in submissions:
        path = submission.get("path")
        if path not in fields:
            raise invalid(f"The form has no field at path {path}")
        values[path] = _answer(fields[path]["field"], submission.get("value"))
    for path, each in fields.items():
        if each["isRequired"] and values.get(path) in {None, ""}:
            raise invalid(f"{path} is required")
    return values


def _answer(field: Json, value: Any) -> Any:
    path, kind = field["path"], field["type"]
    if kind == "Score":
        score = value.get("score") if isinstance(value, dict) else None
        if isinstance(score, bool) or score not in {1, 2, 3, 4}:
            raise invalid(f"{path} must be an object with a score from 1 to 4")
        if value.get("comments") is not None and not _is_plain_text(value["comments"]):
            raise invalid(f"{path} must have its comments as PlainText")
    elif kind == "ValueSelect":
        if value not in [choice["value"] for choice in field["selectableValues"]]:
            raise invalid(f"{path} must be one of the field's values")
    elif not isinstance(value, str) and not (kind == "RichText" and _is_plain_text(value)):
        raise invalid(f"{path} must be text")
    return value


def _is_plain_text(value: Any) -> bool:
    """`{type: PlainText, value}`."""
    return (
        isinstance(value, dict)
        and value.get("type") == "PlainText"
        and isinstance(value.get("value"), str)
    )


# Custom fields


async def set_field(company: Company, call: Call) -> Json:
    """Reads all values and writes all back: two calls at a time lose one of them."""
    holder = _holder(company, call)
    index, field = _field(company, call, call.must_uuid("fieldId"))
    if "fieldValue" not in call.body:
        raise invalid("fieldValue is required")
    value = _checked(field, call.body["fieldValue"])
    values = {**holder.fields, index: value}
    await asyncio.sleep(RACE)
    _put_fields(company, call, values)
    company.show("fields", {"title": field["title"], **call.body})
    return done({"id": field["id"], "title": field["title"], "value": value})


def set_fields(company: Company, call: Call) -> Json:
    """Several values at once, in one write."""
    values = dict(_holder(company, call).fields)
    titles = []
    for entry in call.items("values"):
        if not isinstance(entry, dict) or "fieldValue" not in entry:
            raise invalid("values must hold objects with a fieldId and a fieldValue")
        field_id = checked_uuid("fieldId", str(entry.get("fieldId")))
        index, field = _field(company, call, field_id)
        values[index] = _checked(field, entry["fieldValue"])
        titles.append(field["title"])
    _put_fields(company, call, values)
    company.show("fields", {"titles": titles, **call.body})
    return done(company.fields_body(_holder(company, call).fields))


def _holder(company: Company, call: Call) -> Candidate | Application | Job:
    finders: dict[str, Callable[[Company, Call, str], Candidate | Application | Job]] = {
        "Candidate": visible_candidate,
        "Application": visible_application,
        "Job": visible_job,
    }
    kind = call.must_text("objectType")
    if kind not in finders:
        raise invalid(f"objectType must be one of {', '.join(finders)}")
    scope = "jobs:write" if kind == "Job" else WRITE
    if scope not in call.key.scopes:
        raise Refusal("missing_endpoint_permission", f"The key lacks {scope}", 403)
    return finders[kind](company, call, call.must_uuid("objectId"))


def _field(company: Company, call: Call, field_id: str) -> tuple[int, Json]:
    index = company.fields.index(field_id)
    field = None if index is None else company.fields.at(index)
    if index is None or field is None or field["isArchived"]:
        raise missing("custom_field")
    if field["objectType"] != call.text("objectType"):
        raise invalid(f"The field belongs to objects of type {field['objectType']}")
    return index, field


def _put_fields(company: Company, call: Call, values: dict[int, Any]) -> None:
    holder = fork(_holder(company, call))
    holder.fields = {index: value for index, value in values.items() if value is not None}
    holder.updated_at = company.clock.now()
    if isinstance(holder, Candidate):
        company.candidates.put(holder.index, holder)
    elif isinstance(holder, Application):
        company.applications.put(holder.index, holder)
        company.tell_application(holder, "applicationUpdate")
    else:
        company.jobs.put(holder.index, holder)
        company.tell("jobUpdate", "job", company.job_body(holder))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_date(value: Any) -> bool:
    try:
        date.fromisoformat(str(value)[:10])
    except ValueError:
        return False
    return isinstance(value, str)


def _is_money(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and _is_number(value.get("value"))
        and isinstance(value.get("currencyCode"), str)
    )


FITS: Mapping[str, Callable[[Any], bool]] = {
    "Number": _is_number,
    "Boolean": lambda value: isinstance(value, bool),
    "Date": _is_date,
    "Currency": _is_money,
    "String": lambda value: isinstance(value, str),
    "LongText": lambda value: isinstance(value, str),
}


def _checked(field: Json, value: Any) -> Any:
    """The value if it suits the field's type; a select takes values, not labels."""
    if value is None:
        return None
    kind = field["fieldType"]
    choices = [choice["value"] for choice in field.get("selectableValues", [])]
    if kind == "MultiValueSelect":
        fits = isinstance(value, list) and all(each in choices for each in value)
    elif kind == "ValueSelect":
        fits = value in choices
    else:
        fits = FITS[kind](value)
    if not fits:
        raise invalid(f"fieldValue does not suit a field of type {kind}")
    return value


METHODS: Mapping[str, Method] = {
    "applicationFeedback.submit": Method(submit_feedback, WRITE),
    "customField.setValue": Method(set_field, None),  # what it needs depends on the object
    "customField.setValues": Method(set_fields, None),
}

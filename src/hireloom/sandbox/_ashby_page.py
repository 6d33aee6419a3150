"""The Ashby simulator's page of one application, with what clients and the partner wrote."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_partner import Named, found_application
from hireloom.sandbox._ashby_people import Application
from hireloom.sandbox._ashby_shelf import FIRST_WRITTEN
from hireloom.sandbox._ashby_wire import Json
from hireloom.sandbox._html_lines import html_lines
from hireloom.sandbox.pages import entry, is_empty, labelled, page, shown, words

HTML = "text/html"


def application_page(company: Company, named: Named) -> Json:
    """ValueError for an unknown id."""
    application = found_application(company, named)
    candidate = company.candidates.at(application.person)
    job = company.jobs.at(application.job)
    return page(
        "" if candidate is None else candidate.name,
        None if job is None else job.title,
        (
            ("Feed", _feed(company, application)),
            ("Feedback", _feedback(company, application)),
            ("Custom Fields", _fields(company, application)),
            ("Assessments", _assessments(company, application)),
        ),
    )


def _feed(company: Company, application: Application) -> Iterator[Json]:
    """All notes of the candidate: applications have none."""
    kinds = {note["id"]: note["type"] for note in company.seen.get("notes", ())}
    for index, note in reversed(list(company.notes.of(application.person))):
        if index < FIRST_WRITTEN:
            continue
        is_html = kinds.get(note["id"]) == HTML
        lines = html_lines(note["content"]) if is_html else note["content"].splitlines()
        title = "Private note" if note["isPrivate"] else "Note"
        yield entry(title, lines, _name(note["author"]), note["createdAt"])


def _feedback(company: Company, application: Application) -> Iterator[Json]:
    for index, feedback in reversed(list(company.feedback.of(application.index))):
        if index < FIRST_WRITTEN:
            continue
        form = company.forms.get(feedback["feedbackFormDefinitionId"]) or {}
        values = feedback["submittedValues"]
        lines = [
            line
            for section in feedback["formDefinition"]["sections"]
            for each in section["fields"]
            for line in _answer(each["field"], values.get(each["field"]["path"]))
        ]
        by = _name(feedback["submittedByUser"])
        yield entry(form.get("title") or "Feedback", lines, by, feedback["submittedAt"])


def _answer(field: Json, value: Any) -> list[str]:
    if field["type"] == "ValueSelect":
        labels = {choice["value"]: choice["label"] for choice in field["selectableValues"]}
        value = labels.get(value)
    if field["type"] == "Score" and value is not None:
        remark = (value.get("comments") or {}).get("value")
        value = f"{value['score']} of 4" + (f" – {remark}" if remark else "")
    if isinstance(value, dict):
        value = value.get("value")
    return labelled(field["title"], value)


def _fields(company: Company, application: Application) -> Iterator[Json]:
    """Those of the application, then those of the candidate."""
    candidate = company.candidates.at(application.person)
    fields = {} if candidate is None else candidate.fields
    for before, values in (("", application.fields), ("Candidate: ", fields)):
        for field in company.fields_body(values):
            value = field.get("valueLabel") or field["value"]
            if not is_empty(value):
                yield entry(f"{before}{field['title']}", shown(value))


def _assessments(company: Company, application: Application) -> Iterator[Json]:
    """Those of the application, and those that were pushed to the candidate."""
    who = company.candidates.id(application.person)
    here = company.applications.id(application.index)
    for record in reversed(list(company.assessments.values())):
        if record["candidateId"] == who and record.get("applicationId") in {here, None}:
            name = record.get("assessment_name") or record.get("assessment_type_id")
            title = name or record["assessment_id"]
            by = record.get("orderedBy")
            yield entry(title, _told(record), by, record["updatedAt"])


def _told(record: Json) -> Iterator[str]:
    """The state, then what the partner told, each by its label."""
    yield words(record["status"])
    names = ("assessment_status", "assessment_result", "cancelled_reason", "assessment_profile_url")
    blobs = [record[name] for name in names if record.get(name) is not None]
    for blob in [*blobs, *record["metadata"]]:
        hidden = " (internal)" if blob.get("isInternal") else ""
        yield from labelled(blob["label"] + hidden, _readable(blob["type"], blob["value"]))


def _readable(kind: str, value: Any) -> Any:
    if kind == "numeric_duration_minutes":
        return f"{value:g} minutes"
    if kind == "numeric_duration_milliseconds":
        return str(timedelta(seconds=round(value / 1000)))
    if kind == "numeric_timestamp_milliseconds":
        return datetime.fromtimestamp(value / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return value


def _name(user: Json | None) -> str | None:
    return None if user is None else f"{user['firstName']} {user['lastName']}".strip()

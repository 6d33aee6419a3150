"""Lever's forms: templates of feedback and of profile forms, and what is filled in."""

from hireloom.sandbox._lever_calls import millis
from hireloom.sandbox._lever_company import Company
from hireloom.sandbox._lever_shelf import Json
from hireloom.sandbox._shapes import Application

RATINGS = ("4 - Strong Hire", "3 - Hire", "2 - No Hire", "1 - Strong No Hire")
TEMPLATES = ("Phone screen", "On-site interview")
TEMPLATE_FIELDS = (("score-system", "Rating"), ("scorecard", "Skills"), ("textarea", "Remark"))
FORM_FIELDS = (("text", "Notice period"), ("currency", "Salary expectation"))


def template_field(identifier: str, wanted: Json) -> Json:
    """A form field; what the client left out is filled in as Lever does."""
    field = {
        "description": wanted.get("description", ""),
        "required": wanted.get("required", False),
        "text": wanted["text"],
        "type": wanted["type"],
        "id": identifier,
    }
    if wanted["type"] in {"score-system", "score"}:
        field |= {"prompt": "Select one", "options": [{"text": text} for text in RATINGS]}
    elif "options" in wanted:
        field["options"] = wanted["options"]
    return field


def template(company: Company, index: int) -> Json:
    """A feedback template: the rating, a scorecard, a remark."""
    when = millis(company.world.user(0).created_at)
    return {
        "id": company.id("feedback-template", index),
        "text": TEMPLATES[index],
        "group": None,
        "instructions": "",
        "fields": [
            template_field(company.id("field", index * 8 + place), {"type": kind, "text": text})
            for place, (kind, text) in enumerate(TEMPLATE_FIELDS)
        ],
        "createdAt": when,
        "stage": None,
        "updatedAt": when,
    }


def form_template(company: Company, index: int) -> Json:
    when = millis(company.world.user(0).created_at)
    return {
        "id": company.id("form-template", index),
        "text": "Candidate details",
        "group": None,
        "instructions": "",
        "secretByDefault": True,
        "fields": [
            template_field(company.id("form-field", place), {"type": kind, "text": text})
            for place, (kind, text) in enumerate(FORM_FIELDS)
        ],
        "createdAt": when,
        "updatedAt": when,
    }


def form(company: Company, applied: Application) -> Json:
    base = form_template(company, 0)
    pay = {"amount": 40_000 + applied.index % 30 * 1000, "currency": "EUR"}
    values = (("At once", "One month", "Three months")[applied.index % 3], pay)
    when = millis(applied.applied_at)
    return {
        "id": company.id("form", applied.index),
        "type": "form",
        "text": base["text"],
        "instructions": "",
        "fields": [
            {**field, "value": value} for field, value in zip(base["fields"], values, strict=True)
        ],
        "baseTemplateId": base["id"],
        "user": company.id("user", applied.owner),
        "secret": True,
        "createdAt": when,
        "completedAt": when,
        "deletedAt": None,
    }


def referral(company: Company, applied: Application) -> Json:
    referrer = company.id("user", applied.index % company.world.users)
    when = millis(applied.applied_at)
    field = template_field(
        company.id("referral-field", 0), {"type": "textarea", "text": "How do you know them?"}
    )
    return {
        "id": company.id("referral", applied.index),
        "type": "referral",
        "text": "Referral",
        "instructions": "",
        "fields": [{**field, "value": "We worked together."}],
        "baseTemplateId": company.id("referral-template", 0),
        "user": referrer,
        "referrer": referrer,
        "stage": company.stage_id(3),
        "createdAt": when,
        "completedAt": when,
    }

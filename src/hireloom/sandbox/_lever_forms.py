"""Lever's forms: templates of feedback and of profile forms, and what is filled in."""

from hireloom.sandbox._lever_calls import millis
from hireloom.sandbox._lever_company import Company
from hireloom.sandbox._lever_fields import template_field
from hireloom.sandbox._lever_shelf import Json
from hireloom.sandbox._shapes import Application

TEMPLATES = (("Phone screen", "Phone Screens"), ("On-site interview", "On-site Interviews"))
TEMPLATE_FIELDS: tuple[Json, ...] = (
    {"type": "score-system", "text": "Rating"},
    {"type": "scorecard", "text": "Skills", "scores": [{"text": "Skills for the job"}]},
    {"type": "textarea", "text": "Remark"},
)
RESULTS = ("Pass", "Fail", "Review")
FORMS: tuple[tuple[str, bool, tuple[Json, ...]], ...] = (  # title, whether secret, fields
    (
        "Candidate details",
        True,
        (
            {"type": "text", "text": "Notice period"},
            {"type": "currency", "text": "Salary expectation"},
        ),
    ),
    (
        "Assessment",
        False,
        (
            {"type": "text", "text": "Assessment score"},
            {
                "type": "dropdown",
                "text": "Assessment result",
                "options": [{"text": text} for text in RESULTS],
            },
            {"type": "text", "text": "Assessment report"},
        ),
    ),
)
FIELDS_EACH = 8  # at most so many in a template, so that their ids never meet


def group(company: Company, index: int) -> Json:
    """The folder of the settings in which a feedback template lies."""
    return {"id": company.id("template-group", index), "name": TEMPLATES[index][1]}


def template(company: Company, index: int) -> Json:
    """A feedback template: the rating, a scorecard, a remark."""
    when = millis(company.world.user(0).created_at)
    return {
        "id": company.id("feedback-template", index),
        "text": TEMPLATES[index][0],
        "group": group(company, index),
        "instructions": "",
        "fields": [
            template_field(company.id("field", index * FIELDS_EACH + place), wanted)
            for place, wanted in enumerate(TEMPLATE_FIELDS)
        ],
        "createdAt": when,
        "stage": None,
        "updatedAt": when,
    }


def form_template(company: Company, index: int) -> Json:
    """A profile form's template; an account keeps its custom fields of candidates in those."""
    when = millis(company.world.user(0).created_at)
    title, secret, fields = FORMS[index]
    return {
        "id": company.id("form-template", index),
        "text": title,
        "group": None,
        "instructions": "",
        "secretByDefault": secret,
        "fields": [
            template_field(company.id("form-field", index * FIELDS_EACH + place), wanted)
            for place, wanted in enumerate(fields)
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

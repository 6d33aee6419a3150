"""Greenhouse: every list of Harvest v3 that is simulated, with its filters."""

from collections.abc import Callable
from typing import Any

import msgspec

from hireloom.sandbox import _greenhouse_company as company
from hireloom.sandbox import _greenhouse_dossier as dossier
from hireloom.sandbox import _greenhouse_fields as fields
from hireloom.sandbox import _greenhouse_kits as kits
from hireloom.sandbox import _greenhouse_people as people
from hireloom.sandbox._greenhouse_query import Dates, Filter, Flag, Ids, Text
from hireloom.sandbox.world import (
    ATTACHMENTS_EACH,
    INTERVIEWS_EACH,
    NOTES_EACH,
    OFFERS_EACH,
    SCORECARDS_EACH,
    World,
)


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """One list: what its records hang on, how many hang on each, and its filters."""

    name: str
    root: str  # application, person, job, user, department, office, source, reason, tag, …
    of: Callable[[World, int], list[dict[str, Any]]]  # records of one root, ids ascending
    each: int = 1
    filters: dict[str, Filter]


ALWAYS: dict[str, Filter] = {
    "ids": Ids("id"),
    "created_at": Dates("created_at"),
    "updated_at": Dates("updated_at"),
}
TABLES: dict[str, Table] = {}


def _table(
    name: str,
    root: str,
    of: Callable[[World, int], list[dict[str, Any]]],
    each: int = 1,
    **filters: Filter,
) -> None:
    TABLES[name] = Table(name=name, root=root, of=of, each=each, filters={**ALWAYS, **filters})


def _ids(*names: str) -> dict[str, Filter]:
    """`candidate_ids` looks in `candidate_id`, and so on."""
    return {f"{name}_ids": Ids(f"{name}_id") for name in names}


def root_counts(world: World) -> dict[str, int]:
    """How many roots of each sort there are."""
    return {
        "application": world.applications,
        "person": world.people,
        "job": world.jobs,
        "user": world.users,
        "department": world.departments,
        "office": world.offices,
        "source": world.sources,
        "reason": world.rejection_reasons,
        "tag": world.tags,
        "close_reason": 2,
        "template": 1,
        "field": fields.FIELD_COUNT,
    }


_STATUS = {
    "active": "in_process",
    "rejected": "rejected",
    "hired": "hired",
    "converted": "converted",
}
_JOB_STATUS = {"open": "open", "draft": "draft", "closed": "closed"}
_CARD_STATUS = {"draft": "draft", "complete": "complete"}

_table(
    "applications", "application", people.applications, 1,
    **_ids("candidate", "job", "job_post", "source", "referrer"),
    stage_ids=Ids("job_interview_stage_id"),
    prospective_job_ids=Ids("prospective_job_ids"),
    status=Text("status", _STATUS),
    stage_name=Text("stage_name"),
    prospect=Flag("prospect"),
    last_activity_at=Dates("last_activity_at"),
)  # fmt: skip
_table(
    "application_stages", "application", people.application_stages, company.STAGES_OF_JOB,
    **_ids("application", "job_interview_stage"), current=Flag("current"),
)  # fmt: skip
_table("rejection_details", "application", people.rejection_details, 1, **_ids("application"))
_table(
    "eeoc", "application", people.eeoc, 1,
    **_ids("application", "candidate"), submitted_at=Dates("submitted_at"),
)  # fmt: skip
_table(
    "offers", "application", dossier.offers, OFFERS_EACH,
    **_ids("application", "job", "candidate"),
)  # fmt: skip
_table(
    "interviews", "application", dossier.interviews, INTERVIEWS_EACH,
    **_ids("application", "job", "job_interview", "organizer"),
    starts_at=Dates("starts_at"), ends_at=Dates("ends_at"),
    external_event_id=Text("external_event_id"),
)  # fmt: skip
_table(
    "interviewers", "application", dossier.interviewers, dossier.INTERVIEWERS_EACH,
    **_ids("interview", "user"),
)  # fmt: skip
_table(
    "scorecards", "application", dossier.scorecards, SCORECARDS_EACH,
    **_ids("application", "interview_kit", "submitter", "interviewer"),
    interviewed_at=Dates("interviewed_at"), submitted_at=Dates("submitted_at"),
    status=Text("status", _CARD_STATUS),
)  # fmt: skip
_table(
    "scorecard_question_answers", "application", dossier.scorecard_question_answers,
    dossier.ANSWERS_EACH, **_ids("scorecard", "scorecard_question"),
)  # fmt: skip
_table(
    "scorecard_candidate_attributes", "application", dossier.scorecard_candidate_attributes,
    dossier.ANSWERS_EACH, **_ids("scorecard", "job_candidate_attribute"),
)  # fmt: skip
_table(
    # Only clients answer select questions: the world has no such rows.
    "scorecard_question_answer_options", "template", lambda _, __: [], 1,
    **_ids("scorecard_question_answer", "scorecard_question_option"),
)  # fmt: skip
_table(
    "attachments", "application", dossier.attachments, ATTACHMENTS_EACH,
    **_ids("application", "candidate"), type=Text("type"),
)  # fmt: skip
_table(
    "notes", "application", dossier.notes, NOTES_EACH,
    **_ids("application", "candidate", "user"), type=Text("type"),
)  # fmt: skip
_table(
    "candidates", "person", people.candidates,
    email=Text("email_addresses", fold=True),
    tag=Text("tags"),
    last_activity_at=Dates("last_activity_at"),
    private=Flag("private"),
)  # fmt: skip
_table("candidate_educations", "person", people.candidate_educations, 1, **_ids("candidate"))
_table(
    "candidate_employments", "person", people.candidate_employments, people.EMPLOYMENTS_EACH,
    **_ids("candidate"),
)  # fmt: skip
_table(
    "applied_candidate_tags", "person", people.applied_candidate_tags, people.TAGS_EACH,
    **_ids("candidate", "candidate_tag"),
)  # fmt: skip
_table("jobs", "job", company.jobs, status=Text("status", _JOB_STATUS))
_table("openings", "job", company.openings, company.OPENINGS_OF_JOB, **_ids("job"))
_table("job_hiring_managers", "job", company.job_hiring_managers, 1, **_ids("job", "user"))
_table("job_owners", "job", company.job_owners, company.OWNERS_OF_JOB, **_ids("job", "user"))
_table(
    "job_posts", "job", company.job_posts, company.POSTS_OF_JOB, **_ids("job"),
    # Deleted posts are seen only by asking for them.
    active=Flag("active", default=True), live=Flag("live"), internal=Flag("internal"),
)  # fmt: skip
_table(
    "job_post_locations", "job", company.job_post_locations, company.POSTS_OF_JOB,
    **_ids("job_post"),
)  # fmt: skip
_table(
    "job_interview_stages", "job", company.job_interview_stages, company.STAGES_OF_JOB,
    **_ids("job"), active=Flag("active"),
)  # fmt: skip
_table(
    "job_interviews", "job", kits.job_interviews, kits.MEETINGS_OF_JOB,
    **_ids("job", "job_interview_stage"), active=Flag("active"),
)  # fmt: skip
_table(
    "interview_kits", "job", kits.interview_kits, kits.MEETINGS_OF_JOB,
    **_ids("job", "job_interview"),
)  # fmt: skip
_table(
    "scorecard_questions", "job", kits.scorecard_questions, kits.QUESTIONS_OF_JOB,
    **_ids("interview_kit"), active=Flag("active"),
)  # fmt: skip
_table(
    "scorecard_question_options", "job", kits.scorecard_question_options, kits.OPTIONS_OF_JOB,
    **_ids("scorecard_question"), active=Flag("active"),
)  # fmt: skip
_table(
    "job_candidate_attributes", "job", kits.job_candidate_attributes,
    kits.ATTRIBUTES_OF_JOB, **_ids("job"), active=Flag("active"),
)  # fmt: skip
_table(
    "users", "user", company.users,
    primary_email=Text("primary_email"),
    employee_ids=Text("employee_id"),
    office_ids=Ids("office_ids"),
    department_ids=Ids("department_ids"),
    linked_candidate_ids=Ids("linked_candidate_ids"),
    deactivated=Flag("deactivated"),
    show_service_accounts=Flag("_service_account", default=False),
)  # fmt: skip
_table("user_emails", "user", company.user_emails, 1, **_ids("user"))
_table("referrers", "user", company.referrers)
_table("departments", "department", company.departments)
_table("offices", "office", company.offices)
_table("sources", "source", company.sources)
_table("rejection_reasons", "reason", company.rejection_reasons)
_table("candidate_tags", "tag", company.candidate_tags)
_table("close_reasons", "close_reason", company.close_reasons)
_table("email_templates", "template", company.email_templates)
_table(
    "custom_fields", "field", lambda _, root: fields.custom_fields()[root : root + 1],
    field_type=Text("field_type"), active=Flag("active"),
)  # fmt: skip
_table(
    "custom_field_options", "field", lambda _, root: fields.custom_field_options(root),
    fields.OPTIONS_EACH, **_ids("custom_field"), custom_field_key=Text("_custom_field_key"),
)  # fmt: skip

"""Greenhouse: records of candidates and their applications, as Harvest v3 shows them."""

from typing import Any

from hireloom.sandbox._greenhouse_company import (
    POSTS_OF_JOB,
    STAGES,
    STAGES_OF_JOB,
)
from hireloom.sandbox._greenhouse_fields import option_id, shown
from hireloom.sandbox._greenhouse_numbers import number
from hireloom.sandbox._greenhouse_query import stamp
from hireloom.sandbox.world import Application, World

Record = dict[str, Any]

EMPLOYMENTS_EACH = 2
TAGS_EACH = 2


def candidates(world: World, root: int) -> list[Record]:
    person = world.person(root)
    values = {"seniority": ("Junior", "Mid", "Senior")[root % 3], "needs_visa": root % 9 == 0}
    mail = [{"value": person.email, "type": "personal"}] if person.email else []
    phone = [{"value": person.phone, "type": "mobile"}] if person.phone else []
    return [
        {
            "id": number("candidates", root),
            "first_name": person.first or "",  # a single name has nothing to put here
            "last_name": person.last,
            "preferred_name": None,
            "company": person.company,
            "title": person.title,
            "created_at": stamp(person.created_at),
            "updated_at": stamp(person.updated_at),
            "can_email": root % 29 != 5,
            "time_zone": None,
            "last_activity_at": stamp(person.updated_at),
            "private": root % 41 == 7,
            "tags": [world.tag(tag).name for tag in person.tags],
            "linked_user_ids": [],
            "phone_numbers": phone,
            "addresses": [{"value": f"{person.city}, {person.country}", "type": "home"}],
            "email_addresses": mail,
            "website_addresses": [],
            "social_media_addresses": [{"value": person.linkedin}] if person.linkedin else [],
            "custom_fields": shown("candidate", values),
        }
    ]


def candidate_educations(world: World, root: int) -> list[Record]:
    person = world.person(root)
    year = 2000 + root % 22
    return [
        {
            "id": number("candidate_educations", root),
            "created_at": stamp(person.created_at),
            "updated_at": stamp(person.created_at),
            "candidate_id": number("candidates", root),
            "school_name_custom_field_option_id": option_id("school_name", person.school),
            "degree_custom_field_option_id": option_id("degree", "Master's"),
            "discipline_custom_field_option_id": option_id("discipline", "Economics"),
            "start_at": f"{year}-09-01T00:00:00.000Z",
            "end_at": None,
            "latest": True,
            "start_date_month": 9,
            "start_date_year": year,
            "end_date_month": None,
            "end_date_year": None,
        }
    ]


def candidate_employments(world: World, root: int) -> list[Record]:
    person = world.person(root)
    return [
        {
            "id": number("candidate_employments", root * EMPLOYMENTS_EACH),
            "created_at": stamp(person.created_at),
            "updated_at": stamp(person.created_at),
            "candidate_id": number("candidates", root),
            "company_name": person.company,
            "title": person.title,
            "start_date": f"{2012 + root % 12}-03-01",
            "end_date": None,
            "latest": True,
        }
    ]


def applied_candidate_tags(world: World, root: int) -> list[Record]:
    person = world.person(root)
    return [
        {
            "id": number("applied_candidate_tags", root * TAGS_EACH + place),
            "created_at": stamp(person.created_at),
            "updated_at": stamp(person.created_at),
            "candidate_tag_id": number("candidate_tags", tag),
            "candidate_id": number("candidates", root),
        }
        for place, tag in enumerate(person.tags)
    ]


def dated(kind: str, index: int, application: Application) -> Record:
    return {
        "id": number(kind, index),
        "created_at": stamp(application.applied_at),
        "updated_at": stamp(application.updated_at),
    }


def of(application: Application) -> Record:
    return {"application_id": number("applications", application.index)}


_STATUS = {"active": "in_process", "rejected": "rejected", "hired": "hired"}


def applications(world: World, root: int) -> list[Record]:
    application = world.application(root)
    job = number("jobs", application.job)
    prospect = application.prospect
    running = application.status == "active" and not prospect
    stage = application.job * STAGES_OF_JOB + application.stage
    referral = world.source(application.source).kind == "referral"
    times = dated("applications", root, application)
    updated = times["updated_at"]
    reason = application.rejection_reason
    values = {"assessment_status": "Invited" if application.stage == 3 else None}
    return [
        {
            **times,
            "referrer_id": number("referrers", application.owner) if referral else None,
            "source_id": number("sources", application.source),
            "agency_note_id": None,
            "recruiter_id": number("users", application.owner),
            "coordinator_id": None,
            "needs_decision": False,
            "prospect": prospect,
            "rejected_at": application.rejected_at and updated,  # they rest from then on
            "rejection_reason_id": None if reason is None else number("rejection_reasons", reason),
            "last_activity_at": updated,
            "stage_id": _stage_row(application) if running else None,
            "stage_name": world.stage(application.stage).name if running else None,
            "job_interview_stage_id": number("job_interview_stages", stage) if running else None,
            "candidate_id": number("candidates", application.person),
            "job_id": None if prospect else job,
            "job_post_id": None
            if prospect
            else number("job_posts", application.job * POSTS_OF_JOB),
            "status": "converted" if _converted(application) else _STATUS[application.status],
            "custom_fields": shown("application", values),
            "location_address": ("Berlin, DE", "Remote", None)[root % 3],
            "answers": [
                {"question": each.question, "answer": each.answer} for each in application.answers
            ],
            "prospective_job_ids": [job] if prospect else [],
        }
    ]


def _converted(application: Application) -> bool:
    """Some prospects were promoted to another application since."""
    return application.prospect and application.index % 7 == 0


def _stage_row(application: Application) -> int:
    return number("application_stages", application.index * STAGES_OF_JOB + application.stage)


def application_stages(world: World, root: int) -> list[Record]:
    """A row for each stage of the job, reached or not."""
    application = world.application(root)
    if application.prospect:
        return []
    entries = {entry.stage: entry for entry in world.history_of(application)}
    found = []
    for stage in STAGES:
        entry = entries.get(stage)
        left = entry and entry.left_at
        over = application.status != "active" and stage == application.stage
        found.append(
            {
                **dated("application_stages", root * STAGES_OF_JOB + stage, application),
                **of(application),
                "job_interview_stage_id": number(
                    "job_interview_stages", application.job * STAGES_OF_JOB + stage
                ),
                "entered_at": entry and stamp(entry.entered_at),
                "exited_at": stamp(application.updated_at) if over else left and stamp(left),
                "days_in_stage": (left - entry.entered_at).days if entry and left else 0,
                "current": application.status == "active" and stage == application.stage,
            }
        )
    return found


def rejection_details(world: World, root: int) -> list[Record]:
    application = world.application(root)
    if application.rejected_at is None or application.rejection_reason is None:
        return []
    return [
        {
            **dated("rejection_details", root, application),
            "created_at": stamp(application.rejected_at),
            **of(application),
            "rejected_by_id": number("users", application.owner),
            "rejection_note_id": None,
            "rejection_reason_id": number("rejection_reasons", application.rejection_reason),
            "rejected_at": stamp(application.rejected_at),
            "question_custom_fields": {},
        }
    ]


def eeoc(world: World, root: int) -> list[Record]:
    """About a third of the applicants answer."""
    draw = world.draw("eeoc", root)
    if not draw.chance(30):
        return []
    application = world.application(root)
    return [
        {
            **dated("eeoc", root, application),
            "updated_at": stamp(application.applied_at),
            **of(application),
            "candidate_id": number("candidates", application.person),
            "gender": _eeoc(draw.below(3), ("Male", "Female", "Decline To Self Identify")),
            "race": _eeoc(draw.below(4), ("White", "Asian", "Two or More Races", "Decline")),
            "veteran_status": _eeoc(1, ("", "I am not a protected veteran")),
            "disability_status": _eeoc(0, ("I do not wish to answer",)),
            "submitted_at": stamp(application.applied_at),
        }
    ]


def _eeoc(place: int, texts: tuple[str, ...]) -> Record:
    return {"id": place + 1, "description": texts[place]}

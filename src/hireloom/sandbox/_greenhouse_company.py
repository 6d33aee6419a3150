"""Greenhouse: records of the company and its jobs, as Harvest v3 shows them."""

import itertools
from typing import Any

from hireloom.sandbox._greenhouse_fields import shown
from hireloom.sandbox._greenhouse_numbers import number
from hireloom.sandbox._greenhouse_query import stamp
from hireloom.sandbox.world import Job, World

Record = dict[str, Any]

STAGES = range(1, 6)  # leads and hires stand in no stage here
STAGES_OF_JOB = 8
OPENINGS_OF_JOB = 4
POSTS_OF_JOB = 2
OWNERS_OF_JOB = 2
_SINCE = "2024-11-04T08:00:00.000Z"
_TYPES = {
    "organization": {"id": 1, "key": "we_rejected", "name": "We rejected them"},
    "candidate": {"id": 2, "key": "they_rejected", "name": "They rejected us"},
    "other": {"id": 3, "key": "none", "name": "None specified"},
}
_SOURCE_TYPES = {
    "company_site": "Company marketing",
    "social": "Third-party boards",
    "job_board": "Third-party boards",
    "referral": "Referrals",
    "agency": "Agencies",
    "event": "Attend events",
    "prospecting": "Prospecting",
    "other": "Other",
}


def dated(kind: str, index: int, at: str = _SINCE, changed: str | None = None) -> Record:
    return {"id": number(kind, index), "created_at": at, "updated_at": changed or at}


def of_job(kind: str, index: int, job: Job) -> Record:
    return {
        **dated(kind, index, stamp(job.created_at), stamp(job.updated_at)),
        "job_id": number("jobs", job.index),
    }


def jobs(world: World, root: int) -> list[Record]:
    job = world.job(root)
    pay = {
        "min_amount": job.salary_min,
        "max_amount": job.salary_max,
        "currency_code": job.currency,
    }
    return [
        {
            **dated("jobs", root, stamp(job.created_at), stamp(job.updated_at)),
            "name": job.title,
            "requisition_id": job.code,
            "notes": job.description,
            "confidential": job.confidential,
            "status": {"archived": "closed"}.get(job.status, job.status),
            "opened_at": job.opened_at and stamp(job.opened_at),
            "closed_at": job.closed_at and stamp(job.closed_at),
            "is_template": root == world.jobs - 1,
            "copied_from_id": None,
            "department_id": number("departments", job.department),
            "office_ids": [number("offices", job.office)],
            "custom_fields": shown("job", {"employment_type": "Full-time", "salary_range": pay}),
        }
    ]


def openings(world: World, root: int) -> list[Record]:
    job = world.job(root)
    newest = itertools.islice(world.applications_of_job(root), 40)
    hired = [each for each in newest if world.application(each).status == "hired"]
    found = []
    for place in range(job.headcount):
        filler = hired[place] if place < len(hired) else None
        closed = job.closed_at or (filler and world.application(filler).hired_at)
        found.append(
            {
                **of_job("openings", root * OPENINGS_OF_JOB + place, job),
                "opened_at": job.opened_at and stamp(job.opened_at),
                "closed_at": closed and stamp(closed),
                "sort_order": place,
                "opening_id": f"{job.code}-{place + 1}",
                "application_id": None if filler is None else number("applications", filler),
                "close_reason_id": number("close_reasons", 0) if closed else None,
                "target_start_on": None,
                "open": not closed,
                "custom_fields": {},
            }
        )
    return found


def job_hiring_managers(world: World, root: int) -> list[Record]:
    job = world.job(root)
    manager = {"user_id": number("users", job.hiring_manager)}
    return [of_job("job_hiring_managers", root, job) | manager]


def job_owners(world: World, root: int) -> list[Record]:
    job = world.job(root)
    users = (("recruiter", job.recruiter), ("coordinator", job.hiring_manager))
    return [
        of_job("job_owners", root * OWNERS_OF_JOB + place, job)
        | {"user_id": number("users", user), "type": kind, "responsible": place == 0}
        for place, (kind, user) in enumerate(users)
    ]


def job_posts(world: World, root: int) -> list[Record]:
    """A public post, and for each fourth job an internal one that was deleted."""
    job = world.job(root)
    if job.status == "draft":
        return []
    found = []
    for place in range(2 if root % 4 == 3 else 1):
        index = root * POSTS_OF_JOB + place
        post = number("job_posts", index)
        office = world.office(job.office)
        found.append(
            {
                **of_job("job_posts", index, job),
                "title": f"{job.title} (m/f/x)" if place == 0 else job.title,
                "internal": place == 1,
                "active": place == 0,
                "live": place == 0 and job.status == "open",
                "featured": False,
                "first_published_at": job.opened_at and stamp(job.opened_at),
                "content": job.description,
                "internal_content": None,
                "language": "en",
                "public_url": f"https://boards.greenhouse.example/sandbox/jobs/{post}",
                "demographic_question_set_id": None,
                "job_board_id": 1,
                "location": {"type": "free_text", "name": office.location, "id": None},
                "questions": _post_questions(index),
            }
        )
    return found


def _post_questions(index: int) -> list[Record]:
    return [
        {
            "id": index * 10 + place,
            "description": None,
            "answer_type": kind,
            "required": required,
            "private": False,
            "label": label,
            "name": name,
            "options": [],
        }
        for place, (name, label, kind, required) in enumerate(
            (
                ("first_name", "First name", "short_text", True),
                ("resume", "Résumé", "attachment", False),
                ("question_1", "When could you start?", "long_text", False),
            )
        )
    ]


def job_post_locations(world: World, root: int) -> list[Record]:
    return [
        {
            **dated("job_post_locations", root * POSTS_OF_JOB + place, post["created_at"]),
            "plain_text_location": post["location"]["name"],
            "office_id": None,
            "type": "free_text",
            "job_post_id": post["id"],
            "custom_location_id": None,
        }
        for place, post in enumerate(job_posts(world, root))
    ]


def job_interview_stages(world: World, root: int) -> list[Record]:
    job = world.job(root)
    return [
        of_job("job_interview_stages", root * STAGES_OF_JOB + stage, job)
        | {"sort_order": stage - 1, "name": world.stage(stage).name, "active": True}
        for stage in STAGES
    ]


def departments(world: World, root: int) -> list[Record]:
    department = world.department(root)
    parent = None if department.parent is None else number("departments", department.parent)
    about = {"name": department.name, "parent_id": parent, "external_id": None}
    return [dated("departments", root) | about]


def offices(world: World, root: int) -> list[Record]:
    office = world.office(root)
    return [
        {
            **dated("offices", root),
            "name": office.name,
            "parent_id": None if office.parent is None else number("offices", office.parent),
            "external_id": None,
            "location": office.location,
            "primary_in_house_contact_user_id": None,
        }
    ]


def users(world: World, root: int) -> list[Record]:
    user = world.user(root)
    return [
        {
            **dated("users", root, stamp(user.created_at), stamp(user.updated_at)),
            "first_name": user.first,
            "last_name": user.last,
            "primary_email": user.email,
            "emails": [user.email],
            "job_title": user.title,
            "agency_id": None,
            "name": user.name,
            "deactivated": not user.active,
            "site_admin": user.role == "admin",
            "employee_id": user.employee_id,
            "linked_candidate_ids": [],
            "office_ids": [number("offices", user.office)],
            "department_ids": [number("departments", user.department)],
            "interviewer_tags": [],
            "custom_fields": {},
            "_service_account": user.service_account,
        }
    ]


def user_emails(world: World, root: int) -> list[Record]:
    user = world.user(root)
    return [
        {
            **dated("user_emails", root, stamp(user.created_at)),
            "user_id": number("users", root),
            "email": user.email,
            "verified": True,
            "verification_token_sent_at": None,
        }
    ]


def sources(world: World, root: int) -> list[Record]:
    source = world.source(root)
    kinds = list(dict.fromkeys(_SOURCE_TYPES.values()))
    kind = _SOURCE_TYPES[source.kind]
    about = {"name": source.name, "type": {"id": kinds.index(kind) + 1, "name": kind}}
    return [dated("sources", root) | about]


def referrers(world: World, root: int) -> list[Record]:
    """Some referrers are users, some are only names."""
    user = world.user(root)
    known = number("users", root) if root % 2 == 0 else None
    return [dated("referrers", root) | {"user_id": known, "name": user.name}]


def rejection_reasons(world: World, root: int) -> list[Record]:
    reason = world.rejection_reason(root)
    return [dated("rejection_reasons", root) | {"name": reason.name, "type": _TYPES[reason.side]}]


def candidate_tags(world: World, root: int) -> list[Record]:
    return [dated("candidate_tags", root) | {"name": world.tag(root).name}]


def close_reasons(world: World, root: int) -> list[Record]:
    return [dated("close_reasons", root) | {"name": ("Hired", "Not filling the position")[root]}]


def email_templates(world: World, root: int) -> list[Record]:
    return [
        {
            **dated("email_templates", root),
            "email_type": "candidate_rejection",
            "subject": "Your application",
            "body": "Thank you for your interest. We have decided to go on with others.",
            "user_id": None,
            "name": "Rejection",
            "description": None,
            "recipients": None,
            "default": True,
            "html_body": None,
            "office_anywhere": None,
            "from_type": "organization_email",
            "cc_recruiter": False,
            "cc_coordinator": False,
        }
    ]

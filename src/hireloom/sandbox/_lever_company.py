"""The world's jobs, users and pipeline in Lever's words."""

import functools

from hireloom.sandbox._lever_calls import millis
from hireloom.sandbox._lever_shelf import Json
from hireloom.sandbox._shapes import Job
from hireloom.sandbox.world import World

INACTIVE_REASON_EVERY = 41  # one rejection in so many bears a reason that is no longer in use

# Id (a slug for the default stages, None: a UUID), text, pipeline, rank, has interviews.
STAGES: tuple[tuple[str | None, str, str, float, bool], ...] = (
    ("lead-new", "New lead", "lead", 1, False),
    ("lead-reached-out", "Reached out", "lead", 3, False),
    ("lead-responded", "Responded", "lead", 5, False),
    ("applicant-new", "New applicant", "applicant", 101, False),
    (None, "Phone screen", "screen", 201, True),
    (None, "Assessment", "screen", 205.5, False),
    (None, "On-site interview", "onsite", 231, True),
    ("offer", "Offer", "offer", 261, False),
    (None, "Background check", "offer", 265.5, False),
)
# Lever has no stage for hired people: they are archived from one of the last two.
STAGE_OF_KIND = {
    "lead": 0,
    "review": 3,
    "screen": 4,
    "assessment": 5,
    "interview": 6,
    "offer": 7,
    "hired": 8,
}

ROLES = {
    "admin": "super admin",
    "recruiter": "admin",
    "hiring_manager": "team member",
    "interviewer": "interviewer",
}

REQUISITION_FIELDS: list[Json] = [
    {"id": "cost_center", "text": "Cost centre", "type": "text", "isRequired": False},
    {"id": "target_hire_date", "text": "Target hire date", "type": "date", "isRequired": False},
]

EEO_QUESTIONS = {
    "gender": ("Gender", ("Female", "Male", "Decline to self-identify")),
    "veteran": ("Veteran status", ("I am a veteran", "I am not a veteran", "Decline to say")),
}


class Company:
    """Turns the world's indexes into Lever's ids and records."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.id = functools.lru_cache(maxsize=8192)(self._id)
        self.posting_tags = functools.lru_cache(maxsize=4096)(self._posting_tags)

    def _id(self, kind: str, index: int) -> str:
        return self.world.uuid(f"lever-{kind}", index)

    # The pipeline: one for the whole account, never one per job.

    def stage_id(self, place: int) -> str:
        return STAGES[place][0] or self.id("stage", place)

    def stage_of(self, world_stage: int) -> int:
        return STAGE_OF_KIND[self.world.stage(world_stage).kind]

    def stages(self) -> list[Json]:
        return [
            {
                "id": self.stage_id(place),
                "text": text,
                "pipeline": pipeline,
                "rank": rank,
                "hasInterview": interviews,
            }
            for place, (_, text, pipeline, rank, interviews) in enumerate(STAGES)
        ]

    def archive_reasons(self) -> list[Json]:
        world = self.world
        count = world.rejection_reasons
        rows = [
            {
                "id": self.id("reason", index),
                "text": reason.name,
                "status": "active" if reason.active else "inactive",
                "type": "non-hired",
            }
            for index, reason in ((i, world.rejection_reason(i)) for i in range(count))
        ]
        hired = {"text": "Hired", "status": "active", "type": "hired"}
        return [*rows, {"id": self.hired_reason(), **hired}]

    def hired_reason(self) -> str:
        return self.id("reason", self.world.rejection_reasons)

    def inactive_reason(self) -> str:
        reasons = (row["id"] for row in self.archive_reasons() if row["status"] == "inactive")
        return str(next(reasons, self.id("reason", 0)))

    # People who work here.

    def user(self, index: int) -> Json:
        user = self.world.user(index)
        manager = None if index == 0 else self.id("user", index // 4)
        return {
            "id": self.id("user", index),
            "name": user.name,
            "username": user.email.partition("@")[0],
            "email": user.email,
            "accessRole": "limited team member" if user.service_account else ROLES[user.role],
            "photo": None,
            "createdAt": millis(user.created_at),
            "deactivatedAt": None if user.active else millis(user.updated_at),
            "externalDirectoryId": user.employee_id,
            "linkedContactIds": None,
            "jobTitle": user.title,
            "managerId": manager,
        }

    # Jobs: the posting is what applicants see, the requisition what finance approved.

    def posting(self, index: int) -> Json:
        job = self.world.job(index)
        owner = self.id("user", job.recruiter)
        identifier = self.id("posting", index)
        site = "https://jobs.lever.co/hireloom-sandbox"
        return {
            "id": identifier,
            "text": job.title,
            "state": posting_state(job),
            "distributionChannels": ["public", "internal"] if job.status == "open" else None,
            "user": owner,
            "owner": owner,
            "hiringManager": self.id("user", job.hiring_manager),
            "categories": self.categories(job),
            "tags": [],
            "content": content(job),
            "country": "US" if "United States" in self.world.office(job.office).location else "DE",
            "followers": [owner],
            "reqCode": job.code,
            "requisitionCodes": [self.requisition_code(index // 2)],
            "urls": {
                "list": site,
                "show": f"{site}/{identifier}",
                "apply": f"{site}/{identifier}/apply",
            },
            "confidentiality": "confidential" if job.confidential else "non-confidential",
            "createdAt": millis(job.created_at),
            "updatedAt": millis(job.updated_at),
            "workplaceType": "remote" if job.remote else "onsite",
            "salaryRange": salary(job),
            "transcribeInterviews": False,
            "screening": {"enabled": False},
        }

    def _posting_tags(self, index: int) -> tuple[str, ...]:
        return tuple(
            posting_tags(self.world.job(index).title, self.categories(self.world.job(index)))
        )

    def categories(self, job: Job) -> Json:
        department = self.world.department(job.department)
        parent = (
            department if department.parent is None else self.world.department(department.parent)
        )
        location = self.world.office(job.office).location
        return {
            "commitment": "Part-time" if job.index % 7 == 6 else "Full-time",
            "department": parent.name,
            "level": None,
            "location": location,
            "team": department.name,
            "allLocations": [location],
        }

    @property
    def requisitions(self) -> int:
        return (self.world.jobs + 1) // 2

    def requisition_code(self, index: int) -> str:
        return f"HC-{1000 + index}"

    def requisition(self, index: int) -> Json:
        """Every requisition has two postings, the last of an odd number one."""
        jobs = [self.world.job(i) for i in (2 * index, 2 * index + 1) if i < self.world.jobs]
        job = jobs[0]
        unlimited = index % 5 == 3
        status = requisition_status(index, job)
        closed = status == "closed"
        return {
            "id": self.id("requisition", index),
            "createdAt": millis(job.created_at),
            "confidentiality": "confidential" if job.confidential else "non-confidential",
            "status": status,
            "name": job.title,
            "requisitionCode": self.requisition_code(index),
            "headcountTotal": "unlimited" if unlimited else job.headcount,
            "headcountHired": job.headcount if closed and not unlimited else 0,
            "headcountInfinite": unlimited,
            "backfill": index % 3 == 0,
            "creator": self.id("user", job.recruiter),
            "owner": self.id("user", job.recruiter),
            "hiringManager": self.id("user", job.hiring_manager),
            "internalNotes": "",
            "compensationBand": salary(job),
            "approval": {"steps": []},
            "employmentStatus": "full-time",
            "location": self.world.office(job.office).location,
            "team": self.world.department(job.department).name,
            "department": self.categories(job)["department"],
            "postings": [self.id("posting", one.index) for one in jobs],
            "offerIds": [],
            "timeToFillStartAt": millis(job.opened_at),
            "timeToFillEndAt": millis(job.closed_at),
            "updatedAt": millis(job.updated_at),
            "customFields": {"cost_center": f"CC-{100 + job.department}"},
            "closedAt": millis(job.closed_at) if closed else None,
        }

    def apply_form(self, index: int, posting: Json) -> Json:
        """What `GET /postings/{id}/apply` shows; field ids are what an application must send."""
        return {
            "id": posting["id"],
            "text": posting["text"],
            "customQuestions": [self.custom_questions(index)],
            "eeoQuestions": {
                name: {
                    "description": None,
                    "required": False,
                    "text": text,
                    "type": "dropdown",
                    "options": [{"text": option, "optionId": option} for option in options],
                    "prompt": text,
                    "value": None,
                }
                for name, (text, options) in EEO_QUESTIONS.items()
            },
            "personalInformation": [
                asked("Full name", "fullName", required=True),
                asked("Email", "email", required=True),
                asked("Phone", "phone"),
                asked("Current company", "currentCompany"),
                {**asked("Resume", "resume"), "type": "file-upload"},
            ],
            "urls": [asked("LinkedIn", "LinkedIn"), asked("Other", "Other")],
        }

    def custom_questions(self, index: int) -> Json:
        return {
            "id": self.id("question-form", index),
            "type": "posting",
            "text": "Additional questions",
            "description": "",
            "fields": [
                {
                    "id": self.id("question", index * 4 + place),
                    "type": "textarea",
                    "text": text,
                    "description": "",
                    "required": place == 0,
                    "value": None,
                }
                for place, text in enumerate(APPLY_QUESTIONS)
            ],
        }


APPLY_QUESTIONS = (
    "Are you allowed to work in the country of this office?",
    "When could you start?",
)


def posting_tags(title: str, categories: Json) -> list[str]:
    """What Lever adds by itself to the tags of an opportunity for the posting."""
    words = [title]
    words += [categories[name] for name in ("department", "team", "location", "commitment")]
    return [word for word in words if word]


def posting_state(job: Job) -> str:
    if job.status == "open":
        return "internal" if job.index % 9 == 4 else "published"
    if job.status == "draft":
        return "pending" if job.index % 3 == 0 else "draft"
    return "rejected" if job.status == "archived" and job.index % 4 == 0 else "closed"


def requisition_status(index: int, job: Job) -> str:
    if job.status == "open":
        return "onHold" if index % 6 == 5 else "open"
    return "draft" if job.status == "draft" else "closed"


def salary(job: Job) -> Json:
    return {
        "min": job.salary_min,
        "max": job.salary_max,
        "currency": job.currency,
        "interval": "per-year-salary",
    }


def content(job: Job) -> Json:
    return {
        "description": job.title + "\n",
        "descriptionHtml": job.description,
        "lists": [{"text": "What you will do", "content": "<li>Good work</li><li>Lunch</li>"}],
        "closing": "We look forward to hearing from you.",
        "closingHtml": "<div>We look forward to hearing from you.</div>",
    }


def asked(text: str, name: str, *, required: bool = False) -> Json:
    return {"text": text, "name": name, "type": "text", "required": required, "value": None}

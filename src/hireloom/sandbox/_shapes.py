"""The neutral records of the sandbox's company; each vendor's simulator dresses them its way."""

from datetime import datetime

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True):
    index: int  # 0-based, dense within its kind unless its source says otherwise


class Person(Record, frozen=True, kw_only=True):
    first: str | None  # None: the person goes by a single name
    last: str
    email: str | None
    phone: str | None
    city: str
    country: str  # ISO 3166-1 alpha-2
    company: str
    title: str
    linkedin: str | None
    tags: tuple[int, ...]  # indexes of tags
    school: str
    created_at: datetime
    updated_at: datetime

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}" if self.first else self.last


class Job(Record, frozen=True, kw_only=True):
    title: str
    code: str
    department: int
    office: int
    status: str  # open, closed, draft, archived
    hiring_manager: int
    recruiter: int
    confidential: bool
    remote: bool
    salary_min: int
    salary_max: int
    currency: str
    headcount: int
    description: str  # HTML
    created_at: datetime
    updated_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    question: str
    answer: str


class Application(Record, frozen=True, kw_only=True):
    person: int
    job: int
    stage: int  # where it is, or where it was when it was rejected
    status: str  # active, rejected, hired
    withdrawn: bool  # rejected by the candidate's own wish
    prospect: bool
    applied_at: datetime
    updated_at: datetime
    rejected_at: datetime | None
    rejection_reason: int | None
    hired_at: datetime | None
    source: int
    owner: int
    answers: tuple[Answer, ...]


class StageEntry(Record, frozen=True, kw_only=True):
    application: int
    stage: int
    entered_at: datetime
    left_at: datetime | None


class User(Record, frozen=True, kw_only=True):
    first: str
    last: str
    email: str
    title: str
    role: str  # admin, recruiter, hiring_manager, interviewer
    department: int
    office: int
    active: bool
    service_account: bool
    employee_id: str
    created_at: datetime
    updated_at: datetime

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


class Department(Record, frozen=True, kw_only=True):
    name: str
    parent: int | None


class Office(Record, frozen=True, kw_only=True):
    name: str
    location: str
    parent: int | None


class Source(Record, frozen=True, kw_only=True):
    name: str
    kind: str


class Reason(Record, frozen=True, kw_only=True):
    name: str
    side: str  # organization, candidate, other
    active: bool


class Stage(Record, frozen=True, kw_only=True):
    name: str
    kind: str  # lead, review, screen, assessment, interview, offer, hired


class Tag(Record, frozen=True, kw_only=True):
    name: str


class Interview(Record, frozen=True, kw_only=True):
    application: int
    stage: int
    name: str
    starts_at: datetime
    ends_at: datetime
    status: str  # scheduled, awaiting_feedback, complete, canceled
    interviewers: tuple[int, ...]
    organizer: int
    location: str | None
    video_url: str | None
    created_at: datetime
    updated_at: datetime


class Scorecard(Record, frozen=True, kw_only=True):
    application: int
    interview: int
    interviewer: int
    rating: str | None  # strong_no, no, mixed, yes, strong_yes; None: no decision
    points: int  # 1 to 4
    remark: str
    submitted_at: datetime | None  # None: a draft
    created_at: datetime
    updated_at: datetime


class Offer(Record, frozen=True, kw_only=True):
    application: int
    version: int
    status: str  # draft, sent, accepted, declined, deprecated
    salary: int
    currency: str
    starts_on: datetime
    sent_at: datetime | None
    resolved_at: datetime | None
    created_at: datetime
    updated_at: datetime


class Attachment(Record, frozen=True, kw_only=True):
    application: int
    person: int
    kind: str  # resume, cover_letter
    filename: str
    created_at: datetime


class Note(Record, frozen=True, kw_only=True):
    application: int
    person: int
    author: int
    body: str
    private: bool
    created_at: datetime

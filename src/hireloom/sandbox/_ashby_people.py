"""Candidates, applications and jobs as the Ashby simulator holds them, made from the world."""

import copy
from datetime import datetime
from typing import Any

import msgspec

from hireloom.sandbox._ashby_directory import FIELDS, PLANS, Directory, choice_value
from hireloom.sandbox.world import ATTACHMENTS_EACH, World

JOB_STATUS = {"open": "Open", "closed": "Closed", "draft": "Draft", "archived": "Archived"}
EMPLOYMENT_TYPES = ("FullTime", "FullTime", "FullTime", "PartTime", "Contract", "Intern")
LIVE_PLANS = sum(not archived for _, archived in PLANS)


class Visit(msgspec.Struct, kw_only=True):
    """An application's stay in a stage."""

    index: int
    stage: int
    entered_at: datetime
    left_at: datetime | None = None
    actor: int | None = None


class Candidate(msgspec.Struct, kw_only=True):
    index: int
    name: str
    emails: list[tuple[str, str]] = []  # address, type; the first is the primary one
    phones: list[tuple[str, str]] = []
    links: list[tuple[str, str]] = []  # type, url
    tags: list[int] = []
    position: str | None = None
    company: str | None = None
    school: str | None = None
    applications: list[int] = []
    resume: int | None = None  # index of a file
    files: list[int] = []
    fields: dict[int, Any] = {}
    source: int | None = None
    credited_to: int | None = None
    place: tuple[str | None, str | None, str | None] | None = None  # city, region, country
    projects: list[int] = []
    created_at: datetime
    updated_at: datetime


class Application(msgspec.Struct, kw_only=True):
    index: int
    person: int
    job: int
    history: list[Visit]  # at least one; the last is where it is
    source: int | None = None
    credited_to: int | None = None
    reason: int | None = None
    archived_at: datetime | None = None
    via_posting: bool = False
    team: list[tuple[int, str]] = []  # user, role
    answers: list[tuple[str, str]] = []
    fields: dict[int, Any] = {}
    created_at: datetime
    updated_at: datetime

    @property
    def stage(self) -> int:
        return self.history[-1].stage


class Job(msgspec.Struct, kw_only=True):
    index: int
    title: str
    status: str
    department: int
    location: int
    confidential: bool = False
    employment_type: str = "FullTime"
    code: str | None = None
    plan: int = 0
    team: list[tuple[int, str]] = []
    author: int = 0
    description: str = ""
    pay: tuple[int, int, str] | None = None
    remote: bool = False
    listed: bool = False
    posting_title: str | None = None  # None: as the job
    fields: dict[int, Any] = {}
    created_at: datetime
    updated_at: datetime
    opened_at: datetime | None = None
    closed_at: datetime | None = None


class People:
    """Turns the world's records into Ashby's; every call makes a new one."""

    def __init__(self, world: World, directory: Directory) -> None:
        self._world = world
        self._directory = directory

    def card(self, index: int) -> Candidate:
        """A candidate's name and contacts alone: all that an application shows."""
        person = self._world.person(index)
        return Candidate(
            index=index,
            name=person.name,
            emails=[] if person.email is None else [(person.email, "Personal")],
            phones=[] if person.phone is None else [(person.phone, "Personal")],
            created_at=person.created_at,
            updated_at=person.updated_at,
        )

    def candidate(self, index: int) -> Candidate:
        person = self._world.person(index)
        applications = [
            self._world.application(number) for number in self._world.applications_of_person(index)
        ]
        attachments = [
            attachment for each in applications for attachment in self._world.attachments_of(each)
        ]
        resumes = [each.index for each in attachments if each.kind == "resume"]
        return Candidate(
            index=index,
            name=person.name,
            emails=[] if person.email is None else [(person.email, "Personal")],
            phones=[] if person.phone is None else [(person.phone, "Personal")],
            links=[] if person.linkedin is None else [("LinkedIn", person.linkedin)],
            tags=list(person.tags),
            position=person.title,
            company=person.company,
            school=person.school,
            applications=[each.index for each in applications],
            resume=resumes[0] if resumes else None,
            files=[each.index for each in attachments],
            fields=_candidate_fields(index),
            source=applications[0].source,
            place=(person.city, None, person.country),
            projects=[index // 10 % 3] if index % 10 == 3 else [],
            created_at=person.created_at,
            updated_at=max(person.updated_at, *(each.updated_at for each in applications)),
        )

    def application(self, index: int) -> Application:
        made = self._world.application(index)
        source = self._world.source(made.source)
        job = self._world.job(made.job)
        first = self.plan_of(made.job) * self._directory.stages_each
        history = [
            Visit(
                index=entry.index * 2,
                stage=first + entry.stage,
                entered_at=entry.entered_at,
                left_at=entry.left_at,
                actor=made.owner if entry.stage > 1 else None,
            )
            for entry in self._world.history_of(made)
        ]
        if made.rejected_at is not None:
            history[-1].left_at = made.rejected_at
            archived = Visit(
                index=history[-1].index + 1,
                stage=first + self._world.stages,
                entered_at=made.rejected_at,
                actor=made.owner,
            )
            history.append(archived)
        return Application(
            index=index,
            person=made.person,
            job=made.job,
            history=history,
            source=made.source,
            credited_to=made.owner if source.kind in {"referral", "prospecting"} else None,
            reason=made.rejection_reason,
            archived_at=made.rejected_at,
            via_posting=source.kind in {"company_site", "job_board"} and job.status != "draft",
            team=[(made.owner, "Recruiter")] if index % 3 else [],
            answers=[(answer.question, answer.answer) for answer in made.answers],
            fields=_application_fields(index, job.salary_min, job.currency),
            created_at=made.applied_at,
            updated_at=made.updated_at,
        )

    def plan_of(self, job: int) -> int:
        return job % LIVE_PLANS

    def job(self, index: int) -> Job:
        made = self._world.job(index)
        return Job(
            index=index,
            title=made.title,
            status=JOB_STATUS[made.status],
            department=made.department,
            location=self._directory.location_of(made.office),
            confidential=made.confidential,
            employment_type=EMPLOYMENT_TYPES[index % len(EMPLOYMENT_TYPES)],
            code=made.code if index % 4 else None,
            plan=self.plan_of(index),
            team=[(made.hiring_manager, "Hiring Manager"), (made.recruiter, "Recruiter")],
            author=made.recruiter,
            description=made.description,
            pay=(made.salary_min, made.salary_max, made.currency),
            remote=made.remote,
            listed=not made.confidential and index % 5 != 4,
            fields={8: f"CC-{100 + made.department}"} if index % 2 else {},
            created_at=made.created_at,
            updated_at=made.updated_at,
            opened_at=made.opened_at,
            closed_at=made.closed_at,
        )

    def file(self, index: int) -> tuple[str, int, str]:
        """Name, person and kind of a file of the world."""
        application = self._world.application(index // ATTACHMENTS_EACH)
        found = {each.index: each for each in self._world.attachments_of(application)}
        return found[index].filename, application.person, found[index].kind


def fork(record: Any) -> Any:
    """A copy to write on, so that a refused write leaves nothing behind."""
    return copy.deepcopy(record)


def _candidate_fields(index: int) -> dict[int, Any]:
    fields: dict[int, Any] = {}
    if index % 4 == 1:
        fields[0] = f"{index % 3 + 1} months"
    if index % 6 == 2:
        fields[1] = [choice_value(each) for each in FIELDS[1][3][: index % 3 + 1]]
    if index % 9 == 4:
        fields[2] = f"2026-12-{index % 28 + 1:02d}"
    return fields


def _application_fields(index: int, pay: int, currency: str) -> dict[int, Any]:
    fields: dict[int, Any] = {}
    if index % 5 == 0:
        fields[4] = {"value": pay + 1000, "currencyCode": currency}
    if index % 7 == 0:
        fields[5] = choice_value(FIELDS[5][3][index % 2])
    if index % 8 == 3:
        fields[6] = index % 16 == 3
    return fields

"""The organisation that the Ashby simulator serves: all its records, and how they look."""

from collections.abc import Iterator
from typing import Any

from hireloom.sandbox._ashby_directory import (
    FIELDS,
    FORMS,
    GROUPS,
    INTERVIEWS,
    PLANS,
    PROJECTS,
    ROLES,
    SURVEYS,
    Directory,
)
from hireloom.sandbox._ashby_files import Files
from hireloom.sandbox._ashby_happenings import OPENINGS_EACH, Happenings
from hireloom.sandbox._ashby_hooks import Hooks
from hireloom.sandbox._ashby_people import Application, Candidate, Job, People
from hireloom.sandbox._ashby_shelf import Branch, Clock, Shelf
from hireloom.sandbox._ashby_wire import Json, Key, Ledger, instant
from hireloom.sandbox.hooks import Courier
from hireloom.sandbox.world import (
    INTERVIEWS_EACH,
    NOTES_EACH,
    OFFERS_EACH,
    SCORECARDS_EACH,
    World,
)


class Company:
    """Every shelf of the organisation; a write is kept on its shelf and moves the ledger."""

    def __init__(self, world: World, courier: Courier) -> None:
        self.world = world
        self.hooks = Hooks(world, courier)
        self.clock = Clock()
        self.ledger = Ledger()
        self.seen: dict[str, list[Json]] = {}  # what API clients wrote, as a recruiter sees it
        self.assessments: dict[str, Json] = {}  # by the partner's id
        self.by_recruiters: set[int] = set()  # schedules that clients may not change
        self.processes: dict[str, Json] = {}  # of offers that are being made, by id
        self.directory = Directory(world)
        self.people = People(world, self.directory)
        self.files = Files(world, self.directory, self.people)
        self.happenings = Happenings(world, self.directory, self.people)
        self._fill_people()
        self._fill_directory()
        self._fill_happenings()

    def _fill_people(self) -> None:
        world, ledger, people = self.world, self.ledger, self.people
        self.candidates = Shelf("candidate", world, ledger, world.people, people.candidate)
        self.applications = Shelf(
            "application", world, ledger, world.applications, people.application
        )
        self.jobs = Shelf("job", world, ledger, world.jobs, people.job)

    def _fill_directory(self) -> None:
        world, ledger, made = self.world, self.ledger, self.directory
        stages = len(PLANS) * made.stages_each
        groups = len(PLANS) * len(GROUPS)
        # One more than the world has: an archived one.
        self.departments = Shelf(
            "department", world, ledger, world.departments + 1, made.department
        )
        self.locations = Shelf("location", world, ledger, world.offices + 1, made.location)
        self.tags = Shelf("tag", world, ledger, world.tags + 1, made.tag)
        self.sources = Shelf("source", world, ledger, world.sources + 1, made.source)
        self.users = Shelf("user", world, ledger, world.users, made.user)
        self.reasons = Shelf("archiveReason", world, ledger, world.rejection_reasons, made.reason)
        self.plans = Shelf("interviewPlan", world, ledger, len(PLANS), made.plan)
        self.stages = Shelf("interviewStage", world, ledger, stages, made.stage)
        self.groups = Shelf("interviewStageGroup", world, ledger, groups, made.group)
        self.interviews = Shelf("interview", world, ledger, len(INTERVIEWS), made.interview)
        self.forms = Shelf("feedbackForm", world, ledger, len(FORMS), made.form)
        self.surveys = Shelf("surveyForm", world, ledger, len(SURVEYS), made.survey_form)
        self.fields = Shelf("customField", world, ledger, len(FIELDS), made.field)
        self.projects = Shelf("project", world, ledger, len(PROJECTS), made.project)
        self.roles = Shelf("hiringTeamRole", world, ledger, len(ROLES), made.role)

    def _fill_happenings(self) -> None:
        world, ledger, made = self.world, self.ledger, self.happenings
        count = world.applications

        def branch(kind: str, parents: int, each: int, make: Any) -> Branch[Json]:
            return Branch(kind, world, ledger, parents, each=each, make=make)

        self.schedules = branch("interviewSchedule", count, INTERVIEWS_EACH, made.schedules)
        self.feedback = branch("feedback", count, SCORECARDS_EACH, made.feedback)
        self.offers = branch("offer", count, OFFERS_EACH, made.offers)
        self.answers = branch("surveySubmission", count, 1, made.survey_answers)
        # A person has at most three applications of the world, whose notes have places here.
        self.notes = branch("note", world.people, 3 * NOTES_EACH, made.notes)
        self.openings = branch("opening", world.jobs, OPENINGS_EACH, made.openings)

    def show(self, where: str, what: Json) -> None:
        """Put something where a recruiter will find it."""
        self.seen.setdefault(where, []).append(what)

    # What webhooks tell

    def tell_application(self, application: Application, *events: str) -> None:
        self.hooks.tell(events, lambda: {"application": self.application_info(application)})

    def tell_hire(self, application: Application) -> None:
        offers = [offer for _, offer in self.offers.of(application.index)]
        shown = {"offer": offers[-1] if offers else None}
        self.hooks.tell(
            ["candidateHire"], lambda: {"application": self.application_info(application), **shown}
        )

    def tell(self, event: str, name: str, record: Json) -> None:
        """An object under its name."""
        self.hooks.tell([event], lambda: {name: record})

    # What a key may see

    def shows_job(self, key: Key, job: int) -> bool:
        record = self.jobs.at(job)
        return record is not None and (key.confidential or not record.confidential)

    def shows_application(self, key: Key, index: int) -> bool:
        record = self.applications.at(index)
        return record is not None and self.shows_job(key, record.job)

    def shows_candidate(self, key: Key, candidate: Candidate) -> bool:
        if key.confidential or not candidate.applications:
            return True
        return any(self.shows_application(key, each) for each in candidate.applications)

    def jobs_applications(self, job: int) -> Iterator[tuple[int, Application]]:
        """The job's applications by index, without a look at all others."""
        made = set(self.world.applications_of_job(job) if job < self.world.jobs else ())
        for index in sorted(made | self.applications.kept.keys()):
            application = self.applications.at(index)
            if application is not None and application.job == job:
                yield index, application

    def delete_application(self, index: int) -> None:
        """With all that hangs on it."""
        for branch in (self.schedules, self.feedback, self.offers, self.answers):
            branch.delete_of(index)
        self.applications.delete(index)

    # How records look

    def candidate_body(self, candidate: Candidate) -> Json:
        record = {
            "id": self.candidates.id(candidate.index),
            "createdAt": instant(candidate.created_at),
            "updatedAt": instant(candidate.updated_at),
            "name": candidate.name,
            **self._contacts(candidate, everything=True),
            "socialLinks": [{"type": kind, "url": url} for kind, url in candidate.links],
            "tags": [self.tags.at(tag) for tag in candidate.tags],
            "position": candidate.position,
            "company": candidate.company,
            "school": candidate.school,
            "applicationIds": [self.applications.id(each) for each in candidate.applications],
            "fileHandles": [self.files.body(each) for each in candidate.files],
            "customFields": self.fields_body(candidate.fields),
            "profileUrl": self.profile_url(candidate.index),
            "source": self._source(candidate.source),
            "creditedToUser": self._user(candidate.credited_to),
            "timezone": None,
            "fraudStatus": None,
        }
        if candidate.resume is not None:
            record["resumeFileHandle"] = self.files.body(candidate.resume)
        if candidate.place is not None:
            record["location"] = self._place(candidate)
        for absent in ("position", "company", "school"):  # left out where empty, never null
            if record[absent] is None:
                del record[absent]
        return record

    def profile_url(self, index: int) -> str:
        base = "https://app.ashbyhq.com/candidate-searches/new/right-side/candidates"
        return f"{base}/{self.candidates.id(index)}"

    def _contacts(self, candidate: Candidate, *, everything: bool) -> Json:
        record: Json = {}
        for one, many, values in (
            ("primaryEmailAddress", "emailAddresses", candidate.emails),
            ("primaryPhoneNumber", "phoneNumbers", candidate.phones),
        ):
            shown = [
                {"value": value, "type": kind, "isPrimary": place == 0}
                for place, (value, kind) in enumerate(values)
            ]
            if shown:
                record[one] = shown[0]
            if everything:
                record[many] = shown
        return record

    def _place(self, candidate: Candidate) -> Json:
        city, region, country = candidate.place or (None, None, None)
        kinds = (("City", city), ("Region", region), ("Country", country))
        parts = [{"type": kind, "name": name} for kind, name in kinds if name]
        return {
            "id": self.directory.id("place", candidate.index),
            "locationSummary": ", ".join(part["name"] for part in parts),
            "locationComponents": parts,
        }

    def application_body(self, application: Application) -> Json:
        """As in lists and after a change of stage."""
        candidate = self._card(application.person)
        job = self.jobs.at(application.job)
        person: Json = {"id": self.candidates.id(application.person)}
        if candidate is not None:
            person |= {"name": candidate.name, **self._contacts(candidate, everything=False)}
        role: Json = {"id": self.jobs.id(application.job)}
        if job is not None:
            role |= {"title": job.title, "locationId": self.locations.id(job.location)}
            role |= {"departmentId": self.departments.id(job.department)}
            role |= {"brandId": self.directory.id("brand", 0)}
        reason = None if application.reason is None else self.reasons.at(application.reason)
        posting = self.directory.id("jobPosting", application.job)
        record: Json = {
            "id": self.applications.id(application.index),
            "createdAt": instant(application.created_at),
            "updatedAt": instant(application.updated_at),
        }
        if application.archived_at is not None:
            record["archivedAt"] = instant(application.archived_at)
        return {
            **record,
            "candidate": person,
            "status": self.status_of(application),
            "customFields": self.fields_body(application.fields),
            "currentInterviewStage": self.stages.at(application.stage),
            "source": self._source(application.source),
            "creditedToUser": self._user(application.credited_to),
            "archiveReason": reason,
            "job": role,
            "hiringTeam": [self.directory.member(*each) for each in application.team],
            "appliedViaJobPostingId": posting if application.via_posting else None,
            "submitterClientIp": None,
            "submitterUserAgent": None,
        }

    def _card(self, person: int) -> Candidate | None:
        if person in self.candidates.kept or person >= self.candidates.count:
            return self.candidates.at(person)
        return None if person in self.candidates.gone else self.people.card(person)

    def status_of(self, application: Application) -> str:
        kind = self.directory.stage_type(application.stage)
        return kind if kind in {"Lead", "Hired", "Archived"} else "Active"

    def application_info(self, application: Application) -> Json:
        """As application.info alone gives it."""
        record = self.application_body(application)
        record["job"].pop("brandId", None)  # in lists alone
        candidate = self.candidates.at(application.person)
        if candidate is not None and candidate.resume is not None:
            record["resumeFileHandle"] = self.files.body(candidate.resume)
        record["applicationHistory"] = self.history_body(application)
        return record

    def application_brief(self, application: Application, stage: tuple[str, ...]) -> Json:
        """As the answers of writes: what is embedded shrinks to ids and titles."""
        record = self.application_body(application)
        kept = {
            "candidate": ("id", "name"),
            "job": ("id", "title"),
            "currentInterviewStage": stage,
            "source": ("id", "title"),
        }
        for name, parts in kept.items():
            if record[name] is not None:
                record[name] = {part: record[name][part] for part in parts if part in record[name]}
        return record

    def history_body(self, application: Application) -> list[Json]:
        shown = []
        for visit in application.history:
            place = visit.stage % self.directory.stages_each
            entry = {
                "id": self.directory.id("applicationHistory", visit.index),
                "stageId": self.stages.id(visit.stage),
                "title": self.directory.stage_title(visit.stage),
                "stageNumber": place,
                "enteredStageAt": instant(visit.entered_at),
                "allowedActions": ["set_entered_at"],
                "actorId": None if visit.actor is None else self.users.id(visit.actor),
            }
            if visit.left_at is not None:
                entry["leftStageAt"] = instant(visit.left_at)
            shown.append(entry)
        return shown

    def job_body(self, job: Job, *, unpublished: bool = False) -> Json:
        published = job.status == "Open" or (unpublished and job.status != "Draft")
        plan = self.plans.id(job.plan)
        return {
            "id": self.jobs.id(job.index),
            "title": job.title,
            "confidential": job.confidential,
            "status": job.status,
            "employmentType": job.employment_type,
            "locationId": self.locations.id(job.location),
            "secondaryLocationIds": [],
            "departmentId": self.departments.id(job.department),
            "defaultInterviewPlanId": plan,
            "interviewPlanIds": [plan],
            "jobPostingIds": [self.directory.id("jobPosting", job.index)] if published else [],
            "customFields": self.fields_body(job.fields),
            "hiringTeam": [self.directory.member(*each) for each in job.team],
            "customRequisitionId": job.code,
            "brandId": self.directory.id("brand", 0),
            "author": self.users.at(job.author),
            "createdAt": instant(job.created_at),
            "updatedAt": instant(job.updated_at),
            "openedAt": instant(job.opened_at),
            "closedAt": instant(job.closed_at),
        }

    def fields_body(self, values: dict[int, Any]) -> list[Json]:
        shown = []
        for index, value in values.items():
            field = self.fields.at(index) or {}
            entry = {"id": self.fields.id(index), "title": field.get("title"), "value": value}
            labels = {each["value"]: each["label"] for each in field.get("selectableValues", ())}
            if labels:
                many = isinstance(value, list)
                entry["valueLabel"] = (
                    [labels.get(each, each) for each in value] if many else labels.get(value)
                )
            shown.append(entry)
        return shown

    def _source(self, index: int | None) -> Json | None:
        return None if index is None else self.sources.at(index)

    def _user(self, index: int | None) -> Json | None:
        return None if index is None else self.users.at(index)

"""What a recruiter does in Ashby's own windows, and the switches that tests turn."""

import random
from typing import Any, ClassVar

from hireloom.sandbox import _ashby_moves as moves
from hireloom.sandbox._ashby_assessments import start_assessment
from hireloom.sandbox._ashby_calendar import Calendar
from hireloom.sandbox._ashby_candidates import keep_candidate
from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_jobs import keep_job, put_status
from hireloom.sandbox._ashby_people import Application, Candidate, Job, Visit, fork
from hireloom.sandbox._ashby_shelf import FIRST_WRITTEN, Shelf
from hireloom.sandbox._ashby_wire import Json, instant
from hireloom.sandbox.recruiter import Recruiter

Named = int | str  # an index of the world, or Ashby's id
_EDITABLE = ("position", "company", "school", "emails", "phones")
_SCORE = "Assessment score"


class Desk(Recruiter):
    """Records are named by index or by Ashby's id."""

    aliases: ClassVar[dict[str, str]] = {
        "move": "move_application",
        "reject": "reject_application",
        "hire": "hire_application",
        "unarchive": "unreject_application",
        "edit_candidate": "update_candidate",
        "edit_custom_field": "set_custom_field",
        "new_applicant": "new_application",
    }

    def __init__(self, company: Company) -> None:
        super().__init__(company.world)
        self._company = company
        self._calendar = Calendar(company)

    def change(self, kind: str, what: Json) -> Json:
        self._company.hooks.begin()
        return super().change(kind, what)

    # Applications

    def move_application(self, application: Named, stage: Named | None = None) -> Json:
        """To a stage of the world by index or to one of Ashby's by id; else to the next one."""
        found = self._application(application)
        if stage is None:
            stage = found.stage % self._company.directory.stages_each + 1
            if stage >= self._company.world.stages:
                raise ValueError("the application is in the last stage")
        return self._move(found, stage, None)

    def reject_application(self, application: Named, reason: Named = 0) -> Json:
        index, _ = self._found(self._company.reasons, reason, "archive reason")
        return self._move(self._application(application), self._company.world.stages, index)

    def unreject_application(self, application: Named) -> Json:
        """Back to the stage where it was archived."""
        found = self._application(application)
        return self._move(found, self._company.stages.id(found.history[-2].stage), None)

    def hire_application(self, application: Named) -> Json:
        return self.move_application(application, self._company.world.stages - 1)

    def new_application(
        self,
        job: Named = 0,
        name: str = "New Applicant",
        email: str | None = None,
        candidate: Named | None = None,
    ) -> Json:
        """By the form of the job's posting: somebody new, or a candidate who is known."""
        company = self._company
        _, opened = self._found(company.jobs, job, "job")
        now = company.clock.now()
        index = company.applications.next_index()
        person = self._applicant(candidate, name, email)
        person.applications.append(index)
        person.updated_at = now
        company.candidates.put(person.index, person)
        review = opened.plan * company.directory.stages_each + 1
        visit = Visit(index=FIRST_WRITTEN + company.ledger.next(), stage=review, entered_at=now)
        application = Application(
            index=index,
            person=person.index,
            job=opened.index,
            history=[visit],
            source=0,
            via_posting=True,
            created_at=now,
            updated_at=now,
        )
        company.applications.put(index, application)
        company.tell_application(application, "applicationSubmit")
        return company.application_body(application)

    def _applicant(self, candidate: Named | None, name: str, email: str | None) -> Candidate:
        company = self._company
        if candidate is not None:
            known: Candidate = fork(self._found(company.candidates, candidate, "candidate")[1])
            return known
        now = company.clock.now()
        return Candidate(
            index=company.candidates.next_index(),
            name=name,
            emails=[(email, "Personal")] if email else [],
            applications=[],
            source=0,
            created_at=now,
            updated_at=now,
        )

    def delete_application(self, application: Named) -> Json:
        """No webhook tells of it."""
        found = self._application(application)
        moves.remove(self._company, found)
        return {"id": self._company.applications.id(found.index)}

    # Candidates: only their deletion and their merging have webhooks

    def update_candidate(
        self, candidate: Named, name: str | None = None, email: str | None = None, **fields: Any
    ) -> Json:
        _, found = self._found(self._company.candidates, candidate, "candidate")
        changed: Candidate = fork(found)
        if name is not None:
            fields["name"] = name
        if email is not None:
            fields["emails"] = [(email, "Personal"), *changed.emails[1:]]
        for field, value in fields.items():
            if field not in {"name", *_EDITABLE}:
                raise ValueError(f"no field {field} of a candidate can be edited")
            setattr(changed, field, value)
        return keep_candidate(self._company, changed)

    def delete_candidate(self, candidate: Named) -> Json:
        """Deletes the person with all applications and notes, as an erasure request does."""
        company = self._company
        index, found = self._found(company.candidates, candidate, "candidate")
        for application in found.applications:
            company.delete_application(application)
        company.notes.delete_of(index)
        company.candidates.delete(index)
        gone = {"id": company.candidates.id(index)}
        company.tell("candidateDelete", "candidate", gone)
        return gone

    def merge_candidates(self, candidate: Named, into: Named) -> Json:
        """The first one vanishes; what it had belongs to the second."""
        company = self._company
        index, found = self._found(company.candidates, candidate, "candidate")
        other, known = self._found(company.candidates, into, "candidate")
        if index == other:
            raise ValueError("a candidate cannot be merged with itself")
        kept: Candidate = fork(known)
        for each in found.applications:
            application = fork(company.applications.at(each))
            application.person, application.updated_at = other, company.clock.now()
            company.applications.put(each, application)
            kept.applications.append(each)
        for _, note in list(company.notes.of(index)):
            company.notes.add(other, company.notes.next_index(), note)
        company.notes.delete_of(index)
        for assessment in company.assessments.values():
            if assessment["candidateId"] == company.candidates.id(index):
                assessment["candidateId"] = company.candidates.id(other)
        company.candidates.delete(index)
        body = keep_candidate(company, kept)
        merged = {"candidate": body, "mergedCandidateId": company.candidates.id(index)}
        company.hooks.tell(["candidateMerge"], lambda: merged)
        return body

    def add_tag(
        self, tag: str, candidate: Named | None = None, application: Named | None = None
    ) -> Json:
        """By its title; one that is not there is made. Answers the candidate."""
        company = self._company
        if candidate is None and application is not None:
            candidate = self._application(application).person
        _, found = self._found(company.candidates, candidate, "candidate")
        known = [index for index, each in company.tags.rows() if each["title"] == tag]
        index = known[0] if known else company.tags.next_index()
        if not known:
            fresh = {"id": company.tags.id(index), "title": tag, "isArchived": False}
            company.tags.put(index, fresh)
        changed: Candidate = fork(found)
        if index not in changed.tags:
            changed.tags.append(index)
        return keep_candidate(company, changed)

    def set_custom_field(
        self,
        field: str,
        value: Any,
        application: Named | None = None,
        candidate: Named | None = None,
        job: Named | None = None,
    ) -> Json:
        """By the field's title, of the one record that is named."""
        company = self._company
        if application is not None:
            changed: Application = fork(self._application(application))
            changed.fields[self._field_of("Application", field)] = value
            changed.updated_at = company.clock.now()
            company.applications.put(changed.index, changed)
            company.tell_application(changed, "applicationUpdate")
            return company.application_body(changed)
        if candidate is not None:
            person: Candidate = fork(self._found(company.candidates, candidate, "candidate")[1])
            person.fields[self._field_of("Candidate", field)] = value
            return keep_candidate(company, person)
        held: Job = fork(self._found(company.jobs, job, "job")[1])
        held.fields[self._field_of("Job", field)] = value
        return keep_job(company, held)

    def _field_of(self, holder: str, title: str) -> int:
        for index, known in self._company.fields.rows():
            if (known["objectType"], known["title"]) == (holder, title):
                return index
        raise ValueError(f"{holder.lower()}s have no field {title!r}")

    def add_note(self, application: Named, text: str, secret: bool = False) -> Json:
        """On the application's candidate: there are no other notes."""
        company = self._company
        parent = self._application(application).person
        index = company.notes.next_index()
        record = {
            "id": company.notes.id(index),
            "createdAt": instant(company.clock.now()),
            "content": text,
            "isPrivate": secret,
            "author": company.happenings.author(0),
        }
        return company.notes.add(parent, index, record)

    def start_assessment(self, application: Named, assessment_id: str) -> Json:
        """Order a test from the partner, who named it so."""
        return start_assessment(self._company, self._application(application), assessment_id)

    # Offers and interviews: the application does not count as updated

    def create_offer(
        self,
        application: Named,
        salary: int = 60_000,
        currency: str = "EUR",
        starts_on: str = "2027-02-01",
    ) -> Json:
        found = self._application(application)
        return self._calendar.create_offer(found, salary, currency, starts_on)

    def update_offer(
        self,
        offer: Named,
        status: str | None = None,
        salary: int | None = None,
        starts_on: str | None = None,
    ) -> Json:
        """`sent`, `accepted`, `declined` or Ashby's word; other terms make a new version."""
        index, found = self._found(self._company.offers, offer, "offer")
        return self._calendar.update_offer(index, found, status, salary, starts_on)

    def delete_offer(self, offer: Named) -> Json:
        index, found = self._found(self._company.offers, offer, "offer")
        self._company.offers.delete(index)
        self._company.tell("offerDelete", "offer", found)
        return {"id": found["id"]}

    def schedule_interview(self, application: Named, starts_at: str | None = None) -> Json:
        """Without a time: in a week."""
        return self._calendar.schedule(self._application(application), starts_at)

    def update_interview(
        self, interview: Named, starts_at: str | None = None, location: str | None = None
    ) -> Json:
        """By the id of the schedule."""
        index, found = self._found(self._company.schedules, interview, "interview schedule")
        return self._calendar.update(index, found, starts_at, location)

    def cancel_interview(self, interview: Named) -> Json:
        index, found = self._found(self._company.schedules, interview, "interview schedule")
        return self._calendar.cancel(index, found)

    # Jobs

    def create_job(self, title: str = "New Job", status: str = "Open") -> Json:
        company = self._company
        now = company.clock.now()
        job = Job(
            index=company.jobs.next_index(),
            title=title,
            status="Draft",
            department=0,
            location=company.directory.location_of(0),
            created_at=now,
            updated_at=now,
        )
        put_status(company, job, status)
        company.jobs.put(job.index, job)
        body = company.job_body(job)
        company.tell("jobCreate", "job", body)
        return body

    def update_job(self, job: Named, title: str | None = None) -> Json:
        changed: Job = fork(self._found(self._company.jobs, job, "job")[1])
        changed.title = title or changed.title
        return keep_job(self._company, changed)

    def close_job(self, job: Named) -> Json:
        changed: Job = fork(self._found(self._company.jobs, job, "job")[1])
        put_status(self._company, changed, "Closed")
        return keep_job(self._company, changed)

    def delete_job(self, job: Named) -> Json:
        """With its applications; no webhook tells of it."""
        company = self._company
        index, _ = self._found(company.jobs, job, "job")
        for _, application in list(company.jobs_applications(index)):
            moves.remove(company, application)
        company.jobs.delete(index)
        return {"id": company.jobs.id(index)}

    # Switches

    def expire_sync_tokens(self) -> Json:
        """Age the sync tokens that were handed out past their life."""
        self._company.ledger.expire_tokens()
        return {"epoch": self._company.ledger.epoch}

    def sync_token_life(self, seconds: float) -> Json:
        """For how long a sync token is good without being used."""
        self._company.ledger.token_life = seconds
        return {"seconds": seconds}

    def expire_files(self) -> Json:
        """Age the addresses of files that were handed out past their life."""
        self._company.files.expire()
        return {"epoch": self._company.files.epoch}

    def _move(self, application: Application, stage: Named, reason: int | None) -> Json:
        each = self._company.directory.stages_each
        plan = application.stage // each
        target = stage
        if isinstance(stage, int):
            target = plan * each + stage
        index, _ = self._found(self._company.stages, target, "interview stage")
        if index // each != plan:
            raise ValueError("the stage belongs to another interview plan")
        moved = moves.move(self._company, application, index, reason)
        return self._company.application_body(moved)

    def _application(self, named: Named) -> Application:
        found: Application = self._found(self._company.applications, named, "application")[1]
        return found

    @staticmethod
    def _found(shelf: Shelf[Any], named: Named | None, what: str) -> tuple[int, Any]:
        index = shelf.index(named) if isinstance(named, str) else named
        record = None if index is None else shelf.at(index)
        if index is None or record is None:
            raise ValueError(f"no {what} {named}")
        return index, record

    def _about(self, index: int) -> Json | None:
        found = self._company.applications.at(index)
        if found is None:
            return None
        return {
            "application": self._company.applications.id(index),
            "candidate": self._company.candidates.id(found.person),
            "job": self._company.jobs.id(found.job),
            "active": self._company.status_of(found) == "Active",
        }

    def _stages(self, about: Json) -> list[Any]:
        here = self._application(about["application"]).stage % self._company.directory.stages_each
        return [stage for stage in range(1, self._company.world.stages - 1) if stage != here]

    def _field(self, chance: random.Random, about: Json) -> Json | None:
        return {"field": _SCORE, "value": chance.randrange(10**6)}

"""Greenhouse: what a recruiter does in its windows, and the switches that tests turn."""

import random
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol

from hireloom.sandbox._greenhouse_jobs import Jobs
from hireloom.sandbox._greenhouse_numbers import number
from hireloom.sandbox._greenhouse_query import RefusalError, invalid, stamp
from hireloom.sandbox._greenhouse_writes import Writes
from hireloom.sandbox.recruiter import Recruiter

Record = dict[str, Any]
# The words of all vendors, and those of Greenhouse.
_OFFER_STATUS = {"accepted": "Accepted", "declined": "Rejected", "rejected": "Rejected"}
_APPLICATION_FIELD = "assessment_score"


class Switches(Protocol):
    """What tests turn."""

    def expire_tokens(self) -> Record: ...

    def token_lifetime(self, seconds: float) -> Record: ...


class Desk(Recruiter):
    """Ids are Greenhouse's; afterwards the records are as new as a client's own writes."""

    aliases: ClassVar[dict[str, str]] = {
        "move": "move_application",
        "reject": "reject_application",
        "hire": "hire_application",
    }

    def __init__(self, writes: Writes, switches: Switches) -> None:
        super().__init__(writes.shelf.world)
        self._writes = writes
        self._shelf = writes.shelf
        self._jobs = Jobs(writes)
        self._switches = switches

    def change(self, kind: str, what: Record) -> Record:
        try:
            return super().change(kind, what)
        except RefusalError as error:
            raise ValueError(str(error)) from error

    # Switches

    def expire_tokens(self) -> Record:
        """Revoke every access token that was handed out."""
        return self._switches.expire_tokens()

    def token_lifetime(self, seconds: float) -> Record:
        return self._switches.token_lifetime(seconds)

    # Applications

    def move_application(
        self, application: int, stage: int | None = None, job: int | None = None
    ) -> Record:
        """To another stage, the next one when none is named; with `job` to another job."""
        held = self._shelf.get("applications", application)
        body: Record = {"from_stage_id": held["job_interview_stage_id"], "to_stage_id": stage}
        if job is not None:
            body["to_job_id"] = job
        self._writes.move(application, body, None)
        return self._application(application)

    def reject_application(self, application: int, reason: int | None = None) -> Record:
        reason = number("rejection_reasons", 0) if reason is None else reason
        self._writes.reject(application, {"rejection_reason_id": reason}, None)
        return self._application(application)

    def unreject_application(self, application: int) -> Record:
        self._writes.unreject(application, {}, None)
        return self._application(application)

    def hire_application(self, application: int, opening: int | None = None) -> Record:
        body = {} if opening is None else {"opening_id": opening}
        self._writes.hire(application, body, None)
        return self._application(application)

    def unhire_application(self, application: int) -> Record:
        self._writes.unhire(application, None)
        return self._application(application)

    def new_application(
        self,
        job: int | None = None,
        name: str = "New Applicant",
        email: str | None = None,
        candidate: int | None = None,
        prospect: bool = False,
    ) -> Record:
        """Of somebody new, or of a candidate who is known; answers the application."""
        job = self._open_job() if job is None else job
        body: Record = {"prospect": True, "job_ids": [job]} if prospect else {"job_id": job}
        if candidate is not None:
            return self._writes.new_application({"candidate_id": candidate, **body}, None)
        made = self._writes.new_candidate({**_person(name, email), "application": body}, None)
        return self._shelf.rows("applications", candidate_ids=made["id"])[0]

    def delete_application(self, application: int) -> Record:
        return {"id": application, **self._writes.delete_application(application, None)}

    def apply(self, first_name: str, last_name: str, email: str, job: int | None = None) -> Record:
        """An older `new_application`, which answers the candidate."""
        made = self.new_application(job, f"{first_name} {last_name}", email)
        return self._shelf.get("candidates", made["candidate_id"])

    # Candidates

    def update_candidate(
        self, candidate: int, name: str | None = None, email: str | None = None, **fields: Any
    ) -> Record:
        """`fields` are those of Harvest."""
        person = _person(name, email)
        return self._writes.update_candidate(candidate, {**person, **fields}, None)

    def candidate(self, candidate: int, **fields: Any) -> Record:
        """An older `update_candidate`."""
        return self.update_candidate(candidate, **fields)

    def delete_candidate(self, candidate: int) -> Record:
        return {"id": candidate, **self._writes.delete_candidate(candidate, None)}

    def merge_candidates(self, candidate: int, into: int) -> Record:
        """The first one vanishes; what it had belongs to the second."""
        return self._writes.merge(candidate, into)

    def anonymize_candidate(self, candidate: int) -> Record:
        return self._writes.anonymize(candidate)

    def add_tag(
        self, tag: str, candidate: int | None = None, application: int | None = None
    ) -> Record:
        """By its name; one that is not there is made. Answers the candidate."""
        if candidate is None:
            candidate = self._shelf.get("applications", application)["candidate_id"]
        key = self._tag(tag)
        self._writes.add_tag({"candidate_id": candidate, "candidate_tag_id": key}, None)
        return self._shelf.get("candidates", candidate)

    def set_custom_field(
        self,
        field: str,
        value: Any,
        application: int | None = None,
        candidate: int | None = None,
        job: int | None = None,
    ) -> Record:
        """By the field's name_key, of the one record that is named."""
        items = [{"name_key": field, "value": value}]
        if application is not None:
            return self._writes.update(application, {"custom_fields": items}, None)
        if candidate is not None:
            return self._writes.set_candidate_field(candidate, items)
        if job is None:
            raise ValueError("name an application, a candidate or a job")
        return self._jobs.set_field(job, items)

    def custom_field(self, application: int, name_key: str, value: Any) -> Record:
        """An older `set_custom_field`."""
        return self.set_custom_field(name_key, value, application)

    def add_note(self, application: int, text: str) -> Record:
        held = self._shelf.get("applications", application)
        body = {"candidate_id": held["candidate_id"], "application_id": application}
        return self._writes.new_note({**body, "note_type": "NOTE", "body": text}, None)

    # What hangs on applications, and does not touch them

    def create_offer(
        self,
        application: int,
        salary: int = 60_000,
        currency: str = "EUR",
        starts_on: str = "2027-02-01",
    ) -> Record:
        terms = {"starts_on": starts_on, **self._salary({}, salary, currency)}
        return self._writes.new_offer(application, None, **terms)

    def update_offer(
        self,
        offer: int,
        status: str | None = None,
        salary: int | None = None,
        starts_on: str | None = None,
    ) -> Record:
        """`sent`, `accepted` or `declined` change the offer; other terms make a new version."""
        held = self._shelf.get("offers", offer)
        if salary is None and starts_on is None:
            return self._writes.change_offer(offer, None, **self._decided(status))
        terms: Record = {"starts_on": starts_on or held["starts_on"]}
        if salary is not None:
            before = (held["custom_fields"].get("salary") or {}).get("value") or {}
            currency = before.get("currency_code", "EUR")
            terms |= self._salary(held["custom_fields"], salary, currency)
        terms |= self._decided(status)
        return self._writes.new_offer(held["application_id"], None, **terms)

    def approve_offer(self, offer: int) -> Record:
        """Changes no field that Harvest shows."""
        self._writes.tell("offer_approved", self._writes.payloads.of_offer, offer)
        return self._shelf.get("offers", offer)

    def delete_offer(self, offer: int) -> Record:
        return self._writes.remove("offers", "offer_deleted", offer)

    def schedule_interview(
        self, application: int, starts_at: str | None = None, job_interview: int | None = None
    ) -> Record:
        """Without a time: in a week; no webhook tells of it."""
        held = self._shelf.get("applications", application)
        if job_interview is None:
            known = self._shelf.rows("job_interviews", job_ids=held["job_id"])
            if not known:
                raise ValueError("the application's job has no interviews")
            job_interview = known[-1]["id"]
        starts = starts_at or stamp(self._writes.now() + timedelta(days=7))
        body = {
            "application_id": application,
            "job_interview_id": job_interview,
            "interviewers": [{"user_id": number("users", 0), "response_status": "needs_action"}],
            "starts_at": starts,
            "ends_at": _later(starts),
            "external_event_id": f"calendar-{application}-{job_interview}",
        }
        return self._writes.new_interview(body, None)

    def update_interview(
        self, interview: int, starts_at: str | None = None, location: str | None = None
    ) -> Record:
        body: Record = {} if location is None else {"location": location}
        if starts_at is not None:
            body |= {"starts_at": starts_at, "ends_at": _later(starts_at)}
        held = self._shelf.get("interviews", interview)
        return self._writes.change_interview(held, body, None)

    def cancel_interview(self, interview: int) -> Record:
        """It vanishes: there is no status for it."""
        held = self._shelf.get("interviews", interview)
        return {"id": interview, **self._writes.drop_interview(held, None)}

    def delete_scorecard(self, scorecard: int) -> Record:
        return self._writes.remove("scorecards", "scorecard_deleted", scorecard)

    # Jobs

    def create_job(self, title: str = "New Job", department: int | None = None) -> Record:
        return self._jobs.create(title, department)

    def update_job(self, job: int, title: str | None = None, **fields: Any) -> Record:
        return self._jobs.update(job, title, fields)

    def close_job(self, job: int) -> Record:
        return self._jobs.close(job)

    def delete_job(self, job: int) -> Record:
        """With all its applications."""
        return self._jobs.delete(job)

    def create_job_post(self, job: int, title: str | None = None) -> Record:
        return self._jobs.create_post(job, title)

    def update_job_post(self, post: int, title: str) -> Record:
        return self._jobs.update_post(post, title)

    def delete_job_post(self, post: int) -> Record:
        """Harvest shows it as inactive."""
        return self._jobs.delete_post(post)

    def _application(self, key: int) -> Record:
        return self._shelf.get("applications", key)

    def _open_job(self) -> int:
        return number("jobs", self.world.jobs_with_applications - 1)

    def _tag(self, name: str) -> int:
        known = {self.world.tag(each).name: each for each in range(self.world.tags)}
        if name in known:
            return number("candidate_tags", known[name])
        made = self._shelf.overlay.created.get("candidate_tags", {}).values()
        found = [int(tag["id"]) for tag in made if tag["name"] == name]
        return found[0] if found else int(self._writes.new_tag({"name": name}, None)["id"])

    @staticmethod
    def _salary(before: Record, amount: int, currency: str) -> Record:
        value = {"amount": amount, "currency_code": currency}
        shown = {"name": "Salary", "type": "currency", "value": value}
        return {"custom_fields": {**before, "salary": shown}}

    def _decided(self, status: str | None) -> Record:
        at = stamp(self._writes.now())
        if status is None or status == "sent":
            return {} if status is None else {"sent_on": at[:10]}
        word = _OFFER_STATUS.get(status.lower())
        if word is None:
            raise invalid("Must be one of: sent, accepted, declined", "status")
        return {"status": word, "resolved_at": at}

    def _about(self, index: int) -> Record | None:
        held = self._shelf.find("applications", number("applications", index))
        if held is None:
            return None
        return {
            "application": held["id"],
            "candidate": held["candidate_id"],
            "job": held["job_id"],
            "active": held["status"] == "in_process" and not held["prospect"],
        }

    def _stages(self, about: Record) -> list[Any]:
        here = self._application(about["application"])["job_interview_stage_id"]
        return [each for each in self._shelf.stages_of(about["job"]) if each != here]

    def _field(self, chance: random.Random, about: Record) -> Record | None:
        return {"field": _APPLICATION_FIELD, "value": chance.randrange(10**6)}


def _person(name: str | None, email: str | None) -> Record:
    """A name is split at its last space."""
    person: Record = {}
    if name is not None:
        first, _, last = name.rpartition(" ")
        person |= {"first_name": first, "last_name": last}
    if email is not None:
        person["email_addresses"] = [{"value": email, "type": "personal"}]
    return person


def _later(starts_at: str) -> str:
    return stamp(datetime.fromisoformat(starts_at) + timedelta(minutes=45))

"""What a recruiter does in Ashby's own windows, and the switches that tests turn."""

from collections.abc import Callable
from typing import Any

from hireloom.sandbox import _ashby_moves as moves
from hireloom.sandbox._ashby_candidates import keep_candidate
from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_people import Application, Candidate, Visit, fork
from hireloom.sandbox._ashby_scores import start_assessment
from hireloom.sandbox._ashby_shelf import FIRST_WRITTEN, Shelf
from hireloom.sandbox._ashby_wire import Json, instant


class Recruiter:
    """Each public method is a kind of change; records are named by index or by Ashby's id."""

    def __init__(self, company: Company) -> None:
        self._company = company

    def change(self, kind: str, what: dict[str, Any]) -> Json:
        kinds = sorted(name for name in vars(Recruiter) if not name.startswith("_"))
        kinds.remove("change")
        if kind not in kinds:
            raise ValueError(f"no change {kind!r}; there are {', '.join(kinds)}")
        act: Callable[..., Json] = getattr(self, kind)
        return act(**what)

    def move(self, application: int | str, stage: int | str) -> Json:
        """To a stage of the world by index, or to one of Ashby's by id."""
        return self._move(self._application(application), stage, None)

    def reject(self, application: int | str, reason: int | str = 0) -> Json:
        index, _ = self._found(self._company.reasons, reason, "archive reason")
        return self._move(self._application(application), self._company.world.stages, index)

    def hire(self, application: int | str) -> Json:
        return self.move(application, self._company.world.stages - 1)

    def unarchive(self, application: int | str) -> Json:
        """Back to the stage where it was archived."""
        found = self._application(application)
        return self._move(found, self._company.stages.id(found.history[-2].stage), None)

    def edit_candidate(self, candidate: int | str, **fields: Any) -> Json:
        _, found = self._found(self._company.candidates, candidate, "candidate")
        changed: Candidate = fork(found)
        for name, value in fields.items():
            if name not in {"name", "position", "company", "school", "emails", "phones"}:
                raise ValueError(f"no field {name} of a candidate can be edited")
            setattr(changed, name, value)
        return keep_candidate(self._company, changed)

    def edit_custom_field(self, application: int | str, field: str, value: Any) -> Json:
        """The field of applications with this title."""
        company = self._company
        changed: Application = fork(self._application(application))
        for index, known in company.fields.rows():
            if (known["objectType"], known["title"]) == ("Application", field):
                changed.fields[index] = value
                changed.updated_at = company.clock.now()
                company.applications.put(changed.index, changed)
                return company.application_body(changed)
        raise ValueError(f"applications have no field {field!r}")

    def add_note(self, application: int | str, text: str, secret: bool = False) -> Json:
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

    def new_applicant(
        self, job: int | str = 0, name: str = "New Applicant", email: str | None = None
    ) -> Json:
        """Somebody who applies by the form of the job's posting."""
        company = self._company
        _, opened = self._found(company.jobs, job, "job")
        now = company.clock.now()
        person, index = company.candidates.next_index(), company.applications.next_index()
        review = opened.plan * company.directory.stages_each + 1
        application = Application(
            index=index,
            person=person,
            job=opened.index,
            history=[
                Visit(index=FIRST_WRITTEN + company.ledger.next(), stage=review, entered_at=now)
            ],
            source=0,
            via_posting=True,
            created_at=now,
            updated_at=now,
        )
        candidate = Candidate(
            index=person,
            name=name,
            emails=[(email, "Personal")] if email else [],
            applications=[index],
            source=0,
            created_at=now,
            updated_at=now,
        )
        company.candidates.put(person, candidate)
        company.applications.put(index, application)
        return company.application_body(application)

    def delete_application(self, application: int | str) -> Json:
        found = self._application(application)
        moves.remove(self._company, found)
        return {"id": self._company.applications.id(found.index)}

    def delete_candidate(self, candidate: int | str) -> Json:
        """Deletes the person with all applications and notes, as an erasure request does."""
        company = self._company
        index, found = self._found(company.candidates, candidate, "candidate")
        for application in found.applications:
            company.applications.delete(application)
        company.notes.delete_of(index)
        company.candidates.delete(index)
        return {"id": company.candidates.id(index)}

    def start_assessment(self, application: int | str, assessment_id: str) -> Json:
        """Order a test from the partner, who named it so."""
        return start_assessment(self._company, self._application(application), assessment_id)

    def expire_sync_tokens(self) -> Json:
        self._company.ledger.expire_tokens()
        return {"epoch": self._company.ledger.epoch}

    def expire_files(self) -> Json:
        """Age the addresses of files that were handed out past their life."""
        self._company.files.expire()
        return {"epoch": self._company.files.epoch}

    def _move(self, application: Application, stage: int | str, reason: int | None) -> Json:
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

    def _application(self, named: int | str) -> Application:
        found: Application = self._found(self._company.applications, named, "application")[1]
        return found

    @staticmethod
    def _found(shelf: Shelf[Any], named: int | str, what: str) -> tuple[int, Any]:
        index = named if isinstance(named, int) else shelf.index(named)
        record = None if index is None else shelf.at(index)
        if index is None or record is None:
            raise ValueError(f"no {what} {named}")
        return index, record

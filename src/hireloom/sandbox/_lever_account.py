"""One Lever account: the world's records, what clients wrote over them, and its switches."""

import re
from collections.abc import Iterator
from itertools import chain

from hireloom.sandbox import _lever_people as people
from hireloom.sandbox._lever_calls import (
    Call,
    Upload,
    bad_request,
    forbidden,
    not_found,
    now_millis,
)
from hireloom.sandbox._lever_company import STAGES, Company
from hireloom.sandbox._lever_dossier import Papers, letter, panel_interview
from hireloom.sandbox._lever_forms import FORMS, TEMPLATES
from hireloom.sandbox._lever_hooks import Hooks
from hireloom.sandbox._lever_shelf import Branch, Json, Shelf
from hireloom.sandbox._resume import pdf, resume_pdf
from hireloom.sandbox.hooks import Courier
from hireloom.sandbox.world import INTERVIEWS_EACH, OFFERS_EACH, World

_PERSON_IN_EMAIL = re.compile(r"\.(\d+)@")
_PERSONAL = ("name", "headline", "emails", "phones")


class Account:
    def __init__(self, world: World, courier: Courier) -> None:
        self.world = world
        self.company = Company(world)
        self.papers = Papers(self.company)
        self.hooks = Hooks(world, courier)
        self.clear()

    def clear(self) -> None:
        """Forget every write."""
        world, company, papers = self.world, self.company, self.papers
        self.opportunities = Shelf("opportunity", world.applications, self._opportunity, world)
        self.applications = Shelf("application", world.applications, self._application, world)
        self.contacts = Shelf("contact", world.people, self._contact, world)
        self.postings = Shelf("posting", world.jobs, company.posting, world)
        self.requisitions = Shelf("requisition", company.requisitions, company.requisition, world)
        self.users = Shelf("user", world.users, company.user, world)
        self.feedback_templates = Shelf("feedback-template", len(TEMPLATES), papers.template, world)
        self.form_templates = Shelf("form-template", len(FORMS), papers.form_template, world)
        self.notes = Branch("note", papers.notes, world)
        self.interviews = Branch("interview", papers.interviews, world, INTERVIEWS_EACH)
        self.panels = Branch("panel", papers.panels, world)
        self.feedback = Branch("feedback", papers.feedback, world)
        self.forms = Branch("form", papers.forms, world)
        self.offers = Branch("offer", papers.offers, world, OFFERS_EACH)
        self.resumes = Branch("resume", papers.resumes, world)
        self.files = Branch("file", papers.files, world)
        self.referrals = Branch("referral", papers.referrals, world)
        self.uploads: dict[str, Upload] = {}  # by id, for applications to come
        self.contents: dict[str, bytes] = {}  # of uploaded files, by id
        self.unprocessed: set[str] = set()  # files that cannot be downloaded yet
        self.slow_files = False  # new files wait until a test says that they are processed
        self.interactions_update = False  # whether they count as updates of the opportunity too
        self.epoch = 1  # of offset tokens: those of an earlier one are stale
        self.written: list[Json] = []
        self.hooks.clear()
        self._clock = 0
        self._field_count = 0

    def _opportunity(self, index: int) -> Json:
        return people.opportunity(self.company, index)

    def _application(self, index: int) -> Json | None:
        if index >= self.world.applications:
            return None  # a lead that a client created
        return people.application(self.company, index)

    def _contact(self, index: int) -> Json:
        return people.contact(self.company, index)

    def now(self) -> int:
        """Unix milliseconds, never the same twice."""
        self._clock = max(now_millis(), self._clock + 1)
        return self._clock

    def wrote(self, act: str, call: Call, **what: object) -> None:
        """Remember for the screen what a client did, with the text as it arrived."""
        self.written.append({"act": act, "as": call.performer, "at": self.now(), **what})
        del self.written[:-10_000]

    def new_field_id(self) -> str:
        self._field_count += 1
        return self.company.id("written-field", self._field_count)

    # Opportunities

    def opportunity_at(self, index: int) -> Json | None:
        """The opportunity with its contact's present name and addresses."""
        record = self.opportunities.at(index)
        if record is None or not (self.contacts.kept or self.contacts.gone):
            return record
        person = self.contacts.index(record["contact"])
        kept = None if person is None else self.contacts.kept.get(person)
        if kept is None:
            return record
        return {**record, **{name: kept[name] for name in _PERSONAL}}

    def opportunity(self, call: Call, record_id: str) -> tuple[int, Json]:
        """The one that a path names; refuses what is not there or not for this key."""
        index = self.opportunities.index(record_id)
        record = None if index is None else self.opportunity_at(index)
        if index is None or record is None:
            raise not_found("opportunity")
        self.check_confidential(call, record)
        return index, record

    @staticmethod
    def check_confidential(call: Call, record: Json) -> None:
        if record.get("confidentiality") == "confidential" and not call.key.confidential:
            raise forbidden("This API key does not have access to confidential data")

    def opportunities_of_contact(self, contact_id: str) -> Iterator[int]:
        """Newest first."""
        person = self.contacts.index(contact_id)
        made = self.opportunities.written()
        of_contact = (i for i in made if self._at(i).get("contact") == contact_id)
        known = person is not None and person < self.contacts.count
        older = self.world.applications_of_person(person) if known and person is not None else ()
        return chain(of_contact, reversed(older))

    def touch(self, index: int, **changes: object) -> Json:
        """Change an opportunity, which counts as an update of it."""
        now = self.now()
        record = {**self._at(index), **changes, "updatedAt": now, "lastInteractionAt": now}
        return self.opportunities.put(index, record)

    def interacted(self, index: int) -> None:
        """A note, an offer or an interview is an interaction; whether an update, nobody says."""
        if self.interactions_update:
            self.touch(index)
        else:
            self.opportunities.put(index, {**self._at(index), "lastInteractionAt": self.now()})

    def move(self, index: int, stage: str, user: str | None) -> Json:
        before = self._at(index)
        now = self.now()
        place = self.stage_ids().index(stage)
        entry = {"toStageId": stage, "toStageIndex": place, "updatedAt": now, "userId": user}
        changes = [*before["stageChanges"], entry]
        after = self.touch(index, stage=stage, stageChanges=changes, lastAdvancedAt=now)
        stages = {"fromStageId": before["stage"], "toStageId": stage}
        self.hooks.emit("candidateStageChange", after, **stages)
        return after

    def archive(self, index: int, reason: str | None, requisition: str | None = None) -> Json:
        """Rejects, hires or, without a reason, takes back; the stage stays."""
        before = self._at(index)
        archived = None if reason is None else {"reason": reason, "archivedAt": self.now()}
        link = self.applications.at(index)
        if link is not None:
            changed = {**link, "archived": archived, "requisitionForHire": requisition}
            self.applications.put(index, changed)
        after = self.touch(index, archived=archived)
        event = "candidateArchiveChange"
        self.hooks.emit(event, after, fromArchived=before["archived"], toArchived=archived)
        if reason == self.company.hired_reason():
            self.hooks.emit("candidateHired", after, toArchived=archived)
        return after

    def changed_contact(self, contact_id: str) -> None:
        """The person's opportunities show the change, and so count as updated."""
        self.hooks.emit_contact("contactUpdated", contact_id)
        for index in list(self.opportunities_of_contact(contact_id)):
            if self.opportunities.at(index) is not None:
                self.touch(index)

    def opportunities_of_posting(self, posting_id: str) -> Iterator[int]:
        made = self.opportunities.written()
        written = (i for i in made if self.posting_of(i) == posting_id)
        job = self.postings.index(posting_id)
        older: Iterator[int] = iter(())
        if job is not None and job < self.world.jobs:
            older = self.world.applications_of_job(job)
        return chain(written, older)

    def posting_of(self, index: int) -> str | None:
        link = self.applications.at(index)
        return None if link is None else str(link["posting"])

    def _at(self, index: int) -> Json:
        return self.opportunities.at(index) or {}

    # People

    def contact_by_email(self, email: str) -> Json | None:
        """The contact that has the address, as Lever looks for duplicates."""
        wanted = email.strip().lower()
        found = _PERSON_IN_EMAIL.search(wanted)
        guess = [int(found[1])] if found else []
        for index in chain(self.contacts.kept, guess):
            record = self.contacts.at(index)
            if record and wanted in (address.lower() for address in record["emails"]):
                return record
        return None

    def known_user(self, record_id: str, name: str) -> Json:
        user = self.users.get(record_id)
        if user is None:
            raise bad_request(f"{name} is not a user of your account")
        return user

    def stage_ids(self) -> list[str]:
        return [self.company.stage_id(place) for place in range(len(STAGES))]

    def archive_reason(self, record_id: str) -> Json | None:
        rows = self.company.archive_reasons()
        return next((row for row in rows if row["id"] == record_id), None)

    def panel_as_is(self, parent: int, panel: Json) -> Json:
        """The panel with its interviews as they are now."""
        rows = [row for row in self.interviews.of(parent) if row["panel"] == panel["id"]]
        if not rows:
            return {**panel, "interviews": []}
        return {
            **panel,
            "interviews": [panel_interview(row) for row in rows],
            "start": min(row["date"] for row in rows),
            "end": max(row["date"] + row["duration"] * 60_000 for row in rows),
        }

    # Documents

    def document(self, kind: str, record: Json, parent: int) -> bytes:
        """The bytes of a résumé, file or offer."""
        if record["id"] in self.contents:
            return self.contents[record["id"]]
        applied = self.world.application(parent)
        person = self.world.person(applied.person)
        if kind == "resume":
            return resume_pdf(person)
        if kind == "offer":
            terms = [f"{field['text']}: {field['value']}" for field in record["fields"]]
            return pdf([f"Offer to {person.name}", *terms])
        rows = self.world.attachments_of(applied)
        return letter(next(row for row in rows if row.kind != "resume"))

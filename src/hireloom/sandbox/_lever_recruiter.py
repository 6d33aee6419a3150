"""What a recruiter does in Lever's own windows, and the switches that tests turn."""

import random
from typing import Any, ClassVar

from hireloom.sandbox._lever_account import Account
from hireloom.sandbox._lever_auth import Auth
from hireloom.sandbox._lever_calendar import Calendar, read_millis
from hireloom.sandbox._lever_candidacy import Candidacy, new_contact, store
from hireloom.sandbox._lever_dossier import note
from hireloom.sandbox._lever_forms import FORMS
from hireloom.sandbox._lever_shelf import Json
from hireloom.sandbox._lever_write_company import changed_posting, new_posting
from hireloom.sandbox.recruiter import Recruiter

Named = int | str  # an index of the world, or Lever's id


class Desk(Recruiter):
    """Records are named by index or by Lever's id."""

    aliases: ClassVar[dict[str, str]] = {
        "move": "move_application",
        "reject": "reject_application",
        "hire": "hire_application",
        "unarchive": "unreject_application",
        "edit_candidate": "update_candidate",
        "edit_custom_field": "set_custom_field",
        "new_applicant": "new_application",
    }

    def __init__(self, account: Account, auth: Auth) -> None:
        super().__init__(account.world)
        self._account = account
        self._auth = auth
        self._calendar = Calendar(account)

    # Applications: Lever's opportunities

    def move_application(self, application: Named, stage: Named | None = None) -> Json:
        """To a stage of the world by index or to one of Lever's by id; else to the next one."""
        account, company = self._account, self._account.company
        index, record = self._opportunity(application)
        if stage is None:
            ids = account.stage_ids()
            place = ids.index(record["stage"]) + 1
            if place == len(ids):
                raise ValueError("the opportunity is in the last stage")
            stage = ids[place]
        if isinstance(stage, int):
            stage = company.stage_id(company.stage_of(stage))
        if stage not in account.stage_ids():
            raise ValueError(f"no stage {stage}")
        return account.move(index, stage, record["owner"])

    def reject_application(self, application: Named, reason: Named = 0) -> Json:
        account = self._account
        chosen = account.company.id("reason", reason) if isinstance(reason, int) else reason
        return self._archive(application, chosen)

    def unreject_application(self, application: Named) -> Json:
        return self._archive(application, None)

    def hire_application(self, application: Named) -> Json:
        return self._archive(application, self._account.company.hired_reason())

    def new_application(
        self,
        job: Named = 0,
        name: str = "New Applicant",
        email: str | None = None,
        candidate: Named | None = None,
    ) -> Json:
        """Through the job site; whoever has the address already gets one more opportunity."""
        account = self._account
        _, posting = self._posting(job)
        known = None if candidate is None else self._contact(candidate)[1]
        found = known or (account.contact_by_email(email) if email else None)
        contact = found or new_contact(account, {"name": name}, [email] if email else [])
        wanted = Candidacy(
            stage=account.company.stage_id(3),
            origin="applied",
            sources=["Job site"],
            owner=posting["owner"],
            posting=posting,
        )
        return account.opportunity_at(store(account, contact, wanted)) or {}

    def delete_application(self, application: Named) -> Json:
        """Deletes the opportunity and its application, and leaves the person."""
        account = self._account
        index, record = self._opportunity(application)
        now = account.now()
        account.opportunities.delete(index, now)
        if account.applications.at(index) is not None:
            account.applications.delete(index, now)
        account.hooks.emit("candidateDeleted", record)
        return {"id": record["id"], "deletedAt": now}

    def make_confidential(self, application: Named) -> Json:
        index, _ = self._opportunity(application)
        return self._account.touch(index, confidentiality="confidential")

    # People

    def update_candidate(
        self, candidate: Named, name: str | None = None, email: str | None = None, **fields: Any
    ) -> Json:
        """`fields` are those of a contact."""
        account = self._account
        index, record = self._contact(candidate)
        unknown = sorted(set(fields) - set(record))
        if unknown:
            raise ValueError(f"a contact has no {', '.join(unknown)}")
        if name is not None:
            fields["name"] = name
        if email is not None:
            fields["emails"] = [email]
        changed = account.contacts.put(index, {**record, **fields})
        account.changed_contact(record["id"])
        return changed

    def delete_candidate(self, candidate: Named) -> Json:
        """Deletes the person with every opportunity, as an erasure request does."""
        account = self._account
        index, record = self._contact(candidate)
        for each in list(account.opportunities_of_contact(record["id"])):
            if account.opportunities.at(each) is not None:
                self.delete_application(each)
        now = account.now()
        account.contacts.delete(index, now)
        return {"id": record["id"], "deletedAt": now}

    def add_tag(self, application: Named, tag: str) -> Json:
        index, record = self._opportunity(application)
        tags = list(dict.fromkeys([*record["tags"], tag]))
        return self._account.touch(index, tags=tags)

    def set_custom_field(self, application: Named, field: str, value: Any) -> Json:
        """Custom fields of a candidate are the fields of profile forms; answers the form."""
        account = self._account
        index, record = self._opportunity(application)
        for form in account.forms.of(index):
            if any(each["text"] == field for each in form["fields"]):
                account.touch(index)
                return account.forms.put({**form, "fields": _filled(form, field, value)})
        templates = [template for _, template in account.form_templates.rows(None)]
        suited = [each for each in templates if field in [one["text"] for one in each["fields"]]]
        if not suited:
            raise ValueError(f"no form has a field {field!r}")
        form = suited[0]
        now = account.now()
        facts = {name: form[name] for name in ("text", "instructions")}
        times = {"createdAt": now, "completedAt": now, "deletedAt": None}
        facts |= {"type": "form", "fields": _filled(form, field, value), **times}
        account.touch(index)
        facts |= {"baseTemplateId": form["id"], "secret": form["secretByDefault"]}
        facts["user"] = record["owner"]
        return account.forms.add(index, facts, by_recruiter=True)

    def add_note(self, application: Named, text: str, secret: bool = False) -> Json:
        account = self._account
        index, record = self._opportunity(application)
        made = account.notes.add(index, {}, by_recruiter=True)
        facts = note(
            made["id"],
            text=text,
            user=record["owner"],
            when=account.now(),
            stage=record["stage"],
            secret=secret,
        )
        made |= facts
        account.interacted(index)
        return made

    # Offers and interviews: interactions, not updates

    def create_offer(
        self,
        application: Named,
        salary: int = 60_000,
        currency: str = "EUR",
        starts_on: str = "2027-02-01",
    ) -> Json:
        index, _ = self._opportunity(application)
        terms = {"salary_amount": salary, "salary_currency": currency}
        return self._calendar.create_offer(
            index, terms | {"anticipated_start_date": read_millis(starts_on)}
        )

    def update_offer(
        self,
        offer: str,
        status: str | None = None,
        salary: int | None = None,
        starts_on: str | None = None,
    ) -> Json:
        """`sent`, `accepted`, `declined`, or a status of Lever's own."""
        terms: Json = {} if salary is None else {"salary_amount": salary}
        if starts_on is not None:
            terms["anticipated_start_date"] = read_millis(starts_on)
        return self._calendar.update_offer(offer, status, terms)

    def schedule_interview(self, application: Named, starts_at: str | None = None) -> Json:
        """Without a time: in a week."""
        index, _ = self._opportunity(application)
        return self._calendar.schedule(index, None if starts_at is None else read_millis(starts_at))

    def update_interview(
        self, interview: str, starts_at: str | None = None, location: str | None = None
    ) -> Json:
        wanted: Json = {} if location is None else {"location": location}
        if starts_at is not None:
            wanted["date"] = read_millis(starts_at)
        return self._calendar.update(interview, wanted)

    def cancel_interview(self, interview: str) -> Json:
        """It stays, with the time of its end."""
        return self._calendar.cancel(interview)

    def delete_interview(self, interview: str) -> Json:
        return self._calendar.delete(interview)

    # Jobs: Lever's postings; no webhook tells of them

    def create_job(self, title: str = "New Job", state: str = "published") -> Json:
        account = self._account
        user = account.users.at(0) or {}
        return new_posting(account, {"text": title, "state": state}, user["id"])

    def update_job(self, job: Named, title: str | None = None, **fields: Any) -> Json:
        """`fields` are those of a posting."""
        account = self._account
        index, record = self._posting(job)
        body = fields if title is None else {"text": title, **fields}
        return account.postings.put(index, changed_posting(account, record, body))

    def close_job(self, job: Named) -> Json:
        return self.update_job(job, state="closed", distributionChannels=None)

    def delete_job(self, job: Named) -> Json:
        """With its applications; their opportunities stay, and do not count as updated."""
        account = self._account
        index, record = self._posting(job)
        now = account.now()
        for each in list(account.opportunities_of_posting(record["id"])):
            if account.applications.at(each) is None:
                continue
            account.applications.delete(each, now)
            held = account.opportunities.at(each)
            if held is not None:
                account.opportunities.put(each, {**held, "applications": []})
        account.postings.delete(index, now)
        return {"id": record["id"], "deletedAt": now}

    # Switches

    def set_user(self, user: Named, active: bool) -> Json:
        account = self._account
        index = user if isinstance(user, int) else account.users.index(user)
        record = None if index is None else account.users.at(index)
        if index is None or record is None:
            raise ValueError(f"no user {user}")
        gone = None if active else account.now()
        return account.users.put(index, {**record, "deactivatedAt": gone})

    def interactions_update(self, on: bool = True) -> Json:
        """Let notes, offers, interviews and feedback count as updates of the opportunity."""
        self._account.interactions_update = on
        return {"on": on}

    def expire_offsets(self) -> Json:
        """Makes every offset token that was given out stale."""
        self._account.epoch += 1
        return {"epoch": self._account.epoch}

    def expire_tokens(self) -> Json:
        self._auth.expire_tokens()
        return {}

    def token_life(self, seconds: float) -> Json:
        self._auth.token_life = seconds
        return {"seconds": seconds}

    def slow_files(self, slow: bool = True) -> Json:
        """While slow, a new file cannot be downloaded; turning it off processes all of them."""
        self._account.slow_files = slow
        if not slow:
            self._account.unprocessed.clear()
        return {"slow": slow}

    def unprocess_file(self, file: str) -> Json:
        self._account.unprocessed.add(file)
        return {"file": file}

    def _archive(self, application: Named, reason: str | None) -> Json:
        account = self._account
        index, _ = self._opportunity(application)
        if reason is not None and account.archive_reason(reason) is None:
            raise ValueError(f"no archive reason {reason}")
        return account.archive(index, reason)

    def _opportunity(self, named: Named) -> tuple[int, Json]:
        account = self._account
        index = named if isinstance(named, int) else account.opportunities.index(named)
        record = None if index is None else account.opportunity_at(index)
        if index is None or record is None:
            raise ValueError(f"no opportunity {named}")
        return index, record

    def _contact(self, named: Named) -> tuple[int, Json]:
        account = self._account
        index = named if isinstance(named, int) else account.contacts.index(named)
        record = None if index is None else account.contacts.at(index)
        if index is None or record is None:
            raise ValueError(f"no contact {named}")
        return index, record

    def _posting(self, named: Named) -> tuple[int, Json]:
        account = self._account
        index = named if isinstance(named, int) else account.postings.index(named)
        record = None if index is None else account.postings.at(index)
        if index is None or record is None:
            raise ValueError(f"no posting {named}")
        return index, record

    def _about(self, index: int) -> Json | None:
        record = self._account.opportunities.at(index)
        if record is None:
            return None
        return {
            "application": record["id"],
            "candidate": record["contact"],
            "job": self._account.posting_of(index),
            "active": record["archived"] is None,
        }

    def _stages(self, about: Json) -> list[Any]:
        _, record = self._opportunity(about["application"])
        return [each for each in self._account.stage_ids() if each != record["stage"]]

    def _field(self, chance: random.Random, about: Json) -> Json | None:
        return {"field": FORMS[0][2][0]["text"], "value": f"{chance.randrange(10**6)} days"}


def _filled(form: Json, field: str, value: Any) -> list[Json]:
    return [
        {**each, "value": value if each["text"] == field else each.get("value")}
        for each in form["fields"]
    ]

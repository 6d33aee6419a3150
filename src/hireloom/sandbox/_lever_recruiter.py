"""What a recruiter does in Lever's own windows, and the switches that tests turn."""

from collections.abc import Callable
from typing import Any

from hireloom.sandbox._lever_account import Account
from hireloom.sandbox._lever_auth import Auth
from hireloom.sandbox._lever_candidacy import Candidacy, new_contact, store
from hireloom.sandbox._lever_dossier import note
from hireloom.sandbox._lever_shelf import Json


class Recruiter:
    """Each public method is a kind of change; records are named by index or by Lever's id."""

    def __init__(self, account: Account, auth: Auth) -> None:
        self._account = account
        self._auth = auth

    def change(self, kind: str, what: dict[str, Any]) -> Json:
        kinds = sorted(name for name in vars(Recruiter) if not name.startswith("_"))
        kinds.remove("change")
        if kind not in kinds:
            raise ValueError(f"no change {kind!r}; there are {', '.join(kinds)}")
        act: Callable[..., Json] = getattr(self, kind)
        return act(**what)

    def move(self, application: int | str, stage: int | str) -> Json:
        """To a stage of the world by index, or to one of Lever's by id."""
        company = self._account.company
        index, record = self._opportunity(application)
        if isinstance(stage, int):
            stage = company.stage_id(company.stage_of(stage))
        return self._account.move(index, stage, record["owner"])

    def reject(self, application: int | str, reason: int | str = 0) -> Json:
        account = self._account
        chosen = account.company.id("reason", reason) if isinstance(reason, int) else reason
        return self._archive(application, chosen)

    def hire(self, application: int | str) -> Json:
        return self._archive(application, self._account.company.hired_reason())

    def unarchive(self, application: int | str) -> Json:
        return self._archive(application, None)

    def delete_application(self, application: int | str) -> Json:
        """Deletes the opportunity and its application, and leaves the person."""
        account = self._account
        index, record = self._opportunity(application)
        now = account.now()
        account.opportunities.delete(index, now)
        if account.applications.at(index) is not None:
            account.applications.delete(index, now)
        account.hooks.emit("candidateDeleted", record)
        return {"id": record["id"], "deletedAt": now}

    def delete_candidate(self, candidate: int | str) -> Json:
        """Deletes the person with every opportunity, as an erasure request does."""
        account = self._account
        index, record = self._contact(candidate)
        for each in list(account.opportunities_of_contact(record["id"])):
            if account.opportunities.at(each) is not None:
                self.delete_application(each)
        now = account.now()
        account.contacts.delete(index, now)
        return {"id": record["id"], "deletedAt": now}

    def edit_candidate(self, candidate: int | str, **fields: Any) -> Json:
        account = self._account
        index, record = self._contact(candidate)
        unknown = sorted(set(fields) - set(record))
        if unknown:
            raise ValueError(f"a contact has no {', '.join(unknown)}")
        changed = account.contacts.put(index, {**record, **fields})
        account.changed_contact(record["id"])
        return changed

    def edit_custom_field(self, application: int | str, field: str, value: Any) -> Json:
        """Custom fields of a candidate are the fields of profile forms."""
        account = self._account
        index, _ = self._opportunity(application)
        for form in account.forms.of(index):
            if any(each["text"] == field for each in form["fields"]):
                fields = [
                    {**each, "value": value} if each["text"] == field else each
                    for each in form["fields"]
                ]
                account.touch(index)
                return account.forms.put({**form, "fields": fields})
        raise ValueError(f"no form of the opportunity has a field {field!r}")

    def new_applicant(
        self, job: int | str = 0, name: str = "New Applicant", email: str | None = None
    ) -> Json:
        account = self._account
        posting_id = account.postings.id(job) if isinstance(job, int) else job
        posting = account.postings.get(posting_id)
        if posting is None:
            raise ValueError(f"no posting {job}")
        found = account.contact_by_email(email) if email else None
        contact = found or new_contact(account, {"name": name}, [email] if email else [])
        wanted = Candidacy(
            stage=account.company.stage_id(3),
            origin="applied",
            sources=["Job site"],
            owner=posting["owner"],
            posting=posting,
        )
        return account.opportunity_at(store(account, contact, wanted)) or {}

    def add_note(self, application: int | str, text: str, secret: bool = False) -> Json:
        account = self._account
        index, record = self._opportunity(application)
        made = account.notes.add(index, {})
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

    def make_confidential(self, application: int | str) -> Json:
        index, _ = self._opportunity(application)
        return self._account.touch(index, confidentiality="confidential")

    def set_user(self, user: int | str, active: bool) -> Json:
        account = self._account
        index = user if isinstance(user, int) else account.users.index(user)
        record = None if index is None else account.users.at(index)
        if index is None or record is None:
            raise ValueError(f"no user {user}")
        gone = None if active else account.now()
        return account.users.put(index, {**record, "deactivatedAt": gone})

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

    def _archive(self, application: int | str, reason: str | None) -> Json:
        account = self._account
        index, _ = self._opportunity(application)
        if reason is not None and account.archive_reason(reason) is None:
            raise ValueError(f"no archive reason {reason}")
        return account.archive(index, reason)

    def _opportunity(self, named: int | str) -> tuple[int, Json]:
        account = self._account
        index = named if isinstance(named, int) else account.opportunities.index(named)
        record = None if index is None else account.opportunity_at(index)
        if index is None or record is None:
            raise ValueError(f"no opportunity {named}")
        return index, record

    def _contact(self, named: int | str) -> tuple[int, Json]:
        account = self._account
        index = named if isinstance(named, int) else account.contacts.index(named)
        record = None if index is None else account.contacts.at(index)
        if index is None or record is None:
            raise ValueError(f"no contact {named}")
        return index, record

"""Offers and interviews as recruiters make and change them in Lever."""

from datetime import UTC, datetime
from typing import Any

from hireloom.sandbox._lever_account import Account
from hireloom.sandbox._lever_dossier import NO_FEEDBACK, TIMEZONE, interviewer, panel
from hireloom.sandbox._lever_shelf import Branch, Json

WEEK = 7 * 86_400_000
TERMS = {
    "salary_amount": "Salary",
    "salary_currency": "Currency",
    "anticipated_start_date": "Start date",
}
# The words of all vendors, and those of Lever.
OFFER_STATUS = {"accepted": "signed", "declined": "denied"}


def read_millis(text: str) -> int:
    """Unix milliseconds of an ISO 8601 date or time."""
    at = datetime.fromisoformat(text)
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)


class Calendar:
    """Every act is an interaction with the opportunity; interviews have webhooks, offers none."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def create_offer(self, index: int, terms: Json) -> Json:
        account = self._account
        record = account.opportunity_at(index) or {}
        signs = {"role": "candidate", "name": record["name"], "email": None, "signed": False}
        signs |= dict.fromkeys(("firstOpenedAt", "lastOpenedAt", "signedAt"))
        made = account.offers.add(
            index,
            {
                "createdAt": account.now(),
                "status": "draft",
                "creator": record["owner"],
                "fields": [
                    {"text": text, "identifier": name, "value": terms[name]}
                    for name, text in TERMS.items()
                ],
                "signatures": {"candidate": signs},
                "approved": None,
                "approvedAt": None,
                "sentAt": None,
                "posting": account.posting_of(index),
                "sentDocument": None,
                "signedDocument": None,
            },
            by_recruiter=True,
        )
        account.interacted(index)
        return made

    def update_offer(self, offer: str, status: str | None, terms: Json) -> Json:
        account = self._account
        index, held = self._found(account.offers, offer)
        after = dict(held)
        now = account.now()
        after["fields"] = [
            {**each, "value": terms.get(each["identifier"], each["value"])}
            for each in held["fields"]
        ]
        if status is not None:
            after["status"] = OFFER_STATUS.get(status, status)
            after["sentAt"] = held["sentAt"] or now
            signed = after["status"] == "signed"
            signs = {**held["signatures"]["candidate"], "signed": signed}
            after["signatures"] = {"candidate": {**signs, "signedAt": now if signed else None}}
        account.interacted(index)
        return account.offers.put(after)

    def schedule(self, index: int, date: int | None) -> Json:
        account = self._account
        record = account.opportunity_at(index) or {}
        posting = account.posting_of(index)
        home = account.panels.add(index, {}, by_recruiter=True)
        host = account.users.at(0) or {}
        made = account.interviews.add(
            index,
            {
                "panel": home["id"],
                "subject": "Interview",
                "note": None,
                "interviewers": [interviewer(host, NO_FEEDBACK)],
                "timezone": TIMEZONE,
                "createdAt": account.now(),
                "date": account.now() + WEEK if date is None else date,
                "duration": 45,
                "location": None,
                "feedbackTemplate": NO_FEEDBACK,
                "feedbackForms": [],
                "feedbackReminder": "daily",
                "user": record["owner"],
                "stage": record["stage"],
                "canceledAt": None,
                "postings": [posting] if posting else [],
                "gcalEventUrl": None,
                "opportunityId": record["id"],
            },
            by_recruiter=True,
        )
        home |= panel(made, record["applications"], managed=False)
        self._tell("interviewCreated", index, made)
        return made

    def update(self, interview: str, wanted: Json) -> Json:
        return self._changed(interview, wanted)

    def cancel(self, interview: str) -> Json:
        return self._changed(interview, {"canceledAt": self._account.now()})

    def delete(self, interview: str) -> Json:
        account = self._account
        index, held = self._found(account.interviews, interview)
        account.interviews.delete(interview)
        if all(row["panel"] != held["panel"] for row in account.interviews.of(index)):
            account.panels.delete(held["panel"])
        self._tell("interviewDeleted", index, held)
        return {"id": interview}

    def _changed(self, interview: str, fields: Json) -> Json:
        account = self._account
        index, held = self._found(account.interviews, interview)
        after = account.interviews.put({**held, **fields})
        self._tell("interviewUpdated", index, after)
        return after

    def _tell(self, event: str, index: int, interview: Json) -> None:
        account = self._account
        account.interacted(index)
        ids = {"interviewId": interview["id"], "panelId": interview["panel"]}
        account.hooks.emit(event, account.opportunities.at(index) or {}, **ids)

    def _found(self, branch: Branch, record_id: str) -> tuple[int, Any]:
        index = branch.parent_of(record_id)
        gone = index is None or self._account.opportunities.at(index) is None
        record = None if index is None or gone else branch.get(index, record_id)
        if index is None or record is None:
            raise ValueError(f"no {branch.kind} {record_id}")
        return index, record

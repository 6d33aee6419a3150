"""Creating opportunities and changing contacts in the Lever simulator."""

from typing import Any

from hireloom.sandbox import _lever_people as people
from hireloom.sandbox._lever_account import Account
from hireloom.sandbox._lever_body import number, text, texts, whole_email
from hireloom.sandbox._lever_calls import Answer, Call, bad_request, not_found
from hireloom.sandbox._lever_candidacy import Candidacy, add_file, new_contact, phones, store
from hireloom.sandbox._lever_shelf import Json

DEFAULT_STAGE = "lead-new"


def create_opportunity(account: Account, call: Call) -> Answer:
    """A new candidacy; the person is found again by contact id or e-mail address."""
    emails = [whole_email(each) for each in texts(call.body, "emails")]
    wanted = _wanted(account, call)
    phones(call.body)
    found = _known_contact(account, text(call.body, "contact"), emails)
    contact = found or new_contact(account, call.body, emails)
    index = store(account, contact, wanted)
    for upload in call.uploads:
        add_file(account, index, upload, resume=upload.field == "resumeFile")
    record = bare(account, index, personal=True)
    account.wrote("create_opportunity", call, opportunity=record["id"], name=contact["name"])
    answer: Json = {"data": record}
    return Answer(status=201, body=answer if found is None else {"deduped": True, **answer})


def _wanted(account: Account, call: Call) -> Candidacy:
    body = call.body
    stage = text(body, "stage") or DEFAULT_STAGE
    check_stage(account, stage)
    origin = text(body, "origin") or "sourced"
    if origin not in people.ORIGINS:
        raise bad_request(f"origin must be one of {', '.join(people.ORIGINS)}")
    posting = _posting(account, call, texts(body, "postings"))
    owner = text(body, "owner") or call.performer
    if call.flag("perform_as_posting_owner") and posting is not None:
        owner = posting["owner"]
    for user in [*([owner] if owner else []), *texts(body, "followers")]:
        account.known_user(user, "owner and each of followers")
    return Candidacy(
        stage=stage,
        origin=origin,
        sources=texts(body, "sources") or ["Added manually"],
        owner=owner,
        performer=call.performer,
        posting=posting,
        archived=_archived(account, body.get("archived")),
        created=number(body, "createdAt"),
        links=texts(body, "links"),
        tags=texts(body, "tags"),
        followers=texts(body, "followers"),
    )


def _posting(account: Account, call: Call, ids: list[str]) -> Json | None:
    if len(ids) > 1:
        raise bad_request("postings may hold one posting")
    posting = account.postings.get(ids[0]) if ids else None
    if ids and posting is None:
        raise bad_request("postings names a posting that does not exist")
    if posting is not None:
        account.check_confidential(call, posting)
    return posting


def _known_contact(account: Account, contact_id: str | None, emails: list[str]) -> Json | None:
    if contact_id is not None:
        contact = account.contacts.get(contact_id)
        if contact is None:
            raise bad_request("contact does not exist")
        return contact
    found = (account.contact_by_email(email) for email in emails)
    return next((contact for contact in found if contact is not None), None)


def _archived(account: Account, wanted: Any) -> Json | None:
    if wanted is None:
        return None
    if not isinstance(wanted, dict) or account.archive_reason(wanted.get("reason", "")) is None:
        raise bad_request("archived.reason is not an archive reason of your account")
    return {"reason": wanted["reason"], "archivedAt": wanted.get("archivedAt") or account.now()}


def check_stage(account: Account, stage: str) -> None:
    if stage not in account.stage_ids():
        raise bad_request("stage is not a stage of your account")


def update_contact(account: Account, call: Call) -> Answer:
    """Changes only what is sent; the answer is shorter than what a read gives."""
    index = account.contacts.index(call.ids[0])
    record = account.contacts.get(call.ids[0])
    if index is None or record is None:
        raise not_found("contact")
    changed = dict(record)
    for name in ("name", "headline"):
        if name in call.body:
            changed[name] = text(call.body, name) or ""
    if "location" in call.body:
        place = call.body["location"]
        sent = text(place, "name") if isinstance(place, dict) else text(call.body, "location")
        changed["location"] = {"name": sent or ""}
    if "emails" in call.body:
        changed["emails"] = [whole_email(each) for each in texts(call.body, "emails")]
    if "phones" in call.body:
        changed["phones"] = phones(call.body)
    account.contacts.put(index, changed)
    account.changed_contact(call.ids[0])
    account.wrote("update_contact", call, contact=call.ids[0], sent=call.body)
    shown = ("id", "name", "headline", "location", "emails", "phones")
    return Answer(body={"data": {name: changed[name] for name in shown}})


def bare(account: Account, index: int, *, personal: bool = False) -> Json:
    """An opportunity as writes answer it: no posting's place, and often nothing of the person."""
    record = dict(account.opportunity_at(index) or {})
    record.pop("opportunityLocation", None)
    if not personal:
        record |= {"name": "", "headline": "", "phones": [], "emails": [], "links": []}
    return record

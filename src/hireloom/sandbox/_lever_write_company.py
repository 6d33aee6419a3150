"""Writing postings, requisitions and users to the Lever simulator."""

from typing import Any

from hireloom.sandbox._lever_account import Account
from hireloom.sandbox._lever_body import mapping, needed, text, texts
from hireloom.sandbox._lever_calls import Answer, Call, bad_request, not_found
from hireloom.sandbox._lever_shelf import Json, Shelf

POSTING_STATES = ("published", "internal", "closed", "draft", "pending", "rejected")
POSTING_FIELDS = (
    "country",
    "distributionChannels",
    "hiringManager",
    "owner",
    "requisitionCodes",
    "state",
    "tags",
    "text",
    "workplaceType",
)
ROLES = ("super admin", "admin", "team member", "limited team member", "interviewer")


def create_posting(account: Account, call: Call) -> Answer:
    needed(call.body, "text")
    record = new_posting(account, call.body, call.performer)
    account.wrote("create_posting", call, posting=record["id"], text=record["text"])
    return Answer(status=201, body={"data": record})


def new_posting(account: Account, body: Json, user: str | None) -> Json:
    now = account.now()
    owner = text(body, "owner") or user
    blank = {
        "text": "",
        "state": "draft",
        "distributionChannels": None,
        "user": user,
        "owner": owner,
        "hiringManager": None,
        "categories": dict.fromkeys(("commitment", "department", "level", "location", "team")),
        "tags": [],
        "content": {"description": "", "descriptionHtml": "", "lists": [], "closing": ""},
        "country": None,
        "followers": [owner] if owner else [],
        "reqCode": None,
        "requisitionCodes": [],
        "urls": {},
        "confidentiality": "non-confidential",
        "createdAt": now,
        "workplaceType": "unspecified",
    }
    record = account.postings.add(_posting(account, blank, body, now))
    site = "https://jobs.lever.co/hireloom-sandbox"
    show = f"{site}/{record['id']}"
    record["urls"] = {"list": site, "show": show, "apply": f"{show}/apply"}
    return record


def update_posting(account: Account, call: Call) -> Answer:
    """By POST, changing only what is sent."""
    index, record = _found(account.postings, call, "posting")
    account.check_confidential(call, record)
    changed = account.postings.put(index, changed_posting(account, record, call.body))
    account.wrote("update_posting", call, posting=record["id"], sent=call.body)
    return Answer(body={"data": changed})


def changed_posting(account: Account, before: Json, body: Json) -> Json:
    """The posting with what the body asks for."""
    return _posting(account, before, body, account.now())


def _posting(account: Account, before: Json, body: Json, now: int) -> Json:
    after = {**before, **{name: body[name] for name in POSTING_FIELDS if name in body}}
    after["updatedAt"] = now
    for name in ("distributionChannels", "requisitionCodes", "tags"):
        texts(after, name)
    if text(after, "state") not in POSTING_STATES:
        raise bad_request(f"state must be one of {', '.join(POSTING_STATES)}")
    for name in ("owner", "hiringManager"):
        if after[name] is not None:
            account.known_user(needed(after, name), name)
    if categories := mapping(body, "categories"):
        merged = {**before["categories"], **categories}
        places = [merged["location"]] if merged.get("location") else []
        after["categories"] = {**merged, "allLocations": places}
    after["categories"].setdefault("allLocations", [])
    if content := mapping(body, "content"):
        closing = content.get("closingPostingHtml", before["content"].get("closingHtml", ""))
        sent = {name: content[name] for name in ("descriptionHtml", "lists") if name in content}
        after["content"] = {**before["content"], **sent, "closingHtml": closing}
    return after


def create_requisition(account: Account, call: Call) -> Answer:
    now = account.now()
    record = _requisition(account, call, {"createdAt": now, "headcountHired": 0}, now)
    codes = (row["requisitionCode"] for _, row in account.requisitions.rows(None))
    if record["requisitionCode"] in codes:
        raise bad_request("A requisition with this requisitionCode exists")
    made = account.requisitions.add(record)
    account.wrote("create_requisition", call, requisition=made["id"])
    return Answer(status=201, body={"data": _as_written(made)})


def update_requisition(account: Account, call: Call) -> Answer:
    """Replaces the whole: what is not sent is emptied."""
    index, before = _found(account.requisitions, call, "requisition")
    kept = {name: before[name] for name in ("id", "createdAt", "headcountHired")}
    record = _requisition(account, call, kept, account.now())
    account.requisitions.put(index, record)
    account.wrote("update_requisition", call, requisition=before["id"], sent=call.body)
    return Answer(body={"data": _as_written(record)})


def delete_requisition(account: Account, call: Call) -> Answer:
    index, before = _found(account.requisitions, call, "requisition")
    account.requisitions.delete(index, account.now())
    account.wrote("delete_requisition", call, requisition=before["id"])
    return Answer(status=204)


def _requisition(account: Account, call: Call, kept: Json, now: int) -> Json:
    body = call.body
    total = body.get("headcountTotal")
    if total != "unlimited" and (not isinstance(total, int) or total < 0):
        raise bad_request("headcountTotal must be a number or unlimited")
    postings = texts(body, "postingIds")
    if any(account.postings.get(each) is None for each in postings):
        raise bad_request("postingIds names a posting that does not exist")
    return {
        **kept,
        "confidentiality": "non-confidential",
        "status": text(body, "status") or "open",
        "name": needed(body, "name"),
        "requisitionCode": needed(body, "requisitionCode"),
        "headcountTotal": total,
        "headcountInfinite": total == "unlimited",
        "backfill": body.get("backfill") is True,
        "creator": None,
        "owner": text(body, "owner"),
        "hiringManager": text(body, "hiringManager"),
        "internalNotes": text(body, "internalNotes") or "",
        "compensationBand": mapping(body, "compensationBand") or None,
        "approval": {"steps": []},
        "employmentStatus": text(body, "employmentStatus"),
        "location": text(body, "location"),
        "team": text(body, "team"),
        "department": text(body, "department"),
        "postings": postings,
        "offerIds": [],
        "timeToFillStartAt": None,
        "timeToFillEndAt": None,
        "updatedAt": now,
        "customFields": mapping(body, "customFields"),
        "closedAt": now if body.get("status") == "closed" else None,
    }


def _as_written(record: Json) -> Json:
    """Writes answer with other names than reads."""
    renamed = {"creator": "creatorUserId", "owner": "ownerUserId", "postings": "postingIds"}
    renamed |= {"offerIds": "reservedOfferIds"}
    return {renamed.get(name, name): value for name, value in record.items()}


def create_user(account: Account, call: Call) -> Answer:
    email = needed(call.body, "email")
    if any(row["email"] == email for _, row in account.users.rows(None)):
        raise bad_request("A user with this email exists")
    blank = {
        "username": email.partition("@")[0],
        "photo": None,
        "createdAt": account.now(),
        "deactivatedAt": None,
        "linkedContactIds": None,
    }
    made = account.users.add({**blank, **_user({}, call.body)})
    account.wrote("create_user", call, user=made["id"])
    return Answer(status=201, body={"data": made})


def update_user(account: Account, call: Call) -> Answer:
    index, before = _found(account.users, call, "user")
    changed = account.users.put(index, {**before, **_user(before, call.body)})
    account.wrote("update_user", call, user=before["id"])
    return Answer(body={"data": changed})


def _user(before: Json, body: Json) -> Json:
    after = {**before, **body}
    role = text(after, "accessRole") or "interviewer"
    if role not in ROLES:
        raise bad_request(f"accessRole must be one of {', '.join(ROLES)}")
    return {
        "name": needed(after, "name"),
        "email": needed(after, "email"),
        "accessRole": role,
        "externalDirectoryId": text(after, "externalDirectoryId"),
        "jobTitle": text(after, "jobTitle"),
        "managerId": text(after, "managerId"),
    }


def activate(*, again: bool) -> Any:
    def write(account: Account, call: Call) -> Answer:
        index, before = _found(account.users, call, "user")
        changed = {**before, "deactivatedAt": None if again else account.now()}
        account.wrote("reactivate" if again else "deactivate", call, user=before["id"])
        return Answer(body={"data": account.users.put(index, changed)})

    return write


def _found(shelf: Shelf, call: Call, what: str) -> tuple[int, Json]:
    index, record = shelf.index(call.ids[0]), shelf.get(call.ids[0])
    if index is None or record is None:
        raise not_found(what)
    return index, record

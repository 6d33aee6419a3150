"""A new candidacy in the Lever simulator: contact, opportunity, application and its files."""

import msgspec

from hireloom.sandbox import _lever_people as people
from hireloom.sandbox._lever_account import Account
from hireloom.sandbox._lever_body import rows, text
from hireloom.sandbox._lever_calls import Upload, bad_request
from hireloom.sandbox._lever_company import posting_tags
from hireloom.sandbox._lever_dossier import file_facts
from hireloom.sandbox._lever_shelf import Json


class Candidacy(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for, checked."""

    stage: str
    origin: str
    sources: list[str]
    owner: str | None
    performer: str | None = None
    posting: Json | None = None
    archived: Json | None = None
    created: int | None = None
    links: list[str] = []
    tags: list[str] = []
    followers: list[str] = []


def new_contact(account: Account, body: Json, emails: list[str]) -> Json:
    made = account.contacts.add(
        {
            "name": text(body, "name") or "",
            "headline": text(body, "headline") or "",
            "isAnonymized": False,
            "location": {"name": text(body, "location") or ""},
            "emails": emails,
            "phones": phones(body),
            "dataProtection": None,
        }
    )
    account.hooks.emit_contact("contactCreated", made["id"])
    return made


def phones(body: Json) -> list[Json]:
    given = rows(body, "phones")
    if not all("value" in row for row in given):
        raise bad_request("phones must hold a value each")
    return [{"type": row.get("type") or "mobile", "value": str(row["value"])} for row in given]


def store(account: Account, contact: Json, wanted: Candidacy) -> int:
    """Keep the opportunity and its application; answers their common index."""
    index = account.opportunities.end
    record = account.opportunities.add(
        {**_person(contact), **_candidacy(account, wanted), "snoozedUntil": None}
    )
    record |= {"urls": people.urls(record["id"]), "isAnonymized": False, "dataProtection": None}
    place = wanted.posting["categories"]["location"] if wanted.posting else ""
    record |= {"opportunityLocation": place, "applications": []}
    account.applications.end = index + 1  # a lead leaves the place of its application empty
    if wanted.posting is not None:
        link = account.applications.put(
            index, _link(account, index, record, wanted.posting, wanted)
        )
        record["applications"] = [link["id"]]
        account.hooks.emit("applicationCreated", record, applicationId=link["id"])
    return index


def _person(contact: Json) -> Json:
    names = ("name", "headline", "phones", "emails")
    place = contact["location"].get("name") or ""
    return {
        **{name: contact[name] for name in names},
        "contact": contact["id"],
        "location": place,
    }


def _candidacy(account: Account, wanted: Candidacy) -> Json:
    now = account.now()
    posting, stage, owner = wanted.posting, wanted.stage, wanted.owner
    tags = list(wanted.tags)
    if posting is not None:
        tags += posting_tags(posting["text"], posting["categories"])
    change = {"toStageId": stage, "toStageIndex": account.stage_ids().index(stage)}
    followers = [*wanted.followers, *([owner] if owner else [])]
    return {
        "stage": stage,
        "confidentiality": "non-confidential" if posting is None else posting["confidentiality"],
        "links": wanted.links,
        "archived": wanted.archived,
        "tags": list(dict.fromkeys(tags)),
        "sources": wanted.sources,
        "stageChanges": [{**change, "updatedAt": now, "userId": wanted.performer}],
        "origin": wanted.origin,
        "sourcedBy": wanted.performer if wanted.origin == "sourced" else None,
        "owner": owner,
        "followers": list(dict.fromkeys(followers)),
        "createdAt": wanted.created or now,
        "updatedAt": now,
        "lastInteractionAt": now,
        "lastAdvancedAt": now,
    }


def _link(account: Account, index: int, record: Json, posting: Json, wanted: Candidacy) -> Json:
    """The application; it has its opportunity's index, so that one leads to the other."""
    return {
        "id": account.applications.id(index),
        "type": "user" if wanted.performer else "posting",
        "candidateId": record["id"],
        "opportunityId": record["id"],
        "posting": posting["id"],
        "postingHiringManager": posting["hiringManager"],
        "postingOwner": posting["owner"],
        **dict.fromkeys(("name", "company", "phone", "email")),
        "links": [],
        "comments": None,
        "user": wanted.performer,
        "customQuestions": [],
        "createdAt": record["createdAt"],
        "archived": record["archived"],
        "requisitionForHire": None,
        **dict.fromkeys(("ipAddress", "referer", "userAgent", "acceptLanguage", "timezone")),
    }


def add_file(account: Account, index: int, upload: Upload, *, resume: bool = False) -> Json:
    kind, branch = ("resumes", account.resumes) if resume else ("files", account.files)
    now = account.now()
    record = branch.add(index, {})
    place = f"{account.opportunities.id(index)}/{kind}/{record['id']}"
    facts = file_facts(upload.filename, len(upload.content), now, place)
    if resume:
        record |= {"createdAt": now, "file": facts, "parsedData": None}
    else:
        record |= facts
    account.contents[record["id"]] = upload.content
    if account.slow_files:
        account.unprocessed.add(record["id"])
    return record

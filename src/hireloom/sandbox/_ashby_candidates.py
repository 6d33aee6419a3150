"""The Ashby simulator's calls that write candidates: details, notes, files, tags."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_lists import Method
from hireloom.sandbox._ashby_people import Candidate, fork
from hireloom.sandbox._ashby_reads import visible_candidate
from hireloom.sandbox._ashby_wire import Call, Json, done, instant, invalid, missing

WRITE = "candidates:write"
API_USER = 1  # the world's service account: whatever a key does is done by it
NOTE_TYPES = ("text/plain", "text/html")
UPLOAD_CONTEXTS = ("CandidateResume", "CandidateFiles", "ApplicationForm")


def given_time(call: Call, name: str) -> datetime | None:
    """An ISO 8601 time of the body."""
    text = call.text(name)
    return None if text is None else read_time(name, text)


def read_time(name: str, text: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise invalid(f"{name} must be an ISO 8601 date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def given_source(company: Company, call: Call) -> int | None:
    source_id = call.uuid("sourceId")
    index = None if source_id is None else company.sources.index(source_id)
    if source_id is not None and index is None:
        raise missing("source")
    return index


def given_user(company: Company, call: Call, name: str = "creditedToUserId") -> int | None:
    user_id = call.uuid(name)
    index = None if user_id is None else company.users.index(user_id)
    if user_id is not None and index is None:
        raise missing("user")
    return index


def given_address(call: Call, name: str) -> str | None:
    address = call.text(name)
    if address is not None and "@" not in address:
        raise invalid(f"{name} must be an email address")
    return address


def create_candidate(company: Company, call: Call) -> Json:
    """Always a new one: Ashby does not look for an existing person."""
    now = company.clock.now()
    candidate = Candidate(
        index=-1,
        name=call.must_text("name"),
        source=given_source(company, call),
        credited_to=given_user(company, call),
        created_at=given_time(call, "createdAt") or now,
        updated_at=now,
    )
    _contacts(call, candidate)
    candidate.emails += [(str(each), "Other") for each in call.items("alternateEmailAddresses")]
    _link(candidate, "Website", call.text("website"))
    candidate.index = company.candidates.next_index()
    company.candidates.put(candidate.index, candidate)
    body = company.candidate_body(candidate)
    company.show("candidates", {"candidateId": body["id"], **call.body})
    return done(body)


def update_candidate(company: Company, call: Call) -> Json:
    candidate = fork(visible_candidate(company, call, call.must_uuid("candidateId")))
    name, source, user = (
        call.text("name"),
        given_source(company, call),
        given_user(company, call),
    )
    candidate.name = name or candidate.name
    candidate.source = candidate.source if source is None else source
    candidate.credited_to = candidate.credited_to if user is None else user
    candidate.created_at = given_time(call, "createdAt") or candidate.created_at
    _contacts(call, candidate)
    other = given_address(call, "alternateEmail")
    if other is not None and all(other != value for value, _ in candidate.emails):
        candidate.emails.append((other, "Other"))
    _link(candidate, "Website", call.text("websiteUrl"))  # `website` when it is created
    if "socialLinks" in call.body:
        candidate.links = [_social(each) for each in call.items("socialLinks")]
    return done(keep_candidate(company, candidate))


def keep_candidate(company: Company, candidate: Candidate) -> Json:
    candidate.updated_at = company.clock.now()
    company.candidates.put(candidate.index, candidate)
    return company.candidate_body(candidate)


def _contacts(call: Call, candidate: Candidate) -> None:
    address, phone = given_address(call, "email"), call.text("phoneNumber")
    if address is not None:
        candidate.emails = [(address, "Personal"), *candidate.emails[1:]]
    if phone is not None:
        candidate.phones = [(phone, "Personal"), *candidate.phones[1:]]
    _link(candidate, "LinkedIn", call.text("linkedInUrl"))
    _link(candidate, "GitHub", call.text("githubUrl"))
    place = call.part("location")
    if place is not None:
        candidate.place = (place.get("city"), place.get("region"), place.get("country"))


def _link(candidate: Candidate, kind: str, url: str | None) -> None:
    if url is not None:
        others = [each for each in candidate.links if each[0] != kind]
        candidate.links = [*others, (kind, url)]


def _social(link: Any) -> tuple[str, str]:
    if not isinstance(link, dict) or not link.get("type") or not link.get("url"):
        raise invalid("socialLinks must hold objects with a type and a url")
    return str(link["type"]), str(link["url"])


def create_note(company: Company, call: Call) -> Json:
    candidate = visible_candidate(company, call, call.must_uuid("candidateId"))
    kind, text = _note(call.body.get("note"))
    index = company.notes.next_index()
    record = {
        "id": company.notes.id(index),
        "createdAt": instant(given_time(call, "createdAt") or company.clock.now()),
        "isPrivate": call.flag("isPrivate"),
        "content": text,
        "author": company.happenings.author(API_USER),
    }
    company.notes.add(candidate.index, index, record)
    seen = {**record, "candidateId": company.candidates.id(candidate.index), "type": kind}
    company.show("notes", {**seen, "candidate": candidate.name})
    return done(record)


def _note(note: Any) -> tuple[str, str]:
    """Its type and its text: a bare string is plain text."""
    kind: Any = "text/plain"
    text = note
    if isinstance(note, dict):
        kind, text = note.get("type"), note.get("value")
    if kind not in NOTE_TYPES:
        raise invalid(f"note.type must be one of {', '.join(NOTE_TYPES)}")
    if not isinstance(text, str) or not text:
        raise invalid("note must be a string or an object with a type and a value")
    return kind, text


def promise_file(company: Company, call: Call) -> Json:
    """A handle for a file that the client then sends to the file store itself."""
    context = call.must_text("fileUploadContext")
    if context not in UPLOAD_CONTEXTS:
        raise invalid(f"fileUploadContext must be one of {', '.join(UPLOAD_CONTEXTS)}")
    name, content_type = call.must_text("filename"), call.must_text("contentType")
    return done(company.files.ticket(company.files.add(name, content_type, None)))


def upload_file(company: Company, call: Call) -> Json:
    candidate = fork(visible_candidate(company, call, call.must_uuid("candidateId")))
    index = _upload(company, call, "file")
    candidate.files.append(index)
    return _filed(company, candidate, index, "file")


def upload_resume(company: Company, call: Call) -> Json:
    candidate = fork(visible_candidate(company, call, call.must_uuid("candidateId")))
    index = _upload(company, call, "resume")
    candidate.files = [index, *(each for each in candidate.files if each != candidate.resume)]
    candidate.resume = index
    return _filed(company, candidate, index, "resume")


def _upload(company: Company, call: Call, name: str) -> int:
    upload = call.uploads.get(name)
    if upload is not None:
        if not upload.content:
            raise invalid(f"{name} must not be empty")
        return company.files.add(upload.filename, upload.content_type, upload.content)
    handle = call.text(f"{name}Handle")
    index = None if handle is None else company.files.find(handle)
    if handle is None:
        raise invalid(f"{name} is required")
    if index is None:
        raise missing("file")
    return index


def _filed(company: Company, candidate: Candidate, index: int, kind: str) -> Json:
    body = keep_candidate(company, candidate)
    stored = company.files.uploads.get(index)
    size = 0 if stored is None or stored.content is None else len(stored.content)
    seen = {"candidateId": body["id"], "kind": kind, "name": company.files.name(index)}
    company.show("files", {**seen, "size": size})
    return done(body)


def _tag(company: Company, call: Call) -> int:
    index = company.tags.index(call.must_uuid("tagId"))
    if index is None:
        raise missing("candidate_tag")
    return index


def add_tag(company: Company, call: Call) -> Json:
    candidate = fork(visible_candidate(company, call, call.must_uuid("candidateId")))
    tag = _tag(company, call)
    if tag not in candidate.tags:
        candidate.tags.append(tag)
    company.show("tags", {"act": "add", **call.body})
    return done(keep_candidate(company, candidate))


def remove_tag(company: Company, call: Call) -> Json:
    candidate = fork(visible_candidate(company, call, call.must_uuid("candidateId")))
    tag = _tag(company, call)
    candidate.tags = [each for each in candidate.tags if each != tag]
    company.show("tags", {"act": "remove", **call.body})
    return done(keep_candidate(company, candidate))


def create_tag(company: Company, call: Call) -> Json:
    """A title that exists already is answered with its tag, which comes back from the archive."""
    title = call.must_text("title")
    same = [index for index, tag in company.tags.rows() if tag["title"].lower() == title.lower()]
    index = same[0] if same else company.tags.next_index()
    known = company.tags.at(index) or {"id": company.tags.id(index), "title": title}
    return done(company.tags.put(index, {**known, "isArchived": False}))


def anonymize(company: Company, call: Call) -> Json:
    candidate = visible_candidate(company, call, call.must_uuid("candidateId"))
    company.notes.delete_of(candidate.index)
    blank = Candidate(
        index=candidate.index,
        name="Anonymized Candidate",
        applications=candidate.applications,
        source=candidate.source,
        created_at=candidate.created_at,
        updated_at=company.clock.now(),
    )
    company.show("deletions", {"act": "anonymize", **call.body})
    return done(keep_candidate(company, blank))


METHODS: Mapping[str, Method] = {
    "candidate.create": Method(create_candidate, WRITE),
    "candidate.update": Method(update_candidate, WRITE),
    "candidate.createNote": Method(create_note, WRITE),
    "candidate.uploadFile": Method(upload_file, WRITE),
    "candidate.uploadResume": Method(upload_resume, WRITE),
    "candidate.addTag": Method(add_tag, WRITE),
    "candidate.removeTag": Method(remove_tag, WRITE),
    "candidate.anonymize": Method(anonymize, WRITE),
    "candidateTag.create": Method(create_tag, "hiringProcessMetadata:write"),
    "file.createFileUploadHandle": Method(promise_file, WRITE),
}

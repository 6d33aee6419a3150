"""Greenhouse's webhooks: which there are, whether one is Greenhouse's own, and what it touches.

Bodies have the shape of the old version 1. They say too little to go by, and nothing of when they
were sent, so only ids are taken from them. A person's change names no applications, although they
show the person; a deleted interview names itself alone. Both are seen by the next run.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from hireloom import kit
from hireloom.connectors.ats._greenhouse_records import GreenhouseNumbered
from hireloom.models import DataType, Happening

APPLICATION = (Happening.APPLICATIONS_MODIFIED,)
# Of a person: applications show the name and the addresses.
PERSON = (Happening.CANDIDATES_MODIFIED, Happening.APPLICATIONS_MODIFIED)
# Of an opening that is filled, or open again.
FILLING = (Happening.APPLICATIONS_MODIFIED, Happening.JOBS_MODIFIED)
APPLIED = (
    Happening.APPLICATIONS_NEW,
    Happening.CANDIDATES_NEW,
    Happening.CANDIDATES_MODIFIED,  # one who has applied before
)
JOB = (Happening.JOBS_MODIFIED,)

HOOKS = kit.Hooks(
    events={
        "new_candidate_application": APPLIED,
        "new_prospect_application": APPLIED,
        "application_updated": APPLICATION,
        "candidate_stage_change": APPLICATION,
        "reject_candidate": APPLICATION,
        "unreject_candidate": APPLICATION,
        "hire_candidate": FILLING,
        "unhire_candidate": FILLING,
        "delete_application": (Happening.APPLICATIONS_DELETED, Happening.CANDIDATES_MODIFIED),
        "update_candidate": PERSON,
        "candidate_anonymized": PERSON,
        "merge_candidate": (Happening.CANDIDATES_DELETED, *PERSON),
        "delete_candidate": (Happening.CANDIDATES_DELETED, Happening.APPLICATIONS_DELETED),
        "offer_created": APPLICATION,
        "offer_approved": APPLICATION,
        "offer_updated": APPLICATION,
        "offer_deleted": APPLICATION,
        "interview_deleted": APPLICATION,
        "job_created": (Happening.JOBS_NEW,),
        "job_approved": JOB,
        "job_updated": JOB,
        "job_deleted": (Happening.JOBS_DELETED,),
        "job_post_created": JOB,
        "job_post_updated": JOB,
        "job_post_deleted": JOB,
        "job_interview_stage_deleted": JOB,
    },
    secrets="ours",
    steps=(
        "In Greenhouse, open Configure (the gear), then Dev Center, then Webhooks.",
        "If Webhooks is not there, ask a Site Admin for the permission to manage webhooks.",
        "Greenhouse sends each event to a webhook of its own. Create one for each of: {events}",
        "Greenhouse shows the events in words, such as Candidate has submitted application.",
        "Give each webhook any name. As its endpoint URL enter: {url}",
        "As its secret key enter: {secret}",
        "Leave the advanced settings as they are, and save: Greenhouse tries the URL at once.",
        "If a webhook is shown as disabled, compare its URL and secret key, and enable it.",
    ),
)

ATTEMPTS = 7  # all that Greenhouse makes, over about 15 hours

Id = int | str


class HookNamed(kit.VendorStruct, frozen=True):
    id: Id | None = None


class HookCandidate(kit.VendorStruct, frozen=True):
    """A candidate, elsewhere called a person."""

    id: Id | None = None
    new_candidate_id: Id | None = None  # into which this one was merged
    deleted_application_ids: list[Id] | None = None
    application_ids: list[Id] | None = None  # UNCONFIRMED; version 1's candidates had them


class HookApplication(kit.VendorStruct, frozen=True):
    id: Id | None = None
    candidate: HookCandidate | None = None
    candidate_id: Id | None = None  # of a deleted one
    job: HookNamed | None = None
    jobs: list[HookNamed] | None = None
    job_id: Id | None = None


class HookChild(kit.VendorStruct, frozen=True):
    """An offer, a posting, a stage, an interview: what it hangs on."""

    application_id: Id | None = None  # of an interview UNCONFIRMED
    job_id: Id | None = None


class HookPayload(kit.VendorStruct, frozen=True):
    """Some events wrap the object into its name, others spread it out; both are read of all."""

    application: HookApplication | None = None
    candidate: HookCandidate | None = None
    person: HookCandidate | None = None
    candidate_id: Id | None = None
    job: HookNamed | None = None
    offer: HookChild | None = None
    interview: HookChild | None = None
    job_post: HookChild | None = None
    job_interview_stage: HookChild | None = None
    application_id: Id | None = None
    job_id: Id | None = None


class HookBody(kit.VendorStruct, frozen=True):
    action: str
    payload: msgspec.Raw = msgspec.Raw(b"{}")


def read(hook: kit.Hook, secrets: Mapping[str, str]) -> kit.News:
    """`Signature: sha256 <hex>` is over the body as it came; the delivery's id is not signed."""
    algorithm, _, signature = hook.headers.get("signature", "").strip().partition(" ")
    if algorithm.lower() != "sha256":
        raise kit.SignatureInvalidError("This webhook has no signature of Greenhouse's")
    kit.check_signature(secrets.get(""), hook.body, signature.strip())
    try:
        said = msgspec.json.decode(hook.body, type=HookBody)
        known = said.action in HOOKS.events
        payload = msgspec.json.decode(said.payload, type=HookPayload) if known else HookPayload()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise kit.RequestInvalidError("This webhook's body is none that Greenhouse sends") from None
    delivery = hook.headers.get("greenhouse-event-id") or hashlib.sha256(hook.body).hexdigest()
    return kit.News(
        id=delivery,
        event=said.action,
        touched=tuple(dict.fromkeys(touched(said.action, payload))),
    )


def touched(event: str, payload: HookPayload) -> Iterator[kit.Touched]:
    """Every record that the event names, if such a record can have changed by it."""
    can_be = {one.data_type for one in HOOKS.events.get(event, ())}
    named = (
        (DataType.APPLICATIONS, applications(payload)),
        (DataType.CANDIDATES, candidates(payload)),
        (DataType.JOBS, jobs(payload)),
    )
    for data_type, ids in named:
        if data_type in can_be:
            yield from (kit.Touched(data_type, str(one)) for one in ids if one is not None)


def applications(payload: HookPayload) -> Iterator[Id | None]:
    if payload.application is not None:
        yield payload.application.id
    for child in (payload.offer, payload.interview):
        if child is not None:
            yield child.application_id
    yield payload.application_id
    for person in (payload.candidate, payload.person):
        if person is not None:
            yield from person.deleted_application_ids or ()
            yield from person.application_ids or ()


def candidates(payload: HookPayload) -> Iterator[Id | None]:
    people: Iterable[HookCandidate | None] = (payload.candidate, payload.person)
    if payload.application is not None:
        people = (*people, payload.application.candidate)
        yield payload.application.candidate_id
    for person in people:
        if person is not None:
            yield person.id
            yield person.new_candidate_id
    yield payload.candidate_id


def jobs(payload: HookPayload) -> Iterator[Id | None]:
    if payload.job is not None:
        yield payload.job.id
    if payload.application is not None:
        yield payload.application.job_id
        yield from (
            one.id for one in (payload.application.job, *(payload.application.jobs or ())) if one
        )
    for child in (payload.job_post, payload.job_interview_stage):
        if child is not None:
            yield child.job_id
    yield payload.job_id


async def register(ats: kit.Connector, event: str, url: str, secret: str) -> kit.Registered:
    """For partners of Greenhouse; everybody else gets a 403."""
    body = {
        "endpoint_url": url,
        "name": f"Hireloom: {event}",
        "event_action_type": event,
        "secret_key": secret,
        "max_attempts": ATTEMPTS,
    }
    made = await ats.post("/webhooks", body, GreenhouseNumbered)
    return kit.Registered(str(made.id))

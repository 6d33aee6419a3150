"""Ashby's webhooks: one for each event, signed with a secret of ours over the raw body.

Bodies are as a public copy of its reference describes them, read on 2026-11-22; no recorded one is
published. None of them tells of a candidate that was edited or of an application that was deleted.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress

import msgspec

from hireloom import kit
from hireloom.connectors.ats._ashby_lookups import AshbyLookups
from hireloom.connectors.ats._ashby_shapes import AshbyRef
from hireloom.models import DataType, Happening

APPLICATION = (Happening.APPLICATIONS_MODIFIED,)
JOB = (Happening.JOBS_MODIFIED,)
EVENTS: Mapping[str, tuple[Happening, ...]] = {
    "applicationSubmit": (
        Happening.APPLICATIONS_NEW,
        Happening.CANDIDATES_NEW,
        Happening.CANDIDATES_MODIFIED,  # who had applied before has one application more
    ),
    "applicationUpdate": APPLICATION,
    "candidateStageChange": APPLICATION,
    "candidateHire": APPLICATION,
    "candidateDelete": (Happening.CANDIDATES_DELETED,),
    "candidateMerge": (
        Happening.CANDIDATES_DELETED,
        Happening.CANDIDATES_MODIFIED,
        Happening.APPLICATIONS_MODIFIED,  # UNCONFIRMED: as far as it names them
    ),
    "interviewScheduleCreate": APPLICATION,
    "interviewScheduleUpdate": APPLICATION,
    "offerCreate": APPLICATION,
    "offerUpdate": APPLICATION,
    "offerDelete": APPLICATION,
    "jobCreate": (Happening.JOBS_NEW,),
    "jobUpdate": JOB,
    "interviewPlanTransition": JOB,
    "jobPostingPublish": JOB,
    "jobPostingUnpublish": JOB,
    "jobPostingUpdate": JOB,
    "jobPostingDelete": JOB,  # UNCONFIRMED: reported, but not in the reference
    "openingCreate": JOB,
}
HOOKS = kit.Hooks(
    events=EVENTS,
    secrets="ours",
    steps=(
        "In Ashby, open Admin > Integrations > Webhooks; this takes an administrator.",
        "Ashby sends each event to a webhook of its own. Add one by New for each of: {events}",
        "Choose that event as the Webhook Type each time.",
        "As the Request URL of each enter: {url}",
        "As the Secret Token of each enter: {secret}",
        "Save. Ashby tries the address at once; check that it then shows the webhook as enabled.",
    ),
)


class AshbyHookPerson(kit.VendorStructCamel, frozen=True):
    id: str | None = None
    application_ids: list[str] | None = None  # UNCONFIRMED: the reference promises the id


class AshbyHookApplication(kit.VendorStructCamel, frozen=True):
    id: str | None = None
    candidate: AshbyRef | None = None


class AshbyHookPart(kit.VendorStructCamel, frozen=True):
    """An offer, an interview's schedule, a posting: what it belongs to."""

    application_id: str | None = None
    job_id: str | None = None


class AshbyHookVersion(kit.VendorStructCamel, frozen=True):
    job_ids: list[str] | None = None


class AshbyHookOpening(kit.VendorStructCamel, frozen=True):
    latest_version: AshbyHookVersion | None = None


class AshbyHookData(kit.VendorStructCamel, frozen=True):
    application: AshbyHookApplication | None = None
    candidate: AshbyHookPerson | None = None
    deleted_candidate: AshbyHookPerson | None = None
    merged_candidate: AshbyHookPerson | None = None
    interview_schedule: AshbyHookPart | None = None
    offer: AshbyHookPart | None = None
    job: AshbyRef | None = None
    job_posting: AshbyHookPart | None = None
    opening: AshbyHookOpening | None = None
    application_id: str | None = None
    candidate_id: str | None = None  # UNCONFIRMED: `candidate.id` is the documented spelling
    merged_candidate_id: str | None = None  # UNCONFIRMED, as the spelling with an object
    job_id: str | None = None


class AshbyHookBody(kit.VendorStructCamel, frozen=True):
    action: str
    data: msgspec.Raw = msgspec.Raw(b"{}")


class AshbyWebhook(kit.VendorStructCamel, frozen=True):
    id: str
    enabled: bool | None = None


class AshbyHooks(AshbyLookups):
    def read_hook(self, hook: kit.Hook, secrets: Mapping[str, str]) -> kit.News:
        """`webhookActionId` names what somebody did, which other events tell of as well, so that a

        delivery is known by its body.
        """
        check(hook, secrets)
        try:
            body = msgspec.json.decode(hook.body, type=AshbyHookBody)
            known = body.action in EVENTS
            data = msgspec.json.decode(body.data, type=AshbyHookData) if known else None
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise kit.RequestInvalidError(
                f"This is not the body of a webhook of {self.title}'s"
            ) from None
        return kit.News(
            id=hashlib.sha256(hook.body).hexdigest(),
            event=body.action,
            touched=() if data is None else touched(body.action, data),
        )

    async def register_hook(self, event: str, url: str, secret: str) -> kit.Registered:
        """Ashby calls the address at once, and keeps a webhook that nobody answered switched off.

        UNCONFIRMED: whether it takes the events of jobs and openings, which its reference leaves
        out here.
        """
        body = {"webhookType": event, "requestUrl": url, "secretToken": secret}
        made = await self.post("/webhook.create", body, AshbyWebhook)
        if made.enabled is False:
            await self.remove_hook(made.id)
            raise kit.RejectedError(
                f"{self.title} called the webhook's address and had no answer",
                hint="Make the address reachable from the internet, then subscribe again.",
            )
        return kit.Registered(made.id)

    async def remove_hook(self, hook_id: str) -> None:
        with suppress(kit.ResourceNotFoundError):
            await self.post("/webhook.delete", {"webhookId": hook_id})


def check(hook: kit.Hook, secrets: Mapping[str, str]) -> None:
    """`sha256=<hex>` of the raw body; other digests, as old events had them, are not taken."""
    algorithm, _, digest = hook.headers.get("ashby-signature", "").partition("=")
    signature = digest if algorithm == "sha256" else ""
    *others, last = secrets.values() or ("",)
    for secret in others:
        with suppress(kit.SignatureInvalidError):
            return kit.check_signature(secret, hook.body, signature)
    return kit.check_signature(last, hook.body, signature)


def touched(event: str, data: AshbyHookData) -> tuple[kit.Touched, ...]:
    """The records named, of the kinds that the event can mean."""
    kinds = {happening.data_type for happening in EVENTS[event]}
    found = [
        *(kit.Touched(DataType.APPLICATIONS, one) for one in applications_in(data) if one),
        *(kit.Touched(DataType.CANDIDATES, one) for one in candidates_in(data) if one),
        *(kit.Touched(DataType.JOBS, one) for one in jobs_in(data) if one),
    ]
    return tuple(dict.fromkeys(one for one in found if one.data_type in kinds))


def people_in(data: AshbyHookData) -> Iterator[AshbyHookPerson]:
    for person in (data.candidate, data.deleted_candidate, data.merged_candidate):
        if person is not None:
            yield person


def applications_in(data: AshbyHookData) -> Iterator[str | None]:
    yield data.application_id
    if data.application is not None:
        yield data.application.id
    for part in (data.interview_schedule, data.offer):
        if part is not None:
            yield part.application_id
    for person in people_in(data):
        yield from person.application_ids or ()


def candidates_in(data: AshbyHookData) -> Iterator[str | None]:
    yield data.candidate_id
    yield data.merged_candidate_id
    if data.application is not None and data.application.candidate is not None:
        yield data.application.candidate.id
    for person in people_in(data):
        yield person.id


def jobs_in(data: AshbyHookData) -> Iterator[str | None]:
    yield data.job_id
    if data.job is not None:
        yield data.job.id
    if data.job_posting is not None:
        yield data.job_posting.job_id
    if data.opening is not None and data.opening.latest_version is not None:
        yield from data.opening.latest_version.job_ids or ()

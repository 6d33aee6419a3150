"""Greenhouse Harvest v3: what a write has to find out before or after it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from hireloom import kit
from hireloom.connectors.ats import _greenhouse_drafts as drafts
from hireloom.connectors.ats import _greenhouse_joins as joins
from hireloom.connectors.ats import _greenhouse_records as wire
from hireloom.connectors.ats._greenhouse_filters import AT_ONCE, known_number
from hireloom.connectors.ats._greenhouse_job_records import GreenhouseJobInterview
from hireloom.connectors.ats._greenhouse_shapes import stage_id_of, to_origin, to_side
from hireloom.models import (
    ApplicationDraft,
    ApplicationQuery,
    CandidateDraft,
    Dropped,
    InterviewDraft,
    Origin,
    RejectionSide,
)

S = TypeVar("S")


async def one(ats: kit.Connector, path: str, shape: type[S], record_id: str, what: str) -> S:
    """Version 3 has no address for one record: it is a list of one id."""
    params = {"ids": known_number(record_id, what)}
    found: list[S] = await ats.get(path, kit.list_of(shape), params=params)
    return kit.only(found, what)


async def application(ats: kit.Connector, application_id: str) -> wire.GreenhouseApplication:
    return await one(
        ats, "/applications", wire.GreenhouseApplication, application_id, "application"
    )


async def person(ats: kit.Connector, candidate_id: str) -> wire.GreenhouseCandidate:
    return await one(ats, "/candidates", wire.GreenhouseCandidate, candidate_id, "candidate")


async def stage_of(ats: kit.Connector, application: wire.GreenhouseApplication) -> int | None:
    """The job's stage that an application is in now."""
    stays = await joins.stays(ats, [application.id], current=True)
    return stage_id_of(application, stays.get(application.id, ()))


async def people_with(ats: kit.Connector, emails: Iterable[str]) -> list[wire.GreenhouseCandidate]:
    """The owners of some addresses, each once. The filter takes one address."""
    found = await kit.gather(
        *(
            ats.everything("/candidates", wire.GreenhouseCandidate, params={"email": each})
            for each in emails
        )
    )
    return list({one.id: one for people in found for one in people}.values())


async def owners_of(ats: kit.Connector, query: ApplicationQuery) -> dict[str, str] | None:
    """The people with the e-mails that applications are filtered by, as a filter of its own."""
    people = {str(one.id) for one in await people_with(ats, query.candidate_email)}
    people = people & set(query.candidate_id) if query.candidate_id else people
    if len(people) > AT_ONCE:
        return {}
    return {"candidate_ids": ",".join(sorted(people))} if people else None


async def spelt(ats: kit.Connector, tag: str) -> dict[str, str] | None:
    """A tag as the organisation spells it; several spellings are left to be filtered here."""
    tags = await ats.everything("/candidate_tags", wire.GreenhouseNamed)
    names = [one.name for one in tags if one.name and one.name.casefold() == tag.casefold()]
    if len(names) > 1:
        return {}
    return {"tag": names[0]} if names else None


async def create_person(
    ats: kit.Connector, draft: CandidateDraft, application: Mapping[str, Any]
) -> wire.GreenhouseCreated:
    """The answer holds the candidate and the application, each under its name; whether it may

    also be the bare candidate, as in version 1, is UNCONFIRMED, so both are read.
    """
    first = dict(application)
    if draft.source_id is not None:
        first["source_id"] = drafts.number(draft.source_id, "candidate.sourceId")
    body = {**drafts.person(draft), "application": first}
    answer = await ats.channel.send(ats.request("POST", "/candidates", body=body))
    if not isinstance(answer, kit.Answer):  # a dry run
        return wire.GreenhouseCreated("<from the answer>", "<from the answer>")
    try:
        said = json.loads(answer.body)
        person, first = said.get("candidate", said), said.get("application") or {}
        ids = person.get("application_ids") or [first.get("id")]
        return wire.GreenhouseCreated(str(person["id"]), kit.to_id(ids[-1]))
    except (ValueError, LookupError, AttributeError):
        raise kit.UnexpectedAnswerError("Greenhouse did not say the new candidate's id") from None


async def first_application(
    ats: kit.Connector, created: wire.GreenhouseCreated, job_id: int | None
) -> str | None:
    """The application of a candidate who has just been made with one, read where nobody said it."""
    if created.application_id is not None:
        return created.application_id
    params = {"candidate_ids": created.candidate_id}
    found = await ats.everything("/applications", wire.GreenhouseApplication, params=params)
    for one in found:
        if str(one.candidate_id) == created.candidate_id and one.job_id == job_id:
            return str(one.id)
    return None


async def only_application(ats: kit.Connector, created: wire.GreenhouseCreated, job_id: int) -> str:
    application_id = await first_application(ats, created, job_id)
    if application_id is None:
        raise kit.UnexpectedAnswerError(
            f"Greenhouse made candidate {created.candidate_id} but does not show the application"
        )
    return application_id


async def prospect_of(ats: kit.Connector, created: wire.GreenhouseCreated) -> str | None:
    """The application without a job; the candidate is there, whatever becomes of this question."""
    try:
        return await first_application(ats, created, None)
    except kit.HireloomError:
        return None


async def source_of(
    ats: kit.Connector, draft: ApplicationDraft
) -> tuple[int | None, list[Dropped]]:
    """An origin is a type of sources here: it is written where only one source has it."""
    if draft.origin is None:
        return None, []
    if draft.candidate is not None and draft.candidate.source_id is not None:
        return None, [Dropped(field="origin", reason="candidate.sourceId says it more exactly")]
    fitting = [
        one.id
        for one in await ats.everything("/sources", wire.GreenhouseSource)
        if to_origin(one.type.name if one.type else None) is draft.origin
    ]
    if len(fitting) == 1 and draft.origin is not Origin.NOT_SPECIFIED:
        return fitting[0], []
    reason = (
        f"Greenhouse credits a source, and this account has {len(fitting) or 'none'} "
        "of this kind: give candidate.sourceId"
    )
    return None, [Dropped(field="origin", reason=reason)]


async def tag_called(ats: kit.Connector, name: str) -> wire.GreenhouseNumbered | None:
    tags = await ats.everything("/candidate_tags", wire.GreenhouseNamed)
    fitting = (one for one in tags if (one.name or "").casefold() == name.casefold())
    tag = next(fitting, None)
    return None if tag is None else wire.GreenhouseNumbered(tag.id)


async def applied_tags(
    ats: kit.Connector, candidate_id: str, tag_id: int
) -> list[wire.GreenhouseAppliedTag]:
    """The rows that join a candidate and a tag; a second one would be refused."""
    params = {"candidate_ids": known_number(candidate_id, "candidate")}
    rows = await ats.everything("/applied_candidate_tags", wire.GreenhouseAppliedTag, params=params)
    return [
        one
        for one in rows
        if one.candidate_tag_id == tag_id and str(one.candidate_id) == candidate_id
    ]


async def neutral_reason(ats: kit.Connector) -> int:
    reasons = await ats.everything("/rejection_reasons", wire.GreenhouseReason)
    ranked = []
    for one in reasons:
        side, name = to_side(one.type), (one.name or "").casefold()
        is_open = any(word in name for word in ("other", "unspecified", "not specified"))
        if side is not RejectionSide.CANDIDATE and (is_open or side is RejectionSide.OTHER):
            ranked.append((not is_open, side is not RejectionSide.OTHER, one.id))
    if not ranked:
        raise kit.RequestInvalidError.at(
            "rejectionReasonId",
            "Greenhouse needs a reason, and this account has no neutral one",
        )
    return min(ranked)[2]


async def slot_for(ats: kit.Connector, draft: InterviewDraft) -> int:
    if draft.interview_type_id is not None:
        return drafts.number(draft.interview_type_id, "interviewTypeId")
    applied = await application(ats, draft.application_id)
    stage = await stage_of(ats, applied)
    slots = await joins.children(
        ats, "/job_interviews", GreenhouseJobInterview, "job_id", [applied.job_id or 0]
    )
    fitting = [
        (one.sort_order or 0, one.id)
        for held in slots.values()
        for one in held
        if one.job_interview_stage_id == stage and one.active is not False
    ]
    if not fitting:
        raise kit.RequestInvalidError.at(
            "interviewTypeId", "this application's stage plans no interview: give a slot's id"
        )
    return min(fitting)[1]

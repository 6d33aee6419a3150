"""Greenhouse Harvest v3: scores as scorecards, and in custom fields."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from hireloom import kit
from hireloom.connectors.ats import _greenhouse_drafts as drafts
from hireloom.connectors.ats import _greenhouse_finds as finds
from hireloom.connectors.ats import _greenhouse_records as wire
from hireloom.connectors.ats import _greenhouse_remembered as remembered
from hireloom.connectors.ats._greenhouse_answers import answers_for
from hireloom.connectors.ats._greenhouse_filters import is_number, moment
from hireloom.connectors.ats._greenhouse_job_records import GreenhouseJobInterview, GreenhouseKit
from hireloom.connectors.ats._greenhouse_joins import children
from hireloom.models import (
    AssessmentStatus,
    CustomField,
    CustomFieldOwner,
    CustomFieldQuery,
    CustomFieldType,
    Evaluator,
    Verdict,
    WrittenScore,
)

NOT_SHOWN = "Greenhouse did not show that it has it"

# Scorecards.

# Documentation. What somebody still has to look at is no decision.
RATINGS = {Verdict.PASS: "yes", Verdict.FAIL: "no"}
NO_AUTHOR = (
    "a scorecard of Greenhouse needs an author: name as evaluator the id or e-mail of a user "
    "there, or connect the account with a User ID"
)


async def create_card(ats: kit.Connector, paper: kit.Paper) -> WrittenScore:
    """A complete scorecard, which nobody can change any more: a correction is another one."""
    if paper.application_id is None:
        raise kit.NoPlaceError("a scorecard of Greenhouse hangs on an application")
    if paper.score.status is not AssessmentStatus.COMPLETED:
        raise kit.NoPlaceError("a scorecard is final in Greenhouse, and this test is not finished")
    interview_kit = await kit_for(ats, paper, paper.application_id)
    user = await author(ats, paper.score.evaluator)
    body = {
        "application_id": drafts.number(paper.application_id, "applicationId"),
        "interview_kit_id": interview_kit,
        "interviewer_id": user,
        "submitter_id": user,
        "interviewed_at": moment(paper.score.completed_at or datetime.now(UTC)),
        "candidate_rating": RATINGS.get(paper.score.result, "no_decision"),
        "notes": paper.text.plain,
        "status": "complete",
        "question_answers": await answers_for(ats, interview_kit, paper.score) or None,
    }
    made = await ats.post("/scorecards", body, wire.GreenhouseScorecard)
    return kit.written(paper, str(made.id), await shown_on(ats, paper, made), NOT_SHOWN)


async def shown_on(
    ats: kit.Connector, paper: kit.Paper, made: wire.GreenhouseScorecard
) -> list[str]:
    """The fields of the score that the scorecard has, by the answer or else by a second look."""
    card: wire.GreenhouseScorecard | None = made
    if made.notes is None or made.candidate_rating is None:
        try:
            number = str(made.id)
            card = await finds.one(
                ats, "/scorecards", wire.GreenhouseScorecard, number, "scorecard"
            )
        except kit.HireloomError:  # the scorecard is there; what it holds is not known
            return []
    if card is None or card.id != made.id:
        return []
    found = paper.found_in(card.notes or "")
    rating = RATINGS.get(paper.score.result)
    return [*found, "result"] if rating and rating == card.candidate_rating else found


async def kit_for(ats: kit.Connector, paper: kit.Paper, application_id: str) -> int:
    """The interview kit that is laid down, or that of the job's interview which is called like the

    test, or else like its type.
    """
    if paper.form_id is not None:
        if not is_number(paper.form_id):
            raise kit.NoPlaceError("the scorecard form that is laid down is no interview kit's id")
        return int(paper.form_id)
    job_id = await job_of(ats, paper, application_id)
    planned = await children(ats, "/job_interviews", GreenhouseJobInterview, "job_id", [job_id])
    test = paper.score.assessment
    slot = called(planned.get(job_id, ()), (test.name, test.type))
    if slot is None:
        names = " or ".join(f"“{one}”" for one in (test.name, test.type) if one)
        raise kit.NoPlaceError(f"no interview of this job is called {names}")
    # UNCONFIRMED that kits can be asked for by job; where not, all of them are read.
    kits = await children(ats, "/interview_kits", GreenhouseKit, "job_id", [job_id])
    for one in kits.get(job_id, ()):
        if one.job_interview_id == slot.id:
            return one.id
    raise kit.NoPlaceError(f"the interview “{slot.name}” of this job has no interview kit")


async def job_of(ats: kit.Connector, paper: kit.Paper, application_id: str) -> int:
    if paper.job_id is not None and is_number(paper.job_id):
        return int(paper.job_id)
    applied = await finds.application(ats, application_id)
    if applied.job_id is None:
        raise kit.NoPlaceError("this application is for no job, so there is no interview of it")
    return applied.job_id


def called(
    slots: Iterable[GreenhouseJobInterview], names: Sequence[str]
) -> GreenhouseJobInterview | None:
    """The first slot of a plan with one of the names, the first name before the others."""
    held = sorted((one.sort_order or 0, one.id, one) for one in slots if one.active is not False)
    for name in filter(None, map(folded, names)):
        for *_, slot in held:
            if folded(slot.name or "") == name:
                return slot
    return None


def folded(name: str) -> str:
    return "".join(name.split()).casefold()


async def author(ats: kit.Connector, evaluator: str | Evaluator | None) -> int:
    """The evaluator where that is a user, else the user that the credentials act as."""
    user = await user_called(ats, evaluator)
    if user is not None:
        return user.id
    own = (await ats.channel.entered("userId") or "").strip()
    if not is_number(own):
        raise kit.NoPlaceError(NO_AUTHOR)
    return int(own)


async def user_called(
    ats: kit.Connector, evaluator: str | Evaluator | None
) -> wire.GreenhouseUser | None:
    if isinstance(evaluator, str):
        evaluator = Evaluator(email=evaluator) if "@" in evaluator else None
    if evaluator is None:
        return None
    try:
        return await known_user(ats, evaluator)
    except kit.PermissionMissingError:  # users may not be read: somebody else has to be the author
        return None


async def known_user(ats: kit.Connector, evaluator: Evaluator) -> wire.GreenhouseUser | None:
    found: list[wire.GreenhouseUser] = []
    if evaluator.id is not None and is_number(evaluator.id):
        found += (await remembered.users(ats, [evaluator.id])).values()
    if not found and evaluator.email:
        params = {"primary_email": evaluator.email, "show_service_accounts": True}
        users = await ats.everything("/users", wire.GreenhouseUser, params=params)
        mine = evaluator.email.strip().casefold()
        found += [one for one in users if (one.primary_email or "").casefold() == mine]
    return next((one for one in found if not one.deactivated), None)


# Custom fields.

Listed = Callable[[CustomFieldQuery], kit.Pages[CustomField]]


async def fill_fields(ats: kit.Connector, paper: kit.Paper, listed: Listed) -> WrittenScore:
    """The application's custom fields; those of the candidate where the application has none that

    suit, or where there is no application.
    """
    if paper.application_id is None:
        return await fill_candidate(ats, paper, listed, paper.candidate_id or "")
    try:
        values = await values_for(paper, listed, CustomFieldOwner.APPLICATION)
    except kit.NoPlaceError:
        if not (paper.custom_fields or paper.by_name):
            raise
        person = paper.candidate_id or kit.to_id(
            (await finds.application(ats, paper.application_id)).candidate_id
        )
        return await fill_candidate(ats, paper, listed, person or "")
    path = kit.path("/applications/{}", paper.application_id)
    await ats.patch(path, {"custom_fields": drafts.custom_fields(sent(values))})
    now = await fields_now(ats, "/applications", paper.application_id)
    there = [one for one in values if holds(now, one)]
    return kit.field_result(paper, paper.application_id, there)


async def fill_candidate(
    ats: kit.Connector, paper: kit.Paper, listed: Listed, candidate_id: str
) -> WrittenScore:
    """A candidate's list of custom fields takes the place of the whole list there, so the others

    go along as they are.
    """
    values = await values_for(paper, listed, CustomFieldOwner.CANDIDATE)
    person = await finds.person(ats, candidate_id)
    keys = {one.field.key for one in values}
    rest = {
        key: one for key, one in drafts.written(person.custom_fields).items() if key not in keys
    }
    body = {"custom_fields": drafts.custom_fields({**rest, **sent(values)})}
    await ats.patch(kit.path("/candidates/{}", candidate_id), body)
    now = await fields_now(ats, "/candidates", candidate_id)
    return kit.field_result(paper, candidate_id, [one for one in values if holds(now, one)])


async def values_for(
    paper: kit.Paper, listed: Listed, owner: CustomFieldOwner
) -> list[kit.FieldValue]:
    fields = await listed(CustomFieldQuery(owner=(owner,))).all()
    return kit.field_values(paper, [one for one in fields if one.owner is owner])


def sent(values: Iterable[kit.FieldValue]) -> dict[str, Any]:
    """By the field's number. An option is a number, too; several are a list."""
    return {one.field.id: _sent(one) for one in values}


def _sent(value: kit.FieldValue) -> Any:
    if value.option is None:
        return value.value
    option = drafts.answered(value.option)
    return [option] if value.field.type is CustomFieldType.MULTI_SELECT else option


async def fields_now(ats: kit.Connector, path: str, record_id: str) -> wire.CustomFields:
    """The values as they are after a write, which is done whatever becomes of this question."""
    try:
        record = await finds.one(ats, path, wire.GreenhouseFields, record_id, "record")
    except kit.HireloomError:
        return {}
    return (record.custom_fields or {}) if str(record.id) == record_id else {}


def holds(now: wire.CustomFields, wanted: kit.FieldValue) -> bool:
    """Whether a record shows the value that it was given."""
    held = now.get(wanted.field.key)
    if held is None or held.value is None:
        return False
    kind = wanted.field.type
    if kind is CustomFieldType.MULTI_SELECT:
        chosen = held.value if isinstance(held.value, list) else [held.value]
        return [str(one) for one in chosen] in ([wanted.value], [wanted.option])
    if kind is CustomFieldType.SINGLE_SELECT:
        return str(held.value) in {wanted.value, wanted.option}
    if kind is CustomFieldType.NUMBER:
        return is_same_number(held.value, wanted.value)
    if kind is CustomFieldType.BOOLEAN:
        return YES_NO.get(str(held.value).casefold()) is wanted.value
    if kind is CustomFieldType.DATE:
        return str(held.value)[:10] == str(wanted.value)
    # Rich text comes back as HTML.
    return plain(str(wanted.value)) in {
        plain(str(held.value)),
        plain(kit.to_plain(str(held.value))),
    }


YES_NO = {"true": True, "yes": True, "false": False, "no": False}


def is_same_number(held: Any, wanted: float) -> bool:
    """Greenhouse shows numbers as text: 85 as "85.0"."""
    try:
        return float(held) == float(wanted)
    except (TypeError, ValueError):
        return False


def plain(text: str) -> str:
    return " ".join(text.split())

"""The Ashby simulator's calls that write applications: start, move, archive, transfer, delete."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hireloom.sandbox._ashby_candidates import (
    API_USER,
    WRITE,
    given_source,
    given_time,
    given_user,
    read_time,
)
from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_lists import Method
from hireloom.sandbox._ashby_people import Application, Job, Visit, fork
from hireloom.sandbox._ashby_reads import visible_application, visible_candidate, visible_job
from hireloom.sandbox._ashby_shelf import FIRST_WRITTEN
from hireloom.sandbox._ashby_wire import Call, Json, checked_uuid, done, invalid, missing


def create_application(company: Company, call: Call) -> Json:
    candidate = visible_candidate(company, call, call.must_uuid("candidateId"))
    job = visible_job(company, call, call.must_uuid("jobId"))
    plan = _plan(company, call, job)
    stage = _stage(company, call.uuid("interviewStageId"), plan)
    now = company.clock.now()
    created = given_time(call, "createdAt") or now
    history, reason = _past(company, call, plan)
    if not history:
        start = plan * company.directory.stages_each if stage is None else stage
        history = [_visit(company, start, created)]
    elif stage is not None and stage != history[-1].stage:
        _enter(company, history, stage, now)
    application = Application(
        index=-1,
        person=candidate.index,
        job=job.index,
        history=history,
        source=given_source(company, call),
        credited_to=given_user(company, call),
        created_at=created,
        updated_at=now,
    )
    _archive(company, application, reason)
    application.index = company.applications.next_index()
    company.applications.put(application.index, application)
    _join(company, application)
    body = company.application_brief(application, ("id",))
    body["applicationHistory"] = company.history_body(application)
    company.show("applications", {"applicationId": body["id"], **call.body})
    company.tell_application(application, "applicationSubmit")
    return done(body)


def _join(company: Company, application: Application) -> None:
    candidate = fork(company.candidates.at(application.person))
    candidate.applications.append(application.index)
    candidate.updated_at = application.updated_at
    company.candidates.put(candidate.index, candidate)


def _plan(company: Company, call: Call, job: Job) -> int:
    plan_id = call.uuid("interviewPlanId")
    plan = job.plan if plan_id is None else company.plans.index(plan_id)
    if plan is None:
        raise missing("interview_plan")
    if plan != job.plan:
        raise invalid("interviewPlanId must be a plan of the job")
    return plan


def _stage(company: Company, stage_id: str | None, plan: int) -> int | None:
    """The index of a stage of this plan; None when none was asked for."""
    if stage_id is None:
        return None
    stage = company.stages.index(stage_id)
    if stage is None:
        raise missing("interview_stage")
    if stage // company.directory.stages_each != plan:
        raise invalid("interviewStageId must be a stage of the application's interview plan")
    return stage


def _past(company: Company, call: Call, plan: int) -> tuple[list[Visit], int | None]:
    """The stays that `applicationHistory` tells of, and the reason of the last."""
    history: list[Visit] = []
    reason = None
    entries = call.items("applicationHistory")
    if not all(isinstance(entry, dict) and entry.get("stageId") for entry in entries):
        raise invalid("applicationHistory must hold objects with a stageId")
    for entry in sorted(entries, key=lambda each: int(each.get("stageNumber") or 0)):
        stage = _stage(company, checked_uuid("stageId", entry["stageId"]), plan)
        entered = read_time("enteredStageAt", entry.get("enteredStageAt"))
        if stage is not None:
            _enter(company, history, stage, entered)
        reason = _reason(company, entry.get("archiveReasonId"))
    return history, reason


def _reason(company: Company, reason_id: Any) -> int | None:
    if reason_id is None:
        return None
    index = company.reasons.index(checked_uuid("archiveReasonId", str(reason_id)))
    if index is None:
        raise missing("archive_reason")
    return index


def _visit(company: Company, stage: int, at: datetime) -> Visit:
    # Stays that were written count from where those of the world end.
    index = FIRST_WRITTEN + company.ledger.next()
    return Visit(index=index, stage=stage, entered_at=at, actor=API_USER)


def _enter(company: Company, history: list[Visit], stage: int, at: datetime) -> None:
    if history:
        history[-1].left_at = at
    history.append(_visit(company, stage, at))


def _archive(company: Company, application: Application, reason: int | None) -> None:
    """An archived stage needs a reason; every other one has none."""
    archived = company.directory.stage_type(application.stage) == "Archived"
    if archived and reason is None:
        raise invalid("archiveReasonId is required to archive an application")
    application.archived_at = application.history[-1].entered_at if archived else None
    application.reason = reason if archived else None


def move(company: Company, application: Application, stage: int, reason: int | None) -> Application:
    """The application after a change of stage; kept."""
    moved: Application = fork(application)
    _enter(company, moved.history, stage, company.clock.now())
    _archive(company, moved, reason)
    _kept(company, moved, "candidateStageChange", "applicationUpdate")
    if company.status_of(moved) == "Hired":
        company.tell_hire(moved)
    return moved


def _kept(company: Company, application: Application, *events: str) -> Application:
    """Kept as it is now; without other events its update is told."""
    application.updated_at = company.clock.now()
    company.applications.put(application.index, application)
    company.tell_application(application, *(events or ("applicationUpdate",)))
    return application


def change_stage(company: Company, call: Call) -> Json:
    application = visible_application(company, call, call.must_uuid("applicationId"))
    plan = application.stage // company.directory.stages_each
    stage = _stage(company, call.must_uuid("interviewStageId"), plan)
    reason = _reason(company, call.uuid("archiveReasonId"))
    call.part("archiveEmail")
    moved = move(company, application, application.stage if stage is None else stage, reason)
    body = company.application_body(moved)
    seen = {**call.body, "stage": body["currentInterviewStage"]["title"]}
    seen["candidate"] = body["candidate"].get("name")
    if moved.archived_at is None:
        company.show("moves", seen)
    else:
        company.show("rejections", {**seen, "reason": body["archiveReason"]["text"]})
    return done(body)


def transfer(company: Company, call: Call) -> Json:
    application = fork(visible_application(company, call, call.must_uuid("applicationId")))
    job = visible_job(company, call, call.must_uuid("jobId"))
    call.must_uuid("interviewPlanId")
    plan = _plan(company, call, job)
    stage = _stage(company, call.must_uuid("interviewStageId"), plan)
    call.flag("startAutomaticActivities")
    application.job = job.index
    _enter(company, application.history, stage or 0, company.clock.now())
    _archive(company, application, None)
    company.show("moves", call.body)
    kept = _kept(company, application, "interviewPlanTransition", "applicationUpdate")
    return done(company.application_body(kept))


def change_source(company: Company, call: Call) -> Json:
    application = fork(visible_application(company, call, call.must_uuid("applicationId")))
    if "sourceId" not in call.body:
        raise invalid("sourceId is required; null removes the source")
    application.source = given_source(company, call)
    return done(company.application_brief(_kept(company, application), ("id", "title")))


def update_application(company: Company, call: Call) -> Json:
    application = fork(visible_application(company, call, call.must_uuid("applicationId")))
    source, user = given_source(company, call), given_user(company, call)
    application.source = application.source if source is None else source
    application.credited_to = application.credited_to if user is None else user
    application.created_at = given_time(call, "createdAt") or application.created_at
    call.flag("sendNotifications")
    return done(company.application_brief(_kept(company, application), ("id", "title")))


def delete_application(company: Company, call: Call) -> Json:
    application = visible_application(company, call, call.must_uuid("applicationId"))
    remove(company, application)
    company.show("deletions", {"act": "delete", **call.body})
    return done({"applicationId": call.body["applicationId"]})


def remove(company: Company, application: Application) -> None:
    company.delete_application(application.index)
    candidate = fork(company.candidates.at(application.person))
    if candidate is not None:
        candidate.applications.remove(application.index)
        candidate.updated_at = company.clock.now()
        company.candidates.put(candidate.index, candidate)


METHODS: Mapping[str, Method] = {
    "application.create": Method(create_application, WRITE),
    "application.update": Method(update_application, WRITE),
    "application.changeStage": Method(change_stage, WRITE),
    "application.transfer": Method(transfer, WRITE),
    "application.changeSource": Method(change_source, WRITE),
    "application.delete": Method(delete_application, WRITE),
}

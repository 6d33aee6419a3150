"""The Ashby simulator's calls that write interview schedules."""

from collections.abc import Mapping
from typing import Any

from hireloom.sandbox._ashby_candidates import API_USER, read_time
from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_lists import Method
from hireloom.sandbox._ashby_people import fork
from hireloom.sandbox._ashby_reads import visible_application
from hireloom.sandbox._ashby_shelf import FIRST_WRITTEN
from hireloom.sandbox._ashby_wire import Call, Json, checked_uuid, done, instant, invalid, missing

WRITE = "interviews:write"


def create_schedule(company: Company, call: Call) -> Json:
    application = visible_application(company, call, call.must_uuid("applicationId"))
    wanted = call.items("interviewEvents")
    if not wanted:
        raise invalid("interviewEvents must hold at least one event")
    index = company.schedules.next_index()
    now = instant(company.clock.now())
    record = {
        "id": company.schedules.id(index),
        "status": "Scheduled",
        "applicationId": company.applications.id(application.index),
        "interviewStageId": company.stages.id(application.stage),
        "interviewEvents": [
            _event(company, index, place, each) for place, each in enumerate(wanted)
        ],
        "scheduledBy": company.users.at(API_USER),
        "createdAt": now,
        "updatedAt": now,
    }
    company.schedules.add(application.index, index, record)
    company.tell("interviewScheduleCreate", "interviewSchedule", record)
    company.show("interviews", {"act": "create", "id": record["id"], **call.body})
    return done(record)


def _event(company: Company, schedule: int, place: int, wanted: Any) -> Json:
    if not isinstance(wanted, dict):
        raise invalid("An interview event must be an object")
    starts, ends = (read_time(name, wanted.get(name)) for name in ("startTime", "endTime"))
    if ends <= starts:
        raise invalid("endTime must be after startTime")
    template_id = wanted.get("interviewId")
    template = 0
    if template_id is not None:
        known = company.interviews.index(checked_uuid("interviewId", str(template_id)))
        if known is None:
            raise missing("interview")
        template = known
    interviewers = [_interviewer(company, each) for each in wanted.get("interviewers") or []]
    event = company.happenings.event(schedule, place, template, interviewers)
    now = instant(company.clock.now())
    times = {"startTime": instant(starts), "endTime": instant(ends)}
    return {**event, **times, "createdAt": now, "updatedAt": now}


def _interviewer(company: Company, wanted: Any) -> int:
    address = wanted.get("email") if isinstance(wanted, dict) else None
    if not isinstance(address, str):
        raise invalid("An interviewer needs an email")
    for index, user in company.users.rows():
        if user["email"].lower() == address.lower() and user["isEnabled"]:
            return index
    raise invalid("No enabled user has the email of an interviewer")


def _written(company: Company, call: Call, name: str) -> tuple[int, Json]:
    """The schedule, if it was made through the API: others may not be changed here."""
    index = company.schedules.index(call.must_uuid(name))
    schedule = None if index is None else company.schedules.at(index)
    if index is None or schedule is None:
        raise missing("interview_schedule")
    visible_application(company, call, schedule["applicationId"])
    if index < FIRST_WRITTEN or index in company.by_recruiters:
        raise invalid("Only schedules created through the API can be changed through it")
    return index, fork(schedule)


def update_schedule(company: Company, call: Call) -> Json:
    index, schedule = _written(company, call, "interviewScheduleId")
    gone, wanted = call.uuid("interviewEventIdToCancel"), call.part("interviewEvent")
    events: list[Json] = schedule["interviewEvents"]
    if gone is not None:
        kept = [event for event in events if event["id"] != gone]
        if len(kept) == len(events):
            raise missing("interview_event")
        schedule["interviewEvents"] = kept
    elif wanted is not None:
        _put_event(company, index, events, wanted)
    else:
        raise invalid("interviewEvent or interviewEventIdToCancel is required")
    return _kept(company, call, index, schedule)


def _put_event(company: Company, index: int, events: list[Json], wanted: Json) -> None:
    event_id = wanted.get("interviewEventId")
    if event_id is None:
        events.append(_event(company, index, len(events), wanted))
        return
    for place, event in enumerate(events):
        if event["id"] == event_id:
            events[place] = {**_event(company, index, place, wanted), "id": event_id}
            return
    raise missing("interview_event")


def cancel_schedule(company: Company, call: Call) -> Json:
    index, schedule = _written(company, call, "id")
    schedule["status"] = "NeedsScheduling" if call.flag("allowReschedule") else "Cancelled"
    return _kept(company, call, index, schedule)


def _kept(company: Company, call: Call, index: int, schedule: Json) -> Json:
    act = call.method.rpartition(".")[2]
    company.show("interviews", {"act": act, **call.body})
    return done(keep_schedule(company, index, schedule))


def keep_schedule(company: Company, index: int, schedule: Json) -> Json:
    """The application does not count as updated."""
    schedule["updatedAt"] = instant(company.clock.now())
    company.schedules.put(index, schedule)
    company.tell("interviewScheduleUpdate", "interviewSchedule", schedule)
    return schedule


METHODS: Mapping[str, Method] = {
    "interviewSchedule.create": Method(create_schedule, WRITE),
    "interviewSchedule.update": Method(update_schedule, WRITE),
    "interviewSchedule.cancel": Method(cancel_schedule, WRITE),
}

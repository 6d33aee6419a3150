"""Offers and interviews as recruiters make and change them in Ashby."""

from datetime import datetime, timedelta

from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_meetings import keep_schedule
from hireloom.sandbox._ashby_offers import ACCEPTANCE, decided, keep_offer, new_offer, new_version
from hireloom.sandbox._ashby_people import Application, fork
from hireloom.sandbox._ashby_wire import Json, instant

# The words of all vendors, and those of Ashby.
_STATUS = {"sent": "Pending", "accepted": "Accepted", "declined": "Declined"}
_LENGTH = timedelta(minutes=45)


class Calendar:
    """The offers and schedules get another `updatedAt`, where they have one; applications none."""

    def __init__(self, company: Company) -> None:
        self._company = company

    def create_offer(
        self, application: Application, salary: int, currency: str, starts_on: str
    ) -> Json:
        pay: Json = {"currencyCode": currency, "value": salary}
        return new_offer(
            self._company, application.index, new_version(self._company, pay, starts_on)
        )

    def update_offer(
        self, index: int, offer: Json, status: str | None, salary: int | None, starts_on: str | None
    ) -> Json:
        company = self._company
        changed = dict(offer)
        if salary is not None or starts_on is not None:
            last = offer["latestVersion"]
            pay = last["salary"] if salary is None else {**last["salary"], "value": salary}
            version = new_version(company, pay, starts_on or last["startDate"])
            changed |= {"latestVersion": version, "versions": [*offer["versions"], version]}
        if status is not None:
            word = _STATUS.get(status, status)
            if word not in ACCEPTANCE:
                raise ValueError(f"status must be one of {', '.join([*_STATUS, *ACCEPTANCE])}")
            changed = decided(company, changed, word)
        return keep_offer(company, index, changed)

    def schedule(self, application: Application, starts_at: str | None) -> Json:
        company = self._company
        index = company.schedules.next_index()
        company.by_recruiters.add(index)
        now = instant(company.clock.now())
        record = {
            "id": company.schedules.id(index),
            "status": "Scheduled",
            "applicationId": company.applications.id(application.index),
            "interviewStageId": company.stages.id(application.stage),
            "interviewEvents": [self._event(index, starts_at)],
            "scheduledBy": company.users.at(0),
            "createdAt": now,
            "updatedAt": now,
        }
        company.schedules.add(application.index, index, record)
        company.tell("interviewScheduleCreate", "interviewSchedule", record)
        return record

    def update(
        self, index: int, schedule: Json, starts_at: str | None, location: str | None
    ) -> Json:
        """The first event; a schedule that waits for the candidate gets one."""
        changed: Json = fork(schedule)
        events: list[Json] = changed["interviewEvents"]
        if not events:
            events.append(self._event(index, starts_at))
            changed["status"] = "Scheduled"
        elif starts_at is not None:
            events[0] |= _times(datetime.fromisoformat(starts_at))
        if location is not None:
            events[0]["location"] = location
        events[0]["updatedAt"] = instant(self._company.clock.now())
        return keep_schedule(self._company, index, changed)

    def cancel(self, index: int, schedule: Json) -> Json:
        return keep_schedule(self._company, index, {**schedule, "status": "Cancelled"})

    def _event(self, schedule: int, starts_at: str | None) -> Json:
        now = self._company.clock.now()
        starts = now + timedelta(days=7) if starts_at is None else datetime.fromisoformat(starts_at)
        event = self._company.happenings.event(schedule, 0, 0, [0])
        return {**event, **_times(starts), "createdAt": instant(now), "updatedAt": instant(now)}


def _times(starts: datetime) -> Json:
    return {"startTime": instant(starts), "endTime": instant(starts + _LENGTH)}

"""Interviews that Hireloom makes in Ashby. Only what came by API can be changed by API."""

from collections.abc import Sequence

from hireloom import kit
from hireloom.connectors.ats._ashby_drafts import present
from hireloom.connectors.ats._ashby_lookups import AshbyLookups
from hireloom.connectors.ats._ashby_pipeline import (
    InterviewTables,
    to_interview,
    to_interviewers,
    unnamed,
)
from hireloom.connectors.ats._ashby_shapes import AshbyEvent, AshbySchedule, AshbyUser
from hireloom.models import (
    InterviewCancellation,
    InterviewChanges,
    InterviewDraft,
    Receipt,
    ScheduledInterview,
    given,
)

# What an interview's event has a place for.
OF_INTERVIEWS = frozenset(
    {
        "interview_id",
        "application_id",
        "interview_type_id",
        "scheduled_start",
        "scheduled_end",
        "interviewer_ids",
        "interviewer_emails",
    }
)


class AshbyMeetings(AshbyLookups):
    async def create_interview(self, draft: InterviewDraft) -> ScheduledInterview:
        """UNCONFIRMED field names. Interviewers go by e-mail; `interviewId` is a template's."""
        event = present(
            startTime=kit.to_iso(draft.scheduled_start),
            endTime=kit.to_iso(draft.scheduled_end),
            interviewers=await self._interviewers(draft.interviewer_ids, draft.interviewer_emails),
            interviewId=draft.interview_type_id,
        )
        body = {"applicationId": draft.application_id, "interviewEvents": [event]}
        schedule = await self.post("/interviewSchedule.create", body, AshbySchedule)
        events = schedule.interview_events or [AshbyEvent(id=schedule.id)]
        left = kit.dropped(draft, sent=OF_INTERVIEWS, title=self.title)
        return ScheduledInterview(
            interview=to_interview(schedule, events[0], InterviewTables()), fields_dropped=left
        )

    async def update_interview(self, changes: InterviewChanges) -> ScheduledInterview:
        schedule, event = await self._scheduled(changes.interview_id, changes.application_id)
        start = changes.scheduled_start or kit.utc(event.start_time)
        end = changes.scheduled_end or kit.utc(event.end_time)
        people: list[dict[str, str]] | None
        wanted = (changes.interviewer_ids, changes.interviewer_emails)
        if wanted == (None, None):
            people = await self._kept_interviewers(event)
        else:
            people = await self._interviewers(wanted[0] or (), wanted[1] or ())
        body = {
            "interviewScheduleId": schedule.id,
            "interviewEvent": present(
                interviewEventId=None if event.id == schedule.id else event.id,
                startTime=None if start is None else kit.to_iso(start),
                endTime=None if end is None else kit.to_iso(end),
                interviewers=people,
                interviewId=event.interview_id,
            ),
        }
        updated = await self.post("/interviewSchedule.update", body, AshbySchedule)
        events = updated.interview_events or [event]
        same = next((one for one in events if one.id == event.id), events[-1])
        left = kit.dropped(changes, sent=OF_INTERVIEWS, title=self.title)
        interview = to_interview(updated, same, InterviewTables())
        return ScheduledInterview(interview=interview, fields_dropped=left)

    async def cancel_interview(self, cancellation: InterviewCancellation) -> Receipt:
        """The schedule where it is its only event, else the event alone."""
        schedule, event = await self._scheduled(
            cancellation.interview_id, cancellation.application_id
        )
        if len(schedule.interview_events or ()) > 1:
            one = {"interviewScheduleId": schedule.id, "interviewEventIdToCancel": event.id}
            await self.post("/interviewSchedule.update", one)
        else:
            whole = {"id": schedule.id, "allowReschedule": False}
            await self.post("/interviewSchedule.cancel", whole)
        return Receipt()

    async def _scheduled(
        self, interview_id: str, application_id: str | None
    ) -> tuple[AshbySchedule, AshbyEvent]:
        if application_id is None:
            raise kit.RequestInvalidError.at(
                "applicationId", f"{self.title} finds an interview by its application: give it"
            )
        for schedule in await self._schedules(application_id):
            for event in schedule.interview_events or ():
                if event.id == interview_id:
                    return schedule, event
            if schedule.id == interview_id:
                return schedule, AshbyEvent(id=schedule.id)
        raise kit.ResourceNotFoundError("The application has no such interview")

    async def _interviewers(
        self, user_ids: Sequence[str], emails: Sequence[str]
    ) -> list[dict[str, str]]:
        users = await kit.gather(
            *(self.ask("/user.info", {"userId": one}, AshbyUser) for one in user_ids)
        )
        known = [user.email for user in users if user.email]
        return [{"email": email} for email in dict.fromkeys((*known, *emails))]

    async def _kept_interviewers(self, event: AshbyEvent) -> list[dict[str, str]] | None:
        """Whoever is there. None, so that nothing is sent, unless the e-mails of all are known:

        the list that is sent replaces the one before.
        """
        people = to_interviewers(event, await self._users(unnamed(event)))
        emails = [email for one in people if (email := given(one.email))]
        return [{"email": one} for one in emails] if 0 < len(emails) == len(people) else None

"""What belongs to an application: stage entries, interviews, scorecards, offers, files, notes."""

from datetime import datetime, timedelta

from hireloom.sandbox import _words as words
from hireloom.sandbox._draw import Draw
from hireloom.sandbox._shapes import (
    Application,
    Attachment,
    Interview,
    Job,
    Note,
    Offer,
    Person,
    Scorecard,
    StageEntry,
)

# At most so many per application: index = application * EACH + place.
STAGES_EACH = 8
INTERVIEWS_EACH = 2
SCORECARDS_EACH = 4
OFFERS_EACH = 2
ATTACHMENTS_EACH = 2
NOTES_EACH = 2

_MEETINGS = ((2, "Phone screen", 30), (4, "Panel interview", 60))  # stage, name, minutes


class Dossier:
    """The part of the world that hangs on applications; `World` supplies the rest."""

    now: datetime
    users: int

    def draw(self, kind: str, index: int) -> Draw:
        raise NotImplementedError

    def person(self, index: int) -> Person:
        raise NotImplementedError

    def job(self, index: int) -> Job:
        raise NotImplementedError

    def _active_user(self, index: int) -> int:
        raise NotImplementedError

    def history_of(self, application: Application) -> tuple[StageEntry, ...]:
        """The stages that it went through, oldest first; the last has no `left_at`."""
        first = 0 if application.prospect else 1
        passed = range(first, application.stage + 1)
        step = (application.updated_at - application.applied_at) / len(passed)
        entered = [application.applied_at + step * place for place in range(len(passed))]
        left: list[datetime | None] = [*entered[1:], None]
        return tuple(
            StageEntry(
                index=application.index * STAGES_EACH + stage,
                application=application.index,
                stage=stage,
                entered_at=_whole(since),
                left_at=None if until is None else _whole(until),
            )
            for stage, since, until in zip(passed, entered, left, strict=True)
        )

    def interviews_of(self, application: Application) -> tuple[Interview, ...]:
        entries = {entry.stage: entry for entry in self.history_of(application)}
        return tuple(
            self._interview(application, place, entries[stage])
            for place, (stage, _, _) in enumerate(_MEETINGS)
            if stage in entries
        )

    def scorecards_of(self, application: Application) -> tuple[Scorecard, ...]:
        """One per interviewer of each interview that is over; some are still drafts."""
        found = []
        for interview in self.interviews_of(application):
            if interview.status not in {"complete", "awaiting_feedback"}:
                continue
            place = interview.index % INTERVIEWS_EACH * 2
            for offset, interviewer in enumerate(interview.interviewers):
                index = application.index * SCORECARDS_EACH + place + offset
                found.append(self._scorecard(index, interview, interviewer))
        return tuple(found)

    def offers_of(self, application: Application) -> tuple[Offer, ...]:
        if application.stage < 5:
            return ()
        draw = self.draw("offer", application.index)
        job = self.job(application.job)
        entered = self.history_of(application)[-1].entered_at
        last = _OFFER_STATUS[application.status] if application.stage == 6 else draw.of(_OPEN_OFFER)
        if application.status == "rejected":
            last = "declined"
        statuses = ["deprecated", last] if draw.chance(30) else [last]
        sent = last in {"sent", "accepted", "declined"}
        resolved = last in {"accepted", "declined"}
        return tuple(
            Offer(
                index=application.index * OFFERS_EACH + place,
                application=application.index,
                version=place + 1,
                status=status,
                salary=job.salary_min + 500 * draw.below(10),
                currency=job.currency,
                starts_on=application.updated_at + timedelta(days=30 + draw.below(60)),
                sent_at=entered if sent and status == last else None,
                resolved_at=application.updated_at if resolved and status == last else None,
                created_at=entered,
                updated_at=application.updated_at,
            )
            for place, status in enumerate(statuses)
        )

    def attachments_of(self, application: Application) -> tuple[Attachment, ...]:
        """A résumé for nearly all, a cover letter for some; both are PDF documents."""
        draw = self.draw("attachment", application.index)
        kinds = [
            kind for kind, share in (("resume", 92), ("cover_letter", 20)) if draw.chance(share)
        ]
        return tuple(
            Attachment(
                index=application.index * ATTACHMENTS_EACH + place,
                application=application.index,
                person=application.person,
                kind=kind,
                filename=f"{kind}_{application.person}.pdf",
                created_at=application.applied_at,
            )
            for place, kind in enumerate(kinds)
        )

    def notes_of(self, application: Application) -> tuple[Note, ...]:
        draw = self.draw("note", application.index)
        span = application.updated_at - application.applied_at
        return tuple(
            Note(
                index=application.index * NOTES_EACH + place,
                application=application.index,
                person=application.person,
                author=application.owner,
                body=draw.of(words.NOTES),
                private=draw.chance(20),
                created_at=_whole(application.applied_at + span * (place + 1) / 3),
            )
            for place in range(draw.of((0, 0, 0, 1, 1, 2)))
        )

    def _interview(self, application: Application, place: int, entry: StageEntry) -> Interview:
        index = application.index * INTERVIEWS_EACH + place
        draw = self.draw("interview", index)
        stage, name, minutes = _MEETINGS[place]
        day = (entry.left_at or entry.entered_at) + timedelta(days=1 + draw.below(9))
        if entry.left_at is not None:
            day = entry.entered_at
        starts = day.replace(minute=draw.of((0, 15, 30, 45)), second=0)
        over = entry.left_at is not None or starts < self.now
        canceled = not over and draw.chance(15)
        waiting = entry.left_at is None and draw.chance(50)
        done = "awaiting_feedback" if waiting else "complete"
        first = self._active_user(draw.below(self.users))
        second = self._active_user((first + 1) % self.users)
        return Interview(
            index=index,
            application=application.index,
            stage=stage,
            name=name,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=minutes),
            status=done if over else "canceled" if canceled else "scheduled",
            interviewers=(first,) if place == 0 else (first, second),
            organizer=application.owner,
            location=draw.of((None, "Room 4", "2 Example Street")),
            video_url=f"https://video.example.com/{index}" if draw.chance(60) else None,
            created_at=entry.entered_at,
            updated_at=application.updated_at,
        )

    def _scorecard(self, index: int, interview: Interview, interviewer: int) -> Scorecard:
        draw = self.draw("scorecard", index)
        points = 1 + draw.below(4)
        draft = interview.status == "awaiting_feedback" and draw.chance(60)
        done = interview.ends_at + timedelta(hours=1)
        return Scorecard(
            index=index,
            application=interview.application,
            interview=interview.index,
            interviewer=interviewer,
            rating=None if draft else (None, *words.RATINGS)[draw.below(6)],
            points=points,
            remark=draw.of(words.REMARKS),
            submitted_at=None if draft else done,
            created_at=interview.ends_at,
            updated_at=done,
        )


_OFFER_STATUS = {"hired": "accepted", "rejected": "declined", "active": "sent"}
_OPEN_OFFER = ("draft", "sent", "sent")


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)

"""What hangs on a person, an application or a job, as Ashby shows it: made from the world."""

from hireloom.sandbox._ashby_directory import SURVEYS, Directory, survey_path
from hireloom.sandbox._ashby_people import People
from hireloom.sandbox._ashby_wire import Json, Row, instant
from hireloom.sandbox.world import (
    INTERVIEWS_EACH,
    NOTES_EACH,
    OFFERS_EACH,
    Interview,
    Offer,
    Scorecard,
    World,
)

SCHEDULE_STATUS = {
    "scheduled": "Scheduled",
    "awaiting_feedback": "WaitingOnFeedback",
    "complete": "Complete",
    "canceled": "Cancelled",
}
# The neutral rating has no place on a scale of four.
RECOMMENDATION_OF = {"strong_no": "1", "no": "2", "mixed": "2", "yes": "3", "strong_yes": "4"}
# Acceptance, process, approval.
OFFER_STATUS = {
    "draft": ("Created", "WaitingOnOfferApproval", "WaitingOnApprovals"),
    "sent": ("Pending", "WaitingOnCandidateResponse", "Approved"),
    "accepted": ("Accepted", "CandidateAccepted", "Approved"),
    "declined": ("Declined", "CandidateRejected", "Approved"),
}
OPENINGS_EACH = 4


class Happenings:
    """Each method gives all records below one parent, with their indexes."""

    def __init__(self, world: World, directory: Directory, people: People) -> None:
        self._world = world
        self._directory = directory
        self._people = people

    def schedules(self, application: int) -> list[Row]:
        made = self._world.application(application)
        found = self._world.interviews_of(made)
        return [(each.index, self._schedule(each, made.job)) for each in found]

    def feedback(self, application: int) -> list[Row]:
        cards = self._world.scorecards_of(self._world.application(application))
        return [(each.index, self._card(each)) for each in cards if each.submitted_at is not None]

    def offers(self, application: int) -> list[Row]:
        """One offer with a version for each that the recruiter made."""
        versions = self._world.offers_of(self._world.application(application))
        if not versions:
            return []
        index = application * OFFERS_EACH
        acceptance, process, _ = OFFER_STATUS[versions[-1].status]
        shown = [self._version(each) for each in versions]
        record = {
            "id": self._directory.id("offer", index),
            "applicationId": self._directory.id("application", application),
            "decidedAt": instant(versions[-1].resolved_at),
            "acceptanceStatus": acceptance,
            "offerStatus": process,
            "latestVersion": shown[-1],
            "versions": shown,
        }
        return [(index, record)]

    def survey_answers(self, application: int) -> list[Row]:
        draw = self._world.draw("ashby-survey", application)
        if draw.below(3):
            return []
        made = self._world.application(application)
        name = draw.of(("EEOC", "EEOC", "Diversity"))
        record = {
            "id": self._directory.id("surveySubmission", application),
            "candidateId": self._directory.id("candidate", made.person),
            "applicationId": self._directory.id("application", application),
            "surveyType": name,
            "formDefinition": self._directory.survey_definition(name),
            "submittedValues": {
                survey_path(path): draw.of(values) for path, _, values in SURVEYS[name]
            },
            "submittedAt": instant(made.applied_at),
        }
        return [(application, record)]

    def notes(self, person: int) -> list[Row]:
        found = []
        for place, number in enumerate(self._world.applications_of_person(person)):
            for note in self._world.notes_of(self._world.application(number)):
                index = (person * 3 + place) * NOTES_EACH + note.index % NOTES_EACH
                record = {
                    "id": self._directory.id("note", index),
                    "createdAt": instant(note.created_at),
                    "content": note.body,
                    "isPrivate": note.private,
                    "author": self.author(note.author),
                }
                found.append((index, record))
        return found

    def author(self, user: int) -> Json:
        record = self._directory.user(user)
        return {name: record[name] for name in ("id", "firstName", "lastName", "email")}

    def openings(self, job: int) -> list[Row]:
        made = self._people.job(job)
        count = self._world.job(job).headcount
        state = {"Open": "Open", "Draft": "Draft"}.get(made.status, "Closed")
        found = []
        for place in range(min(count, OPENINGS_EACH)):
            index = job * OPENINGS_EACH + place
            version = {
                "id": self._directory.id("openingVersion", index),
                "identifier": f"OPEN-{1000 + index}",
                "description": f"{made.title}, seat {place + 1}",
                "authorId": self._directory.id("user", made.author),
                "createdAt": instant(made.created_at),
                "teamId": self._directory.id("department", made.department),
                "jobIds": [self._directory.id("job", job)],
                "locationIds": [self._directory.id("location", made.location)],
                "employmentType": made.employment_type,
                "targetHireDate": None,
                "targetStartDate": None,
                "isBackfill": index % 3 == 0,
                "hiringTeam": [self._directory.member(*each) for each in made.team],
                "customFields": [],
            }
            filled = state == "Open" and count > 1 and place == 0
            record = {
                "id": self._directory.id("opening", index),
                "openedAt": instant(made.opened_at),
                "closedAt": instant(made.closed_at),
                "isArchived": made.status == "Archived",
                "archivedAt": instant(made.closed_at) if made.status == "Archived" else None,
                "openingState": "Filled" if filled else state,
                "latestVersion": version,
            }
            found.append((index, record))
        return found

    def event(self, schedule: int, place: int, template: int, interviewers: list[int]) -> Json:
        """An event of a schedule, without its times and place."""
        index = schedule * 8 + place
        people = [{**self._directory.user(each), "feedbackRequired": True} for each in interviewers]
        return {
            "id": self._directory.id("interviewEvent", index),
            "interviewId": self._directory.id("interview", template),
            "interviewScheduleId": self._directory.id("interviewSchedule", schedule),
            "interviewerUserIds": [each["id"] for each in people],
            "interviewers": people,
            "feedbackLink": f"https://app.ashbyhq.com/interview-briefings/{index}/feedback",
            "location": None,
            "meetingLink": None,
            "hasSubmittedFeedback": False,
            "notetakerTranscriptId": None,
        }

    def _schedule(self, interview: Interview, job: int) -> Json:
        first = self._people.plan_of(job) * self._directory.stages_each
        # Some wait for the candidate to choose a time: there is a schedule without any event.
        waiting = interview.status == "scheduled" and interview.index % 5 == 0
        event = self.event(
            interview.index, 0, interview.index % INTERVIEWS_EACH, list(interview.interviewers)
        )
        event |= {
            "createdAt": instant(interview.created_at),
            "updatedAt": instant(interview.updated_at),
            "startTime": instant(interview.starts_at),
            "endTime": instant(interview.ends_at),
            "location": interview.location,
            "meetingLink": interview.video_url,
            "hasSubmittedFeedback": interview.status == "complete",
        }
        status = SCHEDULE_STATUS[interview.status]
        return {
            "id": self._directory.id("interviewSchedule", interview.index),
            "status": "WaitingOnCandidateBooking" if waiting else status,
            "applicationId": self._directory.id("application", interview.application),
            "interviewStageId": self._directory.id("interviewStage", first + interview.stage),
            "interviewEvents": [] if waiting else [event],
            "scheduledBy": self._directory.user(interview.organizer),
            "createdAt": instant(interview.created_at),
            "updatedAt": instant(interview.updated_at),
        }

    def _card(self, card: Scorecard) -> Json:
        values = {"skills": {"score": card.points}, "feedback": card.remark}
        if card.rating is not None:
            values["overall_recommendation"] = RECOMMENDATION_OF[card.rating]
        template = card.interview % INTERVIEWS_EACH
        return {
            "id": self._directory.id("feedback", card.index),
            "formDefinition": self._directory.form_definition(),
            "submittedValues": values,
            "submittedByUser": self._directory.user(card.interviewer),
            "interviewId": self._directory.id("interview", template),
            "interviewEventId": self._directory.id("interviewEvent", card.interview * 8),
            "applicationId": self._directory.id("application", card.application),
            "applicationHistoryId": None,
            "submittedAt": instant(card.submitted_at),
            "feedbackFormDefinitionId": self._directory.id("feedbackForm", 0),
        }

    def _version(self, offer: Offer) -> Json:
        application = self._world.application(offer.application)
        status = "draft" if offer.status == "deprecated" else offer.status
        return {
            "id": self._directory.id("offerVersion", offer.index),
            "startDate": offer.starts_on.date().isoformat(),
            "salary": {"currencyCode": offer.currency, "value": offer.salary},
            "createdAt": instant(offer.created_at),
            "openingId": self._directory.id("opening", application.job * OPENINGS_EACH),
            "customFields": [],
            "fileHandles": [],
            "author": self._directory.user(application.owner),
            "approvalStatus": OFFER_STATUS[status][2],
        }

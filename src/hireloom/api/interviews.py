"""Interviews, scorecards and offers."""

from hireloom import kit
from hireloom.api.listing import Listing
from hireloom.api.operation import Scope, operation
from hireloom.errors import RequestInvalidError
from hireloom.kit import Integration
from hireloom.models import (
    Cancelled,
    Interview,
    InterviewCancellation,
    InterviewChanges,
    InterviewDraft,
    OfApplications,
    Offer,
    ScheduledInterview,
    Scorecard,
)


@operation("ats.interview.list", scope=Scope.READ, needs=(kit.ListsInterviews,), lists="interviews")
def list_interviews(integration: Integration, query: OfApplications) -> Listing[Interview]:
    """List interviews, of some applications or, where the vendor can, of all."""
    return Listing(integration.must(kit.ListsInterviews).list_interviews(query), query)


@operation("ats.scorecard.list", scope=Scope.READ, needs=(kit.ListsScorecards,), lists="scorecards")
def list_scorecards(integration: Integration, query: OfApplications) -> Listing[Scorecard]:
    """List scorecards: the feedback of interviewers, with their recommendation."""
    return Listing(integration.must(kit.ListsScorecards).list_scorecards(query), query)


@operation("ats.offer.list", scope=Scope.READ, needs=(kit.ListsOffers,), lists="offers")
def list_offers(integration: Integration, query: OfApplications) -> Listing[Offer]:
    """List offers, every version of them."""
    return Listing(integration.must(kit.ListsOffers).list_offers(query), query)


@operation(
    "ats.interview.create",
    scope=Scope.WRITE,
    needs=(kit.CreatesInterviews,),
    instead=("ats.candidate.note.create",),
    example={
        "applicationId": "70001",
        "interviewTypeId": "610",
        "scheduledStart": "2026-12-01T14:00:00Z",
        "scheduledEnd": "2026-12-01T15:00:00Z",
        "interviewerIds": ["21"],
    },
)
async def create_interview(integration: Integration, draft: InterviewDraft) -> ScheduledInterview:
    """Put an interview into the ATS."""
    if draft.scheduled_end <= draft.scheduled_start:
        raise RequestInvalidError.at("scheduledEnd", "must be after scheduledStart")
    return await integration.must(kit.CreatesInterviews).create_interview(draft)


@operation(
    "ats.interview.update",
    scope=Scope.WRITE,
    needs=(kit.UpdatesInterviews,),
    example={
        "interviewId": "3301",
        "applicationId": "70001",
        "scheduledStart": "2026-12-02T14:00:00Z",
        "scheduledEnd": "2026-12-02T15:00:00Z",
    },
)
async def update_interview(
    integration: Integration, changes: InterviewChanges
) -> ScheduledInterview:
    """Change an interview. Most vendors allow it only for those made by API."""
    return await integration.must(kit.UpdatesInterviews).update_interview(changes)


@operation(
    "ats.interview.cancel",
    scope=Scope.WRITE,
    needs=(kit.CancelsInterviews,),
    example={"interviewId": "3301", "applicationId": "70001"},
)
async def cancel_interview(
    integration: Integration, cancellation: InterviewCancellation
) -> Cancelled:
    """Cancel an interview. Most vendors allow it only for those made by API."""
    receipt = await integration.must(kit.CancelsInterviews).cancel_interview(cancellation)
    return Cancelled(interview_id=cancellation.interview_id, fields_dropped=receipt.fields_dropped)

"""Whom a score is for, as the ATS knows them."""

from dataclasses import dataclass

from hireloom import kit
from hireloom.errors import RequestInvalidError, ResourceNotFoundError
from hireloom.kit import Integration
from hireloom.models import (
    Application,
    ApplicationModel,
    ApplicationQuery,
    ScoreDraft,
    given,
)


@dataclass(frozen=True)
class Target:
    """`people` and `job_id` are what a template may show of them."""

    candidate_id: str | None
    application_id: str | None
    job_id: str | None = None
    candidate_name: str = ""


async def find(integration: Integration, score: ScoreDraft) -> Target:
    """Read the application that the score names, and see that the candidate is its own.

    Raises ResourceNotFoundError, RequestInvalidError. A candidate alone is not read.
    """
    if score.application_id is None:
        return Target(score.candidate_id, None)
    application = await _application(integration, score.application_id)
    info = given(application.info) if application is not None else None
    if info is None:
        return Target(score.candidate_id, score.application_id)
    applicant = given(info.candidate)
    candidate_id = None if applicant is None else applicant.id
    if score.candidate_id and candidate_id and score.candidate_id != candidate_id:
        raise RequestInvalidError.at(
            "candidateId", "this application belongs to another candidate; leave candidateId out"
        )
    name = ""
    if applicant is not None:
        parts = (given(applicant.first_name), given(applicant.last_name))
        name = " ".join(part for part in parts if part)
    return Target(
        candidate_id or score.candidate_id, score.application_id, given(info.job_id), name
    )


async def _application(integration: Integration, application_id: str) -> Application | None:
    """With as little as can be asked for; None where the vendor's API reads no application."""
    if many := integration.able_to(kit.GetsManyApplications):
        query = ApplicationQuery(models=(ApplicationModel.INFO,))
        found = await many.get_applications([application_id], query)
        if not found:
            raise ResourceNotFoundError("There is no such application")
        return found[0]
    if one := integration.able_to(kit.GetsApplications):
        return await one.get_application(application_id)
    return None

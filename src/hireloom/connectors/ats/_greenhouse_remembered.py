"""Greenhouse Harvest v3: what rarely changes and many records refer to, remembered for a while."""

from collections.abc import Iterable, Mapping

from hireloom import kit
from hireloom.connectors.ats._greenhouse_job_records import (
    GreenhouseJobInterview,
    GreenhouseStage,
)
from hireloom.connectors.ats._greenhouse_records import (
    GreenhouseNamed,
    GreenhousePlace,
    GreenhouseReason,
    GreenhouseReferrer,
    GreenhouseScorecardQuestion,
    GreenhouseSource,
    GreenhouseUser,
)


async def users(ats: kit.Connector, ids: Iterable[str]) -> Mapping[str, GreenhouseUser]:
    params = {"show_service_accounts": True}
    return await ats.known("/users", GreenhouseUser, ids, params=params)


async def sources(ats: kit.Connector, ids: Iterable[str]) -> Mapping[str, GreenhouseSource]:
    return await ats.known("/sources", GreenhouseSource, ids, whole=True)


async def reasons(ats: kit.Connector, ids: Iterable[str]) -> Mapping[str, GreenhouseReason]:
    return await ats.known("/rejection_reasons", GreenhouseReason, ids, whole=True)


async def places(
    ats: kit.Connector, path: str, ids: Iterable[str]
) -> Mapping[str, GreenhousePlace]:
    """Departments or offices."""
    return await ats.known(path, GreenhousePlace, ids, whole=True)


async def stages(ats: kit.Connector, ids: Iterable[str]) -> Mapping[str, GreenhouseStage]:
    return await ats.known("/job_interview_stages", GreenhouseStage, ids)


async def slots(ats: kit.Connector, ids: Iterable[str]) -> Mapping[str, GreenhouseJobInterview]:
    return await ats.known("/job_interviews", GreenhouseJobInterview, ids)


async def referrers(ats: kit.Connector, ids: Iterable[str]) -> Mapping[str, GreenhouseReferrer]:
    return await ats.known("/referrers", GreenhouseReferrer, ids)


async def named(ats: kit.Connector, path: str, ids: Iterable[str]) -> Mapping[str, GreenhouseNamed]:
    """Options of custom fields, attributes and the like."""
    return await ats.known(path, GreenhouseNamed, ids)


async def questions(
    ats: kit.Connector, ids: Iterable[str]
) -> Mapping[str, GreenhouseScorecardQuestion]:
    return await ats.known("/scorecard_questions", GreenhouseScorecardQuestion, ids)

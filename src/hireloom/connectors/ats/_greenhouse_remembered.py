"""Greenhouse Harvest v3: what rarely changes and many records refer to, remembered for a while."""

from collections.abc import Iterable, Mapping

from hireloom import kit
from hireloom.connectors.ats._greenhouse_records import (
    GreenhouseJobInterview,
    GreenhouseNamed,
    GreenhousePlace,
    GreenhouseReason,
    GreenhouseReferrer,
    GreenhouseScorecardQuestion,
    GreenhouseSource,
    GreenhouseStage,
    GreenhouseUser,
)


async def users(ats: kit.Connector, ids: Iterable[str]) -> Mapping[str, GreenhouseUser]:
    async def fetch(missing: list[str]) -> list[GreenhouseUser]:
        params = {"show_service_accounts": True}
        return await ats.look_up("/users", GreenhouseUser, missing, params=params)

    return await ats.remember("users", ids, fetch)


async def sources(ats: kit.Connector, ids: Iterable[str]) -> Mapping[str, GreenhouseSource]:
    async def fetch(_: list[str]) -> list[GreenhouseSource]:
        return await ats.everything("/sources", GreenhouseSource)

    return await ats.remember("sources", ids, fetch)


async def reasons(ats: kit.Connector, ids: Iterable[str]) -> Mapping[str, GreenhouseReason]:
    async def fetch(_: list[str]) -> list[GreenhouseReason]:
        return await ats.everything("/rejection_reasons", GreenhouseReason)

    return await ats.remember("rejection_reasons", ids, fetch)


async def places(
    ats: kit.Connector, path: str, ids: Iterable[str]
) -> Mapping[str, GreenhousePlace]:
    async def fetch(_: list[str]) -> list[GreenhousePlace]:
        return await ats.everything(path, GreenhousePlace)

    return await ats.remember(path, ids, fetch)


async def stages(ats: kit.Connector, ids: Iterable[str]) -> Mapping[str, GreenhouseStage]:
    async def fetch(missing: list[str]) -> list[GreenhouseStage]:
        return await ats.look_up("/job_interview_stages", GreenhouseStage, missing)

    return await ats.remember("job_interview_stages", ids, fetch)


async def slots(ats: kit.Connector, ids: Iterable[str]) -> Mapping[str, GreenhouseJobInterview]:
    async def fetch(missing: list[str]) -> list[GreenhouseJobInterview]:
        return await ats.look_up("/job_interviews", GreenhouseJobInterview, missing)

    return await ats.remember("job_interviews", ids, fetch)


async def referrers(ats: kit.Connector, ids: Iterable[str]) -> Mapping[str, GreenhouseReferrer]:
    async def fetch(missing: list[str]) -> list[GreenhouseReferrer]:
        return await ats.look_up("/referrers", GreenhouseReferrer, missing)

    return await ats.remember("referrers", ids, fetch)


async def named(ats: kit.Connector, path: str, ids: Iterable[str]) -> Mapping[str, GreenhouseNamed]:
    """Options of custom fields, attributes and the like."""

    async def fetch(missing: list[str]) -> list[GreenhouseNamed]:
        return await ats.look_up(path, GreenhouseNamed, missing)

    return await ats.remember(path, ids, fetch)


async def questions(
    ats: kit.Connector, ids: Iterable[str]
) -> Mapping[str, GreenhouseScorecardQuestion]:
    async def fetch(missing: list[str]) -> list[GreenhouseScorecardQuestion]:
        return await ats.look_up("/scorecard_questions", GreenhouseScorecardQuestion, missing)

    return await ats.remember("scorecard_questions", ids, fetch)

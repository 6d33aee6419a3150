"""What exists in the simulated Ashby now, for comparisons."""

from collections.abc import Callable, Iterator

from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_wire import Json, instant
from hireloom.sandbox.vendor import version


def state(company: Company, kind: str) -> Iterator[Json]:
    """Oldest first; ValueError for a kind that is not told of."""
    if kind not in KINDS:
        raise ValueError(f"no state of {kind!r}; there are {', '.join(KINDS)}")
    return KINDS[kind](company)


def _applications(company: Company) -> Iterator[Json]:
    for _, application in company.applications.rows():
        job = company.jobs.at(application.job)
        yield {
            "id": company.applications.id(application.index),
            "status": company.status_of(application),
            "stageId": company.stages.id(application.stage),
            "candidateId": company.candidates.id(application.person),
            "jobId": company.jobs.id(application.job),
            "confidential": job is not None and job.confidential,
            "updatedAt": instant(application.updated_at),
            "version": version(application),
        }


def _candidates(company: Company) -> Iterator[Json]:
    for _, candidate in company.candidates.rows():
        yield {
            "id": company.candidates.id(candidate.index),
            "name": candidate.name,
            "emails": [value for value, _ in candidate.emails],
            "updatedAt": instant(candidate.updated_at),
            "version": version(candidate),
        }


def _jobs(company: Company) -> Iterator[Json]:
    for _, job in company.jobs.rows():
        yield {
            "id": company.jobs.id(job.index),
            "name": job.title,
            "status": job.status,
            "confidential": job.confidential,
            "updatedAt": instant(job.updated_at),
            "version": version(job),
        }


def _offers(company: Company) -> Iterator[Json]:
    for _, offer in company.offers.rows():
        if company.applications.index(offer["applicationId"]) is not None:
            facts = {"status": offer["acceptanceStatus"], "updatedAt": None}
            yield {**_below(offer), **facts, "version": version(offer)}


def _interviews(company: Company) -> Iterator[Json]:
    for _, schedule in company.schedules.rows():
        if company.applications.index(schedule["applicationId"]) is not None:
            facts = {"status": schedule["status"], "updatedAt": schedule["updatedAt"]}
            yield {**_below(schedule), **facts, "version": version(schedule)}


def _below(record: Json) -> Json:
    return {"id": record["id"], "applicationId": record["applicationId"]}


KINDS: dict[str, Callable[[Company], Iterator[Json]]] = {
    "applications": _applications,
    "candidates": _candidates,
    "jobs": _jobs,
    "offers": _offers,
    "interviews": _interviews,
}

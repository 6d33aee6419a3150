"""Filters completed here: what a vendor cannot filter by, we do, on the unified fields.

A filter that the vendor did apply is checked again where the record says enough, because vendors
ignore parameters that they do not know. Where a record says nothing, the vendor is believed.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hireloom.errors import RequestInvalidError
from hireloom.models import (
    Application,
    ApplicationQuery,
    Candidate,
    CandidateQuery,
    JobQuery,
    Request,
    given,
)

Said = Any  # what a record says: a value, several, or None where it says nothing


@dataclass(frozen=True)
class Filter:
    """How one filter looks at a record; `path` is the wire path of the field that it reads."""

    path: str
    said: Callable[[Any], Said]
    fits: Callable[[Any, Said], bool]


def since(wanted: datetime, said: datetime) -> bool:
    return said >= wanted


def until(wanted: datetime, said: datetime) -> bool:
    return said <= wanted


def one_of(wanted: Collection[Any], said: Any) -> bool:
    return said in wanted


def shares(wanted: Collection[Any], said: Iterable[Any]) -> bool:
    return any(one in wanted for one in said)


def shares_folded(wanted: Collection[str], said: Iterable[str]) -> bool:
    folded = {one.casefold() for one in wanted}
    return any(one.casefold() in folded for one in said)


@dataclass(frozen=True)
class Verdict:
    """The filters of one query: which the vendor applies, which are completed here."""

    checks: tuple[tuple[Filter, Any, bool], ...] = ()
    applied: tuple[str, ...] = ()
    completed: tuple[str, ...] = ()

    def fits(self, record: Any) -> bool:
        return all(_passes(record, *check) for check in self.checks)


def _passes(record: Any, kind: Filter, wanted: Any, pushed: bool) -> bool:
    said = given(kind.said(record))
    return pushed if said is None else kind.fits(wanted, said)


def judge(query: Request | None, filters: Mapping[str, Filter], pushed: Collection[str]) -> Verdict:
    """What there is to check for a query, and who does it."""
    if query is None:
        return Verdict()
    wanted = {name: getattr(query, name) for name in filters}
    active = {name: value for name, value in wanted.items() if value not in (None, ())}
    checks = tuple((filters[name], value, name in pushed) for name, value in active.items())
    wire = dict(zip(query.__struct_fields__, query.__struct_encode_fields__, strict=True))
    return Verdict(
        checks,
        tuple(wire[name] for name in active if name in pushed),
        tuple(wire[name] for name in active if name not in pushed),
    )


def refuse_blind(
    title: str,
    query: Request,
    filters: Mapping[str, Filter],
    pushed: Collection[str],
    missing: Collection[str],
) -> None:
    """Refuse a filter that neither the vendor nor its records can answer."""
    wire = dict(zip(query.__struct_fields__, query.__struct_encode_fields__, strict=True))
    for name, kind in filters.items():
        unknown = any(kind.path == path or kind.path.startswith(f"{path}.") for path in missing)
        if getattr(query, name) not in (None, ()) and name not in pushed and unknown:
            raise RequestInvalidError.at(
                wire[name], f"{title} cannot filter by this, and its records do not say it"
            )


def _within(path: str, said: Callable[[Any], Said]) -> dict[str, Filter]:
    return {"after": Filter(path, said, since), "before": Filter(path, said, until)}


def _window(name: str, path: str, said: Callable[[Any], Said]) -> dict[str, Filter]:
    return {f"{name}_{end}": kind for end, kind in _within(path, said).items()}


def _applicant_emails(application: Application) -> Said:
    candidate = given(application.info.candidate)
    emails = None if candidate is None else given(candidate.emails)
    return None if emails is None else [email.email for email in emails]


def _stage(application: Application, field: str) -> Said:
    stage = given(application.current_stage)
    return None if stage is None else getattr(stage, field)


def _applicant_id(application: Application) -> Said:
    candidate = given(application.info.candidate)
    return None if candidate is None else candidate.id


def _ids(records: Any) -> Said:
    listed = given(records)
    return None if listed is None else [record.id for record in listed]


def _candidate_emails(candidate: Candidate) -> Said:
    emails = given(candidate.info.emails)
    return None if emails is None else [email.email for email in emails]


def _info(field: str) -> Callable[[Any], Said]:
    return lambda record: getattr(record.info, field)


APPLICATIONS: Mapping[str, Filter] = {
    **_window("created", "info.appliedAt", _info("applied_at")),
    **_window("updated", "info.updatedAt", _info("updated_at")),
    **_window("changed_stage", "currentStage.enteredAt", lambda a: _stage(a, "entered_at")),
    "job_id": Filter("info.jobId", _info("job_id"), one_of),
    "stage_id": Filter("currentStage", lambda a: _stage(a, "id"), one_of),
    "status": Filter("info.status", _info("status"), one_of),
    "tag": Filter("info.tags", _info("tags"), shares_folded),
    "candidate_id": Filter("info.candidate", _applicant_id, one_of),
    "candidate_email": Filter("info.candidate.emails", _applicant_emails, shares_folded),
}

CANDIDATES: Mapping[str, Filter] = {
    **_window("created", "info.createdAt", _info("created_at")),
    **_window("updated", "info.updatedAt", _info("updated_at")),
    "tag": Filter("info.tags", _info("tags"), shares_folded),
    "email": Filter("info.emails", _candidate_emails, shares_folded),
    "job_id": Filter("info.jobIds", _info("job_ids"), shares),
}

JOBS: Mapping[str, Filter] = {
    **_window("created", "info.createdAt", _info("created_at")),
    **_window("updated", "info.updatedAt", _info("updated_at")),
    "status": Filter("info.status", _info("status"), one_of),
    "tag": Filter("info.tags", _info("tags"), shares_folded),
    "office_id": Filter("offices", lambda job: _ids(job.offices), shares),
    "department_id": Filter("departments", lambda job: _ids(job.departments), shares),
}

TABLES: Mapping[type[Request], Mapping[str, Filter]] = {
    ApplicationQuery: APPLICATIONS,
    CandidateQuery: CANDIDATES,
    JobQuery: JOBS,
}

EEOC: Mapping[str, Filter] = {
    **_window("submitted", "submittedAt", lambda answers: answers.submitted_at)
}

CUSTOM_FIELDS: Mapping[str, Filter] = {"owner": Filter("owner", lambda it: it.owner, one_of)}

# A stage without a job is one of a company-wide pipeline: it is every job's.
STAGES: Mapping[str, Filter] = {"job_id": Filter("jobId", lambda stage: stage.job_id, one_of)}

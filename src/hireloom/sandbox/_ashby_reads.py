"""The Ashby simulator's calls that read jobs, candidates, applications and what hangs on them."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_lists import Method, paged, same, whole
from hireloom.sandbox._ashby_people import Application, Candidate, Job
from hireloom.sandbox._ashby_shelf import Branch
from hireloom.sandbox._ashby_wire import (
    Call,
    Json,
    Listing,
    Row,
    done,
    invalid,
    missing,
    page,
)

CANDIDATES = "candidates:read"
JOBS = "jobs:read"
JOB_STATES = ("Draft", "Open", "Closed", "Archived")
APPLICATION_STATES = ("Hired", "Archived", "Active", "Lead")
SEARCH_LIMIT = 100
NUMBERED_ADDRESS = re.compile(r"\.(\d+)@")


def moment(call: Call, name: str) -> datetime | None:
    value = call.whole(name)
    if value is None:
        return None
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        raise invalid(f"{name} is out of range") from None


def rows_of(branch: Branch[Json], parent: int, start: int) -> Iterator[Row]:
    return (row for row in branch.of(parent) if row[0] >= start)


# Jobs


def visible_job(company: Company, call: Call, job_id: str) -> Job:
    job = company.jobs.get(job_id)
    if job is None or not company.shows_job(call.key, job.index):
        raise missing("job")
    return job


def job_body(company: Company, call: Call, job: Job) -> Json:
    record = company.job_body(job, unpublished=call.flag("includeUnpublishedJobPostingsIds"))
    expand = call.items("expand")
    if "location" in expand:
        record["location"] = company.locations.at(job.location)
    if "openings" in expand:
        record["openings"] = [opening for _, opening in company.openings.of(job.index)]
    return record


def list_jobs(company: Company, call: Call) -> Json:
    # Drafts come only when asked for by name.
    states = call.items("status") or ["Open", "Closed", "Archived"]
    unknown = [state for state in states if state not in JOB_STATES]
    if unknown:
        raise invalid(f"status must be among {', '.join(JOB_STATES)}")
    return paged(
        company,
        call,
        company.jobs,
        lambda job: job_body(company, call, job),
        lambda job: job.status in states and company.shows_job(call.key, job.index),
    )


def job_info(company: Company, call: Call) -> Json:
    return done(job_body(company, call, visible_job(company, call, call.must_uuid("id"))))


def search_jobs(company: Company, call: Call) -> Json:
    title, code = call.text("title"), call.text("requisitionId")
    if title is None and code is None:
        raise invalid("title or requisitionId is required")
    found = [
        job_body(company, call, job)
        for _, job in company.jobs.rows()
        if (title is None or title.lower() in job.title.lower())
        and (code is None or job.code == code)
        and company.shows_job(call.key, job.index)
    ]
    return done(found[:SEARCH_LIMIT])


def plan_of_job(company: Company, call: Call) -> Json:
    job = visible_job(company, call, call.must_uuid("jobId"))
    first = job.plan * company.directory.stages_each
    stages = range(first, first + company.directory.stages_each)
    record = {"jobId": company.jobs.id(job.index), "interviewPlanId": company.plans.id(job.plan)}
    return done({**record, "stages": [company.stages.at(stage) for stage in stages]})


def opening_shown(company: Company, call: Call, opening: Json) -> bool:
    jobs = [company.jobs.index(job_id) for job_id in opening["latestVersion"]["jobIds"]]
    return all(job is not None and company.shows_job(call.key, job) for job in jobs)


def list_openings(company: Company, call: Call) -> Json:
    return paged(
        company,
        call,
        company.openings,
        same,
        lambda opening: opening_shown(company, call, opening),
    )


def opening_info(company: Company, call: Call) -> Json:
    opening = company.openings.get(call.must_uuid("openingId"))
    if opening is None or not opening_shown(company, call, opening):
        raise missing("opening")
    return done(opening)


def search_openings(company: Company, call: Call) -> Json:
    name = call.must_text("identifier")
    found = [
        opening
        for _, opening in company.openings.rows()
        if opening["latestVersion"]["identifier"] == name and opening_shown(company, call, opening)
    ]
    return done(found[:SEARCH_LIMIT])


# Candidates


def visible_candidate(company: Company, call: Call, candidate_id: str) -> Candidate:
    candidate = company.candidates.get(candidate_id)
    if candidate is None or not company.shows_candidate(call.key, candidate):
        raise missing("candidate")
    return candidate


def list_candidates(company: Company, call: Call) -> Json:
    since = moment(call, "createdAfter")
    shelf = company.candidates
    made = 0
    if since is not None:
        made = shelf.first_made(lambda index: company.world.person(index).created_at, since)
    return paged(
        company,
        call,
        shelf,
        company.candidate_body,
        lambda each: (
            (since is None or each.created_at > since) and company.shows_candidate(call.key, each)
        ),
        rows=lambda start: shelf.rows_from(start, made),
    )


def candidate_info(company: Company, call: Call) -> Json:
    candidate_id = call.uuid("id")
    if candidate_id is None:
        call.must_text("externalMappingId")
        raise missing("candidate")  # nobody in this organisation has one
    return done(company.candidate_body(visible_candidate(company, call, candidate_id)))


def search_candidates(company: Company, call: Call) -> Json:
    """Up to 100, never a further page."""
    address, name = call.text("email"), call.text("name")
    if not address and not name:
        raise invalid("email or name is required")
    found: list[Json] = []
    for candidate in _likely(company, address):
        mails = {value.lower() for value, _ in candidate.emails}
        if address and address.lower() not in mails:
            continue
        if name and name.lower() not in candidate.name.lower():
            continue
        if company.shows_candidate(call.key, candidate):
            found.append(company.candidate_body(candidate))
        if len(found) == SEARCH_LIMIT:
            break
    return done(found)


def _likely(company: Company, address: str | None) -> Iterator[Candidate]:
    """Everybody, or those who can have the address: the world numbers its addresses."""
    if not address:
        yield from (candidate for _, candidate in company.candidates.rows())
        return
    number = NUMBERED_ADDRESS.search(address)
    likely = {int(number[1])} if number and int(number[1]) < company.candidates.end else set()
    for index in sorted(likely | company.candidates.kept.keys()):
        candidate = company.candidates.at(index)
        if candidate is not None:
            yield candidate


def list_notes(company: Company, call: Call) -> Json:
    candidate = visible_candidate(company, call, call.must_uuid("candidateId"))
    return paged(
        company,
        call,
        company.notes,
        same,
        sync=False,
        rows=lambda start: rows_of(company.notes, candidate.index, start),
    )


def list_candidate_projects(company: Company, call: Call) -> Json:
    candidate = visible_candidate(company, call, call.must_uuid("candidateId"))
    found = [company.projects.at(each) for each in candidate.projects]
    shown = [each for each in found if each and (call.key.confidential or not each["confidential"])]
    return whole(shown)


def file_info(company: Company, call: Call) -> Json:
    index = company.files.find(call.must_text("fileHandle"))
    if index is None:
        raise missing("file")
    return done({"url": company.files.url(index)})


# Applications


def visible_application(company: Company, call: Call, application_id: str) -> Application:
    application = company.applications.get(application_id)
    if application is None or not company.shows_application(call.key, application.index):
        raise missing("application")
    return application


def list_applications(company: Company, call: Call) -> Json:
    status, job_id, since = call.text("status"), call.uuid("jobId"), moment(call, "createdAfter")
    if status is not None and status not in APPLICATION_STATES:
        raise invalid(f"status must be one of {', '.join(APPLICATION_STATES)}")
    job = None if job_id is None else visible_job(company, call, job_id).index
    return paged(
        company,
        call,
        company.applications,
        lambda each: expanded(company, call, each, company.application_body(each)),
        lambda each: (
            (job is None or each.job == job)
            and (since is None or each.created_at > since)
            and (status is None or company.status_of(each) == status)
            and company.shows_job(call.key, each.job)
        ),
        rows=_applications(company, job, since),
    )


def _applications(
    company: Company, job: int | None, since: datetime | None
) -> Callable[[int], Iterator[tuple[int, Application]]]:
    shelf = company.applications
    if job is not None:
        return lambda start: (row for row in company.jobs_applications(job) if row[0] >= start)
    if since is None:
        return shelf.rows
    made = shelf.first_made(lambda index: company.world.application(index).applied_at, since)
    return lambda start: shelf.rows_from(start, made)


def expanded(company: Company, call: Call, application: Application, record: Json) -> Json:
    expand = call.items("expand")
    if "openings" in expand:
        record["openings"] = [each for _, each in company.openings.of(application.job)]
    if "applicationFormSubmissions" in expand:
        record["applicationFormSubmissions"] = _submissions(company, application)
    if "referrals" in expand:
        record["referrals"] = []
    return record


def _submissions(company: Company, application: Application) -> list[Json]:
    if not application.answers:
        return []
    fields, values = [], {}
    for number, (question, answer) in enumerate(application.answers):
        path = company.directory.id("question", sum(question.encode()))
        field = {"id": path, "type": "String", "path": path, "title": question}
        fields.append({"isRequired": number == 0, "field": field})
        values[path] = answer
    definition = {"sections": [{"fields": fields}]}
    return [{"formDefinition": definition, "submittedValues": values}]


def application_info(company: Company, call: Call) -> Json:
    application = visible_application(company, call, call.must_uuid("applicationId"))
    return done(expanded(company, call, application, company.application_info(application)))


def list_history(company: Company, call: Call) -> Json:
    application = visible_application(company, call, call.must_uuid("applicationId"))
    history = list(enumerate(company.history_body(application)))
    listing = Listing(rows=lambda start: iter(history[start:]))
    return page(call, company.ledger, listing, company.clock.seconds())


METHODS: Mapping[str, Method] = {
    "job.list": Method(list_jobs, JOBS),
    "job.info": Method(job_info, JOBS),
    "job.search": Method(search_jobs, JOBS),
    "jobInterviewPlan.info": Method(plan_of_job, JOBS),
    "opening.list": Method(list_openings, JOBS),
    "opening.info": Method(opening_info, JOBS),
    "opening.search": Method(search_openings, JOBS),
    "candidate.list": Method(list_candidates, CANDIDATES),
    "candidate.info": Method(candidate_info, CANDIDATES),
    "candidate.search": Method(search_candidates, CANDIDATES),
    "candidate.listNotes": Method(list_notes, CANDIDATES),
    "candidate.listProjects": Method(list_candidate_projects, CANDIDATES),
    "file.info": Method(file_info, CANDIDATES),
    "application.list": Method(list_applications, CANDIDATES),
    "application.info": Method(application_info, CANDIDATES),
    "application.listHistory": Method(list_history, CANDIDATES),
}

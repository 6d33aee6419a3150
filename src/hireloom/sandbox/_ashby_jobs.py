"""The Ashby simulator's calls that write jobs, and what they are made of."""

from collections.abc import Mapping

from hireloom.sandbox._ashby_candidates import API_USER
from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_directory import ROLES
from hireloom.sandbox._ashby_lists import Method
from hireloom.sandbox._ashby_people import Job, fork
from hireloom.sandbox._ashby_postings import posting_body
from hireloom.sandbox._ashby_reads import JOB_STATES, visible_application, visible_job
from hireloom.sandbox._ashby_wire import Call, Json, done, instant, invalid, missing

WRITE = "jobs:write"
ORGANIZATION = "organization:write"


def _place(company: Company, call: Call) -> tuple[int | None, int | None]:
    """The department and the location that the body names."""
    team_id, location_id = call.uuid("teamId"), call.uuid("locationId")
    team = None if team_id is None else company.departments.index(team_id)
    location = None if location_id is None else company.locations.index(location_id)
    if team_id is not None and team is None:
        raise missing("department")
    if location_id is not None and location is None:
        raise missing("location")
    return team, location


def create_job(company: Company, call: Call) -> Json:
    title = call.must_text("title")
    call.must_uuid("teamId")
    call.must_uuid("locationId")
    team, location = _place(company, call)
    now = company.clock.now()
    job = Job(
        index=company.jobs.next_index(),
        title=title,
        status="Draft",
        department=team or 0,
        location=location or 0,
        author=API_USER,
        created_at=now,
        updated_at=now,
    )
    company.jobs.put(job.index, job)
    body = company.job_body(job)
    company.show("jobs", {"act": "create", "jobId": body["id"], **call.body})
    company.tell("jobCreate", "job", body)
    return done(body)


def update_job(company: Company, call: Call) -> Json:
    job = fork(visible_job(company, call, call.must_uuid("jobId")))
    team, location = _place(company, call)
    job.title = call.text("title") or job.title
    job.department = job.department if team is None else team
    job.location = job.location if location is None else location
    job.code = call.text("customRequisitionId") or job.code
    return _kept(company, call, job)


def set_job_status(company: Company, call: Call) -> Json:
    job = fork(visible_job(company, call, call.must_uuid("jobId")))
    status = call.must_text("status")
    if status not in JOB_STATES:
        raise invalid(f"status must be one of {', '.join(JOB_STATES)}")
    put_status(company, job, status)
    return _kept(company, call, job)


def put_status(company: Company, job: Job, status: str) -> None:
    """Open or end a job; its posting is published while it is open."""
    before, job.status = job.status, status
    now = company.clock.now()
    if status == "Open":
        job.opened_at, job.closed_at = job.opened_at or now, None
    elif status in {"Closed", "Archived"}:
        job.closed_at = job.closed_at or now
    if (before == "Open") != (status == "Open"):
        event = "jobPostingPublish" if status == "Open" else "jobPostingUnpublish"
        company.hooks.tell([event], lambda: {"jobPosting": posting_body(company, job)})


def _kept(company: Company, call: Call, job: Job) -> Json:
    company.show("jobs", {"act": call.method.rpartition(".")[2], **call.body})
    return done(keep_job(company, job))


def keep_job(company: Company, job: Job) -> Json:
    job.updated_at = company.clock.now()
    company.jobs.put(job.index, job)
    body = company.job_body(job)
    company.tell("jobUpdate", "job", body)
    return body


def create_opening(company: Company, call: Call) -> Json:
    jobs = [visible_job(company, call, str(job_id)).index for job_id in call.items("jobIds")]
    if not jobs:
        raise invalid("jobIds must name at least one job")
    index, now = company.openings.next_index(), instant(company.clock.now())
    version = {
        "id": company.directory.id("openingVersion", index),
        "identifier": call.must_text("identifier"),
        "description": call.text("description"),
        "authorId": company.users.id(API_USER),
        "createdAt": now,
        "jobIds": [company.jobs.id(job) for job in jobs],
        "hiringTeam": [],
        "customFields": [],
    }
    record: Json = {"id": company.openings.id(index), "openedAt": now, "closedAt": None}
    record |= {"isArchived": False, "archivedAt": None, "openingState": "Open"}
    opening = company.openings.add(jobs[0], index, {**record, "latestVersion": version})
    company.tell("openingCreate", "opening", opening)
    return done(opening)


def set_opening_state(company: Company, call: Call) -> Json:
    index = company.openings.index(call.must_uuid("openingId"))
    opening = None if index is None else company.openings.at(index)
    if index is None or opening is None:
        raise missing("opening")
    return done(
        company.openings.put(index, {**opening, "openingState": call.must_text("openingState")})
    )


def create_department(company: Company, call: Call) -> Json:
    name, parent = call.must_text("name"), call.uuid("parentId")
    if parent is not None and company.departments.get(parent) is None:
        raise missing("department")
    index, now = company.departments.next_index(), instant(company.clock.now())
    record: Json = {"id": company.departments.id(index), "name": name, "externalName": None}
    record |= {"isArchived": False, "parentId": parent, "createdAt": now, "updatedAt": now}
    return done(company.departments.put(index, {**record, "extraData": None}))


def create_location(company: Company, call: Call) -> Json:
    name, kind = call.must_text("name"), call.must_text("type")
    if kind not in {"Location", "LocationHierarchy"}:
        raise invalid("type must be Location or LocationHierarchy")
    index = company.locations.next_index()
    record: Json = {"id": company.locations.id(index), "name": name, "externalName": None}
    record |= {"isArchived": False, "address": call.part("address"), "type": kind}
    record |= {"isRemote": call.flag("isRemote"), "workplaceType": None, "parentLocationId": None}
    return done(company.locations.put(index, record))


def add_member(company: Company, call: Call) -> Json:
    user, role = (
        company.users.index(call.must_uuid("teamMemberId")),
        company.roles.index(call.must_uuid("roleId")),
    )
    if user is None or role is None:
        raise missing("user" if user is None else "hiring_team_role")
    member = (user, ROLES[role])
    now = company.clock.now()
    if call.uuid("jobId") is not None:
        job = fork(visible_job(company, call, call.must_uuid("jobId")))
        job.team, job.updated_at = [*job.team, member], now
        company.jobs.put(job.index, job)
        company.tell("jobUpdate", "job", company.job_body(job))
    else:
        application = fork(visible_application(company, call, call.must_uuid("applicationId")))
        application.team, application.updated_at = [*application.team, member], now
        company.applications.put(application.index, application)
        company.tell_application(application, "applicationUpdate")
    return done(company.directory.member(*member))


METHODS: Mapping[str, Method] = {
    "job.create": Method(create_job, WRITE),
    "job.update": Method(update_job, WRITE),
    "job.setStatus": Method(set_job_status, WRITE),
    "opening.create": Method(create_opening, WRITE),
    "opening.setOpeningState": Method(set_opening_state, WRITE),
    "department.create": Method(create_department, ORGANIZATION),
    "location.create": Method(create_location, ORGANIZATION),
    "hiringTeam.addMember": Method(add_member, ORGANIZATION),
}

"""The Ashby simulator's calls that write jobs, what they are made of, and offers."""

from collections.abc import Mapping

from hireloom.sandbox._ashby_candidates import API_USER, given_time
from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_directory import ROLES
from hireloom.sandbox._ashby_lists import Method
from hireloom.sandbox._ashby_people import Job, fork
from hireloom.sandbox._ashby_reads import JOB_STATES, visible_application, visible_job
from hireloom.sandbox._ashby_shelf import FIRST_WRITTEN
from hireloom.sandbox._ashby_wire import Call, Json, done, instant, invalid, missing

WRITE = "jobs:write"
OFFERS = "offers:write"
ORGANIZATION = "organization:write"
# What the candidate's answer makes of the offer's own status.
ACCEPTANCE = {
    "Created": "WaitingOnOfferApproval",
    "Pending": "WaitingOnCandidateResponse",
    "Accepted": "CandidateAccepted",
    "Declined": "CandidateRejected",
    "Cancelled": "OfferCancelled",
}


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
    job.status = status
    now = company.clock.now()
    if status == "Open":
        job.opened_at, job.closed_at = job.opened_at or now, None
    elif status in {"Closed", "Archived"}:
        job.closed_at = job.closed_at or now
    return _kept(company, call, job)


def _kept(company: Company, call: Call, job: Job) -> Json:
    job.updated_at = company.clock.now()
    company.jobs.put(job.index, job)
    company.show("jobs", {"act": call.method.rpartition(".")[2], **call.body})
    return done(company.job_body(job))


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
    return done(company.openings.add(jobs[0], index, {**record, "latestVersion": version}))


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
    else:
        application = fork(visible_application(company, call, call.must_uuid("applicationId")))
        application.team, application.updated_at = [*application.team, member], now
        company.applications.put(application.index, application)
    return done(company.directory.member(*member))


def start_process(company: Company, call: Call) -> Json:
    application = visible_application(company, call, call.must_uuid("applicationId"))
    process_id = company.directory.id("offerProcess", len(company.processes))
    record = {
        "id": process_id,
        "applicationId": company.applications.id(application.index),
        "status": "WaitingOnOfferCreation",
    }
    company.processes[process_id] = record
    return done(record)


def _process(company: Company, call: Call) -> Json:
    process = company.processes.get(call.must_uuid("offerProcessId"))
    if process is None:
        raise missing("offer_process")
    return process


def start_offer(company: Company, call: Call) -> Json:
    process = _process(company, call)
    form_id = company.directory.id("offerForm", 0)
    return done({"id": form_id, "offerProcessId": process["id"], "formDefinition": OFFER_FORM})


OFFER_FORM: Json = {
    "sections": [
        {
            "fields": [
                {"isRequired": True, "field": {"path": path, "type": kind, "title": title}}
                for path, kind, title in (
                    ("_systemfield_salary", "Currency", "Salary"),
                    ("_systemfield_start_date", "Date", "Start date"),
                )
            ]
        }
    ]
}


def create_offer(company: Company, call: Call) -> Json:
    process = _process(company, call)
    if call.must_uuid("offerFormId") != company.directory.id("offerForm", 0):
        raise missing("offer_form")
    version = _version(company, call)
    application = company.applications.index(process["applicationId"])
    if application is None:
        raise missing("application")
    index = company.offers.next_index()
    record = {
        "id": company.offers.id(index),
        "applicationId": process["applicationId"],
        "decidedAt": None,
        "acceptanceStatus": "Created",
        "offerStatus": "WaitingOnOfferApproval",
        "latestVersion": version,
        "versions": [version],
    }
    company.offers.add(application, index, record)
    company.show("offers", {"act": "create", "id": record["id"], **call.body})
    return done(record)


def _version(company: Company, call: Call) -> Json:
    form = call.part("offerForm") or {}
    values = {
        each.get("path"): each.get("value")
        for each in form.get("fieldSubmissions", [])
        if isinstance(each, dict)
    }
    salary, starts = values.get("_systemfield_salary"), values.get("_systemfield_start_date")
    if not isinstance(salary, dict) or "value" not in salary or "currencyCode" not in salary:
        raise invalid("_systemfield_salary must be an object with a value and a currencyCode")
    if not isinstance(starts, str):
        raise invalid("_systemfield_start_date is required")
    return {
        "id": company.directory.id("offerVersion", FIRST_WRITTEN + company.ledger.next()),
        "startDate": starts,
        "salary": salary,
        "createdAt": instant(company.clock.now()),
        "openingId": None,
        "customFields": [],
        "fileHandles": [],
        "author": company.users.at(API_USER),
        "approvalStatus": "WaitingOnApprovals",
    }


def _offer(company: Company, call: Call) -> tuple[int, Json]:
    index = company.offers.index(call.must_uuid("offerId"))
    offer = None if index is None else company.offers.at(index)
    if index is None or offer is None:
        raise missing("offer")
    visible_application(company, call, offer["applicationId"])
    return index, offer


def update_offer(company: Company, call: Call) -> Json:
    index, offer = _offer(company, call)
    version = _version(company, call)
    versions = [*offer["versions"], version]
    changed = {**offer, "latestVersion": version, "versions": versions}
    return done(company.offers.put(index, changed))


def set_offer_status(company: Company, call: Call) -> Json:
    index, offer = _offer(company, call)
    status = call.must_text("acceptanceStatus")
    if status not in ACCEPTANCE:
        raise invalid(f"acceptanceStatus must be one of {', '.join(ACCEPTANCE)}")
    changed = {**offer, "acceptanceStatus": status, "offerStatus": ACCEPTANCE[status]}
    if status in {"Accepted", "Declined"}:
        changed["decidedAt"] = instant(company.clock.now())
    company.show("offers", {"act": "setStatus", **call.body})
    return done(company.offers.put(index, changed))


def set_offer_decided(company: Company, call: Call) -> Json:
    index, offer = _offer(company, call)
    call.must_text("decidedAt")
    decided = instant(given_time(call, "decidedAt"))
    return done(company.offers.put(index, {**offer, "decidedAt": decided}))


METHODS: Mapping[str, Method] = {
    "job.create": Method(create_job, WRITE),
    "job.update": Method(update_job, WRITE),
    "job.setStatus": Method(set_job_status, WRITE),
    "opening.create": Method(create_opening, WRITE),
    "opening.setOpeningState": Method(set_opening_state, WRITE),
    "department.create": Method(create_department, ORGANIZATION),
    "location.create": Method(create_location, ORGANIZATION),
    "hiringTeam.addMember": Method(add_member, ORGANIZATION),
    "offerProcess.start": Method(start_process, OFFERS),
    "offer.start": Method(start_offer, OFFERS),
    "offer.create": Method(create_offer, OFFERS),
    "offer.update": Method(update_offer, OFFERS),
    "offer.setStatus": Method(set_offer_status, OFFERS),
    "offer.setDecidedAt": Method(set_offer_decided, OFFERS),
}

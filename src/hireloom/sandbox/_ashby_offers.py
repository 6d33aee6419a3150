"""The Ashby simulator's calls that write offers."""

from collections.abc import Mapping

from hireloom.sandbox._ashby_candidates import API_USER, given_time
from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_lists import Method
from hireloom.sandbox._ashby_reads import visible_application
from hireloom.sandbox._ashby_shelf import FIRST_WRITTEN
from hireloom.sandbox._ashby_wire import Call, Json, done, instant, invalid, missing

OFFERS = "offers:write"
# What the candidate's answer makes of the offer's own status.
ACCEPTANCE = {
    "Created": "WaitingOnOfferApproval",
    "Pending": "WaitingOnCandidateResponse",
    "Accepted": "CandidateAccepted",
    "Declined": "CandidateRejected",
    "Cancelled": "OfferCancelled",
}


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
    record = new_offer(company, application, version)
    company.show("offers", {"act": "create", "id": record["id"], **call.body})
    return done(record)


def new_offer(company: Company, application: int, version: Json) -> Json:
    index = company.offers.next_index()
    record = {
        "id": company.offers.id(index),
        "applicationId": company.applications.id(application),
        "decidedAt": None,
        "acceptanceStatus": "Created",
        "offerStatus": "WaitingOnOfferApproval",
        "latestVersion": version,
        "versions": [version],
    }
    company.offers.add(application, index, record)
    company.tell("offerCreate", "offer", record)
    return record


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
    return new_version(company, salary, starts)


def new_version(company: Company, salary: Json, starts: str) -> Json:
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
    return done(keep_offer(company, index, changed))


def set_offer_status(company: Company, call: Call) -> Json:
    index, offer = _offer(company, call)
    status = call.must_text("acceptanceStatus")
    if status not in ACCEPTANCE:
        raise invalid(f"acceptanceStatus must be one of {', '.join(ACCEPTANCE)}")
    company.show("offers", {"act": "setStatus", **call.body})
    return done(keep_offer(company, index, decided(company, offer, status)))


def decided(company: Company, offer: Json, status: str) -> Json:
    """The offer with another acceptance."""
    changed = {**offer, "acceptanceStatus": status, "offerStatus": ACCEPTANCE[status]}
    if status in {"Accepted", "Declined"}:
        changed["decidedAt"] = instant(company.clock.now())
    return changed


def set_offer_decided(company: Company, call: Call) -> Json:
    index, offer = _offer(company, call)
    call.must_text("decidedAt")
    decided = instant(given_time(call, "decidedAt"))
    return done(keep_offer(company, index, {**offer, "decidedAt": decided}))


def keep_offer(company: Company, index: int, offer: Json) -> Json:
    """The application does not count as updated."""
    company.offers.put(index, offer)
    company.tell("offerUpdate", "offer", offer)
    return offer


METHODS: Mapping[str, Method] = {
    "offerProcess.start": Method(start_process, OFFERS),
    "offer.start": Method(start_offer, OFFERS),
    "offer.create": Method(create_offer, OFFERS),
    "offer.update": Method(update_offer, OFFERS),
    "offer.setStatus": Method(set_offer_status, OFFERS),
    "offer.setDecidedAt": Method(set_offer_decided, OFFERS),
}

"""The Ashby simulator's job postings: published, without pages, richer one by one."""

from collections.abc import Mapping

from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox._ashby_lists import Method
from hireloom.sandbox._ashby_people import Job, fork
from hireloom.sandbox._ashby_wire import Call, Json, done, instant, invalid, missing

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}


def posting_body(company: Company, job: Job) -> Json:
    posting = company.directory.id("jobPosting", job.index)
    location = company.locations.at(job.location) or {}
    department = company.departments.at(job.department) or {}
    parent = company.departments.get(department.get("parentId")) or department
    link = f"https://jobs.ashbyhq.com/sandbox/{posting}"
    return {
        "id": posting,
        "title": job.posting_title or job.title,
        "jobId": company.jobs.id(job.index),
        "departmentName": parent.get("name"),
        "teamName": department.get("name"),
        "locationName": location.get("name"),
        "locationExternalName": location.get("externalName") or location.get("name"),
        "workplaceType": "Remote" if job.remote else "Hybrid" if job.index % 3 == 1 else "OnSite",
        "employmentType": job.employment_type,
        "isListed": job.listed,
        "publishedDate": None if job.opened_at is None else job.opened_at.date().isoformat(),
        "applicationDeadline": None,
        "externalLink": link,
        "applyLink": f"{link}/application",
        "locationIds": {
            "primaryLocationId": company.locations.id(job.location),
            "secondaryLocationIds": [],
        },
        "compensationTierSummary": _pay(job),
        "shouldDisplayCompensationOnJobBoard": job.pay is not None,
        "updatedAt": instant(job.updated_at),
    }


def _pay(job: Job) -> str | None:
    if job.pay is None:
        return None
    low, high, currency = job.pay
    symbol = SYMBOLS.get(currency, f"{currency} ")
    return f"{symbol}{low // 1000}K – {symbol}{high // 1000}K"


def is_published(company: Company, call: Call, job: Job) -> bool:
    return job.status == "Open" and company.shows_job(call.key, job.index)


def list_postings(company: Company, call: Call) -> Json:
    listed, location, department = (
        call.flag("listedOnly"),
        call.text("location"),
        call.text("department"),
    )
    found = []
    for _, job in company.jobs.rows():
        if not is_published(company, call, job) or (listed and not job.listed):
            continue
        posting = posting_body(company, job)
        if location is not None and posting["locationName"] != location:
            continue
        if department is not None and posting["departmentName"] != department:
            continue
        found.append(posting)
    return done(found)


def posting_info(company: Company, call: Call) -> Json:
    """Richer than in the list, which has three fields of its own."""
    job = posted_job(company, call)
    listed = posting_body(company, job)
    for only_listed in (
        "locationExternalName",
        "compensationTierSummary",
        "shouldDisplayCompensationOnJobBoard",
    ):
        del listed[only_listed]
    location = company.locations.at(job.location) or {}
    plain = "We look for a good colleague." if job.description else job.title
    body = {"html": job.description, "plain": plain}
    record = {
        **listed,
        "descriptionHtml": job.description,
        "descriptionPlain": plain,
        "descriptionSocial": None,
        "descriptionParts": {
            "descriptionOpening": None,
            "descriptionBody": body,
            "descriptionClosing": None,
        },
        "teamNameHierarchy": list(dict.fromkeys((listed["departmentName"], listed["teamName"]))),
        "address": location.get("address"),
        "isRemote": job.remote,
        "applicationFormDefinition": company.directory.application_form(),
        "surveyFormDefinitions": [form for _, form in company.surveys.rows()],
        "suppressDescriptionOpening": False,
        "suppressDescriptionClosing": False,
        "compensation": _compensation(company, job),
    }
    if "job" in call.items("expand"):
        record["job"] = company.job_body(job)
    return done(record)


def _compensation(company: Company, job: Job) -> Json | None:
    if job.pay is None:
        return None
    low, high, currency = job.pay
    salary: Json = {"compensationType": "Salary", "interval": "1 YEAR", "currencyCode": currency}
    salary |= {"minValue": low, "maxValue": high, "summary": _pay(job)}
    tier = {
        "id": company.directory.id("compensationTier", job.index),
        "tierSummary": _pay(job),
        "title": None,
        "additionalInformation": None,
        "components": [{**salary, "id": company.directory.id("compensation", job.index)}],
    }
    return {
        "compensationTierSummary": _pay(job),
        "summaryComponents": [salary],
        "compensationTiers": [tier],
        "shouldDisplayCompensation": True,
    }


def posted_job(company: Company, call: Call, *, drafts: bool = False) -> Job:
    """The job of a posting that may be seen; with `drafts` also one that is not published."""
    posting_id = call.must_uuid("jobPostingId")
    index = company.world.index_of("ashby-jobPosting", posting_id)
    job = None if index is None else company.jobs.at(index)
    seen = job is not None and company.shows_job(call.key, job.index)
    if job is None or not seen or (job.status != "Open" and not drafts):
        raise missing("job_posting")
    return job


def update_posting(company: Company, call: Call) -> Json:
    job = fork(posted_job(company, call, drafts=True))
    title, description = call.text("title"), call.part("description")
    if title is not None:
        job.posting_title = title
    if description is not None:
        if description.get("type") != "text/html" or not isinstance(
            description.get("content"), str
        ):
            raise invalid("description must be of type text/html with a content")
        job.description = description["content"]
    return done(_kept(company, job, "jobPostingUpdate"))


def set_posting_status(company: Company, call: Call) -> Json:
    job = posted_job(company, call, drafts=True)
    status = call.must_text("status")
    if status not in {"Published", "Draft"}:
        raise invalid("status must be Published or Draft")
    job = fork(job)
    job.listed = status == "Published"
    event = "jobPostingPublish" if job.listed else "jobPostingUnpublish"
    return done(_kept(company, job, event))


def _kept(company: Company, job: Job, event: str) -> Json:
    job.updated_at = company.clock.now()
    company.jobs.put(job.index, job)
    body = posting_body(company, job)
    company.tell(event, "jobPosting", body)
    return body


METHODS: Mapping[str, Method] = {
    "jobPosting.list": Method(list_postings, "jobs:read"),
    "jobPosting.info": Method(posting_info, "jobs:read"),
    "jobPosting.update": Method(update_posting, "jobs:write"),
    "jobPosting.setStatus": Method(set_posting_status, "jobs:write"),
}

"""Ashby's deltas: what a run since the last one finds, what it costs, that records are alike."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any

import httpx
import msgspec
import pytest

from hireloom import kit
from hireloom.connectors.ats.ashby import Ashby
from hireloom.models import (
    ApplicationModel,
    ApplicationQuery,
    ApplicationStatus,
    CandidateModel,
    CandidateQuery,
    JobModel,
    JobQuery,
    JobStatus,
)
from hireloom.sandbox.app import Running
from tests.connectors.ats.ashby_account import BEFORE, Account, Run, account_of
from tests.replay import Replay
from tests.sandbox.ashby_client import Caller

NOBODY = "00000000-0000-4000-8000-000000000000"
ALL: dict[str, Any] = {
    "applications": ApplicationQuery(models=tuple(ApplicationModel)),
    "candidates": CandidateQuery(models=tuple(CandidateModel)),
    "jobs": JobQuery(models=tuple(JobModel)),
}
CHOICES: list[tuple[str, Any]] = [
    *ALL.items(),
    ("applications", ApplicationQuery()),
    ("applications", ApplicationQuery(models=(ApplicationModel.OFFERS,))),
    ("applications", ApplicationQuery(models=(ApplicationModel.QUESTION_RESPONSES,))),
    ("candidates", CandidateQuery()),
    ("candidates", CandidateQuery(models=(CandidateModel.EDUCATION,))),
    ("jobs", JobQuery()),
    ("jobs", JobQuery(models=(JobModel.INFO, JobModel.STAGES))),
    ("jobs", JobQuery(models=(JobModel.DEPARTMENTS,))),
    ("jobs", JobQuery(models=(JobModel.COMPENSATION,))),
]
every_choice = pytest.mark.parametrize(
    ("noun", "query"), CHOICES, ids=[f"{n}-{'+'.join(q.models) or 'none'}" for n, q in CHOICES]
)


@pytest.fixture(scope="module")
def organisation() -> Iterator[Running]:
    with Running(size=40, seed=11, vendors=["ashby"], limits=False) as running:
        yield running


@pytest.fixture
def recruiter(organisation: Running) -> Iterator[Caller]:
    httpx.post(f"{organisation.url}/_sandbox/reset", timeout=120)
    recruiter = Caller(organisation)
    with recruiter.http:
        yield recruiter


@pytest.fixture
async def account(recruiter: Caller) -> AsyncIterator[Account]:
    async with account_of(recruiter) as account:
        yield account


def everything_happens(recruiter: Caller) -> None:
    """One of each change that the simulated recruiter can make to a record itself."""
    applications = recruiter.walk("application.list")
    active = [one["id"] for one in applications if one["status"] == "Active"]
    recruiter.change("move", application=active[0], stage=2)
    recruiter.change("reject", application=active[1])
    recruiter.change("hire", application=active[2])
    recruiter.change("edit_custom_field", application=active[3], field="Shift", value="Night")
    recruiter.change("new_applicant", job=1, name="Ola Berg", email="ola@mail.example")
    recruiter.change("edit_candidate", candidate=3, name="Ines Prado", school="Harbour School")
    jobs = recruiter.walk("job.list")
    recruiter.results("job.update", jobId=jobs[0]["id"], title="Crane driver")
    recruiter.results("job.setStatus", jobId=jobs[1]["id"], status="Closed")


# Alike, whatever the way.


@every_choice
async def test_a_record_by_id_is_the_record_of_the_list(
    account: Account, noun: str, query: Any
) -> None:
    everything_happens(account.recruiter)
    listed = (await account.sync(noun, query)).records

    found = await getattr(account.connect(), f"get_{noun}")(list(listed), query)

    assert {one.info.id: msgspec.json.encode(one) for one in found} == listed


@every_choice
async def test_a_changed_record_is_the_record_of_the_list(
    account: Account, noun: str, query: Any
) -> None:
    first = await account.sync(noun, query)
    everything_happens(account.recruiter)

    changed = await account.sync(noun, query, first.since)

    now = (await account.sync(noun, query)).records
    assert changed.records.items() <= now.items()
    different = {
        one
        for one, record in now.items()
        if wanted(record, query) != wanted(first.records.get(one), query)
    }
    assert different <= changed.records.keys()
    assert changed.records


def wanted(record: bytes | None, query: Any) -> Any:
    """A record without its `info`, where that is not subscribed to."""
    sections = msgspec.json.decode(record or b"null")
    if sections and query.models and not any(one.endswith("_info") for one in query.models):
        return {name: part for name, part in sections.items() if name != "info"}
    return sections


async def test_a_filter_that_shows_more_of_a_record_shows_it_by_id_too(account: Account) -> None:
    recruiter = account.recruiter
    person = recruiter.application(status="Archived")["candidate"]
    (tagged,) = [one for one in recruiter.walk("candidate.list") if one["tags"]][:1]
    moved = datetime.fromisoformat(recruiter.walk("application.list")[20]["updatedAt"])
    queries = [
        ApplicationQuery(candidate_id=(person["id"],)),
        ApplicationQuery(candidate_email=(person["primaryEmailAddress"]["value"],)),
        ApplicationQuery(tag=(tagged["tags"][0]["title"],)),
        ApplicationQuery(changed_stage_after=moved, models=(ApplicationModel.STAGE,)),
        ApplicationQuery(status=(ApplicationStatus.REJECTED,)),
    ]

    for query in queries:
        listed = (await account.sync("applications", query)).records
        found = await account.connect().get_applications(list(listed), query)

        assert listed, query
        assert {one.info.id: msgspec.json.encode(one) for one in found} == listed, query


# Ids, and records by id.


@pytest.mark.parametrize("noun", ALL)
async def test_the_ids_are_those_of_the_whole_list(account: Account, noun: str) -> None:
    account.recruiter.change("new_applicant")
    account.recruiter.change("delete_application", application=4)
    draft = account.recruiter.walk("department.list")[0]["id"]
    place = account.recruiter.walk("location.list")[0]["id"]
    account.recruiter.results("job.create", title="A draft", teamId=draft, locationId=place)
    ashby = account.connect()

    ids = await getattr(ashby, f"list_{noun[:-1]}_ids")().all()

    listed = await account.sync(noun, type(ALL[noun])())
    assert sorted(ids) == sorted(listed.records)


@pytest.mark.parametrize("noun", ALL)
async def test_what_is_gone_by_id_is_left_out(account: Account, noun: str) -> None:
    listed = list((await account.sync(noun, type(ALL[noun])())).records)

    found = await getattr(account.connect(), f"get_{noun}")(
        [NOBODY, listed[0], "no id of theirs", "", listed[1]], ALL[noun]
    )

    assert [one.info.id for one in found] == listed[:2]


# What a delta finds.


async def test_a_delta_with_nothing_new_asks_each_table_once(account: Account) -> None:
    first = {noun: await account.sync(noun, query) for noun, query in ALL.items()}
    second = {noun: await account.sync(noun, ALL[noun], run.since) for noun, run in first.items()}

    calls = {noun: await account.calls(noun, ALL[noun], run.since) for noun, run in second.items()}

    assert calls == {
        "applications": [
            "application.list",
            "candidate.list",
            "interviewSchedule.list",
            "offer.list",
        ],
        "candidates": ["candidate.list"],
        "jobs": [
            "job.list",
            "opening.list",
            "jobPosting.list",
            "department.list",
            "location.list",
            "interviewPlan.list",
        ],
    }


@pytest.mark.parametrize(
    ("noun", "query", "around"),
    [
        ("applications", ApplicationQuery(models=(ApplicationModel.STAGE,)), []),
        (
            "applications",
            ApplicationQuery(models=(ApplicationModel.ATTACHMENTS,)),
            ["candidate.list"],
        ),
        ("applications", ApplicationQuery(models=(ApplicationModel.OFFERS,)), ["offer.list"]),
        (
            "applications",
            ApplicationQuery(models=(ApplicationModel.INTERVIEWS,)),
            ["interviewSchedule.list"],
        ),
        ("jobs", JobQuery(models=(JobModel.RECRUITERS,)), []),
        ("jobs", JobQuery(models=(JobModel.POSTS,)), ["jobPosting.list"]),
        ("jobs", JobQuery(models=(JobModel.OFFICES,)), ["location.list"]),
        ("jobs", JobQuery(models=(JobModel.STAGES,)), ["interviewPlan.list"]),
    ],
)
async def test_a_section_that_nobody_wants_costs_no_call(
    account: Account, noun: str, query: Any, around: list[str]
) -> None:
    first = await account.sync(noun, query)
    second = await account.sync(noun, query, first.since)

    calls = await account.calls(noun, query, second.since)

    assert calls == [f"{noun[:-1]}.list", *around]


async def test_an_offer_and_an_interview_change_the_application(account: Account) -> None:
    recruiter = account.recruiter
    query = ALL["applications"]
    first = await account.sync("applications", query)
    second = await account.sync("applications", query, first.since)
    offer = recruiter.walk("offer.list")[0]
    meant = recruiter.walk("application.list")[5]["id"]

    recruiter.results("offer.setStatus", offerId=offer["id"], acceptanceStatus="Cancelled")
    times = {"startTime": "2027-01-04T10:00:00Z", "endTime": "2027-01-04T11:00:00Z"}
    recruiter.results("interviewSchedule.create", applicationId=meant, interviewEvents=[times])
    third = await account.sync("applications", query, second.since)

    assert third.records.keys() == {offer["applicationId"], meant}


async def test_an_applicant_s_new_name_changes_all_applications_of_theirs(
    account: Account,
) -> None:
    recruiter = account.recruiter
    query = ApplicationQuery()
    first = await account.sync("applications", query)
    second = await account.sync("applications", query, first.since)
    person = max(recruiter.walk("candidate.list"), key=lambda one: len(one["applicationIds"]))

    recruiter.change("edit_candidate", candidate=person["id"], name="Somebody Else")
    third = await account.sync("applications", query, second.since)

    assert third.records.keys() == set(person["applicationIds"])
    assert all(b'"lastName":"Else"' in record for record in third.records.values())


async def test_reference_data_changes_the_jobs_that_show_it_and_is_not_taken_from_memory(
    account: Account,
) -> None:
    query = ALL["jobs"]
    ashby = account.connect()
    shown = account.recruiter.walk("job.list", status=["Draft", "Open", "Closed", "Archived"])
    one = shown[0]
    stages = account.recruiter.results(
        "interviewStage.list", interviewPlanId=one["defaultInterviewPlanId"]
    )

    async def changes(run: Run) -> Run:
        return await account.run(lambda _: ashby.list_changed_jobs(run.since, query))

    first = await account.run(lambda _: ashby.list_jobs(query))
    second = await changes(first)
    account.put("departments", one["departmentId"], name="Cranes and Ropes")
    third = await changes(second)
    account.put("locations", one["locationId"], name="Pier Two")
    fourth = await changes(third)
    account.put("stages", stages[2]["id"], title="Harbour tour")
    account.put("plans", one["defaultInterviewPlanId"])
    fifth = await changes(fourth)

    for run, name, word in (
        (third, "departmentId", b"Cranes and Ropes"),
        (fourth, "locationId", b"Pier Two"),
        (fifth, "defaultInterviewPlanId", b"Harbour tour"),
    ):
        those = {job["id"] for job in shown if job[name] == one[name]}
        assert run.records.keys() == those
        assert all(word in record for record in run.records.values())


async def test_an_opening_changes_its_jobs(account: Account) -> None:
    query = JobQuery(models=(JobModel.INFO,))
    first = await account.sync("jobs", query)
    second = await account.sync("jobs", query, first.since)
    opening = account.recruiter.walk("opening.list")[0]

    account.recruiter.results(
        "opening.setOpeningState", openingId=opening["id"], openingState="Filled"
    )
    third = await account.sync("jobs", query, second.since)

    assert list(third.records) == opening["latestVersion"]["jobIds"]
    assert b'"filled":1' in third.records[opening["latestVersion"]["jobIds"][0]]


async def test_a_first_delta_has_no_tokens_of_the_tables_around_and_leaves_out_what_is_old(
    account: Account,
) -> None:
    recruiter = account.recruiter
    query = ApplicationQuery(models=(ApplicationModel.INFO, ApplicationModel.INTERVIEWS))
    first = await account.sync("applications", query)
    person = recruiter.walk("candidate.list")[7]

    recruiter.change("edit_candidate", candidate=person["id"], name="Somebody Else")
    second = await account.sync("applications", query, first.since)

    assert first.marks.keys() == {kit.MAIN}
    assert second.marks.keys() == {kit.MAIN, "candidates", "interviews"}
    assert second.records.keys() == set(person["applicationIds"])


# Filters.


async def test_the_list_s_own_filter_is_asked_for_in_a_delta(account: Account) -> None:
    recruiter = account.recruiter
    (here, there) = recruiter.walk("application.list")[:2]
    assert here["job"]["id"] != there["job"]["id"]
    query = ApplicationQuery(job_id=(here["job"]["id"],), models=(ApplicationModel.STAGE,))
    first = await account.sync("applications", query)

    for one in (here, there):
        recruiter.change("edit_custom_field", application=one["id"], field="Shift", value="Day")
    second = await account.sync("applications", query, first.since)

    assert list(second.records) == [here["id"]]


@pytest.mark.parametrize("by", ["jobs", "candidate", "email"])
async def test_a_list_without_a_token_is_read_in_full(account: Account, by: str) -> None:
    one, other = account.recruiter.walk("application.list")[:2]
    query = {
        "jobs": ApplicationQuery(job_id=(one["job"]["id"], other["job"]["id"])),
        "candidate": ApplicationQuery(candidate_id=(one["candidate"]["id"],)),
        "email": ApplicationQuery(
            candidate_email=(one["candidate"]["primaryEmailAddress"]["value"],)
        ),
    }[by]

    first = await account.sync("applications", query)
    second = await account.sync("applications", query, first.since)

    assert first.marks == {}
    assert second.records == first.records
    assert one["id"] in first.records


async def test_candidates_of_a_job_are_read_in_full(account: Account) -> None:
    job = account.recruiter.walk("application.list")[0]["job"]["id"]
    query = CandidateQuery(job_id=(job,))

    first = await account.sync("candidates", query)
    second = await account.sync("candidates", query, first.since)

    assert first.marks == {}
    assert second.records == first.records != {}


def test_a_delta_claims_no_filter_that_its_tables_do_not_know() -> None:
    since = kit.Since(at=BEFORE, marks={kit.MAIN: "a token"})
    ashby = Replay({}).connect(Ashby)

    applications = ashby.list_changed_applications(since, ApplicationQuery(job_id=("j",)))
    jobs = ashby.list_changed_jobs(since, JobQuery(status=(JobStatus.OPEN,)))

    assert (applications.applied, jobs.applied) == (frozenset(), frozenset())


# Tokens that are no longer good.


async def test_an_expired_token_of_the_list_itself_asks_for_a_full_run(account: Account) -> None:
    first = {noun: await account.sync(noun, query) for noun, query in ALL.items()}

    account.recruiter.change("expire_sync_tokens")

    for noun, run in first.items():
        with pytest.raises(kit.ConflictError) as refused:
            await account.sync(noun, ALL[noun], run.since)
        assert refused.value.detail == "sync_token_expired"


async def test_an_expired_token_of_a_table_around_is_done_without(account: Account) -> None:
    recruiter = account.recruiter
    query = ApplicationQuery(models=(ApplicationModel.INFO,))
    old = await account.sync("applications", query)
    old = await account.sync("applications", query, old.since)
    recruiter.change("expire_sync_tokens")
    new = await account.sync("applications", query)
    person = recruiter.walk("candidate.list")[7]
    recruiter.change("edit_candidate", candidate=person["id"], name="Somebody Else")

    run = await account.sync(
        "applications",
        query,
        kit.Since(at=new.since.at, marks={**old.marks, **new.marks}),
    )

    assert run.records.keys() == set(person["applicationIds"])
    assert run.marks["candidates"] != old.marks["candidates"]

"""Greenhouse: what comes of changes, shown by the sandbox, which filters as Greenhouse does."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from hireloom import kit
from hireloom.connectors.ats._greenhouse_records import GreenhouseChange
from hireloom.connectors.ats.greenhouse import Greenhouse
from hireloom.kit.trip import Trip, travel
from hireloom.models import (
    Applicant,
    ApplicationModel,
    ApplicationQuery,
    ApplicationStatus,
    CandidateModel,
    CandidateQuery,
    JobModel,
    JobQuery,
    JobStatus,
)
from hireloom.sandbox.vendor import Vendor
from tests.connectors.ats.greenhouse_runs import Query, all_ids, by_id, changes, noun_of
from tests.service import Service

EPOCH = kit.Since(datetime(1970, 1, 1, tzinfo=UTC))


def listed(greenhouse: Greenhouse, query: Query) -> kit.Pages[Any]:
    found: kit.Pages[Any] = getattr(greenhouse, f"list_{noun_of(query)}s")(query)
    return found


def written(records: Iterable[Any]) -> dict[str, bytes]:
    """Records by id, as they would be compared: byte by byte."""
    return {one.info.id: msgspec.json.encode(one) for one in records}


QUERIES: list[Query] = [
    ApplicationQuery(),
    ApplicationQuery(models=(ApplicationModel.INFO,)),
    ApplicationQuery(models=(ApplicationModel.STAGE, ApplicationModel.REJECTION)),
    ApplicationQuery(models=(ApplicationModel.QUESTION_RESPONSES, ApplicationModel.OFFERS)),
    CandidateQuery(),
    CandidateQuery(models=(CandidateModel.INFO, CandidateModel.LOCATIONS)),
    CandidateQuery(models=(CandidateModel.EDUCATION, CandidateModel.EXPERIENCES)),
    JobQuery(),
    JobQuery(models=(JobModel.INFO, JobModel.STAGES, JobModel.POSTS)),
    JobQuery(models=(JobModel.RECRUITERS, JobModel.HIRING_MANAGERS, JobModel.OFFICES)),
    JobQuery(models=(JobModel.COMPENSATION, JobModel.QUESTIONS)),
]


async def connected(service: Service) -> tuple[Greenhouse, Vendor]:
    opened = await service.desk.accounts.open(await service.connect("greenhouse"))
    connector = opened.integration.connector
    assert isinstance(connector, Greenhouse)
    return connector, service.sandbox.vendor("greenhouse")


def named(query: Query) -> str:
    return f"{noun_of(query)}-{'-'.join(query.models) or 'all'}"


@pytest.mark.parametrize("query", QUERIES, ids=named)
async def test_a_record_reads_the_same_whichever_way_it_comes(
    service: Service, query: Query
) -> None:
    greenhouse, _ = await connected(service)

    listed_ = written(await listed(greenhouse, query).all())
    changed = written(await changes(greenhouse, query, EPOCH).all())
    one_by_one = written(await by_id(greenhouse, query, listed_))
    ids = await all_ids(greenhouse, query)

    assert listed_
    assert changed == listed_
    assert one_by_one == listed_
    assert len(ids) == len(listed_)
    assert set(ids) == set(listed_)


@pytest.mark.parametrize(
    "query",
    [
        ApplicationQuery(status=(ApplicationStatus.REJECTED,)),
        ApplicationQuery(
            changed_stage_after=datetime(2025, 6, 1, tzinfo=UTC), models=(ApplicationModel.STAGE,)
        ),
        JobQuery(status=(JobStatus.OPEN,), models=(JobModel.POSTS,)),
    ],
    ids=["status", "moved", "open"],
)
async def test_filters_hold_for_changes_as_for_the_list(service: Service, query: Query) -> None:
    greenhouse, _ = await connected(service)

    listed_ = await listed(greenhouse, query).all()
    changed = await changes(greenhouse, query, EPOCH).all()

    assert written(changed) == written(listed_)
    assert 0 < len(listed_) < len(await all_ids(greenhouse, query))


async def test_a_run_can_stop_after_every_page_and_go_on(service: Service) -> None:
    greenhouse, _ = await connected(service)
    query = ApplicationQuery(models=(ApplicationModel.INFO, ApplicationModel.REJECTION))
    whole = written(await listed(greenhouse, query).all())
    found: dict[str, bytes] = {}
    cursor: str | None = None
    pages = 0

    with travel(Trip(page_size=50)):
        while cursor is not None or pages == 0:
            page = await changes(greenhouse, query, EPOCH).page(cursor)
            found |= written(page)
            cursor = page.next
            pages += 1

    assert found == whole
    assert pages > len(whole) // 50


# A table, the field of it that is changed, and a query whose records show it.
JOINED: list[tuple[str, dict[str, Any], Query]] = [
    ("candidates", {"first_name": "Renamed"}, ApplicationQuery(models=(ApplicationModel.INFO,))),
    ("applied_candidate_tags", {}, ApplicationQuery(models=(ApplicationModel.INFO,))),
    (
        "application_stages",
        {"entered_at": "2026-01-01T00:00:00.000Z"},
        ApplicationQuery(models=(ApplicationModel.STAGE,)),
    ),
    (
        "rejection_details",
        {"rejected_at": "2026-01-01T00:00:00.000Z"},
        ApplicationQuery(models=(ApplicationModel.REJECTION,)),
    ),
    ("interviews", {"location": "Attic"}, ApplicationQuery(models=(ApplicationModel.INTERVIEWS,))),
    ("interviewers", {}, ApplicationQuery(models=(ApplicationModel.INTERVIEWS,))),
    ("offers", {"status": "Rejected"}, ApplicationQuery(models=(ApplicationModel.OFFERS,))),
    (
        "attachments",
        {"filename": "new.pdf"},
        ApplicationQuery(models=(ApplicationModel.ATTACHMENTS,)),
    ),
    ("applications", {}, CandidateQuery(models=(CandidateModel.INFO,))),
    ("applied_candidate_tags", {}, CandidateQuery(models=(CandidateModel.INFO,))),
    (
        "candidate_educations",
        {"start_date_year": 1991},
        CandidateQuery(models=(CandidateModel.EDUCATION,)),
    ),
    (
        "candidate_employments",
        {"title": "Diver"},
        CandidateQuery(models=(CandidateModel.EXPERIENCES,)),
    ),
    ("attachments", {}, CandidateQuery(models=(CandidateModel.ATTACHMENTS,))),
    ("openings", {"open": None}, JobQuery(models=(JobModel.INFO,))),
    ("job_posts", {"content": "Anew"}, JobQuery(models=(JobModel.POSTS,))),
    ("job_posts", {"active": False}, JobQuery(models=(JobModel.QUESTIONS,))),
    (
        "job_post_locations",
        {"plain_text_location": "Attic"},
        JobQuery(models=(JobModel.POSTS,)),
    ),
    ("job_hiring_managers", {}, JobQuery(models=(JobModel.HIRING_MANAGERS,))),
    ("job_owners", {"type": "recruiter"}, JobQuery(models=(JobModel.RECRUITERS,))),
    ("job_interview_stages", {"name": "Attic"}, JobQuery(models=(JobModel.STAGES,))),
]


@pytest.mark.parametrize(
    ("table", "fields", "query"),
    JOINED,
    ids=[f"{noun_of(query)}-{table}{len(fields)}" for table, fields, query in JOINED],
)
async def test_a_change_that_the_record_itself_does_not_tell_of_is_seen(
    service: Service, table: str, fields: dict[str, Any], query: Query
) -> None:
    greenhouse, vendor = await connected(service)
    before = written(await listed(greenhouse, query).all())
    row, wanted = await some_row(greenhouse, table, query)
    since = kit.Since(vendor.now())
    nothing = await changes(greenhouse, query, since).all()

    vendor.overlay.change(table, row.id, updated_at=kit.to_iso(vendor.now()), **fields)
    found = written(await changes(greenhouse, query, since).all())

    after = written(await listed(greenhouse, query).all())
    assert nothing == []
    assert found == {one: after[one] for one in wanted}
    if fields and table not in APART:
        assert {one for one in after if after[one] != before[one]} == wanted


APART = {"interviews", "offers", "attachments"}  # sections that are filled from other lists
THROUGH = {
    "interviewers": ("/interviews", "interview_id"),
    "job_post_locations": ("/job_posts", "job_post_id"),
}


async def some_row(
    greenhouse: Greenhouse, table: str, query: Query
) -> tuple[GreenhouseChange, set[str]]:
    """A row of a table, and the ids of the records that show it."""
    current = {"current": True} if table == "application_stages" else None
    known = set(await all_ids(greenhouse, query))
    for row in await greenhouse.everything(f"/{table}", GreenhouseChange, params=current):
        wanted = known & await shown_in(greenhouse, table, row, query)
        if wanted:
            return row, wanted
    raise AssertionError(f"the sandbox has no fitting row in {table}")


async def shown_in(
    greenhouse: Greenhouse, table: str, row: GreenhouseChange, query: Query
) -> set[str]:
    if table in THROUGH:
        path, key = THROUGH[table]
        between = await greenhouse.look_up(path, GreenhouseChange, [str(getattr(row, key))])
        if not between:  # of a posting that was deleted
            return set()
        row = between[0]
    if noun_of(query) != "application" or row.application_id is not None:
        return {str(getattr(row, f"{noun_of(query)}_id"))}
    person = row.id if table == "candidates" else row.candidate_id
    all_ = await greenhouse.everything("/applications", GreenhouseChange)
    return {str(one.id) for one in all_ if one.candidate_id == person}


async def test_a_prospect_does_not_slip_through_a_filter_by_job(service: Service) -> None:
    """It has no job that could be checked, so only Greenhouse can keep it away."""
    greenhouse, vendor = await connected(service)
    all_ = await greenhouse.list_applications(ApplicationQuery()).all()
    prospect = next(one for one in all_ if one.info.job_id is None)
    applicant = prospect.info.candidate
    assert isinstance(applicant, Applicant)
    query = ApplicationQuery(job_id=("1", "2"), models=(ApplicationModel.INFO,))
    since = kit.Since(vendor.now() - timedelta(seconds=0.5))

    vendor.change("candidate", candidate=int(applicant.id or 0), first_name="Renamed")
    found = await changes(greenhouse, query, since).all()
    without = await changes(greenhouse, ApplicationQuery(), since).all()

    assert found == []
    assert prospect.info.id in {one.info.id for one in without}


async def test_a_new_applicant_and_a_deletion_are_seen_among_ids_and_changes(
    service: Service,
) -> None:
    greenhouse, vendor = await connected(service)
    before = set(await greenhouse.list_application_ids().all())
    since = kit.Since(vendor.now() - timedelta(seconds=0.5))
    gone = min(before, key=int)

    made = vendor.change("apply", first_name="Ida", last_name="Neu", email="ida@neu.example")
    vendor.change("delete_application", application=int(gone))
    changed = await changes(greenhouse, ApplicationQuery(), since).all()
    people = await changes(greenhouse, CandidateQuery(), since).all()
    after = set(await greenhouse.list_application_ids().all())

    new = after - before
    assert before - after == {gone}
    assert len(new) == 1
    assert {one.info.id for one in changed} == new
    assert str(made["id"]) in {one.info.id for one in people}
    assert await by_id(greenhouse, ApplicationQuery(), [gone, *new]) == changed

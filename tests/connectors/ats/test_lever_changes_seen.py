"""Lever: what comes of changes, shown by the sandbox, which filters as Lever does."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from hireloom import kit
from hireloom.connectors.ats.lever import Lever
from hireloom.kit import Secrets
from hireloom.kit.http import Http
from hireloom.kit.limits import Memory
from hireloom.kit.origins import Origins
from hireloom.kit.ports import MemoryKeeper
from hireloom.kit.trip import Trip, travel
from hireloom.models import (
    Application,
    ApplicationModel,
    ApplicationQuery,
    ApplicationStatus,
    CandidateModel,
    CandidateQuery,
    JobModel,
    JobQuery,
)
from hireloom.sandbox.app import Running
from hireloom.sandbox.vendor import Vendor
from tests.connectors.ats.lever_runs import INFO, REQUISITIONS, Query, by_id, changes, noun_of, told


def listed(lever: Lever, query: Query) -> kit.Pages[Any]:
    found: kit.Pages[Any] = getattr(lever, f"list_{noun_of(query)}s")(query)
    return found


async def all_ids(lever: Lever, query: Query) -> list[str]:
    pages: kit.Pages[str] = getattr(lever, f"list_{noun_of(query)}_ids")()
    return await pages.all()


def written(records: Iterable[Any]) -> dict[str, bytes]:
    """Records by id, as they would be compared: byte by byte."""
    return {one.info.id: msgspec.json.encode(one) for one in records}


QUERIES: list[Query] = [
    ApplicationQuery(),
    INFO,
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
BEFORE_ALL = kit.Since(datetime(2024, 1, 1, tzinfo=UTC))


class Hasty(Lever):
    """Without the patience that Lever's real limit asks for; the sandbox here has none."""

    rate_limit = kit.RateLimit(calls=100_000, seconds=1)


@dataclass
class Sandbox:
    """The sandbox's account at Lever, and who works there."""

    running: Running
    http: Http

    def connect(self, chosen: dict[str, str] | None = None) -> Lever:
        return self.http.connect("int_1", Hasty, chosen)

    @property
    def vendor(self) -> Vendor:
        return self.running.vendor("lever")


@pytest.fixture
async def sandbox(vendors: Running) -> AsyncIterator[Sandbox]:
    key = Secrets(fields={"apiKey": vendors.vendor("lever").credentials["apiKey"]})
    http = Http(MemoryKeeper(key), Memory(), origins=Origins(vendors.origins))
    yield Sandbox(vendors, http)
    await http.close()


def named(query: Query) -> str:
    return f"{noun_of(query)}-{'-'.join(query.models) or 'all'}"


@pytest.mark.parametrize("chosen", [{}, REQUISITIONS], ids=["postings", "requisitions"])
@pytest.mark.parametrize("query", QUERIES, ids=named)
async def test_a_record_reads_the_same_whichever_way_it_comes(
    sandbox: Sandbox, query: Query, chosen: dict[str, str]
) -> None:
    lever = sandbox.connect(chosen)

    with travel(Trip(page_size=7)):  # of a person's candidacies some are on other pages
        in_parts = written(await listed(lever, query).all())
    whole = written(await listed(lever, query).all())
    changed = written(await changes(lever, query, BEFORE_ALL).all())
    one_by_one = written(await by_id(lever, query, whole))
    ids = await all_ids(lever, query)

    assert whole
    assert in_parts == whole
    assert changed == whole
    assert one_by_one == whole
    assert set(ids) == set(whole)


@pytest.mark.parametrize(
    "query",
    [
        ApplicationQuery(status=(ApplicationStatus.ACTIVE,)),
        ApplicationQuery(
            changed_stage_after=datetime(2026, 6, 1, tzinfo=UTC), models=(ApplicationModel.STAGE,)
        ),
    ],
    ids=["status", "moved"],
)
async def test_filters_hold_for_changes_as_for_the_list(
    sandbox: Sandbox, query: ApplicationQuery
) -> None:
    lever = sandbox.connect()

    whole = lever.list_applications(query)
    changed = changes(lever, query, BEFORE_ALL)

    found = written(await whole.all())
    assert written(await changed.all()) == found
    assert changed.applied >= whole.applied
    assert 0 < len(found) < len(await all_ids(lever, query))


async def test_a_run_can_stop_after_every_page_and_go_on(sandbox: Sandbox) -> None:
    lever = sandbox.connect()
    query = ApplicationQuery()
    whole = written(await listed(lever, query).all())
    found: dict[str, bytes] = {}
    cursor: str | None = None
    pages = 0

    with travel(Trip(page_size=50)):
        while cursor is not None or pages == 0:
            one = await changes(lever, query, BEFORE_ALL).page(cursor)
            found |= written(one)
            cursor = one.next
            pages += 1

    assert found == whole
    assert pages > 2 * (len(whole) // 50)


Act = tuple[str, dict[str, Any], Query]
ACTS: list[Act] = [
    ("move", {"application": 7, "stage": "offer"}, ApplicationQuery()),
    ("reject", {"application": 7}, INFO),
    ("hire", {"application": 7}, INFO),
    ("add_note", {"application": 7, "text": "Called."}, ApplicationQuery()),
    ("edit_candidate", {"name": "Nora Quist"}, INFO),
    ("edit_candidate", {"name": "Nora Quist"}, CandidateQuery(models=(CandidateModel.INFO,))),
    ("add_note", {"application": 7, "text": "Called."}, CandidateQuery()),
]


@pytest.mark.parametrize(
    ("kind", "what", "query"), ACTS, ids=[f"{kind}-{noun_of(query)}" for kind, _, query in ACTS]
)
async def test_what_a_recruiter_does_is_seen(
    sandbox: Sandbox, kind: str, what: dict[str, Any], query: Query
) -> None:
    lever, vendor = sandbox.connect(), sandbox.vendor
    one = await some_application(lever)
    person = one.info.candidate
    assert person
    acted_on = (
        {"candidate": person.id} if kind == "edit_candidate" else {"application": one.info.id}
    )
    since = kit.Since(datetime.now(UTC))
    nothing = await told(changes(lever, query, since))

    vendor.change(kind, **{**what, **acted_on})
    found = written(await changes(lever, query, since).all())

    whole = written(await listed(lever, query).all())
    expected = person.id if noun_of(query) == "candidate" else one.info.id
    assert nothing == ([], [])
    assert expected in found
    assert found == {each: whole[each] for each in found}
    assert len(found) < 5


async def some_application(lever: Lever) -> Application:
    """An open one of a person who has no other."""
    applications = await lever.list_applications(ApplicationQuery()).all()
    owners = [one.info.candidate.id for one in applications if one.info.candidate]
    return next(
        one
        for one in applications
        if one.info.status is ApplicationStatus.ACTIVE
        and one.info.candidate
        and owners.count(one.info.candidate.id) == 1
    )


async def test_who_applies_and_what_is_deleted_is_seen(sandbox: Sandbox) -> None:
    lever, vendor = sandbox.connect(), sandbox.vendor
    known = set(await all_ids(lever, INFO))
    people = set(await all_ids(lever, CandidateQuery()))
    since = kit.Since(datetime.now(UTC))

    made = vendor.change("new_applicant", name="Runa Holt")
    victim = min(known)
    vendor.change("delete_application", application=victim)

    assert await told(changes(lever, INFO, since)) == ([made["id"]], [victim])
    changed, _ = await told(changes(lever, CandidateQuery(), since))
    assert changed == [made["contact"]]
    assert set(await all_ids(lever, INFO)) == known - {victim} | {made["id"]}
    assert set(await all_ids(lever, CandidateQuery())) >= people & {made["contact"]}
    assert await lever.get_applications([victim], INFO) == []


async def test_an_application_that_became_confidential_is_gone(sandbox: Sandbox) -> None:
    lever, vendor = sandbox.connect(), sandbox.vendor
    seeing = sandbox.connect({"confidential": "include"})
    one = await some_application(lever)
    person = one.info.candidate
    assert person

    vendor.change("make_confidential", application=one.info.id)

    for connector, there in ((lever, False), (seeing, True)):
        assert bool(await connector.get_applications([one.info.id], INFO)) is there
        assert (one.info.id in await all_ids(connector, INFO)) is there
        assert bool(await connector.get_candidates([person.id or ""], CandidateQuery())) is there

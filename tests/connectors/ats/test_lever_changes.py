"""Lever: what changed since a run, and what was deleted: what is asked of a small account."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from hireloom import kit
from hireloom.kit import Request
from hireloom.kit.trip import Trip, travel
from hireloom.models import (
    ApplicationModel,
    ApplicationQuery,
    ApplicationStatus,
    CandidateModel,
    CandidateQuery,
    Job,
    JobModel,
    JobQuery,
    given,
)
from tests.connectors.ats.lever_account import page
from tests.connectors.ats.lever_runs import (
    AT,
    CLOSED,
    FRIEND,
    INFO,
    MOVED,
    OPENED,
    PERSON,
    REQUISITIONS,
    SINCE,
    WATCHED,
    Query,
    asked,
    changes,
    having,
    opportunity,
    told,
)
from tests.replay import Reply, fixture

DAY = timedelta(days=1)


# What is asked.


ARCHIVED = {"reason": "reason-skills", "archivedAt": AT}
LISTS: list[tuple[Query, dict[str, str], list[str]]] = [
    (
        ApplicationQuery(),
        {},
        [
            "opportunities?updated_at_start",
            "opportunities?advanced_at_start",
            "opportunities?archived_at_start",
            "opportunities?archived",
            "applications/deleted?deleted_at_end,deleted_at_start",
            "opportunities/deleted?deleted_at_end,deleted_at_start",
        ],
    ),
    (
        ApplicationQuery(models=(ApplicationModel.INFO, ApplicationModel.QUESTION_RESPONSES)),
        {},
        [
            "opportunities?updated_at_start",
            "opportunities?archived_at_start",
            "applications/deleted?deleted_at_end,deleted_at_start",
            "opportunities/deleted?deleted_at_end,deleted_at_start",
        ],
    ),
    (
        ApplicationQuery(
            models=(ApplicationModel.OFFERS,), status=(ApplicationStatus.ACTIVE,), stage_id=("s",)
        ),
        {},
        [
            "opportunities?archived,stage_id,updated_at_start",
            "opportunities?archived,stage_id",
            "applications/deleted?deleted_at_end,deleted_at_start",
            "opportunities/deleted?deleted_at_end,deleted_at_start",
        ],
    ),
    (
        ApplicationQuery(models=(ApplicationModel.STAGE,), status=(ApplicationStatus.HIRED,)),
        {},
        [
            "opportunities?archived,updated_at_start",
            "opportunities?advanced_at_start,archived",
            "opportunities?archived,archived_at_start",
            "applications/deleted?deleted_at_end,deleted_at_start",
            "opportunities/deleted?deleted_at_end,deleted_at_start",
        ],
    ),
    (
        CandidateQuery(),
        {},
        [
            "opportunities?updated_at_start",
            "opportunities?archived",
            "applications/deleted?deleted_at_end,deleted_at_start",
            "opportunities/deleted?deleted_at_end,deleted_at_start",
        ],
    ),
    (
        CandidateQuery(models=(CandidateModel.INFO, CandidateModel.LOCATIONS)),
        {},
        [
            "opportunities?updated_at_start",
            "applications/deleted?deleted_at_end,deleted_at_start",
            "opportunities/deleted?deleted_at_end,deleted_at_start",
        ],
    ),
    (
        CandidateQuery(models=(CandidateModel.EXPERIENCES,)),
        {},
        [
            "opportunities?updated_at_start",
            "opportunities?archived",
            "applications/deleted?deleted_at_end,deleted_at_start",
            "opportunities/deleted?deleted_at_end,deleted_at_start",
        ],
    ),
    (
        JobQuery(),
        {},
        [
            "postings?include,updated_at_start",
            "postings/deleted?deleted_at_end,deleted_at_start",
        ],
    ),
    (
        JobQuery(models=(JobModel.QUESTIONS,)),
        {},
        [
            "postings?include,updated_at_start",
            "postings?include",
            "postings/deleted?deleted_at_end,deleted_at_start",
        ],
    ),
    (JobQuery(), REQUISITIONS, ["requisitions", "postings?updated_at_start"]),
    (JobQuery(models=(JobModel.OFFICES,)), REQUISITIONS, ["requisitions"]),
]


@pytest.mark.parametrize(("query", "chosen", "expected"), LISTS)
async def test_a_section_that_is_not_wanted_costs_no_list(
    query: Query, chosen: dict[str, str], expected: list[str]
) -> None:
    lever, sent = having(
        chosen=chosen, answers={"GET /v1/postings": page(), "GET /v1/requisitions": page()}
    )

    changed = await told(changes(lever, query))

    assert changed == ([], [])
    assert [asked(one) for one in sent()] == expected


async def test_an_application_is_found_by_whatever_time_moved() -> None:
    lever, _ = having(
        opportunity(OPENED, updatedAt=AT, lastAdvancedAt=AT, lastInteractionAt=AT),
        opportunity("ended", updatedAt=AT, archived=ARCHIVED),
        opportunity(WATCHED, lastInteractionAt=AT, updatedAt=None),
        opportunity(CLOSED, archived=ARCHIVED),
        opportunity(MOVED, lastAdvancedAt=AT),
        opportunity("quiet"),
        opportunity("shelved", lastInteractionAt=AT, archived={**ARCHIVED, "archivedAt": AT - 1}),
    )

    pages = [one async for one in changes(lever, ApplicationQuery())]

    found = [[one.info.id for one in each] for each in pages if each.records]
    assert found == [[OPENED, "ended"], [MOVED], [CLOSED], [WATCHED]]


async def test_the_raw_record_of_a_change_is_that_of_the_change() -> None:
    lever, _ = having(
        opportunity("ended", updatedAt=AT, archived=ARCHIVED),
        opportunity(CLOSED, archived=ARCHIVED),
    )

    with travel(Trip(keep_raw=True)):
        pages = [one async for one in changes(lever, INFO)]

    [raw] = pages[1].raws or []
    assert msgspec.json.decode(raw)["id"] == pages[1].records[0].info.id == CLOSED


async def test_two_lists_may_have_the_same_page() -> None:
    lever, _ = having(opportunity(CLOSED, archived=ARCHIVED, lastAdvancedAt=AT))

    assert await told(changes(lever, ApplicationQuery())) == ([CLOSED, CLOSED], [])


@pytest.mark.parametrize(
    ("query", "times"),
    [
        (INFO, {"updated_at_start": 0, "archived_at_start": 0}),
        (
            ApplicationQuery(models=INFO.models, updated_after=SINCE.at + DAY),
            {"updated_at_start": 1},
        ),
        (
            ApplicationQuery(models=INFO.models, updated_after=SINCE.at - DAY),
            {"updated_at_start": 0},
        ),
        (
            ApplicationQuery(
                models=(ApplicationModel.STAGE,), changed_stage_after=SINCE.at + DAY, tag=("Cook",)
            ),
            {"updated_at_start": 0, "advanced_at_start": 1},
        ),
        (CandidateQuery(models=(CandidateModel.INFO,)), {"updated_at_start": 0}),
        (
            CandidateQuery(models=(CandidateModel.INFO,), updated_after=SINCE.at + DAY),
            {"updated_at_start": 1},
        ),
    ],
)
async def test_a_window_begins_at_the_last_run_or_where_the_caller_says(
    query: Query, times: dict[str, int]
) -> None:
    lever, sent = having(answers={"GET /v1/tags": page({"text": "Cook"})})

    await told(changes(lever, query, kit.Since(SINCE.at + timedelta(microseconds=999))))

    starts = [one.params for one in sent() if one.path == "/v1/opportunities"]
    for name, days in times.items():
        expected = str(AT + days * 86_400_000)
        assert expected in {params.get(name) for params in starts}, name
    if "advanced_at_start" in times:  # a filter of the caller's goes to every list
        assert {params["tag"] for params in starts} == {"Cook"}
        assert {params["advanced_at_start"] for params in starts} == {expected}


# What was deleted.


async def test_deleted_opportunities_and_postings_are_gone() -> None:
    gone = {"id": CLOSED, "deletedAt": AT}
    lever, sent = having(
        answers={
            "GET /opportunities/deleted": page(gone, {"id": MOVED}),
            "GET /postings/deleted": page({**gone, "contact": {"odd": True}}, {"id": OPENED}),
            "GET /v1/postings": page(),
        }
    )

    applications = await told(changes(lever, INFO))
    jobs = await told(changes(lever, JobQuery()))

    assert applications == ([], [CLOSED, MOVED])
    assert jobs == ([], [OPENED])
    spans = [one.params for one in sent() if one.path.endswith("/deleted")]
    assert {params["deleted_at_start"] for params in spans} == {str(AT)}


async def test_an_opportunity_that_lost_its_application_is_read_again() -> None:
    lever, _ = having(
        opportunity(OPENED, PERSON),
        opportunity(WATCHED, PERSON),
        opportunity(MOVED, FRIEND),
        answers={
            "GET /applications/deleted": page(
                {"id": "a-1", "opportunityId": OPENED},
                {"id": "a-2", "candidateId": MOVED},
                {"id": "a-3", "opportunityId": CLOSED},
                {"id": "a-4"},
            ),
            f"GET /opportunities/{OPENED}": {"data": opportunity(OPENED, applications=[])},
            f"GET /opportunities/{MOVED}": {"data": opportunity(MOVED, FRIEND, applications=[])},
            f"GET /opportunities/{CLOSED}": Reply({"code": "NotFoundError"}, status=404),
        },
    )

    assert await told(changes(lever, INFO)) == ([OPENED, MOVED], [])
    people = CandidateQuery(models=(CandidateModel.INFO,))
    changed, gone = await told(changes(lever, people))
    assert (sorted(changed), gone) == ([PERSON, FRIEND], [])


@pytest.mark.parametrize("name", ["contact", "contactId"])
async def test_a_person_is_gone_with_the_last_candidacy(name: str) -> None:
    lever, _ = having(
        opportunity(OPENED, PERSON),
        answers={
            "GET /opportunities/deleted": page(
                {"id": CLOSED, name: PERSON}, {"id": MOVED, name: FRIEND}, {"id": WATCHED}
            )
        },
    )

    assert await told(changes(lever, CandidateQuery())) == ([PERSON], [FRIEND])


async def test_deletions_are_read_span_by_span_and_go_on_from_any_page() -> None:
    begun = datetime.now(UTC) - timedelta(days=40)
    cut = (page({"id": "d-1"}, following="%5B1%5D"), page({"id": "d-2"}), page({"id": "d-3"}))
    lever, sent = having(answers={"GET /postings/deleted": cut, "GET /v1/postings": page()})
    found: list[str] = []
    cursor: str | None = None

    for _ in range(4):
        one = await changes(lever, JobQuery(), kit.Since(begun)).page(cursor)
        found += one.gone
        cursor = one.next

    assert cursor is None
    assert found == ["d-1", "d-2", "d-3"]
    first, again, second = [one.params for one in sent() if one.path.endswith("/deleted")]
    assert again == {**first, "offset": "%5B1%5D"}
    assert int(first["deleted_at_start"]) == kit.to_millis(begun)
    assert int(first["deleted_at_end"]) - int(first["deleted_at_start"]) == 29 * 86_400_000
    assert second["deleted_at_start"] == first["deleted_at_end"]
    now = kit.to_millis(datetime.now(UTC)) or 0
    assert now - 60_000 < int(second["deleted_at_end"]) <= now


async def test_deletions_of_long_ago_are_left_to_the_full_run() -> None:
    lever, sent = having()

    await told(changes(lever, INFO, kit.Since(datetime(1970, 1, 1, tzinfo=UTC))))

    spans = [one for one in sent() if one.path == "/v1/opportunities/deleted"]
    assert 12 <= len(spans) <= 14


# Jobs.


async def test_a_posting_is_read_by_id_where_its_text_cannot_be_listed_by_time() -> None:
    posting = whole_posting()
    bare = {name: posting[name] for name in posting if name != "content"}

    def postings(request: Request) -> Any:
        asked = dict(request.params)
        if "updated_at_start" not in asked:
            return page(posting)
        return Reply({"message": "include"}, status=400) if "include" in asked else page(bare)

    lever, _ = having(
        answers={"GET /v1/postings": postings, f"GET /postings/{OPENED}": {"data": posting}}
    )

    [changed] = await changes(lever, JobQuery()).all()

    assert [changed] == await lever.list_jobs(JobQuery()).all()
    assert changed.info.description


def whole_posting(**changed: Any) -> dict[str, Any]:
    first: dict[str, Any] = msgspec.json.decode(
        fixture("lever", "postings.list.json").read_bytes()
    )["data"][0]
    return {**first, "id": OPENED, **changed}


async def test_forms_are_read_of_postings_that_can_be_applied_to() -> None:
    """A form is no part of its posting, so nothing tells of its change."""
    closed = whole_posting(id=CLOSED, state="closed")

    def postings(request: Request) -> Any:
        timed = "updated_at_start" in dict(request.params)
        return page() if timed else page(whole_posting(), closed)

    lever, sent = having(
        answers={
            "GET /v1/postings": postings,
            f"GET /postings/{OPENED}/apply": {"data": {}},
        }
    )
    query = JobQuery(models=(JobModel.QUESTIONS,))

    [changed] = await changes(lever, query).all()

    assert (changed.info.id, changed.questions) == (OPENED, [])
    assert [one.path for one in sent() if one.path.endswith("/apply")] == [
        f"/v1/postings/{OPENED}/apply"
    ]


def requisition(identity: str, updated: int | None, *postings: str) -> dict[str, Any]:
    return {"id": identity, "name": identity, "updatedAt": updated, "postings": list(postings)}


async def test_a_requisition_changes_with_its_postings() -> None:
    posting = whole_posting()
    renamed = {**posting, "text": "Harbour pilot"}
    answers: dict[str, Any] = {
        "GET /v1/requisitions": page(
            requisition(OPENED, AT),
            requisition(MOVED, None),
            requisition(WATCHED, AT - 1, "other", OPENED),
            requisition(CLOSED, AT - 1, "other"),
        ),
        "GET /v1/postings": (page(posting), page(renamed), page(renamed)),
    }
    lever, _ = having(chosen=REQUISITIONS, answers=answers)
    query = JobQuery(models=(JobModel.POSTS,))
    before = await lever.list_jobs(query).all()

    changed = await changes(lever, query).all()

    assert [one.info.id for one in changed] == [OPENED, MOVED, WATCHED]
    assert [title_of(before[2]), title_of(changed[2])] == [posting["text"], "Harbour pilot"]


def title_of(job: Job) -> Any:
    """Of the second posting: the first cannot be found."""
    return (given(job.posts) or [])[1].title

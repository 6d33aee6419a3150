"""Lever: what changed since a run, what was deleted, all ids, and records by id.

A small account shows what is asked; the sandbox, which filters as Lever does, what comes of it.
"""

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from hireloom import kit
from hireloom.connectors.ats.lever import Lever
from hireloom.kit import Request, Secrets
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
    Job,
    JobModel,
    JobQuery,
    given,
)
from hireloom.sandbox.app import Running
from hireloom.sandbox.vendor import Vendor
from tests.connectors.ats.lever_account import account, page, rows
from tests.replay import Reply, Sent, fixture

Query = ApplicationQuery | CandidateQuery | JobQuery
AT = kit.to_millis(datetime.now(UTC) - timedelta(hours=1)) or 0  # of the last run
SINCE = kit.Since(datetime.fromtimestamp(AT / 1000, UTC))
DAY = timedelta(days=1)
OPENED, WATCHED, CLOSED, MOVED = (f"0000000{one}-aaaa-4aaa-8aaa-00000000000{one}" for one in "1234")
PERSON, FRIEND = (f"0000000{one}-cccc-4ccc-8ccc-00000000000{one}" for one in "12")
REQUISITIONS = {"jobs": "requisitions"}
INFO = ApplicationQuery(models=(ApplicationModel.INFO,))


def noun_of(query: Query) -> str:
    return type(query).__name__.removesuffix("Query").lower()


def listed(lever: Lever, query: Query) -> kit.Pages[Any]:
    found: kit.Pages[Any] = getattr(lever, f"list_{noun_of(query)}s")(query)
    return found


def changes(lever: Lever, query: Query, since: kit.Since = SINCE) -> kit.Pages[Any]:
    found: kit.Pages[Any] = getattr(lever, f"list_changed_{noun_of(query)}s")(since, query)
    return found


async def by_id(lever: Lever, query: Query, ids: Iterable[str]) -> list[Any]:
    found: list[Any] = await getattr(lever, f"get_{noun_of(query)}s")(list(ids), query)
    return found


async def all_ids(lever: Lever, query: Query) -> list[str]:
    pages: kit.Pages[str] = getattr(lever, f"list_{noun_of(query)}_ids")()
    return await pages.all()


async def told(pages: kit.Pages[Any]) -> tuple[list[str], list[str]]:
    """The ids of what changed, and of what is gone."""
    found = [one async for one in pages]
    return (
        [record.info.id for one in found for record in one],
        [record for one in found for record in one.gone],
    )


def written(records: Iterable[Any]) -> dict[str, bytes]:
    """Records by id, as they would be compared: byte by byte."""
    return {one.info.id: msgspec.json.encode(one) for one in records}


# What is asked.


def opportunity(identity: str, contact: str = PERSON, **changed: Any) -> dict[str, Any]:
    """An open one, of before the last run."""
    before = dict.fromkeys(("updatedAt", "lastAdvancedAt", "lastInteractionAt"), AT - 1)
    return {**rows()[0], "id": identity, "contact": contact, **before, **changed}


def answering(*found: dict[str, Any]) -> Callable[[Request], Any]:
    """Lever's list of opportunities with the filters that the lists of changes use."""

    def at(one: dict[str, Any], name: str) -> int:
        if name == "archived":
            return int((one["archived"] or {}).get("archivedAt", 0))
        return int(one[{"updated": "updatedAt", "advanced": "lastAdvancedAt"}[name]] or 0)

    def answer(request: Request) -> dict[str, Any]:
        contacts = [value for name, value in request.params if name == "contact_id"]
        asked = dict(request.params)
        windows = {name: int(asked.get(f"{name}_at_start", 0)) for name in TIMES}
        kept = [
            one
            for one in found
            if (not contacts or one["contact"] in contacts)
            and all(at(one, name) >= start for name, start in windows.items())
            and asked.get("archived") in {None, "true" if one["archived"] else "false"}
        ]
        return page(*kept)

    return answer


TIMES = ("updated", "advanced", "archived")
ARCHIVED = {"reason": "reason-skills", "archivedAt": AT}
NOTHING = {
    "GET /opportunities/deleted": page(),
    "GET /applications/deleted": page(),
    "GET /postings/deleted": page(),
}


def having(
    *found: dict[str, Any],
    chosen: dict[str, str] | None = None,
    answers: dict[str, Any] | None = None,
) -> tuple[Lever, Callable[[], list[Sent]]]:
    """An account with these opportunities, and what it was asked for."""
    more = {**NOTHING, "GET /v1/opportunities": answering(*found), **(answers or {})}
    lever, replay = account(chosen, answers=more)
    return lever, lambda: replay.sent


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


def asked(one: Sent) -> str:
    """A call without what says how and not which."""
    names = sorted(one.params.keys() - {"expand", "limit"})
    return one.path.removeprefix("/v1/") + (f"?{','.join(names)}" if names else "")


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


# Records by id.


@pytest.mark.parametrize(
    ("chosen", "answer", "there"),
    [
        ({}, {"data": opportunity(OPENED)}, True),
        ({}, Reply({"code": "NotFoundError"}, status=404), False),
        ({}, {"data": opportunity(OPENED, confidentiality="confidential")}, False),
        (
            {"confidential": "include"},
            {"data": opportunity(OPENED, confidentiality="confidential")},
            True,
        ),
        (
            {},
            Reply({"code": "ForbiddenError", "message": "No access to Confidential"}, status=403),
            False,
        ),
    ],
)
async def test_what_the_list_would_not_show_is_gone(
    chosen: dict[str, str], answer: Any, there: bool
) -> None:
    lever, _ = having(chosen=chosen, answers={f"GET /opportunities/{OPENED}": answer})

    found = await lever.get_applications([OPENED], ApplicationQuery())

    assert [one.info.id for one in found] == ([OPENED] if there else [])


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (
            Reply({"code": "ForbiddenError", "message": "no"}, status=403),
            kit.PermissionMissingError,
        ),
        (Reply({"code": "InvalidRequest"}, status=400), kit.RejectedError),
        ({"data": opportunity(OPENED, updatedAt=1e40)}, kit.UnexpectedAnswerError),
    ],
)
async def test_a_record_that_cannot_be_read_is_not_gone(
    answer: Any, error: type[kit.HireloomError]
) -> None:
    lever, _ = having(answers={f"GET /opportunities/{OPENED}": answer})

    with travel(Trip()), pytest.raises(error):
        await lever.get_applications([OPENED], ApplicationQuery())


@pytest.mark.parametrize("chosen", [{}, REQUISITIONS], ids=["postings", "requisitions"])
@pytest.mark.parametrize("query", [ApplicationQuery(), CandidateQuery(), JobQuery()])
async def test_an_id_that_is_none_of_lever_s_is_gone_without_a_call(
    query: Query, chosen: dict[str, str]
) -> None:
    lever, sent = having(chosen=chosen)

    assert await by_id(lever, query, ["", ".", "..", "a/b", "REQ-7", "7"]) == []
    assert sent() == []


async def test_people_are_read_by_id_together() -> None:
    lever, sent = having(opportunity(OPENED, PERSON), opportunity(CLOSED, PERSON, createdAt=0))

    [found] = await lever.get_candidates([PERSON, PERSON], CandidateQuery())
    some = await lever.get_candidates([PERSON, FRIEND], CandidateQuery())

    assert found.info.applications == [OPENED, CLOSED]
    assert some == [found]
    assert [one.params["contact_id"] for one in sent() if "contact_id" in one.params] == [
        PERSON,
        f"{PERSON},{FRIEND}",
        FRIEND,
    ]


def resume(org: str) -> dict[str, Any]:
    return page({"id": org, "file": None, "parsedData": {"schools": [{"org": org}]}})


async def test_a_person_reads_the_same_in_whatever_order_the_candidacies_come() -> None:
    first, second = opportunity(OPENED, PERSON), opportunity(CLOSED, PERSON, createdAt=0)
    resumes = {
        f"GET /opportunities/{OPENED}/resumes": resume("Fjord School"),
        f"GET /opportunities/{CLOSED}/resumes": resume("Harbour Academy"),
    }
    query = CandidateQuery(models=(CandidateModel.EDUCATION,))

    found = []
    for order in ((first, second), (second, first)):
        lever, _ = having(*order, answers=resumes)
        found += await lever.list_candidates(query).all()
        found += await lever.get_candidates([PERSON], query)

    assert [each.institute for each in given(found[0].education) or []] == [
        "Fjord School",
        "Harbour Academy",
    ]
    assert found == [found[0]] * 4


async def test_ids_come_without_any_join() -> None:
    lever, sent = having(opportunity(OPENED, PERSON), opportunity(CLOSED, PERSON))

    assert await lever.list_application_ids().all() == [OPENED, CLOSED]
    assert await lever.list_candidate_ids().all() == [PERSON]
    assert [(one.path, one.params) for one in sent()] == [
        ("/v1/opportunities", {"limit": "100"})
    ] * 2


# What comes of it.

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

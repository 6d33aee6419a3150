"""Where Ashby's deltas have no token to go by: times of rows, postings that vanish, refusals."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats.ashby import Ashby
from hireloom.models import (
    ApplicationModel,
    ApplicationQuery,
    CandidateQuery,
    JobModel,
    JobQuery,
)
from tests.connectors.ats.ashby_organisation import done, refused, uid
from tests.replay import Replay, Reply

AT = datetime(2026, 3, 10, tzinfo=UTC)
OLD, NEW = "2026-03-09T23:59:59.999Z", "2026-03-10T00:00:00.000Z"
NOTHING = done([], moreDataAvailable=False)
OFFERS = ApplicationQuery(models=(ApplicationModel.OFFERS,))
POSTS = JobQuery(models=(JobModel.POSTS,))


def since(**marks: str) -> kit.Since:
    return kit.Since(at=AT, marks={kit.MAIN: "main token", **marks})


def application(request: kit.Request) -> dict[str, Any]:
    return done({"id": asked(request)["applicationId"], "status": "Active"})


def job(request: kit.Request) -> dict[str, Any]:
    return done(a_job(asked(request)["id"]))


def a_job(job_id: str, *postings: str) -> dict[str, Any]:
    return {"id": job_id, "status": "Open", "jobPostingIds": postings}


def asked(request: kit.Request) -> Any:
    return json.loads(request.body or b"null")


async def ids_of(pages: kit.Pages[Any]) -> list[str]:
    return [one.info.id for one in await pages.all()]


# Rows without a token.


async def test_of_offers_without_a_token_those_decided_before_are_left_out() -> None:
    offers = [
        {"applicationId": uid("application", 1), "decidedAt": OLD},
        {"applicationId": uid("application", 2), "decidedAt": NEW},
        {"applicationId": uid("application", 3), "latestVersion": {"createdAt": OLD}},
        {
            "applicationId": uid("application", 4),
            "decidedAt": OLD,
            "latestVersion": {"createdAt": NEW},
        },
    ]
    replay = Replay(
        {
            "POST /application.list": NOTHING,
            "POST /offer.list": done(offers, moreDataAvailable=False, syncToken="t"),
            "POST /application.info": application,
        }
    )

    found = await ids_of(replay.connect(Ashby).list_changed_applications(since(), OFFERS))

    # The third is not decided, so nobody knows when it last went on.
    assert found == [uid("application", number) for number in (2, 3, 4)]


async def test_of_schedules_without_a_token_those_that_changed_before_are_left_out() -> None:
    schedules = [
        {"applicationId": uid("application", 1), "createdAt": OLD, "updatedAt": NEW},
        {"applicationId": uid("application", 2), "createdAt": NEW, "updatedAt": OLD},
        {"applicationId": uid("application", 3), "createdAt": OLD},
        {"applicationId": uid("application", 4), "createdAt": NEW},
        {"applicationId": uid("application", 5)},
    ]
    replay = Replay(
        {
            "POST /application.list": NOTHING,
            "POST /interviewSchedule.list": done(schedules, moreDataAvailable=False),
            "POST /application.info": application,
        }
    )
    query = ApplicationQuery(models=(ApplicationModel.INTERVIEWS,))

    found = await ids_of(replay.connect(Ashby).list_changed_applications(since(), query))

    assert found == [uid("application", number) for number in (1, 4, 5)]


async def test_many_changed_rows_are_read_a_few_at_once_from_one_page() -> None:
    rows = [{"applicationId": uid("application", number % 20)} for number in range(40)]
    replay = Replay(
        {
            "POST /application.list": NOTHING,
            "POST /offer.list": done(rows, moreDataAvailable=False, syncToken="next time"),
            "POST /application.info": application,
        }
    )
    ashby = replay.connect(Ashby)

    pages = [page async for page in ashby.list_changed_applications(since(offers="t"), OFFERS)]

    assert [len(page.records) for page in pages] == [0, 8, 8, 4]
    assert [page.marks for page in pages] == [{}, {"offers": "next time"}, {}, {}]
    asked_for = [one for one in replay.sent if one.path == "/offer.list"]
    assert [one.body for one in asked_for] == [{"syncToken": "t", "limit": 100}]


async def test_a_delta_goes_on_with_the_same_parameters() -> None:
    first = done([{"id": uid("candidate", 1)}], moreDataAvailable=True, nextCursor="c")
    last = done([], moreDataAvailable=False, syncToken="next time")
    replay = Replay({"POST /candidate.list": (first, last)})
    query = CandidateQuery(created_after=AT)

    found = await ids_of(replay.connect(Ashby).list_changed_candidates(since(), query))

    assert found == [uid("candidate", 1)]
    body = {"createdAfter": 1773100799999, "syncToken": "main token", "limit": 100}
    assert [one.body for one in replay.sent] == [body, {**body, "cursor": "c"}]


async def test_jobs_are_walked_once_for_each_page_of_changed_departments() -> None:
    departments = {
        None: done([{"id": "d1"}], moreDataAvailable=True, nextCursor="more"),
        "more": done([{"id": "d2"}], moreDataAvailable=False, syncToken="next time"),
    }
    jobs = {
        None: done([in_department(1, "d1")], moreDataAvailable=True, nextCursor='"a cursor"'),
        '"a cursor"': done([in_department(2, "d2"), in_department(3, "d1")]),
    }
    answers = {
        "POST /job.list": lambda request: (
            NOTHING if "syncToken" in asked(request) else jobs[asked(request).get("cursor")]
        ),
        "POST /department.list": lambda request: departments[asked(request).get("cursor")],
    }
    query = JobQuery(models=(JobModel.DEPARTMENTS,))

    found, cursor = list[list[str]](), None
    while cursor is not None or not found:
        ashby = Replay(answers).connect(Ashby)
        page = await ashby.list_changed_jobs(since(departments="t"), query).page(cursor)
        found.append([one.info.id for one in page.records])
        cursor = page.next

    d1, d2, d1_too = (uid("job", number) for number in (1, 2, 3))
    assert found == [[], [d1], [d1_too], [], [d2]]


def in_department(number: int, department: str) -> dict[str, Any]:
    return {**a_job(uid("job", number)), "departmentId": department}


# Postings.


async def changed_jobs(
    replay: Replay, mark: str | None, query: JobQuery = POSTS
) -> tuple[list[str], str]:
    marks = {} if mark is None else {"postings": mark}
    pages = replay.connect(Ashby).list_changed_jobs(since(**marks), query)
    found, kept = [], ""
    async for page in pages:
        found += [one.info.id for one in page.records]
        kept = page.marks.get("postings", kept)
    return found, kept


def posting(number: int, updated: str = OLD) -> dict[str, Any]:
    return {
        "id": uid("posting", number),
        "jobId": uid("job", number),
        "updatedAt": updated,
        "isListed": True,
    }


def jobs_with(*postings: dict[str, Any]) -> Replay:
    """Three jobs, none of which changed itself."""

    def listed(request: kit.Request) -> Any:
        jobs = [] if "syncToken" in asked(request) else [a_job(uid("job", n)) for n in (1, 2, 3)]
        return done(jobs, moreDataAvailable=False)

    return Replay(
        {
            "POST /job.list": listed,
            "POST /job.info": job,
            "POST /jobPosting.list": done(list(postings)),
        }
    )


async def test_only_the_job_of_an_edited_posting_is_read_again() -> None:
    _, before = await changed_jobs(jobs_with(posting(1), posting(2)), None)

    found, _ = await changed_jobs(jobs_with(posting(1), posting(2, NEW)), before)

    assert found == [uid("job", 2)]


async def test_only_the_job_of_a_new_posting_is_read_again() -> None:
    _, before = await changed_jobs(jobs_with(posting(1)), None)

    found, _ = await changed_jobs(jobs_with(posting(1), posting(3)), before)

    assert found == [uid("job", 3)]


async def test_a_posting_that_is_gone_has_all_jobs_read_as_nobody_says_whose_it_was() -> None:
    _, before = await changed_jobs(jobs_with(posting(1), posting(2)), None)

    found, after = await changed_jobs(jobs_with(posting(1)), before)
    again, _ = await changed_jobs(jobs_with(posting(1)), after)

    assert found == [uid("job", 1), uid("job", 2), uid("job", 3)]
    assert again == []


async def test_no_postings_at_all_are_remembered_too() -> None:
    first, mark = await changed_jobs(jobs_with(), None)

    second, _ = await changed_jobs(jobs_with(), mark)

    assert (len(first), second) == (3, [])


@pytest.mark.parametrize("way", ["by id", "all"])
async def test_an_edited_posting_is_not_taken_from_memory(way: str) -> None:
    link = "https://jobs.example/cranes"
    described = {**posting(1), "descriptionHtml": "<p>Old</p>", "externalLink": link}
    replay = Replay(
        {
            "POST /job.list": done([a_job(uid("job", 1), uid("posting", 1))]),
            "POST /job.info": done(a_job(uid("job", 1), uid("posting", 1))),
            "POST /jobPosting.list": done([posting(1)]),
            "POST /jobPosting.info": (
                done(described),
                done({**described, "descriptionHtml": "<p>New</p>"}),
            ),
        }
    )
    query = JobQuery(models=(JobModel.POSTS, JobModel.QUESTIONS))
    ashby = replay.connect(Ashby)

    (before,) = await ashby.list_jobs(query).all()
    if way == "by id":
        (after,) = await ashby.get_jobs([uid("job", 1)], query)
    else:
        *_, after = await ashby.list_changed_jobs(since(), query).all()

    assert (before.info.description, after.info.description) == ("<p>Old</p>", "<p>New</p>")


# What is refused.


@pytest.mark.parametrize(
    "code",
    ["sync_token_expired", "sync_token_invalid", "incremental_sync_too_large", "cursor_invalid"],
)
@pytest.mark.parametrize("as_object", [True, False])
async def test_whatever_leads_no_further_says_to_start_again(code: str, as_object: bool) -> None:
    errors = [{"code": code, "message": "No."}] if as_object else [code]
    replay = Replay({"POST /candidate.list": {"success": False, "errors": errors}})

    with pytest.raises(kit.ConflictError) as error:
        await replay.connect(Ashby).list_changed_candidates(since(), CandidateQuery()).all()

    assert error.value.detail == "sync_token_expired"
    assert error.value.hint == "Start again with a full listing."


async def test_a_delta_that_becomes_too_large_midway_is_read_in_full_from_the_start() -> None:
    first = done([{"applicationId": uid("application", 1)}], moreDataAvailable=True, nextCursor="c")
    whole = done(
        [{"applicationId": uid("application", 2)}], moreDataAvailable=False, syncToken="anew"
    )
    replay = Replay(
        {
            "POST /application.list": NOTHING,
            "POST /offer.list": (first, refused("incremental_sync_too_large"), whole),
            "POST /application.info": application,
        }
    )

    pages = replay.connect(Ashby).list_changed_applications(since(offers="t"), OFFERS)

    assert await ids_of(pages) == [uid("application", 1), uid("application", 2)]
    bodies = [one.body for one in replay.sent if one.path == "/offer.list"]
    assert bodies == [
        {"syncToken": "t", "limit": 100},
        {"syncToken": "t", "limit": 100, "cursor": "c"},
        {"limit": 100},
    ]


async def test_input_refused_for_another_reason_than_the_id_is_no_sign_that_a_record_is_gone() -> (
    None
):
    replay = Replay({"POST /application.info": refused("invalid_input")})

    with pytest.raises(kit.RejectedError):
        await replay.connect(Ashby).get_applications([uid("application", 1)], OFFERS)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refused("missing_endpoint_permission", 403), kit.PermissionMissingError),
        (Reply({"success": False, "errors": ["boom"]}), kit.RejectedError),
    ],
)
async def test_a_call_that_fails_is_no_sign_that_a_record_is_gone(
    answer: Reply, error: type[kit.HireloomError]
) -> None:
    replay = Replay({"POST /job.info": answer})

    with pytest.raises(error):
        await replay.connect(Ashby).get_jobs([uid("job", 1)], JobQuery())


async def test_a_candidate_that_was_merged_into_another_is_gone() -> None:
    replay = Replay({"POST /candidate.info": done({"id": uid("candidate", 2)})})

    found = await replay.connect(Ashby).get_candidates([uid("candidate", 1)], CandidateQuery())

    assert found == []

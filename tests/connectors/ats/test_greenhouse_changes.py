"""Greenhouse: what is asked for changes since a run, for all ids, and for records by id."""

from datetime import UTC, datetime
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
    JobModel,
    JobQuery,
)
from tests.connectors.ats.greenhouse import TABLES, account, asked, having
from tests.connectors.ats.greenhouse_runs import Query, all_ids, by_id, changes
from tests.replay import Reply, sent

WINDOW = "gte|2026-07-01T12:00:00.123Z"
LATER = "2026-07-02T08:00:00.000Z"


def touched(table: str, number: int, **fields: Any) -> dict[str, Any]:
    """A table that answers to its time filter with one row that changed."""
    rows = having(table, number, updated_at=LATER, **fields)
    changed = [row for row in rows if row["id"] == number]

    def answer(request: Request) -> Any:
        return only_asked(changed if "updated_at" in sent(request).params else rows, request)

    return {f"GET /v3/{table}": answer}


def only_asked(rows: list[dict[str, Any]], request: Request) -> list[dict[str, Any]]:
    """The rows that fit the ids and parents of a request, as Greenhouse would choose them."""
    wanted = {
        name.removesuffix("s"): set(text.split(","))
        for name, text in request.params
        if name.endswith("ids")
    }
    return [row for row in rows if all(str(row.get(key)) in ids for key, ids in wanted.items())]


def quiet(*tables: str) -> dict[str, Any]:
    """Tables in which nothing changed, and which know their filters."""

    def of(table: str) -> Any:
        def answer(request: Request) -> Any:
            dated = "updated_at" in sent(request).params
            return [] if dated else only_asked(TABLES[table], request)

        return answer

    return {f"GET /v3/{table}": of(table) for table in tables}


QUIET = quiet(
    "applications",
    "candidates",
    "applied_candidate_tags",
    "application_stages",
    "rejection_details",
    "notes",
    "interviews",
    "interviewers",
    "offers",
    "attachments",
    "candidate_educations",
    "candidate_employments",
    "jobs",
    "openings",
    "job_posts",
    "job_post_locations",
    "pay_input_ranges",
    "job_hiring_managers",
    "job_owners",
    "job_interview_stages",
)


@pytest.mark.parametrize(
    ("query", "tables"),
    [
        (
            ApplicationQuery(),
            [
                "applications", "candidates", "applied_candidate_tags", "application_stages",
                "rejection_details", "notes", "interviews", "interviewers", "offers",
                "attachments",
            ],
        ),
        (ApplicationQuery(models=(ApplicationModel.QUESTION_RESPONSES,)), ["applications"]),
        (
            ApplicationQuery(models=(ApplicationModel.STAGE,)),
            ["applications", "application_stages"],
        ),
        (ApplicationQuery(models=(ApplicationModel.OFFERS,)), ["applications", "offers"]),
        (
            CandidateQuery(),
            [
                "candidates", "applications", "applied_candidate_tags", "candidate_educations",
                "candidate_employments", "attachments",
            ],
        ),
        (CandidateQuery(models=(CandidateModel.LOCATIONS,)), ["candidates"]),
        (
            JobQuery(),
            [
                "jobs", "openings", "job_posts", "job_posts", "job_post_locations",
                "pay_input_ranges", "job_hiring_managers", "job_owners", "job_interview_stages",
            ],
        ),
        (JobQuery(models=(JobModel.DEPARTMENTS, JobModel.RECRUITERS)), ["jobs", "job_owners"]),
    ],
)  # fmt: skip
async def test_a_quiet_account_costs_one_call_for_each_table_that_a_wanted_section_shows(
    query: Query, tables: list[str]
) -> None:
    greenhouse, replay = account(QUIET)

    found = await changes(greenhouse, query).all()

    assert found == []
    assert [one.path.removeprefix("/v3/") for one in replay.sent] == tables
    assert {one.params["updated_at"] for one in replay.sent} == {WINDOW}


async def test_deleted_postings_are_asked_for_because_they_hide() -> None:
    greenhouse, replay = account({**QUIET, **touched("job_posts", 31, active=False)})

    found = await changes(greenhouse, JobQuery(models=(JobModel.POSTS,))).all()

    assert {job.info.id for job in found} == {"21"}
    dated = [one for one in asked(replay, "job_posts") if "updated_at" in one]
    assert [one.get("active") for one in dated] == [None, "false"]


async def test_an_interviewer_leads_to_the_application_by_the_interview() -> None:
    greenhouse, replay = account({**QUIET, **touched("interviewers", 461)})

    wanted = ApplicationQuery(models=(ApplicationModel.INTERVIEWS,))
    found = await changes(greenhouse, wanted).all()

    (row,) = [one for one in TABLES["interviewers"] if one["id"] == 461]
    (interview,) = [one for one in TABLES["interviews"] if one["id"] == row["interview_id"]]
    assert [one.info.id for one in found] == [str(interview["application_id"])]
    assert {"ids": str(interview["id"]), "fields": "id,application_id", "per_page": "500"} in asked(
        replay, "interviews"
    )


async def test_a_note_matters_to_rejected_applications_only() -> None:
    wanted = ApplicationQuery(models=(ApplicationModel.REJECTION,))
    greenhouse, replay = account({**QUIET, **touched("notes", 971, application_id=702)})

    found = await changes(greenhouse, wanted).all()
    none = await changes(
        greenhouse, msgspec.structs.replace(wanted, status=(ApplicationStatus.ACTIVE,))
    ).all()

    assert [one.info.id for one in found] == ["702"]
    assert none == []
    again = [one for one in asked(replay, "applications") if "ids" in one]
    assert again == [{"status": "rejected", "ids": "702", "per_page": "500"}]


async def test_a_record_that_changed_itself_is_not_read_twice() -> None:
    greenhouse, replay = account(
        {**QUIET, **touched("applications", 701), **touched("offers", 201, application_id=701)}
    )

    wanted = ApplicationQuery(models=(ApplicationModel.OFFERS, ApplicationModel.STAGE))
    found = await changes(greenhouse, wanted).all()

    assert [one.info.id for one in found] == ["701"]
    assert len([one for one in asked(replay, "application_stages") if "current" in one]) == 1


async def test_a_row_of_the_very_millisecond_is_not_lost() -> None:
    """The moment has microseconds; Greenhouse cuts its times off after the milliseconds."""
    row = {"id": 201, "application_id": 701, "updated_at": "2026-07-01T12:00:00.123Z"}
    greenhouse, _ = account({**QUIET, "GET /v3/offers": [row]})

    wanted = ApplicationQuery(models=(ApplicationModel.OFFERS,))
    found = await changes(greenhouse, wanted).all()

    assert [one.info.id for one in found] == ["701"]


async def test_a_table_that_does_not_hear_its_time_filter_costs_no_reading_of_records() -> None:
    old = having("offers", 201, updated_at="2026-06-30T00:00:00.000Z")
    old = [{**row, "updated_at": "2026-06-30T00:00:00.000Z"} for row in old]
    greenhouse, replay = account({**QUIET, "GET /v3/offers": old})

    wanted = ApplicationQuery(models=(ApplicationModel.OFFERS,))
    found = await changes(greenhouse, wanted).all()

    assert found == []
    assert len(asked(replay, "applications")) == 1


def refusing_time(table: str) -> dict[str, Any]:
    """A table that does not know the filter updated_at."""
    said = {"message": "Invalid parameters", "errors": [{"field": "updated_at", "message": "no"}]}
    rows = [{**row, "updated_at": LATER} for row in TABLES[table][:1]]

    def answer(request: Request) -> Any:
        return Reply(said, status=422) if "updated_at" in sent(request).params else rows

    return {f"GET /v3/{table}": answer}


async def test_a_refused_time_filter_leaves_a_table_about_people_to_the_next_full_run() -> None:
    greenhouse, replay = account(
        {**QUIET, **refusing_time("interviews"), **touched("offers", 201, application_id=701)}
    )
    models = (ApplicationModel.INTERVIEWS, ApplicationModel.OFFERS)

    found = await changes(greenhouse, ApplicationQuery(models=models)).all()

    assert [one.info.id for one in found] == ["701"]
    assert len(asked(replay, "interviews")) == 1


async def test_a_refused_time_filter_lets_a_table_of_the_company_be_read_whole() -> None:
    greenhouse, replay = account({**QUIET, **refusing_time("job_owners")})

    found = await changes(greenhouse, JobQuery(models=(JobModel.RECRUITERS,))).all()

    job = str(TABLES["job_owners"][0]["job_id"])
    assert [one.info.id for one in found] == [job]
    assert [one.get("updated_at") for one in asked(replay, "job_owners")][:2] == [WINDOW, None]


async def test_the_main_table_refusing_is_an_error() -> None:
    greenhouse, _ = account({**QUIET, **refusing_time("applications")})

    with pytest.raises(kit.RejectedError):
        await changes(greenhouse, ApplicationQuery()).all()


@pytest.mark.parametrize("table", ["applied_candidate_tags", "notes"])
async def test_a_scope_that_only_changes_need_may_be_missing(table: str) -> None:
    greenhouse, _ = account({**QUIET, f"GET /v3/{table}": Reply({}, status=403)})

    assert await changes(greenhouse, ApplicationQuery()).all() == []


async def test_a_scope_that_sections_need_is_missed_by_name() -> None:
    greenhouse, _ = account({**QUIET, "GET /v3/offers": Reply({}, status=403)})

    with pytest.raises(kit.PermissionMissingError, match="harvest:offers:list"):
        await changes(greenhouse, ApplicationQuery()).all()


async def test_an_account_without_pay_transparency_has_no_changes_of_pay() -> None:
    greenhouse, _ = account({**QUIET, "GET /v3/pay_input_ranges": Reply({}, status=404)})

    assert await changes(greenhouse, JobQuery()).all() == []


async def test_native_filters_go_along_whichever_way_a_record_is_read() -> None:
    greenhouse, replay = account({**QUIET, **touched("offers", 201, application_id=701)})
    query = ApplicationQuery(
        updated_after=datetime(2026, 1, 1, tzinfo=UTC),
        updated_before=datetime(2026, 8, 1, tzinfo=UTC),
        job_id=("21",),
        status=(ApplicationStatus.ACTIVE,),
        models=(ApplicationModel.OFFERS,),
    )

    pages = changes(greenhouse, query)
    await pages.all()

    filters = {"job_ids": "21", "status": "active", "per_page": "500"}
    frozen = "|lte|2026-08-01T00:00:00.000Z"
    assert asked(replay, "applications") == [
        {**filters, "updated_at": WINDOW + frozen},
        {**filters, "updated_at": "gte|2026-01-01T00:00:00.000Z" + frozen, "ids": "701"},
    ]
    assert pages.applied == {"updated_after", "updated_before", "job_id", "status"}


async def test_a_later_filter_of_the_query_s_own_moves_the_start() -> None:
    greenhouse, replay = account(QUIET)
    after = datetime(2026, 7, 5, tzinfo=UTC)

    await changes(greenhouse, JobQuery(updated_after=after, models=(JobModel.OFFICES,))).all()

    assert [one["updated_at"] for one in asked(replay, "jobs")] == ["gte|2026-07-05T00:00:00.000Z"]


async def test_of_changed_candidates_only_those_that_the_query_names_are_read() -> None:
    rows = [{"id": number, "updated_at": LATER} for number in (51, 52, 53)]
    greenhouse, replay = account({**QUIET, "GET /v3/candidates": rows})
    query = ApplicationQuery(candidate_id=("52", "99"), models=(ApplicationModel.INFO,))

    await changes(greenhouse, query).all()

    again = [one for one in asked(replay, "applications") if "updated_at" not in one]
    assert [one["candidate_ids"] for one in again] == ["52"]


async def test_records_are_read_again_fifty_to_a_call() -> None:
    rows = [{"id": n, "application_id": 1000 + n, "updated_at": LATER} for n in range(120)]
    greenhouse, replay = account({**QUIET, "GET /v3/offers": rows})

    await changes(greenhouse, ApplicationQuery(models=(ApplicationModel.OFFERS,))).all()

    again = [one["ids"].split(",") for one in asked(replay, "applications") if "ids" in one]
    assert sorted(len(ids) for ids in again) == [20, 50, 50]
    assert {one for ids in again for one in ids} == {str(1000 + n) for n in range(120)}


async def test_a_cursor_in_the_middle_of_a_joined_table_goes_on_in_another_process() -> None:
    link = {"Link": '<https://harvest.greenhouse.io/v3/offers?cursor=abc>; rel="next"'}
    row = {"id": 201, "application_id": 701, "updated_at": LATER}
    answers = {
        **QUIET,
        "GET /v3/offers": Reply([], headers=link),
        "GET /v3/offers?cursor=abc": [row],
    }
    wanted = ApplicationQuery(models=(ApplicationModel.OFFERS,))
    cursor: str | None = None
    found: list[str] = []
    steps = 0

    while cursor is not None or steps == 0:
        greenhouse, _ = account(answers)
        page = await changes(greenhouse, wanted).page(cursor)
        found += [one.info.id for one in page]
        cursor = page.next
        steps += 1

    assert (found, steps) == (["701"], 3)


async def test_a_list_that_does_not_hear_the_ids_gives_no_other_records() -> None:
    def deaf(request: Request) -> Any:
        return [] if "updated_at" in sent(request).params else TABLES["applications"]

    wanted = ApplicationQuery(models=(ApplicationModel.OFFERS,))
    greenhouse, _ = account(
        {
            **QUIET,
            **touched("offers", 201, application_id=701),
            "GET /v3/applications": deaf,
        }
    )

    changed = await changes(greenhouse, wanted).all()
    found = await by_id(greenhouse, wanted, ["701"])

    assert [one.info.id for one in changed] == [one.info.id for one in found] == ["701"]


async def test_ids_that_are_no_numbers_are_gone_and_cost_no_call() -> None:
    greenhouse, replay = account()

    found = await by_id(greenhouse, ApplicationQuery(), ["", "opp-1", "٣", "-1", "9" * 19, "1,2"])

    assert (found, replay.requests) == ([], [])


async def test_what_is_gone_is_left_out_and_templates_are_no_jobs() -> None:
    jobs = having("jobs", 22, is_template=True)
    greenhouse, _ = account({**QUIET, "GET /v3/jobs": jobs})

    found = await by_id(greenhouse, JobQuery(models=(JobModel.OFFICES,)), ["21", "22", "23"])
    ids = await all_ids(greenhouse, JobQuery())

    assert [one.info.id for one in found] == ids == ["21"]


async def test_by_id_a_record_comes_whatever_the_filters_say() -> None:
    greenhouse, replay = account(QUIET)
    query = ApplicationQuery(
        status=(ApplicationStatus.HIRED,),
        job_id=("7",),
        candidate_email=("nobody@mail.example",),
        changed_stage_after=datetime(2030, 1, 1, tzinfo=UTC),
        models=(ApplicationModel.STAGE,),
    )

    found = await by_id(greenhouse, query, ["701", "702"])

    assert {one.info.id for one in found} == {"701", "702"}
    assert asked(replay, "applications") == [{"ids": "701,702", "per_page": "500"}]


async def test_a_failing_call_by_id_is_an_error() -> None:
    greenhouse, _ = account({**QUIET, "GET /v3/candidates": Reply({}, status=403)})

    with pytest.raises(kit.PermissionMissingError):
        await by_id(greenhouse, CandidateQuery(), ["51"])


async def test_all_ids_cost_one_field_and_the_largest_pages() -> None:
    greenhouse, replay = account(QUIET)

    with travel(Trip(page_size=10)):
        found = await all_ids(greenhouse, CandidateQuery())

    assert found == [str(row["id"]) for row in TABLES["candidates"]]
    assert [one.params for one in replay.sent] == [{"fields": "id", "per_page": "500"}]

"""Greenhouse: jobs, and the lists of the company."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from hireloom import kit
from hireloom.models import (
    UNSET,
    Compensation,
    CustomField,
    CustomFieldOption,
    CustomFieldOwner,
    CustomFieldQuery,
    CustomFieldType,
    Department,
    EmploymentType,
    Job,
    JobInfo,
    JobModel,
    JobPost,
    JobQuery,
    JobQuestion,
    JobStatus,
    Location,
    OfApplications,
    Office,
    Openings,
    PostStatus,
    QuestionOption,
    QuestionType,
    RejectionReason,
    RejectionSide,
    Source,
    Stage,
    StageQuery,
    Tag,
)
from tests.connectors.ats.greenhouse import TABLES, account, asked
from tests.connectors.ats.greenhouse_people import IDA, NOON, OLE
from tests.replay import Reply


async def test_a_job_is_put_together_from_its_tables() -> None:
    greenhouse, _ = account()

    (job,) = await greenhouse.list_jobs(JobQuery()).all()

    assert job == Job(
        info=JobInfo(
            id="21",
            title="Welder",
            code="REQ-7",
            description="<p>Weld with us</p>",
            status=JobStatus.OPEN,
            status_source="open",
            confidential=False,
            employment_type=EmploymentType.FULL_TIME,
            employment_type_source="Full-time",
            openings=Openings(total=3, filled=1, open=1),
            created_at=datetime(2026, 2, 1, 9, tzinfo=UTC),
            updated_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
            opened_at=datetime(2026, 2, 2, 9, tzinfo=UTC),
            closed_at=None,
            info_url="https://jobs.weser.example/31",
            custom_fields={
                "employment_type": "Full-time",
                "range": {"min_value": "48000", "max_value": "60000", "unit": "EUR"},
            },
        ),
        departments=[Department(id="71", name="Yard", parent_id="70")],
        offices=[
            Office(
                id="75", name="Bremen", location=Location(raw="Bremen, Germany"), parent_id=None
            ),
            Office(id="76"),
        ],
        hiring_managers=[OLE],
        recruiters=[IDA, OLE],
        stages=[
            Stage(id="41", text="Application review", order=0, job_id="21"),
            Stage(id="42", text="Phone call", order=1, job_id="21"),
        ],
        posts=[
            JobPost(
                id="31",
                title="Welder wanted",
                status=PostStatus.PUBLISHED,
                status_source="live",
                url="https://jobs.weser.example/31",
                content="<p>Weld with us</p>",
                locations=[Location(raw="Bremen, Germany")],
                internal=False,
                published_at=datetime(2026, 2, 3, 9, tzinfo=UTC),
            ),
            JobPost(
                id="32",
                title="Welder (internal)",
                status=PostStatus.PUBLISHED,
                status_source="live",
                url=None,
                content="<p>Colleagues!</p>",
                locations=[Location(raw="Bremen")],
                internal=True,
                published_at=None,
            ),
        ],
        compensation=[
            Compensation(min=Decimal("48000.50"), max=Decimal(60000), currency="EUR"),
            Compensation(min=Decimal(48000), max=Decimal(60000), currency="EUR"),
        ],
        questions=[
            JobQuestion(
                id="first_name",
                text="First name",
                type=QuestionType.TEXT,
                type_source="short_text",
                required=True,
                options=[],
            ),
            JobQuestion(
                id="331",
                text="Which shift?",
                type=QuestionType.SINGLE_CHOICE,
                type_source="single_select",
                required=None,
                options=[QuestionOption(id="1", text="Day"), QuestionOption(id="2", text="Night")],
            ),
        ],
    )


def refusing(parameter: str, rows: list[dict[str, Any]]) -> Any:
    """A table that takes every parameter but one."""

    def answer(request: kit.Request) -> Reply:
        if parameter in dict(request.params):
            return Reply({"message": f"Unknown parameter {parameter}"}, status=422)
        return Reply(rows)

    return answer


async def test_a_table_that_refuses_our_filter_is_read_whole_once() -> None:
    foreign = {"id": 39, "job_id": 29, "title": "Of another job", "active": True}
    greenhouse, replay = account(
        {
            "GET /v3/job_posts": refusing("job_ids", [foreign, *TABLES["job_posts"]]),
            "GET /v3/pay_input_ranges": refusing("job_post_ids", TABLES["pay_input_ranges"]),
        }
    )
    plain, _ = account()
    expected = await plain.list_jobs(JobQuery()).all()

    assert await greenhouse.list_jobs(JobQuery()).all() == expected
    assert await greenhouse.list_jobs(JobQuery()).all() == expected

    refused, whole = asked(replay, "job_posts")
    assert (refused.get("job_ids"), whole) == ("21", {"per_page": "500"})
    assert [one.get("job_post_ids") for one in asked(replay, "pay_input_ranges")][1:] == [None]


async def test_what_scorecards_say_about_people_is_not_kept_in_memory() -> None:
    table = "scorecard_question_answers"
    greenhouse, replay = account({f"GET /v3/{table}": refusing("scorecard_ids", TABLES[table])})
    plain, _ = account()
    expected = await plain.list_scorecards(OfApplications()).all()

    assert await greenhouse.list_scorecards(OfApplications()).all() == expected
    assert await greenhouse.list_scorecards(OfApplications()).all() == expected

    assert ["scorecard_ids" in one for one in asked(replay, table)] == [True, False, False]


async def test_a_table_that_cannot_be_read_at_all_is_told() -> None:
    greenhouse, _ = account({"GET /v3/job_posts": Reply({"errors": ["Closed."]}, status=422)})

    with pytest.raises(kit.RejectedError):
        await greenhouse.list_jobs(JobQuery()).all()


async def test_a_template_is_no_job() -> None:
    greenhouse, _ = account({"GET /v3/jobs": [TABLES["jobs"][0]]})

    assert await greenhouse.list_jobs(JobQuery()).all() == []
    with pytest.raises(kit.ResourceNotFoundError, match="template"):
        await greenhouse.get_job("22")


async def test_an_account_without_pay_ranges_has_jobs_all_the_same() -> None:
    greenhouse, _ = account({"GET /v3/pay_input_ranges": Reply(status=404)})

    (job,) = await greenhouse.list_jobs(JobQuery(models=(JobModel.COMPENSATION,))).all()

    assert job.compensation == [
        Compensation(min=Decimal(48000), max=Decimal(60000), currency="EUR")
    ]


async def test_jobs_are_filtered_by_one_status_and_by_dates() -> None:
    greenhouse, replay = account()

    pages = greenhouse.list_jobs(
        JobQuery(status=(JobStatus.OPEN,), created_after=NOON, models=(JobModel.DEPARTMENTS,))
    )
    await pages.all()

    assert pages.applied == {"status", "created_after"}
    assert asked(replay, "jobs") == [
        {"created_at": "gte|2026-06-01T12:00:00.000Z", "status": "open", "per_page": "500"}
    ]


async def test_stages_that_were_taken_away_are_left_out() -> None:
    greenhouse, replay = account()

    stages = await greenhouse.list_stages(StageQuery(job_id=("21",))).all()

    assert [one.id for one in stages] == ["41", "42"]
    assert asked(replay, "job_interview_stages")[0] == {
        "active": "true",
        "job_ids": "21",
        "per_page": "500",
    }


async def test_the_companys_lists_come_as_they_are() -> None:
    greenhouse, replay = account()

    assert await greenhouse.list_departments().all() == [
        Department(id="71", name="Yard", parent_id="70")
    ]
    assert (await greenhouse.list_offices().all())[0].location == Location(raw="Bremen, Germany")
    assert await greenhouse.list_users().all() == [IDA, OLE]
    assert asked(replay, "users") == [{"show_service_accounts": "true", "per_page": "500"}]
    assert await greenhouse.list_tags().all() == [
        Tag(id="131", name="Night Shift"),
        Tag(id="132", name="harbour"),
    ]
    assert (await greenhouse.list_sources().all())[1] == Source(
        id="82", name="Job fair", type="Attend events"
    )
    assert (await greenhouse.list_rejection_reasons().all())[1] == RejectionReason(
        id="62",
        text="Missing skills",
        side=RejectionSide.ORGANIZATION,
        side_source="We rejected them",
    )


async def test_custom_fields_have_options_but_not_all_schools() -> None:
    greenhouse, replay = account()

    school, colour, budget = await greenhouse.list_custom_fields(
        CustomFieldQuery(owner=(CustomFieldOwner.CANDIDATE,))
    ).all()

    assert asked(replay, "custom_fields")[0]["field_type"] == "candidate"
    assert asked(replay, "custom_field_options")[0]["custom_field_ids"] == "502"
    assert school.options is UNSET
    assert colour == CustomField(
        id="502",
        key="colour",
        label="Colour",
        type=CustomFieldType.SINGLE_SELECT,
        type_source="single_select",
        owner=CustomFieldOwner.CANDIDATE,
        owner_source="candidate",
        required=True,
        active=True,
        options=[CustomFieldOption(id="1003", label="Red")],
    )
    assert (budget.type, budget.owner) == (
        CustomFieldType.NOT_SPECIFIED, CustomFieldOwner.NOT_SPECIFIED
    )  # fmt: skip

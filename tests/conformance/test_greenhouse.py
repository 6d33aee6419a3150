"""Greenhouse against what it publishes: its samples are read, its document allows our requests."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hireloom.connectors.ats.greenhouse import Greenhouse
from hireloom.kit import RejectedError, Request
from hireloom.kit.trip import Trip, travel
from hireloom.models import (
    ApplicationDraft,
    ApplicationQuery,
    ApplicationStatus,
    AttachmentQuery,
    CandidateQuery,
    CustomFieldQuery,
    EeocQuery,
    JobQuery,
    OfApplications,
    RejectionDraft,
    StageMove,
)
from tests.conformance.conftest import Samples
from tests.connectors.ats.greenhouse.paper import paper
from tests.replay import Replay, Reply, sent

# Samples of lists that we read, and what of the record has to arrive.
READ = {
    "v3_applications.list.json": ("applications", "info.candidate.id", "1"),
    "v3_applications.with_custom_fields.list.json": (
        "applications",
        "info.custom_fields",
        {"interview_score": "85.0", "referral_source": "Employee Referral"},
    ),
    "v3_candidates.list.json": ("candidates", "info.last_name", "Current Person"),
    "v3_attachments.list.json": ("attachments", "name", "Oldest Attachments"),
    "v3_custom_fields.list.json": ("custom_fields", "key", "interview_score"),
    "v3_scorecards.list.json": ("scorecards", "recommendation", "STRONG_YES"),
    "v3_users.list.json": ("users", "first_name", "Admin"),
}
# Samples of rows that are joined, and the table that they come from.
JOINED = {
    "v3_application_stages.list.json": ("application_stages", "applications"),
    "v3_custom_field_options.list.json": ("custom_field_options", "custom_fields"),
    "v3_pay_input_ranges.list.json": ("pay_input_ranges", "jobs"),
    "v3_scorecard_questions.list.json": ("scorecard_questions", "scorecards"),
}
# Version 1 lists whose records have kept their shape.
KEPT = {
    "v1_eeoc.list.json": ("eeoc", "application_id", "286"),
    "v1_rejection_reasons.list.json": ("rejection_reasons", "side", "ORGANIZATION"),
    "v1_sources.list.json": ("sources", "type", "Prospecting"),
    "v1_tags.list.json": ("tags", None, None),
    "v1_departments.list.json": ("departments", None, None),
}
TABLES = (
    "applications",
    "applied_candidate_tags",
    "application_stages",
    "attachments",
    "candidates",
    "candidate_educations",
    "candidate_employments",
    "candidate_tags",
    "custom_fields",
    "custom_field_options",
    "departments",
    "eeoc",
    "interview_kits",
    "interviewers",
    "interviews",
    "job_candidate_attributes",
    "job_hiring_managers",
    "job_interview_stages",
    "job_interviews",
    "job_owners",
    "job_post_locations",
    "job_posts",
    "jobs",
    "notes",
    "offers",
    "offices",
    "openings",
    "pay_input_ranges",
    "referrers",
    "rejection_details",
    "rejection_reasons",
    "scorecard_candidate_attributes",
    "scorecard_question_answers",
    "scorecard_question_options",
    "scorecard_questions",
    "scorecards",
    "sources",
    "users",
)


def connected(**tables: Any) -> tuple[Greenhouse, Replay]:
    """A connector over these tables; all others are empty."""
    rows = {f"GET /v3/{table}": tables.get(table, []) for table in TABLES}
    replay = Replay(rows)
    return replay.connect(Greenhouse), replay


def lists(greenhouse: Greenhouse) -> dict[str, Callable[[], Any]]:
    return {
        "applications": lambda: greenhouse.list_applications(ApplicationQuery()),
        "candidates": lambda: greenhouse.list_candidates(CandidateQuery()),
        "attachments": lambda: greenhouse.list_attachments(AttachmentQuery()),
        "custom_fields": lambda: greenhouse.list_custom_fields(CustomFieldQuery()),
        "scorecards": lambda: greenhouse.list_scorecards(OfApplications()),
        "jobs": lambda: greenhouse.list_jobs(JobQuery()),
        "users": greenhouse.list_users,
        "eeoc": lambda: greenhouse.list_eeoc(EeocQuery()),
        "rejection_reasons": greenhouse.list_rejection_reasons,
        "sources": greenhouse.list_sources,
        "tags": greenhouse.list_tags,
        "departments": greenhouse.list_departments,
    }


async def read(greenhouse: Greenhouse, noun: str) -> list[Any]:
    """All of a list, with nothing set aside."""
    trip = Trip()
    with travel(trip):
        found: list[Any] = await lists(greenhouse)[noun]().all()
    assert trip.set_aside == []
    return found


def at(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = getattr(record, name)
    return record


@pytest.mark.parametrize("name", [*READ, *KEPT])
async def test_every_published_list_is_read_whole(
    name: str, samples: Callable[[str], Samples]
) -> None:
    rows = samples("greenhouse")[name]
    noun, path, value = {**READ, **KEPT}[name]
    table = "candidate_tags" if noun == "tags" else noun
    greenhouse, _ = connected(**{table: rows})

    found = await read(greenhouse, noun)

    assert len(found) == len(rows)
    if path is not None:
        assert at(found[0], path) == value


@pytest.mark.parametrize("name", JOINED)
async def test_every_published_table_is_joined_whole(
    name: str, samples: Callable[[str], Samples]
) -> None:
    table, noun = JOINED[name]
    rows = samples("greenhouse")[name]
    parents: dict[str, Any] = {
        "applications": [{"id": 1, "status": "in_process", "stage_id": 5, "stage_name": "x"}],
        "custom_fields": [{"id": 100002, "value_type": "single_select"}],
        "jobs": [{"id": 1}],
        "job_posts": [{"id": 1, "job_id": 1}],
        "scorecards": [{"id": 1}],
        "scorecard_question_answers": [
            {"id": 9, "scorecard_id": 1, "scorecard_question_id": 2, "answer": "a"}
        ],
    }
    greenhouse, _ = connected(**{**parents, table: rows})

    (found,) = await read(greenhouse, noun)

    arrived: dict[str, Callable[[], bool]] = {
        "application_stages": lambda: found.current_stage.id == "4",
        "custom_field_options": lambda: len(found.options) == len(rows),
        "pay_input_ranges": lambda: str(found.compensation[0].max) == "25",
        "scorecard_questions": lambda: found.sections[0].fields[0].label == "Multi Select Question",
    }
    assert arrived[table]()


async def test_the_samples_of_single_records_are_read(samples: Callable[[str], Samples]) -> None:
    shown = samples("greenhouse")
    for name in ("create", "update", "convert_to_candidate"):
        greenhouse, _ = connected(applications=[shown[f"v3_applications.{name}.json"]])
        (application,) = await read(greenhouse, "applications")
        assert application.info.status is ApplicationStatus.ACTIVE
    greenhouse, _ = connected(candidates=[shown["v3_candidates.update.json"]])
    (candidate,) = await read(greenhouse, "candidates")
    assert candidate.info.first_name == "Updated First Name"
    greenhouse, _ = connected(scorecards=[shown["v3_scorecards.create.json"]])
    (card,) = await read(greenhouse, "scorecards")
    assert card.comment == "Notes"
    greenhouse, _ = connected(users=[shown["v3_users.create.json"]])
    (user,) = await read(greenhouse, "users")
    assert user.email == "john.doe@gmail.com"


async def test_published_errors_are_told_in_their_words(
    samples: Callable[[str], Samples],
) -> None:
    shown = samples("greenhouse")
    words = {
        "v3_error.json": "unknown_field: Invalid attribute: unknown_field",
        "v3_error.delete.json": "id: Could not find application with id 99999",
    }
    for name, told in words.items():
        replay = Replay({"GET /v3/users": Reply(shown[name], status=422)})
        with pytest.raises(RejectedError) as caught:
            await replay.connect(Greenhouse).verify()
        assert caught.value.upstream is not None
        assert told in (caught.value.upstream.body or "")


# Requests.


def operation_of(spec: Any, request: Request) -> Any:
    """The published operation of a request; None where the document leaves it empty."""
    path = request.url.removeprefix("https://harvest.greenhouse.io")
    template = "/".join("{id}" if part.isdigit() else part for part in path.split("/"))
    return spec["paths"].get(template, {}).get(request.method.lower()) or None


def problems(spec: Any, request: Request) -> Iterator[str]:
    """What the published document says against a request."""
    operation = operation_of(spec, request)
    if operation is None:
        return
    schemas = {one["name"]: one for one in operation.get("parameters", ())}
    for name, text in request.params:
        if name not in schemas:
            yield f"{request.method} {request.url}: no parameter {name}"
            continue
        validator = Draft202012Validator(schemas[name]["schema"])
        yield from (error.message for error in validator.iter_errors(value(schemas[name], text)))
    if request.body is not None:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        body = sent(request).body
        yield from (error.message for error in Draft202012Validator(schema).iter_errors(body))


def value(parameter: Any, text: str) -> Any:
    """A parameter's text as the value that its style writes."""
    kind = parameter["schema"].get("type")
    if kind == "object":  # pipeDelimited: gte|…|lte|…
        parts = text.split("|")
        assert len(parts) % 2 == 0
        return dict(zip(parts[::2], parts[1::2], strict=True))
    if kind == "array":
        whole = parameter["schema"]["items"].get("type") == "integer"
        return [int(part) if whole else part for part in text.split(",")]
    plain: dict[str, Callable[[str], Any]] = {
        "integer": int,
        "boolean": {"true": True, "false": False}.__getitem__,
    }
    return plain.get(kind, str)(text)


async def test_requests_are_those_that_the_document_allows(
    spec: Callable[[str], Any], samples: Callable[[str], Samples]
) -> None:
    document = spec("greenhouse.json")
    stage = {"id": 5, "application_id": 1, "job_interview_stage_id": 4, "current": True}
    application = {
        "id": 1,
        "candidate_id": 2,
        "job_id": 3,
        "stage_id": 5,
        "recruiter_id": 6,
        "status": "in_process",
    }
    rejected = {**application, "id": 7, "status": "rejected", "stage_id": None}
    greenhouse, replay = connected(
        applications=[application, rejected],
        application_stages=[stage],
        jobs=[{"id": 3}],
        job_posts=[{"id": 8, "job_id": 3}],
        scorecards=[{"id": 9, "application_id": 1}],
    )
    replay.answers = {
        **replay.answers,
        "GET /v3/applications?ids=1": [application],
        "POST /v3/applications": {"id": 10},
        "POST /v3/applications/1/move": Reply(status=204),
        "POST /v3/applications/1/reject": Reply(status=204),
        "PATCH /v3/applications/1": {"id": 1},
        "GET /v3/custom_fields": samples("greenhouse")["v3_custom_fields.list.json"],
    }
    moment = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)

    await greenhouse.verify()
    await greenhouse.list_users().all()
    await greenhouse.list_jobs(JobQuery()).all()
    await greenhouse.list_scorecards(OfApplications(application_id=("1", "7"))).all()
    for status in (ApplicationStatus.ACTIVE, ApplicationStatus.HIRED, ApplicationStatus.CONVERTED):
        query = ApplicationQuery(
            created_after=moment,
            updated_before=moment,
            job_id=("3",),
            candidate_id=("2", "4"),
            status=(status,),
        )
        await greenhouse.list_applications(query).all()
    await greenhouse.create_application(
        ApplicationDraft(job_id="3", candidate_id="2", initial_stage_id="4")
    )
    replay.answers = {**replay.answers, "GET /v3/applications": [application]}
    await greenhouse.move_application(StageMove(application_id="1", stage_id="11"))
    await greenhouse.reject_application(
        RejectionDraft(application_id="1", rejection_reason_id="12", note="x")
    )
    await greenhouse.update_score_fields(
        paper(application_id="1", custom_fields={"score": "interview_score"})
    )

    described = [one for one in replay.requests if operation_of(document, one)]
    assert {one.url.rpartition("/v3/")[2] for one in described} == {
        "applications",
        "applications/1",
        "applications/1/move",
        "applications/1/reject",
        "application_stages",
        "pay_input_ranges",
        "scorecards",
        "users",
    }
    assert [problem for one in described for problem in problems(document, one)] == []


async def test_every_path_and_scope_is_published(
    spec: Callable[[str], Any], samples: Callable[[str], Samples]
) -> None:
    document = spec("greenhouse.json")
    scopes = str(document["components"]["securitySchemes"])
    greenhouse, replay = connected(
        applications=[{"id": 1, "candidate_id": 2, "status": "rejected", "source_id": 3}],
        candidates=[{"id": 2}],
        jobs=[{"id": 3, "department_id": 4, "office_ids": [5]}],
        job_posts=[{"id": 8, "job_id": 3}],
        scorecards=[{"id": 9, "application_id": 1}],
        custom_fields=[{"id": 6, "value_type": "single_select"}],
    )

    for noun in lists(greenhouse):
        await read(greenhouse, noun)
    with_plan, plan = connected(
        job_interviews=[{"id": 7, "name": "Seam test", "job_id": 21}],
        interview_kits=[{"id": 8, "job_id": 21, "job_interview_id": 7}],
        scorecard_questions=[
            {"id": 9, "interview_kit_id": 8, "question": "TIG", "answer_type": "single_select"}
        ],
        users=[{"id": 11}],
    )
    made = samples("greenhouse")["v3_scorecards.create.json"]
    plan.answers = {**plan.answers, "POST /v3/scorecards": made}
    await with_plan.create_scorecard(paper())

    for request in [*replay.requests, *plan.requests]:
        path = request.url.removeprefix("https://harvest.greenhouse.io")
        assert path in document["paths"]
        assert greenhouse.permission(request).removeprefix("the scope ") in scopes

"""Greenhouse's webhooks against its samples; requests for changes against its document."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from hireloom import kit
from hireloom.connectors.ats.greenhouse import Greenhouse
from hireloom.models import ApplicationQuery, CandidateQuery, DataType, JobQuery
from tests.conformance.conftest import Samples
from tests.conformance.test_greenhouse import connected, operation_of, problems
from tests.replay import Replay

SECRET = "a shared secret"
APPLICATIONS, CANDIDATES, JOBS = DataType.APPLICATIONS, DataType.CANDIDATES, DataType.JOBS

# What each published webhook names; all others name nothing that is read here.
NAMED: dict[str, set[tuple[DataType, str]]] = {
    "application_updated": {(APPLICATIONS, "22202940")},
    "candidate_anonymized": {(CANDIDATES, "37031511")},
    "candidate_stage_change": {(APPLICATIONS, "265277")},
    "delete_application": {(APPLICATIONS, "46194062"), (CANDIDATES, "37031511")},
    "delete_candidate": {
        (APPLICATIONS, "46196263"),
        (APPLICATIONS, "46196258"),
        (CANDIDATES, "37031511"),
    },
    "hire_candidate": {(APPLICATIONS, "46194062"), (JOBS, "323753")},
    "job_approved": {(JOBS, "100445")},
    "job_created": {(JOBS, "371417")},
    "job_deleted": {(JOBS, "209256")},
    "job_interview_stage_deleted": {(JOBS, "60453")},
    "job_post_created": {(JOBS, "1842002")},
    "job_post_deleted": {(JOBS, "284999")},
    "job_post_updated": {(JOBS, "1842002")},
    "job_updated": {(JOBS, "100445")},
    "merge_candidate": {(CANDIDATES, "37031511"), (CANDIDATES, "457456")},
    "new_candidate_application": {(APPLICATIONS, "71980812"), (CANDIDATES, "60304594")},
    "new_prospect_application": {(APPLICATIONS, "979554"), (CANDIDATES, "968190")},
    "offer_approved": {(APPLICATIONS, "234556")},
    "offer_created": {(APPLICATIONS, "234556")},
    "offer_deleted": {(APPLICATIONS, "46194062")},
    "offer_updated": {(APPLICATIONS, "234556")},
    "reject_candidate": {(APPLICATIONS, "265293")},
    "unhire_candidate": {(APPLICATIONS, "265293"), (JOBS, "371417")},
    "unreject_candidate": {(APPLICATIONS, "265293")},
    "update_candidate": {(CANDIDATES, "15696179")},
}


def test_every_published_webhook_is_read_and_gives_the_ids_that_stand_in_it(
    samples: Callable[[str], Samples],
) -> None:
    shown = samples("greenhouse")
    names = shown.names("webhook_*.json")
    greenhouse = Replay({}).connect(Greenhouse)

    for name in names:
        body = shown.bytes(name)
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        news = greenhouse.read_hook(kit.Hook({"signature": f"sha256 {digest}"}, body), {"": SECRET})
        assert name == f"webhook_{news.event}.webhook.json"
        assert {(one.data_type, one.id) for one in news.touched} == NAMED.get(news.event, set())

    assert {f"webhook_{event}.webhook.json" for event in NAMED} <= set(names)


async def test_every_event_can_be_registered_as_the_document_says(
    spec: Callable[[str], Any],
) -> None:
    document = spec("greenhouse.json")
    replay = Replay({"POST /v3/webhooks": {"id": 1}, "DELETE /v3/webhooks/1": {}})
    greenhouse = replay.connect(Greenhouse)
    assert greenhouse.hooks is not None

    for event in greenhouse.hooks.events:
        await greenhouse.register_hook(event, "https://x.example/h", SECRET)
    await greenhouse.remove_hook("1")

    assert [problem for one in replay.requests for problem in problems(document, one)] == []
    assert all(operation_of(document, one) for one in replay.requests)


async def test_changes_and_ids_are_asked_as_the_document_allows(
    spec: Callable[[str], Any],
) -> None:
    document = spec("greenhouse.json")
    scopes = str(document["components"]["securitySchemes"])
    since = kit.Since(datetime(2026, 1, 1, tzinfo=UTC))
    old = "2025-01-01T00:00:00.000Z"
    greenhouse, replay = connected(
        applications=[{"id": 1, "candidate_id": 2, "status": "rejected", "updated_at": old}],
        candidates=[{"id": 2}],
        jobs=[{"id": 3, "updated_at": old}],
        job_posts=[{"id": 8, "job_id": 3}],
        interviews=[{"id": 4, "application_id": 1}],
        interviewers=[{"id": 5, "interview_id": 4}],
        application_stages=[{"id": 6, "application_id": 1}],
        pay_input_ranges=[{"id": 7, "job_post_id": 8}],
        applied_candidate_tags=[],
    )

    await greenhouse.list_changed_applications(since, ApplicationQuery()).all()
    await greenhouse.list_changed_candidates(since, CandidateQuery()).all()
    await greenhouse.list_changed_jobs(since, JobQuery()).all()
    await greenhouse.list_application_ids().all()
    await greenhouse.list_candidate_ids().all()
    await greenhouse.list_job_ids().all()

    described = [one for one in replay.requests if operation_of(document, one)]
    assert {one.url.rpartition("/v3/")[2] for one in described} >= {
        "applications",
        "application_stages",
        "pay_input_ranges",
    }
    assert [problem for one in described for problem in problems(document, one)] == []
    for request in replay.requests:
        schemas = document["components"]["schemas"]
        fields = dict(request.params).get("fields", "id").split(",")
        assert set(fields) <= columns(schemas, request.url.rpartition("/v3/")[2])
        assert request.url.removeprefix("https://harvest.greenhouse.io") in document["paths"]
        assert greenhouse.permission(request).removeprefix("the scope ") in scopes


def columns(schemas: Any, table: str) -> set[str]:
    """The published fields of a table; of candidates the document has none."""
    shape = schemas[{"candidates": "candidate"}.get(table, table.removesuffix("s"))]
    return set(shape.get("properties", ())) or {"id", "updated_at"}

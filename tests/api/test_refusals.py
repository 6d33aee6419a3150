"""Bad input, and the answer that it gets."""

import time
from types import SimpleNamespace

import msgspec
import pytest

from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from tests.service import Service, running


async def test_a_call_without_a_key_is_401(service: Service) -> None:
    answer = await service.http.get("/v1.0/connector.list")

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "key.invalid"
    assert "hireloom keys create" in answer.json()["error"]["hint"]


@pytest.mark.parametrize("header", ["", "Basic abc", "Bearer", "Bearer hl_wrong", "hl_wrong"])
async def test_a_wrong_key_is_401(service: Service, header: str) -> None:
    answer = await service.http.get("/v1.0/connector.list", headers={"Authorization": header})

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "key.invalid")


async def test_a_key_without_the_scope_is_403_and_says_what_it_has(service: Service) -> None:
    reader = await service.make_key("read")

    answer = await service.post("auth.createSession", key=reader)

    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "key.scope_missing"
    assert "'admin'" in answer.json()["error"]["msg"]


async def test_an_unknown_integration_is_404(service: Service) -> None:
    answer = await service.get("ats.job.list", "int_nobody")

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "integration.not_found")


async def test_a_call_for_no_integration_names_the_header(service: Service) -> None:
    answer = await service.get("ats.job.list")

    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][0]["path"] == "X-Integration-Id"


async def test_the_alias_of_the_integration_header_is_taken(service: Service) -> None:
    integration = await service.connect("greenhouse")

    answer = await service.http.get(
        "/v1.0/ats.department.list",
        headers=service.headers() | {"X-Knit-Integration-Id": integration},
    )

    assert answer.status_code == 200


async def test_an_unknown_parameter_is_400_with_its_path(service: Service) -> None:
    integration = await service.connect("greenhouse")

    answer = await service.get("ats.job.list", integration, color="red")

    assert answer.status_code == 400
    assert answer.json()["error"]["fields"] == [{"path": "color", "msg": "is not known here"}]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"candidateId": "1", "content": "x", "tone": "kind"}, "tone"),
        ({"candidateId": 1, "content": "x"}, "candidateId"),
        ({"candidateId": "1"}, "content"),
        ({"candidateId": "1", "content": "x", "contentType": "RTF"}, "contentType"),
        ([], "(body)"),
    ],
)
async def test_a_body_of_the_wrong_shape_is_400_with_its_path(
    service: Service, body: object, path: str
) -> None:
    integration = await service.connect("greenhouse")

    answer = await service.post("ats.candidate.note.create", integration, body=body)

    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][0]["path"] == path


async def test_a_deep_path_is_named_to_its_end(service: Service) -> None:
    integration = await service.connect("greenhouse")
    candidate = {"firstName": "A", "lastName": "B", "emails": [{"email": 7}]}

    answer = await service.post(
        "ats.application.create", integration, body={"jobId": "1", "candidate": candidate}
    )

    assert answer.json()["error"]["fields"][0]["path"] == "candidate.emails[0].email"


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'{"a":' + b"[" * 5000])
async def test_a_body_that_is_no_json_is_400(service: Service, content: bytes) -> None:
    integration = await service.connect("greenhouse")

    answer = await service.http.post(
        "/v1.0/ats.candidate.note.create", content=content, headers=service.headers(integration)
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "request.invalid")


async def test_a_body_over_the_limit_is_413(service: Service) -> None:
    integration = await service.connect("greenhouse")
    limit = service.desk.settings.max_body_bytes

    answer = await service.http.post(
        "/v1.0/ats.candidate.note.create",
        content=b"x" * (limit + 1),
        headers=service.headers(integration),
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "request.too_large")


async def test_an_instant_without_a_zone_is_400_and_shows_how(service: Service) -> None:
    integration = await service.connect("greenhouse")

    answer = await service.get(
        "ats.application.list", integration, createdAfter="2026-01-01T00:00:00"
    )

    assert answer.status_code == 400
    assert "2026-11-21T10:00:00Z" in answer.json()["error"]["msg"]


async def test_an_unknown_method_is_404_and_a_wrong_verb_405(service: Service) -> None:
    unknown = await service.get("ats.salary.list")
    wrong = await service.post("ats.job.list")

    assert (unknown.status_code, unknown.json()["success"]) == (404, False)
    assert wrong.status_code == 405
    assert "does not take POST" in wrong.json()["error"]["msg"]


async def test_a_deactivated_integration_is_410_until_it_is_reactivated(service: Service) -> None:
    integration = await service.connect("greenhouse")
    await service.post("integration.deactivate", integration)

    refused = await service.get("ats.department.list", integration)
    await service.post("integration.reactivate", integration)
    answered = await service.get("ats.department.list", integration)

    assert (refused.status_code, refused.json()["error"]["category"]) == (410, "you")
    assert answered.status_code == 200


async def test_every_answer_names_its_execution(service: Service) -> None:
    for path in ("/v1.0/connector.list", "/v1.0/nothing", "/v1.0/ats.job.list"):
        answer = await service.http.get(path)

        assert answer.headers["X-Execution-Id"].startswith("ex_")
        assert answer.headers["X-Knit-Execution-Id"] == answer.headers["X-Execution-Id"]
        assert answer.json()["error"]["executionId"] == answer.headers["X-Execution-Id"]


async def test_a_key_over_our_own_limit_is_429_with_retry_after(
    settings: Settings, vendors: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_minute = SimpleNamespace(time=lambda: 1_000_000.0, monotonic=time.monotonic)
    monkeypatch.setattr("hireloom.api.guards.time", one_minute)
    async with running(msgspec.structs.replace(settings, rate_limit=2), vendors) as service:
        answers = [await service.get("connector.list") for _ in range(6)]

    assert answers[0].status_code == 200
    assert answers[-1].json()["error"]["code"] == "rate.limited"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60

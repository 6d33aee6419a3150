"""Vendors that misbehave, and what the caller hears of it."""

import pytest

from hireloom import connectors
from hireloom.kit import retries, trip
from tests.service import Service

SAYS_HOW_LONG = {"greenhouse", "ashby"}  # Lever sends no Retry-After

every_connector = pytest.mark.parametrize("app", connectors.names())


@every_connector
async def test_an_html_page_is_502_and_says_so(service: Service, app: str) -> None:
    integration = await service.connect(app)
    service.faults({"vendor": app, "path": "/*", "kind": "html"})

    answer = await service.get("ats.user.list", integration)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (502, "upstream.unexpected")
    assert "HTML" in error["msg"]
    assert error["category"] == "vendor"


@every_connector
async def test_truncated_json_is_502(service: Service, app: str) -> None:
    integration = await service.connect(app)
    service.faults({"vendor": app, "path": "/*", "kind": "truncate"})

    answer = await service.get("ats.user.list", integration)

    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream.unexpected")


@every_connector
async def test_a_record_of_a_changed_type_is_set_aside_and_the_page_goes_on(
    service: Service, app: str
) -> None:
    integration = await service.connect(app)
    before = (await service.get("ats.user.list", integration, pageSize=20)).json()
    service.faults({"vendor": app, "path": "/*", "kind": "type_change", "field": "id"})

    answer = (await service.get("ats.user.list", integration, pageSize=20)).json()

    (aside,) = answer["meta"]["setAside"]
    assert "[0].id" in aside["path"]
    assert aside["reason"].startswith("Expected")
    assert len(answer["data"]["users"]) == len(before["data"]["users"]) - 1


@every_connector
async def test_a_storm_of_429_ends_in_503_with_retry_after(service: Service, app: str) -> None:
    integration = await service.connect(app)
    service.faults({"vendor": app, "path": "/*", "kind": "429", "retry_after": 45})

    answer = await service.get("ats.user.list", integration)

    counts = service.calls(app)["counts"]
    calls = sum(count for call, count in counts.items() if call.endswith(" 429"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "upstream.rate_limited")
    if app in SAYS_HOW_LONG:
        assert 40 <= int(answer.headers["Retry-After"]) <= 46
        assert calls == 1  # it does not wait for what it cannot wait out
    else:
        assert int(answer.headers["Retry-After"]) >= 1
        assert calls <= retries.RATE_LIMITED_ATTEMPTS


@every_connector
async def test_a_short_429_is_waited_out(service: Service, app: str) -> None:
    integration = await service.connect(app)
    service.faults({"vendor": app, "path": "/*", "kind": "429", "retry_after": 1, "times": 2})

    answer = await service.get("ats.user.list", integration)

    assert answer.status_code == 200
    assert answer.json()["meta"]["rateLimitWaitMs"] > 500


@every_connector
async def test_a_read_survives_two_failures(service: Service, app: str) -> None:
    integration = await service.connect(app)
    service.faults(
        {"vendor": app, "path": "/*", "kind": "status", "status": 500, "times": 1},
        {"vendor": app, "path": "/*", "kind": "drop", "times": 1, "after": 1},
    )

    answer = await service.get("ats.user.list", integration)

    assert answer.status_code == 200


@every_connector
async def test_a_vendor_that_is_down_is_503(service: Service, app: str) -> None:
    integration = await service.connect(app)
    service.faults({"vendor": app, "path": "/*", "kind": "status", "status": 503})

    answer = await service.get("ats.user.list", integration)

    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "upstream.unavailable")
    assert answer.json()["error"]["retryable"] is True
    assert int(answer.headers["Retry-After"]) >= 1


@every_connector
async def test_a_vendor_that_hangs_is_504_when_the_time_is_up(
    service: Service, app: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    integration = await service.connect(app)
    service.faults({"vendor": app, "path": "/*", "kind": "timeout", "seconds": 3600})
    monkeypatch.setattr(trip, "OPERATION_SECONDS", 1.5)

    answer = await service.get("ats.user.list", integration)

    assert (answer.status_code, answer.json()["error"]["code"]) == (504, "upstream.timeout")


async def test_a_token_that_is_refused_early_is_renewed_unseen(service: Service) -> None:
    integration = await service.connect("greenhouse")
    service.faults({"vendor": "greenhouse", "path": "/v3/*", "kind": "expired_token", "times": 1})

    answer = await service.get("ats.user.list", integration)

    assert answer.status_code == 200


@every_connector
async def test_a_failing_vendor_answer_never_reaches_the_caller_unredacted(
    service: Service, app: str
) -> None:
    integration = await service.connect_for_writes(app)

    answer = await service.post(
        "ats.application.create",
        integration,
        {
            "jobId": "ines.duarte@example.com",
            "candidate": {
                "firstName": "Zebulina",
                "lastName": "Quatermassova",
                "emails": [{"email": "zebulina@planted.example.com"}],
            },
        },
    )

    assert 400 <= answer.status_code < 500
    assert "Zebulina" not in answer.text
    assert "planted" not in answer.text

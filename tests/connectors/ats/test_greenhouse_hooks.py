"""Greenhouse's webhooks: signed here by hand, as Greenhouse says that it signs them."""

import hashlib
import hmac
import json
from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats.greenhouse import Greenhouse
from hireloom.models import DataType, Happening
from tests.connectors.ats.greenhouse import account
from tests.replay import Replay, Reply

SECRET = "night-ferry-secret"
APPLICATIONS, CANDIDATES, JOBS = DataType.APPLICATIONS, DataType.CANDIDATES, DataType.JOBS


def signed(body: bytes, secret: str = SECRET) -> str:
    return "sha256 " + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def hook(body: bytes, **headers: str) -> kit.Hook:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return kit.Hook({"signature": signed(body), **named}, body)


def event(action: str, payload: Any) -> bytes:
    return json.dumps({"action": action, "payload": payload}).encode()


def read(one: kit.Hook, secret: str = SECRET) -> kit.News:
    return Replay({}).connect(Greenhouse).read_hook(one, {"": secret})


def touched(action: str, payload: Any) -> list[tuple[DataType, str]]:
    news = read(hook(event(action, payload)))
    assert news.event == action
    return [(one.data_type, one.id) for one in news.touched]


APPLIED = {"application": {"id": 7, "candidate": {"id": 8}, "jobs": [{"id": 9}]}}


@pytest.mark.parametrize(
    ("action", "payload", "expected"),
    [
        ("new_candidate_application", APPLIED, [(APPLICATIONS, "7"), (CANDIDATES, "8")]),
        ("new_prospect_application", APPLIED, [(APPLICATIONS, "7"), (CANDIDATES, "8")]),
        ("application_updated", APPLIED, [(APPLICATIONS, "7")]),
        ("candidate_stage_change", APPLIED, [(APPLICATIONS, "7")]),
        ("reject_candidate", APPLIED, [(APPLICATIONS, "7")]),
        ("hire_candidate", APPLIED, [(APPLICATIONS, "7"), (JOBS, "9")]),
        (
            "hire_candidate",
            {"application": {"id": 7, "job": {"id": 9}, "jobs": [{"id": 9}]}},
            [(APPLICATIONS, "7"), (JOBS, "9")],
        ),
        (
            "delete_application",
            {"application": {"id": 7, "candidate_id": 8, "job_id": 9}},
            [(APPLICATIONS, "7"), (CANDIDATES, "8")],
        ),
        ("update_candidate", {"candidate": {"id": 8}}, [(CANDIDATES, "8")]),
        (
            "update_candidate",
            {"candidate": {"id": "8", "application_ids": [7, 6]}},
            [(APPLICATIONS, "7"), (APPLICATIONS, "6"), (CANDIDATES, "8")],
        ),
        ("candidate_anonymized", {"candidate_id": 8}, [(CANDIDATES, "8")]),
        (
            "merge_candidate",
            {"person": {"id": 8, "new_candidate_id": 5}},
            [(CANDIDATES, "8"), (CANDIDATES, "5")],
        ),
        (
            "delete_candidate",
            {"person": {"id": 8, "deleted_application_ids": [7, 6]}},
            [(APPLICATIONS, "7"), (APPLICATIONS, "6"), (CANDIDATES, "8")],
        ),
        ("offer_updated", {"id": 3, "application_id": 7, "job_id": 9}, [(APPLICATIONS, "7")]),
        (
            "offer_deleted",
            {"offer": {"id": 3, "application_id": 7, "job_id": 9}},
            [(APPLICATIONS, "7")],
        ),
        ("interview_deleted", {"interview": {"id": 3}}, []),
        (
            "interview_deleted",
            {"interview": {"id": 3, "application_id": 7}},
            [(APPLICATIONS, "7")],
        ),
        ("job_created", {"job": {"id": 9}}, [(JOBS, "9")]),
        ("job_deleted", {"job": {"id": 9}}, [(JOBS, "9")]),
        ("job_post_updated", {"id": 4, "job_id": 9}, [(JOBS, "9")]),
        ("job_post_deleted", {"job_post": {"id": 4, "job_id": 9}}, [(JOBS, "9")]),
        ("job_post_created", {"id": 4, "job_id": None}, []),
        ("job_interview_stage_deleted", {"job_interview_stage": {"job_id": 9}}, [(JOBS, "9")]),
    ],
)
def test_an_event_touches_what_it_names(
    action: str, payload: Any, expected: list[tuple[DataType, str]]
) -> None:
    assert touched(action, payload) == expected


@pytest.mark.parametrize(
    ("action", "payload"),
    [
        ("ping", {"web_hook_id": 1}),
        ("scorecard_deleted", {"scorecard": {"id": 1, "candidate_id": 8}}),
        ("moon_phase_changed", ["any", "shape"]),
        ("office_deleted", None),
    ],
)
def test_a_ping_and_events_that_mean_nothing_here_touch_nothing(action: str, payload: Any) -> None:
    assert touched(action, payload) == []


def test_a_delivery_is_known_by_its_header() -> None:
    news = read(hook(event("job_updated", {"job": {"id": 9}}), greenhouse_event_id="ev-1"))

    assert (news.id, news.sent_at) == ("ev-1", None)


def test_a_delivery_without_an_id_is_known_by_its_body() -> None:
    one, same, other = (
        read(hook(event("job_updated", {"job": {"id": number}}))) for number in (9, 9, 10)
    )

    assert one.id == same.id != other.id


def test_the_signature_is_over_the_body_as_it_came() -> None:
    """Greenhouse escapes some signs; the same JSON written otherwise has another signature."""
    body = rb'{"action":"job_updated","payload":{"job":{"id":9,"notes":"\u003cp\u003eHi"}}}'
    anew = json.dumps(json.loads(body)).encode()

    assert read(hook(body)).touched == (kit.Touched(JOBS, "9"),)
    with pytest.raises(kit.SignatureInvalidError):
        read(kit.Hook({"signature": signed(body)}, anew))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"signature": ""},
        {"signature": "sha256"},
        {"signature": signed(b"{}")[7:]},
        {"signature": signed(b"{}").replace("sha256", "md5")},
        {"signature": signed(b"{}", "another secret")},
        {"signature": "sha256 é"},
    ],
    ids=["none", "empty", "no hex", "no algorithm", "md5", "another secret", "no ASCII"],
)
def test_what_greenhouse_did_not_sign_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(kit.SignatureInvalidError):
        read(kit.Hook(headers, b"{}"))


def test_without_a_secret_nothing_is_believed() -> None:
    body = event("job_updated", {"job": {"id": 9}})

    for secrets in ({}, {"": ""}, {"job_updated": SECRET}):
        with pytest.raises(kit.SignatureInvalidError):
            Replay({}).connect(Greenhouse).read_hook(
                kit.Hook({"signature": signed(body, "")}, body), secrets
            )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"runa.falk@mail.example",
        b"[]",
        b"{}",
        b'{"action": 7}',
        b'{"action": "job_updated", "payload": "runa.falk@mail.example"}',
        b'{"action": "job_updated", "payload": {"job": {"id": {}}}}',
        b'{"action": "job_updated", "payload": {"job": {"id": "\xff"}}}',
        b'{"action": "job_updated", "payload": ' + b"[" * 100_000 + b"}",
    ],
)
def test_a_body_that_cannot_be_read_is_refused_without_being_quoted(body: bytes) -> None:
    with pytest.raises(kit.RequestInvalidError) as caught:
        read(hook(body))

    assert "runa" not in f"{caught.value.msg} {caught.value.detail}"


def test_a_signature_is_checked_before_the_body_is_read() -> None:
    with pytest.raises(kit.SignatureInvalidError):
        read(kit.Hook({"signature": signed(b"x", "no")}, b"not JSON"))


def test_what_a_person_must_do_names_the_address_the_secret_and_the_events() -> None:
    hooks = Greenhouse.hooks
    assert hooks is not None

    wanted = frozenset({Happening.JOBS_NEW, Happening.APPLICATIONS_DELETED})
    events = hooks.meaning(wanted)
    said = " ".join(hooks.steps).format(
        url="https://x.example/h", secret=SECRET, events=", ".join(events)
    )

    assert events == ("delete_application", "delete_candidate", "job_created")
    assert all(part in said for part in ("https://x.example/h", SECRET, *events))


async def test_a_partner_s_webhook_is_registered_by_api() -> None:
    greenhouse, replay = account({"POST /v3/webhooks": Reply({"id": 77}, status=201)})

    made = await greenhouse.register_hook("job_created", "https://x.example/h", SECRET)

    assert made == kit.Registered("77", None)
    (sent,) = replay.writes
    assert sent.body == {
        "endpoint_url": "https://x.example/h",
        "name": "Hireloom: job_created",
        "event_action_type": "job_created",
        "secret_key": SECRET,
        "max_attempts": 7,
    }


async def test_who_is_no_partner_hears_which_permission_is_missing() -> None:
    greenhouse, _ = account({"POST /v3/webhooks": Reply({}, status=403)})

    with pytest.raises(kit.PermissionMissingError, match="harvest:webhooks:create"):
        await greenhouse.register_hook("job_created", "https://x.example/h", SECRET)


async def test_a_webhook_is_removed_by_its_id() -> None:
    greenhouse, replay = account({"DELETE /v3/webhooks/77": {"message": "done"}})

    await greenhouse.remove_hook("77")

    assert [(one.method, one.path) for one in replay.writes] == [("DELETE", "/v3/webhooks/77")]

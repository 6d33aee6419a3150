"""Lever's webhooks: signed here by hand, as Lever says that it signs them."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats.lever import Lever
from hireloom.models import DataType, Happening
from tests.connectors.ats.lever_account import account
from tests.replay import Replay, Reply

APPLICATIONS, CANDIDATES = DataType.APPLICATIONS, DataType.CANDIDATES
AT = 1798797600123
SECRETS = {"candidateStageChange": "north-star", "contactUpdated": "night-ferry", "": "harbour"}


def signature(secret: str, random: str = "t-1", at: int = AT) -> str:
    return hmac.new(secret.encode(), f"{random}{at}".encode(), hashlib.sha256).hexdigest()


def body(event: str, data: Any = None, **changed: Any) -> bytes:
    whole = {
        "id": "d-1",
        "event": event,
        "triggeredAt": AT,
        "token": "t-1",
        "signature": signature(SECRETS.get(event, SECRETS[""])),
        "data": data,
        **changed,
    }
    return json.dumps(whole).encode()


def read(content: bytes, secrets: dict[str, str] | None = None) -> kit.News:
    lever = Replay({}).connect(Lever)
    return lever.read_hook(kit.Hook({}, content), SECRETS if secrets is None else secrets)


IDS = {"opportunityId": "o-1", "candidateId": "o-1", "contactId": "c-1"}
OF_APPLICATION = [(APPLICATIONS, "o-1")]
OF_BOTH = [(APPLICATIONS, "o-1"), (CANDIDATES, "c-1")]


@pytest.mark.parametrize(
    ("event", "data", "expected"),
    [
        ("applicationCreated", {**IDS, "applicationId": "a-1"}, OF_BOTH),
        ("candidateStageChange", {**IDS, "toStageId": "offer"}, OF_APPLICATION),
        ("candidateArchiveChange", {**IDS, "toArchived": {"reason": "r"}}, OF_APPLICATION),
        ("candidateHired", IDS, OF_APPLICATION),
        ("candidateDeleted", IDS, OF_BOTH),
        ("interviewCreated", {**IDS, "interviewId": "i-1", "panelId": "p-1"}, OF_APPLICATION),
        ("interviewUpdated", {"candidateId": "o-1"}, OF_APPLICATION),
        ("interviewDeleted", {"opportunityId": "o-1"}, OF_APPLICATION),
        ("contactCreated", {"contactId": "c-1"}, [(CANDIDATES, "c-1")]),
        ("contactUpdated", {"contact": "c-1"}, [(CANDIDATES, "c-1")]),
        ("contactUpdated", {"contact": {"id": "c-1"}, "contactId": None}, [(CANDIDATES, "c-1")]),
        ("candidateDeleted", {"candidateId": "o-1"}, OF_APPLICATION),
        ("candidateHired", {}, []),
        ("candidateHired", None, []),
        ("postingWasSung", IDS, []),
    ],
)
def test_an_event_touches_the_records_that_it_names(
    event: str, data: Any, expected: list[tuple[DataType, str]]
) -> None:
    news = read(body(event, data))

    assert news.event == event
    assert [(one.data_type, one.id) for one in news.touched] == expected


def test_every_event_that_is_told_of_can_be_read() -> None:
    for event, meaning in Lever.hooks.events.items():
        touched = read(body(event, IDS)).touched

        assert {one.data_type for one in touched} == {one.data_type for one in meaning}, event


def test_what_was_signed_tells_when_it_was_sent_and_whether_it_came_before() -> None:
    news = read(body("candidateHired", IDS))

    assert news.sent_at == datetime(2027, 1, 1, 10, 0, 0, 123000, tzinfo=UTC)
    assert read(body("candidateHired", IDS, id="d-2")).id == news.id
    other = body("candidateHired", IDS, token="t-2", signature=signature("harbour", "t-2"))
    assert read(other).id != news.id


@pytest.mark.parametrize(
    ("content", "secrets"),
    [
        (body("candidateHired", IDS, signature=signature("forged")), SECRETS),
        (body("candidateHired", IDS, signature=""), SECRETS),
        (body("candidateHired", IDS, signature="ñ"), SECRETS),
        (body("candidateHired", IDS, triggeredAt=AT + 1), SECRETS),
        (body("candidateHired", IDS, token="t-2"), SECRETS),
        (body("candidateStageChange", IDS, signature=signature("harbour")), SECRETS),
        (body("candidateStageChange", IDS, signature=signature("night-ferry")), SECRETS),
        (body("candidateHired", IDS), {}),
        (body("candidateHired", IDS, signature=signature("")), {"": ""}),
        (b"{}", SECRETS),
    ],
)
def test_a_signature_that_is_not_lever_s_is_refused(
    content: bytes, secrets: dict[str, str]
) -> None:
    with pytest.raises(kit.SignatureInvalidError):
        read(content, secrets)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b'"\xff"',
        b"[" * 100_000,
        body("candidateHired", IDS, triggeredAt="noon"),
        body("candidateHired", {"opportunityId": {"name": "Ines Vega"}}),
        body(
            "candidateHired",
            triggeredAt=10**18,
            signature=signature("harbour", at=10**18),
        ),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_without_repeating_it(content: bytes) -> None:
    with pytest.raises(kit.RequestInvalidError) as caught:
        read(content)

    assert "Ines" not in str(caught.value)
    assert len(caught.value.msg) < 100


def test_only_events_that_can_mean_what_is_wanted_are_registered() -> None:
    hooks = Lever.hooks

    assert hooks.secrets == "theirs"
    assert hooks.meaning(frozenset({Happening.CANDIDATES_NEW})) == (
        "applicationCreated",
        "contactCreated",
    )
    assert hooks.meaning(frozenset({Happening.APPLICATIONS_DELETED})) == ("candidateDeleted",)
    assert hooks.meaning(frozenset({Happening.JOBS_NEW, Happening.JOBS_DELETED})) == ()


def test_the_steps_name_the_address_and_the_events() -> None:
    steps = [
        one.format(url="https://in.example/h", secret="", events="a, b")
        for one in Lever.hooks.steps
    ]

    assert any("https://in.example/h" in one for one in steps)
    assert any("a, b" in one for one in steps)


CREATED = {"data": {"id": "h-1", "event": "candidateHired", "configuration": {}}}


@pytest.mark.parametrize(
    ("configuration", "secret"), [({"signatureToken": "s-1"}, "s-1"), ({}, None), (None, None)]
)
async def test_a_webhook_is_registered_and_its_secret_comes_back(
    configuration: Any, secret: str | None
) -> None:
    answer = {"data": {**CREATED["data"], "configuration": configuration}}
    lever, replay = account(answers={"POST /v1/webhooks": Reply(answer, status=201)})

    made = await lever.register_hook("candidateHired", "https://in.example/h", "ignored")

    assert made == kit.Registered("h-1", secret)
    [sent] = replay.sent
    assert sent.body == {"event": "candidateHired", "url": "https://in.example/h"}


@pytest.mark.parametrize(
    "answer", [Reply(None, status=204), Reply({"code": "NotFoundError"}, status=404)]
)
async def test_a_webhook_is_removed_even_where_somebody_removed_it_before(answer: Reply) -> None:
    lever, replay = account(answers={"DELETE /v1/webhooks/h-1": answer})

    await lever.remove_hook("h-1")

    assert [one.path for one in replay.writes] == ["/v1/webhooks/h-1"]


async def test_a_missing_permission_is_left_to_a_person() -> None:
    refused = Reply({"code": "ForbiddenError", "message": "no"}, status=403)
    lever, _ = account(answers={"POST /v1/webhooks": refused, "DELETE /v1/webhooks/h-1": refused})

    with pytest.raises(kit.PermissionMissingError, match="webhooks:write:admin"):
        await lever.register_hook("candidateHired", "https://in.example/h", "")
    with pytest.raises(kit.PermissionMissingError):
        await lever.remove_hook("h-1")

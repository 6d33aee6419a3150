"""What a receiver checks with: genuine events come through, everything else is one error."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import Message

import pytest

from hireloom.client import WebhookInvalidError, verify_batch, verify_webhook
from hireloom.deliver.sign import Signer, batch_body
from hireloom.store.webhooks import new_secret

SECRET = new_secret()
BODY = (
    '{"eventId":"evt_1","eventType":"record.modified","eventData":{"name":"Zoë"},'
    '"recordId":"rec_1","triggeredAt":"2026-11-21T10:00:00Z","changedPaths":["info.name"],'
    '"fromTheFuture":1}'
).encode()


def signed(body: bytes = BODY, at: datetime | None = None, *secrets: str) -> dict[str, str]:
    signer = Signer(secrets or [SECRET], knit=False)
    return dict(signer.headers("evt_1", body, integration_id="int_1", execution_id="ex_1", at=at))


def test_a_genuine_event_is_read() -> None:
    event = verify_webhook(signed(), BODY, SECRET)

    assert (event.event_id, event.event_type, event.record_id) == (
        "evt_1",
        "record.modified",
        "rec_1",
    )
    assert event.event_data == {"name": "Zoë"}
    assert event.changed_paths == ["info.name"]
    assert event.triggered_at == datetime(2026, 11, 21, 10, tzinfo=UTC)


def test_the_headers_of_any_framework_do() -> None:
    message = Message()
    for name, value in signed().items():
        message[name] = value

    other = {name.title(): value for name, value in signed().items()}

    assert verify_webhook(message, BODY, SECRET).event_id == "evt_1"
    assert verify_webhook(other, BODY.decode(), SECRET).event_id == "evt_1"


def test_any_of_several_secrets_will_do() -> None:
    before, after = new_secret(), new_secret()

    old, both = signed(BODY, None, before), signed(BODY, None, after, before)

    assert verify_webhook(old, BODY, [after, before]).event_id == "evt_1"
    assert verify_webhook(both, BODY, before).event_id == "evt_1"


@pytest.mark.parametrize(
    "headers",
    [
        lambda: signed(BODY, None, new_secret()),
        lambda: signed() | {"webhook-id": "evt_2"},
        lambda: signed(at=datetime.now(UTC) - timedelta(minutes=6)),
        lambda: signed(at=datetime.now(UTC) + timedelta(minutes=6)),
        dict,
        lambda: signed() | {"webhook-signature": "v1"},
        lambda: signed() | {"webhook-signature": "v1,!!!"},
        lambda: signed() | {"webhook-signature": "v2,abc"},
        lambda: signed() | {"webhook-timestamp": "yesterday"},
    ],
)
def test_what_is_not_genuine_or_old_is_one_error(headers: Callable[[], dict[str, str]]) -> None:
    with pytest.raises(WebhookInvalidError, match="signature does not hold"):
        verify_webhook(headers(), BODY, SECRET)


@pytest.mark.parametrize("body", [BODY + b" ", BODY[:-1], b"", b"\xff", b"{}"])
def test_another_body_is_the_same_error(body: bytes) -> None:
    with pytest.raises(WebhookInvalidError, match="signature does not hold"):
        verify_webhook(signed(), body, SECRET)


@pytest.mark.parametrize("secret", ["", "whsec_", "x", [], ["", "whsec_"]])
def test_a_secret_that_is_none_opens_nothing(secret: str | list[str]) -> None:
    with pytest.raises(WebhookInvalidError):
        verify_webhook(signed(), BODY, secret)


@pytest.mark.parametrize("body", [b"[]", b"{}", b'"x"', b"no json", b'{"events":[{}]}'])
def test_what_is_signed_but_no_event_is_said_so(body: bytes) -> None:
    with pytest.raises(WebhookInvalidError, match="no event"):
        verify_batch(signed(body), body, SECRET)


def test_a_batch_is_read_in_its_order() -> None:
    body = batch_body([BODY, BODY.replace(b"evt_1", b"evt_2")])

    events = verify_batch(signed(body), body, SECRET)

    assert [event.event_id for event in events] == ["evt_1", "evt_2"]
    assert [event.event_id for event in verify_batch(signed(), BODY, SECRET)] == ["evt_1"]
    with pytest.raises(WebhookInvalidError, match="verify_batch"):
        verify_webhook(signed(body), body, SECRET)

"""Signatures: as the Standard Webhooks library checks them, and Knit's beside."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from hireloom.deliver import sign
from hireloom.store.webhooks import new_secret

BODY = '{"eventId":"evt_1","name":"Zoë"}'.encode()


def headers(*secrets: str, knit: bool = False) -> dict[str, str]:
    signer = sign.Signer(secrets, knit=knit)
    return dict(signer.headers("evt_1", BODY, integration_id="int_1", execution_id="ex_1"))


def test_each_valid_secret_opens_it_and_no_other() -> None:
    one, two, other = new_secret(), new_secret(), new_secret()

    found = headers(one, two)

    for secret in (one, two):
        Webhook(secret).verify(BODY, found)
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(BODY, found)


def test_a_changed_body_or_id_or_time_does_not_hold() -> None:
    secret = new_secret()
    found = headers(secret)

    for body, changes in (
        (BODY + b" ", {}),
        (BODY, {"webhook-id": "evt_2"}),
        (BODY, {"webhook-timestamp": str(int(found["webhook-timestamp"]) + 1)}),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body, found | changes)


def test_the_time_is_that_of_the_attempt() -> None:
    at = datetime(2026, 11, 21, 10, 0, 0, 900_000, tzinfo=UTC)
    signer = sign.Signer([new_secret()], knit=False)

    found = signer.headers("evt_1", BODY, integration_id="", execution_id="ex_1", at=at)

    assert found["webhook-timestamp"] == str(int(at.timestamp()))
    assert "X-Integration-Id" not in found


def test_knit_s_signature_is_of_the_body_with_the_whole_secret() -> None:
    secret = new_secret()

    found = headers(secret, new_secret(), knit=True)["X-Knit-Signature"]

    wanted = hmac.new(secret.encode(), BODY, hashlib.sha256).digest()
    assert base64.urlsafe_b64decode(found + "=") == wanted
    assert not found.endswith("=")
    assert "X-Knit-Signature" not in headers(secret)


def test_a_secret_is_32_random_bytes() -> None:
    secrets = {new_secret() for _ in range(10)}

    assert len(secrets) == 10
    assert all(len(base64.b64decode(one.removeprefix("whsec_"))) == 32 for one in secrets)


def test_a_batch_has_an_id_of_its_own_that_stays() -> None:
    assert sign.batch_id(["a", "b"]) == sign.batch_id(["a", "b"]) != sign.batch_id(["b", "a"])
    assert sign.batch_body([b'{"a":1}', b'{"b":2}']) == b'{"events":[{"a":1},{"b":2}]}'

"""The headers of a webhook: who it is from, for which account, and that it is genuine.

Signed as Standard Webhooks has it. With `compatibility: "knit"` another signature of the body alone
is sent beside: unpadded base64url of HMAC-SHA256, keyed with the whole secret as it was shown.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook

from hireloom import __version__

USER_AGENT = f"Hireloom/{__version__} (webhooks)"
CONSTANT = {"Content-Type": "application/json", "User-Agent": USER_AGENT}


class Signer:
    """Signs for one endpoint, with each secret that is valid."""

    def __init__(self, secrets: Sequence[str], *, knit: bool) -> None:
        self._signers = [Webhook(secret) for secret in secrets]
        self._knit = secrets[0].encode() if knit else None

    def headers(
        self,
        webhook_id: str,
        body: bytes,
        *,
        integration_id: str,
        execution_id: str,
        at: datetime | None = None,
    ) -> Mapping[str, str]:
        """What goes with a body; `integration_id` is empty where it is of no one account."""
        at = at or datetime.now(UTC)
        text = body.decode()
        signatures = [one.sign(webhook_id, at, text) for one in self._signers]
        found = CONSTANT | {
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": " ".join(signatures),
            "X-Execution-Id": execution_id,
            "X-Knit-Execution-Id": execution_id,
        }
        if integration_id:
            found["X-Integration-Id"] = found["X-Knit-Integration-Id"] = integration_id
        if self._knit is not None:
            found["X-Knit-Signature"] = knit_signature(self._knit, body)
        return found


def knit_signature(key: bytes, body: bytes) -> str:
    signed = hmac.digest(key, body, hashlib.sha256)
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def batch_id(event_ids: Sequence[str]) -> str:
    """The id of a batch: the same events in the same order have the same one."""
    return "batch_" + hashlib.blake2b(" ".join(event_ids).encode(), digest_size=16).hexdigest()


def batch_body(bodies: Sequence[bytes]) -> bytes:
    return b'{"events":[' + b",".join(bodies) + b"]}"

"""Webhooks of the Lever simulator: subscriptions, signed events, and a thread that sends them."""

import hashlib
import hmac
import queue
import threading
from collections import deque
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from hireloom.sandbox._lever_calls import bad_request, now_millis
from hireloom.sandbox._lever_people import ORIGINS
from hireloom.sandbox._lever_shelf import Ids, Json

EVENTS = (
    "applicationCreated",
    "candidateArchiveChange",
    "candidateDeleted",
    "candidateHired",
    "candidateStageChange",
    "contactCreated",
    "contactUpdated",
    "interviewCreated",
    "interviewDeleted",
    "interviewUpdated",
)


class Hooks:
    """One subscription per event and address; each has a secret of its own."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._waiting: queue.SimpleQueue[tuple[str, Json]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self.clear()

    def clear(self) -> None:
        self.subscriptions: dict[str, Json] = {}
        self.sent: deque[Json] = deque(maxlen=1000)
        self._count = 0
        self._events = 0

    def subscribe(self, event: str, url: str, configuration: Json) -> Json:
        """The answer is the only place where the secret is shown."""
        if event not in EVENTS:
            raise bad_request(f"event must be one of {', '.join(EVENTS)}")
        check_url(url)
        self._count += 1
        identifier = self._ids.uuid("lever-webhook", self._count)
        now = now_millis()
        secret = hashlib.blake2b(identifier.encode(), digest_size=16).hexdigest()
        conditions = {"origins": list(ORIGINS), **configuration.get("conditions", {})}
        record = {
            "id": identifier,
            "event": event,
            "url": url,
            "configuration": {"conditions": conditions, "signatureToken": secret},
            "createdAt": now,
            "updatedAt": now,
        }
        self.subscriptions[identifier] = record
        return record

    def shown(self) -> list[Json]:
        """As lists show them, without the secrets."""
        return [
            {**row, "configuration": {"conditions": row["configuration"]["conditions"]}}
            for row in self.subscriptions.values()
        ]

    def emit(self, event: str, opportunity: Json, **data: Any) -> None:
        """Send an event to whoever wants it; it holds ids only, the rest must be fetched."""
        ids = {
            "candidateId": opportunity["id"],  # the old name of the opportunity's id
            "opportunityId": opportunity["id"],
            "contactId": opportunity["contact"],
        }
        self._emit(event, opportunity["origin"], {**ids, **data})

    def emit_contact(self, event: str, contact_id: str) -> None:
        self._emit(event, None, {"contactId": contact_id})

    def _emit(self, event: str, origin: str | None, data: Json) -> None:
        for row in self.subscriptions.values():
            wanted = row["configuration"]["conditions"]["origins"]
            if row["event"] == event and (origin is None or origin in wanted):
                self._events += 1
                identifier = self._ids.uuid("lever-delivery", self._events)
                secret = row["configuration"]["signatureToken"]
                self._send(row["url"], signed(identifier, event, data, secret))

    def _send(self, url: str, body: Json) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="lever-hooks", daemon=True)
            self._thread.start()
        self._waiting.put((url, body))

    def _work(self) -> None:
        while True:
            url, body = self._waiting.get()
            headers = {"content-type": "application/json"}
            try:
                answer = httpx.post(
                    url, content=msgspec.json.encode(body), headers=headers, timeout=5
                )
                status = answer.status_code
            except httpx.HTTPError:
                status = 0
            self.sent.append({"url": url, "event": body["event"], "status": status})


def signed(identifier: str, event: str, data: Json, secret: str) -> Json:
    """The signature lies in the body and covers only token and time, not the data."""
    at = now_millis()
    token = hashlib.blake2b(f"{identifier}/{at}".encode(), digest_size=16).hexdigest()
    signature = hmac.new(secret.encode(), f"{token}{at}".encode(), hashlib.sha256).hexdigest()
    return {
        "id": identifier,
        "event": event,
        "triggeredAt": at,
        "token": token,
        "signature": signature,
        "data": data,
    }


def check_url(url: str) -> None:
    """Lever demands https; the sandbox lets plain http pass to this machine."""
    parts = urlsplit(url)
    local = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
    if not parts.hostname or not (local or parts.scheme == "https"):
        raise bad_request("url must be an https address")

"""Webhooks of the Lever simulator: subscriptions, and events signed in their bodies."""

import hashlib
from typing import Any

import msgspec

from hireloom.sandbox._lever_calls import bad_request, now_millis
from hireloom.sandbox._lever_people import ORIGINS
from hireloom.sandbox._lever_shelf import Ids, Json
from hireloom.sandbox.hooks import Courier, Delivery, hex_hmac, is_address

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

    def __init__(self, ids: Ids, courier: Courier) -> None:
        self._ids = ids
        self._courier = courier
        self.clear()

    def clear(self) -> None:
        self.subscriptions: dict[str, Json] = {}
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
        for row in list(self.subscriptions.values()):
            wanted = row["configuration"]["conditions"]["origins"]
            if row["event"] == event and (origin is None or origin in wanted):
                self._events += 1
                identifier = self._ids.uuid("lever-delivery", self._events)
                secret = row["configuration"]["signatureToken"]
                body = msgspec.json.encode(signed(identifier, event, data, secret))
                self._courier.send(
                    Delivery(event=event, webhook=row["id"], url=row["url"], body=body)
                )


def signed(identifier: str, event: str, data: Json, secret: str) -> Json:
    """The signature lies in the body and covers only token and time, not the data."""
    at = now_millis()
    token = hashlib.blake2b(f"{identifier}/{at}".encode(), digest_size=16).hexdigest()
    signature = hex_hmac(secret, f"{token}{at}".encode())
    return {
        "id": identifier,
        "event": event,
        "triggeredAt": at,
        "token": token,
        "signature": signature,
        "data": data,
    }


def check_url(url: str) -> None:
    """Refuse what is not https, or http on this machine."""
    if not is_address(url):
        raise bad_request("url must be an https address")

"""Greenhouse: webhooks, set up by hand in the Dev Center or, by partners, through Harvest v3."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from hireloom.sandbox._greenhouse_body import Body
from hireloom.sandbox._greenhouse_query import invalid, missing, stamp
from hireloom.sandbox.hooks import Courier, Delivery, hex_hmac, is_address

Record = dict[str, Any]

EVENTS = (
    "application_updated",
    "candidate_anonymized",
    "candidate_stage_change",
    "delete_application",
    "delete_candidate",
    "department_deleted",
    "hire_candidate",
    "interview_deleted",
    "job_approved",
    "job_created",
    "job_deleted",
    "job_interview_stage_deleted",
    "job_post_created",
    "job_post_deleted",
    "job_post_updated",
    "job_updated",
    "merge_candidate",
    "new_candidate_application",
    "new_prospect_application",
    "offer_approved",
    "offer_created",
    "offer_deleted",
    "offer_updated",
    "office_deleted",
    "reject_candidate",
    "scorecard_deleted",
    "unhire_candidate",
    "unreject_candidate",
    "update_candidate",
)
MOST_ATTEMPTS = 7
_HIDDEN = ("secret_key", "basic_auth_username", "basic_auth_password")
# Markup is escaped inside of strings: who serialises the body again gets another signature.
_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


class Hooks:
    """One subscription per event and address; all of one customer."""

    def __init__(self, courier: Courier, now: Callable[[], datetime]) -> None:
        self._courier = courier
        self._now = now
        self.clear()

    def clear(self) -> None:
        self.held: dict[int, Record] = {}
        self._count = 0

    def tell(self, event: str, make: Callable[..., Record], *about: Any) -> None:
        """Send the event to whoever wants it; without anybody the payload is not even made."""
        wanting = [
            hook
            for hook in self.held.values()
            if hook["event_action_type"] == event and not hook["deactivated"]
        ]
        if not wanting:
            return
        body = _encoded(event, make(*about))
        for hook in wanting:
            hook["last_delivered"] = stamp(self._now())
            self._courier.send(_delivery(hook, event, body))

    def wanted(self, event: str) -> bool:
        return any(hook["event_action_type"] == event for hook in self.held.values())

    async def create(self, body: Body) -> Record:
        """Save a subscription; one whose ping fails is kept, but disabled."""
        _check(body)
        self._count += 1
        at = stamp(self._now())
        hook = {
            "id": self._count,
            "name": body["name"],
            "endpoint_url": body["endpoint_url"],
            "error_recipient_email": body.get("error_recipient_email"),
            "additional_headers": body.get("additional_headers"),
            "max_attempts": body["max_attempts"],
            "last_delivered": None,
            "created_at": at,
            "updated_at": at,
            "event_action_type": body["event_action_type"],
            "deactivated": body.get("deactivated") is True,
            **{name: body.get(name) for name in _HIDDEN},
        }
        self.held[hook["id"]] = hook
        await self._ping(hook)
        return shown(hook)

    async def update(self, key: int, body: Body) -> Record:
        _check(body)
        hook = self._get(key)
        hook |= body | {"updated_at": stamp(self._now())}
        await self._ping(hook)
        return shown(hook)

    def delete(self, key: int) -> Record:
        self._get(key)
        del self.held[key]
        return {"message": f"Webhook {key} deleted successfully"}

    def _get(self, key: int) -> Record:
        if key not in self.held:
            raise missing("webhook", key)
        return self.held[key]

    async def _ping(self, hook: Record) -> None:
        if hook["deactivated"]:
            return
        body = _encoded("ping", {"web_hook_id": hook["id"]})
        status = await self._courier.ask(_delivery(hook, "ping", body))
        hook["deactivated"] = status != 200


def shown(hook: Record) -> Record:
    """As Harvest shows it: without secrets."""
    return {name: value for name, value in hook.items() if name not in _HIDDEN}


def by_hand(url: str, event: str, secret: str) -> Body:
    """What the Dev Center's form sends."""
    return {
        "endpoint_url": url,
        "name": f"By hand: {event}",
        "event_action_type": event,
        "secret_key": secret,
        "max_attempts": MOST_ATTEMPTS,
    }


def _check(body: Body) -> None:
    if "endpoint_url" in body and not is_address(body["endpoint_url"]):
        raise invalid("Must be an HTTPS URL", "endpoint_url")
    if "event_action_type" in body and body["event_action_type"] not in EVENTS:
        raise invalid(f"Must be one of: {', '.join(EVENTS)}", "event_action_type")
    if "max_attempts" in body and not 1 <= body["max_attempts"] <= MOST_ATTEMPTS:
        raise invalid(f"Must be 1 to {MOST_ATTEMPTS}", "max_attempts")


def _encoded(event: str, payload: Record) -> bytes:
    text = json.dumps({"action": event, "payload": payload}, separators=(",", ":"))
    return text.translate(_ESCAPES).encode()


def _delivery(hook: Record, event: str, body: bytes) -> Delivery:
    return Delivery(
        event=event,
        webhook=hook["id"],
        url=hook["endpoint_url"],
        body=body,
        headers={
            "Signature": f"sha256 {hex_hmac(hook['secret_key'], body)}",
            "Greenhouse-Event-ID": str(uuid4()),
        },
        good=range(200, 201),
        attempts=hook["max_attempts"],
    )

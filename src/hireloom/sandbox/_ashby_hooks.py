"""Webhooks of the Ashby simulator: one type each, signed over the raw body."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from hireloom.sandbox._ashby_wire import Json
from hireloom.sandbox.hooks import OK, Courier, Delivery, hex_hmac
from hireloom.sandbox.world import World

EVENTS = (
    "applicationSubmit",
    "applicationUpdate",
    "candidateDelete",
    "candidateHire",
    "candidateMerge",
    "candidateStageChange",
    "interviewPlanTransition",
    "interviewScheduleCreate",
    "interviewScheduleUpdate",
    "jobCreate",
    "jobPostingDelete",
    "jobPostingPublish",
    "jobPostingUnpublish",
    "jobPostingUpdate",
    "jobUpdate",
    "offerCreate",
    "offerDelete",
    "offerUpdate",
    "openingCreate",
    "pushToHRIS",
    "signatureRequestUpdate",
    "surveySubmit",
    "takeHomeAssignmentSubmitted",
)


class Hooks:
    """Subscriptions, and the action that is going on: its events share an id."""

    def __init__(self, world: World, courier: Courier) -> None:
        self._world = world
        self._courier = courier
        self.held: dict[str, Json] = {}
        self._count = 0
        self._actions = 0

    def begin(self) -> None:
        """What follows is another action of a user or a client."""
        self._actions += 1

    def tell(self, events: Iterable[str], make: Callable[[], Json]) -> None:
        """Send the events, all with the same data, to whoever wants them."""
        wanted = set(events)
        for hook in [each for each in self.held.values() if each["webhookType"] in wanted]:
            if hook["enabled"]:
                self._courier.send(self._delivery(hook, hook["webhookType"], make()))

    async def create(self, event: str, url: str, secret: str | None) -> Json | None:
        """The subscription, once its address answered a ping; None when it did not."""
        self._count += 1
        hook: Json = {
            "id": self._world.uuid("ashby-webhook", self._count),
            "enabled": True,
            "requestUrl": url,
            "secretToken": secret,
            "webhookType": event,
        }
        self.begin()
        status = await self._courier.ask(self._delivery(hook, "ping", {"webhookType": event}))
        if status not in OK:
            return None
        self.held[hook["id"]] = hook
        return hook

    def _delivery(self, hook: Json, event: str, data: Json) -> Delivery:
        action = self._world.uuid("ashby-webhook-action", self._actions)
        body = msgspec.json.encode({"action": event, "webhookActionId": action, "data": data})
        secret: Any = hook["secretToken"]
        signature = {"Ashby-Signature": f"sha256={hex_hmac(secret, body)}"} if secret else {}
        return Delivery(
            event=event, webhook=hook["id"], url=hook["requestUrl"], body=body, headers=signature
        )

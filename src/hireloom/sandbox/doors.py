"""The sandbox's own endpoints, by which tests and the demo look in and turn switches."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.response import Stream

from hireloom.sandbox.faults import KINDS, FaultPlan, FaultPlanError, Faults
from hireloom.sandbox.hooks import Pace, chosen, is_address
from hireloom.sandbox.vendor import CallLog, Vendor, json_response, route
from hireloom.sandbox.world import World

Asked = Request[Any, Any, Any]
Json = dict[str, Any]
WRONG = (KeyError, TypeError, ValueError, IndexError)
AT_ONCE = 500  # rows of a state between which others have their turn


class Doors:
    """Neither limited nor faulted; `origins` tells where a base address finds each vendor."""

    def __init__(
        self,
        world: World,
        vendors: dict[str, Vendor],
        faults: Faults,
        origins: Callable[[str], dict[str, str]],
    ) -> None:
        self.world = world
        self.vendors = vendors
        self.faults = faults
        self.origins = origins

    def handlers(self) -> list[Any]:
        return [route(method, path, handler) for (method, path), handler in self._doors().items()]

    def _doors(self) -> dict[tuple[str, str], Any]:
        one = "/_sandbox/{vendor:str}"
        return {
            ("GET", "/"): self.about,
            ("GET", f"{one}/screen"): self.screen,
            ("POST", f"{one}/partner"): self.partner,
            ("GET", f"{one}/calls"): self.calls,
            ("GET", f"{one}/state"): self.state,
            ("POST", f"{one}/change"): self.change,
            ("POST", f"{one}/expire-tokens"): self.expire_tokens,
            ("GET", f"{one}/webhooks"): self.webhooks,
            ("POST", f"{one}/webhooks"): self.add_webhooks,
            ("DELETE", f"{one}/webhooks"): self.remove_webhooks,
            ("DELETE", one + "/webhooks/{webhook:str}"): self.remove_webhooks,
            ("POST", "/_sandbox/webhooks"): self.set_pace,
            ("POST", "/_sandbox/faults"): self.plan,
            ("POST", "/_sandbox/reset"): self.reset,
        }

    async def about(self, request: Asked) -> Response[bytes]:
        """Where everything is, what connects, and what can be done."""
        return json_response(
            {
                "size": self.world.size,
                "seed": self.world.seed,
                "origins": self.origins(str(request.base_url)),
                "doors": [f"{method} {path.replace(':str', '')}" for method, path in self._doors()],
                "faults": KINDS,
                "vendors": {
                    name: {
                        "credentials": vendor.credentials,
                        **vendor.more_credentials,
                        "changes": vendor.recruiter.kinds(),
                        "webhookEvents": vendor.events,
                    }
                    for name, vendor in self.vendors.items()
                },
            }
        )

    async def screen(self, request: Asked) -> Response[bytes]:
        """All that was written, or one application's page: `?application=7`."""
        application = request.query_params.get("application")
        if application is not None:
            return self._with_vendor(request, lambda vendor: vendor.application_screen(application))
        return self._with_vendor(request, lambda vendor: vendor.screen())

    async def partner(self, request: Asked) -> Response[bytes]:
        """`{"act": "order", …}`: what a recruiter does with tests of a partner."""
        vendor = self.vendors.get(request.path_params["vendor"])
        if vendor is None:
            return self._unknown()
        try:
            what = msgspec.json.decode(await request.body(), type=dict[str, Any])
            return json_response(await vendor.partner(**what))
        except (*WRONG, msgspec.DecodeError) as error:
            return json_response({"error": str(error)}, 400)

    async def calls(self, request: Asked) -> Response[bytes]:
        return self._with_vendor(
            request,
            lambda vendor: {
                "calls": list(vendor.log.calls),
                "counts": vendor.log.counts,
                "limiter": vendor.limiter.numbers(),
            },
        )

    async def state(self, request: Asked) -> Response[Any]:
        """`?kind=applications`: a JSON array, a line for each row, streamed."""
        vendor = self.vendors.get(request.path_params["vendor"])
        if vendor is None:
            return self._unknown()
        try:
            rows = vendor.state(str(request.query_params.get("kind", "applications")))
        except ValueError as error:
            return json_response({"error": str(error)}, 400)
        return Stream(_lines(rows), media_type="application/json")

    async def change(self, request: Asked) -> Response[bytes]:
        """`{"kind": "move_application", …}`: what a recruiter does."""
        what = await request.json()
        if not isinstance(what, dict) or not isinstance(what.get("kind"), str):
            return json_response({"error": "send an object with a kind"}, 400)
        return self._with_vendor(request, lambda vendor: vendor.change(**what))

    async def expire_tokens(self, request: Asked) -> Response[bytes]:
        """Age the sync tokens that were handed out past their life."""
        return self._with_vendor(request, lambda vendor: vendor.change("expire_sync_tokens"))

    async def webhooks(self, request: Asked) -> Response[bytes]:
        """The subscriptions, and the last thousand deliveries."""
        return self._with_vendor(
            request,
            lambda vendor: {
                "webhooks": vendor.webhooks(),
                "waiting": vendor.courier.waiting,
                "deliveries": list(vendor.courier.sent),
            },
        )

    async def add_webhooks(self, request: Asked) -> Response[bytes]:
        """`{"url", "events", "secret"}`: what a customer clicks together."""
        vendor = self.vendors.get(request.path_params["vendor"])
        if vendor is None:
            return self._unknown()
        try:
            what = msgspec.json.decode(await request.body(), type=dict[str, Any])
            if not is_address(what.get("url")):
                raise ValueError("url must be https, or http on this machine")
            events = chosen(what.get("events"), vendor.events)
            made = await vendor.add_webhooks(what["url"], events, what.get("secret"))
        except (*WRONG, msgspec.DecodeError) as error:
            return json_response({"error": str(error)}, 400)
        return json_response({"webhooks": made}, 201)

    async def remove_webhooks(self, request: Asked) -> Response[bytes]:
        """The one that is named, or all."""
        vendor = self.vendors.get(request.path_params["vendor"])
        if vendor is None:
            return self._unknown()
        named = request.path_params.get("webhook")
        ids = [str(hook["id"]) for hook in vendor.webhooks()] if named is None else [named]
        removed = [each for each in ids if vendor.remove_webhook(each)]
        if named is not None and not removed:
            return json_response({"error": f"there is no webhook {named}"}, 404)
        return json_response({"removed": removed})

    async def set_pace(self, request: Asked) -> Response[bytes]:
        """How all vendors deliver: `{"delays", "timeout", "parallel"}`."""
        try:
            pace = msgspec.json.decode(await request.body() or b"{}", type=Pace)
        except msgspec.DecodeError as error:
            return json_response({"error": str(error)}, 400)
        for vendor in self.vendors.values():
            vendor.courier.pace = pace
        return json_response(pace)

    async def plan(self, request: Asked) -> Response[bytes]:
        """Replace the fault plan."""
        try:
            plan = FaultPlan.from_json(await request.body())
            plan.check_vendors(list(self.vendors))
        except FaultPlanError as error:
            return json_response({"error": str(error)}, 400)
        self.faults.replace(plan)
        return json_response({"faults": len(plan.fault)})

    async def reset(self, request: Asked) -> Response[bytes]:
        """Forget writes, calls, webhooks, limits and faults."""
        for vendor in self.vendors.values():
            await asyncio.to_thread(vendor.close)
            vendor.reset()
            vendor.limiter.reset()
            vendor.log = CallLog()  # calls under way end in the one before
        self.faults.replace(FaultPlan())
        return json_response({"reset": True})

    def _with_vendor(self, request: Asked, use: Callable[[Vendor], Any]) -> Response[bytes]:
        vendor = self.vendors.get(request.path_params["vendor"])
        if vendor is None:
            return self._unknown()
        try:
            return json_response(use(vendor))
        except WRONG as error:
            return json_response({"error": str(error)}, 400)

    def _unknown(self) -> Response[bytes]:
        return json_response({"error": f"there are {', '.join(self.vendors)}"}, 404)


async def _lines(rows: Iterator[Json]) -> AsyncIterator[bytes]:
    """A JSON array with a line for each row, made a few rows at a time."""
    before = b"[\n"
    while some := list(itertools.islice(rows, AT_ONCE)):
        yield before + b",\n".join(msgspec.json.encode(row) for row in some)
        before = b",\n"
        await asyncio.sleep(0)
    yield b"\n]\n" if before != b"[\n" else b"[]\n"

"""Deliveries: what became of each event, and sending it again."""

from collections.abc import Iterable
from typing import get_args
from urllib.parse import urlencode, urlsplit

from hireloom import steering
from hireloom.console.looks import short
from hireloom.console.visit import Answer, Visit, change, page
from hireloom.errors import RequestInvalidError, ResourceNotFoundError
from hireloom.issues.flow_kinds import DeadLetters
from hireloom.issues.following import Open, open_issues
from hireloom.models import Issue
from hireloom.store import audit, console_lists, deliveries, webhooks
from hireloom.store.deliveries import Delivery, State
from hireloom.store.pool import Connection

PATH = "/console/deliveries"
SIZE = 50
VIEWS = (("", "All"), ("waiting", "Waiting"), ("failing", "Failing"), ("dead", "Given up"),
         ("delivered", "Delivered"), ("expired", "Expired"))  # fmt: skip


async def every(visit: Visit) -> Answer:
    asked = {name: visit.asked(name) for name in ("state", "webhook", "integration", "run")}
    state: State | None = next((one for one in get_args(State) if one == asked["state"]), None)
    wanted = deliveries.Filter(
        webhook_id=asked["webhook"] or None,
        integration_id=asked["integration"] or None,
        run_id=asked["run"] or None,
    )
    before = visit.asked("before")
    last = int(before) if before.isdecimal() and len(before) < 19 else deliveries.LAST
    async with visit.desk.pool.acquire() as conn:
        found = await deliveries.page(conn, wanted, state=state, before=last, size=SIZE + 1)
        names = await console_lists.names(conn, {one.integration_id for one in found})
        urls = {one.id: one.url for one in await webhooks.page(conn, size=500)}
        known = await open_issues(conn)
    shown = found[:SIZE]
    place = {"before": str(shown[-1].number)} if len(found) > SIZE else {}
    return visit.show(
        "deliveries.html",
        rows=shown,
        further=f"{PATH}?{urlencode(asked | place)}" if place else "",
        names=names,
        hosts={key: host_of(url) for key, url in urls.items()},
        views=VIEWS,
        asked=asked,
        issues={one.number: part_of(known, one) for one in shown},
    )


def part_of(known: Open, delivery: Delivery) -> list[Issue]:
    """The open issues that keep it from being delivered."""
    if delivery.state not in ("waiting", "failing", "dead"):
        return []
    is_dead = delivery.state == "dead"
    found = known.of(delivery.webhook_id, "webhook")
    return [one for one in found if (one.kind == DeadLetters.name) == is_dead]


def host_of(url: str) -> str:
    """Where a webhook leads, without the path, which may be secret."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""


async def called(conn: Connection) -> dict[str, str]:
    """How people know webhooks, by id: what they are for, or where they lead."""
    found = await webhooks.page(conn, size=500)
    return {one.id: short(one.description) or host_of(one.url) for one in found}


async def one(visit: Visit) -> Answer:
    number = _number(visit.named("number"))
    async with visit.desk.pool.acquire() as conn:
        found = await deliveries.get(conn, number)
        if found is None:
            raise ResourceNotFoundError(
                "There is no such delivery", hint="Those of past days are dropped."
            )
        names = await console_lists.names(conn, {found.integration_id})
        endpoints = [
            one for one in await webhooks.page(conn, size=500) if one.id == found.webhook_id
        ]
        known = await open_issues(conn)
        known_as = await called(conn)
    return visit.show(
        "delivery.html",
        one=found,
        name=names.get(found.integration_id, ("", "")),
        endpoint=endpoints[0] if endpoints else None,
        host=host_of(endpoints[0].url) if endpoints else "",
        webhooks=known_as,
        part_of=part_of(known, found),
    )


async def of_line(visit: Visit) -> Answer:
    """To the delivery that a line of the log is an attempt of, or to those of its account."""
    async with visit.desk.pool.acquire() as conn:
        attempt = await console_lists.attempt(conn, visit.named("execution"))
    if attempt is None:
        raise ResourceNotFoundError(
            "No delivery was last sent so", hint="A later attempt has a line of its own."
        )
    return visit.go(f"{PATH}/dlv_{attempt}")


async def replay(visit: Visit) -> Answer:
    """Send those again that are ticked, or all that failed to a webhook."""
    numbers = [_number(one) for one in visit.ticked("number")[:SIZE]]
    webhook_id = visit.given("webhook")
    if not numbers and not webhook_id:
        return visit.back("Tick those that shall be sent again.", is_good=False)
    wanted = deliveries.Filter(numbers=numbers or None, webhook_id=None if numbers else webhook_id)
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        sent = await steering.send_again(conn, wanted)
        detail = {"replayed": sent.count, "deliveryIds": len(numbers), "webhookId": webhook_id}
        await audit.add(conn, visit.actor, "delivery.replay", detail=detail)
    return visit.back(
        _told(sent.count), is_good=bool(sent.count), hint=_hint(sent.count, sent.disabled)
    )


def _told(replayed: int) -> str:
    if not replayed:
        return "None of them can be sent again."
    return "It is sent again." if replayed == 1 else f"{replayed} are sent again."


def _hint(replayed: int, disabled: Iterable[str]) -> str:
    if not replayed:
        return (
            "The content of an event is erased when it is acknowledged, or after 7 days; replaying"
            " a sync's run reads the records anew."
        )
    return "Some wait for a webhook that is disabled: enable it." if list(disabled) else ""


def _number(text: str) -> int:
    digits = text.removeprefix("dlv_")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise RequestInvalidError.at("number", "is no id of a delivery")
    return int(digits)


ROUTES = (
    page("/deliveries", every),
    page("/deliveries/{number:str}", one),
    page("/deliveries/of/{execution:str}", of_line),
    change("/deliveries/replay", replay),
)

"""Webhooks: the endpoints that events go to."""

from collections.abc import Mapping
from types import MappingProxyType

from hireloom.console import once
from hireloom.console.deliveries import host_of
from hireloom.console.visit import Answer, Visit, change, page
from hireloom.deliver import targets
from hireloom.deliver.run import look_again
from hireloom.deliver.trial import try_out
from hireloom.models import DataType, EventType
from hireloom.store import audit, calls, console_lists, masters, senders, webhooks
from hireloom.store.pool import Connection
from hireloom.store.seal import OURS

PATH = "/console/webhooks"
NOTHING: Mapping[str, str] = MappingProxyType({})
GIVEN = ("url", "description", "integration", "batch_size")
LONGEST = 2000  # characters of an address
BY_HAND = "disabled in the console"
EVENTS = [str(one.value) for one in EventType if one is not EventType.WEBHOOK_TEST]
DATA_TYPES = [str(one.value) for one in DataType]
LARGEST_BATCH = 100


async def every(visit: Visit) -> Answer:
    return await show(visit, made=await once.taken(visit))


async def show(
    visit: Visit,
    status: int = 200,
    *,
    made: Mapping[str, str] = NOTHING,
    problem: str = "",
) -> Answer:
    """`problem`: why what was entered, and is shown again, makes no webhook."""
    async with visit.desk.pool.acquire() as conn:
        found = await webhooks.page(conn, size=500)
        names = await console_lists.names(conn, {one.integration_id for one in found})
        waiting = await console_lists.waiting(conn)
        choices = await console_lists.choices(conn)
    return visit.show(
        "webhooks.html",
        status,
        rows=found,
        names=names,
        waiting=waiting,
        choices=choices,
        hosts={one.id: host_of(one.url) for one in found},
        events=EVENTS,
        data_types=DATA_TYPES,
        made=made,
        problem=problem,
        given={name: visit.given(name) for name in GIVEN},
        ticked={name: visit.ticked(name) for name in ("event", "data_type")},
    )


def wrong_with(visit: Visit) -> str:
    """What has to be entered otherwise, as a sentence; empty where all is well."""
    url, size = visit.given("url").strip(), visit.given("batch_size") or "1"
    if not url:
        return "The address is needed."
    wrong = targets.problem(url[:LONGEST], allow_private=visit.desk.settings.allow_private_webhooks)
    if wrong:
        return f"The address {wrong}."
    if not (size.isdecimal() and 1 <= int(size[:4]) <= LARGEST_BATCH):
        return f"Events at once: a number from 1 to {LARGEST_BATCH}."
    return ""


async def create(visit: Visit) -> Answer:
    if problem := wrong_with(visit):
        return await show(visit, 400, problem=problem)
    desk, url = visit.desk, visit.given("url").strip()[:LONGEST]
    size = visit.given("batch_size") or "1"
    new = webhooks.NewWebhook(
        url=url,
        integration_id=visit.given("integration") or OURS,
        description=visit.given("description").strip()[:200],
        events=known(visit.ticked("event"), EVENTS),
        data_types=known(visit.ticked("data_type"), DATA_TYPES),
        batch_size=int(size),
    )
    async with desk.pool.acquire() as conn, conn.transaction():
        own_key = await masters.own_key(conn, desk.vault)
        made, secret = await webhooks.create(conn, own_key, new)
        await _audit(visit, conn, made, "webhook.create")
    return await once.go(visit, PATH, secret=secret, id=made.id)


def known(ticked: list[str], words: list[str]) -> list[str]:
    """What is ticked; nothing, which means everything, where all is."""
    chosen = [word for word in words if word in ticked]
    return [] if len(chosen) == len(words) else chosen


async def set_state(visit: Visit) -> Answer:
    wanted: webhooks.State = "active" if visit.given("state") == "active" else "disabled"
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        changes = webhooks.Changes(state=wanted)
        made = await webhooks.update(conn, visit.named("id"), changes, BY_HAND)
        await look_again(conn, made.id)
        await _audit(visit, conn, made, "webhook.update")
    if wanted == "active":
        return visit.back("Enabled: what waits for it goes on.")
    return visit.back("Disabled: events for it wait, for up to 7 days.")


async def rotate(visit: Visit) -> Answer:
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        own_key = await masters.own_key(conn, visit.desk.vault)
        made, secret = await webhooks.rotate(conn, own_key, visit.named("id"))
        await _audit(visit, conn, made, "webhook.rotateSecret")
    return await once.go(visit, PATH, secret=secret, id=made.id)


async def delete(visit: Visit) -> Answer:
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        made = await webhooks.get(conn, visit.named("id"))
        await webhooks.delete(conn, made.id)
        await _audit(visit, conn, made, "webhook.delete")
    return visit.back("Deleted, with what waited for it.")


async def test(visit: Visit) -> Answer:
    """Send a signed event right now, and say what came back."""
    desk = visit.desk
    async with desk.pool.acquire() as conn:
        endpoint = await senders.find(conn, visit.named("id"))
        own_key = await masters.own_key(conn, desk.vault)
        made = await webhooks.get(conn, visit.named("id"))
    if endpoint is None:
        raise webhooks.unknown()
    allowed = desk.settings.allow_private_webhooks
    execution_id = calls.new_execution_id()
    outcome_of = await try_out(endpoint, own_key, execution_id, allow_private=allowed)
    outcome = outcome_of.outcome
    async with desk.pool.acquire() as conn, conn.transaction():
        await calls.add(conn, [outcome_of.call])
        await _audit(visit, conn, made, "webhook.test")
    taken = f"{outcome.seconds * 1000:.0f} ms"
    if outcome.acknowledged:
        return visit.back(f"It answered {outcome.status} after {taken}.")
    text = f"It did not take the event: {outcome.reason}"
    return visit.back(text, is_good=False, hint=f"Execution {execution_id}, {taken}.")


async def _audit(visit: Visit, conn: Connection, made: webhooks.Webhook, action: str) -> None:
    detail = {"webhookId": made.id, "origin": targets.origin(made.url), "state": made.state}
    await audit.add(conn, visit.actor, action, integration_id=made.integration_id, detail=detail)


ROUTES = (
    page("/webhooks", every),
    change("/webhooks", create),
    change("/webhooks/{id:str}/state", set_state),
    change("/webhooks/{id:str}/rotate", rotate),
    change("/webhooks/{id:str}/delete", delete),
    change("/webhooks/{id:str}/test", test),
)

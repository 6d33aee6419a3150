"""Deliveries: what became of each event on its way to each webhook, and sending it again."""

from hireloom import steering
from hireloom.api import own_pages
from hireloom.api.desk import Call
from hireloom.api.operation import Scope, operation
from hireloom.errors import RequestInvalidError, ResourceNotFoundError
from hireloom.models import (
    Delivery,
    DeliveryAnswer,
    DeliveryChoice,
    DeliveryPage,
    DeliveryQuery,
    DeliveryState,
    Replayed,
    ReplayRequest,
)
from hireloom.store import audit, deliveries, masters, webhooks
from hireloom.store.seal import OURS

ID_START = "dlv_"
LONGEST_NUMBER = 18  # digits, all of which fit
ERASED = (
    "The content of an event is erased when it is acknowledged, or after 7 days;"
    " sync.run.replay reads the records anew and emits them again."
)
DISABLED = "Some of them wait for a webhook that is disabled: enable it with webhook.update."


@operation("delivery.list", scope=Scope.READ, example={"state": "failing"})
async def list_deliveries(call: Call, query: DeliveryQuery) -> DeliveryPage:
    """List deliveries, the newest event first: what waits, fails, arrived or was given up."""
    wanted = deliveries.Filter(
        webhook_id=query.webhook_id,
        integration_id=query.integration_id,
        run_id=query.sync_run_id,
        record_id=query.record_id,
        since=query.since,
        until=query.until,
    )
    async with call.desk.pool.acquire() as conn:
        own_key = await masters.own_key(conn, call.desk.vault)
        page = own_pages.opened(own_key, OURS, "delivery.list", query)
        found = await deliveries.page(
            conn,
            wanted,
            state=None if query.state is None else query.state.value,
            before=int(page.after or deliveries.LAST),
            size=page.read,
        )
    listed, following = page.cut(found, lambda one: one.number)
    return DeliveryPage(deliveries=[shown(one) for one in listed], next_page_token=following)


@operation("delivery.get", scope=Scope.READ, example={"deliveryId": "dlv_1204"})
async def get_delivery(call: Call, choice: DeliveryChoice) -> DeliveryAnswer:
    """Say what became of one event at one webhook: attempts, the last reason, the next attempt."""
    number = _number(choice.delivery_id)
    async with call.desk.pool.acquire() as conn:
        found = None if number is None else await deliveries.get(conn, number)
    if found is None:
        raise ResourceNotFoundError(
            "There is no delivery with this id",
            hint="delivery.list has those of the last days (HIRELOOM_LOG_DAYS).",
        )
    return DeliveryAnswer(delivery=shown(found))


@operation("delivery.replay", scope=Scope.ADMIN, example={"deliveryIds": ["dlv_1204"]})
async def replay_deliveries(call: Call, request: ReplayRequest) -> Replayed:
    """Send again what failed or was given up, from the first attempt on."""
    wanted = _chosen(request)
    async with call.desk.pool.acquire() as conn, conn.transaction():
        if request.webhook_id is not None:
            await webhooks.get(conn, request.webhook_id)
        sent = await steering.send_again(conn, wanted)
        erased = await deliveries.erased(conn, wanted)
        detail = {"replayed": sent.count, "erased": erased, "asked": _asked(request)}
        await audit.add(conn, call.actor, "delivery.replay", detail=detail)
    hints = [DISABLED] * bool(sent.disabled) + [ERASED] * bool(erased)
    return Replayed(replayed=sent.count, erased=erased, hint=" ".join(hints) or None)


def _chosen(request: ReplayRequest) -> deliveries.Filter:
    if request == ReplayRequest():
        raise RequestInvalidError.at(
            "deliveryIds", "say which: deliveryIds, syncRunId, webhookId, since or until"
        )
    numbers = None
    if request.delivery_ids:
        numbers = []
        for index, one in enumerate(request.delivery_ids):
            if (number := _number(one)) is None:
                raise RequestInvalidError.at(f"deliveryIds[{index}]", "is no id of a delivery")
            numbers.append(number)
    return deliveries.Filter(
        webhook_id=request.webhook_id,
        run_id=request.sync_run_id,
        since=request.since,
        until=request.until,
        numbers=numbers,
    )


def _asked(request: ReplayRequest) -> dict[str, object]:
    return {
        "deliveryIds": len(request.delivery_ids),
        "syncRunId": request.sync_run_id,
        "webhookId": request.webhook_id,
        "since": request.since,
        "until": request.until,
    }


def _number(delivery_id: str) -> int | None:
    digits = delivery_id.removeprefix(ID_START)
    fits = delivery_id.startswith(ID_START) and digits.isascii() and digits.isdigit()
    return int(digits) if fits and len(digits) <= LONGEST_NUMBER else None


def shown(stored: deliveries.Delivery) -> Delivery:
    return Delivery(
        delivery_id=f"{ID_START}{stored.number}",
        webhook_id=stored.webhook_id,
        integration_id=stored.integration_id or None,
        event_id=stored.event_id,
        event_type=stored.event_type,
        sync_data_type=stored.data_type,
        record_id=stored.record_id,
        sync_run_id=stored.run_id,
        state=DeliveryState(stored.state),
        attempts=stored.attempts,
        last_status=stored.status,
        reason=stored.reason,
        created_at=stored.created_at,
        first_attempt_at=stored.first_attempt_at,
        last_attempt_at=stored.last_attempt_at,
        next_attempt_at=stored.next_at,
        delivered_at=stored.delivered_at,
        duration_ms=stored.duration_ms,
        execution_id=stored.execution_id,
    )

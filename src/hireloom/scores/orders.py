"""The result side of orders: what a score needs to answer one, and what becomes of the order.

A push opens the order, holds the result (so that the ATS can fetch it while it is being told), and
afterwards says `completed` or gives it back. Each of these is one short transaction of the caller.
"""

import time

import msgspec

from hireloom import kit
from hireloom.errors import ConflictError
from hireloom.models import AssessmentStatus, ScoreDraft
from hireloom.store import orders, partners
from hireloom.store.orders import Order, Outcome
from hireloom.store.pool import Connection
from hireloom.store.seal import Key

CLOSED = {
    "CANCELLED": "is cancelled, so it takes no result",
    "EXPIRED": "has expired, so the ATS no longer waits for its result",
    "COMPLETED": "is complete with another result; the same externalId would correct that one",
    "RESULT_READY": "waits for the ATS to fetch another result, of another externalId",
}


async def order_of(conn: Connection, integration_id: str, order_id: str) -> Order:
    """Whom and what an order is about. Raises ResourceNotFoundError."""
    return await orders.get(conn, integration_id, order_id)


async def open_order(
    conn: Connection, data_key: Key, integration_id: str, order_id: str, *, external_id: str | None
) -> kit.OpenOrder:
    """An order that may be answered by the result with this `externalId`.

    Raises ResourceNotFoundError, and ConflictError where it is closed, or has another result.
    """
    order = await orders.get(conn, integration_id, order_id)
    refuse_closed(order, orders.print_of(data_key, "result", external_id))
    return await as_open(conn, data_key, order)


def refuse_closed(order: Order, result_print: bytes | None) -> None:
    """Raises ConflictError."""
    same = result_print is not None and result_print == order.result_print
    answered = order.state == "COMPLETED" or (
        order.state == "RESULT_READY" and order.result_print is not None
    )
    if order.is_overdue:
        raise closed(order, "EXPIRED")
    if order.state in {"CANCELLED", "EXPIRED"} or (answered and not same):
        raise closed(order, order.state)


def closed(order: Order, state: str) -> ConflictError:
    return ConflictError(
        f"The order {order.id} {CLOSED[state]}",
        hint="See assessment.order.get; without the orderId the score goes where other scores go.",
    )


async def as_open(conn: Connection, data_key: Key, order: Order) -> kit.OpenOrder:
    """The order as a connector needs it. Raises ConflictError where its key is gone."""
    access = await partners.get(conn, order.integration_id)
    if access is None:
        raise ConflictError(
            "The partner access of this account was deleted, so its ATS cannot be told",
            hint="Make it again with assessment.partner.create and enter its key in the ATS.",
        )
    return kit.OpenOrder(
        id=order.id,
        package_id=order.package_id,
        callbacks=order.open_callbacks(data_key),
        key=access.open_key(data_key),
        after=order.after_ms,
    )


async def hold_result(
    conn: Connection, data_key: Key, integration_id: str, order_id: str, score: ScoreDraft
) -> None:
    """Keep a result before the ATS is told, because it may fetch it at once. Files stay out.

    A score that is no result yet is not kept. Raises as `open_order` does.
    """
    if score.status is not AssessmentStatus.COMPLETED:
        return
    order = await orders.locked(conn, integration_id, order_id)
    refuse_closed(order, orders.print_of(data_key, "result", score.external_id))
    content = msgspec.json.encode(msgspec.structs.replace(score, attachments=()))
    await orders.hold_result(conn, data_key, order, content, score.external_id)


async def completed(
    conn: Connection,
    data_key: Key,
    integration_id: str,
    order_id: str,
    score: ScoreDraft,
    *,
    fetches_results: bool,
) -> None:
    """The ATS was told. Where it fetches results (`Partner.fetches_results`), one waits on."""
    order = await orders.locked(conn, integration_id, order_id)
    over = score.status in {AssessmentStatus.CANCELLED, AssessmentStatus.EXPIRED}
    outcome = Outcome(
        state=score.status.value,
        fetches=fetches_results,
        result_id=score.external_id,
        because="its result says so" if over else None,
        moment=now_in_millis(),
    )
    await orders.told(conn, data_key, order, outcome)


async def given_back(conn: Connection, integration_id: str, order_id: str) -> None:
    """The ATS was not told, or refused: the order waits as before, unless its result was fetched

    all the same.
    """
    await orders.give_back(conn, integration_id, order_id, now_in_millis())


def now_in_millis() -> int:
    return time.time_ns() // 1_000_000

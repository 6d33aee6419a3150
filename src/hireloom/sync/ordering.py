"""What webhooks are told of tests that recruiters order, in the transaction that makes it true."""

from dataclasses import dataclass
from typing import Any, Literal

from hireloom.kit import OrderPlaced
from hireloom.store import orders
from hireloom.store.integrations import Integration
from hireloom.store.orders import Order
from hireloom.store.packages import Package
from hireloom.store.pool import Connection
from hireloom.store.seal import Vault
from hireloom.sync import notices

By = Literal["ATS", "API", "EXPIRY"]


@dataclass(frozen=True)
class Ending:
    """How an order came to its end without a result.

    `because` is ours and is kept; `reason` is somebody's own words, which only the event tells.
    """

    state: Literal["CANCELLED", "EXPIRED"]
    by: By
    because: str
    reason: str | None = None


EXPIRED = Ending("EXPIRED", "EXPIRY", "no result came in time")
NEVER_FETCHED = Ending("EXPIRED", "EXPIRY", "the ATS never came for the result")


def expiry(order: Order) -> Ending:
    return NEVER_FETCHED if order.state == "RESULT_READY" else EXPIRED


async def tell_ordered(
    conn: Connection,
    vault: Vault,
    stored: Integration,
    order: Order,
    *,
    package: Package,
    placed: OrderPlaced,
) -> bool:
    """Tell of a new order, the one time that its candidate is named; whether anybody listens."""
    data = ordered(order, package, placed)
    return await notices.tell(conn, vault, stored, "assessment.ordered", data, record_id=order.id)


def ordered(order: Order, package: Package, placed: OrderPlaced) -> dict[str, Any]:
    who = placed.candidate
    return {
        "orderId": order.id,
        "packageId": order.package_id,
        "package": {
            "id": package.package_id,
            "name": package.name,
            "description": package.description,
            "assessmentType": package.assessment_type,
        },
        "candidate": {
            "id": placed.candidate_id,
            "firstName": who.first_name,
            "lastName": who.last_name,
            "email": who.email,
            "phone": who.phone,
            "profileUrl": who.profile_url,
            "resumeUrl": who.resume_url,
        },
        "application": {"id": placed.application_id},
        "job": {"id": placed.job_id, "name": placed.job_title},
        "orderedBy": placed.ordered_by,
        "orderedAt": order.ordered_at,
        "expiresAt": order.expires_at,
        "timesOrdered": order.times_ordered,
    }


async def close(
    conn: Connection, vault: Vault, stored: Integration, order: Order, ending: Ending
) -> Order:
    """Close an open order, which its caller has locked, and tell of it."""
    closed = await orders.close(conn, order, ending.state, ending.because)
    data = {
        "orderId": order.id,
        "packageId": order.package_id,
        "state": ending.state,
        "cancelledBy": ending.by,
        "reason": ending.reason or ending.because,
        "candidate": {"id": order.candidate_id},
        "application": {"id": order.application_id},
        "job": {"id": order.job_id},
        "orderedAt": order.ordered_at,
    }
    await notices.tell(conn, vault, stored, "assessment.cancelled", data, record_id=order.id)
    return closed

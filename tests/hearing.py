"""Vendors' webhooks as they come in, for tests: the customer's part of it, and what is told."""

import asyncio
from collections import Counter
from typing import Any

from tests.syncing import Syncing

Told = tuple[str, str, str]
LIGHT = {
    "ats_applications": ["application_info", "application_stage", "application_rejection"],
    "ats_candidates": ["candidate_info"],
    "ats_jobs": ["job_info"],
}


async def listen(vendor: Syncing, *events: str) -> dict[str, Any]:
    """Subscribe, and do by hand what a person has to; all events where none is named."""
    wanted = list(events) or (await vendor.look("events.list"))["available"]
    subscribed = await vendor.ask("events.subscribe", events=wanted)
    if subscribed["registered"] == "MANUAL":
        await by_hand(vendor, subscribed)
    return subscribed


async def by_hand(vendor: Syncing, subscribed: dict[str, Any]) -> list[dict[str, Any]]:
    """What a customer clicks together in the vendor's windows; the vendor may try the address."""
    (secret,) = {one["value"] for one in subscribed["secretFields"]}
    return await asyncio.to_thread(
        vendor.account.subscribe,
        subscribed["webhookUrl"],
        *subscribed["upstreamEvents"],
        secret=secret,
    )


def told(vendor: Syncing, since: int = 0) -> Counter[Told]:
    """What of records arrived: type, data type, id."""
    return Counter(
        (event["eventType"], event["syncDataType"], event["recordId"])
        for event in vendor.receiver.events[since:]
        if event["eventType"].startswith("record.")
    )


async def quiet(vendor: Syncing) -> None:
    """Wait until nothing is under way any more: no webhook, no reading, no delivery.

    A second look that waits for its time does not count.
    """

    async def is_busy() -> bool:
        if vendor.account.webhooks()["waiting"]:
            return True
        async with vendor.service.desk.pool.acquire() as conn:
            return bool(
                await conn.fetchval(
                    "select exists (select from pgqueuer where entrypoint in ('live', 'deliver')"
                    " and (status = 'picked' or execute_after <= now()))"
                    " or exists (select from outbox where state = 'waiting')"
                )
            )

    async with asyncio.timeout(120):
        calm = 0
        while calm < 3:
            calm = 0 if await is_busy() else calm + 1
            await asyncio.sleep(0.05)

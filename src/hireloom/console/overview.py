"""The overview: how all of it is doing, now and lately."""

from datetime import UTC, datetime, timedelta

from hireloom.console.deliveries import called
from hireloom.console.visit import Answer, Visit, page
from hireloom.issues.showing import shown
from hireloom.store import console, console_lists, issues
from hireloom.store.console import Bucket

RANGES = {
    "24h": ("24 hours", timedelta(minutes=30), 48, "%H:%M"),
    "7d": ("7 days", timedelta(hours=3), 56, "%a %d, %H:%M"),
}

STEPS = {"24h": "half an hour", "7d": "3 hours"}  # what one bar of a chart stands for
LISTED = 8  # issues, the newest


async def overview(visit: Visit) -> Answer:
    chosen = visit.asked("range")
    chosen = chosen if chosen in RANGES else "24h"
    name, size, number, clock = RANGES[chosen]
    async with visit.desk.pool.acquire() as conn:
        counts = await console.counts(conn)
        trend = await console.trend(conn, datetime.now(UTC), size, number)
        found = await issues.page(conn, state="open", size=LISTED + 1)
        listed = await shown(conn, found[:LISTED])
        endpoints = await called(conn)
        names = await console_lists.names(conn, {one.integration_id or "" for one in listed})
    return visit.show(
        "overview.html",
        chosen=chosen,
        range_name=name,
        ranges=RANGES,
        counts=counts,
        issues=listed,
        has_more=len(found) > LISTED,
        names=names,
        webhooks=endpoints,
        step=STEPS[chosen],
        unsent=sum(one.failed for one in trend.sent),
        charts=[
            chart("Calls of your product", "How often the API was called", trend.answered, clock),
            chart("Calls to vendors", "How often a vendor was called", trend.called, clock),
            chart("Events delivered", "Events that receivers acknowledged", trend.delivered, clock),
        ],
    )


def chart(title: str, label: str, buckets: list[Bucket], clock: str) -> dict[str, object]:
    return {
        "title": title,
        "label": label,
        "points": [(f"{one.at:{clock}}", one.total, one.failed) for one in buckets],
        "total": sum(one.total for one in buckets),
        "highest": max((one.total for one in buckets), default=0),
        "failed": sum(one.failed for one in buckets),
    }


ROUTES = (page("", overview),)

"""arq on Redis with aiohttp: a job per event, all in one event loop.

As a module it puts events in; `arq benchmarks.rivals.arq_deliver.WorkerSettings` sends them.
"""

import asyncio
import os
import random
import time
from datetime import UTC, datetime
from typing import Any

import aiohttp
import uvloop
from arq import Retry, create_pool, func  # type: ignore[import-not-found]  # its own environment
from arq.connections import RedisSettings  # type: ignore[import-not-found]  # as above
from standardwebhooks import Webhook

from benchmarks.rivals import letters

REDIS = RedisSettings.from_dsn(os.environ["BENCH_REDIS"])
CONNECTIONS = int(os.environ.get("BENCH_CONNECTIONS", "64"))
AT_ONCE = 100  # that are put in side by side
SIGNER = Webhook(letters.SECRET)


async def send(ctx: dict[str, Any], url: str, event_id: str, body: str) -> None:
    """POST one event; a failure is tried again later."""
    now = datetime.now(UTC)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": SIGNER.sign(event_id, now, body),
    }
    session: aiohttp.ClientSession = ctx["session"]
    try:
        async with session.post(
            url, data=body.encode(), headers=headers, allow_redirects=False
        ) as answer:
            answer.raise_for_status()
    except (aiohttp.ClientError, TimeoutError) as error:
        wait = min(5 * 2 ** ctx["job_try"], 12 * 3600) * random.uniform(0.5, 1)  # noqa: S311
        raise Retry(defer=wait) from error


async def open_session(ctx: dict[str, Any]) -> None:
    ctx["session"] = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        timeout=aiohttp.ClientTimeout(total=letters.SECONDS),
    )


async def close_session(ctx: dict[str, Any]) -> None:
    await ctx["session"].close()


class WorkerSettings:
    """What the `arq` command reads."""

    functions = (func(send, keep_result=0, max_tries=20, timeout=60),)
    redis_settings = REDIS
    max_jobs = CONNECTIONS
    poll_delay = 0.02  # of half a second by default, which would be the limit here
    on_startup = open_session
    on_shutdown = close_session


async def put() -> None:
    plan = letters.read_plan()
    redis = await create_pool(REDIS)
    times: dict[str, float] = {}
    waiting: list[asyncio.Task[Any]] = []
    started = time.monotonic()
    for number, event in enumerate(plan.all()):
        if pause := plan.pause(number, started):
            await asyncio.sleep(pause)
        times[event.id] = time.monotonic()
        job = redis.enqueue_job("send", event.url, event.id, event.body, _job_id=event.id)
        waiting.append(asyncio.create_task(job))
        if plan.per_second or len(waiting) == AT_ONCE:
            await asyncio.gather(*waiting)
            waiting.clear()
    await asyncio.gather(*waiting)
    letters.report(started, times)


if __name__ == "__main__":
    uvloop.run(put())

"""Jobs side by side."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

M = TypeVar("M")


async def gather(*jobs: Awaitable[M]) -> list[M]:
    """Run jobs side by side; the first failure stops the others and is the one that is raised."""
    if len(jobs) == 1:
        return [await jobs[0]]
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_as_coroutine(job)) for job in jobs]
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


async def _as_coroutine(job: Awaitable[M]) -> M:
    return await job

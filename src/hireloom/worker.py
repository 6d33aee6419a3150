"""Composition root of the worker side: waits for background jobs."""

import asyncio
import signal

import structlog

from hireloom.api.desk import open_desk
from hireloom.settings import Settings

log = structlog.get_logger()


async def work(settings: Settings) -> None:
    """Run until told to stop. No operation makes background jobs yet; the log is kept tidy."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with open_desk(settings, ""):
        log.info("The worker is ready")
        await stopped.wait()

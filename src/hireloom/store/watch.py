"""The watch over the embedded PostgreSQL: when it dies under its users, it is started again.

Every process that uses the server watches it. `Server.revive` sees to it that one of them starts
it and that nobody starts what was stopped in good order.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog

from hireloom.settings import Settings
from hireloom.store.patience import at_start
from hireloom.store.pool import make_database
from hireloom.store.problems import DatabaseUnavailableError

if TYPE_CHECKING:
    from hireloom.store.embedded import Server

LOOK_SECONDS = 0.5
FIRST_PAUSE = 1.0  # after a start, whether or not it went well; then twice as long each time
LONGEST_PAUSE = 15.0
STEADY_SECONDS = 10.0  # a server that ran so long is no longer one that dies again and again

log = structlog.get_logger()


@asynccontextmanager
async def kept_server(settings: Settings) -> AsyncIterator[str]:
    """The URL of the database; inside, the embedded server is held, watched and started again.

    A server that HIRELOOM_DATABASE_URL names is the operator's: here nothing starts or stops it.
    Raises DatabaseUnavailableError.
    """
    if settings.database_url:
        yield settings.database_url
        return
    from hireloom.store.embedded import Server  # it needs a Unix, a server elsewhere does not

    server = Server(settings.home)
    url = await asyncio.to_thread(server.hold)
    try:
        watching = asyncio.create_task(Watch(server).run())
        try:
            await at_start(lambda: make_database(url))
            yield url
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
    finally:
        await asyncio.to_thread(server.release)


class Watch:
    """Looks after one server until it is cancelled; an outage is told once, however long."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._pause = FIRST_PAUSE
        self._steady = 0.0  # seconds
        self._is_away = False
        self._is_told = False

    async def run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self._server.answers():
                self._is_well()
                continue
            await self._revive()
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def _is_well(self) -> None:
        self._steady += LOOK_SECONDS
        if self._steady >= STEADY_SECONDS:
            self._pause = FIRST_PAUSE
        if self._is_away:
            log.info("The embedded database runs again")
        self._is_away = self._is_told = False

    async def _revive(self) -> None:
        self._steady = 0.0
        if not self._is_away:
            log.warning("The embedded database is gone; it is started again")
        self._is_away = True
        try:
            await asyncio.to_thread(self._server.revive)
        except DatabaseUnavailableError as error:
            self._tell(error.what, error.todo)
        except Exception as error:  # whatever it is: the watch must outlive it
            self._tell(f"{type(error).__name__}: {error}", "Free disk space and memory.")

    def _tell(self, what: str, todo: str) -> None:
        if not self._is_told:
            log.error("The embedded database cannot be started yet", what=what, todo=todo)
        self._is_told = True

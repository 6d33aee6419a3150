"""Addresses of names, looked up in threads of their own.

The system is asked, as everywhere on the machine; where a name's servers do not answer, it waits
for half a minute and holds a thread meanwhile. In the event loop's own few threads some dead
endpoints would stop every other look-up of the process. So threads here are no others' and many,
a name has no more than one of them, and names that were answered lately do not wait for others.
"""

import asyncio
import contextlib
import socket
import threading
from collections import OrderedDict
from typing import Any, TypeAlias

from aiohttp.abc import AbstractResolver, ResolveResult

FAMILIAR = 64  # look-ups at once of names that were answered the last time
STRANGE = 256  # of the others; a waiting thread costs some 50 kB
REMEMBERED = 10_000  # names
NUMERIC = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV

Wanted: TypeAlias = tuple[str, socket.AddressFamily]
Found: TypeAlias = list[ResolveResult]
FAILURES = (OSError, UnicodeError)  # the second: a name that cannot be one


class Names(AbstractResolver):
    """A resolver for aiohttp; close it when nothing connects any more."""

    def __init__(self) -> None:
        self._familiar = asyncio.Semaphore(FAMILIAR)
        self._strange = asyncio.Semaphore(STRANGE)
        self._answered: OrderedDict[str, None] = OrderedDict()
        self._under_way: dict[Wanted, asyncio.Task[Found | Exception]] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> Found:
        """Raises OSError, or UnicodeError for what cannot be a name."""
        wanted = (host, family)
        if wanted not in self._under_way:
            task = asyncio.create_task(self._look_up(wanted))
            self._under_way[wanted] = task
            task.add_done_callback(lambda _: self._under_way.pop(wanted))
        # Whoever gives up waiting leaves the thread to those who ask for the name again.
        found = await asyncio.shield(self._under_way[wanted])
        if isinstance(found, Exception):
            raise found
        return [{**one, "port": port} for one in found]

    async def close(self) -> None:
        for task in list(self._under_way.values()):
            task.cancel()

    async def _look_up(self, wanted: Wanted) -> Found | Exception:
        host, _ = wanted
        async with self._familiar if host in self._answered else self._strange:
            found = await in_a_thread(wanted)
        self._answered.pop(host, None)
        if not isinstance(found, Exception):
            self._answered[host] = None
            if len(self._answered) > REMEMBERED:
                self._answered.popitem(last=False)
        return found


async def in_a_thread(wanted: Wanted) -> Found | Exception:
    """Ask the system; what it says of a name that it does not find is an answer, too.

    The thread is a daemon, so that a process which ends does not wait for the system's patience.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Found | Exception] = loop.create_future()

    def tell(found: Found | Exception) -> None:
        if not answer.done():
            answer.set_result(found)

    def ask() -> None:
        try:
            found: Found | Exception = addresses(wanted)
        except FAILURES as error:
            found = error
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(tell, found)

    threading.Thread(target=ask, name="names", daemon=True).start()
    return await answer


def addresses(wanted: Wanted) -> Found:
    host, family = wanted
    infos = socket.getaddrinfo(
        host, None, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
    )
    return [
        ResolveResult(
            hostname=host,
            host=numeric(address),
            port=0,
            family=kind,
            proto=protocol,
            flags=NUMERIC,
        )
        for kind, _, protocol, _, address in infos
        if isinstance(address[0], str)  # bytes, of IPv6 where Python was built without it
    ]


def numeric(address: tuple[Any, ...]) -> str:
    """With its zone, where a link-local address has one."""
    if len(address) == 4 and address[3]:
        return socket.getnameinfo(address, socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)[0]
    return str(address[0])

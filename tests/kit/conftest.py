"""Harbor's server, and the way to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import pytest

from hireloom.kit import Connector, Secrets
from hireloom.kit.http import Http
from hireloom.kit.limits import Memory
from hireloom.kit.origins import Origins
from hireloom.kit.ports import CallReport, MemoryKeeper
from tests.kit.harbor import KEY, Vendor, origins

C = TypeVar("C", bound=Connector)


@dataclass
class Way:
    """Connects accounts at the vendor's server; `reports` are what the log would get."""

    vendor: Vendor
    reports: list[CallReport] = field(default_factory=list)
    open: list[Http] = field(default_factory=list)

    def to(self, kind: type[C], secrets: Secrets = KEY, *, keeper: MemoryKeeper | None = None) -> C:
        http = Http(
            keeper or MemoryKeeper(secrets),
            Memory(),
            self.reports.append,
            Origins(origins(self.vendor)),
        )
        self.open.append(http)
        return http.connect("int_1", kind)


@dataclass
class Stall:
    """How long this process did not get on: so much later calls may arrive than they left."""

    seconds: float = 0.0


TICK = 0.005


@asynccontextmanager
async def stalls() -> AsyncIterator[Stall]:
    found = Stall()

    async def watch() -> None:
        now = asyncio.get_running_loop().time
        while True:
            began = now()
            await asyncio.sleep(TICK)
            found.seconds += now() - began - TICK

    watching = asyncio.create_task(watch())
    yield found
    watching.cancel()


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Vendor() as vendor:
        yield vendor


@pytest.fixture
async def way(vendor: Vendor) -> AsyncIterator[Way]:
    way = Way(vendor)
    yield way
    for http in way.open:
        await http.close()

"""All vendors on one port: what one caller leaves under way is no other's."""

import asyncio

import httpx

from hireloom.sandbox.app import Running
from hireloom.sandbox.faults import Fault, FaultPlan
from tests.outage import until

SLOW = FaultPlan((Fault(kind="slow", seconds=1),))


async def test_a_call_that_ends_after_a_reset_is_not_in_the_new_log() -> None:
    async with (
        Running(size=10, vendors=["lever"], faults=SLOW) as here,
        httpx.AsyncClient(base_url=here.url, timeout=120, trust_env=False) as client,
    ):
        url = f"{here.origins['https://api.lever.co']}/v1/users"
        under_way = asyncio.create_task(client.get(url))
        await until(lambda: here.app.faults._done == [1])

        await client.post("/_sandbox/reset")
        await under_way

        assert (await client.get("/_sandbox/lever/calls")).json()["calls"] == []

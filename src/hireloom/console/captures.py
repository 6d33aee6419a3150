"""Captured calls: the switch for fifteen minutes, the calls of an account in outline, one of them.

They hold no person and no secret, so support people read them; only admins switch.
"""

from datetime import timedelta
from urllib.parse import urlencode

from hireloom import capturing
from hireloom.console.visit import Answer, Visit, change, page
from hireloom.recorder import told
from hireloom.store import captures, integrations, masters

PATH = "/console/integrations"
SIZE = 50
LENGTH = timedelta(minutes=15)


async def start(visit: Visit) -> Answer:
    await capturing.start(visit.desk, visit.actor, visit.named("id"), LENGTH)
    return visit.back("Details of its calls are captured for 15 minutes.")


async def stop(visit: Visit) -> Answer:
    erase = visit.given("erase") == "yes"
    await capturing.stop(visit.desk, visit.actor, visit.named("id"), erase=erase)
    return visit.back("All that was captured is erased." if erase else "No more is captured.")


async def every(visit: Visit) -> Answer:
    integration_id, execution = visit.named("id"), visit.asked("execution")
    asked = visit.asked("before")
    before = int(asked) if asked.isdecimal() and len(asked) < 19 else captures.LAST
    async with visit.desk.pool.acquire() as conn:
        stored = await integrations.get(conn, integration_id)
        found = await captures.listing(
            conn, stored.id, execution_id=execution or None, before=before, size=SIZE + 1
        )
        capture = await captures.latest(conn, stored.id)
    place = {"execution": execution} if execution else {}
    further = ""
    if len(found) > SIZE:
        place |= {"before": str(found[SIZE - 1].number)}
        further = f"{PATH}/{stored.id}/captures?{urlencode(place)}"
    return visit.show(
        "captures.html",
        stored=stored,
        capture=capture,
        rows=found[:SIZE],
        execution=execution,
        further=further,
    )


async def one(visit: Visit) -> Answer:
    async with visit.desk.pool.acquire() as conn:
        stored = await integrations.get(conn, visit.named("id"))
        key = await masters.data_key(conn, visit.desk.vault, stored.id)
        found = await captures.get(conn, key, stored.id, visit.named("captured"))
        beside = await captures.listing(conn, stored.id, execution_id=found.execution_id, size=SIZE)
        await capturing.note_reading(conn, visit.actor, stored.id, [found])
    return visit.show(
        "captured.html", stored=stored, one=found, outline=told(found), beside=beside[::-1]
    )


ROUTES = (
    change("/integrations/{id:str}/capture", start),
    change("/integrations/{id:str}/capture/stop", stop),
    page("/integrations/{id:str}/captures", every),
    page("/integrations/{id:str}/captures/{captured:str}", one),
)

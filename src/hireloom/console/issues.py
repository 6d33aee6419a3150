"""Issues: failures by their cause, who must act and what to do, and the way to one of them."""

from datetime import UTC, datetime, timedelta

from hireloom.console.deliveries import called
from hireloom.console.visit import Answer, Visit, change, page
from hireloom.issues.showing import shown
from hireloom.models import IssueState
from hireloom.store import audit, console_lists, issues

PATH = "/console/issues"
SIZE = 50
VIEWS = (("open", "Open"), ("muted", "Muted"), ("resolved", "Resolved"))
MUTED_FOR = timedelta(days=1)


async def every(visit: Visit) -> Answer:
    words = [key for key, _ in VIEWS]
    view = visit.asked("state") if visit.asked("state") in words else words[0]
    asked = visit.asked("before")
    before = int(asked) if asked.isdecimal() else issues.LAST
    async with visit.desk.pool.acquire() as conn:
        found = await issues.page(conn, state=IssueState(view).value, before=before, size=SIZE + 1)
        listed = await shown(conn, found[:SIZE])
        names = await console_lists.names(conn, {one.integration_id or "" for one in listed})
        endpoints = await called(conn)
    more = f"{PATH}?state={view}&before={found[SIZE - 1].opening}" if len(found) > SIZE else ""
    values = {"names": names, "webhooks": endpoints, "views": VIEWS, "view": view}
    return visit.show("issues.html", rows=listed, further=more, **values)


async def one(visit: Visit) -> Answer:
    async with visit.desk.pool.acquire() as conn:
        listed = await shown(conn, [await issues.get(conn, visit.named("id"))])
        names = await console_lists.names(conn, {one.integration_id or "" for one in listed})
        endpoints = await called(conn)
    if not listed:
        raise issues.unknown()
    return visit.show("issue.html", one=listed[0], names=names, webhooks=endpoints)


async def mute(visit: Visit) -> Answer:
    return await _mute(visit, "issue.mute", datetime.now(UTC) + MUTED_FOR)


async def unmute(visit: Visit) -> Answer:
    return await _mute(visit, "issue.unmute", None)


async def _mute(visit: Visit, action: str, until: datetime | None) -> Answer:
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        by = None if until is None else visit.actor
        muted = await issues.mute(conn, visit.named("id"), until, by)
        detail = {"issueId": muted.id, "kind": muted.kind, "until": until}
        await audit.add(
            conn, visit.actor, action, integration_id=muted.integration_id, detail=detail
        )
    if until is None:
        return visit.back("It is told again when it comes up anew.")
    return visit.back("Muted for a day: nobody is told of it, and it resolves itself as ever.")


ROUTES = (
    page("/issues", every),
    page("/issues/{id:str}", one),
    change("/issues/{id:str}/mute", mute),
    change("/issues/{id:str}/unmute", unmute),
)

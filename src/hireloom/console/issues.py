"""Issues: failures by their cause, who must act and what to do, and the way to one of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hireloom.console.deliveries import called
from hireloom.console.visit import Answer, Visit, change, page
from hireloom.issues.kinds import KINDS
from hireloom.issues.showing import shown
from hireloom.models import Issue, IssueState
from hireloom.store import audit, console_lists, issues
from hireloom.store.pool import Connection

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
        around = await _around(conn, listed)
    more = f"{PATH}?state={view}&before={found[SIZE - 1].opening}" if len(found) > SIZE else ""
    return visit.show("issues.html", rows=listed, views=VIEWS, view=view, further=more, **around)


async def one(visit: Visit) -> Answer:
    async with visit.desk.pool.acquire() as conn:
        listed = await shown(conn, [await issues.get(conn, visit.named("id"))])
        around = await _around(conn, listed)
    if not listed:
        raise issues.unknown()
    return visit.show("issue.html", one=listed[0], **around)


async def _around(conn: Connection, listed: Sequence[Issue]) -> dict[str, Any]:
    """The names of accounts, and where webhooks lead, by their ids."""
    names = await console_lists.names(conn, {one.integration_id or "" for one in listed})
    subjects = {one.subject for one in listed if KINDS[one.kind].about == "webhook"}
    return {"names": names, "webhooks": await called(conn) if subjects else {}}


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

"""What every page asks first: is the session still good, is the form theirs; and what it tells."""

from collections.abc import Mapping
from typing import Any

from litestar import Response

from hireloom.connect import flow
from hireloom.connect.show import onward, page
from hireloom.connect.visits import Asked, Visit, is_theirs, visit
from hireloom.connectors import load
from hireloom.desk import Desk
from hireloom.kit import Connector
from hireloom.store.integrations import Integration

Page = Response[Any]


async def posted(desk: Desk, request: Asked) -> tuple[Visit, dict[str, str]]:
    form = await request.form()
    entered = {name: text for name, text in form.multi_items() if isinstance(text, str)}
    return await visit(desk, request, entered.get("proof", "")), entered


def closed(seen: Visit) -> Page | None:
    """Where a session leads that is not, or no longer, good for connecting; None where it is."""
    if seen.is_stray:
        return notice(seen, "stray", 403)
    session = seen.session
    if session is None or (session.has_ended and not seen.is_whose_used_it):
        return notice(seen, "ended", 410, event="expired")
    if session.used_at is None:
        return None
    if seen.is_whose_used_it and session.used_for is not None:
        return onward(seen, f"{seen.path}/finish?by={seen.proof}")
    return notice(seen, "used", 410, event="expired")


async def closed_for(seen: Visit, kind: type[Connector] | None) -> Page | None:
    """`closed`, and where another app was connected with the session, that this one was not."""
    if kind is None or not seen.is_whose_used_it or seen.is_stray:
        return closed(seen)
    stored = await flow.connected(seen)
    if stored is None or stored.connector == kind.name:
        return closed(seen)
    done = load(stored.connector).title
    return notice(seen, "other", 410, event="spent", app=kind.title, done=done)


def not_theirs(seen: Visit) -> Page:
    """For whoever has no connected account to go on with: used up, ended, or not made yet."""
    if seen.is_whose_used_it and not seen.is_stray:  # it was deleted since
        return notice(seen, "used", 410, event="expired")
    return closed(seen) or onward(seen, seen.path)


def refused(seen: Visit, request: Asked, entered: Mapping[str, str]) -> Page | None:
    if is_theirs(seen, request, entered.get("proof", "")):
        return None
    return notice(seen, "stray", 403)


def notice(seen: Visit, what: str, status: int, event: str = "", **values: str) -> Page:
    return page(seen, "notice", status=status, event=event, what=what, values=values)


def details(stored: Integration) -> dict[str, Any]:
    """What the page that embeds the window is told of a connection."""
    return {
        "integrationId": stored.id,
        "appId": stored.connector,
        "categoryId": stored.category.upper(),
        "originOrgId": stored.origin_org_id,
        "success": True,
    }

"""The log: every call in and out, to be filtered and followed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from hireloom import connectors
from hireloom.console.deliveries import called
from hireloom.console.visit import Answer, Visit, page
from hireloom.errors import RequestInvalidError
from hireloom.issues.following import open_issues
from hireloom.store import call_search, captures, console_lists
from hireloom.store.call_search import Search
from hireloom.store.calls import Call, Cursor

PATH = "/console/logs"
SIZE = 50
FILTERS = ("integration", "method", "kind", "code", "execution", "direction")
KINDS = (("", "Any"), ("failed", "Failed"), ("2", "2xx"), ("3", "3xx"), ("4", "4xx"),
         ("5", "5xx"), ("0", "No answer"))  # fmt: skip
DIRECTIONS = (("", "Both"), ("in", "In: your product"), ("out", "Out: vendors, webhooks"),
              ("vendors", "Out: vendors"), ("webhooks", "Out: webhooks"))  # fmt: skip
OUT = ("out", "vendors", "webhooks")
WEBHOOK = "webhook"  # the method of what is sent to webhooks
OTHERS = (WEBHOOK, "(vendor webhook)", "(partner call)")


async def every(visit: Visit) -> Answer:
    asked = {name: visit.asked(name) for name in FILTERS}
    until = visit.asked("until")
    place = _place(visit.asked("before")) or _until(until)
    async with visit.desk.pool.acquire() as conn:
        found = await call_search.page(conn, search(asked), before=place, size=SIZE)
        names = await console_lists.names(conn, {one.integration_id for one in found.calls})
        choices = await console_lists.choices(conn)
        known = await open_issues(conn)
        endpoints = await called(conn)
        captured = await captures.of_execution(conn, asked["execution"])
    kept = {name: value for name, value in asked.items() if value}
    return visit.show(
        "log.html",
        part_of=known.of_lines(kept),
        calls=found.calls,
        issue_of=known.of_call,
        names=names,
        webhooks=endpoints,
        choices=choices,
        captured=captured,
        asked=asked,
        until=until,
        methods=methods(visit, found.calls),
        follows=visit.asked("follow") == "on",
        kinds=KINDS,
        directions=DIRECTIONS,
        highest=max((one.number for one in found.calls), default=0),
        follow=f"{PATH}/rows?{urlencode(kept)}",
        further=f"{PATH}?{urlencode(kept | {'before': _spelled(found.before)})}"
        if found.before
        else "",
        reached=None if found.before is None or len(found.calls) == SIZE else found.before.at,
        is_first=place is None,
    )


async def rows(visit: Visit) -> Answer:
    """What came since, for a log that is followed."""
    asked = {name: visit.asked(name) for name in FILTERS}
    after = visit.asked("after")
    number = int(after) if after.isdecimal() and len(after) < 19 else 0
    async with visit.desk.pool.acquire() as conn:
        found: list[Call] = await call_search.newer(conn, search(asked), number)
        names = await console_lists.names(conn, {one.integration_id for one in found})
        known = await open_issues(conn)
    return visit.show("log_rows.html", calls=found, names=names, issue_of=known.of_call)


def methods(visit: Visit, calls: Sequence[Call]) -> list[str]:
    """What can be filtered by, as far as it is known without reading the log."""
    every = (visit.house.support(connectors.load(name), None) for name in connectors.names())
    known = {method for able in every for method in able}
    return sorted(known | set(OTHERS) | {one.operation for one in calls})


def search(asked: dict[str, str]) -> Search:
    kind, direction = asked["kind"], asked["direction"]
    if direction == "webhooks":
        asked = asked | {"method": asked["method"] or WEBHOOK}
    return Search(
        leaves_out=WEBHOOK if direction == "vendors" else None,
        integration_id=asked["integration"] or None,
        operation=asked["method"] or None,
        kind=int(kind) if kind in {"0", "2", "3", "4", "5"} else None,
        code=asked["code"] or None,
        execution_id=asked["execution"] or None,
        direction="in" if direction == "in" else "out" if direction in OUT else None,
        only_failed=kind == "failed",
    )


def _spelled(place: Cursor) -> str:
    since = place.at - datetime.fromtimestamp(0, UTC)
    return f"{since // timedelta(microseconds=1)}.{place.number}"


def _until(text: str) -> Cursor | None:
    """What was before a moment, as a browser's field has it; raises RequestInvalidError."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RequestInvalidError.at("until", "is no time, such as 2026-01-31T14:00") from None
    latest = datetime.now(UTC) + timedelta(days=1)
    return Cursor(min(moment.replace(tzinfo=moment.tzinfo or UTC), latest), 0)


def _place(text: str) -> Cursor | None:
    """Raises RequestInvalidError."""
    if not text:
        return None
    at, _, number = text.partition(".")
    if not (at.isdecimal() and number.isdecimal() and len(at) < 17 and len(number) < 19):
        raise RequestInvalidError.at("before", "is no place in the log")
    seconds, microseconds = divmod(int(at), 1_000_000)
    moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)
    return Cursor(moment, int(number))


ROUTES = (page("/logs", every), page("/logs/rows", rows))

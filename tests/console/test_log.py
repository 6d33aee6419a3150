"""The log: filters, pages that go on where the last one ended, and what came since."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest

from hireloom.store import call_search
from hireloom.store.call_search import Search
from tests.console.accounts import log
from tests.console.conftest import Console, Visitor

EXECUTION = re.compile(r'title="Everything of (\w+)"')


FILTERS = (
    ({"method": "ats.offer.list"}, 3),
    ({"integration": "int_seen"}, 2),
    ({"kind": "failed"}, 5),
    ({"kind": "5"}, 4),
    ({"kind": "0"}, 1),
    ({"code": "upstream.timeout"}, 4),
    ({"execution": "ex_special"}, 1),
    ({"direction": "out"}, 6),
    ({"direction": "vendors"}, 4),
    ({"direction": "webhooks"}, 2),
    ({"kind": "5", "method": "ats.offer.list"}, 0),
    ({"kind": "2", "integration": "int_seen"}, 2),
)


async def test_the_log_is_filtered(console: Console, admin: Visitor) -> None:
    async with console.service.desk.pool.acquire() as conn:
        await log(conn, 3, operation="ats.offer.list")
        await log(conn, 2, integration_id="int_seen")
        await log(conn, 4, status=504, code="upstream.timeout")
        await log(conn, 1, status=None)
        await log(conn, 1, execution_id="ex_special")
        await log(conn, 4, direction="out")
        await log(conn, 2, direction="out", operation="webhook")

    for asked, found in FILTERS:
        text = (await admin.get("/logs", **asked)).text
        assert len(EXECUTION.findall(text)) == found, asked


async def test_pages_show_every_call_once_and_the_newest_first(
    console: Console, admin: Visitor
) -> None:
    async with console.service.desk.pool.acquire() as conn:
        made = await log(conn, 130, operation="ats.offer.list")
    seen: list[str] = []

    path = "/console/logs?method=ats.offer.list"
    while path:
        text = (await admin.http.get(path)).text
        seen += EXECUTION.findall(text)
        further = re.search(r'class="button" href="([^"]+before[^"]+)"', text)
        path = html.unescape(further[1]) if further else ""

    assert seen == [one.execution_id for one in reversed(made)]


async def test_calls_of_earlier_days_and_at_midnight_are_found_once(console: Console) -> None:
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    times = [midnight - timedelta(days=day) for day in range(4)]
    async with console.service.desk.pool.acquire() as conn:
        for at in times:
            for place in range(3):
                await log(conn, 1, at=at, operation="rare", execution_id=f"ex_{at.day}_{place}")
        found = await call_search.page(conn, Search(operation="rare"), size=5)
        seen = list(found.calls)
        while found.before and len(seen) <= 12:
            found = await call_search.page(
                conn, Search(operation="rare"), before=found.before, size=5
            )
            seen += found.calls

    assert len(seen) == len({one.number for one in seen}) == 12
    assert [one.at for one in seen] == sorted((one.at for one in seen), reverse=True)


async def test_a_search_that_takes_long_says_how_far_it_came_and_goes_on(
    console: Console, admin: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = datetime.now(UTC) - timedelta(days=3)
    async with console.service.desk.pool.acquire() as conn:
        await log(conn, 1, at=old, operation="rare", execution_id="ex_old")
        await log(conn, 1)
    monkeypatch.setattr(call_search, "MOMENT", 0.0)
    seen, pages, path = [], 0, "/console/logs?method=rare"

    while path and pages < 10:
        text = (await admin.http.get(path)).text
        seen += EXECUTION.findall(text)
        further = re.search(r'class="button" href="([^"]+)">Search further back', text)
        path = html.unescape(further[1]) if further else ""
        pages += 1

    assert seen == ["ex_old"]
    assert pages > 2


async def test_what_came_since_is_told_to_who_follows(console: Console, admin: Visitor) -> None:
    async with console.service.desk.pool.acquire() as conn:
        await log(conn, 2, operation="ats.offer.list")
    page = (await admin.get("/logs", method="ats.offer.list")).text
    (after,) = re.findall(r'data-after="(\d+)"', page)

    nothing = (await admin.get("/logs/rows", method="ats.offer.list", after=after)).text
    async with console.service.desk.pool.acquire() as conn:
        await log(conn, 1, operation="ats.offer.list", execution_id="ex_fresh")
        await log(conn, 1, operation="ats.job.list", execution_id="ex_other")
    came = (await admin.get("/logs/rows", method="ats.offer.list", after=after)).text

    assert EXECUTION.findall(nothing) == []
    assert EXECUTION.findall(came) == ["ex_fresh"]


async def test_a_place_that_is_none_is_refused(admin: Visitor) -> None:
    for before in ("x", "1", "-1.2", "999999999999999999999.1", "1.", "²2.1", "1.1.1"):
        answer = await admin.get("/logs", before=before)
        assert answer.status_code == 400, before


async def test_the_log_is_read_from_a_moment_back_and_names_its_methods(
    console: Console, admin: Visitor
) -> None:
    now = datetime.now(UTC).replace(second=30, microsecond=0)
    async with console.service.desk.pool.acquire() as conn:
        for hours in range(3):
            await log(conn, 1, at=now - timedelta(hours=hours), operation=f"own.call.{hours}",
                      execution_id=f"ex_{hours}")  # fmt: skip
    until = f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}"

    text = (await admin.get("/logs", until=until, direction="in", follow="on")).text
    newest = (await admin.get("/logs", follow="on")).text
    part = (await admin.get("/logs", method="own")).text
    ends = [(await admin.get("/logs", until=one)).status_code
            for one in ("x", "9999-12-31T23:59", "0001-01-01T00:00")]  # fmt: skip

    assert EXECUTION.findall(text) == ["ex_2"]
    assert f'type="datetime-local" value="{until}"' in text
    assert "data-follow" not in text
    assert "data-follow checked" in newest
    assert '<option value="own.call.2">' in text
    assert '<option value="ats.job.list">' in text
    assert "have to be given in full" in part
    assert ends == [400, 200, 200]

"""Finding calls in a log of ten million: how long a page of the console takes, filter by filter.

The log is filled by the database itself with calls of 300 accounts over 30 days, 40 operations, 3 %
of them failed, and one account and one operation that are rare. Each question is asked as a browser
asks it, over HTTP with a session: the first page and the one after it. So is the overview, whose
charts are counted beforehand, as a worker does it every minute. What counts is the whole
request, from the log's SQL to the finished page.
"""

import argparse
import asyncio
import contextlib
import re
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import asyncpg
import httpx

from benchmarks import measure
from benchmarks.environments import free_port
from benchmarks.installation import installed
from hireloom import web
from hireloom.desk import Desk
from hireloom.store import operators
from hireloom.sync import upkeep

ROWS = 10_000_000
CHUNK = 500_000
DAYS = 30
OLDER = re.compile(r'class="further"><a class="button" href="([^"]+)"')

KEEP_DAYS = """
select keep_day('calls', (now() at time zone 'UTC')::date - back)
  from generate_series(0, $1::integer) as back
"""
FILL = """
insert into calls (integration_id, at, direction, execution_id, operation, method, status, code,
                   duration_ms, upstream_calls, bytes)
select case when n % 100003 = 0 then 'int_rare' else 'int_' || n % 300 end,
       now() - make_interval(secs => n * $3::float8),
       case when n % 3 = 0 then 'in' else 'out' end,
       'ex_' || lpad((n / 3)::text, 17, '0'),
       case when n % 200003 = 0 then 'rare.operation' else 'operation.' || n * 7 % 40 end,
       'GET',
       case when n % 33 <> 0 then 200 when n % 66 = 0 then 503 when n % 99 = 0 then null
            else 404 end,
       case when n % 33 <> 0 then null when n % 330033 = 0 then 'rare.code'
            when n % 66 = 0 then 'upstream.unavailable' else 'resource.not_found' end,
       n % 900, 1, 4000
  from generate_series($1::bigint, $2::bigint) as n
"""

OVERVIEWS = (
    ("the overview of 24 hours", "/console?range=24h"),
    ("the overview of 7 days", "/console?range=7d"),
)
QUESTIONS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("everything", {}),
    ("one account", {"integration": "int_17"}),
    ("an account with few calls", {"integration": "int_rare"}),
    ("one method", {"method": "operation.9"}),
    ("a method with few calls", {"method": "rare.operation"}),
    ("failed", {"kind": "failed"}),
    ("status 5xx", {"kind": "5"}),
    ("no answer", {"kind": "0"}),
    ("one code", {"code": "upstream.unavailable"}),
    ("a code with few calls", {"code": "rare.code"}),
    ("an execution", {"execution": "ex_00000000000777777"}),
    ("no such execution", {"execution": "ex_none"}),
    ("account and method", {"integration": "int_17", "method": "operation.39"}),
    ("account, method, 5xx", {"integration": "int_18", "method": "operation.6", "kind": "5"}),
    ("account and code", {"integration": "int_66", "code": "upstream.unavailable"}),
    ("what no call is", {"integration": "int_17", "method": "operation.0", "kind": "3"}),
)


async def fill(conn: asyncpg.Connection, rows: int) -> None:
    """Put so many calls into the log, spread evenly over the days."""
    await conn.execute(KEEP_DAYS, DAYS)
    await conn.execute("set statement_timeout = 0")
    await conn.execute("set synchronous_commit = off")
    for first in range(1, rows + 1, CHUNK):
        last = min(first + CHUNK - 1, rows)
        await conn.execute(FILL, first, last, DAYS * 86_400 / rows)
    await conn.execute("analyze calls")


@asynccontextmanager
async def console(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a browser's client with a session on a running console."""
    port, stopped = free_port(), asyncio.Event()
    listening = asyncio.create_task(web.listen(web.make_app(desk), "127.0.0.1", port, stopped))
    async with desk.pool.acquire() as conn, conn.transaction():
        link = await operators.make_link(conn, "terminal", "admin", "a benchmark")
        operator = await operators.join(conn, link, "bench", "")
        assert operator is not None
        cookies = {"hireloom_console": await operators.open_session(conn, operator.id)}
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=url, cookies=cookies, timeout=60) as http:
        for _ in range(500):
            with contextlib.suppress(httpx.TransportError):
                await http.get("/health")
                break
            await asyncio.sleep(0.02)
        yield http
    stopped.set()
    await listening


async def ask(http: httpx.AsyncClient, path: str) -> tuple[float, str]:
    """Return how many ms a page takes, and the address of the next one."""
    started = time.perf_counter()
    answer = await http.get(path)
    taken = (time.perf_counter() - started) * 1000
    assert answer.status_code == 200, answer.text
    further = OLDER.search(answer.text)
    return taken, further[1].replace("&amp;", "&") if further else ""


async def measured(http: httpx.AsyncClient, rounds: int) -> dict[str, list[float]]:
    """Return by question how long its pages took."""
    taken: dict[str, list[float]] = {name: [] for name, _ in (*QUESTIONS, *OVERVIEWS)}
    for _ in range(rounds):
        for name, asked in QUESTIONS:
            first, further = await ask(http, f"/console/logs?{urlencode(asked)}")
            taken[name].append(first)
            if further:
                taken[name].append((await ask(http, further))[0])
        for name, path in OVERVIEWS:
            taken[name].append((await ask(http, path))[0])
    return taken


async def run(rows: int, rounds: int) -> tuple[dict[str, list[float]], float]:
    """Fill a log and ask; return the times, and how long filling took."""
    with installed() as installation:
        async with installation.desk() as desk:
            started = time.perf_counter()
            async with desk.pool.acquire() as conn:
                await fill(conn, rows)
            await upkeep.count_traffic(desk.pool, DAYS)
            filled = time.perf_counter() - started
            async with console(desk) as http:
                await measured(http, 1)
                return await measured(http, rounds), filled


def main(arguments: list[str]) -> None:
    """Fill, ask, and print a table."""
    parser = argparse.ArgumentParser(prog="scripts/bench logs", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(arguments)
    print(measure.machine_line(), file=sys.stderr)
    taken, filled = asyncio.run(run(options.rows, options.rounds))
    measure.show(
        f"A page of the log among {options.rows:,} calls",
        ("question", "median", "slowest"),
        [
            (name, f"{measure.median(times):.0f} ms", f"{max(times):.0f} ms")
            for name, times in taken.items()
        ],
        note=f"Filled in {filled:.0f} s.",
    )
    measure.save("logs", {"rows": options.rows, "ms": taken})

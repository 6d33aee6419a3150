"""Budgets: never more than the vendor allows, whoever asks and whenever."""

import asyncio
import json
import math
import sys
import time
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hireloom.kit.limits import (
    FAR,
    SLOTS,
    Budget,
    Memory,
    RateLimit,
    State,
    WaitTooLongError,
    block,
    draw,
    learn,
    load,
)
from hireloom.sandbox.app import Running
from hireloom.sandbox.limits import Limiter
from hireloom.settings import Settings
from tests.kit.conftest import Way, stalls
from tests.kit.harbor import SHIP, Call, Reply, TightHarbor, Vendor, says

WINDOW = RateLimit(calls=20, seconds=10)
BUCKET = RateLimit(calls=10, seconds=1, burst=20)

steps = st.lists(st.tuples(st.floats(0, 8), st.integers(1, 30)), min_size=1, max_size=30)
starts = st.floats(0, 2e9)
patience = st.none() | st.floats(-5, 60)


def calls_made(
    limit: RateLimit, start: float, asked: list[tuple[float, int]], longest: float | None = None
) -> list[float]:
    """When each call leaves: after these pauses, so many ask at once, each with this patience."""
    state: bytes | None = None
    now, made = start, []
    for pause, calls in asked:
        now += pause
        patient = None if longest is None else [longest] * calls
        state, waits = draw(state, now, limit, calls, longest=patient)
        assert all(wait >= 0 for wait in waits)
        made += [now + wait for wait in waits if longest is None or wait <= max(longest, 0)]
    return sorted(made)


@given(starts, steps, st.integers(1, 50), st.floats(0.5, 60), patience)
def test_no_window_wherever_it_begins_holds_more_calls_than_allowed(
    start: float, asked: list[tuple[float, int]], calls: int, seconds: float, longest: float | None
) -> None:
    made = calls_made(RateLimit(calls=calls, seconds=seconds), start, asked, longest)

    for first, beyond in zip(made, made[calls:], strict=False):
        assert beyond - first >= seconds * (1 - 1e-6) - 1e-6


@given(starts, steps, st.floats(0.5, 50), st.integers(1, 60), patience)
def test_a_bucket_never_runs_over(
    start: float, asked: list[tuple[float, int]], rate: float, burst: int, longest: float | None
) -> None:
    limit = RateLimit(calls=10, seconds=10 / rate, burst=burst)
    left, before = float(burst), -math.inf

    for at in calls_made(limit, start, asked, longest):
        left = min(burst, left + (at - before) * rate) - 1
        before = at
        assert left >= -1e-3


@given(starts, steps, st.sampled_from([WINDOW, BUCKET]))
def test_who_comes_first_goes_first(
    start: float, asked: list[tuple[float, int]], limit: RateLimit
) -> None:
    state: bytes | None = None
    now, leaving = start, []
    for pause, calls in asked:
        now += pause
        state, waits = draw(state, now, limit, calls)
        leaving += [now + wait for wait in waits]

    assert all(earlier <= later + 1e-6 for earlier, later in pairwise(leaving))


@given(starts, steps, st.sampled_from([WINDOW, BUCKET]))
def test_who_will_not_wait_takes_nothing(
    start: float, asked: list[tuple[float, int]], limit: RateLimit
) -> None:
    state: bytes | None = None
    now = start
    for pause, calls in asked:
        now += pause
        state, _ = draw(state, now, limit, calls)

    _, waits = draw(state, now, limit, 1)
    refused, _ = draw(state, now, limit, 5, longest=[waits[0] / 2] * 5) if waits[0] else (state, [])

    assert draw(refused, now, limit, 1)[1] == waits


@given(starts, st.integers(1, 100), st.sampled_from([WINDOW, BUCKET]))
def test_a_state_reads_back_and_stays_small(start: float, calls: int, limit: RateLimit) -> None:
    state, _ = draw(None, start, limit, calls)

    assert draw(state, start + 1, limit, 1)[1] == draw(bytes(state), start + 1, limit, 1)[1]
    later, _ = draw(state, start + 10_000, limit, 1)
    assert len(load(later).slots) <= SLOTS + 1
    assert len(later) < 1000


@given(st.binary(max_size=40))
def test_a_state_that_cannot_be_read_is_a_fresh_budget(state: bytes) -> None:
    _, waits = draw(state, 1000.0, WINDOW, 1)

    assert len(waits) == 1


odd_floats = st.floats() | st.sampled_from([math.inf, -math.inf, math.nan, 1e300, 0.0])
odd_numbers = st.integers(-(2**63), 2**63 - 1)
odd_states = st.tuples(
    st.dictionaries(odd_numbers, odd_numbers, max_size=5),
    odd_floats,
    st.none() | odd_numbers,
    odd_floats,
).map(msgspec.msgpack.encode)


@given(odd_states, st.sampled_from([WINDOW, BUCKET]), starts, st.none() | st.floats())
def test_no_stored_state_holds_an_account_up_for_ever(
    state: bytes, limit: RateLimit, now: float, patient: float | None
) -> None:
    _, waits = draw(state, now, limit, 2, longest=None if patient is None else [patient] * 2)
    learned, _ = learn(state, now, 100)
    blocked, _ = block(state, now, 60.0)

    assert all(0 <= wait <= FAR + 60 for wait in waits)
    assert all(math.isfinite(wait) for wait in draw(learned, now, limit, 1)[1])
    assert all(math.isfinite(wait) for wait in draw(blocked, now, limit, 1)[1])


@pytest.mark.parametrize("limit", [WINDOW, BUCKET])
@pytest.mark.parametrize("until", [math.inf, math.nan, 1e12])
def test_a_block_ends_within_the_hour_whatever_was_stored(limit: RateLimit, until: float) -> None:
    state = msgspec.msgpack.encode(State(blocked_until=until))
    said, _ = block(None, 100.0, 1e9)

    state, _ = draw(state, 100.0, limit, 1, longest=[0.0])

    assert draw(state, 3701.0, limit, 1, longest=[1.0])[1] == [0.0]
    assert draw(said, 3701.0, limit, 1, longest=[1.0])[1] == [0.0]


def test_an_untouched_budget_lets_calls_through_at_once() -> None:
    assert draw(None, 5.0, WINDOW, 19)[1] == [0.0] * 19
    assert draw(None, 5.0, BUCKET, 19)[1] == pytest.approx([0.0] * 19, abs=1e-6)


@pytest.mark.parametrize("limit", [WINDOW, BUCKET])
def test_a_blocked_budget_lets_nobody_through(limit: RateLimit) -> None:
    state, _ = block(None, 100.0, 7.0)
    state, _ = block(state, 100.0, 3.0)  # a shorter block does not end a longer one

    assert draw(state, 102.0, limit, 1)[1] == [pytest.approx(5.0)]
    assert draw(state, 107.5, limit, 1)[1] == [0.0]


def test_until_the_vendor_has_said_its_limit_few_calls_pass() -> None:
    limit = RateLimit(calls=75, seconds=30, size_header="X-Limit")
    state, waits = draw(None, 0.0, limit, 20)
    assert waits.count(0.0) == 9
    assert all(math.isinf(wait) for wait in waits[9:])

    state, _ = learn(state, 0.5, 150)

    assert draw(state, 0.5, limit, 133)[1] == [0.0] * 133


async def test_fifty_first_callers_wait_for_the_vendor_s_word_and_no_longer(
    way: Way, vendor: Vendor
) -> None:
    vendor.answer = lambda _: says(SHIP).with_headers(X_Limit="150")
    harbor = way.to(TightHarbor)

    async with asyncio.timeout(120):
        await asyncio.gather(*[harbor.get_ship("7") for _ in range(50)])

    assert len(vendor.calls) == 50


async def test_the_learned_limit_stays_when_an_answer_does_not_name_it() -> None:
    shelf = Memory()
    budget = Budget(shelf, "int_1", RateLimit(calls=40, seconds=30, size_header="X-Limit"))

    await budget.heed({"x-limit": "150"})
    await budget.heed({})
    for odd in ("lots", "²", "0", "9" * 30, "9" * 5000):
        await budget.heed({"x-limit": odd})

    assert load(shelf.states["int_1", "calls"]).size == 150


async def test_a_shelf_that_lost_the_learned_limit_is_told_it_again() -> None:
    shelf = Memory()
    budget = Budget(shelf, "int_1", RateLimit(calls=40, seconds=30, size_header="X-Limit"))
    await budget.heed({"x-limit": "80"})

    shelf.states.clear()  # as after a crash of the database
    waits = [await budget.wait(longest=1) for _ in range(70)]

    assert max(waits) < 1


async def test_the_published_limit_counts_where_no_answer_names_one() -> None:
    shelf = Memory()
    budget = Budget(shelf, "int_1", RateLimit(calls=40, seconds=30, size_header="X-Limit"))

    await budget.heed({})

    assert load(shelf.states["int_1", "calls"]).size == 40


async def test_impatience_is_told_how_long_it_would_take() -> None:
    budget = Budget(Memory(), "int_1", RateLimit(calls=1, seconds=1000))
    started = asyncio.get_running_loop().time()
    await budget.wait(0.0)

    with pytest.raises(WaitTooLongError) as caught:
        await budget.wait(5.0)

    passed = asyncio.get_running_loop().time() - started
    assert caught.value.seconds + passed > 990
    assert caught.value.seconds <= 1070


async def test_callers_who_come_together_draw_together() -> None:
    class Slow(Memory):
        draws = 0

        async def change(self, integration_id, name, f):  # type: ignore[no-untyped-def]  # as Memory
            self.draws += 1
            await asyncio.sleep(0.01)
            return await super().change(integration_id, name, f)

    shelf = Slow()
    budget = Budget(shelf, "int_1", RateLimit(calls=1000, seconds=1))

    await asyncio.gather(*[budget.wait(1.0) for _ in range(50)])

    assert shelf.draws <= 3


async def test_a_shelf_that_breaks_breaks_only_the_calls_that_needed_it() -> None:
    class Breaking(Memory):
        broken = True

        async def change(self, integration_id, name, f):  # type: ignore[no-untyped-def]  # as Memory
            if self.broken:
                raise ConnectionError
            return await super().change(integration_id, name, f)

    shelf = Breaking()
    budget = Budget(shelf, "int_1", WINDOW)
    with pytest.raises(ConnectionError):
        await budget.wait(1.0)
    shelf.broken = False

    assert await budget.wait(1.0) == 0.0


async def test_an_account_keeps_to_the_limit_of_a_vendor_that_counts(
    way: Way, vendor: Vendor
) -> None:
    arrivals: list[float] = []

    def answer(_: Call) -> Reply:
        arrivals.append(asyncio.get_running_loop().time())
        return says(SHIP)

    class Slow(TightHarbor):
        rate_limit = RateLimit(calls=20, seconds=0.5)

    vendor.answer = answer
    harbor = way.to(Slow)

    async with stalls() as stall:
        await asyncio.gather(*[harbor.get_ship("7") for _ in range(60)])

    pairs = zip(arrivals, arrivals[20:], strict=False)
    assert all(later - earlier > 0.48 - stall.seconds for earlier, later in pairs)


CALLERS = """
import asyncio, json, sys
from pathlib import Path
from hireloom import connectors
from hireloom.accounts import StoredBudgets
from hireloom.kit import Secrets
from hireloom.kit.http import Http
from hireloom.kit.origins import Origins
from hireloom.kit.ports import MemoryKeeper
from hireloom.store.pool import connect_pool

PLACES = []  # when each call may leave

class Noting(StoredBudgets):
    async def change(self, integration_id, name, f):
        last = []
        def noting(state, now):
            after, found = f(state, now)
            last[:] = [now + wait for wait in found or () if wait < 1000]
            return after, found
        found = await super().change(integration_id, name, noting)
        PLACES.extend(last)
        return found

async def main(database, name, fields, targets, calls):
    pool = await connect_pool(database)
    keeper = MemoryKeeper(Secrets(fields=json.loads(fields)))
    http = Http(keeper, Noting(pool), origins=Origins(json.loads(targets)))
    account = http.connect("int_1", connectors.load(name))
    await asyncio.gather(*[account.verify() for _ in range(int(calls))])
    await http.close()
    await pool.close()
    print(json.dumps(PLACES))

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("name", "way_in", "calls"),
    [
        ("lever", {"apiKey"}, 30),
        ("ashby", {"apiKey"}, 15),
        ("greenhouse", {"clientId", "clientSecret"}, 20),
    ],
)
async def test_two_processes_never_exceed_the_vendor_s_limit(
    settings: Settings, name: str, way_in: set[str], calls: int
) -> None:
    arrivals: list[float] = []

    def clock() -> float:
        arrivals.append(time.time())
        return time.monotonic()

    async with Running(size=100, vendors=[name]) as sandbox:
        vendor = sandbox.vendor(name)
        vendor.limiter._clock = clock
        arguments = [
            settings.database_url, name,
            json.dumps({field: vendor.credentials[field] for field in way_in}),
            json.dumps(sandbox.origins), calls,
        ]  # fmt: skip

        processes = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-c", CALLERS, *map(str, arguments),
                cwd=Path(__file__).parents[2], stdout=asyncio.subprocess.PIPE,
            )
            for _ in range(2)
        ]  # fmt: skip
        said = [(await process.communicate())[0] for process in processes]

    # A machine that stands still lets calls arrive together that left in time: what counts is
    # when each had its place, and that none came before it.
    assert [process.returncode for process in processes] == [0, 0]
    places = sorted(place for one in said for place in json.loads(one))
    assert len(places) >= len(arrivals) >= 2 * calls
    assert all(
        arrival > place - 0.05 for arrival, place in zip(sorted(arrivals), places, strict=False)
    )
    planned = Limiter(vendor.rules, clock=iter(places).__next__)
    for _ in places:
        planned.arrive("the account", "GET", "/v3/any")
    assert planned.refused == 0, planned.numbers()

"""Orders of tests: ids, times and states. Who the candidate is, only the event told."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from hireloom.errors import ResourceNotFoundError
from hireloom.store.keys import new_id
from hireloom.store.pool import Connection
from hireloom.store.seal import Key

OPEN = frozenset({"ORDERED", "STARTED", "IN_PROGRESS", "RESULT_READY"})
LAST = 2**63 - 1  # after every number
KEPT_AFTER_FETCH = timedelta(days=1)  # an ATS may ask for a result again


class Order(msgspec.Struct, frozen=True, kw_only=True):
    integration_id: str
    id: str
    number: int
    package_id: str
    state: str
    state_before: str | None  # the one that it returns to where the ATS does not take a result
    candidate_id: str | None
    application_id: str | None
    job_id: str | None
    callbacks: bytes  # sealed
    times_ordered: int
    after_ms: int
    result: bytes | None  # sealed
    result_print: bytes | None  # of the caller's id of the result
    closed_because: str | None
    problem: str | None
    ordered_at: datetime
    expires_at: datetime
    completed_at: datetime | None
    fetched_at: datetime | None
    updated_at: datetime

    def __repr__(self) -> str:
        return f"Order({self.id}, {self.state})"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_overdue(self) -> bool:
        """Open, and past its time; the clean-up comes once an hour."""
        return self.is_open and self.state_before != "COMPLETED" and self.expires_at <= now()

    def open_callbacks(self, key: Key) -> tuple[str, ...]:
        opened = key.open(self.integration_id, _callbacks(self.id), self.callbacks)
        return msgspec.json.decode(opened, type=tuple[str, ...])

    def open_result(self, key: Key) -> bytes | None:
        if self.result is None:
            return None
        return key.open(self.integration_id, _result(self.id), self.result)


class NewOrder(msgspec.Struct, frozen=True, kw_only=True):
    integration_id: str
    package_id: str
    subject: str | None  # the application or the candidate, in one word; kept as a fingerprint
    candidate_id: str | None
    application_id: str | None
    job_id: str | None
    callback: str | None
    expires_at: datetime


def now() -> datetime:
    return datetime.now(UTC)


def _callbacks(order_id: str) -> str:
    return f"assessment_orders.callbacks {order_id}"


def _result(order_id: str) -> str:
    return f"assessment_orders.result {order_id}"


def print_of(key: Key, what: str, value: str | None) -> bytes | None:
    """A keyed fingerprint, None of nothing."""
    return None if value is None else key.fingerprint(f"assessment_orders.{what}", value.encode())


def _order(row: Mapping[str, Any]) -> Order:
    return Order(**{name: row[name] for name in Order.__struct_fields__})


def _known(row: Mapping[str, Any] | None) -> Order:
    if row is None:
        raise ResourceNotFoundError(
            "This account has no order with this id", hint="assessment.order.list has its orders."
        )
    return _order(row)


GET = "select * from assessment_orders where integration_id = $1 and id = $2"


async def get(conn: Connection, integration_id: str, order_id: str) -> Order:
    """Raises ResourceNotFoundError."""
    return _known(await conn.fetchrow(GET, integration_id, order_id))


LOCK = "select * from assessment_orders where integration_id = $1 and id = $2 for update"


async def locked(conn: Connection, integration_id: str, order_id: str) -> Order:
    """The same, to be changed by nobody else in this transaction."""
    return _known(await conn.fetchrow(LOCK, integration_id, order_id))


PAGE = """
select * from assessment_orders
 where ($1::text is null or integration_id = $1) and number < $2
   and ($3::text is null or state = $3) and ($4::text is null or package_id = $4)
   and ($5::text is null or application_id = $5)
 order by number desc limit $6
"""


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    integration_id: str | None = None
    state: str | None = None
    package_id: str | None = None
    application_id: str | None = None


async def page(conn: Connection, wanted: Filter, *, before: int, size: int) -> list[Order]:
    """Orders, the newest first; go on before the number of the last one."""
    rows = await conn.fetch(
        PAGE, wanted.integration_id, before, wanted.state, wanted.package_id,
        wanted.application_id, size,
    )  # fmt: skip
    return [_order(row) for row in rows]


FIND_OPEN = """
select * from assessment_orders
 where integration_id = $1 and package_id = $2
   and state in ('ORDERED', 'STARTED', 'IN_PROGRESS', 'RESULT_READY')
   and (subject = $3 or $4 = any (callback_prints))
 order by $4 = any (callback_prints) desc nulls last, number desc limit 1
   for update
"""


async def find_open(conn: Connection, key: Key, new: NewOrder) -> Order | None:
    """The open order of the same test that this one repeats: by its callback, or its subject."""
    row = await conn.fetchrow(
        FIND_OPEN, new.integration_id, new.package_id, print_of(key, "subject", new.subject),
        print_of(key, "callback", new.callback),
    )  # fmt: skip
    return None if row is None else _order(row)


PUT = """
insert into assessment_orders (
    integration_id, id, package_id, subject, candidate_id, application_id, job_id, callbacks,
    callback_prints, expires_at
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
returning *
"""


async def put(conn: Connection, key: Key, new: NewOrder) -> Order:
    order_id = new_id("ord")
    callbacks = [] if new.callback is None else [new.callback]
    sealed = key.seal(new.integration_id, _callbacks(order_id), msgspec.json.encode(callbacks))
    prints = [print_of(key, "callback", one) for one in callbacks]
    return _order(
        await conn.fetchrow(
            PUT, new.integration_id, order_id, new.package_id,
            print_of(key, "subject", new.subject), new.candidate_id, new.application_id,
            new.job_id, sealed, prints, new.expires_at,
        )
    )  # fmt: skip


ADD_CALLBACK = """
update assessment_orders
   set callbacks = $3, callback_prints = callback_prints || $4::bytea,
       times_ordered = times_ordered + 1, updated_at = now()
 where integration_id = $1 and id = $2 and not ($4 = any (callback_prints))
"""


async def add_callback(conn: Connection, key: Key, order: Order, callback: str) -> None:
    """Somebody else ordered the same; one who repeats it changes nothing."""
    callbacks = msgspec.json.encode([*order.open_callbacks(key), callback])
    sealed = key.seal(order.integration_id, _callbacks(order.id), callbacks)
    mark = print_of(key, "callback", callback)
    await conn.execute(ADD_CALLBACK, order.integration_id, order.id, sealed, mark)


CLOSE = """
update assessment_orders
   set state = $3, state_before = null, closed_because = $4, result = null, updated_at = now()
 where integration_id = $1 and id = $2
returning *
"""


async def close(conn: Connection, order: Order, state: str, because: str) -> Order:
    """CANCELLED or EXPIRED; a result that was not fetched is erased."""
    return _order(await conn.fetchrow(CLOSE, order.integration_id, order.id, state, because))


HOLD_RESULT = """
update assessment_orders
   set result = $3, result_print = $4, state_before = coalesce(state_before, state),
       state = 'RESULT_READY', fetched_at = null, problem = null, updated_at = now()
 where integration_id = $1 and id = $2
"""


async def hold_result(
    conn: Connection, key: Key, order: Order, result: bytes, result_id: str | None
) -> None:
    """Keep a result, sealed, until the ATS has fetched it."""
    sealed = key.seal(order.integration_id, _result(order.id), result)
    mark = print_of(key, "result", result_id)
    await conn.execute(HOLD_RESULT, order.integration_id, order.id, sealed, mark)


GIVE_BACK = """
update assessment_orders
   set result = null, result_print = case when state_before = 'COMPLETED' then result_print end,
       state = coalesce(state_before, 'ORDERED'), state_before = null,
       after_ms = greatest(after_ms + 1, $3), updated_at = now()
 where integration_id = $1 and id = $2 and state = 'RESULT_READY'
"""


async def give_back(conn: Connection, integration_id: str, order_id: str, moment: int) -> None:
    """The ATS did not take the result; where it has fetched it all the same, nothing changes."""
    await conn.execute(GIVE_BACK, integration_id, order_id, moment)


# A result that the ATS comes to fetch waits on; if it has come already, it is complete.
TOLD = """
update assessment_orders
   set state = case when $3 = 'COMPLETED' and $4 then state else $3 end,
       state_before = case when $3 = 'COMPLETED' and $4 then state_before end,
       result = case when $3 = 'COMPLETED' and $4 then result end,
       result_print = case when $3 = 'COMPLETED' then $5 else result_print end,
       completed_at = case when $3 = 'COMPLETED' and not $4 then now() else completed_at end,
       closed_because = $6, after_ms = greatest(after_ms + 1, $7), updated_at = now()
 where integration_id = $1 and id = $2 and state not in ('CANCELLED', 'EXPIRED')
"""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What the ATS was told of an order."""

    state: str
    fetches: bool  # the ATS comes to fetch a result, sooner or later
    result_id: str | None = None
    because: str | None = None  # where it is over without a result
    moment: int  # Unix milliseconds


async def told(conn: Connection, key: Key, order: Order, outcome: Outcome) -> None:
    mark = print_of(key, "result", outcome.result_id)
    await conn.execute(
        TOLD, order.integration_id, order.id, outcome.state, outcome.fetches, mark,
        outcome.because, outcome.moment,
    )  # fmt: skip


FETCHED = """
update assessment_orders
   set state = 'COMPLETED', state_before = null, fetched_at = coalesce(fetched_at, now()),
       completed_at = coalesce(completed_at, now()), problem = null, updated_at = now()
 where integration_id = $1 and id = $2
"""


async def fetched(conn: Connection, order: Order) -> None:
    await conn.execute(FETCHED, order.integration_id, order.id)


NOTE_PROBLEM = """
update assessment_orders
   set problem = $3, updated_at = now(),
       state = case when result is null or state <> 'COMPLETED' then state
                    else 'RESULT_READY' end,
       fetched_at = case when result is null or state <> 'COMPLETED' then fetched_at end,
       completed_at = case when result is null or state <> 'COMPLETED' then completed_at end
 where integration_id = $1 and id = $2
returning *
"""


async def note_problem(conn: Connection, integration_id: str, order_id: str, problem: str) -> Order:
    """The ATS could not use our answer: a result that it fetched waits again.

    Raises ResourceNotFoundError.
    """
    return _known(await conn.fetchrow(NOTE_PROBLEM, integration_id, order_id, problem))


OVERDUE = """
select * from assessment_orders
 where state in ('ORDERED', 'STARTED', 'IN_PROGRESS', 'RESULT_READY') and expires_at <= now()
   and state_before is distinct from 'COMPLETED'
 order by expires_at limit $1 for update skip locked
"""


async def overdue(conn: Connection, size: int) -> list[Order]:
    """Open orders past their time, of any account, locked."""
    return [_order(row) for row in await conn.fetch(OVERDUE, size)]


# A correction that the ATS never came for leaves the order as complete as it was.
ERASE_RESULTS = """
update assessment_orders
   set result = null, state = coalesce(state_before, state), state_before = null
 where result is not null and (
    fetched_at < now() - $1::interval or (state_before = 'COMPLETED' and expires_at <= now())
 )
"""


async def erase_results(conn: Connection) -> None:
    """Erase what the ATS fetched a day ago, and what it will never fetch."""
    await conn.execute(ERASE_RESULTS, KEPT_AFTER_FETCH)


COUNT_OPEN = """
select count(*) from assessment_orders
 where ($1 = '' or integration_id = $1) and package_id = $2
   and state in ('ORDERED', 'STARTED', 'IN_PROGRESS', 'RESULT_READY')
   and ($1 <> '' or not exists (
    select from assessment_packages
     where integration_id = assessment_orders.integration_id and package_id = $2
   ))
"""


async def count_open(conn: Connection, integration_id: str, package_id: str) -> int:
    """Open orders of a package; with an empty id, of one that is offered to all."""
    found: int = await conn.fetchval(COUNT_OPEN, integration_id, package_id)
    return found

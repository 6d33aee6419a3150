"""Issues: failures grouped by cause, one row each, from the first sight to the recovery.

A row is first only counted. It is *open* from the time that it weighs enough, *over* when its cause
is gone, and begins anew when that comes back. Who changes them holds `alone`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from hireloom.errors import ResourceNotFoundError
from hireloom.store.keys import new_id
from hireloom.store.pool import Connection

State = Literal["open", "muted", "resolved"]

LAST = 2**63 - 1
KEPT = timedelta(days=30)  # after it was resolved
AGAIN = timedelta(hours=1)  # what comes back so soon is not announced as if it were new
BEFORE = timedelta(minutes=2)  # how late a success may be written into the log


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A cause as it was just found. What `adds` counts more of it, what does not, all of it."""

    integration_id: str
    kind: str
    cause: str  # tells it from others of the kind in this account
    count: int
    first_at: datetime
    last_at: datetime
    code: str | None = None
    subject: str = ""
    detail: Mapping[str, Any] = {}
    adds: bool = False
    least: int = 1  # it is an issue when it was seen so often,
    lasting: timedelta = timedelta()  # and for so long
    execution_id: str | None = None
    run_id: str | None = None
    delivery_id: int | None = None


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    integration_id: str
    kind: str
    cause: str
    id: str
    code: str | None
    subject: str
    detail: dict[str, Any]
    count: int
    first_seen_at: datetime
    last_seen_at: datetime
    opened_at: datetime
    opening: int
    is_over: bool
    resolved_at: datetime | None
    muted_until: datetime | None
    muted_by: str | None
    execution_id: str | None
    run_id: str | None
    delivery_id: int | None

    def is_muted(self, now: datetime) -> bool:
        return self.muted_until is not None and self.muted_until > now


def _issues(rows: Sequence[Mapping[str, Any]]) -> list[Issue]:
    names = Issue.__struct_fields__
    return [Issue(**{name: row[name] for name in names}) for row in rows if row["opened_at"]]


ALONE = "select pg_try_advisory_xact_lock(hashtextextended('hireloom issues', 0))"


async def alone(conn: Connection) -> bool:
    """Be the only one that looks, until the transaction ends; False where another one does."""
    return bool(await conn.fetchval(ALONE))


class Looked(msgspec.Struct, frozen=True):
    number: int  # of the last line of the log that was counted
    at: datetime


LOOKED = "select number, at from issue_looks"
BEGIN_LOOKING = """
insert into issue_looks (at) values (now() - interval '1 hour') on conflict (one) do nothing
"""


async def looked(conn: Connection) -> Looked:
    """Where the last look ended."""
    await conn.execute(BEGIN_LOOKING)
    row = await conn.fetchrow(LOOKED)
    return Looked(row["number"], row["at"])


LOOK = "update issue_looks set number = greatest(number, $1), at = now()"


async def look(conn: Connection, number: int) -> None:
    await conn.execute(LOOK, number)


FIND = """
insert into issues as known (
    integration_id, kind, cause, id, code, subject, detail, count, first_seen_at, last_seen_at,
    execution_id, run_id, delivery_id, least, lasting
) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
on conflict (integration_id, kind, cause) do update
   set code = excluded.code, subject = excluded.subject, detail = excluded.detail,
       least = excluded.least, lasting = excluded.lasting,
       count = excluded.count + case when $16 and not known.is_over then known.count else 0 end,
       first_seen_at = case when known.is_over then excluded.first_seen_at
                            else least(known.first_seen_at, excluded.first_seen_at) end,
       last_seen_at = case when known.is_over then excluded.last_seen_at
                           else greatest(known.last_seen_at, excluded.last_seen_at) end,
       opened_at = case when not known.is_over then known.opened_at end,
       is_over = false,
       execution_id = coalesce(
           excluded.execution_id, case when not known.is_over then known.execution_id end
       ),
       run_id = coalesce(excluded.run_id, case when not known.is_over then known.run_id end),
       delivery_id = excluded.delivery_id
"""


async def find(conn: Connection, findings: Sequence[Finding]) -> None:
    """Note what was found; an issue that was over begins anew."""
    rows = [
        (
            one.integration_id, one.kind, one.cause, new_id("iss"), one.code, one.subject,
            one.detail, one.count, one.first_at, one.last_at, one.execution_id, one.run_id,
            one.delivery_id, one.least, one.lasting, one.adds,
        )
        for one in findings
    ]  # fmt: skip
    await conn.executemany(FIND, rows)


# The rows that were only counted so far are silently over.
SUCCEEDED = """
update issues
   set is_over = true, resolved_at = case when opened_at is null then resolved_at else now() end
 where kind = any ($1) and not is_over and integration_id <> ''
   and exists (
    select from calls
     where calls.integration_id = issues.integration_id
       and calls.at > greatest(issues.last_seen_at, $2::timestamptz) and calls.at > $2
       and direction = 'in' and code is null and status < 400 and operation = issues.subject
   )
returning *
"""


async def succeeded(conn: Connection, kinds: Sequence[str], since: datetime) -> list[Issue]:
    """Those whose operation went well after it failed; only what was logged lately is read."""
    return _issues(await conn.fetch(SUCCEEDED, list(kinds), since - BEFORE))


QUIET = """
update issues
   set is_over = true, resolved_at = case when opened_at is null then resolved_at else now() end
  from unnest($1::text[], $2::interval[]) as quiet (name, after)
 where kind = name and not is_over and last_seen_at < now() - after
returning issues.*
"""


async def quiet(conn: Connection, after: Mapping[str, timedelta]) -> list[Issue]:
    """Those of which nothing was seen for as long as their kind demands."""
    return _issues(await conn.fetch(QUIET, list(after), list(after.values())))


GONE = """
update issues
   set is_over = true, resolved_at = case when opened_at is null then resolved_at else now() end
 where kind = any ($1) and not is_over
   and not exists (
    select from unnest($2::text[], $3::text[], $4::text[]) as found (account, name, what)
     where account = integration_id and name = kind and what = cause
   )
returning *
"""


async def gone(conn: Connection, kinds: Sequence[str], findings: Sequence[Finding]) -> list[Issue]:
    """Those of the kinds that were not found any more."""
    rows = await conn.fetch(
        GONE,
        list(kinds),
        [one.integration_id for one in findings],
        [one.kind for one in findings],
        [one.cause for one in findings],
    )
    return _issues(rows)


OPEN = """
update issues
   set opened_at = now(),
       opening = case when opening is not null and resolved_at > now() - $1::interval then opening
                      else nextval('issue_openings') end
 where opened_at is null and not is_over and count >= least
   and last_seen_at - first_seen_at >= lasting
returning *
"""


async def open_due(conn: Connection) -> list[Issue]:
    """Make issues of what weighs enough by now; returns them, the muted ones included."""
    return _issues(await conn.fetch(OPEN, AGAIN))


SAMPLE = """
update issues set execution_id = (
    select execution_id from calls
     where calls.integration_id = $1 and at between $4::timestamptz - interval '10 minutes'
                                               and $4::timestamptz + interval '10 seconds'
       and direction = 'out' and (code is not null or status >= 400) and operation <> 'webhook'
     order by at desc limit 1
)
 where integration_id = $1 and kind = $2 and cause = $3
"""


async def look_for_sample(conn: Connection, issue: Issue) -> None:
    """A vendor's refusal in the log to begin with, where what was found names no line."""
    if issue.integration_id and issue.code:
        await conn.execute(
            SAMPLE, issue.integration_id, issue.kind, issue.cause, issue.last_seen_at
        )


PAGE = """
select * from issues
 where opened_at is not null and opening < $1
   and ($2::text is null or integration_id = $2) and ($3::text is null or kind = $3)
   and ($4::text is null or $4 = case when is_over then 'resolved'
                                      when muted_until > now() then 'muted' else 'open' end)
 order by opening desc limit $5
"""


async def page(
    conn: Connection,
    *,
    integration_id: str | None = None,
    kind: str | None = None,
    state: State | None = None,
    before: int = LAST,
    size: int = 100,
) -> list[Issue]:
    """Issues, the newest first; go on before the `opening` of the last one."""
    return _issues(await conn.fetch(PAGE, before, integration_id, kind, state, size))


NEWER = """
select * from issues
 where opening > $1 and opened_at is not null and (muted_until is null or muted_until <= now())
   and not (is_over and resolved_at < now() - interval '1 hour')
 order by opening
"""


async def newer(conn: Connection, opening: int) -> list[Issue]:
    """Those that were opened after another one and are not muted, the oldest first."""
    return _issues(await conn.fetch(NEWER, opening))


GET = "select * from issues where id = $1 and opened_at is not null"


async def get(conn: Connection, issue_id: str) -> Issue:
    """Raises ResourceNotFoundError."""
    return _known(await conn.fetchrow(GET, issue_id))


def unknown() -> ResourceNotFoundError:
    return ResourceNotFoundError(
        "There is no issue with this id", hint="issue.list has those of the last 30 days."
    )


def _known(row: Mapping[str, Any] | None) -> Issue:
    if row is None:
        raise unknown()
    (issue,) = _issues([row])
    return issue


class Owner(msgspec.Struct, frozen=True):
    """Whose account an issue is about."""

    connector: str
    origin_org_id: str
    origin_org_name: str


OWNERS = """
select id, connector, origin_org_id, origin_org_name from integrations where id = any ($1)
"""


async def owners(conn: Connection, issues: Sequence[Issue]) -> dict[str, Owner]:
    """By the integration's id; what belongs to none is left out."""
    rows = await conn.fetch(OWNERS, sorted({one.integration_id for one in issues}))
    return {row["id"]: Owner(*row[1:]) for row in rows}


MUTE = """
update issues set muted_until = $2, muted_by = $3 where id = $1 and opened_at is not null
returning *
"""


async def mute(conn: Connection, issue_id: str, until: datetime | None, actor: str | None) -> Issue:
    """Tell nobody of it until then, or from now on again (None). Raises ResourceNotFoundError."""
    return _known(await conn.fetchrow(MUTE, issue_id, until, actor))


TIDY = """
delete from issues
 where (is_over and greatest(resolved_at, last_seen_at) < now() - $1::interval)
    or (opened_at is null and last_seen_at < now() - interval '1 day')
"""


async def tidy(conn: Connection) -> None:
    """Drop those that were resolved long ago, and what never became one."""
    await conn.execute(TIDY, KEPT)

"""Issues: failures grouped by cause, and how far alerts have told of them."""

from alembic import op

revision = "0007"
down_revision = "0006"

ISSUES = """
create table issues (
    integration_id text not null default '',
    kind text not null,
    cause text not null,
    id text not null,
    code text,
    subject text not null default '',
    detail jsonb not null default '{}',
    count bigint not null default 0,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    least integer not null default 1,
    lasting interval not null default '0',
    opened_at timestamptz,
    opening bigint,
    is_over boolean not null default false,
    resolved_at timestamptz,
    muted_until timestamptz,
    muted_by text,
    execution_id text,
    run_id text,
    delivery_id bigint,
    primary key (integration_id, kind, cause)
) with (fillfactor = 70)
"""

ISSUES_BY_ID = """
create index issues_by_id on issues (id)
"""

# What is listed, the newest first; an issue keeps its place while it only goes on.
ISSUES_BY_OPENING = """
create index issues_by_opening on issues (opening) where opened_at is not null
"""

ISSUE_OPENINGS = """
create sequence issue_openings
"""

# Up to which line of the log of calls failures have been counted: a single row.
ISSUE_LOOKS = """
create table issue_looks (
    one boolean primary key default true check (one),
    number bigint not null default 0,
    at timestamptz not null default now()
)
"""

ISSUE_ALERTS = """
create table issue_alerts (
    channel text primary key,
    opening bigint not null default 0,
    failures integer not null default 0,
    next_at timestamptz not null default now(),
    sent_at timestamptz
)
"""

# The few lines of the log that a look is about, so that it never reads the many that went well.
CALLS_FAILED = """
create index calls_failed on calls (number)
 where (direction = 'in' and code is not null) or (direction = 'out' and status = 429)
"""


def upgrade() -> None:
    for statement in (
        ISSUES,
        ISSUES_BY_ID,
        ISSUES_BY_OPENING,
        ISSUE_OPENINGS,
        ISSUE_LOOKS,
        ISSUE_ALERTS,
        CALLS_FAILED,
    ):
        op.execute(statement)

"""The console: who may look, their sessions and links, and the indexes that its log needs."""

from alembic import op

revision = "0006"
down_revision = "0005"

OPERATORS = """
create table operators (
    id text primary key,
    name text not null,
    role text not null check (role in ('admin', 'support')),
    password_hash text not null,
    created_at timestamptz not null default now(),
    last_login_at timestamptz
)
"""

OPERATORS_BY_NAME = """
create unique index operators_by_name on operators (lower(name))
"""

# `first` is the link of the first start, which is void as soon as somebody can log in; `renewal`
# is for the lost password of one operator.
OPERATOR_LINKS = """
create table operator_links (
    token_hash bytea primary key,
    purpose text not null check (purpose in ('first', 'terminal', 'invitation', 'renewal')),
    role text not null check (role in ('admin', 'support')),
    made_by text not null,
    operator_id text references operators (id) on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
)
"""

OPERATOR_SESSIONS = """
create table operator_sessions (
    token_hash bytea primary key,
    operator_id text not null references operators (id) on delete cascade,
    created_at timestamptz not null default now(),
    seen_at timestamptz not null default now()
)
"""

OPERATOR_SESSIONS_BY_OPERATOR = """
create index operator_sessions_by_operator on operator_sessions (operator_id)
"""

# Failed logins by keyed hash of the name, of the address, and of both.
LOGIN_FAILURES = """
create table login_failures (
    subject bytea not null,
    at timestamptz not null default now()
)
"""

LOGIN_FAILURES_BY_SUBJECT = """
create index login_failures_by_subject on login_failures (subject, at)
"""

LOGIN_FAILURES_BY_AGE = """
create index login_failures_by_age on login_failures (at)
"""

CALLS_BY_OPERATION = """
create index calls_by_operation on calls (operation, at, number)
"""

# Failures are few, and they are what people look for.
CALLS_BY_CLASS = """
create index calls_by_class on calls ((coalesce(status, 0) / 100), at, number)
 where code is not null or coalesce(status, 599) >= 400
"""

CALLS_BY_CODE = """
create index calls_by_code on calls (code, at, number) where code is not null
"""

SYNC_RUNS_BY_AGE = """
create index sync_runs_by_age on sync_runs (created_at)
"""


def upgrade() -> None:
    for statement in (
        OPERATORS,
        OPERATORS_BY_NAME,
        OPERATOR_LINKS,
        OPERATOR_SESSIONS,
        OPERATOR_SESSIONS_BY_OPERATOR,
        LOGIN_FAILURES,
        LOGIN_FAILURES_BY_SUBJECT,
        LOGIN_FAILURES_BY_AGE,
        CALLS_BY_OPERATION,
        CALLS_BY_CLASS,
        CALLS_BY_CODE,
        SYNC_RUNS_BY_AGE,
    ):
        op.execute(statement)

"""Captures: for how long an account's calls are kept in outline, and those calls, sealed."""

from alembic import op

revision = "0008"
down_revision = "0007"

CAPTURES = """
create table captures (
    integration_id text not null,
    id text not null,
    started_by text not null,
    started_at timestamptz not null default now(),
    ends_at timestamptz not null,
    erased_at timestamptz not null,
    kept integer not null default 0,
    bytes bigint not null default 0,
    left_out bigint not null default 0,
    primary key (integration_id, id)
)
"""

CAPTURES_BY_AGE = """
create index captures_by_age on captures (erased_at)
"""

CAPTURED = """
create table captured (
    integration_id text not null,
    id text not null,
    number bigint generated always as identity,
    capture_id text not null,
    at timestamptz not null,
    direction text not null check (direction in ('in', 'out')),
    execution_id text not null,
    operation text not null,
    method text not null,
    status integer,
    code text,
    sealed bytea not null,
    primary key (integration_id, id),
    foreign key (integration_id, capture_id)
        references captures (integration_id, id) on delete cascade
)
"""

CAPTURED_BY_CAPTURE = """
create index captured_by_capture on captured (integration_id, capture_id)
"""

CAPTURED_BY_NUMBER = """
create index captured_by_number on captured (integration_id, number)
"""

CAPTURED_BY_EXECUTION = """
create index captured_by_execution on captured (execution_id)
"""


def upgrade() -> None:
    for statement in (
        CAPTURES,
        CAPTURES_BY_AGE,
        CAPTURED,
        CAPTURED_BY_CAPTURE,
        CAPTURED_BY_NUMBER,
        CAPTURED_BY_EXECUTION,
    ):
        op.execute(statement)

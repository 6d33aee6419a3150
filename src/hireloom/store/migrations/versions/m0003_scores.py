"""Assessments: who may order tests here, which there are, and what was ordered."""

from alembic import op

revision = "0003"
down_revision = "0002"

# The key that an ATS calls with: its hash to check a call, itself sealed because calls back to the
# ATS are signed with it.
ASSESSMENT_PARTNERS = """
create table assessment_partners (
    integration_id text primary key,
    token text not null,
    key_hash bytea not null,
    key bytea not null,
    key_used boolean not null default false,
    previous_hash bytea,
    previous_key bytea,
    previous_until timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    last_called_at timestamptz
)
"""

# Those without an integration are offered to all accounts.
ASSESSMENT_PACKAGES = """
create table assessment_packages (
    integration_id text not null default '',
    package_id text not null,
    name text not null,
    description text not null default '',
    assessment_type text not null default '',
    expires_after_days integer check (expires_after_days between 1 and 365),
    withdrawn_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (integration_id, package_id)
)
"""

# Ids, times and keyed fingerprints; the callbacks are sealed, and so is a result until the ATS has
# fetched it. `subject` stands for the application, or the candidate, that a test was ordered for.
ASSESSMENT_ORDERS = """
create table assessment_orders (
    integration_id text not null,
    id text not null,
    number bigint generated always as identity,
    package_id text not null,
    state text not null default 'ORDERED' check (state in (
        'ORDERED', 'STARTED', 'IN_PROGRESS', 'RESULT_READY', 'COMPLETED', 'CANCELLED', 'EXPIRED'
    )),
    state_before text,
    subject bytea,
    candidate_id text,
    application_id text,
    job_id text,
    callbacks bytea not null,
    callback_prints bytea[] not null default '{}',
    times_ordered integer not null default 1,
    after_ms bigint not null default 0,
    result bytea,
    result_print bytea,
    closed_because text,
    problem text,
    ordered_at timestamptz not null default now(),
    expires_at timestamptz not null,
    completed_at timestamptz,
    fetched_at timestamptz,
    updated_at timestamptz not null default now(),
    primary key (integration_id, id)
)
"""

# One open order of a test for a candidate, however many recruiters ask for it.
ASSESSMENT_ORDERS_OPEN = """
create unique index assessment_orders_open on assessment_orders (
    integration_id, package_id, subject
) where state in ('ORDERED', 'STARTED', 'IN_PROGRESS', 'RESULT_READY')
"""

ASSESSMENT_ORDERS_BY_NUMBER = """
create index assessment_orders_by_number on assessment_orders (integration_id, number desc)
"""

ASSESSMENT_ORDERS_DUE = """
create index assessment_orders_due on assessment_orders (expires_at)
 where state in ('ORDERED', 'STARTED', 'IN_PROGRESS', 'RESULT_READY')
"""

ASSESSMENT_ORDERS_WITH_RESULT = """
create index assessment_orders_with_result on assessment_orders (fetched_at)
 where result is not null
"""


def upgrade() -> None:
    for statement in (
        ASSESSMENT_PARTNERS,
        ASSESSMENT_PACKAGES,
        ASSESSMENT_ORDERS,
        ASSESSMENT_ORDERS_OPEN,
        ASSESSMENT_ORDERS_BY_NUMBER,
        ASSESSMENT_ORDERS_DUE,
        ASSESSMENT_ORDERS_WITH_RESULT,
    ):
        op.execute(statement)

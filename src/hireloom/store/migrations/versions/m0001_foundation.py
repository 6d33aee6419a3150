"""Keys, integrations, idempotency, budgets, calls, audit and connect sessions."""

from alembic import op

revision = "0001"
down_revision = None

KEYS = """
create table api_keys (
    id text primary key,
    name text not null,
    key_hash bytea not null unique,
    prefix text not null,
    scopes text[] not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz
)
"""

MASTER_KEYS = """
create table master_keys (
    id bytea primary key,
    check_value bytea not null,
    created_at timestamptz not null default now(),
    retired_at timestamptz
)
"""

INTEGRATION_KEYS = """
create table integration_keys (
    integration_id text primary key,
    wrapped bytea not null,
    master_key_id bytea not null references master_keys (id)
)
"""

INTEGRATION_KEYS_BY_MASTER = """
create index integration_keys_by_master on integration_keys (master_key_id)
"""

INTEGRATIONS = """
create table integrations (
    id text primary key,
    connector text not null,
    category text not null,
    origin_org_id text not null,
    origin_org_name text not null,
    settings jsonb not null,
    credentials bytea not null,
    credentials_version integer not null default 1,
    connected_at timestamptz not null default now(),
    state text not null default 'active'
        check (state in ('active', 'deactivated', 'credentials_invalid')),
    test_account boolean not null default false,
    permissions jsonb not null,
    refused text[] not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    deactivated_at timestamptz,
    verified_at timestamptz
)
"""

INTEGRATIONS_BY_ORG = """
create index integrations_by_org on integrations (origin_org_id, id)
"""

IDEMPOTENCY = """
create table idempotency (
    integration_id text not null,
    api_key_id text not null,
    method text not null,
    key_hash bytea not null,
    body_hash bytea not null,
    state text not null default 'running' check (state in ('running', 'done')),
    interrupted boolean not null default false,
    status integer,
    answer bytea,
    created_at timestamptz not null default now(),
    primary key (integration_id, api_key_id, method, key_hash)
)
"""

IDEMPOTENCY_BY_AGE = """
create index idempotency_by_age on idempotency (created_at)
"""

BUDGETS = """
create unlogged table budgets (
    integration_id text not null,
    name text not null,
    state bytea not null,
    primary key (integration_id, name)
) with (fillfactor = 50)
"""

CALL_NUMBERS = """
create sequence call_numbers
"""

CALLS = """
create table calls (
    integration_id text not null,
    at timestamptz not null,
    number bigint not null default nextval('call_numbers'),
    direction text not null check (direction in ('in', 'out')),
    execution_id text not null,
    api_key_id text,
    operation text not null,
    method text not null,
    status integer,
    code text,
    duration_ms real not null,
    upstream_calls integer not null default 0,
    bytes bigint not null default 0,
    primary key (integration_id, at, number)
) partition by range (at)
"""

CALLS_BY_TIME = """
create index calls_by_time on calls (at, number)
"""

CALLS_BY_EXECUTION = """
create index calls_by_execution on calls (execution_id)
"""

# Tables of a partition per day. Its name has to be put together, which plain SQL cannot do.
KEEP_DAY = """
create function keep_day(kept text, day date) returns void language plpgsql as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('keep_day ' || kept, 0));
    execute format(
        'create table if not exists %I partition of %I for values from (%L) to (%L)',
        kept || '_' || to_char(day, 'YYYYMMDD'),
        kept,
        day::timestamp at time zone 'UTC',
        (day + 1)::timestamp at time zone 'UTC'
    );
end
$$
"""

DROP_DAYS = """
create function drop_days(kept text, before date) returns integer language plpgsql as $$
declare
    partition text;
    dropped integer := 0;
begin
    for partition in
        select relname from pg_inherits join pg_class on pg_class.oid = inhrelid
         where inhparent = kept::regclass
           and relname < kept || '_' || to_char(before, 'YYYYMMDD')
         order by relname
    loop
        execute format('drop table %I', partition);
        dropped := dropped + 1;
    end loop;
    return dropped;
end
$$
"""

AUDIT = """
create table audit (
    integration_id text not null,
    id bigint generated always as identity,
    at timestamptz not null default now(),
    actor text not null,
    action text not null,
    detail jsonb not null,
    primary key (integration_id, id)
)
"""

AUDIT_BY_AGE = """
create unique index audit_by_age on audit (id)
"""

CONNECT_SESSIONS = """
create table connect_sessions (
    token_hash bytea primary key,
    origin_org_id text not null,
    origin_org_name text not null,
    person bytea not null,
    filters jsonb not null,
    options jsonb not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
)
"""

CONNECT_SESSIONS_BY_AGE = """
create index connect_sessions_by_age on connect_sessions (expires_at)
"""

# Every table with an integration_id is emptied, so a new table cannot be forgotten here.
INTEGRATION_ERASE = """
create function integration_erase(erased text) returns void language plpgsql as $$
declare
    place regclass;
begin
    for place in
        select pg_class.oid::regclass
          from pg_class join pg_attribute on attrelid = pg_class.oid
         where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
           and not relispartition and attname = 'integration_id' and not attisdropped
           and relname <> 'audit'
         order by relname
    loop
        execute format('delete from %s where integration_id = $1', place) using erased;
    end loop;
end
$$
"""


def upgrade() -> None:
    for statement in (
        KEYS,
        MASTER_KEYS,
        INTEGRATION_KEYS,
        INTEGRATION_KEYS_BY_MASTER,
        INTEGRATIONS,
        INTEGRATIONS_BY_ORG,
        IDEMPOTENCY,
        IDEMPOTENCY_BY_AGE,
        BUDGETS,
        CALL_NUMBERS,
        CALLS,
        CALLS_BY_TIME,
        CALLS_BY_EXECUTION,
        KEEP_DAY,
        DROP_DAYS,
        AUDIT,
        AUDIT_BY_AGE,
        CONNECT_SESSIONS,
        CONNECT_SESSIONS_BY_AGE,
        INTEGRATION_ERASE,
    ):
        op.execute(statement)

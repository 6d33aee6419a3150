"""Syncs and webhooks: what is read, what was seen of it, and the letterbox."""

from alembic import op

revision = "0002"
down_revision = "0001"

WEBHOOKS = """
create table webhooks (
    integration_id text not null default '',
    id text not null,
    url text not null,
    description text not null default '',
    events text[] not null default '{}',
    data_types text[] not null default '{}',
    batch_size integer not null default 1 check (batch_size between 1 and 100),
    compatibility text check (compatibility in ('knit')),
    secret bytea not null,
    previous_secret bytea,
    previous_until timestamptz,
    state text not null default 'active' check (state in ('active', 'disabled')),
    disabled_at timestamptz,
    disabled_because text,
    failing_since timestamptz,
    failures integer not null default 0,
    paused_until timestamptz,
    last_delivered_at timestamptz,
    lease_holder text,
    lease_until timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (integration_id, id)
) with (fillfactor = 50)
"""

WEBHOOKS_BY_ID = """
create index webhooks_by_id on webhooks (id)
"""

SYNCS = """
create table syncs (
    integration_id text not null,
    id text not null,
    number integer generated always as identity,
    data_type text not null,
    models text[] not null,
    state text not null default 'active' check (state in ('active', 'stopped')),
    frequency integer not null,
    start_minute integer check (start_minute between 0 and 1439),
    include_inactive boolean not null default false,
    webhook_id text,
    watch text[] not null default '{}',
    native_filter jsonb,
    passthrough_filter jsonb,
    virtual_filter jsonb,
    custom jsonb,
    custom_key text not null default '',
    marked_at timestamptz,
    marks jsonb not null default '{}',
    completed_at timestamptz,
    swept_at timestamptz,
    sweep_seconds real not null default 0,
    next_run_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (integration_id, id),
    unique (integration_id, data_type, custom_key)
)
"""

SYNCS_DUE = """
create index syncs_due on syncs (next_run_at) where state = 'active' and next_run_at is not null
"""

SYNC_RUNS = """
create table sync_runs (
    integration_id text not null,
    id text not null,
    sync_id text not null,
    number bigint generated always as identity,
    kind text not null check (kind in ('initial_sync', 'delta_sync')),
    cause text not null check (cause in ('api', 'schedule', 'replay')),
    state text not null default 'queued' check (
        state in ('queued', 'running', 'complete', 'partial', 'failed', 'stopped')
    ),
    step text not null default 'read' check (step in ('read', 'sweep', 'settle', 'finish')),
    cursor text,
    models text[] not null,
    since timestamptz,
    marks_before jsonb not null default '{}',
    marks jsonb not null default '{}',
    sweeps boolean not null default false,
    allow_deletes boolean not null default false,
    keeps_schedule boolean not null default true,
    processed bigint not null default 0,
    emitted bigint not null default 0,
    added bigint not null default 0,
    modified bigint not null default 0,
    deleted bigint not null default 0,
    unreadable bigint not null default 0,
    upstream_calls bigint not null default 0,
    listed bigint not null default 0,
    failures integer not null default 0,
    restarts integer not null default 0,
    failed_models jsonb not null default '[]',
    error jsonb,
    holder text,
    held_until timestamptz,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    sweep_started_at timestamptz,
    finished_at timestamptz,
    primary key (integration_id, id)
)
"""

SYNC_RUNS_BY_SYNC = """
create index sync_runs_by_sync on sync_runs (integration_id, sync_id, number desc)
"""

# One run of a sync at a time, whoever asks for it.
SYNC_RUNS_OPEN = """
create unique index sync_runs_open on sync_runs (integration_id, sync_id)
 where state in ('queued', 'running')
"""

# What the receivers of a run's events have acknowledged, so that its end can be told.
SYNC_RECEIPTS = """
create table sync_receipts (
    integration_id text not null,
    run_id text not null,
    webhook_id text not null,
    emitted bigint not null default 0,
    consumed bigint not null default 0,
    told boolean not null default false,
    primary key (integration_id, run_id, webhook_id)
) with (fillfactor = 50)
"""

# Keyed by the number of the sync, which belongs to one integration: millions of rows stay small.
# An empty print is of a record that a filter keeps back. `read_at` is when the reading began, so
# that a slow page does not undo what a webhook brought meanwhile.
FINGERPRINTS = """
create table fingerprints (
    sync_number integer not null,
    record_id text not null,
    print bytea not null,
    read_at double precision not null,
    parents text[],
    primary key (sync_number, record_id)
) with (fillfactor = 90)
"""

# The ids that a sweep has listed so far. Unlogged: a run counts them, and after a crash it begins
# its sweep anew.
SWEPT_IDS = """
create unlogged table swept_ids (
    run_number bigint not null,
    record_id text not null
)
"""

SWEPT_IDS_BY_RUN = """
create index swept_ids_by_run on swept_ids (run_number, record_id)
"""

OUTBOX = """
create table outbox (
    integration_id text not null,
    id bigint generated always as identity,
    webhook_id text not null,
    event_id text not null,
    event_type text not null,
    data_type text,
    record_id text,
    run_id text,
    sealed bytea,
    created_at timestamptz not null default now(),
    attempts integer not null default 0,
    next_at timestamptz,
    state text not null default 'waiting' check (state in ('waiting', 'dead', 'expired')),
    first_attempt_at timestamptz,
    last_attempt_at timestamptz,
    last_status integer,
    last_reason text,
    last_execution_id text,
    primary key (integration_id, id)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)
"""

# Most letters fit into their row.
OUTBOX_ROOM = """
alter table outbox set (toast_tuple_target = 4080)
"""

OUTBOX_BY_ID = """
create index outbox_by_id on outbox (id)
"""

# What is sealed cannot be compressed, so nobody tries.
OUTBOX_AS_IT_IS = """
alter table outbox alter column sealed set storage external
"""

OUTBOX_FRESH = """
create index outbox_fresh on outbox (webhook_id, id) where state = 'waiting' and attempts = 0
"""

OUTBOX_FAILED = """
create index outbox_failed on outbox (webhook_id, next_at)
 where state = 'waiting' and attempts > 0
"""

# An event waits for the one before it of the same record, so those that failed are looked up.
OUTBOX_FAILED_RECORDS = """
create index outbox_failed_records on outbox (webhook_id, integration_id, record_id, id)
 where state = 'waiting' and attempts > 0
"""

OUTBOX_DEAD = """
create index outbox_dead on outbox (created_at) where state <> 'waiting'
"""

OUTBOX_EXECUTION = """
create index outbox_execution on outbox (last_execution_id) where last_execution_id is not null
"""

# What became of events: metadata, a partition per day.
DELIVERIES = """
create table deliveries (
    integration_id text not null,
    at timestamptz not null,
    number bigint not null,
    webhook_id text not null,
    event_id text not null,
    event_type text not null,
    data_type text,
    record_id text,
    run_id text,
    created_at timestamptz not null,
    attempts integer not null,
    status integer,
    duration_ms real not null,
    execution_id text,
    primary key (integration_id, at, number)
) partition by range (at)
"""

DELIVERIES_BY_NUMBER = """
create index deliveries_by_number on deliveries (number)
"""

DELIVERIES_BY_TIME = """
create index deliveries_by_time on deliveries (at, number)
"""

# Which of a vendor's webhooks are subscribed, and how they are recognised.
SUBSCRIPTIONS = """
create table subscriptions (
    integration_id text primary key,
    token text not null,
    happenings text[] not null,
    secrets bytea not null,
    registered jsonb not null default '{}',
    url text,
    held_until timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    last_heard_at timestamptz
)
"""

HEARD = """
create table heard (
    integration_id text not null,
    hook_id bytea not null,
    at timestamptz not null default now(),
    primary key (integration_id, hook_id)
)
"""

HEARD_BY_AGE = """
create index heard_by_age on heard (at)
"""

# The payload of a job begins with its integration.
INTEGRATION_ERASE = """
create or replace function integration_erase(erased text) returns void language plpgsql as $$
declare
    place regclass;
begin
    delete from swept_ids where run_number in (
        select number from sync_runs where integration_id = erased
    );
    delete from fingerprints where sync_number in (
        select number from syncs where integration_id = erased
    );
    if to_regclass('pgqueuer') is not null then
        delete from pgqueuer where starts_with(convert_from(payload, 'UTF8'), erased || ' ');
    end if;
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
        WEBHOOKS,
        WEBHOOKS_BY_ID,
        SYNCS,
        SYNCS_DUE,
        SYNC_RUNS,
        SYNC_RUNS_BY_SYNC,
        SYNC_RUNS_OPEN,
        SYNC_RECEIPTS,
        FINGERPRINTS,
        SWEPT_IDS,
        SWEPT_IDS_BY_RUN,
        OUTBOX,
        OUTBOX_ROOM,
        OUTBOX_BY_ID,
        OUTBOX_AS_IT_IS,
        OUTBOX_FRESH,
        OUTBOX_FAILED,
        OUTBOX_FAILED_RECORDS,
        OUTBOX_DEAD,
        OUTBOX_EXECUTION,
        DELIVERIES,
        DELIVERIES_BY_NUMBER,
        DELIVERIES_BY_TIME,
        SUBSCRIPTIONS,
        HEARD,
        HEARD_BY_AGE,
        INTEGRATION_ERASE,
    ):
        op.execute(statement)

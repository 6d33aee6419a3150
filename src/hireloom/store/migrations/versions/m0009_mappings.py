"""Field mapping: the fields that the user declared, and which custom field holds each."""

from alembic import op

revision = "0009"
down_revision = "0008"

MAPPING_FIELDS = """
create table mapping_fields (
    key text primary key,
    label text not null,
    description text not null default '',
    owner text not null,
    app_ids text[] not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
)
"""

# What the custom field is called is remembered, so that it can be named when it is gone.
MAPPINGS = """
create table mappings (
    integration_id text not null,
    field_key text not null references mapping_fields (key) on delete cascade,
    custom_field_id text not null,
    custom_field_key text not null,
    label text not null,
    type text not null,
    is_there boolean not null default true,
    checked_at timestamptz not null default now(),
    primary key (integration_id, field_key)
)
"""

MAPPINGS_BY_FIELD = """
create index mappings_by_field on mappings (field_key)
"""


def upgrade() -> None:
    for statement in (MAPPING_FIELDS, MAPPINGS, MAPPINGS_BY_FIELD):
        op.execute(statement)

"""Scores: where each went, and how they are shown."""

from alembic import op

revision = "0004"
down_revision = "0003"

SCORE_PLACES = """
create table score_places (
    integration_id text not null,
    identity bytea not null,
    is_named boolean not null,
    kept bytea,
    holder text,
    held_until timestamptz,
    was_cut_off boolean not null default false,
    created_at timestamptz not null default now(),
    written_at timestamptz,
    primary key (integration_id, identity)
)
"""

SCORE_PLACES_UNNAMED = """
create index score_places_unnamed on score_places (created_at) where not is_named
"""

SCORE_LAYOUTS = """
create table score_layouts (
    integration_id text not null default '',
    assessment_type text not null default '',
    template text,
    scorecard_form_id text,
    custom_fields jsonb not null default '{}',
    updated_at timestamptz not null default now(),
    primary key (integration_id, assessment_type)
)
"""


def upgrade() -> None:
    for statement in (SCORE_PLACES, SCORE_PLACES_UNNAMED, SCORE_LAYOUTS):
        op.execute(statement)

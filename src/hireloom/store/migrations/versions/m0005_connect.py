"""The connect window: who used a session for what, and the user's own OAuth clients."""

from alembic import op

revision = "0005"
down_revision = "0004"

SESSIONS_USED_FOR = """
alter table connect_sessions add column used_for text, add column browser bytea
"""

OAUTH_CLIENTS = """
create table oauth_clients (
    connector text primary key,
    client_id text not null,
    client_secret bytea not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
)
"""


def upgrade() -> None:
    for statement in (SESSIONS_USED_FOR, OAUTH_CLIENTS):
        op.execute(statement)

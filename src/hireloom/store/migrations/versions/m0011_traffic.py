"""Traffic: how many calls and deliveries there were, so that nobody has to count the log."""

from alembic import op

revision = "0011"
down_revision = "0010"

TRAFFIC = """
create table traffic (
    at timestamptz not null,
    kind text not null check (kind in ('in', 'out', 'sent', 'delivered')),
    total bigint not null,
    failed bigint not null,
    primary key (at, kind)
)
"""

# Up to which time all was counted: a single row.
TRAFFIC_COUNTED = """
create table traffic_counted (
    one boolean primary key default true check (one),
    upto timestamptz not null
)
"""


def upgrade() -> None:
    op.execute(TRAFFIC)
    op.execute(TRAFFIC_COUNTED)

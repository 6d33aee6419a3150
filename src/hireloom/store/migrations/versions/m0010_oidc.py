"""Operators whom an OpenID Connect provider knows, and the logins that people began there."""

from alembic import op

revision = "0010"
down_revision = "0009"

# Somebody has a password, or is known to a provider by its subject: never both, never neither.
OPERATORS = """
alter table operators
    alter column password_hash drop not null,
    add column issuer text,
    add column subject text,
    add constraint operators_one_way_in check (
        (password_hash is null) = (subject is not null) and (issuer is null) = (subject is null)
    )
"""

OPERATORS_BY_SUBJECT = """
create unique index operators_by_subject on operators (issuer, subject)
"""

OPERATOR_SESSIONS = """
alter table operator_sessions add column provider_logout text
"""

PROVIDER_LOGINS = """
create table provider_logins (
    state_hash bytea primary key,
    browser_hash bytea not null,
    next_page text not null,
    expires_at timestamptz not null
)
"""


def upgrade() -> None:
    for statement in (OPERATORS, OPERATORS_BY_SUBJECT, OPERATOR_SESSIONS, PROVIDER_LOGINS):
        op.execute(statement)

"""The audit: who did what to which integration. Nothing secret, nothing personal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from hireloom.store.pool import Connection
from hireloom.store.seal import OURS


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    at: datetime
    actor: str
    action: str
    integration_id: str  # empty: the installation as a whole
    detail: dict[str, Any]


ADD = """
insert into audit (integration_id, actor, action, detail) values ($1, $2, $3, $4)
"""


async def add(
    conn: Connection,
    actor: str,
    action: str,
    *,
    integration_id: str = OURS,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """`actor` is `key:<id>`, `console` or `cli`; `action` is the operation's name."""
    await conn.execute(ADD, integration_id, actor, action, detail or {})


PAGE = """
select id, at, actor, action, integration_id, detail from audit
 where ($1::text is null or integration_id = $1) and ($2::bigint is null or id < $2)
 order by id desc limit $3
"""


async def page(
    conn: Connection,
    *,
    integration_id: str | None = None,
    before: int | None = None,
    size: int = 100,
) -> list[AuditEntry]:
    """Entries, the newest first; go on before the last id."""
    rows = await conn.fetch(PAGE, integration_id, before, size)
    return [AuditEntry(**row) for row in rows]

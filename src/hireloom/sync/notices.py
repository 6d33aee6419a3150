"""What webhooks are told of an account itself: it came, it went, its credentials no longer work.

Also, in `ordering`, of the tests that are ordered in it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from hireloom.store import masters, outbox, webhooks
from hireloom.store.integrations import Integration
from hireloom.store.pool import Connection
from hireloom.store.seal import Vault
from hireloom.sync.events import Sender

Notice = Literal[
    "app.integration.activate",
    "app.integration.deactivate",
    "integration.credentials_expired",
    "assessment.ordered",
    "assessment.cancelled",
]


async def tell(
    conn: Connection,
    vault: Vault,
    stored: Integration,
    notice: Notice,
    data: Mapping[str, Any],
    *,
    record_id: str | None = None,
) -> bool:
    """Put the event in the transaction that makes it true; whether anybody wants it."""
    to = await webhooks.wanting(conn, stored.id, notice, None)
    if not to:
        return False
    sender = Sender(stored.id, stored.connector, stored.origin_org_id)
    key = await masters.data_key(conn, vault, stored.id)
    event = sender.event(notice, data, datetime.now(UTC), record_id=record_id)
    await outbox.put(conn, key, [event], to)
    return True


def about(stored: Integration) -> dict[str, Any]:
    """The account as such an event shows it."""
    return {
        "integrationId": stored.id,
        "appId": stored.connector,
        "category": stored.category.upper(),
        "originOrgId": stored.origin_org_id,
        "originOrgName": stored.origin_org_name,
        "testAccount": stored.test_account,
        "state": stored.state.upper(),
    }

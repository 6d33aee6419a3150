"""What calls say of an account: that its credentials fail, what it lacks, that it works again."""

from collections.abc import Awaitable, Callable

import structlog

from hireloom.api.desk import Call
from hireloom.api.operation import Operation
from hireloom.errors import CredentialsInvalidError, HireloomError, PermissionMissingError
from hireloom.ledger import AWAY
from hireloom.store import integrations
from hireloom.store.pool import Connection
from hireloom.sync.ending import EXPIRED, expired
from hireloom.sync.notices import tell

log = structlog.get_logger()


async def note_failure(operation: Operation, call: Call, error: HireloomError) -> None:
    """Keep what a failure says of the account: whose turn it is, and which permission lacks."""
    if call.account is None:
        return
    stored = call.account.stored
    invalid = isinstance(error, CredentialsInvalidError) and stored.state == "active"
    permission = ""
    if isinstance(error, PermissionMissingError) and operation.name not in stored.refused:
        permission = error.permission or error.msg
    if not (invalid or permission):
        return

    async def note(conn: Connection) -> None:
        if invalid:
            async with conn.transaction():
                if await integrations.turn(conn, stored.id, "active", "credentials_invalid"):
                    await tell(conn, call.desk.vault, stored, EXPIRED, expired(error))
        else:
            await integrations.lacks(conn, stored.id, operation.name, permission)

    await noted(call, stored.id, note)


async def note_success(operation: Operation, call: Call) -> None:
    """A call went well: what was noted of failures is over."""
    if call.account is None or not call.trip.calls:
        return
    stored = call.account.stored
    if stored.state == "active" and operation.name not in stored.permissions:
        return

    async def note(conn: Connection) -> None:
        await integrations.turn(conn, stored.id, "credentials_invalid", "active")
        await integrations.has(conn, stored.id, operation.name)

    await noted(call, stored.id, note)


async def noted(
    call: Call, integration_id: str, note: Callable[[Connection], Awaitable[None]]
) -> None:
    """Make a note; the caller's answer matters more than that it is made."""
    try:
        async with call.desk.pool.acquire() as conn:
            await note(conn)
    except AWAY as failure:
        log.warning("An account's health is not noted", error=type(failure).__name__)
    call.desk.accounts.forget(integration_id)

"""Custom syncs: what the unified model does not cover, polled and told as it is."""

from typing import Any

import msgspec

from hireloom.api.desk import Call
from hireloom.api.operation import Scope, operation
from hireloom.api.syncs import minutes
from hireloom.deliver import targets
from hireloom.errors import IdempotencyMismatchError, RequestInvalidError
from hireloom.kit import Integration
from hireloom.models import CustomStart, CustomStarted
from hireloom.store import audit, masters, runs, syncs, webhooks
from hireloom.store.keys import new_id
from hireloom.store.pool import Connection
from hireloom.store.syncs import NewSync, Sync
from hireloom.sync import custom, paths
from hireloom.sync.starting import start


@operation(
    "sync.custom.start",
    scope=Scope.PASSTHROUGH,
    stays_here=True,
    example={
        "apiDetails": {"method": "GET", "path": "/departments"},
        "listIdentifier": "$",
        "recordIdentifier": "$.id",
        "webhookURL": "https://example.com/hireloom/departments",
        "idempotencyId": "departments",
    },
)
async def start_custom_sync(
    call: Call, integration: Integration, request: CustomStart
) -> CustomStarted:
    """Poll any call of the vendor's own API and tell what changed in its list.

    Events go to `webhookURL` alone, signed with a secret that the first answer shows. The same
    `idempotencyId` does not make a second sync. `sync.update` and `sync.stop` take its id.
    """
    wanted = described(request)
    paths.parse(request.list_identifier, request.record_identifier)
    custom.asked(integration, wanted)
    targets.check(request.webhook_url, allow_private=call.desk.settings.allow_private_webhooks)
    key = request.idempotency_id or new_id("once")
    async with call.desk.pool.acquire() as conn, conn.transaction():
        sync = await syncs.find(conn, integration.id, custom.DATA_TYPE, key)
        secret = None
        if sync is None:
            sync, secret = await _created(conn, call, integration, request, key)
        elif not await _is_same(conn, sync, wanted, request):
            raise IdempotencyMismatchError(
                "A custom sync with this idempotencyId does something else",
                hint="Use another idempotencyId, or stop that sync with sync.stop first.",
            )
        run = await runs.open_run(conn, sync)
        if run is None:
            run = await start(conn, sync, "delta_sync", "api", keeps_schedule=False)
        detail = {"syncJobId": sync.id, "path": request.api_details.path}
        await audit.add(
            conn, call.actor, "sync.custom.start", integration_id=integration.id, detail=detail
        )
    return CustomStarted(
        sync_job_id=sync.id, sync_run_id=run.id, webhook_id=sync.webhook_id, secret=secret
    )


async def _created(
    conn: Connection, call: Call, integration: Integration, request: CustomStart, key: str
) -> tuple[Sync, str]:
    own_key = await masters.own_key(conn, call.desk.vault)
    new_webhook = webhooks.NewWebhook(
        url=request.webhook_url,
        integration_id=integration.id,
        description=f"Custom sync of {request.api_details.path}",
        events=list(custom.EVENTS),
        data_types=[custom.DATA_TYPE],
    )
    webhook, secret = await webhooks.create(conn, own_key, new_webhook)
    new_sync = NewSync(
        integration_id=integration.id,
        data_type=custom.DATA_TYPE,
        models=[],
        frequency=minutes(request.frequency),
        webhook_id=webhook.id,
        custom=described(request),
        custom_key=key,
    )
    return await syncs.create(conn, new_sync), secret


async def _is_same(
    conn: Connection, sync: Sync, wanted: dict[str, Any], request: CustomStart
) -> bool:
    if sync.webhook_id is None:
        return False
    webhook = await webhooks.get(conn, sync.webhook_id)
    return sync.custom == wanted and webhook.url == request.webhook_url


def described(request: CustomStart) -> dict[str, Any]:
    """What is polled, as it is kept. Credentials are added at each call and never kept here."""
    details = request.api_details
    for name in details.headers:
        if name.lower() in {"authorization", "cookie", "x-api-key"}:
            raise RequestInvalidError.at(
                f"apiDetails.headers.{name}", "is added by Hireloom; leave it out"
            )
    kept: dict[str, Any] = msgspec.to_builtins(details)
    return {
        **kept,
        "listIdentifier": request.list_identifier,
        "recordIdentifier": request.record_identifier,
    }

"""Webhooks: the endpoints that events go to."""

from datetime import timedelta

from hireloom.api import own_pages
from hireloom.api.desk import Call
from hireloom.api.operation import Scope, operation
from hireloom.deliver import targets
from hireloom.deliver.run import look_again
from hireloom.deliver.trial import try_out
from hireloom.models import (
    SecretRotation,
    Webhook,
    WebhookAnswer,
    WebhookChanges,
    WebhookChoice,
    WebhookDeleted,
    WebhookDraft,
    WebhookPage,
    WebhookQuery,
    WebhookSecret,
    WebhookState,
    WebhookTest,
)
from hireloom.store import audit, calls, integrations, masters, senders, webhooks
from hireloom.store.seal import OURS

URL = "https://hooks.example.com/hireloom"
WEBHOOK = "wh_2Vx0aZ4mJq7nBt5rKc9LwE"
BY_HAND = "disabled by webhook.update"


@operation(
    "webhook.create",
    scope=Scope.ADMIN,
    example={"url": URL, "events": ["record.new", "record.modified", "record.deleted"]},
)
async def create_webhook(call: Call, draft: WebhookDraft) -> WebhookSecret:
    """Register an endpoint for events. Its secret is shown this once."""
    targets.check(draft.url, allow_private=call.desk.settings.allow_private_webhooks)
    new = webhooks.NewWebhook(
        url=draft.url,
        integration_id=draft.integration_id or OURS,
        description=draft.description,
        events=[str(one) for one in draft.events],
        data_types=[str(one) for one in draft.data_types],
        batch_size=draft.batch_size,
        compatibility=None if draft.compatibility is None else str(draft.compatibility),
    )
    async with call.desk.pool.acquire() as conn, conn.transaction():
        if new.integration_id != OURS:
            await integrations.get(conn, new.integration_id)
        own_key = await masters.own_key(conn, call.desk.vault)
        made, secret = await webhooks.create(conn, own_key, new)
        await audit.add(
            conn, call.actor, "webhook.create",
            integration_id=made.integration_id, detail=_audited(made),
        )  # fmt: skip
    return WebhookSecret(webhook=shown(made), secret=secret)


@operation("webhook.list", scope=Scope.ADMIN)
async def list_webhooks(call: Call, query: WebhookQuery) -> WebhookPage:
    """List the endpoints for events, a page at a time."""
    async with call.desk.pool.acquire() as conn:
        own_key = await masters.own_key(conn, call.desk.vault)
        page = own_pages.opened(own_key, OURS, "webhook.list", query)
        found = await webhooks.page(
            conn, integration_id=query.integration_id, after=page.after or "", size=page.read
        )
    listed, following = page.cut(found, lambda one: one.id)
    return WebhookPage(webhooks=[shown(one) for one in listed], next_page_token=following)


@operation("webhook.update", scope=Scope.ADMIN, example={"webhookId": WEBHOOK, "state": "active"})
async def update_webhook(call: Call, changes: WebhookChanges) -> WebhookAnswer:
    """Change an endpoint, disable it, or enable it again: what waits for it then goes on."""
    if changes.url is not None:
        targets.check(changes.url, allow_private=call.desk.settings.allow_private_webhooks)
    wanted = webhooks.Changes(
        url=changes.url,
        description=changes.description,
        events=None if changes.events is None else [str(one) for one in changes.events],
        data_types=None if changes.data_types is None else [str(one) for one in changes.data_types],
        batch_size=changes.batch_size,
        state=None if changes.state is None else changes.state.value,
    )
    async with call.desk.pool.acquire() as conn, conn.transaction():
        made = await webhooks.update(conn, changes.webhook_id, wanted, BY_HAND)
        await look_again(conn, made.id)
        await audit.add(
            conn, call.actor, "webhook.update",
            integration_id=made.integration_id, detail=_audited(made),
        )  # fmt: skip
    return WebhookAnswer(webhook=shown(made))


@operation("webhook.delete", scope=Scope.ADMIN, example={"webhookId": WEBHOOK})
async def delete_webhook(call: Call, choice: WebhookChoice) -> WebhookDeleted:
    """Delete an endpoint, and what waits to be sent to it."""
    async with call.desk.pool.acquire() as conn, conn.transaction():
        integration_id = await webhooks.delete(conn, choice.webhook_id)
        await audit.add(
            conn, call.actor, "webhook.delete",
            integration_id=integration_id, detail={"webhookId": choice.webhook_id},
        )  # fmt: skip
    return WebhookDeleted(webhook_id=choice.webhook_id, deleted=True)


@operation("webhook.rotateSecret", scope=Scope.ADMIN, example={"webhookId": WEBHOOK})
async def rotate_secret(call: Call, rotation: SecretRotation) -> WebhookSecret:
    """Make a new secret. For a day events are signed with the one before as well."""
    both_valid: timedelta | None = None if rotation.expire_now else webhooks.BOTH_VALID
    async with call.desk.pool.acquire() as conn, conn.transaction():
        own_key = await masters.own_key(conn, call.desk.vault)
        made, secret = await webhooks.rotate(conn, own_key, rotation.webhook_id, both_valid)
        await audit.add(
            conn, call.actor, "webhook.rotateSecret", integration_id=made.integration_id,
            detail={"webhookId": made.id, "expireNow": rotation.expire_now},
        )  # fmt: skip
    return WebhookSecret(webhook=shown(made), secret=secret)


@operation("webhook.test", scope=Scope.ADMIN, example={"webhookId": WEBHOOK})
async def test_webhook(call: Call, choice: WebhookChoice) -> WebhookTest:
    """Send a signed event `webhook.test` right now, also to a disabled endpoint; say what came."""
    desk = call.desk
    async with desk.pool.acquire() as conn:
        endpoint = await senders.find(conn, choice.webhook_id)
        own_key = await masters.own_key(conn, desk.vault)
    if endpoint is None:
        raise webhooks.unknown()
    allowed = desk.settings.allow_private_webhooks
    trial = await try_out(endpoint, own_key, call.execution_id, allow_private=allowed)
    outcome = trial.outcome
    async with desk.pool.acquire() as conn, conn.transaction():
        await calls.add(conn, [trial.call])
        await audit.add(
            conn, call.actor, "webhook.test", integration_id=endpoint.integration_id,
            detail={"webhookId": endpoint.id, "status": outcome.status},
        )  # fmt: skip
    return WebhookTest(
        webhook_id=endpoint.id,
        event_id=trial.event_id,
        acknowledged=outcome.acknowledged,
        status=outcome.status,
        duration_ms=round(outcome.seconds * 1000, 1),
        reason=outcome.reason,
        execution_id=call.execution_id,
    )


def shown(stored: webhooks.Webhook) -> Webhook:
    return Webhook(
        webhook_id=stored.id,
        url=stored.url,
        events=stored.events,
        data_types=stored.data_types,
        integration_id=stored.integration_id or None,
        batch_size=stored.batch_size,
        compatibility=stored.compatibility,
        description=stored.description,
        state=WebhookState(stored.state),
        disabled_at=stored.disabled_at,
        disabled_because=stored.disabled_because,
        failing_since=stored.failing_since,
        last_delivered_at=stored.last_delivered_at,
        previous_secret_until=stored.previous_until,
        created_at=stored.created_at,
        updated_at=stored.updated_at,
    )


def _audited(stored: webhooks.Webhook) -> dict[str, str]:
    return {
        "webhookId": stored.id,
        "origin": targets.origin(stored.url),
        "state": stored.state,
    }

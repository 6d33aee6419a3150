"""Webhooks out: the envelope of an event, endpoints and deliveries as they are asked and told."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from hireloom.models.base import UNSET, Id, Instant, Maybe, Model, Request, Word
from hireloom.models.sync import DataType

SCHEMA_VERSION = "1.0"


class EventType(Word):
    """What an event tells."""

    RECORD_NEW = "record.new"
    RECORD_MODIFIED = "record.modified"
    RECORD_DELETED = "record.deleted"
    EVENTS_PROCESSED = "sync.events.processed"
    EVENTS_ALL_CONSUMED = "sync.events.allConsumed"
    SYNC_FAILED = "sync.failed"
    CREDENTIALS_EXPIRED = "integration.credentials_expired"
    WEBHOOK_DISABLED = "webhook.disabled"
    WEBHOOK_TEST = "webhook.test"
    ACTIVATE = "app.integration.activate"
    DEACTIVATE = "app.integration.deactivate"
    ASSESSMENT_ORDERED = "assessment.ordered"
    ASSESSMENT_CANCELLED = "assessment.cancelled"
    ISSUE_OPENED = "issue.opened"
    ISSUE_RESOLVED = "issue.resolved"


class Envelope(Model, frozen=True, kw_only=True):
    """What every webhook carries; what does not concern an event is null."""

    event_id: str
    event_type: str
    event_data: Any
    sync_type: str | None = None
    sync_data_type: str | None = None
    sync_job_id: str | None = None
    sync_run_id: str | None = None
    record_id: str | None = None
    triggered_at: Instant
    integration_id: str | None = None
    app_id: str | None = None
    origin_org_id: str | None = None
    schema_version: str = SCHEMA_VERSION
    changed_paths: Maybe[list[str]] = UNSET


class WebhookState(Word):
    ACTIVE = "active"
    DISABLED = "disabled"


class Compatibility(Word):
    """Whose signature is sent beside the standard one."""

    KNIT = "knit"


class WebhookDraft(Request, frozen=True, kw_only=True):
    """`events` and `dataTypes` say what is sent, all without them; `integrationId` whose events,

    of all accounts without it. Events about issues go only to those that name them. With
    `batchSize` above 1, up to so many events come in one POST.
    """

    url: Annotated[str, Meta(max_length=2000)]
    events: tuple[EventType, ...] = ()
    data_types: tuple[DataType, ...] = ()
    integration_id: str | None = None
    batch_size: Annotated[int, Meta(ge=1, le=100)] = 1
    compatibility: Compatibility | None = None
    description: Annotated[str, Meta(max_length=500)] = ""


class WebhookChanges(Request, frozen=True, kw_only=True):
    """Only what is given changes; a list replaces the whole list."""

    webhook_id: Id
    url: Annotated[str, Meta(max_length=2000)] | None = None
    events: tuple[EventType, ...] | None = None
    data_types: tuple[DataType, ...] | None = None
    batch_size: Annotated[int, Meta(ge=1, le=100)] | None = None
    description: Annotated[str, Meta(max_length=500)] | None = None
    state: WebhookState | None = None


class WebhookChoice(Request, frozen=True, kw_only=True):
    webhook_id: Id


class SecretRotation(Request, frozen=True, kw_only=True):
    """With `expireNow` the secret before is not used any more, otherwise for another day."""

    webhook_id: Id
    expire_now: bool = False


class WebhookQuery(Request, frozen=True, kw_only=True):
    integration_id: str | None = None
    page_token: str | None = None
    page_size: Annotated[int, Meta(ge=1, le=500)] = 100


class Webhook(Model, frozen=True, kw_only=True):
    """An endpoint; `failingSince` is when it began to acknowledge nothing."""

    webhook_id: str
    url: str
    events: list[str]
    data_types: list[str]
    integration_id: str | None
    batch_size: int
    compatibility: str | None
    description: str
    state: WebhookState
    disabled_at: Instant | None
    disabled_because: str | None
    failing_since: Instant | None
    last_delivered_at: Instant | None
    previous_secret_until: Instant | None
    created_at: Instant
    updated_at: Instant


class WebhookSecret(Model, frozen=True, kw_only=True):
    """A webhook with its secret, which is shown this once."""

    webhook: Webhook
    secret: str

    def __repr__(self) -> str:
        return f"WebhookSecret({self.webhook.webhook_id})"


class WebhookAnswer(Model, frozen=True, kw_only=True):
    webhook: Webhook


class WebhookPage(Model, frozen=True, kw_only=True):
    webhooks: list[Webhook]
    next_page_token: Maybe[str] = UNSET


class WebhookDeleted(Model, frozen=True, kw_only=True):
    webhook_id: str
    deleted: bool


class WebhookTest(Model, frozen=True, kw_only=True):
    """What came back: `reason` says in words what happened, `status` what was answered."""

    webhook_id: str
    event_id: str
    acknowledged: bool
    status: int | None
    duration_ms: float
    reason: str
    execution_id: str


class DeliveryState(Word):
    WAITING = "waiting"
    FAILING = "failing"
    DELIVERED = "delivered"
    DEAD = "dead"
    EXPIRED = "expired"


class DeliveryQuery(Request, frozen=True, kw_only=True):
    """`since` and `until` are about when the event was emitted."""

    webhook_id: str | None = None
    integration_id: str | None = None
    sync_run_id: str | None = None
    record_id: str | None = None
    state: DeliveryState | None = None
    since: Annotated[datetime, Meta(tz=True)] | None = None
    until: Annotated[datetime, Meta(tz=True)] | None = None
    page_token: str | None = None
    page_size: Annotated[int, Meta(ge=1, le=500)] = 100


class DeliveryChoice(Request, frozen=True, kw_only=True):
    delivery_id: Id


class Delivery(Model, frozen=True, kw_only=True):
    """One event on its way to one webhook: how often it was tried and what came of it."""

    delivery_id: str
    webhook_id: str
    integration_id: str | None
    event_id: str
    event_type: str
    sync_data_type: str | None
    record_id: str | None
    sync_run_id: str | None
    state: DeliveryState
    attempts: int
    last_status: int | None
    reason: str | None
    created_at: Instant
    first_attempt_at: Instant | None
    last_attempt_at: Instant | None
    next_attempt_at: Instant | None
    delivered_at: Instant | None
    duration_ms: float | None
    execution_id: str | None  # of the last attempt: in its headers, and in the log of calls


class DeliveryPage(Model, frozen=True, kw_only=True):
    deliveries: list[Delivery]
    next_page_token: Maybe[str] = UNSET


class DeliveryAnswer(Model, frozen=True, kw_only=True):
    delivery: Delivery


class ReplayRequest(Request, frozen=True, kw_only=True):
    """Which ones: by id, of a run, of a webhook, or of a time; what is given must all fit."""

    delivery_ids: Annotated[tuple[str, ...], Meta(max_length=1000)] = ()
    sync_run_id: str | None = None
    webhook_id: str | None = None
    since: Annotated[datetime, Meta(tz=True)] | None = None
    until: Annotated[datetime, Meta(tz=True)] | None = None


class Replayed(Model, frozen=True, kw_only=True):
    """`replayed` are sent again; `erased` cannot be, their content is gone."""

    replayed: int
    erased: int
    hint: str | None

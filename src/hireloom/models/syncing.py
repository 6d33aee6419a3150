"""What starting, changing and watching syncs takes and answers."""

from typing import Annotated, Any

from msgspec import Meta, field

from hireloom.models.base import UNSET, Id, Instant, Maybe, Model, Request, Word
from hireloom.models.sync import DataType


class SyncType(Word):
    INITIAL = "initial_sync"
    DELTA = "delta_sync"


class SyncState(Word):
    ACTIVE = "ACTIVE"
    STOPPED = "STOPPED"


class RunState(Word):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    COMPLETE = "COMPLETE"
    PARTIAL = "PARTIAL"
    FAILED = "FAILED"
    STOPPED = "STOPPED"


Hour = Annotated[int, Meta(ge=0, le=23)]
Minute = Annotated[int, Meta(ge=0, le=59)]
Frequency = str | int  # standard, medium, high, or minutes


class SyncStart(Request, frozen=True, kw_only=True):
    """`models` are those to follow; without it, all that the vendor can fill, or those of before.

    `honorScheduler` keeps the schedule as it is; otherwise the next run comes one period after this
    one ends. `startHour` and `startMinute` (UTC) move the schedule to a time of day. `resend` tells
    of every record again as if it were new.
    """

    data_type: DataType
    sync_type: SyncType = SyncType.INITIAL
    models: tuple[str, ...] | None = None
    honor_scheduler: bool = False
    include_inactive_records: bool | None = None
    start_hour: Hour | None = None
    start_minute: Minute | None = None
    resend: bool = False


class SyncStarted(Model, frozen=True, kw_only=True):
    sync_job_id: str
    sync_run_id: str
    models: list[str]


class SyncUpdate(Request, frozen=True, kw_only=True):
    """What is left out stays. Other models, and inactive records, are read by a run that starts

    at once.

    `frequency`: standard (24 hours), medium (6 hours), high (1 hour), or minutes from 5 on.
    `webhookId` sends the events of this sync to one webhook only; null to all that want them.
    """

    sync_job_id: Id | None = None
    data_type: DataType | None = None
    models: tuple[str, ...] | None = None
    frequency: Frequency | None = None
    webhook_id: Maybe[str] = UNSET
    include_inactive_records: bool | None = None
    start_hour: Hour | None = None
    start_minute: Minute | None = None


class SyncStop(Request, frozen=True, kw_only=True):
    """By its id or its data type. What was read stays known: a later start tells what changed."""

    sync_job_id: Id | None = None
    data_type: DataType | None = None


class SyncShown(Model, frozen=True, kw_only=True):
    """`frequency` in minutes; `nextRunAt` is null where nothing is planned."""

    sync_job_id: str
    data_type: str
    state: SyncState
    models: list[str]
    frequency: int
    start_hour: int | None
    start_minute: int | None
    include_inactive_records: bool
    webhook_id: str | None
    watch_fields: list[str]
    native_filters: dict[str, Any] | None
    pass_through_filters: dict[str, Any] | None
    filter: dict[str, Any] | None
    api_details: dict[str, Any] | None
    last_completed_at: Instant | None
    next_run_at: Instant | None
    created_at: Instant
    updated_at: Instant


class SyncList(Model, frozen=True, kw_only=True):
    syncs: list[SyncShown]


class RunQuery(Request, frozen=True, kw_only=True):
    sync_job_id: str | None = None
    state: RunState | None = None
    page_token: str | None = None
    page_size: Annotated[int, Meta(ge=1, le=500)] = 100


class RunShown(Model, frozen=True, kw_only=True):
    """One run: what it read, what it told of it, and why it failed where it did.

    `processed` counts records that were compared, `emitted` events about records. `failedModels`
    could not be read, and why. `error` is the last failure, also of a run that tries again.
    """

    sync_run_id: str
    sync_job_id: str
    sync_type: SyncType
    state: RunState
    step: str
    cause: str
    models: list[str]
    processed: int
    emitted: int
    new: int
    modified: int
    deleted: int
    unreadable: int
    upstream_calls: int
    failures: int
    failed_models: list[dict[str, Any]]
    error: dict[str, Any] | None
    created_at: Instant
    started_at: Instant | None
    finished_at: Instant | None
    receipts: list["RunReceipt"] = []


class RunReceipt(Model, frozen=True, kw_only=True):
    """What one webhook was sent of a run, and how much of it was acknowledged."""

    webhook_id: str
    emitted: int
    consumed: int


class RunPage(Model, frozen=True, kw_only=True):
    runs: list[RunShown]
    next_page_token: Maybe[str] = UNSET


class RunId(Request, frozen=True, kw_only=True):
    sync_run_id: Id


class RunReplay(Request, frozen=True, kw_only=True):
    """A run that failed goes on where it stopped; `allowDeletes` lets it tell of the deletions

    that it stopped at. Of a run that ended well everything is read and told again.
    """

    sync_run_id: Id
    allow_deletes: bool = False


class WatchUpdate(Request, frozen=True, kw_only=True):
    """Only changes at these JSONPaths are told as record.modified; an empty list means any."""

    data_type: DataType
    json_paths: tuple[Annotated[str, Meta(max_length=500)], ...]


class FilterUpdate(Request, frozen=True, kw_only=True):
    """`filter` is an expression tree over the unified record; a tree may also stand in the request

    itself (`type`, `data`, `left`, `right`). `nativeFilters` are those of the list operations,
    `passThroughFilters` (`query`, `body`, `headers`) go to the vendor's list as they are: each run
    then reads that whole list, and a record that leaves it is not told of. Null takes a filter
    away, what is left out stays. The next run reads everything.
    """

    data_type: DataType
    tree: Maybe[dict[str, Any]] = field(default=UNSET, name="filter")
    native_filters: Maybe[dict[str, Any]] = UNSET
    pass_through_filters: Maybe[dict[str, Any]] = UNSET
    operator: str | None = field(default=None, name="type")
    data: Any = None
    left: dict[str, Any] | None = None
    right: dict[str, Any] | None = None


class ApiDetails(Request, frozen=True, kw_only=True):
    """A call of the vendor's own API, as passthrough takes it."""

    method: str
    path: Annotated[str, Meta(max_length=4000)]
    base_url: str | None = None
    params: dict[str, Any] = {}
    body: Any = None
    headers: dict[str, str] = {}


class CustomStart(Request, frozen=True, kw_only=True):
    """Poll any call of the vendor's and tell what changed in its list.

    `listIdentifier` and `recordIdentifier` are JSONPaths: of the list in the answer, and of the id
    in a record.
    """

    api_details: ApiDetails
    record_identifier: Annotated[str, Meta(max_length=500)]
    list_identifier: Annotated[str, Meta(max_length=500)]
    webhook_url: Annotated[str, Meta(max_length=2000)] = field(name="webhookURL")
    idempotency_id: str | None = None
    frequency: Frequency = "standard"


class CustomStarted(Model, frozen=True, kw_only=True):
    """`secret` signs what comes to the webhook; it is shown once, when the sync is made."""

    sync_job_id: str
    sync_run_id: str
    webhook_id: str | None
    secret: str | None

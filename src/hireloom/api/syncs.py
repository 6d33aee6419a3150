"""Syncs: what of an account is followed, and the runs that do it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from hireloom.api.desk import Call
from hireloom.api.operation import Scope, operation
from hireloom.errors import NotSupportedError, RequestInvalidError
from hireloom.kit import Integration
from hireloom.models import (
    UNSET,
    DataType,
    FilterUpdate,
    SyncList,
    SyncShown,
    SyncStart,
    SyncStarted,
    SyncState,
    SyncStop,
    SyncUpdate,
    WatchUpdate,
)
from hireloom.steering import refuse_unheard, stop
from hireloom.store import audit, runs, syncs, webhooks
from hireloom.store.pool import Connection
from hireloom.store.syncs import NewSync, Sync
from hireloom.sync import native, schedule, virtual, watch
from hireloom.sync.kinds import Kind, kind_of
from hireloom.sync.sections import refuse_unread
from hireloom.sync.starting import start, start_anew


@operation(
    "sync.start",
    scope=Scope.WRITE,
    stays_here=True,
    example={"dataType": "ats_applications", "models": ["application_info", "application_stage"]},
)
async def start_sync(call: Call, integration: Integration, request: SyncStart) -> SyncStarted:
    """Start following a data type, or run at once; a run that is under way is joined.

    The first run reads everything (`initial_sync`), later ones what changed.
    """
    kind = synced(integration, request.data_type)
    async with call.desk.pool.acquire() as conn, conn.transaction():
        sync = await syncs.find(conn, integration.id, kind.data_type)
        models = chosen(kind, integration, request.models, sync)
        if sync is None:
            new = NewSync(
                integration_id=integration.id,
                data_type=kind.data_type,
                models=models,
                frequency=schedule.STANDARD,
            )
            sync = await syncs.create(conn, new)
        before = await syncs.lock(conn, integration.id, sync.id)
        models = before.models if request.models is None else models
        await refuse_unheard(conn, before)
        sync = await syncs.change(conn, before, **changes(before, request), models=models)
        refuse_unread(kind, sync, "models")
        keeps = request.honor_scheduler
        if request.resend:
            await syncs.forget(conn, sync)
        if request.resend or reads_more(before, sync):
            run = await start_anew(conn, sync, "api", keeps_schedule=keeps)
        else:
            run = await start(conn, sync, request.sync_type.value, "api", keeps_schedule=keeps)
        detail = {"syncJobId": sync.id, "dataType": sync.data_type}
        await audit.add(
            conn, call.actor, "sync.start", integration_id=integration.id, detail=detail
        )
    return SyncStarted(sync_job_id=sync.id, sync_run_id=run.id, models=models)


@operation(
    "sync.update",
    scope=Scope.WRITE,
    stays_here=True,
    example={"dataType": "ats_applications", "frequency": "high"},
)
async def update_sync(call: Call, integration: Integration, request: SyncUpdate) -> SyncShown:
    """Change how a sync runs: how often, with which models, and to which webhook."""
    async with call.desk.pool.acquire() as conn, conn.transaction():
        sync = await named(conn, integration, request.sync_job_id, request.data_type)
        wanted = changes(sync, request)
        if request.webhook_id is not UNSET:
            if request.webhook_id is not None:
                await webhooks.get(conn, str(request.webhook_id))
            wanted["webhook_id"] = request.webhook_id
        if request.models is not None and not sync.custom:
            kind = kind_of(sync.data_type)
            wanted["models"] = chosen(kind, integration, request.models, sync)
            refuse_unread(kind, msgspec.structs.replace(sync, **wanted), "models")
        changed = await syncs.change(conn, sync, **wanted)
        if request.webhook_id is not UNSET:
            await refuse_unheard(conn, changed)
        if reads_more(sync, changed):
            await syncs.unmark(conn, changed)
            if changed.state == "active":
                await start_anew(conn, changed, "api")
        await audit.add(
            conn,
            call.actor,
            "sync.update",
            integration_id=integration.id,
            detail={"syncJobId": sync.id},
        )
    return shown(changed)


@operation(
    "sync.stop", scope=Scope.WRITE, stays_here=True, example={"dataType": "ats_applications"}
)
async def stop_sync(call: Call, integration: Integration, request: SyncStop) -> SyncShown:
    """Stop a sync and its schedule. Events that wait are still delivered."""
    async with call.desk.pool.acquire() as conn, conn.transaction():
        sync = await named(conn, integration, request.sync_job_id, request.data_type)
        stopped = await stop(conn, call.actor, sync)
    return shown(stopped)


@operation("sync.list", scope=Scope.READ)
async def list_syncs(call: Call, integration: Integration) -> SyncList:
    """List the syncs of an account."""
    async with call.desk.pool.acquire() as conn:
        found = await syncs.every(conn, integration.id)
    return SyncList(syncs=[shown(one) for one in found])


@operation(
    "sync.watchFields.update",
    scope=Scope.WRITE,
    stays_here=True,
    example={"dataType": "ats_applications", "jsonPaths": ["$.currentStage", "$.info.status"]},
)
async def update_watch_fields(
    call: Call, integration: Integration, request: WatchUpdate
) -> SyncShown:
    """Tell of modified records only where certain fields changed.

    New and deleted ones are told all the same. An empty list means any field again.
    """
    kind = synced(integration, request.data_type)
    if request.json_paths:
        watch.parse(request.json_paths, kind.model)
    async with call.desk.pool.acquire() as conn, conn.transaction():
        sync = await named(conn, integration, None, request.data_type)
        changed = await syncs.change(conn, sync, watch=list(request.json_paths))
        refuse_unread(kind, changed)
    return shown(changed)


@operation(
    "sync.filter.update",
    scope=Scope.WRITE,
    stays_here=True,
    example={
        "dataType": "ats_applications",
        "filter": {
            "type": "string_operator",
            "data": "eq",
            "left": {"type": "key", "data": "info.status", "left": None, "right": None},
            "right": {"type": "value_string", "data": "ACTIVE", "left": None, "right": None},
        },
    },
)
async def update_filter(call: Call, integration: Integration, request: FilterUpdate) -> SyncShown:
    """Tell only of records that a filter lets through; one that leaves it is told as deleted."""
    kind = synced(integration, request.data_type)
    wanted = filters(kind, integration, request)
    async with call.desk.pool.acquire() as conn, conn.transaction():
        sync = await named(conn, integration, None, request.data_type)
        changed = await syncs.change(conn, sync, **wanted)
        refuse_unread(kind, changed)
        await syncs.unmark(conn, changed)
        if await runs.open_run(conn, changed) is not None:
            await start_anew(conn, changed, "api")
    return shown(changed)


def filters(kind: Kind, integration: Integration, request: FilterUpdate) -> dict[str, Any]:
    """The filters that are given, checked."""
    tree: Any = request.tree
    if request.operator is not None:
        tree = {
            "type": request.operator,
            "data": request.data,
            "left": request.left,
            "right": request.right,
        }
    wanted: dict[str, Any] = {}
    if tree is not UNSET:
        if tree is not None:
            virtual.parse(tree, kind.model)
        wanted["virtual_filter"] = tree
    if request.native_filters is not UNSET:
        if request.native_filters is not None:
            query = native.parse(kind.data_type, request.native_filters, "nativeFilters")
            connector = type(integration.connector)
            native.refuse_blind(integration.title, query, kind.unsaid(connector), "nativeFilters")
        wanted["native_filter"] = request.native_filters
    if request.pass_through_filters is not UNSET:
        wanted["passthrough_filter"] = checked_extra(request.pass_through_filters)
    if not wanted:
        raise RequestInvalidError.at("filter", "give filter, nativeFilters or passThroughFilters")
    return wanted


def checked_extra(given: Any) -> dict[str, Any] | None:
    """`{query, body, headers}`, each an object."""
    if given is None:
        return None
    for name, value in given.items():
        path = f"passThroughFilters.{name}"
        if name not in {"query", "body", "headers"}:
            raise RequestInvalidError.at(path, "is none of query, body, headers")
        if not isinstance(value, dict):
            raise RequestInvalidError.at(path, "must be an object")
        if name != "body" and not all(isinstance(one, str) for one in value.values()):
            raise RequestInvalidError.at(path, "its values must be texts")
    found: dict[str, Any] = given
    return found


def synced(integration: Integration, data_type: DataType) -> Kind:
    """Raises NotSupportedError where the vendor cannot list these."""
    kind = kind_of(data_type)
    if not kind.synced_by(type(integration.connector)):
        raise NotSupportedError(f"{integration.title} has no list of {data_type.value[4:]}")
    return kind


def chosen(
    kind: Kind, integration: Integration, wanted: Sequence[str] | None, sync: Sync | None
) -> list[str]:
    """The models to follow, in one order; raises RequestInvalidError for one that there is not."""
    if wanted is None:
        if sync is not None:
            return sync.models
        return [one.value for one in kind.fillable(type(integration.connector))]
    known = [one.value for one in kind.models]
    for index, one in enumerate(wanted):
        if one not in known:
            raise RequestInvalidError.at(
                f"models[{index}]", f"'{one}' is none of: {', '.join(known)}"
            )
    if not wanted:
        raise RequestInvalidError.at("models", "name one at least")
    return [one for one in known if one in wanted]


def changes(sync: Sync, request: SyncStart | SyncUpdate) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if isinstance(request, SyncStart):
        found["state"] = "active"
    if request.include_inactive_records is not None:
        found["include_inactive"] = request.include_inactive_records
    if request.start_hour is not None or request.start_minute is not None:
        minute = (request.start_hour or 0) * 60 + (request.start_minute or 0)
        found["start_minute"] = minute
    if isinstance(request, SyncUpdate) and request.frequency is not None:
        found["frequency"] = minutes(request.frequency)
    if sync.next_run_at is not None and found.keys() & {"start_minute", "frequency"}:
        to = msgspec.structs.replace(sync, **found)
        now = datetime.now(UTC)
        found["next_run_at"] = schedule.first(to.id, to.frequency, to.start_minute, now)
    return found


def reads_more(before: Sync, after: Sync) -> bool:
    """Whether records have to be read that did not change: other models, or inactive ones too."""
    return after.models != before.models or after.include_inactive > before.include_inactive


def minutes(frequency: str | int) -> int:
    """Raises RequestInvalidError."""
    found = schedule.FREQUENCIES.get(frequency) if isinstance(frequency, str) else frequency
    if found is None or not schedule.SHORTEST <= found <= schedule.LONGEST:
        raise RequestInvalidError.at(
            "frequency",
            f"is {frequency!r}; it can be {', '.join(schedule.FREQUENCIES)}, or minutes from"
            f" {schedule.SHORTEST} to {schedule.LONGEST}",
        )
    return found


async def named(
    conn: Connection, integration: Integration, sync_id: str | None, data_type: DataType | None
) -> Sync:
    """The sync that is meant, locked. Raises SyncNotFoundError, RequestInvalidError."""
    if sync_id is None:
        if data_type is None:
            raise RequestInvalidError.at("syncJobId", "give syncJobId or dataType")
        found = await syncs.find(conn, integration.id, data_type)
        sync_id = "" if found is None else found.id
    return await syncs.lock(conn, integration.id, sync_id)


def shown(sync: Sync) -> SyncShown:
    start_minute = sync.start_minute
    return SyncShown(
        sync_job_id=sync.id,
        data_type=sync.data_type,
        state=SyncState(sync.state.upper()),
        models=sync.models,
        frequency=sync.frequency,
        start_hour=None if start_minute is None else start_minute // 60,
        start_minute=None if start_minute is None else start_minute % 60,
        include_inactive_records=sync.include_inactive,
        webhook_id=sync.webhook_id,
        watch_fields=sync.watch,
        native_filters=sync.native_filter,
        pass_through_filters=sync.passthrough_filter,
        filter=sync.virtual_filter,
        api_details=sync.custom,
        last_completed_at=sync.completed_at,
        next_run_at=sync.next_run_at,
        created_at=sync.created_at,
        updated_at=sync.updated_at,
    )

"""Runs of syncs: what each read and told, and doing one again."""

from hireloom.api import own_pages
from hireloom.api.desk import Call
from hireloom.api.operation import Scope, operation
from hireloom.errors import ConflictError
from hireloom.kit import Integration
from hireloom.models import (
    RunId,
    RunPage,
    RunQuery,
    RunReceipt,
    RunReplay,
    RunShown,
    RunState,
    SyncType,
)
from hireloom.steering import go_on, refuse_unheard
from hireloom.store import audit, receipts, runs, syncs
from hireloom.store.runs import Run
from hireloom.sync.starting import start

LIST = "sync.run.list"


@operation(LIST, scope=Scope.READ)
async def list_runs(call: Call, integration: Integration, query: RunQuery) -> RunPage:
    """List the runs of an account's syncs, the newest first."""
    account = await call.desk.accounts.open(integration.id, even_inactive=True)
    page = own_pages.opened(account.data_key, account.id, LIST, query)
    async with call.desk.pool.acquire() as conn:
        found = await runs.page(
            conn,
            integration.id,
            sync_id=query.sync_job_id,
            state=None if query.state is None else query.state.lower(),
            before=None if page.after is None else int(page.after),
            size=page.read,
        )
    listed, following = page.cut(found, lambda one: one.number)
    return RunPage(runs=[shown(one) for one in listed], next_page_token=following)


@operation("sync.run.get", scope=Scope.READ, example={"syncRunId": "sr_4uXMpbMdrgySNHXQ6nuHom"})
async def get_run(call: Call, integration: Integration, query: RunId) -> RunShown:
    """Show one run, how far it is, and what its receivers have acknowledged."""
    async with call.desk.pool.acquire() as conn:
        run = await runs.get(conn, integration.id, query.sync_run_id)
        counts = await receipts.of_run(conn, integration.id, run.id)
    return shown(run, [RunReceipt(webhook_id=w, emitted=e, consumed=c) for w, e, c in counts])


@operation(
    "sync.run.replay",
    scope=Scope.WRITE,
    stays_here=True,
    example={"syncRunId": "sr_4uXMpbMdrgySNHXQ6nuHom", "allowDeletes": True},
)
async def replay_run(call: Call, integration: Integration, request: RunReplay) -> RunShown:
    """Do a run again: one that failed goes on where it stopped, others read and tell all anew.

    `allowDeletes` lets it tell of deletions that it stopped at.
    """
    async with call.desk.pool.acquire() as conn, conn.transaction():
        run = await runs.get(conn, integration.id, request.sync_run_id)
        sync = await syncs.lock(conn, integration.id, run.sync_id)
        await refuse_unheard(conn, sync)
        if run.state in runs.OPEN:
            raise ConflictError(
                "This run is still under way", hint="See sync.run.get for how far it is."
            )
        if await runs.open_run(conn, sync) is not None:
            raise ConflictError(
                "Another run of this sync is under way",
                hint="Wait until it has ended; it reads what this one would read.",
            )
        if run.state in {"failed", "stopped"}:
            replayed = await go_on(conn, run, allow_deletes=request.allow_deletes)
        else:
            await syncs.forget(conn, sync)
            unmarked = await syncs.get(conn, integration.id, sync.id)
            replayed = await start(conn, unmarked, "initial_sync", "replay")
        await audit.add(
            conn,
            call.actor,
            "sync.run.replay",
            integration_id=integration.id,
            detail={"syncRunId": run.id, "allowDeletes": request.allow_deletes},
        )
    return shown(replayed)


def shown(run: Run, counts: list[RunReceipt] | None = None) -> RunShown:
    return RunShown(
        sync_run_id=run.id,
        sync_job_id=run.sync_id,
        sync_type=SyncType(run.kind),
        state=RunState(run.state.upper()),
        step=run.step,
        cause=run.cause,
        models=run.models,
        processed=run.processed,
        emitted=run.emitted,
        new=run.added,
        modified=run.modified,
        deleted=run.deleted,
        unreadable=run.unreadable,
        upstream_calls=run.upstream_calls,
        failures=run.failures,
        failed_models=run.failed_models,
        error=run.error,
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        receipts=counts or [],
    )

"""Syncs: what runs, what is late, what failed; start, stop and replay."""

from typing import Any

from hireloom import steering
from hireloom.console.visit import Answer, Visit, change, page
from hireloom.errors import ConflictError, RunNotFoundError
from hireloom.issues.following import open_issues
from hireloom.store import audit, console_lists, receipts, runs, syncs
from hireloom.store.pool import Connection
from hireloom.store.syncs import Sync
from hireloom.sync.starting import start

PATH = "/console/syncs"
UNHEARD = "Register one that takes them, or enable it again; then start the sync."
SIZE = 50
VIEWS = (("", "All"), ("open", "Running"), ("failed", "Failed"), ("late", "Late"),
         ("stopped", "Stopped"))  # fmt: skip


async def every(visit: Visit) -> Answer:
    return visit.show("syncs.html", **await _listed(visit))


async def rows(visit: Visit) -> Answer:
    """The rows alone, for a page that stays up to date by itself."""
    return visit.show("sync_rows.html", **await _listed(visit))


async def _listed(visit: Visit) -> dict[str, Any]:
    view, before = visit.asked("view"), visit.asked("before")
    view = view if view in dict(VIEWS) else ""
    last = int(before) if before.isdecimal() and len(before) < 10 else console_lists.LAST
    async with visit.desk.pool.acquire() as conn:
        found = await console_lists.syncs(conn, wanted=view or None, before=last, size=SIZE + 1)
    further = ""
    if len(found) > SIZE:
        further = f"{PATH}?view={view}&before={found[SIZE - 1].number}"
    return {
        "rows": found[:SIZE],
        "further": further,
        "view": view,
        "views": VIEWS,
        "is_first": not before,
    }


async def one(visit: Visit) -> Answer:
    async with visit.desk.pool.acquire() as conn:
        sync = await syncs.get(conn, visit.named("integration"), visit.named("id"))
        history = await runs.page(conn, sync.integration_id, sync_id=sync.id, size=30)
        names = await console_lists.names(conn, {sync.integration_id})
        known = await open_issues(conn)
        counts = []
        if history:
            counts = await receipts.of_run(conn, sync.integration_id, history[0].id)
    return visit.show(
        "sync.html",
        sync=sync,
        history=history,
        is_open=bool(history) and history[0].state in runs.OPEN,
        name=names.get(sync.integration_id, ("", "")),
        receipts=counts,
        part_of=known.of(sync.id, "sync"),
    )


async def begin(visit: Visit) -> Answer:
    """Run now: what changed, or all of it."""
    whole = visit.given("whole") == "yes"
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        sync = await syncs.lock(conn, visit.named("integration"), visit.named("id"))
        await steering.refuse_unheard(conn, sync, UNHEARD)
        if sync.state == "stopped":
            sync = await syncs.change(conn, sync, state="active")
        await start(conn, sync, "initial_sync" if whole else "delta_sync", "api")
        await _audit(visit, conn, sync, "sync.start", {"whole": whole})
    return visit.back("It runs: this page follows it.")


async def stop(visit: Visit) -> Answer:
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        sync = await syncs.lock(conn, visit.named("integration"), visit.named("id"))
        await steering.stop(conn, visit.actor, sync)
    return visit.back("Stopped, its schedule too. Events that wait are still delivered.")


async def replay(visit: Visit) -> Answer:
    """Let a run that failed or was stopped go on where it stood."""
    allow_deletes = visit.given("allow_deletes") == "yes"
    integration_id, run_id = visit.named("integration"), visit.named("run")
    async with visit.desk.pool.acquire() as conn, conn.transaction():
        run = await runs.get(conn, integration_id, run_id)
        sync = await syncs.lock(conn, integration_id, run.sync_id)
        await steering.refuse_unheard(conn, sync, UNHEARD)
        if await runs.open_run(conn, sync) is not None:
            raise ConflictError("A run of this sync is under way", hint="Wait until it has ended.")
        if run.state not in {"failed", "stopped"}:
            raise ConflictError("This run did not fail", hint="Start the sync to read anew.")
        await steering.go_on(conn, run, allow_deletes=allow_deletes)
        detail = {"syncRunId": run_id, "allowDeletes": allow_deletes}
        await _audit(visit, conn, sync, "sync.run.replay", detail)
    return visit.back("It goes on where it stopped.")


async def find_run(visit: Visit) -> Answer:
    """To the sync that a run is of."""
    async with visit.desk.pool.acquire() as conn:
        run = await console_lists.run(conn, visit.named("run"))
    if run is None:
        raise RunNotFoundError("There is no such run; those that ended long ago are dropped.")
    return visit.go(f"{PATH}/{run.integration_id}/{run.sync_id}")


async def _audit(
    visit: Visit, conn: Connection, sync: Sync, action: str, detail: dict[str, object]
) -> None:
    told = {"syncJobId": sync.id, **detail}
    await audit.add(conn, visit.actor, action, integration_id=sync.integration_id, detail=told)


ROUTES = (
    page("/syncs", every),
    page("/syncs/rows", rows),
    page("/runs/{run:str}", find_run),
    page("/syncs/{integration:str}/{id:str}", one),
    change("/syncs/{integration:str}/{id:str}/start", begin),
    change("/syncs/{integration:str}/{id:str}/stop", stop),
    change("/runs/{integration:str}/{run:str}/replay", replay),
)

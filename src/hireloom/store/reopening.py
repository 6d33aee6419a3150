"""Runs that are opened again: from the beginning, because what they read for is another now, or

where they stopped.
"""

from hireloom.store import runs
from hireloom.store.pool import Connection
from hireloom.store.syncs import Sync

BEGIN_ANEW = """
update sync_runs
   set kind = 'initial_sync', state = 'queued', models = $3, failed_models = '[]', since = null,
       marks_before = '{}', marks = '{}', step = 'read', cursor = null, sweeps = true, listed = 0,
       failures = 0, error = null, started_at = null, sweep_started_at = null, holder = null,
       held_until = null
 where integration_id = $1 and sync_id = $2 and state in ('queued', 'running')
returning *
"""


async def begin_anew(conn: Connection, sync: Sync) -> runs.Run | None:
    """Let the run that is open read everything, as the sync is now; None where none is open.

    Whoever works on it no longer holds it, so nothing of a page read for the old sync is kept.
    """
    row = await conn.fetchrow(BEGIN_ANEW, sync.integration_id, sync.id, sync.models)
    if row is None:
        return None
    run = runs.of_row(row)
    await runs.drop_swept(conn, run)
    return run


RESUME = """
update sync_runs
   set state = 'queued', error = null, failures = 0, finished_at = null, cause = 'replay',
       allow_deletes = allow_deletes or $3, holder = null,
       step = case when step in ('settle', 'finish') then 'sweep' else step end,
       cursor = case when step in ('settle', 'finish') then null else cursor end,
       listed = case when step in ('settle', 'finish') then 0 else listed end
 where integration_id = $1 and id = $2 and state in ('failed', 'stopped')
returning *
"""


async def resume(
    conn: Connection, integration_id: str, run_id: str, *, allow_deletes: bool
) -> runs.Run:
    """Let a run that failed go on where it stopped; raises RunNotFoundError where none did."""
    run = runs.found(await conn.fetchrow(RESUME, integration_id, run_id, allow_deletes))
    if run.step == "sweep":
        await runs.drop_swept(conn, run)
    return run

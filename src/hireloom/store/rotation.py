"""Rotation of the master key while every process keeps working.

With a key file, `hireloom keys rotate` does it all: the new key becomes `master.key`, the old one
stays beside it as `master.key.previous` until every data key is wrapped anew. The other processes
on that HOME read the files again when they meet a data key that they cannot unwrap. A command that
was interrupted is run again, and goes on where it stopped.

With HIRELOOM_MASTER_KEY (a comma separates keys, the one that wraps stands first):
1. restart every process with `<old>,<new>`: now all of them can open both;
2. restart every process with `<new>,<old>`: new data keys are wrapped with the new one;
3. run `hireloom keys rotate` with `<new>,<old>`;
4. restart with `<new>`, and destroy the old key when your last backup under it has expired.
"""

from hireloom.settings import Settings
from hireloom.store import keyfile, masters
from hireloom.store.pool import Connection
from hireloom.store.problems import MasterKeyError
from hireloom.store.seal import Key, Vault

BATCH = 500


async def rotate_installation(conn: Connection, settings: Settings) -> int:
    """What `hireloom keys rotate` does; returns how many data keys were wrapped anew.

    Raises MasterKeyError where the environment gives one key only. The connection must be outside
    a transaction: each batch is one of its own.
    """
    if settings.master_keys:
        vault = keyfile.open_vault(settings)
        if len(vault.masters) < 2:
            raise MasterKeyError(
                "HIRELOOM_MASTER_KEY names one key only.",
                "Set it to <new key>,<old key> in every process, then run this again.",
            )
        await masters.check_in(conn, vault)
        return await rotate_all(conn, vault)
    # Not before the old key is known to be the right one.
    await masters.check_in(conn, keyfile.open_vault(settings))
    keyfile.begin_rotation(settings.home)
    wrapped = await rotate_all(conn, keyfile.open_vault(settings))
    keyfile.end_rotation(settings.home)
    return wrapped


async def rotate_all(conn: Connection, vault: Vault) -> int:
    """Wrap under the vault's first master key whatever is wrapped under its others."""
    return sum([await rotate(conn, old, vault.master) for old in vault.masters[1:]])


RETIRE = "update master_keys set retired_at = now() where id = $1 and retired_at is null"


async def rotate(conn: Connection, old: Key, new: Key) -> int:
    """Wrap under `new` what is wrapped under `old`; returns how many data keys that were."""
    await masters.introduce(conn, new)
    await conn.execute(RETIRE, old.id)
    count = 0
    while True:
        async with conn.transaction():
            batch = await rewrap(conn, old, new)
        if not batch:
            return count
        count += batch


TAKE = """
select integration_id, wrapped from integration_keys
 where master_key_id = $1 order by integration_id limit $2 for update
"""

REPLACE = """
update integration_keys
   set wrapped = anew.wrapped, master_key_id = $1
  from unnest($2::text[], $3::bytea[]) as anew (integration_id, wrapped)
 where integration_keys.integration_id = anew.integration_id
"""


async def rewrap(conn: Connection, old: Key, new: Key) -> int:
    """One batch; returns its size, 0 when nothing is left."""
    rows = await conn.fetch(TAKE, old.id, BATCH)
    names = [row["integration_id"] for row in rows]
    wrapped = [
        new.wrap(row["integration_id"], old.unwrap(row["integration_id"], row["wrapped"]))
        for row in rows
    ]
    await conn.execute(REPLACE, new.id, names, wrapped)
    return len(rows)

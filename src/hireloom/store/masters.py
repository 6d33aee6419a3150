"""Master keys and the data keys under them: which one is in force, and who may wrap with it.

A master key is in force from its first use until it is retired. A retired one wraps nothing new;
what it wrapped before still opens until `rotation` has wrapped it anew.
"""

from hireloom.errors import IntegrationNotFoundError
from hireloom.store.pool import Connection
from hireloom.store.problems import MasterKeyError
from hireloom.store.seal import OURS, Key, SealBrokenError, Vault, new_key

CHECK = b"hireloom"
PURPOSE = "master_keys"

NEEDED = """
select id, check_value from master_keys
 where retired_at is null
    or exists (select from integration_keys where master_key_id = master_keys.id)
"""

ADD = """
insert into master_keys (id, check_value) values ($1, $2) on conflict (id) do nothing
"""


async def check_in(conn: Connection, vault: Vault) -> None:
    """Make sure that the vault opens what is stored, and note a key that is new.

    Raises MasterKeyError where a key that is needed is not held.
    """
    await check(conn, vault)
    await introduce(conn, vault.master)


async def any_in_use(conn: Connection) -> bool:
    return bool(await conn.fetch(NEEDED))


async def check(conn: Connection, vault: Vault) -> None:
    """Raises MasterKeyError where a key that is needed is not held."""
    needed = await conn.fetch(NEEDED)
    if any(not opens(vault, row["id"], row["check_value"]) for row in needed):
        raise MasterKeyError(
            "The master key is not the one that this database was sealed with.",
            "Put the right key into HIRELOOM_MASTER_KEY or master.key, from your backup if need"
            " be. During a rotation both keys must be given.",
        )


def opens(vault: Vault, key_id: bytes, check_value: bytes) -> bool:
    for master in vault.masters:
        if master.id == key_id:
            try:
                return master.open(OURS, PURPOSE, check_value) == CHECK
            except SealBrokenError:
                return False
    return False


async def introduce(conn: Connection, master: Key) -> None:
    """Let data keys be wrapped with this master key."""
    await conn.execute(ADD, master.id, master.seal(OURS, PURPOSE, CHECK))


PUT = """
with allowed as (
    select id from master_keys where id = $3 and retired_at is null for share
)
insert into integration_keys (integration_id, wrapped, master_key_id)
select $1, $2, id from allowed
on conflict (integration_id) do nothing
returning integration_id
"""


async def put(conn: Connection, vault: Vault, integration_id: str) -> Key:
    """Make and keep the data key of an integration, or return the one that it has.

    The shared lock on the master key's row makes a rotation wait for this transaction, so that
    no data key is left behind under a retired master key.
    """
    for _ in range(2):
        made = new_key()
        wrapped = vault.wrap(integration_id, made)
        if await conn.fetchval(PUT, integration_id, wrapped, vault.master.id):
            return made
        if (kept := await find(conn, vault, integration_id)) is not None:
            return kept
        vault.reload()  # retired by another process, whose new key lies in the file by now
    raise MasterKeyError(
        "The master key that this process holds has been retired.",
        "Give it the new one, in front of the old one, and start it again.",
    )


FIND = "select wrapped from integration_keys where integration_id = $1"


async def find(conn: Connection, vault: Vault, integration_id: str) -> Key | None:
    wrapped = await conn.fetchval(FIND, integration_id)
    return None if wrapped is None else vault.unwrap(integration_id, wrapped)


async def data_key(conn: Connection, vault: Vault, integration_id: str) -> Key:
    """The key that seals what belongs to an integration; raises IntegrationNotFoundError."""
    if (key := await find(conn, vault, integration_id)) is not None:
        return key
    raise IntegrationNotFoundError("There is no integration with this id.")


async def own_key(conn: Connection, vault: Vault) -> Key:
    """The key for what belongs to no integration; unlike `Vault.derive` it outlives a rotation."""
    return await find(conn, vault, OURS) or await put(conn, vault, OURS)

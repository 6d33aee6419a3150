"""Field mapping, whoever asks for it: the API, the connect window, the console.

The user declares fields; each account maps them to custom fields that its vendor lists.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from hireloom import connectors
from hireloom.desk import Desk
from hireloom.errors import ConflictError, RequestInvalidError, SyncNotFoundError, near
from hireloom.kit import ListsCustomFields
from hireloom.kit.integration import has
from hireloom.kit.trip import current, travel
from hireloom.models import (
    CustomField,
    CustomFieldOwner,
    CustomFieldQuery,
    DataType,
    MappingFieldDraft,
    MappingOwner,
)
from hireloom.store import audit, integrations, mappings, runs, syncs
from hireloom.store.integrations import Integration
from hireloom.store.mappings import DeclaredField, FieldMapping, MappedField
from hireloom.store.pool import Connection
from hireloom.sync.starting import start_anew

OWNERS = {one: CustomFieldOwner(one.value) for one in MappingOwner}
DATA_TYPES = {
    MappingOwner.APPLICATION: DataType.APPLICATIONS,
    MappingOwner.CANDIDATE: DataType.CANDIDATES,
    MappingOwner.JOB: DataType.JOBS,
}
WHOSE = {
    "APPLICATION": "applications",
    "CANDIDATE": "candidates",
    "JOB": "jobs",
    "OFFER": "offers",
    "OPENING": "openings",
    "USER": "users",
}


@dataclass(frozen=True)
class Line:
    """A declared field, and what an account has it mapped to."""

    field: DeclaredField
    to: FieldMapping | None

    @property
    def owner(self) -> MappingOwner:
        return MappingOwner(self.field.owner)


# Declared fields.


async def put_field(
    desk: Desk, actor: str, draft: MappingFieldDraft, *, new: bool = False
) -> DeclaredField:
    """Declare a field, or change it. Accounts that it no longer fits lose their mapping of it.

    Raises ConflictError where a `new` one has the key of another.
    """
    for name in draft.app_ids:
        connectors.load(name)  # or it is named wrongly
    async with desk.pool.acquire() as conn, conn.transaction():
        before = await mappings.lock_field(conn, draft.key)
        if new and before is not None:
            raise ConflictError(f"There is a declared field '{draft.key}' already", hint="")
        kept = await mappings.put_field(conn, draft)
        lost: list[str] = []
        if before is not None:
            every = await mappings.mapped_at(conn, kept.key)
            moved = before.owner != kept.owner
            lost = [one for one, name in every if moved or not kept.fits(name)]
            for integration_id in lost:
                await mappings.clear(conn, integration_id, kept.key)
            await _read_again(conn, lost, {MappingOwner(before.owner)})
        detail = {"key": kept.key, "owner": kept.owner, "unmappedAt": len(lost)}
        await audit.add(conn, actor, "mapping.field.put", detail=detail)
    _forget(desk, lost)
    return kept


async def delete_field(desk: Desk, actor: str, key: str) -> int | None:
    """Forget a declared field and its mappings: at how many accounts; None where there is none."""
    async with desk.pool.acquire() as conn, conn.transaction():
        before = await mappings.lock_field(conn, key)
        if before is None:
            return None
        lost = [one for one, _ in await mappings.mapped_at(conn, key)]
        await mappings.delete_field(conn, key)
        await _read_again(conn, lost, {MappingOwner(before.owner)})
        detail = {"key": key, "unmappedAt": len(lost)}
        await audit.add(conn, actor, "mapping.field.delete", detail=detail)
    _forget(desk, lost)
    return len(lost)


# An account's mappings.


async def lines(conn: Connection, stored: Integration) -> list[Line]:
    """Every declared field that fits the account's vendor."""
    chosen = await mappings.of_account(conn, stored.id)
    every = await mappings.fields(conn)
    return [Line(one, chosen.get(one.key)) for one in every if one.fits(stored.connector)]


def can_map(connector: str) -> bool:
    """Whether the vendor tells which custom fields it has."""
    return has(connectors.load(connector), ListsCustomFields)


async def definitions(desk: Desk, integration_id: str) -> list[CustomField]:
    """The account's custom fields, as the vendor lists them now. Raises what the vendor says."""
    account = await desk.accounts.open(integration_id)
    lister = account.integration.must(ListsCustomFields)
    with travel(current()):
        query = CustomFieldQuery(owner=tuple(OWNERS.values()))
        found = await lister.list_custom_fields(query).all()
    async with desk.pool.acquire() as conn:
        await mappings.checked(conn, integration_id, [one.id for one in found])
    return found


def choices(
    owner: MappingOwner, found: Iterable[CustomField], chosen: str = ""
) -> list[CustomField]:
    """The custom fields that a declared field can be mapped to, by label."""
    fitting = [
        one
        for one in found
        if one.owner is OWNERS[owner] and (one.active is not False or one.id == chosen)
    ]
    return sorted(fitting, key=lambda one: (one.label.lower(), one.id))


def guess(field: DeclaredField, fitting: Sequence[CustomField]) -> str:
    """The one custom field of that label, or else of that key; empty where none or several are."""
    for word in (field.label, field.key):
        alike = [
            one.id
            for one in fitting
            if _plain(word) and _plain(word) in {_plain(one.label), _plain(one.key)}
        ]
        if alike:
            return alike[0] if len(alike) == 1 else ""
    return ""


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


async def choose(
    desk: Desk,
    actor: str,
    integration_id: str,
    wanted: Mapping[str, str | None],
    found: Sequence[CustomField] | None = None,
) -> list[Line]:
    """Map declared fields to custom fields by their ids, or to none; the others stay.

    `found`: the account's custom fields, where they were just read. Raises RequestInvalidError
    for what does not fit, NotSupportedError where the vendor tells of no custom fields.
    """
    async with desk.pool.acquire() as conn:
        stored = await integrations.get(conn, integration_id)
        known = {one.field.key: one for one in await lines(conn, stored)}
    for key in wanted.keys() - known.keys():
        raise RequestInvalidError.at(
            f"mappings.{key}", f"is no declared field of this vendor{near(key, known)}"
        )
    if found is None:
        found = await definitions(desk, integration_id) if any(wanted.values()) else []
    news = {
        key: None if not field_id else _custom(known[key], field_id, found)
        for key, field_id in wanted.items()
    }
    await _keep(desk, actor, stored, known, news)
    async with desk.pool.acquire() as conn:
        return await lines(conn, stored)


def _custom(line: Line, field_id: str, found: Sequence[CustomField]) -> MappedField:
    """The custom field with this id, if it is one that fits. Raises RequestInvalidError."""
    where = f"mappings.{line.field.key}"
    named = [one for one in found if one.id == field_id]
    if not named:
        raise RequestInvalidError.at(
            where, f"'{field_id}' is no custom field of this account; see ats.customField.list"
        )
    fitting = [one for one in named if one.owner is OWNERS[line.owner]]
    if not fitting:
        whose = WHOSE.get(named[0].owner.value, "something else")
        raise RequestInvalidError.at(
            where, f"'{field_id}' is a field of {whose}, and this one of {WHOSE[line.owner]}"
        )
    one = fitting[0]
    return MappedField(id=one.id, key=one.key, label=one.label, type=one.type.value)


async def _keep(
    desk: Desk,
    actor: str,
    stored: Integration,
    known: Mapping[str, Line],
    news: Mapping[str, MappedField | None],
) -> None:
    """Store what differs from before, and let the syncs that it touches read everything again."""
    changed = {key: to for key, to in news.items() if _differs(known[key].to, to)}
    if not changed:
        return
    async with desk.pool.acquire() as conn, conn.transaction():
        await integrations.hold(conn, stored.id)
        for key, to in sorted(changed.items()):
            if to is None:
                await mappings.clear(conn, stored.id, key)
            else:
                await mappings.put(conn, stored.id, known[key].field, to)
        await _read_again(conn, [stored.id], {known[key].owner for key in changed})
        told = {key: None if to is None else to.id for key, to in sorted(changed.items())}
        await audit.add(
            conn, actor, "mapping.update", integration_id=stored.id, detail={"mappings": told}
        )
    _forget(desk, [stored.id])


def _differs(before: FieldMapping | None, now: MappedField | None) -> bool:
    if before is None or now is None:
        return (before is None) != (now is None)
    return (before.custom_field_id, before.custom_field_key) != (now.id, now.key)


async def _read_again(
    conn: Connection, integration_ids: Iterable[str], owners: Collection[MappingOwner]
) -> None:
    """Let the next run of each sync that shows these records read all of them; an open one too."""
    wanted = {DATA_TYPES[owner].value for owner in owners}
    for integration_id in integration_ids:
        for found in await syncs.every(conn, integration_id):
            if found.custom is not None or found.data_type not in wanted:
                continue
            try:
                sync = await syncs.lock(conn, integration_id, found.id)
            except SyncNotFoundError:  # deleted in this moment, with its account
                continue
            await syncs.unmark(conn, sync)
            if await runs.open_run(conn, sync) is not None:
                await start_anew(conn, sync, "api")


def _forget(desk: Desk, integration_ids: Iterable[str]) -> None:
    for integration_id in integration_ids:
        desk.accounts.forget(integration_id)

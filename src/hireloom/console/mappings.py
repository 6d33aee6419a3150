"""Mappings: the fields that the user declared, and which custom field of each account holds them.

Definitions only: no page of these shows what a record holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import msgspec

from hireloom import connectors, mapping
from hireloom.console import looks
from hireloom.console.visit import Answer, Visit, change, page
from hireloom.errors import HireloomError, RequestInvalidError
from hireloom.mapping import Line
from hireloom.models import CustomField, MappingFieldDraft, MappingOwner
from hireloom.store import integrations, mappings

PATH = "/console/mappings"
SIZE = 50
OWNERS = (
    (MappingOwner.CANDIDATE.value, "Candidates"),
    (MappingOwner.APPLICATION.value, "Applications"),
    (MappingOwner.JOB.value, "Jobs"),
)
WRONG = {
    "key": "is a letter, then letters, digits and underscores, 64 at most",
    "label": "is needed, with at most 100 characters",
    "description": "has at most 500 characters",
    "owner": "is one of applications, candidates, jobs",
}


@dataclass(frozen=True)
class Row:
    """A declared field at an account; `options`: what it can be mapped to, by id."""

    line: Line
    options: Sequence[tuple[str, str]]

    @property
    def chosen(self) -> str:
        return "" if self.line.to is None else self.line.to.custom_field_id


async def every(visit: Visit) -> Answer:
    async with visit.desk.pool.acquire() as conn:
        declared = await mappings.fields(conn)
        counts = await mappings.counts(conn)
        after = visit.asked("after"), visit.asked("id")
        found = await mappings.accounts(conn, after=after, size=SIZE + 1)
    shown = found[:SIZE]
    further = ""
    if len(found) > SIZE:
        place = {"after": shown[-1].origin_org_name.lower(), "id": shown[-1].id}
        further = f"{PATH}?{urlencode(place)}"
    return visit.show(
        "mappings.html",
        declared=declared,
        counts=counts,
        rows=shown,
        further=further,
        owners=OWNERS,
        owner_names=dict(OWNERS),
        apps=[(name, looks.vendor(name)) for name in connectors.names()],
    )


async def put(visit: Visit) -> Answer:
    """Declare a field, or change one that there is."""
    new = visit.given("new") == "1"
    kept = await mapping.put_field(visit.desk, visit.actor, drafted(visit), new=new)
    if new:
        return visit.back(f"Declared: customers are asked for “{kept.label}” when they connect.")
    return visit.back(f"Kept: “{kept.label}”.")


def drafted(visit: Visit) -> MappingFieldDraft:
    """Raises RequestInvalidError."""
    entered = {name: visit.given(name).strip() for name in ("key", "label", "description", "owner")}
    every_app = set(connectors.names())
    apps = [name for name in visit.ticked("app") if name in every_app]
    if len(apps) == len(every_app):
        apps = []  # and those that are installed later
    try:
        return msgspec.convert(entered | {"appIds": apps}, MappingFieldDraft)
    except msgspec.ValidationError as error:
        name = next((one for one in WRONG if f"$.{one}" in str(error)), "key")
        raise RequestInvalidError.at(name, WRONG[name]) from None


async def delete(visit: Visit) -> Answer:
    key = visit.named("key")
    unmapped = await mapping.delete_field(visit.desk, visit.actor, key)
    if unmapped is None:
        raise mappings.unknown(key)
    return visit.back(f"Deleted, and unmapped at {looks.count(unmapped)} accounts.")


async def one(visit: Visit) -> Answer:
    """An account's mappings; an admin chooses among the fields that the vendor lists now."""
    desk = visit.desk
    async with desk.pool.acquire() as conn:
        stored = await integrations.get(conn, visit.named("id"))
    found: list[CustomField] = []
    trouble = hint = ""
    if visit.who.is_admin:
        try:
            found = await mapping.definitions(desk, stored.id)
        except HireloomError as error:
            trouble, hint = looks.sentence(error), error.hint
    async with desk.pool.acquire() as conn:
        lines = await mapping.lines(conn, stored)
    return visit.show(
        "mapping.html",
        stored=stored,
        rows=[Row(each, options(each, found)) for each in lines],
        owners=dict(OWNERS),
        trouble=trouble,
        hint=hint,
    )


def options(line: Line, found: Sequence[CustomField]) -> list[tuple[str, str]]:
    """With what is chosen, also where the vendor does not list it."""
    chosen = "" if line.to is None else line.to.custom_field_id
    listed = [
        (each.id, f"{each.label} ({each.type.value.lower().replace('_', ' ')})")
        for each in mapping.choices(line.owner, found, chosen)
    ]
    if line.to is None or any(field_id == chosen for field_id, _ in listed):
        return listed
    return [(chosen, line.to.label), *listed]


async def choose(visit: Visit) -> Answer:
    key = visit.needed("key")
    wanted = {key: visit.given("field") or None}
    await mapping.choose(visit.desk, visit.actor, visit.named("id"), wanted)
    if wanted[key] is None:
        return visit.back("Unmapped: the next run of its syncs reads everything.")
    return visit.back("Mapped: the next run of its syncs reads everything.")


ROUTES = (
    page("/mappings", every),
    page("/mappings/{id:str}", one),
    change("/mappings/{id:str}", choose),
    change("/mappings/fields/put", put),
    change("/mappings/fields/{key:str}/delete", delete),
)

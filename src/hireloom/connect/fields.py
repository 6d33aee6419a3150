"""The step after a connection in which the customer's custom fields are matched to the user's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from litestar import get, post
from litestar.types import ControllerRouterHandler

from hireloom import mapping
from hireloom.connect import flow, samples, words
from hireloom.connect.forms import part
from hireloom.connect.gates import Page, details, not_theirs, posted, refused
from hireloom.connect.reasons import Reason, for_support
from hireloom.connect.show import onward, page
from hireloom.connect.visits import Asked, Visit, visit
from hireloom.connect.words import Say
from hireloom.connectors import load
from hireloom.desk import Desk
from hireloom.errors import HireloomError, PermissionMissingError
from hireloom.mapping import Line
from hireloom.models import CustomField, MappingOwner
from hireloom.store.integrations import Integration


@dataclass(frozen=True)
class Row:
    """A declared field as the page draws it; `values` is None where nobody looked."""

    key: str
    label: str
    description: str
    options: Sequence[CustomField]
    chosen: str
    gone: str  # what it was matched to, where that is no longer there
    values: Sequence[str] | None = None
    looked_at: int = 0


@dataclass(frozen=True)
class Sheet:
    """What the step is about: the account, its declared fields and its custom fields."""

    stored: Integration
    lines: Sequence[Line]
    found: Sequence[CustomField]

    @property
    def is_empty(self) -> bool:
        return not any(mapping.choices(one.owner, self.found) for one in self.lines)


def handlers(desk: Desk) -> list[ControllerRouterHandler]:
    @get("/connect/{token:str}/fields")
    async def ask(request: Asked) -> Page:
        seen = await visit(desk, request)
        return await _shown(seen, await _theirs(seen))

    @post("/connect/{token:str}/fields", status_code=200)
    async def match(request: Asked) -> Page:
        seen, entered = await posted(desk, request)
        if shut := refused(seen, request, entered):
            return shut
        stored = await _theirs(seen)
        if entered.get("act") == "show":
            return await _shown(seen, stored, entered, only=entered.get("only", ""), looks=True)
        return await _matched(seen, stored, entered)

    return [ask, match]


async def _theirs(seen: Visit) -> Integration | None:
    return await flow.connected(seen) if seen.is_whose_used_it else None


def _done(seen: Visit) -> Page:
    return onward(seen, f"{seen.path}/done?by={seen.proof}")


async def _lines(seen: Visit, stored: Integration) -> list[Line]:
    """The declared fields that there are to match; none where the account is not to be asked."""
    if stored.state == "deactivated" or not mapping.can_map(stored.connector):
        return []
    async with seen.desk.pool.acquire() as conn:
        return await mapping.lines(conn, stored)


async def _shown(
    seen: Visit,
    stored: Integration | None,
    entered: Mapping[str, str] | None = None,
    *,
    only: str = "",
    looks: bool = False,
    why: Reason | None = None,
) -> Page:
    """The step. A vendor that fails here spoils nothing: the connection is made."""
    if stored is None:
        return not_theirs(seen)
    lines = await _lines(seen, stored)
    if not lines:
        return _done(seen)
    say = words.speaker(seen.language)
    try:
        found = await mapping.definitions(seen.desk, stored.id)
    except HireloomError as error:
        return _page(seen, stored, why=reason(say, load(stored.connector).title, error))
    sheet = Sheet(stored, lines, found)
    if sheet.is_empty and why is None:
        return _done(seen)
    chosen = _chosen(sheet, entered)
    looked: Mapping[MappingOwner, samples.Seen] = {}
    if looks:
        owners = {one.owner for one in lines if chosen[one.field.key] and only in _or_any(one)}
        try:
            looked = await samples.look(seen.desk, stored.id, owners)
        except HireloomError as error:
            why = why or reason(say, load(stored.connector).title, error, "fields.no.values")
    rows = {
        owner: [
            _row(one, sheet, chosen[one.field.key], looked, say)
            for one in lines
            if one.owner is owner
        ]
        for owner in MappingOwner
    }
    return _page(seen, stored, rows=rows, why=why)


def _or_any(line: Line) -> tuple[str, str]:
    return line.field.key, ""


def _page(
    seen: Visit,
    stored: Integration,
    *,
    rows: Mapping[MappingOwner, Sequence[Row]] | None = None,
    why: Reason | None = None,
) -> Page:
    given = {owner.value: some for owner, some in (rows or {}).items() if some}
    return page(
        seen, "fields", app=load(stored.connector).title, rows=given, why=why,
        event="connected", details=details(stored),
    )  # fmt: skip


def _chosen(sheet: Sheet, entered: Mapping[str, str] | None) -> dict[str, str]:
    """By declared key: what was entered, else what was chosen before, else what is called so."""
    picked = None if entered is None else part(entered, "field")
    found: dict[str, str] = {}
    for one in sheet.lines:
        before = "" if one.to is None else one.to.custom_field_id
        options = mapping.choices(one.owner, sheet.found, before)
        if picked is not None:
            wanted = picked.get(one.field.key, "")
        else:
            wanted = before or mapping.guess(one.field, options)
        found[one.field.key] = wanted if any(each.id == wanted for each in options) else ""
    return found


def _row(
    line: Line,
    sheet: Sheet,
    chosen: str,
    looked: Mapping[MappingOwner, samples.Seen],
    say: Say,
) -> Row:
    before = "" if line.to is None else line.to.custom_field_id
    options = mapping.choices(line.owner, sheet.found, before)
    is_there = line.to is None or any(one.id == before for one in options)
    picked = next((one for one in options if one.id == chosen), None)
    seen = looked.get(line.owner)
    return Row(
        key=line.field.key,
        label=line.field.label,
        description=line.field.description,
        options=options,
        chosen=chosen,
        gone="" if line.to is None or is_there else line.to.label,
        values=None if seen is None or picked is None else seen.texts(picked, say),
        looked_at=0 if seen is None else len(seen.records),
    )


async def _matched(seen: Visit, stored: Integration | None, entered: dict[str, str]) -> Page:
    """Keep what was chosen; what no longer fits is shown again with the reason."""
    if stored is None:
        return not_theirs(seen)
    known = {one.field.key for one in await _lines(seen, stored)}
    picked = {key: text or None for key, text in part(entered, "field").items() if key in known}
    say, title = words.speaker(seen.language), load(stored.connector).title
    try:
        await mapping.choose(seen.desk, flow.ACTOR, stored.id, picked)
    except HireloomError as error:
        why = reason(say, title, error, "fields.not.kept")
        return await _shown(seen, stored, entered, why=why)
    return _done(seen)


def reason(say: Say, app: str, error: HireloomError, what: str = "fields.no.fields") -> Reason:
    """What went wrong and what to do; the connection itself stands."""
    todo = [say("fields.stands")]
    if isinstance(error, PermissionMissingError) and error.permission:
        todo.insert(0, say("fields.permission", app=app))
        return Reason(
            say(what, app=app), tuple(todo), for_support(error), listed=(error.permission,)
        )
    return Reason(say(what, app=app), tuple(todo), for_support(error))

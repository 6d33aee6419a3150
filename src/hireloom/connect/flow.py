"""The acts of the connect window: which apps, which account, connected, changed, disconnected."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hireloom import connecting, connectors
from hireloom.accounts import Tried
from hireloom.connect.visits import Visit
from hireloom.desk import Desk
from hireloom.errors import ConflictError, HireloomError
from hireloom.kit import AnyOf, Connector
from hireloom.kit.auth import Auth, AuthorizationCode
from hireloom.kit.capabilities import ListsUsers
from hireloom.kit.integration import has
from hireloom.models import User, given
from hireloom.store import integrations, oauth_clients, sessions
from hireloom.store import syncs as stored_syncs
from hireloom.store.integrations import Integration, NewIntegration
from hireloom.store.pool import Connection

ACTOR = "connect"
ACTS_AS = "performAs"  # the setting that names the user in whose name is written
MOST_USERS = 2000


class SpentError(Exception):
    """The session was used or cleaned up meanwhile: another tab, or somebody else with the link."""


@dataclass(frozen=True)
class Ways:
    """How an app can be connected here: with keys that are entered, with a consent, or either."""

    keys: tuple[Auth, ...]
    consent: AuthorizationCode | None


def apps(visit: Visit) -> list[type[Connector]]:
    """The apps that the session allows; all, where it names none."""
    filters = [] if visit.session is None else visit.session.filters
    found = [connectors.load(name) for name in connectors.names()]
    if filters:
        found = [one for one in found if any(_allows(each, one) for each in filters)]
    return sorted(found, key=lambda one: one.title.lower())


def app(visit: Visit, name: str) -> type[Connector] | None:
    return next((one for one in apps(visit) if one.name == name), None)


def _allows(one: Mapping[str, Any], kind: type[Connector]) -> bool:
    named: Sequence[str] = one.get("apps") or ()
    fits = str(one.get("category", "")).lower() == kind.category.lower()
    return fits and (not named or kind.name in named)


async def accounts(visit: Visit) -> dict[str, Integration]:
    """The organisation's accounts by app: of several the one that needs it most, or the newest."""
    if visit.session is None:
        return {}
    async with visit.desk.pool.acquire() as conn:
        return await _accounts(conn, visit.session)


async def _accounts(conn: Connection, session: sessions.Session) -> dict[str, Integration]:
    found = await integrations.page(conn, origin_org_id=session.origin_org_id, size=500)
    wanted = bool(session.options.get("testAccount"))
    order = {"deactivated": 0, "active": 1, "credentials_invalid": 2}
    ranked = sorted(found, key=lambda one: (order[one.state], one.created_at))
    return {one.connector: one for one in ranked if one.test_account == wanted}


async def ways(visit: Visit, kind: type[Connector]) -> Ways:
    every = kind.auth.ways if isinstance(kind.auth, AnyOf) else (kind.auth,)
    consent = next((one for one in every if isinstance(one, AuthorizationCode)), None)
    keys = tuple(one for one in every if not isinstance(one, AuthorizationCode))
    if consent is not None and await client(visit, kind) is None:
        consent = None
    return Ways(keys, consent)


async def client(visit: Visit, kind: type[Connector]) -> tuple[str, str] | None:
    """The user's own OAuth client at the vendor: its id and its secret."""
    async with visit.desk.pool.acquire() as conn:
        return await oauth_clients.get(conn, visit.own_key, kind.name)


async def connect(
    visit: Visit, kind: type[Connector], tried: Tried, chosen: dict[str, str]
) -> Integration:
    """Keep an account that was verified, and spend the session. Raises SpentError."""
    known = (await accounts(visit)).get(kind.name)
    if known is None:
        try:
            return await _create(visit, kind, tried, chosen)
        except ConflictError:  # another tab made it in this moment
            known = (await accounts(visit))[kind.name]
    stored = await connecting.replace_credentials(
        visit.desk, ACTOR, known.id, tried, chosen, also=_spending(visit), detail=_whose(visit)
    )
    if stored.state != "deactivated":
        return stored
    return await connecting.set_state(
        visit.desk, ACTOR, stored.id, "active", "integration.reactivate", detail=_whose(visit)
    )


async def _create(
    visit: Visit, kind: type[Connector], tried: Tried, chosen: dict[str, str]
) -> Integration:
    session = visit.session
    if session is None:
        raise SpentError
    spend = _spending(visit)

    async def only_one(conn: Connection, integration_id: str) -> None:
        await integrations.alone(conn, f"{session.origin_org_id} {kind.name}")
        found = await integrations.page(
            conn, origin_org_id=session.origin_org_id, connector=kind.name, size=500
        )
        if any(one.id != integration_id and one.test_account == new.test_account for one in found):
            raise ConflictError("This account was connected just now")
        await spend(conn, integration_id)

    new = NewIntegration(
        connector=kind.name,
        category=kind.category,
        origin_org_id=session.origin_org_id,
        origin_org_name=session.origin_org_name,
        settings=chosen,
        test_account=bool(session.options.get("testAccount")),
    )
    return await connecting.create(
        visit.desk, ACTOR, new, tried, "integration.connect", also=only_one, detail=_whose(visit)
    )


def _whose(visit: Visit) -> dict[str, str]:
    """What the audit is told of the session; its person stays out of it."""
    return {} if visit.session is None else {"originOrgId": visit.session.origin_org_id}


def _spending(visit: Visit) -> Callable[[Connection, str], Awaitable[None]]:
    async def spend(conn: Connection, integration_id: str) -> None:
        if not await sessions.use(conn, visit.token, integration_id, visit.browser):
            raise SpentError

    return spend


async def disconnect(visit: Visit, integration_id: str) -> None:
    """Stop all use of an account; a session that was not used yet is spent on it."""
    fresh = visit.session is not None and visit.session.used_at is None
    await connecting.set_state(
        visit.desk, ACTOR, integration_id, "deactivated", "integration.deactivate",
        also=_spending(visit) if fresh else None, detail=_whose(visit),
    )  # fmt: skip


async def connected(visit: Visit) -> Integration | None:
    """What this session was used for, if it is still there."""
    if visit.session is None or visit.session.used_for is None:
        return None
    async with visit.desk.pool.acquire() as conn:
        try:
            return await integrations.get(conn, visit.session.used_for)
        except HireloomError:
            return None


def lacking(visit: Visit, kind: type[Connector], stored: Integration) -> set[type]:
    """The capabilities for which the account lacks a permission."""
    return {
        one
        for operation in stored.permissions
        for one in visit.desk.needs.get(operation, ())
        if has(kind, one)
    }


async def syncs(visit: Visit, stored: Integration) -> bool:
    """Whether its data is read by itself."""
    async with visit.desk.pool.acquire() as conn:
        every = await stored_syncs.every(conn, stored.id)
    return any(one.state == "active" for one in every)


def wants_actor(stored: Integration) -> bool:
    kind = connectors.load(stored.connector)
    named = any(one.name == ACTS_AS for one in kind.settings)
    return named and has(kind, ListsUsers) and not stored.settings.get(ACTS_AS)


async def actors(desk: Desk, stored: Integration) -> list[tuple[str, str]]:
    """Active users of the account, id and name; empty where the vendor does not tell."""
    try:
        account = await desk.accounts.open(stored.id)
        users = await account.integration.must(ListsUsers).list_users().all()
    except HireloomError:
        return []
    active = [one for one in users if one.id and given(one.active) is not False]
    named = [(str(one.id), _called(one)) for one in active[:MOST_USERS]]
    return sorted(named, key=lambda one: one[1].lower())


def _called(user: User) -> str:
    names = (given(user.first_name), given(user.last_name))
    name = " ".join(one for one in names if one)
    email = given(user.email)
    if name and email:
        return f"{name} ({email})"
    return name or email or str(user.id)


async def act_as(visit: Visit, stored: Integration, user_id: str) -> None:
    chosen = {**stored.settings, ACTS_AS: user_id}
    await connecting.change_settings(visit.desk, ACTOR, stored.id, chosen, detail=_whose(visit))

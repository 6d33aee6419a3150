"""Accounts as they come in, change and go, whoever asks for it: the API, the connect window, the

console. What is entered is verified with the vendor before anything is kept, and every act audited.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from hireloom import connectors, kit
from hireloom.accounts import Tried
from hireloom.desk import Desk, Needs
from hireloom.errors import CredentialsInvalidError, FieldProblem, RequestInvalidError
from hireloom.kit import AnyOf, Choice, Connector, Secrets
from hireloom.kit.capabilities import method
from hireloom.kit.integration import has
from hireloom.kit.permissions import examined, named, of_any
from hireloom.models import ConnectField, ConnectSetting, ConnectWay
from hireloom.store import audit, credentials, integrations
from hireloom.store.integrations import Integration, NewIntegration
from hireloom.store.pool import Connection
from hireloom.sync import starting
from hireloom.sync.notices import Notice, about, tell

ACTIVATED: Notice = "app.integration.activate"
DEACTIVATED: Notice = "app.integration.deactivate"

Also = Callable[
    [Connection, str], Awaitable[None]
]  # in the same transaction, with the account's id
Detail = Mapping[str, Any] | None  # what the audit says besides


def is_web_address(text: str) -> bool:
    """Whether a customer can be sent there; what would run something is none."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"https", "http"} and bool(parts.hostname) and text.isprintable()


def ways(kind: type[Connector]) -> list[ConnectWay]:
    several = kind.auth.ways if isinstance(kind.auth, AnyOf) else (kind.auth,)
    return [
        ConnectWay(
            kind=type(way).__name__,
            fields=[
                ConnectField(
                    name=field.name,
                    label=field.label,
                    where=field.where or field.help,
                    secret=field.secret,
                    required=field.required,
                )
                for field in way.fields
            ],
        )
        for way in several
    ]


def settings(kind: type[Connector]) -> list[ConnectSetting]:
    return [
        ConnectSetting(
            name=one.name,
            label=one.label or one.name,
            help=one.help,
            required=not isinstance(one, Choice) and one.required,
            options=list(one.of) if isinstance(one, Choice) else None,
        )
        for one in kind.settings
    ]


def secrets_from(kind: type[Connector], given: dict[str, str]) -> Secrets:
    """What the customer entered, checked against the form; it names what lacks."""
    ways = kind.auth.ways if isinstance(kind.auth, AnyOf) else (kind.auth,)
    known = {field.name for way in ways for field in way.fields}
    for name in given.keys() - known:
        raise RequestInvalidError.at(f"credentials.{name}", f"one of: {', '.join(sorted(known))}")
    secrets = Secrets(fields={name: value.strip() for name, value in given.items() if value})
    if kind.auth.fits(secrets):
        return secrets
    closest = max(ways, key=lambda way: sum(field.name in secrets.fields for field in way.fields))
    problems = tuple(
        FieldProblem(path=f"credentials.{field.name}", msg=f"is required. {field.where}".strip())
        for field in closest.fields
        if field.required and field.name not in secrets.fields
    )
    names = ", ".join(problem.path for problem in problems)
    raise RequestInvalidError(f"{kind.title} needs: {names}", fields=problems)


async def verified(
    desk: Desk, kind: type[Connector], given: dict[str, str], chosen: dict[str, str]
) -> Tried:
    """Credentials that the vendor accepts just now.

    Raises RequestInvalidError for what is missing, CredentialsInvalidError, PermissionMissingError.
    """
    try:
        return await desk.accounts.verified(kind, secrets_from(kind, given), chosen)
    except CredentialsInvalidError as error:
        places = ", ".join(f"{name} '{value}'" for name, value in chosen.items() if value)
        at = f", and that they belong to {places}" if places else ""
        raise CredentialsInvalidError(
            f"{kind.title} does not accept these credentials",
            hint=f"Check that each was copied whole{at}; connector.get says where to find them.",
            upstream=error.upstream,
        ) from error


async def create(
    desk: Desk,
    actor: str,
    new: NewIntegration,
    tried: Tried,
    action: str,
    *,
    also: Also | None = None,
    detail: Detail = None,
) -> Integration:
    """Keep an account whose credentials were verified, and tell of it."""
    kind = connectors.load(new.connector)
    new = msgspec.structs.replace(new, permissions=lacking(desk.needs, kind, tried.lacks))
    async with desk.pool.acquire() as conn, conn.transaction():
        stored = await integrations.create(conn, desk.vault, new, tried.secrets)
        if also is not None:
            await also(conn, stored.id)
        await audit.add(
            conn, actor, action, integration_id=stored.id,
            detail={"connector": new.connector, **(detail or {})},
        )  # fmt: skip
        await tell(conn, desk.vault, stored, ACTIVATED, about(stored))
    return stored


async def replace_credentials(
    desk: Desk,
    actor: str,
    integration_id: str,
    tried: Tried,
    chosen: dict[str, str],
    *,
    also: Also | None = None,
    detail: Detail = None,
) -> Integration:
    """Put verified credentials in the place of those before; the account's id stays."""
    async with desk.pool.acquire() as conn, credentials.locked(conn, integration_id):
        if also is not None:
            await also(conn, integration_id)
        opened = await credentials.opened(conn, desk.vault, integration_id)
        await credentials.save(
            conn, desk.vault, opened.data_key, integration_id, tried.secrets,
            version=opened.integration.credentials_version, entered=True,
        )  # fmt: skip
        stored = await integrations.update(
            conn,
            integration_id,
            settings=chosen,
            verified=True,
            permissions=lacking(
                desk.needs, connectors.load(opened.integration.connector), tried.lacks
            ),
        )
        await audit.add(
            conn, actor, "integration.credentials.update", integration_id=integration_id,
            detail=_changes(opened.integration.settings, chosen) | dict(detail or {}),
        )  # fmt: skip
        await starting.resume_for_customer(conn, integration_id)
    desk.accounts.replace(integration_id)
    return stored


async def change_settings(
    desk: Desk,
    actor: str,
    integration_id: str,
    chosen: Mapping[str, str],
    *,
    detail: Detail = None,
) -> Integration:
    """Other settings for the same credentials."""
    async with desk.pool.acquire() as conn, conn.transaction():
        before = await integrations.get(conn, integration_id)
        stored = await integrations.update(conn, integration_id, settings=chosen)
        await audit.add(
            conn, actor, "integration.settings.update", integration_id=integration_id,
            detail=_changes(before.settings, chosen) | dict(detail or {}),
        )  # fmt: skip
    desk.accounts.replace(integration_id)
    return stored


async def set_state(
    desk: Desk,
    actor: str,
    integration_id: str,
    wanted: integrations.State,
    action: str,
    *,
    also: Also | None = None,
    detail: Detail = None,
) -> Integration:
    """Stop or allow all use of an account, and tell of it."""
    async with desk.pool.acquire() as conn, conn.transaction():
        if also is not None:
            await also(conn, integration_id)
        stored = await integrations.set_state(conn, integration_id, wanted)
        await audit.add(conn, actor, action, integration_id=integration_id, detail=detail)
        notice = DEACTIVATED if wanted == "deactivated" else ACTIVATED
        await tell(conn, desk.vault, stored, notice, about(stored))
    desk.accounts.forget(integration_id)
    return stored


async def verify_again(desk: Desk, integration: kit.Integration) -> None:
    """Ask the vendor whether the credentials still work. Raises what it says.

    Where permissions were found to be missing, it is asked for them again.
    """
    connector = integration.connector
    async with desk.pool.acquire() as conn:
        before = (await integrations.get(conn, integration.id)).permissions
    if not before:
        await connector.verify()
        return
    told = by_operation(desk.needs, type(connector), await examined(connector, trying=True))
    now = {name: text for name, text in (before | told).items() if text}
    async with desk.pool.acquire() as conn:
        await integrations.update(conn, integration.id, permissions=now)


def lacking(needs: Needs, kind: type[Connector], lacks: Mapping[str, str]) -> dict[str, str]:
    """By operation the permission that it lacks."""
    return {name: text for name, text in by_operation(needs, kind, lacks).items() if text}


def by_operation(needs: Needs, kind: type[Connector], lacks: Mapping[str, str]) -> dict[str, str]:
    """The same with an empty text where nothing lacks; of the others nobody knows."""
    found = {}
    for name, capabilities in needs.items():
        methods = [method(one) for one in capabilities if has(kind, one)]
        told = of_any(methods, lambda one: named(lacks, one)) if methods else None
        if told is not None:
            found[name] = told
    return found


def barred(needs: Needs, kind: type[Connector], chosen: Mapping[str, Any]) -> dict[str, str]:
    """By operation the setting without which the vendor refuses it."""
    told = kind.barred({name: str(value) for name, value in chosen.items()})
    if not told:
        return {}
    found = {
        name: of_any(
            [method(one) for one in capabilities if has(kind, one)], lambda one: told.get(one, "")
        )
        for name, capabilities in needs.items()
    }
    return {name: text for name, text in found.items() if text}


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The names of the settings that change; their values may be anybody's."""
    changed = sorted(
        name
        for name in before.keys() | after.keys()
        if (before.get(name) or "") != (after.get(name) or "")
    )
    return {"settings": changed} if changed else {}

"""`hireloom keys`: API keys, and the master key."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

import asyncpg
from cyclopts import App, Parameter
from cyclopts.validators import Number
from rich.table import Table

from hireloom.shell import err, out, settings, stop, with_database
from hireloom.store import audit
from hireloom.store import keys as api_keys

SCOPES = ("read", "write", "passthrough", "admin")
KEY_START = "key_"
ACTOR = "cli"  # in the audit

keys = App(name="keys", help="API keys, and the master key that seals credentials.")


@keys.command
def create(
    name: Annotated[str, Parameter(help="What it is for, such as the program that calls.")],
    *,
    scopes: Annotated[str, Parameter(help="Some of read, write, passthrough, admin.")] = "read",
    days: Annotated[
        int | None,
        Parameter(help="After so many days it ends.", validator=Number(gte=1, lte=36500)),
    ] = None,
) -> None:
    """Make an API key and print it, alone, on standard output. It is shown this once."""
    wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
    if unknown := set(wanted) - set(SCOPES):
        return stop(
            f"There is no scope {', '.join(sorted(unknown))}.", f"Use: {', '.join(SCOPES)}."
        )
    ends = None if days is None else datetime.now(UTC) + timedelta(days=days)

    async def act(conn: asyncpg.Connection) -> tuple[api_keys.NewApiKey, list[str]]:
        known = await api_keys.every(conn)
        others = [one.id for one in known if one.name == name and in_force(one)]
        async with conn.transaction():
            made = await api_keys.create(conn, name, wanted, ends)
            detail = {"keyId": made.api_key.id, "name": name, "scopes": wanted}
            await audit.add(conn, ACTOR, "key.create", detail=detail)
        return made, others

    made, others = with_database(act)
    if others:
        err.print(f"Also in force under the name '{name}': {', '.join(others)}", style="yellow")
    err.print(f"Key '{name}' ({', '.join(wanted)}); it is not shown again:")
    return print(made.secret)  # noqa: T201 – alone on standard output, for scripts


@keys.command(name="list")
def list_() -> None:
    """List API keys; the keys themselves are not stored."""
    titles = ("id", "name", "begins with", "scopes", "made", "last used", "state")
    rows = [
        (
            one.id,
            one.name,
            f"{one.prefix}…",
            " ".join(one.scopes),
            f"{one.created_at:%Y-%m-%d}",
            f"{one.last_used_at:%Y-%m-%d %H:%M}" if one.last_used_at else "never",
            state(one),
        )
        for one in with_database(api_keys.every)
    ]
    table = Table(*titles)
    for row in rows:
        table.add_row(*row)
    width = out.measure(table, options=out.options.update(max_width=1000)).maximum
    if width <= out.width or not sys.stdout.isatty():
        out.width = max(width, out.width)
        return out.print(table)
    # Side by side they would be cut, and an id is there to be copied.
    for first, *others in rows:
        out.print(first, style="bold")
        for title, value in zip(titles[1:], others, strict=True):
            out.print(f"  {title}: {value}")
    return None


@keys.command
def revoke(
    key_id: Annotated[
        str, Parameter(help="Its id, the id's beginning, or the name of the only key that has it.")
    ],
) -> None:
    """Revoke an API key at once."""

    async def act(conn: asyncpg.Connection) -> list[api_keys.ApiKey]:
        found = meant(await api_keys.every(conn), key_id)
        if len(found) == 1:
            async with conn.transaction():
                await api_keys.revoke(conn, found[0].id)
                await audit.add(conn, ACTOR, "key.revoke", detail={"keyId": found[0].id})
        return found

    found = with_database(act)
    if not found:
        return stop(f"There is no key {key_id} in force.", "See `hireloom keys list`.")
    if len(found) > 1:
        several = ", ".join(one.id for one in found)
        return stop(f"{key_id} fits several keys: {several}.", "None is revoked: give one's id.")
    return out.print(f"{found[0].id} ({found[0].name}) is revoked.", soft_wrap=True)


def meant(known: Sequence[api_keys.ApiKey], text: str) -> list[api_keys.ApiKey]:
    """The keys that somebody may mean who wants to revoke one."""
    valid = [one for one in known if not one.revoked_at]
    if exact := [one for one in valid if one.id == text]:
        return exact
    begins = text.startswith(KEY_START) and text != KEY_START
    return [
        one
        for one in valid
        if (begins and one.id.startswith(text)) or (one.name == text and in_force(one))
    ]


def in_force(key: api_keys.ApiKey) -> bool:
    ended = key.expires_at is not None and key.expires_at < datetime.now(UTC)
    return not key.revoked_at and not ended


@keys.command
def rotate() -> None:
    """Replace the master key: every data key is wrapped anew while the service goes on."""
    from hireloom.store import rotation

    read = settings()

    async def act(conn: asyncpg.Connection) -> int:
        number = await rotation.rotate_installation(conn, read)
        await audit.add(conn, ACTOR, "keys.rotate", detail={"dataKeys": number})
        return number

    count = with_database(act)
    out.print(f"Rotated: {count} data keys are sealed with the new master key.")


def state(key: api_keys.ApiKey) -> str:
    if key.revoked_at:
        return f"revoked {key.revoked_at:%Y-%m-%d}"
    if key.expires_at:
        passed = key.expires_at < datetime.now(UTC)
        return f"{'expired' if passed else 'until'} {key.expires_at:%Y-%m-%d}"
    return "in force"

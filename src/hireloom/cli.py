"""The command line."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, TypeVar

import asyncpg
from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from hireloom import __version__
from hireloom.errors import HireloomError
from hireloom.settings import Settings, SettingsError
from hireloom.store import keys as api_keys
from hireloom.store.problems import StartError

T = TypeVar("T")

app = App(
    name="hireloom",
    help="One API over every applicant tracking system, on your own machine.",
    version=__version__,
)
keys = App(name="keys", help="API keys, and the master key that seals credentials.")
app.command(keys)

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
SCOPES = ("read", "write", "passthrough", "admin")


def main() -> None:
    """What the `hireloom` command runs; a failure is a sentence, never a traceback."""
    try:
        app()
    except SettingsError as error:
        stop(str(error))
    except StartError as error:
        stop(error.what, error.todo)
    except HireloomError as error:
        stop(error.msg, error.hint)
    except KeyboardInterrupt:
        sys.exit(130)


def stop(what: str, todo: str = "") -> None:
    err.print(f"[bold red]{what}[/]")
    if todo:
        err.print(todo)
    sys.exit(1)


def settings() -> Settings:
    from hireloom import logs

    read = Settings.read(os.environ)
    logs.configure(read)
    return read


@app.command
def serve(host: str = "127.0.0.1", port: int = 8400) -> None:
    """Serve the API and run the background jobs, in one process."""
    import uvloop

    from hireloom import web

    uvloop.run(web.serve(settings(), host, port))


@app.command(name="web")
def serve_web(host: str = "127.0.0.1", port: int = 8400) -> None:
    """Serve the API only; run `hireloom worker` beside it."""
    import uvloop

    from hireloom import web

    uvloop.run(web.serve(settings(), host, port))


@app.command
def worker() -> None:
    """Run the background jobs only, on as many machines as wanted."""
    import uvloop

    from hireloom import worker as root

    uvloop.run(root.work(settings()))


@app.command
def sandbox(
    *,
    host: str = "127.0.0.1",
    port: int = 9100,
    size: int = 1000,
    seed: int = 7,
    faults: Path | None = None,
    limits: bool = True,
) -> None:
    """Serve simulated vendors: develop against them before you have an account."""
    from hireloom.sandbox.app import create_app, origin_map, serve_app
    from hireloom.sandbox.faults import FaultPlan, FaultPlanError

    try:
        plan = FaultPlan.from_toml(faults.read_text()) if faults else None
    except OSError as error:
        return stop(f"The fault plan cannot be read: {error.strerror}", f"It is {faults}.")
    except FaultPlanError as error:
        return stop("The fault plan cannot be used.", str(error))
    import msgspec

    address = f"http://{host}:{port}"
    err.print(f"The sandbox listens on [bold]{address}[/]; GET / tells its credentials.")
    err.print("Plug it in with:", style="dim")
    out.print(
        f"HIRELOOM_ORIGINS='{msgspec.json.encode(origin_map(address)).decode()}'", soft_wrap=True
    )
    simulated = create_app(size=size, seed=seed, faults=plan, limits=limits)
    return asyncio.run(serve_app(simulated, host, port))


@app.command
def demo(*, once: bool = False, size: int = 200) -> None:
    """Start everything on free ports with three sandbox accounts, and show what it can do."""
    from hireloom.demo import run

    sys.exit(asyncio.run(run(once=once, size=size)))


@app.command
def migrate() -> None:
    """Bring the database to this version. `serve` does it by itself."""
    from hireloom.store import migrate as migrations
    from hireloom.store import pool

    async def act() -> list[str]:
        return await migrations.migrate(await pool.find_server(settings()))

    applied = asyncio.run(act())
    out.print(f"Applied: {', '.join(applied)}" if applied else "The database is up to date.")


@app.command
def doctor(host: str = "127.0.0.1", port: int = 8400) -> None:
    """Look at the set-up and say in plain words what is wrong with it."""
    from hireloom.doctor import examine

    findings = asyncio.run(examine(settings(), host, port))
    marks = {"ok": "[green]✓[/]", "warning": "[yellow]![/]", "problem": "[red]✗[/]"}
    for finding in findings:
        out.print(f"{marks[finding.level]} [bold]{finding.title}[/]: {finding.what}")
        if finding.todo:
            out.print(f"   {finding.todo}")
    sys.exit(1 if any(finding.level == "problem" for finding in findings) else 0)


@app.command
def connectors() -> None:
    """Print what each vendor can do, read from the connectors themselves."""
    from hireloom import connectors as vendors
    from hireloom.api.connectors import supported_operations
    from hireloom.models import Support

    kinds = [vendors.load(name) for name in vendors.names()]
    support = {kind.name: supported_operations(kind) for kind in kinds}
    table = Table("operation", *(kind.title for kind in kinds))
    for name in next(iter(support.values())):
        ticks = ("✓" if support[kind.name][name] is Support.SUPPORTED else "–" for kind in kinds)
        table.add_row(name, *ticks)
    out.print(table)


@app.command
def call(
    method: str,
    *arguments: str,
    integration: str = "",
    url: str = "",
    key: str = "",
) -> None:
    """Call a method of a running server: `hireloom call ats.job.list status=OPEN`.

    A value is text, or JSON after `:=` (`models:=["job_info"]`). The key is HIRELOOM_API_KEY's,
    the address HIRELOOM_URL's, unless they are given.
    """
    from hireloom.terminal import call_and_print

    key = key or os.environ.get("HIRELOOM_API_KEY", "")
    url = url or os.environ.get("HIRELOOM_URL", "http://127.0.0.1:8400")
    sys.exit(call_and_print(url, key, method, arguments, integration))


@keys.command
def create(
    name: str,
    *,
    scopes: Annotated[str, Parameter(help="Some of read, write, passthrough, admin.")] = "read",
    days: Annotated[int | None, Parameter(help="After so many days it ends.")] = None,
) -> None:
    """Make an API key and print it, alone, on standard output. It is shown this once."""
    wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
    if unknown := set(wanted) - set(SCOPES):
        return stop(
            f"There is no scope {', '.join(sorted(unknown))}.", f"Use: {', '.join(SCOPES)}."
        )
    ends = None if days is None else datetime.now(UTC) + timedelta(days=days)

    async def act(conn: asyncpg.Connection) -> api_keys.NewApiKey:
        return await api_keys.create(conn, name, wanted, ends)

    made = with_database(act)
    err.print(f"Key '{name}' ({', '.join(wanted)}); it is not shown again:")
    return print(made.secret)  # noqa: T201 – alone on standard output, for scripts


@keys.command(name="list")
def list_() -> None:
    """List API keys; the keys themselves are not stored."""
    table = Table("id", "name", "begins with", "scopes", "made", "last used", "state")
    for one in with_database(api_keys.every):
        table.add_row(
            one.id,
            one.name,
            f"{one.prefix}…",
            " ".join(one.scopes),
            f"{one.created_at:%Y-%m-%d}",
            f"{one.last_used_at:%Y-%m-%d %H:%M}" if one.last_used_at else "never",
            state(one),
        )
    out.print(table)


@keys.command
def revoke(key_id: str) -> None:
    """Revoke an API key at once."""

    async def act(conn: asyncpg.Connection) -> bool:
        return await api_keys.revoke(conn, key_id)

    if not with_database(act):
        return stop(f"There is no key {key_id} in force.", "See `hireloom keys list`.")
    return out.print(f"{key_id} is revoked.")


@keys.command
def rotate() -> None:
    """Replace the master key: every data key is wrapped anew while the service goes on."""
    from hireloom.store import rotation

    read = settings()

    async def act(conn: asyncpg.Connection) -> int:
        return await rotation.rotate_installation(conn, read)

    count = with_database(act)
    out.print(f"Rotated: {count} data keys are sealed with the new master key.")


def state(key: api_keys.ApiKey) -> str:
    if key.revoked_at:
        return f"revoked {key.revoked_at:%Y-%m-%d}"
    if key.expires_at:
        passed = key.expires_at < datetime.now(UTC)
        return f"{'expired' if passed else 'until'} {key.expires_at:%Y-%m-%d}"
    return "in force"


def with_database(act: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
    """Run something on a connection to a database that is up to date."""
    from hireloom.store import migrate as migrations
    from hireloom.store import pool

    async def run() -> T:
        url = await pool.find_server(settings())
        await migrations.migrate(url)
        connection = await pool.connect(url)
        try:
            return await act(connection)
        finally:
            await connection.close()

    return asyncio.run(run())

"""The command line."""

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import asyncpg
from cyclopts import App, Parameter
from cyclopts.validators import Number
from rich.table import Table
from rich.text import Text

from hireloom import __version__
from hireloom.errors import HireloomError
from hireloom.key_commands import keys
from hireloom.settings import SettingsError
from hireloom.shell import err, out, settings, stop, with_database
from hireloom.store.problems import StartError

if TYPE_CHECKING:
    from hireloom.web import Beside

app = App(
    name="hireloom",
    help="One API over every applicant tracking system, on your own machine.",
    version=__version__,
)
scores = App(name="scores", help="Scores of assessments, from files into an ATS.")
app.command(keys)
app.command(scores)
console = App(name="console", help="The console, where people look at what goes on.")
app.command(console)

Port = Annotated[int, Parameter(help="1 to 65535.", validator=Number(gte=1, lte=65535))]


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


@app.command
def serve(host: str = "127.0.0.1", port: Port = 8400) -> None:
    """Serve the API and run the background jobs, in one process."""
    from hireloom.worker import working

    run_web(host, port, working)


@app.command(name="web")
def serve_web(host: str = "127.0.0.1", port: Port = 8400) -> None:
    """Serve the API only; run `hireloom worker` beside it."""
    from hireloom.web import nothing

    run_web(host, port, nothing)


def run_web(host: str, port: int, beside: "Beside") -> None:
    import uvloop

    from hireloom import web

    uvloop.run(web.serve(settings(), host, port, beside))


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
    port: Port = 9100,
    size: int = 1000,
    seed: int = 7,
    faults: Path | None = None,
    limits: bool = True,
) -> None:
    """Serve simulated vendors: develop against them before you have an account."""
    import msgspec

    from hireloom import web
    from hireloom.sandbox.app import create_app, origin_map, serve_app
    from hireloom.sandbox.faults import FaultPlan, FaultPlanError

    web.refuse_taken_port(host, port)
    try:
        plan = FaultPlan.from_toml(faults.read_text()) if faults else None
    except OSError as error:
        return stop(f"The fault plan cannot be read: {error.strerror}", f"It is {faults}.")
    except FaultPlanError as error:
        return stop("The fault plan cannot be used.", str(error))
    address = f"http://{host}:{port}"
    simulated = create_app(size=size, seed=seed, faults=plan, limits=limits)

    def tell() -> None:
        err.print(f"The sandbox listens on {address}; GET / tells its credentials.")
        err.print("Plug it in with:", style="dim")
        origins = msgspec.json.encode(origin_map(address)).decode()
        out.print(f"HIRELOOM_ORIGINS='{origins}'", soft_wrap=True)

    async def act() -> None:
        async with web.announcing(host, port, tell):
            await serve_app(simulated, host, port)

    return asyncio.run(act())


@app.command
def demo(*, once: bool = False, size: int = 1000) -> None:
    """Start everything on free ports with three sandbox accounts, and show what it can do.

    A fault plan in HIRELOOM_DEMO_FAULTS lets the sandbox misbehave.
    """
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
def doctor(host: str = "127.0.0.1", port: Port = 8400) -> None:
    """Look at the set-up and say in plain words what is wrong with it."""
    from hireloom.doctor import examine

    findings = asyncio.run(examine(settings(), host, port))
    marks = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "problem": ("✗", "red")}
    for finding in findings:
        title = (finding.title, "bold")
        out.print(Text.assemble(marks[finding.level], " ", title, f": {finding.what}"))
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


@scores.command(name="push")
def push_scores(
    file: Annotated[Path, Parameter(help="CSV with a header row, or JSON lines.")],
    *,
    integration: Annotated[str, Parameter(help="The id of the account that they are for.")],
    dry_run: Annotated[
        bool, Parameter(help="Check every row, show where the first would go, send nothing.")
    ] = False,
    retry_failed: Annotated[
        bool, Parameter(help="Try also those again whose error does not pass by itself.")
    ] = False,
    url: str = "",
    key: str = "",
) -> None:
    """Push the scores of a file, each once, by way of a running server.

    What became of each row is kept in FILE.receipts.jsonl: the same command goes on where it
    stopped. Exit code 0: all are written; 1: some failed; 2: it could not run. The key is
    HIRELOOM_API_KEY's, the address HIRELOOM_URL's, unless they are given.
    """
    from hireloom.bulk.push import push

    key = key or os.environ.get("HIRELOOM_API_KEY", "")
    url = url or os.environ.get("HIRELOOM_URL", "http://127.0.0.1:8400")
    sys.exit(push(file, url, key, integration, dry_run=dry_run, retry_failed=retry_failed))


@console.command
def link(
    role: Literal["admin", "support"] = "admin",
    *,
    name: Annotated[
        str,
        Parameter(help="Who is there already and lost the password: the link is for a new one."),
    ] = "",
    port: Annotated[Port, Parameter(help="Where the server listens.")] = 8400,
) -> None:
    """Print a link by which one person gets into the console, good once and for 30 minutes.

    It begins with HIRELOOM_PUBLIC_URL or else HIRELOOM_URL, or else leads to the port here.
    """
    from hireloom.store import audit, operators

    read = settings()
    if not read.console_passwords:
        stop("Passwords are switched off (HIRELOOM_CONSOLE_PASSWORDS).", "Log in by the provider.")
    base = read.public_url or os.environ.get("HIRELOOM_URL") or f"http://127.0.0.1:{port}"

    async def act(conn: asyncpg.Connection) -> str | None:
        async with conn.transaction():
            if not name:
                await audit.add(conn, "cli", "console.link", detail={"role": role})
                return await operators.make_link(conn, "terminal", role, "the terminal")
            found = await operators.by_name(conn, name)
            if found is None:
                return None
            who = found[0]
            detail = {"operatorId": who.id, "name": who.name}
            await audit.add(conn, "cli", "console.link", detail=detail)
            made_by = "the terminal"
            return await operators.make_link(conn, "renewal", who.role, made_by, renews=who.id)

    token = with_database(act)
    if token is None:
        return stop(f"Nobody called {name} has a password.", "The page People lists everybody.")
    return out.print(f"{base.rstrip('/')}/console/start/{token}", soft_wrap=True)

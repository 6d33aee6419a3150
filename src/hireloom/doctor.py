"""The doctor: what is wrong with this installation, in an operator's words, with what to do."""

import errno
import os
import shutil
import socket
import stat
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import httpx
import msgspec

from hireloom.console import provider
from hireloom.login_rules import Oidc
from hireloom.settings import Settings
from hireloom.store import keyfile, keys, masters, migrate, queue
from hireloom.store.pool import Connection, clock, connect, find_server, refuse_old_server
from hireloom.store.problems import MasterKeyError, StartError

Level = Literal["ok", "warning", "problem"]

MEBIBYTE = 1024 * 1024
SKEW_WARNING, SKEW_PROBLEM = 2.0, 30.0  # seconds
LATE_JOBS = 120.0  # seconds
DISK_WARNING, DISK_PROBLEM = 1024 * MEBIBYTE, 200 * MEBIBYTE


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at; `todo` is empty when all is well."""

    level: Level
    title: str
    what: str
    todo: str = ""


def fine(title: str, what: str) -> Finding:
    return Finding(level="ok", title=title, what=what)


def warning(title: str, what: str, todo: str) -> Finding:
    return Finding(level="warning", title=title, what=what, todo=todo)


def problem(title: str, what: str, todo: str) -> Finding:
    return Finding(level="problem", title=title, what=what, todo=todo)


async def examine(settings: Settings, host: str, port: int) -> list[Finding]:
    """Look at everything; never raises for what it is meant to find."""
    home = list(look_at_home(settings.home))
    findings = [*home, *look_at_addresses(settings), look_at_port(host, port)]
    if settings.oidc is not None:
        address = settings.public_url or f"http://{host}:{port}"
        findings.append(await look_at_login(settings.oidc, address))
    if any(finding.level == "problem" for finding in home) and not settings.database_url:
        what = "Not looked at: the database and the master key lie in HIRELOOM_HOME."
        return [*findings, warning("Database", what, "Repair HIRELOOM_HOME first.")]
    findings.append(look_at_master_key(settings))
    return [*findings, *[finding async for finding in look_at_database(settings)]]


def look_at_home(home: Path) -> Iterator[Finding]:
    title = "Home folder"
    existing = next(path for path in (home, *home.parents) if is_there(path))
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        todo = "Give this user the folder, or set HIRELOOM_HOME to another one."
        yield problem(title, f"{existing} cannot be written by this user.", todo)
        return
    yield fine(title, f"{home} can be written.")
    free = shutil.disk_usage(existing).free
    what = f"{free // MEBIBYTE:,} MiB are free where {home} lies."
    todo = "Free some space: when none is left, the database stops taking writes."
    if free < DISK_PROBLEM:
        yield problem("Disk", what, todo)
    elif free < DISK_WARNING:
        yield warning("Disk", what, todo)
    else:
        yield fine("Disk", what)


def is_there(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:
        return True  # behind a folder that is closed to this user


def look_at_addresses(settings: Settings) -> Iterator[Finding]:
    if settings.origins:
        yield warning(
            "Origins",
            f"Calls to {', '.join(sorted(settings.origins))} go to other addresses,"
            " with the customers' credentials.",
            "Right for a sandbox; in production unset HIRELOOM_ORIGINS.",
        )
    if settings.allow_private_webhooks:
        yield warning(
            "Webhooks",
            "Webhooks may go to private addresses, so whoever may make one can reach your network.",
            "Right for a demo; in production unset HIRELOOM_ALLOW_PRIVATE_WEBHOOKS.",
        )
    if settings.public_url is None:
        what = "HIRELOOM_PUBLIC_URL is not set: magic links and OAuth lead to this machine only."
        yield warning("Public URL", what, "Set it to the https address that customers reach.")
        return
    address = urlsplit(settings.public_url)
    if address.scheme == "https" or address.hostname in {"localhost", "127.0.0.1", "::1"}:
        yield fine("Public URL", f"{settings.public_url} is used for links and redirects.")
    else:
        what = f"{settings.public_url} is not https: credentials would cross the network in plain."
        yield problem("Public URL", what, "Put a proxy with TLS in front and use its address.")


def look_at_port(host: str, port: int) -> Finding:
    title = "Port"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        return port_problem(title, host, port, getattr(error, "errno", None))
    return fine(title, f"{host}:{port} is free.")


def port_problem(title: str, host: str, port: int, number: int | None) -> Finding:
    if number == errno.EADDRINUSE:
        if answers_as_hireloom(host, port):
            return fine(title, f"Hireloom itself is at work on {host}:{port}.")
        owner = owner_of(port)
        by = f" by {owner}" if owner else ""
        todo = "Stop it, or choose another --port."
        return problem(title, f"{host}:{port} is taken{by}.", todo)
    if number in {errno.EACCES, errno.EPERM}:
        return problem(title, f"This user may not open port {port}.", "Choose one above 1023.")
    what = f"{host}:{port} is no address of this machine."
    return problem(title, what, "Use --host 127.0.0.1, or 0.0.0.0 for all addresses.")


def answers_as_hireloom(host: str, port: int) -> bool:
    where = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 – compared, not bound
    try:
        found = httpx.get(f"http://{where}:{port}/health", timeout=3, trust_env=False).json()
    except (httpx.HTTPError, ValueError):
        return False
    return isinstance(found, dict) and {"status", "database", "version"} <= found.keys()


LISTENING = "0A"


def owner_of(port: int) -> str | None:
    """The program that listens on a port, as far as Linux tells this user."""
    sockets = set(listening_sockets(port))
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(descriptor.readlink()) in sockets:
                process = descriptor.parent.parent
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
        except OSError:
            continue  # it has ended, or it is another user's
    return None


def listening_sockets(port: int) -> Iterator[str]:
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        try:
            lines = table.read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                yield f"socket:[{fields[9]}]"


async def look_at_login(oidc: Oidc, address: str) -> Finding:
    """Whether people can log in through the provider, as far as it can be told without one."""
    title = "Login provider"
    back = f"{address}/console/oidc/callback"
    try:
        async with provider.speaking_to(oidc) as asked:
            at = await asked.addresses()
            keys = await asked.keys(at)
            # A code that it never gave: it has to know the client before it can say so.
            answer = await asked.token_answer(at, "hireloom-doctor", "0" * 43, back)
    except provider.LoginError as error:
        return problem(title, error.what, LOGIN_TODO.get(error.reason, error.todo))
    if provider.refusal_in(answer).error in provider.NO_CLIENT:
        what = f"{oidc.issuer} does not accept this client's id and secret."
        todo = "Set HIRELOOM_OIDC_CLIENT_ID and HIRELOOM_OIDC_CLIENT_SECRET to what it shows."
        return problem(title, what, todo)
    if not keys:
        what = f"{oidc.issuer} publishes no key to verify its tokens with."
        return problem(title, what, "Look at the signing keys of the provider.")
    return fine(title, f"{oidc.issuer} answers. It has to send people back to {back}.")


LOGIN_TODO = {
    "unreachable": "Look at HIRELOOM_OIDC_ISSUER, the network and the provider. A certificate of"
    " your own is trusted by SSL_CERT_FILE.",
    "redirect": "HIRELOOM_OIDC_ISSUER has to be the address that answers by itself.",
    "bad_answer": "HIRELOOM_OIDC_ISSUER has to be an issuer: see the provider's documentation.",
}


def look_at_master_key(settings: Settings) -> Finding:
    title = "Master key"
    if settings.master_keys:
        return fine(title, "It comes from HIRELOOM_MASTER_KEY.")
    path = settings.home / keyfile.CURRENT
    try:
        keyfile.read(path)
    except FileNotFoundError:
        what = f"There is no {path} yet; the first start makes it."
        return warning(title, what, "If there was one, restore it from your backup first.")
    except MasterKeyError as error:
        return problem(title, error.what, error.todo)
    if path.stat().st_uid != os.geteuid():
        what = f"{path} belongs to another user."
        return warning(title, what, f"Run: chown {os.geteuid()} {path}")
    mode = stat.S_IMODE(path.stat().st_mode)
    return fine(title, f"{path} has mode {mode:04o}. Back it up apart from the database.")


async def look_at_database(settings: Settings) -> AsyncIterator[Finding]:
    title = "Database"
    try:
        conn = await connect(await find_server(settings))
    except StartError as error:
        yield problem(title, error.what, error.todo)
        return
    try:
        refuse_old_server(conn)
        version = conn.get_server_version()
        yield fine(title, f"PostgreSQL {version.major}.{version.minor} answers.")
        yield await look_at_clock(conn)
        missing = migrate.missing(await migrate.current(conn))
        if missing:
            what = f"{len(missing)} migrations are to be applied."
            yield warning("Migrations", what, "The next start does it, or run: hireloom migrate")
        else:
            yield fine("Migrations", "The database is up to date.")
            yield await look_at_stored_keys(conn, settings)
            yield await look_at_api_keys(conn)
            yield judge_backlog(await queue.backlog(conn))
    except StartError as error:
        yield problem(title, error.what, error.todo)
    finally:
        await conn.close()


async def look_at_clock(conn: Connection) -> Finding:
    before = time.time()
    there = await clock(conn)
    return judge_clock(before, there, time.time())


def judge_clock(before: float, there: float, after: float) -> Finding:
    """The database's clock was read at some moment between `before` and `after` here."""
    skew = max(before - there, there - after, 0.0)
    what = f"This machine's clock and the database's are {skew:.1f} s apart."
    todo = "Run NTP on both: signatures and tokens are refused when clocks disagree."
    if skew > SKEW_PROBLEM:
        return problem("Clock", what, todo)
    if skew > SKEW_WARNING:
        return warning("Clock", what, todo)
    return fine("Clock", "This machine and the database agree on the time.")


async def look_at_stored_keys(conn: Connection, settings: Settings) -> Finding:
    title = "Sealed credentials"
    if not settings.master_keys and not (settings.home / keyfile.CURRENT).exists():
        # Opening the vault would make a key, and a look must not change anything.
        if await masters.any_in_use(conn):
            what = "The database has sealed credentials, but there is no master key to open them."
            return problem(title, what, "Restore master.key or HIRELOOM_MASTER_KEY.")
        return fine(title, "Nothing is sealed yet.")
    try:
        await masters.check(conn, keyfile.open_vault(settings))
    except MasterKeyError as error:
        return problem(title, error.what, error.todo)
    return fine(title, "The master key opens them.")


def judge_backlog(backlog: queue.Backlog) -> Finding:
    """Jobs that wait are fine as long as somebody takes them."""
    title = "Background jobs"
    if backlog.oldest < LATE_JOBS:
        return fine(title, "None is waiting for a worker.")
    what = f"{backlog.waiting} jobs wait, the first of them for {backlog.oldest / 60:.0f} minutes;"
    if backlog.workers == 0:
        todo = "Start `hireloom worker`, or `hireloom serve`, which works beside serving."
        return problem(title, f"{what} nobody carries them out.", todo)
    todo = "Start `hireloom worker` on more machines, or sync less often."
    return warning(title, f"{what} the workers do not keep up.", todo)


async def look_at_api_keys(conn: Connection) -> Finding:
    if await keys.any_in_force(conn):
        return fine("API keys", "There is at least one in force.")
    todo = "Run: hireloom keys create mine --scopes read,write"
    return warning("API keys", "There is none in force, so nobody can call the API.", todo)

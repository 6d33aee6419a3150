"""What runs beside a benchmark: an environment for each rival, and the page server."""

import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
QUIET = {
    "DO_NOT_TRACK": "1",
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "RUNTIME__LOG_LEVEL": "ERROR",
    "NO_PROXY": "127.0.0.1",
}


def environment(name: str) -> Path:
    """Return the Python of the environment of that name; install it if its list has changed."""
    wanted = HERE / f"requirements-{name}.txt"
    folder = HERE / ".venvs" / name
    python = folder / "bin" / "python"
    stamp = folder / "installed"
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != digest:
        print(f"Installing {wanted.name} once, into {folder.relative_to(ROOT)} …", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "-r", str(wanted)], check=True)
        stamp.write_text(digest)
    return python


def variables() -> dict[str, str]:
    """Return the variables of a child: no telemetry, no proxy, no foreign settings for Python."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return kept | QUIET


@contextlib.contextmanager
def serving(records: int, *, latency: float = 0.0) -> Iterator[str]:
    """Run the page server in a process of its own; yield its base URL once it answers."""
    options = ["--records", str(records), "--latency", str(latency)]
    with _server("page_server", *options) as base_url:
        yield base_url


@contextlib.contextmanager
def receiving() -> Iterator[str]:
    """Run the receiver in a process of its own; yield its base URL once it answers."""
    with _server("receiver") as base_url:
        yield base_url


@contextlib.contextmanager
def _server(module: str, *options: str) -> Iterator[str]:
    command = [str(environment("server")), "-m", f"benchmarks.{module}", *options]
    with subprocess.Popen(
        command, cwd=ROOT, env=variables(), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            base_url = process.stdout.readline().strip()
            if not base_url:
                raise RuntimeError(f"the {module} ended before it was ready")
            yield base_url
        finally:
            process.terminate()


@contextlib.contextmanager
def redis(fsync: str) -> Iterator[tuple[str, int]]:
    """Run a Redis that keeps an append-only file, synced to disk as told; yield URL and pid."""
    if (program := shutil.which("redis-server")) is None:
        sys.exit(
            "The rivals need Redis: install it (Debian, Ubuntu: apt-get install redis-server)."
        )
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="hl-redis-") as folder:
        options = f"--port {port} --bind 127.0.0.1 --save  --appendonly yes --appendfsync {fsync}"
        command = [program, *options.split(" "), "--dir", folder, "--loglevel", "warning"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            try:
                wait_for(port)
                yield f"redis://127.0.0.1:{port}/0", process.pid
            finally:
                process.terminate()


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_for(port: int, seconds: float = 10.0) -> None:
    """Return when somebody listens on a port of the loopback address."""
    ends = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.05)
        else:
            return

"""What runs beside a benchmark: an environment for each rival, and the page server."""

import contextlib
import hashlib
import os
import subprocess
import sys
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
def serving(records: int) -> Iterator[str]:
    """Run the page server in a process of its own; yield its base URL once it answers."""
    python = str(environment("server"))
    command = [python, "-m", "benchmarks.page_server", "--records", str(records)]
    with subprocess.Popen(
        command, cwd=ROOT, env=variables(), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            base_url = process.stdout.readline().strip()
            if not base_url:
                raise RuntimeError("the page server ended before it was ready")
            yield base_url
        finally:
            process.terminate()

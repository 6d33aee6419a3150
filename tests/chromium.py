"""A Chromium of the system, started once and spoken to by each test in its own event loop."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USUAL = "/usr/bin/chromium"
VARIABLE = "HIRELOOM_CHROMIUM"
PATIENCE = 120.0  # seconds
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--remote-debugging-port=0",
)


def found() -> str | None:
    path = os.environ.get(VARIABLE) or USUAL
    return path if os.access(path, os.X_OK) else None


@contextmanager
def started(path: str) -> Iterator[str]:
    """The address at which it is driven."""
    profile = Path(tempfile.mkdtemp(prefix="hl-chromium-"))
    command = [path, *OPTIONS, f"--user-data-dir={profile}", "about:blank"]
    said = profile / "said"  # a pipe that nobody reads would fill, and then stop it
    with said.open("wb") as into:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=into)
    try:
        yield address(process, said)
    finally:
        process.terminate()
        process.wait(PATIENCE)
        shutil.rmtree(profile, ignore_errors=True)


def address(process: subprocess.Popen[bytes], said: Path) -> str:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and process.poll() is None:
        if found := re.search(r"listening on (ws://\S+)\s", said.read_text(errors="replace")):
            return found[1]
        time.sleep(0.02)
    raise RuntimeError(f"Chromium did not start: {said.read_text(errors='replace')}")

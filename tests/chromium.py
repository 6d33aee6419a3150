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

# Without windows where there is that one: it takes a quarter less time.
USUAL = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
VARIABLE = "HIRELOOM_CHROMIUM"
PATIENCE = 120_000  # milliseconds, after which a wait in a test is hopeless
LISTENS = re.compile(r"listening on (ws://\S+)\n")
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
    named = os.environ.get(VARIABLE)
    paths = (named,) if named else USUAL
    return next((path for path in paths if os.access(path, os.X_OK)), None)


@contextmanager
def started(path: str) -> Iterator[str]:
    """The address at which it is driven."""
    profile = Path(tempfile.mkdtemp(prefix="hl-chromium-"))
    command = [path, *OPTIONS, f"--user-data-dir={profile}", "about:blank"]
    told = profile / "told"  # a file takes all that it says; a full pipe would stop it
    with told.open("wb") as output:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=output)
    try:
        yield address_of(process, told)
    finally:
        process.terminate()
        process.wait(PATIENCE / 1000)
        shutil.rmtree(profile, ignore_errors=True)


def address_of(process: subprocess.Popen[bytes], told: Path) -> str:
    ends = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < ends and process.poll() is None:
        if address := LISTENS.search(told.read_text(errors="replace")):
            return address[1]
        time.sleep(0.02)
    raise RuntimeError(f"Chromium did not start: {told.read_text(errors='replace')}")

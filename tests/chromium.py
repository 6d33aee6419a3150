"""A Chromium of the system, started once and spoken to by each test in its own event loop."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USUAL = "/usr/bin/chromium"
VARIABLE = "HIRELOOM_CHROMIUM"
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
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if address := re.search(r"listening on (ws://\S+)", line):
                break
        else:
            raise RuntimeError(f"{path} did not start")
        yield address[1]
    finally:
        process.terminate()
        process.wait(120)
        assert process.stderr is not None
        process.stderr.close()
        shutil.rmtree(profile, ignore_errors=True)

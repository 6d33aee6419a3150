"""What every contender owes: its options, one line of figures, and proof that it skipped nothing.

Only the standard library, because each contender runs in an environment of its own.
"""

import argparse
import hashlib
import json
import os
import platform
import resource
import sys
from array import array
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

CLIENT_ID = "bench"
CLIENT_SECRET = "bench"
PAGE_SIZE = 500


def parser(description: str | None) -> argparse.ArgumentParser:
    """Return a parser with the options that every contender understands."""
    options = argparse.ArgumentParser(description=description)
    options.add_argument("--url", required=True, help="base URL of the page server")
    return options


def identifiers() -> "array[int]":
    """Return an empty store of ids: eight bytes each, so that it does not weigh in the memory."""
    return array("Q")


def fingerprint(ids: Iterable[int]) -> str:
    """Return a checksum that a missing, repeated or altered id would change."""
    return hashlib.blake2b(array("Q", sorted(ids)).tobytes(), digest_size=16).hexdigest()


def report(ids: "array[int]", seconds: float, packages: Iterable[str]) -> None:
    """Print the figures of a run: seconds from the first request to the last record."""
    peak, cpu = peak_rss_mb(), os.times()
    figures = {
        "records": len(ids),
        "checksum": fingerprint(ids),
        "seconds": seconds,
        "peak_rss_mb": peak,
        "cpu_seconds": sum(cpu[:4]),
        "versions": {"python": platform.python_version()}
        | {package: version(package) for package in packages},
    }
    print(json.dumps(figures), flush=True)


def peak_rss_mb() -> float:
    """Return the highest resident memory of this process or of a child that has ended, in MB."""
    status = Path("/proc/self/status")
    peaks = [resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]
    if status.exists():
        # not getrusage: Linux carries the parent's peak over into a forked child's
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        peaks.append(int(line.split()[1]))
    else:
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    return round(max(peaks) / (1024**2 if sys.platform == "darwin" else 1024), 1)

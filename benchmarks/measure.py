"""What every benchmark shares: the machine, medians, peak memory, tables and result files."""

import contextlib
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.rivals.contract import peak_rss_mb

__all__ = [
    "busy",
    "cpu_seconds",
    "machine",
    "machine_line",
    "median",
    "peak_mb_of",
    "peak_rss_mb",
    "percentile",
    "save",
    "show",
    "spread",
]

RESULTS = Path(__file__).parent / "results"


def machine() -> dict[str, object]:
    """Return what a reader must know of this machine to compare its figures with their own."""
    return {
        "processor": _field(Path("/proc/cpuinfo"), "model name") or platform.processor(),
        "cores": len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def machine_line() -> str:
    """Return the machine in one line."""
    return "{processor}, {cores} cores, {memory_gb} GB, {system}, {python}".format(**machine())


def busy(seconds: float = 0.5) -> float:
    """Return the share of this machine's processors that others keep busy: 0 is a quiet machine."""
    before = _ticks()
    time.sleep(seconds)
    idle, total = (after - earlier for after, earlier in zip(_ticks(), before, strict=True))
    return 0.0 if not total else max(0.0, 1 - idle / total)


def _ticks() -> tuple[int, int]:
    """Return the idle and the total ticks since the start, where the system tells."""
    ticks = _field(Path("/proc/stat"), "cpu", " ").split()
    return (int(ticks[3]) + int(ticks[4]), sum(map(int, ticks[:8]))) if ticks else (0, 0)


def median(values: Iterable[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def spread(values: Sequence[float]) -> str:
    """Return the lowest and the highest, as a table shows them."""
    return f"{min(values):,.0f} to {max(values):,.0f}"


def show(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], note: str = "") -> None:
    """Print a table: the first column is a name, the others are figures."""
    table = Table(title=title, caption=note or None, title_justify="left", caption_justify="left")
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=number == 0)
    for row in rows:
        table.add_row(*row)
    console = Console()
    if not console.is_terminal:
        console.width = 120
    console.print(table)


def save(name: str, result: Mapping[str, object]) -> Path:
    """Write a benchmark's result beside the date and the machine; return where."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    measured = datetime.now(UTC).isoformat(timespec="seconds")
    whole = {"benchmark": name, "measured": measured, "machine": machine(), **result}
    path.write_text(json.dumps(whole, indent=2) + "\n")
    return path


def processes(pid: int) -> list[int]:
    """Return a process and all that descend from it, where the system tells."""
    task = Path(f"/proc/{pid}/task")
    if not task.exists():
        return [pid]
    found = [pid]
    for children in task.glob("*/children"):
        with contextlib.suppress(OSError):
            for child in children.read_text().split():
                found += processes(int(child))
    return found


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process and its descendants have used so far."""
    ticks = 0
    for one in processes(pid):
        with contextlib.suppress(OSError):
            # the name may hold spaces, so what counts begins behind its bracket
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))  # with those of children that ended
    return ticks / os.sysconf("SC_CLK_TCK")


def peak_mb_of(pid: int) -> float:
    """Return the highest resident memory that a running process has had, in MB."""
    return int(_field(Path(f"/proc/{pid}/status"), "VmHWM").split()[0]) / 1024


def percentile(values: Sequence[float], share: int) -> float:
    """Return the value that this many in a hundred do not exceed."""
    return statistics.quantiles(values, n=100)[share - 1] if len(values) > 1 else values[0]


def _field(file: Path, name: str, separator: str = ":") -> str:
    if not file.exists():
        return ""
    lines = (line.partition(separator) for line in file.read_text().splitlines())
    return next((value.strip() for key, _, value in lines if key.strip() == name), "")

"""Fetch and normalise an account's applications: Hireloom, its rivals and the limit, side by side.

All read the same pages from the same local server in the same run, one after the other, each in
its own process and environment; who goes first changes with every round.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import measure
from benchmarks.environments import ROOT, environment, serving, variables
from benchmarks.greenhouse_account import application_ids
from benchmarks.rivals import contract


@dataclass(frozen=True)
class Contender:
    """One line of the table: a script, the environment that it needs, and what it does."""

    name: str
    does: str
    script: str
    environment: str | None  # None: the one that runs the benchmark
    arguments: tuple[str, ...] = ()
    asked_for: bool = False  # runs only when its option or its name is given

    def command(self, base_url: str) -> list[str]:
        python = environment(self.environment) if self.environment else Path(sys.executable)
        module = f"benchmarks.rivals.{self.script}"
        return [str(python), "-m", module, "--url", base_url, *self.arguments]


CONTENDERS = (
    Contender("floor", "aiohttp + orjson: fetch, parse", "floor", "floor"),
    Contender("dlt", "fetch, parse", "dlt_extract", "dlt"),
    Contender(
        "dlt-whole", "… to DuckDB, by parquet", "dlt_extract", "dlt", ("--whole", "parquet"), True
    ),
    Contender(
        "dlt-whole-default",
        "… to DuckDB, untuned",
        "dlt_extract",
        "dlt",
        ("--whole", "default"),
        True,
    ),
    Contender("airbyte", "fetch, parse, print", "airbyte_extract", "airbyte"),
    Contender("hireloom", "fetch, parse, normalise", "hireloom_extract", None),
    Contender(
        "hireloom-joined", "fetch, parse, join, normalise", "hireloom_extract", None, ("--joined",)
    ),
)


@dataclass
class Runs:
    """What one contender's rounds came to."""

    rates: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)  # how busy the machine was just before
    peaks: list[float] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return measure.median(self.rates)


def run(contender: Contender, base_url: str, records: int, checksum: str) -> dict[str, Any]:
    """Let a contender run once; refuse its figures unless it read every application."""
    done = subprocess.run(
        contender.command(base_url),
        cwd=ROOT,
        env=variables(),
        check=False,  # what it said is worth more than the exception
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{contender.name} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if (figures["records"], figures["checksum"]) != (records, checksum):
        sys.exit(f"{contender.name} did not read the {records:,} applications: {figures}")
    return figures


def compete(contenders: Sequence[Contender], records: int, rounds: int) -> dict[str, Runs]:
    """Run every contender in every round, in rotating order."""
    results = {contender.name: Runs() for contender in contenders}
    checksum = contract.fingerprint(application_ids(records))
    for contender in contenders:
        if contender.environment:
            environment(contender.environment)
    with serving(records) as base_url:
        for number in range(rounds):
            first = number % len(contenders)
            for contender in (*contenders[first:], *contenders[:first]):
                runs = results[contender.name]
                runs.others.append(measure.busy())
                figures = run(contender, base_url, records, checksum)
                runs.rates.append(records / figures["seconds"])
                runs.peaks.append(figures["peak_rss_mb"])
                runs.versions = figures["versions"]
                rate = f"{runs.rates[-1]:,.0f} records/s, {runs.peaks[-1]:,.0f} MB"
                others = f"others {runs.others[-1]:.0%}"
                print(f"round {number + 1}: {contender.name}: {rate}, {others}", file=sys.stderr)
    return results


def compared(results: dict[str, Runs], name: str) -> dict[str, float]:
    """Return how many times faster one contender is than each of the others."""
    return {other: results[name].rate / runs.rate for other, runs in results.items()}


def report(contenders: Sequence[Contender], results: dict[str, Runs], title: str) -> None:
    """Print the table: medians, ranges, and both Hireloom lines against everybody."""
    ours = [name for name in ("hireloom", "hireloom-joined") if name in results]
    ratios = {name: compared(results, name) for name in ours}
    rows = []
    for contender in contenders:
        runs = results[contender.name]
        against = [f"{ratios[name][contender.name]:.2f} ×" for name in ours]
        figures = [f"{runs.rate:,.0f}", measure.spread(runs.rates), *against]
        rows.append([contender.name, contender.does, *figures, f"{max(runs.peaks):,.0f}"])
    against = [f"{name} is" for name in ours]
    columns = ["contender", "does", "records/s", "lowest to highest", *against, "peak MB"]
    others = max(share for runs in results.values() for share in runs.others)
    note = f"{measure.machine_line()}; other work on it: up to {others:.0%} before a run"
    measure.show(title, columns, rows, note)
    for contender in contenders:
        versions = results[contender.name].versions
        print(f"{contender.name}: " + ", ".join(f"{k} {v}" for k, v in versions.items()))


def chosen(only: str | None, whole: bool) -> list[Contender]:
    """Return who takes part."""
    if only is None:
        return [contender for contender in CONTENDERS if whole or not contender.asked_for]
    names = only.split(",")
    known = {contender.name: contender for contender in CONTENDERS}
    if unknown := set(names) - known.keys():
        sys.exit(f"no such contender: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    return [contender for name, contender in known.items() if name in names]


def main(arguments: list[str]) -> None:
    """Run the competition, print the table and write benchmarks/results/extract.json."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks extract", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", metavar="NAMES", help="contenders, separated by commas")
    parser.add_argument("--whole", action="store_true", help="dlt's whole pipeline, too: slow")
    options = parser.parse_args(arguments)
    contenders = chosen(options.only, options.whole)
    results = compete(contenders, options.records, options.rounds)
    title = f"{options.records:,} Greenhouse applications, median of {options.rounds} rounds"
    report(contenders, results, title)
    path = measure.save(
        "extract",
        {
            "records": options.records,
            "rounds": options.rounds,
            "contenders": {
                name: {
                    "records_per_second": round(runs.rate),
                    "rounds": [round(rate) for rate in runs.rates],
                    "other_load": [round(share, 2) for share in runs.others],
                    "peak_rss_mb": max(runs.peaks),
                    "versions": runs.versions,
                }
                for name, runs in results.items()
            },
            "hireloom_times": compared(results, "hireloom") if "hireloom" in results else {},
        },
    )
    print(f"written to {path.relative_to(ROOT)}")

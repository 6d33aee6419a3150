"""A table of scores, pushed by the command."""

import asyncio
import csv
import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from hireloom.bulk.receipts import SUFFIX
from tests.client.stub import Json
from tests.service import Service
from tests.test_cli import environment, run

HEADER = (
    "candidateId", "applicationId", "externalId", "assessment.name", "assessment.type",
    "completedAt", "score.value", "score.max", "score.percentile", "result", "reportUrl",
    "evaluator", "notes", "breakdown.Code quality", "attributes.Language",
)  # fmt: skip
Cells = dict[str, str]


async def applications(service: Service, integration: str, count: int) -> list[dict[str, str]]:
    answer = await service.get("ats.application.list", integration, status="ACTIVE", pageSize="100")
    found = [
        {"applicationId": one["info"]["id"], "candidateId": one["info"]["candidate"]["id"]}
        for one in answer.json()["data"]["applications"]
    ]
    assert len(found) >= count
    return found[:count]


def result(whom: dict[str, str], number: int, **more: str) -> Cells:
    return {
        **whom,
        "externalId": f"attempt-{number}",
        "assessment.name": "Rope and Knots",
        "completedAt": "2026-01-15T14:30:00Z",
        "score.value": str(60 + number % 40),
        "score.max": "100",
        "result": "PASS",
        **more,
    }


def table(
    path: Path, rows: Sequence[Cells], *, header: Sequence[str] = HEADER, **dialect: Any
) -> Path:
    with path.open("w", encoding=dialect.pop("encoding", "utf-8"), newline="") as file:
        writer = csv.DictWriter(file, header, restval="", **dialect)
        writer.writeheader()
        writer.writerows(rows)
    return path


async def push(
    service: Service, path: Path, integration: str, *words: str
) -> subprocess.CompletedProcess[str]:
    environ = environment(HIRELOOM_URL=service.url, HIRELOOM_API_KEY=service.key)
    words = ("scores", "push", str(path), "--integration", integration, *words)
    return await asyncio.to_thread(run, environ, *words)


def receipts(path: Path) -> list[Json]:
    lines = path.with_name(path.name + SUFFIX).read_text().splitlines()[1:]
    return [json.loads(line) for line in lines]


def counted(printed: str) -> dict[str, int]:
    """The report's rows, `written APPLICATION_NOTE` with its count."""
    found = re.findall(r"│\s*(\d+)\s*│\s*(\S.*?)\s*│\s*(.*?)\s*│", printed)
    return {
        what if what.startswith("failed") else f"{what} {where}": int(n) for n, what, where in found
    }


def results(service: Service, vendor: str, application: str, words: str) -> int:
    """How often something is seen in that vendor's windows."""
    url = f"{service.sandbox.url}/_sandbox/{vendor}/screen"
    screen = httpx.get(url, params={"application": application}, timeout=60).json()
    entries = [entry for tab in screen["tabs"] for entry in tab["entries"]]
    return sum(words in "\n".join(map(str, entry["lines"])) for entry in entries)

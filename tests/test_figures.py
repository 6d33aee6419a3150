"""What a worker tells Prometheus: over real HTTP, of real work."""

import asyncio
import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import asyncpg
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from hireloom import figures
from hireloom.figures import Figures
from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from tests.receiver import Reply
from tests.service import Service
from tests.syncing import syncing

LIGHT = ["application_info", "application_stage"]
Samples = dict[tuple[str, tuple[str, ...]], float]


def samples(text: str) -> Samples:
    """By name and the values of the labels."""
    return {
        (one.name, tuple(one.labels[name] for name in sorted(one.labels))): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


async def until(
    http: httpx.AsyncClient, happened: Callable[[Samples], bool], seconds: float = 120
) -> Samples:
    async with asyncio.timeout(seconds):
        while not happened(found := samples((await http.get("/metrics")).text)):  # noqa: ASYNC110 – over HTTP
            await asyncio.sleep(0.02)
    return found


async def test_a_worker_inside_of_serve_tells_what_it_did(
    settings: Settings, vendors: Running
) -> None:
    async with syncing(settings, vendors, "greenhouse") as shared:
        shared.receiver.script(Reply(500))

        await shared.sync(models=LIGHT)
        sent = len(shared.receiver.events)
        found = await until(
            shared.service.http,
            lambda now: (
                now.get(("hireloom_deliveries_total", ("acknowledged",)), 0) >= sent - 1
                and now.get(("hireloom_jobs_total", ("sync", "done")), 0) >= 1
                and now["hireloom_oldest_due_run_seconds", ()] == 0
            ),
        )

    assert found["hireloom_deliveries_total", ("acknowledged",)] == sent - 1
    assert found["hireloom_deliveries_total", ("refused",)] == 1
    assert found["hireloom_run_slices_total", ("done",)] >= 1
    assert found["hireloom_jobs_total", ("sync", "done")] >= 1
    assert found["hireloom_upstream_calls_total", ("greenhouse", "200")] > 0
    assert found["hireloom_oldest_due_run_seconds", ()] == 0
    assert found["hireloom_calls_total", ("sync.start", "200")] == 1


async def test_an_error_that_stops_a_run_is_counted_by_its_code(
    settings: Settings, vendors: Running
) -> None:
    async with syncing(settings, vendors, "greenhouse") as shared:
        shared.faults({"kind": "status", "status": 403})

        await shared.sync(models=LIGHT)
        found = await until(
            shared.service.http,
            lambda now: ("hireloom_run_slices_total", ("integration.permission_missing",)) in now,
        )

    assert found["hireloom_run_slices_total", ("integration.permission_missing",)] >= 1


async def test_a_server_without_a_worker_tells_nothing_of_one(service: Service) -> None:
    text = (await service.http.get("/metrics")).text

    assert "hireloom_calls" in text
    assert "hireloom_jobs" not in text


def environment(settings: Settings, address: str) -> dict[str, str]:
    return os.environ | {
        "HIRELOOM_HOME": str(settings.home),
        "HIRELOOM_DATABASE_URL": settings.database_url or "",
        "HIRELOOM_METRICS_ADDRESS": address,
    }


@contextmanager
def worker(settings: Settings, address: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "hireloom", "worker"],
        stderr=subprocess.DEVNULL,
        env=environment(settings, address),
    )
    try:
        yield process
    finally:
        process.terminate()
        assert process.wait(120) == 0


def oldest(answer: httpx.Response) -> float:
    """No number until the worker works and the database has said it."""
    return samples(answer.text).get(("hireloom_oldest_due_delivery_seconds", ()), math.nan)


async def test_a_worker_by_itself_tells_on_an_address_of_its_own(
    settings: Settings, conn: asyncpg.Connection, free_port: int
) -> None:
    address = f"127.0.0.1:{free_port}"

    url = f"http://{address}"
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as http:
        with worker(settings, address) as process:
            async with asyncio.timeout(180):
                while process.poll() is None:
                    try:
                        answer = await http.get("/metrics")
                        if not math.isnan(oldest(answer)):
                            break
                    except httpx.TransportError:
                        pass
                    await asyncio.sleep(0.05)
            elsewhere = await http.get("/")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert oldest(answer) == 0
    assert elsewhere.status_code == 404


def test_an_address_that_is_taken_stops_the_start_with_a_sentence(
    settings: Settings, vendors: Running
) -> None:
    taken = vendors.url.removeprefix("http://")

    ended = subprocess.run(
        [sys.executable, "-m", "hireloom", "worker"],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        env=environment(settings, taken),
    )

    assert ended.returncode == 1
    assert f"Metrics cannot be offered on {taken}" in ended.stderr
    assert "Traceback" not in ended.stderr


async def test_what_the_database_cannot_say_is_not_a_number(
    pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "LOOK_SECONDS", 60.0)
    found = Figures(pool)
    await found.look()
    before = found.registry.get_sample_value("hireloom_oldest_due_run_seconds")

    await pool.close()
    await found.look()

    after = found.registry.get_sample_value("hireloom_oldest_due_run_seconds")
    assert before == 0
    assert after is not None
    assert math.isnan(after)

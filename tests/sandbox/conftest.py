"""An Ashby for each module that says how large, in `SIZE` applications, and a Greenhouse."""

from collections.abc import Iterator

import httpx
import pytest

from hireloom.sandbox import app
from tests.sandbox.ashby_client import Caller
from tests.sandbox.greenhouse_client import TLS, Harvest


@pytest.fixture(scope="module")
def ashby_running(request: pytest.FixtureRequest) -> Iterator[app.Running]:
    with app.Running(size=request.module.SIZE, vendors=["ashby"], limits=False) as running:
        yield running


@pytest.fixture
def ashby(ashby_running: app.Running) -> Iterator[Caller]:
    httpx.post(f"{ashby_running.url}/_sandbox/reset", timeout=120)
    caller = Caller(ashby_running)
    with caller.http:
        yield caller


@pytest.fixture(scope="module")
def greenhouse_running() -> Iterator[app.Running]:
    with app.Running(size=400, vendors=["greenhouse"], limits=False) as running:
        yield running


@pytest.fixture
def harvest(greenhouse_running: app.Running) -> Iterator[Harvest]:
    httpx.post(verify=TLS, url=f"{greenhouse_running.url}/_sandbox/reset", timeout=120)
    with Harvest(greenhouse_running) as client:
        yield client

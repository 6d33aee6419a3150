"""An Ashby of its own for each module that names how large it is: `SIZE` applications."""

from collections.abc import Iterator

import httpx
import pytest

from hireloom.sandbox import app
from tests.sandbox.ashby_client import Caller


@pytest.fixture(scope="module")
def ashby_running(request: pytest.FixtureRequest) -> Iterator[app.Running]:
    with app.Running(size=request.module.SIZE, vendors=["ashby"], limits=False) as running:
        yield running


@pytest.fixture
def ashby(ashby_running: app.Running) -> Iterator[Caller]:
    httpx.post(f"{ashby_running.url}/_sandbox/reset")
    caller = Caller(ashby_running)
    with caller.http:
        yield caller

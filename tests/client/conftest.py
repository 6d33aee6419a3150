"""A server that says what a test tells it to."""

from collections.abc import Iterator

import pytest

from tests.client.stub import Stub


@pytest.fixture
def stub() -> Iterator[Stub]:
    with Stub() as started:
        yield started

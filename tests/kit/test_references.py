"""What is remembered of a vendor's tables, and for how long."""

from collections.abc import Iterable
from types import SimpleNamespace

import pytest

from hireloom.kit import references
from tests.kit.conftest import Way
from tests.kit.harbor import Harbor, Ship


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr("hireloom.kit.references.time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


class Registry:
    """Knows the ships with an even number."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    async def __call__(self, ids: list[str]) -> Iterable[Ship]:
        self.asked.append(ids)
        return [Ship(id=int(one), name=f"Ship {one}") for one in ids if int(one) % 2 == 0]


def test_what_is_too_old_is_gone_once_something_new_comes(clock: list[float]) -> None:
    known = references.References()
    known.learn("ships", {str(number): number for number in range(100)})
    clock[0] += 10
    known.learn("ships", {"7": 7})

    clock[0] += references.SECONDS - 5
    known.learn("ports", {"1": 1})

    assert len(known) == 2
    assert known.recall("ships", ["7", "8"]) == {"7": 7}


async def test_a_table_of_people_does_not_grow_for_ever(way: Way, clock: list[float]) -> None:
    harbor, registry = way.to(Harbor), Registry()

    for number in range(50):
        await harbor.remember("people", [number], registry)
        clock[0] += 60

    assert len(harbor._references) <= references.SECONDS / 60 + 1


async def test_what_ends_while_others_are_looked_up_is_still_given(
    way: Way, clock: list[float]
) -> None:
    harbor, registry = way.to(Harbor), Registry()
    await harbor.remember("ships", ["2", "3"], registry)
    clock[0] += references.SECONDS - 1

    async def slowly(ids: list[str]) -> Iterable[Ship]:
        clock[0] += 20
        return await registry(ids)

    found = await harbor.remember("ships", ["2", "3", "4"], slowly)

    assert sorted(found) == ["2", "4"]
    assert registry.asked == [["2", "3"], ["4"]]

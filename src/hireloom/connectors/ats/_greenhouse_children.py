"""Greenhouse Harvest v3: lists of what hangs on applications, candidates or jobs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from hireloom import kit
from hireloom.connectors.ats._greenhouse_filters import AT_ONCE, belongs

M = TypeVar("M")
S = TypeVar("S")


def listed(
    ats: kit.Connector,
    path: str,
    shape: type[S],
    join: Callable[[list[S]], Awaitable[Sequence[M | None]]],
    by: Mapping[str, tuple[str, Sequence[str]]],
    *,
    params: Mapping[str, Any] | None = None,
) -> kit.Pages[M]:
    """A list that hangs on parents: `by` says, per filter of ours, theirs and the ids.

    More ids than one filter takes are asked for in groups; without ids, everything comes.
    """
    named = {ours: one for ours, one in by.items() if one[1]}
    wanted = {ours: frozenset(ids) for ours, (_, ids) in named.items()}
    fitting = {ours: one for ours, one in named.items() if len(one[1]) <= AT_ONCE}
    asked = {**(params or {}), **{theirs: ",".join(ids) for theirs, ids in fitting.values()}}
    large = next((one for ours, one in named.items() if ours not in fitting), None)

    async def belonging(rows: list[S]) -> list[M | None]:
        return [one if belongs(one, wanted) else None for one in await join(rows)]

    if large is None:
        return ats.pages(path, shape, params=asked, join=belonging, applied=fitting)
    theirs, ids = large

    async def group(together: str) -> list[M]:
        several = {**asked, theirs: together}
        return await ats.pages(path, shape, params=several, join=belonging, size=500).all()

    return ats.each([",".join(some) for some in kit.chunks(ids, AT_ONCE)], group)

"""How Ashby's lists become ours: several as one, few records of many, records of ids."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from hireloom import kit
from hireloom.connectors.ats._ashby_lookups import FEW

S = TypeVar("S")
M = TypeVar("M")


def after(instant: datetime | None) -> int | None:
    """`createdAfter` in milliseconds; one early, as nobody says whether it includes its end."""
    millis = kit.to_millis(instant)
    return None if millis is None else millis - 1


def pushed(**filters: object) -> set[str]:
    """The names of the filters that are given, and so go to Ashby."""
    return {name for name, value in filters.items() if value}


def in_turn(lists: Sequence[kit.Pages[M]]) -> kit.Pages[M]:
    """Lists one after the other as one: how a filter of one value takes several."""

    async def fetch(cursor: str | None) -> kit.Page[M]:
        number, _, inner = (cursor or "0 ").partition(" ")
        index = int(number)
        page = await lists[index].fetch(inner or None)
        if page.next is not None:
            return replace(page, next=f"{index} {page.next}", sync_token=None)
        is_last = index + 1 == len(lists)
        return replace(page, next=None if is_last else f"{index + 1} ", sync_token=None)

    return kit.Pages(fetch, lists[0].applied) if len(lists) > 1 else lists[0]


def spread(pages: kit.Pages[S], to_models: Callable[[list[S]], Awaitable[list[M]]]) -> kit.Pages[M]:
    """Pages of records each of which is none, one or many of ours."""

    async def fetch(cursor: str | None) -> kit.Page[M]:
        page = await pages.fetch(cursor)
        return kit.Page(await to_models(page.records), page.next, None, page.print, page.sync_token)

    return kit.Pages(fetch, pages.applied)


def a_few_at_once(
    pages: kit.Pages[S], fits: Callable[[S], bool], to_models: Callable[[S], Awaitable[list[M]]]
) -> kit.Pages[M]:
    """The records that fit, a few to a page, because each of them costs calls of its own."""

    async def fetch(cursor: str | None) -> kit.Page[M]:
        used, _, inner = (cursor or "0 ").partition(" ")
        page = await pages.fetch(inner or None)
        fitting = [one for one in page.records if fits(one)][int(used) :]
        found = await kit.gather(*(to_models(one) for one in fitting[:FEW]))
        following = None if page.next is None else f"0 {page.next}"
        if len(fitting) > FEW:
            following = f"{int(used) + FEW} {inner}"
        return kit.Page([model for models in found for model in models], following)

    return kit.Pages(fetch, pages.applied)


def of_ids(pages: kit.Pages[str], read: Callable[[list[str]], Awaitable[list[M]]]) -> kit.Pages[M]:
    """The records of a list of ids, a few to a page; the ids that wait stand in the cursor, so

    that the list, whose pages are large, is asked once for each.
    """

    async def fetch(cursor: str | None) -> kit.Page[M]:
        waiting, _, inner = (cursor or " ").partition(" ")
        ids, following = waiting.split(","), inner or None
        seen: kit.Page[str] = kit.Page([])
        if not waiting:
            seen = await pages.fetch(following)
            ids, following = list(dict.fromkeys(seen.records)), seen.next
        found = await read(ids[:FEW])
        on = ",".join(ids[FEW:])
        ends = not on and following is None
        return replace(
            kit.Page(found, None if ends else f"{on} {following or ''}"),
            print=seen.print,
            sync_token=seen.sync_token,
            marks=seen.marks,
        )

    return kit.Pages(fetch, pages.applied)

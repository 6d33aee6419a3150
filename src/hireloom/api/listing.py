"""A page of a list: the vendor's pages cut to the caller's size, with every filter honoured."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec

from hireloom.api.filters import Filter, judge
from hireloom.kit import Pages
from hireloom.kit.trip import current
from hireloom.models import Model, Request

T = TypeVar("T", bound=Model)

SEARCHED_PAGES = 20  # of the vendor's, before a page goes out that is not full yet
SEARCHED_SECONDS = 15.0


@dataclass(frozen=True)
class Listing(Generic[T]):
    """What a list operation answers with; the page is cut from it.

    `finish` fills in what is only wanted for the records that go out.
    """

    pages: Pages[T]
    query: Request | None = None
    filters: Mapping[str, Filter] = field(default_factory=dict)
    finish: Callable[[list[T]], Awaitable[list[T]]] | None = None


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where the next page begins: a page of the vendor's, and how much of it is used up."""

    cursor: str | None = None
    skip: int = 0
    size: int | None = None  # of the vendor's pages, which must stay for `skip` to mean the same


@dataclass(frozen=True)
class Cut(Generic[T]):
    records: list[T]
    raws: list[Any] | None
    next: Place | None
    applied: tuple[str, ...] = ()
    completed: tuple[str, ...] = ()


async def cut(listing: Listing[T], size: int, place: Place) -> Cut[T]:
    """The next `size` records that fit. A page may be shorter, even empty, and still have a next:

    a rare filter must not keep the caller waiting while thousands of records are searched.
    """
    verdict = judge(listing.query, listing.filters, listing.pages.applied)
    records: list[T] = []
    raws: list[Any] = []
    following: Place | None = place
    searched = 0
    while following is not None:
        page = await listing.pages.page(following.cursor)
        searched += 1
        here = following
        left = max(0, here.skip - len(page.records))  # the vendor's page became shorter meanwhile
        following = None if page.next is None else Place(page.next, left, place.size)
        for index in range(here.skip, len(page.records)):
            if not verdict.fits(page.records[index]):
                continue
            if len(records) == size:
                following = Place(here.cursor, index, place.size)
                break
            records.append(page.records[index])
            if page.raws is not None:
                raws.append(page.raws[index])
        if len(records) >= size or searched >= SEARCHED_PAGES or current().left < SEARCHED_SECONDS:
            break
    if listing.finish is not None:
        records = await listing.finish(records)
    keep_raw = current().keep_raw and len(raws) == len(records)
    return Cut(records, raws if keep_raw else None, following, verdict.applied, verdict.completed)

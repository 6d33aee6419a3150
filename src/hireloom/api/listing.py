"""A page of a list: the vendor's pages cut to the caller's size, with every filter honoured."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec

from hireloom.completion import Filter, Verdict, judge
from hireloom.errors import TimedOutError, UnavailableError, UpstreamRateLimitedError
from hireloom.kit import Pages
from hireloom.kit.trip import current
from hireloom.models import Model, Request

T = TypeVar("T", bound=Model)

SEARCHED_PAGES = 20  # of the vendor's, before a page goes out that is not full yet
SEARCHED_SECONDS = 15.0
FINISHED_AT_ONCE = 50  # records whose sections are fetched together
USED_UP = (UpstreamRateLimitedError, TimedOutError, UnavailableError)


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

    a rare filter must not keep the caller waiting while thousands of records are searched, and when
    the vendor's limit is used up, what is complete goes out and the rest is for the next page.
    """
    verdict = judge(listing.query, listing.filters, listing.pages.applied)
    found, following = await _collect(listing, verdict, size, place)
    records = [one.record for one in found]
    if listing.finish is not None:
        records = await _finished(listing.finish, records)
        if len(records) < len(found):
            following = found[len(records)].place
    raws = [one.raw for one in found[: len(records)]]
    keep_raw = current().keep_raw and all(raw is not None for raw in raws)
    return Cut(records, raws if keep_raw else None, following, verdict.applied, verdict.completed)


@dataclass(frozen=True, slots=True)
class _Found(Generic[T]):
    record: T
    raw: Any
    place: Place


async def _collect(
    listing: Listing[T], verdict: Verdict, size: int, place: Place
) -> tuple[list[_Found[T]], Place | None]:
    found: list[_Found[T]] = []
    following: Place | None = place
    for searched in range(SEARCHED_PAGES):
        if following is None or len(found) >= size:
            break
        if searched and current().left < SEARCHED_SECONDS:
            break
        here = following
        try:
            page = await listing.pages.page(here.cursor)
        except USED_UP:
            if found:
                break
            raise
        left = max(0, here.skip - len(page.records))  # the vendor's page became shorter meanwhile
        following = None if page.next is None else Place(page.next, left, place.size)
        for index in range(here.skip, len(page.records)):
            if not verdict.fits(page.records[index]):
                continue
            at = Place(here.cursor, index, place.size)
            if len(found) == size:
                following = at
                break
            raw = None if page.raws is None else page.raws[index]
            found.append(_Found(page.records[index], raw, at))
    return found, following


async def _finished(finish: Callable[[list[T]], Awaitable[list[T]]], records: list[T]) -> list[T]:
    """The records with what is fetched apart, as many of them as the vendor's limit allows."""
    done: list[T] = []
    for start in range(0, len(records), FINISHED_AT_ONCE):
        try:
            done += await finish(records[start : start + FINISHED_AT_ONCE])
        except USED_UP:
            if done:
                break
            raise
    return done

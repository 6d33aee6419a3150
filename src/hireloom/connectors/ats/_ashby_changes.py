"""Ashby's deltas: a table's own sync token, and what to do where there is none.

A token belongs to a list with its parameters and comes with the list's last page. It names changed
rows only: what was deleted is never told, and the records that show a row are to be found here.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from hireloom import kit
from hireloom.connectors.ats._ashby_forms import moment
from hireloom.connectors.ats._ashby_lookups import AshbyLookups
from hireloom.connectors.ats._ashby_refusals import STALE
from hireloom.connectors.ats._ashby_shapes import (
    AshbyDepartment,
    AshbyKnown,
    AshbyLocation,
    AshbyPosting,
)

S = TypeVar("S")


class AshbyChangedCandidate(kit.VendorStructCamel, frozen=True):
    """Of a candidate only whose applications show it."""

    application_ids: list[str] | None = None
    updated_at: Any = None


class AshbyChangedSchedule(kit.VendorStructCamel, frozen=True):
    application_id: str | None = None
    created_at: Any = None
    updated_at: Any = None


class AshbyOfferTime(kit.VendorStructCamel, frozen=True):
    created_at: Any = None


class AshbyChangedOffer(kit.VendorStructCamel, frozen=True):
    """An offer does not say when it changed, only when it was made and decided."""

    application_id: str | None = None
    decided_at: Any = None
    latest_version: AshbyOfferTime | None = None


class AshbyOpeningVersion(kit.VendorStructCamel, frozen=True):
    job_ids: list[str] | None = None
    created_at: Any = None


class AshbyChangedOpening(kit.VendorStructCamel, frozen=True):
    opened_at: Any = None
    closed_at: Any = None
    archived_at: Any = None
    latest_version: AshbyOpeningVersion | None = None

    @property
    def job_ids(self) -> list[str]:
        return (self.latest_version.job_ids if self.latest_version else None) or []


class AshbyChangedPosting(AshbyPosting, frozen=True):
    job_id: str | None = None
    updated_at: Any = None


class AshbyChangedDepartment(AshbyDepartment, frozen=True):
    updated_at: Any = None


class AshbyChangedLocation(AshbyLocation, frozen=True):
    updated_at: Any = None  # UNCONFIRMED: no published list of its fields has one


class AshbyChangedPlan(AshbyKnown, frozen=True):
    updated_at: Any = None


class Updated(Protocol):
    @property
    def updated_at(self) -> Any: ...


class AshbyChanges(AshbyLookups):
    def _changed(
        self,
        name: str,
        path: str,
        shape: type[S],
        since: kit.Since,
        changed_at: Callable[[S], datetime | None],
        *,
        body: dict[str, Any] | None = None,
    ) -> kit.Pages[S]:
        """The rows of a table that changed since its own token was given.

        Without one, or where Ashby no longer takes it: of the whole table what changed at or after
        `since.at`, and what does not say when it changed. Which way was taken stands in the cursor.
        """
        size, token = self.paging.largest, since.marks.get(name)
        bare = body or {}
        whole: kit.Pages[S] = self.pages(path, shape, body=bare, size=size)
        delta: kit.Pages[S] = self.pages(path, shape, body={**bare, "syncToken": token}, size=size)

        async def fetch(cursor: str | None) -> kit.Page[S]:
            way, _, inner = (cursor or ("delta " if token else "whole ")).partition(" ")
            if way == "delta":
                try:
                    return onward(way, await delta.fetch(inner or None))
                except kit.ConflictError as error:
                    if error.detail != STALE:
                        raise
                way, inner = "whole", ""
            page = await whole.fetch(inner or None)
            kept = [row for row in page.records if not is_before(since.at, changed_at(row))]
            return replace(onward(way, page), records=kept)

        return kit.Pages(fetch)


def onward(way: str, page: kit.Page[S]) -> kit.Page[S]:
    return replace(page, next=None if page.next is None else f"{way} {page.next}", raws=None)


def is_before(at: datetime, changed: datetime | None) -> bool:
    return changed is not None and changed < at


def ids_of(rows: kit.Pages[S], to_ids: Callable[[S], Iterable[str | None]]) -> kit.Pages[str]:
    """The ids of the records that show these rows."""

    async def fetch(cursor: str | None) -> kit.Page[str]:
        page = await rows.fetch(cursor)
        ids = [one for row in page.records for one in to_ids(row) if one]
        return kit.Page(ids, page.next, None, page.print, page.sync_token)

    return kit.Pages(fetch)


def newest(*times: Any) -> datetime | None:
    return max((found for one in times if (found := moment(one))), default=None)


def updated_at(row: Updated) -> datetime | None:
    return moment(row.updated_at)


def schedule_changed_at(schedule: AshbyChangedSchedule) -> datetime | None:
    return moment(schedule.updated_at) or moment(schedule.created_at)


def offer_changed_at(offer: AshbyChangedOffer) -> datetime | None:
    """Nobody knows of one that is still open: it may have been approved or sent meanwhile."""
    version = offer.latest_version or AshbyOfferTime()
    decided = moment(offer.decided_at)
    return decided and newest(offer.decided_at, version.created_at)


def opening_changed_at(opening: AshbyChangedOpening) -> datetime | None:
    version = opening.latest_version or AshbyOpeningVersion()
    return newest(opening.opened_at, opening.closed_at, opening.archived_at, version.created_at)

"""What changed in Lever since a time, what was deleted, all ids, and records by their ids.

A list of changes is several lists read in turn: the records by their own time of change, then what
can change without moving it, then what Lever says was deleted. Whether an interview, an offer or a
file moves an opportunity's `updatedAt` is UNCONFIRMED, and no filter finds the time of the last
interaction. So where such a section is wanted, all open opportunities are read, and those with an
interaction since then are given.

What polling cannot see comes by webhook or with the next full run: interviews of archived
opportunities; a contact, should its change not move its opportunities; a person's last deletion,
where the list of deletions does not name the person. With the full run alone come offers and files
of archived opportunities, an interview that is over, what was renamed (stages, users, reasons), a
posting that went to another requisition, and requisitions that were deleted.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec

from hireloom import kit
from hireloom.connectors.ats import _lever_applications as people
from hireloom.connectors.ats import _lever_filters as filters
from hireloom.connectors.ats import _lever_shapes as lever
from hireloom.connectors.ats import _lever_words as words
from hireloom.connectors.ats._lever_hooks import LeverDeleted
from hireloom.connectors.ats._lever_lookups import (
    AT_ONCE,
    EXPANDED,
    WITH_CONTACT,
    Found,
    Links,
    Listing,
)
from hireloom.connectors.ats._lever_reads import (
    STAGES_OF_APPLICATIONS,
    LeverReads,
    present,
    readable,
)
from hireloom.models import (
    Application,
    ApplicationModel,
    ApplicationQuery,
    Candidate,
    CandidateModel,
    CandidateQuery,
    CandidateSearch,
    Job,
    JobModel,
    JobQuery,
)

M = TypeVar("M")
S = TypeVar("S", lever.LeverOpportunity, lever.LeverPosting, lever.LeverRequisition)

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# A list of deletions is said to take a span of 30 days at most (UNCONFIRMED for all but postings).
SPAN = timedelta(days=29) // timedelta(milliseconds=1)
SPANS = 13  # what was deleted before all of these is left to the full run
CONFIDENTIAL = "confidential"
ON_INTERACTION = (
    ApplicationModel.INTERVIEWS,
    ApplicationModel.OFFERS,
    ApplicationModel.ATTACHMENTS,
)


class LeverRow(kit.VendorStructCamel, frozen=True):
    """A record of any list, where only its id, or that of its person, is wanted."""

    id: str
    contact: str | lever.LeverContact | None = None


class LeverChanges(LeverReads):
    """The half of the Lever connector's reading that only syncs need."""

    # Applications.

    def list_changed_applications(
        self, since: kit.Since, query: ApplicationQuery
    ) -> kit.Pages[Application]:
        params, applied = filters.application_filters(query)

        def window(name: str, keep: Keep | None = None) -> kit.Pages[Application]:
            narrowed = filters.starting(params, name, since.at)
            return self._application_list(narrowed, applied, query, keep)

        async def unlinked(rows: list[LeverDeleted]) -> kit.Page[Application]:
            found = await self._opportunities_by_id(row.opportunity for row in rows)
            return kit.Page(present(await self._as_applications(found, query)))

        lists = {"updated": window("updated_at_start")}
        if any(words.wants(query.models, one) for one in STAGES_OF_APPLICATIONS):
            lists["advanced"] = window("advanced_at_start", still(since.at))
        if params.get("archived") is not False:
            lists["archived"] = window("archived_at_start", still(since.at))
        open_too = params.get("archived") is not True
        if open_too and any(words.wants(query.models, one) for one in ON_INTERACTION):
            still_open = {**params, "archived": False}
            lists["interactions"] = self._application_list(
                still_open, applied, query, interacted(since.at)
            )
        lists["unlinked"] = self._deletions("/applications/deleted", since.at, unlinked)
        lists["deleted"] = self._deletions("/opportunities/deleted", since.at, gone)
        return in_turn(lists)

    def list_application_ids(self) -> kit.Pages[str]:
        return self._ids("/opportunities", lambda row: row.id)

    async def get_applications(
        self, ids: Sequence[str], query: ApplicationQuery
    ) -> list[Application]:
        return readable(await self._as_applications(await self._opportunities_by_id(ids), query))

    async def _as_applications(
        self, found: Found, query: ApplicationQuery
    ) -> list[Application | None]:
        models = filters.application_models(query)
        return await self._applications(found, await self._links(found), models)

    async def _opportunities_by_id(self, ids: Iterable[str | None]) -> list[lever.LeverOpportunity]:
        params = {"expand": EXPANDED}
        return await self._by_id("/opportunities/{}", lever.LeverOpportunity, ids, params)

    # Candidates.

    def list_changed_candidates(
        self, since: kit.Since, query: CandidateQuery
    ) -> kit.Pages[Candidate]:
        params, applied = filters.candidate_filters(query)

        async def unlinked(rows: list[LeverDeleted]) -> kit.Page[Candidate]:
            found = await self._opportunities_by_id(row.opportunity for row in rows)
            groups = await self._groups(words.id_of(one.contact) for one in found)
            return kit.Page(present(await self._as_candidates(groups, query)))

        async def deleted(rows: list[LeverDeleted]) -> kit.Page[Candidate]:
            """Who has a candidacy left is read again; only who has none is gone."""
            touched = dict.fromkeys(row.person for row in rows if row.person)
            groups = await self._groups(touched)
            left = tuple(one for one in touched if one not in groups)
            return kit.Page(present(await self._as_candidates(groups, query)), gone=left)

        narrowed = filters.starting(params, "updated_at_start", since.at)
        lists = {"updated": self._people(narrowed, applied, query, CandidateSearch())}
        if has_files(query.models):
            lists["interactions"] = self._people_touched(params, applied, since.at, query)
        lists["unlinked"] = self._deletions("/applications/deleted", since.at, unlinked)
        lists["deleted"] = self._deletions("/opportunities/deleted", since.at, deleted)
        return in_turn(lists)

    def list_candidate_ids(self) -> kit.Pages[str]:
        """The people behind the opportunities; one with several may come on several pages."""
        rows = self._ids("/opportunities", lambda row: words.id_of(row.contact))

        async def fetch(cursor: str | None) -> kit.Page[str]:
            page = await rows.fetch(cursor)
            return replace(page, records=list(dict.fromkeys(page.records)), raws=None)

        return kit.Pages(fetch)

    async def get_candidates(self, ids: Sequence[str], query: CandidateQuery) -> list[Candidate]:
        groups = await self._groups(one for one in ids if UUID.fullmatch(one))
        return readable(await self._as_candidates(groups, query))

    async def _groups(self, contacts: Iterable[str | None]) -> Mapping[str, Found]:
        """The candidacies of those people who have any."""
        whole: Listing = {**self._confidential, "expand": WITH_CONTACT}
        found = await self._candidacies_of((one for one in contacts if one), whole)
        return people.by_contact(found)

    async def _as_candidates(
        self, groups: Mapping[str, Found], query: CandidateQuery
    ) -> list[Candidate | None]:
        known = [one for group in groups.values() for one in group]
        portray = await self._portraits(known, await self._links(known), query.models)
        return kit.mapped(list(groups.values()), portray)

    def _people_touched(
        self, params: Listing, applied: Sequence[str], since: datetime, query: CandidateQuery
    ) -> kit.Pages[Candidate]:
        """Whoever has an open opportunity with an interaction that did not count as an update."""
        keep = interacted(since)

        async def join(found: Found, _: Links, __: Sequence[Listing]) -> list[Candidate | None]:
            groups = await self._groups(words.id_of(one.contact) for one in found if keep(one))
            made = {one.info.id: one for one in present(await self._as_candidates(groups, query))}
            return [made.pop(words.id_of(one.contact) or "", None) for one in found]

        still_open = {**params, "expand": EXPANDED, "archived": False}
        return self._opportunities(still_open, applied, join, query.job_id, query.tag)

    # Jobs.

    def list_changed_jobs(self, since: kit.Since, query: JobQuery) -> kit.Pages[Job]:
        if self._by_requisition:
            return self._changed_requisitions(since.at, query)
        lists = {"updated": self._changed_postings(since.at, query)}
        if JobModel.QUESTIONS in query.models:
            lists["forms"] = self._open_postings(query)
        lists["deleted"] = self._deletions("/postings/deleted", since.at, gone)
        return in_turn(lists)

    def list_job_ids(self) -> kit.Pages[str]:
        path = "/requisitions" if self._by_requisition else "/postings"
        return self._ids(path, lambda row: row.id)

    async def get_jobs(self, ids: Sequence[str], query: JobQuery) -> list[Job]:
        models = filters.job_models(query)
        if self._by_requisition:
            requisitions = await self._by_id("/requisitions/{}", lever.LeverRequisition, ids)
            return readable(await self._requisition_jobs(requisitions, models))
        return readable(await self._posting_jobs(await self._postings_by_id(ids), models))

    async def _postings_by_id(self, ids: Iterable[str]) -> list[lever.LeverPosting]:
        return await self._by_id("/postings/{}", lever.LeverPosting, ids)

    def _changed_postings(self, since: datetime, query: JobQuery) -> kit.Pages[Job]:
        latest = max(since, query.updated_after or since)
        params, applied = filters.posting_filters(
            msgspec.structs.replace(query, updated_after=latest)
        )
        models = filters.job_models(query)
        whole = self._posting_list({"include": "content", **params}, applied, models)
        bare = self._rows("/postings", params)

        async def fetch(cursor: str | None) -> kit.Page[Job]:
            """UNCONFIRMED whether `include` may stand beside a time of change. If it may not, the

            postings are read one by one: without their text they would look changed.
            """
            try:
                return await whole.fetch(cursor)
            except kit.RejectedError:
                page = await bare.fetch(cursor)
                found = await self._postings_by_id(row.id for row in page)
                made = present(await self._posting_jobs(found, models))
                return kit.Page(made, page.next, print=page.print)

        return kit.Pages(fetch, whole.applied)

    def _open_postings(self, query: JobQuery) -> kit.Pages[Job]:
        """A form may change without its posting, so all that can be applied to are given."""
        models = filters.job_models(query)
        return self._posting_list({"include": "content"}, (), models, has_form)

    def _changed_requisitions(self, since: datetime, query: JobQuery) -> kit.Pages[Job]:
        """Lever cannot filter requisitions by their time of change, so all are read."""

        def changed(one: lever.LeverRequisition) -> bool:
            return one.updated_at is None or moved(one.updated_at, since)

        params = filters.starting({}, "updated_at_start", since)
        postings = self._rows("/postings", params)

        async def holders(cursor: str | None) -> kit.Page[Job]:
            page = await postings.fetch(cursor)
            ids = {row.id for row in page}

            def holds(one: lever.LeverRequisition) -> bool:
                return any(words.id_of(posting) in ids for posting in one.postings or [])

            if not ids:
                return kit.Page([], page.next)
            await self._learn_postings()
            found = await self._requisitions(query, holds).all()
            return kit.Page(found, page.next, print=page.print)

        lists = {"updated": self._requisitions(query, changed)}
        if words.wants(query.models, JobModel.POSTS):
            lists["posts"] = kit.Pages(holders)
        return in_turn(lists)

    # What all of them share.

    def _rows(self, path: str, params: Listing) -> kit.Pages[LeverRow]:
        """A list without its joins, for the ids in it."""
        params_too = {**self._confidential, **params}
        return self.pages(path, LeverRow, params=params_too, size=self.paging.largest)

    def _ids(self, path: str, to_id: Callable[[LeverRow], str | None]) -> kit.Pages[str]:
        return self.pages(
            path, LeverRow, to_id, params=self._confidential, size=self.paging.largest
        )

    async def _by_id(
        self,
        path: str,
        shape: type[S],
        ids: Iterable[str | None],
        params: Mapping[str, Any] | None = None,
    ) -> list[S]:
        """Those that are there. Ids are UUIDs (documentation): nothing else leads to a record."""
        wanted = [one for one in dict.fromkeys(ids) if one and UUID.fullmatch(one)]
        found: list[S | None] = []
        for batch in kit.chunks(wanted, AT_ONCE):
            found += await kit.gather(*(self._one(path, shape, one, params) for one in batch))
        return present(found)

    async def _one(
        self, path: str, shape: type[S], identity: str, params: Mapping[str, Any] | None
    ) -> S | None:
        """A record by its id, unless the lists would not show it either."""
        try:
            found = await self.get(kit.path(path, identity), shape, params=params)
        except kit.ResourceNotFoundError:
            return None
        except kit.PermissionMissingError as error:
            if is_confidential(error):
                return None
            raise
        hidden = found.confidentiality == CONFIDENTIAL and not self._confidential
        return None if hidden else found

    def _deletions(
        self,
        path: str,
        since: datetime,
        to_page: Callable[[list[LeverDeleted]], Awaitable[kit.Page[M]]],
    ) -> kit.Pages[M]:
        """What was deleted since then, a span after the other; the cursor names the span."""
        asked = kit.to_millis(since) or 0

        async def fetch(cursor: str | None) -> kit.Page[M]:
            now = kit.to_millis(datetime.now(UTC)) or 0
            span, _, token = (cursor or f"{max(asked, now - SPANS * SPAN)}:").partition(":")
            begin, _, finish = span.partition("-")
            start = int(begin)
            end = int(finish) if finish else max(start, min(start + SPAN, now))
            params = {"deleted_at_start": start, "deleted_at_end": end}
            rows: kit.Pages[LeverDeleted] = self.pages(
                path, LeverDeleted, params=params, size=self.paging.largest
            )
            page = await rows.fetch(token or None)
            following = None
            if page.next is not None:
                following = f"{start}-{end}:{page.next}"
            elif end - start == SPAN:
                following = f"{end}:"
            return replace(await to_page(page.records), next=following, print=page.print)

        return kit.Pages(fetch)


def has_files(models: Sequence[CandidateModel]) -> bool:
    """Whether a section is wanted that comes out of files; of résumés only what is named is."""
    named = not people.READ_FROM_RESUMES.isdisjoint(models)
    return named or words.wants(models, CandidateModel.ATTACHMENTS)


def has_form(posting: lever.LeverPosting) -> bool:
    """Whether people can apply to it, so that a change of its questions matters."""
    return posting.state in words.TAKES_APPLICATIONS


Keep = Callable[[lever.LeverOpportunity], bool]


def still(since: datetime) -> Keep:
    """Of what a list by another time finds: what the list by the time of change did not show."""
    return lambda one: not moved(one.updated_at, since)


def interacted(since: datetime) -> Keep:
    unseen = still(since)
    return lambda one: moved(one.last_interaction_at, since) and unseen(one)


def moved(time: lever.Time, since: datetime) -> bool:
    found = words.instant(time)
    return found is not None and found >= since


def is_confidential(error: kit.PermissionMissingError) -> bool:
    """UNCONFIRMED: that a refusal for this one record says why."""
    said = error.upstream.body if error.upstream else None
    return CONFIDENTIAL in (said or "").casefold()


def in_turn(lists: Mapping[str, kit.Pages[M]]) -> kit.Pages[M]:
    """Two lists may have the same page without either having sent it twice."""

    def apart(name: str, pages: kit.Pages[M]) -> kit.Pages[M]:
        async def fetch(cursor: str | None) -> kit.Page[M]:
            page = await pages.fetch(cursor)
            return replace(page, print=page.print and hash((name, page.print)))

        return kit.Pages(fetch, pages.applied)

    return kit.in_turn({name: apart(name, pages) for name, pages in lists.items()})


async def gone(rows: list[LeverDeleted]) -> kit.Page[Any]:
    return kit.Page([], gone=tuple(row.id for row in rows))

"""Greenhouse: what the lists hold now: the world with the clients' writes laid over it."""

import heapq
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from hireloom.sandbox._greenhouse_company import STAGES, STAGES_OF_JOB
from hireloom.sandbox._greenhouse_numbers import FIRST, number
from hireloom.sandbox._greenhouse_query import (
    Query,
    Wanted,
    Window,
    cursor_after,
    matches,
    missing,
)
from hireloom.sandbox._greenhouse_tables import TABLES, Table, root_counts
from hireloom.sandbox.vendor import Overlay
from hireloom.sandbox.world import World

Record = dict[str, Any]

# Filters by a parent's ids, and the list that the parent is in.
_PARENTS = {
    "application_ids": "applications",
    "candidate_ids": "candidates",
    "job_ids": "jobs",
    "interview_ids": "interviews",
    "scorecard_ids": "scorecards",
    "scorecard_question_ids": "scorecard_questions",
    "interview_kit_ids": "interview_kits",
    "job_interview_ids": "job_interviews",
    "job_post_ids": "job_posts",
    "prospective_job_ids": "jobs",
    "stage_ids": "job_interview_stages",
    "job_interview_stage_ids": "job_interview_stages",
    "user_ids": "users",
}
_KIND_OF_ROOT = {"person": "candidates", "application": "applications", "job": "jobs"}
# By what a list hangs on: the fields that name a parent without which a record is gone.
_PARENT_FIELDS = {
    "application": (
        ("application_id", "applications"),
        ("candidate_id", "candidates"),
        ("interview_id", "interviews"),
        ("scorecard_id", "scorecards"),
    ),
    "person": (("candidate_id", "candidates"),),
    "job": (("job_id", "jobs"), ("job_post_id", "job_posts")),
}
_GRANDPARENT_FIELDS = {"interview_id": "interviews", "scorecard_id": "scorecards"}
# People made by the world have their index in their address: nobody needs to be looked through.
_INDEX_IN_EMAIL = re.compile(r"(\d{1,9})@")


class Shelf:
    """Lists and single records, newest id first, without ever walking through everything."""

    def __init__(self, world: World, overlay: Overlay) -> None:
        self.world = world
        self.overlay = overlay
        self.counts = root_counts(world)
        self._last: dict[str, int] = {}

    def page(self, table: Table, query: Query) -> tuple[list[Record], str | None]:
        """One page, and the cursor of the next where there is one."""
        wanted = {
            name: value
            for name, value in query.wanted.items()
            # true shows private people and service accounts too, it does not ask for them alone
            if not (name in {"private", "show_service_accounts"} and value is True)
        }
        found: list[Record] = []
        for record in self.records(table, query):
            if not matches(record, wanted, table.filters):
                continue
            if len(found) == query.per_page:
                return found, cursor_after(query, int(found[-1]["id"]))
            found.append(record)
        return found, None

    def get(self, kind: str, key: Any) -> Record:
        """The record with this id; RefusalError 404 when there is none."""
        record = self.find(kind, key)
        if record is None:
            raise missing(kind.removesuffix("s"), key)
        return record

    def find(self, kind: str, key: Any) -> Record | None:
        made = self.overlay.created.get(kind, {}).get(key)
        table = TABLES[kind]
        if made is not None:
            return None if self._orphan(table, made) else made
        root = (key - FIRST[kind]) // table.each if isinstance(key, int) else -1
        if not 0 <= root < self.counts[table.root]:
            return None
        return next((each for each in self.of_root(table, root) if each["id"] == key), None)

    def root_of(self, kind: str, key: int) -> int | None:
        """The index that the record with this id hangs on; None for one that a client made."""
        root = (key - FIRST[kind]) // TABLES[kind].each
        return root if 0 <= root < self.counts[TABLES[kind].root] else None

    def new_id(self, kind: str) -> int:
        """An id above all that the world has."""
        table = TABLES[kind]
        first = number(kind, self.counts[table.root] * table.each)
        self._last[kind] = max(first, self._last.get(kind, 0) + 1)
        return self._last[kind]

    def rows(self, kind: str, **ids: int | None) -> list[Record]:
        """The records of a list whose filters (`application_ids=7`) name this parent."""
        table = TABLES[kind]
        wanted: dict[str, Wanted] = {
            name: frozenset(() if key is None else (key,)) for name, key in ids.items()
        }
        query = Query(raw={}, wanted=wanted, per_page=1, fields=None, below=None)
        made = self.overlay.created.get(kind, {}).values()
        found = [
            record
            for each in (made, self._pure(table, query))
            for record in each
            if matches(record, wanted, table.filters)
        ]
        kept = [record for record in found if not self._orphan(table, record)]
        return sorted(kept, key=lambda record: -int(record["id"]))

    def stages_of(self, job: int) -> list[int]:
        """Ids of a job's stages, in their order."""
        root = self.root_of("jobs", job)
        if root is not None:
            first = number("job_interview_stages", root * STAGES_OF_JOB)
            return [first + place for place in STAGES]
        made = self.overlay.created.get("job_interview_stages", {})
        return sorted(key for key, stage in made.items() if stage["job_id"] == job)

    def records(self, table: Table, query: Query) -> Iterator[Record]:
        made = self.overlay.created.get(table.name, {})
        below = query.below
        fresh = (
            made[key]
            for key in sorted(made, reverse=True)
            if (below is None or key < below) and key in made and not self._orphan(table, made[key])
        )
        pure = self._pure(table, query)
        return heapq.merge(fresh, pure, key=lambda record: -int(record["id"]))

    def _pure(self, table: Table, query: Query) -> Iterator[Record]:
        made = self.overlay.created.get(table.name, {})
        below = query.below
        last = None if below is None else (below - 1 - FIRST[table.name]) // table.each
        for root in self._roots(table, query.wanted, last):
            for record in reversed(self.of_root(table, root)):
                if record["id"] not in made and (below is None or record["id"] < below):
                    yield record

    def of_root(self, table: Table, root: int) -> list[Record]:
        """The records that hang on one root, as they are now."""
        if self._gone(table.root, root):
            return []
        made = table.of(self.world, root)
        overlay = self.overlay
        if table.name not in overlay.changed and not overlay.deleted:
            return made
        laid = (overlay.over(table.name, record["id"], record) for record in made)
        return [record for record in laid if record is not None and not self._orphan(table, record)]

    def _gone(self, root_kind: str, root: int) -> bool:
        kind = _KIND_OF_ROOT.get(root_kind)
        return kind is not None and number(kind, root) in self.overlay.deleted.get(kind, ())

    def _orphan(self, table: Table, record: Record) -> bool:
        """Whether a parent of the record was deleted, or a parent's parent."""
        deleted = self.overlay.deleted
        if not deleted:
            return False
        if any(
            kind in deleted and record.get(field) in deleted[kind]
            for field, kind in _PARENT_FIELDS.get(table.root, ())
        ):
            return True
        return any(
            field in record and self.find(kind, record[field]) is None
            for field, kind in _GRANDPARENT_FIELDS.items()
        )

    def _roots(self, table: Table, wanted: Mapping[str, Wanted], last: int | None) -> Iterator[int]:
        """Roots that can hold matches, highest first, each once."""
        count = self.counts[table.root]
        top = count - 1 if last is None else min(last, count - 1)
        narrowed = self._narrowed(table, wanted)
        if narrowed is None:
            yield from range(top, -1, -1)
            return
        seen = -1
        for root in heapq.merge(*narrowed, reverse=True):
            if root != seen and root <= top:
                yield root
            seen = root

    def _roots_of(self, table: Table, keys: Iterable[int]) -> list[int]:
        roots = {(key - FIRST[table.name]) // table.each for key in keys}
        return sorted(roots, reverse=True)

    def _narrowed(
        self, table: Table, wanted: Mapping[str, Wanted]
    ) -> tuple[Iterable[int], ...] | None:
        """Roots that the world names, and those whose records were changed since."""
        changed = self.overlay.changed.get(table.name, {})
        for name, value in wanted.items():
            parent = table.name if name == "ids" else _PARENTS.get(name)
            if parent is not None and isinstance(value, frozenset):
                roots = self._of_parents(table, parent, value)
                if roots is not None:
                    field = table.filters[name].field
                    moved = self.overlay.moved.get((table.name, field), ())
                    return roots, self._roots_of(table, moved)
        email = wanted.get("email")
        if isinstance(email, str) and table.root == "person":
            held = _INDEX_IN_EMAIL.search(email)
            return ([int(held[1])] if held else []), self._roots_of(table, changed)
        window = wanted.get("updated_at")
        if isinstance(window, Window) and table.root in {"application", "person"}:
            bounds = (_moment(window.low), _moment(window.high))
            hit = (
                self.world.applications_updated(*bounds)
                if table.root == "application"
                else self.world.people_updated(*bounds)
            )
            return reversed(hit), self._roots_of(table, changed)
        return None

    def _of_parents(self, table: Table, parent: str, ids: frozenset[int]) -> Iterable[int] | None:
        over = TABLES[parent].root
        roots = [root for key in ids if (root := self.root_of(parent, key)) is not None]
        if over == table.root:
            return sorted(set(roots), reverse=True)
        if table.root != "application":
            return None
        if over == "person":
            found = {each for root in roots for each in self.world.applications_of_person(root)}
            return sorted(found, reverse=True)
        if over == "job":
            several = (self.world.applications_of_job(root) for root in sorted(set(roots)))
            return heapq.merge(*several, reverse=True)
        return None


def _moment(stamp: str) -> datetime | None:
    try:
        return datetime.fromisoformat(stamp).astimezone(UTC)
    except ValueError:  # an open end
        return None

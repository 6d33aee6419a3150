"""Greenhouse Harvest v3: what changed since, and all ids there are.

A record is put together from tables that change without touching its own row: an offer, an
interview, a tag. So after the rows that changed themselves come those tables, each by its own
updated_at, and the records that their changed rows belong to are read again, fifty to a call. A
record whose own row is new enough is left out there: the first list has it.

Four things are seen by the next full run only, because nothing tells of them: that a row was taken
away (an interviewer, an owner, a tag), that something many records refer to got another name (a
user, a stage, a source, a place), that a note left its rejection, and, where Greenhouse refuses the
filter updated_at for a table about people (UNCONFIRMED for most), what changed in that table. The
company's own tables are short: they are then read whole and filtered here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from hireloom import kit
from hireloom.connectors.ats._greenhouse_filters import between
from hireloom.connectors.ats._greenhouse_job_records import (
    GreenhouseJob,
)
from hireloom.connectors.ats._greenhouse_lists import Reading, Row
from hireloom.connectors.ats._greenhouse_people import numbers
from hireloom.connectors.ats._greenhouse_records import (
    GreenhouseChange,
    GreenhouseNumbered,
)
from hireloom.models import (
    ApplicationModel,
    ApplicationQuery,
    CandidateModel,
    CandidateQuery,
    JobModel,
    JobQuery,
    Word,
)

S = TypeVar("S", bound=Row)
M = TypeVar("M")


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table whose rows show in records without touching theirs.

    `key` is the field that leads to a record: its id, taken as the filter `by`; or that of a row in
    the table `via`, which then has it under the second name.
    """

    path: str
    key: str
    shows: frozenset[Word]  # the sections that its rows are seen in
    by: str = "ids"
    via: tuple[str, str] | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)  # the records that it can matter to
    of_the_company: bool = False  # short enough to be read whole
    absent: tuple[type[kit.HireloomError], ...] = ()  # what says that there is nothing to read


INFO, STAGE, REJECTION = ApplicationModel.INFO, ApplicationModel.STAGE, ApplicationModel.REJECTION
# These are read for changes only; an account whose scopes do not open them loses nothing else.
CLOSED = (kit.PermissionMissingError,)

OF_APPLICATIONS: Mapping[str, Table] = {
    "candidates": Table(path="/candidates", key="id", by="candidate_ids", shows=frozenset({INFO})),
    # UNCONFIRMED whether a tag touches the candidate's row.
    "tags": Table(
        path="/applied_candidate_tags",
        key="candidate_id",
        by="candidate_ids",
        shows=frozenset({INFO}),
        absent=CLOSED,
    ),
    "stays": Table(
        path="/application_stages",
        key="application_id",
        shows=frozenset({STAGE, REJECTION}),
    ),
    "rejections": Table(
        path="/rejection_details", key="application_id", shows=frozenset({REJECTION})
    ),
    "notes": Table(  # the note of a rejection among them
        path="/notes",
        key="application_id",
        shows=frozenset({REJECTION}),
        only={"status": "rejected"},
        absent=CLOSED,
    ),
    "interviews": Table(
        path="/interviews",
        key="application_id",
        shows=frozenset({ApplicationModel.INTERVIEWS}),
    ),
    "interviewers": Table(
        path="/interviewers",
        key="interview_id",
        via=("/interviews", "application_id"),
        shows=frozenset({ApplicationModel.INTERVIEWS}),
    ),
    "offers": Table(
        path="/offers", key="application_id", shows=frozenset({ApplicationModel.OFFERS})
    ),
    "attachments": Table(
        path="/attachments",
        key="application_id",
        shows=frozenset({ApplicationModel.ATTACHMENTS}),
    ),
}

OF_CANDIDATES: Mapping[str, Table] = {
    "applications": Table(
        path="/applications", key="candidate_id", shows=frozenset({CandidateModel.INFO})
    ),
    "tags": Table(
        path="/applied_candidate_tags",
        key="candidate_id",
        shows=frozenset({CandidateModel.INFO}),
        absent=CLOSED,
    ),
    "educations": Table(
        path="/candidate_educations",
        key="candidate_id",
        shows=frozenset({CandidateModel.EDUCATION}),
    ),
    "employments": Table(
        path="/candidate_employments",
        key="candidate_id",
        shows=frozenset({CandidateModel.EXPERIENCES}),
    ),
    "attachments": Table(
        path="/attachments",
        key="candidate_id",
        shows=frozenset({CandidateModel.ATTACHMENTS}),
    ),
}

POSTED = frozenset({JobModel.INFO, JobModel.POSTS, JobModel.QUESTIONS, JobModel.COMPENSATION})
POSTS = Table(path="/job_posts", key="job_id", shows=POSTED, of_the_company=True)
OF_JOBS: Mapping[str, Table] = {
    "openings": Table(
        path="/openings", key="job_id", shows=frozenset({JobModel.INFO}), of_the_company=True
    ),
    "posts": POSTS,
    "deletedPosts": replace(POSTS, params={"active": False}),  # seen only when asked for
    "locations": Table(
        path="/job_post_locations",
        key="job_post_id",
        via=("/job_posts", "job_id"),
        shows=frozenset({JobModel.POSTS}),
        of_the_company=True,
    ),
    "pay": Table(
        path="/pay_input_ranges",
        key="job_post_id",
        via=("/job_posts", "job_id"),
        shows=frozenset({JobModel.COMPENSATION}),
        of_the_company=True,
        absent=(kit.ResourceNotFoundError,),  # see `joins.pay`
    ),
    "managers": Table(
        path="/job_hiring_managers",
        key="job_id",
        shows=frozenset({JobModel.HIRING_MANAGERS}),
        of_the_company=True,
    ),
    "owners": Table(
        path="/job_owners",
        key="job_id",
        shows=frozenset({JobModel.RECRUITERS}),
        of_the_company=True,
    ),
    "stages": Table(
        path="/job_interview_stages",
        key="job_id",
        shows=frozenset({JobModel.STAGES}),
        of_the_company=True,
    ),
}


def changed(
    ats: kit.Connector,
    since: kit.Since,
    query: ApplicationQuery | CandidateQuery | JobQuery,
    reading: Reading[S, M],
    tables: Mapping[str, Table],
) -> kit.Pages[M]:
    """The rows that changed, then the records to which rows of the wanted tables belong."""
    start = whole_millis(since.at)
    after = kit.utc(query.updated_after)
    window = between(start if after is None else max(after, start), query.updated_before)
    own = replace(reading, params={**reading.params, "updated_at": window})
    lists = {kit.MAIN: own.pages(ats)}
    for name, table in tables.items():
        if table.shows & reading.wanted:
            lists[name] = belonging(ats, table, reading, start)
    return kit.in_turn(lists)


def belonging(
    ats: kit.Connector, table: Table, reading: Reading[S, M], start: datetime
) -> kit.Pages[M]:
    """The records that a table's changed rows belong to, a page of those rows at a time."""

    async def fetch(cursor: str | None) -> kit.Page[M]:
        rows = await changed_rows(ats, table, start, cursor)
        ids = numbers(rows, table.key)
        if table.via is not None and ids:
            path, key = table.via
            params = {"fields": f"id,{key}"}
            ids = numbers(await ats.look_up(path, GreenhouseChange, ids, params=params), key)
        return kit.Page(await again(ats, table, reading, ids, start), rows.next)

    return kit.Pages(fetch)


async def changed_rows(
    ats: kit.Connector, table: Table, start: datetime, cursor: str | None
) -> kit.Page[GreenhouseChange]:
    """A page of the rows that are new enough, also where the filter was not taken or not heard."""

    def listed(window: str | None) -> kit.Pages[GreenhouseChange]:
        fields = ",".join(dict.fromkeys(("id", "updated_at", table.key)))
        return ats.pages(
            table.path,
            GreenhouseChange,
            lambda row: None if older(row, start) else row,
            params={**table.params, "fields": fields, "updated_at": window},
            size=ats.paging.largest,
        )

    if cursor is not None:
        return await listed(None).fetch(cursor)
    try:
        return await listed(between(start, None)).fetch(None)
    except table.absent:
        return kit.Page([])
    except kit.RejectedError:
        return await listed(None).fetch(None) if table.of_the_company else kit.Page([])


async def again(
    ats: kit.Connector, table: Table, reading: Reading[S, M], ids: set[str], start: datetime
) -> list[M]:
    """The records of these ids, as far as they fit the filters and the first list lacks them."""
    found = await reading.find() if ids and reading.find is not None else {}
    if not ids or found is None:
        return []
    params = {name: value for name, value in reading.params.items() if value is not None}
    params |= dict(found)
    if any(params.get(name, value) != value for name, value in table.only.items()):
        return []
    if table.by in params:  # the query's own ids: only what is in both can fit
        ids = ids & set(params.pop(table.by).split(","))
    params |= table.only
    rows = await ats.look_up(reading.path, reading.shape, ids, by=table.by, params=params)
    key = table.by.removesuffix("s")
    own = [row for row in rows if str(getattr(row, key)) in ids]
    return await reading.joined([row for row in own if row.updated_at is None or older(row, start)])


def older(row: GreenhouseChange | Row, start: datetime) -> bool:
    at = kit.utc(row.updated_at)
    return at is not None and at < start


def whole_millis(at: datetime) -> datetime:
    """As exact as Greenhouse is: what it cut off must not make a row older than the moment."""
    exact = kit.utc(at) or at
    return exact.replace(microsecond=exact.microsecond // 1000 * 1000)


# All ids.


def ids(ats: kit.Connector, path: str) -> kit.Pages[str]:
    return ats.pages(
        path,
        GreenhouseNumbered,
        lambda row: str(row.id),
        params={"fields": "id"},
        size=ats.paging.largest,
    )


def job_ids(ats: kit.Connector) -> kit.Pages[str]:
    """Of requisitions: templates are no jobs."""
    return ats.pages(
        "/jobs",
        GreenhouseJob,
        lambda job: None if job.is_template else str(job.id),
        params={"fields": "id,is_template"},
        size=ats.paging.largest,
    )

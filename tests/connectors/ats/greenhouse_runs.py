"""How a run asks Greenhouse: for changes, for all ids, for records by id."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from hireloom import kit
from hireloom.connectors.ats.greenhouse import Greenhouse
from hireloom.models import (
    ApplicationQuery,
    CandidateQuery,
    JobQuery,
)

# The account's records are older than this; what a test changes is newer.
SINCE = kit.Since(datetime(2026, 7, 1, 12, 0, 0, 123_456, tzinfo=UTC))
Query = ApplicationQuery | CandidateQuery | JobQuery


def noun_of(query: Query) -> str:
    return type(query).__name__.removesuffix("Query").lower()


def changes(greenhouse: Greenhouse, query: Query, since: kit.Since = SINCE) -> kit.Pages[Any]:
    name = f"list_changed_{noun_of(query)}s"
    found: kit.Pages[Any] = getattr(greenhouse, name)(since, query)
    return found


async def by_id(greenhouse: Greenhouse, query: Query, ids: Iterable[str]) -> list[Any]:
    found: list[Any] = await getattr(greenhouse, f"get_{noun_of(query)}s")(list(ids), query)
    return found


async def all_ids(greenhouse: Greenhouse, query: Query) -> list[str]:
    pages: kit.Pages[str] = getattr(greenhouse, f"list_{noun_of(query)}_ids")()
    return await pages.all()

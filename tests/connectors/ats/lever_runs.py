"""How a run asks Lever: for changes, for all ids, for records by id."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from hireloom import kit
from hireloom.connectors.ats.lever import Lever
from hireloom.kit import Request
from hireloom.models import (
    ApplicationModel,
    ApplicationQuery,
    CandidateQuery,
    JobQuery,
)
from tests.connectors.ats.lever_account import account, page, rows
from tests.replay import Sent

Query = ApplicationQuery | CandidateQuery | JobQuery
AT = kit.to_millis(datetime.now(UTC) - timedelta(hours=1)) or 0  # of the last run
SINCE = kit.Since(datetime.fromtimestamp(AT / 1000, UTC))
OPENED, WATCHED, CLOSED, MOVED = (f"0000000{one}-aaaa-4aaa-8aaa-00000000000{one}" for one in "1234")
PERSON, FRIEND = (f"0000000{one}-cccc-4ccc-8ccc-00000000000{one}" for one in "12")
REQUISITIONS = {"jobs": "requisitions"}
INFO = ApplicationQuery(models=(ApplicationModel.INFO,))


def noun_of(query: Query) -> str:
    return type(query).__name__.removesuffix("Query").lower()


def changes(lever: Lever, query: Query, since: kit.Since = SINCE) -> kit.Pages[Any]:
    found: kit.Pages[Any] = getattr(lever, f"list_changed_{noun_of(query)}s")(since, query)
    return found


async def by_id(lever: Lever, query: Query, ids: Iterable[str]) -> list[Any]:
    found: list[Any] = await getattr(lever, f"get_{noun_of(query)}s")(list(ids), query)
    return found


async def told(pages: kit.Pages[Any]) -> tuple[list[str], list[str]]:
    """The ids of what changed, and of what is gone."""
    found = [one async for one in pages]
    return (
        [record.info.id for one in found for record in one],
        [record for one in found for record in one.gone],
    )


def opportunity(identity: str, contact: str = PERSON, **changed: Any) -> dict[str, Any]:
    """An open one, of before the last run."""
    before = dict.fromkeys(("updatedAt", "lastAdvancedAt", "lastInteractionAt"), AT - 1)
    return {**rows()[0], "id": identity, "contact": contact, **before, **changed}


def answering(*found: dict[str, Any]) -> Callable[[Request], Any]:
    """Lever's list of opportunities with the filters that the lists of changes use."""

    def at(one: dict[str, Any], name: str) -> int:
        if name == "archived":
            return int((one["archived"] or {}).get("archivedAt", 0))
        return int(one[{"updated": "updatedAt", "advanced": "lastAdvancedAt"}[name]] or 0)

    def answer(request: Request) -> dict[str, Any]:
        contacts = [value for name, value in request.params if name == "contact_id"]
        asked = dict(request.params)
        windows = {name: int(asked.get(f"{name}_at_start", 0)) for name in TIMES}
        kept = [
            one
            for one in found
            if (not contacts or one["contact"] in contacts)
            and all(at(one, name) >= start for name, start in windows.items())
            and asked.get("archived") in {None, "true" if one["archived"] else "false"}
        ]
        return page(*kept)

    return answer


TIMES = ("updated", "advanced", "archived")
NOTHING = {
    "GET /opportunities/deleted": page(),
    "GET /applications/deleted": page(),
    "GET /postings/deleted": page(),
}


def having(
    *found: dict[str, Any],
    chosen: dict[str, str] | None = None,
    answers: dict[str, Any] | None = None,
) -> tuple[Lever, Callable[[], list[Sent]]]:
    """An account with these opportunities, and what it was asked for."""
    more = {**NOTHING, "GET /v1/opportunities": answering(*found), **(answers or {})}
    lever, replay = account(chosen, answers=more)
    return lever, lambda: replay.sent


def asked(one: Sent) -> str:
    """A call without what says how and not which."""
    names = sorted(one.params.keys() - {"expand", "limit"})
    return one.path.removeprefix("/v1/") + (f"?{','.join(names)}" if names else "")

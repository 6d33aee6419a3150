"""What operations work with: the desk of their process, and the journey of one call."""

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from hireloom.accounts import Account
from hireloom.desk import Desk
from hireloom.errors import HireloomError, RequestInvalidError
from hireloom.kit import Integration
from hireloom.kit.rehearsal import Rehearsal, is_complete, shown
from hireloom.kit.trip import Trip
from hireloom.models import CreatedNote, CreatedScore, Dropped
from hireloom.store import calls
from hireloom.store.keys import ApiKey


def dropped_in(receipt: Any) -> list[Dropped]:
    """What a receipt names as left out, a note's receipt within its answer too."""
    inner = receipt
    if isinstance(receipt, CreatedNote):
        inner = receipt.note
    elif isinstance(receipt, CreatedScore):
        inner = receipt.receipt
    found: list[Dropped] = getattr(inner, "fields_dropped", [])
    return found


new_execution_id = calls.new_execution_id


@dataclass
class Call:
    """One call of the API: who makes it, for which account, what it costs."""

    desk: Desk
    key: ApiKey
    execution_id: str
    trip: Trip
    account: Account | None = None
    started: float = field(default_factory=time.monotonic)
    beside: dict[str, Any] = field(default_factory=dict)  # members of the envelope beside `data`
    accept: str = "application/json"
    origin_integration_id: str | None = None  # the header, for operations that may take it

    @property
    def actor(self) -> str:
        return f"key {self.key.id} ({self.key.name})"


@dataclass(frozen=True)
class DryRun:
    """What would have been sent; `complete` is false where the rest hangs on real answers."""

    requests: list[dict[str, Any]]
    complete: bool
    fields_dropped: list[Dropped]


async def rehearse(integration: Integration, act: Callable[[Integration], Any]) -> DryRun:
    """Carry out a write on a connector whose writes are noted and not sent."""
    connector = copy.copy(integration.connector)
    rehearsal = Rehearsal(connector.channel)
    connector.channel = rehearsal
    complete = True
    receipt: Any = None
    try:
        receipt = await act(replace(integration, connector=connector))
    except RequestInvalidError:
        raise
    except HireloomError:
        if not rehearsal.writes:
            raise
        complete = False
    known = all(is_complete(request) for request in rehearsal.writes)
    left = dropped_in(receipt)
    return DryRun([shown(request) for request in rehearsal.writes], complete and known, left)

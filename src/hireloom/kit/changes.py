"""Where a delta starts, at vendors that filter by time and at those that hand out tokens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Since:
    """What the last complete run left.

    `at` lies a safe while before that run began, so a vendor's clock may be off and its lists may
    lag; what is read twice costs nothing but the reading. `marks` are the sync tokens that the
    pages gave (`Page.marks`), by the name of the list; the name of a list read alone is MAIN.
    """

    at: datetime
    marks: Mapping[str, str] = field(default_factory=dict)


MAIN = "main"

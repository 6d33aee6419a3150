"""A small account of Greenhouse: account.json has a member per table, everybody is invented."""

import json
from collections.abc import Mapping
from typing import Any

from hireloom.connectors.ats.greenhouse import Greenhouse
from tests.replay import Replay, fixture

TABLES: dict[str, list[dict[str, Any]]] = json.loads(
    fixture("greenhouse", "account.json").read_text()
)


def account(changed: Mapping[str, Any] | None = None) -> tuple[Greenhouse, Replay]:
    """The account, with the answers of some tables or writes replaced."""
    listed = {f"GET /v3/{table}": rows for table, rows in TABLES.items()}
    replay = Replay({**listed, **(changed or {})})
    return replay.connect(Greenhouse), replay


def having(table: str, number: int, **fields: Any) -> list[dict[str, Any]]:
    """A table in which one row differs."""
    return [{**row, **fields} if row["id"] == number else row for row in TABLES[table]]


def asked(replay: Replay, table: str) -> list[dict[str, str]]:
    return [one.params for one in replay.sent if one.path == f"/v3/{table}"]

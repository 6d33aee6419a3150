"""A small Lever account, played back from fixtures."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from hireloom import kit
from hireloom.connectors.ats.lever import Lever
from hireloom.models import Phone, PhoneType, Source, Stage, StageType, User
from tests.replay import Replay, fixture

START = datetime(2026, 1, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
MILLIS = 1767261600000  # START

OLGA = User(
    id="user-olga",
    email="olga@fjord.example",
    employee_id="F-7",
    first_name="Olga Maria",
    last_name="Brandt",
    roles=["SUPER_ADMIN"],
    active=True,
)
PIET = User(
    id="user-piet",
    email="piet@fjord.example",
    employee_id=None,
    first_name="Piet",
    last_name=None,
    roles=["sourcing crew"],
    active=False,
)
PHONE_CALL = Stage(
    id="stage-phone",
    text="Phone call",
    type=StageType.SCREEN,
    type_source="screen",
    order=2,
    entered_at=START + DAY,
)
FAIR = Source(id="Harbour fair", name="Harbour fair")

BASE = "/v1"
TABLES: Mapping[str, Any] = {
    "GET /v1/opportunities": fixture("lever", "opportunities.list.json"),
    "GET /v1/users": fixture("lever", "users.list.json"),
    "GET /v1/disposition_stages": fixture("lever", "disposition_stages.json"),
    "GET /v1/archive_reasons": fixture("lever", "archive_reasons.list.json"),
    "GET /v1/postings": fixture("lever", "postings.list.json"),
    "GET /v1/requisitions": fixture("lever", "requisitions.list.json"),
}


def account(settings: Mapping[str, str] | None = None, **more: Any) -> tuple[Lever, Replay]:
    """The account, with more answers under `more["answers"]`."""
    replay = Replay({**TABLES, **more.get("answers", {})})
    return replay.connect(Lever, settings), replay


def paths(replay: Replay) -> list[str]:
    return [sent.path.removeprefix(BASE) for sent in replay.sent]


def refused_field(error: kit.HireloomError) -> str:
    return error.fields[0].path


INES_PHONES = [
    Phone(phone_number="+47 55 55 01 02", type=PhoneType.MOBILE, e164="+4755550102"),
    Phone(phone_number="12", type=PhoneType.NOT_SPECIFIED, e164=None),
]


def rows() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        fixture("lever", "opportunities.list.json").read_bytes()
    )["data"]
    return found


def page(*data: dict[str, Any], following: str | None = None) -> dict[str, Any]:
    if following is None:
        return {"data": list(data), "hasNext": False}
    return {"data": list(data), "hasNext": True, "next": following}


def with_link(row: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {**row, "applications": [{**rows()[0]["applications"][0], **changed}]}

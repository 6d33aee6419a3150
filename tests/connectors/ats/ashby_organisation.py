"""The invented organisation that Ashby's fixtures tell of: its ids, its people, its answers."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hireloom.models import Source, User
from tests.replay import Reply, fixture

KINDS = {
    "application": "1",
    "candidate": "2",
    "job": "3",
    "plan": "4",
    "stage": "5",
    "source": "6",
    "user": "7",
    "posting": "8",
    "department": "9",
    "location": "a",
    "reason": "b",
    "file": "c",
    "event": "d",
    "schedule": "e",
    "template": "f",
    "feedback": "a1",
    "offer": "b1",
    "note": "c1",
    "tag": "d1",
    "field": "e1",
}


def uid(kind: str, number: int) -> str:
    return f"{KINDS[kind].ljust(8, '0')}-0000-4000-8000-{number:012d}"


def file(name: str) -> Path:
    return fixture("ashby", name)


def done(results: Any, **more: Any) -> dict[str, Any]:
    return {"success": True, "results": results, **more}


def refused(code: str, status: int = 200, **info: Any) -> Reply:
    body = {"success": False, "errors": [code], "errorInfo": {"code": code, **info}}
    return Reply(body, status=status)


RINA = User(
    id=uid("user", 1),
    email="rina@harbor.example",
    first_name="Rina",
    last_name="Okafor",
    roles=["Elevated Access"],
    active=True,
)
RINA_RECORD = {
    "id": uid("user", 1),
    "firstName": "Rina",
    "lastName": "Okafor",
    "email": "rina@harbor.example",
    "globalRole": "Elevated Access",
    "isEnabled": True,
}
RECRUITER = User(
    id=uid("user", 1),
    email="rina@harbor.example",
    first_name="Rina",
    last_name="Okafor",
    roles=["Recruiter"],
)
MANAGER = User(
    id=uid("user", 2),
    email="olav@harbor.example",
    first_name="Olav",
    last_name="Berg",
    roles=["Hiring Manager"],
)
CAREERS = Source(id=uid("source", 1), name="Careers page", type="Inbound", active=True)


def at(day: int, hour: int = 0, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)

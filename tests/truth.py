"""What a receiver knows at the end, compared with what the vendor's account really holds."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from tests.receiver import OK, Arrival, Reply
from tests.sandbox.account import Account

Row = tuple[Any, ...]

# The vendors' words for an application that is under way; Lever says of those nothing at all.
RUNNING = frozenset({"", "in_process", "active", "lead"})


@dataclass
class Book:
    """A receiver's notes, event by event; to be its `answer`."""

    bodies: dict[str, bytes] = field(default_factory=dict)  # of events, by their id
    last: dict[str, dict[str, Any]] = field(default_factory=dict)  # of each record
    ends: dict[str, set[str]] = field(default_factory=dict)  # what was told of each run
    arrived: int = 0
    wrong: list[str] = field(default_factory=list)
    _newest: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __call__(self, arrival: Arrival) -> Reply:
        body = msgspec.json.decode(arrival.body, type=dict[str, Any])
        for event in body.get("events", [body]):
            self._note(event)
        return OK

    def _note(self, event: dict[str, Any]) -> None:
        self.arrived += 1
        id_, record = event["eventId"], event.get("recordId")
        body = msgspec.json.encode(event)
        is_new = id_ not in self.bodies
        if self.bodies.setdefault(id_, body) != body:
            self.wrong.append(f"{id_} arrived again with another body")
        if record is None:
            self.ends.setdefault(event.get("syncRunId", ""), set()).add(event["eventType"])
            return
        if is_new:
            self._follow(record, event)
        self.last[record] = event

    def _follow(self, record: str, event: dict[str, Any]) -> None:
        before = self._newest.get(record)
        self._newest[record] = event
        if before is None:
            return
        if before["triggeredAt"] > event["triggeredAt"]:
            self.wrong.append(f"{event['eventId']} of {record} came after a later one")
        if before["eventData"] == event["eventData"]:
            self.wrong.append(f"{event['eventId']} tells of {record} what was told before")

    def holds(self) -> dict[str, Row]:
        """The state of each application, as the last event of it says."""
        there = {
            record: event["eventData"]
            for record, event in self.last.items()
            if event["eventType"] != "record.deleted"
        }
        return {record: _told(data) for record, data in there.items()}


def _told(data: dict[str, Any]) -> Row:
    info, stage = data["info"], data.get("currentStage")
    person = info["candidate"]
    return (
        (info["statusSource"] or "").lower() not in RUNNING,
        None if stage is None else stage["id"],
        person["id"],
        info["jobId"],
        " ".join(filter(None, (person["firstName"], person["lastName"]))),
    )


def truth(account: Account) -> dict[str, Row]:
    """The same, as the vendor's account has it."""
    names = {id_: row["name"] for id_, row in account.state("candidates").items()}
    return {
        str(id_): (
            row["status"].lower() not in RUNNING,
            _text(row["stageId"]),
            _text(row["candidateId"]),
            _text(row["jobId"]),
            names[row["candidateId"]],
        )
        for id_, row in account.state().items()
        if account.vendor != "lever" or not row["confidential"]  # those its key may not see
    }


def _text(id_: object) -> str | None:
    return None if id_ is None else str(id_)


def differences(told: dict[str, Row], there: dict[str, Row]) -> dict[str, tuple[Any, Any]]:
    """By record: what the receiver knows, and what is true."""
    return {
        id_: (told.get(id_), there.get(id_))
        for id_ in sorted(told.keys() | there.keys())
        if told.get(id_) != there.get(id_)
    }

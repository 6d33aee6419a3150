"""Greenhouse: what exists now, for comparisons."""

from collections.abc import Callable, Iterator
from typing import Any

from hireloom.sandbox._greenhouse_query import Query
from hireloom.sandbox._greenhouse_shelf import Shelf
from hireloom.sandbox._greenhouse_tables import TABLES
from hireloom.sandbox.vendor import version

Record = dict[str, Any]


def _application(record: Record) -> Record:
    return {
        "status": record["status"],
        "stageId": record["job_interview_stage_id"],
        "candidateId": record["candidate_id"],
        "jobId": record["job_id"],
        "prospect": record["prospect"],
    }


def _candidate(record: Record) -> Record:
    mails = [each["value"] for each in record["email_addresses"]]
    return {"name": f"{record['first_name']} {record['last_name']}".strip(), "emails": mails}


def _job(record: Record) -> Record:
    return {"name": record["name"], "status": record["status"]}


def _offer(record: Record) -> Record:
    return {"applicationId": record["application_id"], "status": record["status"]}


KINDS: dict[str, Callable[[Record], Record]] = {
    "applications": _application,
    "candidates": _candidate,
    "jobs": _job,
    "offers": _offer,
    "interviews": _offer,
}


def state(shelf: Shelf, kind: str) -> Iterator[Record]:
    """Newest first; ValueError for a kind that is not told of."""
    if kind not in KINDS:
        raise ValueError(f"no state of {kind!r}; there are {', '.join(KINDS)}")
    query = Query(raw={}, wanted={}, per_page=1, fields=None, below=None)
    facts = KINDS[kind]
    return (
        {
            "id": record["id"],
            **facts(record),
            "updatedAt": record["updated_at"],
            "version": version(record),
        }
        for record in shelf.records(TABLES[kind], query)
    )

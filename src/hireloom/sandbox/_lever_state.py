"""What exists in the simulated Lever now, for comparisons."""

from collections.abc import Callable, Iterator

from hireloom.sandbox._lever_account import Account
from hireloom.sandbox._lever_shelf import Json
from hireloom.sandbox.vendor import version


def state(account: Account, kind: str) -> Iterator[Json]:
    """Newest first; ValueError for a kind that is not told of."""
    if kind not in KINDS:
        raise ValueError(f"no state of {kind!r}; there are {', '.join(KINDS)}")
    return KINDS[kind](account)


def _opportunities(account: Account) -> Iterator[tuple[int, Json]]:
    for index in account.opportunities.indexes():
        record = account.opportunity_at(index)
        if record is not None:
            yield index, record


def _applications(account: Account) -> Iterator[Json]:
    hired = account.company.hired_reason()
    for index, record in _opportunities(account):
        reason = (record["archived"] or {}).get("reason")
        yield {
            "id": record["id"],
            "status": "active" if reason is None else "hired" if reason == hired else "archived",
            "stageId": record["stage"],
            "candidateId": record["contact"],
            "jobId": account.posting_of(index),
            "confidential": record["confidentiality"] == "confidential",
            "updatedAt": record["updatedAt"],
            "version": version(record),
        }


def _candidates(account: Account) -> Iterator[Json]:
    """Those with an opportunity: nobody can find the others."""
    shelf = account.opportunities
    made = (shelf.at(index) for index in shelf.written())
    busy = {record["contact"] for record in made if record is not None}
    for index in account.contacts.indexes():
        record = account.contacts.at(index)
        if record is None:
            continue
        known = index < account.contacts.count
        older = account.world.applications_of_person(index) if known else ()
        if record["id"] in busy or any(shelf.at(each) is not None for each in older):
            facts = {"name": record["name"], "emails": record["emails"], "updatedAt": None}
            yield {"id": record["id"], **facts, "version": version(record)}


def _jobs(account: Account) -> Iterator[Json]:
    for _, record in account.postings.rows(None):
        yield {
            "id": record["id"],
            "name": record["text"],
            "status": record["state"],
            "confidential": record["confidentiality"] == "confidential",
            "updatedAt": record["updatedAt"],
            "version": version(record),
        }


def _offers(account: Account) -> Iterator[Json]:
    for index, parent in _opportunities(account):
        for record in account.offers.of(index):
            facts = {"applicationId": parent["id"], "status": record["status"], "updatedAt": None}
            yield {"id": record["id"], **facts, "version": version(record)}


def _interviews(account: Account) -> Iterator[Json]:
    for index, parent in _opportunities(account):
        for record in account.interviews.of(index):
            status = "scheduled" if record["canceledAt"] is None else "canceled"
            facts = {"applicationId": parent["id"], "status": status, "updatedAt": None}
            yield {"id": record["id"], **facts, "version": version(record)}


KINDS: dict[str, Callable[[Account], Iterator[Json]]] = {
    "applications": _applications,
    "candidates": _candidates,
    "jobs": _jobs,
    "offers": _offers,
    "interviews": _interviews,
}

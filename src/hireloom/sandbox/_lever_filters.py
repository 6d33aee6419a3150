"""The filters of Lever's lists, and the order in which opportunities are looked through."""

import operator
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from hireloom.sandbox._lever_account import Account
from hireloom.sandbox._lever_calls import Call, bad_request
from hireloom.sandbox._lever_shelf import Json

Keep = Callable[[Json], bool]

CONFIDENTIALITIES = ("all", "confidential", "non-confidential")


def every(tests: list[Keep]) -> Keep:
    return lambda row: all(test(row) for test in tests)


def window(call: Call, name: str, read: Callable[[Json], Any]) -> list[Keep]:
    """`<name>_at_start` and `<name>_at_end`, both inclusive, in Unix milliseconds."""
    tests: list[Keep] = []
    for end, compare in (("start", operator.ge), ("end", operator.le)):
        bound = call.millis(f"{name}_at_{end}")
        if bound is not None:
            tests.append(_bounded(read, compare, bound))
    return tests


def _bounded(read: Callable[[Json], Any], compare: Callable[[Any, Any], bool], bound: int) -> Keep:
    def test(row: Json) -> bool:
        value = read(row)
        return value is not None and compare(value, bound)

    return test


def one_of(call: Call, name: str, read: Callable[[Json], Any]) -> list[Keep]:
    """A repeatable parameter: any of its values will do; `read` may give a list."""
    wanted = call.query.get(name)
    if not wanted:
        return []

    def test(row: Json) -> bool:
        value = read(row)
        return any(each in wanted for each in (value if isinstance(value, list) else [value]))

    return [test]


def field(name: str) -> Callable[[Json], Any]:
    return lambda row: row[name]


def optional(name: str) -> Callable[[Json], Any]:
    return lambda row: row.get(name)


def category(name: str) -> Callable[[Json], Any]:
    return lambda row: row["categories"].get(name)


def confidential(call: Call) -> list[Keep]:
    """Lists leave confidential rows out unless they are asked for and the key may see them."""
    wanted = call.word("confidentiality") or "non-confidential"
    if wanted not in CONFIDENTIALITIES:
        raise bad_request(f"confidentiality must be one of {', '.join(CONFIDENTIALITIES)}")
    tests: list[Keep] = []
    if wanted != "all":
        tests.append(lambda row: row["confidentiality"] == wanted)
    if not call.key.confidential:
        tests.append(lambda row: row["confidentiality"] == "non-confidential")
    return tests


def opportunity_tests(account: Account, call: Call) -> Keep:
    tests = confidential(call)
    tests += window(call, "created", field("createdAt"))
    tests += window(call, "updated", field("updatedAt"))
    tests += window(call, "advanced", field("lastAdvancedAt"))
    tests += window(call, "archived", lambda row: (row["archived"] or {}).get("archivedAt"))
    tests += one_of(call, "tag", field("tags"))
    tests += one_of(call, "email", field("emails"))
    tests += one_of(call, "origin", field("origin"))
    tests += one_of(call, "source", field("sources"))
    tests += one_of(call, "stage_id", field("stage"))
    tests += one_of(call, "contact_id", field("contact"))
    tests += one_of(call, "archive_reason_id", lambda row: (row["archived"] or {}).get("reason"))
    tests += _posting_tests(account, call)
    gone, snoozed = call.flag("archived"), call.flag("snoozed")
    if gone is not None:
        tests.append(lambda row: (row["archived"] is not None) == gone)
    if snoozed is not None:
        tests.append(lambda row: (row["snoozedUntil"] is not None) == snoozed)
    return every(tests)


def _posting_tests(account: Account, call: Call) -> list[Keep]:
    def posting(row: Json) -> str | None:
        index = account.opportunities.index(row["id"])
        return None if index is None else account.posting_of(index)

    archived = one_of(call, "archived_posting_id", posting)
    if archived:
        archived.append(lambda row: row["archived"] is not None)
    return one_of(call, "posting_id", posting) + archived


class Opportunities:
    """Opportunities as a source of pages, newest first, walking no further than filters need."""

    def __init__(self, account: Account, call: Call) -> None:
        self.account = account
        self.call = call

    def position(self, key: str) -> int | None:
        return self.account.opportunities.position(key)

    def rows(self, after: int | None) -> Iterator[tuple[str, Json]]:
        for index in self._indexes(after):
            if after is not None and index >= after:
                continue
            record = self.account.opportunity_at(index)
            if record is not None:
                yield record["id"], record

    def _indexes(self, after: int | None) -> Iterator[int]:
        """Fewer indexes than all when a filter that arithmetic can answer is set."""
        account, call = self.account, self.call
        contacts = call.query.get("contact_id")
        emails = call.query.get("email")
        postings = call.query.get("posting_id") or call.query.get("archived_posting_id")
        if contacts and len(contacts) == 1:
            return account.opportunities_of_contact(contacts[0])
        if emails and len(emails) == 1:
            found = account.contact_by_email(emails[0])
            return iter(()) if found is None else account.opportunities_of_contact(found["id"])
        if postings and len(postings) == 1:
            return account.opportunities_of_posting(postings[0])
        return self._by_time(after)

    def _by_time(self, after: int | None) -> Iterator[int]:
        """All that may have been updated in the window: written ones always may."""
        shelf = self.account.opportunities
        since = _moment(self.call.millis("updated_at_start"))
        until = _moment(self.call.millis("updated_at_end"))
        hit = self.account.world.applications_updated(since, until)
        yield from shelf.written()
        changed = sorted((i for i in shelf.kept if i < shelf.count and i not in hit), reverse=True)
        yield from (index for index in changed if index >= hit.stop)
        yield from reversed(hit if after is None else range(hit.start, min(hit.stop, after)))
        yield from (index for index in changed if index < hit.start)


def _moment(value: int | None) -> datetime | None:
    if value is None:
        return None
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        raise bad_request("a timestamp is out of range") from None


def posting_tests(call: Call) -> Keep:
    tests = confidential(call)
    tests += window(call, "updated", field("updatedAt"))
    for name in ("state", "group"):
        tests += one_of(call, name, optional(name))
    tests += one_of(call, "distributionChannel", lambda row: row["distributionChannels"] or [])
    tests += one_of(call, "tag", field("tags"))
    tests += one_of(call, "location", lambda row: row["categories"]["allLocations"])
    for name in ("team", "department", "commitment", "level"):
        tests += one_of(call, name, category(name))
    return every(tests)


def requisition_tests(call: Call) -> Keep:
    tests = confidential(call)
    tests += window(call, "created", field("createdAt"))
    tests += one_of(call, "requisition_code", field("requisitionCode"))
    tests += one_of(call, "status", field("status"))
    return every(tests)


def user_tests(call: Call) -> Keep:
    tests = one_of(call, "email", field("email"))
    tests += one_of(call, "accessRole", field("accessRole"))
    tests += one_of(call, "external_directory_id", field("externalDirectoryId"))
    if not call.flag("includeDeactivated"):
        tests.append(lambda row: row["deactivatedAt"] is None)
    return every(tests)


def file_tests(call: Call) -> Keep:
    return every(window(call, "uploaded", lambda row: (row.get("file") or row)["uploadedAt"]))

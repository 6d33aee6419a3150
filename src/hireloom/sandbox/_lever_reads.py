"""What can be read from the Lever simulator: one function per endpoint."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from hireloom.sandbox import _lever_filters as filters
from hireloom.sandbox import _lever_people as people
from hireloom.sandbox._lever_account import Account
from hireloom.sandbox._lever_calls import (
    Answer,
    Call,
    bad_request,
    millis,
    not_found,
    page,
    unprocessable,
)
from hireloom.sandbox._lever_company import REQUISITION_FIELDS
from hireloom.sandbox._lever_shelf import Branch, Json, Rows, Shelf, Source

Read = Callable[[Account, Call], Answer]

COUNTED = 5000  # tags and sources are counted over the newest so many opportunities


def expanded(account: Account, call: Call) -> Callable[[Json], Json]:
    """`expand=owner` puts the user where the id was; unknown names and fields are let be."""
    wanted = [name for name in call.words("expand") if name in EXPANSIONS]

    def dress(row: Json) -> Json:
        if not any(name in row for name in wanted):
            return row
        row = dict(row)
        for name in wanted:
            if row.get(name) is not None:
                row[name] = _expand(account, EXPANSIONS[name], row[name])
        return row

    return dress


def _expand(account: Account, kind: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_expand(account, kind, each) for each in value]
    if kind == "stage":
        stages = account.company.stages()
        found = next((row for row in stages if row["id"] == value), None)
        return value if found is None else {name: found[name] for name in ("id", "text")}
    shelf: Shelf = getattr(account, kind)
    return shelf.get(value) or value


EXPANSIONS = {
    "applications": "applications",
    "contact": "contacts",
    "creator": "users",
    "followers": "users",
    "hiringManager": "users",
    "owner": "users",
    "posting": "postings",
    "postingHiringManager": "users",
    "postingOwner": "users",
    "postings": "postings",
    "referrer": "users",
    "sourcedBy": "users",
    "stage": "stage",
    "user": "users",
}


def one(account: Account, call: Call, record: Json | None, what: str) -> Answer:
    if record is None:
        raise not_found(what)
    account.check_confidential(call, record)
    return Answer(body={"data": expanded(account, call)(record)})


# Opportunities


def opportunities(account: Account, call: Call) -> Answer:
    keep = filters.opportunity_tests(account, call)
    source = filters.Opportunities(account, call)
    return page(call, source, account.epoch, keep, expanded(account, call))


def opportunity(account: Account, call: Call) -> Answer:
    _, record = account.opportunity(call, call.ids[0])
    return one(account, call, record, "opportunity")


def deleted(shelf_name: str) -> Read:
    """Ids and times of what is gone, newest first; a client cannot learn more."""

    def read(account: Account, call: Call) -> Answer:
        shelf: Shelf = getattr(account, shelf_name)
        gone = sorted(shelf.gone.items(), key=lambda item: -item[1])
        rows = [{"id": shelf.id(index), "deletedAt": when} for index, when in gone]
        keep = filters.every(filters.window(call, "deleted", filters.field("deletedAt")))
        return page(call, Rows(rows), account.epoch, keep)

    return read


def applications(account: Account, call: Call) -> Answer:
    index, _ = account.opportunity(call, call.ids[0])
    link = account.applications.at(index)
    rows = Rows([] if link is None else [link])
    return page(call, rows, account.epoch, dress=expanded(account, call))


def application(account: Account, call: Call) -> Answer:
    index, _ = account.opportunity(call, call.ids[0])
    link = account.applications.at(index)
    found = link is not None and link["id"] == call.ids[1]
    return one(account, call, link if found else None, "application")


def contact(account: Account, call: Call) -> Answer:
    return one(account, call, account.contacts.get(call.ids[0]), "contact")


def branch(name: str, what: str) -> tuple[Read, Read]:
    """The list and the single record of what hangs on an opportunity."""

    def many(account: Account, call: Call) -> Answer:
        index, _ = account.opportunity(call, call.ids[0])
        rows = Rows([_whole(account, name, index, row) for row in _branch(account, name).of(index)])
        return page(call, rows, account.epoch, _tests(name, call), expanded(account, call))

    def single(account: Account, call: Call) -> Answer:
        index, _ = account.opportunity(call, call.ids[0])
        record = _by_id(_branch(account, name).ever_of(index), call.ids[1])
        whole = None if record is None else _whole(account, name, index, record)
        return one(account, call, whole, what)

    return many, single


def _branch(account: Account, name: str) -> Branch:
    found: Branch = getattr(account, name)
    return found


def _whole(account: Account, name: str, index: int, row: Json) -> Json:
    """Fills in what other calls may have changed: a panel's interviews, a file's status."""
    if name == "panels":
        return account.panel_as_is(index, row)
    if row["id"] not in account.unprocessed:
        return row
    if name == "resumes":
        return {**row, "file": {**row["file"], "status": "processing"}}
    return {**row, "status": "processing"} if name == "files" else row


def _tests(name: str, call: Call) -> filters.Keep | None:
    return filters.file_tests(call) if name in {"files", "resumes"} else None


def download(name: str, what: str) -> Read:
    """The bytes of a résumé or file, once it has been processed."""

    def read(account: Account, call: Call) -> Answer:
        index, _ = account.opportunity(call, call.ids[0])
        record = _branch(account, name).get(index, call.ids[1])
        if record is None:
            raise not_found(what)
        if record["id"] in account.unprocessed:
            raise unprocessable(f"The {what} has not been processed yet")
        title = (record.get("file") or record)["name"]
        return Answer(content=account.document(what, record, index), filename=title)

    return read


def offer_download(account: Account, call: Call) -> Answer:
    """The signed document unless `status=sent` asks for the one that was sent."""
    index, _ = account.opportunity(call, call.ids[0])
    record = account.offers.get(index, call.ids[1])
    status = call.word("status") or "signed"
    if status not in {"sent", "signed"}:
        raise bad_request("status must be sent or signed")
    paper = None if record is None else record[f"{status}Document"]
    if record is None or paper is None:
        raise not_found("offer document")
    return Answer(content=account.document("offer", record, index), filename=paper["fileName"])


# Postings and requisitions


def postings(account: Account, call: Call) -> Answer:
    """A list shows `content` only when asked to; a single posting always."""
    dress = expanded(account, call)
    whole = "content" in call.words("include")

    def shown(row: Json) -> Json:
        return dress(row if whole else {name: row[name] for name in row if name != "content"})

    return page(call, account.postings, account.epoch, filters.posting_tests(call), shown)


def posting(account: Account, call: Call) -> Answer:
    return one(account, call, account.postings.get(call.ids[0]), "posting")


def posting_form(account: Account, call: Call) -> Answer:
    index = account.postings.index(call.ids[0])
    record = account.postings.get(call.ids[0])
    if index is None or record is None:
        raise not_found("posting")
    account.check_confidential(call, record)
    return Answer(body={"data": account.company.apply_form(index, record)})


def posting_users(account: Account, call: Call) -> Answer:
    """Not wrapped in `data` and not paged, unlike everything else."""
    record = account.postings.get(call.ids[0])
    if record is None:
        raise not_found("posting")
    account.check_confidential(call, record)
    ids = dict.fromkeys(record[name] for name in ("owner", "hiringManager") if record[name])
    users = [user for user in map(account.users.get, ids) if user is not None]
    roles = [
        {"id": "owner", "name": "Super Admin", "isReadOnly": True},
        {"id": "admin", "name": "Admin", "isReadOnly": True},
        {"id": "limited", "name": "Limited Team Member", "isReadOnly": True, "conditions": {}},
    ]
    names = {"id": record["id"], "text": record["text"]}
    return Answer(body={"posting": names, "users": users, "roles": roles})


def requisitions(account: Account, call: Call) -> Answer:
    keep = filters.requisition_tests(call)
    return page(call, account.requisitions, account.epoch, keep, expanded(account, call))


def requisition(account: Account, call: Call) -> Answer:
    return one(account, call, account.requisitions.get(call.ids[0]), "requisition")


def requisition_fields(account: Account, call: Call) -> Answer:
    return Answer(body={"data": REQUISITION_FIELDS})


# The account


def users(account: Account, call: Call) -> Answer:
    return page(call, account.users, account.epoch, filters.user_tests(call))


def user(account: Account, call: Call) -> Answer:
    return one(account, call, account.users.get(call.ids[0]), "user")


def stages(account: Account, call: Call) -> Answer:
    return page(call, Rows(_short_stages(account)), account.epoch)


def stage(account: Account, call: Call) -> Answer:
    return one(account, call, _by_id(_short_stages(account), call.ids[0]), "stage")


def _short_stages(account: Account) -> list[Json]:
    return [{"id": row["id"], "text": row["text"]} for row in account.company.stages()]


def _by_id(rows: list[Json], wanted: str) -> Json | None:
    return next((row for row in rows if row["id"] == wanted), None)


def dispositions(account: Account, call: Call) -> Answer:
    """Stages with rank and pipeline; its archive reasons say type null for the non-hired."""
    reasons = [
        {**row, "type": "hired" if row["type"] == "hired" else None}
        for row in account.company.archive_reasons()
    ]
    return Answer(body={"data": {"stages": account.company.stages(), "archiveReasons": reasons}})


def archive_reasons(account: Account, call: Call) -> Answer:
    keep = filters.every(filters.one_of(call, "type", filters.field("type")))
    return page(call, Rows(account.company.archive_reasons()), account.epoch, keep)


def archive_reason(account: Account, call: Call) -> Answer:
    return one(account, call, account.archive_reason(call.ids[0]), "archive reason")


def counted(name: str) -> Read:
    """Tags or sources: texts with a count, and no ids."""

    def read(account: Account, call: Call) -> Answer:
        newest = (account.opportunities.at(i) for i in account.opportunities.indexes())
        counts: Counter[str] = Counter()
        for _, record in zip(range(COUNTED), newest, strict=False):
            counts.update([] if record is None else record[name])
        rows: list[Json] = [{"count": counts[text], "text": text} for text in sorted(counts)]
        return page(call, Rows(rows, key="text"), account.epoch)

    return read


def shelf(name: str, what: str) -> tuple[Read, Read]:
    def many(account: Account, call: Call) -> Answer:
        rows: Shelf = getattr(account, name)
        return page(call, rows, account.epoch, dress=_fields_if_asked(name, call))

    def single(account: Account, call: Call) -> Answer:
        rows: Shelf = getattr(account, name)
        return one(account, call, rows.get(call.ids[0]), what)

    return many, single


def _fields_if_asked(name: str, call: Call) -> Callable[[Json], Json] | None:
    if name != "form_templates" or "fields" in call.words("include"):
        return None
    return lambda row: {key: row[key] for key in row if key != "fields"}


# Surveys and the audit log


def eeo(*, with_person: bool) -> Read:
    def read(account: Account, call: Call) -> Answer:
        keep = filters.every(filters.window(call, "created", filters.field("appliedAt")))
        source = EeoRows(account, with_person=with_person)
        return page(call, source, account.epoch, keep, expanded(account, call))

    return read


class EeoRows:
    """Every third applicant answered the survey."""

    def __init__(self, account: Account, *, with_person: bool) -> None:
        self.account = account
        self.make = people.eeo_response_with_person if with_person else people.eeo_response

    def position(self, key: str) -> int | None:
        return self.account.applications.position(key)

    def rows(self, after: int | None) -> Iterator[tuple[str, Json]]:
        account = self.account
        for index in account.applications.indexes(after):
            link = account.applications.at(index) if index % 3 == 0 else None
            record = None if link is None else account.opportunity_at(index)
            if link is None or record is None:
                continue
            posting = account.postings.get(link["posting"])
            if posting is not None:
                yield link["id"], self.make(account.company, record, link, posting)


class AuditRows:
    """The log says who created each opportunity; other events are left out."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def position(self, key: str) -> int | None:
        return self.account.world.index_of("lever-event", key)

    def rows(self, after: int | None) -> Iterator[tuple[str, Json]]:
        account, company = self.account, self.account.company
        for index in reversed(range(account.world.applications if after is None else after)):
            applied = account.world.application(index)
            user = company.user(applied.owner)
            key = company.id("event", index)
            target = company.id("opportunity", index)
            yield (
                key,
                {
                    "id": key,
                    "createdAt": millis(applied.applied_at),
                    "type": "candidate:created",
                    "user": {name: user[name] for name in ("id", "email", "name")},
                    "target": {"type": "candidate", "id": target, "label": None},
                    "meta": {},
                },
            )


def audit_events(account: Account, call: Call) -> Answer:
    tests = filters.window(call, "created", filters.field("createdAt"))
    tests += filters.one_of(call, "type", filters.field("type"))
    tests += filters.one_of(call, "user_id", lambda row: row["user"]["id"])
    tests += filters.one_of(call, "target_type", lambda row: row["target"]["type"])
    tests += filters.one_of(call, "target_id", lambda row: row["target"]["id"])
    source: Source = AuditRows(account)
    return page(call, source, account.epoch, filters.every(tests))

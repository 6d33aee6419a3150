"""Moving, archiving, labelling and commenting on an opportunity of the Lever simulator."""

from typing import Any

from hireloom.sandbox._lever_account import Account
from hireloom.sandbox._lever_apply import only_file
from hireloom.sandbox._lever_body import needed, number, switch, text, texts
from hireloom.sandbox._lever_calls import Answer, Call, Refusal, bad_request, forbidden, not_found
from hireloom.sandbox._lever_candidacy import add_file
from hireloom.sandbox._lever_dossier import comment, note
from hireloom.sandbox._lever_shelf import Branch, Json
from hireloom.sandbox._lever_write_opportunities import bare, check_stage


def move(account: Account, call: Call) -> Answer:
    """Archived opportunities can be moved too, and stay archived."""
    index, record = account.opportunity(call, call.ids[0])
    stage = needed(call.body, "stage")
    check_stage(account, stage)
    account.move(index, stage, call.performer)
    account.wrote("move", call, opportunity=record["id"], stage=stage)
    return Answer(body={"data": bare(account, index)})


def archive(account: Account, call: Call) -> Answer:
    """Rejects or, with a reason of type hired, hires; a null reason takes it back."""
    index, record = account.opportunity(call, call.ids[0])
    if "reason" not in call.body:
        raise bad_request("reason is required")
    reason = text(call.body, "reason")
    if reason is not None and account.archive_reason(reason) is None:
        raise bad_request("reason is not an archive reason of your account")
    requisition = text(call.body, "requisitionId")
    if requisition is not None and account.requisitions.get(requisition) is None:
        raise bad_request("requisitionId is not a requisition of your account")
    account.archive(index, reason, requisition)
    if call.body.get("cleanInterviews") is True:
        _cancel_coming(account, index)
    account.wrote("archive", call, opportunity=record["id"], reason=reason)
    return Answer(body={"data": bare(account, index)})


def _cancel_coming(account: Account, index: int) -> None:
    now = account.now()
    for row in account.interviews.of(index):
        if row["canceledAt"] is None and row["date"] > now:
            account.interviews.put({**row, "canceledAt": now})
            ids = {"interviewId": row["id"], "panelId": row["panel"]}
            account.hooks.emit("interviewUpdated", account.opportunities.at(index) or {}, **ids)


def relabel(name: str, *, add: bool) -> Any:
    """addTags, removeTags and their like for sources and links."""

    def write(account: Account, call: Call) -> Answer:
        index, record = account.opportunity(call, call.ids[0])
        given = texts(call.body, name)
        if not given:
            raise bad_request(f"{name} is required")
        kept = [each for each in record[name] if add or each not in given]
        after = [*kept, *given] if add else kept
        account.touch(index, **{name: list(dict.fromkeys(after))})
        account.wrote("add" if add else "remove", call, opportunity=record["id"], **{name: given})
        return Answer(body={"data": bare(account, index, personal=name == "links")})

    return write


# Notes: plain text; markup stays visible as it was sent


def create_note(account: Account, call: Call) -> Answer:
    index, record = account.opportunity(call, call.ids[0])
    value = needed(call.body, "value")
    score, secret = number(call.body, "score"), switch(call.body, "secret") is True
    when = number(call.body, "createdAt") or account.now()
    parent = call.word("note_id")
    if parent is None:
        made = account.notes.add(index, {})
        made |= note(
            made["id"],
            text=value,
            user=call.performer,
            when=when,
            stage=record["stage"],
            secret=secret,
        )
        made["fields"][0]["score"] = score
    else:
        made = _note(account, index, parent)
        reply = comment(value, user=call.performer, when=when, stage=record["stage"], score=score)
        made = account.notes.put({**made, "fields": [*made["fields"], reply]})
    account.interacted(index)
    account.wrote("note", call, opportunity=record["id"], note=made["id"], value=value)
    return Answer(status=201, body={"data": {**made, "noteId": made["id"]}})


def update_note(account: Account, call: Call) -> Answer:
    """Changes the first comment of a note that was created through the API."""
    index, record = account.opportunity(call, call.ids[0])
    made = _note(account, index, call.ids[1])
    if not account.notes.written(made["id"]):
        raise not_ours("note")
    first = {**made["fields"][0], "value": needed(call.body, "value")}
    if "score" in call.body:
        first["score"] = number(call.body, "score")
    secret = switch(call.body, "secret")
    changed = {**made, "fields": [first, *made["fields"][1:]]}
    changed["secret"] = made["secret"] if secret is None else secret
    account.notes.put(changed)
    account.wrote("update_note", call, opportunity=record["id"], value=first["value"])
    return Answer(body={"data": changed})


def _note(account: Account, index: int, note_id: str) -> Json:
    found = account.notes.get(index, note_id)
    if found is None:
        raise not_found("note")
    return found


def remove(name: str, what: str, *, only_written: bool = False) -> Any:
    """Deletes what hangs on an opportunity; of some things only what the API made."""

    def write(account: Account, call: Call) -> Answer:
        index, record = account.opportunity(call, call.ids[0])
        branch: Branch = getattr(account, name)
        if branch.get(index, call.ids[1]) is None:
            raise not_found(what)
        if only_written and not branch.written(call.ids[1]):
            raise not_ours(what)
        if name in {"panels", "interviews"}:
            _delete_interviews(account, index, call.ids[1])
        branch.delete(call.ids[1])
        account.wrote("delete", call, opportunity=record["id"], what=what, id=call.ids[1])
        return Answer(status=204)

    return write


def _delete_interviews(account: Account, index: int, named: str) -> None:
    """The one of this id, or all of the panel of this id."""
    record = account.opportunities.at(index) or {}
    for row in account.interviews.of(index):
        if named in {row["id"], row["panel"]}:
            account.interviews.delete(row["id"])
            ids = {"interviewId": row["id"], "panelId": row["panel"]}
            account.hooks.emit("interviewDeleted", record, **ids)


def not_ours(what: str) -> Refusal:
    return forbidden(f"Only a {what} that was created through the API can be changed")


def upload_file(account: Account, call: Call) -> Answer:
    index, record = account.opportunity(call, call.ids[0])
    file = only_file(call)
    made = add_file(account, index, file)
    account.interacted(index)
    account.wrote("file", call, opportunity=record["id"], file=made["id"], name=file.filename)
    return Answer(status=201, body={"data": made})

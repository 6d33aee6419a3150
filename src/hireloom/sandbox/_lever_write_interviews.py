"""Scheduling interviews in the Lever simulator."""

from hireloom.sandbox._lever_account import Account
from hireloom.sandbox._lever_body import needed, number, rows, text, texts
from hireloom.sandbox._lever_calls import Answer, Call, bad_request, not_found
from hireloom.sandbox._lever_dossier import NO_FEEDBACK, interviewer, panel
from hireloom.sandbox._lever_shelf import Json
from hireloom.sandbox._lever_write_progress import not_ours


def create_panel(account: Account, call: Call) -> Answer:
    """A panel with its interviews, marked as managed outside Lever."""
    index, record = account.opportunity(call, call.ids[0])
    timezone = needed(call.body, "timezone")
    wanted = rows(call.body, "interviews")
    if not wanted:
        raise bad_request("interviews is required")
    links = texts(call.body, "applications")
    if any(link not in record["applications"] for link in links):
        raise bad_request("applications holds one of another opportunity")
    checked = [_checked(account, one) for one in wanted]
    made = account.panels.add(index, {"timezone": timezone})
    for facts in checked:
        _add_interview(account, call, index, made, facts)
    first = next(row for row in account.interviews.of(index) if row["panel"] == made["id"])
    made |= panel(first, links, managed=True)
    made |= {
        "externalUrl": text(call.body, "externalUrl"),
        "feedbackReminder": text(call.body, "feedbackReminder") or "daily",
        "note": text(call.body, "note"),
        "timezone": timezone,
    }
    account.interacted(index)
    account.wrote("panel", call, opportunity=record["id"], panel=made["id"])
    return Answer(status=201, body={"data": account.panel_as_is(index, made)})


def update_panel(account: Account, call: Call) -> Answer:
    index, _ = account.opportunity(call, call.ids[0])
    made = account.panels.get(index, call.ids[1])
    if made is None:
        raise not_found("panel")
    if not account.panels.written(made["id"]):
        raise not_ours("panel")
    names = ("timezone", "externalUrl", "feedbackReminder", "note")
    changed = {**made, **{name: call.body[name] for name in names if name in call.body}}
    account.panels.put(changed)
    account.wrote("update_panel", call, panel=made["id"])
    return Answer(body={"data": account.panel_as_is(index, changed)})


def create_interview(account: Account, call: Call) -> Answer:
    """One more interview in a panel that exists."""
    index, record = account.opportunity(call, call.ids[0])
    home = account.panels.get(index, needed(call.body, "panel"))
    if home is None:
        raise bad_request("panel is not a panel of this opportunity")
    if not account.panels.written(home["id"]):
        raise not_ours("panel")
    made = _add_interview(account, call, index, home, _checked(account, call.body))
    account.interacted(index)
    account.wrote("interview", call, opportunity=record["id"], interview=made["id"])
    return Answer(status=201, body={"data": made})


def update_interview(account: Account, call: Call) -> Answer:
    index, record = account.opportunity(call, call.ids[0])
    made = account.interviews.get(index, call.ids[1])
    if made is None:
        raise not_found("interview")
    if not account.interviews.written(made["id"]):
        raise not_ours("interview")
    names = ("subject", "note", "location", "feedbackTemplate", "feedbackReminder")
    changed = {**made, **{name: call.body[name] for name in names if name in call.body}}
    if "interviewers" in call.body:
        changed["interviewers"] = _interviewers(account, call.body)
    changed["date"], changed["duration"] = _moment({**made, **call.body})
    account.interviews.put(changed)
    ids = {"interviewId": made["id"], "panelId": made["panel"]}
    account.hooks.emit("interviewUpdated", record, **ids)
    account.wrote("update_interview", call, opportunity=record["id"], interview=made["id"])
    return Answer(body={"data": changed})


def _interviewers(account: Account, wanted: Json) -> list[Json]:
    given = rows(wanted, "interviewers")
    if not given:
        raise bad_request("interviewers is required")
    return [
        interviewer(
            account.known_user(needed(one, "id"), "interviewers"),
            text(one, "feedbackTemplate") or NO_FEEDBACK,
        )
        for one in given
    ]


def _moment(wanted: Json) -> tuple[int, int]:
    date, duration = number(wanted, "date"), number(wanted, "duration")
    if date is None or duration is None or duration < 1:
        raise bad_request("date (milliseconds) and duration (minutes) are required")
    return date, duration


def _checked(account: Account, wanted: Json) -> Json:
    date, duration = _moment(wanted)
    return {
        "subject": text(wanted, "subject") or "Interview",
        "note": text(wanted, "note"),
        "interviewers": _interviewers(account, wanted),
        "date": date,
        "duration": duration,
        "location": text(wanted, "location"),
        "feedbackTemplate": text(wanted, "feedbackTemplate") or NO_FEEDBACK,
    }


def _add_interview(account: Account, call: Call, index: int, home: Json, facts: Json) -> Json:
    posting = account.posting_of(index)
    record = account.opportunities.at(index) or {}
    made = account.interviews.add(
        index,
        {
            "panel": home["id"],
            **facts,
            "timezone": home["timezone"],
            "createdAt": account.now(),
            "feedbackForms": [],
            "feedbackReminder": "daily",
            "user": call.performer,
            "stage": record["stage"],
            "canceledAt": None,
            "postings": [posting] if posting else [],
            "gcalEventUrl": None,
            "opportunityId": record["id"],
        },
    )
    ids = {"interviewId": made["id"], "panelId": home["id"]}
    account.hooks.emit("interviewCreated", record, **ids)
    return made

"""Writing feedback, its templates and profile forms to the Lever simulator."""

from hireloom.sandbox._lever_account import Account
from hireloom.sandbox._lever_body import needed, number, rows, switch, text
from hireloom.sandbox._lever_calls import Answer, Call, bad_request, not_found
from hireloom.sandbox._lever_fields import check_field, filled, template_field
from hireloom.sandbox._lever_forms import TEMPLATES, group
from hireloom.sandbox._lever_shelf import Json
from hireloom.sandbox._lever_write_progress import not_ours

# Templates of feedback


def create_template(account: Account, call: Call) -> Answer:
    now = account.now()
    facts = _template(account, call.body, {})
    made = account.feedback_templates.add(
        {**facts, "createdAt": now, "stage": None, "updatedAt": now}
    )
    account.wrote("create_template", call, template=made["id"], text=made["text"])
    return Answer(status=201, body={"data": made})


def update_template(account: Account, call: Call) -> Answer:
    index, before = _written_template(account, call)
    changed = {**before, **_template(account, call.body, before), "updatedAt": account.now()}
    account.wrote("update_template", call, template=before["id"])
    return Answer(body={"data": account.feedback_templates.put(index, changed)})


def delete_template(account: Account, call: Call) -> Answer:
    """Forms that were filled in stay."""
    index, before = _written_template(account, call)
    account.feedback_templates.delete(index, account.now())
    account.wrote("delete_template", call, template=before["id"])
    return Answer(status=204)


def _written_template(account: Account, call: Call) -> tuple[int, Json]:
    shelf = account.feedback_templates
    index, record = shelf.index(call.ids[0]), shelf.get(call.ids[0])
    if index is None or record is None:
        raise not_found("feedback template")
    if index < shelf.count:
        raise not_ours("feedback template")
    return index, record


def _template(account: Account, sent: Json, before: Json) -> Json:
    """Lever makes the ids of fields; a field that is sent with its own id keeps it."""
    body = {**before, **sent}
    wanted = rows(body, "fields")
    if not wanted:
        raise bad_request("fields is required")
    for one in wanted:
        check_field(one)
    known = {field["id"] for field in before.get("fields", [])}
    ids = [text(one, "id") for one in wanted]
    return {
        "text": needed(body, "text"),
        "group": _group(account, sent) if "group" in sent else before.get("group"),
        "instructions": text(body, "instructions") or "",
        "fields": [
            template_field(mine if mine in known and mine else account.new_field_id(), one)
            for mine, one in zip(ids, wanted, strict=True)
        ],
    }


def _group(account: Account, sent: Json) -> Json | None:
    """Named by its id."""
    wanted = text(sent, "group")
    groups = [group(account.company, index) for index in range(len(TEMPLATES))]
    found = next((each for each in groups if each["id"] == wanted), None)
    if wanted is not None and found is None:
        raise bad_request("group is not a group of feedback templates of your account")
    return found


# Feedback: how results reach Lever


def create_feedback(account: Account, call: Call) -> Answer:
    """Complete at once; a completedAt of null leaves a draft."""
    index, record = account.opportunity(call, call.ids[0])
    base = account.feedback_templates.get(needed(call.body, "baseTemplateId"))
    if base is None:
        raise bad_request("baseTemplateId is not a feedback template of your account")
    now = account.now()
    completed = _completed(call.body, now)
    given = rows(call.body, "fieldValues")
    facts = {
        "type": "interview",
        "text": base["text"],
        "instructions": base["instructions"],
        "fields": filled(base["fields"], given, complete=completed is not None),
        "baseTemplateId": base["id"],
        **_meeting(account, index, call.body),
        "user": call.performer,
        "createdAt": number(call.body, "createdAt") or now,
        "completedAt": completed,
        "updatedAt": None,
        "deletedAt": None,
    }
    made = account.feedback.add(index, facts)
    _show_in_interview(account, index, made, gone=False)
    account.interacted(index)
    values = {field["text"]: field["value"] for field in made["fields"]}
    account.wrote("feedback", call, opportunity=record["id"], feedback=made["id"], values=values)
    return Answer(status=201, body={"data": made})


def _completed(body: Json, default: int | None) -> int | None:
    return number(body, "completedAt") if "completedAt" in body else default


def _meeting(account: Account, index: int, body: Json) -> Json:
    """The interview and the panel that the feedback is of; it need not be of any."""
    panel_id, interview_id = text(body, "panel"), text(body, "interview")
    if panel_id is not None and account.panels.get(index, panel_id) is None:
        raise bad_request("panel is not a panel of this opportunity")
    if interview_id is not None:
        interview = account.interviews.get(index, interview_id)
        if interview is None:
            raise bad_request("interview is not an interview of this opportunity")
        if panel_id not in {None, interview["panel"]}:
            raise bad_request("interview is not an interview of this panel")
    return {"interview": interview_id, "panel": panel_id}


def _show_in_interview(account: Account, index: int, form: Json, *, gone: bool) -> None:
    interview = account.interviews.get(index, form["interview"] or "")
    if interview is not None:
        others = [each for each in interview["feedbackForms"] if each != form["id"]]
        mine = [] if gone else [form["id"]]
        account.interviews.put({**interview, "feedbackForms": [*others, *mine]})


def update_feedback(account: Account, call: Call) -> Answer:
    """Changes only the values that are sent; answers in another shape than a read does."""
    index, record = account.opportunity(call, call.ids[0])
    made = _feedback(account, index, call.ids[1])
    completed = _completed(call.body, made["completedAt"])
    given = rows(call.body, "fieldValues")
    changed = {
        **made,
        "fields": filled(made["fields"], given, complete=completed is not None),
        "completedAt": completed,
        "updatedAt": account.now(),
    }
    account.feedback.put(changed)
    values = {field["text"]: field["value"] for field in changed["fields"]}
    account.wrote("update_feedback", call, opportunity=record["id"], values=values)
    left_out = {"user", "panel", "interview", "deletedAt"}
    answer = {name: value for name, value in changed.items() if name not in left_out}
    answer |= {"userId": changed["user"], "profileId": record["id"]}
    answer["accountId"] = account.company.id("account", 0)
    return Answer(body={"data": answer})


def delete_feedback(account: Account, call: Call) -> Answer:
    """Lists leave it out; by its id it is still found, with the time of its end."""
    index, record = account.opportunity(call, call.ids[0])
    made = _feedback(account, index, call.ids[1])
    if not account.feedback.written(made["id"]):
        raise not_ours("feedback form")
    account.feedback.put({**made, "deletedAt": account.now()})
    _show_in_interview(account, index, made, gone=True)
    account.wrote("delete", call, opportunity=record["id"], what="feedback form", id=made["id"])
    return Answer(status=204)


def _feedback(account: Account, index: int, feedback_id: str) -> Json:
    found = account.feedback.get(index, feedback_id)
    if found is None:
        raise not_found("feedback form")
    return found


# Profile forms


def create_form(account: Account, call: Call) -> Answer:
    """Complete at once, and never changed by the API."""
    index, record = account.opportunity(call, call.ids[0])
    base = account.form_templates.get(needed(call.body, "baseTemplateId"))
    if base is None:
        raise bad_request("baseTemplateId is not a form template of your account")
    secret = switch(call.body, "secret")
    now = account.now()
    facts = {
        "type": "form",
        "text": base["text"],
        "instructions": base["instructions"],
        "fields": filled(base["fields"], rows(call.body, "fields"), complete=True),
        "baseTemplateId": base["id"],
        "user": call.performer,
        "secret": base["secretByDefault"] if secret is None else secret,
        "createdAt": now,
        "completedAt": now,
        "deletedAt": None,
    }
    made = account.forms.add(index, facts)
    account.interacted(index)
    account.wrote("form", call, opportunity=record["id"], form=made["id"])
    return Answer(status=201, body={"data": made})

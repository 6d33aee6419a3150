"""Applications through a posting's form in the Lever simulator, and the uploads for them."""

from typing import Any

from hireloom.sandbox._lever_account import Account
from hireloom.sandbox._lever_body import rows, text, whole_email
from hireloom.sandbox._lever_calls import Answer, Call, Upload, bad_request, not_found
from hireloom.sandbox._lever_candidacy import Candidacy, add_file, new_contact, store
from hireloom.sandbox._lever_shelf import Json

APPLIED_STAGE = "applicant-new"


def apply(account: Account, call: Call) -> Answer:
    """An application through the form: no `perform_as`, field ids from the form."""
    posting = account.postings.get(call.ids[0])
    index = account.postings.index(call.ids[0])
    if posting is None or index is None:
        raise not_found("posting")
    account.check_confidential(call, posting)
    if posting["state"] not in {"published", "internal"}:
        raise bad_request("This posting does not accept applications")
    given = _named_values(call.body, "personalInformation")
    for name in ("fullName", "email"):
        if not given.get(name):
            raise bad_request(f"personalInformation must hold {name}")
    answers = _answers(account, index, call.body.get("customQuestions"))
    resume = _uploaded(account, given.get("resume"))
    made = _store(account, call, posting, given)
    link = account.applications.at(made) or {}
    account.applications.put(made, {**link, **_typed(call, given), "customQuestions": answers})
    if resume is not None:
        add_file(account, made, resume, resume=True)
    opportunity = account.opportunities.id(made)
    account.wrote("apply", call, opportunity=opportunity, name=given["fullName"])
    return Answer(status=201, body={"data": {"applicationId": link["id"]}})


def _store(account: Account, call: Call, posting: Json, given: dict[str, str]) -> int:
    email = whole_email(given["email"])
    person: Json = {"name": given["fullName"], "headline": given.get("currentCompany")}
    if given.get("phone"):
        person["phones"] = [{"value": given["phone"]}]
    contact = account.contact_by_email(email) or new_contact(account, person, [email])
    wanted = Candidacy(
        stage=APPLIED_STAGE,
        origin=text(call.body, "origin") or "applied",
        sources=[text(call.body, "source") or "Job site"],
        owner=posting["owner"],
        posting=posting,
        links=[link for link in _named_values(call.body, "urls").values() if link],
    )
    return store(account, contact, wanted)


def _typed(call: Call, given: dict[str, str]) -> Json:
    """What the application shows of the form."""
    phone = given.get("phone")
    return {
        "name": given["fullName"],
        "email": given["email"],
        "company": given.get("currentCompany"),
        "phone": {"type": "mobile", "value": phone} if phone else None,
        "links": [link for link in _named_values(call.body, "urls").values() if link],
        "ipAddress": call.body.get("ipAddress"),
        "timezone": call.body.get("timezone"),
    }


def _named_values(body: Json, name: str) -> dict[str, str]:
    given = rows(body, name)
    if not all("name" in row for row in given):
        raise bad_request(f"{name} must be a list of objects with name and value")
    return {row["name"]: str(row.get("value") or "") for row in given}


def _answers(account: Account, index: int, given: Any) -> list[Json]:
    """The form with the applicant's values; a required question without one is refused."""
    form = account.company.custom_questions(index)
    values = {
        field.get("id"): field.get("value")
        for one in rows({"customQuestions": given}, "customQuestions")
        if one.get("id") == form["id"]
        for field in rows(one, "fields")
    }
    if unknown := set(values) - {field["id"] for field in form["fields"]}:
        raise bad_request(f"customQuestions holds an unknown field: {min(map(str, unknown))}")
    for field in form["fields"]:
        if field["required"] and not values.get(field["id"]):
            raise bad_request(f"A required question was not answered: {field['text']}")
    fields = [{**field, "value": values.get(field["id"])} for field in form["fields"]]
    now = account.now()
    return [{**form, "fields": fields, "createdAt": now, "completedAt": now, "deletedAt": None}]


def _uploaded(account: Account, uri: str | None) -> Upload | None:
    if not uri:
        return None
    found = account.uploads.get(uri.rpartition("/")[2])  # whatever host it was uploaded to
    if found is None:
        raise bad_request("resume must be the uri of an upload")
    return found


def upload(account: Account, call: Call) -> Answer:
    """A file for a coming application; its uri is what the application names."""
    file = only_file(call)
    identifier = account.company.id("upload", len(account.uploads))
    uri = f"https://api.lever.co/v1/uploads/{identifier}"
    account.uploads[identifier] = file
    facts = {"id": identifier, "filename": file.filename, "uri": uri, "uploadedAt": account.now()}
    return Answer(status=201, body={"data": facts})


def only_file(call: Call) -> Upload:
    found = next((one for one in call.uploads if one.field == "file"), None)
    if found is None:
        raise bad_request("file is required, as multipart/form-data")
    return found

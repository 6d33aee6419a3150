"""Writing to the simulated Lever, over real HTTP."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from hireloom.sandbox import app
from tests.sandbox.lever_client import PDF, Caller, active, screen

MISSING = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[app.Running]:
    with app.Running(size=120, vendors=["lever"], limits=False) as running:
        yield running


@pytest.fixture
def lever(sandbox: app.Running) -> Iterator[Caller]:
    httpx.post(f"{sandbox.url}/_sandbox/reset", timeout=120)
    caller = Caller(sandbox)
    with caller.http:
        yield caller


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/opportunities"),
        ("PUT", "/opportunities/{}/stage"),
        ("PUT", "/opportunities/{}/archived"),
        ("POST", "/opportunities/{}/addTags"),
        ("POST", "/opportunities/{}/files"),
        ("POST", "/opportunities/{}/panels"),
        ("POST", "/opportunities/{}/feedback"),
        ("POST", "/postings"),
    ],
)
def test_a_write_without_a_person_in_whose_name_is_refused(
    lever: Caller, method: str, path: str
) -> None:
    path = path.format(active(lever)["id"])
    gone = lever.data("/users", includeDeactivated="true")
    deactivated = next(user["id"] for user in gone if user["deactivatedAt"])

    nobody = lever.http.request(method, path, json={})
    unknown = lever.act(method, path, {}, perform_as=MISSING)
    former = lever.act(method, path, {}, perform_as=deactivated)

    assert (nobody.status_code, unknown.status_code, former.status_code) == (400, 400, 403)
    assert "perform_as" in nobody.json()["message"]


def test_a_new_person_gets_a_contact_an_opportunity_and_an_application(lever: Caller) -> None:
    posting = lever.data("/postings", state="published", limit=1)[0]
    draft = {
        "name": "Inés Example",
        "emails": ["ines@example.com"],
        "phones": [{"value": "+34 911 23 45 67"}],
        "tags": ["pushed"],
        "origin": "referred",
        "postings": [posting["id"]],
    }

    answer = lever.act("POST", "/opportunities", draft)

    assert answer.status_code == 201
    assert "deduped" not in answer.json()
    record = lever.data(f"/opportunities/{answer.json()['data']['id']}", expand="applications")
    assert (record["name"], record["stage"], record["origin"]) == (
        "Inés Example",
        "lead-new",
        "referred",
    )
    assert {"pushed", posting["text"]} <= set(record["tags"])
    assert record["applications"][0]["posting"] == posting["id"]
    assert record["applications"][0]["user"] == lever.admin
    contact = lever.data(f"/contacts/{record['contact']}")
    assert contact["phones"] == [{"type": "mobile", "value": "+34 911 23 45 67"}]
    assert lever.data("/opportunities", limit=1)[0]["id"] == record["id"]


def test_a_known_email_finds_the_contact_and_still_makes_an_opportunity(lever: Caller) -> None:
    known = active(lever)
    address = known["emails"][0].upper()

    answer = lever.act("POST", "/opportunities", {"name": "Somebody Else", "emails": [address]})

    assert answer.json()["deduped"] is True
    made = answer.json()["data"]
    assert (made["contact"], made["name"]) == (known["contact"], known["name"])
    assert made["id"] != known["id"]
    of_person = [row["id"] for row in lever.walk("/opportunities", contact_id=known["contact"])]
    assert of_person[0] == made["id"]
    assert known["id"] in of_person


@pytest.mark.parametrize(
    "wrong",
    [
        {"stage": "no-such-stage"},
        {"origin": "heaven"},
        {"postings": [MISSING]},
        {"postings": ["a", "b"]},
        {"emails": ["not an address"]},
        {"emails": "x", "tags": 7},
        {"owner": MISSING},
        {"contact": MISSING},
        {"phones": ["123"]},
        {"archived": {"reason": MISSING}},
    ],
)
def test_what_lever_would_not_take_is_a_400_and_changes_nothing(
    lever: Caller, wrong: dict[str, Any]
) -> None:
    answer = lever.act("POST", "/opportunities", {"name": "Wrong", **wrong})

    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequestError")
    assert screen(lever)["acts"] == []


def test_a_move_is_added_to_the_stage_changes(lever: Caller) -> None:
    before = active(lever)
    started = int(time.time() * 1000)

    answer = lever.act("PUT", f"/opportunities/{before['id']}/stage", {"stage": "offer"})

    assert answer.status_code == 200
    assert answer.json()["data"]["name"] == ""  # such writes answer without the person
    after = lever.data(f"/opportunities/{before['id']}")
    assert after["name"] == before["name"]
    assert after["stage"] == "offer"
    assert after["stageChanges"][:-1] == before["stageChanges"]
    assert after["stageChanges"][-1]["userId"] == lever.admin
    assert after["updatedAt"] >= started
    changed = lever.data("/opportunities", updated_at_start=started)
    assert [row["id"] for row in changed] == [before["id"]]
    bad = lever.act("PUT", f"/opportunities/{before['id']}/stage", {"stage": "nowhere"})
    assert bad.status_code == 400


def test_archiving_keeps_the_stage_and_can_be_taken_back(lever: Caller) -> None:
    before = active(lever)
    reason = lever.data("/archive_reasons", type="hired")[0]["id"]
    path = f"/opportunities/{before['id']}"

    assert lever.act("PUT", f"{path}/archived", {"reason": reason}).status_code == 200

    after = lever.data(path, expand="applications")
    assert (after["archived"]["reason"], after["stage"]) == (reason, before["stage"])
    assert after["applications"][0]["archived"] == after["archived"]
    assert lever.act("PUT", f"{path}/archived", {"reason": MISSING}).status_code == 400
    assert lever.act("PUT", f"{path}/archived", {}).status_code == 400
    assert lever.act("PUT", f"{path}/archived", {"reason": None}).status_code == 200
    assert lever.data(path)["archived"] is None


@pytest.mark.parametrize("label", ["Tags", "Sources", "Links"])
def test_labels_are_added_once_and_removed(lever: Caller, label: str) -> None:
    name = label.lower()
    path = f"/opportunities/{active(lever)['id']}"
    value = "https://example.com/profile"

    for _ in range(2):
        assert lever.act("POST", f"{path}/add{label}", {name: [value]}).status_code == 200
    assert lever.data(path)[name].count(value) == 1
    lever.act("POST", f"{path}/remove{label}", {name: [value]})
    assert value not in lever.data(path)[name]
    assert lever.act("POST", f"{path}/add{label}", {}).status_code == 400


def test_a_note_is_kept_verbatim_and_needs_no_person(lever: Caller) -> None:
    before = active(lever)
    path = f"/opportunities/{before['id']}/notes"
    text = "Score: <b>93</b>\n@recruiter – très bien"

    made = lever.http.post(path, json={"value": text, "secret": True})
    reply = lever.act("POST", path, {"value": "Thanks"}, note_id=made.json()["data"]["id"])

    assert (made.status_code, reply.status_code) == (201, 201)
    note = lever.data(f"{path}/{made.json()['data']['id']}")
    assert [field["value"] for field in note["fields"]] == [text, "Thanks"]
    assert (note["secret"], note["user"], note["fields"][1]["user"]) == (True, None, lever.admin)
    assert screen(lever)["notes"][0]["fields"][0]["value"] == text
    after = lever.data(f"/opportunities/{before['id']}")
    assert after["lastInteractionAt"] > before["lastInteractionAt"]
    assert after["updatedAt"] == before["updatedAt"]
    assert lever.http.post(path, json={"value": ""}).status_code == 400
    assert lever.act("PUT", f"{path}/{note['id']}", {"value": "Other"}).status_code == 200
    assert lever.act("DELETE", f"{path}/{note['id']}").status_code == 204
    assert lever.get(f"{path}/{note['id']}").status_code == 404


def test_a_file_comes_back_byte_for_byte_once_it_is_processed(lever: Caller) -> None:
    path = f"/opportunities/{active(lever)['id']}/files"
    person = {"perform_as": lever.admin}
    lever.change("slow_files", slow=True)

    files = {"file": ("report.pdf", PDF, "application/pdf")}
    made = lever.http.post(path, params=person, files=files)

    assert made.status_code == 201
    facts = made.json()["data"]
    assert (facts["name"], facts["ext"], facts["size"]) == ("report.pdf", "pdf", len(PDF))
    assert lever.get(f"{path}/{facts['id']}/download").status_code == 422
    lever.change("slow_files", slow=False)
    assert lever.get(f"{path}/{facts['id']}/download").content == PDF
    assert lever.http.post(path, params=person, json={"file": "x"}).status_code == 400
    assert lever.act("DELETE", f"{path}/{facts['id']}").status_code == 204


def test_an_opportunity_can_come_as_a_form_with_a_resume(lever: Caller) -> None:
    made = lever.http.post(
        "/opportunities",
        params={"perform_as": lever.admin},
        data={"name": "Form Filler", "emails[]": "form@example.com", "tags[]": ["a", "b"]},
        files={"resumeFile": ("cv.pdf", PDF, "application/pdf")},
    )

    assert made.status_code == 201, made.text
    record = made.json()["data"]
    assert (record["emails"], record["tags"]) == (["form@example.com"], ["a", "b"])
    resume = lever.data(f"/opportunities/{record['id']}/resumes")[0]
    assert resume["file"]["name"] == "cv.pdf"


def test_a_panel_holds_the_interviews_made_with_it(lever: Caller) -> None:
    path = f"/opportunities/{active(lever)['id']}"
    meeting = {
        "subject": "Coding",
        "interviewers": [{"id": lever.admin}],
        "date": 1_900_000_000_000,
        "duration": 45,
    }
    body = {"timezone": "Europe/Paris", "interviews": [meeting]}

    panel = lever.act("POST", f"{path}/panels", body).json()["data"]
    later = {**meeting, "panel": panel["id"], "date": 1_900_000_600_000}
    second = lever.act("POST", f"{path}/interviews", later).json()["data"]

    assert panel["externallyManaged"] is True
    whole = lever.data(f"{path}/panels/{panel['id']}")
    assert (whole["start"], whole["end"]) == (1_900_000_000_000, 1_900_003_300_000)
    assert whole["interviews"][0]["interviewers"][0]["responseStatus"] == "needsAction"
    moved = lever.act("PUT", f"{path}/interviews/{second['id']}", {"duration": 30})
    assert moved.json()["data"]["duration"] == 30
    assert lever.act("DELETE", f"{path}/panels/{panel['id']}").status_code == 204
    assert lever.get(f"{path}/interviews/{second['id']}").status_code == 404
    assert lever.act("POST", f"{path}/panels", {"timezone": "Europe/Paris"}).status_code == 400


def test_a_recruiters_interview_cannot_be_changed_by_the_api(lever: Caller) -> None:
    for row in lever.walk("/opportunities"):
        path = f"/opportunities/{row['id']}/interviews"
        if rows := lever.data(path):
            break

    assert lever.act("PUT", f"{path}/{rows[0]['id']}", {"subject": "x"}).status_code == 403
    assert lever.act("DELETE", f"{path}/{rows[0]['id']}").status_code == 403


def test_archiving_can_cancel_what_was_still_to_come(lever: Caller) -> None:
    path = f"/opportunities/{active(lever)['id']}"
    meeting = {"interviewers": [{"id": lever.admin}], "date": 1_900_000_000_000, "duration": 45}
    body = {"timezone": "Europe/Paris", "interviews": [meeting]}
    panel = lever.act("POST", f"{path}/panels", body).json()["data"]
    reason = lever.data("/archive_reasons")[0]["id"]

    lever.act("PUT", f"{path}/archived", {"reason": reason, "cleanInterviews": True})

    interview = lever.data(f"{path}/interviews/{panel['interviews'][0]['id']}")
    assert interview["canceledAt"] is not None


def test_a_score_is_a_feedback_form_of_a_template_made_once(lever: Caller) -> None:
    path = f"/opportunities/{active(lever)['id']}/feedback"
    fields = [
        {"type": "score-system", "text": "Rating", "required": True},
        {"type": "scorecard", "text": "Skills"},
        {"type": "text", "text": "Report"},
    ]
    body = {"text": "Assessment", "fields": fields}
    template = lever.http.post("/feedback_templates", json=body).json()["data"]
    ids = [field["id"] for field in template["fields"]]
    values = ["3 - Hire", [{"score": 3, "comment": "quick"}], "https://example.com/r/1"]

    answer = lever.act(
        "POST",
        path,
        {
            "baseTemplateId": template["id"],
            "fieldValues": [{"id": i, "value": v} for i, v in zip(ids, values, strict=True)],
        },
    )

    assert answer.status_code == 201
    form = lever.data(f"{path}/{answer.json()['data']['id']}")
    assert [field["value"] for field in form["fields"]] == values
    change = {"fieldValues": [{"id": ids[0], "value": "4 - Strong Hire"}]}
    amended = lever.act("PUT", f"{path}/{form['id']}", change)
    assert amended.json()["data"]["userId"] == lever.admin
    after = [field["value"] for field in lever.data(f"{path}/{form['id']}")["fields"]]
    assert after == ["4 - Strong Hire", *values[1:]]
    assert screen(lever)["feedback"][0]["fields"][0]["value"] == "4 - Strong Hire"


def test_a_value_that_its_field_cannot_take_is_refused(lever: Caller) -> None:
    path = f"/opportunities/{active(lever)['id']}/feedback"
    template = lever.data("/feedback_templates", limit=1)[0]
    rating = template["fields"][0]["id"]

    for value in ({"id": rating, "value": "5 - Superb"}, {"id": MISSING, "value": "x"}):
        body = {"baseTemplateId": template["id"], "fieldValues": [value]}
        assert lever.act("POST", path, body).status_code == 400, value
    assert lever.act("POST", path, {"baseTemplateId": MISSING}).status_code == 400
    assert lever.act("DELETE", f"/feedback_templates/{template['id']}").status_code == 403

"""One opportunity's page in the simulated Lever: what API clients write, as recruiters see it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from hireloom.sandbox import app
from tests.sandbox.lever_client import (
    PDF,
    Caller,
    Json,
    active,
    answers,
    give,
    new_template,
    tab,
)

REPORT = "https://example.com/reports/1"


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


@pytest.fixture
def path(lever: Caller) -> str:
    """The opportunity that results are written to."""
    return f"/opportunities/{active(lever)['id']}"


def page(lever: Caller, application: str) -> httpx.Response:
    url = f"{lever.sandbox.url}/_sandbox/lever/screen"
    return httpx.get(url, params={"application": application}, timeout=120)


def clock(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")


def admin_name(lever: Caller) -> str:
    return str(lever.data(f"/users/{lever.admin}")["name"])


def test_the_page_says_whose_it_is_and_for_which_job(lever: Caller) -> None:
    record = active(lever)
    posting = lever.data(f"/postings/{record['applications'][0]['posting']}")

    shown = page(lever, record["id"]).json()

    assert (shown["candidate"], shown["job"]) == (record["name"], posting["text"])
    by_index = lever.sandbox.vendor("lever").world
    assert page(lever, "5").json() == page(lever, by_index.uuid("lever-opportunity", 5)).json()


@pytest.mark.parametrize("unknown", ["nobody", "999999", "00000000-0000-4000-8000-000000000000"])
def test_an_unknown_opportunity_has_no_page(lever: Caller, unknown: str) -> None:
    assert page(lever, unknown).status_code == 400


# Notes


def test_a_note_shows_its_markup_literally_newest_first(lever: Caller, path: str) -> None:
    first = lever.act("POST", f"{path}/notes", {"value": "<b>93</b> of 100\n- <script>quick"})
    second = lever.http.post(f"{path}/notes", json={"value": "Later", "secret": True, "score": 3})
    parent = first.json()["data"]["id"]
    lever.act("POST", f"{path}/notes", {"value": "Thanks"}, note_id=parent)

    secret, note = tab(lever, path, "Notes")[:2]

    name = admin_name(lever)
    assert note == {
        "title": "Note",
        "by": name,
        "at": clock(first.json()["data"]["createdAt"]),
        "lines": ["<b>93</b> of 100", "- <script>quick", f"{name}: Thanks"],
    }
    assert (secret["title"], secret["by"]) == ("Secret note", None)
    assert secret["lines"] == ["Later", "Score: 3"]
    assert second.json()["data"]["fields"][0]["score"] == 3


def test_a_note_can_be_older_than_its_arrival(lever: Caller, path: str) -> None:
    when = 1_500_000_000_000

    made = lever.act("POST", f"{path}/notes", {"value": "Old", "createdAt": when}).json()["data"]

    assert (made["createdAt"], made["completedAt"], made["noteId"]) == (when, when, made["id"])
    assert tab(lever, path, "Notes")[-1]["lines"] == ["Old"]


def test_an_updated_note_keeps_its_replies_its_time_and_its_secrecy(
    lever: Caller, path: str
) -> None:
    body = {"value": "Score: 80", "secret": True, "score": 2}
    made = lever.act("POST", f"{path}/notes", body).json()["data"]
    lever.act("POST", f"{path}/notes", {"value": "Noted"}, note_id=made["id"])
    url = f"{path}/notes/{made['id']}"

    answer = lever.act("PUT", url, {"value": "Score: 90"})

    assert answer.status_code == 200
    after = lever.data(url)
    assert [field["value"] for field in after["fields"]] == ["Score: 90", "Noted"]
    assert (after["secret"], after["createdAt"]) == (True, made["createdAt"])
    assert after["fields"][0]["score"] == 2
    changed = lever.act("PUT", url, {"value": "Score: 90", "score": 4, "secret": False})
    assert changed.json()["data"]["fields"][0]["score"] == 4
    assert lever.data(url)["secret"] is False


@pytest.mark.parametrize(
    "wrong", [{}, {"value": ""}, {"value": 7}, {"value": "x", "secret": "yes"}]
)
def test_a_note_that_lever_cannot_read_changes_nothing(
    lever: Caller, path: str, wrong: Json
) -> None:
    made = lever.act("POST", f"{path}/notes", {"value": "As it was"}).json()["data"]
    before = lever.data(f"{path}/notes")

    assert lever.act("POST", f"{path}/notes", wrong).status_code == 400
    assert lever.act("PUT", f"{path}/notes/{made['id']}", wrong).status_code == 400

    assert lever.data(f"{path}/notes") == before


def test_a_recruiters_note_cannot_be_changed_by_the_api(lever: Caller, path: str) -> None:
    opportunity = path.rpartition("/")[2]
    theirs = lever.change("add_note", application=opportunity, text="Mine")

    answer = lever.act("PUT", f"{path}/notes/{theirs['id']}", {"value": "Yours"})

    assert (answer.status_code, answer.json()["code"]) == (403, "ForbiddenError")
    assert tab(lever, path, "Notes")[0]["lines"] == ["Mine"]


def test_a_deleted_note_leaves_the_page(lever: Caller, path: str) -> None:
    made = lever.act("POST", f"{path}/notes", {"value": "Gone soon"}).json()["data"]

    assert lever.act("DELETE", f"{path}/notes/{made['id']}").status_code == 204

    assert ["Gone soon"] not in [entry["lines"] for entry in tab(lever, path, "Notes")]


# Forms


def test_feedback_shows_each_field_with_its_value(lever: Caller, path: str) -> None:
    skills = [{"text": "Recall"}, {"text": "Speed"}, {"text": "Care"}]
    template = new_template(
        lever,
        {"type": "score-system", "text": "Overall"},
        {"type": "scorecard", "text": "Skills", "scores": skills},
        {"type": "textarea", "text": "Summary"},
        {"type": "date", "text": "Taken on"},
        {"type": "multiple-select", "text": "Parts", "options": [{"text": "A"}, {"text": "B"}]},
        {"type": "text", "text": "Report"},
    )
    card = [{"score": 4, "comment": "sharp"}, {"score": 2}, {"score": 0, "comment": ""}]
    values = ("3 - Hire", card, "Solid\n<i>work</i>", 1_790_000_000_000, ["A", "B"])

    made = give(lever, path, template, *values).json()["data"]
    give(lever, path, template, completedAt=None)

    draft, shown = tab(lever, path, "Feedback")[:2]
    assert shown == {
        "title": "Assessment",
        "by": admin_name(lever),
        "at": clock(made["completedAt"]),
        "lines": [
            "Overall: 3 - Hire",
            "Recall: 4 – sharp",
            "Speed: 2",
            "Care: n.a.",
            "Summary:",
            "Solid",
            "<i>work</i>",
            "Taken on: 2026-09-21",
            "Parts: A, B",
            "Report: —",
        ],
    }
    assert (draft["title"], draft["lines"][1]) == ("Assessment (draft)", "Recall: —")


def test_a_secret_profile_form_is_marked(lever: Caller, path: str) -> None:
    templates = lever.data("/form_templates", include="fields")
    base = next(row for row in templates if row["text"] == "Candidate details")
    pay = {"amount": 50000, "currency": "EUR"}
    body = {"baseTemplateId": base["id"], "fields": answers(base, "One month", pay)}

    lever.act("POST", f"{path}/forms", body)

    shown = tab(lever, path, "Profile Forms")[0]
    assert (shown["title"], shown["by"]) == ("Candidate details (secret)", admin_name(lever))
    assert shown["lines"] == ["Notice period: One month", "Salary expectation: 50000 EUR"]


# Links, tags and files


def test_links_and_tags_come_and_go(lever: Caller, path: str) -> None:
    before = lever.data(path)
    added = lever.act("POST", f"{path}/addLinks", {"links": [REPORT]})
    tagged = lever.act("POST", f"{path}/addTags", {"tags": ["Assessed", "Assessed"]})

    # only what concerns links answers with the person
    assert added.json()["data"]["links"] == [*before["links"], REPORT]
    assert added.json()["data"]["emails"] == before["emails"]
    assert tagged.json()["data"]["tags"] == [*before["tags"], "Assessed"]
    assert tagged.json()["data"]["links"] == []
    entries = {entry["title"]: entry for entry in tab(lever, path, "Links and Tags")}
    assert entries["Links"]["lines"][-1] == REPORT
    assert (entries["Tags"]["lines"][-1], entries["Tags"]["by"]) == ("Assessed", admin_name(lever))
    lever.act("POST", f"{path}/removeLinks", {"links": [REPORT, "https://example.com/never"]})
    lever.act("POST", f"{path}/removeTags", {"tags": ["Assessed"]})
    after = lever.data(path)
    assert (after["links"], after["tags"]) == (before["links"], before["tags"])


@pytest.mark.parametrize("act", ["addLinks", "removeLinks", "addTags", "removeTags"])
def test_labels_must_be_a_list_of_texts(lever: Caller, path: str, act: str) -> None:
    name = "links" if act.endswith("Links") else "tags"

    sent: list[Json] = [{}, {name: []}, {name: [{"url": REPORT}]}, {name: {"url": REPORT}}]
    for wrong in sent:
        assert lever.act("POST", f"{path}/{act}", wrong).status_code == 400, wrong
    assert lever.http.post(f"{path}/{act}", json={name: ["x"]}).status_code == 400


def test_a_file_shows_its_name_and_its_sender(lever: Caller, path: str) -> None:
    files = {"file": ("report.pdf", PDF, "application/pdf")}

    lever.http.post(f"{path}/files", params={"perform_as": lever.admin}, files=files)

    shown = tab(lever, path, "Files")[0]
    assert (shown["title"], shown["by"]) == ("report.pdf", admin_name(lever))
    assert shown["lines"] == [f"{len(PDF)} bytes"]


# Keys with lesser rights


def writes(lever: Caller, path: str, template: Json) -> dict[str, int]:
    """The status that each way to bring a result gets."""
    forms = lever.data("/form_templates", include="fields")
    body = {"baseTemplateId": forms[0]["id"], "fields": []}
    return {
        "feedback": give(lever, path, template).status_code,
        "form": lever.act("POST", f"{path}/forms", body).status_code,
        "links": lever.act("POST", f"{path}/addLinks", {"links": [REPORT]}).status_code,
        "tags": lever.act("POST", f"{path}/addTags", {"tags": ["Assessed"]}).status_code,
        "note": lever.act("POST", f"{path}/notes", {"value": "Result"}).status_code,
    }


@pytest.mark.parametrize(
    ("credentials", "allowed"),
    [
        ("credentials", {"feedback", "form", "links", "tags", "note"}),
        ("credentialsWithoutFeedback", {"form", "links", "tags", "note"}),
        ("credentialsNotesOnly", {"note"}),
    ],
)
def test_a_key_may_do_what_it_was_given(
    sandbox: app.Running, lever: Caller, path: str, credentials: str, allowed: set[str]
) -> None:
    about = httpx.get(sandbox.url, timeout=120).json()["vendors"]["lever"]
    template = new_template(lever, {"type": "text", "text": "Report"})
    holder = Caller(sandbox, about[credentials]["apiKey"])
    with holder.http:
        found = writes(holder, path, template)
        reads = {holder.get(f"{path}/{name}").status_code for name in ("feedback", "notes")}
        fresh = holder.http.post("/feedback_templates", json={"text": "x"}).status_code

    assert {name for name, status in found.items() if status in {200, 201}} == allowed
    assert {status for name, status in found.items() if name not in allowed} <= {403}
    assert reads == {200}
    assert fresh == (403 if credentials == "credentialsNotesOnly" else 400)

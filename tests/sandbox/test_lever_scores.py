"""Results in the simulated Lever, over real HTTP: templates, feedback, profile forms."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from hireloom.sandbox import app
from tests.sandbox.lever_client import Caller, Json, active, answers, give, new_template, tab

MISSING = "00000000-0000-4000-8000-000000000000"
RATINGS = ["4 - Strong Hire", "3 - Hire", "2 - No Hire", "1 - Strong No Hire"]
LEVELS = [{"text": "Junior"}, {"text": "Senior"}]
SKILLS = [{"text": "Recall", "description": "Remembers"}, {"text": "Speed"}]


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


def values_of(form: Json) -> list[Any]:
    return [field["value"] for field in form["fields"]]


# Templates


def test_a_template_gets_ids_and_the_ratings_from_lever(lever: Caller) -> None:
    made = new_template(
        lever,
        {"type": "score-system", "text": "Overall", "required": True, "options": LEVELS},
        {"type": "scorecard", "text": "", "scores": SKILLS},
        {"type": "dropdown", "text": "Level", "options": LEVELS, "id": MISSING},
        {"type": "textarea", "text": "Summary", "description": "In short"},
    )

    rating, card, level, summary = made["fields"]
    assert [option["text"] for option in rating["options"]] == RATINGS
    assert (rating["prompt"], rating["required"]) == ("Select one", True)
    assert card["scores"] == [SKILLS[0], {"text": "Speed", "description": ""}]
    assert (level["options"], summary["description"]) == (LEVELS, "In short")
    ids = {field["id"] for field in made["fields"]}
    assert len(ids) == 4
    assert MISSING not in ids
    assert lever.data(f"/feedback_templates/{made['id']}") == made
    assert lever.data("/feedback_templates")[0] == made


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "number", "text": "Score"},
        {"type": "text"},
        {"type": "dropdown", "text": "Level"},
        {"type": "multiple-select", "text": "Levels", "options": ["Junior"]},
        {"type": "scorecard", "text": "Skills", "scores": [{"description": "no name"}]},
        {"type": "text", "text": "Report", "required": "yes"},
    ],
)
def test_a_field_that_no_template_can_have_is_refused(lever: Caller, wrong: Json) -> None:
    body = {"text": "Assessment", "fields": [{"type": "text", "text": "Fine"}, wrong]}

    answer = lever.http.post("/feedback_templates", json=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequestError")
    assert len(lever.data("/feedback_templates")) == 2


def test_a_changed_template_keeps_the_ids_that_are_sent_back(lever: Caller) -> None:
    made = new_template(lever, {"type": "score-system", "text": "Overall"})
    url = f"/feedback_templates/{made['id']}"
    later = {"type": "text", "text": "Report"}

    changed = lever.http.put(url, json={"fields": [made["fields"][0], later]}).json()["data"]
    renamed = lever.http.put(url, json={"text": "Tests"}).json()["data"]

    assert changed["fields"][0] == made["fields"][0]
    assert changed["fields"][1]["id"] != made["fields"][0]["id"]
    assert (renamed["text"], renamed["fields"]) == ("Tests", changed["fields"])
    assert renamed["updatedAt"] > changed["updatedAt"] > changed["createdAt"]


def test_only_templates_of_the_api_can_be_changed_or_deleted(lever: Caller, path: str) -> None:
    made = new_template(lever, {"type": "text", "text": "Report"})
    theirs = lever.data("/feedback_templates")[-1]
    filled = give(lever, path, made, "still here").json()["data"]

    for method in ("PUT", "DELETE"):
        answer = lever.http.request(method, f"/feedback_templates/{theirs['id']}", json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "ForbiddenError")
    assert lever.http.delete(f"/feedback_templates/{made['id']}").status_code == 204

    assert lever.get(f"/feedback_templates/{made['id']}").status_code == 404
    assert give(lever, path, made, "too late").status_code == 400
    assert values_of(lever.data(f"{path}/feedback/{filled['id']}")) == ["still here"]


def test_a_template_lies_in_a_group_of_the_account(lever: Caller) -> None:
    group = lever.data("/feedback_templates")[0]["group"]
    body = {"text": "Grouped", "fields": [{"type": "text", "text": "Report"}]}

    made = lever.http.post("/feedback_templates", json={**body, "group": group["id"]})
    unknown = lever.http.post("/feedback_templates", json={**body, "group": MISSING})

    assert made.json()["data"]["group"] == group
    assert unknown.status_code == 400


# Feedback


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ({"type": "score-system"}, "3 - Hire", [3, "3", "Hire", ["3 - Hire"]]),
        ({"type": "score"}, "1 - Strong No Hire", [1]),
        (
            {"type": "scorecard", "scores": SKILLS},
            [{"score": 4, "comment": "sharp"}, {"score": 0, "comment": ""}],
            ["4", [4, 4], [{"score": 5}, {"score": 1}], [{"score": 4}], [{"score": [4]}] * 2],
        ),
        ({"type": "yes-no"}, "yes", [True, "Yes", ["yes"]]),
        ({"type": "multiple-choice", "options": LEVELS}, "Junior", ["Expert", {"text": "Junior"}]),
        ({"type": "multiple-select", "options": LEVELS}, ["Junior", "Senior"], ["Junior", ["X"]]),
        ({"type": "dropdown", "options": LEVELS}, "Senior", ["senior", 1]),
        ({"type": "textarea"}, "<b>as it is</b>\nand so on", [7, ["x"]]),
        ({"type": "text"}, "87", [87, True]),
        ({"type": "code"}, "print(1)", [{}]),
        ({"type": "date"}, 1_790_000_000_000, ["2026-09-21", True]),
        ({"type": "currency"}, {"amount": 100, "currency": "EUR"}, ["100", {"amount": "100"}]),
    ],
)
def test_a_value_must_suit_the_type_of_its_field(
    lever: Caller, path: str, field: Json, good: Any, bad: list[Any]
) -> None:
    template = new_template(lever, {"text": "Asked", **field})

    taken = give(lever, path, template, good)
    refused = [give(lever, path, template, each) for each in bad]

    assert taken.status_code == 201, taken.text
    shown = taken.json()["data"]
    assert values_of(shown) == [good]
    assert {name: shown["fields"][0][name] for name in template["fields"][0]} == (
        template["fields"][0]
    )
    assert {answer.status_code for answer in refused} == {400}
    ours = [row for row in lever.data(f"{path}/feedback") if row["text"] == "Assessment"]
    assert ours == [shown]


def test_feedback_says_who_gave_it_and_when(lever: Caller, path: str) -> None:
    template = new_template(lever, {"type": "score-system", "text": "Overall"})
    times = {"createdAt": 1_790_000_000_000, "completedAt": 1_790_000_360_000}

    dated = give(lever, path, template, "3 - Hire", **times).json()["data"]
    now = give(lever, path, template).json()["data"]

    assert {name: dated[name] for name in times} == times
    assert (dated["user"], dated["baseTemplateId"]) == (lever.admin, template["id"])
    assert (dated["type"], dated["text"]) == ("interview", "Assessment")
    assert now["completedAt"] == now["createdAt"] > dated["createdAt"]
    nothing = ("panel", "interview", "updatedAt", "deletedAt")
    assert [now[name] for name in nothing] == [None] * 4
    assert values_of(now) == [None]


def test_a_required_field_is_missed_only_on_a_complete_form(lever: Caller, path: str) -> None:
    template = new_template(
        lever,
        {"type": "score-system", "text": "Overall", "required": True},
        {"type": "text", "text": "Report"},
    )

    missing = give(lever, path, template)
    draft = give(lever, path, template, completedAt=None).json()["data"]

    assert missing.status_code == 400
    assert "Overall" in missing.json()["message"]
    assert draft["completedAt"] is None
    url = f"{path}/feedback/{draft['id']}"
    assert lever.act("PUT", url, {"completedAt": 1_790_000_000_000}).status_code == 400
    values = answers(template, "2 - No Hire")
    body = {"completedAt": 1_790_000_000_000, "fieldValues": values}
    assert lever.act("PUT", url, body).status_code == 200
    assert lever.data(url)["completedAt"] == 1_790_000_000_000
    assert lever.act("PUT", url, {"fieldValues": answers(template, None)}).status_code == 400
    assert lever.act("PUT", url, {"fieldValues": answers(template, "1")}).status_code == 400
    assert values_of(lever.data(url)) == ["2 - No Hire", None]


def test_unknown_fields_templates_and_interviews_are_refused(lever: Caller, path: str) -> None:
    template = new_template(lever, {"type": "text", "text": "Report"})

    for wrong in (
        {"fieldValues": [{"id": MISSING, "value": "x"}]},
        {"fieldValues": [{"value": "x"}]},
        {"fieldValues": {template["fields"][0]["id"]: "x"}},
        {"baseTemplateId": MISSING},
        {"panel": MISSING},
        {"interview": MISSING},
        {"completedAt": "2026-09-21T10:00:00Z"},
    ):
        assert give(lever, path, template, **wrong).status_code == 400, wrong
    assert "Assessment" not in [row["text"] for row in lever.data(f"{path}/feedback")]


def test_feedback_of_an_interview_shows_there_until_it_is_deleted(lever: Caller, path: str) -> None:
    template = new_template(lever, {"type": "text", "text": "Report"})
    meeting = {"interviewers": [{"id": lever.admin}], "date": 1_900_000_000_000, "duration": 45}
    body = {"timezone": "Europe/Paris", "interviews": [meeting]}
    panels = [lever.act("POST", f"{path}/panels", body).json()["data"] for _ in range(2)]
    interview = panels[0]["interviews"][0]["id"]
    home = {"panel": panels[0]["id"], "interview": interview}

    made = give(lever, path, template, "fine", **home).json()["data"]

    assert (made["panel"], made["interview"]) == (panels[0]["id"], interview)
    assert lever.data(f"{path}/interviews/{interview}")["feedbackForms"] == [made["id"]]
    elsewhere = {**home, "panel": panels[1]["id"]}
    assert give(lever, path, template, "fine", **elsewhere).status_code == 400
    assert lever.act("DELETE", f"{path}/feedback/{made['id']}").status_code == 204
    assert lever.data(f"{path}/interviews/{interview}")["feedbackForms"] == []


def test_an_update_changes_the_values_that_are_sent(lever: Caller, path: str) -> None:
    fields = [{"type": "score-system", "text": "Overall"}, {"type": "text", "text": "Report"}]
    template = new_template(lever, *fields)
    made = give(lever, path, template, "2 - No Hire", "a report").json()["data"]
    url = f"{path}/feedback/{made['id']}"

    answer = lever.act("PUT", url, {"fieldValues": answers(template, "3 - Hire")})

    assert answer.status_code == 200
    changed = answer.json()["data"]
    assert (changed["userId"], changed["profileId"]) == (lever.admin, path.rpartition("/")[2])
    assert not {"user", "panel", "interview", "deletedAt"} & set(changed)
    assert values_of(changed) == ["3 - Hire", "a report"]
    after = lever.data(url)
    assert (after["fields"], after["user"]) == (changed["fields"], lever.admin)
    assert after["updatedAt"] > made["createdAt"] == after["createdAt"]
    assert lever.http.put(url, json={}).status_code == 400  # in nobody's name
    other = {"fieldValues": [{"id": MISSING, "value": "x"}]}
    assert lever.act("PUT", url, other).status_code == 400
    assert lever.act("PUT", f"{path}/feedback/{MISSING}", {}).status_code == 404


def test_deleted_feedback_leaves_the_list_and_keeps_its_id(lever: Caller, path: str) -> None:
    template = new_template(lever, {"type": "text", "text": "Report"})
    made = give(lever, path, template, "gone soon").json()["data"]
    url = f"{path}/feedback/{made['id']}"

    assert lever.act("DELETE", url).status_code == 204

    assert made["id"] not in [row["id"] for row in lever.data(f"{path}/feedback")]
    assert lever.data(url)["deletedAt"] > made["createdAt"]
    assert lever.act("PUT", url, {}).status_code == 404
    assert lever.act("DELETE", url).status_code == 404
    assert "Assessment" not in [entry["title"] for entry in tab(lever, path, "Feedback")]


def test_an_interviewers_feedback_cannot_be_deleted(lever: Caller) -> None:
    for row in lever.walk("/opportunities"):
        url = f"/opportunities/{row['id']}/feedback"
        if rows := lever.data(url):
            break

    assert lever.act("DELETE", f"{url}/{rows[0]['id']}").status_code == 403
    assert lever.data(url) == rows


# Profile forms


def test_the_account_has_a_profile_form_for_assessments(lever: Caller) -> None:
    short = {row["text"]: row for row in lever.data("/form_templates")}
    whole = {row["text"]: row for row in lever.data("/form_templates", include="fields")}

    assert set(short) == {"Assessment", "Candidate details"}
    assert not any("fields" in row for row in short.values())
    score, result, report = whole["Assessment"]["fields"]
    assert [each["text"] for each in (score, result, report)] == [
        "Assessment score",
        "Assessment result",
        "Assessment report",
    ]
    assert (score["type"], result["type"], report["type"]) == ("text", "dropdown", "text")
    assert [option["text"] for option in result["options"]] == ["Pass", "Fail", "Review"]


def test_a_profile_form_is_filled_in_by_the_fields_of_its_template(
    lever: Caller, path: str
) -> None:
    templates = lever.data("/form_templates", include="fields")
    base = next(row for row in templates if row["text"] == "Assessment")
    url, values = f"{path}/forms", ["87/100", "Pass", "https://example.com/r/1"]
    body = {"baseTemplateId": base["id"], "fields": answers(base, *values)}

    open_form = lever.act("POST", url, body)
    secret = lever.act("POST", url, {**body, "secret": True})

    assert (open_form.status_code, secret.status_code) == (201, 201)
    made = open_form.json()["data"]
    assert (values_of(made), made["user"], made["secret"]) == (values, lever.admin, False)
    assert secret.json()["data"]["secret"] is True
    assert lever.data(f"{url}/{made['id']}") == made
    assert made in lever.data(url)
    for wrong in (
        {"fields": answers(base, 87)},
        {"fields": answers(base, "87", "Passed")},
        {"fields": [{"id": MISSING, "value": "x"}]},
        {"secret": "no"},
        {"baseTemplateId": MISSING},
    ):
        assert lever.act("POST", url, {**body, **wrong}).status_code == 400, wrong
    assert lever.http.post(url, json=body).status_code == 400  # in nobody's name


def test_a_recruiter_fills_in_a_field_of_any_profile_form(lever: Caller, path: str) -> None:
    opportunity = path.rpartition("/")[2]

    lever.change(
        "set_custom_field", application=opportunity, field="Assessment result", value="Review"
    )

    shown = tab(lever, path, "Profile Forms")[0]
    assert (shown["title"], shown["lines"][1]) == ("Assessment", "Assessment result: Review")

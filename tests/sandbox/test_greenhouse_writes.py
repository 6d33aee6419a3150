"""The simulated Harvest v3, written to over HTTP as a client would."""

import base64
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from hireloom.sandbox.vendor import Vendor
from tests.sandbox.greenhouse_client import APPLICATIONS, CANDIDATES, TLS, Harvest, Record


def vendor(harvest: Harvest) -> Vendor:
    return harvest.running.vendor("greenhouse")


def test_a_note_is_kept_as_it_came_and_is_on_the_screen(harvest: Harvest) -> None:
    application = harvest.active()
    text = 'Score: 87 / 100\n<b>not bold</b> – naïve & "quoted" 🙂'

    note = harvest.post("/v3/notes", {
        "candidate_id": application["candidate_id"], "application_id": application["id"],
        "note_type": "NOTE", "body": text, "visibility": "private",
    })  # fmt: skip

    assert (note["body"], note["visibility"]) == (text, "privately_visible")
    newest = harvest.page("/v3/notes", per_page=1)[0]
    assert newest == note
    of_candidate = harvest.page("/v3/notes", candidate_ids=application["candidate_id"])
    assert note["id"] in {each["id"] for each in of_candidate}
    (shown,) = harvest.screen()["notes"]
    assert (shown["body"], shown["application_id"]) == (text, application["id"])


@pytest.mark.parametrize(
    ("extra", "field"),
    [
        ({"colour": "blue"}, "colour"),
        ({"note_type": "POEM"}, "note_type"),
        ({"visibility": "publicly_visible"}, "visibility"),
        ({"subject": "Hello"}, "subject"),
        ({"note_type": "EMAIL"}, "subject"),
        ({"body": 7}, "body"),
        ({"candidate_id": 1}, "candidate_id"),
    ],
)
def test_a_note_with_a_flaw_is_422(harvest: Harvest, extra: Record, field: str) -> None:
    candidate = harvest.page(CANDIDATES, per_page=1)[0]["id"]

    error = harvest.refused(
        "/v3/notes", {"candidate_id": candidate, "note_type": "NOTE", "body": "x", **extra}
    )

    assert error["field"] == field
    assert not harvest.screen()["notes"]


def test_a_note_on_somebody_elses_application_is_refused(harvest: Harvest) -> None:
    one, other = harvest.page(APPLICATIONS, per_page=2)

    error = harvest.refused("/v3/notes", {
        "candidate_id": one["candidate_id"], "application_id": other["id"],
        "note_type": "NOTE", "body": "x",
    })  # fmt: skip

    assert error["field"] == "application_id"


def test_a_move_needs_the_stage_that_it_leaves(harvest: Harvest) -> None:
    application = harvest.active("Application review")
    key, here = application["id"], application["job_interview_stage_id"]
    path = f"{APPLICATIONS}/{key}/move"

    assert harvest.refused(path, {})["field"] == "from_stage_id"
    assert harvest.refused(path, {"from_stage_id": here + 1})["field"] == "from_stage_id"
    strange = {"from_stage_id": here, "to_stage_id": here + 8}
    assert harvest.refused(path, strange)["field"] == "to_stage_id"
    harvest.post(path, {"from_stage_id": here}, 204)
    assert harvest.one(APPLICATIONS, key)["stage_name"] == "Phone screen"
    harvest.post(path, {"from_stage_id": here + 1, "to_stage_id": here + 4}, 204)

    after = harvest.one(APPLICATIONS, key)
    assert after["stage_name"] == "Offer"
    assert after["updated_at"] > application["updated_at"]
    assert harvest.refused(path, {"from_stage_id": here + 4})["field"] == "to_stage_id"
    rows = harvest.page("/v3/application_stages", application_ids=key)
    assert [row["id"] for row in rows if row["current"]] == [after["stage_id"]]
    moves = [act for act in harvest.screen()["acts"] if act["action"] == "move"]
    assert [act["to_stage"] for act in moves] == ["Phone screen", "Offer"]


def test_a_transfer_goes_to_another_job(harvest: Harvest) -> None:
    application = harvest.active()
    job = next(
        job["id"]
        for job in harvest.page("/v3/jobs", status="open")
        if job["id"] != application["job_id"]
    )
    stages = harvest.page("/v3/job_interview_stages", job_ids=job)

    body = {"from_stage_id": application["job_interview_stage_id"], "to_job_id": job}
    harvest.post(f"{APPLICATIONS}/{application['id']}/move", body, 204)

    after = harvest.one(APPLICATIONS, application["id"])
    assert after["job_id"] == job
    assert after["job_interview_stage_id"] == min(stage["id"] for stage in stages)


def test_a_rejection_needs_a_reason_and_can_be_undone(harvest: Harvest) -> None:
    application = harvest.active("Assessment")
    key = application["id"]
    reason = harvest.page("/v3/rejection_reasons")[0]["id"]

    assert harvest.refused(f"{APPLICATIONS}/{key}/reject", {})["field"] == "rejection_reason_id"
    wrong = harvest.refused(f"{APPLICATIONS}/{key}/reject", {"rejection_reason_id": 1})
    assert wrong["field"] == "rejection_reason_id"
    body = {"rejection_reason_id": reason, "notes": "Not this time"}
    harvest.post(f"{APPLICATIONS}/{key}/reject", body, 204)

    rejected = harvest.one(APPLICATIONS, key)
    assert (rejected["status"], rejected["stage_name"]) == ("rejected", None)
    (detail,) = harvest.page("/v3/rejection_details", application_ids=key)
    assert detail["rejection_reason_id"] == reason
    assert harvest.refused(f"{APPLICATIONS}/{key}/reject", body)["field"] == "id"
    harvest.post(f"{APPLICATIONS}/{key}/unreject", {}, 204)
    back = harvest.one(APPLICATIONS, key)
    assert (back["status"], back["stage_name"]) == ("in_process", "Assessment")
    assert harvest.page("/v3/rejection_details", application_ids=key) == []
    assert harvest.refused(f"{APPLICATIONS}/{key}/unreject", {})["field"] == "id"
    harvest.post(f"{APPLICATIONS}/{key}/reject", body, 204)
    assert len(harvest.page("/v3/rejection_details", application_ids=key)) == 1


def test_a_hire_fills_an_opening(harvest: Harvest) -> None:
    application = harvest.active("Offer")
    openings = harvest.page("/v3/openings", job_ids=application["job_id"])
    opening = next((each["id"] for each in openings if each["open"]), None)
    body = {"start_date": "2026-12-01T00:00:00Z"} | ({"opening_id": opening} if opening else {})

    harvest.post(f"{APPLICATIONS}/{application['id']}/hire", body, 204)

    assert harvest.one(APPLICATIONS, application["id"])["status"] == "hired"
    if opening is not None:
        assert harvest.one("/v3/openings", opening)["application_id"] == application["id"]


def test_a_prospect_becomes_an_applicant(harvest: Harvest) -> None:
    prospect = harvest.page(APPLICATIONS, prospect="true", status="active")[0]
    job = prospect["prospective_job_ids"][0]

    after = harvest.post(
        f"{APPLICATIONS}/{prospect['id']}/convert_to_candidate", {"job_id": job}, 200
    )

    assert (after["prospect"], after["job_id"]) == (False, job)
    assert after["stage_name"] == "Application review"
    assert len(harvest.page("/v3/application_stages", application_ids=prospect["id"])) == 5


def test_a_candidate_is_created_with_an_application(harvest: Harvest) -> None:
    job = harvest.page("/v3/jobs", status="open")[0]["id"]
    before = len(harvest.all(APPLICATIONS, per_page=500))
    body = {
        "first_name": "Ada", "last_name": "Example",
        "email_addresses": [{"value": "ada@example.com", "type": "work"}],
        "application": {"job_id": job},
    }  # fmt: skip

    assert harvest.refused(CANDIDATES, {**body, "application": {}})["field"] == "application.job_id"
    assert harvest.refused(CANDIDATES, {"last_name": "Example"})["field"] == "first_name"
    candidate = harvest.post(CANDIDATES, body)

    assert harvest.page(CANDIDATES, per_page=1)[0] == candidate
    assert harvest.page(CANDIDATES, email="ADA@example.com") == [candidate]
    (application,) = harvest.page(APPLICATIONS, candidate_ids=candidate["id"])
    assert (application["job_id"], application["stage_name"]) == (job, "Application review")
    assert len(harvest.all(APPLICATIONS, per_page=33)) == before + 1
    since = f"gte|{candidate['created_at']}"
    assert [row["id"] for row in harvest.page(CANDIDATES, created_at=since)] == [candidate["id"]]
    answer = harvest.client.delete(f"{CANDIDATES}/{candidate['id']}")
    assert answer.json() == {"message": f"Candidate {candidate['id']} deleted successfully"}
    assert len(harvest.all(APPLICATIONS, per_page=33)) == before


def test_a_second_application_or_a_prospect_can_be_added(harvest: Harvest) -> None:
    candidate = harvest.page(CANDIDATES, per_page=1)[0]["id"]
    job = harvest.page("/v3/jobs", status="open")[0]["id"]

    made = harvest.post(APPLICATIONS, {"candidate_id": candidate, "job_id": job})
    prospect = harvest.post(APPLICATIONS, {"candidate_id": candidate, "prospect": True})

    assert (made["status"], made["stage_name"]) == ("in_process", "Application review")
    assert (prospect["prospect"], prospect["job_id"]) == (True, None)
    found = harvest.page(APPLICATIONS, candidate_ids=candidate)
    assert [row["id"] for row in found[:2]] == [prospect["id"], made["id"]]
    assert harvest.refused(APPLICATIONS, {"candidate_id": candidate})["field"] == "job_id"


def test_lists_of_a_candidate_are_replaced_whole(harvest: Harvest) -> None:
    person = next(each for each in harvest.page(CANDIDATES) if each["phone_numbers"])
    path = f"{CANDIDATES}/{person['id']}"

    answer = harvest.client.patch(
        path, json={"phone_numbers": [], "tags": ["new"], "is_private": True}
    )

    after = answer.json()
    assert (after["phone_numbers"], after["tags"], after["private"]) == ([], ["new"], True)
    assert harvest.one(CANDIDATES, person["id"]) == after
    assert harvest.refused(path, {"emails": []}, "PATCH")["field"] == "emails"
    assert harvest.client.patch(f"{CANDIDATES}/5", json={}).status_code == 404


def test_custom_fields_take_values_that_fit(harvest: Harvest) -> None:
    application = harvest.active()
    path = f"{APPLICATIONS}/{application['id']}"

    def put(**item: Any) -> httpx.Response:
        return harvest.client.patch(path, json={"custom_fields": [item]})

    assert put(name_key="assessment_score", value=87.5).status_code == 200
    assert put(name_key="assessment_status", value="Passed").status_code == 200
    fields = harvest.one(APPLICATIONS, application["id"])["custom_fields"]
    assert fields["assessment_score"]["value"] == "87.5"
    assert fields["assessment_status"] == {
        "name": "Assessment status", "type": "single_select", "value": "Passed",
    }  # fmt: skip
    definition = next(
        each
        for each in harvest.page("/v3/custom_fields")
        if each["name_key"] == "assessment_status"
    )
    options = harvest.page("/v3/custom_field_options", custom_field_ids=definition["id"])
    failed = next(each["id"] for each in options if each["name"] == "Failed")
    assert put(custom_field_id=definition["id"], value=failed).status_code == 200
    assert put(name_key="assessment_status", value="Maybe").status_code == 422
    assert put(name_key="assessment_score", value="high").status_code == 422
    assert put(name_key="notice_period", value="x").status_code == 422
    assert put(name_key="assessment_score", custom_field_id=1, value=1).status_code == 422
    assert put(name_key="assessment_score", value=None).status_code == 200


def test_an_attachment_goes_to_an_application_and_comes_back(harvest: Harvest) -> None:
    application = harvest.active()
    body = {"application_id": application["id"], "filename": "report.pdf", "type": "other"}
    content = base64.b64encode(b"%PDF-1.4 a report").decode()

    assert harvest.refused("/v3/attachments", body)["field"] == "content"
    both = {**body, "content": content, "url": "https://example.com/report.pdf"}
    assert harvest.refused("/v3/attachments", both)["field"] == "content"
    assert harvest.refused("/v3/attachments", {**body, "content": "%"})["field"] == "content"
    strange = {**body, "content_type": "application/pdf", "content": content}
    assert harvest.refused("/v3/attachments", strange)["field"] == "content_type"
    made = harvest.post("/v3/attachments", {**body, "content": content})

    origin = made["url"].split("/attachments/")[0]
    assert httpx.get(
        verify=TLS, url=made["url"].replace(origin, harvest.origins[origin]), timeout=120
    ).content == (b"%PDF-1.4 a report")
    found = harvest.page("/v3/attachments", application_ids=application["id"])
    assert found[0]["id"] == made["id"]


def test_an_interview_is_made_changed_and_removed(harvest: Harvest) -> None:
    application = harvest.active("On-site interview")
    slot = harvest.page("/v3/job_interviews", job_ids=application["job_id"])[0]["id"]
    user = harvest.page("/v3/users", deactivated="false")[0]
    body = {
        "application_id": application["id"], "job_interview_id": slot,
        "interviewers": [{"user_id": user["id"], "response_status": "accepted"}],
        "starts_at": "2026-12-01T10:00:00Z", "ends_at": "2026-12-01T11:00:00Z",
        "external_event_id": "event-1", "video_conferencing_url": "https://video.example.com/1",
    }  # fmt: skip

    late = {**body, "ends_at": "2026-12-01T09:00:00Z"}
    assert harvest.refused("/v3/interviews", late)["field"] == "ends_at"
    assert (
        harvest.refused("/v3/interviews", {**body, "interviewers": []})["field"] == "interviewers"
    )
    made = harvest.post("/v3/interviews", body)
    (guest,) = harvest.page("/v3/interviewers", interview_ids=made["id"])
    assert (guest["user_id"], guest["email"]) == (user["id"], user["primary_email"])
    path = f"/v3/interviews/{made['id']}"
    moved = harvest.client.patch(path, json={"ends_at": "2026-12-01T12:00:00Z"}).json()
    assert moved["ends_at"] == "2026-12-01T12:00:00.000Z"
    assert harvest.client.delete(path).status_code == 200
    assert harvest.page("/v3/interviews", ids=made["id"]) == []
    assert harvest.page("/v3/interviewers", interview_ids=made["id"]) == []
    foreign = harvest.page("/v3/interviews", per_page=1)[0]["id"]
    assert harvest.client.delete(f"/v3/interviews/{foreign}").status_code == 422


def test_a_scorecard_takes_answers_and_ratings_of_its_kit(harvest: Harvest) -> None:
    application = harvest.active()
    job = application["job_id"]
    kit = harvest.page("/v3/interview_kits", job_ids=job)[0]["id"]
    questions = harvest.page("/v3/scorecard_questions", interview_kit_ids=kit)
    text = next(each["id"] for each in questions if each["answer_type"] == "text")
    yes_no = next(each["id"] for each in questions if each["answer_type"] == "yes_no")
    attribute = harvest.page("/v3/job_candidate_attributes", job_ids=job)[0]["id"]
    user = application["recruiter_id"]
    body = {
        "interview_kit_id": kit, "interviewer_id": user, "submitter_id": user,
        "application_id": application["id"], "interviewed_at": "2026-11-02T09:00:00Z",
        "candidate_rating": "strong_yes", "notes": "87 of 100", "status": "complete",
        "question_answers": [
            {"scorecard_question_id": text, "value": "Well done"},
            {"scorecard_question_id": yes_no, "value": True},
        ],
        "candidate_attributes": [{"job_candidate_attribute_id": attribute, "value": "strong_yes"}],
    }  # fmt: skip

    other = harvest.page("/v3/interview_kits")[0]["id"]
    wrong_kit = {**body, "interview_kit_id": other}
    if other != kit:
        assert harvest.refused("/v3/scorecards", wrong_kit)["field"] == "interview_kit_id"
    rated = {**body, "candidate_rating": "definitely_not"}
    assert harvest.refused("/v3/scorecards", rated)["field"] == "candidate_rating"
    typed = {**body, "question_answers": [{"scorecard_question_id": yes_no, "value": "yes"}]}
    assert harvest.refused("/v3/scorecards", typed)["field"] == "question_answers"
    card = harvest.post("/v3/scorecards", body)

    assert (card["status"], card["candidate_rating"]) == ("complete", "strong_yes")
    assert card["submitted_at"] is not None
    answers = harvest.page("/v3/scorecard_question_answers", scorecard_ids=card["id"])
    assert {(each["answer"], each["boolean_value"]) for each in answers} == {
        ("Well done", None), (None, True),
    }  # fmt: skip
    (rating,) = harvest.page("/v3/scorecard_candidate_attributes", scorecard_ids=card["id"])
    assert rating["candidate_attribute_rating"] == "strong_yes"
    assert harvest.page("/v3/scorecards", application_ids=application["id"])[0] == card
    assert harvest.screen()["acts"][-1]["rating"] == "strong_yes"


def test_tags_are_made_given_and_taken(harvest: Harvest) -> None:
    person = harvest.page(CANDIDATES, per_page=1)[0]

    tag = harvest.post("/v3/candidate_tags", {"name": "Hireloom: passed"})
    assert harvest.refused("/v3/candidate_tags", {"name": "Hireloom: passed"})["field"] == "name"
    applied = harvest.post(
        "/v3/applied_candidate_tags", {"candidate_id": person["id"], "candidate_tag_id": tag["id"]}
    )
    assert "Hireloom: passed" in harvest.one(CANDIDATES, person["id"])["tags"]
    assert harvest.client.delete(f"/v3/applied_candidate_tags/{applied['id']}").status_code == 200
    assert harvest.one(CANDIDATES, person["id"])["tags"] == person["tags"]


def test_a_recruiter_changes_things_and_clients_see_them(harvest: Harvest) -> None:
    application = harvest.active("Application review")
    key = application["id"]
    stamp = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    harvest.change("move", application=key)
    harvest.change("custom_field", application=key, name_key="assessment_score", value=3)
    new = harvest.change("apply", first_name="Neo", last_name="Example", email="n@example.org")

    changed = harvest.page(APPLICATIONS, updated_at=f"gte|{stamp}")
    assert [row["candidate_id"] for row in changed] == [
        new.json()["id"],
        application["candidate_id"],
    ]
    assert changed[1]["stage_name"] == "Phone screen"
    assert harvest.screen() == {"notes": [], "acts": []}
    harvest.change("delete_candidate", candidate=application["candidate_id"])
    assert harvest.page(APPLICATIONS, ids=key) == []
    assert harvest.page("/v3/application_stages", application_ids=key) == []
    assert harvest.change("move", application=key).status_code == 400
    assert harvest.change("promote").status_code == 400


def test_a_reset_forgets_what_was_written(harvest: Harvest) -> None:
    before = harvest.page(APPLICATIONS, per_page=3)
    harvest.client.delete(f"{APPLICATIONS}/{before[0]['id']}")
    assert harvest.page(APPLICATIONS, per_page=1)[0]["id"] == before[1]["id"]

    vendor(harvest).reset()

    assert harvest.page(APPLICATIONS, per_page=3) == before

"""Writing results, interviews, jobs and offers to the simulated Ashby, over real HTTP."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from tests.sandbox.ashby_client import Caller, Json

SIZE = 120


def test_feedback_follows_the_form(ashby: Caller) -> None:
    (form, *_) = ashby.results("feedbackFormDefinition.list")
    who = {"applicationId": ashby.id("application", 8), "formDefinitionId": form["id"]}
    verdict = {"path": "overall_recommendation", "value": "4"}
    skills = {
        "path": "skills",
        "value": {"score": 3, "comments": {"type": "PlainText", "value": "ok"}},
    }

    sent = {"fieldSubmissions": [verdict, skills, {"path": "feedback", "value": "Good"}]}
    made = ashby.results("applicationFeedback.submit", **who, feedbackForm=sent)

    assert made["submittedValues"]["skills"]["score"] == 3
    mine = ashby.walk("applicationFeedback.list", applicationId=who["applicationId"])
    assert mine[-1] == made
    assert ashby.screen()["scorecards"][0]["feedbackForm"] == sent
    for wrong in (
        [skills],  # the recommendation is required
        [verdict, {"path": "skills", "value": {"score": 5}}],
        [verdict, {"path": "skills", "value": 3}],
        [{"path": "overall_recommendation", "value": "Strong Yes"}],  # the label, not the value
        [verdict, {"path": "nowhere", "value": "x"}],
    ):
        form_sent = {"fieldSubmissions": wrong}
        refusal = ashby.refusal("applicationFeedback.submit", **who, feedbackForm=form_sent)
        assert refusal == "invalid_input", wrong


def _blob(kind: str, value: Any) -> Json:
    return {"identifier": kind, "label": kind.title(), "type": kind, "value": value}


def test_an_assessment_completes_by_its_result_and_time_runs_on(ashby: Caller) -> None:
    ashby.change("start_assessment", application=3, assessment_id="test-1")
    update = {"assessment_id": "test-1", "assessment_status": _blob("string", "started")}

    begun = ashby.results("assessment.update", **update, timestamp=1000)
    assert begun["status"] == "started"
    assert ashby.refusal("assessment.update", **update, timestamp=1000) == "invalid_input"
    score = _blob("numeric_score", 81)
    finished = ashby.results(
        "assessment.update", assessment_id="test-1", assessment_result=score, timestamp=1001
    )
    assert (finished["status"], finished["assessment_result"]) == ("complete", score)
    assert len(ashby.screen()["assessments"]) == 2
    late = {"assessment_id": "test-1", "timestamp": 1002}
    for wrong in (81, _blob("numeric_score", "81"), _blob("percent", 81), {"value": 81}):
        assert (
            ashby.refusal("assessment.update", **late, assessment_result=wrong) == "invalid_input"
        )
    other = {"assessment_id": "nobody", "timestamp": 1}
    assert ashby.refusal("assessment.update", **other) == "assessment_not_found"


def test_a_test_that_nobody_ordered_can_be_pushed(ashby: Caller) -> None:
    test = {"assessmentTypeId": "sql", "assessmentId": "t-9", "assessmentName": "SQL"}
    who = {"candidateId": ashby.id("candidate", 3), "partnerId": "sandbox-partner", "timestamp": 5}
    result = _blob("boolean_success", True)

    made = ashby.results(
        "assessment.addCompletedToCandidate", **who, assessment={**test, "result": result}
    )

    assert made["status"] == "complete"
    refused = ashby.refusal("assessment.addCompletedToCandidate", **who, assessment=test)
    assert refused == "invalid_input"


def _fields(ashby: Caller, kind: str) -> dict[str, Json]:
    rows = ashby.results("customField.list")
    return {row["title"]: row for row in rows if row["objectType"] == kind}


def test_custom_fields_take_what_suits_their_type(ashby: Caller) -> None:
    fields = _fields(ashby, "Application")
    who = {"objectId": ashby.id("application", 1), "objectType": "Application"}

    for title, good, bad in (
        ("Assessment score", 81.5, "81.5"),
        ("Expected salary", {"value": 70000, "currencyCode": "EUR"}, 70000),
        ("Shift", "night", "Night"),
        ("Portfolio reviewed", True, "yes"),
        ("Assessment report", "https://example.com/r", 7),
    ):
        wanted = {**who, "fieldId": fields[title]["id"]}
        ashby.results("customField.setValue", **wanted, fieldValue=good)
        assert ashby.refusal("customField.setValue", **wanted, fieldValue=bad) == "invalid_input"
        info = ashby.results("application.info", applicationId=who["objectId"])
        assert {each["title"]: each["value"] for each in info["customFields"]}[title] == good
    labels = {each["title"]: each.get("valueLabel") for each in info["customFields"]}
    assert (labels["Shift"], labels["Assessment score"]) == ("Night", None)
    wrong = {**who, "fieldId": _fields(ashby, "Candidate")["Notice period"]["id"]}
    assert ashby.refusal("customField.setValue", **wrong, fieldValue="x") == "invalid_input"
    ashby.results("customField.setValue", **wanted, fieldValue=None)
    info = ashby.results("application.info", applicationId=who["objectId"])
    assert "Assessment report" not in [each["title"] for each in info["customFields"]]


def test_values_set_at_the_same_time_are_lost_unless_sent_together(
    ashby: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    have_read: list[float] = []

    async def until_both_have_read(seconds: float) -> None:
        have_read.append(seconds)
        while len(have_read) < 2:  # noqa: ASYNC110 – the server runs on a loop of its own
            await asyncio.sleep(0.005)

    server = SimpleNamespace(sleep=until_both_have_read)
    monkeypatch.setattr("hireloom.sandbox._ashby_scores.asyncio", server)
    fields = _fields(ashby, "Application")
    who = {"objectId": ashby.id("application", 2), "objectType": "Application"}
    titles = ("Assessment score", "Assessment report")
    values = [
        {"fieldId": fields[title]["id"], "fieldValue": value}
        for title, value in zip(titles, (81, "good"), strict=True)
    ]

    def held() -> int:
        info = ashby.results("application.info", applicationId=who["objectId"])
        return sum(each["title"] in titles for each in info["customFields"])

    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda value: ashby.results("customField.setValue", **who, **value), values))
    assert held() == 1
    ashby.results("customField.setValues", **who, values=values)
    assert held() == 2


def test_only_interviews_made_by_clients_can_be_changed_by_them(ashby: Caller) -> None:
    application = ashby.application(status="Active")
    user = ashby.results("user.list")[0]
    event = {
        "startTime": "2026-12-01T10:00:00Z",
        "endTime": "2026-12-01T11:00:00Z",
        "interviewers": [{"email": user["email"], "feedbackRequired": True}],
    }
    wanted = {"applicationId": application["id"], "interviewEvents": [event]}

    made = ashby.results("interviewSchedule.create", **wanted)

    (shown,) = made["interviewEvents"]
    assert (shown["startTime"], shown["interviewerUserIds"]) == (
        "2026-12-01T10:00:00.000Z",
        [user["id"]],
    )
    mine = {"interviewScheduleId": made["id"]}
    later = {**event, "interviewEventId": shown["id"], "endTime": "2026-12-01T12:00:00Z"}
    changed = ashby.results("interviewSchedule.update", **mine, interviewEvent=later)
    assert [each["endTime"] for each in changed["interviewEvents"]] == ["2026-12-01T12:00:00.000Z"]
    cancelled = ashby.results("interviewSchedule.cancel", id=made["id"])
    assert cancelled["status"] == "Cancelled"
    assert ashby.walk("interviewSchedule.list", applicationId=application["id"])[-1] == cancelled
    theirs = ashby.walk("interviewSchedule.list")[0]
    assert ashby.refusal("interviewSchedule.cancel", id=theirs["id"]) == "invalid_input"
    stranger = {**event, "interviewers": [{"email": "stranger@example.com"}]}
    wanted["interviewEvents"] = [stranger]
    assert ashby.refusal("interviewSchedule.create", **wanted) == "invalid_input"


def test_a_job_is_made_as_a_draft_and_then_opened(ashby: Caller) -> None:
    team, place = (ashby.results(method)[0] for method in ("department.list", "location.list"))
    wanted = {"title": "Glazier", "teamId": team["id"], "locationId": place["id"]}

    made = ashby.results("job.create", **wanted)

    assert (made["status"], made["openedAt"]) == ("Draft", None)
    opened = ashby.results("job.setStatus", jobId=made["id"], status="Open")
    assert (opened["status"], opened["departmentId"]) == ("Open", team["id"])
    assert opened["openedAt"]
    assert made["id"] in [row["jobId"] for row in ashby.results("jobPosting.list")]
    assert ashby.refusal("job.setStatus", jobId=made["id"], status="On hold") == "invalid_input"
    assert ashby.refusal("job.create", title="No place") == "invalid_input"


def test_an_offer_is_made_in_three_steps(ashby: Caller) -> None:
    application = ashby.application(status="Active")
    process = ashby.results("offerProcess.start", applicationId=application["id"])
    form = ashby.results("offer.start", offerProcessId=process["id"])
    wanted = {"offerProcessId": process["id"], "offerFormId": form["id"]}
    salary = {"value": 70000, "currencyCode": "EUR"}
    fields = [
        {"path": "_systemfield_salary", "value": salary},
        {"path": "_systemfield_start_date", "value": "2027-01-04"},
    ]

    made = ashby.results("offer.create", **wanted, offerForm={"fieldSubmissions": fields})

    assert made["latestVersion"]["salary"] == salary
    signed = ashby.results("offer.setStatus", offerId=made["id"], acceptanceStatus="Accepted")
    assert (signed["offerStatus"], signed["decidedAt"] is None) == ("CandidateAccepted", False)
    assert ashby.walk("offer.list", applicationId=application["id"])[-1] == signed
    incomplete = {"fieldSubmissions": fields[:1]}
    assert ashby.refusal("offer.create", **wanted, offerForm=incomplete) == "invalid_input"

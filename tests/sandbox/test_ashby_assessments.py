"""Tests of a partner at the simulated Ashby, and the recruiter's page of an application."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.ashby_client import Caller, Json
from tests.sandbox.partner import KEY, PartnerStub

SIZE = 120
LISTED = [{"assessment_type_id": "sql", "name": "SQL basics", "description": "An hour"}]
PARTNER = "sandbox-partner"


@pytest.fixture
def stub(ashby: Caller) -> Iterator[PartnerStub]:
    """A partner that is connected."""
    with PartnerStub() as partner:
        partner.will("assessment.list", (200, {"success": True, "results": LISTED}))
        _started(partner, "test-1")
        _partner(ashby, "connect", base_url=partner.url, secret_key=KEY)
        yield partner


def _started(partner: PartnerStub, key: Any) -> None:
    answer = {"success": True, "results": {"assessment_id": key}}
    partner.will("assessment.start", (200, answer))
    partner.will("assessment.cancel", (200, answer))


def _partner(ashby: Caller, act: str, status: int = 200, **what: Any) -> Json:
    door = f"{ashby.sandbox.url}/_sandbox/ashby/partner"
    answer = ashby.http.post(door, json={"act": act, **what}, timeout=120)
    assert answer.status_code == status, answer.text
    told: Json = answer.json()
    return told


def _page(ashby: Caller, application: str) -> Json:
    door = f"{ashby.sandbox.url}/_sandbox/ashby/screen"
    shown: Json = ashby.http.get(door, params={"application": application}).json()
    return shown


def _tab(ashby: Caller, application: str, name: str) -> list[Json]:
    tabs = {tab["name"]: tab["entries"] for tab in _page(ashby, application)["tabs"]}
    assert list(tabs) == ["Feed", "Feedback", "Custom Fields", "Assessments"]
    return list(tabs[name])


def _blob(kind: str, value: Any, label: str = "", **more: Any) -> Json:
    return {"identifier": kind, "label": label or kind, "type": kind, "value": value, **more}


def _active(ashby: Caller) -> Json:
    return ashby.application(status="Active")


def test_the_partner_lists_its_tests_for_the_key(ashby: Caller, stub: PartnerStub) -> None:
    told = _partner(ashby, "list")

    assert (told["answer"]["results"], told["errors"]) == (LISTED, [])
    (call,) = stub.asked
    assert (call.method, call.name, call.key, call.body) == (
        "POST",
        "assessment.list",
        f"{KEY}:",
        {},
    )


def test_an_order_names_candidate_application_and_job(ashby: Caller, stub: PartnerStub) -> None:
    _partner(ashby, "list")
    application = _active(ashby)

    told = _partner(ashby, "order", application=application["id"], package="sql")

    assert (told["order"], told["errors"]) == ("test-1", [])
    body = stub.wait_for("assessment.start").body
    assert body["assessment_type_id"] == "sql"
    assert body["application"] == {"ashby_id": application["id"]}
    job = application["job"]
    assert body["job"] == {"ashby_id": job["id"], "name": job["title"]}
    person = ashby.results("candidate.info", id=application["candidate"]["id"])
    candidate = body["candidate"]
    assert candidate["ashby_id"] == person["id"]
    assert candidate["ashby_profile_url"] == person["profileUrl"]
    assert f"{candidate['first_name']} {candidate['last_name']}".strip() == person["name"]
    emails = [each["value"] for each in person["emailAddresses"]]
    assert candidate.get("email") == (emails or [None])[0]
    (entry,) = _tab(ashby, application["id"], "Assessments")
    assert (entry["title"], entry["lines"]) == ("SQL basics", ["Started"])


def test_an_order_whose_answer_is_lost_is_sent_again_unchanged(
    ashby: Caller, stub: PartnerStub
) -> None:
    answer = {"success": True, "results": {"assessment_id": "test-1"}}
    stub.will("assessment.start", None, (200, answer))

    told = _partner(ashby, "order", application=_active(ashby)["id"], package="sql")

    first, second = stub.calls("assessment.start")
    assert first.body == second.body
    assert told["order"] == "test-1"
    stub.will("assessment.start", None)
    gone = _partner(ashby, "order", application=_active(ashby)["id"], package="sql")
    assert (gone["status"], gone["order"]) == (0, None)
    assert len(stub.calls("assessment.start")) == 4


def test_an_order_needs_a_success_with_an_id(ashby: Caller, stub: PartnerStub) -> None:
    application = _active(ashby)["id"]
    good = {"success": True, "results": {"assessment_id": "test-1"}}

    for status, answer in (
        (422, {"success": False, "message": "withdrawn"}),
        (200, {"success": False, "errors": ["no"]}),
        (200, {"results": {"assessment_id": "test-1"}}),
        (200, {"success": True, "results": {}}),
        (500, good),
    ):
        stub.will("assessment.start", (status, answer))
        told = _partner(ashby, "order", application=application, package="sql")
        assert told["order"] is None, answer
        assert told["errors"], answer
    assert len(stub.calls("assessment.start")) == 5
    assert _tab(ashby, application, "Assessments") == []


def test_an_id_cannot_belong_to_two_applications(ashby: Caller, stub: PartnerStub) -> None:
    first, second = [row for row in ashby.walk("application.list") if row["status"] == "Active"][:2]
    _partner(ashby, "order", application=first["id"], package="sql")

    again = _partner(ashby, "order", application=first["id"], package="sql")
    other = _partner(ashby, "order", application=second["id"], package="sql")

    assert (again["order"], other["order"]) == ("test-1", None)
    assert len(_tab(ashby, first["id"], "Assessments")) == 1
    assert _tab(ashby, second["id"], "Assessments") == []


def test_nobody_orders_for_an_archived_application(ashby: Caller, stub: PartnerStub) -> None:
    archived = ashby.application(status="Archived")

    refused = _partner(ashby, "order", 400, application=archived["id"], package="sql")

    assert "under way" in refused["error"]
    assert stub.asked == []
    for act, what in (("result", {"order": "test-1"}), ("phone", {}), ("cancel", {"order": "x"})):
        assert _partner(ashby, act, 400, **what)["error"]


def test_a_result_shows_by_its_labels_and_what_was_told_before_stays(
    ashby: Caller, stub: PartnerStub
) -> None:
    application = _active(ashby)["id"]
    order = _partner(ashby, "order", application=application, package="sql")["order"]
    metadata = [
        _blob("numeric_duration_minutes", 42, "Time"),
        _blob("boolean_success", True, "Passed", isInternal=True, description="Of the bar"),
        _blob("numeric_duration_milliseconds", 90_000, "Pause"),
        _blob("numeric_timestamp_milliseconds", 0, "Begun"),
    ]
    status = _blob("string", "In progress", "Status")
    ashby.results(
        "assessment.update",
        assessment_id=order,
        timestamp=10,
        metadata=metadata,
        assessment_status=status,
    )

    ashby.results(
        "assessment.update",
        assessment_id=order,
        timestamp=11,
        assessment_result=_blob("numeric_score", 81.5, "Score"),
        assessment_profile_url=_blob("url", "https://x.example/r", "Report"),
    )

    (entry,) = _tab(ashby, application, "Assessments")
    assert entry["lines"] == [
        "Complete",
        "Status: In progress",
        "Score: 81.5",
        "Report: https://x.example/r",
        "Time: 42 minutes",
        "Passed (internal): Yes",
        "Pause: 0:01:30",
        "Begun: 1970-01-01 00:00 UTC",
    ]


def test_an_assessment_is_cancelled_from_either_side(ashby: Caller, stub: PartnerStub) -> None:
    application = _active(ashby)["id"]
    ours = _partner(ashby, "order", application=application, package="sql")["order"]
    told = _partner(ashby, "cancel", order=ours)
    assert (told["order"], told["errors"]) == ("test-1", [])
    assert stub.wait_for("assessment.cancel").body == {"assessment_id": "test-1"}
    late = {"assessment_id": ours, "timestamp": 5, "assessment_result": _blob("numeric_score", 1)}
    assert ashby.refusal("assessment.update", **late) == "invalid_input"
    assert "cancelled" in _partner(ashby, "cancel", 400, order=ours)["error"]

    _started(stub, "test-2")
    theirs = _partner(ashby, "order", application=application, package="sql")["order"]
    reason = _blob("string", "Expired", "Reason")
    ashby.results("assessment.update", assessment_id=theirs, timestamp=5, cancelled_reason=reason)

    shown = _tab(ashby, application, "Assessments")
    assert [entry["lines"] for entry in shown] == [["Cancelled", "Reason: Expired"], ["Cancelled"]]


def test_a_cancellation_counts_once_the_partner_agrees(ashby: Caller, stub: PartnerStub) -> None:
    application = _active(ashby)["id"]
    order = _partner(ashby, "order", application=application, package="sql")["order"]

    for answer in (
        (200, {"success": False}),
        (200, {"success": True, "results": {"assessment_id": "test-9"}}),
        (500, {}),
    ):
        stub.will("assessment.cancel", answer)
        assert _partner(ashby, "cancel", order=order)["errors"], answer
    (entry,) = _tab(ashby, application, "Assessments")
    assert entry["lines"] == ["Started"]


def test_an_assessment_follows_its_candidate_into_another(ashby: Caller, stub: PartnerStub) -> None:
    application = _active(ashby)
    who = application["candidate"]["id"]
    order = _partner(ashby, "order", application=application["id"], package="sql")["order"]
    other = next(row["id"] for row in ashby.walk("candidate.list") if row["id"] != who)

    ashby.change("merge_candidates", candidate=who, into=other)

    score = _blob("numeric_score", 81, "Score")
    ashby.results("assessment.update", assessment_id=order, timestamp=5, assessment_result=score)
    (entry,) = _tab(ashby, application["id"], "Assessments")
    assert entry["lines"] == ["Complete", "Score: 81"]


def test_a_reset_forgets_partner_and_orders(ashby: Caller, stub: PartnerStub) -> None:
    application = _active(ashby)["id"]
    _partner(ashby, "order", application=application, package="sql")
    made = _partner(ashby, "calls")["calls"]
    assert [(call["call"], call["status"]) for call in made] == [("assessment.start", 200)]

    ashby.http.post(f"{ashby.sandbox.url}/_sandbox/reset")

    assert _tab(ashby, application, "Assessments") == []
    assert "no partner" in _partner(ashby, "list", 400)["error"]
    assert _partner(ashby, "calls")["calls"] == []


def test_blobs_are_as_the_document_describes_them(ashby: Caller) -> None:
    ashby.change("start_assessment", application=3, assessment_id="test-1")

    for number, wrong in enumerate(
        (
            _blob("numeric_score", True),
            _blob("url", "x.example"),
            _blob("string", 5),
            _blob("string", "x", isInternal="yes"),
            _blob("string", "x", colour="red"),
            {"identifier": "x", "label": "", "type": "string", "value": "x"},
            "x",
        )
    ):
        late = {"assessment_id": "test-1", "timestamp": 10 + number}
        assert ashby.refusal("assessment.update", **late, metadata=[wrong]) == "invalid_input"
    text = {"assessment_id": "test-1", "timestamp": "12"}
    assert ashby.refusal("assessment.update", **text) == "invalid_input"


def test_a_pushed_test_needs_a_known_partner_and_a_later_time(ashby: Caller) -> None:
    vendors = ashby.http.get(ashby.sandbox.url).json()["vendors"]
    assert vendors["ashby"]["credentialsOfPartner"]["partnerId"] == PARTNER
    application = _active(ashby)
    test = {"assessmentTypeId": "sql", "assessmentId": "t-9", "assessmentName": "SQL basics"}
    result = _blob("numeric_score", 81, "Score")
    push = {
        "candidateId": application["candidate"]["id"],
        "partnerId": PARTNER,
        "assessment": {**test, "result": result},
        "timestamp": 5,
    }
    method = "assessment.addCompletedToCandidate"
    stranger = {**push, "partnerId": "stranger"}
    assert ashby.refusal(method, **stranger) == "assessment_partner_not_found"

    ashby.results(method, **push)

    assert ashby.refusal(method, **push) == "invalid_input"
    better = {**test, "result": _blob("numeric_score", 90, "Score")}
    ashby.results(method, **{**push, "assessment": better, "timestamp": 6})
    (entry,) = _tab(ashby, application["id"], "Assessments")
    assert (entry["title"], entry["lines"]) == ("SQL basics", ["Complete", "Score: 90"])
    other = next(
        row["candidate"]["id"]
        for row in ashby.walk("application.list")
        if row["candidate"]["id"] != push["candidateId"]
    )
    assert ashby.refusal(method, **{**push, "candidateId": other, "timestamp": 7}) == (
        "invalid_input"
    )


def test_notes_in_html_show_as_readable_lines(ashby: Caller) -> None:
    application = _active(ashby)
    who = {"candidateId": application["candidate"]["id"]}
    html = "<p><b>Score</b>: 81/100</p><ul><li>SQL: 9</li><li>Go: 7</li></ul>"
    ashby.results("candidate.createNote", **who, note="<b>plain</b>\nas sent")

    note = {"type": "text/html", "value": html}
    ashby.results("candidate.createNote", **who, note=note, isPrivate=True)

    entries = {each["title"]: each for each in _tab(ashby, application["id"], "Feed")}
    assert entries["Private note"]["lines"] == ["Score: 81/100", "• SQL: 9", "• Go: 7"]
    assert entries["Note"]["lines"] == ["<b>plain</b>", "as sent"]
    assert entries["Note"]["by"]
    page = _page(ashby, application["id"])
    assert (page["candidate"], page["job"]) == (
        application["candidate"]["name"],
        application["job"]["title"],
    )


def test_the_form_of_the_coding_test_takes_text_points_and_a_choice(ashby: Caller) -> None:
    application = _active(ashby)
    forms = ashby.results("feedbackFormDefinition.list", includeArchived=True)
    (form,) = [each for each in forms if each["title"] == "Technical Coding Assessment"]
    who = {"applicationId": application["id"], "formDefinitionId": form["id"]}
    comments = {"type": "PlainText", "value": "tidy"}
    values = {
        "overall_recommendation": "3",
        "headline": "81 of 100",
        "details": "Fast\nand tidy",
        "feedback": {"type": "PlainText", "value": "Hire"},
        "code_quality": {"score": 4, "comments": comments},
        "result": "pass",
    }

    def submission(sent: Json) -> Json:
        return {"fieldSubmissions": [{"path": key, "value": sent[key]} for key in sent]}

    for path, wrong in (
        ("result", "Pass"),
        ("details", {"type": "PlainText", "value": "x"}),
        ("headline", 81),
        ("feedback", {"type": "Html", "value": "x"}),
        ("code_quality", {"score": 5}),
        ("code_quality", {"score": 4, "comments": "tidy"}),
    ):
        sent = submission({**values, path: wrong})
        refusal = ashby.refusal("applicationFeedback.submit", **who, feedbackForm=sent)
        assert refusal == "invalid_input", (path, wrong)
    ashby.results("applicationFeedback.submit", **who, feedbackForm=submission(values))

    (entry,) = _tab(ashby, application["id"], "Feedback")
    assert entry["title"] == "Technical Coding Assessment"
    assert entry["lines"] == [
        "Overall recommendation: Yes",
        "Feedback: Hire",
        "Headline: 81 of 100",
        "Details: Fast",
        "and tidy",
        "Code quality: 4 of 4 – tidy",
        "Result: Pass",
    ]
    (old,) = [each["id"] for each in forms if each["isArchived"]]
    late = {**who, "formDefinitionId": old}
    verdict = submission({"overall_recommendation": "3"})
    refusal = ashby.refusal("applicationFeedback.submit", **late, feedbackForm=verdict)
    assert refusal == "invalid_input"


def test_custom_fields_of_application_and_candidate_show_when_filled(ashby: Caller) -> None:
    application = _active(ashby)
    fields = {
        (row["objectType"], row["title"]): row["id"] for row in ashby.results("customField.list")
    }
    objects = {"Application": application["id"], "Candidate": application["candidate"]["id"]}

    for (kind, title), value in {
        ("Application", "Assessment score"): 81.0,
        ("Application", "Assessment result"): "pass",
        ("Application", "Assessment name"): "SQL basics",
        ("Application", "Assessment completed"): "2026-11-02",
        ("Application", "Assessment passed"): True,
        ("Application", "Assessment summary"): "Fast\nand tidy",
        ("Candidate", "Assessment score"): 81.5,
        ("Candidate", "Assessment result"): "review",
    }.items():
        wanted = {"objectType": kind, "objectId": objects[kind], "fieldId": fields[kind, title]}
        ashby.results("customField.setValue", **wanted, fieldValue=value)

    entries = _tab(ashby, application["id"], "Custom Fields")
    shown = {each["title"]: each["lines"] for each in entries}
    assert shown["Assessment score"] == ["81"]
    assert shown["Assessment result"] == ["Pass"]
    assert shown["Assessment passed"] == ["Yes"]
    assert shown["Assessment summary"] == ["Fast", "and tidy"]
    assert shown["Candidate: Assessment score"] == ["81.5"]
    assert shown["Candidate: Assessment result"] == ["Review"]
    assert "Assessment report" not in shown


def test_an_application_may_be_named_by_its_index(ashby: Caller) -> None:
    assert _page(ashby, "3") == _page(ashby, ashby.id("application", 3))

    door = f"{ashby.sandbox.url}/_sandbox/ashby/screen"
    for unknown in ("999999", "seven"):
        assert ashby.http.get(door, params={"application": unknown}).status_code == 400

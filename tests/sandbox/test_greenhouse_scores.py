"""Scorecards, custom fields, tests of a partner and the recruiter's page at Greenhouse."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from hireloom.sandbox.app import Running
from tests.sandbox.greenhouse_client import APPLICATIONS, CANDIDATES, TLS, Harvest, Record
from tests.sandbox.partner import KEY, PartnerStub

APP = "https://app.greenhouse.io"
TEST = "Technical Coding Assessment"
LISTED = [
    {"partner_test_id": "sql", "partner_test_name": "SQL basics"},
    {"partner_test_id": "go", "partner_test_name": "Go in an hour"},
]
DONE = {
    "partner_status": "complete",
    "partner_profile_url": "https://tests.example.com/r/1",
    "partner_score": 81.5,
    "metadata": {"Level": "Senior", "Passed": True},
}


class Office(Harvest):
    """A client that also goes through the doors."""

    def __enter__(self) -> "Office":
        return self

    def partner(self, act: str, status: int = 200, **what: Any) -> Record:
        door = f"{self.running.url}/_sandbox/greenhouse/partner"
        answer = httpx.post(door, json={"act": act, **what}, verify=TLS, timeout=120)
        assert answer.status_code == status, answer.text
        told: Record = answer.json()
        return told

    def tab(self, application: int, name: str) -> list[Record]:
        door = f"{self.running.url}/_sandbox/greenhouse/screen"
        shown = httpx.get(door, params={"application": application}, verify=TLS, timeout=120).json()
        tabs: dict[str, list[Record]] = {tab["name"]: tab["entries"] for tab in shown["tabs"]}
        assert list(tabs) == ["Activity Feed", "Scorecards", "Details", "Take Home Tests"]
        return tabs[name]

    def done(self, url: str, key: str = KEY, **more: Any) -> httpx.Response:
        """What a partner sends once a test is done."""
        mapped = url.replace(APP, self.origins[APP])
        return httpx.patch(mapped, auth=(key, ""), verify=TLS, **more)

    def tested(self) -> Record:
        """An active application to a job that has the take-home test."""
        return self._active_of(lambda job: job in self.jobs_with_test)

    def untested(self) -> Record:
        return self._active_of(lambda job: job not in self.jobs_with_test)

    @property
    def jobs_with_test(self) -> set[int]:
        rows = self.all("/v3/job_interviews")
        return {row["job_id"] for row in rows if row["name"] == TEST}

    def _active_of(self, wanted: Callable[[int], bool]) -> Record:
        rows = self.page(APPLICATIONS, status="active", prospect="false")
        return next(row for row in rows if wanted(row["job_id"]))

    def card(self, application: Record, **more: Any) -> Record:
        """The body of a scorecard for the take-home test."""
        job = application["job_id"]
        meetings = self.page("/v3/job_interviews", job_ids=job)
        (test,) = (each["id"] for each in meetings if each["name"] == TEST)
        (kit,) = self.page("/v3/interview_kits", job_interview_ids=test)
        user = application["recruiter_id"]
        return {
            "interview_kit_id": kit["id"],
            "interviewer_id": user,
            "submitter_id": user,
            "application_id": application["id"],
            "interviewed_at": "2026-11-02T09:00:00Z",
            **more,
        }


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with Running(size=300, vendors=["greenhouse"], limits=False) as here:
        yield here


@pytest.fixture
def office(running: Running) -> Iterator[Office]:
    httpx.post(verify=TLS, url=f"{running.url}/_sandbox/reset", timeout=120)
    with Office(running) as client:
        yield client


@pytest.fixture
def stub() -> Iterator[PartnerStub]:
    with PartnerStub() as partner:
        partner.will("list_tests", (200, LISTED))
        partner.will("send_test", (200, {"partner_interview_id": "order-1"}))
        partner.will("test_status", (200, DONE))
        yield partner


def _connected(office: Office, stub: PartnerStub) -> None:
    office.partner("connect", base_url=stub.url, secret_key=KEY)


def _until(happened: Callable[[], bool]) -> None:
    limit = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < limit
        time.sleep(0.01)


def test_only_some_jobs_have_the_take_home_interview(office: Office) -> None:
    every = {row["id"] for row in office.all("/v3/jobs")}

    assert office.jobs_with_test < every
    application = office.tested()
    meetings = office.page("/v3/job_interviews", job_ids=application["job_id"])
    kinds = {row["name"]: row["scheduling_type"] for row in meetings}
    assert kinds[TEST] == "take_home_test"
    assert [row["id"] for row in office.page("/v3/interview_kits", job_ids=application["job_id"])]


def test_select_answers_are_ids_of_the_questions_own_options(office: Office) -> None:
    body = office.card(office.tested(), status="complete")
    kit = body["interview_kit_id"]
    questions = {
        row["answer_type"]: row["id"]
        for row in office.page("/v3/scorecard_questions", interview_kit_ids=kit)
    }
    single, multi = questions["single_select"], questions["multi_select"]
    options = office.page("/v3/scorecard_question_options", scorecard_question_ids=f"{single}")
    names = {row["name"]: row["id"] for row in options}
    languages = office.page("/v3/scorecard_question_options", scorecard_question_ids=f"{multi}")

    def with_answer(question: int, value: Any) -> Record:
        return {**body, "question_answers": [{"scorecard_question_id": question, "value": value}]}

    assert set(names) == {"Pass", "Fail", "Review"}
    for question, value in (
        (single, "Pass"),
        (single, [names["Pass"]]),
        (single, languages[0]["id"]),
        (multi, languages[0]["id"]),
        (questions["text"], 5),
        (questions["yes_no"], "true"),
    ):
        error = office.refused("/v3/scorecards", with_answer(question, value))
        assert error["field"] == "question_answers", (question, value)
    both = [languages[0]["id"], languages[1]["id"]]
    several = [(single, names["Pass"]), (multi, both), (questions["yes_no"], True)]
    answers = [{"scorecard_question_id": key, "value": value} for key, value in several]
    card = office.post("/v3/scorecards", {**body, "question_answers": answers})

    held = office.page("/v3/scorecard_question_answers", scorecard_ids=card["id"])
    chosen = office.page(
        "/v3/scorecard_question_answer_options",
        scorecard_question_answer_ids=",".join(str(row["id"]) for row in held),
    )
    assert {row["scorecard_question_option_id"] for row in chosen} == {names["Pass"], *both}
    assert [row["boolean_value"] for row in held if row["boolean_value"] is not None] == [True]


def test_a_scorecard_needs_what_the_document_demands(office: Office) -> None:
    body = office.card(office.tested())
    user = office.untested()

    for field in list(body):
        without = {name: value for name, value in body.items() if name != field}
        assert office.refused("/v3/scorecards", without)["field"] == field
    elsewhere = {**body, "application_id": user["id"]}
    assert office.refused("/v3/scorecards", elsewhere)["field"] == "interview_kit_id"
    (one, *_) = office.page("/v3/job_candidate_attributes", job_ids=user["job_id"])
    rated = [{"job_candidate_attribute_id": one["id"], "value": "yes"}]
    strange = {**body, "candidate_attributes": rated}
    assert office.refused("/v3/scorecards", strange)["field"] == "candidate_attributes"


def test_a_draft_can_be_changed_and_a_complete_scorecard_cannot(office: Office) -> None:
    application = office.tested()
    attribute = office.page("/v3/job_candidate_attributes", job_ids=application["job_id"])[0]
    rated = {"job_candidate_attribute_id": attribute["id"], "value": "mixed", "note": "so so"}
    card = office.post("/v3/scorecards", office.card(application, candidate_attributes=[rated]))
    path = f"/v3/scorecards/{card['id']}"
    assert (card["status"], card["submitted_at"]) == ("draft", None)

    again = [{**rated, "value": "strong_yes"}]
    change = {"status": "complete", "notes": "81 of 100", "candidate_attributes": again}
    after = office.client.patch(path, json=change)

    assert after.status_code == 200
    held = office.one("/v3/scorecards", card["id"])
    assert (held["status"], held["notes"]) == ("complete", "81 of 100")
    assert held["submitted_at"] is not None
    (row,) = office.page("/v3/scorecard_candidate_attributes", scorecard_ids=card["id"])
    assert row["candidate_attribute_rating"] == "strong_yes"
    assert office.refused(path, {"notes": "82"}, "PATCH")["field"] == "status"


def test_a_scorecard_shows_on_the_page_under_its_interview(office: Office) -> None:
    application = office.tested()
    attribute = office.page("/v3/job_candidate_attributes", job_ids=application["job_id"])[0]
    rated = {"job_candidate_attribute_id": attribute["id"], "value": "strong_yes", "note": "clear"}
    body = office.card(
        application,
        candidate_rating="yes",
        notes="81 of 100\nAbove the rest",
        candidate_attributes=[rated],
        status="complete",
    )
    options = office.all("/v3/scorecard_question_options")
    questions = office.page("/v3/scorecard_questions", interview_kit_ids=body["interview_kit_id"])
    single = next(row["id"] for row in questions if row["answer_type"] == "single_select")
    passed = next(
        row["id"]
        for row in options
        if (row["scorecard_question_id"], row["name"]) == (single, "Pass")
    )
    body["question_answers"] = [{"scorecard_question_id": single, "value": passed}]

    office.post("/v3/scorecards", body)

    (entry,) = office.tab(application["id"], "Scorecards")
    user = office.one("/v3/users", body["interviewer_id"])
    assert (entry["title"], entry["by"]) == (TEST, user["name"])
    assert entry["lines"] == [
        "Overall recommendation: Yes",
        "Key take-aways: 81 of 100",
        "Above the rest",
        "Result: Pass",
        f"{attribute['name']}: Strong yes – clear",
    ]


def test_notes_are_plain_text_on_the_page_tags_and_all(office: Office) -> None:
    application = office.tested()
    other = office.untested()
    note = {"candidate_id": application["candidate_id"], "note_type": "NOTE"}
    office.post("/v3/notes", {**note, "body": "First"})
    about = {**note, "application_id": application["id"], "visibility": "private"}

    office.post("/v3/notes", {**about, "body": "<b>Score</b>\n- 81/100"})

    newest, oldest = office.tab(application["id"], "Activity Feed")
    assert newest["lines"] == ["<b>Score</b>", "- 81/100"]
    assert (newest["title"], oldest["title"]) == ("Note (private)", "Note")
    assert newest["at"] >= oldest["at"]
    assert office.tab(other["id"], "Activity Feed") == []


def test_custom_fields_of_each_type_show_on_the_page(office: Office) -> None:
    application = office.tested()
    path = f"{APPLICATIONS}/{application['id']}"
    values = {
        "assessment_score": 81.5,
        "assessment_result": "Pass",
        "assessment_name": TEST,
        "assessment_summary": "Fast\nand tidy",
        "assessment_report": "https://tests.example.com/r/1",
        "assessment_completed": "2026-11-02",
        "assessment_passed": True,
    }
    for key, wrong in (
        ("assessment_score", "81"),
        ("assessment_result", "Passed"),
        ("assessment_report", "tests.example.com"),
        ("assessment_completed", "2 November"),
        ("assessment_passed", "yes"),
    ):
        refused = office.refused(
            path, {"custom_fields": [{"name_key": key, "value": wrong}]}, "PATCH"
        )
        assert refused["field"] == "custom_fields", key

    items = [{"name_key": key, "value": value} for key, value in values.items()]
    assert office.client.patch(path, json={"custom_fields": items}).status_code == 200

    shown = {each["title"]: each["lines"] for each in office.tab(application["id"], "Details")}
    assert shown["Assessment score"] == ["81.5"]
    assert shown["Assessment result"] == ["Pass"]
    assert shown["Assessment summary"] == ["Fast", "and tidy"]
    assert shown["Assessment completed"] == ["2026-11-02"]
    assert shown["Assessment passed"] == ["Yes"]
    assert "Old rating" not in shown
    office.client.patch(
        path, json={"custom_fields": [{"name_key": "assessment_score", "value": None}]}
    )
    emptied = [each["title"] for each in office.tab(application["id"], "Details")]
    assert "Assessment score" not in emptied


def test_the_partner_is_asked_for_its_tests_with_the_key(office: Office, stub: PartnerStub) -> None:
    _connected(office, stub)

    told = office.partner("list")

    assert (told["status"], told["answer"], told["errors"]) == (200, LISTED, [])
    (call,) = stub.asked
    assert (call.method, call.name, call.key, call.body) == ("GET", "list_tests", f"{KEY}:", None)


def test_an_order_says_who_is_tested_and_where_the_result_goes(
    office: Office, stub: PartnerStub
) -> None:
    _connected(office, stub)
    office.partner("list")
    application = office.tested()
    person = office.one(CANDIDATES, application["candidate_id"])
    resume = {"type": "resume", "filename": "resume.txt", "content": "QSByZXN1bWU="}
    office.post("/v3/attachments", {"application_id": application["id"], **resume})

    told = office.partner("order", application=application["id"], package="sql")

    body = stub.wait_for("send_test").body
    recruiter = office.one("/v3/users", application["recruiter_id"])
    assert told["order"] is not None
    assert body["url"] == f"{APP}/integrations/testing_partners/take_home_tests/{told['order']}"
    assert (body["partner_test_id"], body["sent_by"]) == ("sql", recruiter["primary_email"])
    candidate = body["candidate"]
    assert (candidate["first_name"], candidate["last_name"]) == (
        person["first_name"],
        person["last_name"],
    )
    assert candidate["email"] == (person["email_addresses"] or [{"value": None}])[0]["value"]
    storage = "https://grnhse-use1-prod-s2-attachments.s3.us-east-1.amazonaws.com"
    address = candidate["resume_url"].replace(storage, office.origins[storage])
    assert httpx.get(address, verify=TLS, timeout=120).content == b"A resume"
    assert candidate["greenhouse_profile_url"] == (
        f"{APP}/people/{person['id']}?application_id={application['id']}"
    )
    (entry,) = office.tab(application["id"], "Take Home Tests")
    assert (entry["title"], entry["lines"]) == ("SQL basics", ["Status: Sent"])


def test_a_finished_test_is_fetched_once_the_partner_says_so(
    office: Office, stub: PartnerStub
) -> None:
    _connected(office, stub)
    application = office.tested()
    office.partner("order", application=application["id"], package="sql")
    url = stub.wait_for("send_test").body["url"]

    assert office.done(url).status_code == 200

    asked = stub.wait_for("test_status")
    assert (asked.method, asked.query) == ("GET", {"partner_interview_id": "order-1"})
    _until(lambda: len(office.tab(application["id"], "Take Home Tests")[0]["lines"]) > 1)
    (entry,) = office.tab(application["id"], "Take Home Tests")
    assert entry["lines"] == [
        "Status: Complete",
        "Score: 81.5",
        "Report: https://tests.example.com/r/1",
        "Level: Senior",
        "Passed: Yes",
    ]
    assert stub.calls("response_error") == []


def test_the_partner_is_answered_before_its_result_is_fetched(
    office: Office, stub: PartnerStub
) -> None:
    _connected(office, stub)
    application = office.tested()
    office.partner("order", application=application["id"], package="sql")
    url = stub.wait_for("send_test").body["url"]
    stub.free.clear()

    assert office.done(url).status_code == 200

    stub.wait_for("test_status")
    (before,) = office.tab(application["id"], "Take Home Tests")
    assert before["lines"] == ["Status: Sent"]
    stub.free.set()
    _until(lambda: len(office.tab(application["id"], "Take Home Tests")[0]["lines"]) > 1)


def test_nobody_but_the_partner_finishes_a_test(office: Office, stub: PartnerStub) -> None:
    _connected(office, stub)
    office.partner("order", application=office.tested()["id"], package="sql")
    url = stub.wait_for("send_test").body["url"]

    assert office.done(url, key="stranger").status_code == 401
    assert office.done(url.rpartition("/")[0] + "/999").status_code == 404
    assert office.done(url, json={"partner_score": 81}).status_code == 422
    assert stub.calls("test_status") == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"partner_profile_url": None}, "partner_profile_url is missing"),
        ({"partner_score": "81"}, "partner_score is not numeric"),
        ({"partner_score": True}, "partner_score is not numeric"),
        ({"metadata": {"Parts": {"SQL": 9}}}, "metadata 'Parts' is not a primitive value"),
        ({"metadata": ["SQL"]}, "metadata is not an object"),
        ({"partner_status": None}, "partner_status is missing"),
        ({"partner_profile_url": "tests.example.com"}, "partner_profile_url is not a URL"),
    ],
)
def test_the_partner_hears_what_is_wrong_with_its_status(
    office: Office, stub: PartnerStub, answer: Record, error: str
) -> None:
    _connected(office, stub)
    office.partner("list")
    application = office.tested()
    made = office.partner("order", application=application["id"], package="sql")
    stub.will("test_status", (200, {**DONE, **answer}))

    told = office.partner("result", order=made["order"])

    assert any(error in each for each in told["errors"])
    heard = stub.wait_for("response_error").body
    assert (heard["api_call"], heard["errors"]) == ("test_status", told["errors"])
    assert (heard["partner_test_id"], heard["partner_test_name"]) == ("sql", "SQL basics")
    assert heard["partner_interview_id"] == "order-1"
    (entry,) = office.tab(application["id"], "Take Home Tests")
    assert entry["lines"] == ["Status: Sent", f"Problem: {told['errors'][0]}"]


def test_an_order_that_the_partner_refuses_is_none(office: Office, stub: PartnerStub) -> None:
    _connected(office, stub)
    stub.will("send_test", (422, {"message": "withdrawn"}), (200, {}), (200, [1]))

    for _ in range(3):
        told = office.partner("order", application=office.tested()["id"], package="sql")
        assert told["order"] is None
    assert len(stub.calls("response_error")) == 3
    url = stub.calls("send_test")[0].body["url"]
    assert office.done(url).status_code == 404


def test_tests_are_ordered_for_active_candidates_alone(office: Office, stub: PartnerStub) -> None:
    _connected(office, stub)
    application = office.tested()
    made = office.partner("order", application=application["id"], package="sql")
    url = stub.wait_for("send_test").body["url"]
    office.change("reject_application", application=application["id"])

    refused = office.partner("order", 400, application=application["id"], package="sql")

    assert "active" in refused["error"]
    assert "active" in office.partner("result", 400, order=made["order"])["error"]
    assert office.done(url).status_code == 422
    assert stub.calls("test_status") == []
    assert len(stub.calls("send_test")) == 1
    for act, what in (("cancel", {"order": made["order"]}), ("phone", {})):
        assert office.partner(act, 400, **what)["error"]


def test_a_partner_that_is_away_is_no_fault_of_the_sandbox(office: Office) -> None:
    refused = office.partner("list", 400)
    assert "no partner" in refused["error"]
    with PartnerStub() as gone:
        url = gone.url
    office.partner("connect", base_url=url, secret_key=KEY)

    told = office.partner("order", application=office.tested()["id"], package="sql")

    assert (told["status"], told["order"]) == (0, None)
    assert office.partner("connect", 400, base_url="ftp://x", secret_key=KEY)["error"]
    assert office.partner("connect", 400, base_url=url, secret_key="k" * 171)["error"]


def test_a_reset_forgets_partner_and_orders(office: Office, stub: PartnerStub) -> None:
    _connected(office, stub)
    application = office.tested()["id"]
    office.partner("order", application=application, package="sql")
    made = office.partner("calls")["calls"]
    assert [(call["call"], call["status"]) for call in made] == [("send_test", 200)]

    httpx.post(f"{office.running.url}/_sandbox/reset", verify=TLS, timeout=120)

    assert office.tab(application, "Take Home Tests") == []
    assert "no partner" in office.partner("list", 400)["error"]
    assert office.partner("calls")["calls"] == []


def test_an_unknown_application_has_no_page(office: Office) -> None:
    door = f"{office.running.url}/_sandbox/greenhouse/screen"

    for key in ("7", "seven"):
        assert (
            httpx.get(door, params={"application": key}, verify=TLS, timeout=120).status_code == 400
        )

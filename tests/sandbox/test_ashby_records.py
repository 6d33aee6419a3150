"""Reading records from the simulated Ashby, over real HTTP."""

import urllib.error
import urllib.request

import httpx
import pytest

from hireloom.sandbox import app
from tests.sandbox.ashby_client import FILES, Caller, Json

SIZE = 260


def test_an_archived_application_tells_why_and_its_history_where(ashby: Caller) -> None:
    row = ashby.application(status="Archived")

    info = ashby.results("application.info", applicationId=row["id"])

    assert row["currentInterviewStage"]["type"] == "Archived"
    assert row["archivedAt"]
    assert row["archiveReason"]["reasonType"] in {"RejectedByOrg", "RejectedByCandidate", "Other"}
    assert "applicationHistory" not in row
    *before, last = info["applicationHistory"]
    assert last["title"] == "Archived"
    assert "leftStageAt" not in last
    assert before[-1]["leftStageAt"] == row["archivedAt"]
    assert ashby.walk("application.listHistory", applicationId=row["id"]) == [*before, last]


def test_an_active_application_has_no_trace_of_an_archive(ashby: Caller) -> None:
    row = ashby.application(status="Active")

    assert "archivedAt" not in row
    assert row["archiveReason"] is None
    assert row["currentInterviewStage"]["title"] != "Archived"


def test_applications_can_be_narrowed_by_status_and_job(ashby: Caller) -> None:
    rows = ashby.walk("application.list")
    statuses = {row["status"] for row in rows}
    assert statuses == {"Active", "Lead", "Hired", "Archived"}
    for status in statuses:
        found = ashby.walk("application.list", status=status)
        assert found == [row for row in rows if row["status"] == status]

    job = rows[0]["job"]["id"]
    assert ashby.walk("application.list", jobId=job) == [
        row for row in rows if row["job"]["id"] == job
    ]
    assert ashby.refusal("application.list", status="Rejected") == "invalid_input"
    assert ashby.refusal("application.list", jobId=ashby.id("job", 999)) == "job_not_found"


def test_answers_of_the_form_come_when_asked_for(ashby: Caller) -> None:
    info: Json = {}
    for index in range(20):
        wanted = {"applicationId": ashby.id("application", index)}
        info = ashby.results("application.info", **wanted, expand=["applicationFormSubmissions"])
        if info["applicationFormSubmissions"]:
            break
    (form,) = info["applicationFormSubmissions"]
    paths = [each["field"]["path"] for each in form["formDefinition"]["sections"][0]["fields"]]
    assert sorted(form["submittedValues"]) == sorted(paths)
    assert "applicationFormSubmissions" not in ashby.results("application.info", **wanted)


def test_candidates_have_one_name_and_leave_out_what_is_empty(ashby: Caller) -> None:
    rows = ashby.walk("candidate.list")

    assert len(rows) == ashby.world.people
    assert any("'" in row["name"] for row in rows)
    assert any(" " not in row["name"] for row in rows)
    nameless = [row for row in rows if "primaryEmailAddress" not in row]
    assert nameless
    assert all(row["emailAddresses"] == [] for row in nameless)
    assert any(len(row["applicationIds"]) > 1 for row in rows)
    assert any("resumeFileHandle" in row for row in rows)
    assert rows[5] == ashby.results("candidate.info", id=rows[5]["id"])


def test_candidates_are_found_by_address_and_name(ashby: Caller) -> None:
    row = next(row for row in ashby.walk("candidate.list") if row["emailAddresses"])
    address = row["primaryEmailAddress"]["value"]

    assert ashby.results("candidate.search", email=address.upper()) == [row]
    assert row in ashby.results("candidate.search", name=row["name"].lower())
    assert ashby.results("candidate.search", email="nobody@example.com") == []
    assert ashby.refusal("candidate.search") == "invalid_input"


def test_a_file_is_read_in_two_steps_and_its_address_expires(ashby: Caller) -> None:
    rows = ashby.walk("candidate.list")
    handle = next(row["resumeFileHandle"] for row in rows if "resumeFileHandle" in row)

    url = ashby.results("file.info", fileHandle=handle["handle"])["url"]

    assert url.startswith(FILES + "/")
    local = url.replace(FILES, ashby.sandbox.origins[FILES])
    with urllib.request.urlopen(local) as answer:  # noqa: S310 -- loopback; no key is sent
        assert answer.read().startswith(b"%PDF-1.4")
        assert answer.headers["content-type"] == "application/pdf"
    assert httpx.get(local.partition("?")[0], timeout=120).status_code == 403
    ashby.change("expire_files")
    with pytest.raises(urllib.error.HTTPError, match="403") as denied:
        urllib.request.urlopen(local)  # noqa: S310 -- loopback
    with denied.value:
        assert b"Request has expired" in denied.value.read()
    assert ashby.refusal("file.info", fileHandle="bm90aGluZw==") == "file_not_found"


def test_stages_belong_to_plans_and_a_job_names_its_plan(ashby: Caller) -> None:
    job = ashby.results("job.list")[0]
    plan = job["defaultInterviewPlanId"]

    stages = ashby.results("interviewStage.list", interviewPlanId=plan)

    assert job["interviewPlanIds"] == [plan]
    assert [stage["orderInInterviewPlan"] for stage in stages] == list(range(8))
    assert (stages[0]["type"], stages[-2]["type"], stages[-1]["type"]) == (
        "Lead",
        "Hired",
        "Archived",
    )
    groups = ashby.results("interviewStageGroup.list", interviewPlanId=plan)
    assert {stage["interviewStageGroupId"] for stage in stages} == {group["id"] for group in groups}
    plans = [row["id"] for row in ashby.results("interviewPlan.list")]
    other = next(each for each in plans if each != plan)
    theirs = ashby.results("interviewStage.list", interviewPlanId=other)
    assert not {stage["id"] for stage in stages} & {stage["id"] for stage in theirs}
    assert ashby.refusal("interviewStage.list") == "invalid_input"


def test_confidential_jobs_are_invisible_without_the_permission(ashby_running: app.Running) -> None:
    full, public = Caller(ashby_running), Caller(ashby_running, "sandbox-ashby-key-public-only")

    with full.http, public.http:
        jobs = {row["id"]: row for row in full.walk("job.list")}
        hidden = {name for name, row in jobs.items() if row["confidential"]}
        assert hidden
        assert {row["id"] for row in public.walk("job.list")} == set(jobs) - hidden
        applications = full.walk("application.list")
        seen = public.walk("application.list")
        assert seen == [row for row in applications if row["job"]["id"] not in hidden]
        assert len(seen) < len(applications)
        lost = next(row for row in applications if row["job"]["id"] in hidden)
        wanted = {"applicationId": lost["id"]}
        assert full.answer("application.info", **wanted)["success"]
        assert public.refusal("application.info", **wanted) == "application_not_found"
        assert len(public.walk("candidate.list")) < len(full.walk("candidate.list"))
        for method in ("interviewSchedule.list", "applicationFeedback.list", "offer.list"):
            names = {row["applicationId"] for row in public.walk(method)}
            assert names <= {row["id"] for row in seen}, method


@pytest.mark.parametrize(
    ("method", "flag", "field"),
    [
        ("department.list", "includeArchived", "isArchived"),
        ("location.list", "includeArchived", "isArchived"),
        ("candidateTag.list", "includeArchived", "isArchived"),
        ("source.list", "includeArchived", "isArchived"),
        ("archiveReason.list", "includeArchived", "isArchived"),
        ("customField.list", "includeArchived", "isArchived"),
        ("interview.list", "includeArchived", "isArchived"),
        ("interviewPlan.list", "includeArchived", "isArchived"),
        ("project.list", "includeArchived", "isArchived"),
        ("feedbackFormDefinition.list", "includeArchived", "isArchived"),
        ("interview.list", "includeNonSharedInterviews", "jobId"),
    ],
)
def test_what_is_hidden_comes_when_asked_for(
    ashby: Caller, method: str, flag: str, field: str
) -> None:
    shown, everything = ashby.results(method), ashby.results(method, **{flag: True})

    assert not any(row.get(field) for row in shown)
    assert [row for row in everything if row.get(field)]
    assert [row for row in everything if not row.get(field)] == shown


def test_users_who_left_and_groups_of_places_come_when_asked_for(ashby: Caller) -> None:
    assert all(row["isEnabled"] for row in ashby.walk("user.list"))
    everybody = ashby.walk("user.list", includeDeactivated=True)
    assert len(everybody) == ashby.world.users
    assert ashby.results("user.search", email=everybody[0]["email"].upper()) == [everybody[0]]
    places = ashby.results("location.list")
    assert {row["type"] for row in places} == {"Location"}
    more = ashby.results("location.list", includeLocationHierarchy=True)
    groups = {row["id"] for row in more if row["type"] == "LocationHierarchy"}
    assert {row["parentLocationId"] for row in places} - {None} <= groups


def test_drafts_and_expansions_of_jobs_come_when_asked_for(ashby: Caller) -> None:
    usual = ashby.walk("job.list")
    drafts = ashby.walk("job.list", status=["Draft"])

    assert {row["status"] for row in usual} == {"Open", "Closed", "Archived"}
    assert {row["status"] for row in drafts} == {"Draft"}
    assert len(usual) + len(drafts) == ashby.world.jobs
    closed = next(row for row in usual if row["status"] == "Closed")
    assert closed["jobPostingIds"] == []
    wanted = {"includeUnpublishedJobPostingsIds": True, "expand": ["location", "openings"]}
    info = ashby.results("job.info", id=closed["id"], **wanted)
    assert len(info["jobPostingIds"]) == 1
    assert info["location"]["id"] == closed["locationId"]
    assert {each["latestVersion"]["jobIds"][0] for each in info["openings"]} == {closed["id"]}
    assert closed in ashby.results("job.search", title=closed["title"])


def test_postings_are_those_of_open_jobs_and_richer_one_by_one(ashby: Caller) -> None:
    answer = ashby.answer("jobPosting.list")

    assert "moreDataAvailable" not in answer
    jobs = {row["id"] for row in ashby.walk("job.list", status=["Open"])}
    assert {row["jobId"] for row in answer["results"]} == jobs
    listed = ashby.results("jobPosting.list", listedOnly=True)
    assert 0 < len(listed) < len(answer["results"])
    info = ashby.results("jobPosting.info", jobPostingId=listed[0]["id"], expand=["job"])
    assert "descriptionHtml" not in listed[0]
    assert info["descriptionHtml"].startswith("<p>")
    assert info["job"]["id"] == listed[0]["jobId"]


def test_interviews_feedback_offers_and_answers_hang_on_applications(ashby: Caller) -> None:
    schedules = ashby.walk("interviewSchedule.list")
    events = [event for row in schedules for event in row["interviewEvents"]]
    assert {"Complete", "WaitingOnFeedback"} <= {row["status"] for row in schedules}
    mine = [row for row in schedules if row["applicationId"] == schedules[0]["applicationId"]]
    found = ashby.walk("interviewSchedule.list", applicationId=schedules[0]["applicationId"])
    assert found == mine
    event = events[0]
    wanted = {"interviewScheduleId": event["interviewScheduleId"], "expand": ["interview"]}
    (shown,) = ashby.results("interviewEvent.list", **wanted)
    assert shown["interview"]["id"] == event["interviewId"]
    feedback = ashby.walk("applicationFeedback.list")
    assert {row["submittedValues"].get("overall_recommendation") for row in feedback} <= {
        *"1234",
        None,
    }
    assert {row["interviewEventId"] for row in feedback} <= {each["id"] for each in events}
    offers = ashby.walk("offer.list")
    assert any(len(row["versions"]) > 1 for row in offers)
    assert ashby.results("offer.info", offerId=offers[0]["id"]) == offers[0]
    surveys = ashby.walk("surveySubmission.list", surveyType="EEOC")
    assert {row["surveyType"] for row in surveys} == {"EEOC"}
    assert ashby.refusal("surveySubmission.list") == "invalid_input"


def test_projects_hold_candidates(ashby: Caller) -> None:
    projects = {row["id"] for row in ashby.results("project.list", includeArchived=True)}

    found = ashby.results("candidate.listProjects", candidateId=ashby.id("candidate", 13))

    assert found
    assert {row["id"] for row in found} <= projects


def test_an_id_of_the_wrong_kind_finds_nothing_and_no_id_is_invalid(ashby: Caller) -> None:
    job = ashby.id("job", 0)

    assert ashby.refusal("candidate.info", id=job) == "candidate_not_found"
    assert ashby.refusal("application.info", applicationId=job) == "application_not_found"
    assert ashby.refusal("job.info", id="17") == "invalid_input"
    assert ashby.refusal("job.info") == "invalid_input"

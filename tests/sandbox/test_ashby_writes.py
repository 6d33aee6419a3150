"""Writing candidates and applications to the simulated Ashby, over real HTTP."""

import tracemalloc
from itertools import islice
from typing import Any

import httpx

from hireloom.sandbox._ashby_company import Company
from hireloom.sandbox.hooks import Courier
from hireloom.sandbox.world import World
from tests.sandbox.ashby_client import FILES, Caller, Json

SIZE = 120
HTML = '<b>Score 81</b><ul><li>Go &amp; SQL</li></ul><a href="https://example.com/r/1">Report</a>'


# Candidates


def test_the_same_person_twice_is_two_candidates(ashby: Caller) -> None:
    person = {"name": "Zoë O'Hara", "email": "zoe@example.com", "phoneNumber": "+1 212 555 0123"}
    links = {
        "linkedInUrl": "https://www.linkedin.com/in/example-zoe",
        "website": "https://example.com",
    }

    first = ashby.results("candidate.create", **person, **links, createdAt="2025-01-02T03:04:05Z")
    second = ashby.results("candidate.create", **person)

    assert first["id"] != second["id"]
    assert first["primaryEmailAddress"] == {
        "value": "zoe@example.com",
        "type": "Personal",
        "isPrimary": True,
    }
    assert first["createdAt"] == "2025-01-02T03:04:05.000Z"
    assert [link["type"] for link in first["socialLinks"]] == ["LinkedIn", "Website"]
    assert len(ashby.results("candidate.search", email="zoe@example.com")) == 2
    assert ashby.walk("candidate.list")[-2:] == [first, second]
    assert [row["name"] for row in ashby.screen()["candidates"]] == [person["name"]] * 2


def test_a_bare_candidate_has_a_name_and_little_else(ashby: Caller) -> None:
    made = ashby.results("candidate.create", name="Only Name")

    assert not {"primaryEmailAddress", "resumeFileHandle", "position", "location"} & made.keys()
    assert made["source"] is None
    assert ashby.refusal("candidate.create", email="a@example.com") == "invalid_input"
    assert ashby.refusal("candidate.create", name="A", email="no address") == "invalid_input"
    unknown = ashby.id("source", 4000)
    assert ashby.refusal("candidate.create", name="A", sourceId=unknown) == "source_not_found"


def test_social_links_are_replaced_and_website_has_another_name(ashby: Caller) -> None:
    made = ashby.results("candidate.create", name="A B", githubUrl="https://github.com/example")
    who = {"candidateId": made["id"]}

    ignored = ashby.results("candidate.update", **who, website="https://example.com/ignored")
    assert ignored["socialLinks"] == made["socialLinks"]
    named = ashby.results("candidate.update", **who, websiteUrl="https://example.com")
    assert [link["type"] for link in named["socialLinks"]] == ["GitHub", "Website"]
    only = [{"type": "Medium", "url": "https://example.com/m"}]
    replaced = ashby.results(
        "candidate.update", **who, socialLinks=only, alternateEmail="b@example.com"
    )
    assert replaced["socialLinks"] == only
    assert [each["value"] for each in replaced["emailAddresses"]] == ["b@example.com"]


def test_a_refused_write_leaves_nothing_behind(ashby: Caller) -> None:
    before = ashby.results("candidate.info", id=ashby.id("candidate", 6))
    wanted = {"candidateId": before["id"], "name": "Half Written", "email": "no address"}

    assert ashby.refusal("candidate.update", **wanted) == "invalid_input"

    assert ashby.results("candidate.info", id=before["id"]) == before


def test_notes_are_kept_as_they_were_sent(ashby: Caller) -> None:
    who = {"candidateId": ashby.id("candidate", 2)}
    before = ashby.walk("candidate.listNotes", **who)

    plain = ashby.results("candidate.createNote", **who, note="Called <twice>")
    rich = ashby.results(
        "candidate.createNote", **who, note={"type": "text/html", "value": HTML}, isPrivate=True
    )

    assert (plain["content"], plain["isPrivate"]) == ("Called <twice>", False)
    assert (rich["content"], rich["isPrivate"]) == (HTML, True)
    assert ashby.walk("candidate.listNotes", **who, limit=1) == [*before, plain, rich]
    seen = ashby.screen()["notes"]
    assert [(note["type"], note["content"]) for note in seen] == [
        ("text/plain", "Called <twice>"),
        ("text/html", HTML),
    ]
    wrong: list[Any] = [None, "", {"type": "text/markdown", "value": "x"}, {"type": "text/html"}]
    assert {ashby.refusal("candidate.createNote", **who, note=note) for note in wrong} == {
        "invalid_input"
    }


def test_a_new_resume_takes_the_place_of_the_old_and_a_file_comes_along(ashby: Caller) -> None:
    rows = ashby.walk("candidate.list")
    old = next(row for row in rows if "resumeFileHandle" in row)
    form = {"candidateId": old["id"]}
    pdf = ("cv é.pdf", b"%PDF-1.4 new", "application/pdf")

    first = ashby.http.post("/candidate.uploadResume", data=form, files={"resume": pdf}).json()
    text = ("report.txt", b"81 of 100", "text/plain")
    second = ashby.http.post("/candidate.uploadFile", data=form, files={"file": text}).json()

    resume = first["results"]["resumeFileHandle"]
    assert resume["name"] == "cv é.pdf"
    info = ashby.results("candidate.info", id=old["id"])
    assert info == second["results"]
    assert info["resumeFileHandle"] == resume
    handles = [each["handle"] for each in info["fileHandles"]]
    assert old["resumeFileHandle"]["handle"] not in handles
    assert len(handles) == len(old["fileHandles"]) + 1
    assert _content(ashby, resume["handle"]) == b"%PDF-1.4 new"
    assert _content(ashby, handles[-1]) == b"81 of 100"
    empty = ashby.http.post(
        "/candidate.uploadFile", data=form, files={"file": ("a.txt", b"", "text/plain")}
    )
    assert empty.json()["errors"] == ["invalid_input"]


def test_a_file_can_go_to_the_store_first(ashby: Caller) -> None:
    wanted = {"filename": "r.pdf", "contentType": "application/pdf"}
    ticket = ashby.results(
        "file.createFileUploadHandle", fileUploadContext="CandidateFiles", **wanted
    )
    who = {"candidateId": ashby.id("candidate", 1), "fileHandle": ticket["handle"]}
    assert ashby.refusal("candidate.uploadFile", **who) == "file_not_found"  # nothing there yet

    store = ticket["url"].replace(FILES, ashby.sandbox.origins[FILES])
    content = {"file": ("r.pdf", b"%PDF-1.4 sent", "application/pdf")}
    forged = {**ticket["fields"], "X-Amz-Signature": "0" * 64}
    assert httpx.post(store, data=forged, files=content, timeout=120).status_code == 403
    assert httpx.post(store, data=ticket["fields"], files=content, timeout=120).status_code == 204

    handles = [
        each["handle"] for each in ashby.results("candidate.uploadFile", **who)["fileHandles"]
    ]
    assert ticket["handle"] in handles
    assert _content(ashby, ticket["handle"]) == b"%PDF-1.4 sent"


def _content(ashby: Caller, handle: str) -> bytes:
    url: str = ashby.results("file.info", fileHandle=handle)["url"]
    return httpx.get(url.replace(FILES, ashby.sandbox.origins[FILES]), timeout=120).content


def test_tags_are_put_on_and_taken_off(ashby: Caller) -> None:
    tag = ashby.results("candidateTag.create", title="assessed")
    who = {"candidateId": ashby.id("candidate", 3)}

    assert ashby.results("candidateTag.create", title="Assessed") == tag
    ashby.results("candidate.addTag", **who, tagId=tag["id"])
    tagged = ashby.results("candidate.addTag", **who, tagId=tag["id"])
    assert tagged["tags"].count(tag) == 1
    assert tag not in ashby.results("candidate.removeTag", **who, tagId=tag["id"])["tags"]
    nobody = ashby.id("tag", 900)
    assert ashby.refusal("candidate.addTag", **who, tagId=nobody) == "candidate_tag_not_found"


def test_an_anonymised_candidate_keeps_its_applications_only(ashby: Caller) -> None:
    old = next(row for row in ashby.walk("candidate.list") if row["emailAddresses"])

    ashby.results("candidate.anonymize", candidateId=old["id"])

    now = ashby.results("candidate.info", id=old["id"])
    assert now["applicationIds"] == old["applicationIds"]
    assert old["name"] not in str(now)
    assert (now["emailAddresses"], now["fileHandles"]) == ([], [])
    assert ashby.walk("candidate.listNotes", candidateId=old["id"]) == []


# Applications


def _job(ashby: Caller) -> Json:
    jobs: list[Json] = ashby.results("job.list", status=["Open"])
    return jobs[0]


def test_a_new_application_starts_as_a_lead_and_answers_with_ids(ashby: Caller) -> None:
    person = ashby.results("candidate.create", name="Ada Example", email="ada@example.com")
    job = _job(ashby)
    token = ashby.sync_token("candidate.list")

    made = ashby.results("application.create", candidateId=person["id"], jobId=job["id"])

    assert made["candidate"] == {"id": person["id"], "name": "Ada Example"}
    assert made["job"] == {"id": job["id"], "title": job["title"]}
    assert made["status"] == "Lead"
    assert made["currentInterviewStage"].keys() == {"id"}
    assert [entry["stageId"] for entry in made["applicationHistory"]] == [
        made["currentInterviewStage"]["id"]
    ]
    info = ashby.results("application.info", applicationId=made["id"])
    assert info["candidate"]["primaryEmailAddress"]["value"] == "ada@example.com"
    assert info["currentInterviewStage"]["type"] == "Lead"
    (changed,) = ashby.results("candidate.list", syncToken=token)
    assert changed["applicationIds"] == [made["id"]]
    assert made["id"] in [row["id"] for row in ashby.walk("application.list", jobId=job["id"])]


def test_a_new_application_may_name_a_stage_of_its_own_plan(ashby: Caller) -> None:
    who = {"candidateId": ashby.id("candidate", 0), "jobId": _job(ashby)["id"]}
    plan = _job(ashby)["defaultInterviewPlanId"]
    plans = [row["id"] for row in ashby.results("interviewPlan.list")]
    stage = ashby.results("interviewStage.list", interviewPlanId=plan)[3]["id"]
    other = next(each for each in plans if each != plan)
    foreign = ashby.results("interviewStage.list", interviewPlanId=other)[3]["id"]

    made = ashby.results("application.create", **who, interviewStageId=stage)

    assert (made["status"], made["currentInterviewStage"]["id"]) == ("Active", stage)
    count = len(ashby.walk("application.list"))
    assert ashby.refusal("application.create", **who, interviewStageId=foreign) == "invalid_input"
    assert ashby.refusal("application.create", **who, interviewPlanId=other) == "invalid_input"
    assert len(ashby.walk("application.list")) == count  # a refused write leaves nothing


def test_a_move_leaves_a_stage_and_enters_another(ashby: Caller) -> None:
    row = ashby.application(status="Active")
    target = ashby.stages_of(row)["Offer"]
    token = ashby.sync_token("application.list")

    for method in ("application.changeStage", "application.change_stage"):
        moved = ashby.results(method, applicationId=row["id"], interviewStageId=target)

        assert moved["currentInterviewStage"]["title"] == "Offer"
        assert moved["candidate"] == row["candidate"]  # the whole record, not the ids alone
        assert moved["updatedAt"] > row["updatedAt"]
    info = ashby.results("application.info", applicationId=row["id"])
    assert info["applicationHistory"][-3]["leftStageAt"]
    assert [each["id"] for each in ashby.results("application.list", syncToken=token)] == [
        row["id"]
    ]
    assert len(ashby.screen()["moves"]) == 2


def test_rejecting_is_a_move_to_the_archive_with_a_reason(ashby: Caller) -> None:
    row = ashby.application(status="Active")
    stages = ashby.stages_of(row)
    reason = ashby.results("archiveReason.list")[0]
    wanted = {"applicationId": row["id"], "interviewStageId": stages["Archived"]}

    assert ashby.refusal("application.changeStage", **wanted) == "invalid_input"
    gone = ashby.results("application.changeStage", **wanted, archiveReasonId=reason["id"])
    assert (gone["status"], gone["archiveReason"]) == ("Archived", reason)
    assert gone["archivedAt"]
    assert ashby.screen()["rejections"][0]["reason"] == reason["text"]

    back = ashby.results(
        "application.changeStage", applicationId=row["id"], interviewStageId=stages["Phone screen"]
    )
    assert (back["status"], back["archiveReason"]) == ("Active", None)
    assert "archivedAt" not in back


def test_a_stage_of_another_plan_is_refused(ashby: Caller) -> None:
    row = ashby.application(status="Active")
    plan = row["currentInterviewStage"]["interviewPlanId"]
    plans = [each["id"] for each in ashby.results("interviewPlan.list")]
    other = next(each for each in plans if each != plan)
    foreign = ashby.results("interviewStage.list", interviewPlanId=other)[2]["id"]
    wanted = {"applicationId": row["id"], "interviewStageId": foreign}

    assert ashby.refusal("application.changeStage", **wanted) == "invalid_input"
    assert (
        ashby.results("application.info", applicationId=row["id"])["updatedAt"] == row["updatedAt"]
    )


def test_a_transfer_takes_the_application_to_another_job_and_plan(ashby: Caller) -> None:
    row = ashby.application(status="Active")
    jobs = ashby.results("job.list", status=["Open"])
    plan = row["currentInterviewStage"]["interviewPlanId"]
    job = next(each for each in jobs if each["defaultInterviewPlanId"] != plan)
    stages = ashby.results("interviewStage.list", interviewPlanId=job["defaultInterviewPlanId"])
    wanted = {"applicationId": row["id"], "jobId": job["id"], "interviewStageId": stages[1]["id"]}

    assert ashby.refusal("application.transfer", **wanted) == "invalid_input"  # no plan
    moved = ashby.results(
        "application.transfer", **wanted, interviewPlanId=job["defaultInterviewPlanId"]
    )

    assert moved["job"]["id"] == job["id"]
    assert moved["currentInterviewStage"] == stages[1]
    assert row["id"] in [each["id"] for each in ashby.walk("application.list", jobId=job["id"])]
    old = ashby.walk("application.list", jobId=row["job"]["id"])
    assert row["id"] not in [each["id"] for each in old]


def test_source_and_credit_change_and_a_source_can_be_taken_away(ashby: Caller) -> None:
    who = {"applicationId": ashby.id("application", 5)}
    source = ashby.results("source.list")[1]
    user = ashby.id("user", 0)

    changed = ashby.results("application.changeSource", **who, sourceId=source["id"])
    assert changed["source"] == {"id": source["id"], "title": source["title"]}
    assert changed["currentInterviewStage"].keys() == {"id", "title"}
    updated = ashby.results(
        "application.update", **who, creditedToUserId=user, createdAt="2025-02-03T00:00:00Z"
    )
    assert updated["creditedToUser"]["id"] == user
    assert updated["createdAt"] == "2025-02-03T00:00:00.000Z"
    assert ashby.results("application.changeSource", **who, sourceId=None)["source"] is None
    assert ashby.refusal("application.changeSource", **who) == "invalid_input"


def test_a_deleted_application_is_gone_everywhere_and_untold(ashby: Caller) -> None:
    row = ashby.walk("application.list")[0]
    token = ashby.sync_token("application.list")

    ashby.results("application.delete", applicationId=row["id"])

    assert ashby.refusal("application.info", applicationId=row["id"]) == "application_not_found"
    assert ashby.results("application.list", syncToken=token) == []
    person = ashby.results("candidate.info", id=row["candidate"]["id"])
    assert row["id"] not in person["applicationIds"]
    for method in ("interviewSchedule.list", "applicationFeedback.list", "offer.list"):
        assert row["id"] not in [each["applicationId"] for each in ashby.walk(method)]


def test_what_a_recruiter_does_is_no_write_of_a_client(ashby: Caller) -> None:
    made = ashby.change("new_applicant", job=0, name="Recruited", email="r@example.com")
    ashby.change("reject", application=made["id"], reason=5)
    info = ashby.results("application.info", applicationId=made["id"])
    assert (info["status"], info["archiveReason"]["reasonType"]) == (
        "Archived",
        "RejectedByCandidate",
    )
    ashby.change("unarchive", application=made["id"])
    ashby.change("hire", application=made["id"])
    ashby.change("add_note", application=made["id"], text="Start on Monday")

    assert ashby.results("application.info", applicationId=made["id"])["status"] == "Hired"
    notes = ashby.walk("candidate.listNotes", candidateId=made["candidate"]["id"])
    assert [note["content"] for note in notes] == ["Start on Monday"]
    assert not any(ashby.screen().values())
    ashby.change("delete_candidate", candidate=made["candidate"]["id"])
    assert ashby.refusal("application.info", applicationId=made["id"]) == "application_not_found"
    url = f"{ashby.sandbox.url}/_sandbox/ashby/change"
    assert httpx.post(url, json={"kind": "promote"}, timeout=120).status_code == 400


# The whole


def test_a_reset_forgets_every_write(ashby: Caller) -> None:
    before = ashby.walk("candidate.list")
    ashby.results("candidate.create", name="Soon Gone")

    httpx.post(f"{ashby.sandbox.url}/_sandbox/reset", timeout=120)

    assert ashby.walk("candidate.list") == before
    assert not any(ashby.screen().values())


def test_a_big_organisation_costs_no_more_memory_than_a_small_one() -> None:
    tracemalloc.start()
    try:
        company = Company(World(7, 1_000_000), Courier("ashby"))
        rows = company.applications.rows(500_000)
        bodies = (company.application_body(row) for _, row in rows)
        assert len({body["id"] for body in islice(bodies, 500)}) == 500
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 20_000_000  # one list of a million indexes alone would take 32 MB

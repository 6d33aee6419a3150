"""What changes without touching the record's own time of change is told all the same."""

import pytest

from tests.syncing import Syncing

SECTIONS = [
    "application_info",
    "application_stage",
    "application_offers",
    "application_interviews",
    "application_rejection",
]
UNTOLD = {"closed", "draft", "template"}
OPEN_JOBS = {"open", "published", "Open"}


async def test_an_offer_an_interview_and_a_rejection_are_each_told_as_that_section(
    small: Syncing,
) -> None:
    offered, met, declined = small.open_applications(3)
    await small.sync(models=SECTIONS)
    small.account.change("create_offer", application=offered["id"])
    small.account.change("schedule_interview", application=met["id"])
    small.account.change("reject_application", application=declined["id"])

    told = await small.sync(syncType="delta_sync")

    assert set(told.paths) == {str(one["id"]) for one in (offered, met, declined)}
    assert told.paths[str(offered["id"])] == {"$.offers"}
    assert told.paths[str(met["id"])] == {"$.interviews"}
    assert {"$.rejection", "$.info.status"} <= told.paths[str(declined["id"])]
    (changed,) = [one for one in told.modified if one["recordId"] == str(offered["id"])]
    assert changed["eventData"]["offers"]


async def test_an_interview_that_moves_is_told(small: Syncing) -> None:
    (met,) = small.open_applications(1)
    made = small.account.change("schedule_interview", application=met["id"])
    await small.sync(models=SECTIONS)
    small.account.change(
        "update_interview", interview=made["id"], starts_at="2031-05-05T10:00:00.000Z"
    )

    told = await small.sync(syncType="delta_sync")

    assert told.paths == {str(met["id"]): {"$.interviews"}}


async def test_a_row_that_was_taken_away_from_a_table_is_told_by_the_next_full_run(
    few: Syncing,
) -> None:
    (met,) = few.open_applications(1)
    made = few.account.change("schedule_interview", application=met["id"])
    await few.sync(models=SECTIONS)
    few.account.change("cancel_interview", interview=made["id"])

    told = await few.sync(syncType="initial_sync")

    assert told.paths == {str(met["id"]): {"$.interviews"}}


async def test_the_name_and_the_address_of_a_candidate_are_told_with_the_applications(
    small: Syncing,
) -> None:
    renamed, moved = small.open_applications(2)
    await small.sync(models=["application_info"])
    small.account.change("update_candidate", candidate=renamed["candidateId"], name="Zoe Zebra")
    small.account.change("update_candidate", candidate=moved["candidateId"], email="zz@example.com")

    told = await small.sync(syncType="delta_sync")

    people = {renamed["candidateId"], moved["candidateId"]}
    theirs = {
        str(row["id"]) for row in small.account.state().values() if row["candidateId"] in people
    }
    assert set(told.paths) == theirs
    assert all(paths == {"$.info.candidate"} for paths in told.paths.values())


async def test_a_new_applicant_is_told_as_an_application_and_as_a_candidate(small: Syncing) -> None:
    await small.sync(models=["application_info"])
    await small.sync("ats_candidates", models=["candidate_info"])
    made = small.account.change("new_application", name="Noor New", email="noor@example.com")

    applications = await small.sync(syncType="delta_sync")
    candidates = await small.sync("ats_candidates", syncType="delta_sync")

    (application,) = applications.new
    assert application["recordId"] == str(made["id"])
    (candidate,) = candidates.new
    assert candidate["eventData"]["info"]["emails"][0]["email"] == "noor@example.com"


async def test_a_deleted_candidate_goes_with_the_applications(small: Syncing) -> None:
    (gone,) = small.open_applications(1)
    person = gone["candidateId"]
    theirs = {
        str(row["id"]) for row in small.account.state().values() if row["candidateId"] == person
    }
    await small.sync(models=["application_info"])
    await small.sync("ats_candidates", models=["candidate_info"])
    small.account.change("delete_candidate", candidate=person)

    applications = await small.sync(syncType="delta_sync")
    candidates = await small.sync("ats_candidates", syncType="delta_sync")

    assert {event["recordId"] for event in applications.deleted} == theirs
    (event,) = candidates.deleted
    assert event["eventData"] == {"candidateId": str(person), "reason": "DELETED"}
    assert "recordId" in event
    assert candidates.modified == []


async def test_a_job_that_changes_and_one_that_goes_are_told(small: Syncing) -> None:
    jobs = [row for row in small.account.state("jobs").values() if row["status"] in OPEN_JOBS]
    busy = {row["jobId"] for row in small.account.state().values()}
    await small.sync("ats_jobs", models=["job_info"])
    renamed, gone = (
        jobs[0]["id"],
        next((row["id"] for row in reversed(jobs) if row["id"] not in busy), jobs[-1]["id"]),
    )
    small.account.change("update_job", job=renamed, title="Lighthouse Keeper")
    small.account.change("delete_job", job=gone)

    told = await small.sync("ats_jobs", syncType="delta_sync")

    assert "$.info.title" in told.paths[str(renamed)]
    (event,) = told.deleted
    assert event["eventData"] == {"jobId": str(gone), "reason": "DELETED"}


@pytest.mark.parametrize(
    ("what", "field", "values"),
    [
        ("application", "assessment_status", ("Invited", "Passed")),
        ("candidate", "notice_period", ("a month", "two months")),
        ("job", "employment_type", ("Contract", "Intern")),
    ],
)
async def test_an_edited_field_of_the_customers_own_is_told(
    few: Syncing, what: str, field: str, values: tuple[str, str]
) -> None:
    before, after = values
    rows = few.account.state(f"{what}s")
    record = next(id_ for id_, row in rows.items() if row.get("status") not in UNTOLD)
    few.account.change("set_custom_field", **{what: record}, field=field, value=before)
    await few.sync(f"ats_{what}s", models=[f"{what}_info"], includeInactiveRecords=True)
    few.account.change("set_custom_field", **{what: record}, field=field, value=after)

    told = await few.sync(f"ats_{what}s", syncType="delta_sync")

    assert set(told.paths) == {str(record)}
    assert "$.info.customFields" in told.paths[str(record)]

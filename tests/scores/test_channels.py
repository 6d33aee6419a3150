"""Each channel of each simulated vendor: what its window shows, and whether receipts are true."""

import pytest

from tests.scores.pushing import (
    CODING,
    VENDORS,
    Json,
    candidates,
    connected,
    lines,
    page,
    push,
    refused,
    written,
)
from tests.service import Service

CHANNELS = (
    "NATIVE_ASSESSMENT",
    "SCORECARD",
    "CUSTOM_FIELD",
    "RESULT_LINK",
    "APPLICATION_NOTE",
    "CANDIDATE_NOTE",
)
TEST = {
    **CODING,
    "assessment": {"name": "Technical Coding Assessment", "type": "coding"},
    "evaluator": {"name": "Vera Stone"},
    "attributes": [{"label": "Editor", "value": "Vim"}],
}
# How each field looks where it is shown, on whichever page.
PIECES = {
    "assessment": "Technical Coding Assessment",
    "completedAt": ("15 January 2025", "2025-01-15"),
    "score": "89",
    "breakdown": ("87/100", "Algorithm Design: 87"),
    "result": ("PASS", "Pass", "Result: Yes"),
    "reportUrl": "https://testbench.example/reports/7f3a",
    "evaluator": "Vera Stone",
    "notes": "Quick and sure with data structures.",
    "attributes": "Vim",
}
TEXT = set(PIECES)
# The tab in which a channel shows a score, and the fields that are there. What is missing cannot.
PLACES = {
    ("greenhouse", "SCORECARD"): ("Scorecards", TEXT),
    ("greenhouse", "CUSTOM_FIELD"): ("Details", TEXT),
    ("greenhouse", "APPLICATION_NOTE"): ("Activity Feed", TEXT),
    ("greenhouse", "CANDIDATE_NOTE"): ("Activity Feed", TEXT),
    ("lever", "SCORECARD"): ("Feedback", TEXT),
    ("lever", "CUSTOM_FIELD"): ("Profile Forms", {"score", "result", "reportUrl"}),
    ("lever", "RESULT_LINK"): ("Links and Tags", {"assessment", "score", "result", "reportUrl"}),
    ("lever", "APPLICATION_NOTE"): ("Notes", TEXT),
    ("lever", "CANDIDATE_NOTE"): ("Notes", TEXT),
    ("ashby", "NATIVE_ASSESSMENT"): ("Assessments", TEXT),
    ("ashby", "SCORECARD"): ("Feedback", TEXT),
    ("ashby", "CUSTOM_FIELD"): ("Custom Fields", TEXT),
    ("ashby", "CANDIDATE_NOTE"): ("Feed", TEXT),
}


async def a_user(service: Service, integration: str) -> Json:
    users = (await service.get("ats.user.list", integration)).json()["data"]["users"]
    found: Json = next(one for one in users if one["active"] and "'" in one["lastName"])
    return found


def shows(text: str, field: str) -> bool:
    pieces = PIECES[field]
    return any(one in text for one in ([pieces] if isinstance(pieces, str) else pieces))


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_receipt_names_what_the_vendor_s_page_shows(service: Service, vendor: str) -> None:
    integration = await connected(service, vendor)
    people = await candidates(service, vendor, integration)
    user = await a_user(service, integration)
    score = {**TEST, "evaluator": {"name": "Vera Stone", "email": user["email"]}}
    pushed = [
        (channel, whom, before := page(service, vendor, whom["applicationId"]),
         await service.post("ats.application.score.create", integration,
                            body={**whom, **score, "channels": [channel]}))
        for channel, whom in zip(CHANNELS, people, strict=False)
    ]  # fmt: skip

    for channel, whom, before, answer in pushed:
        if (vendor, channel) not in PLACES:
            assert answer.status_code == 404
            assert channel in answer.json()["error"]["msg"]
            assert page(service, vendor, whom["applicationId"]) == before
            continue
        receipt = answer.json()["data"]["receipt"]
        tab, fields = PLACES[vendor, channel]
        after = page(service, vendor, whom["applicationId"])
        changed = [name for name in after if after[name] != before[name]]
        shown = lines([one for one in after[tab] if one not in before[tab]])
        assert changed == [tab]
        assert (receipt["channel"], receipt["change"]) == (channel, "CREATED")
        assert set(receipt["fieldsWritten"]) == fields
        assert {one["field"] for one in receipt["fieldsDropped"]} == TEXT - fields
        assert [field for field in fields if not shows(shown, field)] == []
        if channel == "SCORECARD":
            assert after[tab][0]["by"] == f"{user['firstName']} {user['lastName']}"


# The writes by which a vendor takes a score elsewhere than in a note.
BETTER_PATHS = {
    "greenhouse": ("*/scorecards", "*/applications/*"),
    "lever": ("*/feedback", "*/forms", "*/addLinks", "*/addTags"),
    "ashby": ("*/assessment.*", "*/applicationFeedback.submit", "*/customField.setValues"),
}
NOTES = {"greenhouse": "*/notes", "lever": "*/notes", "ashby": "*/candidate.createNote"}
LAST = {"greenhouse": "APPLICATION_NOTE", "lever": "APPLICATION_NOTE", "ashby": "CANDIDATE_NOTE"}
WHY = {"greenhouse": "permission", "lever": "permission", "ashby": "answered 403 there"}
CODE = dict.fromkeys(("greenhouse", "lever"), "integration.permission_missing")
CODE |= {"ashby": "integration.credentials_invalid"}  # a bare 403 may mean either
WRITES = ("POST", "PATCH", "PUT")


def forbid(vendor: str, *paths: str) -> list[Json]:
    return [
        {"kind": "status", "status": 403, "vendor": vendor, "path": path, "method": method}
        for path in paths
        for method in WRITES
    ]


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_score_that_every_better_place_refuses_is_a_note_and_the_receipt_says_why(
    service: Service, vendor: str
) -> None:
    integration = await connected(service, vendor)
    (whom, other, *_) = await candidates(service, vendor, integration)
    user = await a_user(service, integration)
    score = {**TEST, "evaluator": {"name": "Vera Stone", "email": user["email"]}}
    possible = [one for one in CHANNELS if (vendor, one) in PLACES]
    service.faults(*forbid(vendor, *BETTER_PATHS[vendor]))
    before = page(service, vendor, whom["applicationId"])

    receipt = await push(service, integration, **whom, **score, channels=possible)
    service.faults(*forbid(vendor, *BETTER_PATHS[vendor], NOTES[vendor]))
    error = await refused(service, integration, **other, **score, channels=possible)

    tab, fields = PLACES[vendor, LAST[vendor]]
    after = page(service, vendor, whom["applicationId"])
    better = possible[: possible.index(LAST[vendor])]
    attempts = {one["channel"]: one for one in receipt["attempts"]}
    assert [name for name in after if after[name] != before[name]] == [tab]
    assert receipt["channel"] == LAST[vendor]
    assert set(receipt["fieldsWritten"]) == fields
    assert list(attempts) == [*better, LAST[vendor]]
    assert {attempts[one]["outcome"] for one in better} == {"REFUSED"}
    assert all(WHY[vendor] in attempts[one]["reason"] for one in better)
    assert error["code"] == CODE[vendor]
    assert [one for one in possible if one not in error["msg"]] == []
    assert [call for call in written(service, vendor) if call["status"] < 300] != []


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_score_of_a_candidate_alone_is_a_note_on_the_candidate(
    service: Service, vendor: str
) -> None:
    integration = await service.connect_for_writes(vendor)
    (whom, *_) = await candidates(service, vendor, integration)

    receipt = await push(service, integration, **TEST, candidateId=whom["candidateId"])

    tab, fields = PLACES[vendor, "CANDIDATE_NOTE"]
    reasons = {one["channel"]: one["reason"] for one in receipt["attempts"]}
    assert (receipt["channel"], receipt["applicationId"]) == ("CANDIDATE_NOTE", None)
    assert set(receipt["fieldsWritten"]) == fields
    assert reasons["SCORECARD"] == "the score names no application"
    assert list(reasons) == list(CHANNELS)
    assert "89/100" in lines(page(service, vendor, whom["applicationId"])[tab])

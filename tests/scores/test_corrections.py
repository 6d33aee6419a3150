"""Scores that are pushed again: corrected in their place or beside it, or after a push broke."""

import asyncio
from datetime import timedelta

import pytest

from hireloom.models import ScoreDraft
from hireloom.scores import once
from hireloom.store import score_places
from tests.scores.pushing import (
    BETTER,
    CODING,
    VENDORS,
    Json,
    candidates,
    connected,
    lines,
    page,
    push,
    refused,
    someone,
    whole_page,
)
from tests.service import Service

TEST = {**CODING, "assessment": {"name": "Technical Coding Assessment", "type": "coding"}}
FAILED = {**TEST, "score": {"value": 41, "max": 100}, "result": "FAIL", "language": "de"}
WORSE = {**FAILED, "score": {"value": 23, "max": 100}}
PAPER = {"name": "report.pdf", "contentType": "application/pdf", "data": "JVBERi0xLjQ="}
SAYS = "Berichtigung: Gesamtpunktzahl, Ergebnis"
# Where a channel's place can be changed; in the others a note beside it says what changed.
CHANGED = {
    ("greenhouse", "SCORECARD"): "CORRECTED",
    ("greenhouse", "CUSTOM_FIELD"): "UPDATED",
    ("greenhouse", "APPLICATION_NOTE"): "CORRECTED",
    ("lever", "SCORECARD"): "UPDATED",
    ("lever", "CUSTOM_FIELD"): "UPDATED",
    ("lever", "RESULT_LINK"): "UPDATED",
    ("lever", "APPLICATION_NOTE"): "UPDATED",
    ("lever", "CANDIDATE_NOTE"): "UPDATED",
    ("ashby", "NATIVE_ASSESSMENT"): "UPDATED",
    ("ashby", "SCORECARD"): "CORRECTED",
    ("ashby", "CUSTOM_FIELD"): "UPDATED",
    ("ashby", "CANDIDATE_NOTE"): "CORRECTED",
}


@pytest.mark.parametrize("vendor", VENDORS)
async def test_each_channel_corrects_its_own_place_or_says_beside_it_what_changed(
    service: Service, vendor: str
) -> None:
    integration = await connected(service, vendor)
    user = (await service.get("ats.user.list", integration)).json()["data"]["users"][0]
    by = {"evaluator": {"email": next(filter(None, [user["email"]]))}}
    people = await candidates(service, vendor, integration)
    ways = [(channel, change) for (of, channel), change in CHANGED.items() if of == vendor]

    for (channel, change), whom in zip(ways, people, strict=False):
        same = {**whom, **by, "externalId": channel}
        first = await push(service, integration, **TEST, **same, channels=[channel])
        corrected = await push(service, integration, **FAILED, **same, channels=[channel])
        again = await push(service, integration, **FAILED, **same, channels=[channel])
        last = await push(service, integration, **WORSE, **same)

        seen = whole_page(service, vendor, whom)
        assert first["channel"] == channel
        assert [corrected["change"], again["change"], last["change"]] == [
            change,
            "UNCHANGED",
            change,
        ], channel
        assert again["remoteId"] == corrected["remoteId"]
        assert "23" in seen
        if change == "UPDATED":
            assert corrected["channel"] == last["channel"] == channel
            assert SAYS not in seen
        else:
            assert corrected["attempts"][0] == {
                "channel": channel,
                "outcome": "NOT_AVAILABLE",
                "reason": "it cannot be changed by API",
            }
            assert corrected["channel"].endswith("_NOTE")
            assert corrected["remoteId"] != first["remoteId"]
            assert seen.count(SAYS) == 1
            assert seen.count("Berichtigung: Gesamtpunktzahl\n") == 1
        if change == "UPDATED" and channel != "CUSTOM_FIELD":
            assert corrected["remoteId"] == last["remoteId"] or channel == "RESULT_LINK"
            assert "89" not in seen


async def test_every_correction_in_a_channel_that_was_asked_for_stays_a_correction(
    service: Service,
) -> None:
    integration = await connected(service, "ashby")
    (whom, *_) = await candidates(service, "ashby", integration)
    same = {**whom, "externalId": "a-1", "channels": ["SCORECARD"]}

    receipts = [
        await push(service, integration, **score, **same) for score in (TEST, FAILED, WORSE)
    ]

    tabs = page(service, "ashby", whom["applicationId"])
    assert [one["change"] for one in receipts] == ["CREATED", "CORRECTED", "CORRECTED"]
    assert len(tabs["Feedback"]) == 1
    assert len(tabs["Feed"]) == 2


async def test_what_is_gone_is_written_anew_and_the_receipt_says_so(service: Service) -> None:
    integration = await service.connect_for_writes("lever")
    people = await candidates(service, "lever", integration)
    gone = {"kind": "status", "status": 404, "vendor": "lever", "times": 1}

    for channel, fault, whom in (
        ("APPLICATION_NOTE", {"path": "*/notes/*", "method": "PUT"}, people[0]),
        ("SCORECARD", {"path": "*/feedback/*", "method": "GET"}, people[1]),
    ):
        same = {**whom, "externalId": channel, "channels": [channel]}
        first = await push(service, integration, **CODING, **same)
        service.faults({**gone, **fault})
        anew = await push(service, integration, **BETTER, **same)
        corrected = await push(service, integration, **CODING, **same)

        assert (anew["channel"], anew["change"]) == (channel, "CREATED")
        assert anew["remoteId"] != first["remoteId"]
        assert anew["attempts"] == [
            {
                "channel": channel,
                "outcome": "NOT_AVAILABLE",
                "reason": "what was written before is gone",
            },
            {"channel": channel, "outcome": "WRITTEN", "reason": None},
        ]
        assert (corrected["change"], corrected["remoteId"]) == ("UPDATED", anew["remoteId"])


async def test_a_score_goes_to_another_channel_where_the_caller_wants_it_there(
    service: Service,
) -> None:
    integration = await service.connect_for_writes("lever")
    whom = await someone(service, integration)
    same = {**whom, "externalId": "a-1"}

    note = await push(service, integration, **CODING, **same, channels=["APPLICATION_NOTE"])
    form = await push(service, integration, **BETTER, **same, channels=["SCORECARD"])
    corrected = await push(service, integration, **CODING, **same)

    tabs = page(service, "lever", whom["applicationId"])
    assert (note["channel"], form["channel"]) == ("APPLICATION_NOTE", "SCORECARD")
    assert (form["change"], corrected["change"]) == ("CREATED", "UPDATED")
    assert corrected["remoteId"] == form["remoteId"]
    assert "89/100" in lines(tabs["Feedback"])


async def test_where_no_words_changed_no_correction_is_added(service: Service) -> None:
    integration = await service.connect("ashby")
    whom = await someone(service, integration)
    same = {**whom, **CODING, "externalId": "a-1", "channels": ["CANDIDATE_NOTE"]}
    first = await push(service, integration, **same)

    translated = await push(service, integration, **same, language="de")
    with_file = await push(service, integration, **same, attachments=[PAPER])

    assert (translated["change"], with_file["change"]) == ("UNCHANGED", "UPDATED")
    assert first["remoteId"] == translated["remoteId"] == with_file["remoteId"]
    assert with_file["fieldsWritten"] == [*first["fieldsWritten"], "attachments"]
    assert len(page(service, "ashby", whom["applicationId"])["Feed"]) == 1


async def test_the_id_of_a_result_does_not_move_it_to_somebody_else(service: Service) -> None:
    integration = await service.connect_for_writes("lever")
    whom, other, *_ = await candidates(service, "lever", integration)
    await push(service, integration, **whom, **CODING, externalId="a-1")
    before = [whole_page(service, "lever", one) for one in (whom, other)]

    error = await refused(service, integration, **other, **BETTER, externalId="a-1")

    assert error["code"] == "resource.conflict"
    assert "somebody else" in error["msg"]
    assert [whole_page(service, "lever", one) for one in (whom, other)] == before


# Once.


async def test_a_hundred_pushes_without_an_id_leave_one_result(
    service: Service, patient: None
) -> None:
    integration = await service.connect("greenhouse")
    whom = await someone(service, integration)

    receipts = await asyncio.gather(
        *(push(service, integration, **whom, **CODING) for _ in range(100))
    )
    other = await push(service, integration, **whom, **BETTER)

    seen = whole_page(service, "greenhouse", whom)
    assert sorted(one["change"] for one in receipts) == ["CREATED"] + ["UNCHANGED"] * 99
    assert other["change"] == "CREATED"
    assert (seen.count("89/100"), seen.count("91/100")) == (1, 1)


def lost(vendor: str, path: str, method: str = "POST", times: int = 1) -> Json:
    """The vendor does it, and its answer never arrives."""
    return {
        "kind": "timeout", "seconds": 0.01, "performed": True, "times": times,
        "vendor": vendor, "path": path, "method": method,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("vendor", "path"),
    [("greenhouse", "*/notes"), ("lever", "*/notes"), ("ashby", "*/candidate.createNote")],
)
async def test_a_note_whose_answer_was_lost_is_found_and_not_written_twice(
    service: Service, vendor: str, path: str
) -> None:
    integration = await service.connect_for_writes(vendor)
    whom = await someone(service, integration)
    same = {**whom, **CODING, "channels": ["APPLICATION_NOTE", "CANDIDATE_NOTE"]}
    same |= {"externalId": "a-1", "attachments": [PAPER]}
    service.faults(lost(vendor, path))

    error = await refused(service, integration, **same)
    found = await push(service, integration, **same)
    again = await push(service, integration, **same)

    assert error["code"].startswith("upstream.")
    assert error["retryable"] is False
    assert "arrived" in error["msg"] + error["hint"] or "Look" in error["hint"], error
    assert found["change"] == "CREATED"
    assert found["attempts"][0]["reason"] == "by an earlier push that was cut off"
    told = {*found["fieldsWritten"], *(one["field"] for one in found["fieldsDropped"])}
    assert "attachments" in {one.partition("[")[0] for one in told}
    assert (again["change"], again["remoteId"]) == ("UNCHANGED", found["remoteId"])
    assert whole_page(service, vendor, whom).count("89/100") == 1


async def test_what_cannot_be_found_is_a_conflict_once_and_then_written(
    service: Service,
) -> None:
    integration = await service.connect_for_writes("lever")
    whom = await someone(service, integration)
    same = {**whom, **CODING, "externalId": "a-1"}
    service.faults(lost("lever", "*/feedback"))

    error = await refused(service, integration, **same)
    conflict = await refused(service, integration, **same)
    receipt = await push(service, integration, **same)

    assert error["code"].startswith("upstream.")
    assert conflict["code"] == "resource.conflict"
    assert "may have arrived" in conflict["msg"]
    assert receipt["change"] == "CREATED"
    assert len(page(service, "lever", whom["applicationId"])["Feedback"]) == 2


async def test_a_correction_whose_answer_was_lost_is_in_the_end_what_is_there(
    service: Service,
) -> None:
    """Also where the caller then goes back to what was there before."""
    integration = await service.connect_for_writes("lever")
    whom = await someone(service, integration)
    same = {**whom, "externalId": "a-1", "channels": ["SCORECARD"]}
    first = await push(service, integration, **CODING, **same)

    service.faults(lost("lever", "*/feedback/*", "PUT", times=4))
    error = await refused(service, integration, **BETTER, **same)
    back = await push(service, integration, **CODING, **same)

    feedback = lines(page(service, "lever", whom["applicationId"])["Feedback"])
    assert error["code"].startswith("upstream.")
    assert (back["change"], back["remoteId"]) == ("UPDATED", first["remoteId"])
    assert ("89/100" in feedback, "91/100" in feedback) == (True, False)


async def test_a_correction_beside_it_whose_answer_was_lost_is_found(service: Service) -> None:
    integration = await service.connect("ashby")
    whom = await someone(service, integration)
    same = {**whom, "externalId": "a-1"}
    await push(service, integration, **CODING, **same, channels=["CANDIDATE_NOTE"])

    service.faults(lost("ashby", "*/candidate.createNote"))
    error = await refused(service, integration, **BETTER, **same)
    found = await push(service, integration, **BETTER, **same)

    feed = lines(page(service, "ashby", whom["applicationId"])["Feed"])
    assert error["code"].startswith("upstream.")
    assert found["change"] == "CORRECTED"
    assert found["attempts"][-1]["reason"] == "by an earlier push that was cut off"
    assert feed.count("Correction: Overall Score") == 1


async def test_after_a_server_that_was_killed_the_next_push_looks_first(
    service: Service,
) -> None:
    integration = await service.connect("greenhouse")
    whom = await someone(service, integration)
    account = await service.desk.accounts.open(integration)
    draft = {**whom, **CODING, "externalId": "a-1"}
    identity = once.identity_of(
        account.data_key,
        ScoreDraft(assessment=None, external_id="a-1"),  # type: ignore[arg-type]
    )
    async with service.desk.pool.acquire() as conn:
        await score_places.hold(
            conn, account.data_key, integration, identity, "killed", is_named=True
        )
        await conn.execute(
            "update score_places set held_until = now() - $1::interval", timedelta(seconds=1)
        )

    conflict = await refused(service, integration, **draft)
    receipt = await push(service, integration, **draft)

    assert conflict["code"] == "resource.conflict"
    assert receipt["change"] == "CREATED"
    assert whole_page(service, "greenhouse", whom).count("89/100") == 1

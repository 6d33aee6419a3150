"""Tests that were ordered in the simulated vendors: from the order to what the recruiter sees."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from hireloom.sync import upkeep
from tests.outage import until
from tests.scores.ordering import Ordering, ordering
from tests.scores.pushing import CODING, Json, lines, page, whole_page
from tests.test_nothing_kept import tables

JAVA = {**CODING, "assessment": {"name": "Java, 60 minutes", "type": "coding"}}
BETTER = {**JAVA, "score": {"value": 91, "max": 100}}


@pytest.fixture
async def greenhouse(settings: Settings, vendors: Running) -> AsyncIterator[Ordering]:
    async with ordering(settings, vendors, "greenhouse") as side:
        yield side


@pytest.fixture
async def ashby(settings: Settings, vendors: Running) -> AsyncIterator[Ordering]:
    async with ordering(settings, vendors, "ashby") as side:
        yield side


async def test_greenhouse_fetches_a_result_for_each_recruiter_who_ordered_it(
    greenhouse: Ordering,
) -> None:
    whom, *_ = greenhouse.people
    order = await greenhouse.order(whom, ordered_by="one@hiring.example.com")
    again = await greenhouse.order(whom, ordered_by="two@hiring.example.com")
    (event,) = await greenhouse.events("assessment.ordered", 1)
    same = {"orderId": order, "externalId": "r-1"}

    started = await greenhouse.result(**same, assessment=JAVA["assessment"], status="IN_PROGRESS")
    receipt = await greenhouse.result(**same, **JAVA)
    shown = await greenhouse.shows(whom, "Score: 89", times=2)
    tests = len(greenhouse.tab(whom))
    corrected = await greenhouse.ask("ats.application.score.create", **same, **BETTER)
    await greenhouse.shows(whom, "Score: 91", times=2)
    await greenhouse.comes_to_be(order, "COMPLETED")
    other = await greenhouse.refused(
        "assessment.result.push", **{**same, **JAVA, "externalId": "r-2"}
    )

    assert order == again == event["eventData"]["orderId"]
    assert event["eventData"]["application"]["id"] == whom["applicationId"]
    assert (await greenhouse.shown(order))["timesOrdered"] == 2
    assert started["fieldsWritten"] == []
    assert receipt["channel"] == "NATIVE_ASSESSMENT"
    assert receipt["attempts"][-1]["outcome"] == "WAITING"
    assert set(receipt["fieldsPending"]) == {
        "assessment", "completedAt", "score", "breakdown", "result", "reportUrl", "notes",
    }  # fmt: skip
    assert receipt["fieldsWritten"] == []
    assert (tests, shown.count("87/100")) == (2, 2)
    assert shown.count("data structures") == shown.count("reports/7f3a") == 2
    assert corrected["receipt"]["change"] == "UPDATED"
    assert other["code"] == "resource.conflict"
    assert page(greenhouse.service, "greenhouse", whom["applicationId"])["Activity Feed"] == []


async def test_ashby_is_sent_a_result_and_its_correction(ashby: Ordering) -> None:
    whom, *_ = ashby.people
    order = await ashby.order(whom)
    same = {"orderId": order, "externalId": "r-1"}

    await ashby.result(**same, assessment=JAVA["assessment"], status="STARTED")
    begun = await ashby.shown(order)
    receipt = await ashby.result(**same, **JAVA)
    (entry,) = ashby.tab(whom)
    corrected = await ashby.result(**same, **BETTER)
    (better,) = ashby.tab(whom)
    other = await ashby.refused("assessment.result.push", **{**same, **JAVA, "externalId": "r-2"})

    assert begun["state"] == "STARTED"
    assert (receipt["channel"], receipt["remoteId"]) == ("NATIVE_ASSESSMENT", order)
    assert receipt["fieldsPending"] == []
    assert {"score", "breakdown", "reportUrl", "notes"} <= set(receipt["fieldsWritten"])
    assert {"Score: 89", "Algorithm Design: 87"} <= set(entry["lines"])
    assert corrected["change"] == "UPDATED"
    assert "Score: 91" in better["lines"]
    assert (await ashby.shown(order))["state"] == "COMPLETED"
    assert other["code"] == "resource.conflict"


async def test_an_answer_to_an_order_that_was_lost_on_its_way_is_sent_again(
    ashby: Ordering,
) -> None:
    whom, *_ = ashby.people
    order = await ashby.order(whom)
    same = {**JAVA, "orderId": order, "externalId": "r-1"}
    ashby.service.faults(
        {
            "kind": "timeout", "seconds": 0.01, "performed": True, "times": 1,
            "vendor": "ashby", **NATIVE["ashby"],
        }
    )  # fmt: skip

    lost = await ashby.refused("assessment.result.push", **same)
    sent = await ashby.result(**same)
    again = await ashby.result(**same)

    (entry,) = ashby.tab(whom)
    assert lost["code"].startswith("upstream.")
    assert lost["retryable"] is False
    assert (sent["channel"], sent["change"]) == ("NATIVE_ASSESSMENT", "CREATED")
    assert again["change"] == "UNCHANGED"
    assert (await ashby.shown(order))["state"] == "COMPLETED"
    assert "Score: 89" in entry["lines"]
    assert page(ashby.service, "ashby", whom["applicationId"])["Feed"] == []


async def test_what_ends_an_order_is_told_and_then_it_takes_no_result(ashby: Ordering) -> None:
    first, second, third, *_ = ashby.people
    cancelled, overdue = await ashby.order(first), await ashby.order(second)
    desk = ashby.service.desk

    await ashby.recruiter("cancel", order=cancelled)
    await desk.pool.execute(
        "update assessment_orders set expires_at = now() - $2::interval where id = $1",
        overdue, timedelta(seconds=1),
    )  # fmt: skip
    late = await ashby.refused("assessment.result.push", orderId=overdue, **JAVA)
    await upkeep.expire_orders(desk.pool, desk.vault)
    events = await ashby.events("assessment.cancelled", 2)
    closed = [
        await ashby.refused("assessment.result.push", orderId=one, **JAVA)
        for one in (cancelled, overdue)
    ]
    gone = await ashby.ask("assessment.package.delete", packageId="java")
    refusal = await ashby.recruiter("order", application=third["applicationId"], package="java")

    told = {one["eventData"]["orderId"]: one["eventData"]["state"] for one in events}
    assert told == {cancelled: "CANCELLED", overdue: "EXPIRED"}
    assert {one["code"] for one in (late, *closed)} == {"resource.conflict"}
    assert "cancelled" in closed[0]["msg"]
    assert "expired" in late["msg"]
    assert "expired" in closed[1]["msg"]
    assert gone["openOrders"] == 0
    assert "no longer offered" in str(refusal["answer"])
    assert [one for one in ("89", "Note") if one in whole_page(ashby.service, "ashby", first)] == []


NATIVE: dict[str, Json] = {
    "ashby": {"path": "*/assessment.update", "method": "POST"},
    "greenhouse": {"path": "*/take_home_tests/*", "method": "PATCH"},
}


@pytest.mark.parametrize("vendor", NATIVE)
async def test_an_order_that_the_vendor_does_not_let_answer_stays_open_until_it_does(
    vendor: str, settings: Settings, vendors: Running
) -> None:
    async with ordering(settings, vendors, vendor) as side:
        whom, *_ = side.people
        order = await side.order(whom)
        same = {**JAVA, "orderId": order, "externalId": "r-1"}
        same["channels"] = ["NATIVE_ASSESSMENT", "APPLICATION_NOTE", "CANDIDATE_NOTE"]
        side.service.faults({"kind": "status", "status": 403, "vendor": vendor, **NATIVE[vendor]})

        note = await side.result(**same)
        still = await side.result(**same)
        waiting = await side.shown(order)
        kept = await side.service.desk.pool.fetchval("select result from assessment_orders")
        side.service.faults()
        native = await side.result(**same)
        await side.comes_to_be(order, "COMPLETED")

        assert note["channel"].endswith("_NOTE")
        assert note["attempts"][0]["outcome"] == "REFUSED"
        assert (still["change"], still["remoteId"]) == ("UNCHANGED", note["remoteId"])
        assert (waiting["state"], kept) == ("ORDERED", None)
        assert native["channel"] == "NATIVE_ASSESSMENT"
        await until(lambda: "89" in lines(side.tab(whom)))


async def test_nothing_that_passed_is_kept_and_a_deleted_account_leaves_nothing(
    ashby: Ordering, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    whom, other, *_ = ashby.people
    order = await ashby.order(whom, ordered_by="wren.ashdown@hiring.example.com")
    person = (await ashby.events("assessment.ordered", 1))[0]["eventData"]["candidate"]
    planted = {
        "assessment": {"name": "Plantedtest", "type": "plantedtype"},
        "score": {"value": 89, "max": 100, "label": "Plantedlabel"},
        "breakdown": [{"label": "Plantedpart", "value": 1, "max": 2, "note": "Plantedremark"}],
        "evaluator": {"name": "Planted Evaluator", "email": "planted@example.com"},
        "notes": "Plantednotes of a reviewer",
        "reportUrl": "https://planted.example/report",
        "attributes": [{"label": "Plantedattribute", "value": "Plantedvalue"}],
    }
    await ashby.result(**planted, orderId=order, externalId="plantedresult")
    await ashby.ask("ats.application.score.create", **planted, **other)
    alone = {**planted, **other, "channels": ["CANDIDATE_NOTE"]}
    await ashby.ask("ats.application.score.createMany", scores=[alone])
    await ashby.ask("ats.application.score.preview", **planted, **other)
    await ashby.ask("score.layout.put", assessmentType="kept", customFields={"score": "x"})
    desk = ashby.service.desk
    async with desk.pool.acquire() as conn:
        await desk.ledger.flush()
        before = await tables(conn)
    said = caplog.text + "".join(capfd.readouterr())
    deleted = await ashby.ask("integration.delete")
    async with desk.pool.acquire() as conn:
        after = await tables(conn)

    assert "ats.application.score.create" in said
    words = {"planted", "wren.ashdown", person["email"], person["lastName"]}
    places = {**before, "the logs": said}
    found = {
        (name, word)
        for name, text in places.items()
        for word in words
        if word.lower() in text.lower() or word.encode().hex() in text
    }
    assert found == set()
    ours = {name for name in before if name.startswith(("score_", "assessment_"))}
    assert {name for name in ours if before[name]} >= {
        "score_places", "score_layouts", "assessment_orders", "assessment_packages",
        "assessment_partners",
    }  # fmt: skip
    assert deleted
    assert {name: after[name] for name in ours if after[name]} == {}

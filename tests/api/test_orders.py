"""Tests that are ordered inside an ATS: orders, their ends, and results that are fetched."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from hireloom.models import AssessmentNamed, FileDraft, Points, ScoreDraft
from hireloom.scores import orders as results
from hireloom.sync import upkeep
from hireloom.worker import working
from tests.kit.harbor import SILENCE, says
from tests.outage import until
from tests.pier import PERSON, Pierside
from tests.receiver import Receiver
from tests.test_nothing_kept import tables

CALLBACK = "https://api.pier.example/reply/1"


def score(external_id: str | None = "r-1", value: float = 89, **more: Any) -> ScoreDraft:
    return ScoreDraft(
        assessment=AssessmentNamed(name="Java"),
        score=Points(value=value, max=100),
        external_id=external_id,
        notes="Planted words of a reviewer",
        **more,
    )


async def hold(pier: Pierside, order: str, draft: ScoreDraft) -> None:
    account = await pier.service.desk.accounts.open(pier.integration)
    async with pier.service.desk.pool.acquire() as conn, conn.transaction():
        await results.hold_result(conn, account.data_key, account.id, order, draft)


async def told(pier: Pierside, order: str, draft: ScoreDraft) -> None:
    account = await pier.service.desk.accounts.open(pier.integration)
    async with pier.service.desk.pool.acquire() as conn, conn.transaction():
        await results.completed(
            conn, account.data_key, account.id, order, draft, fetches_results=True
        )


async def later(pier: Pierside, **ago: float) -> None:
    """As if orders had been placed, and results fetched, so long ago."""
    await pier.service.desk.pool.execute(
        "update assessment_orders set expires_at = expires_at - $1::interval,"
        " fetched_at = fetched_at - $1::interval",
        timedelta(**ago),
    )


# Orders.


async def test_an_order_is_told_with_all_that_the_vendor_said(pier: Pierside) -> None:
    order = await pier.ordered(
        person=PERSON,
        person_id="9",
        job_id="4",
        job="Engineer",
        recruiter="Sam Weller",
        reply_to=CALLBACK,
    )

    (event,) = await pier.events("assessment.ordered")
    shown = await pier.shown(order)
    life = datetime.fromisoformat(shown["expiresAt"]) - datetime.fromisoformat(shown["orderedAt"])
    assert event == {
        "orderId": order,
        "packageId": "java",
        "package": {"id": "java", "name": "Java", "description": "", "assessmentType": ""},
        "candidate": {
            "id": "9",
            "firstName": "Ines",
            "lastName": "Duarte",
            "email": "ines.duarte@example.com",
            "phone": "+44 20 7946 0018",
            "profileUrl": "https://pier.example/people/9",
            "resumeUrl": "https://pier.example/resumes/9",
        },
        "application": {"id": "77"},
        "job": {"id": "4", "name": "Engineer"},
        "orderedBy": "Sam Weller",
        "orderedAt": shown["orderedAt"],
        "expiresAt": shown["expiresAt"],
        "timesOrdered": 1,
    }
    assert shown["state"] == "ORDERED"
    assert (shown["candidateId"], shown["applicationId"], shown["jobId"]) == ("9", "77", "4")
    assert timedelta(days=7) - timedelta(minutes=1) < life < timedelta(days=7, minutes=1)


async def test_an_order_lives_no_longer_than_the_vendor_waits(pier: Pierside) -> None:
    await pier.ask_for_all(
        "assessment.package.put", packageId="long", name="Long", expiresAfterDays=300
    )

    shown = await pier.shown(await pier.ordered("long"))

    assert datetime.fromisoformat(shown["expiresAt"]) < datetime.now(UTC) + timedelta(days=31)


async def test_the_same_order_again_is_the_same_order_and_told_once(pier: Pierside) -> None:
    first = await pier.ordered(reply_to=CALLBACK)
    again = await pier.ordered(reply_to=CALLBACK)
    without = await pier.ordered()

    assert first == again == without
    assert len(await pier.events("assessment.ordered")) == 1
    assert (await pier.shown(first))["timesOrdered"] == 1


async def test_a_repeat_is_known_by_its_callback_where_the_vendor_names_nobody(
    pier: Pierside,
) -> None:
    first = await pier.ordered(application_id=None, reply_to=CALLBACK)
    again = await pier.ordered(application_id=None, reply_to=CALLBACK)
    other = await pier.ordered(application_id=None, reply_to=f"{CALLBACK}2")

    assert first == again != other


async def test_a_second_recruiter_joins_the_open_order(pier: Pierside) -> None:
    first = await pier.ordered(reply_to=CALLBACK)
    second = await pier.ordered(reply_to=f"{CALLBACK}2")
    account = await pier.service.desk.accounts.open(pier.integration)
    async with pier.service.desk.pool.acquire() as conn:
        opened = await results.open_order(
            conn, account.data_key, account.id, first, external_id="r-1"
        )

    assert first == second
    assert opened.callbacks == (CALLBACK, f"{CALLBACK}2")
    assert (opened.key, opened.package_id) == (pier.key, "java")
    assert (await pier.shown(first))["timesOrdered"] == 2
    assert len(await pier.events("assessment.ordered")) == 1


async def test_other_tests_and_other_applications_are_other_orders(pier: Pierside) -> None:
    await pier.ask("assessment.package.put", packageId="sql", name="SQL")

    found = {
        await pier.ordered(),
        await pier.ordered("sql"),
        await pier.ordered(application_id="78"),
        await pier.ordered(application_id=None, person_id="77"),
    }

    assert len(found) == 4
    assert len(await pier.events("assessment.ordered")) == 4


async def test_twenty_recruiters_at_once_make_one_order(pier: Pierside) -> None:
    found = await asyncio.gather(*(pier.ordered() for _ in range(20)))
    others = await asyncio.gather(
        *(pier.ordered(application_id="78", reply_to=f"{CALLBACK}{n}") for n in range(20))
    )

    assert len(set(found)) == 1
    assert len(set(others)) == 1
    assert len(await pier.events("assessment.ordered")) == 2
    assert (await pier.shown(others[0]))["timesOrdered"] == 20


async def test_after_a_closed_order_the_next_is_a_new_one(pier: Pierside) -> None:
    first = await pier.ordered(reply_to=CALLBACK)
    await pier.call("POST", f"orders/{first}/cancel", {})

    second = await pier.ordered(reply_to=CALLBACK)

    assert first != second
    assert len(await pier.events("assessment.ordered")) == 2


async def test_an_unknown_or_withdrawn_test_is_refused_in_words_for_the_recruiter(
    pier: Pierside,
) -> None:
    unknown = await pier.order("cobol")
    await pier.ask_for_all("assessment.package.delete", packageId="java")
    withdrawn = await pier.order()

    assert unknown.json()["wrong"].startswith("There is no test with the id cobol")
    assert withdrawn.json()["wrong"].startswith("The test Java is no longer offered")
    assert (await pier.look("assessment.order.list"))["orders"] == []
    assert await pier.events("assessment.ordered") == []


async def test_an_order_that_nobody_hears_of_is_taken_only_where_it_names_its_candidate(
    pier: Pierside,
) -> None:
    await pier.service.desk.pool.execute("delete from webhooks")

    nameless = await pier.order(application_id=None)
    named = await pier.order()

    assert nameless.json()["wrong"].startswith("Nobody takes orders of tests at the moment")
    assert named.status_code == 200
    assert len((await pier.look("assessment.order.list"))["orders"]) == 1


async def test_orders_are_listed_by_page_newest_first(pier: Pierside) -> None:
    made = [await pier.ordered(application_id=str(number)) for number in range(5)]

    first = await pier.look("assessment.order.list", pageSize=3)
    rest = await pier.look("assessment.order.list", pageSize=3, pageToken=first["nextPageToken"])
    one = await pier.look("assessment.order.list", applicationId="2")
    everyones = (await pier.service.get("assessment.order.list")).json()["data"]
    altered = await pier.service.get(
        "assessment.order.list", pier.integration, state="ORDERED", pageToken=first["nextPageToken"]
    )

    assert [order["orderId"] for order in first["orders"] + rest["orders"]] == made[::-1]
    assert "nextPageToken" not in rest
    assert [order["orderId"] for order in one["orders"]] == [made[2]]
    assert len(everyones["orders"]) == 5
    assert altered.status_code == 400


async def test_nothing_of_the_candidate_lies_anywhere_but_in_the_sealed_event(
    pier: Pierside,
) -> None:
    person = PERSON | {"first": "Inesperada"}  # so long that no id holds it by chance
    planted = {*person.values(), "Weller", "api.pier.example/reply", "withdrew because"}
    order = await pier.ordered(person=person, recruiter="Sam Weller", reply_to=CALLBACK)
    await hold(pier, order, score())
    await pier.call(
        "POST",
        "trouble",
        {
            "about": "status",
            "errors": ["no points for ines.duarte@example.com: Planted words of a reviewer"],
            "order": order,
        },
    )
    await pier.call(
        "POST", f"orders/{order}/cancel", {"reason": "Inesperada withdrew because of us"}
    )
    other = await pier.ordered(application_id="78", person=person)
    await hold(pier, other, score())
    await pier.service.desk.ledger.flush()

    async with pier.service.desk.pool.acquire() as conn:
        found = await tables(conn)

    for word in planted | {"Planted words", pier.key}:
        spelt = (word, word.encode().hex())
        assert not [name for name, text in found.items() if any(one in text for one in spelt)], word
    assert len(await pier.events("assessment.ordered")) == 2


# Ends.


async def test_a_cancellation_by_the_vendor_is_told_once(pier: Pierside) -> None:
    order = await pier.ordered()

    first = await pier.call("POST", f"orders/{order}/cancel", {"reason": "Moved on"})
    again = await pier.call("POST", f"orders/{order}/cancel", {"reason": "Moved on"})
    unknown = await pier.call("POST", "orders/ord_none/cancel", {})

    (event,) = await pier.events("assessment.cancelled")
    assert first.json() == again.json() == {"order": order}
    assert (event["orderId"], event["state"], event["cancelledBy"]) == (order, "CANCELLED", "ATS")
    assert event["reason"] == "Moved on"
    assert event["application"] == {"id": "77"}
    assert (await pier.shown(order))["closedBecause"] == "cancelled in the ATS"
    assert unknown.status_code == 422


async def test_an_order_is_given_up_and_the_vendor_told(pier: Pierside) -> None:
    order = await pier.ordered()

    gone = await pier.ask("assessment.order.cancel", orderId=order, reason="No seats")
    twice = await pier.refused("assessment.order.cancel", orderId=order)

    assert (gone["told"], gone["toldReason"]) == (True, None)
    assert gone["order"]["state"] == "CANCELLED"
    assert pier.vendor.paths[-1] == f"/cancelled/{order}"
    assert (twice["code"], len(pier.vendor.paths)) == ("resource.conflict", 2)
    assert len(await pier.events("assessment.cancelled")) == 1


async def test_a_vendor_that_refuses_to_hear_it_is_named_and_the_order_closed(
    pier: Pierside,
) -> None:
    order = await pier.ordered()
    pier.vendor.answer = lambda _: says({"error": "gone"}, 404)

    gone = await pier.ask("assessment.order.cancel", orderId=order)

    assert gone["told"] is False
    assert "404" in gone["toldReason"]
    assert gone["order"]["state"] == "CANCELLED"


async def test_an_order_stays_open_while_the_vendor_cannot_be_reached(pier: Pierside) -> None:
    order = await pier.ordered()
    pier.vendor.answer = lambda _: SILENCE

    failed = await pier.refused("assessment.order.cancel", orderId=order)
    pier.vendor.answer = lambda _: says({})
    gone = await pier.ask("assessment.order.cancel", orderId=order)

    assert failed["code"] == "upstream.unavailable"
    assert gone["told"] is True


async def test_events_arrive_in_order_and_nothing_sealed_is_left(pier: Pierside) -> None:
    desk = pier.service.desk
    async with Receiver() as receiver, working(desk):
        await desk.pool.execute("delete from webhooks")
        await pier.ask_for_all("webhook.create", url=receiver.url)
        order = await pier.ordered(person=PERSON)
        await pier.call("POST", f"orders/{order}/cancel", {"reason": "Moved on"})
        await receiver.until(lambda: len(receiver.events) == 2)

        async def is_erased() -> bool:
            return not await desk.pool.fetchval("select count(*) from outbox")

        await until(is_erased)

    kinds = [event["eventType"] for event in receiver.events]
    assert kinds == ["assessment.ordered", "assessment.cancelled"]
    assert {event["recordId"] for event in receiver.events} == {order}
    assert receiver.events[0]["appId"] == "pier"
    assert receiver.events[0]["eventData"]["candidate"]["lastName"] == "Duarte"


async def test_an_order_past_its_time_expires_and_is_told(pier: Pierside) -> None:
    order, other = await pier.ordered(), await pier.ordered(application_id="78")
    await hold(pier, other, score())
    desk = pier.service.desk

    await later(pier, days=6)
    await upkeep.expire_orders(desk.pool, desk.vault)
    assert await pier.events("assessment.cancelled") == []
    await later(pier, days=2)
    await upkeep.expire_orders(desk.pool, desk.vault)
    await upkeep.expire_orders(desk.pool, desk.vault)

    told = {one["orderId"]: one for one in await pier.events("assessment.cancelled")}
    assert {one["state"] for one in told.values()} == {"EXPIRED"}
    assert told[order]["reason"] == "no result came in time"
    assert told[other]["reason"] == "the ATS never came for the result"
    assert len(await pier.events("assessment.cancelled")) == 2
    assert (await pier.call("GET", f"orders/{order}")).json()["status"] == "EXPIRED"
    assert await desk.pool.fetchval("select count(*) from assessment_orders where result is null")


async def test_an_order_past_its_time_is_none_to_join_before_the_clean_up_came(
    pier: Pierside,
) -> None:
    first = await pier.ordered()
    await later(pier, days=8)

    second = await pier.ordered()

    assert first != second
    assert (await pier.shown(first))["state"] == "EXPIRED"
    assert len(await pier.events("assessment.cancelled")) == 1


# Results.


async def test_a_result_is_fetched_and_erased_a_day_later(pier: Pierside) -> None:
    order = await pier.ordered()
    waiting = (await pier.call("GET", f"orders/{order}")).json()
    await hold(
        pier, order, score(attachments=(FileDraft(name="r.pdf", content_type="x/y", data=b"hi"),))
    )
    ready = await pier.shown(order)
    fetched = (await pier.call("GET", f"orders/{order}")).json()
    await told(pier, order, score())
    again = (await pier.call("GET", f"orders/{order}")).json()
    complete = await pier.shown(order)
    desk = pier.service.desk
    await upkeep.expire_orders(desk.pool, desk.vault)
    kept = await desk.pool.fetchval("select result from assessment_orders")
    await later(pier, days=1, minutes=1)
    await upkeep.expire_orders(desk.pool, desk.vault)
    erased = await desk.pool.fetchval("select result from assessment_orders")
    gone = await pier.call("GET", f"orders/{order}")

    assert waiting == {"order": order, "status": "STARTED"}
    assert ready["state"] == "RESULT_READY"
    assert fetched == again == {"order": order, "status": "COMPLETED", "points": 89}
    assert complete["state"] == "COMPLETED"
    assert complete["fetchedAt"] is not None
    assert (kept is None, erased is None) == (False, True)
    assert "no longer kept" in gone.json()["wrong"]


async def test_trouble_with_a_result_lets_it_wait_again(pier: Pierside) -> None:
    order = await pier.ordered()
    await hold(pier, order, score())
    await pier.call("GET", f"orders/{order}")

    heard = await pier.call(
        "POST", "trouble", {"about": "status", "errors": ["points: too many"], "order": order}
    )
    stranger = await pier.call("POST", "trouble", {"about": "tests", "errors": ["empty"]})

    shown = await pier.shown(order)
    assert heard.status_code == stranger.status_code == 200
    assert (shown["state"], shown["problem"]) == ("RESULT_READY", "status: points: too many")
    assert shown["fetchedAt"] is None
    assert (await pier.call("GET", f"orders/{order}")).json()["points"] == 89
    assert (await pier.shown(order))["problem"] is None


async def test_a_correction_waits_to_be_fetched_as_its_result_did(pier: Pierside) -> None:
    order = await pier.ordered()
    body = {"orderId": order, "assessment": {"name": "Java"}, "externalId": "r-1"}

    receipts = [
        (await pier.ask("assessment.result.push", **body, score={"value": value, "max": 100}))[
            "receipt"
        ]
        for value in (70, 89)
    ]

    assert [one["change"] for one in receipts] == ["CREATED", "UPDATED"]
    assert [one["attempts"][-1]["outcome"] for one in receipts] == ["WAITING", "WAITING"]
    assert (await pier.call("GET", f"orders/{order}")).json()["points"] == 89

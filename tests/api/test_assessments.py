"""Tests that are ordered inside an ATS: packages, partner access, orders and their ends."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hireloom.models import AssessmentNamed, FileDraft, Points, ScoreDraft
from hireloom.sandbox.app import Running
from hireloom.scores import orders as results
from hireloom.settings import Settings
from hireloom.store import audit
from hireloom.sync import upkeep
from hireloom.worker import working
from tests.kit.harbor import SILENCE, says
from tests.outage import until
from tests.pier import Pierside, pierside, plug
from tests.receiver import Receiver
from tests.test_nothing_kept import tables

PERSON = {
    "first": "Ines",
    "last": "Duarte",
    "email": "ines.duarte@example.com",
    "phone": "+44 20 7946 0018",
    "page": "https://pier.example/people/9",
    "resume": "https://pier.example/resumes/9",
}
CALLBACK = "https://api.pier.example/reply/1"


@pytest.fixture
async def pier(
    settings: Settings, vendors: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Pierside]:
    folder = tmp_path / "packages"
    folder.mkdir()
    plug(folder, monkeypatch)
    async with pierside(settings, vendors) as side:
        yield side


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


# Packages.


async def test_a_package_for_all_is_in_the_vendor_s_list_until_it_is_withdrawn(
    pier: Pierside,
) -> None:
    before = (await pier.call("GET", "tests")).json()
    gone = await pier.ask_for_all("assessment.package.delete", packageId="java")
    after = (await pier.call("GET", "tests")).json()
    await pier.ask_for_all("assessment.package.put", packageId="java", name="Java again")
    again = (await pier.call("GET", "tests")).json()

    assert before == {"tests": [{"id": "java", "name": "Java"}]}
    assert gone == {"packageId": "java", "deleted": True, "openOrders": 0}
    assert after == {"tests": []}
    assert again == {"tests": [{"id": "java", "name": "Java again"}]}


async def test_an_account_s_own_package_stands_before_the_one_for_all(pier: Pierside) -> None:
    await pier.ask("assessment.package.put", packageId="java", name="Java for us")
    await pier.ask("assessment.package.put", packageId="sql", name="SQL for us")

    own = await pier.look("assessment.package.list")
    general = await pier.service.get("assessment.package.list")
    offered = (await pier.call("GET", "tests")).json()["tests"]

    assert [(one["packageId"], one["integrationId"]) for one in own["packages"]] == [
        ("java", pier.integration),
        ("sql", pier.integration),
    ]
    assert [one["name"] for one in general.json()["data"]["packages"]] == ["Java"]
    assert [one["name"] for one in offered] == ["Java for us", "SQL for us"]


async def test_a_withdrawn_package_is_listed_where_that_is_asked_for(pier: Pierside) -> None:
    await pier.ask_for_all("assessment.package.delete", packageId="java")

    usual = await pier.look("assessment.package.list")
    with_withdrawn = await pier.look("assessment.package.list", withdrawn="true")

    assert usual["packages"] == []
    assert with_withdrawn["packages"][0]["withdrawnAt"] is not None


async def test_withdrawing_says_how_many_orders_still_wait(pier: Pierside) -> None:
    await pier.ordered()
    await pier.ordered(application_id="78")

    gone = await pier.ask_for_all("assessment.package.delete", packageId="java")

    assert gone["openOrders"] == 2


async def test_only_what_there_is_can_be_withdrawn_and_only_accounts_can_be_named(
    pier: Pierside,
) -> None:
    of_account = await pier.refused("assessment.package.delete", packageId="java")
    nowhere = await pier.service.post(
        "assessment.package.put", "int_none", {"packageId": "x", "name": "X"}
    )

    assert of_account["code"] == "resource.not_found"
    assert nowhere.json()["error"]["code"] == "integration.not_found"


async def test_an_idempotency_key_of_one_account_does_not_answer_for_another(
    pier: Pierside,
) -> None:
    body, again = {"packageId": "go", "name": "Go"}, {"Idempotency-Key": "k-1"}

    first = await pier.service.post("assessment.package.put", body=body, headers=again)
    other = await pier.service.post("assessment.package.put", pier.integration, body, headers=again)

    assert first.status_code == 200
    assert other.json()["error"]["code"] == "idempotency.mismatch"


# Partner access.


async def test_the_access_shows_its_key_once_and_the_vendor_s_steps_filled_in(
    pier: Pierside,
) -> None:
    again = await pier.ask("assessment.partner.create")
    listed = await pier.look("assessment.partner.list")

    assert pier.base_url.startswith(f"{pier.service.url}/partner/pier/")
    assert 20 < len(pier.key) < 171
    assert again["secretKey"] is None
    assert again["baseUrl"] == pier.base_url
    assert "HIRELOOM_PUBLIC_URL" in again["steps"][0]
    assert again["steps"][1] == f"Enter {pier.base_url} as the address of the tests."
    assert [one["baseUrl"] for one in listed["partners"]] == [pier.base_url]


async def test_a_vendor_that_orders_no_tests_has_no_access(pier: Pierside) -> None:
    lever = await pier.service.connect("lever")

    answer = await pier.service.post("assessment.partner.create", lever)

    assert answer.json()["error"]["code"] == "operation.not_supported"


async def test_a_wrong_key_is_401_and_an_unknown_address_404(pier: Pierside) -> None:
    wrong = await pier.call("GET", "tests", key="not-the-key")
    none = await pier.service.http.get(f"{pier.base_url}/tests")
    no_basic = await pier.service.http.get(
        f"{pier.base_url}/tests", headers={"Authorization": "Basic %%%"}
    )
    right = pier.base_url
    answers = []
    for address in (
        f"{right}x",
        right.replace("/pier/", "/lever/"),
        right.replace(pier.integration, "int_none"),
        right.replace(pier.integration, "int_%00"),
        f"{right[:-1]}%C3%A9",
    ):
        pier.base_url = address
        answers.append(await pier.call("GET", "tests"))

    for answer in (wrong, none, no_basic):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")
        assert "wrong" in answer.json()
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.json()["error"]["code"] for answer in answers} == {"resource.not_found"}


async def test_one_address_serves_all_accounts_of_a_vendor_by_their_keys(pier: Pierside) -> None:
    own, order = pier.base_url, await pier.ordered()
    shared = (await pier.ask("assessment.partner.create"))["sharedUrl"]

    async def at(app: str, key: str) -> int:
        pier.base_url = shared.replace("/pier/", f"/{app}/")
        return (await pier.call("GET", f"orders/{order}", key=key)).status_code

    assert await at("pier", pier.key) == 200
    assert await at("pier", f"{pier.key}x") == 401
    assert await at("pier", pier.key.replace("int_", "int_x")) == 401
    assert await at("pier", own.rpartition("/")[2]) == 401
    assert await at("pier", "\0.\0") == 401
    assert await at("lever", pier.key) == 404
    assert await at("nobody", pier.key) == 404


async def test_after_a_rotation_both_keys_are_valid_for_a_day(pier: Pierside) -> None:
    old = pier.key
    made = await pier.enter(rotate=True)

    with_old = await pier.call("GET", "tests", key=old)
    with_new = await pier.call("GET", "tests")
    await pier.service.desk.pool.execute(
        "update assessment_partners set previous_until = now() - interval '1 second'"
    )
    next_day = await pier.call("GET", "tests", key=old)

    assert made["secretKey"] not in {None, old}
    assert (with_old.status_code, with_new.status_code, next_day.status_code) == (200, 200, 401)


async def test_calls_back_carry_the_old_key_until_the_vendor_has_used_the_new_one(
    pier: Pierside,
) -> None:
    order, old = await pier.ordered(), pier.key
    await pier.enter(rotate=True)
    account = await pier.service.desk.accounts.open(pier.integration)

    async def key() -> str:
        async with pier.service.desk.pool.acquire() as conn:
            opened = await results.open_order(
                conn, account.data_key, account.id, order, external_id=None
            )
        return opened.key

    before = await key()
    await pier.call("GET", "tests")

    assert (before, await key()) == (old, pier.key)


async def test_without_its_access_an_account_can_order_nothing(pier: Pierside) -> None:
    gone = await pier.ask("assessment.partner.delete")
    twice = await pier.ask("assessment.partner.delete")

    assert (gone["deleted"], twice["deleted"]) == (True, False)
    assert (await pier.order()).status_code == 404
    assert (await pier.look("assessment.partner.list"))["partners"] == []


async def test_a_deactivated_account_refuses_in_the_vendor_s_words(pier: Pierside) -> None:
    await pier.ask("integration.deactivate")

    answer = await pier.order()

    assert answer.status_code == 422
    assert "deactivated" in answer.json()["wrong"]


async def test_a_body_that_is_too_long_and_a_defect_of_ours_are_answered(pier: Pierside) -> None:
    long = await pier.call("POST", "orders", {"test": "x" * 5_000_000})
    wrecked = await pier.call("POST", "wreck")
    unknown = await pier.call("GET", "elsewhere")
    put = await pier.call("PUT", "orders")

    assert long.status_code == 413
    assert (wrecked.status_code, "wrong" in wrecked.json()) == (500, True)
    assert (unknown.status_code, unknown.json()) == (422, {"wrong": "Pier has no call elsewhere"})
    assert put.status_code == 405


async def test_calls_are_in_the_log_and_changes_in_the_audit(pier: Pierside) -> None:
    order = await pier.ordered(person=PERSON)
    await pier.call("GET", "tests", key="wrong")
    await pier.ask("assessment.order.cancel", orderId=order)

    await pier.service.desk.ledger.flush()
    calls = await pier.service.desk.pool.fetch(
        "select * from calls where operation = '(partner call)' order by at"
    )
    async with pier.service.desk.pool.acquire() as conn:
        actions = [entry.action for entry in await audit.page(conn)]

    assert [(row["status"], row["code"]) for row in calls] == [(200, None), (401, "key.invalid")]
    assert {row["integration_id"] for row in calls} == {pier.integration}
    assert {
        "assessment.package.put",
        "assessment.partner.create",
        "assessment.order.cancel",
    } <= set(actions)


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
    planted = {*PERSON.values(), "Weller", "api.pier.example/reply", "withdrew because"}
    order = await pier.ordered(person=PERSON, recruiter="Sam Weller", reply_to=CALLBACK)
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
    await pier.call("POST", f"orders/{order}/cancel", {"reason": "Ines withdrew because of us"})
    other = await pier.ordered(application_id="78", person=PERSON)
    await hold(pier, other, score())
    await pier.service.desk.ledger.flush()

    async with pier.service.desk.pool.acquire() as conn:
        found = await tables(conn)

    for word in planted | {"Planted words", "Ines", pier.key}:
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

"""Steps of the demo about tests that recruiters order inside their ATS."""

import asyncio
import time

from hireloom.demo.calls import Json, UnexpectedError
from hireloom.demo.pages import drawn, lacking, new_in, page_of
from hireloom.demo.scene import Account, Scene
from hireloom.demo.scores import SCORE, receipt_of
from hireloom.demo.show import at, short
from hireloom.demo.steps import TEST

PACKAGE: Json = {
    "packageId": "technical-coding",
    "name": TEST,
    "assessmentType": "coding",
    "expiresAfterDays": 14,
}
REPORT = "https://tests.example.com/reports/1"
SECONDS = 180.0
LOOK_SECONDS = 0.05


def hosts(scene: Scene) -> list[Account]:
    """The accounts in whose ATS tests can be ordered."""
    able = "assessment.partner.create"
    found = [one for one in scene.accounts if one.operations.get(able) == "SUPPORTED"]
    if not found:
        raise UnexpectedError("In no ATS can tests be ordered")
    return found


async def order_test(scene: Scene) -> None:
    """Offer a test inside the ATS, and let a recruiter order it there"""
    scene.show.call("assessment.package.put {packageId, name, …}, assessment.partner.create")
    scene.show.call('POST <sandbox>/_sandbox/<vendor>/partner {"act": "order", …}: the recruiter')
    scene.show.tell(
        "assessment.partner.create answers with an address, a key and the steps for a person. Here"
        " the demo plays that person, and the recruiter. The ATS calls Hireloom in its own"
        " protocol; what arrives at the receiver is the same for all."
    )
    await scene.api.post("the demo", "assessment.package.put", PACKAGE)
    accounts = hosts(scene)
    lacks = [account.title for account in scene.accounts if account not in accounts]
    if lacks:
        scene.show.tell(
            f"{', '.join(lacks)} knows no such partners; scores go there as in the steps before."
        )
    scene.show.table({account.title: await ordered(scene, account) for account in accounts})


async def ordered(scene: Scene, account: Account) -> dict[str, str]:
    """The customer enters address and key, the recruiter orders, the event arrives."""
    access = await scene.post(account, "assessment.partner.create", {})
    await act(
        scene,
        account,
        act="connect",
        base_url=access["baseUrl"],
        secret_key=access["secretKey"],
    )
    offered = await act(scene, account, act="list")
    before, began = len(scene.receiver.arrivals), time.monotonic()
    placed = await act(
        scene,
        account,
        act="order",
        application=account.application_id,
        package=PACKAGE["packageId"],
    )
    account.order = await heard(scene, account, before)
    data = account.order
    return {
        "the ATS lists": names_in(offered["answer"]),
        "its order": short(placed["order"]),
        "eventType": "assessment.ordered",
        "arrived": f"after {time.monotonic() - began:.2f} s",
        "signature": "verified",
        "orderId": short(data["orderId"]),
        "package.name": at(data, "package.name"),
        "candidate": f"{at(data, 'candidate.firstName')} {at(data, 'candidate.lastName')}",
        "application.id": short(at(data, "application.id")),
        "orderedBy": at(data, "orderedBy"),
        "expiresAt": at(data, "expiresAt")[:16],
    }


async def act(scene: Scene, account: Account, **what: object) -> Json:
    """What people do in the ATS; raises where its call was not answered as it wants."""
    told = await scene.click(f"/_sandbox/{account.app}/partner", dict(what))
    if told.get("errors"):
        raise UnexpectedError(f"{account.title} could not use an answer: {told['errors'][0]}")
    return told


def names_in(answer: Json | list[Json]) -> str:
    """The tests in a list, as the vendor words it."""
    rows: list[Json] = answer["results"] if isinstance(answer, dict) else answer
    return ", ".join(one.get("name") or one["partner_test_name"] for one in rows)


async def heard(scene: Scene, account: Account, before: int) -> Json:
    """The data of the event that the order led to."""
    wanted = {"integrationId": account.id, "eventType": "assessment.ordered"}
    latest = time.monotonic() + SECONDS
    while time.monotonic() < latest:
        arrival = scene.receiver.first(lambda event: wanted.items() <= event.items(), before)
        if arrival is not None:
            data: Json = arrival.event["eventData"]
            if at(data, "application.id") != account.application_id:
                raise UnexpectedError(f"The order of {account.title} is for somebody else")
            return data
        await asyncio.sleep(LOOK_SECONDS)
    raise UnexpectedError(f"No event of the order at {account.title} within {SECONDS:.0f} s")


async def bring_result(scene: Scene) -> None:
    """Bring the result: it appears where the recruiter ordered the test"""
    scene.show.call("ats.application.score.create {orderId, reportUrl, …}, assessment.order.get")
    receipts = {}
    pages = {}
    for account in hosts(scene):
        receipts[account.title], pages[account.title] = await brought(scene, account)
    scene.show.table(receipts)
    scene.show.table({title: {"new there": one} for title, one in pages.items()})


async def brought(scene: Scene, account: Account) -> tuple[dict[str, str], str]:
    """The receipt with the order's state, and what the ATS then shows."""
    before = await page_of(scene, account)
    order_id = account.order["orderId"]
    score = {**SCORE, "reportUrl": REPORT}
    body = {**score, "orderId": order_id, "externalId": f"result of {order_id}"}
    receipt = (await scene.post(account, "ats.application.score.create", body))["receipt"]
    order = await complete(scene, account, order_id)
    entries = new_in(await page_of(scene, account), before)
    told = [*receipt["fieldsWritten"], *receipt["fieldsPending"]]
    if missing := lacking(entries, score, told) or (not told and ["anything"]):
        raise UnexpectedError(f"{account.title} does not show {', '.join(missing)} of the result")
    scene.scores += 1
    shown = {**receipt_of(receipt), "order": order["state"]}
    if order["fetchedAt"]:
        shown["fetchedAt"] = order["fetchedAt"][:19]
    return shown, drawn(entries)


async def complete(scene: Scene, account: Account, order_id: str) -> Json:
    """The order, once the ATS has its result."""
    latest = time.monotonic() + SECONDS
    while time.monotonic() < latest:
        order: Json = (await scene.get(account, "assessment.order.get", orderId=order_id))["order"]
        if order["problem"]:
            raise UnexpectedError(f"{account.title} could not use the result: {order['problem']}")
        if order["state"] == "COMPLETED":
            return order
        await asyncio.sleep(LOOK_SECONDS)
    raise UnexpectedError(
        f"The order at {account.title} is {order['state']} after {SECONDS:.0f} s, not COMPLETED"
    )


STEPS = (order_test, bring_result)

"""A mapped field's whole way: matched in the window, read, synced, changed in the ATS, told."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page

from hireloom.sandbox.app import Running
from hireloom.settings import Settings
from tests.connect.test_fields import declare, reach
from tests.syncing import Syncing, syncing

MAPPED = "$.info.mappedFields"
# Of each vendor: a field, whose it is, and what of it is read and synced.
WAYS = {
    "ashby": ("Notice period", "CANDIDATE", "candidate"),
    "greenhouse": ("Notice period", "CANDIDATE", "candidate"),
    "lever": ("Cost centre", "JOB", "job"),
}
WRITABLE = ("name", "headcountTotal", "status", "requisitionCode", "owner", "customFields")


@pytest.fixture(params=sorted(WAYS))
async def vendor(
    request: pytest.FixtureRequest, settings: Settings, vendors: Running
) -> AsyncIterator[Syncing]:
    async with syncing(settings, vendors, request.param) as found:
        yield found


async def change(vendor: Syncing, record_id: str, value: str) -> None:
    """Let the customer fill in the field at the vendor."""
    account = vendor.account
    if account.vendor != "lever":
        is_greenhouse = account.vendor == "greenhouse"
        name = "notice_period" if is_greenhouse else "Notice period"
        candidate: Any = int(record_id) if is_greenhouse else record_id
        account.change("set_custom_field", field=name, value=value, candidate=candidate)
        return
    path = f"/requisitions/{record_id}"
    read = await vendor.ask("passthrough", method="GET", path=path)
    before = read["response"]["body"]["data"]
    body = {name: before[name] for name in WRITABLE if before.get(name) is not None}
    body["customFields"] = {**before["customFields"], "cost_center": value}
    written = await vendor.ask("passthrough", method="PUT", path=path, body=body)
    assert written["response"]["status"] == 200, written


async def test_from_the_window_to_an_event(vendor: Syncing, tab: Page) -> None:
    app = vendor.account.vendor
    label, owner, noun = WAYS[app]
    await declare(vendor.service, key="wanted", label="Something wanted", owner=owner)
    session = await vendor.ask(
        "auth.createSession",
        originOrgId=f"org-{app}",
        originOrgName="Example & Sons",
        originUserEmail="hr@example.com",
        originUserName="Kim Example",
        filters=[{"category": "ATS", "apps": [app]}],
    )

    await reach(tab, session["url"], app)
    await tab.select_option("#field\\.wanted", label=f"{label} (text)")
    await tab.click("button:has-text('Continue')")
    await tab.wait_for_selector("text=is connected")
    listed = (await vendor.look(f"ats.{noun}.list"))[f"{noun}s"]
    record_id = listed[0]["info"]["id"]
    got = (await vendor.look(f"ats.{noun}.get", **{f"{noun}Id": record_id}))[noun]
    first = await vendor.sync(f"ats_{noun}s", models=[f"{noun}_info"])
    await change(vendor, record_id, "Quite another")
    told = await vendor.sync(f"ats_{noun}s", syncType="delta_sync")

    assert all("wanted" in one["info"]["mappedFields"] for one in listed)
    assert got["info"]["mappedFields"] == listed[0]["info"]["mappedFields"]
    assert all("wanted" in one["eventData"]["info"]["mappedFields"] for one in first.new)
    (event,) = told.modified
    assert event["recordId"] == record_id
    assert event["eventData"]["info"]["mappedFields"] == {"wanted": "Quite another"}
    assert MAPPED in event["changedPaths"]

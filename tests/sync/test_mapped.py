"""Mapped fields in syncs and real-time events: told when they differ, filtered and watched."""

from typing import Any

import pytest

from hireloom.store import syncs
from hireloom.sync.opening import open_sync
from tests.hearing import listen, quiet
from tests.syncing import Syncing

# Of each vendor: whose field it is, what it is called there, its kind of sync, a value for it.
KINDS = {
    "ashby": ("CANDIDATE", "Notice period", "ats_candidates", "6 weeks"),
    "greenhouse": ("CANDIDATE", "Notice period", "ats_candidates", "6 weeks"),
    "lever": ("JOB", "Cost centre", "ats_jobs", "CC-999"),
}
MAPPED = "$.info.mappedFields"


# The sandbox's recruiter changes custom fields of people; of requisitions at Lever it does not.
with_people = pytest.mark.parametrize("small", ["ashby", "greenhouse"], indirect=True)


class Mapping:
    """A declared field of a vendor's account, to be mapped to the custom field of that label."""

    def __init__(self, vendor: Syncing) -> None:
        self.vendor = vendor
        self.owner, self.label, self.data_type, self.value = KINDS[vendor.account.vendor]

    async def declare(self) -> None:
        field = {"key": "wanted", "label": self.label, "owner": self.owner}
        await self.vendor.ask("mapping.field.put", **field)

    async def to(self, label: str | None) -> None:
        found = (await self.vendor.look("ats.customField.list", owner=self.owner))["customFields"]
        ids = [one["id"] for one in found if one["label"] == label]
        await self.vendor.ask("mapping.update", mappings={"wanted": ids[0] if ids else None})

    async def map(self) -> None:
        await self.declare()
        await self.to(self.label)

    def change(self, record_id: str) -> None:
        """Set the custom field of one candidate at the vendor."""
        self._set("notice_period" if self._is_greenhouse else self.label, self.value, record_id)

    def change_another(self, record_id: str) -> None:
        """Set a custom field that is not mapped."""
        if self._is_greenhouse:
            self._set("needs_visa", True, record_id)
        else:
            self._set("Earliest start", "2027-01-01", record_id)

    @property
    def _is_greenhouse(self) -> bool:
        return self.vendor.account.vendor == "greenhouse"

    def _set(self, name: str, value: Any, record_id: str) -> None:
        candidate: Any = int(record_id) if self._is_greenhouse else record_id
        change = {"field": name, "value": value, "candidate": candidate}
        self.vendor.account.change("set_custom_field", **change)

    async def run(self, **body: Any) -> Any:
        models = ["candidate_info"] if self.owner == "CANDIDATE" else ["job_info"]
        return await self.vendor.sync(self.data_type, models=models, **body)


def values(events: list[dict[str, Any]]) -> list[Any]:
    return [event["eventData"]["info"]["mappedFields"]["wanted"] for event in events]


@pytest.fixture
async def mapping(small: Syncing) -> Mapping:
    if small.account.vendor == "lever":
        key = small.service.sandbox.vendor("lever").credentials["apiKey"]
        await small.ask(
            "integration.credentials.update",
            credentials={"apiKey": key},
            settings={"jobs": "requisitions"},
        )
    return Mapping(small)


async def test_a_first_run_carries_the_mapped_values(mapping: Mapping) -> None:
    await mapping.map()

    told = await mapping.run()

    assert told.new
    assert all("wanted" in event["eventData"]["info"]["mappedFields"] for event in told.new)
    for event in told.new:
        info = event["eventData"]["info"]
        assert info["mappedFields"]["wanted"] in [None, *info["customFields"].values()]


async def test_a_change_of_the_mapping_tells_only_of_records_that_differ(
    mapping: Mapping,
) -> None:
    first = await mapping.run()
    filled = {
        event["recordId"]
        for event in first.new
        if mapping.label == "Cost centre" or event["eventData"]["info"]["customFields"]
    }

    await mapping.map()
    mapped = await mapping.run(syncType="delta_sync")
    again = await mapping.run(syncType="initial_sync")
    await mapping.to(None)
    unmapped = await mapping.run(syncType="delta_sync")

    assert mapped.processed["processed"] >= len(first.new)
    assert {event["recordId"] for event in mapped.modified} <= filled
    assert all(values(mapped.modified))
    assert set(map(tuple, (event["changedPaths"] for event in mapped.modified))) <= {(MAPPED,)}
    assert again.processed["emitted"] == 0
    assert {event["recordId"] for event in unmapped.modified} == {
        event["recordId"] for event in mapped.modified
    }
    assert not any("mappedFields" in one["eventData"]["info"] for one in unmapped.modified)


@with_people
async def test_a_value_that_changes_in_the_ats_arrives_with_its_paths(mapping: Mapping) -> None:
    await mapping.map()
    first = await mapping.run()
    record_id = first.new[0]["recordId"]

    mapping.change(record_id)
    told = await mapping.run(syncType="delta_sync")

    (event,) = [one for one in told.modified if one["recordId"] == record_id]
    assert {MAPPED, "$.info.customFields"} <= set(event["changedPaths"])
    assert event["eventData"]["info"]["mappedFields"] == {"wanted": mapping.value}


@with_people
async def test_a_watched_mapped_field_is_all_that_counts(mapping: Mapping) -> None:
    await mapping.map()
    path = f"{MAPPED}.wanted"
    first = await mapping.run()
    one, other = first.new[0]["recordId"], first.new[1]["recordId"]
    await mapping.vendor.ask(
        "sync.watchFields.update", dataType=mapping.data_type, jsonPaths=[path]
    )
    await mapping.run(syncType="initial_sync")

    mapping.change(one)
    mapping.change_another(other)
    told = await mapping.run(syncType="delta_sync")

    assert told.paths == {one: {path}}


@with_people
async def test_a_filter_looks_into_mapped_fields(mapping: Mapping) -> None:
    await mapping.map()
    somebody = next(iter(mapping.vendor.account.state("candidates")))
    mapping.change(str(somebody))
    await mapping.run()
    wanted = {
        "type": "string_operator",
        "data": "eq",
        "left": {"type": "key", "data": "info.mappedFields.wanted", "left": None, "right": None},
        "right": {"type": "value_string", "data": mapping.value, "left": None, "right": None},
    }

    await mapping.vendor.ask("sync.filter.update", dataType=mapping.data_type, filter=wanted)
    left = await mapping.run(syncType="initial_sync")

    gone = {event["recordId"] for event in left.deleted}
    assert gone
    assert str(somebody) not in gone


async def test_a_vendors_webhook_brings_the_mapped_value(greenhouse: Syncing) -> None:
    mapping = Mapping(greenhouse)
    await mapping.map()
    first = await mapping.run()
    await listen(greenhouse)
    before = len(greenhouse.receiver.events)

    mapping.change(first.new[0]["recordId"])
    await quiet(greenhouse)

    (event,) = [
        one
        for one in greenhouse.receiver.events[before:]
        if one["eventType"] == "record.modified" and one["syncDataType"] == mapping.data_type
    ]
    assert event["syncType"] == "realtime"
    assert MAPPED in event["changedPaths"]
    assert event["eventData"]["info"]["mappedFields"] == {"wanted": mapping.value}


async def test_a_run_knows_a_mapping_that_another_process_changed(few: Syncing) -> None:
    mapping = Mapping(few)
    await mapping.map()
    await mapping.run()
    desk = few.service.desk
    async with desk.pool.acquire() as conn:
        sync = await syncs.find(conn, few.integration, mapping.data_type)
    assert sync is not None
    remembered = await desk.accounts.open(few.integration)

    async with desk.pool.acquire() as conn:
        await conn.execute("delete from mappings")
    opened = await open_sync(desk.accounts, desk.pool, sync, sync.models)

    assert remembered.integration.mapped
    assert opened.reading.integration.mapped == {}

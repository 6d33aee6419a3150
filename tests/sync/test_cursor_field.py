"""Records whose time of change is missing: the vendor's list gives them, but no order in time."""

from hireloom.sandbox.app import Running
from tests.syncing import Syncing

LIGHT = ["application_info", "application_stage"]


async def test_a_record_without_its_time_of_change_is_told_and_stops_nothing(
    few: Syncing, handful: Running
) -> None:
    vendor = handful.vendor("greenhouse")
    odd = few.account.running()["id"]
    vendor.overlay.change("applications", odd, updated_at=None)

    first = await few.sync(models=LIGHT)
    moved = next(id_ for id_ in few.account.state() if id_ != odd and is_open(few, id_))
    few.account.change("move_application", application=moved)
    second = await few.sync(syncType="delta_sync")
    whole = await few.sync(syncType="initial_sync")

    (event,) = [one for one in first.new if one["recordId"] == str(odd)]
    assert event["eventData"]["info"]["updatedAt"] is None
    assert first.processed["complete"] is True
    assert [one["recordId"] for one in second.modified] == [str(moved)]
    assert whole.processed["emitted"] == 0


def is_open(account: Syncing, id_: int) -> bool:
    row = account.account.state()[id_]
    return row["status"] == "in_process" and bool(row["jobId"])

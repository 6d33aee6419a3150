"""Custom syncs: any list of a vendor's, told as it is."""

from typing import Any

import pytest

from tests.receiver import Receiver
from tests.syncing import Syncing

LISTS = {
    "greenhouse": ({"method": "GET", "path": "/candidate_tags"}, "$"),
    "lever": ({"method": "GET", "path": "/postings"}, "$.data"),
    "ashby": ({"method": "POST", "path": "/job.list"}, "$.results"),
}


async def custom(vendor: Syncing, url: str, **more: Any) -> dict[str, Any]:
    details, listed = LISTS[vendor.account.vendor]
    return await vendor.ask(
        "sync.custom.start",
        apiDetails=details,
        listIdentifier=listed,
        recordIdentifier="$.id",
        webhookURL=url,
        **more,
    )


def consumed(receiver: Receiver) -> int:
    return [event["eventType"] for event in receiver.events].count("sync.events.allConsumed")


async def test_what_changes_in_any_list_is_told_to_its_own_webhook_alone(vendor: Syncing) -> None:
    async with Receiver() as own:
        first = await custom(vendor, own.url, idempotencyId="postings")
        await own.until(lambda: consumed(own) == 1)
        told = len(own.events)

        again = await custom(vendor, own.url, idempotencyId="postings")
        await own.until(lambda: consumed(own) == 2)

        new = [event for event in own.events[:told] if event["eventType"] == "record.new"]
        assert new
        assert all(event["eventData"]["id"] for event in new)
        assert {event["syncDataType"] for event in new} == {"custom"}
        assert again["syncJobId"] == first["syncJobId"]
        assert (first["secret"] is None, again["secret"]) == (False, None)
        assert [event["eventType"] for event in own.events[told:]] == [
            "sync.events.processed",
            "sync.events.allConsumed",
        ]
        assert own.verified(first["secret"])
    assert not [one for one in vendor.receiver.events if one.get("syncDataType") == "custom"]


async def test_a_changed_and_a_deleted_record_are_told(greenhouse: Syncing) -> None:
    async with Receiver() as own:
        details = {"method": "GET", "path": "/jobs", "params": {"per_page": 500}}
        asked = {
            "apiDetails": details,
            "listIdentifier": "$",
            "recordIdentifier": "$.id",
            "webhookURL": own.url,
            "idempotencyId": "jobs",
        }
        await greenhouse.ask("sync.custom.start", **asked)
        await own.until(lambda: consumed(own) == 1)
        first, second = list(greenhouse.account.state("jobs"))[:2]
        greenhouse.account.change("update_job", job=first, title="Chief of everything")
        greenhouse.account.change("delete_job", job=second)

        await greenhouse.ask("sync.custom.start", **asked)
        await own.until(lambda: consumed(own) == 2)

        told = {(event["eventType"], event.get("recordId")): event for event in own.events}
        assert told["record.modified", str(first)]["eventData"]["name"] == "Chief of everything"
        assert told["record.deleted", str(second)]["eventData"]["reason"] == "DELETED"


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"webhookURL": "ftp://example.com/x"}, "url"),
        ({"recordIdentifier": "$"}, "recordIdentifier"),
        ({"listIdentifier": "$["}, "listIdentifier"),
        (
            {"apiDetails": {"method": "GET", "path": "/x", "baseUrl": "https://evil.example"}},
            "base",
        ),
        (
            {"apiDetails": {"method": "GET", "path": "/x", "headers": {"Authorization": "x"}}},
            "apiDetails.headers.Authorization",
        ),
    ],
)
async def test_what_is_wrong_is_named(
    greenhouse: Syncing, wrong: dict[str, Any], path: str
) -> None:
    body = {
        "apiDetails": {"method": "GET", "path": "/jobs"},
        "listIdentifier": "$",
        "recordIdentifier": "$.id",
        "webhookURL": greenhouse.receiver.url,
        **wrong,
    }

    answer = await greenhouse.service.post("sync.custom.start", greenhouse.integration, body)

    assert answer.status_code == 400
    assert any(path in field["path"] for field in answer.json()["error"]["fields"])


async def test_another_list_under_the_same_id_is_refused(greenhouse: Syncing) -> None:
    await custom(greenhouse, greenhouse.receiver.url, idempotencyId="one")

    answer = await greenhouse.service.post(
        "sync.custom.start",
        greenhouse.integration,
        {
            "apiDetails": {"method": "GET", "path": "/users"},
            "listIdentifier": "$",
            "recordIdentifier": "$.id",
            "webhookURL": greenhouse.receiver.url,
            "idempotencyId": "one",
        },
    )

    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "idempotency.mismatch"

"""What webhooks are told of an account itself."""

from tests.syncing import Syncing


async def test_an_account_that_comes_and_goes_is_told(greenhouse: Syncing) -> None:
    receiver = greenhouse.receiver

    other = await greenhouse.service.connect("ashby")
    await receiver.until(lambda: len(receiver.events) == 1)
    await greenhouse.service.post("integration.deactivate", other)
    await receiver.until(lambda: len(receiver.events) == 2)
    await greenhouse.service.post("integration.reactivate", other)
    await receiver.until(lambda: len(receiver.events) == 3)

    told = [(event["eventType"], event["integrationId"]) for event in receiver.events]
    assert told == [
        ("app.integration.activate", other),
        ("app.integration.deactivate", other),
        ("app.integration.activate", other),
    ]
    assert receiver.events[0]["eventData"]["originOrgId"] == "org-ashby"
    assert receiver.events[1]["eventData"]["state"] == "DEACTIVATED"


async def test_credentials_that_fail_are_told_once_by_whoever_notices(greenhouse: Syncing) -> None:
    receiver, service = greenhouse.receiver, greenhouse.service
    await greenhouse.sync(models=["application_info"])
    service.faults({"kind": "expired_token", "vendor": "greenhouse"})

    failed = await greenhouse.sync(syncType="delta_sync")
    answer = await service.get("ats.user.list", greenhouse.integration)

    assert failed.failed["code"] == "integration.credentials_invalid"
    assert failed.failed["category"] == "customer"
    assert answer.status_code == 424

    def expired() -> list[object]:
        return [
            event["eventData"]["hint"]
            for event in receiver.events
            if event["eventType"] == "integration.credentials_expired"
        ]

    await receiver.until(lambda: bool(expired()))
    service.faults()
    assert (await greenhouse.sync(syncType="delta_sync")).processed["complete"] is True
    assert len(expired()) == 1


async def test_a_sync_goes_on_as_soon_as_the_customer_has_reconnected(greenhouse: Syncing) -> None:
    greenhouse.faults({"kind": "expired_token"})
    failed = await greenhouse.sync(models=["application_info"])
    greenhouse.faults()
    before = len(greenhouse.receiver.events)

    credentials = dict(greenhouse.service.sandbox.vendor("greenhouse").credentials)
    await greenhouse.ask("integration.credentials.update", credentials=credentials)

    assert failed.failed["code"] == "integration.credentials_invalid"
    told = await greenhouse.told(failed.run_id, before)
    assert told.processed["complete"] is True
    assert len(told.new) == told.processed["emitted"] > 0

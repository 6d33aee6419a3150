"""Scores pushed while a vendor is in trouble: tried again, never put in a worse place for it."""

import pytest

from tests.scores.pushing import (
    CODING,
    VENDORS,
    candidates,
    push,
    refused,
    whole_page,
)
from tests.service import Service

BEST = {"greenhouse": "*/notes", "lever": "*/feedback", "ashby": "*/applicationFeedback.submit"}
CHANNEL = {"greenhouse": "APPLICATION_NOTE", "lever": "SCORECARD", "ashby": "SCORECARD"}
TEST = {**CODING, "assessment": {"name": "Technical Coding Assessment"}, "externalId": "a-1"}


@pytest.mark.parametrize("vendor", VENDORS)
async def test_what_may_pass_is_tried_again_and_then_an_error_with_nothing_half_written(
    service: Service, vendor: str
) -> None:
    integration = await service.connect_for_writes(vendor)
    whom, other, *_ = await candidates(service, vendor, integration)
    here = {"vendor": vendor, "path": BEST[vendor], "method": "POST"}
    before = whole_page(service, vendor, whom)

    service.faults({"kind": "status", "status": 503, **here})
    away = await refused(service, integration, **whom, **TEST)
    after = whole_page(service, vendor, whom)
    service.faults()
    later = await push(service, integration, **whom, **TEST)
    again = await push(service, integration, **whom, **TEST)
    service.faults({"kind": "429", "retry_after": 0, "times": 1, **here})
    patient = await push(service, integration, **{**TEST, **other, "externalId": "a-2"})

    assert (away["status"], away["code"]) == (503, "upstream.unavailable")
    assert away["retryable"]
    assert after == before
    assert [one["channel"] for one in (later, patient)] == [CHANNEL[vendor]] * 2
    assert [one["change"] for one in (later, again)] == ["CREATED", "UNCHANGED"]
    assert whole_page(service, vendor, whom).count("89/100") == 1
    assert whole_page(service, vendor, other).count("89/100") == 1


async def test_a_vendor_that_limits_for_long_gets_no_second_best(service: Service) -> None:
    integration = await service.connect("ashby")
    (whom, *_) = await candidates(service, "ashby", integration)
    before = whole_page(service, "ashby", whom)
    service.faults({"kind": "429", "retry_after": 60, "vendor": "ashby", "path": BEST["ashby"]})

    error = await refused(service, integration, **whom, **TEST)

    assert (error["status"], error["code"]) == (503, "upstream.rate_limited")
    assert error["retryable"]
    assert whole_page(service, "ashby", whom) == before

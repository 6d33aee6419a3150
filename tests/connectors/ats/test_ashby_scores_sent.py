"""Scores that go to the simulated Ashby by HTTP: what the receipt says is what it then holds."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from hireloom import kit
from hireloom.models import AssessmentNamed
from hireloom.sandbox.app import Running
from tests.connectors.ats.ashby_account import Account, account_of
from tests.connectors.ats.ashby_papers import PLAIN, altered, paper
from tests.sandbox.ashby_client import Caller


@pytest.fixture(scope="module")
def organisation() -> Iterator[Running]:
    with Running(size=5, seed=11, vendors=["ashby"], limits=False) as running:
        yield running


@pytest.fixture
def recruiter(organisation: Running) -> Iterator[Caller]:
    httpx.post(f"{organisation.url}/_sandbox/reset", timeout=120)
    recruiter = Caller(organisation)
    with recruiter.http:
        yield recruiter


@pytest.fixture
async def account(recruiter: Caller) -> AsyncIterator[Account]:
    async with account_of(recruiter) as account:
        yield account


def application_of(recruiter: Caller) -> Any:
    return recruiter.results("application.list", limit=1)[0]


async def test_custom_fields_show_what_the_receipt_says(
    account: Account, recruiter: Caller
) -> None:
    application = application_of(recruiter)
    score = altered(application_id=application["id"], candidate_id=None)
    defined = recruiter.results("customField.list")
    field = next(
        one
        for one in defined
        if one["title"] == "Assessment score" and one["objectType"] == "Application"
    )

    written = await account.connect().update_score_fields(
        paper(score, custom_fields={"score": field["id"]})
    )

    fields = recruiter.results("application.info", applicationId=application["id"])["customFields"]
    held = {one["title"]: one["value"] for one in fields}
    assert held["Assessment score"] == 89
    assert "score" in written.fields_written
    assert "notes" not in written.fields_written


async def test_feedback_shows_what_the_receipt_says(account: Account, recruiter: Caller) -> None:
    application = application_of(recruiter)
    title = recruiter.results("feedbackFormDefinition.list")[0]["title"]
    named = AssessmentNamed(name=title)
    score = altered(application_id=application["id"], assessment=named)

    written = await account.connect().create_scorecard(paper(score))

    listed = recruiter.results("applicationFeedback.list", applicationId=application["id"])
    (feedback,) = [one for one in listed if one["id"] == written.remote_id]
    assert PLAIN in str(feedback["submittedValues"]["feedback"]["value"])
    assert feedback["submittedValues"]["overall_recommendation"] == "3"
    assert (written.fields_written, written.fields_dropped) == (list(paper(score).given), [])


async def test_an_order_that_ashby_does_not_know_is_missing(account: Account) -> None:
    order = kit.OpenOrder(id="never-ordered", package_id="sailing")

    with pytest.raises(kit.ResourceNotFoundError):
        await account.connect().create_assessment_result(paper(), order)

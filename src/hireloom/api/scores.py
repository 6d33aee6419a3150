"""Scores of assessments: pushed to where a recruiter looks for them, one at a time or many."""

import asyncio
import time
from itertools import chain
from typing import Any

import msgspec

from hireloom import kit
from hireloom.accounts import Account
from hireloom.api import answers
from hireloom.api.desk import Call, rehearse
from hireloom.api.operation import Scope, operation
from hireloom.api.reading import invalid
from hireloom.errors import CredentialsInvalidError, HireloomError, UnavailableError
from hireloom.kit import Integration
from hireloom.kit.trip import Trip, travel
from hireloom.models import (
    CreatedScore,
    CreatedScores,
    ManyScores,
    ManyScoresEntry,
    ScoreDraft,
    ScorePreview,
    ScoreReceipt,
)
from hireloom.scores import example, preview
from hireloom.scores.channels import WAYS
from hireloom.scores.push import push

NEEDS = tuple(way.needs for way in WAYS.values())
AT_ONCE = 8  # of many; the vendor's limit is shared all the same
MANY_SECONDS = 300.0  # after which no further one is begun


@operation(
    "ats.application.score.create",
    scope=Scope.WRITE,
    needs=NEEDS,
    instead=("ats.candidate.note.create",),
    example=example.REQUEST,
)
async def create_score(integration: Integration, call: Call, score: ScoreDraft) -> CreatedScore:
    """Put a score where the recruiter looks for it in this ATS, and say where that was.

    The best place that takes it: an order of the ATS itself, a scorecard, a custom field, a link,
    a note. The same `externalId` corrects what was written instead of adding a second one.
    """
    return CreatedScore(receipt=await _push(integration, call, score))


@operation(
    "assessment.result.push",
    scope=Scope.WRITE,
    needs=NEEDS,
    instead=("ats.candidate.note.create",),
    example={**example.REQUEST, "orderId": "ord_4kQ2vX9bTn7sLm1cRd8HyZ"},
)
async def push_result(integration: Integration, call: Call, score: ScoreDraft) -> CreatedScore:
    """Answer an order of the ATS: `ats.application.score.create` with an `orderId`."""
    if score.order_id is None:
        raise kit.RequestInvalidError.at("orderId", "is missing: it names the order to answer")
    return CreatedScore(receipt=await _push(integration, call, score))


@operation(
    "ats.application.score.preview",
    scope=Scope.READ,
    needs=NEEDS,
    by_post=True,
    example=example.REQUEST,
)
async def preview_score(integration: Integration, call: Call, score: ScoreDraft) -> ScorePreview:
    """Show what each channel of this account would get of a score. Nothing is sent."""
    return await preview.preview(call.desk.pool, _account(call), score, rehearse)


@operation(
    "ats.application.score.createMany",
    scope=Scope.WRITE,
    needs=NEEDS,
    instead=("ats.application.score.create",),
    stays_here=True,
    example={"scores": [example.REQUEST]},
)
async def create_scores(integration: Integration, call: Call, many: ManyScores) -> CreatedScores:
    """Push up to 500 scores, each with a receipt or an error of its own.

    Those with the same `externalId` go in their order, so that the last one is what stays.
    """
    room = asyncio.Semaphore(AT_ONCE)
    latest = time.monotonic() + MANY_SECONDS

    async def in_turn(several: list[tuple[int, Any]]) -> list[ManyScoresEntry]:
        async with room:
            return [await _one_of_many(call, index, sent, latest) for index, sent in several]

    same: dict[str | int, list[tuple[int, Any]]] = {}
    for index, sent in enumerate(many.scores):
        same.setdefault(_named(sent) or index, []).append((index, sent))
    done = await asyncio.gather(*map(in_turn, same.values()))
    found = sorted(chain.from_iterable(done), key=lambda entry: entry.index)
    written = sum(entry.receipt is not None for entry in found)
    codes = {entry.error["code"] for entry in found if entry.error is not None}
    if not written and codes == {CredentialsInvalidError.code}:
        raise CredentialsInvalidError("The ATS takes these credentials no longer")
    return CreatedScores(results=found, written=written, failed=len(found) - written)


async def _one_of_many(call: Call, index: int, sent: Any, latest: float) -> ManyScoresEntry:
    external_id = _named(sent)
    trip = Trip(execution_id=call.execution_id)
    try:
        if time.monotonic() > latest:
            raise UnavailableError("It was not begun: the others took too long", retry_after=1)
        with travel(trip):
            receipt = await push(call.desk.pool, _account(call), _read(sent))
    except HireloomError as error:
        told = answers.told(error, call.execution_id)
        if error.retry_after is not None:
            told["retryAfter"] = error.retry_after  # an answer of its own would have it in a header
        return ManyScoresEntry(index=index, external_id=external_id, error=told)
    finally:
        call.trip.calls += trip.calls
        call.trip.seconds += trip.seconds
        call.trip.written += trip.written
    return ManyScoresEntry(index=index, external_id=external_id, receipt=receipt)


def _named(sent: Any) -> str | None:
    named = sent.get("externalId") if isinstance(sent, dict) else None
    return named if isinstance(named, str) else None


def _read(sent: Any) -> ScoreDraft:
    try:
        return msgspec.convert(sent, ScoreDraft)
    except msgspec.ValidationError as error:
        raise invalid(error) from None


async def _push(integration: Integration, call: Call, score: ScoreDraft) -> ScoreReceipt:
    account = _account(call)
    if integration.rehearses:
        return await preview.first(call.desk.pool, account, integration, score)
    return await push(call.desk.pool, account, score)


def _account(call: Call) -> Account:
    if call.account is None:
        raise TypeError("a score goes to an account")
    return call.account

"""What each channel would get of a score, with nothing sent."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol

import asyncpg

from hireloom.accounts import Account
from hireloom.errors import HireloomError
from hireloom.kit import Integration, OpenOrder, Paper
from hireloom.models import (
    ChannelPreview,
    Dropped,
    ScoreChannel,
    ScoreDraft,
    ScorePreview,
    ScoreReceipt,
)
from hireloom.scores import papers, target, validate
from hireloom.scores.answering import peek
from hireloom.scores.channels import BEST_FIRST, WAYS, closed
from hireloom.scores.push import Pushing
from hireloom.store import score_layouts


class Rehearsed(Protocol):
    @property
    def requests(self) -> list[dict[str, Any]]: ...
    @property
    def complete(self) -> bool: ...
    @property
    def fields_dropped(self) -> list[Dropped]: ...


Act = Callable[[Integration], Awaitable[Any]]
Rehearse = Callable[[Integration, Act], Awaitable[Rehearsed]]


async def prepare(
    pool: asyncpg.Pool, account: Account, score: ScoreDraft
) -> tuple[papers.Ready, OpenOrder | None]:
    """A score ready for the channels, and the order that it answers; nothing is taken or held."""
    validate.check(score, datetime.now(UTC))
    async with pool.acquire() as conn:
        layout = await score_layouts.fitting(conn, account.id, score.assessment.type)
    order = await peek(pool, account, score)
    score = order.named(score) if order is not None else score
    whom = await target.find(account.integration, score)
    ready = papers.make(account.integration, score, whom, layout)
    return ready, None if order is None else order.open


async def preview(
    pool: asyncpg.Pool, account: Account, score: ScoreDraft, rehearse: Rehearse
) -> ScorePreview:
    ready, order = await prepare(pool, account, score)
    asked = score.channels is not None
    shown = [
        await _one(account.integration, ready, order, channel, asked, rehearse)
        for channel in score.channels or BEST_FIRST
    ]
    return ScorePreview(html=ready.paper.text.html, plain=ready.paper.text.plain, channels=shown)


async def first(
    pool: asyncpg.Pool, account: Account, integration: Integration, score: ScoreDraft
) -> ScoreReceipt:
    """A push on an integration whose writes are only noted."""
    ready, order = await prepare(pool, account, score)
    return await Pushing(integration, score, ready.paper, order).first()


async def _one(
    integration: Integration,
    ready: papers.Ready,
    order: OpenOrder | None,
    channel: ScoreChannel,
    asked: bool,
    rehearse: Rehearse,
) -> ChannelPreview:
    reason = closed(integration, ready.paper, channel, asked=asked)
    if reason is not None:
        return ChannelPreview(channel=channel, available=False, reason=reason)
    paper: Paper = replace(ready.paper, by_name=asked)
    way = WAYS[channel]
    try:
        told = await rehearse(integration, lambda noted: way.write(noted, paper, order))
    except HireloomError as error:
        return ChannelPreview(channel=channel, available=False, reason=error.msg)
    return ChannelPreview(
        channel=channel,
        available=True,
        text=paper.text.plain if way.takes_text else None,
        requests=told.requests,
        complete=told.complete,
        fields_dropped=ready.left_out if way.takes_text else [],
    )

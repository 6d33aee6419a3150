"""What each channel would get of a score, with nothing sent."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
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
    WrittenScore,
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
    integration, asked = account.integration, score.channels is not None
    shown = []
    for channel in score.channels or BEST_FIRST:
        reason = closed(integration, ready.paper, channel, asked=asked)
        if reason is not None:
            shown.append(ChannelPreview(channel=channel, available=False, reason=reason))
            continue
        paper = replace(ready.paper, by_name=asked)
        write = partial(_write, channel=channel, paper=paper, order=order)
        shown.append(await _rehearsed(channel, ready, rehearse(integration, write)))
    return ScorePreview(html=ready.paper.text.html, plain=ready.paper.text.plain, channels=shown)


async def first(
    pool: asyncpg.Pool, account: Account, integration: Integration, score: ScoreDraft
) -> ScoreReceipt:
    """A push on an integration whose writes are only noted."""
    ready, order = await prepare(pool, account, score)
    return await Pushing(integration, score, ready, order).first()


async def _write(
    integration: Integration, *, channel: ScoreChannel, paper: Paper, order: OpenOrder | None
) -> WrittenScore:
    return await WAYS[channel].write(integration, paper, order)


async def _rehearsed(
    channel: ScoreChannel, ready: papers.Ready, rehearsal: Awaitable[Rehearsed]
) -> ChannelPreview:
    try:
        told = await rehearsal
    except HireloomError as error:
        return ChannelPreview(channel=channel, available=False, reason=error.msg)
    text = ready.paper.text.plain if WAYS[channel].takes_text else None
    return ChannelPreview(
        channel=channel,
        available=True,
        text=text,
        requests=told.requests,
        complete=told.complete,
        fields_dropped=[] if text is None else ready.left_out,
    )

"""A score pushed into an account: once, to the best place that takes it, with a true receipt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec
import structlog

from hireloom import kit
from hireloom.accounts import Account
from hireloom.errors import ConflictError, CutOffError, HireloomError, ResourceNotFoundError
from hireloom.kit import Integration, OpenOrder, Paper, Place
from hireloom.models import (
    AttemptOutcome,
    ChannelAttempt,
    Dropped,
    ScoreChange,
    ScoreChannel,
    ScoreDraft,
    ScoreReceipt,
    WrittenScore,
)
from hireloom.scores import attachments, notes, once, papers, target, validate
from hireloom.scores.answering import answering
from hireloom.scores.channels import BEST_FIRST, WAYS, Walked, completed, is_for_good, taken, walk
from hireloom.store import score_layouts, score_places
from hireloom.store.patience import insist
from hireloom.store.pool import LOST_CONNECTION
from hireloom.store.score_places import Hold, Kept

log = structlog.get_logger()

SETTLE_SECONDS = 5.0
NOTES = (ScoreChannel.APPLICATION_NOTE, ScoreChannel.CANDIDATE_NOTE)


async def push(pool: asyncpg.Pool, account: Account, score: ScoreDraft) -> ScoreReceipt:
    """Write a score, or correct the one that has its `externalId`.

    Raises RequestInvalidError, ResourceNotFoundError, ConflictError, NoPlaceError, and what a
    vendor's failure means where it may pass or leaves the outcome open.
    """
    validate.check(score, datetime.now(UTC))
    hold = await once.hold(pool, account.data_key, account.id, score)
    try:
        content = once.content_of(account.data_key, score)
        if hold.kept is not None and hold.kept.content == content and not hold.was_cut_off:
            return await _again(pool, account, hold)
        receipt = await _write(pool, account, score, hold)
    except CutOffError:
        await _unwritten(pool, account, hold, open_=False)
        raise
    except HireloomError as error:
        await _unwritten(pool, account, hold, open_=error.may_have_arrived or hold.was_cut_off)
        raise
    except BaseException:
        await _unwritten(pool, account, hold, open_=True)
        raise
    kept = Kept(
        content=content,
        receipt=msgspec.json.encode(receipt),
        prints=papers.prints_of(account.data_key, score),
    )
    await _keep(pool, account, hold, kept)
    return receipt


async def _again(pool: asyncpg.Pool, account: Account, hold: Hold) -> ScoreReceipt:
    """The same was written before: say where it is."""
    async with pool.acquire() as conn:
        await score_places.let_go(conn, account.id, hold)
    before = msgspec.json.decode(hold.kept.receipt if hold.kept else b"", type=ScoreReceipt)
    return msgspec.structs.replace(before, change=ScoreChange.UNCHANGED)


async def _write(
    pool: asyncpg.Pool, account: Account, score: ScoreDraft, hold: Hold
) -> ScoreReceipt:
    async with pool.acquire() as conn:
        layout = await score_layouts.fitting(conn, account.id, score.assessment.type)
    async with answering(pool, account, score) as order:
        score = order.named(score) if order is not None else score
        whom = await target.find(account.integration, score)
        ready = papers.make(account.integration, score, whom, layout)
        pushing = Pushing(account.integration, score, ready, None if order is None else order.open)
        prints = papers.prints_of(account.data_key, score)
        before = None
        if hold.kept is not None:
            before = msgspec.json.decode(hold.kept.receipt, type=ScoreReceipt)
            same_person(before, ready.paper)
        if hold.was_cut_off:
            return attachments.unknown(score, await pushing.adopted(hold.since, before))
        if before is None or hold.kept is None:
            receipt = await pushing.first()
            there: set[int] = set()
        else:
            changed = papers.changed_fields(hold.kept.prints, prints)
            receipt = await pushing.correction(before, changed)
            same = papers.MOVED not in changed
            there = attachments.already_there(before, score) if same else set()
        receipt = await attachments.add(account.integration, score, receipt, there)
        if order is not None:
            await order.settle(score, receipt)
        return receipt


@dataclass(frozen=True)
class Pushing:
    """One score on its way."""

    integration: Integration
    score: ScoreDraft
    ready: papers.Ready
    order: OpenOrder | None

    @property
    def paper(self) -> Paper:
        return self.ready.paper

    @property
    def channels(self) -> Sequence[ScoreChannel]:
        return BEST_FIRST if self.score.channels is None else self.score.channels

    @property
    def asked(self) -> bool:
        return self.score.channels is not None

    async def first(self) -> ScoreReceipt:
        walked = await walk(
            self.integration, self.paper, self.channels, self.order, asked=self.asked
        )
        return self._receipt(walked, ScoreChange.CREATED)

    async def correction(self, before: ScoreReceipt, changed: list[str]) -> ScoreReceipt:
        """In the same place where that can be, else beside it; anew where the place is gone."""
        place = papers.place_of(before)
        if place is None or place.channel not in self.channels:
            return await self.first()
        if not self._alters(place.channel):
            return await self._beside(place, changed, "it cannot be changed by API")
        paper = replace(self.paper, previous=place, by_name=True)
        try:
            written = await WAYS[place.channel].write(self.integration, paper, self.order)
        except ResourceNotFoundError:
            gone = _attempt(place, AttemptOutcome.NOT_AVAILABLE, "what was written before is gone")
            receipt = await self.first()
            return msgspec.structs.replace(receipt, attempts=[gone, *receipt.attempts])
        except HireloomError as error:
            if not is_for_good(error):
                raise
            return await self._beside(place, changed, error.msg)
        done = completed(self.paper, written, self.integration.title)
        attempts = [taken(place.channel, done)]
        return self._receipt(Walked(place.channel, done, attempts), ScoreChange.UPDATED)

    async def adopted(self, since: datetime, before: ScoreReceipt | None) -> ScoreReceipt:
        """What a push that was cut off left as a note. Raises CutOffError where nobody knows."""
        known = None if before is None else before.remote_id
        note = await notes.find_same(self.integration, self.paper, since, known)
        if note is None:
            raise CutOffError("An earlier push of this score was cut off and may have arrived")
        is_tied = self.paper.application_id is not None and (
            self.integration.able_to(kit.CreatesApplicationNotes) is not None
        )
        channel = NOTES[0] if is_tied else NOTES[1]
        found = list(self.paper.found_in(self.paper.text.plain))
        written = WrittenScore(remote_id=note.id, fields_written=found)
        found_there = ChannelAttempt(
            channel=channel,
            outcome=AttemptOutcome.WRITTEN,
            reason="by an earlier push that was cut off",
        )
        done = completed(self.paper, written, self.integration.title)
        return self._receipt(Walked(channel, done, [found_there]), ScoreChange.CREATED)

    def _alters(self, channel: ScoreChannel) -> bool:
        if channel is ScoreChannel.SCORECARD:
            return self.integration.able_to(kit.UpdatesScorecards) is not None
        if channel in NOTES:
            return self.integration.able_to(kit.UpdatesNotes) is not None
        return True

    async def _beside(self, place: Place, changed: list[str], reason: str) -> ScoreReceipt:
        paper = papers.corrected(self.paper, [one for one in changed if one != papers.MOVED])
        walked = await walk(self.integration, paper, NOTES, None, asked=True)
        walked.attempts.insert(0, _attempt(place, AttemptOutcome.NOT_AVAILABLE, reason))
        return self._receipt(walked, ScoreChange.CORRECTED)

    def _receipt(self, walked: Walked, change: ScoreChange) -> ScoreReceipt:
        written, dropped = walked.written, self._dropped(walked)
        gone = {one.field for one in dropped}
        return ScoreReceipt(
            channel=walked.channel,
            remote_id=written.remote_id,
            url=written.url,
            change=change,
            application_id=self.paper.application_id,
            candidate_id=self.paper.candidate_id,
            fields_written=written.fields_written,
            fields_dropped=dropped,
            fields_pending=[one for one in written.fields_pending if one not in gone],
            attempts=walked.attempts,
        )

    def _dropped(self, walked: Walked) -> list[Dropped]:
        """Of a note also what its text was made without, which no look at the note can tell."""
        dropped = walked.written.fields_dropped
        if walked.channel not in NOTES:
            return dropped
        left_out = {one.field: one for one in self.ready.left_out}
        told = [left_out.pop(one.field, one) for one in dropped]
        return [*told, *left_out.values()]


def same_person(before: ScoreReceipt, paper: Paper) -> None:
    """Raises ConflictError for an `externalId` that was used for somebody else's score."""
    ids = (
        ("application", before.application_id, paper.application_id),
        ("candidate", before.candidate_id, paper.candidate_id),
    )
    for what, written, named in ids:
        if written and named and written != named:
            raise ConflictError(
                f"This externalId belongs to a score of another {what}, {written}",
                hint="Give each result an externalId of its own.",
            )


def _attempt(place: Place, outcome: AttemptOutcome, reason: str | None) -> ChannelAttempt:
    return ChannelAttempt(channel=place.channel, outcome=outcome, reason=reason)


async def _unwritten(pool: asyncpg.Pool, account: Account, hold: Hold, *, open_: bool) -> None:
    async def settle() -> None:
        async with pool.acquire() as conn:
            if open_:
                await score_places.cut_off(conn, account.id, hold)
            else:
                await score_places.let_go(conn, account.id, hold)

    await _insist(settle)


async def _keep(pool: asyncpg.Pool, account: Account, hold: Hold, kept: Kept) -> None:
    async def settle() -> None:
        async with pool.acquire() as conn:
            await score_places.keep(conn, account.data_key, account.id, hold, kept)

    await _insist(settle)


async def _insist(settle: Any) -> None:
    try:
        await insist(settle, seconds=SETTLE_SECONDS)
    except LOST_CONNECTION as error:
        # Whoever sends it again hears that it was cut off.
        log.warning("Where a score went is not remembered", error=type(error).__name__)

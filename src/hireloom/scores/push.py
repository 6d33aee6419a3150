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
    Note,
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
NATIVE = ScoreChannel.NATIVE_ASSESSMENT
NOTES = (ScoreChannel.APPLICATION_NOTE, ScoreChannel.CANDIDATE_NOTE)
OF_ANOTHER = (
    "This externalId names the result of somebody else: of another application or candidate"
)
ONE_EACH = "Give each result an externalId of its own."


async def push(pool: asyncpg.Pool, account: Account, score: ScoreDraft) -> ScoreReceipt:
    """Write a score, or correct the one that has its `externalId`.

    Raises RequestInvalidError, ResourceNotFoundError, ConflictError, NoPlaceError, and what a
    vendor's failure means where it may pass or leaves the outcome open.
    """
    validate.check(score, datetime.now(UTC))
    hold = await once.hold(pool, account.data_key, account.id, score)
    try:
        content = once.content_of(account.data_key, score)
        if hold.kept is not None and hold.kept.content == content and is_settled(score, hold):
            return await _again(pool, account, hold)
        receipt = await _write(pool, account, score, hold)
    except CutOffError:  # now its caller knows, and looks
        await _unwritten(pool, account, hold, open_=False)
        raise
    except HireloomError as error:
        is_open = hold.was_cut_off or _leaves_open(account, hold, error)
        await _unwritten(pool, account, hold, open_=is_open)
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


def is_settled(score: ScoreDraft, hold: Hold) -> bool:
    """False where the score may not be there, or not as the answer of its order."""
    if hold.was_cut_off or hold.kept is None:
        return False
    before = msgspec.json.decode(hold.kept.receipt, type=ScoreReceipt)
    return score.order_id is None or before.channel is NATIVE


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
        paper = papers.make(account.integration, score, whom, layout)
        opened = order.open if order else None
        pushing = Pushing(account.integration, score, paper, opened, hold)
        prints = papers.prints_of(account.data_key, score)
        there: set[int] = set()
        if hold.kept is None:
            receipt = await pushing.first()
        else:
            changed = papers.changed_fields(hold.kept.prints, prints)
            before = msgspec.json.decode(hold.kept.receipt, type=ScoreReceipt)
            refuse_another(before, paper)
            receipt = await pushing.correction(before, changed)
            if papers.MOVED not in changed:
                there = attachments.already_there(before, score)
        if hold.was_cut_off:
            receipt = attachments.unknown(score, receipt)
        else:
            receipt = await attachments.add(account.integration, score, receipt, there)
        if order is not None:
            await order.settle(score, receipt)
        return receipt


def refuse_another(before: ScoreReceipt, paper: Paper) -> None:
    """Raises ConflictError where a correction is for somebody else than what it corrects."""
    if before.application_id and paper.application_id:
        is_another = before.application_id != paper.application_id
    else:  # a candidate who was merged has another id, but the same application
        ids = {before.candidate_id, paper.candidate_id} - {None}
        is_another = len(ids) > 1
    if is_another:
        raise ConflictError(OF_ANOTHER, hint=ONE_EACH)


@dataclass(frozen=True)
class Pushing:
    """One score on its way."""

    integration: Integration
    score: ScoreDraft
    paper: Paper
    order: OpenOrder | None
    hold: Hold | None = None  # none where it is only rehearsed

    @property
    def channels(self) -> Sequence[ScoreChannel]:
        return BEST_FIRST if self.score.channels is None else self.score.channels

    @property
    def is_open(self) -> bool:
        """An earlier push of it was cut off, and may have arrived."""
        return self.hold is not None and self.hold.was_cut_off

    @property
    def asked(self) -> bool:
        return self.score.channels is not None

    async def first(self) -> ScoreReceipt:
        if self.is_open:
            return await self._after_a_break()
        walked = await walk(
            self.integration, self.paper, self.channels, self.order, asked=self.asked
        )
        return self._receipt(walked, ScoreChange.CREATED)

    async def correction(self, before: ScoreReceipt, changed: list[str]) -> ScoreReceipt:
        """In the same place where that can be, else beside it; anew where the place is gone."""
        place = papers.place_of(before)
        if place is None or not self._stays(place, before):
            return await self.first()
        if place.channel is not NATIVE and (answer := await self._answer()) is not None:
            return answer
        if not alters(self.integration, place.channel):
            return await self._beside(before, place, changed, "it cannot be changed by API")
        paper = replace(self.paper, previous=place, by_name=True)
        try:
            written = await WAYS[place.channel].write(self.integration, paper, self.order)
        except ResourceNotFoundError:
            gone = _attempt(place, AttemptOutcome.NOT_AVAILABLE, "what was written before is gone")
            receipt = await replace(self, hold=None).first()
            return msgspec.structs.replace(receipt, attempts=[gone, *receipt.attempts])
        except HireloomError as error:
            if not is_for_good(error):
                raise
            return await self._beside(before, place, changed, error.msg)
        done = completed(self.paper, written, self.integration.title)
        walked = Walked(place.channel, done, [taken(place.channel, done)])
        return self._receipt(walked, ScoreChange.UPDATED)

    async def _after_a_break(self) -> ScoreReceipt:
        """A note that is there is found, and an order can be answered twice; else nobody knows."""
        try:
            return await self._adopted(self.paper, ScoreChange.CREATED)
        except CutOffError:
            answer = await self._answer()
            if answer is None:
                raise
            return answer

    async def _answer(self) -> ScoreReceipt | None:
        """The order's own answer; None where there is none, or the ATS does not take it."""
        if self.order is None or NATIVE not in self.channels:
            return None
        try:
            walked = await walk(
                self.integration, self.paper, [NATIVE], self.order, asked=self.asked
            )
        except HireloomError as error:
            if not is_for_good(error):
                raise
            return None
        return self._receipt(walked, ScoreChange.CREATED)

    def _stays(self, place: Place, before: ScoreReceipt) -> bool:
        """A note that corrected a place which the caller asked for is no other channel."""
        return place.channel in self.channels or before.change is ScoreChange.CORRECTED

    async def _adopted(self, paper: Paper, change: ScoreChange) -> ScoreReceipt:
        """What a push that was cut off left as a note. Raises CutOffError where nobody knows."""
        note = await self._left_note(paper)
        if note is None:
            raise CutOffError("An earlier push of this score was cut off and may have arrived")
        is_tied = self.integration.able_to(kit.CreatesApplicationNotes) is not None
        channel = NOTES[0] if is_tied and paper.application_id is not None else NOTES[1]
        found = list(paper.found_in(paper.text.plain))
        written = WrittenScore(remote_id=note.id, fields_written=found)
        found_there = ChannelAttempt(
            channel=channel,
            outcome=AttemptOutcome.WRITTEN,
            reason="by an earlier push that was cut off",
        )
        done = completed(paper, written, self.integration.title)
        return self._receipt(Walked(channel, done, [found_there]), change)

    async def _left_note(self, paper: Paper) -> Note | None:
        if self.hold is None:
            return None
        known = None
        if self.hold.kept is not None:
            before = msgspec.json.decode(self.hold.kept.receipt, type=ScoreReceipt)
            known = before.remote_id
        return await notes.find_same(self.integration, paper, self.hold.since, known)

    async def _beside(
        self, before: ScoreReceipt, place: Place, changed: list[str], reason: str
    ) -> ScoreReceipt:
        told = [one for one in changed if one != papers.MOVED]
        if not told and not self.is_open:
            return papers.as_before(before, moved=papers.MOVED in changed)
        paper = papers.corrected(self.paper, told)
        attempt = _attempt(place, AttemptOutcome.NOT_AVAILABLE, reason)
        if self.is_open:
            receipt = await self._adopted(paper, ScoreChange.CORRECTED)
            return msgspec.structs.replace(receipt, attempts=[attempt, *receipt.attempts])
        walked = await walk(self.integration, paper, NOTES, None, asked=True)
        walked.attempts.insert(0, attempt)
        return self._receipt(walked, ScoreChange.CORRECTED)

    def _receipt(self, walked: Walked, change: ScoreChange) -> ScoreReceipt:
        written = walked.written
        return ScoreReceipt(
            channel=walked.channel,
            remote_id=written.remote_id,
            url=written.url,
            change=change,
            application_id=self.paper.application_id,
            candidate_id=self.paper.candidate_id,
            fields_written=written.fields_written,
            fields_dropped=written.fields_dropped,
            fields_pending=written.fields_pending,
            attempts=walked.attempts,
        )


def alters(integration: Integration, channel: ScoreChannel) -> bool:
    """Whether what this channel wrote can be changed in its place."""
    if channel is ScoreChannel.SCORECARD:
        return integration.able_to(kit.UpdatesScorecards) is not None
    if channel in NOTES:
        return integration.able_to(kit.UpdatesNotes) is not None
    return True


def _leaves_open(account: Account, hold: Hold, error: HireloomError) -> bool:
    """A change in its place is tried more than once, so that it may be made though each failed."""
    if error.may_have_arrived or hold.kept is None:
        return error.may_have_arrived
    before = msgspec.json.decode(hold.kept.receipt, type=ScoreReceipt)
    return error.retryable and alters(account.integration, ScoreChannel(before.channel))


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

"""The channels of an account, tried best first: which one took the score, and why others did not.

A channel that fails for good lets the next one have its turn, and the attempt is told; a failure
that may pass, or that leaves it open whether the score arrived, ends the push.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from hireloom import kit
from hireloom.errors import (
    ConflictError,
    CredentialsInvalidError,
    HireloomError,
    NoPlaceError,
    NotSupportedError,
    PermissionMissingError,
    RejectedError,
    ResourceNotFoundError,
    TooLargeError,
)
from hireloom.kit import Integration, OpenOrder, Paper
from hireloom.models import AttemptOutcome, ChannelAttempt, Dropped, ScoreChannel, WrittenScore
from hireloom.scores import notes

FOR_GOOD = (
    ConflictError,
    NotSupportedError,
    PermissionMissingError,
    RejectedError,
    ResourceNotFoundError,
    TooLargeError,
)
# They hold a part of a score only, so nobody gets one there who has not asked for it.
PARTIAL = frozenset({ScoreChannel.CUSTOM_FIELD, ScoreChannel.RESULT_LINK})
NOT_ASKED = (
    "holds only a part of a score; name it in `channels`, or lay it down with score.layout.put"
)
TO_BE_FETCHED = "the ATS was told, and fetches the result itself"
UNREAD = "the ATS took it, and did not let it be read back"
LONGEST_REASON = 300

Write = Callable[[Integration, Paper, OpenOrder | None], Awaitable[WrittenScore]]


@dataclass(frozen=True)
class Way:
    """A channel: what a connector needs to have for it, and how it is written."""

    needs: type
    write: Write
    takes_text: bool = False


@dataclass
class Walked:
    """The channel that took the score, with all that was tried."""

    channel: ScoreChannel
    written: WrittenScore
    attempts: list[ChannelAttempt]


async def walk(
    integration: Integration,
    paper: Paper,
    channels: Sequence[ScoreChannel],
    order: OpenOrder | None,
    *,
    asked: bool,
) -> Walked:
    """Try the channels in their order. Raises what ended the push.

    `asked`: the caller named these channels.
    """
    attempts: list[ChannelAttempt] = []
    refusals: list[HireloomError] = []
    for channel in channels:
        way = WAYS[channel]
        reason = closed(integration, paper, channel, asked=asked)
        if reason is not None:
            attempts.append(_not_available(channel, reason))
            continue
        try:
            found = await way.write(integration, replace(paper, by_name=asked), order)
        except NoPlaceError as error:
            attempts.append(_not_available(channel, error.msg))
        except HireloomError as error:
            if not is_for_good(error):
                raise
            refusals.append(error)
            attempts.append(_refused(channel, error))
        else:
            attempts.append(taken(channel, found))
            return Walked(channel, completed(paper, found, integration.title), attempts)
    raise nothing_written(integration.title, attempts, refusals)


def is_for_good(error: HireloomError) -> bool:
    """Whether the same place would refuse it again, and the next one may still take it.

    Some vendors say 403 both to a key that is not theirs and to a key without a permission.
    """
    if error.may_have_arrived:
        return False
    if isinstance(error, CredentialsInvalidError):
        return error.upstream is not None and error.upstream.status == 403
    return isinstance(error, FOR_GOOD)


def closed(
    integration: Integration, paper: Paper, channel: ScoreChannel, *, asked: bool
) -> str | None:
    """Why a channel need not be tried; None where it is open."""
    way = WAYS[channel]
    if integration.able_to(way.needs) is None:
        return f"{integration.title} has no such place by API"
    if (
        channel in PARTIAL
        and not asked
        and not (channel is ScoreChannel.CUSTOM_FIELD and paper.custom_fields)
    ):
        return NOT_ASKED
    if paper.application_id is None and channel in OF_APPLICATIONS:
        return "the score names no application"
    if paper.candidate_id is None and channel is ScoreChannel.CANDIDATE_NOTE:
        return "the candidate is not known"
    return None


def completed(paper: Paper, found: WrittenScore, title: str) -> WrittenScore:
    """With every field that the connector named nowhere among the dropped ones."""
    named = {*found.fields_written, *found.fields_pending}
    named |= {one.field for one in found.fields_dropped}
    left = [name for name in paper.given if name not in named]
    if not left:
        return found
    more = [Dropped(field=name, reason=f"{title} has no place for it here") for name in left]
    return WrittenScore(
        remote_id=found.remote_id,
        url=found.url,
        fields_written=found.fields_written,
        fields_pending=found.fields_pending,
        fields_dropped=[*found.fields_dropped, *more],
    )


def nothing_written(
    title: str, attempts: Sequence[ChannelAttempt], refusals: Sequence[HireloomError]
) -> HireloomError:
    """The error where no channel took it: of the first refusal's kind, with every attempt."""
    told = "; ".join(f"{one.channel}: {one.reason}" for one in attempts)
    msg = f"No place of this {title} account took the score. {told}"
    if not refusals:
        return NoPlaceError(msg)
    first = refusals[0]
    return type(first)(msg, hint=first.hint, upstream=first.upstream, detail=first.detail)


def taken(channel: ScoreChannel, found: WrittenScore) -> ChannelAttempt:
    if not found.fields_pending:
        return ChannelAttempt(channel=channel, outcome=AttemptOutcome.WRITTEN)
    if channel is ScoreChannel.NATIVE_ASSESSMENT:
        outcome = AttemptOutcome.WAITING
        return ChannelAttempt(channel=channel, outcome=outcome, reason=TO_BE_FETCHED)
    return ChannelAttempt(channel=channel, outcome=AttemptOutcome.WRITTEN, reason=UNREAD)


def _not_available(channel: ScoreChannel, reason: str) -> ChannelAttempt:
    outcome = AttemptOutcome.NOT_AVAILABLE
    return ChannelAttempt(channel=channel, outcome=outcome, reason=reason[:LONGEST_REASON])


def _refused(channel: ScoreChannel, error: HireloomError) -> ChannelAttempt:
    said = error.upstream.body if error.upstream is not None else None
    reason = f"{error.msg}: {said}" if said else error.msg
    return ChannelAttempt(
        channel=channel, outcome=AttemptOutcome.REFUSED, reason=reason[:LONGEST_REASON]
    )


async def _native(integration: Integration, paper: Paper, order: OpenOrder | None) -> WrittenScore:
    able = integration.must(kit.CreatesAssessmentResults)
    return await able.create_assessment_result(paper, order)


async def _scorecard(integration: Integration, paper: Paper, _: OpenOrder | None) -> WrittenScore:
    before = paper.replaces(ScoreChannel.SCORECARD)
    if before is not None:
        updating = integration.must(kit.UpdatesScorecards)
        return await updating.update_scorecard(before.remote_id, paper)
    return await integration.must(kit.CreatesScorecards).create_scorecard(paper)


async def _fields(integration: Integration, paper: Paper, _: OpenOrder | None) -> WrittenScore:
    return await integration.must(kit.UpdatesScoreFields).update_score_fields(paper)


async def _link(integration: Integration, paper: Paper, _: OpenOrder | None) -> WrittenScore:
    return await integration.must(kit.AddsResultLinks).add_result_link(paper)


WAYS: Mapping[ScoreChannel, Way] = {
    ScoreChannel.NATIVE_ASSESSMENT: Way(kit.CreatesAssessmentResults, _native),
    ScoreChannel.SCORECARD: Way(kit.CreatesScorecards, _scorecard),
    ScoreChannel.CUSTOM_FIELD: Way(kit.UpdatesScoreFields, _fields),
    ScoreChannel.RESULT_LINK: Way(kit.AddsResultLinks, _link),
    ScoreChannel.APPLICATION_NOTE: Way(
        kit.CreatesApplicationNotes, notes.on_application, takes_text=True
    ),
    ScoreChannel.CANDIDATE_NOTE: Way(
        kit.CreatesCandidateNotes, notes.on_candidate, takes_text=True
    ),
}
BEST_FIRST = tuple(ScoreChannel)
OF_APPLICATIONS = frozenset({ScoreChannel.SCORECARD, ScoreChannel.APPLICATION_NOTE})

"""Scores of assessments: what is pushed, where it can go, and the receipt of where it went."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Self

from msgspec import Meta

from hireloom.models.base import Id, Instant, Model, Request, Word
from hireloom.models.drafts import Dropped, FileDraft, Text

Amount = int | float
AHEAD = timedelta(minutes=5)  # that a caller's clock may be ahead of ours


class ScoreChannel(Word):
    """Where a score can go, the best place first."""

    NATIVE_ASSESSMENT = "NATIVE_ASSESSMENT"
    SCORECARD = "SCORECARD"
    CUSTOM_FIELD = "CUSTOM_FIELD"
    RESULT_LINK = "RESULT_LINK"
    APPLICATION_NOTE = "APPLICATION_NOTE"
    CANDIDATE_NOTE = "CANDIDATE_NOTE"


class AssessmentStatus(Word):
    """How far the test is; only a completed one needs a score or a result."""

    STARTED = "STARTED"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        """Other spellings of the same, as vendors have them: `Complete`, `in progress`."""
        word = str(value).strip().upper().replace(" ", "_").replace("-", "_")
        word = {"COMPLETE": "COMPLETED", "CANCELED": "CANCELLED"}.get(word, word)
        return next((one for one in cls if one.value == word), None)


class Verdict(Word):
    PASS = "PASS"  # noqa: S105 – no password
    FAIL = "FAIL"
    REVIEW = "REVIEW"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class AssessmentNamed(Request, frozen=True, kw_only=True):
    """The test: `type` is the user's own word, by which layouts are chosen."""

    name: Text
    type: str = ""
    id: str | None = None
    provider: str | None = None


class Points(Request, frozen=True, kw_only=True):
    """`value` on the scale from `min` to `max`; `percentile` from 0 to 100."""

    value: Amount
    max: Amount
    min: Amount = 0
    label: str | None = None
    percentile: Annotated[float, Meta(ge=0, le=100)] | None = None


class BreakdownPart(Request, frozen=True, kw_only=True):
    label: Text
    value: Amount
    max: Amount
    min: Amount = 0
    note: str | None = None


class Evaluator(Request, frozen=True, kw_only=True):
    """Who judged; a user of the ATS by `id` or `email` becomes the author where there is one."""

    name: str | None = None
    email: str | None = None
    id: str | None = None


class ScoreAttribute(Request, frozen=True, kw_only=True):
    label: Text
    value: str | int | float | bool


class ScoreDraft(Request, frozen=True, kw_only=True):
    """A result for a candidate's application, or for the candidate alone.

    `externalId` is the caller's own id of this result: the same one later corrects it. `channels`
    narrows or reorders the places that are tried. `language` (en, de, fr …) and `timeZone` (IANA)
    are those of whoever reads a note.
    """

    assessment: AssessmentNamed
    candidate_id: Id | None = None
    application_id: Id | None = None
    status: AssessmentStatus = AssessmentStatus.COMPLETED
    completed_at: Instant | None = None
    score: Points | None = None
    breakdown: Annotated[tuple[BreakdownPart, ...], Meta(max_length=200)] = ()
    result: Verdict = Verdict.NOT_SPECIFIED
    report_url: Annotated[str, Meta(max_length=2000)] | None = None
    evaluator: str | Evaluator | None = None
    notes: Annotated[str, Meta(max_length=200_000)] | None = None
    attributes: Annotated[tuple[ScoreAttribute, ...], Meta(max_length=200)] = ()
    attachments: Annotated[tuple[FileDraft, ...], Meta(max_length=20)] = ()
    order_id: Id | None = None
    external_id: Id | None = None
    channels: tuple[ScoreChannel, ...] | None = None
    language: str | None = None
    time_zone: str | None = None


class ManyScores(Request, frozen=True, kw_only=True):
    """Up to 500 results, each as for `ats.application.score.create`."""

    scores: Annotated[tuple[Any, ...], Meta(min_length=1, max_length=500)]


class AttemptOutcome(Word):
    WRITTEN = "WRITTEN"
    WAITING = "WAITING"  # handed over; the ATS has not fetched it yet
    REFUSED = "REFUSED"  # by the ATS, for good
    NOT_AVAILABLE = "NOT_AVAILABLE"  # this ATS or this account has no such place


class ChannelAttempt(Model, frozen=True, kw_only=True):
    """What became of one channel, in words for a support person."""

    channel: ScoreChannel
    outcome: AttemptOutcome
    reason: str | None = None


class ScoreChange(Word):
    CREATED = "CREATED"
    UPDATED = "UPDATED"  # the same place has the new content
    CORRECTED = "CORRECTED"  # a correction was added, which says what changed
    UNCHANGED = "UNCHANGED"  # the same was there already; nothing was sent


class ScoreReceipt(Model, frozen=True, kw_only=True):
    """Where a score went. `fieldsWritten` holds only what the ATS showed to have.

    `fieldsPending` were handed over and wait to be fetched by the ATS.
    """

    channel: ScoreChannel
    remote_id: str | None
    url: str | None = None
    change: ScoreChange = ScoreChange.CREATED
    application_id: str | None = None
    candidate_id: str | None = None
    fields_written: list[str] = []
    fields_dropped: list[Dropped] = []
    fields_pending: list[str] = []
    attempts: list[ChannelAttempt] = []


class CreatedScore(Model, frozen=True, kw_only=True):
    receipt: ScoreReceipt


class ManyScoresEntry(Model, frozen=True, kw_only=True):
    """Of one of many: a receipt or an error, at the same index as it was sent."""

    index: int
    external_id: str | None = None
    receipt: ScoreReceipt | None = None
    error: dict[str, Any] | None = None


class CreatedScores(Model, frozen=True, kw_only=True):
    results: list[ManyScoresEntry]
    written: int
    failed: int


class WrittenScore(Model, frozen=True, kw_only=True):
    """What a connector's channel did. Fields are named as in `fieldsWritten`."""

    remote_id: str | None
    url: str | None = None
    fields_written: list[str] = []
    fields_dropped: list[Dropped] = []
    fields_pending: list[str] = []


class ChannelPreview(Model, frozen=True, kw_only=True):
    """What a channel would get: the requests, and the text where it takes one."""

    channel: ScoreChannel
    available: bool
    reason: str | None = None
    text: str | None = None
    requests: list[dict[str, Any]] = []
    complete: bool = True  # false: the rest hangs on real answers
    fields_dropped: list[Dropped] = []


class ScorePreview(Model, frozen=True, kw_only=True):
    """The channels in the order in which they would be tried; nothing was sent."""

    html: str
    plain: str
    channels: list[ChannelPreview]


class ScoreLayoutDraft(Request, frozen=True, kw_only=True):
    """How scores of one type of assessment are shown; an empty type is for all others.

    `template` is HTML with Jinja2. `scorecardFormId` is the form (Lever: feedback template, Ashby:
    feedback form, Greenhouse: interview kit) and `customFields` says which custom field holds what
    of the score: `assessment`, `score`, `score.label`, `score.percentile`, `result`,
    `completedAt`, `reportUrl`, `evaluator`, `notes`, `attributes` or `summary`. Both hold for one
    account, so they take the header X-Integration-Id.
    """

    assessment_type: str = ""
    template: Annotated[str, Meta(min_length=1, max_length=50_000)] | None = None
    scorecard_form_id: str | None = None
    custom_fields: dict[str, str] = {}


class ScoreLayout(Model, frozen=True, kw_only=True):
    """`integrationId` is null for a layout of all accounts."""

    integration_id: str | None
    assessment_type: str
    template: str | None = None
    scorecard_form_id: str | None = None
    custom_fields: dict[str, str] = {}
    updated_at: Instant


class ScoreLayoutAnswer(Model, frozen=True, kw_only=True):
    layout: ScoreLayout


class ScoreLayoutList(Model, frozen=True, kw_only=True):
    layouts: list[ScoreLayout]


class ScoreLayoutChoice(Request, frozen=True, kw_only=True):
    assessment_type: str = ""


class ScoreLayoutDeleted(Model, frozen=True, kw_only=True):
    assessment_type: str
    deleted: bool


def is_future(moment: datetime, now: datetime | None = None) -> bool:
    return moment > (now or datetime.now(UTC)) + AHEAD

"""What hangs on a candidate or an application: attachments, notes, scorecards, EEOC answers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal

from hireloom.models.base import UNSET, Instant, Maybe, Model, Word
from hireloom.models.people import User


class AttachmentType(Word):
    RESUME = "RESUME"
    COVER_LETTER = "COVER_LETTER"
    OFFER_LETTER = "OFFER_LETTER"
    ASSESSMENT_REPORT = "ASSESSMENT_REPORT"
    TAKE_HOME_TEST = "TAKE_HOME_TEST"
    PHOTO = "PHOTO"
    OTHER = "OTHER"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class Attachment(Model, frozen=True, kw_only=True):
    """A file; `link` may need no key but expires, `ats.attachment.download` always works."""

    id: str
    application_id: Maybe[str] = UNSET
    candidate_id: Maybe[str] = UNSET
    type: AttachmentType = AttachmentType.NOT_SPECIFIED
    type_source: Maybe[str] = UNSET
    name: Maybe[str] = UNSET
    content_type: Maybe[str] = UNSET
    link: Maybe[str] = UNSET
    link_expires_at: Maybe[Instant] = UNSET
    created_at: Maybe[Instant] = UNSET


@dataclass(frozen=True)
class Download:
    """A file on its way through: never held whole in memory, never kept."""

    chunks: AsyncIterator[bytes]
    name: str | None
    content_type: str
    size: int | None
    status: int = 200  # the vendor's, of a passthrough call


class NoteType(Word):
    NOTE = "NOTE"
    EMAIL = "EMAIL"
    CALL = "CALL"
    TASK = "TASK"
    OTHER = "OTHER"


class TextFormat(Word):
    HTML = "HTML"
    PLAIN = "PLAIN"


class Visibility(Word):
    PUBLIC = "PUBLIC"
    PRIVATE = "PRIVATE"


class Note(Model, frozen=True, kw_only=True):
    id: str
    candidate_id: Maybe[str] = UNSET
    application_id: Maybe[str] = UNSET
    type: NoteType = NoteType.NOTE
    type_source: Maybe[str] = UNSET
    subject: Maybe[str] = UNSET
    body: Maybe[str] = UNSET
    format: TextFormat = TextFormat.PLAIN
    visibility: Maybe[Visibility] = UNSET
    visibility_source: Maybe[str] = UNSET
    author: Maybe[User] = UNSET
    created_at: Maybe[Instant] = UNSET
    url: Maybe[str] = UNSET


class Recommendation(Word):
    STRONG_NO = "STRONG_NO"
    NO = "NO"
    NEUTRAL = "NEUTRAL"
    YES = "YES"
    STRONG_YES = "STRONG_YES"
    NO_DECISION = "NO_DECISION"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class ScoreValue(Model, frozen=True, kw_only=True):
    value: Decimal
    min: Decimal | None = None
    max: Decimal | None = None


class ScorecardField(Model, frozen=True, kw_only=True):
    label: str | None
    value: str | None = None
    score: ScoreValue | None = None
    note: str | None = None


class ScorecardSection(Model, frozen=True, kw_only=True):
    label: str | None
    fields: list[ScorecardField] = []


class Scorecard(Model, frozen=True, kw_only=True):
    id: str
    application_id: Maybe[str] = UNSET
    candidate_id: Maybe[str] = UNSET
    interview_id: Maybe[str] = UNSET
    author: Maybe[User] = UNSET
    recommendation: Recommendation = Recommendation.NOT_SPECIFIED
    recommendation_source: Maybe[str] = UNSET
    score: Maybe[ScoreValue] = UNSET
    sections: Maybe[list[ScorecardSection]] = UNSET
    comment: Maybe[str] = UNSET
    submitted_at: Maybe[Instant] = UNSET


class Gender(Word):
    MALE = "MALE"
    FEMALE = "FEMALE"
    NON_BINARY = "NON_BINARY"
    DECLINED = "DECLINED"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class Race(Word):
    """The seven groups of the EEO-1 report, and a declined answer."""

    HISPANIC_OR_LATINO = "HISPANIC_OR_LATINO"
    WHITE = "WHITE"
    BLACK_OR_AFRICAN_AMERICAN = "BLACK_OR_AFRICAN_AMERICAN"
    NATIVE_HAWAIIAN_OR_PACIFIC_ISLANDER = "NATIVE_HAWAIIAN_OR_PACIFIC_ISLANDER"
    ASIAN = "ASIAN"
    AMERICAN_INDIAN_OR_ALASKAN_NATIVE = "AMERICAN_INDIAN_OR_ALASKAN_NATIVE"
    TWO_OR_MORE_RACES = "TWO_OR_MORE_RACES"
    DECLINED = "DECLINED"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class YesNoDeclined(Word):
    YES = "YES"
    NO = "NO"
    DECLINED = "DECLINED"
    NOT_SPECIFIED = "NOT_SPECIFIED"


class Eeoc(Model, frozen=True, kw_only=True):
    """Equal-opportunity answers: under a permission of their own, never in syncs unless asked."""

    id: str
    application_id: Maybe[str] = UNSET
    candidate_id: Maybe[str] = UNSET
    gender: Gender = Gender.NOT_SPECIFIED
    gender_source: Maybe[str] = UNSET
    race: list[Race] = []
    race_source: Maybe[list[str]] = UNSET
    veteran_status: YesNoDeclined = YesNoDeclined.NOT_SPECIFIED
    veteran_status_source: Maybe[str] = UNSET
    disability_status: YesNoDeclined = YesNoDeclined.NOT_SPECIFIED
    disability_status_source: Maybe[str] = UNSET
    submitted_at: Maybe[Instant] = UNSET

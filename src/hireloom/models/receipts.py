"""What a write answers: what is there now, where it went, and what could not be written."""

from hireloom.models.base import Model, Word
from hireloom.models.drafts import Dropped
from hireloom.models.pipeline import Interview
from hireloom.models.records import Attachment, TextFormat


class Moved(Model, frozen=True, kw_only=True):
    """The application now stands there; the note's id where one was written."""

    application_id: str
    stage_id: str
    note_id: str | None = None
    fields_dropped: list[Dropped] = []


class Rejected(Model, frozen=True, kw_only=True):
    application_id: str
    note_id: str | None = None
    fields_dropped: list[Dropped] = []


class Placement(Word):
    APPLICATION = "APPLICATION"
    CANDIDATE = "CANDIDATE"


class NoteReceipt(Model, frozen=True, kw_only=True):
    """Where the note went and how this ATS shows it."""

    id: str
    placement: Placement
    format: TextFormat
    url: str | None = None
    fields_dropped: list[Dropped] = []


class CreatedNote(Model, frozen=True, kw_only=True):
    note: NoteReceipt


class Changed(Model, frozen=True, kw_only=True):
    candidate_id: str
    fields_dropped: list[Dropped] = []


class AddedAttachment(Model, frozen=True, kw_only=True):
    attachment: Attachment
    fields_dropped: list[Dropped] = []


class ScheduledInterview(Model, frozen=True, kw_only=True):
    interview: Interview
    fields_dropped: list[Dropped] = []


class Cancelled(Model, frozen=True, kw_only=True):
    interview_id: str
    fields_dropped: list[Dropped] = []

"""Greenhouse Harvest v3: notes, and what it then holds of them."""

from hireloom import kit
from hireloom.connectors.ats import _greenhouse_drafts as drafts
from hireloom.connectors.ats import _greenhouse_records as wire
from hireloom.models import NoteDraft, TextFormat, Visibility, WrittenNote


async def write(ats: kit.Connector, draft: NoteDraft, application_id: int | None) -> WrittenNote:
    """Plain text: HTML is shown as it is. A subject is for e-mails, so a title goes on top."""
    body = {
        "candidate_id": drafts.number(draft.candidate_id, "candidateId"),
        "application_id": application_id,
        "note_type": "NOTE",
        "body": kit.note_text(draft).plain,
        "visibility": "private" if draft.visibility is Visibility.PRIVATE else "public",
    }
    made = await ats.post("/notes", body, wire.GreenhouseWrittenNote)
    return WrittenNote(id=str(made.id), format=TextFormat.PLAIN, body=await held(ats, made))


async def held(ats: kit.Connector, made: wire.GreenhouseWrittenNote) -> str | None:
    """The note's text as Greenhouse has it, read again where its answer did not show it.

    The note is there whatever becomes of this question.
    """
    if made.body is not None or made.id < 0:  # below nought: a dry run's
        return made.body
    try:
        params = {"ids": made.id}
        found = await ats.get("/notes", list[wire.GreenhouseWrittenNote], params=params)
    except kit.HireloomError:
        return None
    return next((one.body for one in found if one.id == made.id), None)

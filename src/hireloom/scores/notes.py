"""A score as a note: written, and then read where the vendor shows it."""

from datetime import datetime

from hireloom import kit
from hireloom.errors import HireloomError
from hireloom.kit import Integration, OpenOrder, Paper
from hireloom.kit.html import looks_like_html
from hireloom.models import (
    ContentType,
    Note,
    NoteDraft,
    NoteQuery,
    ScoreChannel,
    TextFormat,
    WrittenNote,
    WrittenScore,
    given,
)
from hireloom.models.score import AHEAD

PAGES = 3  # of a list of notes that are looked through for one that was just written


async def on_application(
    integration: Integration, paper: Paper, _: OpenOrder | None
) -> WrittenScore:
    """On the application: a new one, or the one that is there, where the vendor changes notes."""
    draft = draft_of(paper, paper.application_id)
    before = paper.replaces(ScoreChannel.APPLICATION_NOTE)
    if before is not None:
        made = await integration.must(kit.UpdatesNotes).update_note(before.remote_id, draft)
    else:
        able = integration.must(kit.CreatesApplicationNotes)
        made = await able.create_application_note(paper.application_id or "", draft)
    return await confirmed(integration, paper, draft, made)


async def on_candidate(integration: Integration, paper: Paper, _: OpenOrder | None) -> WrittenScore:
    """On the candidate's own page, likewise."""
    draft = draft_of(paper, None)
    before = paper.replaces(ScoreChannel.CANDIDATE_NOTE)
    if before is not None:
        made = await integration.must(kit.UpdatesNotes).update_note(before.remote_id, draft)
    else:
        able = integration.must(kit.CreatesCandidateNotes)
        made = await able.create_candidate_note(paper.candidate_id or "", draft)
    return await confirmed(integration, paper, draft, made)


def draft_of(paper: Paper, application_id: str | None) -> NoteDraft:
    return NoteDraft(
        candidate_id=paper.candidate_id or "",
        application_id=application_id,
        content=paper.text.html,
        content_type=ContentType.HTML,
    )


async def confirmed(
    integration: Integration, paper: Paper, draft: NoteDraft, made: WrittenNote
) -> WrittenScore:
    """Only what the vendor shows of the note counts as written."""
    held = made.body
    if held is None and not integration.rehearses:
        held = await _read_back(integration, paper, draft.application_id, made.id)
    if held is None:
        return WrittenScore(
            remote_id=made.id,
            url=made.url,
            fields_pending=list(paper.given),
            fields_dropped=made.fields_dropped,
        )
    shown = kit.to_plain(held) if made.format is TextFormat.HTML else held
    found = paper.found_in(shown)
    left_out = [one.field for one in paper.left_out]
    return WrittenScore(
        remote_id=made.id,
        url=made.url,
        fields_written=found,
        fields_dropped=[
            *made.fields_dropped,
            *paper.left_out,
            *paper.dropped([*found, *left_out], "the note in the ATS does not show it"),
        ],
    )


async def find_same(
    integration: Integration, paper: Paper, since: datetime, known: str | None
) -> Note | None:
    """A note that says the same, left by a push that was cut off: one made since then, or changed.

    `known` is the id of the one that may have been changed. An older note is another score's.
    """
    texts = {kit.squeezed(paper.text.plain), kit.squeezed(kit.to_plain(paper.text.html))}
    for note in await _listed(integration, paper, paper.application_id):
        made = given(note.created_at)
        if made is not None and made < since - AHEAD and note.id != known:
            continue
        body = given(note.body) or ""
        plain = kit.to_plain(body) if looks_like_html(body) else body
        if kit.squeezed(plain) in texts:
            return note
    return None


async def _read_back(
    integration: Integration, paper: Paper, application_id: str | None, note_id: str
) -> str | None:
    for note in await _listed(integration, paper, application_id):
        if note.id == note_id:
            return given(note.body)
    return None


async def _listed(integration: Integration, paper: Paper, application_id: str | None) -> list[Note]:
    able = integration.able_to(kit.ListsNotes)
    if able is None:
        return []
    if application_id is not None:
        query = NoteQuery(application_id=(application_id,))
    else:
        query = NoteQuery(candidate_id=(paper.candidate_id or "",))
    found: list[Note] = []
    pages = 0
    try:
        async for page in able.list_notes(query):
            found.extend(page)
            pages += 1
            if pages == PAGES:
                break
    except HireloomError:  # reading is another permission; the note itself is there
        pass
    return found

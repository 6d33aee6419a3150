"""Notes: on the application where the vendor has such a place, else on the candidate."""

from hireloom import kit
from hireloom.api.listing import Listing
from hireloom.api.operation import Scope, operation
from hireloom.kit import Integration
from hireloom.models import (
    CreatedNote,
    Note,
    NoteDraft,
    NoteQuery,
    NoteReceipt,
    Placement,
)


@operation(
    "ats.candidate.note.create",
    scope=Scope.WRITE,
    needs=(kit.CreatesApplicationNotes, kit.CreatesCandidateNotes),
    instead=("ats.application.attachment.add",),
    example={
        "candidateId": "50001",
        "applicationId": "70001",
        "content": "<p><b>Coding assessment</b>: 89/100</p><ul><li>Tests: 92</li></ul>",
    },
)
async def create_note(integration: Integration, note: NoteDraft) -> CreatedNote:
    """Write a note on the application, or on the candidate where the vendor has no such place."""
    return CreatedNote(note=await write_note(integration, note))


@operation("ats.note.list", scope=Scope.READ, needs=(kit.ListsNotes,), lists="notes")
def list_notes(integration: Integration, query: NoteQuery) -> Listing[Note]:
    """List notes and e-mails on candidates or applications."""
    return Listing(integration.must(kit.ListsNotes).list_notes(query), query)


async def write_note(integration: Integration, note: NoteDraft) -> NoteReceipt:
    if note.application_id and (ats := integration.able_to(kit.CreatesApplicationNotes)):
        written = await ats.create_application_note(note.application_id, note)
        placement = Placement.APPLICATION
    else:
        on_candidates = integration.must(kit.CreatesCandidateNotes)
        written = await on_candidates.create_candidate_note(note.candidate_id, note)
        placement = Placement.CANDIDATE
    return NoteReceipt(
        id=written.id,
        placement=placement,
        format=written.format,
        url=written.url,
        fields_dropped=written.fields_dropped,
    )

"""Applications, and what happens to them."""

import msgspec

from hireloom import kit
from hireloom.api.listing import Listing
from hireloom.api.notes import write_note
from hireloom.api.operation import Scope, operation
from hireloom.completion import APPLICATIONS
from hireloom.errors import HireloomError, RequestInvalidError
from hireloom.kit import Integration
from hireloom.kit.mapping import unmapped
from hireloom.kit.sections import with_sections
from hireloom.models import (
    Application,
    ApplicationDraft,
    ApplicationId,
    ApplicationQuery,
    CreatedApplication,
    Dropped,
    Moved,
    NoteDraft,
    Receipt,
    Rejected,
    RejectionDraft,
    RejectionReason,
    StageMove,
    given,
)


@operation(
    "ats.application.list",
    scope=Scope.READ,
    needs=(kit.ListsApplications,),
    lists="applications",
)
def list_applications(integration: Integration, query: ApplicationQuery) -> Listing[Application]:
    """List applications.

    `models` names the sections wanted; without it come those that cost little at this vendor.
    """

    async def finish(applications: list[Application]) -> list[Application]:
        return await with_sections(integration, applications, query.models)

    pages = integration.must(kit.ListsApplications).list_applications(query)
    return Listing(pages, query, APPLICATIONS, finish)


@operation(
    "ats.application.get",
    scope=Scope.READ,
    needs=(kit.GetsApplications,),
    gets="application",
    instead=("ats.application.list",),
    example={"applicationId": "70001"},
)
async def get_application(integration: Integration, request: ApplicationId) -> Application:
    """Get one application with all its sections."""
    ats = integration.must(kit.GetsApplications)
    application = await ats.get_application(request.application_id)
    (whole,) = await with_sections(integration, [application], (), all_=True)
    return whole


@operation(
    "ats.application.create",
    scope=Scope.WRITE,
    needs=(kit.CreatesApplications,),
    instead=("ats.candidate.create",),
    example={
        "jobId": "4001",
        "candidate": {
            "firstName": "Ines",
            "lastName": "Duarte",
            "emails": [{"type": "PERSONAL", "email": "ines.duarte@example.com"}],
        },
    },
)
async def create_application(
    integration: Integration, draft: ApplicationDraft
) -> CreatedApplication:
    """Let a candidate apply for a job: a known one (`candidateId`) or a new one (`candidate`)."""
    if (draft.candidate_id is None) == (draft.candidate is None):
        raise RequestInvalidError.at("candidate", "give either candidate or candidateId")
    for index, file in enumerate(draft.attachments):
        check_file(file.data, file.url, f"attachments[{index}]")
    if draft.candidate is not None:
        person = unmapped(draft.candidate, integration.mapped, "candidate.mappedFields")
        draft = msgspec.structs.replace(draft, candidate=person)
    return await integration.must(kit.CreatesApplications).create_application(draft)


@operation(
    "ats.application.stage.update",
    scope=Scope.WRITE,
    needs=(kit.MovesApplications,),
    example={"applicationId": "70001", "stageId": "502", "note": "Passed the screen."},
)
async def move_application(integration: Integration, move: StageMove) -> Moved:
    """Move an application to another stage of its pipeline, with a note where one is given."""
    receipt = await integration.must(kit.MovesApplications).move_application(move)
    note_id, left = await _note_if_dropped(integration, move.application_id, move.note, receipt)
    return Moved(
        application_id=move.application_id,
        stage_id=move.stage_id,
        note_id=note_id,
        fields_dropped=left,
    )


@operation(
    "ats.application.reject",
    scope=Scope.WRITE,
    needs=(kit.RejectsApplications,),
    example={"applicationId": "70001", "rejectionReasonId": "9", "note": "Position filled."},
)
async def reject_application(integration: Integration, rejection: RejectionDraft) -> Rejected:
    """Reject an application. `notify` asks the ATS to tell the candidate, where it can."""
    receipt = await integration.must(kit.RejectsApplications).reject_application(rejection)
    note_id, left = await _note_if_dropped(
        integration, rejection.application_id, rejection.note, receipt
    )
    return Rejected(application_id=rejection.application_id, note_id=note_id, fields_dropped=left)


@operation(
    "ats.rejectionReason.list",
    scope=Scope.READ,
    needs=(kit.ListsRejectionReasons,),
    lists="rejectionReasons",
)
def list_rejection_reasons(integration: Integration) -> Listing[RejectionReason]:
    """List the reasons that an application can be rejected with."""
    return Listing(integration.must(kit.ListsRejectionReasons).list_rejection_reasons())


def check_file(data: bytes | None, url: str | None, path: str) -> None:
    if (data is None) == (url is None):
        raise RequestInvalidError.at(path, "give either data (base64) or url")
    if url is not None and not url.startswith("https://"):
        raise RequestInvalidError.at(f"{path}.url", "must be an https:// address")


async def _note_if_dropped(
    integration: Integration, application_id: str, note: str | None, receipt: Receipt
) -> tuple[str | None, list[Dropped]]:
    """Write the note as a note where the move or rejection itself had no place for it."""
    left = [one for one in receipt.fields_dropped if one.field != "note"]
    if note is None or len(left) == len(receipt.fields_dropped):
        return None, left
    candidate_id = await _candidate_of(integration, application_id)
    able = integration.able_to(kit.CreatesApplicationNotes) or (
        candidate_id and integration.able_to(kit.CreatesCandidateNotes)
    )
    if not able:
        return None, receipt.fields_dropped
    draft = NoteDraft(
        candidate_id=candidate_id or application_id, application_id=application_id, content=note
    )
    try:
        return (await write_note(integration, draft)).id, left
    except HireloomError as error:  # the move or rejection itself is done, and stays so
        reason = f"it could not be written: {error.msg}"
        return None, [*left, Dropped(field="note", reason=reason)]


async def _candidate_of(integration: Integration, application_id: str) -> str | None:
    ats = integration.able_to(kit.GetsApplications)
    if ats is None:
        return None
    candidate = given((await ats.get_application(application_id)).info.candidate)
    return None if candidate is None else candidate.id

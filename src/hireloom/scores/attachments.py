"""Files that come with a score: on the application, whatever channel took the score itself."""

import msgspec

from hireloom import kit
from hireloom.errors import HireloomError
from hireloom.kit import Integration
from hireloom.models import (
    AttachmentDraft,
    Dropped,
    FileDraft,
    FileType,
    ScoreDraft,
    ScoreReceipt,
)

NAME = "attachments"
CUT_OFF = "the earlier push was cut off, and may have added it or not"


async def add(integration: Integration, score: ScoreDraft, receipt: ScoreReceipt) -> ScoreReceipt:
    """The receipt with what became of the files; one that is refused ends nothing."""
    if not score.attachments:
        return receipt
    left: list[Dropped] = []
    for index, file in enumerate(score.attachments):
        reason = await _add_one(integration, receipt.application_id, file)
        if reason is not None:
            left.append(Dropped(field=f"{NAME}[{index}]", reason=reason))
    written = [*receipt.fields_written]
    if len(left) < len(score.attachments):
        written.append(NAME)
    return msgspec.structs.replace(
        receipt, fields_written=written, fields_dropped=[*receipt.fields_dropped, *left]
    )


def unknown(score: ScoreDraft, receipt: ScoreReceipt) -> ScoreReceipt:
    """The receipt of a push that was cut off: nobody knows whether its files were added."""
    left = [
        Dropped(field=f"{NAME}[{index}]", reason=CUT_OFF) for index in range(len(score.attachments))
    ]
    return msgspec.structs.replace(receipt, fields_dropped=[*receipt.fields_dropped, *left])


async def _add_one(
    integration: Integration, application_id: str | None, file: FileDraft
) -> str | None:
    """Why it was not added; None where it was."""
    able = integration.able_to(kit.AddsAttachments)
    if able is None:
        return f"{integration.title} takes no files by API"
    if application_id is None:
        return "the score names no application that the file could be added to"
    kind = file.file_type
    try:
        await able.add_attachment(
            AttachmentDraft(
                application_id=application_id,
                name=file.name,
                content_type=file.content_type,
                data=file.data,
                url=file.url,
                file_type=FileType.ASSESSMENT_REPORT if kind is FileType.NOT_SPECIFIED else kind,
            )
        )
    except HireloomError as error:
        return error.msg
    return None

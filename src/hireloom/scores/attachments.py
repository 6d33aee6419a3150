"""Files that come with a score: on the application, whatever channel took the score itself."""

from collections.abc import Collection

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


async def add(
    integration: Integration,
    score: ScoreDraft,
    receipt: ScoreReceipt,
    there: Collection[int] = (),
) -> ScoreReceipt:
    """The receipt with what became of the files, but for those that are there already.

    One that is refused ends nothing.
    """
    if not score.attachments:
        return receipt
    left: list[Dropped] = []
    for index, file in enumerate(score.attachments):
        if index in there:
            continue
        reason = await _add_one(integration, receipt.application_id, file)
        if reason is not None:
            left.append(Dropped(field=_named(index), reason=reason))
    written = [*receipt.fields_written]
    if len(left) < len(score.attachments):
        written.append(NAME)
    return msgspec.structs.replace(
        receipt, fields_written=written, fields_dropped=[*receipt.fields_dropped, *left]
    )


def already_there(before: ScoreReceipt, score: ScoreDraft) -> set[int]:
    """Which of the same files the push before has added."""
    dropped = {one.field for one in before.fields_dropped}
    return {index for index in range(len(score.attachments)) if _named(index) not in dropped}


def unknown(score: ScoreDraft, receipt: ScoreReceipt) -> ScoreReceipt:
    """The receipt of a push that was cut off: nobody knows whether its files were added."""
    left = [Dropped(field=_named(index), reason=CUT_OFF) for index in range(len(score.attachments))]
    return msgspec.structs.replace(receipt, fields_dropped=[*receipt.fields_dropped, *left])


def _named(index: int) -> str:
    return f"{NAME}[{index}]"


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

"""Greenhouse Harvest v3: files that are put to an application."""

import base64
from typing import Any

from hireloom import kit
from hireloom.connectors.ats import _greenhouse_drafts as drafts
from hireloom.connectors.ats._greenhouse_dossier import to_attachment
from hireloom.connectors.ats._greenhouse_records import GreenhouseAttachment
from hireloom.models import AddedAttachment, ApplicationDraft, AttachmentDraft, Dropped


async def attach(
    ats: kit.Connector, draft: AttachmentDraft, application: int | str
) -> AddedAttachment:
    body: dict[str, Any] = {
        "application_id": application,
        "filename": draft.name,
        "type": drafts.FILE_TYPES.get(draft.file_type, "other"),
        "visibility": "public",
    }
    if draft.data is not None:
        body["content"] = base64.b64encode(draft.data).decode()
    else:
        body["url"] = draft.url
    made = await ats.post("/attachments", body, GreenhouseAttachment)
    return AddedAttachment(
        attachment=to_attachment(made),
        fields_dropped=kit.dropped(draft, sent=drafts.OF_ATTACHMENTS, title=ats.title),
    )


async def attach_all(
    ats: kit.Connector, application_id: str, draft: ApplicationDraft
) -> list[Dropped]:
    left = []
    for place, file in enumerate(draft.attachments):
        attachment = AttachmentDraft(
            application_id=application_id,
            name=file.name,
            content_type=file.content_type,
            data=file.data,
            url=file.url,
            file_type=file.file_type,
        )
        try:
            await attach(ats, attachment, drafts.answered(application_id))
        except kit.HireloomError as error:  # the application is there: say so, with what is not
            left.append(Dropped(field=f"attachments[{place}]", reason=error.msg))
    return left

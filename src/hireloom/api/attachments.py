"""Attachments: listed, downloaded through us, added."""

from hireloom import kit
from hireloom.api.applications import check_file
from hireloom.api.listing import Listing
from hireloom.api.operation import Scope, operation
from hireloom.kit import Integration
from hireloom.models import (
    AddedAttachment,
    Attachment,
    AttachmentDraft,
    AttachmentId,
    AttachmentQuery,
    Download,
)


@operation(
    "ats.attachment.list", scope=Scope.READ, needs=(kit.ListsAttachments,), lists="attachments"
)
def list_attachments(integration: Integration, query: AttachmentQuery) -> Listing[Attachment]:
    """List the files on applications or candidates."""
    return Listing(integration.must(kit.ListsAttachments).list_attachments(query), query)


@operation(
    "ats.attachment.download",
    scope=Scope.READ,
    needs=(kit.DownloadsAttachments,),
    example={"attachmentId": "8101", "applicationId": "70001"},
)
async def download_attachment(integration: Integration, request: AttachmentId) -> Download:
    """Download a file. Its bytes stream through and are not kept."""
    return await integration.must(kit.DownloadsAttachments).download_attachment(
        request.attachment_id, request.application_id, request.candidate_id
    )


@operation(
    "ats.application.attachment.add",
    scope=Scope.WRITE,
    needs=(kit.AddsAttachments,),
    instead=("ats.candidate.note.create",),
    upload=True,
    example={
        "applicationId": "70001",
        "name": "report.txt",
        "contentType": "text/plain",
        "data": "U2NvcmU6IDg5LzEwMA==",
        "fileType": "ASSESSMENT_REPORT",
    },
)
async def add_attachment(integration: Integration, draft: AttachmentDraft) -> AddedAttachment:
    """Attach a file, as base64 (`data`), by URL, or as a multipart form with the part `file`."""
    check_file(draft.data, draft.url, "data")
    return await integration.must(kit.AddsAttachments).add_attachment(draft)

"""What Hireloom writes to Ashby, and the calls that writing shares with reading."""

from collections.abc import Awaitable
from typing import Any

from hireloom import kit
from hireloom.connectors.ats._ashby_company import JOB_STATUSES
from hireloom.connectors.ats._ashby_drafts import (
    APPLIED,
    CREATED,
    TAGGED,
    UPDATED,
    by_field,
    find_tag,
    lost,
    newest,
    reached_at,
    to_location,
    to_social_links,
)
from hireloom.connectors.ats._ashby_lookups import AshbyLookups
from hireloom.connectors.ats._ashby_shapes import (
    AshbyApplication,
    AshbyJob,
    AshbyKnown,
    AshbyMade,
    AshbyNote,
    AshbyReason,
    AshbyStage,
    AshbyTag,
    AshbyUploaded,
)
from hireloom.models import (
    AddedAttachment,
    ApplicationDraft,
    Attachment,
    AttachmentDraft,
    AttachmentType,
    CandidateChanges,
    CandidateDraft,
    CreatedApplication,
    CreatedCandidate,
    CreatedJob,
    Dropped,
    FileDraft,
    FileType,
    JobDraft,
    NoteDraft,
    Receipt,
    RejectionDraft,
    StageMove,
    TagChange,
    TextFormat,
    Visibility,
    WrittenNote,
)


class AshbyWrites(AshbyLookups):
    # Candidates.

    async def create_candidate(self, draft: CandidateDraft) -> CreatedCandidate:
        """Ashby merges no duplicates by itself: the same person twice is two candidates."""
        links = by_field(draft.links)
        body = {
            "name": kit.join_name(draft.first_name, draft.last_name),
            **reached_at(draft),
            "alternateEmailAddresses": [one.email for one in draft.emails[1:]] or None,
            **links,
            "sourceId": draft.source_id,
            "location": to_location(draft.present_address),
        }
        made = await self.post("/candidate.create", body, AshbyKnown)
        left = kit.dropped(draft, sent=CREATED, title=self.title)
        left += lost(draft, draft.present_address, title=self.title)
        if len(links) < len(draft.links):
            # Three links have a field of their own; with more, all are written as social links.
            more = {"candidateId": made.id, "socialLinks": to_social_links(draft.links)}
            left += await self._then("links", self.post("/candidate.update", more))
        left += await self._then_values("Candidate", made.id, draft.custom_fields)
        for tag in draft.tags:
            left += await self._then("tags", self._add_tag(made.id, tag))
        return CreatedCandidate(candidate_id=made.id, fields_dropped=left)

    async def update_candidate(self, changes: CandidateChanges) -> Receipt:
        """E-mails and phones can be set and added, not taken away; links are replaced."""
        emails, links = changes.emails or (), changes.links
        body = {
            "candidateId": changes.candidate_id,
            "name": await self._name(changes),
            **reached_at(changes),
            "alternateEmail": emails[1].email if len(emails) > 1 else None,
            "socialLinks": None if links is None else to_social_links(links),
            "location": to_location(changes.present_address),
        }
        if any(value is not None for name, value in body.items() if name != "candidateId"):
            await self.post("/candidate.update", body)
        left = kit.dropped(changes, sent=UPDATED, title=self.title)
        left += lost(changes, changes.present_address, title=self.title)
        if len(emails) > 2:
            left.append(Dropped(field="emails", reason=f"{self.title} adds one at a time"))
        left += [
            Dropped(field=name, reason=f"{self.title} does not take them away")
            for name, several in (("emails", changes.emails), ("phones", changes.phones))
            if several == ()
        ]
        left += await self._then_values("Candidate", changes.candidate_id, changes.custom_fields)
        return Receipt(fields_dropped=left)

    async def _name(self, changes: CandidateChanges) -> str | None:
        """Ashby has one string: a half that was not given comes from the candidate."""
        first, last = changes.first_name, changes.last_name
        if first is None and last is None:
            return None
        if first is None or last is None:
            known = kit.split_name((await self._candidate(changes.candidate_id)).name)
            first, last = first or known[0], last or known[1]
        return kit.join_name(first, last)

    async def create_candidate_note(self, candidate_id: str, draft: NoteDraft) -> WrittenNote:
        body = {
            "candidateId": candidate_id,
            "note": {"type": "text/html", "value": kit.note_text(draft).html},
            "sendNotifications": False,
            "isPrivate": draft.visibility is Visibility.PRIVATE,
        }
        note = await self.post("/candidate.createNote", body, AshbyNote)
        return WrittenNote(id=note.id, format=TextFormat.HTML, body=note.content)

    async def add_candidate_tag(self, change: TagChange) -> Receipt:
        """By id or title; a title that Ashby does not have yet becomes a tag."""
        await self._add_tag(change.candidate_id, change.tag)
        return Receipt(fields_dropped=kit.dropped(change, sent=TAGGED, title=self.title))

    async def remove_candidate_tag(self, change: TagChange) -> Receipt:
        candidate = await self._candidate(change.candidate_id)
        tag = find_tag(candidate.tags or [], change.tag)
        if tag is None:
            raise kit.ResourceNotFoundError("The candidate does not have this tag")
        await self.post("/candidate.removeTag", {"candidateId": candidate.id, "tagId": tag.id})
        return Receipt(fields_dropped=kit.dropped(change, sent=TAGGED, title=self.title))

    async def _add_tag(self, candidate_id: str, wanted: str) -> None:
        tags = await self.everything("/candidateTag.list", AshbyTag, body={})
        tag = find_tag(tags, wanted)
        if tag is None:
            tag = await self.post("/candidateTag.create", {"title": wanted}, AshbyTag)
        await self.post("/candidate.addTag", {"candidateId": candidate_id, "tagId": tag.id})

    # Applications.

    async def create_application(self, draft: ApplicationDraft) -> CreatedApplication:
        """Without a stage it starts as a lead. Answers go only through a posting's form, which

        makes a candidate of its own and does not say which application it made.
        """
        candidate_id, left = draft.candidate_id, kit.dropped(draft, sent=APPLIED, title=self.title)
        if candidate_id is None and draft.candidate is not None:
            created = await self.create_candidate(draft.candidate)
            candidate_id = created.candidate_id
            left += [
                Dropped(field=f"candidate.{one.field}", reason=one.reason)
                for one in created.fields_dropped
            ]
        if candidate_id is None:
            raise kit.RequestInvalidError.at("candidateId", "give candidateId or candidate")
        body = {
            "candidateId": candidate_id,
            "jobId": draft.job_id,
            "interviewStageId": draft.initial_stage_id,
        }
        try:
            made = await self.post("/application.create", body, AshbyMade)
        except kit.HireloomError as error:
            if draft.candidate_id is None:
                known = f"The candidate exists now: send candidateId {candidate_id} next time."
                error.hint = f"{error.hint} {known}"
            raise
        for index, file in enumerate(draft.attachments):
            left += await self._then(f"attachments[{index}]", self._upload(candidate_id, file))
        return CreatedApplication(
            application_id=made.id,
            candidate_id=candidate_id,
            job_id=draft.job_id,
            fields_dropped=left,
        )

    async def move_application(self, move: StageMove) -> Receipt:
        body = {"applicationId": move.application_id, "interviewStageId": move.stage_id}
        await self.post("/application.changeStage", body)
        sent = {"application_id", "stage_id"}
        return Receipt(fields_dropped=kit.dropped(move, sent=sent, title=self.title))

    async def reject_application(self, rejection: RejectionDraft) -> Receipt:
        """A move to the plan's stage "Archived", with a reason, which Ashby wants in any case.

        Where none is given it is the first that says that the organisation rejected. An e-mail
        needs a template of theirs, so `notify` has no place.
        """
        application = await self._application(rejection.application_id)
        body = {
            "applicationId": rejection.application_id,
            "interviewStageId": await self._archive_of(application),
            "archiveReasonId": rejection.rejection_reason_id or await self._any_reason(),
        }
        await self.post("/application.changeStage", body)
        sent = {"application_id", "rejection_reason_id"}
        return Receipt(fields_dropped=kit.dropped(rejection, sent=sent, title=self.title))

    async def _archive_of(self, application: AshbyApplication) -> str:
        """The stage of type Archived in the plan that the application is in."""
        stage = application.current_interview_stage
        if stage is not None and stage.type == "Archived":
            return stage.id
        plans = [stage.interview_plan_id] if stage and stage.interview_plan_id else []
        if not plans and application.job and application.job.id:
            job = await self.ask("/job.info", {"id": application.job.id}, AshbyJob)
            plans = list(job.plan_ids)
        for plan in plans:
            for one in await self._whole("/interviewStage.list", AshbyStage, interviewPlanId=plan):
                if one.type == "Archived":
                    return one.id
        raise kit.RejectedError(
            f"The interview plan of this application in {self.title} has no stage of type Archived"
        )

    async def _any_reason(self) -> str:
        for reason in await self._whole("/archiveReason.list", AshbyReason):
            if reason.reason_type == "RejectedByOrg" and not reason.is_archived:
                return reason.id
        raise kit.RequestInvalidError.at(
            "rejectionReasonId", f"{self.title} wants one, and has no default of the organisation's"
        )

    async def add_attachment(self, draft: AttachmentDraft) -> AddedAttachment:
        """On the candidate, for want of a place on the application; a resume becomes the first."""
        candidate_id = draft.candidate_id or await self._candidate_id(draft.application_id)
        is_resume = draft.file_type is FileType.RESUME
        shown = await self._upload(candidate_id, draft.file)
        file = newest(shown, draft.name, is_resume)
        if file is None:
            candidate = await self._candidate(candidate_id)
            file = newest(AshbyUploaded(file_handles=candidate.file_handles), draft.name, False)
        attachment = Attachment(
            id=file.id if file else shown.id or "",
            application_id=draft.application_id,
            candidate_id=candidate_id,
            type=AttachmentType.RESUME if is_resume else AttachmentType.NOT_SPECIFIED,
            name=draft.name,
        )
        sent = {name for name in draft.__struct_fields__ if is_resume or name != "file_type"}
        left = kit.dropped(draft, sent=sent, title=self.title)
        return AddedAttachment(attachment=attachment, fields_dropped=left)

    async def _upload(self, candidate_id: str, file: FileDraft) -> AshbyUploaded:
        is_resume = file.file_type is FileType.RESUME
        path = "/candidate.uploadResume" if is_resume else "/candidate.uploadFile"
        content = await self.content_of(file)
        parts = [
            kit.Part("candidateId", candidate_id.encode()),
            kit.Part("resume" if is_resume else "file", content, file.name, file.content_type),
        ]
        return await self.upload(path, parts, AshbyUploaded)

    # Jobs.

    async def create_job(self, draft: JobDraft) -> CreatedJob:
        """A draft with a team (a department is one) and a place; postings are made in Ashby."""
        body = {
            "title": draft.title,
            "teamId": draft.department_id,
            "locationId": draft.office_id,
        }
        made = await self.post("/job.create", body, AshbyKnown)
        word = next((w for w, status in JOB_STATUSES.items() if status is draft.status), None)
        sent = {"title", "department_id", "office_id", *(["status"] if word else ())}
        left = kit.dropped(draft, sent=sent, title=self.title)
        if word is not None and word != "Draft":
            body = {"jobId": made.id, "status": word}
            left += await self._then("status", self.post("/job.setStatus", body))
        return CreatedJob(job_id=made.id, fields_dropped=left)

    # Steps that come after a record was made: what fails is named, because the record stays.

    async def _then(self, field: str, step: Awaitable[object]) -> list[Dropped]:
        try:
            await step
        except kit.HireloomError as error:
            return [Dropped(field=field, reason=error.msg)]
        return []

    async def _then_values(
        self, kind: str, object_id: str, values: dict[str, Any]
    ) -> list[Dropped]:
        """All at once: parallel calls of setValue on one object overwrite each other."""
        if not values:
            return []
        pairs = [{"fieldId": name, "fieldValue": value} for name, value in values.items()]
        body = {"objectId": object_id, "objectType": kind, "values": pairs}
        return await self._then("customFields", self.post("/customField.setValues", body))

"""What can be changed in Lever, nearly all of it in the name of a user (`perform_as`)."""

from collections.abc import Sequence
from datetime import UTC, datetime

from hireloom import kit
from hireloom.connectors.ats import _lever_drafts as drafts
from hireloom.connectors.ats import _lever_records as records
from hireloom.connectors.ats import _lever_shapes as lever
from hireloom.connectors.ats import _lever_words as words
from hireloom.connectors.ats._lever_lookups import LeverLookUps
from hireloom.models import (
    AddedAttachment,
    ApplicationDraft,
    AttachmentDraft,
    CandidateChanges,
    CandidateDraft,
    CreatedApplication,
    CreatedCandidate,
    CreatedJob,
    Dropped,
    FileDraft,
    Interview,
    InterviewCancellation,
    InterviewChanges,
    InterviewDraft,
    JobDraft,
    NoteDraft,
    Receipt,
    RejectionDraft,
    ScheduledInterview,
    StageMove,
    TagChange,
    TextFormat,
    WrittenNote,
)

BY_APPLICATION = "Lever finds an interview by its application: give it, too"
REASON = "rejectionReasonId"


class LeverWrites(LeverLookUps):
    """The half of the Lever connector that writes."""

    async def create_candidate(self, draft: CandidateDraft) -> CreatedCandidate:
        """A lead: the person with a first opportunity. A known e-mail adds it to that person."""
        body = drafts.person_body(draft)
        made = await self.post("/opportunities", body, lever.LeverMade, params=self._acting())
        return CreatedCandidate(
            candidate_id=made.contact,
            application_id=made.id,
            fields_dropped=drafts.person_dropped(draft, self.title),
        )

    async def update_candidate(self, changes: CandidateChanges) -> Receipt:
        """The contact; its links are added and removed through an opportunity."""
        left = drafts.contact_dropped(changes, self.title)
        path = kit.path("/contacts/{}", changes.candidate_id)
        name = None
        if changes.first_name and changes.last_name:
            name = kit.join_name(changes.first_name, changes.last_name)
        elif changes.first_name or changes.last_name:  # a contact has one name, so the rest is kept
            first, last = kit.split_name((await self.get(path, lever.LeverContact)).name)
            name = kit.join_name(changes.first_name or first, changes.last_name or last)
        body = drafts.contact_body(changes, name)
        if changes.links is not None:
            await self._relink(changes.candidate_id, changes.links)
        if any(value is not None for value in body.values()):
            await self.put(path, body)
        return Receipt(fields_dropped=left)

    async def _relink(self, contact_id: str, links: Sequence[str]) -> None:
        acting = self._acting()
        place = await self._place(contact_id)
        before = place.links or []
        for verb, changed in (
            ("addLinks", [one for one in links if one not in before]),
            ("removeLinks", [one for one in before if one not in links]),
        ):
            if changed:
                path = kit.path(f"/opportunities/{{}}/{verb}", place.id)
                await self.post(path, {"links": changed}, params=acting)

    async def create_application(self, draft: ApplicationDraft) -> CreatedApplication:
        """A new opportunity: Lever has no call that adds a posting to one that exists."""
        acting = self._acting()
        posting = await self._posting_of(draft.job_id)
        body = drafts.application_body(draft, posting)
        made = await self.post("/opportunities", body, lever.LeverMade, params=acting)
        left = drafts.application_dropped(draft, self.title)
        for index, file in enumerate(draft.attachments):
            try:
                await self._attach(made.id, file)
            except kit.HireloomError as error:  # the application is there: say so and go on
                left.append(Dropped(field=f"attachments.{index}", reason=error.msg))
        return CreatedApplication(
            application_id=made.id,
            candidate_id=made.contact,
            job_id=draft.job_id,
            fields_dropped=left,
        )

    async def _posting_of(self, job_id: str) -> str:
        """The posting that people apply to; of a requisition's, one that takes applications."""
        if not self._by_requisition:
            return job_id
        path = kit.path("/requisitions/{}", job_id)
        found = await self.get(path, lever.LeverRequisition)
        ids = [one for each in found.postings or [] if (one := words.id_of(each))]
        if not ids:
            raise kit.RequestInvalidError.at("jobId", "this requisition has no posting in Lever")
        postings = await self.remember("postings", ids, self._all_postings)
        live = [
            one
            for one in ids
            if one in postings and postings[one].state in words.TAKES_APPLICATIONS
        ]
        return next(iter([*live, *ids]))

    async def create_application_note(self, application_id: str, draft: NoteDraft) -> WrittenNote:
        return await self._note(application_id, draft)

    async def create_candidate_note(self, candidate_id: str, draft: NoteDraft) -> WrittenNote:
        """On the newest open opportunity, whose address is in the receipt."""
        place = await self._place(candidate_id)
        return await self._note(place.id, draft, place.urls.show if place.urls else None)

    async def update_note(self, note_id: str, draft: NoteDraft) -> WrittenNote:
        """On the application, where one is given; else wherever among the person's it is."""
        body = drafts.note_body(draft)
        places = [draft.application_id] if draft.application_id else []
        if not places:
            found = await self._candidacies(draft.candidate_id)
            places = [one.id for one in sorted(found, key=lambda one: one.archived is not None)]
        gone = kit.ResourceNotFoundError("This candidate has no opportunity in Lever")
        for place in places:
            path = kit.path("/opportunities/{}/notes/{}", place, note_id)
            try:
                made = await self.put(path, body, lever.LeverWrittenNote, params=self._as_somebody)
            except kit.ResourceNotFoundError as error:
                gone = error
                continue
            return await self._written(place, note_id, made)
        raise gone

    async def _note(self, place: str, draft: NoteDraft, url: str | None = None) -> WrittenNote:
        path = kit.path("/opportunities/{}/notes", place)
        body = drafts.note_body(draft)
        made = await self.post(path, body, lever.LeverWrittenNote, params=self._as_somebody)
        return await self._written(place, made.note_id or made.id or "", made, url)

    @property
    def _as_somebody(self) -> dict[str, str | None]:
        return {"perform_as": self.chosen.get("performAs")}  # may be left out here

    async def _written(
        self, place: str, note_id: str, made: lever.LeverWrittenNote, url: str | None = None
    ) -> WrittenNote:
        """The note as Lever holds it; it is written, whether or not it can be read."""
        body = words.first_value(made.fields)
        if body is None and (made.note_id or made.id):
            path = kit.path("/opportunities/{}/notes/{}", place, note_id)
            try:
                body = words.first_value((await self.get(path, lever.LeverNote)).fields)
            except kit.HireloomError:
                body = None
        return WrittenNote(id=note_id, format=TextFormat.PLAIN, body=body, url=url)

    async def add_candidate_tag(self, change: TagChange) -> Receipt:
        """On the application, where one is given; else on the newest open one of the person."""
        acting = self._acting()
        place = change.application_id or (await self._place(change.candidate_id)).id
        path = kit.path("/opportunities/{}/addTags", place)
        await self.post(path, {"tags": [change.tag]}, params=acting)
        return Receipt()

    async def remove_candidate_tag(self, change: TagChange) -> Receipt:
        """From the application, where one is given; else from all of the person that bear it."""
        acting = self._acting()
        places = [change.application_id] if change.application_id else []
        if not places:
            found = await self._candidacies(change.candidate_id)
            places = [one.id for one in found if change.tag in (one.tags or [])]
        for place in places:
            path = kit.path("/opportunities/{}/removeTags", place)
            await self.post(path, {"tags": [change.tag]}, params=acting)
        return Receipt()

    async def move_application(self, move: StageMove) -> Receipt:
        path = kit.path("/opportunities/{}/stage", move.application_id)
        await self.put(path, {"stage": move.stage_id}, params=self._acting())
        sent = {"application_id", "stage_id"}  # a note is one of its own in Lever
        return Receipt(fields_dropped=kit.dropped(move, sent=sent, title=self.title))

    async def reject_application(self, rejection: RejectionDraft) -> Receipt:
        """Archive it with a reason. A reason of type hired would hire, so it is refused here.

        Lever needs a reason. Where none is given, one that says nothing is taken (Other,
        Unspecified, …), else the first that is in use and does not hire; the receipt names it.
        """
        acting = self._acting()
        left = kit.dropped(
            rejection, sent={"application_id", "rejection_reason_id"}, title=self.title
        )
        reason_id = rejection.rejection_reason_id
        if reason_id:
            await self._must_reject(reason_id)
        else:
            plain = await self._some_reason()
            reason_id = plain.id
            told = f"none was given and Lever needs one, so “{plain.text}” was taken"
            left.append(Dropped(field=REASON, reason=told))
        path = kit.path("/opportunities/{}/archived", rejection.application_id)
        await self.put(path, {"reason": reason_id}, params=acting)
        return Receipt(fields_dropped=left)

    async def _must_reject(self, reason_id: str) -> None:
        reason = (await self._reasons([reason_id])).get(reason_id)
        if reason is not None and reason.type == words.HIRED:
            raise kit.RequestInvalidError.at(REASON, "this reason of Lever's marks a hire")

    async def _some_reason(self) -> lever.LeverReason:
        reasons = await self.everything("/archive_reasons", lever.LeverReason)
        found = drafts.plainest(reasons)
        if found is None:
            raise kit.RequestInvalidError.at(
                REASON, "Lever needs a reason, and this account has none in use that rejects"
            )
        return found

    async def add_attachment(self, draft: AttachmentDraft) -> AddedAttachment:
        made = await self._attach(draft.application_id, draft.file)
        sent = {name for name in draft.__struct_fields__ if name != "file_type"}
        return AddedAttachment(
            attachment=records.file_to_attachment(made, draft.application_id, draft.candidate_id),
            fields_dropped=kit.dropped(draft, sent=sent, title=self.title),
        )

    async def _attach(self, opportunity_id: str, file: FileDraft) -> lever.LeverFile:
        acting = self._acting()
        content = await self.content_of(file)
        part = kit.Part("file", content, filename=file.name, content_type=file.content_type)
        path = kit.path("/opportunities/{}/files", opportunity_id)
        return await self.upload(path, [part], lever.LeverFile, params=acting)

    async def create_interview(self, draft: InterviewDraft) -> ScheduledInterview:
        """A panel of one interview. Who acts is its organizer, so the organizer acts."""
        if draft.interview_type_id:
            raise kit.RequestInvalidError.at("interviewTypeId", "Lever has no interview types")
        organizer = draft.organizer_id
        acting = {"perform_as": organizer} if organizer else self._acting()
        who = [*draft.interviewer_ids, *await self._users_with(draft.interviewer_emails)]
        path = kit.path("/opportunities/{}/panels", draft.application_id)
        made = await self.post(path, drafts.panel_body(draft, who), lever.LeverPanel, params=acting)
        inside = next(iter(made.interviews or []), lever.LeverInterview(id=made.id))
        found = await self._as_interview(inside, draft.application_id, made)
        return ScheduledInterview(interview=found)

    async def update_interview(self, changes: InterviewChanges) -> ScheduledInterview:
        """Read, then written whole. Lever lets only interviews be changed that came by the API."""
        acting = self._acting()
        place = changes.application_id
        if not place:
            raise kit.RequestInvalidError.at("applicationId", BY_APPLICATION)
        path = kit.path("/opportunities/{}/interviews/{}", place, changes.interview_id)
        before = await self.get(path, lever.LeverInterview)
        who: list[str] | None = None
        if changes.interviewer_ids is not None or changes.interviewer_emails is not None:
            named = await self._users_with(changes.interviewer_emails or ())
            who = [*(changes.interviewer_ids or ()), *named]
        body = drafts.interview_body(before, changes, who)
        made = await self.put(path, body, lever.LeverInterview, params=acting)
        sent = set(changes.__struct_fields__) - {"timezone"}
        left = kit.dropped(changes, sent=sent, title=self.title)
        return ScheduledInterview(
            interview=await self._as_interview(made, place), fields_dropped=left
        )

    async def cancel_interview(self, cancellation: InterviewCancellation) -> Receipt:
        """Lever deletes it; its panel goes with the last one."""
        acting = self._acting()
        place = cancellation.application_id
        if not place:
            raise kit.RequestInvalidError.at("applicationId", BY_APPLICATION)
        path = kit.path("/opportunities/{}/interviews/{}", place, cancellation.interview_id)
        await self.delete(path, params=acting)
        return Receipt()

    async def _as_interview(
        self, made: lever.LeverInterview, place: str, panel: lever.LeverPanel | None = None
    ) -> Interview:
        whole = panel or made
        users = await self._users([made.user or whole.user])
        tables = words.Tables(users, await self._stages([made.stage or whole.stage]))
        return records.to_interview(made, place, tables, datetime.now(UTC), panel)

    async def _users_with(self, emails: Sequence[str]) -> list[str]:
        found: list[str] = []
        for index, email in enumerate(emails):
            users = await self.everything("/users", lever.LeverUser, params={"email": email})
            found.append(drafts.user_with(email, users, f"interviewerEmails.{index}"))
        return found

    async def create_job(self, draft: JobDraft) -> CreatedJob:
        if self._by_requisition:
            body = drafts.requisition_body(draft)
            made = await self.post("/requisitions", body, lever.LeverNew)
        else:
            body = drafts.posting_body(draft)
            made = await self.post("/postings", body, lever.LeverNew, params=self._acting())
        return CreatedJob(
            job_id=made.id, fields_dropped=drafts.job_dropped(draft, body, self.title)
        )

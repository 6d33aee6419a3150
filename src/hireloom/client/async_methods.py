"""The methods of `AsyncHireloom`. Made by scripts/generate from the operations."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, overload

from msgspec import UnsetType

from hireloom.client import asks
from hireloom.client.answers import DryRun
from hireloom.client.asks import BINARY, Several, several
from hireloom.client.downloads import AsyncDownload
from hireloom.client.namespace import AsyncNamespace
from hireloom.client.pages import AsyncRecords, Page
from hireloom.models import (
    UNSET,
    AddedAttachment,
    AnswerDraft,
    ApiDetails,
    Application,
    ApplicationDraft,
    ApplicationId,
    ApplicationModel,
    ApplicationQuery,
    ApplicationStatus,
    AssessmentNamed,
    AssessmentOrder,
    AssessmentStatus,
    Attachment,
    AttachmentDraft,
    AttachmentId,
    AttachmentQuery,
    BreakdownPart,
    Cancelled,
    Candidate,
    CandidateChanges,
    CandidateDraft,
    CandidateId,
    CandidateModel,
    CandidateQuery,
    CandidateSearch,
    CaptureAnswer,
    CapturedCall,
    CaptureQuery,
    CaptureStart,
    CaptureStop,
    Changed,
    Compatibility,
    ConnectedApps,
    ConnectorAnswer,
    ConnectorList,
    ConnectorQuery,
    ConnectSession,
    ContentType,
    CreatedApplication,
    CreatedCandidate,
    CreatedJob,
    CreatedNote,
    CreatedScore,
    CreatedScores,
    CredentialsUpdate,
    CustomField,
    CustomFieldOwner,
    CustomFieldQuery,
    CustomStart,
    CustomStarted,
    DataType,
    Deleted,
    Delivery,
    DeliveryAnswer,
    DeliveryChoice,
    DeliveryQuery,
    DeliveryState,
    Department,
    DetailsQuery,
    EducationDraft,
    Eeoc,
    EeocQuery,
    Email,
    Evaluator,
    EventsShown,
    EventsSubscribe,
    EventsUnsubscribe,
    EventType,
    FileDraft,
    FileType,
    FilterUpdate,
    Happening,
    Imported,
    IntegrationChange,
    IntegrationDetails,
    IntegrationExport,
    IntegrationImport,
    IntegrationQuery,
    Interview,
    InterviewCancellation,
    InterviewChanges,
    InterviewDraft,
    Issue,
    IssueAnswer,
    IssueChoice,
    IssueMuting,
    IssueQuery,
    IssueState,
    Job,
    JobDraft,
    JobId,
    JobModel,
    JobQuery,
    JobStatus,
    ManyScores,
    MappingFieldChoice,
    MappingFieldDeleted,
    MappingFieldDraft,
    MappingFieldList,
    MappingFieldShown,
    MappingList,
    MappingOwner,
    MappingUpdate,
    Moved,
    Note,
    NoteDraft,
    NoteQuery,
    OAuthClientChoice,
    OAuthClientDeleted,
    OAuthClientDraft,
    OAuthClientList,
    OAuthClientShown,
    OfApplication,
    OfApplications,
    Offer,
    Office,
    OrderAnswer,
    OrderCancellation,
    OrderCancelled,
    OrderChoice,
    OrderQuery,
    OrderState,
    Origin,
    PackageAnswer,
    PackageChoice,
    PackageDeleted,
    PackageDraft,
    PackageList,
    PackageQuery,
    PartnerAccess,
    PartnerDeleted,
    PartnerList,
    PartnerRequest,
    Passed,
    PassthroughRequest,
    Phone,
    Points,
    PostalAddress,
    Rejected,
    RejectionDraft,
    RejectionReason,
    Replayed,
    ReplayRequest,
    RunId,
    RunQuery,
    RunReplay,
    RunShown,
    RunState,
    ScheduledInterview,
    ScoreAttribute,
    Scorecard,
    ScoreChannel,
    ScoreDraft,
    ScoreLayoutAnswer,
    ScoreLayoutChoice,
    ScoreLayoutDeleted,
    ScoreLayoutDraft,
    ScoreLayoutList,
    ScorePreview,
    SecretRotation,
    SessionFilter,
    SessionRequest,
    Source,
    Stage,
    StageMove,
    StageQuery,
    Subscribed,
    SyncList,
    SyncShown,
    SyncStart,
    SyncStarted,
    SyncStop,
    SyncType,
    SyncUpdate,
    Tag,
    TagChange,
    User,
    Verdict,
    Verified,
    Visibility,
    WatchUpdate,
    Webhook,
    WebhookAnswer,
    WebhookChanges,
    WebhookChoice,
    WebhookDeleted,
    WebhookDraft,
    WebhookQuery,
    WebhookSecret,
    WebhookState,
    WebhookTest,
    WorkplaceType,
)


class AsyncAssessmentOrderMethods(AsyncNamespace):
    """`assessment.order.…`"""

    async def cancel(
        self, *, order_id: str, reason: str | None = None, idempotency_key: str | None = None
    ) -> OrderCancelled:
        """Give an open order up. The ATS is told where it takes that; `told` says whether it
        was.

        Give an order up from our side; the ATS is told where it can be.
        """
        return await self._sender.write(
            "assessment.order.cancel",
            OrderCancellation(order_id=order_id, reason=reason),
            OrderCancelled,
            idempotency_key,
        )

    async def get(self, *, order_id: str) -> OrderAnswer:
        """Say how an order stands."""
        return await self._sender.read(
            "assessment.order.get", OrderChoice(order_id=order_id), OrderAnswer, None
        )

    def list(
        self,
        *,
        state: OrderState | None = None,
        package_id: str | None = None,
        application_id: str | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> AsyncRecords[AssessmentOrder]:
        """List orders, the newest first; with the integration header, those of one account."""
        return self._sender.pages(
            "assessment.order.list",
            OrderQuery(state=state, package_id=package_id, application_id=application_id),
            AssessmentOrder,
            "orders",
            page_size=page_size,
            page_token=page_token,
        )


class AsyncAssessmentPackageMethods(AsyncNamespace):
    """`assessment.package.…`"""

    async def delete(
        self, *, package_id: str, idempotency_key: str | None = None
    ) -> PackageDeleted:
        """Offer a test no longer. What was ordered of it still takes its result."""
        return await self._sender.write(
            "assessment.package.delete",
            PackageChoice(package_id=package_id),
            PackageDeleted,
            idempotency_key,
        )

    async def list(self, *, withdrawn: bool = False) -> PackageList:
        """List the tests that every account can order; with the integration header, those of
        one.

        `withdrawn=true` lists those as well that are no longer offered.
        """
        return await self._sender.read(
            "assessment.package.list", PackageQuery(withdrawn=withdrawn), PackageList, None
        )

    async def put(
        self,
        *,
        package_id: str,
        name: str,
        description: str = "",
        assessment_type: str = "",
        expires_after_days: int | None = None,
        idempotency_key: str | None = None,
    ) -> PackageAnswer:
        """Offer a test, or change it. One that was withdrawn is offered again.

        A test that can be ordered. The `packageId` is the caller's own, and stays the same.

        With the header X-Integration-Id it is offered to that account alone, otherwise to
        all. `expiresAfterDays` is the life of an order; by default as long as the ATS waits.
        """
        return await self._sender.write(
            "assessment.package.put",
            PackageDraft(
                package_id=package_id,
                name=name,
                description=description,
                assessment_type=assessment_type,
                expires_after_days=expires_after_days,
            ),
            PackageAnswer,
            idempotency_key,
        )


class AsyncAssessmentPartnerMethods(AsyncNamespace):
    """`assessment.partner.…`"""

    async def create(
        self, *, rotate: bool = False, idempotency_key: str | None = None
    ) -> PartnerAccess:
        """Make the address and key with which this ATS orders tests. The key is shown this once.

        Called again, it shows the address and the steps; with `rotate` it makes a new key.

        `rotate` makes a new key; the one before is valid for another day.
        """
        return await self._sender.write(
            "assessment.partner.create",
            PartnerRequest(rotate=rotate),
            PartnerAccess,
            idempotency_key,
        )

    async def delete(self, *, idempotency_key: str | None = None) -> PartnerDeleted:
        """Let this ATS order no more tests: its address is gone. Orders stay to be looked at.

        The request of an operation that takes no parameters.
        """
        return await self._sender.write(
            "assessment.partner.delete", None, PartnerDeleted, idempotency_key
        )

    async def list(self) -> PartnerList:
        """List the accounts whose ATS can order tests; the integration header narrows it to one.

        The request of an operation that takes no parameters.
        """
        return await self._sender.read("assessment.partner.list", None, PartnerList, None)


class AsyncAssessmentResultMethods(AsyncNamespace):
    """`assessment.result.…`"""

    @overload
    async def push(
        self,
        *,
        assessment: AssessmentNamed,
        candidate_id: str | None = None,
        application_id: str | None = None,
        status: AssessmentStatus = AssessmentStatus.COMPLETED,
        completed_at: datetime | None = None,
        score: Points | None = None,
        breakdown: Sequence[BreakdownPart] = (),
        result: Verdict = Verdict.NOT_SPECIFIED,
        report_url: str | None = None,
        evaluator: str | Evaluator | None = None,
        notes: str | None = None,
        attributes: Sequence[ScoreAttribute] = (),
        attachments: Sequence[FileDraft] = (),
        order_id: str | None = None,
        external_id: str | None = None,
        channels: Sequence[ScoreChannel] | None = None,
        language: str | None = None,
        time_zone: str | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[False] = False,
    ) -> CreatedScore: ...

    @overload
    async def push(
        self,
        *,
        assessment: AssessmentNamed,
        candidate_id: str | None = None,
        application_id: str | None = None,
        status: AssessmentStatus = AssessmentStatus.COMPLETED,
        completed_at: datetime | None = None,
        score: Points | None = None,
        breakdown: Sequence[BreakdownPart] = (),
        result: Verdict = Verdict.NOT_SPECIFIED,
        report_url: str | None = None,
        evaluator: str | Evaluator | None = None,
        notes: str | None = None,
        attributes: Sequence[ScoreAttribute] = (),
        attachments: Sequence[FileDraft] = (),
        order_id: str | None = None,
        external_id: str | None = None,
        channels: Sequence[ScoreChannel] | None = None,
        language: str | None = None,
        time_zone: str | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[True],
    ) -> DryRun: ...

    async def push(
        self,
        *,
        assessment: AssessmentNamed,
        candidate_id: str | None = None,
        application_id: str | None = None,
        status: AssessmentStatus = AssessmentStatus.COMPLETED,
        completed_at: datetime | None = None,
        score: Points | None = None,
        breakdown: Sequence[BreakdownPart] = (),
        result: Verdict = Verdict.NOT_SPECIFIED,
        report_url: str | None = None,
        evaluator: str | Evaluator | None = None,
        notes: str | None = None,
        attributes: Sequence[ScoreAttribute] = (),
        attachments: Sequence[FileDraft] = (),
        order_id: str | None = None,
        external_id: str | None = None,
        channels: Sequence[ScoreChannel] | None = None,
        language: str | None = None,
        time_zone: str | None = None,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> CreatedScore | DryRun:
        """Answer an order of the ATS: `ats.application.score.create` with an `orderId`.

        A result for a candidate's application, or for the candidate alone.

        `externalId` is the caller's own id of this result: the same one later corrects it.
        `channels` narrows or reorders the places that are tried. `language` (en, de, fr …)
        and `timeZone` (IANA) are those of whoever reads a note.
        """
        request = ScoreDraft(
            assessment=assessment,
            candidate_id=candidate_id,
            application_id=application_id,
            status=status,
            completed_at=completed_at,
            score=score,
            breakdown=several(breakdown),
            result=result,
            report_url=report_url,
            evaluator=evaluator,
            notes=notes,
            attributes=several(attributes),
            attachments=several(attachments),
            order_id=order_id,
            external_id=external_id,
            channels=None if channels is None else several(channels),
            language=language,
            time_zone=time_zone,
        )
        if dry_run:
            return await self._sender.rehearse("assessment.result.push", request)
        return await self._sender.write(
            "assessment.result.push", request, CreatedScore, idempotency_key
        )


class AsyncAssessmentMethods(AsyncNamespace):
    """`assessment.…`"""

    @property
    def order(self) -> AsyncAssessmentOrderMethods:
        return AsyncAssessmentOrderMethods(self._sender)

    @property
    def package(self) -> AsyncAssessmentPackageMethods:
        return AsyncAssessmentPackageMethods(self._sender)

    @property
    def partner(self) -> AsyncAssessmentPartnerMethods:
        return AsyncAssessmentPartnerMethods(self._sender)

    @property
    def result(self) -> AsyncAssessmentResultMethods:
        return AsyncAssessmentResultMethods(self._sender)


class AsyncAtsApplicationAttachmentMethods(AsyncNamespace):
    """`ats.application.attachment.…`"""

    @overload
    async def add(
        self,
        *,
        application_id: str,
        candidate_id: str | None = None,
        name: str,
        content_type: str = "application/octet-stream",
        data: bytes | None = None,
        url: str | None = None,
        file_type: FileType = FileType.NOT_SPECIFIED,
        idempotency_key: str | None = None,
        dry_run: Literal[False] = False,
    ) -> AddedAttachment: ...

    @overload
    async def add(
        self,
        *,
        application_id: str,
        candidate_id: str | None = None,
        name: str,
        content_type: str = "application/octet-stream",
        data: bytes | None = None,
        url: str | None = None,
        file_type: FileType = FileType.NOT_SPECIFIED,
        idempotency_key: str | None = None,
        dry_run: Literal[True],
    ) -> DryRun: ...

    async def add(
        self,
        *,
        application_id: str,
        candidate_id: str | None = None,
        name: str,
        content_type: str = "application/octet-stream",
        data: bytes | None = None,
        url: str | None = None,
        file_type: FileType = FileType.NOT_SPECIFIED,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> AddedAttachment | DryRun:
        """Attach a file, as base64 (`data`), by URL, or as a multipart form with the part
        `file`.
        """
        request = AttachmentDraft(
            application_id=application_id,
            candidate_id=candidate_id,
            name=name,
            content_type=content_type,
            data=data,
            url=url,
            file_type=file_type,
        )
        if dry_run:
            return await self._sender.rehearse("ats.application.attachment.add", request)
        return await self._sender.write(
            "ats.application.attachment.add", request, AddedAttachment, idempotency_key
        )


class AsyncAtsApplicationScoreMethods(AsyncNamespace):
    """`ats.application.score.…`"""

    @overload
    async def create(
        self,
        *,
        assessment: AssessmentNamed,
        candidate_id: str | None = None,
        application_id: str | None = None,
        status: AssessmentStatus = AssessmentStatus.COMPLETED,
        completed_at: datetime | None = None,
        score: Points | None = None,
        breakdown: Sequence[BreakdownPart] = (),
        result: Verdict = Verdict.NOT_SPECIFIED,
        report_url: str | None = None,
        evaluator: str | Evaluator | None = None,
        notes: str | None = None,
        attributes: Sequence[ScoreAttribute] = (),
        attachments: Sequence[FileDraft] = (),
        order_id: str | None = None,
        external_id: str | None = None,
        channels: Sequence[ScoreChannel] | None = None,
        language: str | None = None,
        time_zone: str | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[False] = False,
    ) -> CreatedScore: ...

    @overload
    async def create(
        self,
        *,
        assessment: AssessmentNamed,
        candidate_id: str | None = None,
        application_id: str | None = None,
        status: AssessmentStatus = AssessmentStatus.COMPLETED,
        completed_at: datetime | None = None,
        score: Points | None = None,
        breakdown: Sequence[BreakdownPart] = (),
        result: Verdict = Verdict.NOT_SPECIFIED,
        report_url: str | None = None,
        evaluator: str | Evaluator | None = None,
        notes: str | None = None,
        attributes: Sequence[ScoreAttribute] = (),
        attachments: Sequence[FileDraft] = (),
        order_id: str | None = None,
        external_id: str | None = None,
        channels: Sequence[ScoreChannel] | None = None,
        language: str | None = None,
        time_zone: str | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[True],
    ) -> DryRun: ...

    async def create(
        self,
        *,
        assessment: AssessmentNamed,
        candidate_id: str | None = None,
        application_id: str | None = None,
        status: AssessmentStatus = AssessmentStatus.COMPLETED,
        completed_at: datetime | None = None,
        score: Points | None = None,
        breakdown: Sequence[BreakdownPart] = (),
        result: Verdict = Verdict.NOT_SPECIFIED,
        report_url: str | None = None,
        evaluator: str | Evaluator | None = None,
        notes: str | None = None,
        attributes: Sequence[ScoreAttribute] = (),
        attachments: Sequence[FileDraft] = (),
        order_id: str | None = None,
        external_id: str | None = None,
        channels: Sequence[ScoreChannel] | None = None,
        language: str | None = None,
        time_zone: str | None = None,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> CreatedScore | DryRun:
        """Put a score where the recruiter looks for it in this ATS, and say where that was.

        The best place that takes it: an order of the ATS itself, a scorecard, a custom field,
        a link, a note. The same `externalId` corrects what was written instead of adding a
        second one.

        A result for a candidate's application, or for the candidate alone.

        `externalId` is the caller's own id of this result: the same one later corrects it.
        `channels` narrows or reorders the places that are tried. `language` (en, de, fr …)
        and `timeZone` (IANA) are those of whoever reads a note.
        """
        request = ScoreDraft(
            assessment=assessment,
            candidate_id=candidate_id,
            application_id=application_id,
            status=status,
            completed_at=completed_at,
            score=score,
            breakdown=several(breakdown),
            result=result,
            report_url=report_url,
            evaluator=evaluator,
            notes=notes,
            attributes=several(attributes),
            attachments=several(attachments),
            order_id=order_id,
            external_id=external_id,
            channels=None if channels is None else several(channels),
            language=language,
            time_zone=time_zone,
        )
        if dry_run:
            return await self._sender.rehearse("ats.application.score.create", request)
        return await self._sender.write(
            "ats.application.score.create", request, CreatedScore, idempotency_key
        )

    async def create_many(
        self, *, scores: Sequence[Any], idempotency_key: str | None = None
    ) -> CreatedScores:
        """Push up to 500 scores, each with a receipt or an error of its own.

        Those with the same `externalId` go in their order, so that the last one is what
        stays.

        Up to 500 results, each as for `ats.application.score.create`.
        """
        return await self._sender.write(
            "ats.application.score.createMany",
            ManyScores(scores=several(scores)),
            CreatedScores,
            idempotency_key,
        )

    async def preview(
        self,
        *,
        assessment: AssessmentNamed,
        candidate_id: str | None = None,
        application_id: str | None = None,
        status: AssessmentStatus = AssessmentStatus.COMPLETED,
        completed_at: datetime | None = None,
        score: Points | None = None,
        breakdown: Sequence[BreakdownPart] = (),
        result: Verdict = Verdict.NOT_SPECIFIED,
        report_url: str | None = None,
        evaluator: str | Evaluator | None = None,
        notes: str | None = None,
        attributes: Sequence[ScoreAttribute] = (),
        attachments: Sequence[FileDraft] = (),
        order_id: str | None = None,
        external_id: str | None = None,
        channels: Sequence[ScoreChannel] | None = None,
        language: str | None = None,
        time_zone: str | None = None,
    ) -> ScorePreview:
        """Show what each channel of this account would get of a score. Nothing is sent.

        A result for a candidate's application, or for the candidate alone.

        `externalId` is the caller's own id of this result: the same one later corrects it.
        `channels` narrows or reorders the places that are tried. `language` (en, de, fr …)
        and `timeZone` (IANA) are those of whoever reads a note.
        """
        return await self._sender.ask(
            "ats.application.score.preview",
            ScoreDraft(
                assessment=assessment,
                candidate_id=candidate_id,
                application_id=application_id,
                status=status,
                completed_at=completed_at,
                score=score,
                breakdown=several(breakdown),
                result=result,
                report_url=report_url,
                evaluator=evaluator,
                notes=notes,
                attributes=several(attributes),
                attachments=several(attachments),
                order_id=order_id,
                external_id=external_id,
                channels=None if channels is None else several(channels),
                language=language,
                time_zone=time_zone,
            ),
            ScorePreview,
        )


class AsyncAtsApplicationStageMethods(AsyncNamespace):
    """`ats.application.stage.…`"""

    @overload
    async def update(
        self,
        *,
        application_id: str,
        stage_id: str,
        note: str | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[False] = False,
    ) -> Moved: ...

    @overload
    async def update(
        self,
        *,
        application_id: str,
        stage_id: str,
        note: str | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[True],
    ) -> DryRun: ...

    async def update(
        self,
        *,
        application_id: str,
        stage_id: str,
        note: str | None = None,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> Moved | DryRun:
        """Move an application to another stage of its pipeline, with a note where one is given."""
        request = StageMove(application_id=application_id, stage_id=stage_id, note=note)
        if dry_run:
            return await self._sender.rehearse("ats.application.stage.update", request)
        return await self._sender.write(
            "ats.application.stage.update", request, Moved, idempotency_key
        )


class AsyncAtsApplicationMethods(AsyncNamespace):
    """`ats.application.…`"""

    @property
    def attachment(self) -> AsyncAtsApplicationAttachmentMethods:
        return AsyncAtsApplicationAttachmentMethods(self._sender)

    @property
    def score(self) -> AsyncAtsApplicationScoreMethods:
        return AsyncAtsApplicationScoreMethods(self._sender)

    @property
    def stage(self) -> AsyncAtsApplicationStageMethods:
        return AsyncAtsApplicationStageMethods(self._sender)

    @overload
    async def create(
        self,
        *,
        job_id: str,
        candidate_id: str | None = None,
        candidate: CandidateDraft | None = None,
        initial_stage_id: str | None = None,
        answers: Sequence[AnswerDraft] = (),
        attachments: Sequence[FileDraft] = (),
        origin: Origin | None = None,
        meta_data: dict[str, Any] | str | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[False] = False,
    ) -> CreatedApplication: ...

    @overload
    async def create(
        self,
        *,
        job_id: str,
        candidate_id: str | None = None,
        candidate: CandidateDraft | None = None,
        initial_stage_id: str | None = None,
        answers: Sequence[AnswerDraft] = (),
        attachments: Sequence[FileDraft] = (),
        origin: Origin | None = None,
        meta_data: dict[str, Any] | str | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[True],
    ) -> DryRun: ...

    async def create(
        self,
        *,
        job_id: str,
        candidate_id: str | None = None,
        candidate: CandidateDraft | None = None,
        initial_stage_id: str | None = None,
        answers: Sequence[AnswerDraft] = (),
        attachments: Sequence[FileDraft] = (),
        origin: Origin | None = None,
        meta_data: dict[str, Any] | str | None = None,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> CreatedApplication | DryRun:
        """Let a candidate apply for a job: a known one (`candidateId`) or a new one
        (`candidate`).

        An application of a known candidate (`candidateId`) or of a new one (`candidate`).
        """
        request = ApplicationDraft(
            job_id=job_id,
            candidate_id=candidate_id,
            candidate=candidate,
            initial_stage_id=initial_stage_id,
            answers=several(answers),
            attachments=several(attachments),
            origin=origin,
            meta_data=meta_data,
        )
        if dry_run:
            return await self._sender.rehearse("ats.application.create", request)
        return await self._sender.write(
            "ats.application.create", request, CreatedApplication, idempotency_key
        )

    async def get(self, *, application_id: str, candidate_id: str | None = None) -> Application:
        """Get one application with all its sections.

        `candidateId` is taken for compatibility; the application's id is enough.
        """
        return await self._sender.read(
            "ats.application.get",
            ApplicationId(application_id=application_id, candidate_id=candidate_id),
            Application,
            "application",
        )

    def list(
        self,
        *,
        created_after: datetime | None = None,
        created_before: datetime | None = None,
        updated_after: datetime | None = None,
        updated_before: datetime | None = None,
        changed_stage_after: datetime | None = None,
        changed_stage_before: datetime | None = None,
        job_id: Several[str] = (),
        stage_id: Several[str] = (),
        status: Several[ApplicationStatus] = (),
        tag: Several[str] = (),
        candidate_id: Several[str] = (),
        candidate_email: Several[str] = (),
        models: Several[ApplicationModel] = (),
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> AsyncRecords[Application]:
        """List applications.

        `models` names the sections wanted; without it come those that cost little at this
        vendor.
        """
        return self._sender.pages(
            "ats.application.list",
            ApplicationQuery(
                created_after=created_after,
                created_before=created_before,
                updated_after=updated_after,
                updated_before=updated_before,
                changed_stage_after=changed_stage_after,
                changed_stage_before=changed_stage_before,
                job_id=several(job_id),
                stage_id=several(stage_id),
                status=several(status),
                tag=several(tag),
                candidate_id=several(candidate_id),
                candidate_email=several(candidate_email),
                models=several(models),
            ),
            Application,
            "applications",
            page_size=page_size,
            page_token=page_token,
        )

    @overload
    async def reject(
        self,
        *,
        application_id: str,
        rejection_reason_id: str | None = None,
        note: str | None = None,
        notify: bool = False,
        idempotency_key: str | None = None,
        dry_run: Literal[False] = False,
    ) -> Rejected: ...

    @overload
    async def reject(
        self,
        *,
        application_id: str,
        rejection_reason_id: str | None = None,
        note: str | None = None,
        notify: bool = False,
        idempotency_key: str | None = None,
        dry_run: Literal[True],
    ) -> DryRun: ...

    async def reject(
        self,
        *,
        application_id: str,
        rejection_reason_id: str | None = None,
        note: str | None = None,
        notify: bool = False,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> Rejected | DryRun:
        """Reject an application. `notify` asks the ATS to tell the candidate, where it can."""
        request = RejectionDraft(
            application_id=application_id,
            rejection_reason_id=rejection_reason_id,
            note=note,
            notify=notify,
        )
        if dry_run:
            return await self._sender.rehearse("ats.application.reject", request)
        return await self._sender.write(
            "ats.application.reject", request, Rejected, idempotency_key
        )


class AsyncAtsAttachmentMethods(AsyncNamespace):
    """`ats.attachment.…`"""

    def download(
        self,
        *,
        attachment_id: str,
        application_id: str | None = None,
        candidate_id: str | None = None,
    ) -> AsyncDownload:
        """Download a file. Its bytes stream through and are not kept.

        Some vendors find an attachment only with its application or candidate: send them
        along.
        """
        return self._sender.download(
            asks.reading(
                "ats.attachment.download",
                AttachmentId(
                    attachment_id=attachment_id,
                    application_id=application_id,
                    candidate_id=candidate_id,
                ),
            )
        )

    def list(
        self,
        *,
        application_id: Several[str] = (),
        candidate_id: Several[str] = (),
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> AsyncRecords[Attachment]:
        """List the files on applications or candidates."""
        return self._sender.pages(
            "ats.attachment.list",
            AttachmentQuery(
                application_id=several(application_id), candidate_id=several(candidate_id)
            ),
            Attachment,
            "attachments",
            page_size=page_size,
            page_token=page_token,
        )


class AsyncAtsCandidateNoteMethods(AsyncNamespace):
    """`ats.candidate.note.…`"""

    @overload
    async def create(
        self,
        *,
        candidate_id: str,
        application_id: str | None = None,
        content: str,
        content_type: ContentType = ContentType.AUTO,
        title: str | None = None,
        visibility: Visibility = Visibility.PUBLIC,
        idempotency_key: str | None = None,
        dry_run: Literal[False] = False,
    ) -> CreatedNote: ...

    @overload
    async def create(
        self,
        *,
        candidate_id: str,
        application_id: str | None = None,
        content: str,
        content_type: ContentType = ContentType.AUTO,
        title: str | None = None,
        visibility: Visibility = Visibility.PUBLIC,
        idempotency_key: str | None = None,
        dry_run: Literal[True],
    ) -> DryRun: ...

    async def create(
        self,
        *,
        candidate_id: str,
        application_id: str | None = None,
        content: str,
        content_type: ContentType = ContentType.AUTO,
        title: str | None = None,
        visibility: Visibility = Visibility.PUBLIC,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> CreatedNote | DryRun:
        """Write a note on the application, or on the candidate where the vendor has no such
        place.

        A note as the caller wrote it; `kit.note_text` renders it for a vendor.
        """
        request = NoteDraft(
            candidate_id=candidate_id,
            application_id=application_id,
            content=content,
            content_type=content_type,
            title=title,
            visibility=visibility,
        )
        if dry_run:
            return await self._sender.rehearse("ats.candidate.note.create", request)
        return await self._sender.write(
            "ats.candidate.note.create", request, CreatedNote, idempotency_key
        )


class AsyncAtsCandidateTagMethods(AsyncNamespace):
    """`ats.candidate.tag.…`"""

    @overload
    async def add(
        self,
        *,
        candidate_id: str,
        application_id: str | None = None,
        tag: str,
        idempotency_key: str | None = None,
        dry_run: Literal[False] = False,
    ) -> Changed: ...

    @overload
    async def add(
        self,
        *,
        candidate_id: str,
        application_id: str | None = None,
        tag: str,
        idempotency_key: str | None = None,
        dry_run: Literal[True],
    ) -> DryRun: ...

    async def add(
        self,
        *,
        candidate_id: str,
        application_id: str | None = None,
        tag: str,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> Changed | DryRun:
        """Put a tag on a candidate; one that the ATS does not know yet is made."""
        request = TagChange(candidate_id=candidate_id, application_id=application_id, tag=tag)
        if dry_run:
            return await self._sender.rehearse("ats.candidate.tag.add", request)
        return await self._sender.write("ats.candidate.tag.add", request, Changed, idempotency_key)

    @overload
    async def remove(
        self,
        *,
        candidate_id: str,
        application_id: str | None = None,
        tag: str,
        idempotency_key: str | None = None,
        dry_run: Literal[False] = False,
    ) -> Changed: ...

    @overload
    async def remove(
        self,
        *,
        candidate_id: str,
        application_id: str | None = None,
        tag: str,
        idempotency_key: str | None = None,
        dry_run: Literal[True],
    ) -> DryRun: ...

    async def remove(
        self,
        *,
        candidate_id: str,
        application_id: str | None = None,
        tag: str,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> Changed | DryRun:
        """Take a tag off a candidate."""
        request = TagChange(candidate_id=candidate_id, application_id=application_id, tag=tag)
        if dry_run:
            return await self._sender.rehearse("ats.candidate.tag.remove", request)
        return await self._sender.write(
            "ats.candidate.tag.remove", request, Changed, idempotency_key
        )


class AsyncAtsCandidateMethods(AsyncNamespace):
    """`ats.candidate.…`"""

    @property
    def note(self) -> AsyncAtsCandidateNoteMethods:
        return AsyncAtsCandidateNoteMethods(self._sender)

    @property
    def tag(self) -> AsyncAtsCandidateTagMethods:
        return AsyncAtsCandidateTagMethods(self._sender)

    @overload
    async def create(
        self,
        *,
        first_name: str,
        last_name: str,
        emails: Sequence[Email] = (),
        phones: Sequence[Phone] = (),
        links: Sequence[str] = (),
        tags: Sequence[str] = (),
        title: str | None = None,
        company: str | None = None,
        headline: str | None = None,
        education: Sequence[EducationDraft] = (),
        present_address: PostalAddress | None = None,
        permanent_address: PostalAddress | None = None,
        work_address: PostalAddress | None = None,
        source_id: str | None = None,
        custom_fields: Mapping[str, Any] | None = None,
        mapped_fields: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[False] = False,
    ) -> CreatedCandidate: ...

    @overload
    async def create(
        self,
        *,
        first_name: str,
        last_name: str,
        emails: Sequence[Email] = (),
        phones: Sequence[Phone] = (),
        links: Sequence[str] = (),
        tags: Sequence[str] = (),
        title: str | None = None,
        company: str | None = None,
        headline: str | None = None,
        education: Sequence[EducationDraft] = (),
        present_address: PostalAddress | None = None,
        permanent_address: PostalAddress | None = None,
        work_address: PostalAddress | None = None,
        source_id: str | None = None,
        custom_fields: Mapping[str, Any] | None = None,
        mapped_fields: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[True],
    ) -> DryRun: ...

    async def create(
        self,
        *,
        first_name: str,
        last_name: str,
        emails: Sequence[Email] = (),
        phones: Sequence[Phone] = (),
        links: Sequence[str] = (),
        tags: Sequence[str] = (),
        title: str | None = None,
        company: str | None = None,
        headline: str | None = None,
        education: Sequence[EducationDraft] = (),
        present_address: PostalAddress | None = None,
        permanent_address: PostalAddress | None = None,
        work_address: PostalAddress | None = None,
        source_id: str | None = None,
        custom_fields: Mapping[str, Any] | None = None,
        mapped_fields: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> CreatedCandidate | DryRun:
        """Create a candidate, without an application where the ATS allows that."""
        request = CandidateDraft(
            first_name=first_name,
            last_name=last_name,
            emails=several(emails),
            phones=several(phones),
            links=several(links),
            tags=several(tags),
            title=title,
            company=company,
            headline=headline,
            education=several(education),
            present_address=present_address,
            permanent_address=permanent_address,
            work_address=work_address,
            source_id=source_id,
            custom_fields=dict(custom_fields or {}),
            mapped_fields=dict(mapped_fields or {}),
        )
        if dry_run:
            return await self._sender.rehearse("ats.candidate.create", request)
        return await self._sender.write(
            "ats.candidate.create", request, CreatedCandidate, idempotency_key
        )

    async def get(self, *, candidate_id: str) -> Candidate:
        """Get one candidate with all sections."""
        return await self._sender.read(
            "ats.candidate.get", CandidateId(candidate_id=candidate_id), Candidate, "candidate"
        )

    def list(
        self,
        *,
        created_after: datetime | None = None,
        created_before: datetime | None = None,
        updated_after: datetime | None = None,
        updated_before: datetime | None = None,
        tag: Several[str] = (),
        email: Several[str] = (),
        job_id: Several[str] = (),
        models: Several[CandidateModel] = (),
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> AsyncRecords[Candidate]:
        """List candidates.

        `models` names the sections wanted; without it come those that cost little at this
        vendor.
        """
        return self._sender.pages(
            "ats.candidate.list",
            CandidateQuery(
                created_after=created_after,
                created_before=created_before,
                updated_after=updated_after,
                updated_before=updated_before,
                tag=several(tag),
                email=several(email),
                job_id=several(job_id),
                models=several(models),
            ),
            Candidate,
            "candidates",
            page_size=page_size,
            page_token=page_token,
        )

    @overload
    async def update(
        self,
        *,
        candidate_id: str,
        first_name: str | None = None,
        last_name: str | None = None,
        emails: Sequence[Email] | None = None,
        phones: Sequence[Phone] | None = None,
        links: Sequence[str] | None = None,
        title: str | None = None,
        company: str | None = None,
        headline: str | None = None,
        present_address: PostalAddress | None = None,
        custom_fields: Mapping[str, Any] | None = None,
        mapped_fields: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[False] = False,
    ) -> Changed: ...

    @overload
    async def update(
        self,
        *,
        candidate_id: str,
        first_name: str | None = None,
        last_name: str | None = None,
        emails: Sequence[Email] | None = None,
        phones: Sequence[Phone] | None = None,
        links: Sequence[str] | None = None,
        title: str | None = None,
        company: str | None = None,
        headline: str | None = None,
        present_address: PostalAddress | None = None,
        custom_fields: Mapping[str, Any] | None = None,
        mapped_fields: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[True],
    ) -> DryRun: ...

    async def update(
        self,
        *,
        candidate_id: str,
        first_name: str | None = None,
        last_name: str | None = None,
        emails: Sequence[Email] | None = None,
        phones: Sequence[Phone] | None = None,
        links: Sequence[str] | None = None,
        title: str | None = None,
        company: str | None = None,
        headline: str | None = None,
        present_address: PostalAddress | None = None,
        custom_fields: Mapping[str, Any] | None = None,
        mapped_fields: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> Changed | DryRun:
        """Change a candidate: only what is given; a list replaces the whole list.

        Only what is given changes; a list replaces the whole list.
        """
        request = CandidateChanges(
            candidate_id=candidate_id,
            first_name=first_name,
            last_name=last_name,
            emails=None if emails is None else several(emails),
            phones=None if phones is None else several(phones),
            links=None if links is None else several(links),
            title=title,
            company=company,
            headline=headline,
            present_address=present_address,
            custom_fields=dict(custom_fields or {}),
            mapped_fields=dict(mapped_fields or {}),
        )
        if dry_run:
            return await self._sender.rehearse("ats.candidate.update", request)
        return await self._sender.write("ats.candidate.update", request, Changed, idempotency_key)


class AsyncAtsCandidatesMethods(AsyncNamespace):
    """`ats.candidates.…`"""

    async def search(
        self,
        *,
        first_name: str | None = None,
        last_name: str | None = None,
        emails: Sequence[str] = (),
        phones: Sequence[str] = (),
    ) -> Page[Candidate]:
        """Find people by name, e-mail or phone: all of what is given must fit.

        People who fit all of what is given; of several e-mails or phones, any.
        """
        return await self._sender.search(
            "ats.candidates.search",
            CandidateSearch(
                first_name=first_name,
                last_name=last_name,
                emails=several(emails),
                phones=several(phones),
            ),
            Candidate,
            "candidates",
        )


class AsyncAtsCustomFieldMethods(AsyncNamespace):
    """`ats.customField.…`"""

    def list(
        self,
        *,
        owner: Several[CustomFieldOwner] = (),
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> AsyncRecords[CustomField]:
        """List custom fields; `key` is a field's name in a record's `customFields`."""
        return self._sender.pages(
            "ats.customField.list",
            CustomFieldQuery(owner=several(owner)),
            CustomField,
            "customFields",
            page_size=page_size,
            page_token=page_token,
        )


class AsyncAtsDepartmentMethods(AsyncNamespace):
    """`ats.department.…`"""

    def list(
        self, *, page_size: int | None = None, page_token: str | None = None
    ) -> AsyncRecords[Department]:
        """List departments; `parentId` makes a tree of them.

        The request of an operation that takes no parameters.
        """
        return self._sender.pages(
            "ats.department.list",
            None,
            Department,
            "departments",
            page_size=page_size,
            page_token=page_token,
        )


class AsyncAtsEeocMethods(AsyncNamespace):
    """`ats.eeoc.…`"""

    async def get(self, *, application_id: str) -> Eeoc:
        """Get the equal-opportunity answers of one application."""
        return await self._sender.read(
            "ats.eeoc.get", OfApplication(application_id=application_id), Eeoc, "eeoc"
        )

    def list(
        self,
        *,
        submitted_after: datetime | None = None,
        submitted_before: datetime | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> AsyncRecords[Eeoc]:
        """List equal-opportunity answers. They need a permission of their own at the vendor."""
        return self._sender.pages(
            "ats.eeoc.list",
            EeocQuery(submitted_after=submitted_after, submitted_before=submitted_before),
            Eeoc,
            "eeoc",
            page_size=page_size,
            page_token=page_token,
        )


class AsyncAtsInterviewMethods(AsyncNamespace):
    """`ats.interview.…`"""

    @overload
    async def cancel(
        self,
        *,
        interview_id: str,
        application_id: str | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[False] = False,
    ) -> Cancelled: ...

    @overload
    async def cancel(
        self,
        *,
        interview_id: str,
        application_id: str | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[True],
    ) -> DryRun: ...

    async def cancel(
        self,
        *,
        interview_id: str,
        application_id: str | None = None,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> Cancelled | DryRun:
        """Cancel an interview. Most vendors allow it only for those made by API."""
        request = InterviewCancellation(interview_id=interview_id, application_id=application_id)
        if dry_run:
            return await self._sender.rehearse("ats.interview.cancel", request)
        return await self._sender.write("ats.interview.cancel", request, Cancelled, idempotency_key)

    @overload
    async def create(
        self,
        *,
        application_id: str,
        subject: str | None = None,
        interview_type_id: str | None = None,
        scheduled_start: datetime,
        scheduled_end: datetime,
        timezone: str = "UTC",
        interviewer_ids: Sequence[str] = (),
        interviewer_emails: Sequence[str] = (),
        organizer_id: str | None = None,
        location: str | None = None,
        meeting_url: str | None = None,
        note: str | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[False] = False,
    ) -> ScheduledInterview: ...

    @overload
    async def create(
        self,
        *,
        application_id: str,
        subject: str | None = None,
        interview_type_id: str | None = None,
        scheduled_start: datetime,
        scheduled_end: datetime,
        timezone: str = "UTC",
        interviewer_ids: Sequence[str] = (),
        interviewer_emails: Sequence[str] = (),
        organizer_id: str | None = None,
        location: str | None = None,
        meeting_url: str | None = None,
        note: str | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[True],
    ) -> DryRun: ...

    async def create(
        self,
        *,
        application_id: str,
        subject: str | None = None,
        interview_type_id: str | None = None,
        scheduled_start: datetime,
        scheduled_end: datetime,
        timezone: str = "UTC",
        interviewer_ids: Sequence[str] = (),
        interviewer_emails: Sequence[str] = (),
        organizer_id: str | None = None,
        location: str | None = None,
        meeting_url: str | None = None,
        note: str | None = None,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> ScheduledInterview | DryRun:
        """Put an interview into the ATS.

        A meeting to put into the ATS; interviewers are its users, by id or by e-mail.
        """
        request = InterviewDraft(
            application_id=application_id,
            subject=subject,
            interview_type_id=interview_type_id,
            scheduled_start=scheduled_start,
            scheduled_end=scheduled_end,
            timezone=timezone,
            interviewer_ids=several(interviewer_ids),
            interviewer_emails=several(interviewer_emails),
            organizer_id=organizer_id,
            location=location,
            meeting_url=meeting_url,
            note=note,
        )
        if dry_run:
            return await self._sender.rehearse("ats.interview.create", request)
        return await self._sender.write(
            "ats.interview.create", request, ScheduledInterview, idempotency_key
        )

    def list(
        self,
        *,
        application_id: Several[str] = (),
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> AsyncRecords[Interview]:
        """List interviews, of some applications or, where the vendor can, of all.

        Records that belong to applications; none given means all, where the vendor lists all.
        """
        return self._sender.pages(
            "ats.interview.list",
            OfApplications(application_id=several(application_id)),
            Interview,
            "interviews",
            page_size=page_size,
            page_token=page_token,
        )

    @overload
    async def update(
        self,
        *,
        interview_id: str,
        application_id: str | None = None,
        subject: str | None = None,
        scheduled_start: datetime | None = None,
        scheduled_end: datetime | None = None,
        timezone: str | None = None,
        interviewer_ids: Sequence[str] | None = None,
        interviewer_emails: Sequence[str] | None = None,
        location: str | None = None,
        meeting_url: str | None = None,
        note: str | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[False] = False,
    ) -> ScheduledInterview: ...

    @overload
    async def update(
        self,
        *,
        interview_id: str,
        application_id: str | None = None,
        subject: str | None = None,
        scheduled_start: datetime | None = None,
        scheduled_end: datetime | None = None,
        timezone: str | None = None,
        interviewer_ids: Sequence[str] | None = None,
        interviewer_emails: Sequence[str] | None = None,
        location: str | None = None,
        meeting_url: str | None = None,
        note: str | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[True],
    ) -> DryRun: ...

    async def update(
        self,
        *,
        interview_id: str,
        application_id: str | None = None,
        subject: str | None = None,
        scheduled_start: datetime | None = None,
        scheduled_end: datetime | None = None,
        timezone: str | None = None,
        interviewer_ids: Sequence[str] | None = None,
        interviewer_emails: Sequence[str] | None = None,
        location: str | None = None,
        meeting_url: str | None = None,
        note: str | None = None,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> ScheduledInterview | DryRun:
        """Change an interview. Most vendors allow it only for those made by API."""
        request = InterviewChanges(
            interview_id=interview_id,
            application_id=application_id,
            subject=subject,
            scheduled_start=scheduled_start,
            scheduled_end=scheduled_end,
            timezone=timezone,
            interviewer_ids=None if interviewer_ids is None else several(interviewer_ids),
            interviewer_emails=None if interviewer_emails is None else several(interviewer_emails),
            location=location,
            meeting_url=meeting_url,
            note=note,
        )
        if dry_run:
            return await self._sender.rehearse("ats.interview.update", request)
        return await self._sender.write(
            "ats.interview.update", request, ScheduledInterview, idempotency_key
        )


class AsyncAtsJobMethods(AsyncNamespace):
    """`ats.job.…`"""

    @overload
    async def create(
        self,
        *,
        title: str,
        description: str | None = None,
        status: JobStatus | None = None,
        code: str | None = None,
        department_id: str | None = None,
        office_id: str | None = None,
        workplace_type: WorkplaceType | None = None,
        openings: int | None = None,
        hiring_manager_id: str | None = None,
        salary_min: Decimal | None = None,
        salary_max: Decimal | None = None,
        salary_currency: str | None = None,
        template_id: str | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[False] = False,
    ) -> CreatedJob: ...

    @overload
    async def create(
        self,
        *,
        title: str,
        description: str | None = None,
        status: JobStatus | None = None,
        code: str | None = None,
        department_id: str | None = None,
        office_id: str | None = None,
        workplace_type: WorkplaceType | None = None,
        openings: int | None = None,
        hiring_manager_id: str | None = None,
        salary_min: Decimal | None = None,
        salary_max: Decimal | None = None,
        salary_currency: str | None = None,
        template_id: str | None = None,
        idempotency_key: str | None = None,
        dry_run: Literal[True],
    ) -> DryRun: ...

    async def create(
        self,
        *,
        title: str,
        description: str | None = None,
        status: JobStatus | None = None,
        code: str | None = None,
        department_id: str | None = None,
        office_id: str | None = None,
        workplace_type: WorkplaceType | None = None,
        openings: int | None = None,
        hiring_manager_id: str | None = None,
        salary_min: Decimal | None = None,
        salary_max: Decimal | None = None,
        salary_currency: str | None = None,
        template_id: str | None = None,
        idempotency_key: str | None = None,
        dry_run: bool = False,
    ) -> CreatedJob | DryRun:
        """Create a job."""
        request = JobDraft(
            title=title,
            description=description,
            status=status,
            code=code,
            department_id=department_id,
            office_id=office_id,
            workplace_type=workplace_type,
            openings=openings,
            hiring_manager_id=hiring_manager_id,
            salary_min=salary_min,
            salary_max=salary_max,
            salary_currency=salary_currency,
            template_id=template_id,
        )
        if dry_run:
            return await self._sender.rehearse("ats.job.create", request)
        return await self._sender.write("ats.job.create", request, CreatedJob, idempotency_key)

    async def get(self, *, job_id: str) -> Job:
        """Get one job with all its sections."""
        return await self._sender.read("ats.job.get", JobId(job_id=job_id), Job, "job")

    def list(
        self,
        *,
        created_after: datetime | None = None,
        created_before: datetime | None = None,
        updated_after: datetime | None = None,
        updated_before: datetime | None = None,
        status: Several[JobStatus] = (),
        tag: Several[str] = (),
        office_id: Several[str] = (),
        department_id: Several[str] = (),
        models: Several[JobModel] = (),
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> AsyncRecords[Job]:
        """List jobs: what the customer advertises and hires for.

        `models` names the sections wanted; without it come those that cost little at this
        vendor.
        """
        return self._sender.pages(
            "ats.job.list",
            JobQuery(
                created_after=created_after,
                created_before=created_before,
                updated_after=updated_after,
                updated_before=updated_before,
                status=several(status),
                tag=several(tag),
                office_id=several(office_id),
                department_id=several(department_id),
                models=several(models),
            ),
            Job,
            "jobs",
            page_size=page_size,
            page_token=page_token,
        )


class AsyncAtsNoteMethods(AsyncNamespace):
    """`ats.note.…`"""

    def list(
        self,
        *,
        candidate_id: Several[str] = (),
        application_id: Several[str] = (),
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> AsyncRecords[Note]:
        """List notes and e-mails on candidates or applications."""
        return self._sender.pages(
            "ats.note.list",
            NoteQuery(candidate_id=several(candidate_id), application_id=several(application_id)),
            Note,
            "notes",
            page_size=page_size,
            page_token=page_token,
        )


class AsyncAtsOfferMethods(AsyncNamespace):
    """`ats.offer.…`"""

    def list(
        self,
        *,
        application_id: Several[str] = (),
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> AsyncRecords[Offer]:
        """List offers, every version of them.

        Records that belong to applications; none given means all, where the vendor lists all.
        """
        return self._sender.pages(
            "ats.offer.list",
            OfApplications(application_id=several(application_id)),
            Offer,
            "offers",
            page_size=page_size,
            page_token=page_token,
        )


class AsyncAtsOfficeMethods(AsyncNamespace):
    """`ats.office.…`"""

    def list(
        self, *, page_size: int | None = None, page_token: str | None = None
    ) -> AsyncRecords[Office]:
        """List offices.

        The request of an operation that takes no parameters.
        """
        return self._sender.pages(
            "ats.office.list", None, Office, "offices", page_size=page_size, page_token=page_token
        )


class AsyncAtsRejectionReasonMethods(AsyncNamespace):
    """`ats.rejectionReason.…`"""

    def list(
        self, *, page_size: int | None = None, page_token: str | None = None
    ) -> AsyncRecords[RejectionReason]:
        """List the reasons that an application can be rejected with.

        The request of an operation that takes no parameters.
        """
        return self._sender.pages(
            "ats.rejectionReason.list",
            None,
            RejectionReason,
            "rejectionReasons",
            page_size=page_size,
            page_token=page_token,
        )


class AsyncAtsScorecardMethods(AsyncNamespace):
    """`ats.scorecard.…`"""

    def list(
        self,
        *,
        application_id: Several[str] = (),
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> AsyncRecords[Scorecard]:
        """List scorecards: the feedback of interviewers, with their recommendation.

        Records that belong to applications; none given means all, where the vendor lists all.
        """
        return self._sender.pages(
            "ats.scorecard.list",
            OfApplications(application_id=several(application_id)),
            Scorecard,
            "scorecards",
            page_size=page_size,
            page_token=page_token,
        )


class AsyncAtsSourceMethods(AsyncNamespace):
    """`ats.source.…`"""

    def list(
        self, *, page_size: int | None = None, page_token: str | None = None
    ) -> AsyncRecords[Source]:
        """List the sources that candidates come from.

        The request of an operation that takes no parameters.
        """
        return self._sender.pages(
            "ats.source.list", None, Source, "sources", page_size=page_size, page_token=page_token
        )


class AsyncAtsStageMethods(AsyncNamespace):
    """`ats.stage.…`"""

    def list(
        self,
        *,
        job_id: Several[str] = (),
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> AsyncRecords[Stage]:
        """List the stages of pipelines, of one job or of all. A stage without a job is every
        job's.
        """
        return self._sender.pages(
            "ats.stage.list",
            StageQuery(job_id=several(job_id)),
            Stage,
            "stages",
            page_size=page_size,
            page_token=page_token,
        )


class AsyncAtsTagMethods(AsyncNamespace):
    """`ats.tag.…`"""

    def list(
        self, *, page_size: int | None = None, page_token: str | None = None
    ) -> AsyncRecords[Tag]:
        """List the tags that candidates can carry.

        The request of an operation that takes no parameters.
        """
        return self._sender.pages(
            "ats.tag.list", None, Tag, "tags", page_size=page_size, page_token=page_token
        )


class AsyncAtsUserMethods(AsyncNamespace):
    """`ats.user.…`"""

    def list(
        self, *, page_size: int | None = None, page_token: str | None = None
    ) -> AsyncRecords[User]:
        """List the users of the ATS, deactivated ones as well (`active` is false).

        The request of an operation that takes no parameters.
        """
        return self._sender.pages(
            "ats.user.list", None, User, "users", page_size=page_size, page_token=page_token
        )


class AsyncAtsMethods(AsyncNamespace):
    """`ats.…`"""

    @property
    def application(self) -> AsyncAtsApplicationMethods:
        return AsyncAtsApplicationMethods(self._sender)

    @property
    def attachment(self) -> AsyncAtsAttachmentMethods:
        return AsyncAtsAttachmentMethods(self._sender)

    @property
    def candidate(self) -> AsyncAtsCandidateMethods:
        return AsyncAtsCandidateMethods(self._sender)

    @property
    def candidates(self) -> AsyncAtsCandidatesMethods:
        return AsyncAtsCandidatesMethods(self._sender)

    @property
    def custom_field(self) -> AsyncAtsCustomFieldMethods:
        return AsyncAtsCustomFieldMethods(self._sender)

    @property
    def department(self) -> AsyncAtsDepartmentMethods:
        return AsyncAtsDepartmentMethods(self._sender)

    @property
    def eeoc(self) -> AsyncAtsEeocMethods:
        return AsyncAtsEeocMethods(self._sender)

    @property
    def interview(self) -> AsyncAtsInterviewMethods:
        return AsyncAtsInterviewMethods(self._sender)

    @property
    def job(self) -> AsyncAtsJobMethods:
        return AsyncAtsJobMethods(self._sender)

    @property
    def note(self) -> AsyncAtsNoteMethods:
        return AsyncAtsNoteMethods(self._sender)

    @property
    def offer(self) -> AsyncAtsOfferMethods:
        return AsyncAtsOfferMethods(self._sender)

    @property
    def office(self) -> AsyncAtsOfficeMethods:
        return AsyncAtsOfficeMethods(self._sender)

    @property
    def rejection_reason(self) -> AsyncAtsRejectionReasonMethods:
        return AsyncAtsRejectionReasonMethods(self._sender)

    @property
    def scorecard(self) -> AsyncAtsScorecardMethods:
        return AsyncAtsScorecardMethods(self._sender)

    @property
    def source(self) -> AsyncAtsSourceMethods:
        return AsyncAtsSourceMethods(self._sender)

    @property
    def stage(self) -> AsyncAtsStageMethods:
        return AsyncAtsStageMethods(self._sender)

    @property
    def tag(self) -> AsyncAtsTagMethods:
        return AsyncAtsTagMethods(self._sender)

    @property
    def user(self) -> AsyncAtsUserMethods:
        return AsyncAtsUserMethods(self._sender)


class AsyncAuthMethods(AsyncNamespace):
    """`auth.…`"""

    async def create_session(
        self,
        *,
        origin_org_id: str,
        origin_org_name: str,
        origin_user_email: str,
        origin_user_name: str,
        filters: Sequence[SessionFilter] = (),
        test_account: bool = False,
        language: str = "en",
        redirect_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> ConnectSession:
        """Make a token, good once and for 30 minutes, by which a customer connects an account."""
        return await self._sender.write(
            "auth.createSession",
            SessionRequest(
                origin_org_id=origin_org_id,
                origin_org_name=origin_org_name,
                origin_user_email=origin_user_email,
                origin_user_name=origin_user_name,
                filters=several(filters),
                test_account=test_account,
                language=language,
                redirect_url=redirect_url,
            ),
            ConnectSession,
            idempotency_key,
        )


class AsyncConnectorMethods(AsyncNamespace):
    """`connector.…`"""

    async def get(self, *, app_id: str | None = None) -> ConnectorAnswer:
        """Say what a vendor can do and what connecting it takes.

        With the integration header, what this account was found to lack a permission or a
        setting for is PERMISSION_MISSING, and all of a deactivated account is DISABLED.

        The app, or with the header the integration, whose missing permissions are then shown.
        """
        return await self._sender.read(
            "connector.get", ConnectorQuery(app_id=app_id), ConnectorAnswer, None
        )

    async def list(self) -> ConnectorList:
        """List the vendors that can be connected.

        The request of an operation that takes no parameters.
        """
        return await self._sender.read("connector.list", None, ConnectorList, None)


class AsyncDeliveryMethods(AsyncNamespace):
    """`delivery.…`"""

    async def get(self, *, delivery_id: str) -> DeliveryAnswer:
        """Say what became of one event at one webhook: attempts, the last reason, the next
        attempt.
        """
        return await self._sender.read(
            "delivery.get", DeliveryChoice(delivery_id=delivery_id), DeliveryAnswer, None
        )

    def list(
        self,
        *,
        webhook_id: str | None = None,
        integration_id: str | None = None,
        sync_run_id: str | None = None,
        record_id: str | None = None,
        state: DeliveryState | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> AsyncRecords[Delivery]:
        """List deliveries, the newest event first: what waits, fails, arrived or was given up.

        `since` and `until` are about when the event was emitted.
        """
        return self._sender.pages(
            "delivery.list",
            DeliveryQuery(
                webhook_id=webhook_id,
                integration_id=integration_id,
                sync_run_id=sync_run_id,
                record_id=record_id,
                state=state,
                since=since,
                until=until,
            ),
            Delivery,
            "deliveries",
            page_size=page_size,
            page_token=page_token,
        )

    async def replay(
        self,
        *,
        delivery_ids: Sequence[str] = (),
        sync_run_id: str | None = None,
        webhook_id: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        idempotency_key: str | None = None,
    ) -> Replayed:
        """Send again what failed or was given up, from the first attempt on.

        Which ones: by id, of a run, of a webhook, or of a time; what is given must all fit.
        """
        return await self._sender.write(
            "delivery.replay",
            ReplayRequest(
                delivery_ids=several(delivery_ids),
                sync_run_id=sync_run_id,
                webhook_id=webhook_id,
                since=since,
                until=until,
            ),
            Replayed,
            idempotency_key,
        )


class AsyncEventsMethods(AsyncNamespace):
    """`events.…`"""

    async def list(self) -> EventsShown:
        """Show which of the vendor's own events are subscribed, and which there are.

        The request of an operation that takes no parameters.
        """
        return await self._sender.read("events.list", None, EventsShown, None)

    async def subscribe(
        self,
        *,
        events: Sequence[Happening],
        secrets: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> Subscribed:
        """Hear of changes from the vendor itself: registers its webhooks, or says how a person
        does.

        Records that it touches are read again and told as record events. Calling it again
        changes nothing but adds what is new.

        `secrets` brings what the vendor shows when a person registers the webhooks there, by
        the

        vendor's name of the event. Send the call again with it: what was subscribed before
        stays.
        """
        return await self._sender.write(
            "events.subscribe",
            EventsSubscribe(events=several(events), secrets=dict(secrets or {})),
            Subscribed,
            idempotency_key,
        )

    async def unsubscribe(
        self, *, events: Sequence[Happening] = (), idempotency_key: str | None = None
    ) -> EventsShown:
        """Stop hearing of events. What was registered by API is removed at the vendor, too.

        The events to give up; none named means all.
        """
        return await self._sender.write(
            "events.unsubscribe",
            EventsUnsubscribe(events=several(events)),
            EventsShown,
            idempotency_key,
        )


class AsyncIntegrationCaptureMethods(AsyncNamespace):
    """`integration.capture.…`"""

    def list(
        self,
        *,
        execution_id: str | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> AsyncRecords[CapturedCall]:
        """List calls that were captured of an account, the newest first. Each reading is
        audited.

        With `executionId` only what belongs to that call.
        """
        return self._sender.pages(
            "integration.capture.list",
            CaptureQuery(execution_id=execution_id),
            CapturedCall,
            "calls",
            page_size=page_size,
            page_token=page_token,
        )

    async def start(
        self, *, minutes: int = 15, idempotency_key: str | None = None
    ) -> CaptureAnswer:
        """Keep calls of an account in outline for some minutes: no person and no secret stays in
        it.

        It works in every process within a second, and what it kept is erased a day after it
        began.

        For so many minutes calls are captured; a capture that is on already ends.
        """
        return await self._sender.write(
            "integration.capture.start",
            CaptureStart(minutes=minutes),
            CaptureAnswer,
            idempotency_key,
        )

    async def stop(
        self, *, erase: bool = False, idempotency_key: str | None = None
    ) -> CaptureAnswer:
        """End a capture before its time; with `erase` all that was captured of the account goes.

        With `erase` all that was captured of the account is erased as well.
        """
        return await self._sender.write(
            "integration.capture.stop", CaptureStop(erase=erase), CaptureAnswer, idempotency_key
        )


class AsyncIntegrationCredentialsMethods(AsyncNamespace):
    """`integration.credentials.…`"""

    async def update(
        self,
        *,
        credentials: Mapping[str, str],
        settings: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> IntegrationChange:
        """Replace an account's credentials; the new ones are verified first. Its id stays."""
        return await self._sender.write(
            "integration.credentials.update",
            CredentialsUpdate(
                credentials=dict(credentials), settings=None if settings is None else dict(settings)
            ),
            IntegrationChange,
            idempotency_key,
        )


class AsyncIntegrationMethods(AsyncNamespace):
    """`integration.…`"""

    @property
    def capture(self) -> AsyncIntegrationCaptureMethods:
        return AsyncIntegrationCaptureMethods(self._sender)

    @property
    def credentials(self) -> AsyncIntegrationCredentialsMethods:
        return AsyncIntegrationCredentialsMethods(self._sender)

    async def deactivate(self, *, idempotency_key: str | None = None) -> IntegrationChange:
        """Stop all use of an account; its credentials stay sealed until it is deleted.

        The request of an operation that takes no parameters.
        """
        return await self._sender.write(
            "integration.deactivate", None, IntegrationChange, idempotency_key
        )

    async def delete(self, *, idempotency_key: str | None = None) -> Deleted:
        """Delete an account: its key first, then all else. Only the audit entry stays.

        Webhooks that were registered by API are removed at the vendor, as far as it lets us.

        The request of an operation that takes no parameters.
        """
        return await self._sender.write("integration.delete", None, Deleted, idempotency_key)

    async def details(self, *, origin_org_id: str | None = None) -> ConnectedApps:
        """Show the accounts of one of your customers, or the one that the header names.

        The accounts of one organisation, or with the header the one that it names.
        """
        return await self._sender.read(
            "integration.details", DetailsQuery(origin_org_id=origin_org_id), ConnectedApps, None
        )

    async def export(self, *, idempotency_key: str | None = None) -> IntegrationExport:
        """Take an account out, credentials in clear, to import it elsewhere. It is audited.

        The request of an operation that takes no parameters.
        """
        return await self._sender.write(
            "integration.export", None, IntegrationExport, idempotency_key
        )

    async def import_(
        self,
        *,
        origin_org_id: str,
        origin_org_name: str,
        app_id: str,
        credentials: Mapping[str, str],
        settings: Mapping[str, str] | None = None,
        test_account: bool = False,
        idempotency_key: str | None = None,
    ) -> Imported:
        """Connect an account with credentials that you have; they are verified with the vendor."""
        return await self._sender.write(
            "integration.import",
            IntegrationImport(
                origin_org_id=origin_org_id,
                origin_org_name=origin_org_name,
                app_id=app_id,
                credentials=dict(credentials),
                settings=dict(settings or {}),
                test_account=test_account,
            ),
            Imported,
            idempotency_key,
        )

    def list(
        self,
        *,
        origin_org_id: str | None = None,
        app_id: str | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> AsyncRecords[IntegrationDetails]:
        """List all connected accounts, a page at a time."""
        return self._sender.pages(
            "integration.list",
            IntegrationQuery(origin_org_id=origin_org_id, app_id=app_id),
            IntegrationDetails,
            "integrations",
            page_size=page_size,
            page_token=page_token,
        )

    async def reactivate(self, *, idempotency_key: str | None = None) -> IntegrationChange:
        """Use a deactivated account again, if its credentials still work.

        The request of an operation that takes no parameters.
        """
        return await self._sender.write(
            "integration.reactivate", None, IntegrationChange, idempotency_key
        )

    async def verify(self) -> Verified:
        """Ask the vendor whether the account's credentials still work.

        The request of an operation that takes no parameters.
        """
        return await self._sender.ask("integration.verify", None, Verified)


class AsyncIssueMethods(AsyncNamespace):
    """`issue.…`"""

    async def get(self, *, issue_id: str) -> IssueAnswer:
        """Say what an issue is about, how often it was seen, and what to do step by step."""
        return await self._sender.read(
            "issue.get", IssueChoice(issue_id=issue_id), IssueAnswer, None
        )

    def list(
        self,
        *,
        state: IssueState | None = None,
        kind: str | None = None,
        integration_id: str | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> AsyncRecords[Issue]:
        """List the causes of failures, the newest first: what, since when, who must act, what to
        do.

        Without `state` those of every state; the newest first.
        """
        return self._sender.pages(
            "issue.list",
            IssueQuery(state=state, kind=kind, integration_id=integration_id),
            Issue,
            "issues",
            page_size=page_size,
            page_token=page_token,
        )

    async def mute(
        self, *, issue_id: str, hours: int = 24, idempotency_key: str | None = None
    ) -> IssueAnswer:
        """Tell nobody of an issue for some hours; it is still listed, and resolves itself as
        ever.

        For so many hours nobody is told of it, even if it is resolved and comes back.
        """
        return await self._sender.write(
            "issue.mute", IssueMuting(issue_id=issue_id, hours=hours), IssueAnswer, idempotency_key
        )

    async def unmute(self, *, issue_id: str, idempotency_key: str | None = None) -> IssueAnswer:
        """Undo issue.mute: when the issue comes up anew, it is told again."""
        return await self._sender.write(
            "issue.unmute", IssueChoice(issue_id=issue_id), IssueAnswer, idempotency_key
        )


class AsyncMappingFieldMethods(AsyncNamespace):
    """`mapping.field.…`"""

    async def delete(self, *, key: str, idempotency_key: str | None = None) -> MappingFieldDeleted:
        """Forget a declared field; it is unmapped at all accounts and leaves their records."""
        return await self._sender.write(
            "mapping.field.delete",
            MappingFieldChoice(key=key),
            MappingFieldDeleted,
            idempotency_key,
        )

    async def list(self) -> MappingFieldList:
        """List the fields that you declared.

        The request of an operation that takes no parameters.
        """
        return await self._sender.read("mapping.field.list", None, MappingFieldList, None)

    async def put(
        self,
        *,
        key: str,
        label: str,
        description: str = "",
        owner: MappingOwner,
        app_ids: Sequence[str] = (),
        idempotency_key: str | None = None,
    ) -> MappingFieldShown:
        """Declare a field of your own, or change it; your customers map it to one of their
        ATS's.

        Another `owner`, or `appIds` that leave a vendor out, unmaps it at the accounts
        concerned.

        `key` is the field's name in `mappedFields`; without `appIds` it is asked of every
        vendor.
        """
        return await self._sender.write(
            "mapping.field.put",
            MappingFieldDraft(
                key=key, label=label, description=description, owner=owner, app_ids=several(app_ids)
            ),
            MappingFieldShown,
            idempotency_key,
        )


class AsyncMappingMethods(AsyncNamespace):
    """`mapping.…`"""

    @property
    def field(self) -> AsyncMappingFieldMethods:
        return AsyncMappingFieldMethods(self._sender)

    async def list(self) -> MappingList:
        """List what each declared field is mapped to at this account, without asking the vendor.

        The request of an operation that takes no parameters.
        """
        return await self._sender.read("mapping.list", None, MappingList, None)

    async def update(
        self, *, mappings: Mapping[str, str | None], idempotency_key: str | None = None
    ) -> MappingList:
        """Map declared fields to custom fields of this account, checked with the vendor.

        The next run of the syncs concerned reads everything, and tells of the records that
        show another value than before.

        By declared key the id of a custom field (`ats.customField.list`), or null to unmap
        it;

        what is not named stays as it is.
        """
        return await self._sender.write(
            "mapping.update", MappingUpdate(mappings=dict(mappings)), MappingList, idempotency_key
        )


class AsyncOauthClientMethods(AsyncNamespace):
    """`oauth.client.…`"""

    async def delete(
        self, *, app_id: str, idempotency_key: str | None = None
    ) -> OAuthClientDeleted:
        """Forget your OAuth client at a vendor. Accounts that were connected with it go on."""
        return await self._sender.write(
            "oauth.client.delete",
            OAuthClientChoice(app_id=app_id),
            OAuthClientDeleted,
            idempotency_key,
        )

    async def list(self) -> OAuthClientList:
        """List your OAuth clients, without their secrets.

        The request of an operation that takes no parameters.
        """
        return await self._sender.read("oauth.client.list", None, OAuthClientList, None)

    async def put(
        self, *, app_id: str, client_id: str, client_secret: str, idempotency_key: str | None = None
    ) -> OAuthClientShown:
        """Keep your OAuth client at a vendor, sealed; the connect window then asks for consent
        there.

        One client per vendor: another takes the place of the one before.

        The client that a vendor gave you: customers consent to it in the connect window.
        """
        return await self._sender.write(
            "oauth.client.put",
            OAuthClientDraft(app_id=app_id, client_id=client_id, client_secret=client_secret),
            OAuthClientShown,
            idempotency_key,
        )


class AsyncOauthMethods(AsyncNamespace):
    """`oauth.…`"""

    @property
    def client(self) -> AsyncOauthClientMethods:
        return AsyncOauthClientMethods(self._sender)


class AsyncScoreLayoutMethods(AsyncNamespace):
    """`score.layout.…`"""

    async def delete(
        self, *, assessment_type: str = "", idempotency_key: str | None = None
    ) -> ScoreLayoutDeleted:
        """Delete a layout: the next one that fits then holds."""
        return await self._sender.write(
            "score.layout.delete",
            ScoreLayoutChoice(assessment_type=assessment_type),
            ScoreLayoutDeleted,
            idempotency_key,
        )

    async def list(self) -> ScoreLayoutList:
        """List the layouts of all accounts, and those of the account that the header names.

        The request of an operation that takes no parameters.
        """
        return await self._sender.read("score.layout.list", None, ScoreLayoutList, None)

    async def put(
        self,
        *,
        assessment_type: str = "",
        template: str | None = None,
        scorecard_form_id: str | None = None,
        custom_fields: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> ScoreLayoutAnswer:
        """Lay down how scores of a type of assessment are shown, for one account or for all.

        How scores of one type of assessment are shown; an empty type is for all others.

        `template` is HTML with Jinja2. `scorecardFormId` is the form (Lever: feedback
        template, Ashby: feedback form, Greenhouse: interview kit) and `customFields` says
        which custom field holds what of the score: `assessment`, `score`, `score.label`,
        `score.percentile`, `result`, `completedAt`, `reportUrl`, `evaluator`, `notes`,
        `attributes` or `summary`. Both hold for one account, so they take the header
        X-Integration-Id.
        """
        return await self._sender.write(
            "score.layout.put",
            ScoreLayoutDraft(
                assessment_type=assessment_type,
                template=template,
                scorecard_form_id=scorecard_form_id,
                custom_fields=dict(custom_fields or {}),
            ),
            ScoreLayoutAnswer,
            idempotency_key,
        )


class AsyncScoreMethods(AsyncNamespace):
    """`score.…`"""

    @property
    def layout(self) -> AsyncScoreLayoutMethods:
        return AsyncScoreLayoutMethods(self._sender)


class AsyncSyncCustomMethods(AsyncNamespace):
    """`sync.custom.…`"""

    async def start(
        self,
        *,
        api_details: ApiDetails,
        record_identifier: str,
        list_identifier: str,
        webhook_url: str,
        idempotency_id: str | None = None,
        frequency: str | int = "standard",
        idempotency_key: str | None = None,
    ) -> CustomStarted:
        """Poll any call of the vendor's own API and tell what changed in its list.

        Events go to `webhookURL` alone, signed with a secret that the first answer shows. The
        same `idempotencyId` does not make a second sync. `sync.update` and `sync.stop` take
        its id.

        Poll any call of the vendor's and tell what changed in its list.

        `listIdentifier` and `recordIdentifier` are JSONPaths: of the list in the answer, and
        of the id in a record.
        """
        return await self._sender.write(
            "sync.custom.start",
            CustomStart(
                api_details=api_details,
                record_identifier=record_identifier,
                list_identifier=list_identifier,
                webhook_url=webhook_url,
                idempotency_id=idempotency_id,
                frequency=frequency,
            ),
            CustomStarted,
            idempotency_key,
        )


class AsyncSyncFilterMethods(AsyncNamespace):
    """`sync.filter.…`"""

    async def update(
        self,
        *,
        data_type: DataType,
        tree: dict[str, Any] | UnsetType | None = UNSET,
        native_filters: dict[str, Any] | UnsetType | None = UNSET,
        pass_through_filters: dict[str, Any] | UnsetType | None = UNSET,
        operator: str | None = None,
        data: Any = None,
        left: Mapping[str, Any] | None = None,
        right: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> SyncShown:
        """Tell only of records that a filter lets through; one that leaves it is told as
        deleted.

        `filter` is an expression tree over the unified record; a tree may also stand in the
        request

        itself (`type`, `data`, `left`, `right`). `nativeFilters` are those of the list
        operations, `passThroughFilters` (`query`, `body`, `headers`) go to the vendor's list
        as they are: each run then reads that whole list, and a record that leaves it is not
        told of. Null takes a filter away, what is left out stays. The next run reads
        everything.
        """
        return await self._sender.write(
            "sync.filter.update",
            FilterUpdate(
                data_type=data_type,
                tree=tree,
                native_filters=native_filters,
                pass_through_filters=pass_through_filters,
                operator=operator,
                data=data,
                left=None if left is None else dict(left),
                right=None if right is None else dict(right),
            ),
            SyncShown,
            idempotency_key,
        )


class AsyncSyncRunMethods(AsyncNamespace):
    """`sync.run.…`"""

    async def get(self, *, sync_run_id: str) -> RunShown:
        """Show one run, how far it is, and what its receivers have acknowledged."""
        return await self._sender.read(
            "sync.run.get", RunId(sync_run_id=sync_run_id), RunShown, None
        )

    def list(
        self,
        *,
        sync_job_id: str | None = None,
        state: RunState | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> AsyncRecords[RunShown]:
        """List the runs of an account's syncs, the newest first."""
        return self._sender.pages(
            "sync.run.list",
            RunQuery(sync_job_id=sync_job_id, state=state),
            RunShown,
            "runs",
            page_size=page_size,
            page_token=page_token,
        )

    async def replay(
        self, *, sync_run_id: str, allow_deletes: bool = False, idempotency_key: str | None = None
    ) -> RunShown:
        """Do a run again: one that failed goes on where it stopped, others read and tell all
        anew.

        `allowDeletes` lets it tell of deletions that it stopped at.

        A run that failed goes on where it stopped; `allowDeletes` lets it tell of the
        deletions

        that it stopped at. Of a run that ended well everything is read and told again.
        """
        return await self._sender.write(
            "sync.run.replay",
            RunReplay(sync_run_id=sync_run_id, allow_deletes=allow_deletes),
            RunShown,
            idempotency_key,
        )


class AsyncSyncWatchFieldsMethods(AsyncNamespace):
    """`sync.watchFields.…`"""

    async def update(
        self, *, data_type: DataType, json_paths: Sequence[str], idempotency_key: str | None = None
    ) -> SyncShown:
        """Tell of modified records only where certain fields changed.

        New and deleted ones are told all the same. An empty list means any field again.

        Only changes at these JSONPaths are told as record.modified; an empty list means any.
        """
        return await self._sender.write(
            "sync.watchFields.update",
            WatchUpdate(data_type=data_type, json_paths=several(json_paths)),
            SyncShown,
            idempotency_key,
        )


class AsyncSyncMethods(AsyncNamespace):
    """`sync.…`"""

    @property
    def custom(self) -> AsyncSyncCustomMethods:
        return AsyncSyncCustomMethods(self._sender)

    @property
    def filter(self) -> AsyncSyncFilterMethods:
        return AsyncSyncFilterMethods(self._sender)

    @property
    def run(self) -> AsyncSyncRunMethods:
        return AsyncSyncRunMethods(self._sender)

    @property
    def watch_fields(self) -> AsyncSyncWatchFieldsMethods:
        return AsyncSyncWatchFieldsMethods(self._sender)

    async def list(self) -> SyncList:
        """List the syncs of an account.

        The request of an operation that takes no parameters.
        """
        return await self._sender.read("sync.list", None, SyncList, None)

    async def start(
        self,
        *,
        data_type: DataType,
        sync_type: SyncType = SyncType.INITIAL,
        models: Sequence[str] | None = None,
        honor_scheduler: bool = False,
        include_inactive_records: bool | None = None,
        start_hour: int | None = None,
        start_minute: int | None = None,
        resend: bool = False,
        idempotency_key: str | None = None,
    ) -> SyncStarted:
        """Start following a data type, or run at once; a run that is under way is joined.

        The first run reads everything (`initial_sync`), later ones what changed.

        `models` are those to follow; without it, all that the vendor can fill, or those of
        before.

        `honorScheduler` keeps the schedule as it is; otherwise the next run comes one period
        after this one ends. `startHour` and `startMinute` (UTC) move the schedule to a time
        of day. `resend` tells of every record again as if it were new.
        """
        return await self._sender.write(
            "sync.start",
            SyncStart(
                data_type=data_type,
                sync_type=sync_type,
                models=None if models is None else several(models),
                honor_scheduler=honor_scheduler,
                include_inactive_records=include_inactive_records,
                start_hour=start_hour,
                start_minute=start_minute,
                resend=resend,
            ),
            SyncStarted,
            idempotency_key,
        )

    async def stop(
        self,
        *,
        sync_job_id: str | None = None,
        data_type: DataType | None = None,
        idempotency_key: str | None = None,
    ) -> SyncShown:
        """Stop a sync and its schedule. Events that wait are still delivered.

        By its id or its data type. What was read stays known: a later start tells what
        changed.
        """
        return await self._sender.write(
            "sync.stop",
            SyncStop(sync_job_id=sync_job_id, data_type=data_type),
            SyncShown,
            idempotency_key,
        )

    async def update(
        self,
        *,
        sync_job_id: str | None = None,
        data_type: DataType | None = None,
        models: Sequence[str] | None = None,
        frequency: str | int | None = None,
        webhook_id: str | UnsetType | None = UNSET,
        include_inactive_records: bool | None = None,
        start_hour: int | None = None,
        start_minute: int | None = None,
        idempotency_key: str | None = None,
    ) -> SyncShown:
        """Change how a sync runs: how often, with which models, and to which webhook.

        What is left out stays. Other models, and inactive records, are read by a run that
        starts

        at once.

        `frequency`: standard (24 hours), medium (6 hours), high (1 hour), or minutes from 5
        on. `webhookId` sends the events of this sync to one webhook only; null to all that
        want them.
        """
        return await self._sender.write(
            "sync.update",
            SyncUpdate(
                sync_job_id=sync_job_id,
                data_type=data_type,
                models=None if models is None else several(models),
                frequency=frequency,
                webhook_id=webhook_id,
                include_inactive_records=include_inactive_records,
                start_hour=start_hour,
                start_minute=start_minute,
            ),
            SyncShown,
            idempotency_key,
        )


class AsyncWebhookMethods(AsyncNamespace):
    """`webhook.…`"""

    async def create(
        self,
        *,
        url: str,
        events: Sequence[EventType] = (),
        data_types: Sequence[DataType] = (),
        integration_id: str | None = None,
        batch_size: int = 1,
        compatibility: Compatibility | None = None,
        description: str = "",
        idempotency_key: str | None = None,
    ) -> WebhookSecret:
        """Register an endpoint for events. Its secret is shown this once.

        `events` and `dataTypes` say what is sent, all without them; `integrationId` whose
        events,

        of all accounts without it. Events about issues go only to those that name them. With
        `batchSize` above 1, up to so many events come in one POST.
        """
        return await self._sender.write(
            "webhook.create",
            WebhookDraft(
                url=url,
                events=several(events),
                data_types=several(data_types),
                integration_id=integration_id,
                batch_size=batch_size,
                compatibility=compatibility,
                description=description,
            ),
            WebhookSecret,
            idempotency_key,
        )

    async def delete(
        self, *, webhook_id: str, idempotency_key: str | None = None
    ) -> WebhookDeleted:
        """Delete an endpoint, and what waits to be sent to it."""
        return await self._sender.write(
            "webhook.delete", WebhookChoice(webhook_id=webhook_id), WebhookDeleted, idempotency_key
        )

    def list(
        self,
        *,
        integration_id: str | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> AsyncRecords[Webhook]:
        """List the endpoints for events, a page at a time."""
        return self._sender.pages(
            "webhook.list",
            WebhookQuery(integration_id=integration_id),
            Webhook,
            "webhooks",
            page_size=page_size,
            page_token=page_token,
        )

    async def rotate_secret(
        self, *, webhook_id: str, expire_now: bool = False, idempotency_key: str | None = None
    ) -> WebhookSecret:
        """Make a new secret. For a day events are signed with the one before as well.

        With `expireNow` the secret before is not used any more, otherwise for another day.
        """
        return await self._sender.write(
            "webhook.rotateSecret",
            SecretRotation(webhook_id=webhook_id, expire_now=expire_now),
            WebhookSecret,
            idempotency_key,
        )

    async def test(self, *, webhook_id: str, idempotency_key: str | None = None) -> WebhookTest:
        """Send a signed event `webhook.test` right now, also to a disabled endpoint; say what
        came.
        """
        return await self._sender.write(
            "webhook.test", WebhookChoice(webhook_id=webhook_id), WebhookTest, idempotency_key
        )

    async def update(
        self,
        *,
        webhook_id: str,
        url: str | None = None,
        events: Sequence[EventType] | None = None,
        data_types: Sequence[DataType] | None = None,
        batch_size: int | None = None,
        description: str | None = None,
        state: WebhookState | None = None,
        idempotency_key: str | None = None,
    ) -> WebhookAnswer:
        """Change an endpoint, disable it, or enable it again: what waits for it then goes on.

        Only what is given changes; a list replaces the whole list.
        """
        return await self._sender.write(
            "webhook.update",
            WebhookChanges(
                webhook_id=webhook_id,
                url=url,
                events=None if events is None else several(events),
                data_types=None if data_types is None else several(data_types),
                batch_size=batch_size,
                description=description,
                state=state,
            ),
            WebhookAnswer,
            idempotency_key,
        )


class AsyncMethods(AsyncNamespace):
    """Every method, under its name on the wire."""

    @property
    def assessment(self) -> AsyncAssessmentMethods:
        return AsyncAssessmentMethods(self._sender)

    @property
    def ats(self) -> AsyncAtsMethods:
        return AsyncAtsMethods(self._sender)

    @property
    def auth(self) -> AsyncAuthMethods:
        return AsyncAuthMethods(self._sender)

    @property
    def connector(self) -> AsyncConnectorMethods:
        return AsyncConnectorMethods(self._sender)

    @property
    def delivery(self) -> AsyncDeliveryMethods:
        return AsyncDeliveryMethods(self._sender)

    @property
    def events(self) -> AsyncEventsMethods:
        return AsyncEventsMethods(self._sender)

    @property
    def integration(self) -> AsyncIntegrationMethods:
        return AsyncIntegrationMethods(self._sender)

    @property
    def issue(self) -> AsyncIssueMethods:
        return AsyncIssueMethods(self._sender)

    @property
    def mapping(self) -> AsyncMappingMethods:
        return AsyncMappingMethods(self._sender)

    @property
    def oauth(self) -> AsyncOauthMethods:
        return AsyncOauthMethods(self._sender)

    @property
    def score(self) -> AsyncScoreMethods:
        return AsyncScoreMethods(self._sender)

    @property
    def sync(self) -> AsyncSyncMethods:
        return AsyncSyncMethods(self._sender)

    @property
    def webhook(self) -> AsyncWebhookMethods:
        return AsyncWebhookMethods(self._sender)

    async def passthrough(
        self,
        *,
        method: str,
        path: str,
        base_url: str | None = None,
        params: Mapping[str, str | int | float | bool | list[str] | None] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        content_type: str = "application/json",
        idempotency_key: str | None = None,
    ) -> Passed:
        """Make a call of the vendor's own API; credentials are added here and never shown.

        `path` is relative to the vendor's base address. With `Accept: application/octet-
        stream` the body streams through as it is; the vendor's status is in `X-Upstream-
        Status`.

        `body` is sent as JSON; text goes as it is, a form is encoded when `contentType` says
        so.
        """
        return await self._sender.write(
            "passthrough",
            PassthroughRequest(
                method=method,
                path=path,
                base_url=base_url,
                params=dict(params or {}),
                headers=dict(headers or {}),
                body=body,
                content_type=content_type,
            ),
            Passed,
            idempotency_key,
        )

    def passthrough_stream(
        self,
        *,
        method: str,
        path: str,
        base_url: str | None = None,
        params: Mapping[str, str | int | float | bool | list[str] | None] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        content_type: str = "application/json",
    ) -> AsyncDownload:
        """Make a call of the vendor's own API; credentials are added here and never shown.

        `path` is relative to the vendor's base address. With `Accept: application/octet-
        stream` the body streams through as it is; the vendor's status is in `X-Upstream-
        Status`.

        `body` is sent as JSON; text goes as it is, a form is encoded when `contentType` says
        so.
        """
        return self._sender.download(
            asks.writing(
                "passthrough",
                PassthroughRequest(
                    method=method,
                    path=path,
                    base_url=base_url,
                    params=dict(params or {}),
                    headers=dict(headers or {}),
                    body=body,
                    content_type=content_type,
                ),
                accept=BINARY,
            )
        )

"""Scores on their way to Ashby: an assessment's result, a feedback form, custom fields."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec

from hireloom import kit
from hireloom.connectors.ats._ashby_assessments import (
    GIVEN_UP,
    NAME,
    REASON,
    REPORT,
    RESULT,
    STATUS,
    UNCONFIRMED,
    Told,
    blobs_in,
    reason_blob,
    slug,
    to_metadata,
    to_name,
    to_reason,
    to_report,
    to_result,
    to_status,
    to_written,
)
from hireloom.connectors.ats._ashby_company import to_custom_field, to_custom_values
from hireloom.connectors.ats._ashby_forms import day, is_same
from hireloom.connectors.ats._ashby_lookups import AshbyLookups
from hireloom.connectors.ats._ashby_refusals import told
from hireloom.connectors.ats._ashby_scorecards import (
    AshbyFeedbackForm,
    AshbySubmitted,
    Filled,
    find_form,
    has_all,
    to_filled,
    to_scorecard_written,
)
from hireloom.connectors.ats._ashby_shapes import AshbyCustomField, AshbyUser
from hireloom.models import (
    AssessmentStatus,
    CustomField,
    CustomFieldOwner,
    CustomFieldType,
    Dropped,
    Evaluator,
    ScoreChannel,
    WrittenScore,
)

KINDS = {CustomFieldOwner.APPLICATION: "Application", CustomFieldOwner.CANDIDATE: "Candidate"}
LATER = "Ashby gets it with the result of the completed test"


class AshbyScores(AshbyLookups):
    # Assessments.

    async def create_assessment_result(
        self, paper: kit.Paper, order: kit.OpenOrder | None
    ) -> WrittenScore:
        """A correction goes to the assessment that is there, so that there is never a second one.

        Fields count as written by the values in the answer. What `assessment.update` answers is
        nowhere published, and no method reads an assessment: an answer that shows no value at all,
        but `success: true`, is Ashby's only word for having taken the call as a whole, and then
        every field that was in it counts.
        """
        if order is not None:
            return await self._update_assessment(paper, order)
        before = paper.replaces(ScoreChannel.NATIVE_ASSESSMENT)
        if before is not None:
            known = kit.OpenOrder(id=before.remote_id, package_id="")
            return await self._update_assessment(paper, known)
        return await self._add_assessment(paper)

    async def cancel_assessment_order(self, order: kit.OpenOrder, reason: str) -> None:
        body = {
            "assessment_id": order.id,
            "timestamp": timestamp(order.after),
            REASON: reason_blob(reason),
        }
        await self.post("/assessment.update", body)

    async def _update_assessment(self, paper: kit.Paper, order: kit.OpenOrder) -> WrittenScore:
        """Only a completed test has a result: to send one completes it."""
        score = paper.score
        members: dict[str, Told] = {STATUS: to_status(score)}
        details: list[Told] = []
        if score.status is AssessmentStatus.COMPLETED:
            members[RESULT] = to_result(score)
            if score.report_url:
                members[REPORT] = to_report(score.report_url)
            details = [to_name(score), *to_metadata(score)]
        elif score.status in GIVEN_UP:
            members[REASON] = to_reason(score)
        body = {
            "assessment_id": order.id,
            "timestamp": timestamp(order.after),
            **{name: one.blob for name, one in members.items()},
            "metadata": [one.blob for one in details] or None,
        }
        results = await self._results("/assessment.update", body)
        said = [*members.values(), *details]
        return to_written(paper, order.id, said, blobs_in(results) or None, LATER)

    async def _add_assessment(self, paper: kit.Paper) -> WrittenScore:
        """A finished test that nobody ordered, on the candidate."""
        score, partner = paper.score, self.chosen.get("partnerId")
        if not partner:
            raise kit.NoPlaceError(
                f"{self.title} takes a test that was not ordered there only from a partner:"
                " the setting partnerId is empty"
            )
        if score.status is not AssessmentStatus.COMPLETED:
            raise kit.NoPlaceError(f"{self.title} has no order of this test, whose state it is")
        candidate_id = await self._scored_candidate(paper)
        assessment_id = score.external_id or str(uuid4())
        result, details = to_result(score), to_metadata(score)
        if score.report_url:
            details.append(to_report(score.report_url))
        body = {
            "candidateId": candidate_id,
            "partnerId": partner,
            "assessment": {
                "assessmentTypeId": score.assessment.id or slug(score.assessment.name),
                "assessmentId": assessment_id,
                NAME: score.assessment.name,
                "result": result.blob,
                "metadata": [one.blob for one in details],
            },
            "timestamp": timestamp(0),
        }
        results = await self._results("/assessment.addCompletedToCandidate", body)
        name = Told("assessment", {"identifier": NAME, "value": score.assessment.name})
        said = [name, result, *details]
        return to_written(paper, assessment_id, said, blobs_in(results) or None, LATER)

    # Feedback forms.

    async def create_scorecard(self, paper: kit.Paper) -> WrittenScore:
        """What Ashby then holds is in the answer's `submittedValues`, or else in its list."""
        application_id = paper.application_id
        if application_id is None:
            raise kit.NoPlaceError(f"{self.title} takes feedback on an application only")
        form = await self._feedback_form(paper)
        filled = to_filled(paper, form)
        author = await self._author(paper.score.evaluator)
        body = {
            "applicationId": application_id,
            "formDefinitionId": form.id,
            "feedbackForm": {
                "fieldSubmissions": [{"path": one.path, "value": one.value} for one in filled]
            },
            "userId": author,
        }
        results = await self._results("/applicationFeedback.submit", body)
        if results is None:
            return to_scorecard_written(paper, filled, None, author)
        made = msgspec.convert(results, AshbySubmitted)
        if made.submitted_values is None:
            made = await self._submitted(application_id, made, filled)
        return to_scorecard_written(paper, filled, made, author)

    async def _feedback_form(self, paper: kit.Paper) -> AshbyFeedbackForm:
        forms = await self.everything("/feedbackFormDefinition.list", AshbyFeedbackForm, body={})
        form = find_form(paper, forms)
        if form.form_definition is not None:
            return form
        body = {"feedbackFormDefinitionId": form.id}
        return await self.ask("/feedbackFormDefinition.info", body, AshbyFeedbackForm)

    async def _submitted(
        self, application_id: str, made: AshbySubmitted, filled: list[Filled]
    ) -> AshbySubmitted:
        """The feedback as Ashby lists it, by its id, or the newest with all that was sent.

        It is written whether or not it can be read: what a read that fails would have shown is
        not claimed.
        """
        body = {"applicationId": application_id}
        try:
            listed = await self.everything("/applicationFeedback.list", AshbySubmitted, body=body)
        except kit.HireloomError:
            return made
        if made.id is not None:
            return next((one for one in listed if one.id == made.id), made)
        same = [one for one in listed if has_all(one, filled)]
        return max(same, key=lambda one: str(one.submitted_at), default=made)

    async def _author(self, evaluator: str | Evaluator | None) -> str | None:
        """The user who judged, if Ashby has one; a key that may not see users names none."""
        if not isinstance(evaluator, Evaluator):
            return None
        if evaluator.id and evaluator.id in await self._users([evaluator.id]):
            return evaluator.id
        if not evaluator.email:
            return None
        try:
            found = await self._whole("/user.search", AshbyUser, email=evaluator.email)
        except (kit.PermissionMissingError, kit.ResourceNotFoundError):
            return None
        return found[0].id if found else None

    # Custom fields.

    async def update_score_fields(self, paper: kit.Paper) -> WrittenScore:
        """All fields of a record in one call: calls of setValue side by side lose values."""
        definitions = await self.everything("/customField.list", AshbyCustomField, body={})
        chosen = by_owner(paper, [to_custom_field(one) for one in definitions])
        confirmed: list[kit.FieldValue] = []
        places: list[str] = []
        for owner, values in chosen.items():
            is_application = owner is CustomFieldOwner.APPLICATION and paper.application_id
            place = paper.application_id if is_application else await self._scored_candidate(paper)
            places.append(place or "")
            confirmed += await self._set_values(owner, places[-1], values)
        result = kit.field_result(paper, places[0], confirmed)
        return with_unconfirmed(result, chosen, confirmed)

    async def _set_values(
        self, owner: CustomFieldOwner, record_id: str, values: list[kit.FieldValue]
    ) -> list[kit.FieldValue]:
        """Set them, and look which of them the record then has."""
        pairs = [{"fieldId": one.field.id, "fieldValue": field_value(one)} for one in values]
        body = {"objectId": record_id, "objectType": KINDS[owner], "values": pairs}
        if await self._results("/customField.setValues", body) is None:
            return values
        try:
            if owner is CustomFieldOwner.APPLICATION:
                fields = (await self._application(record_id)).custom_fields
            else:
                fields = (await self._candidate(record_id)).custom_fields
        except kit.HireloomError:  # they are set all the same
            return []
        held = to_custom_values(fields)
        return [one for one in values if is_set(one, held.get(one.field.id))]

    # What they share.

    async def _scored_candidate(self, paper: kit.Paper) -> str:
        if paper.candidate_id is not None:
            return paper.candidate_id
        if paper.application_id is None:
            raise kit.NoPlaceError("neither the candidate nor an application of theirs is known")
        return await self._candidate_id(paper.application_id)

    async def _results(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """What a write answers; None in a dry run, which answers nothing."""
        answer = await self.channel.send(self.request("POST", path, body=body))
        if not isinstance(answer, kit.Answer):
            return None
        said = told(answer.body)
        if said.get("success") is not True:
            words = f"{self.title} answered {path} without a word on whether it took it"
            raise kit.unsure(answer.request, kit.UnexpectedAnswerError(words))
        results = said.get("results")
        return results if isinstance(results, dict) else {"results": results}


def timestamp(after: int) -> int:
    """Now in milliseconds, and in any case later than the update before."""
    return max(kit.to_millis(datetime.now(UTC)) or 0, after + 1)


def by_owner(
    paper: kit.Paper, fields: list[CustomField]
) -> dict[CustomFieldOwner, list[kit.FieldValue]]:
    """The values for the application and for the candidate. Fields that were found by what they

    are called are the application's, or else the candidate's; a layout may have both.
    """
    found: dict[CustomFieldOwner, list[kit.FieldValue]] = {}
    for owner in KINDS:
        if owner is CustomFieldOwner.APPLICATION and paper.application_id is None:
            continue
        try:
            found[owner] = kit.field_values(paper, [one for one in fields if one.owner is owner])
        except kit.NoPlaceError:
            continue
        if not paper.custom_fields:
            break
    if not found:
        kit.field_values(paper, [])  # raises, and says why
    return found


def field_value(value: kit.FieldValue) -> Any:
    """A select takes the value of its option."""
    if value.option is None:
        return value.value
    is_list = value.field.type is CustomFieldType.MULTI_SELECT
    return [value.option] if is_list else value.option


def is_set(value: kit.FieldValue, held: Any) -> bool:
    if value.field.type is CustomFieldType.DATE:
        return day(held) == day(value.value)
    return is_same(field_value(value), held)


def with_unconfirmed(
    result: WrittenScore,
    chosen: Mapping[CustomFieldOwner, list[kit.FieldValue]],
    confirmed: list[kit.FieldValue],
) -> WrittenScore:
    """Fields that were sent and not found are not for want of a place."""
    sent = {one.part for values in chosen.values() for one in values}
    lost = sent - {one.part for one in confirmed}
    left = [
        Dropped(field=one.field, reason=UNCONFIRMED) if one.field in lost else one
        for one in result.fields_dropped
    ]
    return msgspec.structs.replace(result, fields_dropped=left)

"""Layouts of scores: by type of assessment the template, the form, the custom fields."""

from hireloom.api.desk import Call
from hireloom.api.operation import Scope, operation
from hireloom.errors import RequestInvalidError
from hireloom.kit.score_fields import ALL_PARTS
from hireloom.models import (
    ScoreLayout,
    ScoreLayoutAnswer,
    ScoreLayoutChoice,
    ScoreLayoutDeleted,
    ScoreLayoutDraft,
    ScoreLayoutList,
)
from hireloom.scores.render import check_template
from hireloom.store import audit, integrations, score_layouts
from hireloom.store.seal import OURS

TEMPLATE = "<p><b>{{ assessment.name }}</b>: {{ score }}</p>"


@operation(
    "score.layout.put",
    scope=Scope.ADMIN,
    example={"assessmentType": "coding", "template": TEMPLATE},
)
async def put_layout(call: Call, draft: ScoreLayoutDraft) -> ScoreLayoutAnswer:
    """Lay down how scores of a type of assessment are shown, for one account or for all."""
    integration_id = call.origin_integration_id or OURS
    _check(draft, of_one=integration_id != OURS)
    async with call.desk.pool.acquire() as conn, conn.transaction():
        if integration_id != OURS:
            await integrations.get(conn, integration_id)
        made = await score_layouts.put(
            conn,
            score_layouts.Layout(
                integration_id=integration_id,
                assessment_type=draft.assessment_type,
                template=draft.template,
                scorecard_form_id=draft.scorecard_form_id,
                custom_fields=draft.custom_fields,
            ),
        )
        await audit.add(
            conn, call.actor, "score.layout.put",
            integration_id=integration_id, detail={"assessmentType": draft.assessment_type},
        )  # fmt: skip
    return ScoreLayoutAnswer(layout=_shown(made))


@operation("score.layout.list", scope=Scope.READ)
async def list_layouts(call: Call) -> ScoreLayoutList:
    """List the layouts of all accounts, and those of the account that the header names."""
    async with call.desk.pool.acquire() as conn:
        found = await score_layouts.listed(conn, call.origin_integration_id or OURS)
    return ScoreLayoutList(layouts=[_shown(one) for one in found])


@operation("score.layout.delete", scope=Scope.ADMIN, example={"assessmentType": "coding"})
async def delete_layout(call: Call, choice: ScoreLayoutChoice) -> ScoreLayoutDeleted:
    """Delete a layout: the next one that fits then holds."""
    integration_id = call.origin_integration_id or OURS
    async with call.desk.pool.acquire() as conn, conn.transaction():
        deleted = await score_layouts.delete(conn, integration_id, choice.assessment_type)
        await audit.add(
            conn, call.actor, "score.layout.delete",
            integration_id=integration_id, detail={"assessmentType": choice.assessment_type},
        )  # fmt: skip
    return ScoreLayoutDeleted(assessment_type=choice.assessment_type, deleted=deleted)


def _check(draft: ScoreLayoutDraft, *, of_one: bool) -> None:
    if draft.template is not None:
        check_template(draft.template)
    if not of_one and (draft.scorecard_form_id or draft.custom_fields):
        raise RequestInvalidError.at(
            "X-Integration-Id", "is missing: forms and custom fields are those of one account"
        )
    for part in draft.custom_fields:
        if part not in ALL_PARTS:
            raise RequestInvalidError.at(f"customFields.{part}", f"one of: {', '.join(ALL_PARTS)}")


def _shown(stored: score_layouts.Layout) -> ScoreLayout:
    if stored.updated_at is None:
        raise TypeError("a stored layout has a time")
    return ScoreLayout(
        integration_id=stored.integration_id or None,
        assessment_type=stored.assessment_type,
        template=stored.template,
        scorecard_form_id=stored.scorecard_form_id,
        custom_fields=stored.custom_fields,
        updated_at=stored.updated_at,
    )

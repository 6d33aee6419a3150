"""Greenhouse: the writes that are simulated."""

from collections.abc import Callable
from typing import Any

from hireloom.sandbox._greenhouse_writes import Writes


class Operation:
    """One write: where it is, which scope it needs, what it takes and answers."""

    def __init__(
        self, call: str, scope: str, act: Callable[..., Any], body: str | None, status: int
    ) -> None:
        self.method, self.path = call.split(" ")
        self.scope = scope
        self.act = act
        self.body = body
        self.status = status


OPERATIONS = (
    Operation(
        "POST candidates", "candidates:create", Writes.new_candidate, "candidate.create", 201
    ),
    Operation(
        "PATCH candidates/{key:int}",
        "candidates:update",
        Writes.update_candidate,
        "candidate.update",
        200,
    ),
    Operation(
        "DELETE candidates/{key:int}", "candidates:destroy", Writes.delete_candidate, None, 200
    ),
    Operation(
        "POST applications",
        "applications:create",
        Writes.new_application,
        "application.create",
        201,
    ),
    Operation(
        "PATCH applications/{key:int}",
        "applications:update",
        Writes.update,
        "application.update",
        200,
    ),
    Operation(
        "DELETE applications/{key:int}",
        "applications:destroy",
        Writes.delete_application,
        None,
        200,
    ),
    Operation(
        "POST applications/{key:int}/move",
        "applications:move",
        Writes.move,
        "application.move",
        204,
    ),
    Operation(
        "POST applications/{key:int}/reject",
        "applications:reject",
        Writes.reject,
        "application.reject",
        204,
    ),
    Operation(
        "POST applications/{key:int}/unreject",
        "applications:unreject",
        Writes.unreject,
        "application.unreject",
        204,
    ),
    Operation(
        "POST applications/{key:int}/hire",
        "applications:hire",
        Writes.hire,
        "application.hire",
        204,
    ),
    Operation(
        "POST applications/{key:int}/convert_to_candidate",
        "applications:convert_to_candidate",
        Writes.convert,
        "application.convert",
        200,
    ),
    Operation(
        "PATCH rejection_details/{key:int}",
        "rejection_details:update",
        Writes.update_rejection,
        "rejection_detail.update",
        200,
    ),
    Operation("POST notes", "notes:create", Writes.new_note, "note.create", 201),
    Operation(
        "POST attachments", "attachments:create", Writes.new_attachment, "attachment.create", 201
    ),
    Operation(
        "POST interviews", "interviews:create", Writes.new_interview, "interview.create", 201
    ),
    Operation(
        "PATCH interviews/{key:int}",
        "interviews:update",
        Writes.update_interview,
        "interview.update",
        200,
    ),
    Operation(
        "DELETE interviews/{key:int}", "interviews:destroy", Writes.delete_interview, None, 200
    ),
    Operation(
        "POST scorecards", "scorecards:create", Writes.new_scorecard, "scorecard.create", 201
    ),
    Operation(
        "PATCH scorecards/{key:int}",
        "scorecards:update",
        Writes.update_scorecard,
        "scorecard.update",
        200,
    ),
    Operation("POST candidate_tags", "candidate_tags:create", Writes.new_tag, "tag.create", 201),
    Operation(
        "POST applied_candidate_tags",
        "applied_candidate_tags:create",
        Writes.add_tag,
        "applied_tag.create",
        201,
    ),
    Operation(
        "DELETE applied_candidate_tags/{key:int}",
        "applied_candidate_tags:destroy",
        Writes.remove_tag,
        None,
        200,
    ),
)

"""Greenhouse: how refusals are told, and how credentials are proved."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats.greenhouse import Greenhouse
from hireloom.models import (
    CandidateChanges,
    InterviewCancellation,
    NoteDraft,
    RejectionDraft,
    StageMove,
)
from tests.connectors.ats.greenhouse import TABLES, account
from tests.replay import Reply, Sent


async def test_an_id_that_is_no_number_is_nobodys() -> None:
    greenhouse, replay = account({"GET /v3/applications": [TABLES["applications"][1]]})

    with pytest.raises(kit.ResourceNotFoundError):
        await greenhouse.get_candidate("fifty-one")
    with pytest.raises(kit.RequestInvalidError, match="stageId"):
        await greenhouse.move_application(StageMove(application_id="701", stage_id="first"))

    assert replay.writes == []


async def test_an_empty_list_means_that_there_is_no_such_record() -> None:
    greenhouse, _ = account({"GET /v3/candidates": []})

    with pytest.raises(kit.ResourceNotFoundError, match="candidate"):
        await greenhouse.get_candidate("51")


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("GET /v3/candidates", "harvest:candidates:list"),
        ("POST /v3/applications/701/reject", "harvest:applications:reject"),
        ("POST /v3/notes", "harvest:notes:create"),
        ("PATCH /v3/candidates/51", "harvest:candidates:update"),
        ("DELETE /v3/interviews/401", "harvest:interviews:destroy"),
    ],
)
async def test_a_refusal_names_the_scope(path: str, scope: str) -> None:
    greenhouse, _ = account({path: Reply({"message": "Forbidden"}, status=403)})
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "harvest:candidates:list": lambda: greenhouse.get_candidate("51"),
        "harvest:applications:reject": lambda: greenhouse.reject_application(
            RejectionDraft(application_id="701", rejection_reason_id="61")
        ),
        "harvest:notes:create": lambda: greenhouse.create_candidate_note(
            "51", NoteDraft(candidate_id="51", content="x")
        ),
        "harvest:candidates:update": lambda: greenhouse.update_candidate(
            CandidateChanges(candidate_id="51", title="x")
        ),
        "harvest:interviews:destroy": lambda: greenhouse.cancel_interview(
            InterviewCancellation(interview_id="401")
        ),
    }

    with pytest.raises(kit.PermissionMissingError, match=scope) as caught:
        await calls[scope]()

    assert "Site Admin" in caught.value.hint


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            {"message": "Invalid.", "errors": [{"message": "Unknown", "field": "colour"}]},
            "Invalid. colour: Unknown",
        ),
        ({"errors": ["Send the cursor alone."]}, "Send the cursor alone."),
        (b"<html>", "<html>"),
    ],
    ids=["fields", "texts", "no JSON"],
)
async def test_both_kinds_of_error_bodies_are_read(body: Any, words: str) -> None:
    greenhouse, _ = account({"GET /v3/users": Reply(body, status=422)})

    with pytest.raises(kit.RejectedError) as caught:
        await greenhouse.verify()

    assert caught.value.upstream is not None
    assert caught.value.upstream.body == words


async def test_credentials_are_proved_by_one_user() -> None:
    greenhouse, replay = account()

    await greenhouse.verify()

    assert replay.sent == [Sent("GET", "/v3/users", {"per_page": "1"}, None)]


def test_a_token_is_asked_for_on_behalf_of_the_chosen_user() -> None:
    secrets = kit.Secrets(fields={"clientId": "c", "clientSecret": "s", "userId": "11"})

    request = Greenhouse.auth.token_request(secrets)

    assert request.url == "https://auth.greenhouse.io/token"
    assert request.body == b"grant_type=client_credentials&sub=11"
    assert request.headers["Authorization"] == "Basic Yzpz"

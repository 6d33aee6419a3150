"""Ashby's reference data, and what its refusals mean."""

import pytest

from hireloom import kit
from hireloom.connectors.ats.ashby import Ashby
from hireloom.models import (
    ApplicationQuery,
    CandidateQuery,
    CustomField,
    CustomFieldOption,
    CustomFieldOwner,
    CustomFieldQuery,
    CustomFieldType,
    Department,
    OfApplications,
    Office,
    RejectionReason,
    RejectionSide,
    Source,
    StageMove,
    Tag,
    User,
)
from tests.connectors.ats.ashby_organisation import done, file, refused, uid
from tests.replay import Replay, Reply


async def test_tables_become_departments_offices_users_sources_and_tags() -> None:
    user = {
        "id": uid("user", 2),
        "firstName": "Olav",
        "lastName": "Berg",
        "email": "olav@harbor.example",
        "globalRole": "Limited Access",
        "isEnabled": False,
        "updatedAt": "2026-01-01T00:00:00.000Z",
    }
    source = {"id": uid("source", 2), "title": "Fair", "isArchived": True, "sourceType": None}
    tag = {"id": uid("tag", 1), "title": "Silver medal", "isArchived": False}
    replay = Replay(
        {
            "POST /department.list": file("departments.list.json"),
            "POST /location.list": file("locations.list.json"),
            "POST /user.list": done([user]),
            "POST /source.list": done([source]),
            "POST /candidateTag.list": done([tag]),
        }
    )
    ashby = replay.connect(Ashby)

    assert await ashby.list_departments().all() == [
        Department(id=uid("department", 1), name="Harbour", parent_id=None),
        Department(id=uid("department", 2), name="Quay", parent_id=uid("department", 1)),
    ]
    assert (await ashby.list_offices().all())[1] == Office(
        id=uid("location", 2), name="Anywhere", location=None, parent_id=None
    )
    assert await ashby.list_users().all() == [
        User(
            id=uid("user", 2),
            email="olav@harbor.example",
            first_name="Olav",
            last_name="Berg",
            roles=["Limited Access"],
            active=False,
        )
    ]
    assert await ashby.list_sources().all() == [
        Source(id=uid("source", 2), name="Fair", type=None, active=False)
    ]
    assert await ashby.list_tags().all() == [
        Tag(id=uid("tag", 1), name="Silver medal", active=True)
    ]


async def test_a_custom_field_goes_by_its_id() -> None:
    field = {
        "id": uid("field", 5),
        "title": "Shift",
        "objectType": "Application",
        "fieldType": "ValueSelect",
        "isArchived": False,
        "selectableValues": [{"label": "Night", "value": "n"}],
    }
    odd = {"id": "o", "title": "Odd", "objectType": "Talent_Project", "fieldType": "Scent"}
    replay = Replay({"POST /customField.list": done([field, odd])})

    shift, scent = await replay.connect(Ashby).list_custom_fields(CustomFieldQuery()).all()

    assert shift == CustomField(
        id=uid("field", 5),
        key=uid("field", 5),
        label="Shift",
        type=CustomFieldType.SINGLE_SELECT,
        type_source="ValueSelect",
        owner=CustomFieldOwner.APPLICATION,
        owner_source="Application",
        active=True,
        options=[CustomFieldOption(id="n", label="Night")],
    )
    assert (scent.type, scent.type_source) == (CustomFieldType.NOT_SPECIFIED, "Scent")
    assert (scent.owner, scent.owner_source) == (
        CustomFieldOwner.NOT_SPECIFIED,
        "Talent_Project",
    )


async def test_lists_without_a_limit_are_not_sent_one_and_still_go_on() -> None:
    first = done([{"id": "r1"}], moreDataAvailable=True, nextCursor="more")
    replay = Replay({"POST /archiveReason.list": (first, file("reasons.list.json"))})

    reasons = await replay.connect(Ashby).list_rejection_reasons().all()

    assert [one.body for one in replay.sent] == [
        {"includeArchived": True},
        {"includeArchived": True, "cursor": "more"},
    ]
    assert reasons[1:3] == [
        RejectionReason(
            id=uid("reason", 2),
            text="Took another berth",
            side=RejectionSide.CANDIDATE,
            side_source="RejectedByCandidate",
            active=True,
        ),
        RejectionReason(
            id=uid("reason", 7),
            text="Old",
            side=RejectionSide.ORGANIZATION,
            side_source="RejectedByOrg",
            active=False,
        ),
    ]


# Refusals.


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refused("candidate_not_found"), kit.ResourceNotFoundError),
        (refused("Candidate not found.", status=404), kit.ResourceNotFoundError),
        (refused("invalid_input"), kit.RejectedError),
        (refused("invalid_input", status=422), kit.RejectedError),
        (refused("missing_endpoint_permission"), kit.PermissionMissingError),
        (refused("missing_endpoint_permission", status=403), kit.PermissionMissingError),
        (refused("sync_token_expired"), kit.ConflictError),
        (refused("unauthorized", status=401), kit.CredentialsInvalidError),
        (refused("key_disabled", status=403), kit.CredentialsInvalidError),
        (Reply(b"<html>error code: 1010</html>", status=403), kit.UnexpectedAnswerError),
        (Reply(b"", status=403), kit.CredentialsInvalidError),
        (Reply(b'{"results": [], "success" : false}'), kit.RejectedError),
    ],
)
async def test_a_refusal_is_told_by_its_code_whatever_the_status(
    reply: Reply, kind: type[kit.HireloomError]
) -> None:
    replay = Replay({"POST /candidate.list": reply})

    with pytest.raises(kind):
        await replay.connect(Ashby).list_candidates(CandidateQuery()).all()


async def test_an_expired_sync_token_can_be_told_from_other_conflicts() -> None:
    replay = Replay({"POST /application.list": refused("sync_token_expired")})

    with pytest.raises(kit.ConflictError) as caught:
        await replay.connect(Ashby).list_applications(ApplicationQuery()).all()

    assert caught.value.detail == "sync_token_expired"


async def test_a_missing_permission_is_named_as_the_customer_ticks_it() -> None:
    answer = refused("missing_endpoint_permission", 403)
    replay = Replay({"POST /offer.list": answer, "POST /application.changeStage": answer})
    ashby = replay.connect(Ashby)

    with pytest.raises(kit.PermissionMissingError, match=r"Offers: Read \(offers:read\)"):
        await ashby.list_offers(OfApplications()).all()
    with pytest.raises(kit.PermissionMissingError, match=r"Candidates: Write"):
        await ashby.move_application(StageMove(application_id="a", stage_id="s"))


async def test_the_vendors_words_reach_the_error() -> None:
    replay = Replay({"POST /candidate.list": refused("invalid_input", message="limit is odd")})

    with pytest.raises(kit.RejectedError) as caught:
        await replay.connect(Ashby).list_candidates(CandidateQuery()).all()

    assert caught.value.upstream is not None
    assert caught.value.upstream.body == "limit is odd"


@pytest.mark.parametrize(
    "record",
    [
        rb'{"id": "c", "name": "\"success\": false"}',
        rb'{"id": "c", "customFields": [{"id": "f", "value": {"success": false}}]}',
    ],
)
async def test_a_word_in_the_data_is_no_refusal(record: bytes) -> None:
    page = Reply(b'{"results": [' + record + b'], "success": true}')
    replay = Replay({"POST /candidate.list": page})

    (candidate,) = await replay.connect(Ashby).list_candidates(CandidateQuery()).all()

    assert candidate.info.id == "c"


async def test_a_link_that_ended_is_not_taken_for_a_missing_permission() -> None:
    replay = Replay(
        {
            "POST /candidate.info": file("candidate.info.json"),
            "POST /file.info": done({"url": "https://files.example/letter"}),
            "GET /letter": Reply(b"<Error>expired</Error>", status=403),
        }
    )
    ashby = replay.connect(Ashby)

    with pytest.raises(kit.UnexpectedAnswerError, match="link"):
        await ashby.download_attachment(uid("file", 2), None, uid("candidate", 1))


@pytest.mark.parametrize(
    ("reply", "is_good"),
    [
        (Reply({"success": True, "results": {"scopes": ["jobs:read"]}}), True),
        (refused("missing_endpoint_permission", status=403), True),
        (refused("forbidden", status=403), False),
        (Reply(b"", status=401), False),
    ],
)
async def test_a_key_is_good_even_where_it_may_not_read_its_own_scopes(
    reply: Reply, is_good: bool
) -> None:
    replay = Replay({"POST /apiKey.info": reply})
    ashby = replay.connect(Ashby)

    if is_good:
        await ashby.verify()
    else:
        with pytest.raises(kit.CredentialsInvalidError):
            await ashby.verify()

    assert (replay.sent[0].method, replay.sent[0].body) == ("POST", {})
    assert replay.requests[0].headers["Accept"] == "application/json; version=1"
    assert replay.requests[0].repeatable

"""Ashby's webhooks: whose they are, and which records they touch."""

import hashlib
import hmac
import json
from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats.ashby import Ashby
from hireloom.models import DataType, Happening
from tests.connectors.ats.ashby_organisation import done, refused, uid
from tests.replay import Replay

SECRET = "an hour before high water"
APPLICATION, CANDIDATE, JOB = uid("application", 1), uid("candidate", 1), uid("job", 1)
SUBMITTED = {
    "id": APPLICATION,
    "status": "Active",
    "candidate": {"id": CANDIDATE, "name": "Tomasz van der Meer"},
    "job": {"id": JOB, "title": "Crane driver"},
}


def signed(body: bytes, secret: str = SECRET) -> kit.Hook:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return kit.Hook({"ashby-signature": f"sha256={digest}"}, body)


def hook(action: str, data: Any) -> kit.Hook:
    body = {"webhookActionId": uid("event", 1), "action": action, "data": data}
    return signed(json.dumps(body).encode())


def read(hook: kit.Hook, **secrets: str) -> kit.News:
    return Replay({}).connect(Ashby).read_hook(hook, secrets or {"": SECRET})


def touched(action: str, data: Any) -> set[tuple[str, str]]:
    return {(one.data_type.value, one.id) for one in read(hook(action, data)).touched}


ONE = ("ats_applications", APPLICATION)


@pytest.mark.parametrize(
    ("action", "data", "expected"),
    [
        ("applicationSubmit", {"application": SUBMITTED}, {ONE, ("ats_candidates", CANDIDATE)}),
        ("applicationUpdate", {"application": SUBMITTED}, {ONE}),
        ("candidateStageChange", {"application": SUBMITTED}, {ONE}),
        (
            "candidateHire",
            {"application": SUBMITTED, "offer": {"id": "o", "applicationId": APPLICATION}},
            {ONE},
        ),
        ("candidateDelete", {"candidate": {"id": CANDIDATE}}, {("ats_candidates", CANDIDATE)}),
        ("candidateDelete", {"candidateId": CANDIDATE}, {("ats_candidates", CANDIDATE)}),
        (
            "candidateMerge",
            {
                "deletedCandidate": {"id": CANDIDATE},
                "mergedCandidate": {"id": "winner", "applicationIds": [APPLICATION]},
            },
            {("ats_candidates", CANDIDATE), ("ats_candidates", "winner"), ONE},
        ),
        (
            "interviewScheduleCreate",
            {"interviewSchedule": {"id": "s", "applicationId": APPLICATION}},
            {ONE},
        ),
        (
            "interviewScheduleUpdate",
            {"interviewSchedule": {"applicationId": APPLICATION, "candidateId": CANDIDATE}},
            {ONE},
        ),
        ("offerCreate", {"offer": {"id": "o", "applicationId": APPLICATION}}, {ONE}),
        ("offerUpdate", {"offer": {"id": "o", "applicationId": APPLICATION}}, {ONE}),
        ("offerDelete", {"offer": {"id": "o", "applicationId": APPLICATION}}, {ONE}),
        ("jobCreate", {"job": {"id": JOB}}, {("ats_jobs", JOB)}),
        ("jobUpdate", {"job": {"id": JOB}}, {("ats_jobs", JOB)}),
        ("interviewPlanTransition", {"jobId": JOB}, {("ats_jobs", JOB)}),
        ("jobPostingPublish", {"jobPosting": {"id": "p", "jobId": JOB}}, {("ats_jobs", JOB)}),
        ("jobPostingUnpublish", {"jobPosting": {"id": "p", "jobId": JOB}}, {("ats_jobs", JOB)}),
        ("jobPostingUpdate", {"jobPosting": {"id": "p", "jobId": JOB}}, {("ats_jobs", JOB)}),
        ("jobPostingDelete", {"jobPosting": {"id": "p", "jobId": JOB}}, {("ats_jobs", JOB)}),
        (
            "openingCreate",
            {"opening": {"id": "o", "latestVersion": {"jobIds": [JOB, "second"]}}},
            {("ats_jobs", JOB), ("ats_jobs", "second")},
        ),
        ("ping", {"webhookActionType": "ping"}, set()),
        ("pushToHRIS", {"application": SUBMITTED}, set()),
        ("somethingNew", [1, 2], set()),
    ],
)
def test_an_event_touches_the_records_that_it_names(
    action: str, data: Any, expected: set[tuple[str, str]]
) -> None:
    assert touched(action, data) == expected


def test_every_event_that_is_declared_touches_what_it_can_mean() -> None:
    """All shapes at once: what an event cannot mean stays out of it."""
    assert Ashby.hooks is not None
    data = {
        "application": SUBMITTED,
        "candidate": {"id": CANDIDATE, "applicationIds": [APPLICATION]},
        "job": {"id": JOB},
    }

    for event, meanings in Ashby.hooks.events.items():
        kinds = {one.data_type for one in read(hook(event, data)).touched}
        assert kinds == {happening.data_type for happening in meanings}, event


def test_the_events_that_can_tell_of_an_offer_are_among_those_of_changed_applications() -> None:
    assert Ashby.hooks is not None

    events = Ashby.hooks.meaning(frozenset({Happening.APPLICATIONS_MODIFIED}))

    assert {"applicationUpdate", "offerUpdate", "interviewScheduleUpdate"} <= set(events)
    assert "jobUpdate" not in events
    assert all(
        "{" not in step.format(url="u", secret="s", events="e") for step in Ashby.hooks.steps
    )


def test_a_delivery_is_known_by_its_body_as_one_act_may_send_several_events() -> None:
    moved, updated = [
        read(hook(action, {"application": SUBMITTED}))
        for action in ("candidateStageChange", "applicationUpdate")
    ]
    again = read(hook("applicationUpdate", {"application": SUBMITTED}))

    assert moved.id != updated.id
    assert updated == again
    assert (updated.event, updated.sent_at) == ("applicationUpdate", None)
    assert updated.touched == (kit.Touched(DataType.APPLICATIONS, APPLICATION),)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"ashby-signature": ""},
        {"ashby-signature": "sha256="},
        {"ashby-signature": "sha256=00"},
        {"ashby-signature": "sha1=" + hmac.new(b"s", b"{}", hashlib.sha1).hexdigest()},
        {"ashby-signature": hmac.new(SECRET.encode(), b"{}", hashlib.sha256).hexdigest()},
        {"ashby-signature": "sha256=\N{SNOWMAN}"},
    ],
)
def test_what_ashby_did_not_sign_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(kit.SignatureInvalidError):
        read(kit.Hook(headers, b"{}"))


def test_a_body_that_was_changed_on_the_way_is_refused() -> None:
    original = hook("jobUpdate", {"job": {"id": JOB}})

    with pytest.raises(kit.SignatureInvalidError):
        read(kit.Hook(original.headers, original.body + b" "))


def test_another_s_secret_is_refused_and_none_at_all_too() -> None:
    delivery = signed(b'{"action": "ping"}', "of somebody else")

    with pytest.raises(kit.SignatureInvalidError):
        read(delivery)
    with pytest.raises(kit.SignatureInvalidError):
        Replay({}).connect(Ashby).read_hook(signed(b"{}", ""), {"": ""})
    with pytest.raises(kit.SignatureInvalidError):
        Replay({}).connect(Ashby).read_hook(signed(b"{}", ""), {})


def test_a_secret_of_the_event_s_own_is_taken() -> None:
    delivery = hook("jobUpdate", {"job": {"id": JOB}})

    assert read(delivery, offerUpdate="of another", jobUpdate=SECRET).touched


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no JSON, but Tomasz",
        b"[]",
        b'{"data": {}}',
        b'{"action": 1}',
        b'{"action": "jobUpdate", "data": "Tomasz"}',
        b'{"action": "jobUpdate", "data": {"job": "Tomasz"}}',
        b'{"action": "\xff"}',
    ],
)
def test_a_signed_body_of_another_shape_is_refused_without_repeating_it(body: bytes) -> None:
    with pytest.raises(kit.RequestInvalidError) as error:
        read(signed(body))

    assert "Tomasz" not in str(error.value)
    assert error.value.__cause__ is None


async def test_a_webhook_is_registered_with_our_secret_and_removed_again() -> None:
    replay = Replay(
        {
            "POST /webhook.create": done({"id": "w1", "enabled": True, "secretToken": SECRET}),
            "POST /webhook.delete": done({"webhookId": "w1"}),
        }
    )
    ashby = replay.connect(Ashby)

    made = await ashby.register_hook("jobUpdate", "https://hooks.example/in/1", SECRET)
    await ashby.remove_hook(made.id)

    assert made == kit.Registered("w1")
    assert [(one.path, one.body) for one in replay.writes] == [
        (
            "/webhook.create",
            {
                "webhookType": "jobUpdate",
                "requestUrl": "https://hooks.example/in/1",
                "secretToken": SECRET,
            },
        ),
        ("/webhook.delete", {"webhookId": "w1"}),
    ]


async def test_a_webhook_that_ashby_could_not_reach_is_not_left_behind_switched_off() -> None:
    replay = Replay(
        {
            "POST /webhook.create": done({"id": "w1", "enabled": False}),
            "POST /webhook.delete": done({"webhookId": "w1"}),
        }
    )

    with pytest.raises(kit.RejectedError, match="had no answer"):
        await replay.connect(Ashby).register_hook("jobUpdate", "https://hooks.example/", SECRET)

    assert replay.writes[-1].body == {"webhookId": "w1"}


async def test_a_webhook_that_is_gone_is_removed() -> None:
    replay = Replay({"POST /webhook.delete": refused("webhook_not_found")})

    await replay.connect(Ashby).remove_hook("w1")

    assert len(replay.writes) == 1


async def test_a_key_that_may_not_register_webhooks_says_what_to_tick() -> None:
    replay = Replay({"POST /webhook.create": refused("missing_endpoint_permission", 403)})

    with pytest.raises(kit.PermissionMissingError, match="API Keys: Write"):
        await replay.connect(Ashby).register_hook("jobUpdate", "https://hooks.example/", SECRET)

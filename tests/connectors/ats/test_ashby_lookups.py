"""What Ashby's records only refer to: where it is looked up, and what stays when it cannot be."""

from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats.ashby import Ashby
from hireloom.models import (
    UNSET,
    NoteQuery,
    OfApplications,
    Rejection,
    Stage,
    StageType,
    User,
    given,
)
from tests.connectors.ats.ashby_organisation import RINA, RINA_RECORD, done, file, refused, uid
from tests.replay import Replay

SCHEDULES = {
    "POST /interviewSchedule.list": file("schedules.list.json"),
    "POST /interview.list": file("templates.list.json"),
}


async def test_what_an_interview_refers_to_is_remembered() -> None:
    replay = Replay(
        {
            **SCHEDULES,
            "POST /interviewPlan.list": done([{"id": uid("plan", 1)}, {"id": uid("plan", 2)}]),
            "POST /interviewStage.list": file("stages.list.json"),
            "POST /user.info": done(RINA_RECORD),
        }
    )
    ashby = replay.connect(Ashby)

    for _ in range(2):
        _, talk, waiting = await ashby.list_interviews(OfApplications()).all()

    assert talk.interviewers == [RINA]
    assert isinstance(waiting.stage, Stage)
    assert (waiting.stage.text, waiting.stage.type) == ("Harbour tour", StageType.INTERVIEW)
    paths = [one.path for one in replay.sent]
    assert (paths.count("/interviewSchedule.list"), paths.count("/interviewPlan.list")) == (2, 1)
    assert (paths.count("/interviewStage.list"), paths.count("/user.info")) == (2, 1)
    plans = next(one for one in replay.sent if one.path == "/interviewPlan.list")
    assert plans.body["includeArchived"] is True


async def test_many_interviewers_come_from_the_directory() -> None:
    events = [{"id": f"e{n}", "interviewerUserIds": [f"u{n}"]} for n in range(9)]
    users = [{"id": f"u{n}", "email": f"u{n}@harbor.example"} for n in range(9)]
    replay = Replay(
        {
            "POST /interviewSchedule.list": done([{"id": "s", "interviewEvents": events}]),
            "POST /user.list": done(users),
        }
    )

    found = await replay.connect(Ashby).list_interviews(OfApplications()).all()

    emails = [person.email for one in found for person in given(one.interviewers) or ()]
    assert emails == [f"u{n}@harbor.example" for n in range(9)]
    assert replay.sent[-1].body["includeDeactivated"] is True


@pytest.mark.parametrize("path", ["interviewPlan.list", "interviewStage.list", "user.info"])
async def test_a_key_that_may_not_see_the_names_still_reads_the_interviews(path: str) -> None:
    replay = Replay(
        {
            **SCHEDULES,
            "POST /interviewPlan.list": done([{"id": uid("plan", 1)}]),
            "POST /interviewStage.list": file("stages.list.json"),
            "POST /user.info": done(RINA_RECORD),
            f"POST /{path}": refused("missing_endpoint_permission", 403),
        }
    )

    _, talk, _ = await replay.connect(Ashby).list_interviews(OfApplications()).all()

    if path == "user.info":
        assert talk.interviewers == [User(id=uid("user", 1))]
    else:
        assert talk.stage == Stage(id=uid("stage", 3))


async def test_a_key_that_may_not_see_stages_still_reads_the_rejection() -> None:
    replay = Replay(
        {
            "POST /application.info": file("application.info.json"),
            "POST /interviewStage.list": refused("missing_endpoint_permission", 403),
        }
    )

    application = await replay.connect(Ashby).get_application(uid("application", 1))

    assert isinstance(application.rejection, Rejection)
    stage = application.rejection.stage
    assert isinstance(stage, Stage)
    assert (stage.text, stage.type) == ("Harbour tour", StageType.NOT_SPECIFIED)
    assert (stage.type_source, stage.order) == (UNSET, UNSET)


@pytest.mark.parametrize("asked", ["notes", "interviews", "scorecards", "offers"])
async def test_many_parents_are_asked_a_few_to_a_page(asked: str) -> None:
    replay = Replay(
        {
            "POST /candidate.listNotes": done([]),
            "POST /interviewSchedule.list": done([]),
            "POST /applicationFeedback.list": done([]),
            "POST /offer.list": done([]),
        }
    )
    ashby = replay.connect(Ashby)
    ids = tuple(f"id{n}" for n in range(70))
    of_applications = OfApplications(application_id=ids)
    lists: dict[str, kit.Pages[Any]] = {
        "notes": ashby.list_notes(NoteQuery(candidate_id=ids)),
        "interviews": ashby.list_interviews(of_applications),
        "scorecards": ashby.list_scorecards(of_applications),
        "offers": ashby.list_offers(of_applications),
    }

    page = await lists[asked].page()

    assert page.next is not None
    assert len(replay.sent) == 8


async def test_departments_and_offices_are_those_that_can_be_chosen() -> None:
    replay = Replay({"POST /department.list": done([]), "POST /location.list": done([])})
    ashby = replay.connect(Ashby)

    assert await ashby.list_departments().all() + await ashby.list_offices().all() == []

    assert [one.body.get("includeArchived") for one in replay.sent] == [None, None]

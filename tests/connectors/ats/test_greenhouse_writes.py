"""Greenhouse: what is written, and how refusals are told."""

import base64
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from hireloom import kit
from hireloom.connectors.ats.greenhouse import Greenhouse
from hireloom.kit.rehearsal import Rehearsal
from hireloom.models import (
    AnswerDraft,
    ApplicationDraft,
    AttachmentDraft,
    AttachmentType,
    CandidateChanges,
    CandidateDraft,
    CreatedApplication,
    CreatedCandidate,
    EducationDraft,
    Email,
    EmailType,
    FileDraft,
    FileType,
    InterviewCancellation,
    InterviewChanges,
    InterviewDraft,
    JobDraft,
    NoteDraft,
    Origin,
    Phone,
    PhoneType,
    PostalAddress,
    RejectionDraft,
    StageMove,
    TagChange,
    TextFormat,
    Visibility,
    WrittenNote,
)
from tests.connectors.ats.greenhouse import TABLES, account, asked
from tests.replay import Reply, Sent, sent

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)

ADA = CandidateDraft(
    first_name="Ada",
    last_name="Quill",
    emails=(Email(email="ada@quill.example", type=EmailType.WORK),),
    phones=(Phone(phone_number="0421 55", type=PhoneType.FAX),),
    links=("https://www.linkedin.com/in/ada", "quill.example"),
    tags=("star",),
    title="Printer",
    headline="Prints",
    education=(EducationDraft(institute="Night School"),),
    present_address=PostalAddress(
        address_line1="Dock 4", city="Bremen", zip_code="28195", country="DE"
    ),
    source_id="81",
    custom_fields={"notice": "none", "502": 1003},
)
ADA_BODY = {
    "first_name": "Ada",
    "last_name": "Quill",
    "title": "Printer",
    "email_addresses": [{"value": "ada@quill.example", "type": "work"}],
    "phone_numbers": [{"value": "0421 55", "type": "other"}],
    "addresses": [{"value": "Dock 4\n28195 Bremen\nDE", "type": "home"}],
    "website_addresses": [{"value": "quill.example", "type": "other"}],
    "social_media_addresses": [{"value": "https://www.linkedin.com/in/ada"}],
    "tags": ["star"],
    "custom_fields": [
        {"name_key": "notice", "value": "none"},
        {"custom_field_id": 502, "value": 1003},
    ],
}


async def test_a_new_candidate_is_a_prospect() -> None:
    made = {"candidate": {"id": 53, "first_name": "Ada"}, "application": {"id": 703}}
    greenhouse, replay = account({"POST /v3/candidates": Reply(made, status=201)})

    created = await greenhouse.create_candidate(ADA)

    assert replay.writes == [
        Sent(
            "POST",
            "/v3/candidates",
            {},
            {**ADA_BODY, "application": {"prospect": True, "source_id": 81}},
        )
    ]
    assert (created.candidate_id, created.application_id) == ("53", "703")
    assert [one.field for one in created.fields_dropped] == ["headline", "education"]


@pytest.mark.parametrize(
    ("listed", "application_id"),
    [
        ([{"id": 703, "candidate_id": 53, "job_id": None, "prospect": True}], "703"),
        ([{"id": 704, "candidate_id": 54, "job_id": None, "prospect": True}], None),
        (Reply({"errors": ["no scope"]}, status=403), None),
    ],
    ids=["read back", "somebody else's", "may not be read"],
)
async def test_a_bare_candidate_is_an_answer_too(listed: Any, application_id: str | None) -> None:
    greenhouse, replay = account(
        {
            "POST /v3/candidates": {"id": 53, "first_name": "Ada"},
            "GET /v3/applications": listed,
        }
    )
    draft = CandidateDraft(first_name="Ada", last_name="Quill")

    created = await greenhouse.create_candidate(draft)

    assert created == CreatedCandidate(candidate_id="53", application_id=application_id)
    assert [one["candidate_ids"] for one in asked(replay, "applications")] == ["53"]


@pytest.mark.parametrize(
    ("answer", "listed"),
    [
        ({"candidate": {"id": 53}, "application": {"id": 703}}, []),
        ({"id": 53, "application_ids": [703]}, []),
        ({"id": 53}, [{"id": 703, "candidate_id": 53, "job_id": 21}]),
    ],
    ids=["both", "ids", "looked up"],
)
async def test_a_new_person_applies_in_one_write(answer: Any, listed: list[Any]) -> None:
    greenhouse, replay = account(
        {
            "POST /v3/candidates": answer,
            "GET /v3/applications": listed,
            "POST /v3/attachments": (
                {"id": 103, "application_id": 703},
                Reply({"message": "too odd"}, status=422),
            ),
        }
    )
    draft = ApplicationDraft(
        job_id="21",
        candidate=ADA,
        initial_stage_id="42",
        answers=(AnswerDraft(id="331", answer="Day"),),
        attachments=(
            FileDraft(name="cv.pdf", data=b"%PDF", file_type=FileType.RESUME),
            FileDraft(name="x.exe", url="https://files.example/x"),
        ),
    )

    created = await greenhouse.create_application(draft)

    person, resume, refused = replay.writes
    assert person.body["application"] == {
        "job_id": 21,
        "initial_stage_id": 42,
        "source_id": 81,
    }
    assert resume == Sent(
        "POST",
        "/v3/attachments",
        {},
        {
            "application_id": 703,
            "filename": "cv.pdf",
            "type": "resume",
            "visibility": "public",
            "content": base64.b64encode(b"%PDF").decode(),
        },
    )
    assert (refused.body["type"], refused.body["url"]) == ("other", "https://files.example/x")
    assert (created.application_id, created.candidate_id, created.job_id) == ("703", "53", "21")
    assert [one.field for one in created.fields_dropped] == [
        "answers", "candidate.headline", "candidate.education", "attachments[1]"
    ]  # fmt: skip


async def test_an_origin_is_written_as_the_one_source_that_has_it() -> None:
    greenhouse, replay = account({"POST /v3/applications": Reply({"id": 703}, status=201)})
    draft = ApplicationDraft(job_id="21", candidate_id="51", origin=Origin.REFERRAL)

    created = await greenhouse.create_application(draft)

    assert replay.writes == [
        Sent(
            "POST",
            "/v3/applications",
            {},
            {"candidate_id": 51, "job_id": 21, "source_id": 81},
        )
    ]
    assert created == CreatedApplication(application_id="703", candidate_id="51", job_id="21")


async def test_an_origin_that_no_source_has_is_dropped_and_named() -> None:
    greenhouse, _ = account({"POST /v3/applications": {"id": 703}})
    draft = ApplicationDraft(job_id="21", candidate_id="51", origin=Origin.AGENCY)

    created = await greenhouse.create_application(draft)

    (left,) = created.fields_dropped
    assert left.field == "origin"
    assert "none of this kind" in left.reason


async def test_a_dry_run_shows_every_write_and_sends_none() -> None:
    _, replay = account()
    rehearsal = Rehearsal(replay)
    draft = ApplicationDraft(
        job_id="21", candidate=ADA, attachments=(FileDraft(name="cv.pdf", data=b"%PDF"),)
    )

    await Greenhouse(rehearsal).create_application(draft)

    person, file = (sent(one) for one in rehearsal.writes)
    assert (person.path, file.path) == ("/v3/candidates", "/v3/attachments")
    assert file.body["application_id"] == "<from the answer>"
    assert replay.sent == []


async def test_a_dry_run_also_shows_the_files_of_somebody_known() -> None:
    _, replay = account()
    rehearsal = Rehearsal(replay)
    draft = ApplicationDraft(
        job_id="21", candidate_id="51", attachments=(FileDraft(name="cv.pdf", data=b"%PDF"),)
    )

    created = await Greenhouse(rehearsal).create_application(draft)

    assert [one.template for one in rehearsal.writes] == ["/applications", "/attachments"]
    assert created.fields_dropped == []


async def test_a_change_sends_only_what_is_given() -> None:
    greenhouse, replay = account({"PATCH /v3/candidates/51": {"id": 51}})
    changes = CandidateChanges(
        candidate_id="51",
        title="Master welder",
        emails=(Email(email="new@mail.example", type=EmailType.PERSONAL),),
        headline="Welds",
    )

    receipt = await greenhouse.update_candidate(changes)

    assert replay.sent == [
        Sent(
            "PATCH",
            "/v3/candidates/51",
            {},
            {
                "title": "Master welder",
                "email_addresses": [{"value": "new@mail.example", "type": "personal"}],
            },
        )
    ]
    assert [one.field for one in receipt.fields_dropped] == ["headline"]


async def test_a_list_that_replaces_all_goes_with_what_was_there() -> None:
    greenhouse, replay = account(
        {
            "GET /v3/candidates": [TABLES["candidates"][1]],
            "PATCH /v3/candidates/51": {"id": 51},
        }
    )
    changes = CandidateChanges(
        candidate_id="51",
        present_address=PostalAddress(city="Emden"),
        custom_fields={"notice": None, "colour": "Red"},
    )

    await greenhouse.update_candidate(changes)

    assert replay.writes[0].body == {
        "addresses": [
            {"value": "Emden", "type": "home"},
            {"value": "Kai 5", "type": "work"},
        ],
        "custom_fields": [
            {"name_key": "notice", "value": None},
            {"name_key": "wish", "value": {"amount": "52000.0", "currency_code": "EUR"}},
            {"name_key": "years", "value": 9.0},
            {"name_key": "colour", "value": "Red"},
        ],
    }


async def test_a_known_tag_is_put_on_a_candidate() -> None:
    greenhouse, replay = account({"POST /v3/applied_candidate_tags": {"id": 143}})

    receipt = await greenhouse.add_candidate_tag(TagChange(candidate_id="51", tag="Harbour"))

    assert replay.writes == [
        Sent(
            "POST",
            "/v3/applied_candidate_tags",
            {},
            {"candidate_id": 51, "candidate_tag_id": 132},
        )
    ]
    assert receipt.fields_dropped == []


async def test_a_new_tag_is_made_first_and_one_that_is_there_is_left() -> None:
    greenhouse, replay = account(
        {
            "POST /v3/candidate_tags": {"id": 133, "name": "loud"},
            "POST /v3/applied_candidate_tags": {"id": 143},
        }
    )

    await greenhouse.add_candidate_tag(TagChange(candidate_id="51", tag="loud"))
    await greenhouse.add_candidate_tag(TagChange(candidate_id="51", tag="night shift"))

    assert [one.body for one in replay.writes] == [
        {"name": "loud"},
        {"candidate_id": 51, "candidate_tag_id": 133},
    ]


async def test_a_tag_comes_off_that_candidate_alone() -> None:
    greenhouse, replay = account({"DELETE /v3/applied_candidate_tags/141": {"message": "done"}})

    await greenhouse.remove_candidate_tag(TagChange(candidate_id="51", tag="night shift"))
    await greenhouse.remove_candidate_tag(TagChange(candidate_id="51", tag="unheard of"))

    assert [(one.method, one.path) for one in replay.writes] == [
        ("DELETE", "/v3/applied_candidate_tags/141")
    ]


async def test_a_note_arrives_as_plain_text_with_its_title_on_top() -> None:
    greenhouse, replay = account({"POST /v3/notes": Reply({"id": 973}, status=201)})
    draft = NoteDraft(
        candidate_id="51",
        content="<b>Good</b> in<ul><li>TIG</li></ul>",
        title="Test",
        visibility=Visibility.PRIVATE,
    )

    written = await greenhouse.create_application_note("701", draft)
    await greenhouse.create_candidate_note("51", draft)

    assert written == WrittenNote(id="973", format=TextFormat.PLAIN)
    first, second = replay.writes
    assert first == Sent(
        "POST",
        "/v3/notes",
        {},
        {
            "candidate_id": 51,
            "application_id": 701,
            "note_type": "NOTE",
            "body": "Test\n\nGood in\n• TIG",
            "visibility": "private",
        },
    )
    assert "application_id" not in second.body


@pytest.mark.parametrize(
    ("answer", "listed", "body"),
    [
        ({"id": 973, "body": "Good"}, [], "Good"),
        ({"id": 973}, [{"id": 974, "body": "Bad"}, {"id": 973, "body": "Good"}], "Good"),
        ({"id": 973}, [{"id": 974, "body": "Bad"}], None),
        ({"id": 973}, Reply({"errors": ["no scope"]}, status=403), None),
    ],
    ids=["in the answer", "read again", "not found", "may not be read"],
)
async def test_a_note_says_what_greenhouse_holds_of_it(
    answer: Any, listed: Any, body: str | None
) -> None:
    made = Reply(answer, status=201)
    greenhouse, replay = account({"POST /v3/notes": made, "GET /v3/notes": listed})

    note = await greenhouse.create_candidate_note(
        "51", NoteDraft(candidate_id="51", content="Good")
    )

    assert note == WrittenNote(id="973", format=TextFormat.PLAIN, body=body)
    assert asked(replay, "notes")[1:] == ([] if "body" in answer else [{"ids": "973"}])


async def test_a_move_says_which_stage_is_left() -> None:
    greenhouse, replay = account(
        {
            "GET /v3/applications": [TABLES["applications"][1]],
            "POST /v3/applications/701/move": Reply(status=204),
        }
    )

    move = StageMove(application_id="701", stage_id="41", note="back again")
    receipt = await greenhouse.move_application(move)

    assert replay.writes == [
        Sent("POST", "/v3/applications/701/move", {}, {"from_stage_id": 42, "to_stage_id": 41})
    ]
    assert [one.field for one in receipt.fields_dropped] == ["note"]


async def test_an_application_in_no_stage_cannot_be_moved() -> None:
    greenhouse, replay = account({"GET /v3/applications": [TABLES["applications"][0]]})

    with pytest.raises(kit.ConflictError, match="no stage"):
        await greenhouse.move_application(StageMove(application_id="702", stage_id="41"))

    assert replay.writes == []


async def test_a_rejection_goes_with_its_reason() -> None:
    greenhouse, replay = account({"POST /v3/applications/701/reject": Reply(status=204)})
    rejection = RejectionDraft(
        application_id="701", rejection_reason_id="62", note="Sorry", notify=True
    )

    receipt = await greenhouse.reject_application(rejection)

    assert replay.sent == [
        Sent(
            "POST",
            "/v3/applications/701/reject",
            {},
            {"rejection_reason_id": 62, "notes": "Sorry"},
        )
    ]
    assert [one.field for one in receipt.fields_dropped] == ["notify"]


@pytest.mark.parametrize(
    ("more", "taken"),
    [
        ([], 63),
        ([{"id": 64, "name": "Other (see notes)", "type": {"name": "We rejected them"}}], 64),
        ([{"id": 65, "name": "Other", "type": {"name": "They rejected us"}}], 63),
    ],
    ids=["of no type", "called other", "the candidate's is not taken"],
)
async def test_a_rejection_without_a_reason_takes_the_most_neutral_one(
    more: list[Any], taken: int
) -> None:
    greenhouse, replay = account(
        {
            "GET /v3/rejection_reasons": [*TABLES["rejection_reasons"], *more],
            "POST /v3/applications/701/reject": Reply(status=204),
        }
    )

    await greenhouse.reject_application(RejectionDraft(application_id="701"))

    assert replay.writes[0].body == {"rejection_reason_id": taken}


async def test_without_a_neutral_reason_the_caller_has_to_choose() -> None:
    greenhouse, replay = account({"GET /v3/rejection_reasons": TABLES["rejection_reasons"][:2]})

    with pytest.raises(kit.RequestInvalidError) as caught:
        await greenhouse.reject_application(RejectionDraft(application_id="701"))

    assert [one.path for one in caught.value.fields] == ["rejectionReasonId"]
    assert replay.writes == []


async def test_a_public_url_is_fetched_by_greenhouse_itself() -> None:
    made = {"id": 103, "application_id": 701, "type": "cover_letter", "filename": "why.pdf"}
    greenhouse, replay = account({"POST /v3/attachments": Reply(made, status=201)})
    draft = AttachmentDraft(
        application_id="701",
        name="why.pdf",
        url="https://files.example/why",
        file_type=FileType.COVER_LETTER,
    )

    attachment = (await greenhouse.add_attachment(draft)).attachment

    assert replay.writes[0].body == {
        "application_id": 701,
        "filename": "why.pdf",
        "type": "cover_letter",
        "visibility": "public",
        "url": "https://files.example/why",
    }
    assert (attachment.id, attachment.type) == ("103", AttachmentType.COVER_LETTER)


async def test_an_interview_takes_the_first_slot_of_the_current_stage() -> None:
    greenhouse, replay = account(
        {
            "GET /v3/applications": [TABLES["applications"][1]],
            "POST /v3/interviews": Reply(TABLES["interviews"][0], status=201),
        }
    )
    draft = InterviewDraft(
        application_id="701",
        scheduled_start=NOON,
        scheduled_end=NOON + timedelta(hours=1),
        interviewer_ids=("12",),
        interviewer_emails=("guest@far.example",),
        location="Room 2",
    )

    interview = (await greenhouse.create_interview(draft)).interview

    body = replay.writes[0].body
    assert body.pop("external_event_id")
    assert body == {
        "application_id": 701,
        "job_interview_id": 451,
        "interviewers": [
            {"user_id": 12, "response_status": "needs_action"},
            {"email": "guest@far.example", "response_status": "needs_action"},
        ],
        "starts_at": "2026-06-01T12:00:00.000Z",
        "ends_at": "2026-06-01T13:00:00.000Z",
        "location": "Room 2",
    }
    assert (interview.id, interview.subject) == ("401", "Call with the yard")


async def test_a_stage_without_a_slot_needs_one_named() -> None:
    greenhouse, _ = account(
        {"GET /v3/applications": [TABLES["applications"][1]], "GET /v3/job_interviews": []}
    )
    draft = InterviewDraft(
        application_id="701", scheduled_start=NOON, scheduled_end=NOON, interviewer_ids=("12",)
    )

    with pytest.raises(kit.RequestInvalidError, match="interviewTypeId"):
        await greenhouse.create_interview(draft)


async def test_an_interview_that_nobody_holds_is_refused_before_any_call() -> None:
    greenhouse, replay = account()
    draft = InterviewDraft(application_id="701", scheduled_start=NOON, scheduled_end=NOON)

    with pytest.raises(kit.RequestInvalidError) as caught:
        await greenhouse.create_interview(draft)

    assert [one.path for one in caught.value.fields] == ["interviewerIds"]
    assert replay.sent == []


async def test_a_dry_run_of_an_interview_shows_the_very_body_that_is_sent() -> None:
    greenhouse, replay = account(
        {
            "GET /v3/applications": [TABLES["applications"][1]],
            "POST /v3/interviews": Reply(TABLES["interviews"][0], status=201),
        }
    )
    rehearsal = Rehearsal(replay)
    draft = InterviewDraft(
        application_id="701", scheduled_start=NOON, scheduled_end=NOON, interviewer_ids=("12",)
    )

    await Greenhouse(rehearsal).create_interview(draft)
    assert asked(replay, "interviewers") == []  # nobody asks about what is not there yet
    await greenhouse.create_interview(draft)
    later = replace(draft, scheduled_start=NOON - timedelta(hours=1))
    await greenhouse.create_interview(later)

    shown, (first, second) = sent(rehearsal.writes[0]), replay.writes
    assert shown.body == first.body
    assert first.body["external_event_id"] != second.body["external_event_id"]


async def test_an_interview_is_changed_and_called_off() -> None:
    greenhouse, replay = account(
        {
            "PATCH /v3/interviews/401": TABLES["interviews"][0],
            "DELETE /v3/interviews/401": {"message": "done"},
        }
    )

    await greenhouse.update_interview(
        InterviewChanges(interview_id="401", scheduled_start=NOON, interviewer_ids=("11",))
    )
    await greenhouse.cancel_interview(InterviewCancellation(interview_id="401"))

    change, deletion = replay.writes
    assert change.body == {
        "starts_at": "2026-06-01T12:00:00.000Z",
        "interviewers": [{"user_id": 11, "response_status": "needs_action"}],
    }
    assert (deletion.method, deletion.path) == ("DELETE", "/v3/interviews/401")


async def test_a_job_is_copied_from_a_template() -> None:
    greenhouse, replay = account({"POST /v3/jobs": Reply({"id": 23}, status=201)})
    draft = JobDraft(
        title="Painter",
        template_id="22",
        description="<p>x</p>",
        department_id="71",
        office_id="75",
        salary_min=Decimal(1),
    )

    created = await greenhouse.create_job(draft)

    assert replay.writes[0].body == {
        "template_job_id": 22,
        "number_of_openings": 1,
        "job_name": "Painter",
        "notes": "<p>x</p>",
        "department_id": 71,
        "office_ids": [75],
    }
    assert created.job_id == "23"
    assert [one.field for one in created.fields_dropped] == ["salaryMin"]
    with pytest.raises(kit.RequestInvalidError, match="templateId"):
        await greenhouse.create_job(JobDraft(title="Painter"))


# Errors and credentials.


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

"""Greenhouse: what is written about candidates, and what goes along with them."""

import base64
from typing import Any

import pytest

from hireloom.connectors.ats.greenhouse import Greenhouse
from hireloom.kit.rehearsal import Rehearsal
from hireloom.models import (
    AnswerDraft,
    ApplicationDraft,
    CandidateChanges,
    CandidateDraft,
    CreatedApplication,
    CreatedCandidate,
    EducationDraft,
    Email,
    EmailType,
    FileDraft,
    FileType,
    NoteDraft,
    Origin,
    Phone,
    PhoneType,
    PostalAddress,
    TagChange,
    TextFormat,
    Visibility,
    WrittenNote,
)
from tests.connectors.ats.greenhouse import TABLES, account, asked
from tests.replay import Reply, Sent, sent

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

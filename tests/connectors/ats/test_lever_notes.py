"""Notes and tags that are written to Lever, and where they go."""

import json
from typing import Any

import pytest

from hireloom import kit
from hireloom.models import (
    NoteDraft,
    Receipt,
    TagChange,
    TextFormat,
    Visibility,
    WrittenNote,
)
from tests.connectors.ats.lever_account import MILLIS, account, page, rows
from tests.connectors.ats.lever_acting import only_write, writing
from tests.replay import Reply


async def test_a_note_is_plain_text() -> None:
    lever, replay = writing(**{"POST /opportunities/opp-1/notes": echoed_note})

    note = await lever.create_application_note(
        "opp-1",
        NoteDraft(
            candidate_id="contact-ines",
            title="Test",
            content="<p>Passed: <b>80</b></p><ul><li>ropes</li></ul>",
            visibility=Visibility.PRIVATE,
        ),
    )

    sent = only_write(replay)
    assert sent.body == {"value": "Test\n\nPassed: 80\n\n• ropes", "secret": True}
    assert sent.params == {"perform_as": "user-olga"}
    assert note == WrittenNote(
        id="note-9", format=TextFormat.PLAIN, body="Test\n\nPassed: 80\n\n• ropes"
    )


NOTE = "/opportunities/opp-1/notes/note-9"
TOLD = {"data": {"noteId": "note-9"}}  # as documented
STORED = {
    "data": {
        "id": "note-9",
        "fields": [{"type": "note", "value": "Hi!"}, {"type": "note", "value": "A reply"}],
    }
}
HI = NoteDraft(candidate_id="contact-ines", application_id="opp-1", content="Hi")


def echoed_note(request: kit.Request) -> dict[str, Any]:
    text = json.loads(request.body or b"")["value"]
    return {"data": {"id": "note-9", "fields": [{"type": "note", "value": text}]}}


async def test_a_note_that_the_answer_does_not_show_is_read() -> None:
    lever, _ = writing(**{"POST /opportunities/opp-1/notes": TOLD, f"GET {NOTE}": STORED})

    note = await lever.create_application_note("opp-1", HI)

    assert (note.id, note.body) == ("note-9", "Hi!")


async def test_a_note_that_cannot_be_read_is_written_all_the_same() -> None:
    hidden = Reply({"code": "Forbidden", "message": "no"}, status=403)
    lever, _ = writing(**{"POST /opportunities/opp-1/notes": TOLD, f"GET {NOTE}": hidden})

    note = await lever.create_application_note("opp-1", HI)

    assert (note.id, note.body) == ("note-9", None)


async def test_a_note_is_changed_where_it_is() -> None:
    lever, replay = writing(**{f"PUT {NOTE}": echoed_note})

    note = await lever.update_note("note-9", HI)

    sent = only_write(replay)
    assert (sent.body, sent.params) == ({"value": "Hi"}, {"perform_as": "user-olga"})
    assert note == WrittenNote(id="note-9", format=TextFormat.PLAIN, body="Hi")


async def test_a_changed_note_of_a_person_is_looked_for_in_all_candidacies() -> None:
    archived = {**rows()[1], "createdAt": MILLIS * 2}
    lever, replay = writing(
        **{
            "GET /v1/opportunities": page(archived, rows()[0]),
            f"PUT {NOTE}": Reply({"code": "NotFound", "message": "no"}, status=404),
            "PUT /opportunities/opp-2/notes/note-9": echoed_note,
        }
    )

    note = await lever.update_note("note-9", NoteDraft(candidate_id="contact-ines", content="Hi"))

    assert [sent.path for sent in replay.writes] == [
        f"/v1{NOTE}",
        "/v1/opportunities/opp-2/notes/note-9",
    ]
    assert note.body == "Hi"


async def test_a_note_that_is_gone_is_not_found() -> None:
    gone = Reply({"code": "NotFound", "message": "no"}, status=404)
    lever, _ = writing(**{f"PUT {NOTE}": gone})

    with pytest.raises(kit.ResourceNotFoundError):
        await lever.update_note("note-9", HI)


async def test_a_note_needs_no_acting_user() -> None:
    lever, replay = account(answers={"POST /opportunities/opp-1/notes": echoed_note})

    await lever.create_application_note("opp-1", NoteDraft(candidate_id="c", content="Hi"))

    sent = only_write(replay)
    assert (sent.params, sent.body) == ({}, {"value": "Hi"})


async def test_a_note_on_a_person_goes_to_the_newest_open_opportunity() -> None:
    archived = {**rows()[1], "createdAt": MILLIS * 2}
    lever, replay = writing(
        **{
            "GET /v1/opportunities": page(archived, rows()[0]),
            "POST /opportunities/opp-1/notes": echoed_note,
        }
    )

    note = await lever.create_candidate_note(
        "contact-ines", NoteDraft(candidate_id="contact-ines", content="Hi")
    )

    assert only_write(replay).path == "/v1/opportunities/opp-1/notes"
    assert note.url == "https://hire.lever.example/opp-1"


async def test_a_tag_goes_to_the_application_or_to_the_newest_open_one() -> None:
    answers = {
        "GET /v1/opportunities": page(rows()[0]),
        "POST /addTags": {"data": {"id": "x"}},
    }
    lever, replay = writing(**answers)

    change = TagChange(candidate_id="contact-ines", application_id="opp-7", tag="tested")
    assert await lever.add_candidate_tag(change) == Receipt()
    await lever.add_candidate_tag(TagChange(candidate_id="contact-ines", tag="tested"))

    named, found = replay.writes
    assert (named.path, named.body) == ("/v1/opportunities/opp-7/addTags", {"tags": ["tested"]})
    assert found.path == "/v1/opportunities/opp-1/addTags"


async def test_a_tag_leaves_all_candidacies_that_bear_it() -> None:
    second = {**rows()[1], "tags": ["sea legs"]}
    third = {**rows()[1], "id": "opp-3"}
    lever, replay = writing(
        **{
            "GET /v1/opportunities": page(rows()[0], second, third),
            "POST /removeTags": {"data": {"id": "x"}},
        }
    )

    await lever.remove_candidate_tag(TagChange(candidate_id="contact-ines", tag="sea legs"))

    assert sorted(sent.path for sent in replay.writes) == [
        "/v1/opportunities/opp-1/removeTags",
        "/v1/opportunities/opp-2/removeTags",
    ]

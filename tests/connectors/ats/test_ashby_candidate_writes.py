"""What is written to Ashby about candidates: the exact bodies, and what is named as dropped."""

from typing import Any

import pytest

from hireloom import kit
from hireloom.connectors.ats.ashby import Ashby
from hireloom.kit.rehearsal import Rehearsal
from hireloom.models import (
    CandidateChanges,
    CandidateDraft,
    Dropped,
    Email,
    EmailType,
    NoteDraft,
    Phone,
    PostalAddress,
    Receipt,
    TagChange,
    TextFormat,
    Visibility,
    WrittenNote,
)
from tests.connectors.ats.ashby_organisation import done, file, uid
from tests.replay import Replay, Reply

NO_PLACE = "Ashby has no place for it"
DONE = {"success": True, "results": {"id": "new"}}


def bodies(replay: Replay) -> dict[str, Any]:
    return {one.path: one.body for one in replay.writes}


async def test_a_new_candidate_gets_what_ashby_has_a_field_for() -> None:
    tags = [{"id": uid("tag", 1), "title": "Silver Medal"}]
    replay = Replay(
        {
            "POST /candidate.create": DONE,
            "POST /candidate.update": DONE,
            "POST /customField.setValues": DONE,
            "POST /candidateTag.list": done(tags),
            "POST /candidate.addTag": DONE,
        }
    )
    draft = CandidateDraft(
        first_name="Nora",
        last_name="Vik",
        emails=(Email(email="nora@x.example", type=EmailType.WORK), Email(email="n@y.example")),
        phones=(Phone(phone_number="+4722000001"), Phone(phone_number="+4722000002")),
        links=("https://www.linkedin.com/in/nora", "nora.example", "https://x.com/nora"),
        tags=("silver medal",),
        title="Pilot",
        present_address=PostalAddress(city="Oslo", country="Norway", zip_code="0150"),
        source_id=uid("source", 1),
        custom_fields={uid("field", 3): 38},
    )

    created = await replay.connect(Ashby).create_candidate(draft)

    assert bodies(replay) == {
        "/candidate.create": {
            "name": "Nora Vik",
            "email": "nora@x.example",
            "phoneNumber": "+4722000001",
            "alternateEmailAddresses": ["n@y.example"],
            "linkedInUrl": "https://www.linkedin.com/in/nora",
            "website": "nora.example",
            "sourceId": uid("source", 1),
            "location": {"city": "Oslo", "country": "Norway"},
        },
        "/candidate.update": {
            "candidateId": "new",
            "socialLinks": [
                {"type": "LinkedIn", "url": "https://www.linkedin.com/in/nora"},
                {"type": "Website", "url": "nora.example"},
                {"type": "Twitter", "url": "https://x.com/nora"},
            ],
        },
        "/customField.setValues": {
            "objectId": "new",
            "objectType": "Candidate",
            "values": [{"fieldId": uid("field", 3), "fieldValue": 38}],
        },
        "/candidate.addTag": {"candidateId": "new", "tagId": uid("tag", 1)},
    }
    assert created.candidate_id == "new"
    assert created.fields_dropped == [
        Dropped(field="title", reason=NO_PLACE),
        Dropped(field="phones", reason="Ashby takes the first"),
        Dropped(field="emails.type", reason=NO_PLACE),
        Dropped(field="presentAddress.zipCode", reason=NO_PLACE),
    ]


async def test_a_step_that_fails_after_the_candidate_was_made_is_named() -> None:
    refused = Reply({"success": False, "errors": ["field_not_found"]})
    replay = Replay({"POST /candidate.create": DONE, "POST /customField.setValues": refused})
    draft = CandidateDraft(first_name="Nora", last_name="Vik", custom_fields={"f": 1})

    created = await replay.connect(Ashby).create_candidate(draft)

    assert created.candidate_id == "new"
    assert created.fields_dropped == [
        Dropped(field="customFields", reason="Ashby has no such field")
    ]


async def test_half_a_name_is_completed_from_the_candidate() -> None:
    replay = Replay(
        {
            "POST /candidate.info": file("candidate.info.json"),
            "POST /candidate.update": DONE,
        }
    )
    changes = CandidateChanges(
        candidate_id=uid("candidate", 1),
        first_name="Tom",
        emails=(Email(email="a@x"), Email(email="b@x"), Email(email="c@x")),
        phones=(),
        links=(),
        company="Elsewhere",
    )

    receipt = await replay.connect(Ashby).update_candidate(changes)

    assert bodies(replay) == {
        "/candidate.update": {
            "candidateId": uid("candidate", 1),
            "name": "Tom Meer",
            "email": "a@x",
            "alternateEmail": "b@x",
            "socialLinks": [],
        }
    }
    assert receipt == Receipt(
        fields_dropped=[
            Dropped(field="company", reason=NO_PLACE),
            Dropped(field="emails", reason="Ashby adds one at a time"),
            Dropped(field="phones", reason="Ashby does not take them away"),
        ]
    )


async def test_an_update_that_ashby_has_no_place_for_makes_no_call() -> None:
    replay = Replay({})

    receipt = await replay.connect(Ashby).update_candidate(
        CandidateChanges(candidate_id="c", headline="Hm")
    )

    assert (replay.sent, receipt.fields_dropped) == (
        [],
        [Dropped(field="headline", reason=NO_PLACE)],
    )


async def test_a_note_is_html_on_the_candidate() -> None:
    replay = Replay({"POST /candidate.createNote": DONE})
    draft = NoteDraft(
        candidate_id="c",
        application_id="a",
        title="Call",
        content="<b>Calm</b><script>x</script>",
        visibility=Visibility.PRIVATE,
    )

    note = await replay.connect(Ashby).create_candidate_note("c", draft)

    assert bodies(replay) == {
        "/candidate.createNote": {
            "candidateId": "c",
            "note": {"type": "text/html", "value": "<p><b>Call</b></p><b>Calm</b>"},
            "sendNotifications": False,
            "isPrivate": True,
        }
    }
    assert note == WrittenNote(id="new", format=TextFormat.HTML)


async def test_a_note_says_what_ashby_holds_where_its_answer_tells() -> None:
    held = "<p>Calm</p>"
    replay = Replay({"POST /candidate.createNote": done({"id": "new", "content": held})})
    draft = NoteDraft(candidate_id="c", content="<b>Calm</b>")

    note = await replay.connect(Ashby).create_candidate_note("c", draft)

    assert note == WrittenNote(id="new", format=TextFormat.HTML, body=held)


async def test_a_tag_that_is_not_there_yet_is_made() -> None:
    replay = Replay(
        {
            "POST /candidateTag.list": done([]),
            "POST /candidateTag.create": done({"id": "t", "title": "Gold"}),
            "POST /candidate.addTag": DONE,
        }
    )

    await replay.connect(Ashby).add_candidate_tag(TagChange(candidate_id="c", tag="Gold"))

    assert bodies(replay) == {
        "/candidateTag.create": {"title": "Gold"},
        "/candidate.addTag": {"candidateId": "c", "tagId": "t"},
    }


async def test_only_a_tag_that_the_candidate_has_can_be_removed() -> None:
    replay = Replay(
        {
            "POST /candidate.info": file("candidate.info.json"),
            "POST /candidate.removeTag": DONE,
        }
    )
    ashby = replay.connect(Ashby)

    await ashby.remove_candidate_tag(TagChange(candidate_id="c", tag="silver MEDAL"))
    with pytest.raises(kit.ResourceNotFoundError):
        await ashby.remove_candidate_tag(TagChange(candidate_id="c", tag="Gold"))

    assert bodies(replay) == {
        "/candidate.removeTag": {"candidateId": uid("candidate", 1), "tagId": uid("tag", 1)}
    }


async def test_a_dry_run_reads_and_writes_nothing() -> None:
    replay = Replay({"POST /candidateTag.list": done([])})
    rehearsal = Rehearsal(replay)
    draft = CandidateDraft(first_name="Nora", last_name="Vik", tags=("Gold",))

    await Ashby(rehearsal).create_candidate(draft)

    assert [request.template for request in rehearsal.writes] == [
        "/candidate.create",
        "/candidateTag.create",
        "/candidate.addTag",
    ]
    assert replay.writes == []

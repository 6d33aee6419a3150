"""Ashby's candidates, and what hangs on them."""

import json
from datetime import UTC, datetime

import pytest

from hireloom import kit
from hireloom.connectors.ats.ashby import Ashby
from hireloom.models import (
    Attachment,
    AttachmentQuery,
    AttachmentType,
    Candidate,
    CandidateInfo,
    CandidateQuery,
    CandidateSearch,
    Education,
    Eeoc,
    EeocQuery,
    Email,
    EmailType,
    Gender,
    Location,
    Note,
    NoteQuery,
    Phone,
    PhoneType,
    Race,
    TextFormat,
    User,
    Visibility,
    YesNoDeclined,
)
from tests.connectors.ats.ashby_organisation import CAREERS, at, done, file, uid
from tests.replay import Replay, Reply


async def test_a_candidate_with_everything() -> None:
    replay = Replay({"POST /candidate.info": file("candidate.info.json")})

    candidate = await replay.connect(Ashby).get_candidate(uid("candidate", 1))

    assert candidate == Candidate(
        info=CandidateInfo(
            id=uid("candidate", 1),
            first_name="Tomasz van der",
            last_name="Meer",
            phones=[
                Phone(phone_number="+31 20 555 0101", type=PhoneType.WORK, e164="+31205550101"),
                Phone(phone_number="ask reception", e164=None),
            ],
            emails=[
                Email(email="tomasz@mail.example", type=EmailType.PERSONAL),
                Email(email="t.vandermeer@work.example", type=EmailType.WORK),
            ],
            links=["https://linkedin.example/tomasz"],
            tags=["Silver medal"],
            title="Rigger",
            company="Quay & Sons",
            source=CAREERS,
            created_at=at(28, 12, month=2),
            updated_at=datetime(2026, 3, 9, 10, 30, 1, tzinfo=UTC),
            applications=[uid("application", 1), uid("application", 8)],
            url="https://app.ashbyhq.com/candidates/" + uid("candidate", 1),
            custom_fields={uid("field", 3): 44},
        ),
        education=[Education(institute="Harbour College")],
        locations=[
            Location(
                city="Rotterdam",
                state="South Holland",
                country="NL",
                raw="Rotterdam, South Holland, Netherlands",
            )
        ],
        attachments=[attachment(1, AttachmentType.RESUME), attachment(2)],
    )
    assert replay.sent[0].body == {"id": uid("candidate", 1)}


def attachment(number: int, kind: AttachmentType = AttachmentType.NOT_SPECIFIED) -> Attachment:
    return Attachment(
        id=uid("file", number),
        candidate_id=uid("candidate", 1),
        type=kind,
        name={1: "tomasz.pdf", 2: "letter.pdf"}[number],
    )


async def test_a_candidate_with_nothing_has_empty_lists_and_one_name() -> None:
    replay = Replay({"POST /candidate.list": file("candidates.list.json")})
    pages = replay.connect(Ashby).list_candidates(CandidateQuery(created_after=at(1)))

    _, bare = await pages.all()

    assert (bare.info.first_name, bare.info.last_name) == ("Ines", None)
    assert (bare.info.emails, bare.info.phones, bare.info.links) == ([], [], [])
    assert (bare.education, bare.locations, bare.attachments) == ([], [], [])
    assert pages.applied == {"created_after"}


async def test_the_candidates_of_a_job_come_once_each() -> None:
    applications = [{"id": str(n), "candidate": {"id": "c"}} for n in (1, 2)]
    replay = Replay(
        {
            "POST /application.list": done(applications),
            "POST /candidate.info": done({"id": "c", "name": "Bo"}),
        }
    )
    pages = replay.connect(Ashby).list_candidates(CandidateQuery(job_id=("j",)))

    found = await pages.all()

    assert [one.info.id for one in found] == ["c"]
    assert pages.applied == {"job_id"}


async def test_the_candidates_of_a_big_job_come_a_few_at_once() -> None:
    applications = [{"id": str(n), "candidate": {"id": f"c{n}"}} for n in range(10)]
    replay = Replay(
        {
            "POST /application.list": done(applications),
            "POST /candidate.info": lambda request: done(json.loads(request.body or b"")),
        }
    )
    pages = replay.connect(Ashby).list_candidates(CandidateQuery(job_id=("j",)))

    found = [[one.info.id for one in page] async for page in pages]

    assert found == [[f"c{n}" for n in range(8)], ["c8", "c9"]]


async def test_a_search_checks_names_and_phones_that_ashby_was_not_asked_for() -> None:
    replay = Replay({"POST /candidate.search": file("candidates.list.json")})
    ashby = replay.connect(Ashby)
    fits = CandidateSearch(
        last_name="van der meer", emails=("tomasz@mail.example",), phones=("+31205550101",)
    )
    other = CandidateSearch(last_name="Meer", phones=("+31205550199",))

    found = await ashby.search_candidates(fits).all()
    none = await ashby.search_candidates(other).all()

    assert ([one.info.id for one in found], none) == ([uid("candidate", 1)], [])
    assert [one.body for one in replay.sent] == [
        {"email": "tomasz@mail.example"},
        {"name": "Meer"},
    ]


async def test_a_search_by_phone_alone_is_refused() -> None:
    with pytest.raises(kit.RequestInvalidError, match="e-mail or name"):
        Replay({}).connect(Ashby).search_candidates(CandidateSearch(phones=("+1",)))


async def test_the_files_of_an_application_are_those_of_its_candidate() -> None:
    replay = Replay(
        {
            "POST /application.info": file("application.info.json"),
            "POST /candidate.info": file("candidate.info.json"),
        }
    )
    query = AttachmentQuery(application_id=(uid("application", 1),))

    files = await replay.connect(Ashby).list_attachments(query).all()

    assert [(one.id, one.application_id, one.type) for one in files] == [
        (uid("file", 1), uid("application", 1), AttachmentType.RESUME),
        (uid("file", 2), uid("application", 1), AttachmentType.NOT_SPECIFIED),
    ]


async def test_a_file_is_fetched_by_handle_and_then_by_link_without_the_key() -> None:
    replay = Replay(
        {
            "POST /candidate.info": file("candidate.info.json"),
            "POST /file.info": done({"url": "https://files.example/letter?signed=1"}),
            "GET /letter": Reply(
                b"%PDF", headers={"Content-Type": "application/pdf", "Content-Length": "4"}
            ),
        }
    )

    download = await replay.connect(Ashby).download_attachment(
        uid("file", 2), None, uid("candidate", 1)
    )

    assert b"".join([chunk async for chunk in download.chunks]) == b"%PDF"
    assert (download.name, download.content_type, download.size) == (
        "letter.pdf",
        "application/pdf",
        4,
    )
    assert replay.sent[1].body == {"fileHandle": "handle-2"}
    assert [request.signed for request in replay.requests] == [True, True, False]


async def test_a_file_cannot_be_found_without_its_person() -> None:
    replay = Replay({"POST /candidate.info": file("candidate.info.json")})
    ashby = replay.connect(Ashby)

    with pytest.raises(kit.RequestInvalidError, match="candidateId"):
        await ashby.download_attachment("f", None, None)
    with pytest.raises(kit.ResourceNotFoundError):
        await ashby.download_attachment("f", None, uid("candidate", 1))


async def test_a_note_stands_on_the_candidate() -> None:
    replay = Replay({"POST /candidate.listNotes": file("notes.list.json")})
    ashby = replay.connect(Ashby)

    (note,) = await ashby.list_notes(NoteQuery(candidate_id=(uid("candidate", 1),))).all()

    assert note == Note(
        id=uid("note", 1),
        candidate_id=uid("candidate", 1),
        body="<p>Calm <b>hands</b></p>",
        format=TextFormat.HTML,
        visibility=Visibility.PRIVATE,
        author=User(
            id=uid("user", 1),
            email="rina@harbor.example",
            first_name="Rina",
            last_name="Okafor",
            roles=[],
        ),
        created_at=at(2, 10),
    )
    with pytest.raises(kit.RequestInvalidError, match="per candidate"):
        ashby.list_notes(NoteQuery())


async def test_eeoc_answers_are_read_from_their_labels() -> None:
    replay = Replay({"POST /surveySubmission.list": file("surveys.list.json")})

    (eeoc,) = await replay.connect(Ashby).list_eeoc(EeocQuery()).all()

    assert eeoc == Eeoc(
        id="73000000-0000-4000-8000-000000000001",
        application_id=uid("application", 1),
        candidate_id=uid("candidate", 1),
        gender=Gender.DECLINED,
        gender_source="Decline to self-identify",
        race=[Race.WHITE],
        race_source=["White (Not Hispanic or Latino)"],
        veteran_status=YesNoDeclined.NO,
        veteran_status_source="I am not a protected veteran",
        disability_status=YesNoDeclined.DECLINED,
        disability_status_source="I do not want to answer",
        submitted_at=datetime(2026, 3, 1, 8, 0, 5, tzinfo=UTC),
    )
    assert replay.sent[0].body["surveyType"] == "EEOC"

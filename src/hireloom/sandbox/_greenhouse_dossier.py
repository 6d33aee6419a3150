"""Greenhouse: what hangs on applications: offers, interviews, scorecards, attachments, notes."""

from typing import Any

from hireloom.sandbox._greenhouse_fields import shown
from hireloom.sandbox._greenhouse_kits import (
    ATTRIBUTES,
    ATTRIBUTES_OF_JOB,
    MEETINGS_OF_JOB,
    QUESTIONS_EACH,
    TALK,
    TALKS,
)
from hireloom.sandbox._greenhouse_numbers import number
from hireloom.sandbox._greenhouse_people import dated, of
from hireloom.sandbox._greenhouse_query import stamp
from hireloom.sandbox.world import Application, Scorecard, World

Record = dict[str, Any]

INTERVIEWERS_EACH = 4
ANSWERS_EACH = 16
_RATINGS = {None: "no_decision", "mixed": "no_decision"}
_POINTS = {1: "no", 2: "mixed", 3: "yes", 4: "strong_yes"}
_OFFERS = {
    "draft": "Created",
    "sent": "Created",
    "accepted": "Accepted",
    "declined": "Rejected",
    "deprecated": "Deprecated",
}


def offers(world: World, root: int) -> list[Record]:
    application = world.application(root)
    return [
        {
            "id": number("offers", offer.index),
            "created_at": stamp(offer.created_at),
            "updated_at": stamp(offer.updated_at),
            "version": offer.version,
            **of(application),
            "job_id": number("jobs", application.job),
            "candidate_id": number("candidates", application.person),
            "opening_id": None,
            "status": _OFFERS[offer.status],
            "starts_on": offer.starts_on.date().isoformat(),
            "sent_on": offer.sent_at and offer.sent_at.date().isoformat(),
            "resolved_at": offer.resolved_at and stamp(offer.resolved_at),
            "custom_fields": shown(
                "offer", {"salary": {"amount": offer.salary, "currency_code": offer.currency}}
            ),
        }
        for offer in world.offers_of(application)
    ]


def _kit(application: Application, interview: int) -> int:
    """The index of an interview's kit, which is that of the job's interview as well."""
    return application.job * MEETINGS_OF_JOB + TALKS[interview % 2]


def interviews(world: World, root: int) -> list[Record]:
    application = world.application(root)
    return [
        {
            "id": number("interviews", interview.index),
            "created_at": stamp(interview.created_at),
            "updated_at": stamp(interview.updated_at),
            "job_id": number("jobs", application.job),
            **of(application),
            "job_interview_id": number("job_interviews", _kit(application, interview.index)),
            "starts_at": stamp(interview.starts_at),
            "ends_at": stamp(interview.ends_at),
            "location": interview.location,
            "status": {"canceled": "skipped"}.get(interview.status, interview.status),
            "organizer_id": number("users", interview.organizer),
            "scheduled_at": stamp(interview.created_at),
            "all_day_start_on": None,
            "all_day_end_on": None,
            "external_event_id": None,
            "video_conferencing_url": interview.video_url,
            "availability_received_at": None,
        }
        for interview in world.interviews_of(application)
    ]


def interviewers(world: World, root: int) -> list[Record]:
    application = world.application(root)
    cards = {
        (card.interview, card.interviewer): card.index for card in world.scorecards_of(application)
    }
    found = []
    for interview in world.interviews_of(application):
        for place, user in enumerate(interview.interviewers):
            card = cards.get((interview.index, user))
            found.append(
                {
                    "id": number("interviewers", interview.index * 2 + place),
                    "created_at": stamp(interview.created_at),
                    "updated_at": stamp(interview.updated_at),
                    "interview_id": number("interviews", interview.index),
                    "user_id": number("users", user),
                    "scorecard_id": None if card is None else number("scorecards", card),
                    "email": world.user(user).email,
                    "response_status": "accepted" if place == 0 else "needs_action",
                }
            )
    return found


def scorecards(world: World, root: int) -> list[Record]:
    application = world.application(root)
    return [
        {
            "id": number("scorecards", card.index),
            "interview_kit_id": number("interview_kits", _kit(application, card.interview)),
            "interviewer_id": number("users", card.interviewer),
            "submitter_id": number("users", card.interviewer),
            **of(application),
            "notes": card.remark,
            "notes_with_tags": None,
            "private_notes": None,
            "private_notes_with_tags": None,
            "public_notes": None,
            "public_notes_with_tags": None,
            "status": "complete" if card.submitted_at else "draft",
            "interviewed_at": stamp(card.created_at),
            "submitted_at": card.submitted_at and stamp(card.submitted_at),
            "created_at": stamp(card.created_at),
            "updated_at": stamp(card.updated_at),
            "candidate_rating": _RATINGS.get(card.rating, card.rating),
        }
        for card in world.scorecards_of(application)
    ]


def _of_card(kind: str, card: Scorecard, place: int) -> Record:
    return {
        "id": number(kind, card.index * 4 + place),
        "created_at": stamp(card.created_at),
        "updated_at": stamp(card.updated_at),
        "scorecard_id": number("scorecards", card.index),
    }


def scorecard_question_answers(world: World, root: int) -> list[Record]:
    application = world.application(root)
    return [
        {
            **_of_card("scorecard_question_answers", card, place),
            "scorecard_question_id": number(
                "scorecard_questions", _kit(application, card.interview) * QUESTIONS_EACH + place
            ),
            "answer": card.remark if question.kind == "text" else None,
            "boolean_value": card.points > 2 if question.kind == "yes_no" else None,
        }
        for card in world.scorecards_of(application)
        for place, question in enumerate(TALK)
        if card.submitted_at
    ]


def scorecard_candidate_attributes(world: World, root: int) -> list[Record]:
    application = world.application(root)
    first = application.job * ATTRIBUTES_OF_JOB
    return [
        {
            **_of_card("scorecard_candidate_attributes", card, place),
            "candidate_attribute_rating": _POINTS[(card.points + place - 1) % 4 + 1],
            "job_candidate_attribute_id": number("job_candidate_attributes", first + place),
            "note": None,
        }
        for card in world.scorecards_of(application)
        for place in range(len(ATTRIBUTES))
        if card.submitted_at
    ]


def attachments(world: World, root: int) -> list[Record]:
    """Without `url`: the shelf signs one whenever it shows the record."""
    application = world.application(root)
    return [
        {
            **dated("attachments", each.index, application),
            "updated_at": stamp(each.created_at),
            **of(application),
            "type": each.kind,
            "candidate_id": number("candidates", application.person),
            "filename": each.filename,
        }
        for each in world.attachments_of(application)
    ]


def notes(world: World, root: int) -> list[Record]:
    application = world.application(root)
    return [
        {
            "id": number("notes", note.index),
            "created_at": stamp(note.created_at),
            "updated_at": stamp(note.created_at),
            "candidate_id": number("candidates", application.person),
            **of(application),
            "body": note.body,
            "subject": None,
            "type": "NOTE",
            "user_id": number("users", note.author),
            "email_from": None,
            "email_to": None,
            "email_cc": None,
            "import_hash": None,
            "body_with_tags": None,
            "visibility": "privately_visible" if note.private else "publicly_visible",
            "email_attachment_file_names": None,
        }
        for note in world.notes_of(application)
    ]

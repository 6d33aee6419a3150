"""Greenhouse: the page of one application, with what clients and the partner for tests wrote."""

from collections.abc import Iterator
from typing import Any

from hireloom.sandbox._greenhouse_partner import Order, Tests
from hireloom.sandbox._greenhouse_shelf import Shelf
from hireloom.sandbox.pages import entry, is_empty, labelled, page, shown, words

Record = dict[str, Any]
_VISIBLE = {
    "admin_only_visible": "Note (admin only)",
    "privately_visible": "Note (private)",
    "publicly_visible": "Note",
}
_REMARKS = (
    ("Key take-aways", "notes"),
    ("Private note", "private_notes"),
    ("Note for other interviewers", "public_notes"),
)


def application_page(shelf: Shelf, tests: Tests, key: int) -> Record:
    """ValueError for an unknown id."""
    application = shelf.find("applications", key)
    candidate = application and shelf.find("candidates", application["candidate_id"])
    if application is None or candidate is None:
        raise ValueError(f"there is no application {key}")
    job = shelf.find("jobs", application["job_id"])
    return page(
        f"{candidate['first_name']} {candidate['last_name']}".strip(),
        None if job is None else job["name"],
        (
            ("Activity Feed", _feed(shelf, candidate["id"])),
            ("Scorecards", _scorecards(shelf, key)),
            ("Details", _details(shelf, application, candidate)),
            ("Take Home Tests", (_test(order) for order in reversed(tests.of(key)))),
        ),
    )


def _made(shelf: Shelf, kind: str, **of: int) -> Iterator[Record]:
    """What was written, newest first."""
    made = shelf.overlay.created.get(kind, {})
    for _, record in sorted(made.items(), reverse=True):
        if all(record.get(field) == value for field, value in of.items()):
            yield record


def _feed(shelf: Shelf, candidate: int) -> Iterator[Record]:
    """Of all the candidate's applications; text is shown as it is, tags and all."""
    for note in _made(shelf, "notes", candidate_id=candidate):
        title = note["subject"] or _VISIBLE[note["visibility"]]
        lines = note["body"].splitlines()
        yield entry(title, lines, _name(shelf, note["user_id"]), note["created_at"])


def _scorecards(shelf: Shelf, application: int) -> Iterator[Record]:
    for card in _made(shelf, "scorecards", application_id=application):
        kit = shelf.find("interview_kits", card["interview_kit_id"]) or {}
        meeting = shelf.find("job_interviews", kit.get("job_interview_id")) or {}
        lines = [f"Overall recommendation: {words(card['candidate_rating'])}"]
        if card["status"] == "draft":
            lines.insert(0, "Draft")
        for label, field in _REMARKS:
            lines += labelled(label, card[field])
        lines += _answers(shelf, card["id"])
        lines += _attributes(shelf, card["id"])
        by = _name(shelf, card["interviewer_id"])
        yield entry(meeting.get("name") or "Scorecard", lines, by, card["created_at"])


def _answers(shelf: Shelf, card: int) -> Iterator[str]:
    answers = list(_made(shelf, "scorecard_question_answers", scorecard_id=card))
    for answer in reversed(answers):
        question = shelf.find("scorecard_questions", answer["scorecard_question_id"]) or {}
        chosen = _made(
            shelf,
            "scorecard_question_answer_options",
            scorecard_question_answer_id=answer["id"],
        )
        names = [
            (shelf.find("scorecard_question_options", row["scorecard_question_option_id"]) or {})
            .get("name", "")
            for row in chosen
        ]  # fmt: skip
        value = answer["answer"] if answer["boolean_value"] is None else answer["boolean_value"]
        yield from labelled(question.get("question", ""), value if not names else names[::-1])


def _attributes(shelf: Shelf, card: int) -> Iterator[str]:
    rated = list(_made(shelf, "scorecard_candidate_attributes", scorecard_id=card))
    for row in reversed(rated):
        attribute = shelf.find("job_candidate_attributes", row["job_candidate_attribute_id"]) or {}
        note = f" – {row['note']}" if row["note"] else ""
        yield f"{attribute.get('name')}: {words(row['candidate_attribute_rating'])}{note}"


def _details(shelf: Shelf, application: Record, candidate: Record) -> Iterator[Record]:
    """Files that were uploaded, then the custom fields that hold something."""
    for file in _made(shelf, "attachments", application_id=application["id"]):
        yield entry(file["filename"], [words(file["type"])], None, file["created_at"])
    for before, record in (("", application), ("Candidate: ", candidate)):
        for field in record["custom_fields"].values():
            if not is_empty(field["value"]):
                yield entry(before + field["name"], shown(field["value"]))


def _test(order: Order) -> Record:
    lines = [f"Status: {words(order.status)}"]
    if order.result.get("partner_score") is not None:
        lines += labelled("Score", order.result["partner_score"])
    if order.result.get("partner_profile_url"):
        lines += labelled("Report", order.result["partner_profile_url"])
    for label, value in (order.result.get("metadata") or {}).items():
        lines += labelled(label, value)
    lines += [f"Problem: {error}" for error in order.errors]
    return entry(order.name or order.package, lines, order.ordered_by, order.changed_at)


def _name(shelf: Shelf, user: int | None) -> str | None:
    found = None if user is None else shelf.find("users", user)
    return None if found is None else str(found["name"])

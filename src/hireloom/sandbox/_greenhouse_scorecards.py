"""Greenhouse: scorecards, which a client fills in by the kit of an interview."""

from collections.abc import Callable
from typing import Any

from hireloom.sandbox._greenhouse_body import Body, check, one_of
from hireloom.sandbox._greenhouse_meetings import Meetings
from hireloom.sandbox._greenhouse_query import invalid, read_time, stamp

Record = dict[str, Any]

_RATINGS = ("strong_no", "no", "yes", "strong_yes", "no_decision")
_POINTS = ("definitely_not", "no", "yes", "strong_yes", "mixed", "no_decision")
_USUAL = {"status": "draft", "candidate_rating": "no_decision"}
_NOTES = ("notes", "public_notes", "private_notes")
_ANSWERS = "scorecard_question_answers"
_RATED = "scorecard_candidate_attributes"


class Scorecards(Meetings):
    """A draft can be changed; once complete, a scorecard is locked."""

    def new_scorecard(self, body: Body, actor: int | None) -> Record:
        application = self.exists("applications", body["application_id"], "application_id")
        kit = self.exists("interview_kits", body["interview_kit_id"], "interview_kit_id")
        if kit["job_id"] != application["job_id"]:
            raise invalid("The kit is not one of the application's job", "interview_kit_id")
        usual = {name: body.get(name) or word for name, word in _USUAL.items()}
        answers, points = self._details(body, kit)
        fields: Record = {
            "interview_kit_id": kit["id"],
            "application_id": application["id"],
            **dict.fromkeys(_NOTES),
            **dict.fromkeys(f"{field}_with_tags" for field in _NOTES),
            "submitted_at": stamp(self.now()) if usual["status"] == "complete" else None,
        }
        record = self.new("scorecards", **fields | self._filled({**body, **usual}))
        self._put_details(record["id"], answers, points)
        shown = {"rating": record["candidate_rating"], "notes": body.get("notes")}
        self.act("scorecard", application, actor, **shown, body=body)
        return record

    def update_scorecard(self, key: int, body: Body, actor: int | None) -> Record:
        card = self.shelf.get("scorecards", key)
        if card["status"] == "complete":
            raise invalid("A complete scorecard is locked", "status")
        kit = self.shelf.get("interview_kits", card["interview_kit_id"])
        filled = self._filled(body)
        answers, points = self._details(body, kit)
        at = stamp(self.now())
        if filled.get("status") == "complete":
            filled["submitted_at"] = at
        self.overlay.change("scorecards", key, updated_at=at, **filled)
        for name, kind in (("question_answers", _ANSWERS), ("candidate_attributes", _RATED)):
            if name in body:
                for row in self.shelf.rows(kind, scorecard_ids=key):
                    self.overlay.delete(kind, row["id"])
        self._put_details(key, answers, points)
        application = self.shelf.find("applications", card["application_id"])
        self.act("update_scorecard", application, actor, scorecard_id=key, body=body)
        return self.shelf.get("scorecards", key)

    def _filled(self, body: Body) -> Record:
        """The scorecard's own fields that are in a body."""
        fields: Record = {name: body[name] for name in _NOTES if name in body}
        for name in ("interviewer_id", "submitter_id"):
            if name in body:
                fields[name] = self.exists("users", body[name], name)["id"]
        if body.get("interviewed_at"):
            fields["interviewed_at"] = stamp(read_time(body["interviewed_at"], "interviewed_at"))
        for name, words in (("candidate_rating", _RATINGS), ("status", ("draft", "complete"))):
            if name in body:
                fields[name] = one_of(name, body[name], words)
        return fields

    def _details(self, body: Body, kit: Record) -> tuple[list[Record], list[Record]]:
        answers = [self._answer(each, kit) for each in body.get("question_answers") or ()]
        points = [self._points(each, kit) for each in body.get("candidate_attributes") or ()]
        _check_once(answers, "scorecard_question_id", "question_answers")
        _check_once(points, "job_candidate_attribute_id", "candidate_attributes")
        return answers, points

    def _put_details(self, card: int, answers: list[Record], points: list[Record]) -> None:
        for answer in answers:
            chosen = answer.pop("options")
            row = self.new(_ANSWERS, scorecard_id=card, **answer)
            for option in chosen:
                of = {"scorecard_question_answer_id": row["id"]}
                self.new(
                    "scorecard_question_answer_options", **of, scorecard_question_option_id=option
                )
        for point in points:
            self.new(_RATED, scorecard_id=card, **point)

    def _answer(self, item: Any, kit: Record) -> Record:
        body = check(item, "scorecard.answer")
        key = body["scorecard_question_id"]
        question = self.exists("scorecard_questions", key, "question_answers")
        if question["interview_kit_id"] != kit["id"] or not question["active"]:
            raise invalid("The question is not one of the kit", "question_answers")
        kind, value = question["answer_type"], body["value"]
        known = [
            row["id"]
            for row in self.shelf.rows("scorecard_question_options", scorecard_question_ids=key)
        ]
        if not _FITS[kind](value, known):
            raise invalid(f"Not an answer for {kind}", "question_answers")
        return {
            "scorecard_question_id": key,
            "answer": value if kind == "text" else None,
            "boolean_value": value if kind == "yes_no" else None,
            "options": {"single_select": [value], "multi_select": value}.get(kind, []),
        }

    def _points(self, item: Any, kit: Record) -> Record:
        body = check(item, "scorecard.attribute")
        key = body["job_candidate_attribute_id"]
        attribute = self.exists("job_candidate_attributes", key, "candidate_attributes")
        if attribute["job_id"] != kit["job_id"] or not attribute["active"]:
            raise invalid("The attribute is not one of the job", "candidate_attributes")
        return {
            "candidate_attribute_rating": one_of("value", body["value"], _POINTS),
            "job_candidate_attribute_id": attribute["id"],
            "note": body.get("note"),
        }


def _check_once(rows: list[Record], field: str, name: str) -> None:
    if len({row[field] for row in rows}) < len(rows):
        raise invalid(f"Each {field} only once", name)


def _is_option(value: Any, known: list[int]) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value in known


def _are_options(value: Any, known: list[int]) -> bool:
    return isinstance(value, list) and all(_is_option(each, known) for each in value)


_FITS: dict[str, Callable[[Any, list[int]], bool]] = {
    "text": lambda value, _: isinstance(value, str),
    "yes_no": lambda value, _: isinstance(value, bool),
    "single_select": _is_option,
    "multi_select": _are_options,
}

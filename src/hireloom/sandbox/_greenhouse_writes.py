"""Greenhouse: writes on candidates, notes, attachments, interviews, scorecards and tags."""

import base64
import binascii
from typing import Any

from hireloom.sandbox._greenhouse_body import Body, check, contacts, one_of
from hireloom.sandbox._greenhouse_fields import shown, written
from hireloom.sandbox._greenhouse_moves import Moves
from hireloom.sandbox._greenhouse_query import invalid, read_time, stamp

Record = dict[str, Any]

_RATINGS = ("strong_no", "no", "yes", "strong_yes", "no_decision")
_POINTS = ("definitely_not", "no", "yes", "strong_yes", "mixed", "no_decision")
_VISIBILITY = {
    "admin_only": "admin_only_visible",
    "private": "privately_visible",
    "public": "publicly_visible",
}
_EMAIL = ("subject", "email_from", "email_to", "email_cc")
_CONTACTS = (
    "email_addresses",
    "phone_numbers",
    "addresses",
    "website_addresses",
    "social_media_addresses",
)
_FILES = (
    "resume",
    "cover_letter",
    "take_home_test",
    "offer_packet",
    "offer_letter",
    "signed_offer_letter",
    "other",
    "form_attachment",
    "midfunnel_agreement",
    "automated_agreement",
)


class Writes(Moves):
    """Everything that an API client may write; `files` holds the bytes it uploaded."""

    def new_candidate(self, body: Body, actor: int | None) -> Record:
        application = check(body["application"], "candidate.application")
        if application.get("prospect") is not True and application.get("job_id") is None:
            raise invalid("Missing required attribute: job_id", "application.job_id")
        at = stamp(self.now())
        key = self.shelf.new_id("candidates")
        record: Record = {
            "id": key,
            "first_name": "",
            "last_name": "",
            "preferred_name": None,
            "company": None,
            "title": None,
            "created_at": at,
            "updated_at": at,
            "can_email": True,
            "time_zone": None,
            "last_activity_at": at,
            "private": False,
            "tags": [],
            "linked_user_ids": [],
            **{field: [] for field in _CONTACTS},
            "custom_fields": shown("candidate", {}),
        }
        record |= self._person(body, record)
        self.overlay.create("candidates", key, record)
        try:
            self.apply(key, application, actor)
        except Exception:
            self.overlay.created["candidates"].pop(key)
            raise
        self.acts.append({"action": "create_candidate", "at": at, "user_id": actor, "body": body})
        return record

    def update_candidate(self, key: int, body: Body, actor: int | None) -> Record:
        before = self.shelf.get("candidates", key)
        at = stamp(self.now())
        fields = self._person(body, before)
        self.overlay.change("candidates", key, updated_at=at, last_activity_at=at, **fields)
        self.acts.append(
            {
                "action": "update_candidate",
                "at": at,
                "user_id": actor,
                "candidate_id": key,
                "body": body,
            }
        )
        return self.shelf.get("candidates", key)

    def delete_candidate(self, key: int, actor: int | None) -> Record:
        self.shelf.get("candidates", key)
        self.overlay.delete("candidates", key)
        at = stamp(self.now())
        self.acts.append(
            {"action": "delete_candidate", "at": at, "user_id": actor, "candidate_id": key}
        )
        return {"message": f"Candidate {key} deleted successfully"}

    def new_note(self, body: Body, actor: int | None) -> Record:
        """Plain text, kept as it came."""
        kind = one_of("note_type", body["note_type"], ("NOTE", "ACTIVITY", "EMAIL"))
        self._check_email(kind, body)
        self.exists("candidates", body["candidate_id"], "candidate_id")
        application = body.get("application_id")
        about: Record = {"candidate_id": body["candidate_id"], "id": application}
        if application is not None:
            about = self.exists("applications", application, "application_id")
            if about["candidate_id"] != body["candidate_id"]:
                raise invalid("The application is not the candidate's", "application_id")
        visibility = one_of("visibility", body.get("visibility") or "public", tuple(_VISIBILITY))
        author = body.get("user_id") or actor
        if author is not None:
            self.exists("users", author, "user_id")
        record = self._new(
            "notes",
            candidate_id=body["candidate_id"],
            application_id=application,
            body=body["body"],
            subject=body.get("subject"),
            type=kind,
            user_id=author,
            email_from=", ".join(body.get("email_from") or ()) or None,
            email_to=", ".join(body.get("email_to") or ()) or None,
            email_cc=body.get("email_cc"),
            import_hash=None,
            body_with_tags=None,
            visibility=_VISIBILITY[visibility],
            email_attachment_file_names=None,
        )
        self.act("note", about, author, body=body["body"], type=kind, visibility=visibility)
        return record

    def new_attachment(self, body: Body, actor: int | None) -> Record:
        """To an application; the bytes come as base64 or from a public address."""
        kind = one_of("type", body["type"], _FILES)
        application = self.exists("applications", body["application_id"], "application_id")
        if (body.get("content") is None) == (body.get("url") is None):
            raise invalid("Exactly one of content and url is needed", "content")
        one_of("visibility", body.get("visibility") or "public", tuple(_VISIBILITY))
        content = _decoded(body["content"]) if body.get("content") else None
        record = self._new(
            "attachments",
            application_id=application["id"],
            type=kind,
            candidate_id=application["candidate_id"],
            filename=body["filename"],
        )
        self.overlay.create("files", record["id"], {"content": content, "url": body.get("url")})
        size = None if content is None else len(content)
        self.act("attachment", application, actor, filename=body["filename"], type=kind, bytes=size)
        return record

    def new_interview(self, body: Body, actor: int | None) -> Record:
        application = self.exists("applications", body["application_id"], "application_id")
        meeting = self.exists("job_interviews", body["job_interview_id"], "job_interview_id")
        if meeting["job_id"] != application["job_id"]:
            raise invalid("The interview is not one of the application's job", "job_interview_id")
        people = [self._interviewer(each) for each in body["interviewers"]]
        if not people:
            raise invalid("At least one interviewer is needed", "interviewers")
        starts, ends = _times(body["starts_at"], body["ends_at"])
        record = self._new(
            "interviews",
            job_id=application["job_id"],
            application_id=application["id"],
            job_interview_id=meeting["id"],
            starts_at=starts,
            ends_at=ends,
            location=body.get("location"),
            status="scheduled",
            organizer_id=actor,
            scheduled_at=stamp(self.now()),
            all_day_start_on=None,
            all_day_end_on=None,
            external_event_id=body["external_event_id"],
            video_conferencing_url=body.get("video_conferencing_url"),
            availability_received_at=None,
        )
        for person in people:
            self._new("interviewers", interview_id=record["id"], **person)
        self.act(
            "interview", application, actor, name=meeting["name"], starts_at=starts, ends_at=ends
        )
        return record

    def update_interview(self, key: int, body: Body, actor: int | None) -> Record:
        record = self._own_interview(key)
        starts = body.get("starts_at") or record["starts_at"]
        ends = body.get("ends_at") or record["ends_at"]
        fields = dict(zip(("starts_at", "ends_at"), _times(starts, ends), strict=True))
        for field in ("location", "video_conferencing_url", "external_event_id"):
            if field in body:
                fields[field] = body[field]
        if "interviewers" in body:
            people = [self._interviewer(each) for each in body["interviewers"]]
            self._drop_interviewers(key)
            for person in people:
                self._new("interviewers", interview_id=key, **person)
        self.overlay.change("interviews", key, updated_at=stamp(self.now()), **fields)
        application = self.shelf.get("applications", record["application_id"])
        self.act("update_interview", application, actor, interview_id=key, fields=body)
        return self.shelf.get("interviews", key)

    def delete_interview(self, key: int, actor: int | None) -> Record:
        record = self._own_interview(key)
        self._drop_interviewers(key)
        self.overlay.delete("interviews", key)
        application = self.shelf.get("applications", record["application_id"])
        self.act("delete_interview", application, actor, interview_id=key)
        return {"message": f"Interview {key} deleted successfully"}

    def new_scorecard(self, body: Body, actor: int | None) -> Record:
        application = self.exists("applications", body["application_id"], "application_id")
        kit = self.exists("interview_kits", body["interview_kit_id"], "interview_kit_id")
        if kit["job_id"] != application["job_id"]:
            raise invalid("The kit is not one of the application's job", "interview_kit_id")
        for field in ("interviewer_id", "submitter_id"):
            self.exists("users", body[field], field)
        rating = one_of("candidate_rating", body.get("candidate_rating") or "no_decision", _RATINGS)
        status = one_of("status", body.get("status") or "draft", ("draft", "complete"))
        answers = [self._answer(each, kit["id"]) for each in body.get("question_answers") or ()]
        points = [self._points(each, kit) for each in body.get("candidate_attributes") or ()]
        record = self._new(
            "scorecards",
            interview_kit_id=kit["id"],
            interviewer_id=body["interviewer_id"],
            submitter_id=body["submitter_id"],
            application_id=application["id"],
            notes=body.get("notes"),
            notes_with_tags=None,
            private_notes=body.get("private_notes"),
            private_notes_with_tags=None,
            public_notes=body.get("public_notes"),
            public_notes_with_tags=None,
            status=status,
            interviewed_at=stamp(read_time(body["interviewed_at"], "interviewed_at")),
            submitted_at=stamp(self.now()) if status == "complete" else None,
            candidate_rating=rating,
        )
        for answer in answers:
            self._new("scorecard_question_answers", scorecard_id=record["id"], **answer)
        for point in points:
            self._new("scorecard_candidate_attributes", scorecard_id=record["id"], **point)
        self.act("scorecard", application, actor, rating=rating, notes=body.get("notes"), body=body)
        return record

    def new_tag(self, body: Body, actor: int | None) -> Record:
        name = body["name"]
        made = self.overlay.created.get("candidate_tags", {}).values()
        world = self.shelf.world
        known = {world.tag(each).name for each in range(world.tags)} | {tag["name"] for tag in made}
        if name in known:
            raise invalid("Name has already been taken", "name")
        self.acts.append({"action": "create_tag", "user_id": actor, "name": name})
        return self._new("candidate_tags", name=name)

    def add_tag(self, body: Body, actor: int | None) -> Record:
        candidate = self.exists("candidates", body["candidate_id"], "candidate_id")
        tag = self.exists("candidate_tags", body["candidate_tag_id"], "candidate_tag_id")
        if tag["name"] in candidate["tags"]:
            raise invalid("The candidate has this tag already", "candidate_tag_id")
        tags = [*candidate["tags"], tag["name"]]
        self.overlay.change("candidates", candidate["id"], tags=tags, updated_at=stamp(self.now()))
        about = {"candidate_id": candidate["id"], "id": None}
        self.act("add_tag", about, actor, tag=tag["name"])
        return self._new(
            "applied_candidate_tags", candidate_tag_id=tag["id"], candidate_id=candidate["id"]
        )

    def remove_tag(self, key: int, actor: int | None) -> Record:
        applied = self.shelf.get("applied_candidate_tags", key)
        candidate = self.shelf.get("candidates", applied["candidate_id"])
        name = self.shelf.get("candidate_tags", applied["candidate_tag_id"])["name"]
        tags = [tag for tag in candidate["tags"] if tag != name]
        self.overlay.change("candidates", candidate["id"], tags=tags, updated_at=stamp(self.now()))
        self.overlay.delete("applied_candidate_tags", key)
        self.act("remove_tag", {"candidate_id": candidate["id"], "id": None}, actor, tag=name)
        return {"message": f"Applied candidate tag {key} deleted successfully"}

    def _new(self, kind: str, **fields: Any) -> Record:
        at = stamp(self.now())
        key = self.shelf.new_id(kind)
        return self.overlay.create(
            kind, key, {"id": key, "created_at": at, "updated_at": at, **fields}
        )

    def _person(self, body: Body, before: Record) -> Record:
        for field in _CONTACTS:
            contacts(body, field)
        fields = {
            field: value
            for field, value in body.items()
            if field not in {"application", "custom_fields", "is_private"}
        }
        for user in fields.get("linked_user_ids") or ():
            self.exists("users", user, "linked_user_ids")
        if "is_private" in body:
            fields["private"] = body["is_private"]
        if "custom_fields" in body:
            # Like every collection here: what is not sent again is gone.
            items = body["custom_fields"]
            fields["custom_fields"] = written("candidate", items, shown("candidate", {}))
        return {field: fields[field] for field in fields if field in before}

    def _check_email(self, kind: str, body: Body) -> None:
        if kind != "EMAIL":
            for field in _EMAIL:
                if body.get(field) is not None:
                    raise invalid(f"{field} is only for notes of type EMAIL", field)
            return
        for field in ("subject", "email_from", "email_to"):
            if not body.get(field):
                raise invalid(f"Missing required attribute: {field}", field)

    def _interviewer(self, item: Any) -> Record:
        if not isinstance(item, dict) or len({"user_id", "email", "employee_id"} & set(item)) != 1:
            raise invalid("Each needs one of user_id, email, employee_id", "interviewers")
        answer = item.get("response_status") or "needs_action"
        one_of("response_status", answer, ("needs_action", "declined", "tentative", "accepted"))
        user = None
        if "user_id" in item:
            user = self.exists("users", item["user_id"], "interviewers")
        email = item.get("email") or (user and user["primary_email"])
        return {
            "user_id": user and user["id"],
            "scorecard_id": None,
            "email": email,
            "response_status": answer,
        }

    def _own_interview(self, key: int) -> Record:
        record = self.shelf.get("interviews", key)
        if self.shelf.root_of("interviews", key) is not None:
            raise invalid("Only interviews created through the API can be changed", "id")
        return record

    def _drop_interviewers(self, interview: int) -> None:
        made = self.overlay.created.get("interviewers", {})
        for key in [key for key, each in made.items() if each["interview_id"] == interview]:
            self.overlay.delete("interviewers", key)

    def _answer(self, item: Any, kit: int) -> Record:
        body = check(item, "scorecard.answer")
        question = self.exists(
            "scorecard_questions", body["scorecard_question_id"], "question_answers"
        )
        if question["interview_kit_id"] != kit:
            raise invalid("The question is not one of the kit", "question_answers")
        flag = question["answer_type"] == "yes_no"
        if not isinstance(body["value"], bool if flag else str):
            raise invalid(f"Not an answer for {question['answer_type']}", "question_answers")
        return {
            "scorecard_question_id": question["id"],
            "answer": None if flag else body["value"],
            "boolean_value": body["value"] if flag else None,
        }

    def _points(self, item: Any, kit: Record) -> Record:
        body = check(item, "scorecard.attribute")
        key = body["job_candidate_attribute_id"]
        attribute = self.exists("job_candidate_attributes", key, "candidate_attributes")
        if attribute["job_id"] != kit["job_id"]:
            raise invalid("The attribute is not one of the job", "candidate_attributes")
        return {
            "candidate_attribute_rating": one_of("value", body["value"], _POINTS),
            "job_candidate_attribute_id": attribute["id"],
            "note": body.get("note"),
        }


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except binascii.Error:
        raise invalid("Not base64", "content") from None


def _times(starts: str, ends: str) -> tuple[str, str]:
    first, last = read_time(starts, "starts_at"), read_time(ends, "ends_at")
    if last <= first:
        raise invalid("Must be after starts_at", "ends_at")
    return stamp(first), stamp(last)

"""Greenhouse: writes on interviews and offers."""

from typing import Any

from hireloom.sandbox._greenhouse_body import Body, one_of
from hireloom.sandbox._greenhouse_fields import shown
from hireloom.sandbox._greenhouse_moves import Moves
from hireloom.sandbox._greenhouse_query import invalid, read_time, stamp

Record = dict[str, Any]


class Meetings(Moves):
    """What hangs on an application, and does not touch it."""

    def new_interview(self, body: Body, actor: int | None) -> Record:
        application = self.exists("applications", body["application_id"], "application_id")
        meeting = self.exists("job_interviews", body["job_interview_id"], "job_interview_id")
        if meeting["job_id"] != application["job_id"]:
            raise invalid("The interview is not one of the application's job", "job_interview_id")
        people = [self._interviewer(each) for each in body["interviewers"]]
        if not people:
            raise invalid("At least one interviewer is needed", "interviewers")
        starts, ends = _times(body["starts_at"], body["ends_at"])
        record = self.new(
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
            self.new("interviewers", interview_id=record["id"], **person)
        self.act(
            "interview", application, actor, name=meeting["name"], starts_at=starts, ends_at=ends
        )
        return record

    def update_interview(self, key: int, body: Body, actor: int | None) -> Record:
        return self.change_interview(self._own_interview(key), body, actor)

    def change_interview(self, record: Record, body: Body, actor: int | None) -> Record:
        """Whoever made it."""
        key = record["id"]
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
                self.new("interviewers", interview_id=key, **person)
        self.overlay.change("interviews", key, updated_at=stamp(self.now()), **fields)
        application = self.shelf.get("applications", record["application_id"])
        self.act("update_interview", application, actor, interview_id=key, fields=body)
        return self.shelf.get("interviews", key)

    def delete_interview(self, key: int, actor: int | None) -> Record:
        return self.drop_interview(self._own_interview(key), actor)

    def drop_interview(self, record: Record, actor: int | None) -> Record:
        """Whoever made it."""
        key = record["id"]
        self.tell("interview_deleted", self.payloads.deleted, "interview", key)
        self.overlay.delete("interviews", key)
        application = self.shelf.get("applications", record["application_id"])
        self.act("delete_interview", application, actor, interview_id=key)
        return {"message": f"Interview {key} deleted successfully"}

    def new_offer(self, application: int, actor: int | None, **terms: Any) -> Record:
        """One more version; those before it are over."""
        held = self.exists("applications", application, "application_id")
        before = self.shelf.rows("offers", application_ids=application)
        at = stamp(self.now())
        for row in before:
            if row["status"] != "Deprecated":
                self.overlay.change("offers", row["id"], status="Deprecated", updated_at=at)
        last: Record = max(before, key=lambda row: int(row["version"]), default={})
        fields: Record = {
            "version": last.get("version", 0) + 1,
            "application_id": application,
            "job_id": held["job_id"],
            "candidate_id": held["candidate_id"],
            "opening_id": None,
            "status": "Created",
            "starts_on": last.get("starts_on"),
            "sent_on": None,
            "resolved_at": None,
            "custom_fields": last.get("custom_fields") or shown("offer", {}),
        }
        record = self.new("offers", **fields | terms)
        self.act("offer", held, actor, version=record["version"])
        event = "offer_updated" if before else "offer_created"
        self.tell(event, self.payloads.of_offer, record["id"])
        return record

    def change_offer(self, key: int, actor: int | None, **fields: Any) -> Record:
        """In its place, without a new version."""
        record = self.shelf.get("offers", key)
        self.overlay.change("offers", key, updated_at=stamp(self.now()), **fields)
        application = self.shelf.find("applications", record["application_id"])
        self.act("update_offer", application, actor, offer_id=key, fields=fields)
        self.tell("offer_updated", self.payloads.of_offer, key)
        return self.shelf.get("offers", key)

    def remove(self, kind: str, event: str, key: int) -> Record:
        """Delete what only recruiters delete, and tell of it."""
        self.shelf.get(kind, key)
        if kind == "offers":
            self.tell(event, self.payloads.deleted_offer, key)
        else:
            self.tell(event, self.payloads.deleted, kind.removesuffix("s"), key)
        self.overlay.delete(kind, key)
        return {"id": key, "deleted": True}

    def new(self, kind: str, **fields: Any) -> Record:
        at = stamp(self.now())
        key = self.shelf.new_id(kind)
        return self.overlay.create(
            kind, key, {"id": key, "created_at": at, "updated_at": at, **fields}
        )

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
        for row in self.shelf.rows("interviewers", interview_ids=interview):
            self.overlay.delete("interviewers", row["id"])


def _times(starts: str, ends: str) -> tuple[str, str]:
    first, last = read_time(starts, "starts_at"), read_time(ends, "ends_at")
    if last <= first:
        raise invalid("Must be after starts_at", "ends_at")
    return stamp(first), stamp(last)

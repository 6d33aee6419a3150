"""Greenhouse: what is done to an application: moved, rejected, hired, changed, deleted."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from hireloom.sandbox._greenhouse_body import Body, check
from hireloom.sandbox._greenhouse_company import STAGES
from hireloom.sandbox._greenhouse_fields import shown, written
from hireloom.sandbox._greenhouse_hooks import Hooks
from hireloom.sandbox._greenhouse_numbers import number
from hireloom.sandbox._greenhouse_payloads import Payloads
from hireloom.sandbox._greenhouse_query import invalid, read_time, stamp
from hireloom.sandbox._greenhouse_shelf import Shelf

Record = dict[str, Any]
_REFERENCES = {
    "source_id": "sources",
    "referrer_id": "referrers",
    "recruiter_id": "users",
    "coordinator_id": "users",
}


class Moves:
    """Writes on applications; `acts` is what a recruiter would see of them."""

    def __init__(self, shelf: Shelf, now: Callable[[], datetime], hooks: Hooks) -> None:
        self.shelf = shelf
        self.payloads = Payloads(shelf)
        self.hooks = hooks
        self.tell = hooks.tell
        self.overlay = shelf.overlay
        self.now = now
        self.acts: list[Record] = []

    def act(self, kind: str, application: Record | None, actor: int | None, **what: Any) -> None:
        """Put an entry on the recruiter's screen."""
        entry = {"action": kind, "at": stamp(self.now()), "user_id": actor}
        if application is not None:
            person = self.shelf.find("candidates", application["candidate_id"]) or {}
            name = f"{person.get('first_name', '')} {person.get('last_name', '')}".strip()
            entry |= {
                "candidate": name,
                "candidate_id": application["candidate_id"],
                "application_id": application["id"],
            }
        self.acts.append(entry | what)

    def exists(self, kind: str, key: Any, field: str) -> Record:
        """The record that a body refers to."""
        record = self.shelf.find(kind, key)
        if record is None:
            raise invalid(f"Could not find {kind.removesuffix('s')} with id {key}", field)
        return record

    def touch(self, application: int, **fields: Any) -> Record:
        """Change an application and its times; answers how it is now."""
        at = stamp(self.now())
        self.overlay.change(
            "applications", application, updated_at=at, last_activity_at=at, **fields
        )
        return self.shelf.get("applications", application)

    def apply(self, candidate: int, body: Body, actor: int | None) -> Record:
        """A new application, or a new prospect."""
        prospect = body.get("prospect") is True
        if not prospect and body.get("job_id") is None:
            raise invalid("Missing required attribute: job_id", "job_id")
        self._check_references(body)
        jobs = [
            self.exists("jobs", key, "job_ids")["id"]
            for key in (body.get("job_ids") or () if prospect else (body["job_id"],))
        ]
        at = stamp(
            read_time(body["created_at"], "created_at") if body.get("created_at") else self.now()
        )
        key = self.shelf.new_id("applications")
        record = {
            "id": key,
            "created_at": at,
            "updated_at": stamp(self.now()),
            **{field: body.get(field) for field in _REFERENCES},
            "agency_note_id": None,
            "needs_decision": False,
            "prospect": prospect,
            "rejected_at": None,
            "rejection_reason_id": None,
            "last_activity_at": stamp(self.now()),
            **_NOWHERE,
            "candidate_id": candidate,
            "job_id": None if prospect else jobs[0],
            "job_post_id": None,
            "status": "in_process",
            "custom_fields": written(
                "application", body.get("custom_fields") or [], shown("application", {})
            ),
            "location_address": None,
            "answers": [],
            "prospective_job_ids": jobs if prospect else [],
        }
        self.overlay.create("applications", key, record)
        if not prospect:
            self._enter(record, jobs[0], body.get("initial_stage_id"), "initial_stage_id")
        self.act("apply", record, actor, job_id=record["job_id"], prospect=prospect)
        event = "new_prospect_application" if prospect else "new_candidate_application"
        self.tell(event, self.payloads.of_application, key)
        return record

    def update(self, key: int, body: Body, actor: int | None) -> Record:
        application = self.shelf.get("applications", key)
        self._check_references(body)
        fields = {field: body[field] for field in _REFERENCES if field in body}
        for field in ("created_at", "rejected_at"):
            if body.get(field):
                fields[field] = stamp(read_time(body[field], field))
        if "custom_fields" in body:
            fields["custom_fields"] = written(
                "application", body["custom_fields"], application["custom_fields"]
            )
        after = self.touch(key, **fields)
        self.act("update_application", after, actor, fields=body)
        self.tell("application_updated", self.payloads.of_application, key)
        return after

    def move(self, key: int, body: Body, actor: int | None) -> None:
        """To the given stage or job, or without either to the next stage."""
        application = self._in_process(key)
        here = application["job_interview_stage_id"]
        if body["from_stage_id"] != here:
            text = f"from_stage_id {body['from_stage_id']} is not the current stage"
            raise invalid(text, "from_stage_id")
        job = body.get("to_job_id") or application["job_id"]
        self.exists("jobs", job, "to_job_id")
        target = body.get("to_stage_id")
        if target is None and job == application["job_id"]:
            stages = self.shelf.stages_of(job)
            if here == stages[-1]:
                raise invalid("The application is in its last stage", "to_stage_id")
            target = stages[stages.index(here) + 1]
        left = application["stage_name"]
        self._leave(application)
        after = self._enter(application, job, target, "to_stage_id")
        self.act("move", after, actor, from_stage=left, to_stage=after["stage_name"])
        self.tell("candidate_stage_change", self.payloads.of_application, key)

    def reject(self, key: int, body: Body, actor: int | None) -> None:
        application = self._in_process(key)
        reason = self.exists(
            "rejection_reasons", body["rejection_reason_id"], "rejection_reason_id"
        )
        at = stamp(self.now())
        self._leave(application)
        after = self.touch(
            key, status="rejected", rejected_at=at, rejection_reason_id=reason["id"], **_NOWHERE
        )
        root = self.shelf.root_of("applications", key)
        detail = (
            self.shelf.new_id("rejection_details")
            if root is None
            else number("rejection_details", root)
        )
        self.overlay.create(
            "rejection_details",
            detail,
            {
                "id": detail,
                "created_at": at,
                "updated_at": at,
                "application_id": key,
                "rejected_by_id": actor,
                "rejection_note_id": None,
                "rejection_reason_id": reason["id"],
                "rejected_at": at,
                "question_custom_fields": {},
            },
        )
        email = body.get("rejection_email")
        self.act(
            "reject", after, actor, reason=reason["name"], notes=body.get("notes"), email=email
        )
        self.tell("reject_candidate", self.payloads.of_application, key)

    def unreject(self, key: int, _: Body, actor: int | None) -> None:
        application = self.shelf.get("applications", key)
        if application["status"] != "rejected":
            raise invalid("The application is not rejected", "id")
        for detail in self._rows("rejection_details", key):
            self.overlay.delete("rejection_details", detail["id"])
        self.touch(key, status="in_process", rejected_at=None, rejection_reason_id=None)
        self._return(application)
        self.act("unreject", self.shelf.get("applications", key), actor)
        self.tell("unreject_candidate", self.payloads.of_application, key)

    def unhire(self, key: int, actor: int | None) -> None:
        """Back to the stage of the hire; the opening is open again."""
        application = self.shelf.get("applications", key)
        if application["status"] != "hired":
            raise invalid("The application is not hired", "id")
        at = stamp(self.now())
        for opening in self.shelf.rows("openings", job_ids=application["job_id"]):
            if opening["application_id"] == key:
                fields: Record = {"open": True, "closed_at": None, "close_reason_id": None}
                self.overlay.change(
                    "openings", opening["id"], application_id=None, updated_at=at, **fields
                )
        self.touch(key, status="in_process")
        self._return(application)
        self.act("unhire", self.shelf.get("applications", key), actor)
        self.tell("unhire_candidate", self.payloads.of_application, key)

    def _return(self, application: Record) -> None:
        """Back to the stage where it stood last; prospects stand in none."""
        if application["prospect"]:
            return
        rows = self._rows("application_stages", application["id"])
        entered = [row for row in rows if row["entered_at"]]
        last = max(entered, key=lambda row: (row["entered_at"], row["id"]))
        self._enter(application, application["job_id"], last["job_interview_stage_id"], "id")

    def hire(self, key: int, body: Body, actor: int | None) -> None:
        application = self._in_process(key)
        opening = body.get("opening_id")
        if opening is not None:
            held = self.exists("openings", opening, "opening_id")
            if not held["open"] or held["job_id"] != application["job_id"]:
                raise invalid("The opening is not open for this job", "opening_id")
            at = stamp(self.now())
            self.overlay.change(
                "openings", opening, open=False, closed_at=at, updated_at=at, application_id=key,
                close_reason_id=body.get("close_reason_id"),
            )  # fmt: skip
        self._leave(application)
        after = self.touch(key, status="hired", **_NOWHERE)
        self.act("hire", after, actor, start_date=body.get("start_date"), opening_id=opening)
        self.tell("hire_candidate", self.payloads.hired, key)

    def convert(self, key: int, body: Body, actor: int | None) -> Record:
        """Make an applicant of a prospect."""
        application = self.shelf.get("applications", key)
        if not application["prospect"] or application["status"] != "in_process":
            raise invalid("Only prospects can be converted", "id")
        self.exists("jobs", body["job_id"], "job_id")
        self.touch(key, prospect=False, prospective_job_ids=[])
        stage = body.get("to_job_interview_stage_id")
        after = self._enter(application, body["job_id"], stage, "to_job_interview_stage_id")
        self.act("convert", after, actor, job_id=body["job_id"])
        self.tell("application_updated", self.payloads.of_application, key)
        return after

    def update_rejection(self, key: int, body: Body, actor: int | None) -> Record:
        """Answer the questions of a rejection."""
        detail = self.shelf.get("rejection_details", key)
        for item in body.get("custom_fields") or ():
            if not isinstance(item, dict) or "name_key" not in item:
                raise invalid("Each item needs a name_key", "custom_fields")
        answers = {item["name_key"]: item.get("value") for item in body.get("custom_fields") or ()}
        held = {**detail["question_custom_fields"], **answers}
        at = stamp(self.now())
        self.overlay.change("rejection_details", key, question_custom_fields=held, updated_at=at)
        application = self.shelf.find("applications", detail["application_id"])
        self.act("update_rejection", application, actor, answers=answers)
        return self.shelf.get("rejection_details", key)

    def delete_application(self, key: int, actor: int | None) -> Record:
        self.act("delete_application", self.shelf.get("applications", key), actor)
        self.tell("delete_application", self.payloads.deleted_application, key)
        self.overlay.delete("applications", key)
        return {"message": f"Application {key} deleted successfully"}

    def new_application(self, body: Body, actor: int | None) -> Record:
        self.exists("candidates", body["candidate_id"], "candidate_id")
        rest = {field: value for field, value in body.items() if field != "candidate_id"}
        return self.apply(body["candidate_id"], check(rest, "candidate.application"), actor)

    def _in_process(self, key: int) -> Record:
        application = self.shelf.get("applications", key)
        if application["status"] != "in_process":
            raise invalid(f"The application is {application['status']}", "id")
        return application

    def _rows(self, kind: str, application: int) -> list[Record]:
        """An application's records in another list."""
        return self.shelf.rows(kind, application_ids=application)

    def _leave(self, application: Record) -> None:
        at = stamp(self.now())
        for row in self._rows("application_stages", application["id"]):
            if row["current"]:
                self.overlay.change(
                    "application_stages", row["id"], current=False, exited_at=at, updated_at=at
                )

    def _enter(self, application: Record, job: int, stage: int | None, field: str) -> Record:
        """Stand in a stage of a job; the rows of all its stages belong to the application."""
        stages = self.shelf.stages_of(job)
        stage = stages[0] if stage is None and stages else stage
        if stage not in stages:
            raise invalid(f"Stage {stage} is not a stage of job {job}", field)
        rows = self._rows("application_stages", application["id"]) or self._new_rows(application)
        at = stamp(self.now())
        for row, each in zip(sorted(rows, key=lambda row: int(row["id"])), stages, strict=True):
            fields: Record = {}
            if row["job_interview_stage_id"] != each:
                fields["job_interview_stage_id"] = each
            if each == stage:
                fields |= {"current": True, "entered_at": at, "exited_at": None}
                here = row["id"]
            if fields:
                self.overlay.change("application_stages", row["id"], updated_at=at, **fields)
        name = self.shelf.get("job_interview_stages", stage)["name"]
        elsewhere = {} if application["job_id"] == job else {"job_id": job}
        place = {"stage_id": here, "stage_name": name, "job_interview_stage_id": stage}
        return self.touch(application["id"], **elsewhere, **place)

    def _new_rows(self, application: Record) -> list[Record]:
        at = stamp(self.now())
        rows = []
        for _ in STAGES:
            key = self.shelf.new_id("application_stages")
            row = {
                "id": key,
                "created_at": at,
                "updated_at": at,
                "application_id": application["id"],
                "job_interview_stage_id": 0,
                "entered_at": None,
                "exited_at": None,
                "days_in_stage": 0,
                "current": False,
            }
            rows.append(self.overlay.create("application_stages", key, row))
        return rows

    def _check_references(self, body: Body) -> None:
        for field, kind in _REFERENCES.items():
            if body.get(field) is not None:
                self.exists(kind, body[field], field)


_NOWHERE: Record = {"stage_id": None, "stage_name": None, "job_interview_stage_id": None}

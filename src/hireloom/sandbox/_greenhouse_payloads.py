"""Greenhouse: payloads of webhooks, nested as the first version of Harvest was."""

from collections.abc import Iterable
from typing import Any

from hireloom.sandbox import _greenhouse_auth as auth
from hireloom.sandbox._greenhouse_shelf import Shelf

Record = dict[str, Any]

_STATUS = {"in_process": "active"}
_APP = "https://app.greenhouse.io"


def seconds(stamp: str | None) -> str | None:
    """Times have no milliseconds here."""
    return None if stamp is None else stamp[:19] + "Z"


def picked(record: Record, names: Iterable[str]) -> Record:
    return {name: record.get(name) for name in names}


class Payloads:
    """Each method makes what one sort of event carries, as things are now."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def of_application(self, key: int) -> Record:
        return {"application": self._application(self.shelf.get("applications", key))}

    def hired(self, key: int) -> Record:
        record = self.shelf.get("applications", key)
        shown = self._application(record)
        opening = next(
            (
                each
                for each in self.shelf.rows("openings", job_ids=record["job_id"])
                if each["application_id"] == key
            ),
            None,
        )
        shown["opening"] = opening and {"opening_id": opening["opening_id"], "custom_fields": []}
        shown["job"] = shown["jobs"][0] if shown["jobs"] else None
        return {"application": shown}

    def deleted_application(self, key: int) -> Record:
        record = self.shelf.get("applications", key)
        names = ("id", "candidate_id", "job_id", "source_id", "referrer_id", "prospect")
        detail = next(iter(self.shelf.rows("rejection_details", application_ids=key)), {})
        return {
            "application": {
                **picked(record, names),
                "created_at": seconds(record["created_at"]),
                "candidate_rejection_reason_id": record["rejection_reason_id"],
                "rejection_note_id": None,
                "rejected_at": seconds(record["rejected_at"]),
                "rejected_by_user_id": detail.get("rejected_by_id"),
            }
        }

    def of_candidate(self, key: int) -> Record:
        return {"candidate": self._candidate(self.shelf.get("candidates", key))}

    def deleted_candidate(self, key: int) -> Record:
        ids = [each["id"] for each in self.shelf.rows("applications", candidate_ids=key)]
        return {"person": {**self._person(key), "deleted_application_ids": ids}}

    def merged(self, key: int, into: int) -> Record:
        return {"person": {**self._person(key), "new_candidate_id": into}}

    def anonymized(self, key: int, fields: list[str]) -> Record:
        return {"candidate_id": key, "anonymized_fields": fields}

    def of_job(self, key: int) -> Record:
        record = self.shelf.get("jobs", key)
        team = self.shelf.rows("job_owners", job_ids=key)
        roles: Record = {
            f"{kind}s": [self._member(each) for each in team if each["type"] == kind]
            for kind in ("sourcer", "recruiter", "coordinator")
        }
        managers = self.shelf.rows("job_hiring_managers", job_ids=key)
        openings = self.shelf.rows("openings", job_ids=key)
        return {
            "job": {
                **self._job(record),
                "hiring_team": {
                    "hiring_managers": [self._member(each) for each in managers],
                    **roles,
                },
                "openings": [
                    {**picked(each, ("id", "opening_id")), "custom_fields": []} for each in openings
                ],
            }
        }

    def deleted(self, kind: str, key: int) -> Record:
        """Jobs, interviews, stages and the like: little more than the id."""
        record = self.shelf.get(f"{kind}s", key)
        names = {
            "job": ("id", "name"),
            "interview": ("id",),
            "scorecard": ("id", "interviewed_at", "created_at", "updated_at"),
            "department": ("id", "name", "parent_id", "external_id"),
            "office": ("id", "name", "location", "parent_id", "external_id"),
            "job_interview_stage": ("id", "name", "job_id"),
        }[kind]
        return {kind: picked(record, names)}

    def of_offer(self, key: int) -> Record:
        """Not inside of anything, unlike a deleted one."""
        record = self.shelf.get("offers", key)
        names = ("id", "application_id", "job_id", "version", "sent_on", "custom_fields")
        return {
            **picked(record, names),
            "user_id": None,
            "resolved_at": seconds(record["resolved_at"]),
            "start_date": record["starts_on"],
            "notes": None,
            "offer_status": record["status"],
        }

    def deleted_offer(self, key: int) -> Record:
        record = self.of_offer(key)
        record["offering_user_id"] = record.pop("user_id")
        return {"offer": {name: record[name] for name in record if name != "custom_fields"}}

    def of_post(self, key: int) -> Record:
        record = self.shelf.get("job_posts", key)
        names = ("id", "title", "content", "internal_content", "updated_at", "job_id")
        return {
            **picked(record, names),
            "location": record["location"]["name"],
            "external": not record["internal"],
            "internal": record["internal"],
            "live": record["live"],
            "questions": [picked(each, ("required", "label")) for each in record["questions"]],
        }

    def _application(self, record: Record) -> Record:
        detail = next(iter(self.shelf.rows("rejection_details", application_ids=record["id"])), {})
        job = record["job_id"]
        jobs = record["prospective_job_ids"] if job is None else [job]
        return {
            "id": record["id"],
            "rejected_at": seconds(record["rejected_at"]),
            "prospect": record["prospect"],
            "prospect_detail": dict.fromkeys(("prospect_owner", "prospect_pool", "prospect_stage")),
            "status": _STATUS.get(record["status"], record["status"]),
            "applied_at": seconds(record["created_at"]),
            "last_activity_at": seconds(record["last_activity_at"]),
            "url": f"{_APP}/people/{record['candidate_id']}?application_id={record['id']}",
            "source": self._named("sources", record["source_id"]),
            "credited_to": self._credited(record["referrer_id"]),
            "rejection_reason": self._named("rejection_reasons", record["rejection_reason_id"]),
            "rejection_details": detail and {"custom_fields": detail["question_custom_fields"]},
            "current_stage": self._stage(record),
            "custom_fields": record["custom_fields"],
            "candidate": self._candidate(self.shelf.get("candidates", record["candidate_id"])),
            "jobs": [
                self._job(found)
                for found in (self.shelf.find("jobs", each) for each in jobs)
                if found is not None
            ],
        }

    def _candidate(self, record: Record) -> Record:
        key = record["id"]
        names = (
            "id", "first_name", "last_name", "title", "company", "can_email", "phone_numbers",
            "email_addresses", "addresses", "website_addresses", "social_media_addresses", "tags",
            "custom_fields",
        )  # fmt: skip
        jobs = self.shelf.rows("candidate_employments", candidate_ids=key)
        schools = self.shelf.rows("candidate_educations", candidate_ids=key)
        files = self.shelf.rows("attachments", candidate_ids=key)
        return {
            **picked(record, names),
            "created_at": seconds(record["created_at"]),
            "external_id": None,
            "photo_url": None,
            "url": f"{_APP}/people/{key}",
            "is_private": record["private"],
            "educations": [self._school(each) for each in schools],
            "employments": [
                picked(each, ("company_name", "title", "start_date", "end_date")) for each in jobs
            ],
            "recruiter": None,
            "coordinator": None,
            "attachments": [
                {
                    **picked(each, ("filename", "type")),
                    "url": auth.file_url(each["id"], each["filename"]),
                }
                for each in files
            ],
        }

    def _school(self, record: Record) -> Record:
        parts = {"school_name": "school_name", "degree": "degree", "discipline": "discipline"}
        return {
            **{
                name: (
                    self._named("custom_field_options", record[f"{field}_custom_field_option_id"])
                    or {}
                ).get("name")
                for name, field in parts.items()
            },
            "start_date": record["start_at"],
            "end_date": record["end_at"],
        }

    def _job(self, record: Record) -> Record:
        names = ("id", "name", "requisition_id", "notes", "confidential", "status", "custom_fields")
        post = next(iter(self.shelf.rows("job_posts", job_ids=record["id"])), {})
        department = self._named("departments", record["department_id"])
        return {
            **picked(record, names),
            "job_post_id": post.get("id"),
            "created_by_id": None,
            **{name: seconds(record[name]) for name in ("created_at", "opened_at", "closed_at")},
            "departments": [department] if department else [],
            "offices": [self._named("offices", each) for each in record["office_ids"]],
        }

    def _person(self, key: int) -> Record:
        record = self.shelf.get("candidates", key)
        names = ("id", "first_name", "last_name", "company", "title", "can_email")
        return {
            **picked(record, names),
            "created_at": seconds(record["created_at"]),
            "headline": None,
            "is_private": record["private"],
            "recruiter_user_id": None,
            "coordinator_user_id": None,
        }

    def _stage(self, record: Record) -> Record | None:
        """Also of those who stand in none any more: where they stood last."""
        key = record["job_interview_stage_id"]
        if key is None:
            rows = self.shelf.rows("application_stages", application_ids=record["id"])
            entered = [row for row in rows if row["entered_at"]]
            if not entered:
                return None
            last = max(entered, key=lambda row: (row["entered_at"], row["id"]))
            key = last["job_interview_stage_id"]
        stage = self.shelf.find("job_interview_stages", key)
        return stage and {**picked(stage, ("id", "name")), "interviews": []}

    def _named(self, kind: str, key: int | None) -> Record | None:
        found = None if key is None else self.shelf.find(kind, key)
        if found is None:
            return None
        names = [name for name in ("id", "name", "type", "location") if name in found]
        return picked(found, names)

    def _credited(self, referrer: int | None) -> Record | None:
        found = None if referrer is None else self.shelf.find("referrers", referrer)
        user = None if found is None else self.shelf.find("users", found["user_id"])
        if user is None:
            return None
        return {
            "id": user["id"],
            "email": user["primary_email"],
            "name": f"{user['first_name']} {user['last_name']}",
            "employee_id": user["employee_id"],
        }

    def _member(self, record: Record) -> Record:
        user = self.shelf.find("users", record["user_id"]) or {}
        return {"user_id": record["user_id"], "employee_id": user.get("employee_id")}

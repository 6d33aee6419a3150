"""Greenhouse: what recruiters write on jobs and their posts."""

from typing import Any

from hireloom.sandbox._greenhouse_company import STAGES
from hireloom.sandbox._greenhouse_fields import shown, written
from hireloom.sandbox._greenhouse_kits import MEETINGS, TALKS
from hireloom.sandbox._greenhouse_numbers import number
from hireloom.sandbox._greenhouse_query import invalid, stamp
from hireloom.sandbox._greenhouse_writes import Writes

Record = dict[str, Any]
_EDITABLE = ("requisition_id", "notes", "confidential", "department_id", "office_ids")


class Jobs:
    def __init__(self, writes: Writes) -> None:
        self.writes = writes
        self.shelf = writes.shelf
        self.overlay = writes.shelf.overlay

    def create(self, title: str, department: int | None) -> Record:
        """An open job with the usual stages and an opening, without a post."""
        if department is not None:
            self.shelf.get("departments", department)
        at = self._at()
        job = self.writes.new(
            "jobs",
            name=title,
            requisition_id=None,
            notes=None,
            confidential=False,
            status="open",
            opened_at=at,
            closed_at=None,
            is_template=False,
            copied_from_id=None,
            department_id=number("departments", 0) if department is None else department,
            office_ids=[number("offices", 0)],
            custom_fields=shown("job", {}),
        )
        self._furnish(job["id"], at)
        self.writes.tell("job_created", self.writes.payloads.of_job, job["id"])
        return job

    def _furnish(self, job: int, at: str) -> None:
        world, new = self.shelf.world, self.writes.new
        stages = {}
        for place, stage in enumerate(STAGES):
            name = world.stage(stage).name
            made = new("job_interview_stages", job_id=job, sort_order=place, name=name, active=True)
            stages[stage] = made["id"]
        for order, place in enumerate(TALKS):
            meeting = new(
                "job_interviews",
                job_id=job,
                job_interview_stage_id=stages[MEETINGS[place].stage],
                sort_order=order,
                scheduling_type=MEETINGS[place].scheduling,
                duration=MEETINGS[place].minutes,
                summary=None,
                instructions=None,
                name=MEETINGS[place].name,
                active=True,
                require_scorecard=True,
            )
            hidden = {"anonymize_candidate": False, "anonymize_resumes": False}
            meeting_id = {"job_interview_id": meeting["id"]}
            new("interview_kits", job_id=job, **meeting_id, exercises=None, **hidden)
        new(
            "openings",
            job_id=job,
            opened_at=at,
            closed_at=None,
            sort_order=0,
            opening_id=f"NEW-{job}-1",
            application_id=None,
            close_reason_id=None,
            target_start_on=None,
            open=True,
            custom_fields={},
        )

    def update(self, job: int, title: str | None, fields: Record) -> Record:
        unknown = sorted(set(fields) - set(_EDITABLE))
        if unknown:
            raise invalid(f"Invalid attribute: {unknown[0]}", unknown[0])
        named = {} if title is None else {"name": title}
        return self._changed(job, **named, **fields)

    def set_field(self, job: int, items: list[Record]) -> Record:
        before = self.shelf.get("jobs", job)["custom_fields"]
        return self._changed(job, custom_fields=written("job", items, before))

    def close(self, job: int) -> Record:
        """Its openings close and its posts leave the board; its applications stay as they are."""
        at = self._at()
        for opening in self.shelf.rows("openings", job_ids=job):
            if opening["open"]:
                reason = {"close_reason_id": number("close_reasons", 1)}
                self.overlay.change(
                    "openings", opening["id"], open=False, closed_at=at, updated_at=at, **reason
                )
        for post in self.shelf.rows("job_posts", job_ids=job):
            if post["live"]:
                self._change_post(post["id"], live=False)
        return self._changed(job, status="closed", closed_at=at)

    def delete(self, job: int) -> Record:
        """Everything of the job vanishes, its applications too; only one event tells of it."""
        self.shelf.get("jobs", job)
        self.writes.tell("job_deleted", self.writes.payloads.deleted, "job", job)
        for application in self.shelf.rows("applications", job_ids=job):
            self.overlay.delete("applications", application["id"])
        self.overlay.delete("jobs", job)
        return {"id": job, "deleted": True}

    def create_post(self, job: int, title: str | None) -> Record:
        held = self.shelf.get("jobs", job)
        at = self._at()
        post = self.writes.new(
            "job_posts",
            job_id=job,
            title=title or held["name"],
            internal=False,
            active=True,
            live=True,
            featured=False,
            first_published_at=at,
            content=held["notes"],
            internal_content=None,
            language="en",
            public_url=f"https://boards.greenhouse.example/sandbox/jobs/of/{job}",
            demographic_question_set_id=None,
            job_board_id=1,
            location={"type": "free_text", "name": "Berlin", "id": None},
            questions=[],
        )
        self.writes.tell("job_post_created", self.writes.payloads.of_post, post["id"])
        return post

    def update_post(self, post: int, title: str) -> Record:
        return self._change_post(post, title=title)

    def delete_post(self, post: int) -> Record:
        self.shelf.get("job_posts", post)
        self.overlay.change("job_posts", post, active=False, live=False, updated_at=self._at())
        self.writes.tell("job_post_deleted", self.writes.payloads.of_post, post)
        return self.shelf.get("job_posts", post)

    def _change_post(self, post: int, **fields: Any) -> Record:
        self.shelf.get("job_posts", post)
        self.overlay.change("job_posts", post, updated_at=self._at(), **fields)
        self.writes.tell("job_post_updated", self.writes.payloads.of_post, post)
        return self.shelf.get("job_posts", post)

    def _changed(self, job: int, **fields: Any) -> Record:
        self.shelf.get("jobs", job)
        self.overlay.change("jobs", job, updated_at=self._at(), **fields)
        self.writes.tell("job_updated", self.writes.payloads.of_job, job)
        return self.shelf.get("jobs", job)

    def _at(self) -> str:
        return stamp(self.writes.now())

"""Greenhouse: writes on candidates, notes, attachments and tags."""

import base64
import binascii
from typing import Any

from hireloom.sandbox._greenhouse_body import Body, check, contacts, one_of
from hireloom.sandbox._greenhouse_fields import shown, written
from hireloom.sandbox._greenhouse_query import invalid, stamp
from hireloom.sandbox._greenhouse_scorecards import Scorecards

Record = dict[str, Any]

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


class Writes(Scorecards):
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
        after = self._change_candidate(key, **self._person(body, before))
        self.acts.append(
            {
                "action": "update_candidate",
                "at": at,
                "user_id": actor,
                "candidate_id": key,
                "body": body,
            }
        )
        return after

    def delete_candidate(self, key: int, actor: int | None) -> Record:
        self.shelf.get("candidates", key)
        self.tell("delete_candidate", self.payloads.deleted_candidate, key)
        for application in self.shelf.rows("applications", candidate_ids=key):
            self.overlay.delete("applications", application["id"])
        self.overlay.delete("candidates", key)
        at = stamp(self.now())
        self.acts.append(
            {"action": "delete_candidate", "at": at, "user_id": actor, "candidate_id": key}
        )
        return {"message": f"Candidate {key} deleted successfully"}

    def set_candidate_field(self, key: int, items: list[Record]) -> Record:
        """One field, as a recruiter edits it: the others stay."""
        before = self.shelf.get("candidates", key)["custom_fields"]
        return self._change_candidate(key, custom_fields=written("candidate", items, before))

    def _change_candidate(self, key: int, **fields: Any) -> Record:
        at = stamp(self.now())
        self.overlay.change("candidates", key, updated_at=at, last_activity_at=at, **fields)
        self.tell("update_candidate", self.payloads.of_candidate, key)
        return self.shelf.get("candidates", key)

    def merge(self, key: int, into: int) -> Record:
        """The candidate vanishes; where both are wanted, no deletion is told beside the merge."""
        if key == into:
            raise invalid("A candidate cannot be merged with itself", "into")
        self.shelf.get("candidates", key)
        self.shelf.get("candidates", into)
        if self.hooks.wanted("merge_candidate"):
            self.tell("merge_candidate", self.payloads.merged, key, into)
        else:
            self.tell("delete_candidate", self.payloads.deleted_candidate, key)
        at = stamp(self.now())
        for application in self.shelf.rows("applications", candidate_ids=key):
            self.touch(application["id"], candidate_id=into)
            for kind in ("attachments", "notes", "offers", "eeoc"):
                for row in self.shelf.rows(kind, application_ids=application["id"]):
                    self.overlay.change(kind, row["id"], candidate_id=into)
        self.overlay.delete("candidates", key)
        self.overlay.change("candidates", into, updated_at=at, last_activity_at=at)
        return self.shelf.get("candidates", into)

    def anonymize(self, key: int) -> Record:
        """Empties what tells who it is; applications, offers and the like stay."""
        before = self.shelf.get("candidates", key)
        blank: Record = {"first_name": "(anonymized)", "last_name": "(anonymized)"}
        blank |= {field: [] for field in _CONTACTS}
        blank |= dict.fromkeys(("company", "title", "preferred_name"))
        at = stamp(self.now())
        self.overlay.change("candidates", key, updated_at=at, **blank)
        emptied = sorted(field for field in blank if before[field])
        self.tell("candidate_anonymized", self.payloads.anonymized, key, emptied)
        return self.shelf.get("candidates", key)

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
        record = self.new(
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
        record = self.new(
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

    def new_tag(self, body: Body, actor: int | None) -> Record:
        name = body["name"]
        made = self.overlay.created.get("candidate_tags", {}).values()
        world = self.shelf.world
        known = {world.tag(each).name for each in range(world.tags)} | {tag["name"] for tag in made}
        if name in known:
            raise invalid("Name has already been taken", "name")
        self.acts.append({"action": "create_tag", "user_id": actor, "name": name})
        return self.new("candidate_tags", name=name)

    def add_tag(self, body: Body, actor: int | None) -> Record:
        candidate = self.exists("candidates", body["candidate_id"], "candidate_id")
        tag = self.exists("candidate_tags", body["candidate_tag_id"], "candidate_tag_id")
        if tag["name"] in candidate["tags"]:
            raise invalid("The candidate has this tag already", "candidate_tag_id")
        tags = [*candidate["tags"], tag["name"]]
        self.overlay.change("candidates", candidate["id"], tags=tags, updated_at=stamp(self.now()))
        about = {"candidate_id": candidate["id"], "id": None}
        self.act("add_tag", about, actor, tag=tag["name"])
        applied = self.new(
            "applied_candidate_tags", candidate_tag_id=tag["id"], candidate_id=candidate["id"]
        )
        self.tell("update_candidate", self.payloads.of_candidate, candidate["id"])
        return applied

    def remove_tag(self, key: int, actor: int | None) -> Record:
        applied = self.shelf.get("applied_candidate_tags", key)
        candidate = self.shelf.get("candidates", applied["candidate_id"])
        name = self.shelf.get("candidate_tags", applied["candidate_tag_id"])["name"]
        tags = [tag for tag in candidate["tags"] if tag != name]
        self.overlay.change("candidates", candidate["id"], tags=tags, updated_at=stamp(self.now()))
        self.overlay.delete("applied_candidate_tags", key)
        self.act("remove_tag", {"candidate_id": candidate["id"], "id": None}, actor, tag=name)
        self.tell("update_candidate", self.payloads.of_candidate, candidate["id"])
        return {"message": f"Applied candidate tag {key} deleted successfully"}

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


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except binascii.Error:
        raise invalid("Not base64", "content") from None

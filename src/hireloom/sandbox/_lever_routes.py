"""Every endpoint of the Lever simulator: its path, permission and need of `perform_as`."""

from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from hireloom.sandbox import _lever_apply as applying
from hireloom.sandbox import _lever_reads as reads
from hireloom.sandbox import _lever_write_company as company
from hireloom.sandbox import _lever_write_forms as forms
from hireloom.sandbox import _lever_write_hooks as hooks
from hireloom.sandbox import _lever_write_interviews as interviews
from hireloom.sandbox import _lever_write_opportunities as opportunities
from hireloom.sandbox import _lever_write_progress as progress
from hireloom.sandbox._lever_account import Account
from hireloom.sandbox._lever_calls import Answer, Call

Function = Callable[[Account, Call], Answer]


class Endpoint(msgspec.Struct, frozen=True):
    method: str
    path: tuple[str, ...]  # "" stands for an id
    permission: str
    function: Function
    perform_as: Literal["must", "may", "unused"] = "unused"

    def ids(self, parts: tuple[str, ...]) -> tuple[str, ...] | None:
        """The ids in a path of this endpoint, None when it is another's."""
        if len(parts) != len(self.path):
            return None
        for mine, theirs in zip(self.path, parts, strict=True):
            if mine not in {"", theirs}:
                return None
        return tuple(part for mine, part in zip(self.path, parts, strict=True) if not mine)


def _read(path: str, permission: str, function: Function) -> Endpoint:
    return Endpoint("GET", _parts(path), f"{permission}:read", function)


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part.replace("{}", "") for part in path.split("/"))


# A person's name on the act: nearly all writes demand one, notes accept one, the rest ignore it.


def _act(method: str, path: str, permission: str, function: Function) -> Endpoint:
    return Endpoint(method, _parts(path), f"{permission}:write", function, "must")


def _note(method: str, path: str, function: Function) -> Endpoint:
    return Endpoint(method, _parts(path), "notes:write", function, "may")


def _plain(method: str, path: str, permission: str, function: Function) -> Endpoint:
    return Endpoint(method, _parts(path), f"{permission}:write", function)


def _branch(name: str, what: str) -> Iterator[Endpoint]:
    many, single = reads.branch(name, what)
    yield _read(f"opportunities/{{}}/{name}", name, many)
    yield _read(f"opportunities/{{}}/{name}/{{}}", name, single)


def _shelf(name: str, what: str) -> Iterator[Endpoint]:
    many, single = reads.shelf(name, what)
    yield _read(name, name, many)
    yield _read(f"{name}/{{}}", name, single)


def _reads() -> Iterator[Endpoint]:
    yield from _person_reads()
    yield from _job_reads()
    yield from _account_reads()


def _person_reads() -> Iterator[Endpoint]:
    yield _read("opportunities", "opportunities", reads.opportunities)
    yield _read("opportunities/deleted", "opportunities", reads.deleted("opportunities"))
    yield _read("opportunities/{}", "opportunities", reads.opportunity)
    yield _read("opportunities/{}/applications", "applications", reads.applications)
    yield _read("opportunities/{}/applications/{}", "applications", reads.application)
    yield _read("applications/deleted", "applications", reads.deleted("applications"))
    yield _read("contacts/{}", "contact", reads.contact)
    yield from _branch("interviews", "interview")
    yield from _branch("panels", "panel")
    yield from _branch("feedback", "feedback form")
    yield from _branch("forms", "form")
    yield from _branch("offers", "offer")
    yield from _branch("resumes", "resume")
    yield from _branch("files", "file")
    yield from _branch("notes", "note")
    yield from _branch("referrals", "referral")
    resume, file = reads.download("resumes", "resume"), reads.download("files", "file")
    yield _read("opportunities/{}/resumes/{}/download", "resumes", resume)
    yield _read("opportunities/{}/files/{}/download", "files", file)
    yield _read("opportunities/{}/offers/{}/download", "offers", reads.offer_download)
    yield _read("eeo/responses", "eeo_responses", reads.eeo(with_person=False))
    yield _read("eeo/responses/pii", "eeo_responses_pii", reads.eeo(with_person=True))


def _job_reads() -> Iterator[Endpoint]:
    yield _read("postings", "postings", reads.postings)
    yield _read("postings/deleted", "postings", reads.deleted("postings"))
    yield _read("postings/{}", "postings", reads.posting)
    yield _read("postings/{}/apply", "postings", reads.posting_form)
    yield _read("postings/{}/users", "postings", reads.posting_users)
    yield _read("requisitions", "requisitions", reads.requisitions)
    yield _read("requisitions/{}", "requisitions", reads.requisition)
    yield _read("requisition_fields", "requisition_fields", reads.requisition_fields)


def _account_reads() -> Iterator[Endpoint]:
    yield _read("users", "users", reads.users)
    yield _read("users/{}", "users", reads.user)
    yield _read("stages", "stages", reads.stages)
    yield _read("stages/{}", "stages", reads.stage)
    yield _read("disposition_stages", "stages", reads.dispositions)
    yield _read("archive_reasons", "archive_reasons", reads.archive_reasons)
    yield _read("archive_reasons/{}", "archive_reasons", reads.archive_reason)
    yield _read("tags", "tags", reads.counted("tags"))
    yield _read("sources", "sources", reads.counted("sources"))
    yield from _shelf("feedback_templates", "feedback template")
    yield from _shelf("form_templates", "form template")
    yield _read("audit_events", "audit_events", reads.audit_events)
    yield _read("webhooks", "webhooks", hooks.webhooks)


def _writes() -> Iterator[Endpoint]:
    yield _act("POST", "opportunities", "opportunities", opportunities.create_opportunity)
    yield _act("PUT", "opportunities/{}/stage", "opportunities", progress.move)
    yield _act("PUT", "opportunities/{}/archived", "opportunities", progress.archive)
    for name in ("tags", "sources", "links"):
        title = name.capitalize()
        path = "opportunities/{}/"
        add, remove = progress.relabel(name, add=True), progress.relabel(name, add=False)
        yield _act("POST", f"{path}add{title}", "opportunities", add)
        yield _act("POST", f"{path}remove{title}", "opportunities", remove)
    yield _plain("PUT", "contacts/{}", "contact", opportunities.update_contact)
    yield _plain("POST", "postings/{}/apply", "postings", applying.apply)
    yield _plain("POST", "uploads", "uploads", applying.upload)
    yield _note("POST", "opportunities/{}/notes", progress.create_note)
    yield _note("PUT", "opportunities/{}/notes/{}", progress.update_note)
    yield _note("DELETE", "opportunities/{}/notes/{}", progress.remove("notes", "note"))
    yield _act("POST", "opportunities/{}/files", "files", progress.upload_file)
    yield _act("DELETE", "opportunities/{}/files/{}", "files", progress.remove("files", "file"))
    yield from _meeting_writes()
    yield from _hook_writes()
    yield _act("POST", "postings", "postings", company.create_posting)
    yield _act("POST", "postings/{}", "postings", company.update_posting)
    yield _plain("POST", "requisitions", "requisitions", company.create_requisition)
    yield _plain("PUT", "requisitions/{}", "requisitions", company.update_requisition)
    yield _plain("DELETE", "requisitions/{}", "requisitions", company.delete_requisition)
    yield _plain("POST", "users", "users", company.create_user)
    yield _plain("PUT", "users/{}", "users", company.update_user)
    yield _plain("POST", "users/{}/deactivate", "users", company.activate(again=False))
    yield _plain("POST", "users/{}/reactivate", "users", company.activate(again=True))
    templates = "feedback_templates"
    yield _plain("POST", templates, templates, forms.create_template)
    yield _plain("PUT", f"{templates}/{{}}", templates, forms.update_template)
    yield _plain("DELETE", f"{templates}/{{}}", templates, forms.delete_template)


def _hook_writes() -> Iterator[Endpoint]:
    yield _plain("POST", "webhooks", "webhooks", hooks.create_webhook)
    yield _plain("PUT", "webhooks", "webhooks", hooks.update_webhooks)
    yield _plain("DELETE", "webhooks/{}", "webhooks", hooks.delete_webhook)


def _meeting_writes() -> Iterator[Endpoint]:
    path = "opportunities/{}"
    drop_interview = progress.remove("interviews", "interview", only_written=True)
    drop_panel = progress.remove("panels", "panel", only_written=True)
    drop_form = progress.remove("forms", "form", only_written=True)
    yield _act("POST", f"{path}/panels", "panels", interviews.create_panel)
    yield _act("PUT", f"{path}/panels/{{}}", "panels", interviews.update_panel)
    yield _act("DELETE", f"{path}/panels/{{}}", "panels", drop_panel)
    yield _act("POST", f"{path}/interviews", "interviews", interviews.create_interview)
    yield _act("PUT", f"{path}/interviews/{{}}", "interviews", interviews.update_interview)
    yield _act("DELETE", f"{path}/interviews/{{}}", "interviews", drop_interview)
    yield _act("POST", f"{path}/feedback", "feedback", forms.create_feedback)
    yield _act("PUT", f"{path}/feedback/{{}}", "feedback", forms.update_feedback)
    yield _act("DELETE", f"{path}/feedback/{{}}", "feedback", forms.delete_feedback)
    yield _act("POST", f"{path}/forms", "forms", forms.create_form)
    yield _act("DELETE", f"{path}/forms/{{}}", "forms", drop_form)


# Fixed words go before ids, so that "deleted" is never taken for one.
ENDPOINTS = sorted([*_reads(), *_writes()], key=lambda each: each.path.count(""))


def find(method: str, path: str) -> tuple[Endpoint, tuple[str, ...]] | None:
    parts = tuple(path.strip("/").split("/"))
    for endpoint in ENDPOINTS:
        if endpoint.method == method:
            ids = endpoint.ids(parts)
            if ids is not None:
                return endpoint, ids
    return None

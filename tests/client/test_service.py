"""Both faces against the running API and the simulated Greenhouse; and the page of the manual."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from hireloom import errors
from hireloom.client import AsyncHireloom, DryRun, Hireloom
from hireloom.models import CreatedNote, JobStatus, Placement, given
from tests.service import Service

PAGE = Path(__file__).parents[2] / "docs" / "client.md"


async def test_lists_come_whole_whatever_the_page_size(service: Service) -> None:
    account = await service.connect("greenhouse")

    async with AsyncHireloom(service.url, service.key, integration=account) as hireloom:
        in_tens = [one.info.id async for one in hireloom.ats.application.list(page_size=10)]
        at_once = await hireloom.ats.application.list(page_size=500).first_page()
        listed = [one.info.status async for one in hireloom.ats.job.list(status=JobStatus.OPEN)]

    assert len(in_tens) == len(set(in_tens)) > 10
    assert set(in_tens) == {one.info.id for one in at_once.records}
    assert at_once.next_page_token is None
    assert at_once.meta.upstream_calls > 0
    assert set(listed) == {JobStatus.OPEN}


async def test_accounts_are_listed_across_pages(service: Service) -> None:
    accounts = {await service.connect("greenhouse"), await service.connect("greenhouse")}

    async with AsyncHireloom(service.url, service.key) as hireloom:
        listed = {one.integration_id async for one in hireloom.integration.list(page_size=1)}

    assert listed == accounts


async def test_a_note_is_rehearsed_then_written_once(service: Service) -> None:
    account = await service.connect("greenhouse")

    def write() -> tuple[DryRun, CreatedNote, CreatedNote]:
        with Hireloom(service.url, service.key, integration=account) as hireloom:
            page = hireloom.ats.candidate.list(page_size=1).first_page()
            candidate = page.records[0].info.id
            notes = hireloom.ats.candidate.note
            rehearsed = notes.create(candidate_id=candidate, content="Passed", dry_run=True)
            first, again = (
                notes.create(candidate_id=candidate, content="Passed", idempotency_key="n1")
                for _ in range(2)
            )
            with pytest.raises(errors.IdempotencyMismatchError):
                notes.create(candidate_id=candidate, content="Failed", idempotency_key="n1")
            return rehearsed, first, again

    rehearsed, first, again = await asyncio.to_thread(write)

    assert [one["method"] for one in rehearsed.requests] == ["POST"]
    assert first == again
    assert first.note.placement is Placement.CANDIDATE
    assert service.calls("greenhouse")["counts"]["POST 201"] == 1


async def test_a_file_is_read_or_saved(service: Service, tmp_path: Path) -> None:
    account = await service.connect("greenhouse")

    async with AsyncHireloom(service.url, service.key, integration=account) as hireloom:
        page = await hireloom.ats.attachment.list(page_size=1).first_page()
        download = hireloom.ats.attachment.download(
            attachment_id=page.records[0].id,
            application_id=given(page.records[0].application_id),
            candidate_id=given(page.records[0].candidate_id),
        )
        async with download as file:
            content = await file.read()
        saved = await download.save(tmp_path / "file")
        passed = hireloom.passthrough_stream(method="GET", path="/v3/users")
        async with passed as answer:
            users = await answer.read()

    assert len(content) == file.size
    assert saved.read_bytes() == content
    assert answer.upstream_status == 200
    assert users.startswith(b"[")


async def test_the_page_of_the_manual_runs(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await service.connect("greenhouse")
    told = PAGE.read_text()
    for shown, real in (
        ("http://127.0.0.1:8400", service.url),
        ("hl_…", service.key),
        ("int_…", account),
    ):
        told = told.replace(shown, real)
    monkeypatch.chdir(tmp_path)

    printed = await asyncio.to_thread(run, re.findall(r"```python\n(.*?)```", told, re.DOTALL))

    assert "there is no such job" in printed
    assert (tmp_path / "resume.pdf").stat().st_size > 0


def run(snippets: list[str]) -> list[Any]:
    """Run snippets one after another as one program; what they print."""
    printed: list[Any] = []
    names: dict[str, Any] = {"print": lambda *values: printed.extend(values)}
    for snippet in snippets:
        exec(snippet, names)  # noqa: S102 – the manual's own lines
    names["hireloom"].close()
    return printed

"""Sections of a record that come from calls of their own: interviews, offers, attachments.

A vendor that has them only per application or in tables apart is asked for them only where the
caller wants them, for all records of a page together.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import msgspec

from hireloom.kit.capabilities import (
    ListsAttachments,
    ListsInterviews,
    ListsOffers,
    ListsStages,
)
from hireloom.kit.connector import Connector
from hireloom.kit.integration import Integration, has
from hireloom.kit.mapping import with_mapped
from hireloom.kit.paging import Pages
from hireloom.kit.together import gather
from hireloom.models import (
    UNSET,
    Application,
    ApplicationModel,
    AttachmentQuery,
    Candidate,
    CandidateModel,
    Job,
    JobModel,
    Model,
    OfApplications,
    StageQuery,
    Word,
)

R = TypeVar("R", Application, Candidate, Job)

MEMBERS: dict[Word, str] = {
    ApplicationModel.STAGE: "current_stage",
    ApplicationModel.INTERVIEWS: "interviews",
    ApplicationModel.REJECTION: "rejection",
    ApplicationModel.OFFERS: "offers",
    ApplicationModel.ATTACHMENTS: "attachments",
    ApplicationModel.QUESTION_RESPONSES: "question_responses",
    CandidateModel.EDUCATION: "education",
    CandidateModel.LOCATIONS: "locations",
    CandidateModel.SKILLS: "skills",
    CandidateModel.EXPERIENCES: "experiences",
    CandidateModel.ATTACHMENTS: "attachments",
    JobModel.DEPARTMENTS: "departments",
    JobModel.OFFICES: "offices",
    JobModel.HIRING_MANAGERS: "hiring_managers",
    JobModel.RECRUITERS: "recruiters",
    JobModel.STAGES: "stages",
    JobModel.POSTS: "posts",
    JobModel.COMPENSATION: "compensation",
    JobModel.QUESTIONS: "questions",
}

APART: dict[type[Model], dict[str, type]] = {
    Application: {
        "interviews": ListsInterviews,
        "offers": ListsOffers,
        "attachments": ListsAttachments,
    },
    Candidate: {"attachments": ListsAttachments},
    Job: {"stages": ListsStages},
}


def besides(kind: type[Connector], model: Any) -> frozenset[str]:
    """The sections of a model that the connector fills by a capability of its own."""
    return frozenset(
        name for name, capability in APART.get(model, {}).items() if has(kind, capability)
    )


async def with_sections(
    integration: Integration, records: Sequence[R], wanted: Iterable[Word], *, all_: bool = False
) -> list[R]:
    """The records with the sections that are wanted and without those that are not, and with their

    mapped fields.
    """
    records = with_mapped(records, integration.mapped)
    asked = set(wanted)
    names = {MEMBERS[one] for one in asked if one in MEMBERS}
    if not records or not (asked or all_):
        return records
    model = type(records[0])
    empty = [
        name
        for name in besides(type(integration.connector), model)
        if (all_ or name in names) and any(getattr(record, name) is UNSET for record in records)
    ]
    found = await gather(*(_section(integration, model, name, records) for name in empty))
    filled = [
        msgspec.structs.replace(
            record,
            **{
                name: by_id.get(record.info.id, [])
                for name, by_id in zip(empty, found, strict=True)
            },
        )
        for record in records
    ]
    return filled if all_ else [_only(record, names) for record in filled]


async def _section(
    integration: Integration, model: type[Model], name: str, records: Sequence[R]
) -> dict[str, list[Any]]:
    ids = tuple(record.info.id for record in records)
    connector: Any = integration.connector
    if model is Application and name in {"interviews", "offers"}:
        lister: Callable[[OfApplications], Pages[Any]] = getattr(connector, f"list_{name}")
        return _by(await lister(OfApplications(application_id=ids)).all(), "application_id", ids)
    if model is Application:
        query = AttachmentQuery(application_id=ids)
        return _by(await connector.list_attachments(query).all(), "application_id", ids)
    if model is Candidate:
        query = AttachmentQuery(candidate_id=ids)
        return _by(await connector.list_attachments(query).all(), "candidate_id", ids)
    return _by(await connector.list_stages(StageQuery(job_id=ids)).all(), "job_id", ids)


def _by(found: Sequence[Any], owner: str, ids: Sequence[str]) -> dict[str, list[Any]]:
    """Records by their owner; one that names none belongs to all (a company-wide pipeline)."""
    sorted_: dict[str, list[Any]] = defaultdict(list)
    for record in found:
        belongs_to = getattr(record, owner)
        for one in ids if belongs_to is UNSET or belongs_to is None else [belongs_to]:
            sorted_[one].append(record)
    return sorted_


def _only(record: R, names: set[str]) -> R:
    unwanted = {
        field: UNSET
        for field in record.__struct_fields__
        if field != "info" and field not in names and getattr(record, field) is not UNSET
    }
    return msgspec.structs.replace(record, **unwanted) if unwanted else record

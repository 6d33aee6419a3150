"""Candidates: people, apart from what they applied for."""

from datetime import date
from typing import Any

from hireloom.models.base import UNSET, Instant, Maybe, Model
from hireloom.models.people import Email, Location, Phone, Source, User
from hireloom.models.records import Attachment


class CandidateInfo(Model, frozen=True, kw_only=True):
    id: str
    first_name: Maybe[str] = UNSET
    last_name: Maybe[str] = UNSET
    phones: Maybe[list[Phone]] = UNSET
    emails: Maybe[list[Email]] = UNSET
    links: Maybe[list[str]] = UNSET
    tags: Maybe[list[str]] = UNSET
    title: Maybe[str] = UNSET
    company: Maybe[str] = UNSET
    headline: Maybe[str] = UNSET
    source: Maybe[Source] = UNSET
    owner: Maybe[User] = UNSET
    created_at: Maybe[Instant] = UNSET
    updated_at: Maybe[Instant] = UNSET
    applications: Maybe[list[str]] = UNSET
    job_ids: Maybe[list[str]] = UNSET
    is_private: Maybe[bool] = UNSET
    url: Maybe[str] = UNSET
    custom_fields: Maybe[dict[str, Any]] = UNSET
    mapped_fields: Maybe[dict[str, Any]] = UNSET  # by the keys of mapping.field.list


class Education(Model, frozen=True, kw_only=True):
    """A school; a vendor that knows only the year or month gives the first day of it."""

    institute: str | None = None
    degree: Maybe[str] = UNSET
    major: Maybe[str] = UNSET
    start_date: Maybe[date] = UNSET
    end_date: Maybe[date] = UNSET
    gpa: Maybe[str] = UNSET
    currently_pursuing: Maybe[bool] = UNSET


class Skill(Model, frozen=True, kw_only=True):
    name: str
    proficiency: Maybe[str] = UNSET


class Experience(Model, frozen=True, kw_only=True):
    company: str | None = None
    title: Maybe[str] = UNSET
    start_date: Maybe[date] = UNSET
    end_date: Maybe[date] = UNSET
    current: Maybe[bool] = UNSET
    description: Maybe[str] = UNSET


class Candidate(Model, frozen=True, kw_only=True):
    info: CandidateInfo
    education: Maybe[list[Education]] = UNSET
    locations: Maybe[list[Location]] = UNSET
    skills: Maybe[list[Skill]] = UNSET
    experiences: Maybe[list[Experience]] = UNSET
    attachments: Maybe[list[Attachment]] = UNSET

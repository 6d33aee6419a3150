"""Field mapping: fields that the user declares, each mapped to a custom field of an account."""

from typing import Annotated

from msgspec import Meta

from hireloom.models.base import Instant, Model, Request, Word
from hireloom.models.people import CustomFieldType

MappingKey = Annotated[str, Meta(pattern="^[A-Za-z][A-Za-z0-9_]{0,63}$")]


class MappingOwner(Word):
    """Whose records a declared field belongs to."""

    APPLICATION = "APPLICATION"
    CANDIDATE = "CANDIDATE"
    JOB = "JOB"


class MappingFieldDraft(Request, frozen=True, kw_only=True):
    """`key` is the field's name in `mappedFields`; without `appIds` it is asked of every vendor."""

    key: MappingKey
    label: Annotated[str, Meta(min_length=1, max_length=100)]
    description: Annotated[str, Meta(max_length=500)] = ""
    owner: MappingOwner
    app_ids: tuple[str, ...] = ()


class MappingFieldShown(Model, frozen=True, kw_only=True):
    """`mappedAt`: the number of accounts that have it mapped."""

    key: str
    label: str
    description: str
    owner: MappingOwner
    app_ids: list[str]
    mapped_at: int
    created_at: Instant
    updated_at: Instant


class MappingFieldList(Model, frozen=True, kw_only=True):
    fields: list[MappingFieldShown]


class MappingFieldChoice(Request, frozen=True, kw_only=True):
    key: MappingKey


class MappingFieldDeleted(Model, frozen=True, kw_only=True):
    """`unmappedAt`: the number of accounts that had it mapped."""

    key: str
    deleted: bool
    unmapped_at: int


class MappedTo(Model, frozen=True, kw_only=True):
    """A custom field; `exists` is what was known of it at `checkedAt`."""

    custom_field_id: str
    label: str
    type: CustomFieldType
    exists: bool
    checked_at: Instant


class MappingLine(Model, frozen=True, kw_only=True):
    """A declared field, and what this account has it mapped to: null where to nothing."""

    key: str
    label: str
    description: str
    owner: MappingOwner
    mapped_to: MappedTo | None


class MappingList(Model, frozen=True, kw_only=True):
    mappings: list[MappingLine]


class MappingUpdate(Request, frozen=True, kw_only=True):
    """By declared key the id of a custom field (`ats.customField.list`), or null to unmap it;

    what is not named stays as it is.
    """

    mappings: dict[str, str | None]

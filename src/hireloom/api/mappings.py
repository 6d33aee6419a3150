"""Field mapping: fields of the user's own, and which custom field of an account holds each."""

from hireloom import kit, mapping
from hireloom.api.desk import Call
from hireloom.api.operation import Scope, operation
from hireloom.kit import Integration
from hireloom.mapping import Line
from hireloom.models import (
    CustomFieldType,
    MappedTo,
    MappingFieldChoice,
    MappingFieldDeleted,
    MappingFieldDraft,
    MappingFieldList,
    MappingFieldShown,
    MappingLine,
    MappingList,
    MappingOwner,
    MappingUpdate,
)
from hireloom.store import integrations, mappings
from hireloom.store.mappings import DeclaredField


@operation(
    "mapping.field.put",
    scope=Scope.ADMIN,
    example={
        "key": "costCentre",
        "label": "Cost centre",
        "description": "Who pays for the position.",
        "owner": "JOB",
    },
)
async def put_mapping_field(call: Call, draft: MappingFieldDraft) -> MappingFieldShown:
    """Declare a field of your own, or change it; your customers map it to one of their ATS's.

    Another `owner`, or `appIds` that leave a vendor out, unmaps it at the accounts concerned.
    """
    kept = await mapping.put_field(call.desk, call.actor, draft)
    async with call.desk.pool.acquire() as conn:
        return shown(kept, (await mappings.counts(conn)).get(kept.key, 0))


@operation("mapping.field.list", scope=Scope.READ)
async def list_mapping_fields(call: Call) -> MappingFieldList:
    """List the fields that you declared."""
    async with call.desk.pool.acquire() as conn:
        counts = await mappings.counts(conn)
        found = await mappings.fields(conn)
    return MappingFieldList(fields=[shown(one, counts.get(one.key, 0)) for one in found])


@operation("mapping.field.delete", scope=Scope.ADMIN, example={"key": "costCentre"})
async def delete_mapping_field(call: Call, choice: MappingFieldChoice) -> MappingFieldDeleted:
    """Forget a declared field; it is unmapped at all accounts and leaves their records."""
    unmapped = await mapping.delete_field(call.desk, call.actor, choice.key)
    return MappingFieldDeleted(
        key=choice.key, deleted=unmapped is not None, unmapped_at=unmapped or 0
    )


@operation("mapping.list", scope=Scope.READ)
async def list_mappings(call: Call, integration: Integration) -> MappingList:
    """List what each declared field is mapped to at this account, without asking the vendor."""
    async with call.desk.pool.acquire() as conn:
        stored = await integrations.get(conn, integration.id)
        return answered(await mapping.lines(conn, stored))


@operation(
    "mapping.update",
    scope=Scope.WRITE,
    needs=(kit.ListsCustomFields,),
    stays_here=True,
    example={"mappings": {"costCentre": "4000001", "employeeNumber": None}},
)
async def update_mappings(
    call: Call, integration: Integration, update: MappingUpdate
) -> MappingList:
    """Map declared fields to custom fields of this account, checked with the vendor.

    The next run of the syncs concerned reads everything, and tells of the records that show
    another value than before.
    """
    return answered(
        await mapping.choose(call.desk, call.actor, integration.id, dict(update.mappings))
    )


def shown(field: DeclaredField, mapped_at: int) -> MappingFieldShown:
    return MappingFieldShown(
        key=field.key,
        label=field.label,
        description=field.description,
        owner=MappingOwner(field.owner),
        app_ids=field.app_ids,
        mapped_at=mapped_at,
        created_at=field.created_at,
        updated_at=field.updated_at,
    )


def answered(lines: list[Line]) -> MappingList:
    return MappingList(mappings=[line(one) for one in lines])


def line(one: Line) -> MappingLine:
    to = one.to
    return MappingLine(
        key=one.field.key,
        label=one.field.label,
        description=one.field.description,
        owner=one.owner,
        mapped_to=None
        if to is None
        else MappedTo(
            custom_field_id=to.custom_field_id,
            label=to.label,
            type=CustomFieldType(to.type),
            exists=to.is_there,
            checked_at=to.checked_at,
        ),
    )

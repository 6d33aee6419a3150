"""How scores are shown: a layout for each type of assessment, of one account or of all."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from hireloom.store.pool import Connection


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """`integration_id` is empty for all accounts, `assessment_type` for all other types."""

    integration_id: str = ""
    assessment_type: str = ""
    template: str | None = None
    scorecard_form_id: str | None = None
    custom_fields: dict[str, str] = {}
    updated_at: datetime | None = None


PUT = """
insert into score_layouts (
    integration_id, assessment_type, template, scorecard_form_id, custom_fields
) values ($1, $2, $3, $4, $5)
on conflict (integration_id, assessment_type) do update
   set template = excluded.template, scorecard_form_id = excluded.scorecard_form_id,
       custom_fields = excluded.custom_fields, updated_at = now()
returning *
"""


async def put(conn: Connection, layout: Layout) -> Layout:
    row = await conn.fetchrow(
        PUT,
        layout.integration_id,
        layout.assessment_type,
        layout.template,
        layout.scorecard_form_id,
        layout.custom_fields,
    )
    return _of(row)


DELETE = """
delete from score_layouts where integration_id = $1 and assessment_type = $2 returning 1
"""


async def delete(conn: Connection, integration_id: str, assessment_type: str) -> bool:
    return await conn.fetchval(DELETE, integration_id, assessment_type) is not None


OF_ALL = """
select * from score_layouts where integration_id = any ($1)
 order by integration_id, assessment_type
"""


async def listed(conn: Connection, integration_id: str) -> list[Layout]:
    """Those of all accounts, and those of this one where an id is given."""
    return [_of(row) for row in await conn.fetch(OF_ALL, ["", integration_id])]


FITTING = """
select * from score_layouts
 where integration_id = any ($1) and assessment_type = any ($2)
 order by integration_id = '', assessment_type = ''
"""


async def fitting(conn: Connection, integration_id: str, assessment_type: str) -> Layout:
    """What holds for a score: each part from the nearest layout that has it.

    Nearest is the account's own for this type, then the account's for all types, then those of all
    accounts.
    """
    rows = await conn.fetch(FITTING, [integration_id, ""], [assessment_type, ""])
    found = [_of(row) for row in rows]
    return Layout(
        integration_id=integration_id,
        assessment_type=assessment_type,
        template=next((one.template for one in found if one.template), None),
        scorecard_form_id=next(
            (one.scorecard_form_id for one in found if one.scorecard_form_id), None
        ),
        custom_fields=next((one.custom_fields for one in found if one.custom_fields), {}),
    )


def _of(row: Mapping[str, Any]) -> Layout:
    return Layout(**{name: row[name] for name in Layout.__struct_fields__})

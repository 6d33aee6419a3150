"""People of Greenhouse's small account, as they are read."""

from datetime import UTC, datetime

from hireloom.models import (
    UNSET,
    User,
)

IDA = User(
    id="11",
    email="ida.moor@weser.example",
    employee_id="E11",
    first_name="Ida",
    last_name="Moor",
    roles=["site_admin"],
    active=True,
)
OLE = User(
    id="12",
    email="ole.brandt@weser.example",
    employee_id=None,
    first_name="Ole",
    last_name="Brandt",
    roles=UNSET,
    active=False,
)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)

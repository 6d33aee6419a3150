"""Calls of our own API, shown to whoever captures those of their account."""

from hireloom import capturing
from hireloom.api.desk import Call
from hireloom.api.incoming import Incoming
from hireloom.api.operation import Operation
from hireloom.errors import HireloomError
from hireloom.kit.message import Part
from hireloom.kit.message import Request as Asked
from hireloom.kit.ports import Exchange

JSON = "application/json"


def show(
    operation: Operation,
    incoming: Incoming,
    call: Call,
    *,
    status: int,
    body: bytes | None,
    error: HireloomError | None,
) -> None:
    """What was asked and answered, as long as a capture of the account is on."""
    witness = call.desk.accounts.recorder
    if call.account is None or not witness.wants(call.account.id):
        return
    if operation.name.startswith(capturing.PREFIX):
        return
    witness.saw(
        Exchange(
            integration_id=call.account.id,
            direction="in",
            execution_id=call.execution_id,
            operation=operation.name,
            request=asked(operation, incoming, call.desk.public_url),
            status=status,
            headers={"content-type": JSON} if body is not None else {},
            body=body,
            code=None if error is None else error.code,
        )
    )


def asked(operation: Operation, incoming: Incoming, public_url: str) -> Asked:
    """The caller's request in the shape of one of ours."""
    form = incoming.form or {}
    return Asked(
        method=operation.method,
        url=f"{public_url}{operation.path}",
        params=tuple(incoming.query),
        headers={"authorization": incoming.headers.authorization},
        body=incoming.body or None,
        content_type=JSON if incoming.body else None,
        parts=tuple(_part(name, value) for name, value in form.items()),
        template=operation.path,
    )


def _part(name: str, value: object) -> Part:
    return Part(name, value if isinstance(value, bytes) else str(value).encode())

"""Why a connection was not made, told to somebody who can do something about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hireloom.connect.words import Say
from hireloom.errors import (
    CredentialsInvalidError,
    HireloomError,
    PermissionMissingError,
    RequestInvalidError,
)


@dataclass(frozen=True)
class Reason:
    """A sentence, what to do, what support wants to know, and notes at fields by their names."""

    title: str
    todo: tuple[str, ...]
    support: str = ""
    at: Mapping[str, str] = field(default_factory=dict)
    listed: tuple[str, ...] = ()  # names of the vendor's, one to a line


def reason(
    say: Say, app: str, error: HireloomError, chosen: str = "", optional: str = ""
) -> Reason:
    """`chosen` names the settings that the credentials must belong to, `optional` what was entered

    although it need not be.
    """
    if isinstance(error, RequestInvalidError):
        at = {one.path: say(_note(one.path, one.msg)) for one in error.fields}
        return Reason(say("no.entries"), (say("no.entries.do"),), at=at)
    support = for_support(error)
    if isinstance(error, CredentialsInvalidError):
        todo = [say("no.refused.do", app=app)]
        if chosen:
            todo.append(say("no.settings", settings=chosen))
        if optional:
            todo.append(say("no.optional", fields=optional, app=app))
        return Reason(say("no.refused", app=app), tuple(todo), support)
    if isinstance(error, PermissionMissingError):
        listed = error.permissions or tuple(filter(None, [error.permission]))
        todo = [say("no.permissions.do" if listed else "no.permission.do", app=app)]
        if optional:  # perhaps it is its user who may not
            todo.append(say("no.optional", fields=optional, app=app))
        several = say("no.permissions" if len(listed) > 1 else "no.permission")
        return Reason(several, tuple(todo), support, listed=listed)
    key = "no.away" if error.retryable else "no.other"
    return Reason(say(key, app=app), (say(f"{key}.do", app=app),), support)


def _note(path: str, msg: str) -> str:
    return "form.choice" if msg.startswith("one of") else "form.required"


def for_support(error: HireloomError) -> str:
    """Codes and what the vendor said, for somebody who is sent these lines."""
    found = [error.code]
    if error.upstream is not None and error.upstream.status is not None:
        found.append(f"status {error.upstream.status}")
    if error.upstream is not None and error.upstream.request_id:
        found.append(f"request {error.upstream.request_id}")
    if error.upstream is not None and error.upstream.body:
        found.append(error.upstream.body[:300])
    return " · ".join(found)

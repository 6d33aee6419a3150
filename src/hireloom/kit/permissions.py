"""What the credentials of an account may do, as far as its vendor tells."""

from collections.abc import Callable, Mapping

from hireloom.errors import HireloomError, PermissionMissingError
from hireloom.kit.connector import Connector
from hireloom.kit.message import Request
from hireloom.kit.together import gather

# What needs no permission of its own: it reads what a list reads.
ALIKE = {
    "download_attachment": "list_attachments",
    "get_application": "list_applications",
    "get_candidate": "list_candidates",
    "get_eeoc": "list_eeoc",
    "get_job": "list_jobs",
    "search_candidates": "list_candidates",
}


async def examined(connector: Connector, *, trying: bool) -> Mapping[str, str]:
    """Verify the credentials; by method the permission that they lack, empty where they have it.

    Of methods that are not named nobody knows; `trying` asks each list once, where that tells.
    Raises what `verify` raises; where that is a missing permission, the others go along.
    """
    try:
        await connector.verify()
    except PermissionMissingError as error:
        others = [one for one in (await connector.lacks(trying=True)).values() if one]
        error.permissions = tuple(dict.fromkeys([error.permission, *sorted(others)]))
        raise
    return await connector.lacks(trying=trying)


async def refused(connector: Connector, calls: Mapping[str, Request]) -> Mapping[str, str]:
    """The permissions that calls, by method, are refused for; each is made once, side by side."""

    async def one(request: Request) -> str | None:
        try:
            await connector.channel.send(request)
        except PermissionMissingError:
            return connector.permission(request)
        except HireloomError:  # it says nothing of permissions
            return None
        return ""

    answers = await gather(*(one(request) for request in calls.values()))
    told = dict(zip(calls, answers, strict=True))
    return {name: text for name, text in told.items() if text is not None}


def named(lacks: Mapping[str, str], method: str) -> str | None:
    """The permission that a method lacks; empty: none; None: nobody knows."""
    return lacks.get(method, lacks.get(ALIKE.get(method, "")))


def of_any(methods: list[str], look: Callable[[str], str | None]) -> str | None:
    """The same of what any of several methods can do."""
    told = [look(one) for one in methods]
    known = [one for one in told if one]
    if "" in told:
        return ""
    return known[0] if known and len(known) == len(told) else None

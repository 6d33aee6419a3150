"""What is shown once, such as a key: carried over a redirect, so that a reload makes nothing anew.

It travels in a cookie of the page that shows it, sealed for this session and page, and is gone
with the first look or after a minute.
"""

import base64
import binascii
import time

import msgspec

from hireloom.console.visit import Answer, Visit, csrf
from hireloom.store import masters
from hireloom.store.seal import OURS, Key, SealBrokenError, UnknownKeyError

COOKIE = "hireloom_once"
SECONDS = 60


class Sealed(msgspec.Struct, frozen=True):
    until: float
    values: dict[str, str]


async def go(visit: Visit, path: str, **values: str) -> Answer:
    """To the page that shows it."""
    plain = msgspec.json.encode(Sealed(time.time() + SECONDS, values))
    sealed = (await _key(visit)).seal(OURS, _purpose(visit, path), plain)
    carried = base64.urlsafe_b64encode(sealed).decode()
    return visit.go(path, cookies=[visit.cookie(COOKIE, carried, SECONDS, path=path)])


async def taken(visit: Visit) -> dict[str, str]:
    """What this page is to show this once; empty where there is nothing."""
    carried = visit.request.cookies.get(COOKIE)
    if not carried:
        return {}
    path = visit.request.url.path
    visit.spent.append(visit.cookie(COOKIE, "", 0, path=path))
    try:
        sealed = base64.urlsafe_b64decode(carried)
        plain = (await _key(visit)).open(OURS, _purpose(visit, path), sealed)
        found = msgspec.json.decode(plain, type=Sealed)
    except (binascii.Error, ValueError, msgspec.MsgspecError, SealBrokenError, UnknownKeyError):
        return {}
    return found.values if found.until > time.time() else {}


async def _key(visit: Visit) -> Key:
    async with visit.desk.pool.acquire() as conn:
        return await masters.own_key(conn, visit.desk.vault)


def _purpose(visit: Visit, path: str) -> str:
    return f"console once {path} {csrf(visit.token)}"

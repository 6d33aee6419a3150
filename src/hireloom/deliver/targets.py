"""Where webhooks may go: not into the network that Hireloom runs in, unless the operator wants it.

What a URL says of itself is looked at here, when it is given and before it is used; what its name
leads to is looked at by the resolver of the connection, each time anew.
"""

import functools
import re

from yarl import URL

from hireloom.errors import RequestInvalidError
from hireloom.guard import is_public

PRIVATE = "leads to a private address; HIRELOOM_ALLOW_PRIVATE_WEBHOOKS lets webhooks go there"

# What browsers and resolvers read as an IPv4 address, whatever the spelling.
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)
_INSIDE = re.compile(r"(.*\.)?(localhost|local|internal|home\.arpa)", re.IGNORECASE)
_PRINTED = re.compile(r"[!-~]+")


def check(url: str, *, allow_private: bool) -> None:
    """Raises RequestInvalidError with what is wrong, as far as that can be known without DNS."""
    if wrong := problem(url, allow_private=allow_private):
        raise RequestInvalidError.at("url", wrong)


@functools.lru_cache(maxsize=4096)
def parse(url: str) -> URL:
    """The URL as it is looked at and as it is used: both see the same host."""
    return URL(url)


@functools.lru_cache(maxsize=4096)
def problem(url: str, *, allow_private: bool) -> str | None:
    """What is wrong with a webhook's URL, in words."""
    try:
        parsed = parse(url)
        host = (parsed.host or "").rstrip(".")
        port = parsed.port
    except ValueError:
        return "is not a URL that can be read"
    if not _PRINTED.fullmatch(url) or not host or not port:
        return "is not a URL that can be read"
    if parsed.scheme != "https" and not (allow_private and parsed.scheme == "http"):
        return "must begin with https://"
    if parsed.user is not None or parsed.password is not None:
        return "must not hold a user name or a password; events are signed instead"
    if parsed.fragment:
        return "must not have a fragment (#…)"
    return None if allow_private or _may_be_public(host) else PRIVATE


def _may_be_public(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:
        pass
    last = host.rpartition(".")[2]
    return not (":" in host or _NUMBER.fullmatch(last) or _INSIDE.fullmatch(host))


def origin(url: str) -> str:
    """Scheme, host and port: all of a URL that may be told, since a path can be a secret, too."""
    return str(URL(url).origin())

"""No call into a private network: links that come out of data are checked at the connection itself.

The check is in the resolver, after the name became an address, so that a name that resolves
differently the second time does not help. Addresses written as numbers do not pass a resolver and
are checked before.
"""

import ipaddress
import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from hireloom.errors import RequestInvalidError
from hireloom.names import Names

# Of the IANA special-purpose registries, whatever the Python at hand thinks of them: it has changed
# its mind on several.
_SPECIAL = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # carriers
            "127.0.0.0/8",  # loopback
            "169.254.0.0/16",  # link-local, clouds' metadata
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # AMT
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",  # private
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
            "2001::/23",  # protocol assignments
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4
            "2620:4f:8000::/48",  # AS112
            "3fff::/20",  # documentation
        ),
    )
)
# All that was ever given out of IPv6. Outside lie loopback, NAT64's local prefix, segment routing,
# private, link-local, site-local and multicast addresses.
_UNICAST = ipaddress.ip_network("2000::/3")

# IPv4 in the last 32 bits: the old "compatible" form, and what NAT64 gateways translate.
_WRAPPED = (ipaddress.ip_network("::/96"), ipaddress.ip_network("64:ff9b::/96"))


def is_public(address: str) -> bool:
    """Whether an address is on the open internet; IPv4 inside of IPv6 is looked into."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and any(ip in network for network in _WRAPPED):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip not in _UNICAST:
            return False
    return ip.is_global and not any(ip in network for network in _SPECIAL)


class PrivateAddressError(OSError):
    """The name leads into a private network."""


class GuardedResolver(AbstractResolver):
    def __init__(self) -> None:
        self._inner = Names()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if not found or not all(is_public(one["host"]) for one in found):
            raise PrivateAddressError(f"{host} leads into a private network")
        return found

    async def close(self) -> None:
        await self._inner.close()


def refuse_private_literal(url: str) -> None:
    """Raises RequestInvalidError. A number passes only in its usual spelling: what is read as

    one elsewhere (`127.1`, `2130706433`) would go past the resolver.
    """
    try:
        parsed = URL(url)
        host = (parsed.host or "").rstrip(".")
    except ValueError:
        raise RequestInvalidError.at("url", "is not a link that can be read") from None
    if parsed.scheme not in {"http", "https"} or not host:
        raise RequestInvalidError.at("url", "only http and https links can be read")
    try:
        public = is_public(host)
    except ValueError:
        public = not (":" in host or host.replace(".", "").isdigit())  # a name: the resolver looks
    if not public:
        raise RequestInvalidError.at("url", "leads into a private network")

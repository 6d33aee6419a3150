"""The origin map: what is meant for a vendor's address can be sent to another one.

It is how the sandbox, the tests and anybody's own simulator are plugged in. Connectors know nothing
of it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from yarl import URL


def _within(url: str, base: str) -> bool:
    return url == base or (url.startswith(base) and url[len(base)] in "/?#")


@dataclass(frozen=True)
class Origins:
    """`{"https://api.lever.co": "http://127.0.0.1:9100/lever/api"}`, longest key first."""

    targets: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tidy = {key.rstrip("/"): value.rstrip("/") for key, value in self.targets.items()}
        ordered = dict(sorted(tidy.items(), key=lambda pair: -len(pair[0])))
        object.__setattr__(self, "targets", ordered)

    def send(self, url: str) -> str:
        """Where a call really goes."""
        for origin, target in self.targets.items():
            if _within(url, origin):
                return target + url[len(origin) :]
        return url

    def is_target_of(self, url: str, origins: Collection[str]) -> bool:
        """Whether the address is where one of these origins was mapped to."""
        return any(
            _within(url, target)
            for origin, target in self.targets.items()
            if any(_within(origin, one.rstrip("/")) for one in origins)
        )

    def reaches(self, url: str, origins: Collection[str]) -> bool:
        """Whether the address lies below one of these, or on a host that one is mapped to."""
        try:
            host = origin_of(url)
        except ValueError:
            return False
        return any(_within(url, one.rstrip("/")) for one in origins) or any(
            host == origin_of(target)
            for origin, target in self.targets.items()
            if any(_within(origin, one.rstrip("/")) for one in origins)
        )

    def knows(self, url: str) -> bool:
        """Whether the operator vouches for the address: it is a mapped origin, or lies on a host

        that one is mapped to, as the files of a simulator do.
        """
        try:
            host = origin_of(url)
        except ValueError:
            return False
        return any(
            _within(url, origin) or host == origin_of(target)
            for origin, target in self.targets.items()
        )


def origin_of(url: str) -> str:
    """Scheme, host and port. Raises ValueError for what is no address, or has a user in it."""
    parsed = URL(url)
    if parsed.user is not None or parsed.password is not None:
        raise ValueError("an address with a user in it is nobody's own")
    return str(parsed.origin())

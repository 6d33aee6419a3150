"""Settings of an integration: what a customer chooses beside the credentials."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace

from hireloom.errors import RequestInvalidError
from hireloom.kit.auth import AnyOf, Auth


@dataclass(frozen=True)
class Choice:
    """A setting with a closed list of values; each value may fill `{placeholders}` of addresses."""

    name: str
    of: Mapping[str, Mapping[str, str]] | tuple[str, ...]
    label: str = ""
    help: str = ""
    words: Mapping[str, str] = field(default_factory=dict)  # by value, what people read

    @property
    def default(self) -> str:
        return next(iter(self.of))

    def called(self, value: str) -> str:
        return self.words.get(value, value)

    def fills(self, value: str) -> Mapping[str, str]:
        return {self.name: value} if isinstance(self.of, tuple) else self.of[value]


@dataclass(frozen=True)
class Text:
    """A setting in the customer's own words, such as the id of the user to act as."""

    name: str
    label: str = ""
    help: str = ""
    required: bool = False


Setting = Choice | Text


def choose(settings: Sequence[Setting], given: Mapping[str, str]) -> dict[str, str]:
    """The settings of an integration, checked and completed with their defaults.

    A text that was left empty is absent.
    """
    chosen: dict[str, str] = {}
    known = {setting.name for setting in settings}
    for name in given.keys() - known:
        raise RequestInvalidError.at(f"settings.{name}", "there is no such setting")
    for setting in settings:
        value = given.get(setting.name) or ""
        if isinstance(setting, Choice):
            value = value or setting.default
            if value not in setting.of:
                options = ", ".join(setting.of)
                raise RequestInvalidError.at(f"settings.{setting.name}", f"one of: {options}")
        elif setting.required and not value:
            raise RequestInvalidError.at(f"settings.{setting.name}", "is required")
        if value:
            chosen[setting.name] = value
    return chosen


def placeholders(settings: Sequence[Setting], chosen: Mapping[str, str]) -> dict[str, str]:
    """What fills the `{…}` of addresses."""
    fills: dict[str, str] = {}
    for setting in settings:
        value = chosen.get(setting.name, "")
        fills |= setting.fills(value) if isinstance(setting, Choice) else {setting.name: value}
    return fills


def fill(auth: Auth, fills: Mapping[str, str]) -> Auth:
    """The authentication with its addresses filled in."""
    if isinstance(auth, AnyOf):
        return AnyOf(tuple(fill(way, fills) for way in auth.ways))
    if not is_dataclass(auth):
        return auth
    texts = {one.name: getattr(auth, one.name) for one in fields(auth)}
    filled = {
        name: text.format_map(fills)
        for name, text in texts.items()
        if isinstance(text, str) and "{" in text
    }
    changed: Auth = replace(auth, **filled)
    return changed

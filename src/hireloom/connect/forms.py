"""The form in which credentials are entered: its fields, what came back in them, what is amiss."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hireloom.connect import words
from hireloom.connect.flow import ACTS_AS
from hireloom.errors import FieldProblem, RequestInvalidError
from hireloom.kit import Choice, Connector, Secrets
from hireloom.kit.auth import Auth, Field
from hireloom.kit.capabilities import ListsUsers
from hireloom.kit.choices import Setting, choose
from hireloom.kit.integration import has

LONGEST = 10_000  # characters of one entry


@dataclass(frozen=True)
class Input:
    """One field as the page draws it; `note` says what is wrong with it."""

    name: str
    label: str
    help: str
    required: bool
    secret: bool = False
    where: str = ""  # what an administrator opens at the vendor to find it
    options: tuple[tuple[str, str], ...] = ()  # value and words
    value: str = ""
    note: str = ""


def credentials(
    ways: Sequence[Auth], entered: Mapping[str, str], notes: Mapping[str, str]
) -> list[Input]:
    """What was entered comes back, except secrets: those never leave the server again."""
    fields: dict[str, Field] = {one.name: one for way in ways for one in way.fields}
    return [
        Input(
            name=f"credentials.{one.name}",
            label=one.label,
            help=one.help,
            where=one.where,
            required=one.required and len(ways) == 1,
            secret=one.secret,
            value="" if one.secret else entered.get(f"credentials.{one.name}", ""),
            note=notes.get(f"credentials.{one.name}", ""),
        )
        for one in fields.values()
    ]


def settings(
    kind: type[Connector], entered: Mapping[str, str], notes: Mapping[str, str]
) -> list[Input]:
    return [
        Input(
            name=f"settings.{one.name}",
            label=one.label or one.name,
            help=one.help,
            required=not isinstance(one, Choice) and one.required,
            options=options(one),
            value=entered.get(f"settings.{one.name}", ""),
            note=notes.get(f"settings.{one.name}", ""),
        )
        for one in asked(kind)
    ]


def options(setting: Setting) -> tuple[tuple[str, str], ...]:
    if not isinstance(setting, Choice):
        return ()
    return tuple((value, setting.called(value)) for value in setting.of)


def asked(kind: type[Connector]) -> list[Setting]:
    """The settings that are asked for beside the credentials: the acting user is chosen later."""
    later = has(kind, ListsUsers)
    return [one for one in kind.settings if not (later and one.name == ACTS_AS)]


def chosen(
    kind: type[Connector], entered: Mapping[str, str], before: Mapping[str, str]
) -> dict[str, str]:
    """Settings, checked; what is not asked for stays as it was. Raises RequestInvalidError."""
    known = {one.name for one in kind.settings}
    kept = {name: str(value) for name, value in before.items() if name in known}
    return choose(kind.settings, kept | part(entered, "settings"))


def secrets(ways: Sequence[Auth], entered: Mapping[str, str]) -> Secrets:
    """Raises RequestInvalidError that names what lacks."""
    found = Secrets(
        fields={name: text for name, text in part(entered, "credentials").items() if text}
    )
    if any(way.fits(found) for way in ways):
        return found
    problems = tuple(
        FieldProblem(path=f"credentials.{one.name}", msg="is required")
        for way in ways[:1]
        for one in way.fields
        if one.required and one.name not in found.fields
    )
    raise RequestInvalidError("Credentials are missing", fields=problems)


def part(entered: Mapping[str, str], of: str) -> dict[str, str]:
    """The entries whose names begin with `of` and a dot, without that and without spaces around."""
    return {
        name.removeprefix(f"{of}."): text.strip()[:LONGEST]
        for name, text in entered.items()
        if name.startswith(f"{of}.")
    }


def told(kind: type[Connector], chosen: Mapping[str, str], language: str) -> str:
    """The choices that credentials have to match, in words."""

    def quote(text: str) -> str:
        return words.quoted(language, words.translated(language, text))

    return ", ".join(
        f"{words.translated(language, one.label or one.name)} {quote(one.called(chosen[one.name]))}"
        for one in kind.settings
        if isinstance(one, Choice) and not isinstance(one.of, tuple)
    )


def optional(ways: Sequence[Auth], entered: Mapping[str, str]) -> list[str]:
    """The labels of optional credentials that were entered all the same."""
    given = {name for name, text in part(entered, "credentials").items() if text}
    fields = {one.name: one for way in ways for one in way.fields}
    return [one.label for one in fields.values() if not one.required and one.name in given]


def quoted(labels: Sequence[str], language: str) -> str:
    texts = (words.translated(language, one) for one in labels)
    return ", ".join(words.quoted(language, one) for one in texts)

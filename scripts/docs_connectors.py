"""The generated pages about connectors: one for each, and who can do what."""

import inspect
import itertools
import json
from collections.abc import Sequence

from docs_markdown import code, page, slug, table

from hireloom import connectors
from hireloom.api.connectors import SHOWN_MODELS, details
from hireloom.kit import AnyOf, Choice, Connector
from hireloom.kit.choices import placeholders
from hireloom.kit.sections import besides
from hireloom.kit.support import supplied, unsupported
from hireloom.models import ConnectorDetails, Happening, Support

OURS = "hireloom.connectors."


def kinds() -> list[type[Connector]]:
    """The connectors that come along; those of other packages have their own papers."""
    found = [connectors.load(name) for name in connectors.names()]
    return [kind for kind in found if kind.__module__.startswith(OURS)]


def connector_page(kind: type[Connector]) -> str:
    about = details(kind)
    doc = prose(inspect.getdoc(inspect.getmodule(kind)) or "")
    able = sorted(name for name, one in about.operations.items() if one is Support.SUPPORTED)
    unable = sorted(set(about.operations) - set(able))
    limit = kind.rate_limit
    pace = f"{limit.calls} calls in {limit.seconds:g} s"
    told = f" or what `{limit.size_header}` says" if limit.size_header else ""
    return page(
        kind.title,
        doc,
        f"Vendor's documentation: <{kind.docs}>",
        connecting(kind, about),
        "## Operations\n\n" + linked(able),
        "Not supported:\n\n" + linked(unable) if unable else "",
        lacking(kind),
        f"## Limits\n\nHireloom keeps to {pace}{told} per account, over all processes together. The"
        " vendor's `Retry-After` wins.",
        "## Passthrough\n\nAddresses that passthrough may call: "
        + ", ".join(f"`{address}`" for address in addresses(kind))
        + ".",
    )


def prose(text: str) -> str:
    """A docstring as Markdown, where `<` outside of code would begin a tag."""
    spans = text.split("`")
    return "`".join(
        span if index % 2 else span.replace("<", "&lt;") for index, span in enumerate(spans)
    )


def linked(names: Sequence[str]) -> str:
    return "\n".join(f"- [`{name}`](../operations.md#{slug(name)})" for name in names)


def addresses(kind: type[Connector]) -> list[str]:
    """The vendor's addresses, for every value of the settings that they depend on."""
    choices = [one for one in kind.settings if isinstance(one, Choice)]
    found: dict[str, None] = {}
    for values in itertools.product(*(tuple(one.of) for one in choices)):
        pairs = zip(choices, values, strict=True)
        fills = placeholders(kind.settings, blank(kind) | {one.name: value for one, value in pairs})
        found |= dict.fromkeys(origin.format_map(fills) for origin in kind.origins)
    return list(found)


def blank(kind: type[Connector]) -> dict[str, str]:
    return {one.name: f"{{{one.name}}}" for one in kind.settings}


def connecting(kind: type[Connector], about: ConnectorDetails) -> str:
    parts = ["## Connect"]
    several = kind.auth.ways if isinstance(kind.auth, AnyOf) else (kind.auth,)
    for way, auth in zip(about.connect, several, strict=True):
        rows = [
            [
                f"`{one.name}`",
                one.label,
                "yes" if one.required else "",
                "yes" if one.secret else "",
                one.where,
            ]
            for one in way.fields
        ]
        said = (inspect.getdoc(type(auth)) or "").partition("\n\n")[0].replace("\n", " ")
        parts += [said, table(["credential", "label", "required", "secret", "where it is"], rows)]
    if kind.settings:
        rows = [
            [
                f"`{one.name}`",
                " ".join(f"`{word}`" for word in one.of) if isinstance(one, Choice) else "text",
                one.help or one.label,
            ]
            for one in kind.settings
        ]
        parts += ["Settings:", table(["setting", "values, the default first", "what"], rows)]
    easiest = min(about.connect, key=lambda way: len(way.fields))
    credentials = {one.name: "…" for one in easiest.fields if one.required}
    body = {
        "originOrgId": "org-77",
        "originOrgName": "Example & Sons",
        "appId": kind.name,
        "credentials": credentials,
    }
    call = f"""curl -s "$URL/v1.0/integration.import" -H "Authorization: Bearer $KEY" \\
  -d '{json.dumps(body, ensure_ascii=False)}'"""
    return "\n\n".join([*(part for part in parts if part), code(call, "console")])


def lacking(kind: type[Connector]) -> str:
    rows = []
    for model in SHOWN_MODELS:
        missing = unsupported(kind, model, besides(kind, model))
        if missing and model.__name__ in supplied(kind):
            rows.append([model.__name__, ", ".join(f"`{path}`" for path in missing)])
    intro = "These stay away from answers and are named in `meta.unsupportedFields`:"
    heading = "## Fields that it cannot supply"
    return "\n\n".join([heading, intro, table(["model", "fields"], rows)]) if rows else ""


def support_page() -> str:
    known = [details(kind) for kind in kinds()]
    names = sorted({name for one in known for name in one.operations})
    head = ["operation", *(f"[{one.title}](connectors/{one.id}.md)" for one in known)]
    rows = [
        [
            f"[`{name}`](operations.md#{slug(name)})",
            *("yes" if one.operations[name] is Support.SUPPORTED else "–" for one in known),
        ]
        for name in names
    ]
    intro = (
        "Read from the connectors: an operation is supported when the connector has its method."
        " [`connector.get`](operations.md#connectorget) answers the same, for an account also which"
        " permissions it lacks, and the command `hireloom connectors` prints it."
    )
    return page("Support", intro, table(head, rows))


def credentials_block() -> str:
    rows = []
    for kind in kinds():
        for way in details(kind).connect:
            named = ", ".join(f"`{one.name}`" for one in way.fields)
            rows.append([f"[{kind.title}](connectors/{kind.name}.md)", f"`{kind.name}`", named])
    return table(["vendor", "`appId`", "`credentials`"], rows)


def realtime_block() -> str:
    """What each vendor tells of by webhook: our events, by the vendor's own."""
    rows = []
    for happening in Happening:
        told = []
        for kind in kinds():
            events = kind.hooks.meaning(frozenset({happening})) if kind.hooks else ()
            told.append(" ".join(f"`{one}`" for one in events))
        rows.append([f"`{happening}`", *told])
    return table(["event", *(kind.title for kind in kinds())], rows)


def counts_block() -> str:
    rows = []
    for kind in kinds():
        found = list(details(kind).operations.values())
        able = sum(one is Support.SUPPORTED for one in found)
        name = f"[{kind.title}](docs/connectors/{kind.name}.md)"
        rows.append([name, f"`{kind.name}`", f"{able} of {len(found)}"])
    return table(["vendor", "`appId`", "operations"], rows)

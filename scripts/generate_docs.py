"""Write the pages of docs/ that come from the code.

Whole pages (operations, models, commands, support, one per connector) are written anew; in pages
written by hand only what stands between `<!-- generated: NAME -->` and `<!-- end -->` is replaced.
The same code gives the same bytes; tests/test_docs.py compares them with what is committed.
"""

import ast
import inspect
import json
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
from docs_connectors import (
    connector_page,
    counts_block,
    credentials_block,
    kinds,
    realtime_block,
    support_page,
)
from docs_filters import operators_block
from docs_issues import kinds_block
from docs_markdown import as_json, code, fields_of, in_words, page, slug, table

from hireloom import models
from hireloom.api.examples import example_of
from hireloom.api.operation import Operation, operations
from hireloom.cli import app
from hireloom.errors import every_error
from hireloom.sandbox.app import create_app, vendor_classes
from hireloom.settings import Settings, SettingsError

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
BLOCK = re.compile(r"(<!-- generated: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)

# Operations.


def operations_page() -> str:
    known = operations()
    rows = [
        [f"[`{one.name}`](#{slug(one.name)})", f"`{one.method}`", str(one.scope), one.summary]
        for one in known.values()
    ]
    intro = (
        "Every operation lies at `/v1.0/<name>`. A read is a `GET` with query parameters, all else"
        " a `POST` with a JSON body. Those marked *on an account* need the header"
        " `X-Integration-Id`. [Reading](reading.md) and [writing](writing.md) explain what they"
        " share; [models](models.md) says what the records hold, [support](support.md) which"
        " vendor can do what."
    )
    index = table(["operation", "method", "scope", "what it does"], rows)
    return page("Operations", intro, index, *(entry(one) for one in known.values()))


def entry(one: Operation) -> str:
    marks = [f"`{one.method} {one.path}`", f"scope `{one.scope}`"]
    marks += ["on an account"] if one.on_integration else []
    marks += ["pages"] if one.lists and one.method == "GET" else []
    marks += ["takes `dryRun`"] if one.rehearses else []
    marks += ["takes `multipart/form-data`"] if one.upload else []
    parts = [f"## {one.name}", " · ".join(marks), one.description, fields_of(one.request)]
    return "\n\n".join([*parts, f"Answer: {answered(one)}", *examples(one)])


def answered(one: Operation) -> str:
    if one.streams:
        return "the file's bytes."
    shown = [kind for kind in get_args(one.answer) or [one.answer] if kind is not models.Download]
    name = " or ".join(in_words(kind) for kind in shown)
    if one.lists:
        return f"`data.{one.lists}`, a list of {name}, and `data.nextPageToken` while more follows."
    return f"`data.{one.gets}`, {name}." if one.gets else f"`data`, {name}."


def examples(one: Operation) -> list[str]:
    """A request and, where it fits on a screen, its answer."""
    lines = [f'curl -s "$URL{one.path}"', '-H "Authorization: Bearer $KEY"']
    if one.on_integration:
        lines.append('-H "X-Integration-Id: $ACCOUNT"')
    if one.method == "POST":
        lines.append(f"-d '{json.dumps(one.example, ensure_ascii=False)}'")
    elif one.example:
        lines += ["-G", *(f"-d '{name}={value}'" for name, value in one.example.items())]
    found = [code(" \\\n  ".join(lines), "console")]
    kind = one.answer
    if hasattr(kind, "__struct_fields__") and not one.lists and not one.gets and not one.streams:
        told = as_json({"success": True, "data": example_of(kind)})
        found += [code(told, "json")] if told.count("\n") < 40 else []
    return found


# Models.


def models_page() -> str:
    structs, words = reachable([one for kind in shapes() for one in get_args(kind) or [kind]])
    intro = (
        "What requests and answers are made of. A field without a value is `null` when the ATS says"
        " that it is empty and left out when this vendor cannot say"
        " ([concepts](concepts.md#null-and-left-out)). A field named `…Source` keeps the vendor's"
        " own word."
    )
    entries = [
        "\n\n".join(part for part in (f"## {name}", explained(kind), fields_of(kind)) if part)
        for name, kind in sorted(structs.items())
    ]
    closed = [
        f"## {name}\n\n{' '.join(f'`{word.value}`' for word in kind)}"
        for name, kind in sorted(words.items())
    ]
    return page("Models", intro, *entries, "# Words", *closed)


def shapes() -> Iterator[Any]:
    for one in operations().values():
        yield one.request
        yield one.answer


def explained(kind: Any) -> str:
    return inspect.cleandoc(kind.__dict__.get("__doc__") or "")


def reachable(kinds: Sequence[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The structs and the closed lists of words that these are made of, by name."""
    structs: dict[str, Any] = {}
    words: dict[str, Any] = {}
    waiting = [kind for kind in kinds if hasattr(kind, "__struct_fields__")]
    while waiting:
        kind = waiting.pop()
        if kind.__name__ in structs:
            continue
        structs[kind.__name__] = kind
        for field in msgspec.structs.fields(kind):
            for inner in inside(msgspec.inspect.type_info(field.type)):
                if isinstance(inner, msgspec.inspect.StructType):
                    waiting.append(inner.cls)
                else:
                    words[inner.cls.__name__] = inner.cls
    return structs, words


def inside(
    info: msgspec.inspect.Type,
) -> Iterator[msgspec.inspect.StructType | msgspec.inspect.EnumType]:
    if isinstance(info, msgspec.inspect.StructType | msgspec.inspect.EnumType):
        yield info
    for one in getattr(info, "types", ()):
        yield from inside(one)
    for name in ("item_type", "type"):
        if isinstance(inner := getattr(info, name, None), msgspec.inspect.Type):
            yield from inside(inner)


# Blocks in pages written by hand.


def errors_block() -> str:
    seen: dict[str, list[str]] = {}
    for kind in every_error():
        name = f'<a id="{slug(kind.code)}"></a>`{kind.code}`'
        retry = "yes" if kind.retryable else ""
        seen.setdefault(kind.code, [str(kind.status), name, kind.category, retry, kind.hint])
    rows = sorted(seen.values(), key=lambda row: (row[0], row[1]))
    return table(["HTTP", "code", "who acts", "retry", "what to do"], rows)


def settings_block() -> str:
    rows = []
    unset = Settings.read({})
    for variable, field in variables().items():
        value = getattr(unset, field)
        default = {"home": "`~/.hireloom`"}.get(field, f"`{value}`" if value not in EMPTY else "")
        rows.append([f"[`{variable}`](#{slug(variable)})", default, *accepted(variable)])
    return table(["variable", "default", "it must be", "example"], rows)


EMPTY: tuple[Any, ...] = (None, (), {})


def variables() -> dict[str, str]:
    """The environment variables, each with its field, as `Settings.read` takes them."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(Settings.read)))
    return {
        word.value.args[0].value: word.arg
        for word in ast.walk(tree)
        if isinstance(word, ast.keyword)
        and word.arg is not None
        and isinstance(word.value, ast.Call)
        and isinstance(word.value.args[0], ast.Constant)
        and isinstance(word.value.args[0].value, str)
    }


def accepted(variable: str) -> tuple[str, str]:
    """What a variable takes, in the words of the error for a wrong value."""
    for wrong in ("?", "[]"):
        try:
            Settings.read({variable: wrong})
        except SettingsError as error:
            _, must, problem = error.problem.partition("must be ")
            if must:
                return problem.rstrip("."), f"`{error.example}`"
    return "", ""


def sandbox_block() -> str:
    rows = []
    for name, vendor in vendor_classes().items():
        sets = {"credentials": vendor.credentials, **vendor.more_credentials}
        for title, one in sets.items():
            values = ", ".join(f"`{field}` `{value}`" for field, value in one.items())
            rows.append([name, f"`{title}`", values])
    return table(["vendor", "set", "values"], rows)


def changes_block() -> str:
    """Each kind of change with its parameters, those that may be left out in brackets."""
    vendors = create_app(size=1).vendors
    taken: dict[str, dict[str, None]] = {}
    had: dict[str, list[str]] = {}
    for name, vendor in vendors.items():
        for kind, signature in vendor.recruiter.kinds().items():
            had.setdefault(kind, []).append(name)
            parts = [part for part in signature.split(", ") if part]
            taken.setdefault(kind, {}).update(dict.fromkeys(map(_parameter, parts)))
    return table(
        ["kind", "parameters", "vendors"],
        [
            [f"`{kind}`", " ".join(_fewest(taken[kind])), _all_or(had[kind], len(vendors))]
            for kind in sorted(taken)
        ],
    )


def _parameter(part: str) -> str:
    name = part.partition(":")[0]
    return f"[`{name}`]" if "=" in part or name.startswith("*") else f"`{name}`"


def _fewest(parameters: Iterable[str]) -> list[str]:
    """Without those that another vendor demands."""
    named = set(parameters)
    return [each for each in parameters if each.strip("[]") not in named or "[" not in each]


def _all_or(names: list[str], count: int) -> str:
    return "all" if len(names) == count else ", ".join(names)


def events_block() -> str:
    rows = [
        [name, " ".join(f"`{event}`" for event in vendor.events)]
        for name, vendor in vendor_classes().items()
    ]
    return table(["vendor", "events"], rows)


BLOCKS: dict[str, Callable[[], str]] = {
    "errors": errors_block,
    "settings": settings_block,
    "credentials": credentials_block,
    "sandbox-credentials": sandbox_block,
    "sandbox-changes": changes_block,
    "sandbox-events": events_block,
    "connector-counts": counts_block,
    "realtime-events": realtime_block,
    "filter-operators": operators_block,
    "issue-kinds": kinds_block,
}


# The command line.


def commands() -> dict[str, Callable[..., Any]]:
    """Every command by its words, `keys create`, with the function behind it."""
    found: dict[str, Callable[..., Any]] = {}
    for name in (one for one in app if not one.startswith("-")):
        inner = app[name]
        if inner.default_command is not None:
            found[name] = inner.default_command
            continue
        for sub in (one for one in inner if not one.startswith("-")):
            command = inner[sub].default_command
            if command is not None:
                found[f"{name} {sub}"] = command
    return found


def options(command: Callable[..., Any]) -> list[list[str]]:
    """An option or argument, its default, and its help where it has one."""
    hints = get_type_hints(command, include_extras=True)
    rows = []
    for name, one in inspect.signature(command).parameters.items():
        helps = [getattr(extra, "help", "") for extra in getattr(hints[name], "__metadata__", ())]
        required = one.default is one.empty
        positional = required and one.kind is not one.KEYWORD_ONLY
        shown = name.upper().replace("_", "-") if positional else f"--{name.replace('_', '-')}"
        if isinstance(one.default, bool):
            shown += f", --no-{name.replace('_', '-')}"
        default = "" if required or one.default in (None, "") else f"`{one.default}`"
        rows.append([f"`{shown}`", default, " ".join(text for text in helps if text)])
    return rows


def commands_page() -> str:
    entries = []
    for name, command in commands().items():
        rows = options(command)
        listed = table(["argument", "default", "what"], rows) if rows else ""
        told = [f"## hireloom {name}", inspect.getdoc(command) or "", listed]
        entries.append("\n\n".join(part for part in told if part))
    intro = (
        "The environment configures all of them ([settings](settings.md)). A failure is a sentence"
        " with what to do, and exit code 1; a wrong argument gives 2."
    )
    return page("Command line", intro, *entries)


# All pages.


def whole_pages() -> dict[Path, str]:
    return {
        DOCS / "operations.md": operations_page(),
        DOCS / "models.md": models_page(),
        DOCS / "commands.md": commands_page(),
        DOCS / "support.md": support_page(),
        **{DOCS / "connectors" / f"{kind.name}.md": connector_page(kind) for kind in kinds()},
    }


def hand_written() -> list[Path]:
    return [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]


def with_blocks(text: str) -> str:
    return BLOCK.sub(lambda match: f"{match[1]}{BLOCKS[match['name']]()}\n{match[3]}", text)


def pages() -> dict[Path, str]:
    """Every page that is generated in whole or in part, as it must be."""
    found = whole_pages()
    for path in hand_written():
        if path not in found and BLOCK.search(text := path.read_text(encoding="utf-8")):
            found[path] = with_blocks(text)
    return found


def stale() -> list[Path]:
    """Pages of connectors that are there no more."""
    known = {DOCS / "connectors" / f"{kind.name}.md" for kind in kinds()}
    return sorted(set((DOCS / "connectors").glob("*.md")) - known)


def main(arguments: Sequence[str]) -> int:
    """Write what differs; with `--check` only name it, and fail where there is anything."""
    wanted = pages()
    differing = [path for path, text in wanted.items() if not same(path, text)]
    for path in (*stale(), *differing):
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    if "--check" in arguments:
        return 1 if differing or stale() else 0
    for path in stale():
        path.unlink()
    for path in differing:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], encoding="utf-8")
    return 0


def same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

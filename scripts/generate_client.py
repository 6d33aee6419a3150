"""Writes the Python client's methods, sync and async, out of the operations.

`python scripts/generate_client.py` writes; with `--check` it only says what is out of date.
"""

import enum
import inspect
import keyword
import re
import subprocess
import sys
import textwrap
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from hireloom.api.operation import Operation, operations
from hireloom.models import Download

CLIENT = Path(__file__).parents[1] / "src" / "hireloom" / "client"
WIDTH = 100
INDENT = " " * 8
OF_PAGING = frozenset({"page_size", "page_token"})


@dataclass(frozen=True)
class Face:
    """One of the two clients."""

    file: str
    title: str
    prefix: str  # of the classes that differ
    sender: str  # the module of the sender
    define: str
    wait: str


SYNC = Face("methods.py", "Hireloom", "", "sender", "def", "")
ASYNC = Face("async_methods.py", "AsyncHireloom", "Async", "async_sender", "async def", "await ")


@dataclass
class Names:
    """What a module must import, by module."""

    wanted: dict[str, set[str]] = field(default_factory=dict)

    def add(self, module: str, name: str) -> str:
        self.wanted.setdefault(module, set()).add(name)
        return name

    def client(self, module: str, name: str) -> str:
        return self.add(f"hireloom.client.{module}", name)

    def lines(self) -> Iterator[str]:
        for module, names in sorted(self.wanted.items()):
            yield f"from {module} import {', '.join(sorted(names))}"


@dataclass(frozen=True)
class Parameter:
    """A keyword of a method, and how the request is made of it."""

    name: str
    text: str  # as it stands in the signature
    value: str


@dataclass
class Space:
    """A part of the methods' names, as a tree."""

    path: tuple[str, ...] = ()
    children: dict[str, "Space"] = field(default_factory=dict)
    methods: dict[str, Operation] = field(default_factory=dict)

    def put(self, operation: Operation) -> None:
        *parts, last = operation.name.split(".")
        space = self
        for part in parts:
            space = space.children.setdefault(part, Space((*space.path, part)))
        space.methods[last] = operation

    def class_name(self, face: Face) -> str:
        return face.prefix + "".join(part[0].upper() + part[1:] for part in self.path) + "Methods"


def module(face: Face, known: Mapping[str, Operation]) -> str:
    root = Space()
    for operation in known.values():
        root.put(operation)
    names = Names()
    classes = "\n\n".join(_classes(root, face, names))
    told = f'"""The methods of `{face.title}`. Made by scripts/generate from the operations."""'
    return "\n".join([told, "", *names.lines(), "", "", classes, ""])


def _classes(space: Space, face: Face, names: Names) -> Iterator[str]:
    for child in space.children.values():
        yield from _classes(child, face, names)
    base = names.client("namespace", f"{face.prefix}Namespace")
    dotted = ".".join(space.path)
    told = f"`{dotted}.…`" if dotted else "Every method, under its name on the wire."
    lines = [f"class {space.class_name(face)}({base}):", f'    """{told}"""']
    for name, child in space.children.items():
        kind = child.class_name(face)
        lines += ["", "    @property", f"    def {spelt(name)}(self) -> {kind}:"]
        lines += [f"        return {kind}(self._sender)"]
    for name, operation in space.methods.items():
        if name in space.children:
            raise ValueError(f"{operation.name} is a method and a namespace")
        for made in _methods(spelt(name), operation, face, names):
            lines += ["", made]
    yield "\n".join(lines)


def spelt(name: str) -> str:
    """A name of the wire as Python has it."""
    snake = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
    return f"{snake}_" if keyword.iskeyword(snake) else snake


def _methods(name: str, operation: Operation, face: Face, names: Names) -> Iterator[str]:
    """The method of an operation; two where it answers in two ways."""
    given = list(_parameters(operation, names))
    request = "None"
    if operation.request.__struct_fields__:
        kind = names.add("hireloom.models", operation.request.__name__)
        request = f"{kind}({', '.join(f'{one.name}={one.value}' for one in given)})"
    maker = Maker(name, operation, face, names, given, f'"{operation.name}", {request}')
    if operation.streams:
        yield maker.download(name, f"asks.reading({maker.asked})")
        return
    if paged := paging(operation):
        yield maker.pages(*paged)
        return
    if operation.lists:
        yield maker.search()
        return
    if Download in get_args(operation.answer):
        binary = names.client("asks", "BINARY")
        yield maker.simple()
        yield maker.download(f"{name}_stream", f"asks.writing({maker.asked}, accept={binary})")
        return
    yield maker.rehearsable() if operation.rehearses else maker.simple()


@dataclass(frozen=True)
class Maker:
    """Writes the source of one method."""

    name: str
    operation: Operation
    face: Face
    names: Names
    given: list[Parameter]
    asked: str  # the first arguments for the sender

    @property
    def answer(self) -> str:
        kinds = [one for one in get_args(self.operation.answer) if one is not Download]
        kind = kinds[0] if kinds else self.operation.answer
        return self.names.add("hireloom.models", kind.__name__)

    def pages(self, kind: type, member: str) -> str:
        record = self.names.add("hireloom.models", kind.__name__)
        records = self.names.client("pages", f"{self.face.prefix}Records")
        extra = ["page_size: int | None = None", "page_token: str | None = None"]
        head = self._head(self.name, extra, f"{records}[{record}]", "def")
        paged = "page_size=page_size, page_token=page_token"
        call = f'self._sender.pages({self.asked}, {record}, "{member}", {paged})'
        return self._whole(head, f"return {call}")

    def search(self) -> str:
        page = self.names.client("pages", "Page")
        head = self._head(self.name, [], f"{page}[{self.answer}]", self.face.define)
        call = f'self._sender.search({self.asked}, {self.answer}, "{self.operation.lists}")'
        return self._whole(head, f"return {self.face.wait}{call}")

    def download(self, name: str, ask: str) -> str:
        self.names.add("hireloom.client", "asks")
        kind = self.names.client("downloads", f"{self.face.prefix}Download")
        head = self._head(name, [], kind, "def")
        return self._whole(head, f"return self._sender.download({ask})")

    def simple(self) -> str:
        operation = self.operation
        extra = ["idempotency_key: str | None = None"] if operation.writes else []
        head = self._head(self.name, extra, self.answer, self.face.define)
        if operation.method == "GET":
            member = None if operation.gets is None else f'"{operation.gets}"'
            call = f"read({self.asked}, {self.answer}, {member})"
        elif operation.by_post:
            call = f"ask({self.asked}, {self.answer})"
        else:
            key = "idempotency_key" if operation.writes else "None"
            call = f"write({self.asked}, {self.answer}, {key})"
        return self._whole(head, f"return {self.face.wait}self._sender.{call}")

    def rehearsable(self) -> str:
        """A write with `dry_run`, whose answer is another then."""
        wait, answer = self.face.wait, self.answer
        literal = self.names.add("typing", "Literal")
        overload = f"    @{self.names.add('typing', 'overload')}\n"
        rehearsed = self.names.client("answers", "DryRun")
        key = "idempotency_key: str | None = None"
        variants = (
            (f"dry_run: {literal}[False] = False", answer),
            (f"dry_run: {literal}[True]", rehearsed),
            ("dry_run: bool = False", f"{answer} | {rehearsed}"),
        )
        heads = [
            self._head(self.name, [key, dry], kind, self.face.define) for dry, kind in variants
        ]
        method, request = self.asked.split(", ", 1)
        asked = f"{method}, request"
        body = [
            f"request = {request}",
            "if dry_run:",
            f"    return {wait}self._sender.rehearse({asked})",
            f"return {wait}self._sender.write({asked}, {answer}, idempotency_key)",
        ]
        overloads = [f"{overload}{head} ..." for head in heads[:2]]
        return "\n\n".join([*overloads, self._whole(heads[2], *body)])

    def _head(self, name: str, extra: list[str], kind: str, define: str) -> str:
        texts = [one.text for one in self.given] + extra
        taken = ", ".join(["self", "*", *texts] if texts else ["self"])
        return f"    {define} {name}({taken}) -> {kind}:"

    def _whole(self, head: str, *body: str) -> str:
        return "\n".join([head, docstring(self.operation), *(INDENT + line for line in body)])


def paging(operation: Operation) -> tuple[type, str] | None:
    """The record and its member in `data`, where an answer is one page of several."""
    if operation.lists and operation.method == "GET":
        return operation.answer, operation.lists
    if not set(operation.request.__struct_fields__) >= OF_PAGING:
        return None
    lists = [
        one for one in msgspec.structs.fields(operation.answer) if get_origin(one.type) is list
    ]
    return get_args(lists[0].type)[0], lists[0].encode_name


def _parameters(operation: Operation, names: Names) -> Iterator[Parameter]:
    hints = get_type_hints(operation.request)
    for one in msgspec.structs.fields(operation.request):
        if one.name not in OF_PAGING or not paging(operation):
            yield _parameter(one, hints[one.name], names, question=operation.method == "GET")


def _parameter(
    one: msgspec.structs.FieldInfo, hint: Any, names: Names, *, question: bool
) -> Parameter:
    name, required = one.name, one.required
    members = [kind for kind in get_args(hint) if kind is not type(None)]
    optional = is_union(hint) and len(members) < len(get_args(hint))
    bare = members[0] if optional and len(members) == 1 else hint
    origin = get_origin(bare)
    if origin is tuple:
        taker = "Several" if question else "Sequence"
        home = "hireloom.client.asks" if question else "collections.abc"
        kind = f"{names.add(home, taker)}[{rendered(get_args(bare)[0], names)}]"
        value = f"{names.client('asks', 'several')}({name})"
        empty = "()"
    elif origin is dict:
        key, held = (rendered(part, names) for part in get_args(bare))
        kind = f"{names.add('collections.abc', 'Mapping')}[{key}, {held}]"
        value, empty = f"dict({name})", "None"
        if not required and not optional:
            kind, value = f"{kind} | None", f"dict({name} or {{}})"
    else:
        kind, value = rendered(hint, names), name
        empty = "" if required else literal(one.default, names)
    if optional and origin in {tuple, dict}:
        kind, value, empty = f"{kind} | None", f"None if {name} is None else {value}", "None"
    return Parameter(name, f"{name}: {kind}" + ("" if required else f" = {empty}"), value)


def is_union(hint: Any) -> bool:
    return get_origin(hint) in {Union, types.UnionType}


def rendered(hint: Any, names: Names) -> str:
    """A type as source text; what it names is imported."""
    if hint is type(None):
        return "None"
    if hint is Any:
        return names.add("typing", "Any")
    if is_union(hint):
        return " | ".join(rendered(part, names) for part in get_args(hint))
    origin = get_origin(hint)
    if origin is Literal:
        words = ", ".join(map(repr, get_args(hint)))
        return f"{names.add('typing', 'Literal')}[{words}]"
    if origin is not None:
        parts = ", ".join("..." if p is ... else rendered(p, names) for p in get_args(hint))
        return f"{rendered(origin, names)}[{parts}]"
    if hint.__module__ == "builtins":
        return str(hint.__name__)
    home = "hireloom.models" if hint.__module__.startswith("hireloom.models") else hint.__module__
    return names.add(home, hint.__name__)


def literal(value: Any, names: Names) -> str:
    if isinstance(value, enum.Enum):
        return f"{rendered(type(value), names)}.{value.name}"
    if value is msgspec.UNSET:
        return names.add("hireloom.models", "UNSET")
    return repr(value)


def docstring(operation: Operation) -> str:
    """What the operation says of itself, and its request."""
    texts = [operation.description]
    if own := vars(operation.request).get("__doc__"):
        texts.append(inspect.cleandoc(own))
    filled = [
        textwrap.fill(" ".join(part.split()), WIDTH - len(INDENT) - 6)
        for text in texts
        for part in text.split("\n\n")
        if part.strip()
    ]
    text = "\n\n".join(filled)
    closed = f'"""{text}\n"""' if "\n" in text else f'"""{text}"""'
    return textwrap.indent(closed, INDENT)


def formatted(source: str) -> str:
    """The source as `scripts/check` wants it."""
    for arguments in (["check", "--select", "I", "--fix", "--quiet"], ["format"]):
        # The whole path: by it ruff finds the project's settings.
        name = str(CLIENT / "made.py")
        command = [sys.executable, "-m", "ruff", *arguments, "--stdin-filename", name, "-"]
        done = subprocess.run(  # noqa: S603 – our own tool and nobody's input
            command, input=source, capture_output=True, text=True, check=True, cwd=CLIENT
        )
        source = done.stdout
    return source


def main(arguments: list[str]) -> int:
    known = operations()
    stale = []
    for face in (SYNC, ASYNC):
        path = CLIENT / face.file
        source = formatted(module(face, known))
        if path.exists() and path.read_text() == source:
            continue
        stale.append(path.name)
        if "--check" not in arguments:
            path.write_text(source)
    if stale:
        done = "out of date" if "--check" in arguments else "written"
        sys.stdout.write(f"{done}: {', '.join(stale)}\n")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

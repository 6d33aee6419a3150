"""Markdown for the generated pages: tables, code, and types in words."""

import json
import re
from collections.abc import Sequence
from typing import Any

import msgspec

WHAT_IT_IS = {
    "StrType": "text",
    "IntType": "integer",
    "FloatType": "number",
    "DecimalType": "number",
    "BoolType": "true or false",
    "DateTimeType": "instant",
    "DateType": "date",
    "BytesType": "base64",
    "AnyType": "any JSON",
}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell or ' ' for cell in line)} |" for line in lines)


def code(text: str, language: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"


def page(title: str, *parts: str) -> str:
    note = "<!-- Written by scripts/generate_docs.py: change the code, not this page. -->"
    return "\n\n".join([note, f"# {title}", *(part for part in parts if part)]) + "\n"


def as_json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def slug(name: str) -> str:
    """The anchor that a heading of this text gets."""
    return re.sub(r"[^a-z0-9 _-]", "", name.lower()).replace(" ", "-")


# Types in words.


def in_words(kind: Any, models_page: str = "models.md") -> str:
    return described(msgspec.inspect.type_info(kind), models_page)


def described(info: msgspec.inspect.Type, models_page: str) -> str:
    if isinstance(info, msgspec.inspect.Metadata):
        return described(info.type, models_page)
    if isinstance(info, msgspec.inspect.UnionType):
        return union(info, models_page)
    if isinstance(info, msgspec.inspect.ListType | msgspec.inspect.VarTupleType):
        return f"list of {described(info.item_type, models_page)}"
    if isinstance(info, msgspec.inspect.DictType):
        return "object"
    if isinstance(info, msgspec.inspect.StructType | msgspec.inspect.EnumType):
        return f"[{info.cls.__name__}]({models_page}#{slug(info.cls.__name__)})"
    return WHAT_IT_IS.get(type(info).__name__, type(info).__name__)


def union(info: msgspec.inspect.UnionType, models_page: str) -> str:
    options = [
        one
        for one in info.types
        if not isinstance(one, msgspec.inspect.NoneType)
        and getattr(one, "cls", None) is not msgspec.UnsetType
    ]
    return " or ".join(dict.fromkeys(described(one, models_page) for one in options))


def fields_of(kind: Any) -> str:
    rows = [
        [f"`{field.encode_name}`", in_words(field.type), "yes" if field.required else ""]
        for field in msgspec.structs.fields(kind)
    ]
    return table(["field", "what", "required"], rows) if rows else "No parameters."

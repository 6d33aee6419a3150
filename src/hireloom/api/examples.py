"""Examples for the OpenAPI document: plausible values by a field's name, else by its type."""

from typing import Any

import msgspec

from hireloom.models import Word

WORDS: dict[str, Any] = {
    "id": "70001",
    "executionId": "ex_4Tq8ZrW1mYc0LbKd",
    "text": "Phone screen",
    "title": "Data Engineer",
    "name": "Example",
    "firstName": "Ines",
    "lastName": "Duarte",
    "email": "ines.duarte@example.com",
    "phoneNumber": "+44 20 7946 0018",
    "e164": "+442079460018",
    "country": "GB",
    "city": "London",
    "currency": "EUR",
    "url": "https://ats.example.com/70001",
    "link": "https://files.example.com/resume.pdf",
    "infoUrl": "https://ats.example.com/jobs/4001",
    "applyUrl": "https://jobs.example.com/4001/apply",
    "timezone": "Europe/London",
    "contentType": "application/pdf",
    "body": "Strong on data structures.",
    "content": "Strong on data structures.",
    "appId": "greenhouse",
    "category": "ats",
    "integrationId": "int_4k2JvQ8xWm1nTzYb0dHs9R",
    "originOrgId": "org-77",
    "originOrgName": "Example & Sons",
    "token": "4CkPq0",
    "value": 4,
    "min": 60000,
    "max": 80000,
    "status": 200,
}


def example_of(kind: Any, above: tuple[Any, ...] = ()) -> Any:
    """An example of a struct, as it stands in JSON."""
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        value = _value(msgspec.inspect.type_info(field.type), field.encode_name, (*above, kind))
        if value is not msgspec.UNSET:
            found[field.encode_name] = value
    return found


def _value(info: msgspec.inspect.Type, name: str, above: tuple[Any, ...]) -> Any:
    if isinstance(info, msgspec.inspect.Metadata):
        return _value(info.type, name, above)
    if isinstance(info, msgspec.inspect.UnionType):
        options = [
            one
            for one in info.types
            if not isinstance(one, msgspec.inspect.NoneType)
            and getattr(one, "cls", None) is not msgspec.UnsetType
        ]
        return _value(options[0], name, above)
    if isinstance(info, msgspec.inspect.StructType):
        return msgspec.UNSET if info.cls in above else example_of(info.cls, above)
    if isinstance(info, msgspec.inspect.ListType | msgspec.inspect.VarTupleType):
        inner = _value(info.item_type, name, above)
        return [] if inner is msgspec.UNSET else [inner]
    return _scalar(info, name)


def _scalar(info: msgspec.inspect.Type, name: str) -> Any:
    if isinstance(info, msgspec.inspect.EnumType):
        word: type[Word] = info.cls  # type: ignore[assignment]  # our enums are all Words
        return next(iter(word)).value
    simple: dict[type, Any] = {
        msgspec.inspect.DateTimeType: "2026-11-21T10:00:00Z",
        msgspec.inspect.DateType: "2026-11-21",
        msgspec.inspect.BoolType: True,
        msgspec.inspect.DictType: {},
        msgspec.inspect.AnyType: None,
    }
    if type(info) in simple:
        return simple[type(info)]
    if isinstance(info, msgspec.inspect.StrType):
        if name in WORDS and isinstance(WORDS[name], str):
            return WORDS[name]
        return "70001" if name.lower().endswith("id") else "Example"
    return WORDS.get(name, 1)

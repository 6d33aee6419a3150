"""The OpenAPI document, made from the operations."""

from collections.abc import Mapping
from typing import Any

import msgspec

from hireloom import __version__, connectors
from hireloom.api.examples import example_of
from hireloom.api.operation import Operation, Scope
from hireloom.errors import HireloomError, every_error

TEMPLATE = "#/components/schemas/{name}"
HEADER = {
    "name": "X-Integration-Id",
    "in": "header",
    "required": True,
    "description": "The connected account. `X-Knit-Integration-Id` is taken as well.",
    "schema": {"type": "string"},
    "example": "int_4k2JvQ8xWm1nTzYb0dHs9R",
}
OPTIONAL_HEADER = {**HEADER, "required": False}
MAY_NAME_AN_ACCOUNT = frozenset(
    {
        "assessment.order.list",
        "assessment.package.delete",
        "assessment.package.list",
        "assessment.package.put",
        "assessment.partner.list",
        "connector.get",
        "integration.details",
    }
)
IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and body within 24 hours return the first answer.",
    "schema": {"type": "string", "maxLength": 255},
}
PAGING: list[dict[str, Any]] = [
    {
        "name": "pageToken",
        "in": "query",
        "description": "From `data.nextPageToken`; the filters need not be repeated.",
        "schema": {"type": "string"},
    },
    {
        "name": "pageSize",
        "in": "query",
        "schema": {"type": "integer", "minimum": 1, "maximum": 500, "default": 100},
    },
]
TRIMMING: list[dict[str, Any]] = [
    {
        "name": "raw",
        "in": "query",
        "description": "Adds `rawValues`: the vendor's own record.",
        "schema": {"type": "boolean", "default": False},
    },
    {
        "name": "fields",
        "in": "query",
        "description": "Dotted paths to keep, with commas: `info.id,info.status`.",
        "schema": {"type": "array", "items": {"type": "string"}},
        "style": "form",
        "explode": False,
    },
]
META = {
    "type": "object",
    "description": "What the call cost, which filters the vendor applied and which were completed "
    "here, which fields this vendor cannot supply, which records were set aside.",
}


REHEARSABLE = "OrDryRun"
REHEARSED = {
    "type": "object",
    "description": "With `dryRun`: the requests that would have been sent to the vendor.",
    "properties": {
        "dryRun": {"const": True},
        "requests": {"type": "array", "items": {"type": "object"}},
        "complete": {"type": "boolean"},
        "fieldsDropped": {"type": "array", "items": {"$ref": TEMPLATE.format(name="Dropped")}},
    },
    "required": ["dryRun", "requests", "complete"],
}
FORM = {
    "type": "object",
    "properties": {
        **{
            name: {"type": "string"}
            for name in ("applicationId", "candidateId", "name", "contentType", "fileType")
        },
        "file": {"type": "string", "format": "binary"},
    },
    "required": ["applicationId", "file"],
}
ERROR = {
    "type": "object",
    "properties": {
        "success": {"const": False},
        "error": {
            "type": "object",
            "properties": {
                "msg": {"type": "string"},
                "code": {"enum": sorted({kind.code for kind in every_error()})},
                "category": {"enum": ["you", "customer", "vendor", "hireloom"]},
                "retryable": {"type": "boolean"},
                "hint": {"type": "string"},
                "executionId": {"type": "string"},
                "fields": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"path": {"type": "string"}, "msg": {"type": "string"}},
                        "required": ["path", "msg"],
                    },
                },
                "upstream": {
                    "type": "object",
                    "properties": {
                        "status": {"type": ["integer", "null"]},
                        "requestId": {"type": ["string", "null"]},
                        "body": {"type": ["string", "null"]},
                    },
                },
            },
            "required": ["msg", "code", "category", "retryable", "hint", "executionId"],
        },
    },
    "required": ["success", "error"],
}


def document(known: Mapping[str, Operation], server: str) -> dict[str, Any]:
    kinds = {one.request for one in known.values()} | {
        one.answer for one in known.values() if hasattr(one.answer, "__struct_fields__")
    }
    extra = {member for one in known.values() for member in _members(one.answer)}
    _, components = msgspec.json.schema_components(
        sorted(kinds | extra, key=lambda kind: kind.__name__), ref_template=TEMPLATE
    )
    schemas = _as_sent(components)
    _name_apps(schemas)
    for one in known.values():
        if one.rehearses:
            _add_rehearsable(schemas, one)
    schemas["Error"] = ERROR
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hireloom",
            "version": __version__,
            "summary": "One API over every applicant tracking system.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": server}],
        "security": [{"key": []}],
        "tags": [{"name": tag} for tag in sorted({tag_of(one) for one in known.values()})],
        "paths": {one.path: {one.method.lower(): _entry(one, schemas)} for one in known.values()},
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _members(answer: Any) -> tuple[type, ...]:
    """The structs of an answer that is a choice of several."""
    return tuple(
        one for one in getattr(answer, "__args__", ()) if hasattr(one, "__struct_fields__")
    )


def tag_of(operation: Operation) -> str:
    return ".".join(operation.name.split(".")[:2]) if "." in operation.name else operation.name


def _entry(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [tag_of(operation)],
        "summary": operation.summary,
        "description": f"{operation.description}\n\nScope: `{operation.scope}`.",
        "parameters": _parameters(operation, schemas),
        "responses": _responses(operation),
    }
    if operation.method == "POST":
        entry["requestBody"] = _body(operation)
    return entry


def _parameters(operation: Operation, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if operation.on_integration:
        found.append(HEADER)
    elif operation.name in MAY_NAME_AN_ACCOUNT:
        found.append(OPTIONAL_HEADER)
    if operation.writes:
        found.append(IDEMPOTENCY)
    if operation.method == "GET":
        found += _query(operation, schemas)
        if operation.on_integration and not operation.streams:
            found += TRIMMING
    return found + (PAGING if operation.lists else [])


def _query(operation: Operation, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    properties = schemas[operation.request.__name__]["properties"]
    found = []
    for field in msgspec.structs.fields(operation.request):
        schema = properties[field.encode_name]
        parameter = {
            "name": field.encode_name,
            "in": "query",
            "required": field.required,
            "schema": _without_null(schema),
        }
        if schema.get("type") == "array":
            parameter |= {"style": "form", "explode": True}
        if field.encode_name in operation.example:
            parameter["example"] = operation.example[field.encode_name]
        found.append(parameter)
    return found


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query parameter is left out rather than null."""
    options = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    kept = {key: value for key, value in schema.items() if key not in {"anyOf", "default"}}
    return kept | options[0] if len(options) == 1 else schema


def _body(operation: Operation) -> dict[str, Any]:
    name = operation.request.__name__ + (REHEARSABLE if operation.rehearses else "")
    schema = {"$ref": TEMPLATE.format(name=name)}
    content: dict[str, Any] = {"application/json": {"schema": schema, "example": operation.example}}
    if operation.upload:
        content["multipart/form-data"] = {"schema": FORM}
    return {"required": bool(operation.example), "content": content}


def _add_rehearsable(schemas: dict[str, Any], operation: Operation) -> None:
    """The request and `dryRun`, as one schema: the request itself allows no further fields."""
    plain = schemas[operation.request.__name__]
    dry = {"type": "boolean", "default": False, "description": "Show what would be sent instead."}
    schemas[operation.request.__name__ + REHEARSABLE] = {
        **plain,
        "properties": {**plain["properties"], "dryRun": dry},
    }


def _responses(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {"200": _success(operation)}
    for status, kinds in _failures(operation).items():
        found[str(status)] = {
            "description": "; ".join(f"`{kind.code}`" for kind in kinds),
            "content": {
                "application/json": {
                    "schema": {"$ref": TEMPLATE.format(name="Error")},
                    "example": _failure_example(kinds[0]),
                }
            },
        }
    return found


def _success(operation: Operation) -> dict[str, Any]:
    binary = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    if operation.streams:
        return {"description": "The file.", "content": {"*/*": binary["application/octet-stream"]}}
    members = _members(operation.answer)
    kind = members[0] if members else operation.answer
    data, example = _data(operation, kind)
    envelope: dict[str, Any] = {
        "type": "object",
        "properties": {"success": {"const": True}, "data": data, "meta": META},
        "required": ["success", "data"],
    }
    if operation.rehearses:
        envelope["properties"]["data"] = {"anyOf": [data, REHEARSED]}
    told = {"schema": envelope, "example": {"success": True, "data": example}}
    content = {"application/json": told}
    return {
        "description": operation.summary,
        "headers": {"X-Execution-Id": {"schema": {"type": "string"}}},
        "content": content | (binary if members else {}),
    }


def _data(operation: Operation, kind: Any) -> tuple[dict[str, Any], Any]:
    reference = {"$ref": TEMPLATE.format(name=kind.__name__)}
    if operation.gets:
        shape = {"type": "object", "properties": {operation.gets: reference}}
        return {**shape, "required": [operation.gets]}, {operation.gets: example_of(kind)}
    if not operation.lists:
        return reference, example_of(kind)
    shape = {
        "type": "object",
        "properties": {
            operation.lists: {"type": "array", "items": reference},
            "nextPageToken": {"type": "string", "description": "Absent on the last page."},
        },
        "required": [operation.lists],
    }
    return shape, {operation.lists: [example_of(kind)]}


def _failures(operation: Operation) -> dict[int, list[type[HireloomError]]]:
    """The errors that an operation may answer with: those of vendors only where it calls one."""
    found: dict[int, list[type[HireloomError]]] = {}
    calls_vendors = operation.on_integration or operation.scope is Scope.ADMIN
    for kind in every_error():
        of_vendor = kind.category in {"vendor", "customer"} or kind.status in {409, 422}
        if of_vendor and not calls_vendors and not operation.writes:
            continue
        several = found.setdefault(kind.status, [])
        if kind.code not in {one.code for one in several}:
            several.append(kind)
    return dict(sorted(found.items()))


def _failure_example(kind: type[HireloomError]) -> dict[str, Any]:
    return {
        "success": False,
        "error": {
            "msg": kind.__name__.removesuffix("Error"),
            "code": kind.code,
            "category": kind.category,
            "retryable": kind.retryable,
            "hint": kind.hint,
            "executionId": "ex_0h7Qm3ZkV1cXb9Yt2",
        },
    }


def _as_sent(components: dict[str, Any]) -> dict[str, Any]:
    """Schemas as we write them: money is a number, and a field that is left out is no null."""

    def mend(node: Any) -> Any:
        if isinstance(node, dict):
            if node.get("format") == "decimal":
                return {"type": "number"}
            return {key: mend(value) for key, value in node.items()}
        return [mend(one) for one in node] if isinstance(node, list) else node

    mended: dict[str, Any] = mend(components)
    return mended


def _name_apps(schemas: dict[str, Any]) -> None:
    """The apps that there are, wherever one is named."""
    for schema in schemas.values():
        if "appId" in schema.get("properties", {}):
            described = schema["properties"]["appId"]
            text = described if "type" in described else described["anyOf"][0]
            text["enum"] = list(connectors.names())

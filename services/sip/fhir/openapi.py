"""Writes the description of /fhir into contracts/, from the table that routes: python -m services.sip.fhir.openapi."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any, Final

import orjson

from services.sip.domain.resource_types import TYPES
from services.sip.domain.search_params import PARAMS
from services.sip.fhir.compartment import PARAMS_OF_PATIENT
from services.sip.fhir.interactions import (
    COMPARTMENT,
    INTERACTIONS,
    OPERATIONS,
    WRITTEN,
    Interaction,
    Operation,
)

PLACE: Final = Path(__file__).parents[3] / "contracts" / "openapi" / "fhir.json"
JSON: Final = "application/fhir+json"
_ID: Final = {"type": "string", "pattern": r"^[A-Za-z0-9\-.]{1,64}$"}
_RESOURCE: Final = {"$ref": "#/components/schemas/Resource"}
_OUTCOME: Final = {"$ref": "#/components/responses/Outcome"}
_CONTROLS: Final = {
    "search-type": ("_count", "_sort", "_total", "_format"),
    "history": ("_count", "_since", "_at", "_format"),
}
_REFUSALS: Final = ("4XX", "5XX")


def fhir_description() -> dict[str, Any]:
    """Build the OpenAPI document: one path for each address of each type."""
    paths: dict[str, dict[str, Any]] = {}
    for path, method, described in _described():
        paths.setdefault(f"/fhir{path}", {})[method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {"title": "Samplan: FHIR R4", "version": version("samplan"), "description": _ABOUT},
        "security": [{"bearer": []}],
        "paths": paths,
        "components": _components(),
    }


def _described() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give address, method and description of all that is served."""
    for one in INTERACTIONS:
        kinds = _kinds(one)
        for kind in kinds:
            yield one.path.replace("{type}", kind or ""), one.method, _interaction(one, kind)
    for operation in OPERATIONS:
        for kind, path, method in product(sorted(operation.types), operation.paths, operation.methods):
            yield path.replace("{type}", kind), method, _operation(operation, path, kind, method)


def _kinds(one: Interaction) -> Sequence[str | None]:
    if one.of_system:
        return [None]
    if one.code == COMPARTMENT:
        return ["Patient"]
    return [kind for kind in TYPES if kind in WRITTEN or not one.writes]


_ABOUT: Final = (
    "FHIR 4.0.1 as JSON. What each resource looks like, FHIR says (http://hl7.org/fhir/R4) and the profiles that "
    "StructureDefinition serves; /fhir/metadata says which search parameters there are."
)


def _interaction(one: Interaction, kind: str | None) -> dict[str, Any]:
    name = f"{one.code}{'-by-criteria' if one.conditional else ''}{'-post' if 'post' in one.summary else ''}"
    described: dict[str, Any] = {
        "operationId": f"{name}-{one.method.lower()}{one.path.count('/')}{'-' + kind if kind else ''}",
        "summary": f"{one.summary}: {kind}" if kind else one.summary,
        "responses": _responses(),
    }
    if parameters := [*_in_path(one.path), *_in_query(one, kind), *_in_headers(one)]:
        described["parameters"] = parameters
    if one.method in {"POST", "PUT", "PATCH"}:
        described["requestBody"] = _body(one)
    return described


def _operation(one: Operation, path: str, kind: str, method: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": f"{one.name}-{kind}-{method.lower()}{path.count('/')}",
        "summary": one.summary,
        "externalDocs": {"url": one.definition},
        "responses": _responses(one.gives),
    }
    asked = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in one.inputs]
    if parameters := [*_in_path(path), *asked]:
        described["parameters"] = parameters
    if method == "POST":
        described["requestBody"] = {"content": {one.takes: {"schema": _RESOURCE}}}
    return described


def _in_path(path: str) -> list[dict[str, Any]]:
    schemas = {
        "id": _ID,
        "vid": {"type": "string", "pattern": "^[0-9]{1,9}$"},
        "kind": {"enum": [*PARAMS_OF_PATIENT]},
    }
    return [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name, schema in schemas.items()
        if f"{{{name}}}" in path
    ]


def _in_query(one: Interaction, kind: str | None) -> list[dict[str, Any]]:
    names: list[str] = []
    if kind is not None and (one.code == "search-type" or one.conditional) and one.path == "/{type}":
        names += PARAMS[kind]
    if one.code == "search-type" and one.method == "GET":
        names += _CONTROLS["search-type"]
    if one.code.startswith("history"):
        names += _CONTROLS["history"]
    return [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]


def _in_headers(one: Interaction) -> list[dict[str, Any]]:
    names: dict[str, bool] = {}
    if one.code in {"update", "patch", "delete"}:
        names["If-Match"] = not one.conditional
    if one.code == "create":
        names["If-None-Exist"] = False
    if one.code in {"read", "vread"}:
        names |= {"If-None-Match": False, "If-Modified-Since": False}
    return [
        {"name": name, "in": "header", "required": required, "schema": {"type": "string"}}
        for name, required in names.items()
    ]


def _body(one: Interaction) -> dict[str, Any]:
    if one.code in {"search-type", COMPARTMENT}:
        form = {"type": "object", "additionalProperties": {"type": "string"}}
        return {"content": {"application/x-www-form-urlencoded": {"schema": form}}}
    content: dict[str, Any] = {JSON: {"schema": _RESOURCE}}
    if one.code == "patch":
        operations = {"type": "array", "items": {"type": "object"}, "minItems": 1}
        content["application/json-patch+json"] = {"schema": operations}
    return {"required": True, "content": content}


def _responses(media: str = JSON) -> dict[str, Any]:
    done = {"description": "Done", "content": {media: {"schema": _RESOURCE}}}
    return {
        "200": done,
        "201": done,
        "204": {"description": "Done; nothing to say"},
        "304": {"description": "The client has it"},
    } | dict.fromkeys(_REFUSALS, _OUTCOME)


def _components() -> dict[str, Any]:
    issue = {
        "type": "object",
        "required": ["severity", "code"],
        "properties": {
            "severity": {"enum": ["fatal", "error", "warning", "information"]},
            "code": {"type": "string"},
        },
    }
    outcome = {
        "type": "object",
        "required": ["resourceType", "issue"],
        "properties": {
            "resourceType": {"const": "OperationOutcome"},
            "issue": {"type": "array", "minItems": 1, "items": issue},
        },
    }
    resource = {
        "type": "object",
        "required": ["resourceType"],
        "properties": {"resourceType": {"type": "string"}},
    }
    return {
        "schemas": {"Resource": resource, "OperationOutcome": outcome},
        "responses": {
            "Outcome": {
                "description": "Refused: what was wrong, where, and what to do",
                "content": {JSON: {"schema": {"$ref": "#/components/schemas/OperationOutcome"}}},
            }
        },
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
    }


def description() -> bytes:
    """Give the OpenAPI document as it is kept."""
    return orjson.dumps(fhir_description(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


if __name__ == "__main__":
    PLACE.parent.mkdir(exist_ok=True)
    PLACE.write_bytes(description())

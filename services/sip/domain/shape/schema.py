"""JSON Schema of a resource type, made from its definition and compiled once per process."""

from functools import cache
from typing import Any

from jsonschema_rs import Draft202012Validator, RegexOptions

from services.sip.domain.shape.definitions import Definition, Element, definition
from services.sip.domain.shape.primitives import PRIMITIVES

_SIBLING = "_primitive"  # what stands beside a primitive, named _birthDate: its id and extensions
_RESOURCE = {
    "type": "object",
    "properties": {"resourceType": {"type": "string"}},
    "required": ["resourceType"],
}


@cache
def compiled(resource_type: str) -> Draft202012Validator:
    """Compile what says, for the good case, whether the structure of a resource is that of its type.

    Resources inside it (contained, entries of a Bundle) are only found to be resources: each has its own.
    """
    schema = {"$ref": f"#/$defs/{resource_type}", "$defs": _definitions(resource_type)}
    # The linear-time engine: no pattern here can be made to backtrack.
    return Draft202012Validator(schema, pattern_options=RegexOptions())


def _definitions(resource_type: str) -> dict[str, Any]:
    """Collect the schema of the type and of every type it is made of."""
    extensions = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Extension"}}
    schemas: dict[str, Any] = {
        _SIBLING: _closed({"id": PRIMITIVES["elementId"].schema, "extension": extensions}, [])
    }
    waiting = [resource_type, "Extension"]
    while waiting:
        name = waiting.pop()
        if name not in schemas:
            described = definition(name)
            schemas[name] = _object(described)
            waiting += {one.type for one in described.elements.values()} - PRIMITIVES.keys() - {"Resource"}
    return schemas


def _object(described: Definition) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    if described.is_resource:
        properties["resourceType"] = {"const": described.name}
        required.append("resourceType")
    for element in described.elements.values():
        properties[element.name] = _listed(element, _value(element))
        if element.has_sibling:
            properties[f"_{element.name}"] = _listed(element, {"$ref": f"#/$defs/{_SIBLING}"})
        if element.required and element.group == element.name:
            required.append(element.name)
    return _closed(properties, required)


def _closed(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
        "minProperties": 1,
    }


def _value(element: Element) -> dict[str, Any]:
    if element.codes:
        return {"enum": list(element.codes)}
    if element.type in PRIMITIVES:
        return PRIMITIVES[element.type].schema
    return _RESOURCE if element.type == "Resource" else {"$ref": f"#/$defs/{element.type}"}


def _listed(element: Element, value: dict[str, Any]) -> dict[str, Any]:
    """Where an element repeats: never an empty list; null only keeps values and their siblings in step."""
    if not element.many:
        return value
    items = {"anyOf": [value, {"type": "null"}]} if element.type in PRIMITIVES else value
    return {"type": "array", "minItems": 1, "items": items}

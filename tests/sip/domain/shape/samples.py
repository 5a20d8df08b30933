"""Samples made from the definitions: the smallest good resource that holds a given type, and values for elements."""

from typing import Any

from services.sip.domain.shape.definitions import Element, definition
from services.sip.domain.shape.primitives import PRIMITIVES

UCUM = "http://unitsofmeasure.org"
XHTML = '<div xmlns="http://www.w3.org/1999/xhtml">Text</div>'

PRIMITIVE: dict[str, Any] = {
    "boolean": True,
    "integer": -3,
    "unsignedInt": 0,
    "positiveInt": 1,
    "decimal": 1.5,
    "string": "Text",
    "markdown": "*Text*",
    "xhtml": XHTML,
    "uri": "urn:oid:1.2.752.29.4.19",
    "canonical": "https://samplan.example/fhir/Questionnaire/sip-follow-up|1",
    "url": "https://samplan.example/a",
    "oid": "urn:oid:1.2.752.29.4.19",
    "uuid": "urn:uuid:0b3d0b7e-7a9a-4c52-9a84-0f6d1f3f2a11",
    "id": "a-1",
    "elementId": "e1",
    "code": "some-code",
    "date": "2026-11-22",
    "dateTime": "2026-11-22T09:30:00+01:00",
    "instant": "2026-11-22T09:30:00.123Z",
    "time": "09:30:00",
    "base64Binary": "U2FtcGxhbg==",
    "mime": "text/plain",
    "language": "sv-SE",
    "currency": "SEK",
}

# What makes a type complete beyond its required elements: invariants, and that no object is empty.
COMPLETING: dict[str, dict[str, Any]] = {
    "Address": {"city": "Exempelstad"},
    "Age": {"value": 80, "system": UCUM, "code": "a"},
    "Appointment": {"status": "proposed"},
    "Appointment.participant": {"type": [{"text": "kallad"}]},
    "AppointmentResponse": {"actor": {"reference": "Patient/a"}},
    "Attachment": {"title": "Bilaga"},
    "Bundle": {"type": "collection"},
    "Bundle.entry": {"resource": {"resourceType": "Patient"}},
    "CodeableConcept": {"text": "Begrepp"},
    "Coding": {"system": "https://samplan.example/fhir/CodeSystem/task", "code": "follow-up"},
    "Condition.evidence": {"code": [{"text": "tecken"}]},
    "Condition.stage": {"summary": {"text": "tidigt"}},
    "Consent": {"policy": [{"uri": "https://samplan.example/fhir/law/hsl-16-4"}]},
    "Count": {"value": 3, "system": UCUM, "code": "1"},
    "DataRequirement.codeFilter": {"path": "code"},
    "DataRequirement.dateFilter": {"path": "date"},
    "Distance": {"value": 3, "system": UCUM, "code": "km"},
    "Duration": {"value": 3, "system": UCUM, "code": "h"},
    "Expression": {"expression": "true"},
    "Extension": {"valueString": "Text"},
    "HumanName": {"family": "Exempel"},
    "Identifier": {"value": "1"},
    "Measure.group.stratifier": {"code": {"text": "kommun"}},
    "MeasureReport": {"type": "summary"},
    "MeasureReport.group.stratifier.stratum": {"value": {"text": "2180"}},
    "Meta": {"versionId": "1"},
    "Money": {"value": 10},
    "Organization": {"name": "Enhet"},
    "Parameters.parameter": {"valueString": "Text"},
    "Patient.contact": {"name": {"text": "Anhörig"}},
    "Period": {"start": "2026-01-01"},
    "Ratio": {"numerator": {"value": 1}, "denominator": {"value": 2}},
    "Reference": {"display": "Någon"},
    "Timing.repeat": {"count": 1},
    "TriggerDefinition": {"type": "named-event", "name": "start"},
}
# Where R4's types contain each other, and the first element would not do.
_FILLED_BY = {"Quantity": "value", "SimpleQuantity": "value", "Range": "low", "Timing": "event"}


def value_of(element: Element) -> Any:
    """Give one good value of an element, in a list where it repeats."""
    one = _one(element)
    return [one] if element.many else one


def _one(element: Element) -> Any:
    if element.codes:
        return element.codes[0]
    if element.type in PRIMITIVES:
        return PRIMITIVE[element.type]
    if element.type == "Resource":
        return {"resourceType": "Patient", "id": "inner"}
    if element.concepts:
        system, code = min(element.concepts)
        return {"coding": [{"system": system, "code": code}]}
    if element.targets:
        return {"reference": f"{min(element.targets)}/a"}
    return node_of(element.type)


def node_of(name: str) -> dict[str, Any]:
    """Give the smallest good node of a type."""
    described = definition(name)
    node: dict[str, Any] = {"resourceType": name} if described.is_resource else {}
    node |= {
        one.name: value_of(one)
        for one in described.elements.values()
        if one.required and one.group == one.name
    }
    for group, required, names in described.choices():
        if required and f"{group.removesuffix('[x]')}String" in names:
            node[f"{group.removesuffix('[x]')}String"] = "Text"
        elif required:
            first = min(names)
            node[first] = value_of(described.elements[first])
    node |= COMPLETING.get(name, {})
    if not node:
        elements = [one for one in described.elements.values() if one.name not in {"id", "extension"}]
        chosen = next(
            one
            for one in elements
            if one.name == _FILLED_BY.get(name, one.name) and one.name != "modifierExtension"
        )
        node[chosen.name] = value_of(chosen)
    return node


_ANY_EXTENSION = "https://samplan.example/fhir/StructureDefinition/any"


def place_of(name: str) -> list[str | int]:
    """Give the way from a resource to a node of a type, as the samples put it."""
    if definition(name).is_resource:
        return []
    if "." in name:
        owner, _, place = name.rpartition(".")
        many = definition(owner).elements[place].many
        return [*place_of(owner), place, *([0] if many else [])]
    places: dict[str, list[str | int]] = {
        "Meta": ["meta"],
        "Narrative": ["text"],
        "SimpleQuantity": ["extension", 0, "valueRange", "low"],
        "Extension": ["extension", 0],
    }
    return places.get(name, ["extension", 0, f"value{name}"])


def resource_with(name: str, node: dict[str, Any]) -> dict[str, Any]:
    """Put a node of any type where a resource can have it; the resource is good if the node is."""
    if definition(name).is_resource:
        return node
    if "." in name:
        owner, _, place = name.rpartition(".")
        value = [node] if definition(owner).elements[place].many else node
        return resource_with(owner, node_of(owner) | {place: value})
    inside: Any = node
    for step in reversed(place_of(name)):
        inside = [inside] if isinstance(step, int) else {step: inside}
        if isinstance(inside, dict) and str(step).startswith("value"):
            inside["url"] = _ANY_EXTENSION
    return {"resourceType": "Patient", **inside}


def node_in(resource: dict[str, Any], name: str) -> dict[str, Any]:
    """Find the node that resource_with put into a resource."""
    found: Any = resource
    for step in place_of(name):
        found = found[step]
    node: dict[str, Any] = found
    return node


def with_element(name: str, element: Element, value: Any) -> dict[str, Any]:
    """Give a resource that holds a node of the type, with one element of it set; of a choice, the only one."""
    node = node_of(name)
    for other in definition(name).elements.values():
        if other.group == element.group:
            node.pop(other.name, None)
    return resource_with(name, node | {element.name: value})

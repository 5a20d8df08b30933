"""What a compiled schema refuses, said so that a person sees what to change."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, Final

from jsonschema_rs import ValidationError, ValidationErrorKind

from services.sip.domain.shape.case import MOST_ISSUES, Node, expression
from services.sip.domain.shape.definitions import Definition, Element, definition
from services.sip.domain.shape.issue import Issue
from services.sip.domain.shape.primitives import PRIMITIVES

_MOST_CODES: Final = 20
_Kind = ValidationErrorKind


def worded(
    error: ValidationError, outermost: Node, above: list[str | int], resource: Node
) -> Iterator[Issue]:
    """Turn one error of the schema into issues; `above` leads from the outermost resource to this one."""
    steps = list(error.instance_path)
    described, element = _meant(resource, steps)
    place = expression(outermost, [*above, *steps])
    if steps[-1:] == ["resourceType"]:
        yield Issue("error", "structure", place, "resourceType is the name of a resource type, as a text.")
        return
    if element and element.many and isinstance(steps[-1], str) and isinstance(error.instance, str | dict):
        text = f"{element.name} repeats; give it as a list, also when there is but one."
        yield Issue("error", "structure", place, text)
        return
    for code, text in _reasons(error.kind, error.instance, described, element):
        yield Issue("error", code, place, text)


def _meant(resource: Node, steps: list[str | int]) -> tuple[Definition | None, Element | None]:
    """Find the type of the object a path leads to, and the element it is the value of."""
    described: Definition | None = definition(resource["resourceType"])
    element: Element | None = None
    for step in steps:
        if isinstance(step, str) and described:
            sibling = step.startswith("_")
            element = described.elements.get(step.removeprefix("_"))
            kind = "Element" if sibling else element.type if element else None
            described = definition(kind) if kind and kind not in PRIMITIVES and kind != "Resource" else None
            element = None if sibling else element
    return described, element


def _reasons(
    kind: ValidationErrorKind, found: Any, described: Definition | None, element: Element | None
) -> Iterator[tuple[str, str]]:
    match kind:
        case _Kind.Required(property=name):
            yield "required", f"{name} is required."
        case _Kind.AdditionalProperties(unexpected=names):
            for name in names[:MOST_ISSUES]:
                yield "structure", _unknown(name, described)
        case _Kind.MinItems():
            yield "structure", "The list is empty; leave the element out."
        case _Kind.MinProperties():
            yield "structure", "The object is empty; leave the element out."
        case _Kind.Enum():
            yield "code-invalid", _not_a_code(found, element)
        case _:
            yield _not_of_type(found, described, element)


def _unknown(name: str, described: Definition | None) -> str:
    known = sorted(described.elements) if described else []
    near = get_close_matches(name, known, 1, 0.75)
    owner = described.name if described else "the object"
    hint = f"; did you mean {near[0]}?" if near else "."
    return f"{owner} has no element {name} in FHIR R4{hint}"


def _not_a_code(found: Any, element: Element | None) -> str:
    codes = element.codes if element else ()
    listed = ", ".join(codes[:_MOST_CODES]) + (" and others" if len(codes) > _MOST_CODES else "")
    said = f"'{found}' is none of its codes" if isinstance(found, str) and found else "It must be a code"
    return f"{said}: {listed}."


def _not_of_type(found: Any, described: Definition | None, element: Element | None) -> tuple[str, str]:
    """Compare what was found with what the element is: repeating or not, object or primitive."""
    if found is None:
        return "structure", "null says nothing in FHIR; leave the element out."
    if element and isinstance(found, list):
        return "structure", f"{element.name} does not repeat; give it without a list."
    if element and element.type in PRIMITIVES:
        if isinstance(found, dict):
            return "structure", f"This is no object but {PRIMITIVES[element.type].words}."
        if element.codes:
            return "code-invalid", _not_a_code(found, element)
        return "value", f"This must be {PRIMITIVES[element.type].words}."
    expected = described.name if described else "an object"
    return "structure", f"A JSON object was expected here: {expected}."

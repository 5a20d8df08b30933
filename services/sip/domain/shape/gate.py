"""The shape check: whether a resource is what FHIR R4 says it is, decided before any rule of care looks at it."""

from collections.abc import Iterable
from itertools import islice
from typing import Any, Final

from jsonschema_rs import Draft202012Validator, ValidationError

from services.sip.domain.shape.case import MOST_ISSUES, Case, Node, Path, steps_of
from services.sip.domain.shape.contained import check_contained, local_types
from services.sip.domain.shape.definitions import is_known_resource
from services.sip.domain.shape.issue import Issue
from services.sip.domain.shape.schema import compiled
from services.sip.domain.shape.walk import visit_of, walk
from services.sip.domain.shape.wording import worded

_MOST_VALUES: Final = 5_000
"""Of a larger resource only the first fault of structure is told: to find them all could take seconds."""


def shape_issues(resource: dict[str, Any]) -> list[Issue]:
    """List what is wrong with a resource as parsed by read_json: structure, bindings, targets, invariants.

    The structure is told first, and alone: rules are asked of what has the right structure.
    """
    if not is_known_resource(resource.get("resourceType")):
        return [Issue("error", "not-supported", "", _unknown_type(resource.get("resourceType")))]
    case = Case(resource, resource)
    _examine_as(resource, None, case)
    return case.issues


def prepare(resource_types: Iterable[str]) -> None:
    """Compile now what the check of these types needs (10 ms each), so that no caller has to wait for it."""
    for name in resource_types:
        compiled(name)
        visit_of(name, _examine_inner)


def _examine_as(resource: Node, path: Path, case: Case) -> None:
    """Check a resource that is its own container: the outermost one, or an entry of a Bundle."""
    resource_type = resource["resourceType"]
    if not _structure_is_right(resource, path, case):
        return
    if resource_type == "Bundle":
        case.full_urls = _full_urls(resource)
    if "contained" in resource:
        case.local = local_types(resource)
        check_contained(resource, path, case)
    walk(resource, visit_of(resource_type, _examine_inner), path, case)


def _structure_is_right(resource: Node, path: Path, case: Case) -> bool:
    schema = compiled(resource["resourceType"])
    if schema.is_valid(resource):
        return True
    if not case.is_full:
        above = steps_of(path)
        told = (
            one
            for error in _errors(schema, resource)
            for one in worded(error, case.outermost, above, resource)
        )
        case.issues += islice(told, MOST_ISSUES - len(case.issues))
    return False


def _errors(schema: Draft202012Validator, resource: Node) -> Iterable[ValidationError]:
    if _has_at_most(_MOST_VALUES, resource):
        return schema.iter_errors(resource)
    try:
        schema.validate(resource)
    except ValidationError as first:
        return [first]
    return []


def _has_at_most(values: int, resource: Node) -> bool:
    """Say whether a resource holds at most so many values, without counting on beyond."""
    waiting: list[Any] = [resource]
    while waiting and values > 0:
        node = waiting.pop()
        below = list(node.values()) if isinstance(node, dict) else node
        values -= len(below)
        waiting += [one for one in below if isinstance(one, dict | list)]
    return not waiting and values >= 0


def _examine_inner(resource: Node, path: Path, case: Case) -> None:
    """Check a resource inside another: contained in it, or an entry of a Bundle."""
    resource_type = resource["resourceType"]
    if not is_known_resource(resource_type):
        case.tell("not-supported", path, _unknown_type(resource_type))
    elif path is not None and path[1] == "contained":
        inner = Case(
            case.outermost, case.container, case.issues, case.full_urls, case.local, in_contained=True
        )
        if _structure_is_right(resource, path, case):
            walk(resource, visit_of(resource_type, _examine_inner), path, inner)
    else:
        _examine_as(resource, path, Case(case.outermost, resource, case.issues, case.full_urls))


def _full_urls(bundle: Node) -> dict[str, str]:
    """Give the type of each entry's resource by its fullUrl."""
    return {
        entry["fullUrl"]: str(entry["resource"].get("resourceType"))
        for entry in bundle.get("entry", ())
        if "fullUrl" in entry and "resource" in entry
    }


def _unknown_type(resource_type: object) -> str:
    if not isinstance(resource_type, str):
        return "resourceType is required: the name of a FHIR R4 resource type."
    return f"'{resource_type}' is no resource type that is taken here."

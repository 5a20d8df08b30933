"""JSON Patch (RFC 6902) on a resource: bounded in operations and in what they may grow to."""

from typing import Any

from jsonpatch import InvalidJsonPatch, JsonPatch, JsonPatchException, JsonPatchTestFailed
from jsonpointer import JsonPointerException

from services.sip.domain.exact_json import dumped
from services.sip.domain.held import Resource
from services.sip.domain.patching.failure import LARGEST_RESULT, MOST_OPERATIONS, inapplicable, unreadable

_GROWING = frozenset({"add", "copy", "replace"})


def json_patched(resource: Resource, operations: Any) -> Resource:
    """Apply the operations in order, to a resource that may be changed; raises BadRequest, ShapeBroken."""
    if not isinstance(operations, list) or not 0 < len(operations) <= MOST_OPERATIONS:
        raise unreadable(f"A JSON Patch is a list of 1 to {MOST_OPERATIONS} operations.", "patch")
    result: Any = resource
    for number, operation in enumerate(operations):
        result = _applied(result, operation, f"patch[{number}]")
    if not isinstance(result, dict):
        raise inapplicable("What is left is no resource.", "patch")
    return result


def _applied(tree: Any, operation: Any, where: str) -> Any:
    if not isinstance(operation, dict) or not isinstance(operation.get("path"), str):
        raise unreadable("An operation is an object with op and path.", where)
    try:
        result = JsonPatch([operation]).apply(tree, in_place=True)
    except JsonPatchTestFailed:
        text = f"The test fails: at {operation['path']:.200} stands something else."
        raise inapplicable(text, where) from None
    except InvalidJsonPatch as invalid:
        raise unreadable(f"This is no operation of JSON Patch: {invalid!s:.200}", where) from None
    except (JsonPatchException, JsonPointerException, TypeError, ValueError, KeyError, IndexError):
        text = f"The path {operation['path']:.200} leads nowhere in the resource as it is."
        raise inapplicable(text, where) from None
    if operation.get("op") in _GROWING and len(dumped(result)) > LARGEST_RESULT:
        raise inapplicable(f"The resource would grow beyond {LARGEST_RESULT} bytes.", where)
    return result

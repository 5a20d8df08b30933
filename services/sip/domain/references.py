"""References within a resource: finding them, and rewriting them when a Bundle's entries get their ids."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

LOCAL: Final = re.compile(r"^([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]{1,64})?$")


def local_key(reference: object, base: str = "") -> str | None:
    """Give `Type/id` for a reference to a resource of this server, None for any other."""
    if not isinstance(reference, str):
        return None
    if base and reference.startswith(base):
        reference = reference[len(base) :].lstrip("/")
    found = LOCAL.match(reference)
    return f"{found[1]}/{found[2]}" if found else None


def reference_nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Walk to every object with a textual `reference`, at any depth."""
    if isinstance(node, dict):
        if isinstance(node.get("reference"), str):
            yield node
        for value in node.values():
            if isinstance(value, dict | list):
                yield from reference_nodes(value)
    elif isinstance(node, list):
        for value in node:
            if isinstance(value, dict | list):
                yield from reference_nodes(value)


def keys_referred_to(resource: Mapping[str, Any]) -> frozenset[str]:
    """Collect the `Type/id` of every resource of this server that is referred to."""
    found = (local_key(node["reference"]) for node in reference_nodes(resource))
    return frozenset(key for key in found if key)


def make_local(resource: dict[str, Any], given: Mapping[str, str], base: str) -> list[str]:
    """Rewrite Bundle-internal and absolute references to `Type/id`, in place; name urn: ones that lead nowhere."""
    dangling = []
    for node in reference_nodes(resource):
        target = node["reference"]
        if target in given:
            node["reference"] = given[target]
        elif target.startswith(base):
            node["reference"] = target[len(base) :].lstrip("/")
        elif target.startswith("urn:uuid:"):
            dangling.append(target)
    return dangling

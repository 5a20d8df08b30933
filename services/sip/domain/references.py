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
    """Rewrite Bundle-internal and absolute references to `Type/id`, in place; name urn: ones that lead nowhere.

    Entries are also meant by uris and by links in the narrative: http://hl7.org/fhir/R4/http.html#trules.
    """
    if urns := {full_url: key for full_url, key in given.items() if full_url.startswith("urn:")}:
        _lead_uris(resource, urns)
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


_TEXTS: Final = frozenset({"value", "valueString", "id"})
"""Texts that may look like an address and are none: an identifier's value stays what it is."""


def _lead_uris(node: Any, urns: Mapping[str, str]) -> None:
    for name, value in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(value, dict | list):
            _lead_uris(value, urns)
        elif isinstance(value, str) and name not in _TEXTS and "urn:" in value:
            node[name] = _led(value, urns) if name == "div" else urns.get(value, value)


def _led(narrative: str, urns: Mapping[str, str]) -> str:
    for urn, key in urns.items():
        narrative = narrative.replace(f'"{urn}"', f'"{key}"')
    return narrative

"""Contained resources: named, referred to, and nothing of their own life (dom-2 to dom-5)."""

import re
from collections import Counter
from typing import Final

import orjson

from services.sip.domain.shape.case import Case, Node, Path

_LOCAL_LINK: Final = re.compile(rb'"(#[A-Za-z0-9.\-]*)"')


def local_types(resource: Node) -> dict[str, str]:
    """Give the type of each contained resource by its id."""
    return {
        inner["id"]: str(inner["resourceType"])
        for inner in resource.get("contained", ())
        if isinstance(inner.get("id"), str)
    }


def check_contained(resource: Node, path: Path, case: Case) -> None:
    """Check what R4 asks of contained resources as such; their own shape is checked like any other's."""
    inner: list[Node] = resource["contained"]
    links = [_local_links(one) for one in inner]
    outside = _local_links({name: value for name, value in resource.items() if name != "contained"})
    holders = Counter(link for one in links for link in one)
    seen: set[str] = set()
    for number, one in enumerate(inner):
        here: Path = (path, "contained", number)
        name = one.get("id")
        if not isinstance(name, str) or name in seen:
            case.tell("required", here, "A contained resource needs an id of its own within the resource.")
            continue
        seen.add(name)
        elsewhere = holders[f"#{name}"] > (f"#{name}" in links[number])
        if not elsewhere and f"#{name}" not in outside and "#" not in links[number]:
            case.tell("invariant", here, f"Nothing in the resource refers to #{name}; leave it out (dom-3).")
        _check_without_life_of_its_own(one, here, case)


def _check_without_life_of_its_own(one: Node, here: Path, case: Case) -> None:
    if "contained" in one:
        text = "A contained resource cannot itself contain others; put them beside it (dom-2)."
        case.tell("invariant", here, text)
    meta = one.get("meta")
    for key, name in (("dom-4", "versionId"), ("dom-4", "lastUpdated"), ("dom-5", "security")):
        if isinstance(meta, dict) and name in meta:
            text = f"A contained resource has no meta.{name} of its own ({key})."
            case.tell("invariant", here, text)


def _local_links(node: object) -> set[str]:
    """Give every text of the form #id: references, canonicals and URLs alike may lead to what is contained."""
    return {link.decode() for link in _LOCAL_LINK.findall(orjson.dumps(node))}

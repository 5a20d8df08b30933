"""Less than the whole resource: _summary and _elements, marked as SUBSETTED.

r4_summaries.json holds, for each type, the elements that FHIR 4.0.1 marks as part of the summary; `-` takes a part
of one out again. What is mandatory, or may change the meaning of the rest, is always shown:
https://hl7.org/fhir/R4/search.html#summary.
"""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import orjson

from services.sip.domain.exact_json import dumped, exact
from services.sip.domain.held import Resource
from services.sip.domain.shape.definitions import definition
from services.sip.fhir.search_controls import Shown

SUBSETTED: Final = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
}
ALWAYS: Final = frozenset({"resourceType", "id", "meta", "implicitRules", "modifierExtension"})
_SUMMARIES: Final[dict[str, str]] = orjson.loads(
    files(__package__).joinpath("r4_summaries.json").read_bytes()
)

PUBLISHED: Final[Mapping[str, frozenset[str]]] = {
    kind: frozenset(names.split())
    for kind, names in {
        "CodeSystem": "status content",
        "NamingSystem": "name status kind date uniqueId",
        "OperationDefinition": "name status kind code system type instance",
        "Questionnaire": "status",
        "SearchParameter": "url name status description code base type",
        "StructureDefinition": "url name status kind abstract type",
        "ValueSet": "status",
    }.items()
}
"""What is mandatory of the types that are only published, never written here: no shape is held against them."""


def shown_as(shown: Shown) -> Callable[[bytes], bytes] | None:
    """Give what makes the stored bytes smaller; None when they are shown whole."""
    if shown.elements:
        return lambda body: _subset(body, lambda kind: shown.elements | ALWAYS | mandatory(kind))
    if shown.summary == "text":
        return lambda body: _subset(body, lambda kind: ALWAYS | {"text"} | mandatory(kind))
    if shown.summary == "data":
        return _without_text
    if shown.summary == "true":
        return lambda body: _subset(body, lambda kind: _summary(kind) | ALWAYS | mandatory(kind), _parts_out)
    return None


@cache
def mandatory(kind: str) -> frozenset[str]:
    """Give the elements at the top that a resource of the type must have, every form of a choice."""
    if kind in PUBLISHED:
        return PUBLISHED[kind]
    return frozenset(name for name, element in definition(kind).elements.items() if element.required)


@cache
def _summary(kind: str) -> frozenset[str]:
    words = _SUMMARIES[kind].split()
    if kind in PUBLISHED:
        return frozenset(words)
    return frozenset(name for name, element in definition(kind).elements.items() if element.group in words)


def _parts_out(resource: Resource) -> None:
    """Take the parts out of summary elements that are none themselves."""
    for word in _SUMMARIES[resource["resourceType"]].split():
        if word[0] == "-":
            name, part = word[1:].split(".")
            value = resource.get(name, [])
            for node in value if isinstance(value, list) else [value]:
                for one in (part, f"_{part}"):
                    node.pop(one, None)


def _subset(
    body: bytes,
    kept: Callable[[str], frozenset[str]],
    beneath: Callable[[Resource], None] = lambda _: None,
) -> bytes:
    resource: Resource = exact(body, orjson.loads(body))
    names = kept(resource["resourceType"])
    smaller = {name: value for name, value in resource.items() if name.removeprefix("_") in names}
    beneath(smaller)
    return _tagged(smaller)


def _without_text(body: bytes) -> bytes:
    resource: Resource = exact(body, orjson.loads(body))
    return _tagged({name: value for name, value in resource.items() if name != "text"})


def _tagged(resource: Mapping[str, Any]) -> bytes:
    meta = resource.get("meta", {})
    tags = [one for one in meta.get("tag", ()) if one.get("code") != "SUBSETTED"]
    return dumped({**resource, "meta": {**meta, "tag": [*tags, SUBSETTED]}})

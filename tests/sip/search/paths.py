"""Where a search parameter's values are, by HL7's own FHIRPath: what of that language the definitions use, no more.

Part of the oracle, so nothing of ours is imported. r4_parameters.json holds the official definitions of FHIR 4.0.1.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

Node = Any
FACTS: Final[dict[str, dict[str, dict[str, Any]]]] = json.loads(
    Path(__file__).with_name("r4_parameters.json").read_text()
)
CHOICES: Final = (
    *("Age", "Boolean", "CodeableConcept", "Date", "DateTime", "Duration", "Instant", "Integer", "Period"),
    *("Quantity", "Range", "Ratio", "Reference", "SampledData", "String", "Time", "Timing", "Uri"),
)
_STEP: Final = re.compile(r"(\w+)(?:\(([^)]*)\))?")
_CAST: Final = re.compile(r"\((\S+) as (\w+)\)")
_TYPED: Final = re.compile(r"(?:^|/)([A-Z]\w+)/[^/]+$")


def declared(kind: str) -> dict[str, dict[str, Any]]:
    """Give every parameter that R4 defines for a type."""
    return {**FACTS["Resource"], **FACTS[kind]}


def values(node: Node, expression: str) -> list[Node]:
    """Evaluate an expression on a resource, or a part of one on a node."""
    if " and " in expression:  # Patient.deceased.exists() and Patient.deceased != false
        found = values(node, "Patient.deceased")
        return [bool(found) and found != [False]]
    return [one for part in expression.split(" | ") for one in _part(node, part)]


@cache
def _steps(part: str) -> tuple[tuple[str, str], ...]:
    plain = _CAST.sub(r"\1.as(\2)", part).replace("resolve() is ", "is ")
    return tuple(_STEP.findall(plain))


def _part(node: Node, part: str) -> list[Node]:
    found = [node]
    for position, (name, argument) in enumerate(_steps(part)):
        if position == 0 and name in {*FACTS}:
            continue
        found = [one for each in found for one in _step(each, name, argument)]
    return [one.value if isinstance(one, Choice) else one for one in found]


class Choice:
    """A value of value[x], with the type it was given as."""

    def __init__(self, value: Node, kind: str) -> None:
        self.value, self.kind = value, kind


def _step(node: Node, name: str, argument: str) -> Iterator[Node]:
    if isinstance(node, Choice):
        if name == "as":
            if node.kind.lower() == argument.lower():
                yield node.value
            return
        node = node.value
    if name == "as":
        yield node  # a plain element is of its type
    elif name == "where":
        if _holds(node, argument):
            yield node
    elif isinstance(node, dict):
        yield from _named(node, name)


def _named(node: dict[str, Any], name: str) -> Iterator[Node]:
    if name in node:
        yield from node[name] if isinstance(node[name], list) else [node[name]]
        return
    for kind in CHOICES:
        if name + kind in node:
            yield Choice(node[name + kind], kind)


def _holds(node: Node, condition: str) -> bool:
    if condition.startswith("is "):
        return type_of(node) == condition[3:]
    key, _, wanted = condition.partition("=")
    return bool(isinstance(node, dict) and node.get(key) == wanted.strip("'"))


def type_of(reference: Node) -> str | None:
    """Tell what type a Reference leads to."""
    if not isinstance(reference, dict):
        return None
    found = _TYPED.search(reference.get("reference", "").partition("/_history")[0])
    return found[1] if found else reference.get("type")

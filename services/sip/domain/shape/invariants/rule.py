"""What an invariant is."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from services.sip.domain.moments import span_of

Node = Mapping[str, Any]


class Invariant(NamedTuple):
    """One rule of R4: its key there, what it demands in words, and whether a node keeps it."""

    key: str
    demand: str
    holds: Callable[[Node], bool]


def has(node: Node, name: str) -> bool:
    """Say whether the element is there, with a value or with extensions in its place."""
    return name in node or f"_{name}" in node


def has_any(node: Node, *names: str) -> bool:
    """Say whether one of the elements is there."""
    return any(has(node, name) for name in names)


def has_choice(node: Node, group: str) -> bool:
    """Say whether a choice such as value[x] is made; no other element may begin with its name."""
    return any(name.startswith((group, f"_{group}")) for name in node)


def in_order(first: str | None, second: str | None) -> bool:
    """Say whether a date or time is not after another, as FHIRPath compares them.

    As far as both are precise, that is: 2026-03 is not after 2026-03-01, nor the other way round.
    """
    if first is None or second is None:
        return True
    if "T" in first and "T" in second:
        return span_of(first)[0] < span_of(second)[1]
    shared = min(len(first), len(second), 10)
    return first[:shared] <= second[:shared]


def has_coding(concept: Node | None, system: str, codes: frozenset[str]) -> bool:
    """Say whether a CodeableConcept has a coding of the system with one of the codes."""
    codings = (concept or {}).get("coding", ())
    return any(coding.get("system") == system and coding.get("code") in codes for coding in codings)

"""One record, one person: nothing in it points into another's record, and nothing moves between them."""

from collections.abc import Iterator
from typing import Any, Final

from services.sip.domain.care.context import CareContext
from services.sip.domain.care.violation import Violation
from services.sip.domain.held import Resource
from services.sip.domain.references import local_key
from services.sip.domain.resource_types import BULK, TYPES, Kind, person_of

BASIS: Final = "PDL 3 kap. 1 §"
"""A record is kept for each patient and may not be shared by several."""

_OF_A_PERSON: Final = frozenset(
    name for name, row in TYPES.items() if row.kind is Kind.PERSON and name not in BULK
)


def of_one_person(before: Resource | None, after: Resource, context: CareContext) -> Iterator[Violation]:
    """Refuse references to what this person's record does not hold, whether it exists elsewhere or not."""
    row = TYPES.get(after["resourceType"])
    if row is None or row.kind is not Kind.PERSON:
        return
    yield from _stays_with_the_person(before, after)
    if row.whole_record and row.name != "Patient":
        missing = {
            text for text in _references(after) if text not in context.person and _leads_out(text, context)
        }
        for where, text in _places(after, after["resourceType"]) if missing else ():
            if text in missing:
                yield Violation(
                    "reference-outside-record",
                    f"{text} is not in this person's record; refer only to what belongs to the same person.",
                    where,
                    BASIS,
                )


def _stays_with_the_person(before: Resource | None, after: Resource) -> Iterator[Violation]:
    named_in = {path.partition(".")[0] for path in TYPES[after["resourceType"]].person}
    if before is None or all(before.get(name) == after.get(name) for name in named_in):
        return
    was, now = (person_of("", resource) for resource in (before, after))
    if was is not None and was != now:
        yield Violation(
            "person-changed",
            f"This belongs to {was} and stays there; write a new {after['resourceType']} for another person.",
            after["resourceType"],
            BASIS,
        )


def _leads_out(text: str, context: CareContext) -> bool:
    key = local_key(text)
    return key is not None and key not in context.person and key.partition("/")[0] in _OF_A_PERSON


def _references(resource: Resource) -> list[str]:
    """Collect every textual reference, fast: this runs for each write. FHIR has no lists within lists."""
    found: list[str] = []
    nodes: list[Any] = [resource]
    for node in nodes:  # grows while it is walked
        for name, value in node.items():
            kind = type(value)
            if kind is str:
                if name == "reference":
                    found.append(value)
            elif kind is dict:
                nodes.append(value)
            elif kind is list:
                nodes.extend([one for one in value if type(one) is dict])
    return found


def _places(node: Any, where: str) -> Iterator[tuple[str, str]]:
    """Walk to every textual reference with its FHIRPath."""
    if isinstance(node, dict):
        if isinstance(node.get("reference"), str):
            yield where, node["reference"]
        for name, value in node.items():
            yield from _places(value, f"{where}.{name}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _places(value, f"{where}[{number}]")

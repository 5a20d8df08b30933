"""The walk through a resource whose structure is right: everything one node alone cannot show to a JSON Schema.

What to do at the objects of each type is worked out once, as a Visit; the walk itself only follows it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from services.sip.domain.shape import checks
from services.sip.domain.shape.case import Case, Node, Path
from services.sip.domain.shape.definitions import Definition, Element, definition
from services.sip.domain.shape.invariants.care import INVARIANTS as OF_CARE
from services.sip.domain.shape.invariants.datatypes import INVARIANTS as OF_DATATYPES
from services.sip.domain.shape.invariants.records import INVARIANTS as OF_RECORDS
from services.sip.domain.shape.primitives import PRIMITIVES
from services.sip.domain.shape.references import on_behalf_of_check, reference_check

Check = Callable[[Node, Path, Case], None]
Examine = Callable[[Node, Path, Case], None]

INVARIANTS = OF_DATATYPES | OF_CARE | OF_RECORDS


@dataclass(slots=True, eq=False)
class Visit:
    """What is done at each object of one type: its checks, and which of its elements are walked into."""

    checks: list[Check] = field(default_factory=list)
    below: dict[str, "Visit"] = field(default_factory=dict)
    beside_a_primitive: bool = False


def walk(node: Node, visit: Visit, path: Path, case: Case) -> None:
    """Run the checks of a node, then of everything beneath it."""
    if len(node) == 1 and "id" in node and not visit.beside_a_primitive:
        case.tell("invariant", path, "There is nothing here but an id (ele-1).")
    for check in visit.checks:
        check(node, path, case)
    below = visit.below
    for name in node:
        if name in below:
            inner, value = below[name], node[name]
            if inner.beside_a_primitive:
                checks.sibling(node, name, path, case)
            if value.__class__ is dict:
                walk(value, inner, (path, name, None), case)
            else:
                _walk_list(value, inner, (path, name), case)


def _walk_list(nodes: list[Node | None], visit: Visit, place: tuple[Path, str], case: Case) -> None:
    """Walk into each of a list; null only stands among the siblings of primitives."""
    for number, node in enumerate(nodes):
        if node is not None:
            walk(node, visit, (*place, number), case)


@cache
def visit_of(resource_type: str, examine: Examine) -> Visit:
    """Work out the visit of a resource type; `examine` is what is done with a resource inside another."""
    return _Visits(examine).of(definition(resource_type), None)


class _Visits:
    """Makes the visits of one resource type and of every type it is made of, each once."""

    def __init__(self, examine: Examine) -> None:
        self._inner = Visit([examine])
        self._made: dict[tuple[str, object], Visit] = {}

    def of(self, described: Definition, element: Element | None) -> Visit:
        """Give the visit of a type, at an element that may narrow references and concepts."""
        narrowed = (element.targets, element.concepts) if element else None
        key = (described.name, narrowed)
        if key not in self._made:
            # Kept before it is filled: types contain themselves.
            made = self._made[key] = Visit(beside_a_primitive=described.name == "Element")
            made.checks += _checks(described, element)
            for one in described.elements.values():
                if one.type == "Resource":
                    made.below[one.name] = self._inner
                elif one.has_sibling:
                    made.below[f"_{one.name}"] = self.of(definition("Element"), None)
                elif one.type not in PRIMITIVES:
                    made.below[one.name] = self.of(definition(one.type), one)
        return self._made[key]


def _checks(described: Definition, element: Element | None) -> Iterator[Check]:
    """Collect what is checked at a node of this type."""
    for group, required, names in described.choices():
        yield checks.choice(group, required=required, names=names)
    primitives = [one for one in described.elements.values() if one.type in PRIMITIVES]
    yield from checks.of_primitives(primitives)
    for name in (described.name, *described.ancestors):
        yield from map(checks.invariant, INVARIANTS.get(name, ()))
    if described.name == "Reference":
        yield reference_check(element.targets if element else frozenset())
    if described.name == "CodeableConcept" and element and element.concepts:
        yield checks.concept(element.concepts)
    if described.name == "Narrative":
        yield checks.narrative
    if described.name == "CareTeam.participant":
        yield on_behalf_of_check

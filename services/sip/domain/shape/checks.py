"""The checks made of definitions: choices, primitives and their siblings, invariants, concepts, narrative."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from services.sip.domain.shape.case import Case, Node, Path
from services.sip.domain.shape.definitions import Element
from services.sip.domain.shape.invariants.rule import Invariant
from services.sip.domain.shape.narrative import narrative_faults

Check = Callable[[Node, Path, Case], None]


def choice(group: str, *, required: bool, names: frozenset[str]) -> Check:
    """At most one type is chosen, and exactly one where the element is required."""
    all_names = names | {f"_{name}" for name in names}

    def check(node: Node, path: Path, case: Case) -> None:
        found = all_names & node.keys()
        if len(found) > 1 and len({name.removeprefix("_") for name in found}) > 1:
            given = " and ".join(sorted(found))
            case.tell("structure", path, f"{group} is given as {given}; give it as one of them.")
        elif required and not found & names:
            shown = (
                ", ".join(sorted(names))
                if len(names) < 12
                else f"{group.removesuffix('[x]')}String and so on"
            )
            case.tell("required", path, f"{group} is required: one of {shown}.")

    return check


def of_primitives(elements: Iterable[Element]) -> Iterator[Check]:
    """Make the checks that the primitives of a type need, as few as there can be."""
    elements = list(elements)
    whole = [one.name for one in elements if one.type in {"integer", "unsignedInt", "positiveInt"}]
    lists = [one.name for one in elements if one.many]
    if whole:
        yield _whole_numbers(whole)
    for name in lists:
        yield _in_step(name)


def _whole_numbers(names: list[str]) -> Check:
    """A whole number is written as one: 3.0 is a decimal."""

    def check(node: Node, path: Path, case: Case) -> None:
        for name in names:
            if name in node and node[name].__class__ is not int:
                case.tell(
                    "value", (path, name, None), "A whole number is written without a fraction or exponent."
                )

    return check


def sibling(node: Node, name: str, path: Path, case: Case) -> None:
    """Where a primitive has no value, its sibling says something in its place (ele-1)."""
    beside = node[name]
    if isinstance(beside, dict) and name[1:] not in node and "extension" not in beside:
        case.tell("invariant", (path, name, None), f"{name} has neither a value nor extensions (ele-1).")


def _in_step(name: str) -> Check:
    """The list of values and the list of their siblings are equally long, and never both null."""
    sibling = f"_{name}"

    def check(node: Node, path: Path, case: Case) -> None:
        if name not in node and sibling not in node:
            return
        values, beside = node.get(name), node.get(sibling)
        if values is not None and beside is not None and len(values) != len(beside):
            case.tell("structure", (path, name, None), f"{name} and {sibling} must be equally long.")
            return
        nothing: list[Any] = [None] * len(values or beside or ())
        for number, (value, other) in enumerate(zip(values or nothing, beside or nothing, strict=True)):
            if value is None and "extension" not in (other or ()):
                text = "null stands only where extensions in the same place say why there is no value."
                case.tell("structure", (path, name, number), text)

    return check


def invariant(rule: Invariant) -> Check:
    """Make the check of one invariant."""
    text = f"{rule.demand} ({rule.key})."

    def check(node: Node, path: Path, case: Case) -> None:
        if not rule.holds(node):
            case.tell("invariant", path, text)

    return check


def concept(allowed: frozenset[tuple[str, str]]) -> Check:
    """A concept bound to a required list has a coding of that list."""
    codes = ", ".join(sorted(code for _, code in allowed))
    system = next(system for system, _ in allowed)

    def check(node: Node, path: Path, case: Case) -> None:
        codings = node.get("coding", ())
        if not any((one.get("system"), one.get("code")) in allowed for one in codings):
            case.tell("code-invalid", path, f"One coding must be of the system {system}: {codes}.")

    return check


def narrative(node: Node, path: Path, case: Case) -> None:
    """The narrative is safe XHTML."""
    for fault in narrative_faults(node["div"]):
        case.tell("invariant", (path, "div", None), fault)

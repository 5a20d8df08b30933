"""A StructureDefinition's differential, read into a tree of what it asks for.

Read are the parts that our profiles use, and a test refuses others: cardinality, fixed and pattern values, types,
targets of references, bindings, and slices of extensions by their url.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from services.sip.domain.held import Resource

R4: Final = "http://hl7.org/fhir/StructureDefinition/"
READ: Final = frozenset({"min", "max", "type", "binding", "sliceName", "slicing"})
SPOKEN: Final = frozenset({"id", "path", "short", "definition", "comment"})
"""Parts of an element that are words for people."""


@dataclass(slots=True)
class Constraint:
    """What one element must be; `below` holds its elements by the last part of their id: `code`, `extension:x`."""

    name: str
    least: int = 0
    most: int | None = None
    fixed: Any = None
    pattern: Any = None
    types: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    of_url: str | None = None
    required_codes: str | None = None
    expected_codes: str | None = None
    below: dict[str, "Constraint"] = field(default_factory=dict)

    @property
    def is_choice(self) -> bool:
        """Tell whether it is named by its type, as value[x] is."""
        return self.name.endswith("[x]")


def constraints_of(definition: Resource, types: Mapping[str, str]) -> Constraint:
    """Read one StructureDefinition; `types` gives the resource type behind the url of each profile of ours."""
    root = Constraint(definition["type"])
    for element in definition["differential"]["element"]:
        _, *steps = element["id"].split(".")
        place = root
        for step in steps:
            place = place.below.setdefault(step, Constraint(step.partition(":")[0]))
        if steps:
            _fill(place, element, types)
    _name_slices(root)
    return root


def _fill(place: Constraint, element: Mapping[str, Any], types: Mapping[str, str]) -> None:
    place.least = element.get("min", 0)
    most = element.get("max", "*")
    place.most = None if most == "*" else int(most)
    for name, value in element.items():
        if name.startswith("fixed"):
            place.fixed = value
        elif name.startswith("pattern"):
            place.pattern = value
    allowed = element.get("type", ())
    place.types = frozenset(one["code"] for one in allowed)
    place.targets = frozenset(
        _type_behind(url, types) for one in allowed for url in one.get("targetProfile", ())
    )
    place.of_url = next((url for one in allowed for url in one.get("profile", ())), None)
    binding = element.get("binding", {})
    if binding.get("strength") == "required":
        place.required_codes = binding["valueSet"]
    elif binding.get("strength") == "extensible":
        place.expected_codes = binding["valueSet"]


def _type_behind(url: str, types: Mapping[str, str]) -> str:
    """A profile of ours stands for the type that it constrains; R4's own are named by their type."""
    return types.get(url) or url.removeprefix(R4)


def _name_slices(place: Constraint) -> None:
    """Extensions are sliced by their url: that of their profile, or the one that is fixed beneath the slice."""
    for step, one in place.below.items():
        if ":" in step and one.of_url is None:
            one.of_url = one.below["url"].fixed
        _name_slices(one)


def unread(definition: Resource) -> Iterable[str]:
    """Name what an element of the differential says that is not read here."""
    for element in definition["differential"]["element"]:
        for name in element:
            if name not in READ | SPOKEN and not name.startswith(("fixed", "pattern")):
                yield f"{element['id']}: {name}"

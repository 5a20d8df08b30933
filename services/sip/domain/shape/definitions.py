"""FHIR R4 as facts: r4.json read into definitions of types and their elements.

r4.json holds, for every type we serve and every type those are made of, one line per element in short form:
`"author[x]": "0..1 string | Reference(Patient Practitioner)"`, `"status": "1..1 code(draft active)"`,
`code{set}` for codes listed once at the end, `CodeableConcept{set}` for a required binding of concepts.
`is` names the type whose elements it has as well. The facts are those of FHIR 4.0.1 (hl7.org/fhir/R4).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import orjson

_R4: Final[dict[str, Any]] = orjson.loads(files(__package__).joinpath("r4.json").read_bytes())
_TYPES: Final[dict[str, dict[str, str]]] = _R4["types"]
_ELEMENT: Final = re.compile(r"(?P<least>[01])\.\.(?P<most>[1*]) (?P<types>.+)")
_TYPE: Final = re.compile(r"(?P<type>[\w.]+)(?:\((?P<listed>[^)]*)\)|\{(?P<named>[^}]*)\})?")

RESOURCE_TYPES: Final = frozenset(_R4["codes"]["resource-types"])
"""Every resource type that R4 has."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element as it is named in JSON; a choice such as value[x] gives one element for each of its types.

    `codes` are those a code may have, `concepts` those one coding of a CodeableConcept must be of,
    `targets` the resource types a Reference may lead to; empty where R4 leaves it open.
    """

    owner: str
    name: str
    group: str
    type: str
    required: bool
    many: bool
    codes: tuple[str, ...] = ()
    concepts: frozenset[tuple[str, str]] = frozenset()
    targets: frozenset[str] = frozenset()

    @property
    def has_sibling(self) -> bool:
        """Primitives may have extensions, in a sibling named _birthDate; what XML writes as attributes may not."""
        attribute = self.name in {"id", "div"} or (self.owner, self.name) == ("Extension", "url")
        return not attribute and not is_complex(self.type)


@dataclass(frozen=True, slots=True)
class Definition:
    """One type: its elements by their name in JSON, and the types it is built on, nearest first."""

    name: str
    elements: Mapping[str, Element]
    ancestors: tuple[str, ...]

    @property
    def is_resource(self) -> bool:
        """Resources name their type in the JSON, everything else is told by its place."""
        return "Resource" in self.ancestors

    def choices(self) -> Iterator[tuple[str, bool, frozenset[str]]]:
        """Give each choice of types: its FHIR name, whether one must be made, and the JSON names of it."""
        groups: dict[str, list[Element]] = {}
        for element in self.elements.values():
            if element.group != element.name:
                groups.setdefault(element.group, []).append(element)
        for group, elements in groups.items():
            yield group, elements[0].required, frozenset(element.name for element in elements)


def type_names() -> tuple[str, ...]:
    """Give the name of every type that r4.json defines."""
    return tuple(_TYPES)


def is_complex(name: str) -> bool:
    """Say whether a type is written as a JSON object, that is, whether it is none of the primitives."""
    return name in _TYPES or name == "Resource"


def is_known_resource(name: object) -> bool:
    """Say whether r4.json defines this resource type."""
    return isinstance(name, str) and name in RESOURCE_TYPES and name in _TYPES


@cache
def definition(name: str) -> Definition:
    """Read one type, with what it inherits."""
    lines = dict(_TYPES[name])
    above = lines.pop("is", None)
    inherited: Mapping[str, Element] = {}
    ancestors: tuple[str, ...] = ()
    if above:
        parent = definition(above)
        inherited, ancestors = parent.elements, (above, *parent.ancestors)
    own = {element.name: element for key, line in lines.items() for element in _elements(name, key, line)}
    return Definition(name, {**inherited, **own}, ancestors)


def _elements(owner: str, key: str, line: str) -> Iterator[Element]:
    read = _ELEMENT.fullmatch(line)
    if read is None:
        raise ValueError(f"r4.json: {key}: {line}")
    for one in _TYPE.finditer(read["types"]):
        kind = one["type"]
        suffix = "Quantity" if kind == "SimpleQuantity" else kind  # the same in JSON, less its comparator
        yield Element(
            owner=owner,
            name=key.removesuffix("[x]") + suffix[0].upper() + suffix[1:] if key.endswith("[x]") else key,
            group=key,
            type=kind,
            required=read["least"] == "1",
            many=read["most"] == "*",
            codes=_codes(one) if kind == "code" else (),
            concepts=_concepts(one["named"]) if kind == "CodeableConcept" else frozenset(),
            targets=_targets(one["listed"]) if kind == "Reference" else frozenset(),
        )


def _codes(one: re.Match[str]) -> tuple[str, ...]:
    if one["named"]:
        return tuple(code for name in one["named"].split() for code in _R4["codes"][name])
    return tuple((one["listed"] or "").split())


def _concepts(name: str | None) -> frozenset[tuple[str, str]]:
    if not name:
        return frozenset()
    listed = _R4["concepts"][name]
    return frozenset((listed["system"], code) for code in listed["codes"])


def _targets(listed: str | None) -> frozenset[str]:
    return frozenset() if listed in {None, "Any"} else frozenset((listed or "").split())

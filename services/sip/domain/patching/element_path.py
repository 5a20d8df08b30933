"""The part of FHIRPath by which a patch names elements: names, [n], where(… = …), first(), last(), extension(url).

It is read into steps and followed; nothing in it is ever run.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.sip.domain.shape.definitions import Element, definition, is_complex

LONGEST_PATH: Final = 1000
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STEP: Final = re.compile(
    r"(?P<call>where|extension|first|last)\((?P<inner>(?:[^()']|'(?:[^'\\]|\\.)*')*)\)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9]*)"
)
_INDEX: Final = re.compile(r"\[(\d{1,6})\]")
_EQUALS: Final = re.compile(
    r"\s*(?P<path>[A-Za-z][A-Za-z0-9.]*)\s*=\s*(?P<value>'(?:[^'\\]|\\.)*'|true|false|-?\d+(?:\.\d+)?)\s*"
)
_TEXT: Final = re.compile(r"\s*'((?:[^'\\]|\\.)*)'\s*")


class NoPath(Exception):
    """The text is no path of this kind; its message says what is."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a child by `name`, the `number`-th of what is there (-1: the last), or those that meet `demands`."""

    name: str = ""
    number: int | None = None
    demands: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One element in a resource: what holds it, at which name or number, its value and its FHIR type."""

    holder: Any
    step: str | int
    value: Any
    type: str
    parent: "Place | None" = None
    name: str = ""

    def element(self, name: str) -> Element | None:
        """Give the definition of an element below, a choice by its common name or a name of one type."""
        return next(iter(self.elements(name)), None)

    def elements(self, name: str) -> list[Element]:
        """Give all definitions that go by the name: for a choice, one for each type."""
        if not is_complex(self.type) or self.type == "Resource":
            return []
        known = definition(self.type).elements
        if name in known:
            return [known[name]]
        return [one for one in known.values() if one.group == f"{name}[x]"]

    def below(self, name: str) -> Iterator["Place"]:
        """Give the elements of that name."""
        for element in self.elements(name):
            found = self.value.get(element.name) if isinstance(self.value, dict) else None
            if isinstance(found, list):
                for number, one in enumerate(found):
                    yield Place(found, number, one, _type(element, one), self, element.name)
            elif found is not None:
                yield Place(self.value, element.name, found, _type(element, found), self, element.name)


def _type(element: Element, value: Any) -> str:
    if element.type == "Resource" and isinstance(value, dict):
        return str(value.get("resourceType"))
    return element.type


def steps_of_path(text: str, resource_type: str) -> list[Step]:
    """Read a path that begins with the resource's type; raises NoPath."""
    if len(text) > LONGEST_PATH:
        raise NoPath(f"a path has at most {LONGEST_PATH} characters")
    steps: list[Step] = []
    rest = _after_type(text.strip(), resource_type)
    while rest:
        found = _STEP.match(rest, 1) if rest.startswith(".") else None
        number = _INDEX.match(rest)
        if found is not None:
            steps += _called(found["call"], found["inner"]) if found["call"] else [Step(name=found["name"])]
            rest = rest[found.end() :]
        elif number is not None:
            steps.append(Step(number=int(number[1])))
            rest = rest[number.end() :]
        else:
            raise NoPath(
                "names, [n], where(name = 'value'), first(), last() and extension('url') are understood"
            )
    return steps


def _after_type(text: str, resource_type: str) -> str:
    head = _NAME.match(text)
    if head is None or head[0] not in {resource_type, "Resource", "DomainResource"}:
        raise NoPath(f"it begins with {resource_type}")
    return text[head.end() :]


def _called(call: str, inner: str) -> list[Step]:
    if call in {"first", "last"}:
        if inner.strip():
            raise NoPath(f"{call}() takes nothing")
        return [Step(number=0 if call == "first" else -1)]
    if call == "extension":
        url = _TEXT.fullmatch(inner)
        if url is None:
            raise NoPath("extension() takes a url in quotation marks")
        return [Step(name="extension"), Step(demands=(("url", _plain(url[1])),))]
    return [Step(demands=tuple(_demands(inner)))]


def _demands(inner: str) -> Iterator[tuple[str, object]]:
    rest = f"and {inner}"
    while rest:
        found = _EQUALS.match(rest, 4) if rest.startswith("and ") else None
        if found is None:
            raise NoPath("where() takes comparisons joined by and, such as system = 'x' and use = 'y'")
        yield found["path"], _literal(found["value"])
        rest = rest[found.end() :]


def _literal(text: str) -> object:
    if text.startswith("'"):
        return _plain(text[1:-1])
    return {"true": True, "false": False}.get(text, text)


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def places_at(resource: dict[str, Any], steps: Sequence[Step]) -> list[Place]:
    """Follow the steps from the resource; several places where a list is not narrowed."""
    places = [Place(None, "", resource, str(resource["resourceType"]))]
    for step in steps:
        if step.name:
            places = [below for place in places for below in place.below(step.name)]
        elif step.number is not None:
            places = places[step.number :][:1] if step.number >= 0 else places[-1:]
        else:
            places = [place for place in places if all(_meets(place, *one) for one in step.demands)]
    return places


def _meets(place: Place, path: str, wanted: object) -> bool:
    found = [place]
    for name in path.split("."):
        found = [below for one in found for below in one.below(name)]
    return any(_same(one.value, wanted) for one in found)


def _same(value: object, wanted: object) -> bool:
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    if isinstance(value, int | float):
        return str(getattr(value, "text", value)) == wanted
    return value == wanted

"""FHIRPath Patch (http://hl7.org/fhir/R4/fhirpatch.html): a Parameters resource whose operations name elements."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from services.sip.domain.exact_json import dumped
from services.sip.domain.held import Resource
from services.sip.domain.patching.element_path import NoPath, Place, places_at, steps_of_path
from services.sip.domain.patching.failure import LARGEST_RESULT, MOST_OPERATIONS, inapplicable, unreadable
from services.sip.domain.shape.definitions import Element, definition, is_complex

T = TypeVar("T")


def fhirpath_patched(resource: Resource, parameters: Any) -> Resource:
    """Apply the operations in order, to a resource that may be changed; raises BadRequest, ShapeBroken."""
    operations = parameters.get("parameter") if isinstance(parameters, dict) else None
    if not isinstance(operations, list) or not 0 < len(operations) <= MOST_OPERATIONS:
        text = f"A FHIRPath Patch is a Parameters resource with 1 to {MOST_OPERATIONS} parameters named operation."
        raise unreadable(text, "Parameters.parameter")
    for number, given in enumerate(operations):
        where = f"Parameters.parameter[{number}]"
        operation = _Operation(resource, _parts(given, where), where)
        operation.apply()
        if len(dumped(resource)) > LARGEST_RESULT:
            raise inapplicable(f"The resource would grow beyond {LARGEST_RESULT} bytes.", where)
    return resource


def _parts(given: Any, where: str) -> dict[str, dict[str, Any]]:
    if (
        not isinstance(given, dict)
        or given.get("name") != "operation"
        or not isinstance(given.get("part"), list)
    ):
        raise unreadable(
            "Every parameter is named operation and has parts: type, path and what else it needs.", where
        )
    parts = {}
    for part in given["part"]:
        if not isinstance(part, dict) or not isinstance(part.get("name"), str):
            raise unreadable("Every part has a name.", f"{where}.part")
        parts[part["name"]] = part
    return parts


@dataclass(frozen=True, slots=True)
class _Operation:
    """One operation on the resource, in place."""

    resource: Resource
    parts: Mapping[str, Mapping[str, Any]]
    where: str

    def apply(self) -> None:
        """Do what its type says."""
        kind = self._value_of("type", "valueCode", str)
        if kind not in OPERATIONS:
            raise unreadable(f"type is one of {', '.join(OPERATIONS)}.", self.where)
        OPERATIONS[kind](self)

    def add(self) -> None:
        """Give the element at the path one more of the named elements, or the named element its value."""
        places = self._places()
        if len(places) != 1:
            raise inapplicable(f"path must lead to one element, not {len(places)}.", self.where)
        [place] = places
        name = self._value_of("name", "valueString", str)
        element = self._element(place, name)
        if not isinstance(place.value, dict):
            raise inapplicable(f"{name} cannot be added to a {place.type}.", self.where)
        value = self._new(element)
        if element.many:
            place.value.setdefault(element.name, []).append(value)
        else:
            _forget_choice(place.value, place.elements(name))
            place.value[element.name] = value

    def insert(self) -> None:
        """Put a value into a list, at its place."""
        listed, element = self._list()
        index = self._value_of("index", "valueInteger", int)
        if not 0 <= index <= len(listed):
            raise inapplicable(f"index must be 0 to {len(listed)}.", self.where)
        listed.insert(index, self._new(element))

    def delete(self) -> None:
        """Take the element out; where there is none, there is nothing to do."""
        places = self._places()
        if len(places) > 1:
            raise inapplicable(f"path leads to {len(places)} elements; name the one.", self.where)
        for place in places:
            if place.parent is None:
                raise inapplicable("The resource itself is not deleted by a patch.", self.where)
            del place.holder[place.step]
            if isinstance(place.holder, list) and not place.holder:
                del place.parent.value[place.name]
            place.parent.value.pop(f"_{place.name}", None)

    def replace(self) -> None:
        """Put another value in place of the one that is there."""
        places = self._places()
        if len(places) != 1 or places[0].parent is None:
            raise inapplicable(f"path must lead to one element, not {len(places)}.", self.where)
        [place] = places
        assert place.parent is not None  # noqa: S101 - just looked at
        element = self._element(place.parent, place.name)
        choice = place.parent.elements(element.group.removesuffix("[x]"))
        element = self._chosen(choice or [element])
        value = self._new(element)
        if isinstance(place.holder, list):
            place.holder[int(place.step)] = value
        else:
            _forget_choice(place.parent.value, choice)
            place.parent.value[element.name] = value

    def move(self) -> None:
        """Move one of a list to another place in it."""
        listed, _ = self._list()
        source, target = (self._value_of(name, "valueInteger", int) for name in ("source", "destination"))
        if not (0 <= source < len(listed) and 0 <= target < len(listed)):
            raise inapplicable(f"source and destination must be 0 to {len(listed) - 1}.", self.where)
        listed.insert(target, listed.pop(source))

    def _places(self) -> list[Place]:
        text = self._value_of("path", "valueString", str)
        try:
            return places_at(self.resource, steps_of_path(text, str(self.resource["resourceType"])))
        except NoPath as wrong:
            raise unreadable(
                f"The path {text:.200} is not understood: {wrong}.", f"{self.where}.part"
            ) from None

    def _list(self) -> tuple[list[Any], Element]:
        places = self._places()
        parents = {id(place.holder) for place in places}
        if not places or len(parents) != 1 or not isinstance(places[0].holder, list):
            raise inapplicable("path must lead to the elements of one list.", self.where)
        first = places[0]
        assert first.parent is not None  # noqa: S101 - what is in a list is in something
        return first.holder, self._element(first.parent, first.name)

    def _element(self, place: Place, name: str) -> Element:
        found = place.elements(name)
        if not found:
            raise inapplicable(f"{place.type} has no element {name:.60}.", self.where)
        return self._chosen(found) if len(found) > 1 else found[0]

    def _chosen(self, choice: list[Element]) -> Element:
        """Of a choice such as value[x], take the one of the type that is given."""
        if len(choice) == 1:
            return choice[0]
        given = next((name for name in self.parts.get("value", {}) if name.startswith("value")), "")
        ending = given.removeprefix("value")
        found = [one for one in choice if one.name.removeprefix(one.group.removesuffix("[x]")) == ending]
        if not found:
            raise inapplicable(f"{choice[0].group} cannot be a {ending or 'group of parts'}.", self.where)
        return found[0]

    def _new(self, element: Element) -> Any:
        if "value" not in self.parts:
            raise unreadable("The operation needs a part named value.", self.where)
        return self._built(self.parts["value"], element.type)

    def _built(self, part: Mapping[str, Any], kind: str) -> Any:
        """Give the value of a part: as it stands, or made of its own parts for an element without a type name."""
        values = [value for name, value in part.items() if name.startswith("value")]
        if len(values) == 1 and "part" not in part:
            return values[0]
        if values or not isinstance(part.get("part"), list) or not is_complex(kind):
            raise unreadable(f"{part.get('name')!s:.60} has one value[x], or parts.", self.where)
        made: dict[str, Any] = {}
        for inner in part["part"]:
            name = inner.get("name") if isinstance(inner, dict) else None
            element = definition(kind).elements.get(str(name))
            if element is None:
                raise inapplicable(f"{kind} has no element {name!s:.60}.", self.where)
            value = self._built(inner, element.type)
            if element.many:
                made.setdefault(element.name, []).append(value)
            else:
                made[element.name] = value
        return made

    def _value_of(self, name: str, key: str, kind: type[T]) -> T:
        value = self.parts.get(name, {}).get(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise unreadable(f"The operation needs a part {name} with {key}.", self.where)
        return value


def _forget_choice(holder: dict[str, Any], choice: list[Element]) -> None:
    for one in choice:
        holder.pop(one.name, None)
        holder.pop(f"_{one.name}", None)


OPERATIONS: Final[Mapping[str, Callable[[_Operation], None]]] = {
    "add": _Operation.add,
    "insert": _Operation.insert,
    "delete": _Operation.delete,
    "replace": _Operation.replace,
    "move": _Operation.move,
}

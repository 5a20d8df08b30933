"""Where the values of an element stand in a resource: choices by their type, slices by their url."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from services.sip.domain.held import Resource
from services.sip.domain.profiles.differential import Constraint
from services.sip.domain.references import local_key


class Found(NamedTuple):
    """One value of an element: its type where the name tells it, and its place."""

    value: Any
    kind: str | None
    where: str


def found_in(node: Mapping[str, Any], constraint: Constraint, where: str) -> list[Found]:
    """Give the values of an element within its parent; of a slice, those that have its url."""
    found: list[Found] = []
    for name in _names(node, constraint):
        plain = constraint.name.removesuffix("[x]")
        value = node.get(name)
        kind = name.removeprefix(plain) if constraint.is_choice else None
        kind = _type_named(kind) if kind else None
        if isinstance(value, list):
            found += [Found(one, kind, f"{where}.{plain}[{at}]") for at, one in enumerate(value)]
        else:
            found.append(Found(value, kind, f"{where}.{plain}"))
    if constraint.of_url is None:
        return found
    return [one for one in found if isinstance(one.value, dict) and one.value.get("url") == constraint.of_url]


def _names(node: Mapping[str, Any], constraint: Constraint) -> list[str]:
    """Give the JSON names under which an element stands; `_name` counts where there is no value beside it."""
    bare = dict.fromkeys(name.removeprefix("_") for name in node)
    if not constraint.is_choice:
        return [name for name in bare if name == constraint.name]
    start = constraint.name.removesuffix("[x]")
    return [name for name in bare if name.startswith(start) and name[len(start) : len(start) + 1].isupper()]


def _type_named(suffix: str) -> str:
    """Types that are primitives are written with a small letter: valueString is of type string."""
    small = suffix[0].lower() + suffix[1:]
    return small if small in _PRIMITIVES else suffix


_PRIMITIVES: Final = frozenset(
    {"base64Binary", "boolean", "canonical", "code", "date", "dateTime", "decimal", "id", "instant", "integer",
     "markdown", "oid", "positiveInt", "string", "time", "unsignedInt", "uri", "url", "uuid"}
)  # fmt: skip


def target_of(value: Any, whole: Resource) -> str | None:
    """Tell the type a reference leads to, None where it cannot be known."""
    if not isinstance(value, dict):
        return None
    reference = value.get("reference", "")
    if reference.startswith("#"):
        held = (one for one in whole.get("contained", ()) if one.get("id") == reference[1:])
        return next((str(one["resourceType"]) for one in held), None)
    key = local_key(reference) or local_key("/".join(reference.split("/")[-2:]))
    return key.partition("/")[0] if key else value.get("type")


def extensions_in(node: Any, where: str) -> Iterator[Found]:
    """Walk to every extension, at any depth."""
    if isinstance(node, dict):
        for name, value in node.items():
            place = f"{where}.{name.removeprefix('_')}"
            if name in {"extension", "modifierExtension"} and isinstance(value, list):
                yield from (Found(one, None, f"{place}[{at}]") for at, one in enumerate(value))
            yield from extensions_in(value, place)
    elif isinstance(node, list):
        for at, value in enumerate(node):
            yield from extensions_in(value, f"{where}[{at}]")

"""Search parameters of each type, as data: r4_search_params.json read into names, kinds and places of values.

The file holds every search parameter that FHIR 4.0.1 defines for the types we serve, one line each:
`"owner": "reference Task-owner owner >Organization >Patient"` is its kind, the last part of its canonical,
the elements that hold its values, and what it may refer to. `%` gives the code system of plain codes, `:Type`
keeps references to that type, `[system=email]` elements that say so, `?` asks whether any is there and not false;
a composite has its roots (`@component`) and its two parts (`&token:code`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any, Final

import orjson

HL7: Final = "http://hl7.org/fhir/SearchParameter/"
ANY: Final = "*"


@dataclass(frozen=True, slots=True)
class Source:
    """One place of values: the elements from the top down, and which of what is found there counts."""

    steps: tuple[str, ...]
    only: tuple[str, str] | None = None
    refers_to: str | None = None

    def values(self, resource: Mapping[str, Any]) -> list[Any]:
        """Give what is there, lists opened; references to other types are left to `search_terms`."""
        found: list[Any] = [resource]
        for position, name in enumerate(self.steps):
            opened = [node[name] for node in found if isinstance(node, dict) and name in node]
            found = [one for value in opened for one in (value if isinstance(value, list) else [value])]
            if self.only and not position:
                key, wanted = self.only
                found = [one for one in found if isinstance(one, dict) and one.get(key) == wanted]
        return [one for one in found if one is not None]


@dataclass(frozen=True, slots=True)
class SearchParam:
    """One parameter. `targets` are types a reference may lead to, `systems` those of plain codes.

    A composite is found where its `roots` are, and its two `parts` are parameters read from there.
    """

    name: str
    kind: str
    definition: str = ""
    sources: tuple[Source, ...] = ()
    targets: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    exists: bool = False
    roots: tuple[Source, ...] = ()
    parts: tuple["SearchParam", ...] = ()

    def values(self, resource: Mapping[str, Any]) -> Iterator[tuple[Source, Any]]:
        """Give every value with the place it was found at."""
        for source in self.sources:
            if source.steps[0] in resource:
                for value in source.values(resource):
                    yield source, value


def _param(name: str, line: str) -> SearchParam:
    kind, definition, *words = line.split()
    param = SearchParam(name, kind, HL7 + definition)
    for word in words:
        param = _with(param, word)
    return param


def _with(param: SearchParam, word: str) -> SearchParam:
    """Add what one word of the line says."""
    mark, rest = word[0], word[1:]
    match mark:
        case ">":
            return replace(param, targets=(*param.targets, rest))
        case "%":
            return replace(param, systems=(*param.systems, rest))
        case "@":
            return replace(param, roots=(*param.roots, Source(tuple(rest.split(".") if rest else ()))))
        case "&":
            kind, _, paths = rest.partition(":")
            part = SearchParam(param.name, kind, sources=tuple(_source(one) for one in paths.split(",")))
            return replace(param, parts=(*param.parts, part))
        case "?":
            return replace(param, exists=True, sources=tuple(_source(one) for one in rest.split(",")))
    return replace(param, sources=(*param.sources, _source(word)))


def _source(word: str) -> Source:
    path, _, target = word.partition(":")
    head, bracket, after = path.partition("[")
    if not bracket:
        return Source(tuple(path.split(".")), refers_to=target or None)
    condition, _, below = after.partition("]")
    key, _, wanted = condition.partition("=")
    return Source(tuple((head + below).split(".")), only=(key, wanted))


_LINES: Final[dict[str, dict[str, str]]] = orjson.loads(
    files(__package__).joinpath("r4_search_params.json").read_bytes()
)
COMMON: Final = {name: _param(name, line) for name, line in _LINES.pop("Resource").items()}
PARAMS: Final[Mapping[str, Mapping[str, SearchParam]]] = {
    kind: {name: _param(name, line) for name, line in lines.items()} | COMMON
    for kind, lines in _LINES.items()
}

"""Our own code lists, opened: which codes a value set or code system of ours holds, with their words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from services.sip.domain.held import Resource

TYPES: Final = ("ValueSet", "CodeSystem")


class Word(NamedTuple):
    """One code with the word that people meet."""

    system: str
    code: str
    display: str


class Terminology:
    """The published ValueSets and CodeSystems, by type and canonical url."""

    def __init__(self, published: Iterable[Resource]) -> None:
        """Take all that is published; what is no code list is left aside."""
        self._lists: Mapping[tuple[str, str], Resource] = {
            (one["resourceType"], one["url"]): one for one in published if one["resourceType"] in TYPES
        }

    def resource(self, kind: str, url: str) -> Resource | None:
        """Give the ValueSet or CodeSystem; a version after | must be the one that is published."""
        bare, _, version = url.partition("|")
        found = self._lists.get((kind, bare))
        return None if found and version and version != found.get("version") else found

    def url_of(self, kind: str, number: str) -> str | None:
        """Give the canonical url of the list with this id."""
        return next(
            (url for (one, url), held in self._lists.items() if (one, held["id"]) == (kind, number)), None
        )

    def words(self, resource: Resource) -> Iterator[Word]:
        """Give every code of a list, in its order."""
        if resource["resourceType"] == "CodeSystem":
            yield from _concepts(resource["url"], resource.get("concept", []))
            return
        for include in resource["compose"]["include"]:
            system = include["system"]
            if "concept" in include:
                yield from _concepts(system, include["concept"])
            elif whole := self._lists.get(("CodeSystem", system)):
                yield from self.words(whole)


def _concepts(system: str, concepts: Iterable[Mapping[str, Any]]) -> Iterator[Word]:
    for one in concepts:
        yield Word(system, one["code"], one.get("display", one["code"]))
        yield from _concepts(system, one.get("concept", ()))

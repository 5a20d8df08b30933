"""A search answered naively: every resource is looked at, by R4's text and HL7's own paths, with nothing of ours.

https://hl7.org/fhir/R4/search.html
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.sip.search import dates, matching
from tests.sip.search.paths import declared, values

Resource = dict[str, Any]
NEGATED: Final = {"not": "", "not-in": "in"}


def keys_in(node: Any) -> str | None:
    """Give `Type/id` of a reference to something stored here."""
    text = node.get("reference", "") if isinstance(node, dict) else ""
    found = re.fullmatch(r"([A-Z]\w+/[A-Za-z0-9.-]+)(/_history/.+)?", text)
    return found[1] if found else None


def _sortable(kind: str, node: Any) -> list[Any]:
    if kind == "date":
        return [low for low, _ in dates.spans(node)]
    if kind == "token":  # _id
        return [node]
    last = str.maketrans("åäö", "{|}")  # the end of the Swedish alphabet
    return [matching.folded(one).translate(last) for one in matching.strings(node)]


@dataclass(frozen=True)
class Oracle:
    """All resources there are, by `Type/id`."""

    world: Mapping[str, Resource]

    def of(self, kind: str) -> list[Resource]:
        """Give all of one type."""
        return [one for key, one in self.world.items() if key.startswith(kind + "/")]

    def found(self, kind: str, asked: Iterable[tuple[str, str]]) -> set[str]:
        """Give the keys of all that every parameter finds."""
        every = list(asked)
        return {
            f"{kind}/{one['id']}"
            for one in self.of(kind)
            if all(self.meets(one, name, text) for name, text in every)
        }

    def meets(self, resource: Resource, name: str, text: str) -> bool:
        """Say whether one parameter finds a resource."""
        kind = resource["resourceType"]
        if name.startswith("_has:"):
            _, other, param, inner = name.split(":", 3)
            here = f"{kind}/{resource['id']}"
            return any(
                here in self.targets(one, param) and self.meets(one, inner, text) for one in self.of(other)
            )
        head, dot, rest = name.partition(".")
        param, _, modifier = head.partition(":")
        if dot:
            return any(
                (not modifier or key.startswith(modifier + "/"))
                and key in self.world
                and self._has_parameter(key, rest)
                and self.meets(self.world[key], rest, text)
                for key in self.targets(resource, param)
            )
        return self._plainly(resource, param, modifier, text)

    def _has_parameter(self, key: str, rest: str) -> bool:
        name = re.split(r"[.:]", rest)[0]
        return rest.startswith("_has:") or name in declared(key.split("/", maxsplit=1)[0])

    def targets(self, resource: Resource, param: str) -> set[str]:
        """Give what a reference parameter leads to."""
        facts = declared(resource["resourceType"])[param]
        return {key for key in map(keys_in, values(resource, facts["of"])) if key}

    def _plainly(self, resource: Resource, param: str, modifier: str, text: str) -> bool:
        facts = declared(resource["resourceType"])[param]
        if modifier == "missing":
            return (not self.present(resource, facts)) == (text == "true")
        if facts["type"] == "composite":
            return any(self._composite(resource, facts, one) for one in matching.divided(text, ","))
        meets, found = matching.KINDS[facts["type"]], values(resource, facts["of"])
        met = any(
            meets(node, NEGATED.get(modifier, modifier), one)
            for one in matching.divided(text, ",")
            for node in found
        )
        return met is not (modifier in NEGATED)

    def present(self, resource: Resource, facts: Mapping[str, Any]) -> bool:
        """Say whether the parameter has any value there."""
        if facts["type"] != "composite":
            return bool(values(resource, facts["of"]))
        return any(
            all(values(root, path) for _, path in facts["parts"]) for root in values(resource, facts["of"])
        )

    def _composite(self, resource: Resource, facts: Mapping[str, Any], text: str) -> bool:
        """Both parts hold of one and the same node."""
        texts = matching.divided(text, "$")
        return any(
            all(
                any(matching.KINDS[kind](node, "", one) for node in values(root, path))
                for (kind, path), one in zip(facts["parts"], texts, strict=True)
            )
            for root in values(resource, facts["of"])
        )

    def ordered(self, found: Iterable[str], param: str, *, descending: bool) -> list[str]:
        """Sort by a date or text: of several the one that comes first counts, what has none comes first going up."""

        def place(key: str) -> tuple[bool, Any, str]:
            resource = self.world[key]
            facts = declared(resource["resourceType"])[param]
            every = [one for node in values(resource, facts["of"]) for one in _sortable(facts["type"], node)]
            return bool(every), (max if descending else min)(every) if every else "", key

        return sorted(found, key=place, reverse=descending)

    def included(self, hits: Iterable[str], includes: Iterable[tuple[str, str]]) -> set[str]:
        """Give what comes along: once from the hits, and with :iterate from whatever came along as well."""
        known = fresh = set(hits)
        came: set[str] = set()
        asked = list(includes)
        while fresh and asked:
            new = {key for name, text in asked for key in self._one_step(name, text, fresh)} - known
            came, known, fresh = came | new, known | new, new
            asked = [(name, text) for name, text in asked if ":iterate" in name]
        return came

    def _one_step(self, name: str, text: str, fresh: set[str]) -> set[str]:
        kind, param, target = [*text.split(":"), ""][:3]
        if name.startswith("_rev"):
            return {
                f"{kind}/{one['id']}"
                for one in self.of(kind)
                if any(key in fresh and key.startswith(target) for key in self.targets(one, param))
            }
        return {
            key
            for here in fresh
            if here.startswith(kind + "/")
            for key in self.targets(self.world[here], param)
            if key in self.world and key.startswith(target)
        }

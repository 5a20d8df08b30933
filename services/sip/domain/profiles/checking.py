"""Profiles held against a resource that has R4's shape: each fault is told at its place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from services.sip.domain.held import Resource
from services.sip.domain.profiles.differential import R4, Constraint, constraints_of
from services.sip.domain.profiles.finding import Found, extensions_in, found_in, target_of
from services.sip.domain.shape import Issue
from services.sip.domain.terminology import Terminology

MOST: Final = 50
"""So many faults are told of one profile."""


class Profiles:
    """The published profiles, by their url."""

    def __init__(self, published: Iterable[Resource], terminology: Terminology) -> None:
        """Take all that is published; what is no StructureDefinition is left aside."""
        definitions = [one for one in published if one["resourceType"] == "StructureDefinition"]
        types = {one["url"]: one["type"] for one in definitions}
        self._types = {one["url"]: one["type"] for one in definitions if one["kind"] == "resource"}
        self._trees = {one["url"]: constraints_of(one, types) for one in definitions}
        self._terminology = terminology

    def of_type(self, kind: str) -> list[str]:
        """Give the urls of the profiles on a type."""
        return sorted(url for url, constrained in self._types.items() if constrained == kind)

    def is_known(self, url: str, kind: str) -> bool:
        """Tell whether there is something to check by: a profile of ours on this type, or R4 itself."""
        return self._types.get(url.partition("|")[0]) == kind or url.partition("|")[0] == R4 + kind

    def issues(self, resource: Resource, url: str) -> list[Issue]:
        """List what a profile finds wrong; the extensions in it that are ours are checked by `extension_issues`."""
        tree = self._trees.get(url.partition("|")[0])
        return list(self._in(resource, tree, resource["resourceType"], resource))[:MOST] if tree else []

    def extension_issues(self, resource: Resource) -> list[Issue]:
        """List what is wrong with the extensions of ours, wherever they stand."""
        found = extensions_in(resource, resource["resourceType"])
        told = (
            issue
            for one in found
            if isinstance(one.value, dict) and (tree := self._trees.get(one.value.get("url", "")))
            for issue in self._in(one.value, tree, one.where, resource)
        )
        return list(told)[:MOST]

    def _in(self, node: Mapping[str, Any], tree: Constraint, where: str, whole: Resource) -> Iterator[Issue]:
        for step, constraint in tree.below.items():
            found = found_in(node, constraint, where)
            name = step.removesuffix("[x]")
            yield from _counted(len(found), constraint, f"{where}.{name.partition(':')[0]}", step)
            for one in found:
                if one.value is not None:  # a primitive that only has extensions says why there is no value
                    yield from self._of_one(one, constraint, whole)

    def _of_one(self, one: Found, constraint: Constraint, whole: Resource) -> Iterator[Issue]:
        for expected, holds in ((constraint.fixed, _equals), (constraint.pattern, _has)):
            if expected is not None and not holds(one.value, expected):
                yield Issue("error", "value", one.where, f"This must be {_shown(expected)}.")
        if one.kind and constraint.types and one.kind not in constraint.types:
            allowed = ", ".join(sorted(constraint.types))
            yield Issue(
                "error", "structure", one.where, f"This is a {one.kind}; the profile takes {allowed}."
            )
        target = target_of(one.value, whole) if constraint.targets else None
        if target and target not in constraint.targets:
            allowed = ", ".join(sorted(constraint.targets))
            text = f"The reference leads to {target}; the profile takes {allowed}."
            yield Issue("error", "structure", one.where, text)
        yield from self._of_codes(one, constraint)
        if isinstance(one.value, dict):
            yield from self._in(one.value, constraint, one.where, whole)

    def _of_codes(self, one: Found, constraint: Constraint) -> Iterator[Issue]:
        """A required list must hold the code; of an extensible one it is told, as there may be no fitting code."""
        url = constraint.required_codes or constraint.expected_codes
        listed = self._terminology.resource("ValueSet", url) if url else None
        if listed is None:
            return
        codes = {(word.system, word.code) for word in self._terminology.words(listed)}
        if not any(_matches(coding, codes) for coding in _codings(one.value)):
            text = f"No code of {url} stands here; $expand lists them."
            yield Issue("error" if constraint.required_codes else "warning", "code-invalid", one.where, text)


def _counted(count: int, constraint: Constraint, where: str, step: str) -> Iterator[Issue]:
    named = step.partition(":")[2] or constraint.name
    if count < constraint.least:
        text = f"The profile asks for {named}, at least {constraint.least}."
        yield Issue("error", "required", where, text)
    if constraint.most is not None and count > constraint.most:
        text = (
            f"The profile takes at most {constraint.most} of {named}."
            if constraint.most
            else f"The profile takes no {named}."
        )
        yield Issue("error", "structure", where, text)


def _equals(value: Any, expected: Any) -> bool:
    return bool(value == expected)


def _has(value: Any, pattern: Any) -> bool:
    """A pattern is met by what holds at least that: each of its list's members by some member."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(_has(value.get(name), one) for name, one in pattern.items())
    if isinstance(pattern, list):
        return isinstance(value, list) and all(any(_has(one, wanted) for one in value) for wanted in pattern)
    return bool(value == pattern)


def _shown(expected: Any) -> str:
    if isinstance(expected, dict):
        codings: Sequence[Any] = expected.get("coding", ())
        return ", ".join(f"{one.get('code')} of {one.get('system')}" for one in codings) or str(expected)
    return str(expected)


def _codings(value: Any) -> Sequence[Any]:
    if isinstance(value, dict):
        codings: Sequence[Any] = value.get("coding", [value])
        return codings
    return [value]


def _matches(coding: Any, codes: set[tuple[str, str]]) -> bool:
    if isinstance(coding, dict):
        return (coding.get("system"), coding.get("code")) in codes
    return any(code == coding for _, code in codes)

"""Our own value sets, read from contracts/fhir: which codes each holds."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

Code = tuple[str, str]


def codes_in(url: str) -> frozenset[Code] | None:
    """Give (system, code) of every member; None for a value set that is not ours."""
    return _value_sets().get(url.partition("|")[0])


@cache
def _value_sets() -> Mapping[str, frozenset[Code]]:
    resources = list(_resources())
    systems = {one["url"]: one for one in resources if one.get("resourceType") == "CodeSystem"}
    return {
        one["url"]: frozenset(code for part in one["compose"]["include"] for code in _included(part, systems))
        for one in resources
        if one.get("resourceType") == "ValueSet"
    }


def _resources() -> Iterator[dict[str, Any]]:
    for file in files("contracts").joinpath("fhir").iterdir():
        if file.name.endswith(".json"):
            yield orjson.loads(file.read_bytes())


def _included(part: Mapping[str, Any], systems: Mapping[str, Mapping[str, Any]]) -> Iterator[Code]:
    """Give the codes that are listed, or all of the code system, with those beneath each."""
    system = part["system"]
    waiting = list(part.get("concept") or systems.get(system, {}).get("concept", ()))
    while waiting:
        concept = waiting.pop()
        yield system, concept["code"]
        waiting += concept.get("concept", ())

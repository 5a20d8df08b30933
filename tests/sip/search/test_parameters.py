"""Every search parameter that R4 defines for a type we serve is declared, with its kind, canonical and targets.

r4_parameters.json is written out of HL7's definitions of FHIR 4.0.1; tests/conformance compares it with a package of
those that somebody else keeps.
"""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.sip.domain.search_entries import entries_of
from services.sip.domain.search_match import Findable, matches
from services.sip.domain.search_params import HL7, PARAMS
from services.sip.domain.search_query import SearchQuery
from services.sip.domain.shape.definitions import type_names
from services.sip.fhir.search_parsing import understood
from tests.sip.search.matching import BASE
from tests.sip.search.oracle import Oracle
from tests.sip.search.paths import FACTS, declared, values
from tests.sip.search.questions import Questions
from tests.sip.search.worlds import Maker

MADE_HERE = ("Measure", "MeasureReport", "AuditEvent")
PUBLISHED = sorted(PARAMS.keys() - set(type_names()))
"""Types that are only published: no shape of theirs is known here, so none can be made at random."""


def plainly(path: str, kind: str) -> str:
    """Write an official path as the elements that JSON has."""
    cast = re.sub(r"\((\S+) as (\w)(\w*)\)", lambda found: found[1] + found[2].upper() + found[3], path)
    return cast.removeprefix(f"{kind}.")


@pytest.mark.parametrize("kind", PUBLISHED)
def test_a_published_type_is_looked_into_where_the_official_paths_lead(kind: str) -> None:
    for name, facts in FACTS[kind].items():
        if facts["type"] != "composite":
            theirs = {plainly(path, kind) for path in facts["of"].split(" | ")}
            assert {".".join(one.steps) for one in PARAMS[kind][name].sources} == theirs, name


@pytest.mark.parametrize("kind", sorted(FACTS.keys() - {"Resource"}))
def test_a_type_has_the_parameters_that_r4_defines_and_no_others(kind: str) -> None:
    ours: dict[str, Any] = {
        one.name: (one.kind, one.definition, set(one.targets)) for one in PARAMS[kind].values()
    }
    theirs = {
        name: (facts["type"], HL7 + facts["url"], set(facts.get("to", "").split()))
        for name, facts in declared(kind).items()
    }
    assert ours == theirs


def test_every_type_that_can_be_searched_is_compared() -> None:
    assert PARAMS.keys() == FACTS.keys() - {"Resource"}


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), seed=st.integers(0, 40), kind=st.sampled_from(MADE_HERE))
def test_what_is_searched_in_memory_is_found_by_the_official_paths(
    data: st.DataObject, seed: int, kind: str
) -> None:
    world = Maker(seed, 12, [kind]).resources()
    oracle = Oracle(world)
    questions = Questions(oracle, data.draw)
    kept = {
        key: Findable(one["id"], datetime.fromisoformat(one["meta"]["lastUpdated"]), entries_of(one))
        for key, one in world.items()
    }
    for _ in range(12):
        asked = questions.plain(kind)
        query = understood(SearchQuery(kind), [asked], BASE, datetime.now(UTC), lenient=False).query  # noqa: TID251 - ap
        found = {key for key, one in kept.items() if all(matches(each, one) for each in query.conditions)}
        expected = oracle.found(kind, [asked])
        differing = [world[key] for key in found ^ expected]
        assert not differing, (
            asked,
            [values(one, declared(kind)[asked[0].partition(":")[0]]["of"]) for one in differing],
        )

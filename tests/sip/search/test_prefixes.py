"""Every prefix with every precision, zone and edge, of dates and of quantities: what random searches seldom meet."""

from itertools import product
from typing import Any

import httpx2
import pytest
from pymongo import MongoClient

from tests.sip.harness import HOME_NURSING, County
from tests.sip.search.laid_in import documents
from tests.sip.search.oracle import Oracle
from tests.sip.search.questions import ASKED_NUMBERS, ASKED_TIMES, PREFIXES
from tests.sip.search.worlds import DATES, NUMBERS, TIMES

Json = dict[str, Any]
MOMENTS = (*DATES, *TIMES)
LIMITS = ("2026", "2026-11-22", "2026-11-22T10:30:00Z", "2027-01-01T00:00:00+01:00")


def rows() -> list[Json]:
    """Make conditions that began at each moment, or in periods between some, and observations of each amount."""
    spans: list[Json] = [{"onsetDateTime": one} for one in MOMENTS]
    spans += [{"onsetPeriod": {"start": one}} for one in LIMITS] + [
        {"onsetPeriod": {"end": one}} for one in LIMITS
    ]
    spans += [
        {"onsetPeriod": {"start": one, "end": other}}
        for one, other in product(LIMITS, LIMITS)
        if one <= other
    ]
    amounts: list[Json] = [{"value": one, "unit": "mg"} for one in NUMBERS]
    amounts += [{"value": one, "comparator": sign} for one in NUMBERS[:3] for sign in ("<", ">=")]
    made: list[Json] = [{"resourceType": "Condition", **one} for one in spans]
    made += [{"resourceType": "Observation", "valueQuantity": one} for one in amounts]
    meta: Json = {"versionId": "1", "lastUpdated": "2026-11-22T10:30:00.250Z"}
    return [{"id": f"edge-{place}", "meta": meta, **one} for place, one in enumerate(made)]


@pytest.fixture(scope="module")
def oracle(served: County) -> Oracle:
    every = rows()
    with MongoClient[Json](served.mongo_url) as client:
        client[served.database].records.insert_many(list(documents(every, HOME_NURSING)))
    return Oracle({f"{one['resourceType']}/{one['id']}": one for one in every})


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize(
    ("asked", "values"),
    [
        ("Condition?onset-date", ASKED_TIMES),
        ("Observation?value-quantity", ASKED_NUMBERS),
        ("Condition?_lastUpdated", ("2026-11-22T10:30:00.250Z", "2026-11-22T10:30:00Z", *LIMITS)),
    ],
)
def test_a_prefix_compares_ranges_as_r4_says(
    oracle: Oracle, nurse: httpx2.Client, prefix: str, asked: str, values: tuple[str, ...]
) -> None:
    kind, _, param = asked.partition("?")
    for value in values:
        answer = nurse.get(f"/fhir/{kind}", params={param: prefix + value, "_count": "200"})
        found = {f"{kind}/{one['resource']['id']}" for one in answer.json().get("entry", ())}
        assert found == oracle.found(kind, [(param, prefix + value)]), (prefix, value)

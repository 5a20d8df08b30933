"""Search answers what a naive look at every resource answers, whatever is asked of whatever there is."""

import json
from typing import Any
from urllib.parse import urlparse

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo import MongoClient

from tests.sip.harness import HOME_NURSING, County
from tests.sip.search.laid_in import documents
from tests.sip.search.oracle import Oracle
from tests.sip.search.questions import Pair, Questions
from tests.sip.search.worlds import SEARCHED, Maker

Json = dict[str, Any]


class Worlds:
    """Lays one world at a time into the store."""

    def __init__(self, served: County) -> None:
        self._served, self._laid = served, -1
        self.oracle = Oracle({})

    def take(self, seed: int) -> Oracle:
        if seed != self._laid:
            world = Maker(seed).resources()
            with MongoClient[Json](self._served.mongo_url) as client:
                records = client[self._served.database].records
                records.delete_many({})
                records.insert_many(list(documents(world.values(), HOME_NURSING)))
            self.oracle, self._laid = Oracle(world), seed
        return self.oracle


@pytest.fixture(scope="module")
def worlds(served: County) -> Worlds:
    return Worlds(served)


def pages(client: httpx2.Client, kind: str, asked: list[Pair], count: int) -> tuple[list[str], set[str]]:
    """Give the matches in order, and what came along, through all pages."""
    answer = client.get(f"/fhir/{kind}", params=[*asked, ("_count", str(count))])
    matches: list[str] = []
    came: set[str] = set()
    while True:
        assert answer.status_code == 200, (kind, asked, answer.text)
        bundle = answer.json()
        for entry in bundle.get("entry", ()):
            key = "{resourceType}/{id}".format(**entry["resource"])
            (matches.append if entry["search"]["mode"] == "match" else came.add)(key)
        following = [one["url"] for one in bundle["link"] if one["relation"] == "next"]
        if not following:
            return matches, came
        address = urlparse(following[0])
        answer = client.get(f"{address.path}?{address.query}")


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), seed=st.integers(0, 5))
def test_a_search_finds_exactly_what_a_look_at_every_resource_finds(
    worlds: Worlds, nurse: httpx2.Client, data: st.DataObject, seed: int
) -> None:
    oracle = worlds.take(seed)
    draw = Questions(oracle, data.draw)
    for _ in range(8):
        kind, asked = draw.search()
        inclusions = draw.inclusions(kind)
        expected = oracle.found(kind, asked)
        matches, came = pages(nurse, kind, asked + inclusions, 100)
        told = json.dumps([oracle.world[one] for one in expected ^ set(matches)], ensure_ascii=False)
        assert sorted(matches) == sorted(expected), (kind, asked, told[:3000])
        assert came == oracle.included(expected, inclusions), (kind, asked, inclusions)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), seed=st.integers(0, 5))
def test_pages_hold_together_what_is_found_in_its_order(
    worlds: Worlds, nurse: httpx2.Client, data: st.DataObject, seed: int
) -> None:
    oracle = worlds.take(seed)
    draw = Questions(oracle, data.draw)
    for _ in range(4):
        kind = draw.one_of(SEARCHED)
        param, descending = draw.order(kind)
        asked = draw.one_of(([], [draw.condition(kind)]))
        expected = oracle.ordered(oracle.found(kind, asked), param, descending=descending)
        sort = ("_sort", f"-{param}" if descending else param)
        assert pages(nurse, kind, [*asked, sort], 2)[0] == expected, (kind, asked, sort)

"""No declared parameter makes the database look through everything: each is led by an index, or capped in time."""

from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import ExecutionTimeout, OperationFailure

from services.sip.domain.errors import TooCostly
from services.sip.domain.resource_types import TYPES, Kind
from services.sip.domain.search_params import PARAMS, SearchParam
from services.sip.domain.search_query import SearchQuery, Sorting
from services.sip.domain.sight import Sight
from services.sip.fhir.search_parsing import understood
from services.sip.storage.connection import connect, database
from services.sip.storage.record_search import SORT_MEMORY_EXCEEDED, RecordSearch, hint_for, in_time
from services.sip.storage.search_order import order_of
from tests.sip.harness import BASE, HOME_NURSING, County
from tests.sip.search.laid_in import documents
from tests.sip.search.worlds import START, Maker

Json = dict[str, Any]
STORED = [kind for kind, row in TYPES.items() if row.kind is not Kind.DERIVED]
TEXTS = {
    "token": "urn:a|x", "string": "an", "date": "ge2026-11", "quantity": "5.4||mg", "uri": "http://a.example/x",
    "reference": "Patient/pati-1",
}  # fmt: skip


@pytest.fixture(scope="module")
def explained(served: County) -> Any:
    """Lay a world in, and give what the database says it would do for a search."""
    world = [one for seed in range(12) for one in Maker(seed).resources().values()]
    rows = {one["_id"]: one for one in documents(_renamed(world), HOME_NURSING)}
    client = MongoClient[Json](served.mongo_url)
    records = client[served.database].records
    records.insert_many(list(rows.values()))
    search = RecordSearch(database(connect(served.mongo_url), served.database), Sight(HOME_NURSING), START)

    def plan(query: SearchQuery) -> Json:
        find: Json = {
            "find": "records",
            "filter": search.wanted(query),
            "limit": 51,
            "sort": dict(order_of(query)),
        }
        if hint := hint_for(query):
            find["hint"] = hint
        told: Json = client[served.database].command("explain", find, verbosity="executionStats")
        return told

    yield plan
    client.close()


def _renamed(world: list[Json]) -> list[Json]:
    return [{**one, "id": f"{one['id']}-{place}"} for place, one in enumerate(world)]


def stages(node: Any) -> list[Json]:
    """Give every stage of the plan that was chosen."""
    below = [node.get("inputStage"), *node.get("inputStages", ())]
    return [node, *(one for inner in below if inner for one in stages(inner))]


def query_for(kind: str, param: SearchParam) -> SearchQuery:
    text = TEXTS.get(param.kind, "")
    if param.kind == "composite":
        text = f"urn:a|x${TEXTS[param.parts[1].kind]}"
    if param.name == "_id":
        text = "pati-1"
    asked = understood(SearchQuery(kind), [(param.name, text)], BASE + "/fhir", START, lenient=False)
    return asked.query


@pytest.mark.parametrize("kind", STORED)
def test_every_parameter_is_led_by_an_index(explained: Any, kind: str) -> None:
    for param in PARAMS[kind].values():
        told = explained(query_for(kind, param))
        used = stages(told["queryPlanner"]["winningPlan"])
        assert "COLLSCAN" not in {one["stage"] for one in used}, (kind, param.name)
        assert any(one["stage"] == "IXSCAN" for one in used), (kind, param.name)


@pytest.mark.parametrize("kind", STORED)
def test_every_order_is_led_by_an_index(explained: Any, kind: str) -> None:
    sortable = [one.name for one in PARAMS[kind].values() if one.kind in {"date", "token", "string", "uri"}]
    for name in sortable:
        told = explained(SearchQuery(kind, sort=(Sorting(name),)))
        used = stages(told["queryPlanner"]["winningPlan"])
        assert "COLLSCAN" not in {one["stage"] for one in used}, (kind, name)


def test_a_rare_value_is_found_without_looking_at_the_rest(explained: Any) -> None:
    for asked in (
        ("identifier", "urn:a|nowhere"),
        ("name", "Zzz"),
        ("birthdate", "1901-01-01"),
        ("link", "Patient/zz"),
    ):
        query = understood(SearchQuery("Patient"), [asked], BASE + "/fhir", START, lenient=False).query
        told = explained(query)["executionStats"]
        assert told["totalDocsExamined"] == 0, asked


@pytest.mark.anyio
@pytest.mark.parametrize("failed", [ExecutionTimeout("x", 50), OperationFailure("x", SORT_MEMORY_EXCEEDED)])
async def test_what_takes_too_long_or_too_much_is_told_as_too_costly(failed: OperationFailure) -> None:
    with pytest.raises(TooCostly) as refused:
        async with in_time():
            raise failed
    assert [one.code for one in refused.value.told] == ["too-costly"]
    assert "narrow it" in refused.value.told[0].text


@pytest.mark.anyio
async def test_no_other_failure_is_told_as_too_costly() -> None:
    with pytest.raises(OperationFailure):
        async with in_time():
            raise OperationFailure("x", 2)

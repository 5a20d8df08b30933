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
from services.sip.storage.access_filter import access_filter
from services.sip.storage.connection import connect, database
from services.sip.storage.mongo_access_log import part_of_log
from services.sip.storage.record_search import SORT_MEMORY_EXCEEDED, RecordSearch, hint_for, in_time
from services.sip.storage.search_order import order_of
from services.sip.use_cases.log_reader import LogReader
from tests.sip.harness import BASE, HOME_NURSING, MUNICIPALITY, County
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


@pytest.mark.parametrize("reader", [LogReader(giver=MUNICIPALITY), LogReader(person="Patient/1")])
def test_every_parameter_of_the_access_log_is_led_by_an_index(served: County, reader: LogReader) -> None:
    for param in PARAMS["AuditEvent"].values():
        asked = query_for("AuditEvent", param).conditions
        wanted = {"$and": [*part_of_log(reader), *map(access_filter, asked)]}
        find: Json = {"find": "access", "filter": wanted, "sort": {"at": -1, "_id": -1}, "limit": 51}
        with MongoClient[Json](served.mongo_url) as client:
            told = client[served.database].command("explain", find, verbosity="queryPlanner")
        used = {one["stage"] for one in stages(told["queryPlanner"]["winningPlan"])}
        assert "COLLSCAN" not in used, (param.name, used)
        assert used & {"IXSCAN", "EOF"}, (param.name, used)


@pytest.mark.parametrize(
    ("kind", "asked", "index"),
    [
        ("CarePlan", ("identifier", "urn:a|7"), "terms"), ("CarePlan", ("identifier", "urn:a|"), None),
        ("CarePlan", ("goal", "Goal/1"), "terms"), ("CarePlan", ("goal", "1"), None),
        ("CarePlan", ("goal:identifier", "7"), None), ("CarePlan", ("goal:missing", "false"), None),
        ("CarePlan", ("identifier:missing", "false"), None), ("CarePlan", ("status", "active"), None),
        ("CarePlan", ("identifier:not", "7"), None), ("CarePlan", ("performer", "Organization/1"), None),
        ("CarePlan", ("patient", "Patient/1"), "person"), ("CarePlan", ("_id", "1"), "current"),
        ("CarePlan", ("identifier:text", "a"), None),
    ],
)  # fmt: skip
def test_what_few_have_is_never_looked_for_by_an_index_that_suited_what_many_have(
    kind: str, asked: tuple[str, str], index: str | None
) -> None:
    query = understood(SearchQuery(kind), [asked], BASE + "/fhir", START, lenient=False).query
    assert hint_for(query) == index


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

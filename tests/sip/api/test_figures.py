"""Exact figures as JSON and CSV behind authentication, and the simulator of list load."""

import csv
import io
from collections.abc import AsyncIterator, Iterator

import httpx2
import orjson
import pytest
from pymongo import MongoClient

from services.sip.measures.exact_figures import exact_figures
from services.sip.storage.connection import connect, database
from services.sip.storage.mongo_measure_figures import MongoMeasureFigures
from services.sip.use_cases.measure_ports import KeptFigures
from tests.sip.api.conftest import Json, done, problem
from tests.sip.harness import HEALTH_CENTRE, OTHER_CENTRE, County
from tests.sip.measures.county import county
from tests.sip.measures.county_plans import NOW
from tests.sip.measures.test_compute import added_up

pytestmark = pytest.mark.anyio
EXACT = exact_figures(added_up(county(1, people=80)), 1, NOW)
LIST = {"listed": 1573, "doctors": {"specialists": 0.8, "st_doctors": 1}}


@pytest.fixture
def monitor(served: County) -> Iterator[httpx2.Client]:
    """The region's follow-up: figures about many, nothing about anybody."""
    with served.client(sub="monitor", client_id="monitor", scope="system/MeasureReport.rs") as client:
        yield client


@pytest.fixture
async def kept(served: County) -> AsyncIterator[Json]:
    """Keep the figures of a made-up county, in which the health centre has a list."""
    with MongoClient[Json](served.mongo_url) as stored:
        key = stored[served.database].records.find_one(
            {"type": "Organization", "terms": {"$regex": f"{HEALTH_CENTRE}$"}}, {"key": 1}
        )
    row = {
        "unit": (key or {}).get("key"),
        "counties": ["21"],
        "listed": 3300,
        "specialists": 3.0,
        "st_doctors": 0.0,
        "capacity": 3300.0,
        "load": 1.0,
    }
    told = [{**one, "rows": [row]} if one["id"] == "list-load" else one for one in EXACT["indicators"]]
    client = connect(served.mongo_url)
    db = database(client, served.database)
    await db.measures.delete_many({})
    exact = {**EXACT, "indicators": told}
    await MongoMeasureFigures(db).keep(KeptFigures(1, NOW, 0.1, orjson.dumps(exact), b"[]"))
    yield exact
    await db.measures.delete_many({})
    client.close()


async def test_every_number_of_the_json_stands_in_the_csv(kept: Json, monitor: httpx2.Client) -> None:
    told = done(monitor.get("/api/v1/indicators"))
    answer = monitor.get("/api/v1/indicators", headers={"Accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))

    assert told == orjson.loads(orjson.dumps(kept))
    assert answer.headers["content-type"].startswith("text/csv")
    coc = next(one for one in told["indicators"] if one["id"] == "continuity-coc")
    means = {
        row["municipality"]: row["value"]
        for row in rows
        if row["indicator"] == "continuity-coc" and row["municipality"] and row["number"] == "mean"
    }
    assert means == {
        row["municipality"]: "" if row["mean"] is None else str(row["mean"]) for row in coc["rows"]
    }
    assert {row["measure"].rsplit("|", 1)[1] for row in rows} == {"1.1.0"}


async def test_one_indicator_and_one_way_of_grouping_can_be_asked_for(
    kept: Json, monitor: httpx2.Client
) -> None:
    told = done(monitor.get("/api/v1/indicators", params={"indicator": "continuity-coc", "by": "age"}))

    [coc] = told["indicators"]
    assert coc["rows"] == []
    assert {row["by"] for row in coc["strata"]} == {"age"}
    problem(monitor.get("/api/v1/indicators", params={"indicator": "happiness"}), 404)
    problem(monitor.get("/api/v1/indicators", params={"by": "shoe-size"}), 400)


async def test_what_if_two_doctors_leave_and_one_in_training_comes(
    kept: Json, monitor: httpx2.Client
) -> None:
    asked = {"unit": HEALTH_CENTRE, "change": {"specialists": -2, "st_doctors": 1}}
    told = done(monitor.post("/api/v1/list-load/simulations", json=asked))

    assert told["now"]["load"] == 1
    assert told["after"] == {
        "listed": 3300,
        "specialists": 1,
        "st_doctors": 1,
        "capacity": 1650,
        "load": 2,
        "over": 1650,
        "specialists_lacking": 1.5,
    }


async def test_a_stated_list_is_compared_with_the_guideline_value(monitor: httpx2.Client) -> None:
    told = done(monitor.post("/api/v1/list-load/simulations", json={**LIST, "change": {"specialists": -0.8}}))

    assert (told["now"]["capacity"], told["now"]["load"]) == (1430, 1.1)
    gone = {**LIST, "change": {"specialists": -0.8, "st_doctors": -1}}
    assert done(monitor.post("/api/v1/list-load/simulations", json=gone))["after"]["load"] is None


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({**LIST, "change": {"specialists": -2}}, 422),
        ({**LIST, "change": {"listed": -2000}}, 422),
        ({"change": {}}, 400),
        ({"unit": HEALTH_CENTRE, "listed": 5, "change": {}}, 400),
        ({"listed": 5, "change": {}}, 400),
        ({**LIST, "change": {"specialists": "NaN"}}, 400),
        ({**LIST, "change": {"specialists": 1e9}}, 400),
        ({"unit": "SE2321000016-NONE", "change": {}}, 422),
    ],
)
async def test_what_cannot_be_is_refused_with_what_to_do(
    monitor: httpx2.Client, wrong: Json, status: int
) -> None:
    problem(monitor.post("/api/v1/list-load/simulations", json=wrong), status)


async def test_a_unit_without_a_list_is_told_to_state_it(kept: Json, monitor: httpx2.Client) -> None:

    told = problem(
        monitor.post("/api/v1/list-load/simulations", json={"unit": OTHER_CENTRE, "change": {}}), 404
    )
    assert "listed" in str(told)


async def test_nobody_without_the_scope_sees_or_simulates(served: County) -> None:
    with served.client(sub="notify", client_id="notify", scope="system/right-to-know.c") as other:
        problem(other.post("/api/v1/list-load/simulations", json={**LIST, "change": {}}), 403)
        problem(other.get("/api/v1/indicators", params={"format": "csv"}), 403)

"""The process over real HTTP and a real mongod: what it shows, when it shows something new, who computes."""

import re
import subprocess
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import orjson
import pytest
from pymongo import MongoClient

from services.chassis.request_metrics import process_registry
from services.sip.domain import codes
from services.sip.measures.exact_figures import MEASURES
from services.sip.measures.measuring import Measuring, Pace
from services.sip.measures.metrics import METRICS
from services.sip.measures.process import build_measures_app
from services.sip.storage.connection import connect, database, prepare, reachable
from services.sip.storage.mongo_lease import MongoLease
from services.sip.storage.mongo_measure_figures import MongoMeasureFigures
from services.sip.storage.mongo_measure_rows import MongoMeasureRows
from services.sip.storage.mongo_measure_source import MongoMeasureSource
from tests.loopback import LoopbackServer
from tests.sip.measures.county import Person, county, person_resources, version_of, versions
from tests.sip.measures.county_plans import Plan

Store = Any
QUICK = Pace(tick=0.1, rest=0.05, lease=1.0)


@pytest.fixture
def store(mongo_url: str) -> Iterator[Store]:
    """Give a database of the test's own; the process prepares it when it starts."""
    name = f"measures-{uuid.uuid4().hex[:12]}"
    with MongoClient[dict[str, Any]](mongo_url) as client:
        yield client[name]
        client.drop_database(name)


def clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - this is the entry of the process under test


@contextmanager
def running(
    mongo_url: str, store: Store, holder: str = "one", pace: Pace = QUICK, port: int = 0
) -> Iterator[str]:
    """Run the process, wired as main does; nothing connects before its server runs."""
    client = connect(mongo_url)
    db = database(client, store.name)
    measuring = Measuring(
        MongoMeasureSource(client, db),
        MongoMeasureRows(client, db),
        MongoMeasureFigures(db),
        MongoLease(db, "measures"),
        clock,
        holder,
        pace=pace,
    )

    @asynccontextmanager
    async def opened() -> AsyncIterator[None]:
        await prepare(db)
        yield
        client.close()

    app = build_measures_app(measuring, process_registry(), lambda: reachable(client), opened)
    with LoopbackServer(app, port=port) as server:
        yield server.url


def scraped(url: str) -> dict[str, float]:
    lines = httpx2.get(f"{url}/metrics").text.splitlines()
    pairs = [line.rpartition(" ") for line in lines if line.startswith("sip_")]
    return {series: float(value) for series, _, value in pairs}


def eventually(url: str, series: str, value: float | None) -> dict[str, float]:
    """Scrape until the series has the value (None: is absent), and a computation is over."""
    seen: dict[str, float] = {}
    until = time.monotonic() + 10
    while time.monotonic() < until:
        seen = scraped(url)
        if "sip_measures_last_success_timestamp_seconds" in seen and seen.get(series) == value:
            return seen
        time.sleep(0.05)
    raise AssertionError(f"{series} did not become {value}: {seen.get(series)}")


def computed_again(url: str, store: Store) -> dict[str, float]:
    """Wait for an edition that holds everything written until now, and for its being put up."""
    edition = store.measures.find_one({"_id": "figures"})["edition"]
    until = time.monotonic() + 10
    while store.measures.find_one({"_id": "figures"})["edition"] == edition:
        assert time.monotonic() < until, "nothing was computed"
        time.sleep(0.02)
    time.sleep(0.5)
    return scraped(url)


def with_plans(store: Store, numbers: range, status: str = "active") -> None:
    """Write people with one plan each into one municipality."""
    for number in numbers:
        person = Person(
            f"q{number}", "2180", plans=[Plan(f"q{number}-plan", status, codes.PLAN_CATEGORY_SIP)]
        )
        resources = list(person_resources(person))
        store.records.insert_many([version_of(one, f"Patient/q{number}") for one in resources])


ACTIVE = 'sip_plans{municipality="2180",status="active"}'


def test_what_is_shown_of_a_county_follows_the_rule(mongo_url: str, store: Store) -> None:
    made = county(42, people=400)
    store.records.insert_many(versions(made))

    with running(mongo_url, store) as url:
        seen = eventually(url, "sip_measures_lease_held", 1.0)
        exact = orjson.loads(store.measures.find_one({"_id": "figures"})["exact"])

    plans = {series: value for series, value in seen.items() if series.startswith("sip_plans{")}
    rows = {one["id"]: one["rows"] for one in exact["indicators"]}
    expected = {
        f'sip_plans{{municipality="{row["municipality"]}",status="{row["status"]}"}}': row["plans"] // 5 * 5
        for row in rows["plans-by-status"]
        if row["persons"] >= 5
    }
    assert plans == expected
    assert len(plans) > 5
    for row in rows["continuity-coc"]:
        shown = seen.get(f'sip_coc_index_mean{{municipality="{row["municipality"]}"}}')
        assert shown == (round(row["mean"], 2) if row["persons"] >= 20 else None)
    coverage = seen['sip_fixed_contact_coverage_ratio{kind="2",municipality="2180"}']
    [exactly] = [
        r["coverage"]
        for r in rows["fixed-contact-coverage"]
        if (r["kind"], r["municipality"]) == ("2", "2180")
    ]
    assert coverage == pytest.approx(exactly, abs=0.03)
    assert coverage == round(coverage, 2)


def test_a_change_of_five_persons_shows_and_one_of_four_does_not(mongo_url: str, store: Store) -> None:
    with_plans(store, range(8))
    with running(mongo_url, store) as url:
        eventually(url, ACTIVE, 5.0)
        with_plans(store, range(8, 12))
        assert computed_again(url, store)[ACTIVE] == 5.0
        with_plans(store, range(12, 13))
        eventually(url, ACTIVE, 10.0)


def test_a_restart_does_not_bring_out_what_was_held_back(mongo_url: str, store: Store) -> None:
    with_plans(store, range(8))
    with running(mongo_url, store) as url:
        eventually(url, ACTIVE, 5.0)
    with_plans(store, range(8, 12))

    with running(mongo_url, store, "two") as url:
        assert computed_again(url, store)[ACTIVE] == 5.0


def test_a_small_group_has_no_series_at_all(mongo_url: str, store: Store) -> None:
    with_plans(store, range(4))
    with running(mongo_url, store) as url:
        seen = eventually(url, ACTIVE, None)

    assert not [series for series in seen if "2180" in series]


KEPT = 'sip_measures_computations_total{outcome="kept"}'
PATIENT = Pace(tick=0.1, rest=0.05, lease=60.0)


def test_one_computes_and_the_other_shows_the_same(mongo_url: str, store: Store) -> None:
    with_plans(store, range(8))
    with running(mongo_url, store, "one") as url, running(mongo_url, store, "two") as other:
        seen = [eventually(url, ACTIVE, 5.0), eventually(other, ACTIVE, 5.0)]
        [leading] = [
            one for one, told in zip((url, other), seen, strict=True) if told["sip_measures_lease_held"]
        ]
        [standing_by] = {url, other} - {leading}
        with_plans(store, range(8, 13))
        told = eventually(standing_by, ACTIVE, 10.0)

        assert told[KEPT] == 0
        same = "sip_measures_last_success_timestamp_seconds"
        assert told[same] == eventually(leading, ACTIVE, 10.0)[same]


def test_who_stops_leaves_the_lease_to_the_next_at_once(mongo_url: str, store: Store) -> None:
    with_plans(store, range(8))
    with running(mongo_url, store, "one", PATIENT) as url:
        eventually(url, ACTIVE, 5.0)

    with running(mongo_url, store, "two", PATIENT) as url:
        assert eventually(url, "sip_measures_lease_held", 1.0)[ACTIVE] == 5.0


def test_the_lease_of_one_who_died_is_taken_over_when_it_is_over(mongo_url: str, store: Store) -> None:
    with_plans(store, range(8))
    dead_until = datetime.now(UTC) + timedelta(seconds=1.5)  # noqa: TID251 - the database's clock, on this machine
    store.leases.insert_one({"_id": "measures", "holder": "dead", "until": dead_until})
    with running(mongo_url, store) as url:
        time.sleep(0.5)
        assert scraped(url)["sip_measures_lease_held"] == 0
        assert ACTIVE not in scraped(url)
        eventually(url, ACTIVE, 5.0)


def test_a_process_is_ready_once_it_has_figures_to_show(mongo_url: str, store: Store) -> None:
    with running(mongo_url, store) as url:
        eventually(url, "sip_measures_lease_held", 1.0)

        assert httpx2.get(f"{url}/healthz").status_code == 200
        assert httpx2.get(f"{url}/readyz").json() == {"store": True, "figures": True}


def test_every_measure_leaves_its_report_of_the_day(mongo_url: str, store: Store) -> None:
    with_plans(store, range(8))
    with running(mongo_url, store) as url:
        eventually(url, ACTIVE, 5.0)
        reports = {one["id"] for one in store.records.find({"type": "MeasureReport"})}

    assert {report[: -len("-2026-11-22")] for report in reports} == set(MEASURES)


def test_no_label_names_a_person_or_a_unit(mongo_url: str, store: Store) -> None:
    store.records.insert_many(versions(county(1)))
    with running(mongo_url, store) as url:
        text = httpx2.get(f"{url}/metrics").text
        eventually(url, "sip_measures_lease_held", 1.0)
        text = httpx2.get(f"{url}/metrics").text

    labels = set(
        re.findall(r'(\w+)="', "\n".join(line for line in text.splitlines() if line.startswith("sip_")))
    )
    of_http = {"outcome", "route", "method", "code", "le"}
    assert labels - of_http <= {label for metric in METRICS for label in metric.labels}
    assert "Patient" not in text
    assert "Organization" not in text


@pytest.mark.system
def test_prometheus_finds_nothing_to_say_about_the_whole_page(mongo_url: str, store: Store) -> None:
    with_plans(store, range(8))
    with running(mongo_url, store) as url:
        eventually(url, ACTIVE, 5.0)
        page = httpx2.get(f"{url}/metrics").content

    subprocess.run(["promtool", "check", "metrics"], input=page, check=True)

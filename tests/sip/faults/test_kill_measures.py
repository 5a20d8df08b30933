"""Two measures processes at once: one computes; killed, the other takes over; no edition is of half the people."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import anyio
import httpx2
import orjson
import pytest
from anyio.lowlevel import checkpoint
from pymongo import MongoClient

from services.sip.measures.compute import compute_figures
from services.sip.measures.exact_figures import exact_figures
from services.sip.storage.connection import connect, database
from services.sip.storage.mongo_measure_source import MongoMeasureSource
from tests.bench.large_import import lay_persons
from tests.processes import Process, sip_measures
from tests.sip.bulk.material import Centre, centre, load, name, ndjson
from tests.sip.harness import DOCTOR, County, county, patient

LEASE = 2.0
TAKES_OVER_WITHIN = 30.0  # a busy machine has its time; the lease is what the next process waits for
PERSONS = 2_000


@pytest.fixture
def served(mongo_url: str) -> Iterator[County]:
    with county(mongo_url) as running:
        yield running


def leads(process: Process) -> bool:
    text = httpx2.get(f"{process.url}/metrics", trust_env=False, timeout=30).text
    return "sip_measures_lease_held 1.0" in text


def exact(served: County) -> dict[str, Any] | None:
    with MongoClient[dict[str, Any]](served.mongo_url) as client:
        kept = client[served.database].measures.find_one({"_id": "figures"})
    return dict(orjson.loads(bytes(kept["exact"]))) if kept else None


def population(figures: dict[str, Any]) -> int:
    """Count everybody who lives, as the coverage of the fast läkarkontakt does."""
    [coverage] = [one for one in figures["indicators"] if one["id"] == "fixed-contact-coverage"]
    return sum(row["population"] for row in coverage["rows"] if row["kind"] == "2")


class Watching(threading.Thread):
    """Notes the population of each edition, as they come."""

    def __init__(self, served: County) -> None:
        super().__init__(daemon=True)
        self.served, self.seen, self.over = served, dict[int, int](), False

    def run(self) -> None:
        while not self.over:
            figures = exact(self.served)
            if figures:
                self.seen[figures["edition"]] = population(figures)
            time.sleep(0.02)


def test_killed_in_whatever_it_does_its_work_is_taken_over_and_every_edition_is_whole(
    served: County, tmp_path: Path
) -> None:
    lay_persons(served, PERSONS)
    home = centre(served)
    watching = Watching(served)
    watching.start()
    with ExitStack() as stack:
        processes = [
            stack.enter_context(sip_measures(served, tmp_path / f"log{number}", LEASE)) for number in range(2)
        ]
        for _ in range(2):
            [leader] = [one for one in processes if leads(one)]
            write_more(served, home)  # so that it is computing when it is killed
            leader.popen.kill()
            leader.popen.wait()
            processes = [one for one in processes if one is not leader]
            until = time.monotonic() + TAKES_OVER_WITHIN
            while not leads(processes[0]):
                assert time.monotonic() < until, "nobody took over"
                time.sleep(0.05)
            processes.append(stack.enter_context(sip_measures(served, tmp_path / "log2", LEASE)))
        write_more(served, home)
        final = settled(served)
    watching.over = True
    watching.join()

    counted = [watching.seen[edition] for edition in sorted(watching.seen)]
    assert counted[0] >= PERSONS
    assert counted == sorted(counted), "somebody was missing for a while"
    assert final["indicators"] == anew(served, final)["indicators"]


def write_more(served: County, home: Centre) -> None:
    with served.staff(DOCTOR) as doctor:
        doctor.post("/fhir/Patient", json=patient(next(served.numbers)))
        lines = [home.encounter(name(), subject={"reference": person}) for person in home.persons * 20]
        load(doctor, ndjson(*lines))


def settled(served: County) -> dict[str, Any]:
    """Wait for the edition after which no other comes."""
    figures, until = exact(served), time.monotonic() + TAKES_OVER_WITHIN
    expected = PERSONS + 3 + 3
    while figures is None or population(figures) < expected:
        assert time.monotonic() < until, figures and population(figures)
        time.sleep(0.1)
        figures = exact(served)
    time.sleep(4)
    return exact(served) or {}


def anew(served: County, final: dict[str, Any]) -> dict[str, Any]:
    async def counted() -> dict[str, Any]:
        client = connect(served.mongo_url)
        source = MongoMeasureSource(client, database(client, served.database))
        now = datetime.fromisoformat(final["computed"])
        tally = await compute_figures(source, now, checkpoint)
        client.close()
        return dict(orjson.loads(orjson.dumps(exact_figures(tally, 1, now, {}))))

    return anyio.run(counted)

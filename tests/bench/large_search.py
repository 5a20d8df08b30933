"""How search holds as the store grows: `make bench-large ARGS="search 1000000"`; one api process, its own mongod.

Plans are laid in by the builder of documents that every write uses, ten a person, spread over the units of a county;
one of these asks, with token, access record and all. Each size is measured on its way up, one request at a time.
"""

import itertools
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx2
from pymongo import MongoClient
from rich.console import Console
from rich.table import Table

from tests.mongod import mongod
from tests.processes import sip_api
from tests.sip.harness import DOCTOR, HEALTH_CENTRE, REGION, county
from tests.sip.search.laid_in import documents

Json = dict[str, Any]
EACH: Final = 10
UNITS: Final = (HEALTH_CENTRE, *(f"{REGION}-1E{number}" for number in range(100, 119)))
BATCH: Final = 5_000
REQUESTS: Final = 200
START: Final = datetime(2024, 1, 1, tzinfo=UTC)
SIP: Final = "https://fhir.inera.se/CodeSystem/typeofcareplan-cs"


def bench_search(most: int) -> None:
    """Grow one store to 10,000, 100,000 and so on up to the most, and measure at each."""
    console = Console(width=140)
    sizes = sorted({*(10**power for power in range(4, 8) if 10**power < most), most})
    told: dict[str, list[str]] = {}
    with mongod() as url, county(url) as served, TemporaryDirectory() as folder:
        held = 0
        for size in sizes:
            began = time.perf_counter()
            lay_plans(url, served.database, range(held // EACH, size // EACH))
            held = size
            console.print(f"{size:,} plans are there; laid in {time.perf_counter() - began:.0f} s")
            with sip_api(served, Path(folder) / "log") as process, served.staff(DOCTOR) as doctor:
                client = httpx2.Client(
                    base_url=process.url, headers=doctor.headers, timeout=60, trust_env=False
                )
                for question in QUESTIONS:
                    told.setdefault(question.name, []).append(question.measured(client, size // EACH))
    table = Table("p50 / p99 ms", *(f"{size:,} plans" for size in sizes))
    for name, cells in told.items():
        table.add_row(name, *cells)
    console.print(table)


def lay_plans(url: str, database: str, persons: range) -> None:
    """Lay in each person with a goal and ten plans; every twentieth person is of the unit that asks."""
    with MongoClient[Json](url) as client:
        records = client[database].records
        rows = (row for number in persons for row in documents(of_person(number), UNITS[number % len(UNITS)]))
        while batch := list(itertools.islice(rows, BATCH)):
            records.insert_many(batch, ordered=False)


def of_person(number: int) -> Iterator[Json]:
    """Make what is held of one person."""
    dice = random.Random(number)
    person = f"Patient/p{number}"
    about = {"subject": {"reference": person}}
    at = START + timedelta(seconds=number * 60)
    yield _row(
        "Patient", f"p{number}", at, identifier=[{"system": "urn:mrn", "value": str(number)}],
        name=[{"family": f"Efternamn{number % 997}", "given": ["Test"]}], birthDate=f"{1930 + number % 90}-05-17",
    )  # fmt: skip
    yield _row(
        "Goal", f"g{number}", at, lifecycleStatus="active", description={"text": "Gå till affären"}, **about
    )
    for place in range(EACH):
        day = (START + timedelta(days=dice.randrange(1000))).date()
        yield _row(
            "CarePlan", f"c{number}-{place}", at + timedelta(seconds=place), intent="plan",
            status="active" if place == 0 else "completed",
            category=[{"coding": [{"system": SIP, "code": "SIP" if place < 7 else "SPU"}]}],
            identifier=[{"system": "urn:plan", "value": f"{number}-{place}"}],
            period={"start": day.isoformat(), "end": (day + timedelta(days=dice.randrange(30, 360))).isoformat()},
            goal=[{"reference": f"Goal/g{number}"}], title="Samordnad individuell plan",
            note=[{"text": "Trygghet hemma, promenad varje dag med arbetsterapeut. " * 8}], **about,
        )  # fmt: skip


def _row(kind: str, number: str, at: datetime, **more: Any) -> Json:
    meta = {"versionId": "1", "lastUpdated": at.isoformat(timespec="milliseconds")}
    return {"resourceType": kind, "id": number, "meta": meta, **more}


@dataclass(frozen=True)
class Question:
    """One search, with places for a person's number and a day."""

    name: str
    path: str

    def measured(self, client: httpx2.Client, persons: int) -> str:
        """Ask of persons here and there; say what it took, or that it was refused as too costly."""
        dice = random.Random(self.path)
        times, refused = [], 0
        for turn in range(REQUESTS + 20):
            mine = dice.randrange(persons // len(UNITS)) * len(UNITS)
            day = (START + timedelta(days=dice.randrange(1000))).date()
            began = time.perf_counter()
            answer = client.get("/fhir/" + self.path.format(number=mine, day=day))
            took = time.perf_counter() - began
            assert answer.status_code == 200 or "too-costly" in answer.text, answer.text
            refused += answer.status_code != 200
            if turn >= 20:  # the first ones warm up
                times.append(took * 1000)
            if refused > 3:
                return "too-costly"
        return f"{median(times):.1f} / {quantiles(times, n=100)[98]:.1f}"


QUESTIONS: Final = (
    Question("read", "CarePlan/c{number}-1"),
    Question("a person's plans", "CarePlan?patient=Patient/p{number}&_count=10"),
    Question("with _include", "CarePlan?patient=Patient/p{number}&_include=CarePlan:goal&_include=CarePlan:patient"),
    Question("with _revinclude", "Patient?_id=p{number}&_revinclude=CarePlan:patient"),
    Question("a person's plans by status", "CarePlan?patient=Patient/p{number}&status=active"),
    Question("a person's plans by date", "CarePlan?patient=Patient/p{number}&date=ge{day}&_sort=date"),
    Question("by identifier", "CarePlan?identifier=urn:plan|{number}-3"),
    Question("by a chain", "CarePlan?patient:Patient.identifier=urn:mrn|{number}"),
    Question("by a reverse chain", "Patient?_has:CarePlan:patient:identifier=urn:plan|{number}-3"),
    Question("by goal", "CarePlan?goal=Goal/g{number}"),
    Question("newest of a status", "CarePlan?status=active&_count=10"),
    Question("newest of a category", "CarePlan?category=SIP&_count=10"),
    Question("newest of all", "CarePlan?_count=10"),
    Question("changed since", "CarePlan?_lastUpdated=ge{day}&_count=10"),
    Question("by start of name", "Patient?family=Efternamn7&_count=10"),
    Question("by birth date", "Patient?birthdate=1950-05-17&_count=10"),
    Question("valid on a day", "CarePlan?date=ap{day}&_count=10"),
    Question("not of a status", "CarePlan?status:not=active&_count=10"),
    Question("inside a name", "Patient?name:contains=namn77&_count=10"),
    Question("all in order of date", "CarePlan?_sort=date&_count=10"),
    Question("history", "CarePlan/c{number}-1/_history"),
)  # fmt: skip

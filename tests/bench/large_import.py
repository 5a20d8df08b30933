"""How fast and how large a bulk import is: `make bench-large ARGS="import 100000"`; one api process, its own mongod."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx2
import orjson
from bson.binary import Binary
from pymongo import MongoClient
from rich.console import Console

from tests.mongod import mongod
from tests.processes import Process, sip_api
from tests.sip.harness import DOCTOR, HEALTH_CENTRE, REGION, SECOND_DOCTOR, County, county

EACH: Final = 10
BATCH: Final = 5_000
FIRST: Final = datetime(2025, 1, 7, 7, tzinfo=UTC)


def bench_import(encounters: int) -> None:
    """Load so many encounters of a tenth as many residents, and once more the last of them."""
    console = Console()
    with mongod() as url, county(url) as served, TemporaryDirectory() as folder:
        persons = lay_persons(served, encounters // EACH)
        with sip_api(served, Path(folder) / "log") as process:

            def client() -> httpx2.Client:
                """Each import with a token of its own: the first may outlive one."""
                headers = served.staff(DOCTOR).headers
                return httpx2.Client(base_url=process.url, headers=headers, timeout=3600, trust_env=False)

            loaded = _import(client(), "all", _lines(served, persons, encounters))
            console.print(_line("loaded", encounters, loaded, process))
            again = min(encounters, 20_000)
            repeated = _import(client(), "again", _lines(served, persons, again))
            console.print(_line("sent again", again, repeated, process))


def _import(client: httpx2.Client, number: str, lines: Iterator[bytes]) -> tuple[float, dict[str, Any]]:
    began = time.perf_counter()
    answer = client.post(
        f"/fhir/Encounter/$import?id={number}",
        content=lines,
        headers={"Content-Type": "application/fhir+ndjson"},
    )
    seconds = time.perf_counter() - began
    assert answer.status_code == 200, answer.text
    told = answer.json()["parameter"]
    return seconds, {one["name"]: next(v for k, v in one.items() if k != "name") for one in told}


def _line(what: str, count: int, came: tuple[float, dict[str, Any]], process: Process) -> str:
    seconds, told = came
    kept = {name: told[name] for name in ("created", "changed", "unchanged", "refused")}
    return (
        f"{what}: {count:,} in {seconds:.1f} s, {count / seconds:,.0f} a second; {kept}; "
        f"api: {process.peak_megabytes():.0f} MB at most, {process.cpu_seconds():.0f} s of CPU"
    )


def lay_persons(served: County, count: int) -> list[str]:
    """Lay residents into the store as if they had been registered; the bench is about their contacts."""
    keys = [f"Patient/p{number:07}" for number in range(count)]
    with MongoClient[dict[str, Any]](served.mongo_url) as client:
        records = client[served.database].records
        for at in range(0, count, BATCH):
            records.insert_many([_patient(key) for key in keys[at : at + BATCH]], ordered=False)
    return keys


def _patient(key: str) -> dict[str, Any]:
    body = {"resourceType": "Patient", "id": key.partition("/")[2], "meta": {"versionId": "1"}}
    always = {"from": datetime(1900, 1, 1, tzinfo=UTC), "until": datetime(9999, 12, 31, tzinfo=UTC)}
    return {
        "_id": f"{key}/1", "key": key, "type": "Patient", "id": body["id"], "version": 1, "at": FIRST, "seq": 0,
        "current": True, "patient": key, "own": {"unit": HEALTH_CENTRE, "giver": REGION},
        "body": Binary(orjson.dumps(body)), "by": {}, "reason": "", "terms": [], "dates": [], "sort": {},
        "readers": [{"unit": one, **always} for one in (HEALTH_CENTRE, key)],
    }  # fmt: skip


def _lines(served: County, persons: list[str], count: int) -> Iterator[bytes]:
    """Give the lines person after person, as a journal system's export has them."""
    with served.staff(DOCTOR) as doctor:
        roles = [
            doctor.get("/fhir/PractitionerRole", params={"practitioner.identifier": one}).json()["entry"][0]
            for one in (DOCTOR, SECOND_DOCTOR)
        ]
        unit = doctor.get("/fhir/Organization", params={"identifier": HEALTH_CENTRE}).json()["entry"][0]
    who = [f"PractitionerRole/{one['resource']['id']}" for one in roles]
    gathered: list[bytes] = []
    for number in range(count):
        at = FIRST + timedelta(days=number % 500, minutes=number % 400)
        gathered.append(
            orjson.dumps(
                _encounter(
                    number,
                    persons[number // EACH],
                    (who[number % 3 % 2], f"Organization/{unit['resource']['id']}"),
                    at,
                )
            )
        )
        if len(gathered) == 200:
            yield b"\n".join(gathered) + b"\n"
            gathered = []
    yield b"\n".join(gathered)


def _encounter(number: int, person: str, where: tuple[str, str], at: datetime) -> dict[str, Any]:
    times = [(at + timedelta(minutes=more)).isoformat() for more in (0, 30)]
    return {
        "resourceType": "Encounter",
        "identifier": [
            {"system": "https://samplan.example/fhir/sid/encounter", "value": f"{HEALTH_CENTRE}-{number:08}"}
        ],
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        "type": [
            {
                "coding": [
                    {"system": "https://samplan.example/fhir/CodeSystem/contact-kind", "code": "doctor-visit"}
                ]
            }
        ],
        "subject": {"reference": person},
        "participant": [{"individual": {"reference": where[0]}}],
        "period": dict(zip(("start", "end"), times, strict=True)),
        "serviceProvider": {"reference": where[1]},
    }

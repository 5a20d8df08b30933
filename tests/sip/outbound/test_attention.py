"""Who comes to the work list without anybody having written: time that ran out, and too many different people."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from pymongo import MongoClient

from tests.sip.harness import DOCTOR, HEALTH_CENTRE, SECOND_DOCTOR, County, county
from tests.sip.outbound.handing import PATIENCE, Json, listed, relaying


@pytest.fixture(scope="module")
def served(mongo_url: str) -> Iterator[County]:
    with county(mongo_url) as running:
        yield running


@pytest.fixture
def doctor(served: County) -> Iterator[httpx2.Client]:
    with served.staff(DOCTOR) as client:
        yield client


def entries(client: httpx2.Client, person: str) -> list[tuple[str, str]]:
    answer = client.get("/api/v1/worklist?count=200")
    assert answer.status_code == 200, answer.text
    return [
        (one["reason"], one["contact_id"]) for one in answer.json()["entries"] if one["person_id"] == person
    ]


def until(holds: Callable[[], Any]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_stand_in_whose_time_ran_out_comes_to_the_list_once(served: County, doctor: httpx2.Client) -> None:
    [(person, contact)] = listed(doctor, 1).items()
    soon = now(served) + timedelta(seconds=1)
    absent = {
        "employee": SECOND_DOCTOR,
        "unit": HEALTH_CENTRE,
        "reason": "staff-absent",
        "until": soon.isoformat(),
    }
    answer = doctor.post(f"/api/v1/contacts/{contact}/stand-ins", json=absent)
    assert answer.status_code == 201, answer.text
    stand_in = answer.json()["id"]

    with relaying(served, attention_seconds=0.1):
        until(lambda: entries(doctor, person))
        time.sleep(0.5)

    assert entries(doctor, person) == [("stand-in-over", stand_in)]


def test_who_is_frail_and_meets_too_many_people_comes_to_the_list(
    served: County, doctor: httpx2.Client
) -> None:
    (frail, contact), (sturdy, _), (steady, _) = listed(doctor, 3).items()
    yesterday = now(served) - timedelta(days=1)
    roles = [_role(doctor, employee) for employee in (DOCTOR, SECOND_DOCTOR)]
    for person, met in ((frail, roles), (sturdy, roles), (steady, [roles[0], roles[0]])):
        for role in met:
            _visit(doctor, person, role, yesterday)
    _visit(doctor, steady, roles[1], yesterday, status="cancelled")
    _visit(doctor, steady, roles[1], yesterday - timedelta(days=400))
    for person in (frail, steady):
        assert doctor.put(f"/api/v1/persons/{person}/frailty", json={"frail": True}).status_code == 200

    with relaying(served, attention_seconds=0.1, frail_meets_most_people=1):
        until(lambda: entries(doctor, frail))
        time.sleep(0.5)

    assert entries(doctor, frail) == [("many-people", contact)]
    assert entries(doctor, sturdy) == entries(doctor, steady) == []


def _role(client: httpx2.Client, employee: str) -> str:
    found = client.get(f"/fhir/PractitionerRole?practitioner.identifier={employee}").json()["entry"]
    return f"PractitionerRole/{found[0]['resource']['id']}"


def now(served: County) -> datetime:
    """Ask the database what time it is."""
    with MongoClient[Json](served.mongo_url, tz_aware=True) as mongo:
        told: datetime = mongo.admin.command("hello")["localTime"]
    return told.astimezone(UTC)


def _visit(client: httpx2.Client, person: str, role: str, day: datetime, status: str = "finished") -> None:
    at = day.isoformat(timespec="seconds")
    visit = {
        "resourceType": "Encounter",
        "status": status,
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        "subject": {"reference": f"Patient/{person}"},
        "period": {"start": at, "end": at},
        "participant": [{"individual": {"reference": role}}],
    }
    answer = client.post("/fhir/Encounter", json=visit)
    assert answer.status_code == 201, answer.text

"""kill -9 of the API at random moments under load: what was acknowledged is there, and nothing is there by half."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from pymongo import MongoClient

from tests.issuer import TestIssuer
from tests.loopback import free_port
from tests.sip.fhir.conftest import BASE, goal, numbers

__all__ = ["numbers"]

KILLS = int(os.environ.get("SAMPLAN_KILLS", "6"))
WRITERS = 4
PATIENCE = 30.0  # seconds


@dataclass
class Killable:
    """A sip api in a process of its own, that is started again after each kill."""

    environment: dict[str, str]
    url: str
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services.cli", "sip", "api"], env=self.environment
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                if httpx2.get(f"{self.url}/readyz", trust_env=False).status_code == 200:
                    return
            except httpx2.HTTPError:
                time.sleep(0.05)
        pytest.fail("the API did not start")

    def kill(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)


@dataclass
class Ledger:
    """What the API said it had stored: `Type/id/version`."""

    acknowledged: set[str] = field(default_factory=set)
    stopped: threading.Event = field(default_factory=threading.Event)

    def note(self, answer: httpx2.Response) -> None:
        body = answer.json()
        self.acknowledged.add(f"Goal/{body['id']}/{body['meta']['versionId']}")


@pytest.fixture
def database() -> str:
    return f"kill_{uuid.uuid4().hex}"


@pytest.fixture
def sip_process(mongo_url: str, database: str) -> Iterator[tuple[Killable, TestIssuer]]:
    port = free_port()
    with TestIssuer(audience=BASE) as issuer:
        settings = {
            "MONGO_URL": mongo_url,
            "MONGO_DATABASE": database,
            "PUBLIC_BASE": BASE,
            "ISSUERS": json.dumps([issuer.setting()]),
            "TOKEN_URL": issuer.token_url,
            "CLIENT_ID": "sip",
            "CLIENT_SECRET": "not-used-here",
            "PORT": str(port),
            "LOG_LEVEL": "ERROR",
        }
        environment = os.environ | {f"SAMPLAN_SIP_{name}": value for name, value in settings.items()}
        sip = Killable(environment, f"http://127.0.0.1:{port}")
        sip.start()
        yield sip, issuer
        sip.kill()


def client_of(sip: Killable, issuer: TestIssuer) -> httpx2.Client:
    claims = {
        "scope": "user/*.cruds",
        "employeeHsaId": "SE-K-e",
        "healthcareUnitHsaId": "SE-K-unit",
        "healthcareProviderHsaId": "SE-K",
    }
    return httpx2.Client(base_url=sip.url, headers=issuer.headers(**claims), timeout=5, trust_env=False)


def write_without_end(client: httpx2.Client, person: str, ledger: Ledger) -> None:
    """Create goals and change them, noting each that was acknowledged; a lost answer is simply not noted."""
    while not ledger.stopped.is_set():
        try:
            made = client.post("/fhir/Goal", json=goal(person))
            if made.status_code == 201:
                ledger.note(made)
                changed = made.json() | {"description": {"text": "Ändrat"}}
                address = f"/fhir/Goal/{changed['id']}"
                answer = client.put(address, json=changed, headers={"If-Match": 'W/"1"'})
                if answer.status_code == 200:
                    ledger.note(answer)
        except httpx2.HTTPError:
            time.sleep(0.02)


def test_what_was_acknowledged_survives_and_nothing_is_stored_by_half(
    sip_process: tuple[Killable, TestIssuer], mongo_url: str, database: str, numbers: Iterator[str]
) -> None:
    sip, issuer = sip_process
    rng = random.Random(20261122)
    ledger = Ledger()
    persons = []
    with client_of(sip, issuer) as client:
        for _ in range(2):
            identifier = {
                "system": "http://electronichealth.se/identifier/personnummer",
                "value": next(numbers),
            }
            made = client.post("/fhir/Patient", json={"resourceType": "Patient", "identifier": [identifier]})
            persons.append(f"Patient/{made.json()['id']}")
    clients = [client_of(sip, issuer) for _ in range(WRITERS)]
    writers = [
        threading.Thread(target=write_without_end, args=(client, persons[i % 2], ledger), daemon=True)
        for i, client in enumerate(clients)
    ]
    for writer in writers:
        writer.start()
    for _ in range(KILLS):
        time.sleep(rng.uniform(0.3, 1.2))
        sip.kill()
        sip.start()
    writable_again(sip, issuer, persons[0])
    ledger.stopped.set()
    for writer, client in zip(writers, clients, strict=True):
        writer.join(15)
        client.close()
    assert len(ledger.acknowledged) > KILLS
    with MongoClient[dict[str, Any]](mongo_url) as mongo:
        see_that_all_is_whole(mongo[database], ledger, persons)
        mongo.drop_database(database)


def writable_again(sip: Killable, issuer: TestIssuer, person: str) -> None:
    """The person's record takes writes again within 10 s: a dead writer's transaction does not hold it."""
    until = time.monotonic() + 10
    with client_of(sip, issuer) as client:
        while client.post("/fhir/Goal", json=goal(person)).status_code != 201:
            assert time.monotonic() < until


def see_that_all_is_whole(db: Any, ledger: Ledger, persons: list[str]) -> None:
    rows = list(db.records.find({}, {"body": 0}))
    stored = {row["_id"] for row in rows}
    assert ledger.acknowledged <= stored, "an acknowledged write is lost"
    logged = [
        key for row in db.access.find({"allowed": True, "action": {"$in": ["C", "U"]}}) for key in row["keys"]
    ]
    of_persons = [row for row in rows if row["patient"] in persons]
    assert len(logged) == len(of_persons), "a version without its access row, or a row without its version"
    for person in persons:
        seqs = sorted(row["seq"] for row in of_persons if row["patient"] == person)
        assert seqs == list(range(1, len(seqs) + 1)), (
            "a number of the person's order is missing or given twice"
        )
        assert db.persons.find_one({"_id": person})["seq"] == len(seqs)
    keys = {row["key"] for row in rows}
    current = [row["key"] for row in rows if row.get("current")]
    assert sorted(current) == sorted(keys), "a resource without exactly one current version"
    assert all(row.get("events") and row.get("unsent") for row in of_persons), "a change without its events"

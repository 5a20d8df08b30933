"""kill -9 of the api under load: whatever was answered is on record, whatever was acknowledged is stored."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from joserfc.jwk import OKPKey
from pymongo import MongoClient

from services.chassis.signing_key import SigningKey
from services.sip.storage.connection import connect, database
from services.sip.storage.mongo_sealed_log import MongoSealedLog
from services.sip.use_cases.seal_log import seal_log
from services.sip.use_cases.verify_log import LogVerdict, verify_log
from tests.loopback import free_port
from tests.sip.harness import BASE, NURSE, County, county, patient
from tests.sip.storage.conftest import NOW

ROOT = Path(__file__).parents[3]
READY_WITHIN = 60.0
KILLS = int(os.environ.get("SAMPLAN_KILLS", "10"))


@pytest.fixture(scope="module")
def served(mongo_url: str) -> Iterator[County]:
    with county(mongo_url) as running:
        yield running


@contextlib.contextmanager
def api(served: County, log: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Run `sip api` as a process of its own on the county's database."""
    port = free_port()
    told = {
        "MONGO_URL": served.mongo_url, "MONGO_DATABASE": served.database, "PUBLIC_BASE": BASE, "PORT": str(port),
        "ISSUERS": json.dumps([served.issuer.setting()]), "TOKEN_URL": served.issuer.token_url, "CLIENT_ID": "sip",
        "CLIENT_SECRET": "not-used-here", "CLIENT_REQUESTS_PER_SECOND": "100000",
    }  # fmt: skip
    environment = {**os.environ, **{f"SAMPLAN_SIP_{name}": value for name, value in told.items()}}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.cli", "sip", "api"], env=environment, cwd=ROOT, stderr=output
        )
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + READY_WITHIN
        while not is_ready(url):
            assert process.poll() is None, log.read_text()[-2000:]
            assert time.monotonic() < until
            time.sleep(0.05)
        yield url, process
    finally:
        process.kill()
        process.wait()


def is_ready(url: str) -> bool:
    with contextlib.suppress(httpx2.HTTPError):
        return httpx2.get(f"{url}/readyz", trust_env=False).status_code == 200
    return False


def ask(url: str, headers: dict[str, str], person: str, who: str, answered: dict[str, str]) -> None:
    """Write and read in turn until nobody answers; notes each request that was answered, and what it made."""
    goal = {"resourceType": "Goal", "lifecycleStatus": "proposed", "description": {"text": "a"}}
    goal |= {"subject": {"reference": person}}
    address = f"/fhir/{person}"
    with httpx2.Client(base_url=url, headers=headers, trust_env=False) as client:
        for number in range(10_000):
            request = f"{who}-{number}"
            try:
                if number % 3:
                    answer = client.get(address, headers={"X-Request-Id": request})
                else:
                    answer = client.post("/fhir/Goal", json=goal, headers={"X-Request-Id": request})
            except httpx2.HTTPError:
                return
            if answer.status_code in {200, 201}:
                key = f"{answer.json()['resourceType']}/{answer.json()['id']}"
                answered[request] = key
                address = f"/fhir/{key}"


@pytest.mark.parametrize("seed", range(KILLS))
def test_no_answer_without_its_record_and_nothing_acknowledged_is_lost(
    served: County, tmp_path: Path, seed: int
) -> None:
    answered: dict[str, str] = {}
    with served.staff(NURSE) as nurse:
        headers = {"Authorization": nurse.headers["authorization"]}
        persons = [
            f"Patient/{nurse.post('/fhir/Patient', json=patient(next(served.numbers))).json()['id']}"
            for _ in range(2)
        ]
    with api(served, tmp_path / "log") as (url, process):
        askers = [
            threading.Thread(target=ask, args=(url, headers, persons[one % 2], f"{seed}-{one}", answered))
            for one in range(6)
        ]
        for one in askers:
            one.start()
        until = time.monotonic() + READY_WITHIN
        while len(answered) < 10 and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(random.Random(seed).uniform(0, 0.5))
        process.send_signal(signal.SIGKILL)
        for one in askers:
            one.join()
    assert answered
    with MongoClient[dict[str, Any]](served.mongo_url) as client:
        db = client[served.database]
        logged = {
            row["request"] for row in db.access.find({"request": {"$in": list(answered)}}, {"request": 1})
        }
        kept = {row["key"] for row in db.records.find({"key": {"$in": list(answered.values())}}, {"key": 1})}
    assert set(answered) - logged == set()
    assert set(answered.values()) - kept == set()
    verdict = anyio.run(sealed_and_verified, served)
    assert verdict.finding is None
    assert verdict.records >= len(answered)


KEY = SigningKey(json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)))


async def sealed_and_verified(served: County) -> LogVerdict:
    client = connect(served.mongo_url)
    log = MongoSealedLog(client, database(client, served.database))
    while await seal_log(log, KEY, NOW):
        pass
    verdict = await verify_log(log, KEY)
    client.close()
    return verdict

"""A doctor's list to hand over, and processes that do it, for the tests of bulk handovers."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import httpx2

from services.sip.main.relay import build_relay
from services.sip.settings import SipSettings
from tests.loopback import LoopbackServer, free_port
from tests.sip.harness import BASE, DOCTOR, HEALTH_CENTRE, SECOND_DOCTOR, County

ROOT: Final = Path(__file__).parents[3]
PATIENCE: Final = 60.0  # seconds; only a failing test waits so long
LEAVING: Final = {"from_employee": DOCTOR, "from_unit": HEALTH_CENTRE, "reason": "staff-left"}
TO_SECOND: Final = {"to": [{"employee": SECOND_DOCTOR, "unit": HEALTH_CENTRE}]}

Json = dict[str, Any]


def listed(doctor: httpx2.Client, number: int) -> dict[str, str]:
    """Give so many new persons, without numbers, the doctor as fast läkarkontakt; gives contact by person."""
    contacts: dict[str, str] = {}
    for _ in range(number):
        somebody = {"resourceType": "Patient", "name": [{"family": "Tolvansson"}]}
        person = doctor.post("/fhir/Patient", json=somebody).json()["id"]
        new = {"kind": "fast-lakarkontakt", "employee": DOCTOR, "unit": HEALTH_CENTRE, "reason": "first"}
        answer = doctor.post(
            f"/api/v1/persons/{person}/contacts", json=new | {"from": "2026-01-15T08:00:00+01:00"}
        )
        assert answer.status_code == 201, answer.text
        contacts[person] = answer.json()["id"]
    return contacts


@contextlib.contextmanager
def relaying(served: County, **settled: Any) -> Iterator[None]:
    """Run the relay's tasks, handing over among them; notify is not there, which must not matter."""
    told = _settings(served)
    settings = SipSettings(
        mongo_url=served.mongo_url, mongo_database=served.database, public_base=BASE,
        issuers=[served.issuer.setting()], token_url=served.issuer.token_url, client_id="sip",
        client_secret="not-used-here", notify_url=told["NOTIFY_URL"], relay_poll_seconds=0.2,
        **settled,
    )  # fmt: skip
    with LoopbackServer(build_relay(settings)):
        yield


@contextlib.contextmanager
def relay_process(served: County) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `sip relay` as a process of its own."""
    environment = {
        **os.environ,
        **{f"SAMPLAN_SIP_{name}": value for name, value in _settings(served).items()},
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "services.cli", "sip", "relay"],
        env=environment,
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _settings(served: County) -> dict[str, str]:
    return {
        "MONGO_URL": served.mongo_url, "MONGO_DATABASE": served.database, "PUBLIC_BASE": BASE,
        "PORT": str(free_port()), "ISSUERS": json.dumps([served.issuer.setting()]),
        "TOKEN_URL": served.issuer.token_url, "CLIENT_ID": "sip", "CLIENT_SECRET": "not-used-here",
        "NOTIFY_URL": f"http://127.0.0.1:{free_port()}", "RELAY_POLL_SECONDS": "0.2",
    }  # fmt: skip


def progress(client: httpx2.Client, location: str) -> Json:
    """Ask how far a handover has come."""
    answer = client.get(location)
    assert answer.status_code == 200, answer.text
    told: Json = answer.json()
    assert told["total"] == told["moved"] + told["refused"] + told["waiting"]
    return told


def until(client: httpx2.Client, location: str, holds: Callable[[Json], bool]) -> Json:
    """Wait until the progress is so."""
    end = time.monotonic() + PATIENCE
    while not holds(told := progress(client, location)):
        assert time.monotonic() < end, told
        time.sleep(0.02)
    return told


def done(told: Json) -> bool:
    """Tell whether nothing waits any more."""
    return bool(told["state"] == "done")

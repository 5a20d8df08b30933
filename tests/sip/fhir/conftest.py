"""sip's FHIR API over real HTTP: a server, an issuer, and clients of three units."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from services.sip.main.api import build_api
from services.sip.settings import SipSettings
from tests.issuer import TestIssuer
from tests.loopback import LoopbackServer
from tests.recording import recording_hooks

BASE = "https://samplan.test"


@dataclass(frozen=True)
class Sip:
    """A running API and who may call it."""

    url: str
    issuer: TestIssuer
    mongo_url: str
    database: str

    def client(self, unit: str | None = "SE-K-unit", **claims: Any) -> httpx2.Client:
        """Give a client of a unit; its care giver is the HSA-id without the last part."""
        every = {
            "scope": "user/*.cruds",
            "employeeHsaId": f"{unit}-employee",
            "healthcareUnitHsaId": unit,
            "healthcareProviderHsaId": unit and unit.rpartition("-")[0],
            **claims,
        }
        headers, hooks = self.issuer.headers(**every), recording_hooks()
        return httpx2.Client(base_url=self.url, headers=headers, trust_env=False, event_hooks=hooks)


@pytest.fixture(scope="session")
def sip(mongo_url: str) -> Iterator[Sip]:
    """Serve sip for the whole session, on a database of its own."""
    name = f"test_{uuid.uuid4().hex}"
    with TestIssuer(audience=BASE) as issuer:
        settings = SipSettings(
            mongo_url=mongo_url,
            mongo_database=name,
            public_base=BASE,
            issuers=[issuer.setting()],
            token_url=issuer.token_url,
            client_id="sip",
            client_secret="not-used-here",
        )
        with LoopbackServer(build_api(settings)) as server:
            yield Sip(server.url, issuer, mongo_url, name)


@pytest.fixture
def nurse(sip: Sip) -> Iterator[httpx2.Client]:
    """A nurse of the municipality."""
    with sip.client("SE-K-unit") as client:
        yield client


@pytest.fixture
def doctor(sip: Sip) -> Iterator[httpx2.Client]:
    """A doctor of the region."""
    with sip.client("SE-R-unit") as client:
        yield client


@pytest.fixture(scope="session")
def numbers() -> Iterator[str]:
    """Give personal numbers that no living person can have, each once: Skatteverket's test series."""
    lines = Path("services/demo/county/test_personal_numbers.txt").read_text().splitlines()
    return iter(line.split()[0] for line in lines if line[:1].isdigit())


@pytest.fixture
def person(nurse: httpx2.Client, numbers: Iterator[str]) -> str:
    """Register a resident; gives `Patient/id`."""
    identifier = {"system": "http://electronichealth.se/identifier/personnummer", "value": next(numbers)}
    made = nurse.post("/fhir/Patient", json={"resourceType": "Patient", "identifier": [identifier]})
    return f"Patient/{made.json()['id']}"


def goal(person: str, text: str = "Gå till affären själv", **more: Any) -> dict[str, Any]:
    """Make a goal of a resident."""
    return {
        "resourceType": "Goal",
        "lifecycleStatus": "proposed",
        "description": {"text": text},
        "subject": {"reference": person},
        **more,
    }

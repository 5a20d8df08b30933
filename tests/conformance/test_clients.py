"""Clients that nobody here wrote do what they are made for against a running sip."""

import json
import subprocess
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fhirclient import client as smart
from fhirclient.models.goal import Goal
from fhirclient.models.patient import Patient
from fhirpy import AsyncFHIRClient
from fhirpy.base.exceptions import MultipleResourcesFound, OperationOutcome, ResourceNotFound

from tests.sip.fhir.conftest import Sip

pytestmark = [pytest.mark.system, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
HERE = Path(__file__).parent
NUMBER_SYSTEM = "http://electronichealth.se/identifier/personnummer"


def token(sip: Sip) -> str:
    with sip.client() as client:
        return str(client.headers["authorization"])


@pytest.mark.anyio
async def test_fhirpy(sip: Sip, person: str) -> None:
    lenient = {"Prefer": "handling=lenient"}  # it counts by a parameter of one vendor's
    client = AsyncFHIRClient(f"{sip.url}/fhir", authorization=token(sip), extra_headers=lenient)
    patient = await client.reference(reference=person).to_resource()
    goals = [
        client.resource(
            "Goal",
            lifecycleStatus="proposed",
            description={"text": f"Mål {number}"},
            subject=patient.to_reference(),
            identifier=[{"system": "https://fhirpy.example", "value": str(number)}],
        )
        for number in range(5)
    ]
    for goal in goals:
        await goal.save()
    found = client.resources("Goal").search(patient=person).limit(2)
    assert {one["id"] for one in await found.fetch_all()} == {one["id"] for one in goals}
    assert await found.count() == 5
    await client.resources("Goal").search(identifier="https://fhirpy.example|3").get()
    with pytest.raises(MultipleResourcesFound):
        await found.get()
    with pytest.raises(ResourceNotFound):
        await client.reference("Goal", "absent").to_resource()
    with pytest.raises(OperationOutcome):
        await client.resource("Goal", lifecycleStatus="banana", subject=patient.to_reference()).save()
    included = client.resources("Goal").search(patient=person).include("Goal", "patient")
    bundle = await included.fetch_raw()
    assert {entry["resource"]["resourceType"] for entry in bundle["entry"]} == {"Goal", "Patient"}


def test_fhirclient(sip: Sip, nurse: httpx2.Client, person: str) -> None:
    settings = {"app_id": "conformance", "api_base": f"{sip.url}/fhir/"}
    server = smart.FHIRClient(settings=settings).server
    server.session.headers["Authorization"] = token(sip)
    server.session.trust_env = False
    read = Patient.read(person.partition("/")[2], server)
    assert read.identifier[0].system == NUMBER_SYSTEM
    goal = Goal(
        {
            "resourceType": "Goal",
            "lifecycleStatus": "proposed",
            "description": {"text": "Gå ut varje dag"},
            "subject": {"reference": person},
        }
    )
    stored = goal.create(server)
    assert stored["id"]
    found = Goal.where({"patient": person}).perform_resources(server)
    assert [one.description.text for one in found] == ["Gå ut varje dag"]
    bundle = nurse.get(f"/fhir/{person}/$everything").json()
    assert len(bundle["entry"]) == 2


@pytest.fixture
def node_input(sip: Sip, person: str) -> str:
    """What the Node script is told."""
    return json.dumps({"base": f"{sip.url}/fhir", "authorization": token(sip), "person": person})


def test_fhir_kit_client(node_input: str) -> None:
    done: Any = subprocess.run(
        ["node", str(HERE / "fhir-kit.mjs")],
        input=node_input, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().endswith("all passed")

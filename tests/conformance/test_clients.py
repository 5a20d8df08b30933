"""Clients that nobody here wrote do what they are made for against a running sip."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from fhirclient import client as smart
from fhirclient.models.bundle import Bundle
from fhirclient.models.goal import Goal
from fhirclient.models.patient import Patient
from fhirclient.server import FHIRNotFoundException, FHIRServer
from fhirpy import AsyncFHIRClient
from fhirpy.base.exceptions import MultipleResourcesFound, OperationOutcome, ResourceNotFound

from tests.sip.fhir.conftest import Sip

pytestmark = [pytest.mark.system, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
HERE = Path(__file__).parent
NUMBER_SYSTEM = "http://electronichealth.se/identifier/personnummer"
SYSTEM = "https://fhirpy.example"
Json = dict[str, Any]


def token(sip: Sip) -> str:
    with sip.client() as client:
        return str(client.headers["authorization"])


def fhirpy(sip: Sip, **headers: str) -> AsyncFHIRClient:
    """Give its client; `If_Match` is the version that a write means, which it leaves to headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return AsyncFHIRClient(f"{sip.url}/fhir", authorization=token(sip), extra_headers=named)


def goal(person: str, text: str, **more: Any) -> Json:
    return {
        "resourceType": "Goal",
        "lifecycleStatus": "proposed",
        "description": {"text": text},
        "subject": {"reference": person},
        **more,
    }


def numbered(person: str, number: int) -> Json:
    return goal(person, f"Mål {number}", identifier=[{"system": SYSTEM, "value": f"{person}-{number}"}])


@pytest.mark.anyio
async def test_fhirpy_writes_and_reads(sip: Sip, person: str) -> None:
    client = fhirpy(sip)
    made = client.resource(**{"resource_type": "Goal", **numbered(person, 0)})
    await made.save()
    first = await client.reference("Goal", made.id).to_resource()
    assert dict(first) == dict(made)

    changing = fhirpy(sip, If_Match='W/"1"').resource(**{"resource_type": "Goal", **first})
    changing["lifecycleStatus"] = "active"
    await changing.save()
    assert changing["meta"]["versionId"] == "2"
    with pytest.raises(MultipleResourcesFound, match="is now version 2"):  # its name for every 412
        await changing.save()
    fields = [("type", "valueCode", "add"), ("path", "valueString", "Goal"), ("name", "valueString", "startDate"),
              ("value", "valueDate", "2026-11-22")]  # fmt: skip
    change = [{"name": "operation", "part": [{"name": name, kind: value} for name, kind, value in fields]}]
    patching = fhirpy(sip, If_Match='W/"2"', Content_Type="application/fhir+json")
    patched: Any = await patching.execute(
        f"Goal/{made.id}", method="patch", data={"resourceType": "Parameters", "parameter": change}
    )
    assert patched["startDate"] == "2026-11-22"
    await made.refresh()
    assert made["meta"]["versionId"] == "3"
    history: Any = await client.execute(f"Goal/{made.id}/_history", method="get")
    assert [one["resource"]["meta"]["versionId"] for one in history["entry"]] == ["3", "2", "1"]
    await fhirpy(sip, If_Match='W/"3"').delete(f"Goal/{made.id}")
    with pytest.raises(ResourceNotFound):
        await client.reference("Goal", made.id).to_resource()


@pytest.mark.anyio
async def test_fhirpy_searches(sip: Sip, person: str) -> None:
    client = fhirpy(sip)
    goals = [client.resource(**{"resource_type": "Goal", **numbered(person, number)}) for number in range(5)]
    for one in goals:
        await one.save()
    found = client.resources("Goal").search(patient=person).limit(2)
    assert {one["id"] for one in await found.fetch_all()} == {one["id"] for one in goals}
    # It counts by a parameter of one vendor's, which is left out where that is asked for.
    lenient = fhirpy(sip, Prefer="handling=lenient").resources("Goal").search(patient=person)
    assert await lenient.count() == 5
    third = await client.resources("Goal").search(identifier=f"{SYSTEM}|{person}-3").get()
    assert third["id"] == goals[3]["id"]
    with pytest.raises(MultipleResourcesFound):
        await found.get()
    with pytest.raises(ResourceNotFound):
        await client.reference("Goal", "absent").to_resource()
    wrong = goal(person, "x") | {"lifecycleStatus": "banana"}
    with pytest.raises(OperationOutcome, match="banana"):
        await client.resource(**{"resource_type": "Goal", **wrong}).save()
    bundle = await client.resources("Goal").search(patient=person).include("Goal", "patient").fetch_raw()
    assert {entry["resource"]["resourceType"] for entry in bundle["entry"]} == {"Goal", "Patient"}


@pytest.mark.anyio
async def test_fhirpy_writes_on_conditions(sip: Sip, person: str) -> None:
    criteria = f"identifier={SYSTEM}|{person}-7"
    client = fhirpy(sip, If_None_Exist=criteria)
    made = [client.resource(**{"resource_type": "Goal", **numbered(person, 7)}) for _ in range(2)]
    for one in made:
        await one.save()
    assert made[0]["id"] == made[1]["id"]
    client = fhirpy(sip)
    here = client.resources("Goal").search(identifier=f"{SYSTEM}|{person}-7")
    changed = client.resource(**{"resource_type": "Goal", **numbered(person, 7), "lifecycleStatus": "active"})
    assert (await here.update(changed))[1] is False
    # It sends the condition of a creation as the address, which no FHIR server may take for one: told, not ignored.
    with pytest.raises(OperationOutcome, match="If-None-Exist"):
        await here.get_or_create(client.resource(**{"resource_type": "Goal", **numbered(person, 7)}))
    assert (await here.delete())[1] == 204
    bundle = {"type": "transaction", "entry": [
        {"fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000001", "resource": numbered(person, 8),
         "request": {"method": "POST", "url": "Goal"}},
        {"resource": {"resourceType": "CarePlan", "status": "draft", "intent": "plan", "subject": {"reference": person},
                      "goal": [{"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"}]},
         "request": {"method": "POST", "url": "CarePlan"}},
    ]}  # fmt: skip
    answered = client.resource("Bundle", **bundle)
    await answered.save()
    assert [one["response"]["status"][:3] for one in answered["entry"]] == ["201", "201"]
    plan = await client.resources("CarePlan").search(patient=person).get()
    eighth = await client.resources("Goal").search(identifier=f"{SYSTEM}|{person}-8").get()
    assert plan["goal"][0]["reference"] == eighth.reference


def fhirclient(sip: Sip) -> FHIRServer:
    server = smart.FHIRClient(settings={"app_id": "conformance", "api_base": f"{sip.url}/fhir/"}).server
    server.session.headers["Authorization"] = token(sip)
    server.session.trust_env = False
    return server


def test_fhirclient(sip: Sip, person: str) -> None:
    server = fhirclient(sip)
    read = Patient.read(person.partition("/")[2], server)
    assert read.identifier[0].system == NUMBER_SYSTEM
    [_, _, made] = [Goal(goal(person, f"Mål {number}")).create(server) for number in range(3)]
    found = list(Goal.where({"patient": person, "_count": "2"}).perform_resources_iter(server))
    assert {one.description.text for one in found} == {"Mål 0", "Mål 1", "Mål 2"}

    stored = Goal.read(made["id"], server)
    stored.lifecycleStatus = "active"
    server.session.headers["If-Match"] = f'W/"{stored.meta.versionId}"'
    assert stored.update(server)["meta"]["versionId"] == "2"
    server.session.headers["If-Match"] = 'W/"2"'
    stored.delete(server)
    del server.session.headers["If-Match"]
    with pytest.raises(FHIRNotFoundException):
        Goal.read(made["id"] + "0", server)
    everything = Bundle.read_from(f"{person}/$everything", server)
    assert [type(one.resource).__name__ for one in everything.entry] == ["Patient", "Goal", "Goal"]
    entry = {"resource": goal(person, "Mål 3"), "request": {"method": "POST", "url": "Goal"}}
    bundle = Bundle({"resourceType": "Bundle", "type": "transaction", "entry": [entry]})
    answered = Bundle(bundle.create(server))
    assert answered.entry[0].response.status.startswith("201")
    history = Bundle.read_from(f"Goal/{made['id']}/_history", server)
    assert [one.request.method for one in history.entry] == ["DELETE", "PUT", "POST"]


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

"""A health centre's contacts as NDJSON, and what an import says of them."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx2
import orjson

from tests.sip.harness import DOCTOR, HEALTH_CENTRE, County, patient

NDJSON: Final = {"Content-Type": "application/fhir+ndjson"}
SYSTEM: Final = "https://samplan.example/fhir/sid/encounter"
Resource = dict[str, Any]
NAMES: Final = itertools.count(1)


def name() -> str:
    """Give what no contact was called before."""
    return f"contact-{next(NAMES)}"


@dataclass(frozen=True)
class Centre:
    """What the encounters of the health centre refer to."""

    role: str
    unit: str
    persons: list[str]

    def encounter(self, name: str, **more: Any) -> Resource:
        """Make a contact; None takes an element away."""
        made = {
            "resourceType": "Encounter",
            "identifier": [{"system": SYSTEM, "value": name}],
            "status": "finished",
            "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
            "subject": {"reference": self.persons[0]},
            "participant": [{"individual": {"reference": self.role}}],
            "period": {"start": "2026-03-02T09:00:00+01:00", "end": "2026-03-02T09:30:00+01:00"},
            "serviceProvider": {"reference": self.unit},
            **more,
        }
        return {key: value for key, value in made.items() if value is not None}


def centre(served: County, persons: int = 3) -> Centre:
    """Register residents, and look up who works at the health centre."""
    with served.staff(DOCTOR) as doctor:
        role = doctor.get("/fhir/PractitionerRole", params={"practitioner.identifier": DOCTOR}).json()
        unit = doctor.get("/fhir/Organization", params={"identifier": HEALTH_CENTRE}).json()
        made = [doctor.post("/fhir/Patient", json=patient(next(served.numbers))) for _ in range(persons)]
    return Centre(
        f"PractitionerRole/{role['entry'][0]['resource']['id']}",
        f"Organization/{unit['entry'][0]['resource']['id']}",
        [f"Patient/{one.json()['id']}" for one in made],
    )


def ndjson(*resources: Resource) -> bytes:
    return b"".join(orjson.dumps(one) + b"\n" for one in resources)


def told(answer: httpx2.Response) -> dict[str, Any]:
    """Give what an import says of itself, by name."""
    assert answer.status_code == 200, answer.text
    return {
        one["name"]: next(value for name, value in one.items() if name != "name")
        for one in answer.json()["parameter"]
    }


def counted(answer: httpx2.Response) -> tuple[int, int, int, int]:
    """Give how many were created, changed, unchanged and refused."""
    said = told(answer)
    return said["created"], said["changed"], said["unchanged"], said["refused"]


def load(client: httpx2.Client, body: bytes | Iterator[bytes], **query: Any) -> httpx2.Response:
    return client.post("/fhir/Encounter/$import", content=body, params=query, headers=NDJSON, timeout=60)


def refusals(client: httpx2.Client, number: str, **query: Any) -> dict[int, list[tuple[str, str]]]:
    """Give what was refused: for each line the texts and places of its issues."""
    answer = client.get("/fhir/Encounter/$import-report", params={"id": number, **query})
    assert answer.status_code == 200, answer.text
    rows = [orjson.loads(line) for line in answer.content.splitlines()]
    return {row["extension"][0]["valuePositiveInt"]: issues(row) for row in rows}


def issues(outcome: Resource) -> list[tuple[str, str]]:
    return [(one["details"]["text"], next(iter(one.get("expression", [])), "")) for one in outcome["issue"]]


def found(client: httpx2.Client, named: str) -> list[Resource]:
    """Give the contacts of a name that a client sees."""
    answer = client.get("/fhir/Encounter", params={"identifier": f"{SYSTEM}|{named}"})
    return [one["resource"] for one in answer.json().get("entry", [])]

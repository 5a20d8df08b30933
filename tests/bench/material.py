"""What the bench reads and writes: residents with ten plans of about 5 KB each, made through the FHIR API."""

import json
import random
from pathlib import Path
from typing import Any, Final

import httpx2
from pymongo import MongoClient

from services.demo.store import SIP_DATABASE
from tests.sip.search.laid_in import documents

NUMBER: Final = "http://electronichealth.se/identifier/personnummer"
PATIENTS: Final = 100
PLANS_EACH: Final = 10
WORDS: Final = ("stöd", "hemma", "höftfraktur", "promenad", "varje", "dag", "med", "arbetsterapeut", "trygg")


def bench_plan(person: str, rng: random.Random) -> dict[str, Any]:
    """Make a draft plan of about 5 KB in natural words."""

    def words(count: int) -> str:
        return " ".join(rng.choice(WORDS) for _ in range(count))

    return {
        "resourceType": "CarePlan",
        "status": "draft",
        "intent": "plan",
        "category": [
            {"coding": [{"system": "https://fhir.inera.se/CodeSystem/typeofcareplan-cs", "code": "SIP"}]}
        ],
        "title": words(6),
        "description": words(60),
        "subject": {"reference": person},
        "period": {"start": "2026-10-01", "end": "2027-09-30"},
        "created": "2026-10-01T09:00:00+02:00",
        "note": [{"time": "2026-10-02T10:00:00+02:00", "text": words(38)} for _ in range(12)],
    }


class Material:
    """Residents and plans, and files of requests about them."""

    def __init__(self, client: httpx2.Client, folder: Path) -> None:
        """Take an authenticated client of sip, and where request files may stand."""
        self._client, self._folder = client, folder
        self._rng = random.Random(4711)
        self.persons: list[str] = []
        self.numbers: list[str] = []
        self.plans: list[dict[str, Any]] = []

    def make(self, numbers: list[str]) -> None:
        """Register residents and write their plans."""
        for number in numbers[:PATIENTS]:
            identifier = {"system": NUMBER, "value": number}
            person = self._post("Patient", {"resourceType": "Patient", "identifier": [identifier]})
            key = f"Patient/{person['id']}"
            self.persons.append(key)
            self.numbers.append(number)
            entries = [
                {"resource": bench_plan(key, self._rng), "request": {"method": "POST", "url": "CarePlan"}}
                for _ in range(PLANS_EACH)
            ]
            answer = self._post("", {"resourceType": "Bundle", "type": "transaction", "entry": entries})
            for entry in answer["entry"]:
                path = entry["response"]["location"].split("/fhir/")[1].split("/_history")[0]
                self.plans.append(self._client.get(f"/fhir/{path}").json())

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._client.post(f"/fhir/{path}".rstrip("/"), json=body)
        answer.raise_for_status()
        made: dict[str, Any] = answer.json()
        return made

    def reads(self) -> Path:
        """Requests that read each plan."""
        return self._file("reads", [("GET", f"/fhir/CarePlan/{one['id']}", "", "") for one in self.plans])

    def searches(self) -> Path:
        """Requests that search each resident's plans: ten hits of 5 KB."""
        return self._file(
            "searches", [("GET", f"/fhir/CarePlan?patient={one}&_count=10", "", "") for one in self.persons]
        )

    def inclusions(self) -> Path:
        """Requests that search each resident's plans and bring the resident along."""
        return self._file(
            "inclusions",
            [
                ("GET", f"/fhir/CarePlan?patient={one}&_count=10&_include=CarePlan:patient", "", "")
                for one in self.persons
            ],
        )

    def chains(self) -> Path:
        """Requests that find each resident's plans by the resident's number."""
        rows = [
            ("GET", f"/fhir/CarePlan?patient:Patient.identifier={NUMBER}|{one}&_count=10", "", "")
            for one in self.numbers
        ]
        return self._file("chains", rows)

    def histories(self) -> Path:
        """Requests for the history of each plan."""
        rows = [("GET", f"/fhir/CarePlan/{one['id']}/_history?_count=10", "", "") for one in self.plans]
        return self._file("histories", rows)

    def transactions(self) -> Path:
        """Requests that each write fifty goals of one resident at once."""
        rows = []
        for person in self.persons:
            goal = {
                "resourceType": "Goal", "lifecycleStatus": "proposed", "description": {"text": "Gå till affären"},
                "subject": {"reference": person},
            }  # fmt: skip
            entry = {"resource": goal, "request": {"method": "POST", "url": "Goal"}}
            bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [entry] * 50}
            rows.append(("POST", "/fhir", "", json.dumps(bundle, ensure_ascii=False)))
        return self._file("transactions", rows)

    def lay_in(self, mongo: str, unit: str, plans: int = 10_000) -> None:
        """Lay plans in, straight into the demo's store, until the unit has so many."""
        with MongoClient[dict[str, Any]](mongo) as client:
            records = client[SIP_DATABASE].records
            held = records.count_documents({"readers.unit": unit, "type": "CarePlan", "current": True})
            made = [self._laid(number) for number in range(held, plans)]
            records.delete_many({"id": {"$in": [one["id"] for one in made]}})
            if made:
                records.insert_many(list(documents(made, unit)))

    def _laid(self, number: int) -> dict[str, Any]:
        meta = {"versionId": "1", "lastUpdated": "2026-11-01T00:00:00.000Z"}
        plan = bench_plan(f"Patient/bench-{number // PLANS_EACH}", self._rng)
        return {"resourceType": "CarePlan", "id": f"bench-{number}", "meta": meta, **plan}

    def crowded(self) -> Path:
        """Requests for the ten newest plans of all those laid in, and for those of one of their residents."""
        rows = [("GET", "/fhir/CarePlan?status=draft&category=SIP&_count=10", "", "")]
        rows += [
            ("GET", f"/fhir/CarePlan?patient=Patient/bench-{one}&_count=10", "", "")
            for one in range(200, 900)
        ]
        return self._file("crowded", rows)

    def creates(self) -> Path:
        """Requests that each write a new plan, spread over the residents."""
        rows = []
        for _ in range(3):
            for person in self.persons:
                body = json.dumps(bench_plan(person, self._rng), ensure_ascii=False)
                rows.append(("POST", "/fhir/CarePlan", "", body))
        return self._file("creates", rows)

    def updates(self) -> Path:
        """Requests that each change one plan."""
        rows = []
        for plan in self.plans:
            fresh = self._client.get(f"/fhir/CarePlan/{plan['id']}").json()
            body = json.dumps(fresh, ensure_ascii=False)
            rows.append(("PUT", f"/fhir/CarePlan/{plan['id']}", fresh["meta"]["versionId"], body))
        self._rng.shuffle(rows)
        return self._file("updates", rows)

    def _file(self, name: str, rows: list[tuple[str, str, str, str]]) -> Path:
        path = self._folder / f"{name}.tsv"
        path.write_text("".join("\t".join(row) + "\n" for row in rows))
        return path

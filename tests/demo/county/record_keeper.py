"""A stand-in for the service in these tests: it takes transactions in memory, and asks sip's own rules of each."""

import itertools
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from services.demo.county.fhir import Resource
from services.demo.county.loads import Load
from services.sip.domain.care import CareContext, consequences, violations

DIRECTORY = {"Organization", "Practitioner", "PractitionerRole", "HealthcareService"}


class RecordKeeper:
    """Keeps current resources by `Type/id`, and lists every refusal that the rules of care would make."""

    def __init__(self, now: datetime | None = None) -> None:
        """Begin with nothing."""
        self.now = now or datetime(2026, 11, 22, 12, tzinfo=UTC)
        self.directory: dict[str, Resource] = {}
        self.records: dict[str, dict[str, Resource]] = {}
        self.versions: dict[str, int] = {}
        self.refusals: list[str] = []
        self.writers: dict[str, str] = {}
        self.lanes: dict[str, set[int | None]] = {}
        self._numbers = itertools.count(1)

    async def __call__(self, load: Load, body: bytes) -> Resource:
        """Take one transaction as a server does: name what is new, resolve, judge, keep."""
        entries = json.loads(body)["entry"]
        names = {one["fullUrl"]: self._key(one) for one in entries if "fullUrl" in one}
        resolved: list[tuple[str, Resource, Mapping[str, Any]]] = []
        for entry in entries:
            text = json.dumps(entry["resource"])
            for name, key in names.items():
                text = text.replace(name, key)
            assert "urn:uuid:" not in text, f"{load.label} refers to what nobody has sent"
            key = names.get(entry.get("fullUrl", "")) or entry["request"]["url"]
            resource = json.loads(text) | {"id": key.split("/")[1]}
            resolved.append((key, resource, entry["request"]))
        before = {key: self._current(key) for key, _, _ in resolved}
        for key, resource, request in resolved:
            self._check_version(load, key, request)
            self._keep(load, key, resource)
        for key, resource, _ in resolved:
            self._judge(load, before[key], resource)
        answers = [
            {"response": {"status": "201", "location": f"{key}/_history/{self.versions[key]}"}}
            for key, _, _ in resolved
        ]
        return {"resourceType": "Bundle", "type": "transaction-response", "entry": answers}

    def every(self, resource_type: str) -> list[Resource]:
        """Give all current resources of a type."""
        held = [self.directory, *self.records.values()]
        return [one for record in held for one in record.values() if one["resourceType"] == resource_type]

    def _key(self, entry: Mapping[str, Any]) -> str:
        return f"{entry['resource']['resourceType']}/{next(self._numbers)}"

    def _current(self, key: str) -> Resource | None:
        return self.directory.get(key) or next(
            (record[key] for record in self.records.values() if key in record), None
        )

    def _check_version(self, load: Load, key: str, request: Mapping[str, Any]) -> None:
        if request["method"] == "PUT":
            assert request["ifMatch"] == f'W/"{self.versions[key]}"', (
                f"{load.label}: {key} is another version"
            )

    def _keep(self, load: Load, key: str, resource: Resource) -> None:
        self.versions[key] = self.versions.get(key, 0) + 1
        if resource["resourceType"] in DIRECTORY:
            self.directory[key] = resource
            return
        person = person_of(key, resource)
        self.records.setdefault(person, {})[key] = resource
        self.lanes.setdefault(person, set()).add(load.lane)

    def _judge(self, load: Load, before: Resource | None, resource: Resource) -> None:
        if resource["resourceType"] in DIRECTORY | {"Encounter"}:
            return
        record = self.records[person_of(f"{resource['resourceType']}/{resource['id']}", resource)]
        context = CareContext(self.now, record, self.directory, actor_unit=load.unit_hsa)
        found = violations(before, resource, context)
        self.refusals += [f"{load.label}: {one.rule}: {one.text}" for one in found]
        for following in consequences(before, resource, context):
            key = f"{following['resourceType']}/{following['id']}"
            self.versions[key] += 1
            record[key] = following


def person_of(key: str, resource: Resource) -> str:
    """Give the `Patient/id` that a resource of the county is about."""
    if resource["resourceType"] == "Patient":
        return key
    if resource["resourceType"] == "Appointment":
        actors = [one["actor"]["reference"] for one in resource["participant"]]
        return next(str(one) for one in actors if one.startswith("Patient/"))
    holder = resource.get("subject") or resource.get("patient") or resource["for"]
    return str(holder["reference"])

"""The few shapes of FHIR that every part of the county is built of."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from services.demo.county.codes import HSA_ID, Coding

Resource = dict[str, Any]
Entry = dict[str, Any]

NAMES: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://samplan.example/demo/county")


def urn(*key: str) -> str:
    """Name a resource for good, before any server has given it an id: the same key, the same `urn:uuid:`."""
    return f"urn:uuid:{uuid.uuid5(NAMES, '/'.join(key))}"


def ref(*key: str) -> dict[str, str]:
    """Refer to the resource named by this key."""
    return {"reference": urn(*key)}


def coding(code: Coding) -> dict[str, str]:
    """Write a code as a Coding."""
    return {"system": code[0], "code": code[1]}


def concept(code: Coding, text: str | None = None) -> dict[str, Any]:
    """Write a code as a CodeableConcept, with a text where one is given."""
    written: dict[str, Any] = {"coding": [coding(code)]}
    return written | ({"text": text} if text else {})


def hsa(value: str) -> list[dict[str, str]]:
    """Write an HSA-id as the one identifier."""
    return [{"system": HSA_ID, "value": value}]


def at(day: date, hour: int = 8, minute: int = 0) -> str:
    """Write a moment of a day, in UTC; the county keeps office hours from 6 to 20."""
    return datetime.combine(day, time(hour, minute)).isoformat() + "Z"


def days(day: date, count: int) -> date:
    """Move a date by a number of days."""
    return day + timedelta(days=count)


def create(name: str, resource: Resource) -> Entry:
    """An entry that creates the resource under its name."""
    return {
        "fullUrl": name,
        "resource": resource,
        "request": {"method": "POST", "url": resource["resourceType"]},
    }


def change(name: str, resource: Resource) -> Entry:
    """An entry that replaces the named resource; the loader fills in its address, id and If-Match."""
    return {"resource": resource, "request": {"method": "PUT", "url": name}}


def transaction(entries: Iterable[Entry]) -> Resource:
    """Put entries into one transaction Bundle."""
    return {"resourceType": "Bundle", "type": "transaction", "entry": list(entries)}

"""Who writes, about whom, at what moment: what every builder begins with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.sip.domain.held import Resource


@dataclass(frozen=True, slots=True)
class Scribe:
    """`person` is the Patient, `who` the writer's PractitionerRole (or else the unit), `unit` the Organization.

    All three are `Type/id`; `now` is aware UTC; `new_id` gives a fresh id at each call.
    """

    person: str
    who: str
    unit: str
    now: datetime
    new_id: Callable[[], str]

    @property
    def moment(self) -> str:
        """Write the moment as a FHIR dateTime, to the second."""
        return moment(self.now)

    def new(self, type: str, **elements: Any) -> Resource:
        """Begin a resource; elements given as None are left out."""
        stated = {name: value for name, value in elements.items() if value is not None}
        return {"resourceType": type, "id": self.new_id(), **stated}


def moment(at: datetime) -> str:
    """Write a moment as a FHIR dateTime in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def precisely(at: datetime) -> str:
    """Write a moment to the millisecond, where one thing must begin after another."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def key_of(resource: Resource) -> str:
    """Give `Type/id`."""
    return f"{resource['resourceType']}/{resource['id']}"


def to(key: str) -> dict[str, str]:
    """Refer to a resource of this server."""
    return {"reference": key}


def all_to(keys: list[str] | tuple[str, ...]) -> list[dict[str, str]] | None:
    """Refer to several; None where there is none, for FHIR has no empty lists."""
    return [to(key) for key in keys] or None

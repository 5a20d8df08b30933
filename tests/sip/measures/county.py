"""A made-up county as plain facts, and the same facts as resources and stored versions."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from bson.binary import Binary

from services.sip.domain import codes
from services.sip.domain.codes import Code

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
Resource = dict[str, Any]


@dataclass(frozen=True)
class Contact:
    kind: str
    start: datetime | None
    end: datetime | None
    status: str
    unit: str


@dataclass(frozen=True)
class Plan:
    id: str
    status: str
    category: Code


@dataclass(frozen=True)
class FollowUp:
    plan: str
    due: datetime
    status: str


@dataclass(frozen=True)
class Contacted:
    """One contact made: an encounter."""

    at: datetime | None
    unit: str
    role: str | None
    status: str
    kind: str


@dataclass
class Person:
    id: str
    municipality: str | None
    dead: bool = False
    contacts: list[Contact] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    visits: list[Contacted] = field(default_factory=list)


@dataclass
class County:
    people: list[Person]
    roles: dict[str, str]
    """Practitioner behind each PractitionerRole."""


STATUSES = ("draft", "active", "on-hold", "completed", "revoked", "entered-in-error")


def county(seed: int, people: int = 200, visits: int = 8) -> County:
    """Make up a county, the same for the same seed, with every oddity that real data has."""
    chance = random.Random(seed)
    units = [f"Organization/unit{number}" for number in range(4)]
    # Every third practitioner has two roles: one provider all the same.
    roles = {f"PractitionerRole/r{number}": f"Practitioner/d{number * 2 // 3}" for number in range(15)}
    return County([_person(chance, number, units, list(roles), visits) for number in range(people)], roles)


def _person(chance: random.Random, number: int, units: list[str], roles: list[str], visits: int) -> Person:
    person = Person(
        f"p{number:06}", chance.choice(["2180", "2180", "2101", "2161", None]), chance.random() < 0.05
    )
    unit = chance.choice(units)
    if chance.random() < 0.85:
        person.contacts.append(_contact(chance, "2", unit))
    person.contacts += [_contact(chance, kind, unit) for kind in "134" if chance.random() < 0.3]
    for index in range(chance.choice([0, 0, 0, 1, 1, 2])):
        category = chance.choice(
            [codes.PLAN_CATEGORY_SIP] * 4 + [codes.PLAN_CATEGORY_DISCHARGE, codes.PLAN_CATEGORY_LSS]
        )
        plan = Plan(f"{person.id}-plan{index}", chance.choice(STATUSES), category)
        person.plans.append(plan)
        for _ in range(chance.randrange(3)):
            due = NOW + timedelta(days=chance.randrange(-60, 60), hours=1)
            person.follow_ups.append(FollowUp(plan.id, due, chance.choice(["requested", "completed"])))
    own = chance.sample(roles, 3)
    person.visits = [_visit(chance, unit, units, own) for _ in range(chance.randrange(2 * visits + 1))]
    return person


def _contact(chance: random.Random, kind: str, unit: str) -> Contact:
    start = NOW - timedelta(days=chance.randrange(-20, 2000)) if chance.random() < 0.8 else None
    ended = chance.random() < 0.15
    end = NOW + timedelta(days=chance.choice([-30, 30])) if ended else None
    return Contact(kind, start, end, chance.choice(["active"] * 6 + ["inactive"]), unit)


def _visit(chance: random.Random, unit: str, units: list[str], roles: list[str]) -> Contacted:
    at = NOW - timedelta(hours=chance.randrange(-200, 24 * 700)) if chance.random() < 0.97 else None
    return Contacted(
        at,
        unit if chance.random() < 0.8 else chance.choice(units),
        chance.choice(roles) if chance.random() < 0.95 else None,
        "finished" if chance.random() < 0.9 else "cancelled",
        chance.choice(["doctor-visit", "nurse-visit", "home-care-visit"]),
    )


def instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def role_resources(county: County) -> Iterator[Resource]:
    for role, practitioner in county.roles.items():
        yield {
            "resourceType": "PractitionerRole",
            "id": role.split("/")[1],
            "practitioner": {"reference": practitioner},
        }


def person_resources(person: Person) -> Iterator[Resource]:
    """Write one person's facts as FHIR."""
    subject = {"reference": f"Patient/{person.id}"}
    yield patient_resource(person)
    for number, contact in enumerate(person.contacts):
        yield contact_resource(contact, f"{person.id}-contact{number}", subject)
    for plan in person.plans:
        yield {
            "resourceType": "CarePlan",
            "id": plan.id,
            "status": plan.status,
            "intent": "plan",
            "category": [plan.category.concept()],
            "subject": subject,
        }
    for number, follow_up in enumerate(person.follow_ups):
        yield {
            "resourceType": "Task",
            "id": f"{person.id}-task{number}",
            "status": follow_up.status,
            "intent": "plan",
            "code": codes.TASK_FOLLOW_UP.concept(),
            "for": subject,
            "basedOn": [{"reference": f"CarePlan/{follow_up.plan}"}],
            "restriction": {"period": {"end": instant(follow_up.due)}},
        }
    for number, visit in enumerate(person.visits):
        yield visit_resource(visit, f"{person.id}-visit{number}", subject)


def patient_resource(person: Person) -> Resource:
    patient: Resource = {"resourceType": "Patient", "id": person.id}
    if person.municipality:
        place = {"url": codes.EXT_MUNICIPALITY_CODE, "valueCode": person.municipality}
        patient["address"] = [{"city": "Somewhere", "extension": [place]}]
    if person.dead:
        patient["deceasedDateTime"] = "2026-05-01"
    return patient


def contact_resource(contact: Contact, id: str, subject: Resource) -> Resource:
    period = {"start": contact.start, "end": contact.end}
    return {
        "resourceType": "CareTeam",
        "id": id,
        "status": contact.status,
        "category": [codes.FIXED_CONTACT.concept()],
        "subject": subject,
        "period": {name: instant(at) for name, at in period.items() if at},
        "participant": [
            {
                "role": [Code(codes.FIXED_CONTACT_KIND, contact.kind).concept()],
                "member": {"reference": "PractitionerRole/r0"},
            }
        ],
        "managingOrganization": [{"reference": contact.unit}],
    }


def visit_resource(visit: Contacted, id: str, subject: Resource) -> Resource:
    resource: Resource = {
        "resourceType": "Encounter",
        "id": id,
        "status": visit.status,
        "class": {"code": "AMB"},
        "type": [Code(codes.CONTACT_KIND, visit.kind).concept()],
        "subject": subject,
        "serviceProvider": {"reference": visit.unit},
    }
    if visit.at:
        resource["period"] = {"start": instant(visit.at)}
    if visit.role:
        resource["participant"] = [{"individual": {"reference": visit.role}}]
    return resource


def version_of(resource: Resource, patient: str | None, version: int = 1, **more: Any) -> dict[str, Any]:
    """Give the stored document of a version, as far as figures look at it."""
    key = f"{resource['resourceType']}/{resource['id']}"
    return {
        "_id": f"{key}/{version}",
        "key": key,
        "type": resource["resourceType"],
        "id": resource["id"],
        "version": version,
        "at": NOW,
        "current": True,
        "patient": patient,
        "body": Binary(orjson.dumps(resource)),
        **more,
    }


def versions(county: County) -> Iterator[dict[str, Any]]:
    """Give every stored document of a county."""
    yield from (version_of(resource, None) for resource in role_resources(county))
    for person in county.people:
        yield from (version_of(resource, f"Patient/{person.id}") for resource in person_resources(person))

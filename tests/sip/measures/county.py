"""A made-up county as plain facts, and the same facts as resources and stored versions."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from bson.binary import Binary

from services.sip.domain import codes
from services.sip.domain.codes import Code
from tests.sip.measures.county_plans import NOW, Plan, instant, made_plan, plan_resources, some_time

Resource = dict[str, Any]


@dataclass(frozen=True)
class Contact:
    kind: str
    start: datetime | None
    end: datetime | None
    status: str
    unit: str


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
    birth: date | None = None
    sex: str | None = None
    interpreter: bool | None = None
    deprivation: int | None = None
    answers: list[tuple[datetime, tuple[int, ...]]] = field(default_factory=list)


@dataclass
class County:
    people: list[Person]
    roles: dict[str, str]
    """Practitioner behind each PractitionerRole."""


def county(seed: int, people: int = 200, visits: int = 8) -> County:
    """Make up a county, the same for the same seed, with every oddity that real data has."""
    chance = random.Random(seed)
    units = [f"Organization/unit{number}" for number in range(4)]
    # Every third practitioner has two roles: one provider all the same.
    roles = {f"PractitionerRole/r{number}": f"Practitioner/d{number * 2 // 3}" for number in range(15)}
    return County([_person(chance, number, units, list(roles), visits) for number in range(people)], roles)


def _person(chance: random.Random, number: int, units: list[str], roles: list[str], visits: int) -> Person:
    person = Person(
        f"p{number:06}",
        chance.choice(["2180", "2180", "2101", "2161", "0114", None]),
        chance.random() < 0.05,
        birth=date(1930, 1, 1) + timedelta(days=chance.randrange(96 * 365))
        if chance.random() < 0.95
        else None,
        sex=chance.choice(["female", "male", "female", "male", "other", None]),
        interpreter=chance.choice([None, False, False, True]),
        deprivation=chance.choice([None, 1, 2, 3, 4, 5]),
    )
    unit = chance.choice(units)
    if chance.random() < 0.85:
        person.contacts.append(_contact(chance, "2", unit))
    person.contacts += [_contact(chance, kind, unit) for kind in "134" if chance.random() < 0.3]
    for index in range(chance.choice([0, 0, 0, 1, 1, 2])):
        plan = made_plan(chance, f"{person.id}-plan{index}")
        person.plans.append(plan)
        for _ in range(chance.randrange(3)):
            due = NOW + timedelta(days=chance.randrange(-60, 60), hours=1)
            person.follow_ups.append(FollowUp(plan.id, due, chance.choice(["requested", "completed"])))
    own = chance.sample(roles, 3)
    person.visits = [_visit(chance, unit, units, own) for _ in range(chance.randrange(2 * visits + 1))]
    if chance.random() < 0.1:
        person.visits += _fortnight(chance, unit, own)
    for _ in range(chance.choice([0, 0, 1, 2])):
        points = tuple(chance.randrange(1, 6) for _ in range(chance.randrange(5)))
        person.answers.append((some_time(chance, 500), points))
    return person


def _fortnight(chance: random.Random, unit: str, roles: list[str]) -> list[Contacted]:
    """Home care morning and evening for fourteen days, now and then not at home."""
    midnight = NOW.replace(hour=0)
    days = [day for day in range(15) if chance.random() < 0.99]
    return [
        Contacted(
            midnight - timedelta(days=day) + timedelta(hours=hour),
            unit,
            chance.choice(roles),
            "finished",
            "home-care-visit",
        )
        for day in days
        for hour in (7, 17, 22)
    ]


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
        chance.choice(
            ["doctor-visit", "doctor-visit", "nurse-visit", "home-care-visit", "physiotherapy-visit"]
        ),
    )


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
        yield from plan_resources(plan, subject)
    for number, (at, points) in enumerate(person.answers):
        yield {
            "resourceType": "QuestionnaireResponse",
            "id": f"{person.id}-answer{number}",
            "questionnaire": codes.QUESTIONNAIRE_CONTINUITY,
            "status": "completed",
            "subject": subject,
            "authored": instant(at),
            "item": [
                {"linkId": f"q{index}", "answer": [{"valueInteger": one}]} for index, one in enumerate(points)
            ],
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
    place: list[Resource] = (
        [{"url": codes.EXT_MUNICIPALITY_CODE, "valueCode": person.municipality}]
        if person.municipality
        else []
    )
    if person.deprivation:
        place.append({"url": codes.EXT_DEPRIVATION, "valuePositiveInt": person.deprivation})
    if place:
        patient["address"] = [{"city": "Somewhere", "extension": place}]
    if person.dead:
        patient["deceasedDateTime"] = "2026-05-01"
    if person.birth:
        patient["birthDate"] = person.birth.isoformat()
    if person.sex:
        patient["gender"] = person.sex
    if person.interpreter is not None:
        patient["extension"] = [{"url": codes.EXT_INTERPRETER, "valueBoolean": person.interpreter}]
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

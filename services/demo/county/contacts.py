"""Fixed contacts: who has a fast läkarkontakt, vårdkontakt or omsorgskontakt, since when, and who it was before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

from services.demo.county.codes import (
    CONTACT_CHANGE_REASON,
    FIXED_CARE_CONTACT,
    FIXED_CONTACT,
    FIXED_COORDINATING_CONTACT,
    FIXED_DOCTOR,
    FIXED_HOME_CARE_CONTACT,
    Coding,
)
from services.demo.county.fhir import Entry, at, concept, create, days, ref, urn
from services.demo.county.residents import Resident
from services.demo.county.staff import Employee
from services.demo.county.units import (
    BJORKVALLA_CENTRE,
    BJORKVALLA_UNITS,
    FURULIDEN_CENTRE,
    STRANDINGE_CENTRE,
    STRANDINGE_UNITS,
    Unit,
)

# How many of a centre's residents have a named doctor: the county as a whole lands near 62 %.
DOCTOR_COVERAGE: Final = {
    BJORKVALLA_CENTRE.hsa: 0.82,
    FURULIDEN_CENTRE.hsa: 0.62,
    STRANDINGE_CENTRE.hsa: 0.46,
}
HOME_CARE_COVERAGE: Final = {
    unit.hsa: share
    for unit, share in zip(
        (*BJORKVALLA_UNITS[1:3], *STRANDINGE_UNITS[1:3]), (1.0, 0.8, 0.75, 0.6), strict=True
    )
}
NURSE_COVERAGE: Final = 0.45
SHARE_CHANGED: Final = 0.2
LONGEST_YEARS: Final = {BJORKVALLA_CENTRE.hsa: 14, FURULIDEN_CENTRE.hsa: 8, STRANDINGE_CENTRE.hsa: 3}
REASONS: Final = ("staff-left", "staff-left", "persons-wish", "unit-change", "other")


@dataclass(frozen=True, slots=True)
class Contact:
    """One fixed contact of one resident; `before` is the one it replaced."""

    resident: Resident
    kind: Coding
    holder: Employee
    since: date
    reason: str
    before: "Contact | None" = None

    def entry(self) -> Entry:
        """Create the contact's CareTeam, active as all contacts are when they are appointed."""
        name = urn("contact", self.resident.key, self.kind[1], self.holder.assignment, self.since.isoformat())
        return create(
            name,
            {
                "resourceType": "CareTeam",
                "status": "active",
                "category": [concept(FIXED_CONTACT)],
                "subject": self.resident.ref(),
                "period": {"start": at(self.since)},
                "participant": [
                    {
                        "role": [concept(self.kind)],
                        "member": ref("assignment", self.holder.assignment) | {"display": self.holder.name},
                    }
                ],
                "reasonCode": [concept((CONTACT_CHANGE_REASON, self.reason))],
                "managingOrganization": [ref("organization", self.holder.unit.hsa)],
            },
        )


def fixed_contacts(
    seed: int, today: date, people: Sequence[Resident], employees: Sequence[Employee]
) -> list[Contact]:
    """Appoint every resident's contacts, each with the one it replaced where there was one."""
    return [
        contact
        for resident in people
        for contact in _of_resident(Random(f"{seed}/contacts/{resident.key}"), today, resident, employees)
    ]


def _of_resident(
    chance: Random, today: date, resident: Resident, employees: Sequence[Employee]
) -> Iterator[Contact]:
    if chance.random() < DOCTOR_COVERAGE[resident.centre.hsa]:
        doctors = working(employees, resident.centre, "doctor", "st-doctor")
        longest = LONGEST_YEARS[resident.centre.hsa]
        yield _appoint(chance, today, resident, (FIXED_DOCTOR, doctors, longest))
    unit = resident.home_care
    if unit and chance.random() < HOME_CARE_COVERAGE[unit.hsa]:
        yield _appoint(chance, today, resident, (FIXED_HOME_CARE_CONTACT, titled(employees, unit), 4))
    if resident.nursing and chance.random() < NURSE_COVERAGE:
        nurses = working(employees, resident.nursing, "nurse")
        kind = FIXED_COORDINATING_CONTACT if chance.random() < 0.35 else FIXED_CARE_CONTACT
        yield _appoint(chance, today, resident, (kind, nurses, 5))


def _appoint(
    chance: Random, today: date, resident: Resident, wanted: tuple[Coding, list[Employee], int]
) -> Contact:
    kind, candidates, longest = wanted
    since = days(today, -chance.randint(20, longest * 365))
    since = max(since, days(resident.number.birth_date, 5))
    holder, earlier = chance.sample(candidates, 2)
    replaceable = kind != FIXED_CARE_CONTACT and days(resident.number.birth_date, 400) < since
    if not replaceable or chance.random() >= SHARE_CHANGED:
        return Contact(resident, kind, holder, since, "first")
    first = max(days(since, -chance.randint(200, 1500)), days(resident.number.birth_date, 5))
    before = Contact(resident, kind, earlier, first, "first")
    return Contact(resident, kind, holder, since, chance.choice(REASONS), before)


def working(employees: Sequence[Employee], unit: Unit, *roles: str) -> list[Employee]:
    """Give those who work at a unit in one of the roles."""
    return [one for one in employees if one.unit == unit and one.role in roles]


def titled(employees: Sequence[Employee], unit: Unit) -> list[Employee]:
    """Give the unit's undersköterskor: SoL 25 kap. 4 § asks for the protected title of a fast omsorgskontakt."""
    return [one for one in employees if one.unit == unit and one.title == "underskoterska"]

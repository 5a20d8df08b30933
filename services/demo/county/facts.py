"""What personas and the tour need to know about the county: whom to tell of, and who works where."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.demo.county.codes import FIXED_DOCTOR
from services.demo.county.contacts import working
from services.demo.county.loads import County
from services.demo.county.residents import Resident
from services.demo.county.staff import Employee
from services.demo.county.units import BJORKVALLA_CENTRE

LEAST_AGE: Final = 65


@dataclass(frozen=True, slots=True)
class TourPerson:
    """A resident of Björkvalla without any plan, listed at the region-gp's centre, with a doctor to change."""

    resident: Resident
    doctor: Employee
    other_doctor: Employee


def tour_people(county: County) -> list[TourPerson]:
    """Give residents for fresh cases, in a fixed order; each tour takes the first who has no plan yet."""
    planned = {case.resident.key for case in county.cases}
    found = []
    for contact in county.contacts:
        resident = contact.resident
        ours = resident.centre == BJORKVALLA_CENTRE and resident.key not in planned
        if contact.kind == FIXED_DOCTOR and ours and resident.age(county.today) >= LEAST_AGE:
            doctors = working(county.employees, BJORKVALLA_CENTRE, "doctor")
            other = next(one for one in doctors if one != contact.holder)
            found.append(TourPerson(resident, contact.holder, other))
    return found


def resident_persona(county: County) -> Resident:
    """Give the resident whom the persona `resident` is: one with an active plan about coming home again."""
    return resident_of(county, "hoft-1")


def resident_of(county: County, case: str) -> Resident:
    """Give the resident whom a case is told of; KeyError names a case that there is not."""
    return {one.key: one.resident for one in county.cases}[case]


def employee(employees: Sequence[Employee], assignment_hsa: str) -> Employee:
    """Find an employee by the HSA-id of the assignment; StopIteration when there is none."""
    return next(one for one in employees if one.assignment == assignment_hsa)

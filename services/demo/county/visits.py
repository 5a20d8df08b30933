"""Eighteen months of contacts made, with the continuity that each unit really manages to give.

Home care sees its clients several times a day. It has handed over the last fortnight alone, which is
what personalkontinuitet counts; the other units have handed over everything.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

from services.demo.county.codes import CONTACT_KIND, ENCOUNTER_CLASS, ENCOUNTER_ID, FIXED_DOCTOR
from services.demo.county.contacts import Contact, titled, working
from services.demo.county.fhir import Entry, at, create, days, ref, urn
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

SPAN: Final = 547  # days: eighteen months
FORTNIGHT: Final = 14

# How often a resident meets the one they know best: what makes one unit's continuity unlike another's.
FAITHFUL: Final = {
    BJORKVALLA_CENTRE.hsa: 0.78,
    FURULIDEN_CENTRE.hsa: 0.58,
    STRANDINGE_CENTRE.hsa: 0.30,
    BJORKVALLA_UNITS[0].hsa: 0.7,
    STRANDINGE_UNITS[0].hsa: 0.45,
}
FACES: Final = {  # how many different people share a home-care client's fortnight
    unit.hsa: faces
    for unit, faces in zip((*BJORKVALLA_UNITS[1:3], *STRANDINGE_UNITS[1:3]), (5, 8, 10, 12), strict=True)
}
ROUNDS: Final = ((6, 8), (17, 19), (11, 12), (14, 15))  # hours of a home-care day, in UTC
WHERE: Final = {"doctor-visit": "AMB", "nurse-visit": "AMB", "physiotherapy-visit": "AMB"}


@dataclass(frozen=True, slots=True)
class Visit:
    """One contact made: who met whom, in what way, when and for how many minutes."""

    resident: Resident
    kind: str
    by: Employee
    day: date
    hour: int
    minute: int
    minutes: int

    def entry(self, number: int) -> Entry:
        """Create the Encounter; `number` makes its identifier unique within the unit."""
        end = self.hour * 60 + self.minute + self.minutes
        written = f"{self.by.unit.hsa}-{number:05d}"
        return create(
            urn("encounter", written),
            {
                "resourceType": "Encounter",
                "identifier": [{"system": ENCOUNTER_ID, "value": written}],
                "status": "finished",
                "class": {"system": ENCOUNTER_CLASS, "code": WHERE.get(self.kind, "HH")},
                "type": [{"coding": [{"system": CONTACT_KIND, "code": self.kind}]}],
                "subject": self.resident.ref(),
                "participant": [{"individual": ref("assignment", self.by.assignment)}],
                "period": {
                    "start": at(self.day, self.hour, self.minute),
                    "end": at(self.day, *divmod(end, 60)),
                },
                "serviceProvider": ref("organization", self.by.unit.hsa),
            },
        )


def visits(
    seed: int,
    today: date,
    people: Sequence[Resident],
    employees: Sequence[Employee],
    contacts: Sequence[Contact],
) -> list[Visit]:
    """Make every resident's visits, the last of them yesterday."""
    doctors = {one.resident.key: one.holder for one in contacts if one.kind == FIXED_DOCTOR}
    made: list[Visit] = []
    for resident in people:
        chance = Random(f"{seed}/visits/{resident.key}")
        made += _at_centre(chance, today, resident, employees, doctors.get(resident.key))
        if resident.nursing:
            nurses = working(employees, resident.nursing, "nurse")
            count = chance.randint(12, 30)
            made += _made(chance, today, resident, ("home-nursing-visit", nurses, count), None)
        if resident.home_care:
            made += _home_care(chance, today, resident, _team(chance, resident.home_care, employees))
    return made


def _at_centre(
    chance: Random, today: date, resident: Resident, employees: Sequence[Employee], own: Employee | None
) -> list[Visit]:
    """Visits at the primary-care centre; somebody without a fixed doctor meets whoever is on duty."""
    age, centre = resident.age(today), resident.centre
    doctors = working(employees, centre, "doctor", "st-doctor")
    nurses = working(employees, centre, "nurse")
    to_doctor, to_nurse = chance.randint(1, 3 + age // 16), chance.randint(0, 2 + age // 14)
    made = _made(chance, today, resident, ("doctor-visit", doctors, to_doctor), own)
    made += _made(chance, today, resident, ("nurse-visit", nurses, to_nurse), None)
    if age >= 30 and chance.random() < 0.18:
        therapists = working(employees, centre, "physiotherapist")
        made += _made(
            chance, today, resident, ("physiotherapy-visit", therapists, chance.randint(4, 9)), None
        )
    return made


def _made(
    chance: Random,
    today: date,
    resident: Resident,
    wanted: tuple[str, list[Employee], int],
    own: Employee | None,
) -> list[Visit]:
    """Spread visits over the span; `own`, or else a favourite, is met as often as the unit manages."""
    kind, staff, count = wanted
    faithful = FAITHFUL.get(staff[0].unit.hsa, 0.5)
    known = own or chance.choice(staff)
    # Without a named doctor nobody steers the booking: it is by luck that one meets the same again.
    steered = faithful if own or kind != "doctor-visit" else faithful / 3
    latest = min(SPAN, (today - resident.number.birth_date).days - 1)
    back = sorted((chance.randint(1, latest) for _ in range(count)), reverse=True)
    return [
        Visit(
            resident=resident,
            kind=kind,
            by=known if chance.random() < steered else chance.choice(staff),
            day=days(today, -ago),
            hour=chance.randint(7, 14),
            minute=chance.choice((0, 15, 30, 45)),
            minutes=chance.choice((20, 30, 45)),
        )
        for ago in back
    ]


def _team(chance: Random, unit: Unit, employees: Sequence[Employee]) -> list[Employee]:
    """Choose those who take turns with one client; the first of them comes most often."""
    everybody = working(employees, unit, "assistant-nurse")
    first = chance.choice(titled(employees, unit))
    others = [one for one in everybody if one != first]
    faces = FACES[unit.hsa] + chance.randint(-2, 2)
    return [first, *chance.sample(others, min(len(others), faces - 1))]


def _home_care(chance: Random, today: date, resident: Resident, team: list[Employee]) -> Iterator[Visit]:
    rounds = ROUNDS[: chance.choice((2, 2, 3, 3, 4))]
    weights = [4, *(1 for _ in team[1:])]
    for ago in range(FORTNIGHT, 0, -1):
        for first, last in rounds:
            yield Visit(
                resident=resident,
                kind="home-care-visit",
                by=chance.choices(team, weights)[0],
                day=days(today, -ago),
                hour=chance.randint(first, last),
                minute=chance.choice((0, 10, 20, 30, 40, 50)),
                minutes=chance.choice((15, 20, 30, 45)),
            )

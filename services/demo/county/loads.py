"""The county as transactions, each written by one unit's system, in the order they have to be loaded."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, TypeVar

from services.demo.county.cases import Case, cases
from services.demo.county.contacts import Contact, fixed_contacts
from services.demo.county.fhir import Entry, Resource, transaction
from services.demo.county.plans import steps
from services.demo.county.residents import Resident, patient, residents
from services.demo.county.staff import Employee, employments, staff
from services.demo.county.units import GIVERS, UNITS, Unit, organizations
from services.demo.county.visits import Visit, visits

One = TypeVar("One")

SEED: Final = 21
MOST_ENTRIES: Final = 180
"""Entries to a bundle: some 120 KB, of the 500 entries and 1 MiB that the service takes."""


@dataclass(frozen=True, slots=True)
class Load:
    """One transaction, and whose system writes it.

    Loads of a lane touch no person of another lane; those without a lane (the directory) come before all.
    """

    unit_hsa: str
    giver_hsa: str
    bundle: Resource
    label: str
    lane: int | None = None


@dataclass(frozen=True, slots=True)
class County:
    """Everybody and everything, as pure values."""

    seed: int
    today: date
    employees: tuple[Employee, ...]
    residents: tuple[Resident, ...]
    contacts: tuple[Contact, ...]
    visits: tuple[Visit, ...]
    cases: tuple[Case, ...]

    def loads(self) -> list[Load]:
        """Give every transaction, in an order in which each finds what it refers to."""
        return [
            *_directory(self.employees),
            *_patients(self.residents),
            *_contacts(self.contacts),
            *_plans(self.cases),
            *_visits(self.visits),
        ]


def county(today: date, seed: int = SEED) -> County:
    """Generate the county as it is on a day: the same for the same seed and day, to the byte."""
    employees = staff(seed)
    people = residents(seed, today)
    contacts = fixed_contacts(seed, today, people, employees)
    return County(
        seed=seed,
        today=today,
        employees=employees,
        residents=people,
        contacts=tuple(contacts),
        visits=tuple(visits(seed, today, people, employees, contacts)),
        cases=tuple(cases(seed, today, people, employees, contacts)),
    )


def _load(unit: Unit, entries: list[Entry], label: str, lane: int | None = None) -> Load:
    return Load(unit.hsa, unit.giver.hsa, transaction(entries), label, lane)


def _directory(employees: tuple[Employee, ...]) -> Iterator[Load]:
    for giver in GIVERS:
        unit = next(one for one in UNITS if one.giver == giver)
        yield _load(unit, organizations(giver), f"{giver.name}: units")
        yield _load(unit, employments(giver, employees), f"{giver.name}: staff")


def _patients(people: Sequence[Resident]) -> Iterator[Load]:
    for (lane, hsa), group in _grouped(people, lambda one: (one.lane, one.centre.hsa)):
        unit = _unit(hsa)
        for part in _parts([patient(one) for one in group]):
            yield _load(unit, part, f"residents of {unit.name}", lane)


def _contacts(contacts: Sequence[Contact]) -> Iterator[Load]:
    """Earlier contacts first: appointing the next one is what ends them."""
    earlier = [one.before for one in contacts if one.before]
    for era, label in ((earlier, "earlier fixed contacts"), (contacts, "fixed contacts")):
        for (lane, hsa), group in _grouped(era, lambda one: (one.resident.lane, one.holder.unit.hsa)):
            for part in _parts([one.entry() for one in group]):
                yield _load(_unit(hsa), part, f"{label} at {_unit(hsa).name}", lane)


def _plans(told: Sequence[Case]) -> Iterator[Load]:
    for case in told:
        for step in steps(case):
            yield _load(step.by, step.entries, f"plan {case.key} {step.what}", case.resident.lane)


def _visits(made: Sequence[Visit]) -> Iterator[Load]:
    numbered: dict[str, int] = {}
    for (lane, hsa), group in _grouped(made, lambda one: (one.resident.lane, one.by.unit.hsa)):
        entries: list[Entry] = []
        for visit in group:
            numbered[hsa] = numbered.get(hsa, 0) + 1
            entries.append(visit.entry(numbered[hsa]))
        for part in _parts(entries):
            yield _load(_unit(hsa), part, f"visits at {_unit(hsa).name}", lane)


def _grouped(
    several: Iterable[One], key: Callable[[One], tuple[int, str]]
) -> Iterator[tuple[tuple[int, str], list[One]]]:
    """Group by lane and unit; within a group the order stays, so that one person's entries stay together."""
    for named, group in groupby(sorted(several, key=key), key=key):
        yield named, list(group)


def _parts(entries: list[Entry]) -> Iterator[list[Entry]]:
    for start in range(0, len(entries), MOST_ENTRIES):
        yield entries[start : start + MOST_ENTRIES]


def _unit(hsa: str) -> Unit:
    return next(one for one in UNITS if one.hsa == hsa)

"""Which resident each story is told of, who of the staff takes part, and on which days it happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

from services.demo.county.codes import (
    FIXED_CARE_CONTACT,
    FIXED_COORDINATING_CONTACT,
    FIXED_DOCTOR,
    FIXED_HOME_CARE_CONTACT,
)
from services.demo.county.contacts import Contact, titled, working
from services.demo.county.fhir import days
from services.demo.county.names import given_name
from services.demo.county.residents import Resident
from services.demo.county.staff import Employee
from services.demo.county.stories import Deed, Story, stories
from services.demo.county.units import BJORKVALLA_CENTRE, HABILITATION, PSYCHIATRY, WARD, Unit, units_of

# words for the relation, their definite form, FHIR's role code, the relative's sex
RELATIONS: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "dotter": ("Dotter", "Dottern", "DAU", "female"),
    "son": ("Son", "Sonen", "SON", "male"),
    "mamma": ("Mamma", "Mamma", "MTH", "female"),
    "pappa": ("Pappa", "Pappa", "FTH", "male"),
    "syster": ("Syster", "Systern", "SIS", "female"),
    "maka": ("Maka", "Makan", "WIFE", "female"),
    "make": ("Make", "Maken", "HUSB", "male"),
}
# first and last day, counted back from today, on which the need was noted
NOTED: Final[Mapping[str, tuple[int, int]]] = {
    "draft": (4, 12),
    "active": (20, 75),
    "on-hold": (90, 160),
    "completed": (260, 480),
    "revoked": (60, 300),
    "entered-in-error": (20, 100),
}
OVERDUE: Final = (125, 200)
SHARE_OVERDUE: Final = 0.2
FOLLOW_UP_AFTER: Final = 90  # days after the meeting
FIXED_REGION_UNITS: Final = {"hospital": WARD, "psychiatry": PSYCHIATRY, "habilitation": HABILITATION}


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days of a case; `met` may lie ahead, `ended` is None while the plan lives."""

    noted: date
    consented: date
    called: date
    met: date
    follow_up: date
    ended: date | None


@dataclass(frozen=True, slots=True)
class Relative:
    """Somebody close to the resident."""

    given: str
    family: str
    relation: str


@dataclass(frozen=True, slots=True)
class Case:
    """One story, told of one resident."""

    key: str
    story: Story
    voice: int
    resident: Resident
    minor: bool
    cast: Mapping[str, Employee]
    relative: Relative | None
    timeline: Timeline

    @property
    def status(self) -> str:
        """Give the status that the plan has come to."""
        return self.story.statuses[self.voice]

    @property
    def author(self) -> Employee:
        """Give the one who answers over all."""
        return self.cast[self.story.author]

    @property
    def has_consent(self) -> bool:
        """Tell whether the plan rests on consent and not on another lawful ground."""
        return self.voice not in self.story.without_consent

    def deeds(self, *by: str) -> list[Deed]:
        """Give what the named kinds, of all that is done, are to do."""
        return [one for one in (*self.story.interventions, *self.story.others) if one.by in by]

    def say(self, text: str) -> str:
        """Put the names of this case into a story's text."""
        relative, given = self.relative, self.resident.given
        return text.format(
            namn=given,
            namns=given if given.endswith(("s", "x", "z")) else f"{given}s",
            narstaende=relative.given if relative else "",
            Relation=RELATIONS[relative.relation][1] if relative else "",
            maken="hustrun" if self.resident.male else "maken",
        )


def cases(
    seed: int,
    today: date,
    people: Sequence[Resident],
    employees: Sequence[Employee],
    contacts: Sequence[Contact],
) -> list[Case]:
    """Tell every story, each of another resident; those that fit few are told first."""
    chance = Random(f"{seed}/cases")
    held = {(one.resident.key, one.kind): one.holder for one in contacts}
    free = list(people)
    told: list[Case] = []
    for story in sorted(stories(), key=lambda one: sum(_fits(who, one, today) for who in people)):
        for voice in range(len(story.voices)):
            fitting = [who for who in free if _fits(who, story, today)] or [_nearest(free, story, today)]
            resident = _choose(chance, fitting)
            free.remove(resident)
            told.append(
                Case(
                    key=f"{story.key}-{voice + 1}",
                    story=story,
                    voice=voice,
                    resident=resident,
                    minor=resident.age(today) < 18,
                    cast={kind: _cast(chance, kind, resident, employees, held) for kind in story.parties},
                    relative=_relative(chance, story, resident),
                    timeline=_timeline(chance, story.statuses[voice], today),
                )
            )
    return sorted(told, key=lambda one: one.resident.key)


def _fits(resident: Resident, story: Story, today: date) -> bool:
    first, last = story.ages
    served = {"home-care": resident.home_care, "residential-care": resident.residence}
    wanted = [kind for kind in story.municipal if kind in served and story.region != "hospital"]
    return first <= resident.age(today) <= last and all(served[kind] for kind in wanted)


def _nearest(free: list[Resident], story: Story, today: date) -> Resident:
    """As years go by a story may outlive those whom it fits; then it is told of who comes closest in age."""
    first, last = story.ages
    return min(free, key=lambda who: max(first - who.age(today), who.age(today) - last, 0))


def _choose(chance: Random, fitting: list[Resident]) -> Resident:
    """Prefer the centre that the demo's own doctor works at for some, so that she has plans to read."""
    near = [one for one in fitting if one.centre == BJORKVALLA_CENTRE]
    return chance.choice(near if near and chance.random() < 0.4 else fitting)


def unit_for(kind: str, resident: Resident) -> Unit:
    """Give the unit that stands for a kind in this resident's case."""
    if kind == "primary-care":
        return resident.centre
    if kind in FIXED_REGION_UNITS:
        return FIXED_REGION_UNITS[kind]
    own = {"home-care": resident.home_care, "residential-care": resident.residence}.get(kind)
    return own or units_of(resident.municipality, kind)[0]


def _cast(
    chance: Random,
    kind: str,
    resident: Resident,
    employees: Sequence[Employee],
    held: Mapping[tuple[str, tuple[str, str]], Employee],
) -> Employee:
    """Choose who takes part for a unit: the resident's fixed contact there, where one is appointed."""
    unit = unit_for(kind, resident)
    kinds = (FIXED_COORDINATING_CONTACT, FIXED_CARE_CONTACT, FIXED_HOME_CARE_CONTACT, FIXED_DOCTOR)
    holders = [holder for one in kinds if (holder := held.get((resident.key, one))) and holder.unit == unit]
    if holders:
        return holders[0]
    if kind in {"home-care", "residential-care"}:
        return chance.choice(titled(employees, unit))
    role = {"primary-care": "doctor", "municipal-nursing": "nurse", "social-services": "care-manager"}
    return chance.choice(working(employees, unit, role.get(kind, "coordinator")))


def _relative(chance: Random, story: Story, resident: Resident) -> Relative | None:
    if not story.relation:
        return None
    spouse = "maka" if resident.male else "make"
    relation = spouse if story.relation == "partner" else story.relation
    born = resident.number.birth_date.year
    generation = {"dotter": 28, "son": 28, "mamma": -30, "pappa": -32}.get(relation, 2)
    return Relative(given_name(chance, RELATIONS[relation][3], born + generation), resident.family, relation)


def _timeline(chance: Random, status: str, today: date) -> Timeline:
    overdue = status == "active" and chance.random() < SHARE_OVERDUE
    first, last = OVERDUE if overdue else NOTED[status]
    noted = days(today, -chance.randint(first, last))
    consented = days(noted, chance.randint(0, 1))
    called = days(consented, chance.randint(1, 2))
    met = days(called, chance.randint(14, 18) if status == "draft" else chance.randint(5, 10))
    lasted = chance.randint(140, 200) if status == "completed" else chance.randint(10, 30)
    ended = min(days(met, lasted), days(today, -2)) if status in {"completed", "revoked"} else None
    return Timeline(noted, consented, called, met, days(met, FOLLOW_UP_AFTER), ended)

"""Who works where: every unit's staff, each with a person's HSA-id and one assignment (medarbetaruppdrag)."""

from dataclasses import dataclass
from random import Random
from typing import Final

from services.demo.county.codes import ASSIGNMENT_ID, EXT_FULL_TIME, PROTECTED_TITLE, STAFF_ROLE
from services.demo.county.fhir import Entry, Resource, concept, create, hsa, ref, urn
from services.demo.county.names import family_name, given_name, unlike
from services.demo.county.units import HABILITATION, OTHER_CENTRE, PSYCHIATRY, UNITS, WARD, Giver, Unit

FULL_TIME: Final = 0.02
"""A list of the demo holds a hundred residents and not five thousand: its doctors work the same share of time."""

# role, protected title or none, words for the role, how many
Row = tuple[str, str | None, str, int]

DOCTORS: Final[tuple[Row, ...]] = (
    ("doctor", "lakare", "Specialistläkare i allmänmedicin", 4),
    ("st-doctor", "lakare", "ST-läkare i allmänmedicin", 1),
)
BY_KIND: Final[dict[str, tuple[Row, ...]]] = {
    "primary-care": (
        *DOCTORS,
        ("nurse", "sjukskoterska", "Distriktssköterska", 3),
        ("physiotherapist", "fysioterapeut", "Fysioterapeut", 1),
        ("coordinator", "kurator", "Kurator och rehabkoordinator", 1),
    ),
    "municipal-nursing": (
        ("nurse", "sjukskoterska", "Distriktssköterska i hemsjukvården", 5),
        ("physiotherapist", "fysioterapeut", "Fysioterapeut", 1),
        ("occupational-therapist", "arbetsterapeut", "Arbetsterapeut", 1),
    ),
    # Not everybody in home care holds the protected title; only those who do may be fast omsorgskontakt.
    "home-care": (
        ("assistant-nurse", "underskoterska", "Undersköterska", 9),
        ("assistant-nurse", None, "Vårdbiträde", 3),
        ("coordinator", None, "Samordnare i hemtjänsten", 1),
    ),
    "residential-care": (
        ("assistant-nurse", "underskoterska", "Undersköterska", 4),
        ("coordinator", None, "Enhetschef", 1),
    ),
    "social-services": (
        ("care-manager", None, "Biståndshandläggare", 3),
        ("care-manager", None, "Socialsekreterare och LSS-handläggare", 2),
    ),
}
BY_UNIT: Final[dict[str, tuple[Row, ...]]] = {
    WARD.hsa: (
        ("doctor", "lakare", "Överläkare i internmedicin", 2),
        ("nurse", "sjukskoterska", "Sjuksköterska", 2),
        ("coordinator", "sjukskoterska", "Utskrivningssamordnare", 1),
        ("privacy-officer", None, "Informationssäkerhetssamordnare", 1),
    ),
    PSYCHIATRY.hsa: (
        ("doctor", "lakare", "Överläkare i psykiatri", 1),
        ("nurse", "sjukskoterska", "Specialistsjuksköterska i psykiatri", 2),
        ("coordinator", "psykolog", "Psykolog och vårdsamordnare", 1),
    ),
    HABILITATION.hsa: (
        ("doctor", "lakare", "Barnneurolog", 1),
        ("nurse", "sjukskoterska", "Sjuksköterska", 1),
        ("occupational-therapist", "arbetsterapeut", "Arbetsterapeut", 1),
        ("coordinator", "kurator", "Kurator och vårdsamordnare", 1),
    ),
    OTHER_CENTRE.hsa: (("doctor", "lakare", "Specialistläkare i allmänmedicin", 1),),
}


@dataclass(frozen=True, slots=True)
class Employee:
    """One person's assignment at one unit; `assignment` is the HSA-id of the assignment, `hsa` the person's."""

    hsa: str
    assignment: str
    given: str
    family: str
    role: str
    title: str | None
    role_text: str
    unit: Unit
    gender: str

    @property
    def name(self) -> str:
        """Give the whole name."""
        return f"{self.given} {self.family}"


def staff(seed: int) -> tuple[Employee, ...]:
    """Employ everybody, in the order of the units; HSA-ids do not depend on the seed, names do."""
    chance = Random(f"{seed}/staff")
    taken: set[tuple[str, str]] = set()
    employees: list[Employee] = []
    for unit in UNITS:
        rows = BY_UNIT.get(unit.hsa) or BY_KIND[unit.kind]
        posts = [row for row in rows for _ in range(row[3])]
        employees += [_employ(chance, taken, unit, post, at) for at, post in enumerate(posts, start=1)]
    return tuple(employees)


def _employ(chance: Random, taken: set[tuple[str, str]], unit: Unit, post: Row, at: int) -> Employee:
    role, title, role_text, _ = post
    gender = "male" if chance.random() < 0.25 else "female"
    given, family = unlike(
        taken, lambda: (given_name(chance, gender, chance.randint(1960, 1996)), family_name(chance))
    )
    number, place = unit.hsa.split("-1E")
    return Employee(
        hsa=f"{number}-1P{place}{at:02d}",
        assignment=f"{number}-1U{place}{at:02d}",
        given=given,
        family=family,
        role=role,
        title=title,
        role_text=role_text,
        unit=unit,
        gender=gender,
    )


def employments(giver: Giver, employees: tuple[Employee, ...]) -> list[Entry]:
    """Create the people who work for a care giver, and their assignments."""
    own = [one for one in employees if one.unit.giver == giver]
    people = [create(urn("practitioner", one.hsa), _practitioner(one)) for one in own]
    return people + [create(urn("assignment", one.assignment), _assignment(one)) for one in own]


def _practitioner(employee: Employee) -> Resource:
    practitioner: Resource = {
        "resourceType": "Practitioner",
        "identifier": hsa(employee.hsa),
        "active": True,
        "name": [{"use": "official", "family": employee.family, "given": [employee.given]}],
        "gender": employee.gender,
    }
    if employee.title:
        practitioner["qualification"] = [{"code": concept((PROTECTED_TITLE, employee.title))}]
    return practitioner


def _assignment(employee: Employee) -> Resource:
    return {
        "resourceType": "PractitionerRole",
        **_full_time(employee),
        "identifier": [{"system": ASSIGNMENT_ID, "value": employee.assignment}],
        "active": True,
        "practitioner": ref("practitioner", employee.hsa) | {"display": employee.name},
        "organization": ref("organization", employee.unit.hsa) | {"display": employee.unit.name},
        "code": [concept((STAFF_ROLE, employee.role), employee.role_text)],
        "telecom": [{"system": "phone", "value": employee.unit.phone, "use": "work"}],
    }


def _full_time(employee: Employee) -> Resource:
    """Say how much of full time a doctor works: the county is small, and so are its lists."""
    if employee.role not in {"doctor", "st-doctor"}:
        return {}
    return {"extension": [{"url": EXT_FULL_TIME, "valueDecimal": FULL_TIME}]}

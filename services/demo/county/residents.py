"""The residents: who they are, where they live, which units care for them, and how to write them as Patients."""

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

from services.demo.county.codes import (
    EXT_DEPRIVATION,
    EXT_INTERPRETER,
    EXT_MUNICIPALITY_CODE,
    PERSONNUMMER,
)
from services.demo.county.fhir import Entry, create, ref, urn
from services.demo.county.names import family_name, given_name, street_address, unlike
from services.demo.county.personal_numbers import PersonalNumber, published_numbers
from services.demo.county.units import (
    BJORKVALLA,
    BJORKVALLA_CENTRE,
    FURULIDEN_CENTRE,
    STRANDINGE,
    STRANDINGE_CENTRE,
    Giver,
    Unit,
    units_of,
)

RESIDENTS: Final = 300
LANES: Final = 4
"""Nothing in one lane touches a person of another, so that lanes can be loaded side by side."""
POSTAL: Final = {BJORKVALLA: "999 10", STRANDINGE: "999 20"}


@dataclass(frozen=True, slots=True)
class Resident:
    """One resident; `home_care`, `residence` and `nursing` are the municipal units that care for them now."""

    key: str
    number: PersonalNumber
    given: str
    family: str
    address: str
    municipality: Giver
    centre: Unit
    home_care: Unit | None
    residence: Unit | None
    nursing: Unit | None
    lane: int
    interpreter: bool | None
    deprivation: int

    def age(self, today: date) -> int:
        """Give whole years of age on a day."""
        born = self.number.birth_date
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    @property
    def male(self) -> bool:
        """Tell whether the third serial digit says male."""
        return self.number.gender == "male"

    def ref(self) -> dict[str, str]:
        """Refer to the resident's Patient."""
        return ref("patient", self.key)


def residents(seed: int, today: date) -> tuple[Resident, ...]:
    """Settle the county; numbers beyond the residents' stay in reserve for people who are added later."""
    chance = Random(f"{seed}/residents")
    numbers = [one for one in published_numbers() if one.birth_date <= today]
    chosen = sorted(chance.sample(numbers, min(RESIDENTS, len(numbers))), key=lambda one: one.digits)
    taken: set[tuple[str, str]] = set()
    return tuple(_settle(chance, taken, number, index) for index, number in enumerate(chosen, start=1))


def _settle(chance: Random, taken: set[tuple[str, str]], number: PersonalNumber, index: int) -> Resident:
    born = number.birth_date.year
    given, family = unlike(taken, lambda: (given_name(chance, number.gender, born), family_name(chance)))
    at_home = chance.random() < 0.58
    municipality = BJORKVALLA if at_home else STRANDINGE
    own_centre = BJORKVALLA_CENTRE if chance.random() < 0.55 else FURULIDEN_CENTRE
    home_care, residence, nursing = _care(chance, municipality, born)
    around = Random(f"{number.digits}/circumstances")  # its own, so that nothing else is drawn otherwise
    return Resident(
        key=f"resident-{index:03d}",
        number=number,
        given=given,
        family=family,
        address=street_address(chance),
        municipality=municipality,
        centre=own_centre if at_home else STRANDINGE_CENTRE,
        home_care=home_care,
        residence=residence,
        nursing=nursing,
        lane=index % LANES,
        interpreter=around.choice([None, False, False, False, False, False, False, True]),
        deprivation=around.choice([1, 2, 2, 3, 3, 4] if at_home else [2, 3, 4, 4, 5, 5]),
    )


def _care(chance: Random, municipality: Giver, born: int) -> tuple[Unit | None, Unit | None, Unit | None]:
    """Draw municipal care; the share is by year of birth, so that it does not shift as the days go by."""
    draw, nursed = chance.random(), chance.random()
    nursing = units_of(municipality, "municipal-nursing")[0]
    if born < 1943 and draw < 0.18:
        return None, units_of(municipality, "residential-care")[0], nursing
    if draw < (0.75 if born < 1943 else 0.3 if born < 1950 else 0.06 if born < 1970 else 0.0):
        unit = chance.choice(units_of(municipality, "home-care"))
        return unit, None, nursing if nursed < 0.7 else None
    return None, None, nursing if born < 1955 and nursed < 0.12 else None


def patient(resident: Resident) -> Entry:
    """Create the resident's Patient; generalPractitioner is left to the service, which derives it."""
    return create(
        urn("patient", resident.key),
        {
            "resourceType": "Patient",
            "identifier": [{"system": PERSONNUMMER, "value": resident.number.digits}],
            "active": True,
            "name": [{"use": "official", "family": resident.family, "given": [resident.given]}],
            "gender": resident.number.gender,
            **_interpreter(resident),
            "birthDate": resident.number.birth_date.isoformat(),
            "address": [
                {
                    "extension": [
                        {"url": EXT_MUNICIPALITY_CODE, "valueCode": resident.municipality.code},
                        {"url": EXT_DEPRIVATION, "valuePositiveInt": resident.deprivation},
                    ],
                    "use": "home",
                    "line": [resident.address],
                    "postalCode": POSTAL[resident.municipality],
                    "city": resident.municipality.name.removesuffix(" kommun"),
                }
            ],
        },
    )


def _interpreter(resident: Resident) -> dict[str, object]:
    """Say whether an interpreter is needed, where it was asked."""
    if resident.interpreter is None:
        return {}
    return {"extension": [{"url": EXT_INTERPRETER, "valueBoolean": resident.interpreter}]}

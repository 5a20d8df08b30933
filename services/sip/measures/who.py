"""Who a person is, read from the Patient: what figures are told apart by."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from services.sip.domain.care.reading import Element, extension
from services.sip.domain.codes import EXT_DEPRIVATION, EXT_INTERPRETER, EXT_MUNICIPALITY_CODE
from services.sip.domain.continuity.profile import UNKNOWN, Profile, age_band
from services.sip.domain.held import ALWAYS, Resource
from services.sip.domain.moments import SWEDEN, span_of

MUNICIPALITY: Final = re.compile(r"[0-9]{4}")
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SEXES: Final = frozenset({"female", "male"})
"""Of other and unknown a county has so few that a group of their own would be a group of persons."""
QUINTILES: Final = frozenset({1, 2, 3, 4, 5})


@dataclass(frozen=True, slots=True)
class Who:
    """A person's unchanging facts; `died` is the first moment after life, None while it lasts."""

    municipality: str = UNKNOWN
    birth: date | None = None
    died: datetime | None = None
    sex: str = UNKNOWN
    interpreter: str = UNKNOWN
    deprivation: str = UNKNOWN

    def living(self, now: datetime) -> bool:
        """Tell whether the person lives at a moment, as far as the record says."""
        born = self.birth is None or self.birth <= now.astimezone(SWEDEN).date()
        return born and (self.died is None or now < self.died)

    def profile(self, now: datetime) -> Profile:
        """Give what the person counts as at a moment: a birthday begins with the Swedish day."""
        band = age_band(self.birth, now.astimezone(SWEDEN).date())
        return Profile(self.sex, band, self.interpreter, self.deprivation)


def read_who(patient: Resource) -> Who:
    """Read a Patient; a death without a date was always."""
    birth, sex = patient.get("birthDate", ""), patient.get("gender", "")
    return Who(
        municipality=_municipality(patient),
        birth=date.fromisoformat(birth) if DAY.fullmatch(birth) else None,
        died=_died(patient),
        sex=sex if sex in SEXES else UNKNOWN,
        interpreter=_interpreter(patient),
        deprivation=_deprivation(patient),
    )


def _died(patient: Resource) -> datetime | None:
    at = patient.get("deceasedDateTime")
    if at:
        return span_of(at)[0]
    return ALWAYS if patient.get("deceasedBoolean") else None


def _municipality(patient: Resource) -> str:
    """Read the code of the address; what cannot be the code of a municipality is unknown."""
    for address in patient.get("address", ()):
        code = (extension(address, EXT_MUNICIPALITY_CODE) or {}).get("valueCode", "")
        if MUNICIPALITY.fullmatch(code):
            return str(code)
    return UNKNOWN


def _interpreter(patient: Resource) -> str:
    needed = (extension(patient, EXT_INTERPRETER) or {}).get("valueBoolean")
    return UNKNOWN if needed is None else "needed" if needed else "not-needed"


def _deprivation(patient: Resource) -> str:
    """Read the fifth of the areas that the address lies in, 5 the most deprived."""
    found: list[Element] = [
        one for address in patient.get("address", ()) if (one := extension(address, EXT_DEPRIVATION))
    ]
    values = [one.get("valuePositiveInt") for one in found]
    return next((str(value) for value in values if value in QUINTILES), UNKNOWN)

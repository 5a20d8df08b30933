"""What if: the load of a list after doctors have left and come, against Socialstyrelsen's guideline value."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Final

from services.sip.domain.continuity.list_load import RESIDENTS_PER_SPECIALIST, list_capacity, list_load

NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Doctors:
    """Full-time equivalents of both kinds; as a change they may be negative."""

    specialists: Decimal = NOTHING
    st_doctors: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class ListOutlook:
    """A list with its doctors; `load` is None where nobody is left to list with."""

    listed: int
    doctors: Doctors
    capacity: Fraction
    load: Fraction | None

    @property
    def over(self) -> Fraction:
        """Give the residents above the guideline value; negative is room."""
        return self.listed - self.capacity

    @property
    def specialists_lacking(self) -> Fraction:
        """Give the full-time specialists it would take to meet the guideline value, in tenths, upwards."""
        return Fraction(max(0, ceil(self.over * 10 / RESIDENTS_PER_SPECIALIST)), 10)


def outlook(listed: int, doctors: Doctors) -> ListOutlook:
    """Give a list as it stands; ValueError for what cannot be."""
    capacity = list_capacity(doctors.specialists, doctors.st_doctors)
    return ListOutlook(listed, doctors, capacity, list_load(listed, capacity))


def simulated(now: ListOutlook, listed: int, change: Doctors) -> ListOutlook:
    """Give the list after a change of residents and of doctors; ValueError when more leave than there are."""
    after = Doctors(now.doctors.specialists + change.specialists, now.doctors.st_doctors + change.st_doctors)
    return outlook(now.listed + listed, after)

"""How full a list of residents is, against the national guideline value for one doctor.

Socialstyrelsen 2022: 1,100 residents to a specialist, 550 to a doctor half-way through specialist training
(ST); neither floor nor ceiling. That a part-time doctor counts in proportion is our reading.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Final

RESIDENTS_PER_SPECIALIST: Final = 1100
RESIDENTS_PER_ST_DOCTOR: Final = 550


def list_capacity(specialists: Decimal, st_doctors: Decimal) -> Fraction:
    """Give the residents that full-time equivalents of both kinds answer for by the guideline value."""
    if specialists < 0 or st_doctors < 0:
        raise ValueError("Full-time equivalents cannot be negative.")
    return Fraction(specialists) * RESIDENTS_PER_SPECIALIST + Fraction(st_doctors) * RESIDENTS_PER_ST_DOCTOR


def list_load(listed: int, capacity: Fraction) -> Fraction | None:
    """Give the listed residents as a share of the capacity; undefined where nobody is there to list with."""
    if listed < 0:
        raise ValueError("A list cannot be shorter than empty.")
    return Fraction(listed) / capacity if capacity else None

"""Swedish personal identity and coordination numbers: read as people write them, kept as twelve digits.

Form and check digit: folkbokföringslagen (1991:481) 18 §, SKV 707; coordination numbers: lag (2022:1697).
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.sip.domain.codes import PERSONNUMMER, SAMORDNINGSNUMMER

# [0-9], not \d: other scripts' digits look the same to a person and differ to every index.
_AS_WRITTEN: Final = re.compile(r"([0-9]{2})?([0-9]{2})([0-9]{2})([0-9]{2})([-+]?)([0-9]{3})([0-9])")
_TWELVE: Final = re.compile(r"[0-9]{12}")
_COORDINATION_DAYS: Final = 60


class NotAPersonalNumber(ValueError):
    """The text is no personal identity or coordination number; the message says why."""


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    """A checked number: twelve ASCII digits, no separator."""

    digits: str

    @property
    def is_coordination_number(self) -> bool:
        """A coordination number (samordningsnummer) has 60 added to its day."""
        return int(self.digits[6:8]) >= _COORDINATION_DAYS

    @property
    def system(self) -> str:
        """Give the FHIR identifier system that the number belongs to."""
        return SAMORDNINGSNUMMER if self.is_coordination_number else PERSONNUMMER

    @property
    def birth_date(self) -> date | None:
        """Give the date in the number; None where a coordination number knows it in part only."""
        return _date_in(self.digits)


def parse(text: str, today: date) -> PersonalNumber:
    """Read ten or twelve digits with or without separator; raises NotAPersonalNumber.

    A "+" says that the person turns at least 100 this year, "-" or nothing in ten digits that they do not.
    """
    found = _AS_WRITTEN.fullmatch(text.strip())
    if not found:
        raise NotAPersonalNumber(
            "A personal number has ten or twelve digits, with at most one - or + before the last four."
        )
    century, year, month, day, separator, serial, control = found.groups()
    century = century or _century(int(year), separator, today)
    if separator == "+" and today.year - int(century + year) < 100:
        raise NotAPersonalNumber("A + is written only from the year the person turns 100.")
    return checked(century + year + month + day + serial + control, today)


def checked(digits: str, today: date) -> PersonalNumber:
    """Check the form the record keeps, exactly twelve ASCII digits; raises NotAPersonalNumber."""
    if not _TWELVE.fullmatch(digits):
        raise NotAPersonalNumber("A personal number is kept as twelve digits without separator.")
    if check_digit(digits[2:11]) != int(digits[11]):
        raise NotAPersonalNumber("The check digit does not fit the other digits; a digit may be mistyped.")
    number = PersonalNumber(digits)
    born = number.birth_date
    if born is None and not _may_be_partly_unknown(digits):
        raise NotAPersonalNumber("The first eight digits are no date.")
    if born is not None and born > today:
        raise NotAPersonalNumber("The birth date in the number lies in the future.")
    return number


def check_digit(nine: str) -> int:
    """Compute the tenth digit of yyMMddNNN by the Luhn formula (weights 2, 1, 2, …)."""
    total = 0
    for place, digit in enumerate(nine):
        weighted = int(digit) * (2 if place % 2 == 0 else 1)
        total += weighted // 10 + weighted % 10
    return -total % 10


def _century(year: int, separator: str, today: date) -> str:
    newest = today.year - (today.year - year) % 100
    return f"{(newest - 100 if separator == '+' else newest) // 100:02}"


def _date_in(digits: str) -> date | None:
    day = int(digits[6:8])
    try:
        return date(
            int(digits[:4]),
            int(digits[4:6]),
            day - _COORDINATION_DAYS if day > _COORDINATION_DAYS else day,
        )
    except ValueError:
        return None


def _may_be_partly_unknown(digits: str) -> bool:
    """A coordination number may be given when month or day of birth is not known; zeros stand there."""
    month, day = int(digits[4:6]), int(digits[6:8])
    return (day == _COORDINATION_DAYS and month <= 12) or (month == 0 and _COORDINATION_DAYS <= day <= 91)

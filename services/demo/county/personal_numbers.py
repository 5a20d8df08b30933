"""Personal identity numbers of the published test series, read from the list beside this module."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

LIST: Final = Path(__file__).with_name("test_personal_numbers.txt")


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    """Twelve digits, and what they say: date of birth, and sex by the third serial digit (odd is male)."""

    digits: str

    @property
    def birth_date(self) -> date:
        """Give the date of birth."""
        return date(int(self.digits[:4]), int(self.digits[4:6]), int(self.digits[6:8]))

    @property
    def gender(self) -> str:
        """Give FHIR's administrative gender."""
        return "male" if int(self.digits[10]) % 2 else "female"


@cache
def published_numbers() -> tuple[PersonalNumber, ...]:
    """Give every listed number, oldest person first."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return tuple(PersonalNumber(line[:12]) for line in lines if line and not line.startswith("#"))


def checksum_holds(digits: str) -> bool:
    """Tell whether the last of twelve digits is the control digit of the nine before it (Luhn; SKV 707)."""
    total = 0
    for place, digit in enumerate(digits[2:11]):
        doubled = int(digit) * (2 - place % 2)
        total += doubled // 10 + doubled % 10
    return (10 - total % 10) % 10 == int(digits[11])

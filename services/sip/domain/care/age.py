"""How old a person is, in Sweden, on a day."""

from datetime import date, datetime
from typing import Final

from services.sip.domain.held import Resource
from services.sip.domain.moments import SWEDEN

ADULT: Final = 18
"""SoL 3 kap. 1 §, FB 9 kap. 1 §: a child is a person under 18."""


def age_of(patient: Resource | None, now: datetime) -> int | None:
    """Give completed years; None when the birth date is unknown. A partial date counts from its first day."""
    text = (patient or {}).get("birthDate")
    if not text:
        return None
    born = date(*([int(part) for part in text.split("-")] + [1, 1])[:3])
    today = now.astimezone(SWEDEN).date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def is_child(patient: Resource | None, now: datetime) -> bool:
    """Tell whether the person is known to be under 18."""
    age = age_of(patient, now)
    return age is not None and age < ADULT

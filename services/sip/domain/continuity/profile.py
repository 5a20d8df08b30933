"""Who a person is, as far as figures are told apart by it: sex, age band, interpreter, deprivation of the area."""

from datetime import date
from typing import Final, NamedTuple

UNKNOWN: Final = "unknown"
AGE_BANDS: Final = ((17, "0-17"), (44, "18-44"), (64, "45-64"), (79, "65-79"))
"""The last whole year of age of each band, and its name."""
OLDEST: Final = "80-"


class Profile(NamedTuple):
    """One value for each of the ways to tell people apart; `unknown` where the record does not say."""

    sex: str = UNKNOWN
    age: str = UNKNOWN
    interpreter: str = UNKNOWN
    deprivation: str = UNKNOWN


WAYS: Final = Profile._fields


def age_on(birth: date, day: date) -> int:
    """Count whole years; whoever was born on 29 February has a birthday on 1 March in other years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def age_band(birth: date | None, day: date) -> str:
    """Name the band of age on a day; unknown without a date of birth, and before it."""
    if birth is None or birth > day:
        return UNKNOWN
    age = age_on(birth, day)
    return next((name for last, name in AGE_BANDS if age <= last), OLDEST)


def next_band(birth: date, day: date) -> date | None:
    """Give the day after `day` on which the band changes; None where it stays for good."""
    first_years = (0, *(last + 1 for last, _ in AGE_BANDS))
    days = (_birthday(birth, years) for years in first_years)
    return min((one for one in days if one > day), default=None)


def _birthday(birth: date, years: int) -> date:
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return date(birth.year + years, 3, 1)

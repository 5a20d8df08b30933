"""How long a person has had the same fixed contact: completed years, and the bands of the Norwegian studies.

Bands as in Sandvik and others 2021 (doi 10.3399/BJGP.2021.0340). How it rounds is not verified; here a year
counts when it is completed, and the first year counts as one from its first day.
"""

from datetime import date
from typing import Final

BANDS: Final = ((1, "1"), (3, "2-3"), (5, "4-5"), (10, "6-10"), (15, "11-15"))
"""The last year of each band, and its name; whatever is longer is LONGEST."""
LONGEST: Final = ">15"


def years_together(start: date, on: date) -> int | None:
    """Count completed years, at least 1; None before the beginning. 29 February completes on 1 March."""
    if on < start:
        return None
    years = on.year - start.year - ((on.month, on.day) < (start.month, start.day))
    return max(1, years)


def duration_band(start: date, on: date) -> str | None:
    """Name the band that a contact since `start` falls into on a day; None when it had not begun."""
    years = years_together(start, on)
    if years is None:
        return None
    return next((name for last, name in BANDS if years <= last), LONGEST)

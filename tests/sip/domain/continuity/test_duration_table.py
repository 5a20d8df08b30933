"""A table in the form of the literature: bands of years with the same doctor (Sandvik and others 2021), known answers.

The study's own data are not ours; a population is generated whose table is known, contact by contact.
"""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.sip.domain.continuity.duration import BANDS, LONGEST, duration_band

ON = date(2026, 12, 31)
TABLE = {"1": 317, "2-3": 214, "4-5": 151, "6-10": 203, "11-15": 74, ">15": 41}
YEARS = {"1": (0, 1), "2-3": (2, 3), "4-5": (4, 5), "6-10": (6, 10), "11-15": (11, 15), ">15": (16, 40)}


def contacts() -> list[date]:
    """Generate starts so that each band gets its number, spread over its first to its last day."""
    starts: list[date] = []
    for band, wanted in TABLE.items():
        first, last = YEARS[band]
        newest = ON.replace(year=ON.year - first)
        oldest = ON.replace(year=ON.year - last - 1) + timedelta(days=1)
        span = (newest - oldest).days
        starts += [oldest + timedelta(days=number * span // (wanted - 1)) for number in range(wanted)]
    return starts


def test_the_table_of_a_generated_population_comes_out_as_it_was_made() -> None:
    found = [duration_band(start, ON) for start in contacts()]

    assert {band: found.count(band) for band in TABLE} == TABLE
    assert sum(TABLE.values()) == len(found) == 1000
    assert [name for _, name in BANDS] + [LONGEST] == list(TABLE)


@settings(max_examples=50, deadline=None)
@given(start=st.dates(date(1980, 1, 1), ON))
def test_every_contact_falls_into_the_band_of_its_completed_years(start: date) -> None:
    years = max(1, ON.year - start.year - ((ON.month, ON.day) < (start.month, start.day)))
    [band] = [
        band for band, (first, last) in YEARS.items() if first <= years <= (last if band != ">15" else 99)
    ]

    assert duration_band(start, ON) == band

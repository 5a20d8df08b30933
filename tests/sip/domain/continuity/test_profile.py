"""What people are told apart by: bands of age, and the day on which a person leaves one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sip.domain.continuity.profile import UNKNOWN, age_band, next_band


@pytest.mark.parametrize(
    ("birth", "day", "band"),
    [
        (date(2008, 11, 22), date(2026, 11, 21), "0-17"),
        (date(2008, 11, 22), date(2026, 11, 22), "18-44"),
        (date(1961, 11, 23), date(2026, 11, 22), "45-64"),
        (date(1961, 11, 22), date(2026, 11, 22), "65-79"),
        (date(1946, 11, 22), date(2026, 11, 22), "80-"),
        (date(2027, 1, 1), date(2026, 11, 22), UNKNOWN),
        (None, date(2026, 11, 22), UNKNOWN),
    ],
)
def test_a_band_begins_on_the_birthday(birth: date | None, day: date, band: str) -> None:
    assert age_band(birth, day) == band


days = st.dates(date(1910, 1, 1), date(2040, 1, 1))


@given(birth=days, day=days)
def test_the_band_changes_on_the_next_day_told_and_not_before(birth: date, day: date) -> None:
    until = next_band(birth, day)

    last = (until or date(2060, 1, 1)) - timedelta(days=1)
    assert age_band(birth, last) == age_band(birth, day)
    if until is not None:
        assert age_band(birth, until) != age_band(birth, day)
    else:
        assert age_band(birth, day) == "80-"

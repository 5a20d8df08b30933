"""Staff met in home care, read from visits alone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.sip.domain.continuity.home_care import staff_met_of_late
from services.sip.domain.continuity.listed_unit import Visit

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OLD = date(1940, 1, 1)


def visit(days_ago: int, hour: int, staff: str, kind: str = "home-care-visit") -> Visit:
    day = NOW.replace(hour=hour) - timedelta(days=days_ago)
    return Visit(day, "Organization/home", staff, kind)


def fortnight(*staff: str) -> list[Visit]:
    """Two visits on each of the fourteen days before today, by these staff in turn."""
    return [
        visit(day, hour, staff[(day * 2 + number) % len(staff)])
        for day in range(1, 15)
        for number, hour in enumerate((8, 16))
    ]


def test_day_visits_count_and_a_night_an_alarm_and_a_nurse_do_not() -> None:
    more = [visit(3, 22, "d"), visit(3, 10, "e", "alarm"), visit(3, 9, "f", "home-nursing-visit")]

    assert staff_met_of_late(OLD, [*fortnight("a", "b", "c"), *more], NOW) == 3


def test_today_and_the_fifteenth_day_back_are_outside() -> None:
    more = [visit(0, 8, "x"), visit(15, 8, "y")]

    assert staff_met_of_late(OLD, [*fortnight("a", "b"), *more], NOW) == 2


@pytest.mark.parametrize(
    ("birth", "visits"),
    [
        (None, fortnight("a")),
        (date(1961, 11, 23), fortnight("a")),
        (OLD, fortnight("a")[1:]),
        (OLD, []),
    ],
)
def test_the_measure_does_not_speak_of_who_is_younger_or_had_fewer_visits_on_any_day(
    birth: date | None, visits: list[Visit]
) -> None:
    assert staff_met_of_late(birth, visits, NOW) is None
    assert staff_met_of_late(date(1961, 11, 22), fortnight("a"), NOW) == 1

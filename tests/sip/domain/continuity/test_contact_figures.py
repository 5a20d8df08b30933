"""Duration, coverage, load of a list and staff met in home care, against their worked examples."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sip.domain.continuity.coverage import coverage
from services.sip.domain.continuity.duration import duration_band, years_together
from services.sip.domain.continuity.home_care import (
    HomeCareClient,
    HomeVisit,
    StaffMet,
    staff_continuity,
    staff_met,
    summary,
)
from services.sip.domain.continuity.list_load import list_capacity, list_load


def test_a_year_counts_when_it_is_completed() -> None:
    assert years_together(date(2019, 3, 1), date(2024, 2, 29)) == 4
    assert years_together(date(2019, 3, 1), date(2024, 3, 1)) == 5


def test_a_leap_day_completes_its_year_on_the_first_of_march() -> None:
    assert years_together(date(2020, 2, 29), date(2023, 2, 28)) == 2
    assert years_together(date(2020, 2, 29), date(2023, 3, 1)) == 3


def test_the_first_year_counts_as_one() -> None:
    assert years_together(date(2026, 1, 1), date(2026, 1, 1)) == 1
    assert duration_band(date(2026, 1, 1), date(2026, 6, 1)) == "1"


def test_a_contact_that_has_not_begun_has_no_duration() -> None:
    assert years_together(date(2026, 1, 2), date(2026, 1, 1)) is None
    assert duration_band(date(2026, 1, 2), date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("years", "band"),
    [
        *((1, "1"), (2, "2-3"), (3, "2-3"), (4, "4-5"), (5, "4-5"), (6, "6-10")),
        *((10, "6-10"), (11, "11-15"), (15, "11-15"), (16, ">15"), (60, ">15")),
    ],
)
def test_the_bands_are_those_of_the_norwegian_study(years: int, band: str) -> None:
    assert duration_band(date(1960, 5, 1), date(1960 + years, 5, 1)) == band


@given(start=st.dates(date(1930, 1, 1)), days=st.integers(0, 20_000))
def test_a_longer_contact_never_counts_fewer_years(start: date, days: int) -> None:
    later = date.fromordinal(min(start.toordinal() + days, date.max.toordinal() - 1))
    years = years_together(start, later)

    assert years is not None
    assert years <= (years_together(start, date.fromordinal(later.toordinal() + 1)) or 0)


def test_coverage_is_a_share_of_everybody() -> None:
    assert coverage(660, 1200) == Fraction(55, 100)
    assert coverage(0, 10) == 0


def test_coverage_of_nobody_is_undefined() -> None:
    assert coverage(0, 0) is None


@pytest.mark.parametrize(("with_contact", "population"), [(2, 1), (-1, 5)])
def test_coverage_refuses_what_cannot_be(with_contact: int, population: int) -> None:
    with pytest.raises(ValueError, match="among"):
        coverage(with_contact, population)


def test_a_list_is_measured_against_the_guideline_value() -> None:
    capacity = list_capacity(Decimal("0.8"), Decimal("1.0"))

    assert capacity == 1430
    assert list_load(1573, capacity) == Fraction(110, 100)


def test_a_list_without_doctors_has_no_load() -> None:
    assert list_load(900, list_capacity(Decimal(0), Decimal(0))) is None


def test_nonsense_about_doctors_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        list_capacity(Decimal(-1), Decimal(0))
    with pytest.raises(ValueError, match="empty"):
        list_load(-1, Fraction(1100))


def visit(staff: str, hour: int, kind: str = "home-care-visit") -> HomeVisit:
    return HomeVisit(staff, datetime(2026, 11, 2, hour, tzinfo=UTC), kind)


def test_only_staff_who_come_by_day_to_give_home_care_are_met() -> None:
    by_day = [visit("a", 7), visit("b", 12), visit("a", 17), visit("c", 21)]
    others = [visit("d", 23), visit("e", 14, "alarm"), visit("f", 22), visit("g", 10, "home-nursing-visit")]

    assert staff_met([*by_day, *others]) == 3


def test_mean_and_median_are_both_told() -> None:
    assert summary([9, 12, 13, 22]) == StaffMet(4, Fraction(14), Fraction(25, 2))


def test_clients_whom_the_definition_leaves_out_do_not_count() -> None:
    met = [visit("a", 8), visit("b", 9)]
    counted = HomeCareClient(80, Fraction(2), False, met)
    too_young = HomeCareClient(64, Fraction(2), False, met * 2)
    seldom = HomeCareClient(80, Fraction(1), False, met)
    away = HomeCareClient(80, Fraction(3), True, met)

    assert staff_continuity([counted, too_young, seldom, away]) == StaffMet(1, Fraction(2), Fraction(2))


def test_without_clients_there_is_no_mean() -> None:
    assert staff_continuity([]) == StaffMet(0, None, None)

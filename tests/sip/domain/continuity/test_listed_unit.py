"""PrimärvårdsKvalitet's index: three visits, 18 months, at the listed unit."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sip.domain.continuity.listed_unit import Visit, listed_unit_coc, mean_index, months_before

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOME, AWAY = "Organization/home", "Organization/away"


def visits(providers: str, unit: str | None = HOME, until: datetime = NOW) -> list[Visit]:
    return [Visit(until - timedelta(days=number), unit, one) for number, one in enumerate(providers)]


def test_the_worked_example_comes_out() -> None:
    indices = [listed_unit_coc(visits(one), HOME, NOW) for one in ("AAB", "ABC", "AA")]

    assert indices == [Fraction(1, 3), 0, None]
    assert mean_index(indices) == Fraction(1, 6)


def test_a_fifth_more_than_thirty_percent_is_thirty_six() -> None:
    assert Fraction(30, 100) * Fraction(120, 100) == Fraction(36, 100)


def test_without_anybody_the_mean_is_undefined() -> None:
    assert mean_index([None, None]) is None
    assert mean_index([]) is None


def test_visits_elsewhere_neither_count_nor_disturb() -> None:
    assert listed_unit_coc(visits("AAA") + visits("BCD", AWAY), HOME, NOW) == 1
    assert listed_unit_coc(visits("AA") + visits("A", AWAY), HOME, NOW) is None


def test_whoever_is_listed_nowhere_is_left_out() -> None:
    assert listed_unit_coc(visits("AAA", None), None, NOW) is None


def test_a_visit_without_provider_is_left_out_and_does_not_count_to_three() -> None:
    unknown = [Visit(NOW, HOME, None)]

    assert listed_unit_coc(visits("AA") + unknown, HOME, NOW) is None
    assert listed_unit_coc(visits("AAB") + unknown, HOME, NOW) == Fraction(1, 3)


def test_the_window_is_eighteen_months_up_to_now_and_not_a_moment_more() -> None:
    edge = datetime(2025, 5, 22, 12, tzinfo=UTC)
    two = visits("AA")

    assert listed_unit_coc([*two, Visit(edge, HOME, "A")], HOME, NOW) is None
    assert listed_unit_coc([*two, Visit(edge + timedelta(microseconds=1), HOME, "A")], HOME, NOW) == 1
    assert listed_unit_coc([*two, Visit(NOW + timedelta(seconds=1), HOME, "A")], HOME, NOW) is None


@pytest.mark.parametrize(
    ("moment", "months", "expected"),
    [
        (datetime(2026, 11, 22, tzinfo=UTC), 18, datetime(2025, 5, 22, tzinfo=UTC)),
        (datetime(2026, 8, 31, tzinfo=UTC), 18, datetime(2025, 2, 28, 23, 59, 59, 999_999, UTC)),
        (datetime(2024, 3, 31, tzinfo=UTC), 1, datetime(2024, 2, 29, 23, 59, 59, 999_999, UTC)),
        (datetime(2026, 12, 31, tzinfo=UTC), 12, datetime(2025, 12, 31, tzinfo=UTC)),
    ],
)
def test_going_back_months_ends_on_a_day_that_exists(
    moment: datetime, months: int, expected: datetime
) -> None:
    assert months_before(moment, months) == expected


@given(moment=st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)), months=st.integers(1, 200))  # noqa: DTZ001
def test_going_back_months_always_goes_back(moment: datetime, months: int) -> None:
    before = months_before(moment, months)

    assert (moment.year - before.year) * 12 + moment.month - before.month == months
    assert before.time() == moment.time() or before.day < moment.day


@given(
    moment=st.datetimes(datetime(2023, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001
    later=st.timedeltas(timedelta(), timedelta(days=4)),
    months=st.sampled_from([12, 18]),
)
def test_a_later_moment_never_leads_further_back(moment: datetime, later: timedelta, months: int) -> None:
    assert months_before(moment, months) <= months_before(moment + later, months)

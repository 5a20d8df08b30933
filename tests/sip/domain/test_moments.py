"""FHIR dates as spans of real time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sip.domain.held import FOREVER
from services.sip.domain.moments import span_of, span_of_period


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("2026", "2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z"),
        ("2026-03", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"),
        ("2026-12", "2026-11-30T23:00:00Z", "2026-12-31T23:00:00Z"),
        ("2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
        ("2026-11-22T10:00Z", "2026-11-22T10:00:00Z", "2026-11-22T10:01:00Z"),
        ("2026-11-22T10:00:05+02:00", "2026-11-22T08:00:05Z", "2026-11-22T08:00:06Z"),
        ("2026-11-22T10:00:05.250Z", "2026-11-22T10:00:05.250Z", "2026-11-22T10:00:05.251Z"),
        ("2026-06-30T23:59:60Z", "2026-06-30T23:59:59Z", "2026-07-01T00:00:00Z"),
        ("2026-11-22T10:00:00", "2026-11-22T09:00:00Z", "2026-11-22T09:00:01Z"),
    ],
)
def test_a_date_is_the_whole_of_the_time_it_names(text: str, first: str, after: str) -> None:
    assert span_of(text) == (datetime.fromisoformat(first), datetime.fromisoformat(after))


def test_the_last_day_of_the_calendar_lasts_for_ever() -> None:
    assert span_of("9999-12-31")[1] == FOREVER


@pytest.mark.parametrize("text", ["2026-02-31", "2026-13", "banana", "2026-11-22T25:00:00Z"])
def test_what_is_in_no_calendar_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        span_of(text)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_a_day_begins_where_the_day_before_ended(day: date) -> None:
    before = day - timedelta(days=1)
    assert span_of(before.isoformat())[1] == span_of(day.isoformat())[0]


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone
def test_a_moment_lies_within_its_own_span(at: datetime) -> None:
    low, high = span_of(at.isoformat())
    assert low <= at < high


def test_a_period_given_in_days_includes_its_last_day() -> None:
    low, high = span_of_period({"start": "2026-01-01", "end": "2026-01-01"})
    assert high - low == timedelta(days=1)


def test_a_period_given_to_the_second_ends_at_that_second() -> None:
    assert span_of_period({"end": "2026-01-01T10:00:00Z"})[1] == datetime(2026, 1, 1, 10, tzinfo=UTC)

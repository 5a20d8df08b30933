"""When an endpoint is left alone."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.breaker import Breaker, BreakerRules, is_given_up, pause_after

RULES = BreakerRules()
START = datetime(2026, 11, 2, tzinfo=UTC)


@given(st.integers(0, 4))
def test_a_few_failures_change_nothing(failures: int) -> None:
    assert pause_after(failures, RULES) is None


@given(st.integers(5, 10_000))
def test_from_the_fifth_on_the_pause_grows_but_never_beyond_ten_minutes(failures: int) -> None:
    pause, next_pause = pause_after(failures, RULES), pause_after(failures + 1, RULES)

    assert pause is not None
    assert next_pause is not None
    assert 30.0 <= pause <= next_pause <= 600.0


def test_an_endpoint_that_fails_for_five_days_is_given_up() -> None:
    failing = Breaker(failures=40, since=START)

    assert not is_given_up(failing, START + timedelta(days=4, hours=23), RULES)
    assert is_given_up(failing, START + timedelta(days=5), RULES)


def test_a_single_failure_long_ago_gives_nothing_up() -> None:
    assert not is_given_up(Breaker(failures=1, since=START), START + timedelta(days=30), RULES)

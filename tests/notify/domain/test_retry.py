"""When a delivery is tried again."""

from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.retry import LONGEST_RETRY_AFTER, WAITS, Schedule, wait_unanswered

SCHEDULE = Schedule()
SHARES = st.floats(0, 1)


@given(st.lists(SHARES, min_size=len(WAITS), max_size=len(WAITS)))
def test_there_are_ten_attempts_and_the_last_is_made_after_75_hours(shares: list[float]) -> None:
    age, made, left = 0.0, 1, iter(shares)
    while (
        wait := SCHEDULE.wait(made, age, None, lambda low, high: low + next(left) * (high - low))
    ) is not None:
        age, made = age + wait, made + 1

    assert made == 10
    assert round(age) == sum(WAITS) == 75 * 3600 + 35 * 60 + 5


@given(st.integers(1, 8), SHARES)
def test_an_attempt_falls_anywhere_in_its_slot_but_not_outside(made: int, share: float) -> None:
    wait = SCHEDULE.wait(made, 0.0, None, lambda low, high: low + share * (high - low))

    assert wait is not None
    assert sum(WAITS[:made]) - 1e-6 <= wait <= sum(WAITS[: made + 1]) + 1e-6


@given(st.integers(1, 9), st.floats(0, 1e7), st.floats(0, 1e7))
def test_a_receiver_that_asks_for_time_gets_it_up_to_a_day(made: int, age: float, asked: float) -> None:
    wait = SCHEDULE.wait(made, age, asked, lambda low, _high: low)

    assert wait is not None
    assert wait >= min(asked, LONGEST_RETRY_AFTER)


def test_what_is_late_is_tried_at_once() -> None:
    assert SCHEDULE.wait(3, 10_000_000.0, None, lambda _low, high: high) == 0.0


@given(st.integers(0, 10_000), SHARES)
def test_the_record_is_asked_again_within_a_minute_however_often_it_was_silent(
    times: int, share: float
) -> None:
    wait = wait_unanswered(times, lambda low, high: low + share * (high - low))

    assert 0.5 <= wait <= 60.0

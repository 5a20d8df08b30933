"""A client that asks too often is told when to come back, and takes nothing from others."""

import pytest

from services.chassis.rate_limit import RateLimit, TooManyRequests


class Clock:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_a_burst_is_served_and_then_the_rate_holds() -> None:
    clock = Clock()
    limit = RateLimit(5, clock)
    for _ in range(10):
        limit.take("a")
    with pytest.raises(TooManyRequests) as told:
        limit.take("a")
    assert told.value.retry_after == 1
    limit.take("b")
    clock.seconds += 1
    for _ in range(5):
        limit.take("a")
    with pytest.raises(TooManyRequests):
        limit.take("a")


def test_a_slow_rate_says_how_long_to_wait() -> None:
    clock = Clock()
    limit = RateLimit(0.1, clock)
    limit.take("a")
    with pytest.raises(TooManyRequests) as told:
        limit.take("a")
    clock.seconds += told.value.retry_after
    limit.take("a")

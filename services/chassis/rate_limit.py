"""How often a client may ask: a bucket for each, filled steadily, so that one cannot take what others need."""

from collections.abc import Callable, Hashable
from typing import Final

MOST_CLIENTS: Final = 10_000


class TooManyRequests(Exception):
    """The client asked more often than it may; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many requests: try again in {retry_after} s.")
        self.retry_after = retry_after


class RateLimit:
    """So many requests a second for each client, and twice as many at once."""

    def __init__(self, per_second: float, monotonic: Callable[[], float]) -> None:
        """Take the rate and a monotonic clock in seconds."""
        self._rate, self._most, self._monotonic = per_second, max(1.0, 2 * per_second), monotonic
        self._buckets: dict[Hashable, tuple[float, float]] = {}

    def take(self, client: Hashable) -> None:
        """Count one request; raises TooManyRequests."""
        now = self._monotonic()
        left, at = self._buckets.get(client, (self._most, now))
        left = min(self._most, left + (now - at) * self._rate)
        if left < 1:
            self._buckets[client] = (left, now)
            raise TooManyRequests(max(1, round((1 - left) / self._rate + 0.5)))
        if len(self._buckets) >= MOST_CLIENTS:
            self._buckets.clear()
        self._buckets[client] = (left - 1, now)

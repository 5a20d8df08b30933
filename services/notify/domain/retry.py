"""When to try again: spread over three days, jittered, never earlier than the receiver asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

# Seconds before each attempt, as standard-webhooks suggests: 0, 5 s, 5 min, 30 min, 2, 5, 10, 14, 20, 24 h.
WAITS: Final = (0.0, 5.0, 300.0, 1800.0, 7200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0)
LONGEST_RETRY_AFTER: Final = 86_400.0
LONGEST_UNANSWERED: Final = 60.0

Uniform = Callable[[float, float], float]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Waits before each attempt, in seconds; the first is that before the first attempt."""

    waits: tuple[float, ...] = WAITS

    @property
    def attempts(self) -> int:
        """How many attempts there are before a delivery becomes a dead letter."""
        return len(self.waits)

    def wait(self, made: int, age: float, retry_after: float | None, uniform: Uniform) -> float | None:
        """Give seconds until the next attempt, `made` attempts having failed and the first being `age` ago.

        The next attempt falls anywhere in its slot (full jitter), so that receivers that come back are not
        met by everybody at once; the last one at the very end, so that the whole window is used. None when
        there are no attempts left.
        """
        if made >= self.attempts:
            return None
        begins, ends = sum(self.waits[:made]), sum(self.waits[: made + 1])
        at = ends if made == self.attempts - 1 else uniform(begins, ends)
        asked = min(retry_after or 0.0, LONGEST_RETRY_AFTER)
        return max(at - age, asked, 0.0)


def wait_unanswered(times: int, uniform: Uniform) -> float:
    """Give seconds until the record is asked again, having been asked in vain so many times."""
    return uniform(0.5, min(LONGEST_UNANSWERED, 2.0 ** min(times, 10)))

"""The breaker of one endpoint: after some failures in a row it is left alone, then tried with one request."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class BreakerRules:
    """Failures in a row that open it, seconds it stays open (doubling, up to a most), when it is given up."""

    failures: int = 5
    first_pause: float = 30.0
    longest_pause: float = 600.0
    give_up_after: timedelta = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class Breaker:
    """Failures in a row and since when; `open_until` is None while the endpoint is in use."""

    failures: int
    since: datetime
    open_until: datetime | None = None


def pause_after(failures: int, rules: BreakerRules) -> float | None:
    """Give seconds to leave the endpoint alone after so many failures in a row; None while it is used."""
    beyond = failures - rules.failures
    if beyond < 0:
        return None
    return float(min(rules.longest_pause, rules.first_pause * 2 ** min(beyond, 20)))


def is_given_up(breaker: Breaker, now: datetime, rules: BreakerRules) -> bool:
    """Say whether the endpoint has failed for so long that its subscriptions end in error."""
    return breaker.failures >= rules.failures and now - breaker.since >= rules.give_up_after

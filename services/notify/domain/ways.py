"""The ways in which a unit wants to hear that something is new, besides its inbox: e-mail, text message, others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

SWEDEN: Final = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, slots=True)
class Way:
    """One way: a channel and an address there; `digest` gathers what is new for so long; None of `groups` is all."""

    channel: str
    address: str
    digest: timedelta = timedelta()
    groups: frozenset[str] | None = None

    def wants(self, event_type: str) -> bool:
        """Say whether events of this type are told this way; that a subscription has failed always is."""
        group = event_type.partition(".")[0]
        return self.groups is None or group in self.groups or group == "subscription"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nothing is sent, in Swedish time; from evening to morning they pass midnight."""

    start: time
    end: time

    def wait(self, now: datetime) -> float:
        """Give seconds until they end; 0 outside them."""
        local = now.astimezone(SWEDEN)
        clock = local.time().replace(tzinfo=None)
        passing = self.start > self.end
        inside = (clock >= self.start or clock < self.end) if passing else self.start <= clock < self.end
        if not inside:
            return 0.0
        day = local.date() + timedelta(days=1 if passing and clock >= self.start else 0)
        return (datetime.combine(day, self.end, SWEDEN).astimezone(now.tzinfo) - now).total_seconds()


@dataclass(frozen=True, slots=True)
class Ways:
    """What a unit has set: its ways by channel, and when it wants quiet."""

    unit: str
    ways: Mapping[str, Way]
    quiet: QuietHours | None = None


def hold(ways: Ways, channel: str, arrived: datetime, now: datetime) -> float | None:
    """Give seconds to wait with what arrived then; None when the unit does not want it this way any more."""
    way = ways.ways.get(channel)
    if way is None:
        return None
    gathered = (arrived + way.digest - now).total_seconds()
    if gathered > 0:
        return gathered
    return ways.quiet.wait(now) if ways.quiet else 0.0

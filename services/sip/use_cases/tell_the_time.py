"""Put what time has brought into the outbox: each event once, however often and by whomever this is run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from services.sip.domain.care.moments_told import happened, next_moment
from services.sip.domain.events import parties_of
from services.sip.domain.held import Held, Resource

BATCH: Final = 100


@dataclass(frozen=True, slots=True)
class Ringing:
    """A resource one of whose moments has come, and which."""

    held: Held
    alarm: datetime


@dataclass(frozen=True, slots=True)
class Noticed:
    """One event of time: the name under which it is told once, of what, to whom."""

    id: str
    held: Held
    type: str
    parties: tuple[str, ...]


class Alarms(Protocol):
    """The moments, as storage keeps them."""

    async def ringing(self, now: datetime, count: int) -> Sequence[Ringing]:
        """Give resources whose moment has come, the earliest first."""

    async def communications(self, persons: Sequence[str]) -> Mapping[str, Sequence[Resource]]:
        """Give what was sent about these persons."""

    async def tell(self, events: Sequence[Noticed], now: datetime) -> int:
        """Put events into the outbox that are not there yet; give how many were new."""

    async def wind(self, rung: Sequence[tuple[Ringing, datetime | None]]) -> None:
        """Set each to its next moment, or none, if it is still the version that was looked at."""


async def tell_the_time(alarms: Alarms, now: datetime) -> tuple[int, int]:
    """Work off one batch; give how many resources it held, and how many events were new.

    Events are stored before the alarm moves on: who dies between the two leaves it ringing, and the event's
    name keeps it from being told again.
    """
    ringing = await alarms.ringing(now, BATCH)
    if not ringing:
        return 0, 0
    persons = sorted({one.held.patient for one in ringing if one.held.patient})
    sent = await alarms.communications(persons)
    events = [
        Noticed(
            f"{one.held.key}#{told.type}@{_stamp(told.at)}",
            one.held,
            told.type,
            parties_of(one.held.readers, now, None),
        )
        for one in ringing
        for told in happened(one.held.resource, sent.get(one.held.patient or "", ()), now)
    ]
    new = await alarms.tell(events, now)
    await alarms.wind([(one, next_moment(one.held.resource, now)) for one in ringing])
    return len(ringing), new


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""What looking after the work list needs from outside: who is to be looked at, as storage finds them."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.sip.domain.care.contact.attention import Cause
from services.sip.domain.held import Place


@dataclass(frozen=True, slots=True)
class Concern:
    """A cause for an entry, and the unit and care giver on whose behalf it is written."""

    cause: Cause
    place: Place


@dataclass(frozen=True, slots=True)
class Frail:
    """Somebody flagged as frail: how many persons they met, and the fixed contact whose unit looks at it, if any."""

    person: str
    met: int
    contact: str | None
    place: Place
    unit: str | None


class AttentionSource(Protocol):
    """Finds what no write gives cause to: time that ran out, and whom people meet."""

    async def run_out(self, now: datetime, count: int) -> Sequence[Concern]:
        """Give contacts that still count as held though their end has passed, without those with an entry."""

    def frail(self, since: datetime, most: int) -> AsyncIterator[Frail]:
        """Give who is frail and met more than so many persons since then."""

    async def entered(self, task: str) -> bool:
        """Tell whether there is such an entry."""

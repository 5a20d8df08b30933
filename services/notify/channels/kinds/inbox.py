"""The channel inbox: puts an entry into the inbox of a unit, which needs no registration."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.notify.channels.parts import Parts
from services.notify.domain.delivery import Delivery, Letter, Outcome, Result
from services.notify.domain.subscription import Subscription
from services.notify.use_cases.ports import Inbox

NAME: Final = "inbox"


def channel(parts: Parts) -> "InboxChannel":
    """Make the channel."""
    return InboxChannel(parts.inbox)


@dataclass(frozen=True, slots=True)
class InboxChannel:
    """Implements Channel."""

    inbox: Inbox

    def most(self, _held: Subscription | None) -> int:
        """One at a time: each is an entry."""
        return 1

    async def pause(self, _delivery: Delivery, _now: datetime) -> float | None:
        """At once."""
        return 0.0

    async def send(self, letters: Sequence[Letter], _held: Subscription | None, _now: datetime) -> Outcome:
        """Put the event into the inbox; doing it twice changes nothing."""
        for letter in letters:
            await self.inbox.put(letter.delivery)
        return Outcome(Result.OK)

    async def close(self) -> None:
        """Nothing is held open."""

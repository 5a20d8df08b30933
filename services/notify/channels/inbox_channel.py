"""The channel inbox: puts an entry into the inbox of a unit, which needs no registration."""

from dataclasses import dataclass
from datetime import datetime

from services.notify.domain.delivery import Delivery, Outcome, Result
from services.notify.domain.subscription import Subscription
from services.notify.use_cases.ports import Inbox


@dataclass(frozen=True, slots=True)
class InboxChannel:
    """Implements Channel."""

    inbox: Inbox

    async def send(self, delivery: Delivery, _held: Subscription | None, _now: datetime) -> Outcome:
        """Put the event into the inbox; doing it twice changes nothing."""
        await self.inbox.put(delivery)
        return Outcome(Result.OK)

"""List a subscription's events by number ($events): how a receiver heals any gap."""

import asyncio
from dataclasses import dataclass
from typing import Final

from services.notify.domain.notification import Numbered
from services.notify.domain.subscription import Subscription
from services.notify.use_cases.ports import Deliveries, Knowledge, Question, Rights

MOST_AT_ONCE: Final = 100
QUESTIONS_AT_ONCE: Final = 8


@dataclass(frozen=True, slots=True)
class Listing:
    """What listing events needs."""

    deliveries: Deliveries
    rights: Rights


async def list_events(held: Subscription, first: int, last: int, listing: Listing) -> list[Numbered]:
    """Give up to 100 events from `first` on; raises NoAnswerFromRecord.

    The right to know is asked anew for each. An event that the unit may not know any more keeps its number,
    so that there is no gap to wonder about, but says nothing else.
    """
    rows = await listing.deliveries.numbered(held.target, first, last, MOST_AT_ONCE)
    places = asyncio.Semaphore(QUESTIONS_AT_ONCE)

    async def told(focus: str, topic: str) -> Knowledge:
        async with places:
            return await listing.rights.may_know(
                Question(held.owner.unit, focus, topic, held.order.content.value, held.owner.giver)
            )

    allowed = await asyncio.gather(*(told(row.event.focus, row.topic) for row in rows))
    return [
        Numbered(row.number, row.event, focus_told=known.allowed, resource=known.resource)
        for row, known in zip(rows, allowed, strict=True)
        if row.number is not None
    ]

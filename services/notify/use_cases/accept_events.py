"""Take events: once this returns, each is stored, addressed to everybody concerned, and will be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notify.domain.delivery import Delivery, deliveries_of
from services.notify.domain.record_event import RecordEvent
from services.notify.use_cases.ports import Deliveries, Events, Lanes, Subscriptions, Tally, UnitWays


@dataclass(frozen=True, slots=True)
class Intake:
    """What taking events needs."""

    events: Events
    subscriptions: Subscriptions
    deliveries: Deliveries
    lanes: Lanes
    ways: UnitWays
    tally: Tally


async def accept_events(batch: Sequence[RecordEvent], intake: Intake, now: datetime) -> None:
    """Store the events and their deliveries, in this order; whatever stops halfway is done again by repeating.

    The sender repeats until this has returned, and sends a person's next event only then: so the deliveries of
    an event are there before those of the next, and lanes keep their order without further ado.
    """
    fresh = await intake.events.keep(batch, now) if batch else []
    intake.tally.event("repeated", len(batch) - len(fresh))
    if not fresh:
        return
    rows = await _addressed(fresh, intake, now)
    await intake.deliveries.add(rows)
    await intake.lanes.wake(rows)
    await intake.events.mark_addressed(fresh)
    intake.tally.event("accepted", len(fresh))


async def _addressed(fresh: Sequence[RecordEvent], intake: Intake, now: datetime) -> list[Delivery]:
    """Find everybody concerned; what came earlier in the batch is told earlier."""
    held = await intake.subscriptions.wanting(fresh)
    ways = await intake.ways.of_units({unit for event in fresh for unit in event.parties})
    return [
        row
        for place, event in enumerate(fresh)
        for row in deliveries_of(event, held, ways, now + timedelta(milliseconds=place))
    ]

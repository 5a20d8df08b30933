"""Tell the owner of a subscription that it has failed, by other ways than the one that failed: inbox, e-mail."""

from datetime import datetime
from typing import Final, Protocol

from services.notify.domain.delivery import to_unit
from services.notify.domain.record_event import RecordEvent
from services.notify.domain.subscription import Subscription
from services.notify.use_cases.ports import Deliveries, Lanes, UnitWays

FAILED: Final = "subscription.failed"
SOURCE: Final = "urn:samplan:notify"


class Telling(Protocol):
    """What it takes."""

    @property
    def deliveries(self) -> Deliveries:
        """The deliveries."""

    @property
    def lanes(self) -> Lanes:
        """The lanes."""

    @property
    def ways(self) -> UnitWays:
        """The ways of units."""


async def tell_owner(held: Subscription, telling: Telling, now: datetime) -> None:
    """Address it to the owner's unit; doing it twice for the same version changes nothing."""
    event = RecordEvent(
        source=SOURCE,
        id=f"{held.target}/{held.version}#{FAILED}",
        type=FAILED,
        time=now,
        focus=held.target,
        version=held.version,
        person=None,
        seq=0,
        parties=(held.owner.unit,),
    )
    unit = held.owner.unit
    ways = await telling.ways.of_units([unit])
    rows = to_unit(event, unit, ways.get(unit), now)
    await telling.deliveries.add(rows)
    await telling.lanes.wake(rows)

"""Send dead letters again, from their first attempt on: one, or all in a range."""

from collections.abc import Mapping
from typing import Any, Final

from services.notify.domain.delivery import Delivery
from services.notify.domain.subscription import Owner
from services.notify.use_cases.ports import Deliveries, Lanes

MOST_AT_ONCE: Final = 1000


async def replay_delivery(delivery: str, owner: Owner, deliveries: Deliveries, lanes: Lanes) -> Delivery:
    """Make it pending again and wake its lane; raises DeliveryNotFound, DeliveryNotDead."""
    row = await deliveries.revive(delivery, owner)
    await lanes.wake([row])
    return row


async def replay_range(
    wanted: Mapping[str, Any], owner: Owner, deliveries: Deliveries, lanes: Lanes
) -> tuple[int, bool]:
    """Make up to a thousand pending again and wake their lanes; give how many, and whether there are more."""
    rows, more = await deliveries.revive_all(owner, wanted, MOST_AT_ONCE)
    await lanes.wake(rows)
    return len(rows), more

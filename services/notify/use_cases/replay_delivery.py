"""Send a dead letter again, from its first attempt on."""

from services.notify.domain.delivery import Delivery
from services.notify.domain.subscription import Owner
from services.notify.use_cases.ports import Deliveries, Lanes


async def replay_delivery(delivery: str, owner: Owner, deliveries: Deliveries, lanes: Lanes) -> Delivery:
    """Make it pending again and wake its lane; raises DeliveryNotFound, DeliveryNotDead."""
    row = await deliveries.revive(delivery, owner)
    await lanes.wake([row])
    return row

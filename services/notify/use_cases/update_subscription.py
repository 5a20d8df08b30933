"""Change a subscription; this is also how its owner brings it back from error, or switches it off."""

from dataclasses import replace
from datetime import datetime

from services.notify.domain.errors import ParameterRefused, SubscriptionChangedMeanwhile
from services.notify.domain.subscription import Order, Owner, Status, Subscription, keeping_hidden
from services.notify.domain.subscription_order import read_order
from services.notify.use_cases.create_subscription import Subscribing, check_end, check_reads


async def update_subscription(
    named: tuple[str, int], resource: object, owner: Owner, subscribing: Subscribing, now: datetime
) -> Subscription:
    """Store a new version of the subscription named by id, if its version is still the one named."""
    subscription_id, version = named
    before = await subscribing.subscriptions.of_owner(subscription_id, owner)
    if isinstance(resource, dict) and resource.get("id") != subscription_id:
        raise ParameterRefused("Subscription.id", f"id must be {subscription_id}, as in the address.")
    order = keeping_hidden(read_order(resource, subscribing.rules), before.order)
    check_reads(order, subscribing)
    changed = _changed(before, order, now)
    if before.version != version or not await subscribing.subscriptions.replace(changed, version=version):
        raise SubscriptionChangedMeanwhile(
            f"Subscription/{subscription_id} is not (any more) at version {version}: read it again."
        )
    if changed.status is Status.REQUESTED:
        await subscribing.lanes.wake_handshake(changed)
    return changed


def _changed(before: Subscription, order: Order, now: datetime) -> Subscription:
    """Say how it stands from now on: an endpoint or header that is new must take a handshake first.

    Events go on being counted while it waits for that, if they were before.
    """
    if order.status is Status.OFF:
        status, live = Status.OFF, False
    else:
        check_end(order, now)
        same_way = (order.endpoint, order.headers) == (before.order.endpoint, before.order.headers)
        stays = before.status is Status.ACTIVE and same_way
        status, live = Status.ACTIVE if stays else Status.REQUESTED, before.live
    return replace(
        before, version=before.version + 1, updated=now, order=order, status=status, live=live, error=None
    )

"""Create a subscription: checked, stored as requested, its handshake on the way."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.chassis.outcome import Told
from services.notify.domain.endpoints import EndpointRule
from services.notify.domain.errors import SubscriptionRefused, TooManySubscriptions
from services.notify.domain.subscription import Content, Order, Owner, Status, Subscription
from services.notify.domain.subscription_order import read_order
from services.notify.domain.topics import TOPICS
from services.notify.domain.webhook_signature import new_secret
from services.notify.use_cases.ports import Lanes, Subscriptions

MOST_OF_OWNER: Final = 2000


@dataclass(frozen=True, slots=True)
class Subscribing:
    """What creating and changing subscriptions needs: stores, where notifications may be sent, what the asker may read.

    `reads` says whether the asker's token grants reading a type: nobody is sent whole what they may not read.
    """

    subscriptions: Subscriptions
    lanes: Lanes
    rules: Sequence[EndpointRule]
    most_of_owner: int = MOST_OF_OWNER
    reads: Callable[[str], bool] = bool


async def create_subscription(
    resource: object, owner: Owner, subscribing: Subscribing, now: datetime
) -> Subscription:
    """Store it; the secret that signs its notifications is made here, and told in this answer alone."""
    order = read_order(resource, subscribing.rules)
    if order.status is not Status.REQUESTED:
        text = "A new subscription has the status requested; it becomes active when its endpoint takes the handshake."
        raise SubscriptionRefused([Told("value", text, "Subscription.status")])
    check_end(order, now)
    check_reads(order, subscribing)
    if await subscribing.subscriptions.count(owner, subscribing.most_of_owner) >= subscribing.most_of_owner:
        raise TooManySubscriptions(
            f"A client holds at most {subscribing.most_of_owner} subscriptions: delete some, or widen their filters."
        )
    held = Subscription(
        id=str(uuid.uuid4()),
        version=1,
        updated=now,
        owner=owner,
        order=order,
        status=Status.REQUESTED,
        live=False,
        secrets=(new_secret(),),
    )
    await subscribing.subscriptions.add(held)
    await subscribing.lanes.wake_handshake(held)
    return held


def check_reads(order: Order, subscribing: Subscribing) -> None:
    """Refuse to send whole resources of types that the asker's token does not let it read."""
    if order.content is not Content.FULL:
        return
    topic = TOPICS.get(order.topic)
    types = order.filter.types or (topic.focus_types if topic else frozenset())
    if missing := sorted(kind for kind in types if not subscribing.reads(kind)):
        text = f"To be sent whole resources the token must grant reading {', '.join(missing)}; or ask for id-only."
        raise SubscriptionRefused([Told("forbidden", text, "Subscription.channel.payload")])


def check_end(order: Order, now: datetime) -> None:
    """Refuse an end that has passed."""
    if order.end is not None and order.end <= now:
        raise SubscriptionRefused([Told("value", "end must lie in the future.", "Subscription.end")])

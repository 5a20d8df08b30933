"""The delivery of one event to one target: its states, its attempts, and how an attempt can end."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from services.notify.domain.record_event import RecordEvent, delivery_id, lane_id
from services.notify.domain.subscription import Owner, Subscription
from services.notify.domain.topics import INBOX_TOPIC, goes_to_inbox, topic_of

INBOX_QUEUE: Final = "inbox"
INBOX_TARGET: Final = "inbox/"
HANDSHAKE: Final = " handshake"  # the end of the id of a lane that holds one


class State(StrEnum):
    """Where a delivery stands; all but the first are ends, and only a dead letter can begin again."""

    PENDING = "pending"
    DELIVERED = "delivered"
    WITHHELD = "withheld"  # the unit may not know (any more)
    DEAD = "dead"
    CANCELLED = "cancelled"  # the subscription is off, over or deleted


class Result(StrEnum):
    """How an attempt ended; the names are few, because they become labels of metrics."""

    OK = "ok"
    REFUSED = "refused"  # another status than 2xx
    GONE = "gone"  # 410: never again
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    ADDRESS_REFUSED = "address-refused"
    IN_ERROR = "in-error"  # not sent: the subscription is in error


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a channel fared: result, HTTP status if any, seconds the receiver asks us to wait, seconds it took."""

    result: Result
    status: int | None = None
    retry_after: float | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt as it is shown to the owner."""

    at: datetime
    result: Result
    status: int | None
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event on its way to one target: a subscription or a unit's inbox.

    `arrived` orders events of one commit as they came; `number` is given when the right was first confirmed.
    """

    id: str
    lane: str
    target: str
    queue: str
    owner: Owner
    topic: str
    event: RecordEvent
    arrived: datetime
    state: State = State.PENDING
    number: int | None = None
    attempts: tuple[Attempt, ...] = field(default=())


def to_subscription(event: RecordEvent, held: Subscription, arrived: datetime) -> Delivery:
    """Address the event to a subscription."""
    return Delivery(
        id=delivery_id(held.target, event.key),
        lane=lane_id(held.target, event.person),
        target=held.target,
        queue=held.queue,
        owner=held.owner,
        topic=held.order.topic,
        event=event,
        arrived=arrived,
    )


def to_inbox(event: RecordEvent, unit: str, arrived: datetime) -> Delivery:
    """Address the event to the inbox of a unit."""
    topic = topic_of(event.type)
    return Delivery(
        id=delivery_id(INBOX_TARGET + unit, event.key),
        lane=lane_id(INBOX_TARGET + unit, event.person),
        target=INBOX_TARGET + unit,
        queue=INBOX_QUEUE,
        owner=Owner(unit, ""),
        topic=topic.url if topic else INBOX_TOPIC,
        event=event,
        arrived=arrived,
    )


def deliveries_of(event: RecordEvent, held: Iterable[Subscription], arrived: datetime) -> list[Delivery]:
    """Address the event to every unit among its parties, and to the subscriptions of theirs that want it."""
    topic = topic_of(event.type)
    inboxes = event.parties if goes_to_inbox(event) else ()
    return [
        *(to_inbox(event, unit, arrived) for unit in inboxes),
        *(
            to_subscription(event, one, arrived)
            for one in held
            if topic
            and one.order.topic == topic.url
            and one.owner.unit in event.parties
            and one.order.filter.lets_through(event)
            and not one.is_over(event.time)
        ),
    ]

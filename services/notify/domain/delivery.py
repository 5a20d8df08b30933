"""The delivery of one event to one target: its states, its attempts, and how an attempt can end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from services.notify.domain.record_event import RecordEvent, delivery_id, lane_id
from services.notify.domain.subscription import Owner, Subscription
from services.notify.domain.topics import INBOX_TOPIC, carriers_of, goes_to_inbox, topic_of
from services.notify.domain.ways import Ways

INBOX_QUEUE: Final = "inbox"
INBOX_TARGET: Final = "inbox/"
ANY_CLIENT: Final = "*"  # of the unit: what is sent to it, and to no subscription
HANDSHAKE: Final = " handshake"  # the end of the id of a lane that holds one
HEARTBEAT: Final = " heartbeat"  # or that beats


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
    REJECTED = "rejected"  # this message never, whoever asks again
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

    `arrived` orders events of one commit as they came; `number` is given when the right was first confirmed;
    `batch` names those that went together at the first attempt, and go together at every other.
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
    batch: str | None = None
    attempts: tuple[Attempt, ...] = field(default=())

    @property
    def webhook_id(self) -> str:
        """What the receiver knows it by: the same at every attempt."""
        return f"msg_{self.batch or self.id}"


@dataclass(frozen=True, slots=True)
class Letter:
    """A delivery that may be made now, with the resource itself where that was asked for."""

    delivery: Delivery
    resource: dict[str, Any] | None = None


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


def to_way(event: RecordEvent, unit: str, channel: str, arrived: datetime) -> Delivery:
    """Address the event to a unit by one of its ways; they keep no person's order, because they tell of none."""
    told = to_inbox(event, unit, arrived)
    target = f"{channel}/{unit}"
    return replace(
        told,
        id=delivery_id(target, event.key),
        lane=lane_id(target, None),
        target=target,
        queue=channel,
        owner=Owner(unit, ANY_CLIENT),
    )


def to_unit(event: RecordEvent, unit: str, ways: Ways | None, arrived: datetime) -> list[Delivery]:
    """Address the event to the inbox of a unit, and to the ways it has set."""
    wanted = [way for way in ways.ways.values() if way.wants(event.type)] if ways else []
    return [to_inbox(event, unit, arrived), *(to_way(event, unit, way.channel, arrived) for way in wanted)]


def deliveries_of(
    event: RecordEvent, held: Iterable[Subscription], ways: Mapping[str, Ways], arrived: datetime
) -> list[Delivery]:
    """Address the event to every unit among its parties, and to the subscriptions of theirs that want it."""
    carriers = carriers_of(event)
    units = event.parties if goes_to_inbox(event) else ()
    return [
        *(row for unit in units for row in to_unit(event, unit, ways.get(unit), arrived)),
        *(
            to_subscription(event, one, arrived)
            for one in held
            if one.order.topic in carriers
            and one.owner.unit in event.parties
            and one.order.filter.lets_through(event)
            and not one.is_over(event.time)
        ),
    ]

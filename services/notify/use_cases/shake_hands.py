"""Make a subscription's handshake: it becomes active when its endpoint takes it, and is in error if not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from services.notify.domain.delivery import Outcome, Result
from services.notify.domain.subscription import Status, Subscription
from services.notify.use_cases.ports import Deliveries, Lane, Lanes, Subscriptions, Tally, UnitWays

# Three quick attempts: an endpoint that is just starting gets its chance, its owner hears soon.
WAITS: Final = (1.0, 4.0)
NOT_TAKEN: Final = "The endpoint did not take the handshake; set the status to requested to try again."


class Greeter(Protocol):
    """Sends handshakes."""

    async def greet(self, held: Subscription, now: datetime) -> Outcome:
        """Make one attempt."""

    async def beat(self, held: Subscription, now: datetime) -> Outcome:
        """Send a heartbeat."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """What handshakes and heartbeats need."""

    lanes: Lanes
    subscriptions: Subscriptions
    deliveries: Deliveries
    ways: UnitWays
    greeter: Greeter
    tally: Tally
    clock: Callable[[], datetime]


async def shake_hands(lane: Lane, greeting: Greeting) -> None:
    """Make one attempt, and draw the consequences."""
    held = await greeting.subscriptions.known(lane.target.partition("/")[2])
    if held and held.status is Status.REQUESTED:
        outcome = await greeting.greeter.greet(held, greeting.clock())
        greeting.tally.attempt("handshake", outcome.result.value)
        if outcome.result is not Result.OK and lane.waits < len(WAITS):
            await greeting.lanes.release(lane, WAITS[lane.waits], lane.waits + 1)
            return
        status, error = (Status.ACTIVE, None) if outcome.result is Result.OK else (Status.ERROR, NOT_TAKEN)
        now = greeting.clock()
        await greeting.subscriptions.become(held.id, status, was={Status.REQUESTED}, error=error, now=now)
        if status is Status.ACTIVE and held.order.heartbeat:
            await greeting.lanes.ensure_heartbeat(held)
    if again := await greeting.lanes.finish(lane):
        await greeting.lanes.release(again, 0.0, 0)

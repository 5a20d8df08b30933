"""Send a subscription's heartbeats: something comes from us at least once a period, or the silence means something."""

from services.notify.domain.delivery import Result
from services.notify.domain.subscription import Status, Subscription
from services.notify.use_cases.ports import Lane
from services.notify.use_cases.shake_hands import Greeting
from services.notify.use_cases.tell_owner import tell_owner

AGAIN_AFTER = 60.0  # seconds
MOST_FAILURES = 3
NOT_TAKEN = "The endpoint did not take heartbeats; set the status to requested to begin again."


async def beat(lane: Lane, greeting: Greeting) -> None:
    """Beat if it is time, and say when to look again; one that is over, off or in error beats no more."""
    held = await greeting.subscriptions.known(lane.target.partition("/")[2])
    now = greeting.clock()
    if (
        held is None
        or held.is_over(now)
        or not held.order.heartbeat
        or held.status in {Status.OFF, Status.ERROR}
    ):
        await greeting.lanes.finish(lane)
        return
    period = float(held.order.heartbeat)
    silent = (now - (held.told_at or held.updated)).total_seconds()
    if held.status is Status.REQUESTED or silent < period:
        await greeting.lanes.release(lane, max(period - silent, 0.1), 0)
        return
    outcome = await greeting.greeter.beat(held, now)
    greeting.tally.attempt("heartbeat", outcome.result.value)
    if outcome.result is Result.OK:
        await greeting.subscriptions.told(held.id, now)
        await greeting.lanes.release(lane, period, 0)
    elif lane.waits + 1 < MOST_FAILURES:
        await greeting.lanes.release(lane, min(period, AGAIN_AFTER), lane.waits + 1)
    else:
        await _fail(held, lane, greeting)


async def _fail(held: Subscription, lane: Lane, greeting: Greeting) -> None:
    now = greeting.clock()
    await tell_owner(held, greeting, now)
    await greeting.subscriptions.become(held.id, Status.ERROR, was={Status.ACTIVE}, error=NOT_TAKEN, now=now)
    await greeting.lanes.finish(lane)

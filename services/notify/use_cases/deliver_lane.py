"""Work off a claimed lane: ask whether the unit may know, number, send, and note how it went, one by one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.notify.domain.breaker import BreakerRules, is_given_up
from services.notify.domain.delivery import Attempt, Delivery, Outcome, Result, State
from services.notify.domain.errors import NoAnswerFromRecord
from services.notify.domain.retry import Schedule, Uniform, wait_unanswered
from services.notify.domain.subscription import Status, Subscription
from services.notify.use_cases.ports import (
    Breakers,
    Channel,
    Deliveries,
    Lane,
    Lanes,
    Numbers,
    Question,
    Rights,
    Subscriptions,
    Tally,
)

ROWS_AT_ONCE = 50
UNTIL_GREETED = 1.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What sending needs; `channels` by the first word of a queue."""

    lanes: Lanes
    deliveries: Deliveries
    subscriptions: Subscriptions
    numbers: Numbers
    breakers: Breakers
    rights: Rights
    channels: Mapping[str, Channel]
    tally: Tally
    schedule: Schedule
    breaker_rules: BreakerRules
    clock: Callable[[], datetime]
    uniform: Uniform


@dataclass(frozen=True, slots=True)
class Pause:
    """Why a lane is left although it holds something: seconds until it is due, and questions unanswered."""

    seconds: float
    waits: int = 0


async def deliver_lane(lane: Lane, sending: Sending) -> None:
    """Send what waits in the lane, in order, until it is empty or something has to wait."""
    current: Lane | None = lane
    while current:
        rows = await sending.deliveries.pending(current.id, ROWS_AT_ONCE)
        for row in rows:
            if pause := await _deliver(row, current, sending):
                await sending.lanes.release(current, pause.seconds, pause.waits)
                return
        if len(rows) < ROWS_AT_ONCE:
            current = await sending.lanes.finish(current)


async def _deliver(row: Delivery, lane: Lane, sending: Sending) -> Pause | None:
    """Bring one delivery to its end, or say for how long it has to wait."""
    held = await sending.subscriptions.known(row.target.partition("/")[2]) if _is_subscribed(row) else None
    if _is_subscribed(row) and (held is None or held.status is Status.OFF or held.is_over(sending.clock())):
        await _end(row, State.CANCELLED, sending)
        return None
    if held and held.status is Status.REQUESTED:
        return Pause(UNTIL_GREETED)
    try:
        allowed = await sending.rights.may_know(_question(row, held))
    except NoAnswerFromRecord:
        sending.tally.right("none")
        return Pause(wait_unanswered(lane.waits, sending.uniform), lane.waits + 1)
    sending.tally.right("allowed" if allowed else "refused")
    if not allowed:
        await _end(row, State.WITHHELD, sending)
        return None
    return await _attempted(row, held, sending)


async def _attempted(row: Delivery, held: Subscription | None, sending: Sending) -> Pause | None:
    """Number and send what the unit may know."""
    if held:
        row = replace(row, number=await sending.numbers.number(held.id, row.id))
        if row.number is None:
            await _end(row, State.CANCELLED, sending)
            return None
        if held.status is Status.ERROR:
            await _end(row, State.DEAD, sending, Outcome(Result.IN_ERROR))
            return None
    outcome = await sending.channels[_channel(row)].send(row, held, sending.clock())
    sending.tally.attempt(_channel(row), outcome.result.value)
    if outcome.result is Result.OK:
        if held:
            await sending.breakers.succeeded(row.queue)
        await _end(row, State.DELIVERED, sending, outcome)
        return None
    return await _failed(row, held, outcome, sending)


async def _failed(
    row: Delivery, held: Subscription | None, outcome: Outcome, sending: Sending
) -> Pause | None:
    """Say when to try again, or make it a dead letter and tell the subscription so."""
    gone = outcome.result is Result.GONE
    if not gone:
        await _count_failure(row, held, sending)
    now = sending.clock()
    first = row.attempts[0].at if row.attempts else now
    age = (now - first).total_seconds()
    wait = sending.schedule.wait(len(row.attempts) + 1, age, outcome.retry_after, sending.uniform)
    if wait is None or gone:
        if held:
            await _become(held, Status.OFF if gone else Status.ERROR, sending)
        await _end(row, State.DEAD, sending, outcome)
        return None
    await sending.deliveries.attempted(row.id, _attempt(outcome, sending))
    return Pause(wait)


async def _count_failure(row: Delivery, held: Subscription | None, sending: Sending) -> None:
    if held is None:
        return
    breaker = await sending.breakers.failed(row.queue)
    if is_given_up(breaker, sending.clock(), sending.breaker_rules):
        text = (
            "The endpoint has not taken a notification for days; set the status to requested to begin again."
        )
        await sending.subscriptions.give_up_endpoint(held.order.endpoint, text, sending.clock())


async def _become(held: Subscription, status: Status, sending: Sending) -> None:
    text = {
        Status.OFF: "The endpoint answered 410 Gone.",
        Status.ERROR: "The endpoint did not take a notification; set the status to requested to begin again.",
    }[status]
    was = {Status.ACTIVE, Status.ERROR} if status is Status.OFF else {Status.ACTIVE}
    await sending.subscriptions.become(held.id, status, was=was, error=text, now=sending.clock())


async def _end(row: Delivery, state: State, sending: Sending, outcome: Outcome | None = None) -> None:
    attempt = _attempt(outcome, sending) if outcome else None
    now = sending.clock()
    await sending.deliveries.end(row.id, state, attempt, now)
    sending.tally.delivery(_channel(row), state.value, (now - row.arrived).total_seconds())


def _attempt(outcome: Outcome, sending: Sending) -> Attempt:
    """Note the attempt as of its beginning: retries are counted from there."""
    at = sending.clock() - timedelta(seconds=outcome.seconds)
    return Attempt(at, outcome.result, outcome.status, outcome.seconds)


def _question(row: Delivery, held: Subscription | None) -> Question:
    payload = held.order.content.value if held else "id-only"
    return Question(row.owner.unit, row.event.focus, row.topic, payload)


def _is_subscribed(row: Delivery) -> bool:
    return row.target.startswith("Subscription/")


def _channel(row: Delivery) -> str:
    return row.queue.partition(" ")[0]

"""What follows from an attempt that failed: when to try again, or that it is over, and who is told so."""

from services.notify.domain.breaker import is_given_up
from services.notify.domain.delivery import Delivery, Outcome, Result, State
from services.notify.domain.subscription import Status, Subscription
from services.notify.use_cases.sending import Pause, Sending, attempt_of, end_all
from services.notify.use_cases.tell_owner import tell_owner

NOT_TAKEN = "The endpoint did not take a notification; set the status to requested to begin again."
GONE = "The endpoint answered 410 Gone."
FOR_DAYS = "The endpoint has not taken a notification for days; set the status to requested to begin again."


async def fail_letters(
    rows: list[Delivery], held: Subscription | None, outcome: Outcome, sending: Sending
) -> Pause | None:
    """Say when to try again, or make them dead letters and tell the subscription so."""
    never = outcome.result in {Result.GONE, Result.REJECTED}
    if not never:
        await _count_failure(rows[0], held, sending)
    now, made = sending.clock(), rows[0].attempts
    age = (now - (made[0].at if made else now)).total_seconds()
    wait = sending.schedule.wait(len(made) + 1, age, outcome.retry_after, sending.uniform)
    if wait is None or never:
        if held:
            await _become(held, Status.OFF if outcome.result is Result.GONE else Status.ERROR, sending)
        await end_all(rows, State.DEAD, sending, outcome)
        return None
    for row in rows:
        await sending.deliveries.attempted(row.id, attempt_of(outcome, sending))
    return Pause(wait)


async def _count_failure(row: Delivery, held: Subscription | None, sending: Sending) -> None:
    if held is None:
        return
    breaker = await sending.breakers.failed(row.queue)
    if is_given_up(breaker, sending.clock(), sending.breaker_rules):
        for one in await sending.subscriptions.active_at(held.order.endpoint):
            await _end_in(one, Status.ERROR, FOR_DAYS, sending)


async def _become(held: Subscription, status: Status, sending: Sending) -> None:
    await _end_in(held, status, GONE if status is Status.OFF else NOT_TAKEN, sending)


async def _end_in(held: Subscription, status: Status, error: str, sending: Sending) -> None:
    """Tell the owner first: who dies between the two tells the same once more."""
    was = {Status.ACTIVE, Status.ERROR} if status is Status.OFF else {Status.ACTIVE}
    now = sending.clock()
    if held.status in was:
        await tell_owner(held, sending, now)
        await sending.subscriptions.become(held.id, status, was=was, error=error, now=now)

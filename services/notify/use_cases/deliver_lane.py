"""Work off a claimed lane: ask whether the unit may know, number, send, and note how it went, one by one."""

from dataclasses import replace
from itertools import takewhile

from services.notify.domain.delivery import Delivery, Letter, Outcome, Result, State
from services.notify.domain.errors import NoAnswerFromRecord
from services.notify.domain.retry import wait_unanswered
from services.notify.domain.subscription import Status, Subscription
from services.notify.use_cases.fail_letters import fail_letters
from services.notify.use_cases.ports import Channel, Knowledge, Lane, Question
from services.notify.use_cases.sending import Pause, Sending, all_of, channel_of, end, end_all

ROWS_AT_ONCE = 50
UNTIL_GREETED = 1.0  # seconds
UNTIL_OFFERED = 60.0  # what is addressed to a channel that this worker does not have waits for one that has


async def deliver_lane(lane: Lane, sending: Sending) -> None:
    """Send what waits in the lane, in order, until it is empty or something has to wait."""
    current: Lane | None = lane
    while current:
        rows = await sending.deliveries.pending(current.id, ROWS_AT_ONCE)
        waiting = rows
        while waiting:
            pause, waiting = await _next(waiting, current, sending)
            if pause:
                await sending.lanes.release(current, pause.seconds, pause.waits)
                return
            current = replace(current, waits=0)  # the record has answered: what went before counts no more
        if len(rows) < ROWS_AT_ONCE:
            current = await sending.lanes.finish(current)


async def _next(rows: list[Delivery], lane: Lane, sending: Sending) -> tuple[Pause | None, list[Delivery]]:
    """Bring the first, and what goes together with it, to an end; or say for how long they have to wait."""
    first, channel = rows[0], sending.channels.get(channel_of(rows[0]))
    held = (
        await sending.subscriptions.known(first.target.partition("/")[2]) if _is_subscribed(first) else None
    )
    if _is_subscribed(first) and (held is None or held.status is Status.OFF or held.is_over(sending.clock())):
        await end(first, State.CANCELLED, sending)
        return None, rows[1:]
    if channel is None:
        return Pause(UNTIL_OFFERED), rows
    wait = (
        UNTIL_GREETED
        if held and held.status is Status.REQUESTED
        else await channel.pause(first, sending.clock())
    )
    if wait is None:
        await end(first, State.CANCELLED, sending)
        return None, rows[1:]
    if wait:
        return Pause(wait), rows
    together = await _together(rows, channel.most(held), sending)
    try:
        letters = await _allowed(together, held, sending)
    except NoAnswerFromRecord:
        sending.tally.right("none")
        return Pause(wait_unanswered(lane.waits, sending.uniform), lane.waits + 1), rows
    return await _attempted(letters, held, channel, sending) if letters else None, rows[len(together) :]


async def _together(rows: list[Delivery], most: int, sending: Sending) -> list[Delivery]:
    """Give what goes into one attempt: what went together before, else as many as may."""
    if rows[0].batch:
        return [row for row in rows if row.batch == rows[0].batch]
    fresh = list(takewhile(lambda row: not row.batch, rows[:most]))
    return await sending.deliveries.bind(fresh) if len(fresh) > 1 else fresh


async def _allowed(rows: list[Delivery], held: Subscription | None, sending: Sending) -> list[Letter]:
    """Ask for each whether the unit may know, and end those that it may not; raises NoAnswerFromRecord."""
    known = await all_of([_known(row, held, sending) for row in rows])
    for row, knowledge in zip(rows, known, strict=True):
        sending.tally.right("allowed" if knowledge.allowed else "refused")
        if not knowledge.allowed:
            await end(row, State.WITHHELD, sending)
    both = zip(rows, known, strict=True)
    return [Letter(row, knowledge.resource) for row, knowledge in both if knowledge.allowed]


async def _known(row: Delivery, held: Subscription | None, sending: Sending) -> Knowledge:
    """What is about the unit's own subscription is no care data, and nobody else's business either."""
    if row.event.focus_type == "Subscription":
        return Knowledge(allowed=True)
    return await sending.rights.may_know(_question(row, held))


async def _attempted(
    letters: list[Letter], held: Subscription | None, channel: Channel, sending: Sending
) -> Pause | None:
    """Number and send what the unit may know."""
    if held:
        letters = await _numbered(letters, held, sending)
        if held.status is Status.ERROR:
            for letter in letters:
                await end(letter.delivery, State.DEAD, sending, Outcome(Result.IN_ERROR))
            return None
    if not letters:
        return None
    first = letters[0].delivery
    outcome = await channel.send(letters, held, sending.clock())
    sending.tally.attempt(channel_of(first), outcome.result.value)
    if outcome.result is not Result.OK:
        return await fail_letters([letter.delivery for letter in letters], held, outcome, sending)
    if held:
        await sending.breakers.succeeded(first.queue)
        if held.order.heartbeat:
            await sending.subscriptions.told(held.id, sending.clock())
    await end_all([letter.delivery for letter in letters], State.DELIVERED, sending, outcome)
    return None


async def _numbered(letters: list[Letter], held: Subscription, sending: Sending) -> list[Letter]:
    """Give each its number, in order; those whose subscription has gone meanwhile are ended."""
    rows = [letter.delivery for letter in letters]
    numbers = await all_of([sending.numbers.number(held.id, row.id) for row in rows])
    for row, number in zip(rows, numbers, strict=True):
        if number is None:
            await end(row, State.CANCELLED, sending)
    both = zip(letters, numbers, strict=True)
    return [
        replace(letter, delivery=replace(letter.delivery, number=number))
        for letter, number in both
        if number is not None
    ]


def _question(row: Delivery, held: Subscription | None) -> Question:
    payload = held.order.content.value if held else "id-only"
    return Question(row.owner.unit, row.event.focus, row.topic, payload, row.owner.giver)


def _is_subscribed(row: Delivery) -> bool:
    return row.target.startswith("Subscription/")

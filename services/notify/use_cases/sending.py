"""What sending deliveries needs, and how each is brought to an end."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from services.notify.domain.breaker import BreakerRules
from services.notify.domain.delivery import Attempt, Delivery, Outcome, State
from services.notify.domain.retry import Schedule, Uniform
from services.notify.use_cases.ports import (
    Breakers,
    Channel,
    Deliveries,
    Lanes,
    Numbers,
    Rights,
    Subscriptions,
    Tally,
    UnitWays,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What sending needs; `channels` by the first word of a queue."""

    lanes: Lanes
    deliveries: Deliveries
    subscriptions: Subscriptions
    numbers: Numbers
    breakers: Breakers
    ways: UnitWays
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


async def all_of(work: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """Do all at once; one alone, which is nearly always so, without the cost of a task."""
    return [await work[0]] if len(work) == 1 else await asyncio.gather(*work)


async def end_all(rows: list[Delivery], state: State, sending: Sending, outcome: Outcome) -> None:
    """Bring what went together to the same end."""
    await all_of([end(row, state, sending, outcome) for row in rows])


async def end(row: Delivery, state: State, sending: Sending, outcome: Outcome | None = None) -> None:
    """Bring a delivery to its end."""
    attempt = attempt_of(outcome, sending) if outcome else None
    now = sending.clock()
    await sending.deliveries.end(row.id, state, attempt, now)
    sending.tally.delivery(channel_of(row), state.value, (now - row.arrived).total_seconds())


def attempt_of(outcome: Outcome, sending: Sending) -> Attempt:
    """Note the attempt as of its beginning: retries are counted from there."""
    at = sending.clock() - timedelta(seconds=outcome.seconds)
    return Attempt(at, outcome.result, outcome.status, outcome.seconds)


def channel_of(row: Delivery) -> str:
    """Give the channel's name."""
    return row.queue.partition(" ")[0]

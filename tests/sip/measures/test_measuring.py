"""A computation that outlasts the lease: prolonged while it goes on, dropped when another took over."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

import anyio
import pytest

from services.sip.measures.compute import WATCHED
from services.sip.measures.measuring import Due, Measuring, Pace, measure
from services.sip.measures.person_rows import TYPES
from services.sip.storage.connection import Database
from services.sip.storage.mongo_lease import MongoLease
from services.sip.storage.mongo_measure_figures import MongoMeasureFigures
from services.sip.use_cases.measure_ports import Mark, PersonBodies
from tests.sip.measures.county_plans import NOW

pytestmark = pytest.mark.anyio
PACE = Pace(tick=0.01, rest=0.2, rest_at_most=0.4, anyway=0.8, lease=0.6)


class SlowSource:
    """A source of nobody that takes its time: between batches it does what the test says."""

    def __init__(self, between: Callable[[], Awaitable[None]]) -> None:
        self._between = between
        self.asked: list[tuple[Mark, Sequence[str], float]] = []

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator["SlowSource"]:
        yield self

    async def roles(self) -> Mapping[str, str]:
        return {}

    async def people(self, types: Sequence[str]) -> AsyncIterator[Sequence[PersonBodies]]:
        for _ in types:
            yield []
            await self._between()

    async def mark(self) -> Mark:
        return "mark"

    async def changed_after(self, mark: Mark, types: Sequence[str], within: float) -> bool:
        self.asked.append((mark, types, within))
        return False


def measuring(db: Database, source: SlowSource) -> Measuring:
    return Measuring(
        source, MongoMeasureFigures(db), MongoLease(db, "measures"), lambda: NOW, "one", pace=PACE
    )


async def test_the_lease_is_prolonged_while_a_computation_goes_on(db: Database) -> None:
    lease = MongoLease(db, "measures")
    others: list[bool] = []

    async def a_while() -> None:
        await anyio.sleep(0.25)
        others.append(await lease.take("two", 60))

    assert await lease.take("one", PACE.lease)
    assert await measure(measuring(db, SlowSource(a_while)))
    assert others == [False] * len(TYPES)


async def test_figures_of_one_who_lost_the_lease_are_dropped(db: Database) -> None:
    lease = MongoLease(db, "measures")

    async def taken_over() -> None:
        await lease.give_back("one")
        await lease.take("two", 60)
        await anyio.sleep(0.25)

    assert await lease.take("one", PACE.lease)
    assert not await measure(measuring(db, SlowSource(taken_over)))
    assert await MongoMeasureFigures(db).latest() is None


async def nothing() -> None:
    """Take no time."""


async def test_computing_is_due_at_once_then_after_a_change_and_anyway_in_the_end() -> None:
    due, source = Due(PACE), SlowSource(nothing)
    assert await due.is_now(source)

    due.done("mark", 0.0)
    assert not await due.is_now(source)
    assert source.asked == [], "it rests first"
    await anyio.sleep(PACE.rest)
    assert not await due.is_now(source)
    assert source.asked == [("mark", WATCHED, PACE.tick)]
    await anyio.sleep(PACE.anyway)
    assert await due.is_now(source)


async def test_after_a_long_computation_the_rest_is_longer() -> None:
    due, source = Due(PACE), SlowSource(nothing)
    due.done("mark", 100.0)
    await anyio.sleep(PACE.rest)

    assert not await due.is_now(source)
    assert source.asked == []
    await anyio.sleep(PACE.rest_at_most - PACE.rest)
    await due.is_now(source)
    assert source.asked == [("mark", WATCHED, PACE.tick)]

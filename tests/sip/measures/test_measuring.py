"""A computation that outlasts the lease: prolonged while it goes on, dropped when another took over."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import anyio
import pytest
from bson.timestamp import Timestamp

from services.sip.measures.compute import WATCHED
from services.sip.measures.measuring import Due, Leading, Measuring, Pace
from services.sip.storage.connection import Client, Database
from services.sip.storage.mongo_lease import MongoLease
from services.sip.storage.mongo_measure_figures import MongoMeasureFigures
from services.sip.storage.mongo_measure_rows import MongoMeasureRows
from services.sip.use_cases.measure_ports import (
    AnotherLeads,
    Changes,
    Mark,
    PersonBodies,
    Position,
    Standing,
)
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

    async def people(self, *_asked: object) -> AsyncIterator[Sequence[PersonBodies]]:
        for _ in range(BATCHES):
            yield []
            await self._between()

    async def met_by(self, *_asked: object) -> Collection[str]:
        return ()

    async def mark(self) -> Mark:
        return "mark"

    async def changes(self, *_asked: object) -> Changes | None:
        return Changes()

    async def changed_after(self, mark: Mark, types: Sequence[str], within: float) -> bool:
        self.asked.append((mark, types, within))
        return False


BATCHES = 5


def leading(client: Client, db: Database, source: SlowSource) -> Leading:
    return Leading(
        Measuring(
            source, MongoMeasureRows(client, db), MongoMeasureFigures(db), MongoLease(db, "measures"),
            lambda: NOW, "one", pace=PACE,
        )
    )  # fmt: skip


async def test_the_lease_is_prolonged_while_a_computation_goes_on(client: Client, db: Database) -> None:
    lease = MongoLease(db, "measures")
    others: list[bool] = []

    async def a_while() -> None:
        await anyio.sleep(0.25)
        others.append(await lease.take("two", 60))

    assert await lease.take("one", PACE.lease)
    assert await leading(client, db, SlowSource(a_while)).round()
    assert others == [False] * BATCHES


async def test_figures_of_one_who_lost_the_lease_are_dropped(client: Client, db: Database) -> None:
    lease = MongoLease(db, "measures")

    async def taken_over() -> None:
        await lease.give_back("one")
        await lease.take("two", 60)
        await anyio.sleep(0.25)

    assert await lease.take("one", PACE.lease)
    assert await leading(client, db, SlowSource(taken_over)).round() is False
    assert await MongoMeasureFigures(db).latest() is None


async def test_what_one_puts_down_after_another_began_to_lead_does_not_count(
    client: Client, db: Database
) -> None:
    rows = MongoMeasureRows(client, db)
    first = await rows.lead("as it is now")
    standing = Standing("Patient/p", b"{}", b"[]", NOW)
    await rows.put(first.term, [standing])

    second = await MongoMeasureRows(client, db).lead("as it is now")

    with pytest.raises(AnotherLeads):
        await rows.put(first.term, [replace(standing, told=b"[1]")])
    with pytest.raises(AnotherLeads):
        await rows.reached(first.term, Timestamp(1, 1))
    assert await rows.told_of(["Patient/p"]) == {"Patient/p": b"[]"}
    await rows.reached(second.term, Timestamp(2, 1))
    assert await rows.lead("as it is now") == Position(second.term + 1, Timestamp(2, 1))
    assert await rows.lead("in another way") == Position(second.term + 2, None)


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

"""Deliveries: read in order, ended once."""

import asyncio
from datetime import timedelta

import pytest

from services.notify.domain.delivery import Delivery, State, to_inbox
from services.notify.storage.mongo_deliveries import MongoDeliveries
from tests.notify.domain.made import NOW, record_event

pytestmark = pytest.mark.anyio


def rows(person: str, count: int) -> list[Delivery]:
    made = [record_event(id=f"{person}-{n}", person=f"Patient/{person}", seq=n) for n in range(count)]
    return [to_inbox(event, "SE1", NOW) for event in made]


async def test_lanes_read_together_are_each_read_in_order_and_whole(deliveries: MongoDeliveries) -> None:
    lanes = {
        person: rows(person, count)
        for person, count in (("long", 300), ("short", 3), ("one", 1), ("none", 0))
    }
    for made in lanes.values():
        await deliveries.add(list(reversed(made)))
    names = [rows(person, 1)[0].lane for person in lanes]

    found = await asyncio.gather(*(deliveries.pending(lane, 50) for lane in names))

    assert [[row.id for row in some] for some in found] == [
        [row.id for row in made[:50]] for made in lanes.values()
    ]


async def test_what_has_ended_is_pending_no_more_and_ends_no_other_way(deliveries: MongoDeliveries) -> None:
    [made] = rows("p", 1)
    await deliveries.add([made])
    await asyncio.gather(
        deliveries.end(made.id, State.DELIVERED, None, NOW), deliveries.end(made.id, State.DEAD, None, NOW)
    )

    assert await deliveries.pending(made.lane, 1) == []
    assert await deliveries.count_dead(10) == 0
    await deliveries.add([made])
    assert await deliveries.pending(made.lane, 1) == []


async def test_the_oldest_that_waits_is_known(deliveries: MongoDeliveries) -> None:
    assert await deliveries.oldest_pending() is None
    late = to_inbox(record_event(id="late"), "SE1", NOW + timedelta(minutes=5))
    await deliveries.add([late, *rows("p", 2)])

    assert await deliveries.oldest_pending() == NOW

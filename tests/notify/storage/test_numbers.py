"""Numbers: one for each delivery, none left out, none given twice, whoever dies in between."""

import asyncio

import pytest

from services.notify.domain.delivery import Delivery, to_subscription
from services.notify.storage.database import Database
from services.notify.storage.mongo_deliveries import MongoDeliveries
from services.notify.storage.mongo_numbers import MongoNumbers
from services.notify.storage.mongo_subscriptions import MongoSubscriptions
from tests.notify.domain.made import NOW, held, record_event

pytestmark = pytest.mark.anyio


@pytest.fixture
async def rows(database: Database, deliveries: MongoDeliveries) -> list[Delivery]:
    await MongoSubscriptions(database).add(held())
    made = [to_subscription(record_event(id=f"e{n}", person=f"Patient/p{n}"), held(), NOW) for n in range(40)]
    await deliveries.add(made)
    return made


async def test_workers_at_once_give_every_delivery_one_number_without_a_gap(
    database: Database, rows: list[Delivery]
) -> None:
    workers = [MongoNumbers(database) for _ in range(4)]

    async def number_all(worker: MongoNumbers, turn: int) -> dict[str, int | None]:
        mine = rows[turn * 10 :] + rows[: turn * 10]
        return {row.id: await worker.number("s1", row.id) for row in mine}

    given = await asyncio.gather(*(number_all(worker, turn) for turn, worker in enumerate(workers)))

    assert given == [given[0]] * 4
    assert sorted(number or 0 for number in given[0].values()) == list(range(1, 41))


async def test_a_number_is_kept_at_the_next_attempt(database: Database, rows: list[Delivery]) -> None:
    numbers = MongoNumbers(database)

    assert [await numbers.number("s1", row.id) for row in (*rows[:3], *rows[:3])] == [1, 2, 3, 1, 2, 3]


async def test_a_worker_that_dies_between_count_and_delivery_leaves_no_gap(
    database: Database, rows: list[Delivery]
) -> None:
    dying, living = MongoNumbers(database), MongoNumbers(database)
    assert await dying._move("s1", 0, {rows[0].id: 1})  # and then it is killed, before it writes the delivery

    assert await living.number("s1", rows[1].id) == 2
    assert await living.number("s1", rows[0].id) == 1


async def test_without_a_subscription_or_a_delivery_there_is_no_number(
    database: Database, rows: list[Delivery]
) -> None:
    numbers = MongoNumbers(database)

    assert await numbers.number("gone", rows[0].id) is None
    assert await numbers.number("s1", "gone") is None
    assert await numbers.number("s1", rows[0].id) == 1

"""Breakers: shared by all workers, probed by one."""

import asyncio

import pytest

from services.notify.domain.breaker import BreakerRules
from services.notify.storage.database import Database
from services.notify.storage.mongo_breakers import MongoBreakers

pytestmark = pytest.mark.anyio
RULES = BreakerRules(failures=3, first_pause=0.3)
QUEUE = "rest-hook https://ehr.example/hook"


@pytest.fixture
def workers(database: Database) -> list[MongoBreakers]:
    return [MongoBreakers(database, RULES) for _ in range(4)]


async def test_failures_at_all_workers_open_it_for_all(workers: list[MongoBreakers]) -> None:
    for worker in workers[:3]:
        assert worker.pause(QUEUE) is None
        await worker.failed(QUEUE)
    await workers[3].refresh()

    pause = workers[3].pause(QUEUE)
    assert pause is not None
    assert 0 < pause <= 0.3


async def test_one_worker_probes_and_its_success_closes_it(workers: list[MongoBreakers]) -> None:
    for _ in range(3):
        await workers[0].failed(QUEUE)
    assert not await workers[1].take_probe(QUEUE, 5)
    await asyncio.sleep(0.35)

    probes = await asyncio.gather(*(worker.take_probe(QUEUE, 5) for worker in workers))
    assert sorted(probes) == [False, False, False, True]

    await workers[probes.index(True)].succeeded(QUEUE)
    for worker in workers:
        await worker.refresh()
        assert worker.pause(QUEUE) is None


async def test_a_success_in_between_begins_the_count_anew(workers: list[MongoBreakers]) -> None:
    worker = workers[0]
    for _ in range(2):
        await worker.failed(QUEUE)
    await worker.succeeded(QUEUE)

    assert (await worker.failed(QUEUE)).failures == 1
    assert worker.pause(QUEUE) is None

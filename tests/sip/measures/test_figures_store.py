"""Keeping figures: one edition after the other, one process at a time, and word of what changed."""

from dataclasses import replace
from datetime import timedelta

import anyio
import orjson
import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from services.sip.domain.errors import StoreBusy
from services.sip.measures.compute import WATCHED
from services.sip.storage.connection import Client, Database, database
from services.sip.storage.mongo_lease import MongoLease
from services.sip.storage.mongo_measure_figures import MongoMeasureFigures
from services.sip.storage.mongo_measure_source import MongoMeasureSource
from services.sip.use_cases.measure_ports import KeptFigures
from services.sip.use_cases.read_indicators import read_indicators
from tests.loopback import free_port
from tests.sip.measures.county import version_of
from tests.sip.measures.county_plans import NOW

pytestmark = pytest.mark.anyio

FIRST = KeptFigures(1, NOW, 0.5, b'{"edition":1}', b"[]")


@pytest.fixture
async def store(db: Database) -> MongoMeasureFigures:
    return MongoMeasureFigures(db)


async def test_the_newest_edition_is_read_back_whole(store: MongoMeasureFigures) -> None:
    assert await store.latest() is None
    assert await store.keep(FIRST)

    assert await store.latest() == FIRST
    assert await store.latest(other_than=1) is None
    assert await read_indicators(store) == FIRST.exact


async def test_an_edition_is_kept_only_over_the_one_before_it(store: MongoMeasureFigures) -> None:
    second = replace(FIRST, edition=2, exact=b"second")
    late = replace(FIRST, edition=2, exact=b"late")

    assert not await store.keep(second)
    assert await store.keep(FIRST)
    assert not await store.keep(replace(FIRST, exact=b"another first"))
    assert await store.keep(second)
    assert not await store.keep(late)
    assert await store.latest() == second


async def test_a_report_of_the_same_day_takes_the_place_of_the_earlier_one(
    store: MongoMeasureFigures, db: Database
) -> None:
    morning = {"resourceType": "MeasureReport", "id": "coc-2026-11-22", "status": "complete", "measure": "m"}
    other = {**morning, "id": "plans-2026-11-22"}
    evening = {**morning, "type": "summary"}
    await store.keep_reports([morning, other], NOW)
    await store.keep_reports([evening, other], NOW + timedelta(hours=8))
    await store.keep_reports([], NOW)

    rows = {row["id"]: row async for row in db.records.find({"type": "MeasureReport"})}
    assert orjson.loads(rows[morning["id"]]["body"])["type"] == "summary"
    assert rows[morning["id"]]["at"] == NOW + timedelta(hours=8)
    assert rows[other["id"]]["at"] == NOW, "what did not change keeps its time"
    assert len(rows) == 2


async def test_one_process_holds_the_lease_and_another_gets_it_when_it_is_over(db: Database) -> None:
    lease = MongoLease(db, "measures")

    assert await lease.take("one", 0.4)
    assert not await lease.take("two", 0.4)
    assert await lease.take("one", 0.4)
    await anyio.sleep(0.5)
    assert await lease.take("two", 30)
    assert not await lease.take("one", 30)


async def test_a_lease_given_back_is_free_at_once_but_only_its_holder_can_give_it(db: Database) -> None:
    lease = MongoLease(db, "measures")
    assert await lease.take("one", 30)
    await lease.give_back("two")
    assert not await lease.take("two", 30)
    await lease.give_back("one")

    assert await lease.take("two", 30)


async def test_of_ten_who_ask_at_once_one_gets_the_lease(db: Database) -> None:
    got: list[str] = []

    async def ask(holder: str) -> None:
        if await MongoLease(db, "measures").take(holder, 30):
            got.append(holder)

    async with anyio.create_task_group() as tasks:
        for number in range(10):
            tasks.start_soon(ask, f"process {number}")

    assert len(got) == 1


async def test_a_holder_with_a_dollar_in_its_name_is_only_a_name(db: Database) -> None:
    assert await MongoLease(db, "measures").take("$until", 30)
    assert not await MongoLease(db, "measures").take("$holder", 30)


async def test_only_what_figures_are_made_of_counts_as_a_change(client: Client, db: Database) -> None:
    source = MongoMeasureSource(client, db)
    await db.records.insert_one(version_of({"resourceType": "CarePlan", "id": "before"}, "Patient/p"))
    mark = await source.mark()
    await db.records.insert_one(version_of({"resourceType": "Condition", "id": "need"}, "Patient/p"))
    await db.records.update_one({"key": "Condition/need"}, {"$unset": {"unsent": ""}})

    assert not await source.changed_after(mark, WATCHED, 0.2)

    await db.records.insert_one(version_of({"resourceType": "CarePlan", "id": "after"}, "Patient/p"))

    assert await source.changed_after(mark, WATCHED, 0.2)
    assert not await source.changed_after(await source.mark(), WATCHED, 0.2)


async def test_a_removal_counts_as_a_change(client: Client, db: Database) -> None:
    source = MongoMeasureSource(client, db)
    await db.records.insert_one(version_of({"resourceType": "CarePlan", "id": "x"}, "Patient/p"))
    mark = await source.mark()
    await db.records.delete_one({"key": "CarePlan/x"})

    assert await source.changed_after(mark, WATCHED, 0.2)


async def test_a_change_while_somebody_waits_ends_the_waiting(client: Client, db: Database) -> None:
    source = MongoMeasureSource(client, db)
    mark = await source.mark()

    async def write() -> None:
        await db.records.insert_one(version_of({"resourceType": "Task", "id": "x"}, "Patient/p"))

    async with anyio.create_task_group() as tasks:
        started = anyio.current_time()
        tasks.start_soon(write)
        assert await source.changed_after(mark, WATCHED, 20)

    assert anyio.current_time() - started < 5


async def test_a_store_that_does_not_answer_is_busy() -> None:
    nowhere: Client = AsyncIOMotorClient("127.0.0.1", free_port(), serverSelectionTimeoutMS=200)
    nothing = database(nowhere, "nothing")
    try:
        with pytest.raises(StoreBusy):
            await MongoMeasureFigures(nothing).latest()
        with pytest.raises(StoreBusy):
            await MongoLease(nothing, "measures").take("one", 1)
        with pytest.raises(StoreBusy):
            await MongoMeasureSource(nowhere, nothing).mark()
    finally:
        nowhere.close()

"""Lanes: claimed once, leased by the database's time, never left lying."""

import asyncio
from typing import Any

import pytest

from services.notify.domain.delivery import Delivery, deliveries_of
from services.notify.storage.database import Database
from services.notify.storage.documents import delivery_document
from services.notify.storage.mongo_deliveries import MongoDeliveries
from services.notify.storage.mongo_lanes import DUE, MongoLanes, first_due
from tests.notify.domain.made import NOW, held, record_event

pytestmark = pytest.mark.anyio


def row(person: str = "Patient/p1") -> Delivery:
    [made] = [
        one
        for one in deliveries_of(record_event(person=person, parties=("SE1",)), [held()], {}, NOW)
        if one.number is None and one.target == "Subscription/s1"
    ]
    return made


async def test_of_many_workers_one_gets_the_lane(lanes: MongoLanes) -> None:
    await lanes.wake([row()])

    claims = await asyncio.gather(*(lanes.claim(row().queue) for _ in range(20)))

    assert sum(len(claim) for claim in claims) == 1


async def test_a_lane_is_free_again_when_its_lease_has_ended(lanes: MongoLanes) -> None:
    await lanes.wake([row()])
    [first] = await lanes.claim(row().queue)
    assert await lanes.claim(row().queue) == []

    await asyncio.sleep(1.1)
    [second] = await lanes.claim(row().queue)

    assert first.holder != second.holder


async def test_a_renewed_lease_holds_on(lanes: MongoLanes) -> None:
    await lanes.wake([row()])
    [lane] = await lanes.claim(row().queue)
    for _ in range(3):
        await asyncio.sleep(0.5)
        await lanes.renew([lane])

    assert await lanes.claim(row().queue) == []


async def test_who_has_lost_the_lane_can_neither_renew_release_nor_end_it(lanes: MongoLanes) -> None:
    await lanes.wake([row()])
    [lost] = await lanes.claim(row().queue)
    await asyncio.sleep(1.1)
    [taken] = await lanes.claim(row().queue)

    await lanes.release(lost, 0.0, 0)
    assert await lanes.finish(lost) is None

    assert await lanes.claim(row().queue) == []
    assert await lanes.finish(taken) is None


async def test_what_comes_in_while_the_holder_finds_nothing_is_not_left_lying(lanes: MongoLanes) -> None:
    await lanes.wake([row()])
    [lane] = await lanes.claim(row().queue)

    await lanes.wake([row()])
    again = await lanes.finish(lane)

    assert again
    assert await lanes.finish(again) is None


async def test_something_new_does_not_end_a_lease_nor_a_wait(lanes: MongoLanes) -> None:
    await lanes.wake([row()])
    [lane] = await lanes.claim(row().queue)
    await lanes.wake([row()])
    assert await lanes.claim(row().queue) == []

    await lanes.release(lane, 60.0, 2)
    await lanes.wake([row()])

    assert await lanes.claim(row().queue) == []
    assert await lanes.due_queues() == []


async def test_a_queue_is_due_while_one_of_its_lanes_is(lanes: MongoLanes) -> None:
    await lanes.wake([row(), row("Patient/p2")])
    assert await lanes.due_queues() == [row().queue]

    await lanes.claim(row().queue)
    await lanes.claim(row().queue)

    assert await lanes.due_queues() == []


async def test_claiming_reads_one_key_however_many_lanes_there_are(
    database: Database, lanes: MongoLanes
) -> None:
    await database["lanes"].insert_many(
        [
            {"_id": str(n), "queue": f"q{n % 7}", "due": NOW, "wake": "", "waits": 0, "target": ""}
            for n in range(5000)
        ]
    )
    claim: dict[str, Any] = {
        "findAndModify": "lanes",
        "query": {"queue": "q3", **DUE},
        "sort": {"due": 1},
        "update": [{"$set": {"holder": "x"}}],
    }
    plan = await database["lanes"].database.command("explain", claim, verbosity="executionStats")

    assert plan["executionStats"]["totalKeysExamined"] == 1
    assert plan["executionStats"]["totalDocsExamined"] == 1


async def test_finding_due_queues_reads_one_key_for_each_queue_and_no_document(
    database: Database, lanes: MongoLanes
) -> None:
    await database["lanes"].insert_many(
        [{"_id": str(n), "queue": f"q{n % 7}", "due": NOW} for n in range(5000)]
    )
    pipeline = [{"$sort": {"queue": 1, "due": 1}}, {"$group": {"_id": "$queue", "due": {"$first": "$due"}}}]
    asked = {"aggregate": "lanes", "pipeline": pipeline, "cursor": {}}

    plan = await database["lanes"].database.command("explain", asked, verbosity="executionStats")

    stats = plan["stages"][0]["$cursor"]["executionStats"]
    assert (stats["totalKeysExamined"], stats["totalDocsExamined"]) == (7, 0)
    assert len(await lanes.due_queues()) == 7


async def test_workers_that_claim_many_at_once_share_them(lanes: MongoLanes) -> None:
    await lanes.wake([row(f"Patient/p{n}") for n in range(60)])

    claims = await asyncio.gather(*(lanes.claim(row().queue, 25) for _ in range(4)))
    claims += [await lanes.claim(row().queue, 60)]

    claimed = [lane.id for claim in claims for lane in claim]
    assert len(claimed) == len(set(claimed)) == 60


async def test_lanes_ended_together_are_ended_each_for_itself(lanes: MongoLanes) -> None:
    await lanes.wake([row(f"Patient/p{n}") for n in range(10)])
    claimed = await lanes.claim(row().queue, 10)
    await lanes.wake([row("Patient/p3"), row("Patient/p7")])

    again = await asyncio.gather(*(lanes.finish(lane) for lane in claimed))

    assert {lane.id[-2:] for lane in again if lane} == {"p3", "p7"}


async def test_claiming_many_finds_them_in_the_index_alone(database: Database, lanes: MongoLanes) -> None:
    await database["lanes"].insert_many(
        [
            {"_id": str(n), "queue": f"q{n % 7}", "due": NOW, "wake": "", "waits": 0, "target": ""}
            for n in range(700)
        ]
    )
    asked = {"aggregate": "lanes", "pipeline": first_due("q3", 20), "cursor": {}}
    plan = await database["lanes"].database.command("explain", asked, verbosity="executionStats")

    stats = plan["stages"][0]["$cursor"]["executionStats"]
    assert (stats["nReturned"], stats["totalKeysExamined"], stats["totalDocsExamined"]) == (20, 20, 0)
    assert len(await lanes.claim("q3", 20)) == 20


async def test_reading_a_lane_reads_what_it_holds_however_much_has_ended(
    database: Database, deliveries: MongoDeliveries
) -> None:
    pending = row()
    await deliveries.add([pending])
    ended = [
        {**delivery_document(pending), "_id": str(n), "state": "delivered", "arrived": NOW}
        for n in range(500)
    ]
    await database["deliveries"].insert_many(ended)
    found: dict[str, Any] = {
        "find": "deliveries",
        "filter": {"lane": {"$in": [pending.lane, "another"]}, "state": "pending"},
        "sort": {"lane": 1, "seq": 1, "arrived": 1},
        "limit": 50,
    }
    plan = await database["deliveries"].database.command("explain", found, verbosity="executionStats")

    assert plan["executionStats"]["nReturned"] == plan["executionStats"]["totalDocsExamined"] == 1
    assert plan["executionStats"]["totalKeysExamined"] <= 4

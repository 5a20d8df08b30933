"""Lanes: which hold work, when they are due, who holds them. All times are the database's own."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any, Final

from pymongo import DeleteOne, ReturnDocument, UpdateOne

from services.notify.domain.delivery import HANDSHAKE, HEARTBEAT, Delivery
from services.notify.domain.subscription import Subscription
from services.notify.storage.database import Database
from services.notify.storage.grouped import Grouped
from services.notify.use_cases.ports import Lane

DUE: Final = {"$expr": {"$lte": ["$due", "$$NOW"]}}


class MongoLanes:
    """Implements Lanes: a lane's document is there while it holds work, and `due` is also its lease.

    A lane is put there after its deliveries, and taken away only if `wake` is still what it was before the
    holder looked and found nothing: so none can be left lying in a lane that nobody looks at.
    """

    def __init__(self, database: Database, lease_seconds: float) -> None:
        """Take the database, and for how long a claim holds."""
        self._lanes = database["lanes"]
        self._release = Grouped(self._release_all)
        self._finish = Grouped(self._finish_all)
        self._lease = int(lease_seconds * 1000)

    async def wake(self, deliveries: Sequence[Delivery]) -> None:
        """Make sure that their lanes are there and are looked at (again)."""
        lanes = {row.lane: (row.target, row.queue) for row in deliveries}
        if lanes:
            changes = [UpdateOne({"_id": lane}, _woken(*about), upsert=True) for lane, about in lanes.items()]
            await self._lanes.bulk_write(changes, ordered=False)

    async def wake_handshake(self, held: Subscription) -> None:
        """Make sure that the subscription's handshake is made, now."""
        again = {"$set": {"due": "$$NOW", "waits": 0, "holder": None}}
        await self._lanes.update_one(
            {"_id": held.target + HANDSHAKE}, [*_woken(held.target, held.queue), again], upsert=True
        )

    async def ensure_handshake(self, held: Subscription) -> None:
        """Make sure that a handshake is on its way, without disturbing one that is."""
        await self._lanes.update_one(
            {"_id": held.target + HANDSHAKE}, _woken(held.target, held.queue), upsert=True
        )

    async def ensure_heartbeat(self, held: Subscription) -> None:
        """Make sure that heartbeats are on their way, without disturbing those that are."""
        await self._lanes.update_one(
            {"_id": held.target + HEARTBEAT}, _woken(held.target, held.queue, again=False), upsert=True
        )

    async def due_queues(self) -> list[str]:
        """Name the queues with a lane that is due now, from the index alone: one key for each queue."""
        found = self._lanes.aggregate(
            [
                {"$sort": {"queue": 1, "due": 1}},
                {"$group": {"_id": "$queue", "due": {"$first": "$due"}}},
                {"$match": DUE},
            ]
        )
        return [document["_id"] for document in await found.to_list(None)]

    async def claim(self, queue: str, most: int = 1) -> list[Lane]:
        """Take the lanes of the queue that have been due longest, for the time of a lease."""
        holder = uuid.uuid4().hex
        taken = [{"$set": {"due": {"$add": ["$$NOW", self._lease]}, "holder": holder}}]
        if most == 1:
            found = await self._lanes.find_one_and_update(
                {"queue": queue, **DUE}, taken, sort=[("due", 1)], return_document=ReturnDocument.AFTER
            )
            return [_lane(found)] if found else []
        due = self._lanes.aggregate(first_due(queue, most))
        wanted = [document["_id"] for document in await due.to_list(None)]
        if not wanted:
            return []
        await self._lanes.update_many(
            {"_id": {"$in": wanted}, **DUE}, taken
        )  # others may be quicker with some
        mine = self._lanes.find({"_id": {"$in": wanted}, "holder": holder})
        return [_lane(document) for document in await mine.to_list(None)]

    async def renew(self, held: Collection[Lane]) -> None:
        """Begin the leases of these lanes anew; one that somebody else has taken stays theirs."""
        if held:
            mine = {
                "_id": {"$in": [lane.id for lane in held]},
                "holder": {"$in": [lane.holder for lane in held]},
            }
            await self._lanes.update_many(mine, [{"$set": {"due": {"$add": ["$$NOW", self._lease]}}}])

    async def release(self, lane: Lane, seconds: float, waits: int) -> None:
        """Give the lane back, due again in so many seconds."""
        due = {"$add": ["$$NOW", int(seconds * 1000)]}
        free = [{"$set": {"due": due, "waits": waits, "holder": None}}]
        await self._release(UpdateOne({"_id": lane.id, "holder": lane.holder}, free))

    async def _release_all(self, changes: Sequence[UpdateOne]) -> list[None]:
        await self._lanes.bulk_write(changes, ordered=False)
        return [None] * len(changes)

    async def finish(self, lane: Lane) -> Lane | None:
        """End a lane that was found empty; give it again if something was put into it meanwhile."""
        return await self._finish(lane)

    async def _finish_all(self, lanes: Sequence[Lane]) -> list[Lane | None]:
        """End several; what is still there under our name has something new in it."""
        ends = [DeleteOne({"_id": lane.id, "holder": lane.holder, "wake": lane.wake}) for lane in lanes]
        done = await self._lanes.bulk_write(ends, ordered=False)
        if done.deleted_count == len(lanes):
            return [None] * len(lanes)
        found = await self._lanes.find({"_id": {"$in": [lane.id for lane in lanes]}}).to_list(None)
        left = {(document["_id"], document.get("holder")): document for document in found}
        return [_lane(left[key]) if (key := (lane.id, lane.holder)) in left else None for lane in lanes]


def first_due(queue: str, most: int) -> list[dict[str, Any]]:
    """Find the lanes of a queue that have been due longest, in the index alone; `due` is looked at afterwards."""
    return [
        {"$match": {"queue": queue}},
        {"$sort": {"due": 1}},
        {"$limit": most},
        {"$project": {"_id": 1, "due": 1}},
        {"$match": DUE},
    ]


def _woken(target: str, queue: str, *, again: bool = True) -> list[dict[str, Any]]:
    """Mark a lane as having something new; when it is due, and who holds it, stays as it is.

    `wake` also tells the change stream which queue to look at; without `again` only a lane that is new tells it.
    """
    wake: Any = f"{queue} {uuid.uuid4().hex}"
    return [
        {
            "$set": {
                "target": target,
                "queue": queue,
                "wake": wake if again else {"$ifNull": ["$wake", wake]},
                "due": {"$ifNull": ["$due", "$$NOW"]},
                "waits": {"$ifNull": ["$waits", 0]},
            }
        }
    ]


def _lane(document: dict[str, Any]) -> Lane:
    return Lane(
        document["_id"],
        document["target"],
        document["queue"],
        document["holder"],
        document["wake"],
        document["waits"],
    )

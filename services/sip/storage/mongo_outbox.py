"""The outbox: versions whose events were not yet handed over, read in each person's order."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern

from services.sip.storage.connection import Database
from services.sip.storage.mongo_lease import MongoLease

LEASE_SECONDS: Final = 5.0
ROW: Final = {"key": 1, "version": 1, "at": 1, "seq": 1, "patient": 1, "events": 1}


class MongoOutbox:
    """Implements Outbox; `holder` names this process in the lease."""

    def __init__(self, db: Database, holder: str) -> None:
        """Take the database and a name that no other process has."""
        self._db, self._lease, self._holder = db, MongoLease(db, "relay"), holder

    async def lead(self) -> bool:
        """Take or keep the lease."""
        return await self._lease.take(self._holder, LEASE_SECONDS)

    async def stand_down(self) -> None:
        """Give the lease back."""
        await self._lease.give_back(self._holder)

    async def unsent(self, count: int) -> Sequence[Mapping[str, Any]]:
        """Give the oldest, seen at one moment: what was acknowledged before another stands before it."""
        records = self._db.records.with_options(read_concern=ReadConcern("snapshot"))
        found = records.find({"unsent": True}, ROW, hint="outbox").sort([("at", 1), ("seq", 1)]).limit(count)
        return await found.to_list(count)

    async def mark_sent(self, ids: Sequence[str]) -> None:
        """Take these out of the outbox."""
        if ids:
            await self._db.records.update_many(
                {"_id": {"$in": list(ids)}}, {"$unset": {"unsent": "", "refusals": ""}}
            )

    async def refused(self, version_id: str, reason: str, park_after: int) -> bool:
        """Count a refusal; a version refused too often is parked: out of the way, and never forgotten."""
        found = await self._db.records.find_one_and_update(
            {"_id": version_id}, {"$inc": {"refusals": 1}}, {"refusals": 1}, return_document=True
        )
        if not found or found["refusals"] < park_after:
            return False
        await self._db.records.update_one(
            {"_id": version_id}, {"$unset": {"unsent": ""}, "$set": {"parked": reason}}
        )
        return True

    async def changed(self, within: float) -> None:
        """Wake at the next insert with events; `within` seconds are the net beneath."""
        pipeline: list[dict[str, Any]] = [
            {"$match": {"operationType": "insert", "fullDocument.unsent": True}},
            {"$project": {"_id": 1}},
        ]
        with contextlib.suppress(TimeoutError, PyMongoError):
            async with asyncio.timeout(within):
                async with self._db.records.watch(pipeline, max_await_time_ms=1000) as stream:
                    # What came between the last look and the stream's start would be missed: look once more.
                    if await self._db.records.find_one({"unsent": True}, {"_id": 1}, hint="outbox"):
                        return
                    await stream.next()
                    return

    async def state(self) -> tuple[int, float, int]:
        """Give how many are unsent, the oldest one's age in seconds, and how many are parked."""
        oldest = await self._db.records.find_one({"unsent": True}, {"at": 1}, hint="outbox", sort=[("at", 1)])
        waiting = await self._db.records.count_documents({"unsent": True}, hint="outbox", limit=100_000)
        age = 0.0
        if oldest:
            [told] = await self._db.records.aggregate(
                [{"$match": {"_id": oldest["_id"]}}, {"$project": {"age": {"$subtract": ["$$NOW", "$at"]}}}]
            ).to_list(1) or [{"age": 0}]
            age = max(0.0, float(told["age"]) / 1000)
        parked = await self._db.records.count_documents({"parked": {"$exists": True}}, hint="parked")
        return waiting, age, parked
